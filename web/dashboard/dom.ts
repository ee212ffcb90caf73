// SPDX-License-Identifier: Apache-2.0
// How is an element made? Text is always set as text, so nothing a member wrote can become markup.

type Child = Node | string | null;
type Attributes = Record<string, string | number | boolean>;

/** Makes an element with attributes and children; an attribute that is `false` is left out. */
export function el(tag: string, attributes: Attributes = {}, ...children: Child[]): HTMLElement {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child): child is Node | string => child !== null));
  return element;
}

/** An identifier cut to fit, with a button that copies all of it. */
export function identifier(full: string, shown: string, what: string): HTMLElement {
  const copy = el("button", { type: "button", class: "copy", "aria-label": `Copy ${what}` }, "Copy");
  copy.addEventListener("click", () => {
    navigator.clipboard.writeText(full).then(
      () => say(copy, "Copied"),
      () => say(copy, "Not allowed"),
    );
  });
  return el("span", { class: "identifier" }, el("code", { title: full }, shown), copy);
}

const SAID_MS = 1500;

function say(button: HTMLElement, word: string): void {
  button.textContent = word;
  setTimeout(() => (button.textContent = "Copy"), SAID_MS);
}

/** A table that keeps its meaning on a narrow screen: each cell carries its column's title. */
export function table(caption: string, columns: string[], rows: Child[][]): HTMLElement {
  const head = el("tr", {}, ...columns.map((title) => el("th", { scope: "col" }, title)));
  const body = rows.map((cells) =>
    el("tr", {}, ...cells.map((cell, n) => el("td", { "data-title": columns[n] ?? "" }, cell))),
  );
  return el(
    "table",
    {},
    el("caption", { class: "unseen" }, caption),
    el("thead", {}, head),
    el("tbody", {}, ...body),
  );
}

/** Pairs of a title and what it is. */
export function facts(...pairs: [title: string, value: Child][]): HTMLElement {
  return el("dl", {}, ...pairs.map(([title, value]) => el("div", {}, el("dt", {}, title), el("dd", {}, value))));
}
