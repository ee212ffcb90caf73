// SPDX-License-Identifier: Apache-2.0
// Does the built script offer one frozen object that a page cannot bend, and nothing else?

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { createContext, runInContext } from "node:vm";
import { frozenInfo, resourceOf } from "../script/info.ts";

const SCRIPT = readFileSync("dist/script.js", "utf8");
const ANSWER = { name: "garden", resource: 7, version: 3, visibility: "private" };

/** A realm with the few parts of a browser that the script touches. `body` is what the companion answers. */
function page(hostname: string, body = JSON.stringify(ANSWER), ok = true) {
  const seen = { removed: 0, marks: [] as string[], asked: [] as unknown[] };
  const context = createContext({ seen });
  runInContext(
    `globalThis.window = globalThis;
     globalThis.top = globalThis;
     globalThis.location = { hostname: ${JSON.stringify(hostname)} };
     globalThis.document = { currentScript: { remove() { seen.removed += 1; } } };
     globalThis.performance = { mark(name) { seen.marks.push(name); } };
     globalThis.Response = class Response { get ok() { return ${ok}; } async text() { return ${JSON.stringify(body)}; } };
     globalThis.fetch = async function (url, options) { seen.asked.push([url, options.credentials]); return new Response(); };`,
    context,
  );
  return { seen, run: (code: string): unknown => runInContext(code, context) };
}

test("one frozen global, a mark, and no element left", () => {
  const { seen, run } = page("garden.kith.localhost");
  const before = run("Object.getOwnPropertyNames(globalThis)") as string[];
  run(SCRIPT);
  const after = run("Object.getOwnPropertyNames(globalThis)") as string[];
  assert.deepEqual([...after].filter((name) => !before.includes(name)), ["kith"]);
  assert.equal(seen.removed, 1);
  assert.deepEqual(seen.marks, ["kith"]);
  assert.equal(run("Object.isFrozen(kith) && Object.isFrozen(kith.info)"), true);
  assert.equal(run("kith.version + ' ' + kith.resource + ' ' + Object.keys(kith)"), "1 garden version,resource,info");
  assert.throws(() => run("'use strict'; kith = 1"));
  assert.throws(() => run("'use strict'; Object.defineProperty(window, 'kith', { value: 1 })"));
});

test("a page that replaces everything afterwards changes no answer", async () => {
  const { seen, run } = page("garden.kith.localhost");
  run(SCRIPT);
  run(`const evil = () => { throw new Error("the page's own"); };
       fetch = evil; JSON.parse = evil; Response.prototype.text = evil; Reflect.apply = evil; Object.freeze = evil;
       Object.defineProperty(Response.prototype, "ok", { get: evil });
       Function.prototype.call = Function.prototype.apply = Function.prototype.bind = evil;
       Promise.prototype.then = evil;`);
  // The realm's \`then\` is broken for this test as well, so the answer is taken with \`await\` inside the realm.
  const box = {} as { value?: unknown; error?: unknown };
  (run("(box) => { (async () => { try { box.value = await kith.info(); } catch (e) { box.error = e; } })(); }") as (b: object) => void)(box);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(box.error, undefined);
  assert.equal(JSON.stringify(box.value), JSON.stringify(ANSWER));
  assert.deepEqual(JSON.parse(JSON.stringify(seen.asked)), [["/.well-known/kith/info", "omit"]]);
});

test("an answer that is refused or not understood rejects", async () => {
  for (const [body, ok] of [[JSON.stringify(ANSWER), false], ["{}", true], ["null", true], ["not json", true]] as const) {
    const { run } = page("garden.kith.localhost", body, ok);
    run(SCRIPT);
    await assert.rejects(run("kith.info()") as Promise<unknown>);
  }
});

test("a frame and a foreign host get nothing", () => {
  const framed = page("garden.kith.localhost");
  framed.run("globalThis.top = {}");
  framed.run(SCRIPT);
  assert.equal(framed.run("typeof kith"), "undefined");
  const foreign = page("example.org");
  foreign.run(SCRIPT);
  assert.equal(foreign.run("typeof kith"), "undefined");
});

test("a name is the one label before the suffix", () => {
  assert.equal(resourceOf("garden.kith.localhost"), "garden");
  for (const host of ["kith.localhost", ".kith.localhost", "a.b.kith.localhost", "garden.kith.localhost.evil", "localhost"]) {
    assert.equal(resourceOf(host), null, host);
  }
});

test("an answer is copied, frozen and complete", () => {
  const info = frozenInfo({ ...ANSWER, more: 1 });
  assert.deepEqual(info, ANSWER);
  assert.ok(Object.isFrozen(info));
  for (const key of Object.keys(ANSWER)) assert.throws(() => frozenInfo({ ...ANSWER, [key]: undefined }));
});
