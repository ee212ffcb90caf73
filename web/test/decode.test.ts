// SPDX-License-Identifier: Apache-2.0
// Is exactly the agreed shape accepted, and is a mismatch named?

import assert from "node:assert/strict";
import test from "node:test";
import { decodeState } from "../dashboard/decode.ts";
import type { State } from "../dashboard/state.ts";

const sample: State = {
  community: { name: "Lindenhof", genesis: `0x${"ab".repeat(32)}` },
  chain: { finalized: 12, stale: false, block_ms: 1000 },
  me: {
    address: "5Grw",
    member_id: 0,
    standing: "member",
    received_vouches: [{ issuer: 1, expires: 99 }],
    vouches_to_renew: [{ subject: 1, expires: 99 }],
    threshold: 1,
    guardians: [1, 2],
    guardians_needed: 2,
    lapses_at: null,
    frozen_since: null,
    motions: [{ id: 7, aim: "give the person the key 5F", progress: "1 of 2 guardians approve", vetoable: true }],
  },
  members: [{ id: 0, address: "5Grw", standing: "member", vouches: 1 }],
  resources: [{ id: 4, name: "garden", kind: "site", visibility: "private", version: 2, lease_until: 500, mine: true }],
  store: { peer_id: "12D3Koo", peers: 2, blocks: 10, bytes: 2048, budget: 4096 },
  approvals: [{ id: "a1", origin: "http://garden.kith.localhost:7780", summary: "Publish version 3 of garden", answer: "Veto" }],
};

/** The sample with one place changed. */
function changed(path: (string | number)[], value: unknown): unknown {
  const copy = structuredClone(sample) as unknown as Record<string | number, unknown>;
  const last = path.at(-1) ?? "";
  let place = copy;
  for (const key of path.slice(0, -1)) place = place[key] as Record<string | number, unknown>;
  place[last] = value;
  return copy;
}

test("the agreed shape passes unchanged", () => {
  assert.deepEqual(decodeState(structuredClone(sample)), sample);
  assert.deepEqual(decodeState({ ...sample, later: "ignored" }), sample);
});

test("null is a value where the shape says so", () => {
  const stranger = changed(["me", "member_id"], null);
  assert.equal(decodeState(stranger).me.member_id, null);
  assert.equal(decodeState(changed(["resources", 0, "name"], null)).resources[0]?.name, null);
  assert.equal(decodeState(changed(["me", "frozen_since"], 9)).me.frozen_since, 9);
});

test("the first wrong place is named", () => {
  const cases: [(string | number)[], unknown, RegExp][] = [
    [["community"], null, /^Error: state\.community is not an object$/],
    [["chain", "finalized"], "12", /^Error: state\.chain\.finalized is not a whole number$/],
    [["chain", "finalized"], -1, /finalized is not a whole number/],
    [["chain", "finalized"], 0.5, /finalized is not a whole number/],
    [["chain", "stale"], 0, /state\.chain\.stale is not true or false/],
    [["chain", "block_ms"], undefined, /state\.chain\.block_ms is not a whole number/],
    [["me", "address"], 5, /state\.me\.address is not a text/],
    [["me", "standing"], "king", /state\.me\.standing is not one of stranger, candidate/],
    [["me", "vouches_to_renew", 0, "subject"], null, /state\.me\.vouches_to_renew\[0\]\.subject is not a whole number/],
    [["me", "guardians", 1], "2", /state\.me\.guardians\[1\] is not a whole number/],
    [["me", "frozen_since"], undefined, /state\.me\.frozen_since is not a whole number/],
    [["me", "motions", 0, "vetoable"], null, /state\.me\.motions\[0\]\.vetoable is not true or false/],
    [["members"], {}, /state\.members is not a list/],
    [["resources", 0, "kind"], "folder", /state\.resources\[0\]\.kind is not one of/],
    [["approvals", 0, "summary"], null, /state\.approvals\[0\]\.summary is not a text/],
    [["approvals", 0, "answer"], null, /state\.approvals\[0\]\.answer is not a text/],
  ];
  for (const [path, value, message] of cases) assert.throws(() => decodeState(changed(path, value)), message);
  assert.throws(() => decodeState("nonsense"), /state is not an object/);
});
