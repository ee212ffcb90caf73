// SPDX-License-Identifier: Apache-2.0
// How are figures of the chain and the store said to a person?

import type { Chain, Kind, Me, Standing, Visibility } from "./state.ts";

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"] as const;

/** A size with one decimal from KiB upwards: `0 B`, `1.5 KiB`. */
export function bytes(count: number): string {
  let unit = 0;
  let value = count;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return unit === 0 ? `${count} B` : `${value.toFixed(1)} ${UNITS[unit]}`;
}

/** A count with its noun: `1 block`, `2 blocks`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

const SPANS: readonly (readonly [seconds: number, name: string])[] = [
  [365 * 86_400, "year"],
  [30 * 86_400, "month"],
  [86_400, "day"],
  [3_600, "hour"],
  [60, "minute"],
];

/** A length of time in its largest whole unit: `under a minute`, `3 days`. */
export function span(ms: number): string {
  const seconds = ms / 1000;
  for (const [length, name] of SPANS) {
    if (seconds >= length) return counted(Math.floor(seconds / length), name);
  }
  return "under a minute";
}

/** When a block comes, or that it has been: `in 3 days`, `ended 2 hours ago`. */
export function until(block: number, chain: Chain): string {
  const left = (block - chain.finalized) * chain.block_ms;
  return left > 0 ? `in ${span(left)}` : `ended ${span(-left)} ago`;
}

/** The start and the end of an address or identifier that is too long for a column. */
export function short(id: string): string {
  return id.length <= 16 ? id : `${id.slice(0, 8)}…${id.slice(-6)}`;
}

const STANDINGS: Record<Standing, string> = {
  stranger: "not known here yet",
  candidate: "candidate",
  member: "member",
  lapsed: "lapsed",
  removed: "removed",
  frozen: "key frozen",
};

export const standing = (value: Standing): string => STANDINGS[value];

const VISIBILITIES: Record<Visibility, string> = {
  private: "private",
  members: "all members",
  public: "public",
};

export const visibility = (value: Visibility): string => VISIBILITIES[value];

export const kind = (value: Kind): string => value;

/** What this person's vouches amount to, and when the membership lapses if something lacks. */
export function vouchesInWords(me: Me, chain: Chain): string {
  const lapses = me.lapses_at === null ? "" : ` It lapses ${until(me.lapses_at, chain)}.`;
  const live = me.received_vouches.length;
  const missing = Math.max(0, me.threshold - live);
  const have = `${counted(live, "vouch", "vouches")} of the ${me.threshold} needed`;
  if (me.standing === "member") {
    const advice = missing === 0 ? `${have}.` : `${have}: ask for ${missing} more before your membership lapses.`;
    // What lacks then is shown by the companion itself, if the vouches are there.
    const wait = missing === 0 && lapses !== "" ? " Your membership needs vouches nearer to the others." : "";
    return `${advice}${wait}${lapses}`;
  }
  return missing === 0 ? `${have}.` : `${have}: ${missing} to go.`;
}

/** Which vouches this person gave are about to end; nothing if none is. */
export function renewalsInWords(me: Me, chain: Chain): string {
  const ends = me.vouches_to_renew.map(({ subject, expires }) => `that for person ${subject} ends ${until(expires, chain)}`);
  return ends.length === 0 ? "" : `Of the vouches you gave, ${ends.join("; ")}. Renew those you still stand by, above.`;
}

/** How full the store is, in per cent from 0 to 100. */
export function fullness(used: number, budget: number): number {
  return budget === 0 ? 0 : Math.min(100, Math.round((used / budget) * 100));
}
