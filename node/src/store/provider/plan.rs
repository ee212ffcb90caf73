// SPDX-License-Identifier: GPL-3.0-or-later WITH Classpath-exception-2.0
//! What a provider does next, decided from what the chain says and from what it has begun.
//!
//! Nothing is read or written here, and time is the height of the last finalised block.

use std::collections::BTreeMap;

use kith_primitives::{
    custody::{Commitment, CHUNK_BYTES},
    resource::{ResourceId, VersionNumber},
    runtime_api::ChallengeView,
    BlockNumber,
};

/// Resources that are fetched at the same time.
const MAX_FETCHES: usize = 4;
/// Resources with something under way; more are left for later passes.
const MAX_UNDER_WAY: usize = 4_096;
/// Blocks before the first repetition of what failed, or of a transaction that had no effect; doubled each time.
const FIRST_PAUSE: BlockNumber = 8;
/// How often the pause is doubled: the longest is 1024 blocks.
const MAX_DOUBLINGS: u32 = 7;

/// What a finalised block says to this provider.
#[derive(Clone, Debug, Default)]
pub(super) struct View {
    /// The block's height.
    pub(super) now: BlockNumber,
    /// Some of the resources under lease that have a version.
    pub(super) leased: Vec<Leased>,
    /// Some of the resources kept here whose lease is over.
    pub(super) ended: Vec<ResourceId>,
    /// What the provider is asked in this era.
    pub(super) challenge: Option<ChallengeView>,
    /// Bytes that may still be fetched.
    pub(super) room: u64,
}

/// A resource the network is to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Leased {
    /// Its latest version.
    pub(super) version: Version,
    /// The version this provider has pledged, if any.
    pub(super) pledged: Option<VersionNumber>,
    /// Whether the latest version lies in this store.
    pub(super) pinned: bool,
    /// How many providers have pledged any version.
    pub(super) holders: usize,
}

/// One version of a resource, and how to know its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Version {
    /// Whose version it is.
    pub(super) resource: ResourceId,
    /// Its number.
    pub(super) number: VersionNumber,
    /// The binary CID of its root.
    pub(super) content: Vec<u8>,
    /// What its stored bytes hash to.
    pub(super) commitment: Commitment,
}

/// One question of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Question {
    /// About which resource.
    pub(super) resource: ResourceId,
    /// About which version.
    pub(super) version: VersionNumber,
    /// About which chunk.
    pub(super) chunk: u32,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Action {
    /// Fetch it, check it, pin it; then say [`Plan::kept`] or [`Plan::failed`].
    Keep(Version),
    /// Submit the pledge.
    Pledge {
        /// To keep this resource.
        resource: ResourceId,
        /// In this version.
        version: VersionNumber,
    },
    /// Submit the proof.
    Prove(Question),
    /// Unpin it.
    Forget(ResourceId),
}

/// What has been begun.
#[derive(Debug, Default)]
pub(super) struct Plan {
    under_way: BTreeMap<ResourceId, Undertaking>,
    /// The question being answered, and since when.
    proving: Option<(Question, BlockNumber)>,
}

/// How far one version has come.
#[derive(Debug)]
struct Undertaking {
    version: VersionNumber,
    stage: Stage,
    failures: u32,
}

#[derive(Debug, PartialEq, Eq)]
enum Stage {
    /// Being fetched and checked.
    Fetching,
    /// Pinned, not yet pledged.
    Kept,
    /// The pledge was submitted in this block.
    Pledging(BlockNumber),
    /// Could not be had in this block.
    Failed(BlockNumber),
}

impl Plan {
    /// What to do, given what the chain says now.
    pub(super) fn decide(&mut self, view: View) -> Vec<Action> {
        let mut actions: Vec<_> = self.answer(view.challenge, view.now).into_iter().collect();
        for resource in view.ended {
            self.under_way.remove(&resource);
            actions.push(Action::Forget(resource));
        }
        let mut leased = view.leased;
        // What few keep comes first.
        leased.sort_by_key(|resource| (resource.holders, resource.version.resource));
        let mut room = view.room;
        actions.extend(leased.into_iter().filter_map(|resource| self.advance(resource, view.now, &mut room)));
        actions
    }

