// SPDX-License-Identifier: Apache-2.0
// What does `GET /api/v1/state` answer? These interfaces are the contract between the companion and the dashboard.
//
// Request: `Authorization: Bearer <token>`. Answer: 200 with a `State` as JSON, or 401 when the token is not known.
// Every number is a whole number below 2^53. A block number is one of the finalised chain unless it is in the future.

export interface State {
  community: Community;
  chain: Chain;
  me: Me;
  members: Member[];
  resources: Resource[];
  store: Store;
  /** What waits for this person's decision. */
  approvals: Approval[];
}

export interface Community {
  name: string;
  /** The genesis hash: `0x` and 64 hexadecimal digits. */
  genesis: string;
}

export interface Chain {
  /** The last finalised block's number. */
  finalized: number;
  /** Whether that block is so old that nothing is opened by it. */
  stale: boolean;
  /** The time from one block to the next, in milliseconds; turns block numbers into times. */
  block_ms: number;
}

/** Where a person stands. `stranger`: the chain does not know them; `frozen`: a member whose key is frozen. */
export type Standing = "stranger" | "candidate" | "member" | "lapsed" | "removed" | "frozen";

export interface Me {
  /** SS58. */
  address: string;
  member_id: number | null;
  standing: Standing;
  received_vouches: Vouch[];
  /** The vouches this person gave and can renew now; each is among the approvals too. */
  vouches_to_renew: GivenVouch[];
  /** How many live vouches make, and keep, a member. */
  threshold: number;
  /** The members who guard this person's key, by id. */
  guardians: number[];
  /** How many of them decide together. */
  guardians_needed: number;
  /** The block in which the membership lapses for want of something; null while nothing lacks. */
  lapses_at: number | null;
  /** The block in which the key was frozen; null while it counts. */
  frozen_since: number | null;
  /** What is moved about the key. */
  motions: Motion[];
}

export interface Motion {
  id: number;
  /** What it is to bring about, after "to": `freeze the key`. */
  aim: string;
  /** How far it has come. */
  progress: string;
  /** Whether this person may stop it. */
  vetoable: boolean;
}

export interface Vouch {
  /** The member who vouches, by id. */
  issuer: number;
  /** The block in which it stops counting. */
  expires: number;
}

export interface GivenVouch {
  /** Whom it is for, by id. */
  subject: number;
  /** The block in which it stops counting, unless it is renewed. */
  expires: number;
}

export interface Member {
  id: number;
  /** SS58. */
  address: string;
  standing: Standing;
  /** Live vouches received. */
  vouches: number;
}

export type Kind = "file" | "site" | "script" | "stream" | "service";
export type Visibility = "private" | "members" | "public";

export interface Resource {
  id: number;
  /** The name it is opened by; null while it has none. */
  name: string | null;
  kind: Kind;
  visibility: Visibility;
  /** The version last published; 0 before the first. */
  version: number;
  /** The block in which its lease ends. */
  lease_until: number;
  /** Whether this person owns it. */
  mine: boolean;
}

export interface Store {
  /** The libp2p identity of this device. */
  peer_id: string;
  /** How many members' devices it is connected to. */
  peers: number;
  /** How many blocks it holds. */
  blocks: number;
  /** How many bytes they take. */
  bytes: number;
  /** How many bytes they may take. */
  budget: number;
}

export interface Approval {
  /** Names the request to the companion. */
  id: string;
  /** Who asks, or what it is about: `your guardians`, `your vouch for person 3`. */
  origin: string;
  /** What would be done, or what becomes of it, in a sentence or two. */
  summary: string;
  /** What the person can do about it, on a button: `Veto`, `Renew`. Done by `POST /api/v1/approvals/<id>`: 200, or 409 and why not. */
  answer: string;
}
