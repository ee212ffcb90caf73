// SPDX-License-Identifier: Apache-2.0
// How does the dashboard come to show the companion's state, and keep showing it?

import { decodeState } from "./decode.ts";
import { el } from "./dom.ts";
import { forgetToken, takeToken } from "./session.ts";
import type { State } from "./state.ts";
import { PARTS } from "./views.ts";
import { counted } from "./words.ts";

const STATE_URL = "/api/v1/state";
const APPROVALS_URL = "/api/v1/approvals/";
/** How often the state is read while the page is seen. */
const EVERY_MS = 4_000;

const NO_TOKEN = "This page needs the link that your companion prints when it starts: it carries a key for this browser tab.";
const OLD_TOKEN = "Your companion does not know this tab's key any more. Open the link it printed when it last started.";

class NotAllowed extends Error {}

const find = (id: string): HTMLElement => {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page has no element ${id}`);
  return element;
};

let token = takeToken(location, history, sessionStorage);

async function readState(bearer: string): Promise<State> {
  const answer = await fetch(STATE_URL, {
    cache: "no-store",
    credentials: "omit",
    redirect: "error",
    headers: { Authorization: `Bearer ${bearer}` },
  });
  if (answer.status === 401) throw new NotAllowed(OLD_TOKEN);
  if (!answer.ok) throw new Error(`The companion answered with an error (${answer.status}).`);
  return decodeState(await answer.json());
}

/** Does what a button of "Waiting for you" says, once; the next state shows what came of it. */
async function decide(button: HTMLButtonElement, id: string): Promise<void> {
  if (token === null) return notice(NO_TOKEN);
  button.disabled = true;
  try {
    const answer = await fetch(APPROVALS_URL + encodeURIComponent(id), {
      method: "POST",
      credentials: "omit",
      redirect: "error",
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
      body: "{}",
    });
    if (!answer.ok) notice(answer.status === 409 ? await answer.text() : `The companion answered with an error (${answer.status}).`);
    else await refresh();
  } catch {
    notice("Your companion does not answer. Is it running?");
  } finally {
    button.disabled = false;
  }
}

async function refresh(): Promise<void> {
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
    notice(error instanceof TypeError ? "Your companion does not answer. Is it running?" : (error as Error).message);
  }
}

/** One line at the top of the page, read out to those who listen; none when empty. */
function notice(text: string): void {
  const line = find("notice");
  if (line.textContent !== text) line.textContent = text;
  line.hidden = text === "";
}

function show(state: State): void {
  const { community, chain } = state;
  document.title = `${community.name} · Kith`;
  find("community").textContent = community.name;
  find("community").title = `Genesis ${community.genesis}`;
  const health = find("chain");
  health.className = chain.stale ? "badge bad" : "badge good";
  health.textContent = chain.stale
    ? `Out of touch since block ${chain.finalized.toLocaleString("en")}`
    : `Finalised block ${chain.finalized.toLocaleString("en")}`;
  for (const part of PARTS) replaceContent(part.id, part.content(state));
  find("waiting").textContent = state.approvals.length === 0 ? "" : counted(state.approvals.length, "approval") + " waiting";
}

/** Puts new content in a part and gives the focus back to what had it; leaves alone what is the same. */
function replaceContent(id: string, content: HTMLElement): void {
  const place = find(`${id}-content`);
  if (place.innerHTML === content.outerHTML) return;
  const focusable = "a, button";
  const before = [...place.querySelectorAll<HTMLElement>(focusable)].indexOf(document.activeElement as HTMLElement);
  place.replaceChildren(content);
  if (before >= 0) place.querySelectorAll<HTMLElement>(focusable)[before]?.focus();
}

function clear(): void {
  document.title = "Kith";
  find("community").textContent = "Kith";
  find("chain").textContent = "";
  find("chain").className = "";
  find("waiting").textContent = "";
  for (const { id } of PARTS) find(`${id}-content`).replaceChildren();
}

function frame(): void {
  const parts = PARTS.map(({ id, title }) =>
    el(
      "section",
      { id, "aria-labelledby": `${id}-title` },
      el("h2", { id: `${id}-title` }, title),
      el("div", { id: `${id}-content` }),
    ),
  );
  find("parts").replaceChildren(...parts);
}

async function keepShowing(): Promise<void> {
  if (document.visibilityState === "visible") await refresh();
  setTimeout(() => void keepShowing(), EVERY_MS);
}

frame();
document.addEventListener("click", ({ target }) => {
  if (!(target instanceof HTMLButtonElement)) return;
  const id = target.dataset["approval"];
  if (id !== undefined) void decide(target, id);
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") void refresh();
});
// A link with a new key, opened in a tab that is already here, changes only the fragment.
addEventListener("hashchange", () => {
  token = takeToken(location, history, sessionStorage);
  void refresh();
});
void keepShowing();
