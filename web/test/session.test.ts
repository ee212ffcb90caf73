// SPDX-License-Identifier: Apache-2.0
// Is the token taken once, kept for the tab, and gone from the address?

import assert from "node:assert/strict";
import test from "node:test";
import { forgetToken, takeToken, tokenIn } from "../dashboard/session.ts";

const TOKEN = "abcdefghij_KLMNOP-0123";

function tab(hash: string) {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  } as unknown as Storage;
  const location = { hash, pathname: "/" } as Location;
  const visited: string[] = [];
  const history = {
    replaceState: (_state: unknown, _title: string, url: string) => {
      visited.push(url);
      location.hash = "";
    },
  } as unknown as History;
  return { storage, location, history, visited };
}

test("a token is read from its fragment and from nothing else", () => {
  assert.equal(tokenIn(`#token=${TOKEN}`), TOKEN);
  for (const bad of ["", "#", "#parts", "#token=", "#token=short", `#token=${"x".repeat(129)}`, "#token=%0d%0aX: 1234567890123"]) {
    assert.equal(tokenIn(bad), null, bad);
  }
});

test("the address loses the token and the tab keeps it", () => {
  const { storage, location, history, visited } = tab(`#token=${TOKEN}`);
  assert.equal(takeToken(location, history, storage), TOKEN);
  assert.deepEqual(visited, ["/"]);
  assert.equal(takeToken(location, history, storage), TOKEN);
  assert.deepEqual(visited, ["/"]);
});

test("a newer link replaces the token, a bad one does not", () => {
  const { storage, location, history } = tab(`#token=${TOKEN}`);
  takeToken(location, history, storage);
  location.hash = "#token=!";
  assert.equal(takeToken(location, history, storage), TOKEN);
  location.hash = `#token=${TOKEN}2`;
  assert.equal(takeToken(location, history, storage), `${TOKEN}2`);
});

test("a forgotten token is gone", () => {
  const { storage, location, history } = tab(`#token=${TOKEN}`);
  takeToken(location, history, storage);
  forgetToken(storage);
  assert.equal(takeToken(location, history, storage), null);
});