    /// The version is pinned here.
    pub(super) fn kept(&mut self, resource: ResourceId, version: VersionNumber) {
        if let Some(undertaking) = self.of(resource, version) {
            undertaking.stage = Stage::Kept;
            undertaking.failures = 0;
        }
    }

    /// The version could not be had.
    pub(super) fn failed(&mut self, resource: ResourceId, version: VersionNumber, now: BlockNumber) {
        if let Some(undertaking) = self.of(resource, version) {
            undertaking.stage = Stage::Failed(now);
            undertaking.failures = undertaking.failures.saturating_add(1);
        }
    }

    fn of(&mut self, resource: ResourceId, version: VersionNumber) -> Option<&mut Undertaking> {
        self.under_way.get_mut(&resource).filter(|undertaking| undertaking.version == version)
    }

    /// Answers a question once, and again if the answer had no effect for some blocks.
    fn answer(&mut self, challenge: Option<ChallengeView>, now: BlockNumber) -> Option<Action> {
        let Some(challenge) = challenge.filter(|challenge| !challenge.answered) else {
            self.proving = None;
            return None;
        };
        let question = Question { resource: challenge.resource, version: challenge.version, chunk: challenge.chunk };
        if self.proving.is_some_and(|(asked, since)| asked == question && now < since.saturating_add(FIRST_PAUSE)) {
            return None;
        }
        self.proving = Some((question, now));
        Some(Action::Prove(question))
    }

    /// Takes one resource one step on.
    fn advance(&mut self, leased: Leased, now: BlockNumber, room: &mut u64) -> Option<Action> {
        let Leased { version, pledged, pinned, .. } = leased;
        let resource = version.resource;
        let is_pledged = pledged == Some(version.number);
        if is_pledged && pinned {
            self.under_way.remove(&resource);
            return None;
        }
        let Some(undertaking) = self.under_way.get_mut(&resource).filter(|known| known.is_about(&version)) else {
            return self.begin(version, 0, room);
        };
        match undertaking.stage {
            Stage::Fetching => None,
            Stage::Failed(since) if now < undertaking.due(since) => None,
            Stage::Failed(_) => {
                let failures = undertaking.failures;
                self.begin(version, failures, room)
            }
            Stage::Pledging(since) if now < undertaking.due(since) => None,
            Stage::Pledging(_) => {
                undertaking.failures = undertaking.failures.saturating_add(1);
                Some(undertaking.pledge(resource, now))
            }
            Stage::Kept if is_pledged => None,
            Stage::Kept => Some(undertaking.pledge(resource, now)),
        }
    }

    /// Begins to fetch, if there is room and not too much is under way.
    fn begin(&mut self, version: Version, failures: u32, room: &mut u64) -> Option<Action> {
        let fetching = self.under_way.values().filter(|known| known.stage == Stage::Fetching).count();
        let is_new = !self.under_way.contains_key(&version.resource);
        if fetching >= MAX_FETCHES || (is_new && self.under_way.len() >= MAX_UNDER_WAY) {
            return None;
        }
        *room = room.checked_sub(version.bytes())?;
        let undertaking = Undertaking { version: version.number, stage: Stage::Fetching, failures };
        self.under_way.insert(version.resource, undertaking);
        Some(Action::Keep(version))
    }
}

impl Version {
    /// Bytes of its blocks, at most.
    pub(super) fn bytes(&self) -> u64 {
        u64::from(self.commitment.chunks).saturating_mul(CHUNK_BYTES as u64)
    }
}

impl Undertaking {
    /// Whether this is the version, or one that is still being fetched and must not be begun twice.
    fn is_about(&self, version: &Version) -> bool {
        self.version == version.number || self.stage == Stage::Fetching
    }

    /// When what was done in block `since` may be repeated.
    fn due(&self, since: BlockNumber) -> BlockNumber {
        let doublings = self.failures.saturating_sub(1).min(MAX_DOUBLINGS);
        since.saturating_add(FIRST_PAUSE.saturating_mul(1 << doublings))
    }

    fn pledge(&mut self, resource: ResourceId, now: BlockNumber) -> Action {
        self.stage = Stage::Pledging(now);
        Action::Pledge { resource, version: self.version }
    }
}

#[cfg(test)]
mod tests;
