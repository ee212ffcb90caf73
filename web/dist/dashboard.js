"use strict";
(() => {
  // dashboard/decode.ts
  function decodeState(value) {
    return state(value, "state");
  }
  var fail = (where, wanted) => {
    throw new Error(`${where} is not ${wanted}`);
  };
  var text = (value, where) => typeof value === "string" ? value : fail(where, "a text");
  var flag = (value, where) => typeof value === "boolean" ? value : fail(where, "true or false");
  var whole = (value, where) => typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : fail(where, "a whole number");
  var orNull = (inner) => (value, where) => value === null ? null : inner(value, where);
  var oneOf = (...known) => (value, where) => known.find((one) => one === value) ?? fail(where, `one of ${known.join(", ")}`);
  var listOf = (inner) => (value, where) => Array.isArray(value) ? value.map((item, n) => inner(item, `${where}[${n}]`)) : fail(where, "a list");
  var record = (fields) => (value, where) => {
    if (typeof value !== "object" || value === null) return fail(where, "an object");
    const entries = Object.entries(fields);
    const source = value;
    return Object.fromEntries(entries.map(([key2, inner]) => [key2, inner(source[key2], `${where}.${key2}`)]));
  };
  var standing = oneOf("stranger", "candidate", "member", "lapsed", "removed", "frozen");
  var kind = oneOf("file", "site", "script", "stream", "service");
  var visibility = oneOf("private", "members", "public");
  var state = record({
    community: record({ name: text, genesis: text }),
    chain: record({ finalized: whole, stale: flag, block_ms: whole }),
    me: record({
      address: text,
      member_id: orNull(whole),
      standing,
      received_vouches: listOf(record({ issuer: whole, expires: whole })),
      vouches_to_renew: listOf(record({ subject: whole, expires: whole })),
      threshold: whole,
      guardians: listOf(whole),
      guardians_needed: whole,
      lapses_at: orNull(whole),
      frozen_since: orNull(whole),
      motions: listOf(record({ id: whole, aim: text, progress: text, vetoable: flag }))
    }),
    members: listOf(record({ id: whole, address: text, standing, vouches: whole })),
    resources: listOf(
      record({
        id: whole,
        name: orNull(text),
        kind,
        visibility,
        version: whole,
        lease_until: whole,
        mine: flag
      })
    ),
    store: record({ peer_id: text, peers: whole, blocks: whole, bytes: whole, budget: whole }),
    approvals: listOf(record({ id: text, origin: text, summary: text, answer: text }))
  });

  // dashboard/dom.ts
  function el(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== false) element.setAttribute(name, value === true ? "" : String(value));
    }
    element.append(...children.filter((child) => child !== null));
    return element;
  }
  function identifier(full, shown, what) {
    const copy = el("button", { type: "button", class: "copy", "aria-label": `Copy ${what}` }, "Copy");
    copy.addEventListener("click", () => {
      navigator.clipboard.writeText(full).then(
        () => say(copy, "Copied"),
        () => say(copy, "Not allowed")
      );
    });
    return el("span", { class: "identifier" }, el("code", { title: full }, shown), copy);
  }
  var SAID_MS = 1500;
  function say(button, word) {
    button.textContent = word;
    setTimeout(() => button.textContent = "Copy", SAID_MS);
  }
  function table(caption, columns, rows) {
    const head = el("tr", {}, ...columns.map((title) => el("th", { scope: "col" }, title)));
    const body = rows.map(
      (cells) => el("tr", {}, ...cells.map((cell, n) => el("td", { "data-title": columns[n] ?? "" }, cell)))
    );
    return el(
      "table",
      {},
      el("caption", { class: "unseen" }, caption),
      el("thead", {}, head),
      el("tbody", {}, ...body)
    );
  }
  function facts(...pairs) {
    return el("dl", {}, ...pairs.map(([title, value]) => el("div", {}, el("dt", {}, title), el("dd", {}, value))));
  }

  // dashboard/session.ts
  var KEY = "kith-token";
  var TOKEN = /^[A-Za-z0-9_-]{16,128}$/;
  function tokenIn(fragment) {
    const token2 = new URLSearchParams(fragment.replace(/^#/, "")).get("token");
    return token2 !== null && TOKEN.test(token2) ? token2 : null;
  }
  function takeToken(location2, history2, storage) {
    const fresh = tokenIn(location2.hash);
    if (location2.hash !== "") history2.replaceState(null, "", location2.pathname);
    if (fresh !== null) storage.setItem(KEY, fresh);
    return fresh ?? storage.getItem(KEY);
  }
  function forgetToken(storage) {
    storage.removeItem(KEY);
  }

  // dashboard/words.ts
  var UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
  function bytes(count) {
    let unit = 0;
    let value = count;
    while (value >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit += 1;
    }
    return unit === 0 ? `${count} B` : `${value.toFixed(1)} ${UNITS[unit]}`;
  }
  function counted(count, one, many = `${one}s`) {
    return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
  }
  var SPANS = [
    [365 * 86400, "year"],
    [30 * 86400, "month"],
    [86400, "day"],
    [3600, "hour"],
    [60, "minute"]
  ];
  function span(ms) {
    const seconds = ms / 1e3;
    for (const [length, name] of SPANS) {
      if (seconds >= length) return counted(Math.floor(seconds / length), name);
    }
    return "under a minute";
  }
  function until(block, chain) {
    const left = (block - chain.finalized) * chain.block_ms;
    return left > 0 ? `in ${span(left)}` : `ended ${span(-left)} ago`;
  }
  function short(id) {
    return id.length <= 16 ? id : `${id.slice(0, 8)}…${id.slice(-6)}`;
  }
  var STANDINGS = {
    stranger: "not known here yet",
    candidate: "candidate",
    member: "member",
    lapsed: "lapsed",
    removed: "removed",
    frozen: "key frozen"
  };
  var standing2 = (value) => STANDINGS[value];
  var VISIBILITIES = {
    private: "private",
    members: "all members",
    public: "public"
  };
  var visibility2 = (value) => VISIBILITIES[value];
  var kind2 = (value) => value;
  function vouchesInWords(me2, chain) {
    const lapses = me2.lapses_at === null ? "" : ` It lapses ${until(me2.lapses_at, chain)}.`;
    const live = me2.received_vouches.length;
    const missing = Math.max(0, me2.threshold - live);
    const have = `${counted(live, "vouch", "vouches")} of the ${me2.threshold} needed`;
    if (me2.standing === "member") {
      const advice = missing === 0 ? `${have}.` : `${have}: ask for ${missing} more before your membership lapses.`;
      const wait = missing === 0 && lapses !== "" ? " Your membership needs vouches nearer to the others." : "";
      return `${advice}${wait}${lapses}`;
    }
    return missing === 0 ? `${have}.` : `${have}: ${missing} to go.`;
  }
  function renewalsInWords(me2, chain) {
    const ends = me2.vouches_to_renew.map(({ subject, expires }) => `that for person ${subject} ends ${until(expires, chain)}`);
    return ends.length === 0 ? "" : `Of the vouches you gave, ${ends.join("; ")}. Renew those you still stand by, above.`;
  }
  function fullness(used, budget) {
    return budget === 0 ? 0 : Math.min(100, Math.round(used / budget * 100));
  }

  // dashboard/views.ts
  var PARTS = [
    { id: "me", title: "You", content: (state2) => me(state2.me) },
    { id: "approvals", title: "Waiting for you", content: approvals },
    { id: "key", title: "Your key", content: (state2) => key(state2) },
    { id: "vouches", title: "Who vouches for you", content: vouches },
    { id: "store", title: "Store", content: store },
    { id: "resources", title: "Resources", content: resources },
    { id: "members", title: "Members", content: members }
  ];
  var nothing = (text2) => el("p", { class: "quiet" }, text2);
  var badge = (text2, tone) => el("span", { class: `badge ${tone}` }, text2);
  var TONES = { member: "good", candidate: "wait", public: "wait", removed: "bad", frozen: "bad", lapsed: "bad" };
  var toned = (value, text2) => badge(text2, TONES[value] ?? "plain");
  function me(my) {
    return facts(
      ["Standing", toned(my.standing, standing2(my.standing))],
      ["Address", identifier(my.address, short(my.address), "your address")],
      ["Member number", my.member_id === null ? "none yet" : String(my.member_id)]
    );
  }
  function vouches({ me: me2, members: members2, chain }) {
    const renewals = renewalsInWords(me2, chain);
    const own = renewals === "" ? null : el("p", {}, renewals);
    const summary = el("div", {}, el("p", {}, vouchesInWords(me2, chain)), own);
    if (me2.received_vouches.length === 0) {
      return el("div", {}, summary, nothing("Send your address to members who know you, and ask them to vouch for you."));
    }
    const addresses = new Map(members2.map((member) => [member.id, member.address]));
    const rows = me2.received_vouches.map(({ issuer, expires }) => {
      const address = addresses.get(issuer);
      const who = address === void 0 ? "—" : identifier(address, short(address), `the address of member ${issuer}`);
      return [String(issuer), who, until(expires, chain)];
    });
    return el("div", {}, summary, table("Members who vouch for you", ["Member", "Address", "Ends"], rows));
  }
  function key({ me: me2 }) {
    const who = me2.guardians.length === 0 ? "nobody" : `members ${me2.guardians.join(", ")}`;
    const frozen = me2.frozen_since === null ? "no" : `since block ${me2.frozen_since.toLocaleString("en")}: ask your guardians`;
    const moved = me2.motions.map(({ id, aim, progress }) => el("li", {}, `Motion ${id}, to ${aim}: ${progress}.`));
    return el(
      "div",
      {},
      facts(["Guardians", who], ["Decide together", String(me2.guardians_needed)], ["Frozen", frozen]),
      moved.length === 0 ? nothing("Nothing is moved about it.") : el("ul", {}, ...moved)
    );
  }
  function members({ members: members2, me: me2 }) {
    if (members2.length === 0) return nothing("Nobody yet.");
    const rows = members2.map((member) => [
      member.id === me2.member_id ? el("strong", {}, `${member.id} (you)`) : String(member.id),
      identifier(member.address, short(member.address), `the address of member ${member.id}`),
      toned(member.standing, standing2(member.standing)),
      String(member.vouches)
    ]);
    return table("Members of this community", ["Member", "Address", "Standing", "Vouches"], rows);
  }
  function resources({ resources: resources2, chain }) {
    if (resources2.length === 0) return nothing("Nothing published yet.");
    const rows = resources2.map((resource) => [
      opener(resource),
      `${kind2(resource.kind)}${resource.mine ? ", yours" : ""}`,
      toned(resource.visibility, visibility2(resource.visibility)),
      resource.version === 0 ? "—" : String(resource.version),
      until(resource.lease_until, chain)
    ]);
    return table("Resources of this community", ["Name", "Kind", "Who may read", "Version", "Lease ends"], rows);
  }
  function opener({ id, name, kind: kind3, version }) {
    if (name === null) return `number ${id}`;
    if (version === 0 || kind3 !== "site" && kind3 !== "file") return name;
    const port = location.port === "" ? "" : `:${location.port}`;
    return el("a", { href: `http://${encodeURIComponent(name)}.kith.localhost${port}/`, rel: "noreferrer" }, name);
  }
  function store({ store: store2 }) {
    const used = `${bytes(store2.bytes)} of ${bytes(store2.budget)}`;
    const meter = el("meter", { min: 0, max: 100, high: 90, value: fullness(store2.bytes, store2.budget), "aria-label": `Space used: ${used}` });
    return facts(
      ["Space", el("span", { class: "meter" }, meter, used)],
      ["Holds", counted(store2.blocks, "block")],
      ["Connected to", counted(store2.peers, "member device")],
      ["This device", identifier(store2.peer_id, short(store2.peer_id), "this device's identity")]
    );
  }
  function approvals({ approvals: approvals2 }) {
    if (approvals2.length === 0) return nothing("Nothing.");
    const items = approvals2.map(
      ({ id, origin, summary, answer }) => el(
        "li",
        {},
        el("strong", {}, origin),
        el("span", {}, summary),
        el("button", { type: "button", class: "answer", "data-approval": id }, answer)
      )
    );
    return el("ul", { class: "approvals" }, ...items);
  }

  // dashboard/main.ts
  var STATE_URL = "/api/v1/state";
  var APPROVALS_URL = "/api/v1/approvals/";
  var EVERY_MS = 4e3;
  var NO_TOKEN = "This page needs the link that your companion prints when it starts: it carries a key for this browser tab.";
  var OLD_TOKEN = "Your companion does not know this tab's key any more. Open the link it printed when it last started.";
  var NotAllowed = class extends Error {
  };
  var find = (id) => {
    const element = document.getElementById(id);
    if (element === null) throw new Error(`the page has no element ${id}`);
    return element;
  };
  var token = takeToken(location, history, sessionStorage);
  async function readState(bearer) {
    const answer = await fetch(STATE_URL, {
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      headers: { Authorization: `Bearer ${bearer}` }
    });
    if (answer.status === 401) throw new NotAllowed(OLD_TOKEN);
    if (!answer.ok) throw new Error(`The companion answered with an error (${answer.status}).`);
    return decodeState(await answer.json());
  }
  async function decide(button, id) {
    if (token === null) return notice(NO_TOKEN);
    button.disabled = true;
    try {
      const answer = await fetch(APPROVALS_URL + encodeURIComponent(id), {
        method: "POST",
        credentials: "omit",
        redirect: "error",
        headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
        body: "{}"
      });
      if (!answer.ok) notice(answer.status === 409 ? await answer.text() : `The companion answered with an error (${answer.status}).`);
      else await refresh();
    } catch {
      notice("Your companion does not answer. Is it running?");
    } finally {
      button.disabled = false;
    }
  }
  async function refresh() {
    if (token === null) return notice(NO_TOKEN);
    try {
      show(await readState(token));
      notice("");
    } catch (error) {
      if (error instanceof NotAllowed) {
        token = null;
        forgetToken(sessionStorage);
        clear();
      }
      notice(error instanceof TypeError ? "Your companion does not answer. Is it running?" : error.message);
    }
  }
  function notice(text2) {
    const line = find("notice");
    if (line.textContent !== text2) line.textContent = text2;
    line.hidden = text2 === "";
  }
  function show(state2) {
    const { community, chain } = state2;
    document.title = `${community.name} · Kith`;
    find("community").textContent = community.name;
    find("community").title = `Genesis ${community.genesis}`;
    const health = find("chain");
    health.className = chain.stale ? "badge bad" : "badge good";
    health.textContent = chain.stale ? `Out of touch since block ${chain.finalized.toLocaleString("en")}` : `Finalised block ${chain.finalized.toLocaleString("en")}`;
    for (const part of PARTS) replaceContent(part.id, part.content(state2));
    find("waiting").textContent = state2.approvals.length === 0 ? "" : counted(state2.approvals.length, "approval") + " waiting";
  }
  function replaceContent(id, content) {
    const place = find(`${id}-content`);
    if (place.innerHTML === content.outerHTML) return;
    const focusable = "a, button";
    const before = [...place.querySelectorAll(focusable)].indexOf(document.activeElement);
    place.replaceChildren(content);
    if (before >= 0) place.querySelectorAll(focusable)[before]?.focus();
  }
  function clear() {
    document.title = "Kith";
    find("community").textContent = "Kith";
    find("chain").textContent = "";
    find("chain").className = "";
    find("waiting").textContent = "";
    for (const { id } of PARTS) find(`${id}-content`).replaceChildren();
  }
  function frame() {
    const parts = PARTS.map(
      ({ id, title }) => el(
        "section",
        { id, "aria-labelledby": `${id}-title` },
        el("h2", { id: `${id}-title` }, title),
        el("div", { id: `${id}-content` })
      )
    );
    find("parts").replaceChildren(...parts);
  }
  async function keepShowing() {
    if (document.visibilityState === "visible") await refresh();
    setTimeout(() => void keepShowing(), EVERY_MS);
  }
  frame();
  document.addEventListener("click", ({ target }) => {
    if (!(target instanceof HTMLButtonElement)) return;
    const id = target.dataset["approval"];
    if (id !== void 0) void decide(target, id);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void refresh();
  });
  addEventListener("hashchange", () => {
    token = takeToken(location, history, sessionStorage);
    void refresh();
  });
  void keepShowing();
})();
