// SPDX-License-Identifier: Apache-2.0
// Are figures said as a person would say them?

import assert from "node:assert/strict";
import test from "node:test";
import type { Me } from "../dashboard/state.ts";
import * as words from "../dashboard/words.ts";

const chain = { finalized: 1000, stale: false, block_ms: 6000 };
const perDay = 86_400_000 / chain.block_ms;

test("sizes take the largest unit that leaves at least one", () => {
  const cases: [number, string][] = [
    [0, "0 B"],
    [1023, "1023 B"],
    [1024, "1.0 KiB"],
    [1536, "1.5 KiB"],
    [2 ** 20, "1.0 MiB"],
    [5 * 2 ** 40, "5.0 TiB"],
    [Number.MAX_SAFE_INTEGER, "8.0 PiB"],
  ];
  for (const [count, said] of cases) assert.equal(words.bytes(count), said);
});

test("blocks become times in the community's own pace", () => {
  assert.equal(words.until(1000 + 3 * perDay, chain), "in 3 days");
  assert.equal(words.until(1000 + 1, chain), "in under a minute");
  assert.equal(words.until(1000, chain), "ended under a minute ago");
  assert.equal(words.until(1000 - 600, chain), "ended 1 hour ago");
  assert.equal(words.until(1000 + 400 * perDay, chain), "in 1 year");
});

const me = (standing: Me["standing"], live: number, lapses_at: number | null = null): Me => ({
  address: "5F",
  member_id: null,
  standing,
  received_vouches: Array.from({ length: live }, (_, issuer) => ({ issuer, expires: 1 })),
  vouches_to_renew: [],
  threshold: 3,
  guardians: [],
  guardians_needed: 2,
  lapses_at,
  frozen_since: null,
  motions: [],
});

test("vouches say how many are missing, and what that means", () => {
  assert.equal(words.vouchesInWords(me("candidate", 1), chain), "1 vouch of the 3 needed: 2 to go.");
  assert.equal(words.vouchesInWords(me("member", 3), chain), "3 vouches of the 3 needed.");
  assert.match(words.vouchesInWords(me("member", 2, 1000 + perDay), chain), /ask for 1 more before your membership lapses\. It lapses in 1 day/);
  assert.match(words.vouchesInWords(me("member", 3, 1000 + perDay), chain), /nearer to the others\. It lapses in 1 day/);
});

test("vouches one gave are named once they can be renewed, with the time that is left", () => {
  assert.equal(words.renewalsInWords(me("member", 3), chain), "");
  const vouches_to_renew = [3, 5].map((subject) => ({ subject, expires: 1000 + subject * perDay }));
  const said = words.renewalsInWords({ ...me("member", 3), vouches_to_renew }, chain);
  assert.match(said, /that for person 3 ends in 3 days; that for person 5 ends in 5 days\. Renew/);
});

test("long identifiers keep both ends, short ones stay whole", () => {
  assert.equal(words.short("5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"), "5GrwvaEF…GKutQY");
  assert.equal(words.short("0123456789abcdef"), "0123456789abcdef");
});

test("a store's fullness stays between 0 and 100", () => {
  assert.equal(words.fullness(5, 0), 0);
  assert.equal(words.fullness(1, 3), 33);
  assert.equal(words.fullness(9, 3), 100);
});
