// SPDX-License-Identifier: Apache-2.0
// The trusted script: what is the first thing every page opened through the companion runs?
//
// It runs in the page's realm and the page may change everything after it, so it holds no secret and no authority: the
// companion decides by the origin a request comes from. What it needs later it takes now, before the page can replace it.

import { frozenInfo, resourceOf, type Info } from "./info.ts";

interface Kith {
  /** The version of this interface. */
  readonly version: 1;
  /** The name this page was opened by. */
  readonly resource: string;
  /** What the chain says about this resource, as the companion last opened it. Rejects if it can no longer be opened. */
  readonly info: () => Promise<Info>;
}

const INFO_PATH = "/.well-known/kith/info";

function offer(): void {
  const resource = resourceOf(location.hostname);
  // A frame gets nothing: what it asks would look as if the page around it had asked.
  if (resource === null || window.top !== window) return;

  const { apply, defineProperty } = { apply: Reflect.apply, defineProperty: Object.defineProperty };
  const { fetch, Response, Error: PageError } = window;
  const { freeze } = Object;
  const parse = JSON.parse;
  const readText = Response.prototype.text;
  const isOk = Object.getOwnPropertyDescriptor(Response.prototype, "ok")?.get;
  if (isOk === undefined) return;

  const info = async (): Promise<Info> => {
    const options = { __proto__: null, cache: "no-store", credentials: "omit", redirect: "error" };
    const answer = await apply(fetch, window, [INFO_PATH, options]);
    const text = await apply(readText, answer, []);
    if (apply(isOk, answer, []) !== true) throw new PageError("kith: this resource cannot be opened any more");
    return frozenInfo(parse(text), freeze, PageError);
  };

  const kith: Kith = freeze({ __proto__: null, version: 1 as const, resource, info: freeze(info) });
  defineProperty(window, "kith", { value: kith, writable: false, configurable: false, enumerable: true });
}

document.currentScript?.remove();
// Lets anyone see in the page's timeline that this ran before any script of the page.
performance.mark("kith");
offer();
