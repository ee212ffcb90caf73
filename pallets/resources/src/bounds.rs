// SPDX-License-Identifier: Apache-2.0
//! Which bounds keep the storage, and the work of one block, finite?

/// Versions kept of a resource; publishing one more removes the oldest.
pub const MAX_VERSIONS: u32 = 8;
/// Wrapped keys kept for one reader of one resource: one for the epoch of each kept version, and one for the epoch in force.
pub const MAX_KEYS: u32 = MAX_VERSIONS + 1;
/// Resources one member may follow: they cost no deposit.
pub const MAX_SUBSCRIPTIONS: u32 = 256;
/// Bytes of a wrapped key: HPKE's encapsulated key (32), the sealed key (32) and its tag (16).
pub const WRAPPED_KEY_BYTES: usize = 80;
/// Grants of those who departed or got new keys that are gone through in every block, however full, at most.
pub const LEAVE_STEPS: usize = 16;
/// Grants of those who departed or got new keys that are gone through in a block's idle time, at most.
pub const IDLE_LEAVE_STEPS: usize = 64;
/// Of how many [`Leavers`](crate::Leavers) a publication asks whether they have its key. While there are more, nothing
/// encrypted is published: they are gone through soon, and a version would be readable for good.
pub const MAX_LEAVERS_ASKED: usize = 32;
/// Entries of ended resources removed in one block, at most.
pub const REAP_STEPS: usize = 64;
/// Resources whose lease is looked at in one block, at most.
pub const SWEEP_STEPS: usize = 64;
/// Resources one answer of [`Pallet::page`](crate::Pallet::page) has, at most.
pub const MAX_PAGE: usize = 256;
