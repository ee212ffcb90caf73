// SPDX-License-Identifier: Apache-2.0
//! When an errand that failed is tried again.

use std::{
    collections::HashMap,
    fmt::Display,
    future::Future,
    time::{Duration, Instant},
};

/// After the first failure: what the community refuses, or a peer cannot give, is not asked for at every block.
const FIRST: Duration = Duration::from_secs(10);
/// The longest wait. Each refused transaction costs something.
const LONGEST: Duration = Duration::from_secs(600);
/// Errands that wait, at most; beyond, one that fails is tried again at the next block.
const MOST: usize = 4096;

/// What sort of errand it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Errand {
    /// Bind this device.
    Bind,
    /// Help someone to become a member, or to stay one.
    Admit,
    /// Grant keys of a resource of mine.
    Own,
    /// Return a key to somebody.
    Return,
    /// Reject a key of mine.
    Reject,
    /// Keep what I follow.
    Follow,
    /// Keep the version of mine that is in force, and no other.
    Settle,
}

#[derive(Debug)]
struct Wait {
    failures: u32,
    until: Instant,
}

/// The errands that wait, each by its sort and the number of what it is about.
#[derive(Debug, Default)]
pub(super) struct Waits(HashMap<(Errand, u64), Wait>);

impl Waits {
    /// Does the errand unless it has to wait; notes and tells how it went.
    pub(super) async fn attempt<E: Display>(
        &mut self,
        errand: Errand,
        about: u64,
        now: Instant,
        work: impl Future<Output = Result<(), E>>,
    ) {
        if !self.is_due(errand, about, now) {
            return;
        }
        let outcome = work.await;
        if let Err(cause) = &outcome {
            tracing::info!("{errand:?} of {about} has to wait: {cause}");
        }
        self.note(errand, about, outcome.is_ok(), now);
    }

    fn is_due(&self, errand: Errand, about: u64, now: Instant) -> bool {
        self.0.get(&(errand, about)).is_none_or(|wait| wait.until <= now)
    }

    fn note(&mut self, errand: Errand, about: u64, went_well: bool, now: Instant) {
        if went_well {
            self.0.remove(&(errand, about));
            return;
        }
        let failures = self.0.get(&(errand, about)).map_or(0, |wait| wait.failures);
        if failures > 0 || self.0.len() < MOST {
            let pause = FIRST.saturating_mul(1 << failures.min(6)).min(LONGEST);
            let wait = Wait { failures: failures.saturating_add(1), until: now + pause };
            self.0.insert((errand, about), wait);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_failed_waits_longer_each_time_and_keeps_nothing_else_waiting() {
        let (mut waits, mut now, mut tried) = (Waits::default(), Instant::now(), Vec::new());
        let begun = now;
        for _ in 0..2_000 {
            if waits.is_due(Errand::Own, 1, now) {
                tried.push(now.duration_since(begun).as_secs());
            }
            waits.attempt(Errand::Own, 1, now, async { Err("refused") }).await;
            assert!(waits.is_due(Errand::Own, 2, now) && waits.is_due(Errand::Return, 1, now));
            now += Duration::from_secs(1);
        }
        assert_eq!(tried, [0, 10, 30, 70, 150, 310, 630, 1230, 1830]);
    }

    #[tokio::test]
    async fn what_went_well_may_be_done_again_at_once() {
        let (mut waits, now) = (Waits::default(), Instant::now());
        waits.attempt(Errand::Bind, 0, now, async { Err("refused") }).await;
        assert!(!waits.is_due(Errand::Bind, 0, now));
        waits.attempt(Errand::Bind, 0, now + FIRST, async { Ok::<(), &str>(()) }).await;
        assert!(waits.is_due(Errand::Bind, 0, now));
    }

    #[test]
    fn what_waits_is_bounded() {
        let (mut waits, now) = (Waits::default(), Instant::now());
        for about in 0..5_000 {
            waits.note(Errand::Follow, about, false, now);
        }
        assert_eq!(waits.0.len(), MOST);
    }
}
