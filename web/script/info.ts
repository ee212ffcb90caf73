// SPDX-License-Identifier: Apache-2.0
// What may the companion's answer about a resource look like, and which resource does a host name mean?

/** Who may read a resource. */
export type Visibility = "private" | "members" | "public";

/** The answer of `GET /.well-known/kith/info`. */
export interface Info {
  /** The name it was opened by. */
  readonly name: string;
  /** Its number on chain. */
  readonly resource: number;
  /** Which published version is shown, from 1. */
  readonly version: number;
  readonly visibility: Visibility;
}

const SUFFIX = ".kith.localhost";

/** The resource's name in `<name>.kith.localhost`, or null for any other host. */
export function resourceOf(hostname: string): string | null {
  if (!hostname.endsWith(SUFFIX)) return null;
  const name = hostname.slice(0, -SUFFIX.length);
  return name === "" || name.includes(".") ? null : name;
}

/** Copies what is known of an answer into a frozen object; throws if anything of it is missing. */
export function frozenInfo(answer: unknown, freeze = Object.freeze, Failure: new (text: string) => unknown = Error): Info {
  const { name, resource, version, visibility } = (answer ?? {}) as Partial<Info>;
  const known = visibility === "private" || visibility === "members" || visibility === "public";
  if (typeof name !== "string" || typeof resource !== "number" || typeof version !== "number" || !known) {
    throw new Failure("kith: the companion's answer was not understood");
  }
  return freeze({ name, resource, version, visibility });
}
