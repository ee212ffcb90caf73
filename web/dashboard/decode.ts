// SPDX-License-Identifier: Apache-2.0
// Is an answer of the companion really a `State`? Says where it is not, so that a mismatch never shows as an empty page.

import type {
  Approval,
  Chain,
  Community,
  GivenVouch,
  Kind,
  Me,
  Member,
  Motion,
  Resource,
  Standing,
  State,
  Store,
  Visibility,
  Vouch,
} from "./state.ts";

type Decoder<T> = (value: unknown, where: string) => T;

/** Checks a whole answer; throws an error that names the first place that is wrong. */
export function decodeState(value: unknown): State {
  return state(value, "state");
}

const fail = (where: string, wanted: string): never => {
  throw new Error(`${where} is not ${wanted}`);
};

const text: Decoder<string> = (value, where) => (typeof value === "string" ? value : fail(where, "a text"));

const flag: Decoder<boolean> = (value, where) => (typeof value === "boolean" ? value : fail(where, "true or false"));

const whole: Decoder<number> = (value, where) =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : fail(where, "a whole number");

const orNull =
  <T>(inner: Decoder<T>): Decoder<T | null> =>
  (value, where) =>
    value === null ? null : inner(value, where);

const oneOf =
  <T extends string>(...known: readonly T[]): Decoder<T> =>
  (value, where) =>
    known.find((one) => one === value) ?? fail(where, `one of ${known.join(", ")}`);

const listOf =
  <T>(inner: Decoder<T>): Decoder<T[]> =>
  (value, where) =>
    Array.isArray(value) ? value.map((item, n) => inner(item, `${where}[${n}]`)) : fail(where, "a list");

const record =
  <T extends object>(fields: { [K in keyof T]: Decoder<T[K]> }): Decoder<T> =>
  (value, where) => {
    if (typeof value !== "object" || value === null) return fail(where, "an object");
    const entries = Object.entries(fields) as [string, Decoder<unknown>][];
    const source = value as Record<string, unknown>;
    return Object.fromEntries(entries.map(([key, inner]) => [key, inner(source[key], `${where}.${key}`)])) as T;
  };

const standing = oneOf<Standing>("stranger", "candidate", "member", "lapsed", "removed", "frozen");
const kind = oneOf<Kind>("file", "site", "script", "stream", "service");
const visibility = oneOf<Visibility>("private", "members", "public");

const state = record<State>({
  community: record<Community>({ name: text, genesis: text }),
  chain: record<Chain>({ finalized: whole, stale: flag, block_ms: whole }),
  me: record<Me>({
    address: text,
    member_id: orNull(whole),
    standing,
    received_vouches: listOf(record<Vouch>({ issuer: whole, expires: whole })),
    vouches_to_renew: listOf(record<GivenVouch>({ subject: whole, expires: whole })),
    threshold: whole,
    guardians: listOf(whole),
    guardians_needed: whole,
    lapses_at: orNull(whole),
    frozen_since: orNull(whole),
    motions: listOf(record<Motion>({ id: whole, aim: text, progress: text, vetoable: flag })),
  }),
  members: listOf(record<Member>({ id: whole, address: text, standing, vouches: whole })),
  resources: listOf(
    record<Resource>({
      id: whole,
      name: orNull(text),
      kind,
      visibility,
      version: whole,
      lease_until: whole,
      mine: flag,
    }),
  ),
  store: record<Store>({ peer_id: text, peers: whole, blocks: whole, bytes: whole, budget: whole }),
  approvals: listOf(record<Approval>({ id: text, origin: text, summary: text, answer: text })),
});
