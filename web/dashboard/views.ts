// SPDX-License-Identifier: Apache-2.0
// What does each part of the dashboard show?

import { el, facts, identifier, table } from "./dom.ts";
import type { Me, Resource, State } from "./state.ts";
import * as words from "./words.ts";

/** One titled part of the page. */
export interface Part {
  id: string;
  title: string;
  content: (state: State) => HTMLElement;
}

/** The parts in reading order. */
export const PARTS: readonly Part[] = [
  { id: "me", title: "You", content: (state) => me(state.me) },
  { id: "approvals", title: "Waiting for you", content: approvals },
  { id: "key", title: "Your key", content: (state) => key(state) },
  { id: "vouches", title: "Who vouches for you", content: vouches },
  { id: "store", title: "Store", content: store },
  { id: "resources", title: "Resources", content: resources },
  { id: "members", title: "Members", content: members },
];

const nothing = (text: string): HTMLElement => el("p", { class: "quiet" }, text);

const badge = (text: string, tone: string): HTMLElement => el("span", { class: `badge ${tone}` }, text);

const TONES: Record<string, string> = { member: "good", candidate: "wait", public: "wait", removed: "bad", frozen: "bad", lapsed: "bad" };

const toned = (value: string, text: string): HTMLElement => badge(text, TONES[value] ?? "plain");

function me(my: Me): HTMLElement {
  return facts(
    ["Standing", toned(my.standing, words.standing(my.standing))],
    ["Address", identifier(my.address, words.short(my.address), "your address")],
    ["Member number", my.member_id === null ? "none yet" : String(my.member_id)],
  );
}

function vouches({ me, members, chain }: State): HTMLElement {
  const renewals = words.renewalsInWords(me, chain);
  const own = renewals === "" ? null : el("p", {}, renewals);
  const summary = el("div", {}, el("p", {}, words.vouchesInWords(me, chain)), own);
  if (me.received_vouches.length === 0) {
    return el("div", {}, summary, nothing("Send your address to members who know you, and ask them to vouch for you."));
  }
  const addresses = new Map(members.map((member) => [member.id, member.address]));
  const rows = me.received_vouches.map(({ issuer, expires }) => {
    const address = addresses.get(issuer);
    const who = address === undefined ? "—" : identifier(address, words.short(address), `the address of member ${issuer}`);
    return [String(issuer), who, words.until(expires, chain)];
  });
  return el("div", {}, summary, table("Members who vouch for you", ["Member", "Address", "Ends"], rows));
}

function key({ me }: State): HTMLElement {
  const who = me.guardians.length === 0 ? "nobody" : `members ${me.guardians.join(", ")}`;
  const frozen = me.frozen_since === null ? "no" : `since block ${me.frozen_since.toLocaleString("en")}: ask your guardians`;
  const moved = me.motions.map(({ id, aim, progress }) => el("li", {}, `Motion ${id}, to ${aim}: ${progress}.`));
  return el(
    "div",
    {},
    facts(["Guardians", who], ["Decide together", String(me.guardians_needed)], ["Frozen", frozen]),
    moved.length === 0 ? nothing("Nothing is moved about it.") : el("ul", {}, ...moved),
  );
}

function members({ members, me }: State): HTMLElement {
  if (members.length === 0) return nothing("Nobody yet.");
  const rows = members.map((member) => [
    member.id === me.member_id ? el("strong", {}, `${member.id} (you)`) : String(member.id),
    identifier(member.address, words.short(member.address), `the address of member ${member.id}`),
    toned(member.standing, words.standing(member.standing)),
    String(member.vouches),
  ]);
  return table("Members of this community", ["Member", "Address", "Standing", "Vouches"], rows);
}

function resources({ resources, chain }: State): HTMLElement {
  if (resources.length === 0) return nothing("Nothing published yet.");
  const rows = resources.map((resource) => [
    opener(resource),
    `${words.kind(resource.kind)}${resource.mine ? ", yours" : ""}`,
    toned(resource.visibility, words.visibility(resource.visibility)),
    resource.version === 0 ? "—" : String(resource.version),
    words.until(resource.lease_until, chain),
  ]);
  return table("Resources of this community", ["Name", "Kind", "Who may read", "Version", "Lease ends"], rows);
}

/** A link to what can be opened in a browser by name. */
function opener({ id, name, kind, version }: Resource): HTMLElement | string {
  if (name === null) return `number ${id}`;
  if (version === 0 || (kind !== "site" && kind !== "file")) return name;
  const port = location.port === "" ? "" : `:${location.port}`;
  return el("a", { href: `http://${encodeURIComponent(name)}.kith.localhost${port}/`, rel: "noreferrer" }, name);
}

function store({ store }: State): HTMLElement {
  const used = `${words.bytes(store.bytes)} of ${words.bytes(store.budget)}`;
  const meter = el("meter", { min: 0, max: 100, high: 90, value: words.fullness(store.bytes, store.budget), "aria-label": `Space used: ${used}` });
  return facts(
    ["Space", el("span", { class: "meter" }, meter, used)],
    ["Holds", words.counted(store.blocks, "block")],
    ["Connected to", words.counted(store.peers, "member device")],
    ["This device", identifier(store.peer_id, words.short(store.peer_id), "this device's identity")],
  );
}

function approvals({ approvals }: State): HTMLElement {
  if (approvals.length === 0) return nothing("Nothing.");
  const items = approvals.map(({ id, origin, summary, answer }) =>
    el(
      "li",
      {},
      el("strong", {}, origin),
      el("span", {}, summary),
      el("button", { type: "button", class: "answer", "data-approval": id }, answer),
    ),
  );
  return el("ul", { class: "approvals" }, ...items);
}
