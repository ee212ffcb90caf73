// SPDX-License-Identifier: Apache-2.0
//! Helps those its person vouched for over the last step: shows how they are linked to the community, once that can be seen.

use std::time::Instant;

use kith_chain::{SubmitError, View, ViewError};
use kith_primitives::{
    member::{MemberId, Standing},
    runtime_api::MemberView,
};

use super::{
    turns,
    waits::{Errand, Waits},
};
use crate::{
    companion::Companion,
    distance::{self, Distance},
};

/// Newcomers looked at in one block, at most.
const NEWCOMERS: usize = 16;

/// Why a newcomer was not helped.
#[derive(Debug, thiserror::Error)]
enum AdmitError {
    #[error(transparent)]
    View(#[from] ViewError),
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

/// Helps each who lacks nothing else.
pub(super) async fn run(
    companion: &Companion,
    view: &View,
    me: MemberId,
    people: &[MemberView],
    waits: &mut Waits,
) -> Result<(), ViewError> {
    if !people.iter().any(is_waiting) {
        return Ok(());
    }
    let threshold = view.parameters().await?.admission_threshold;
    for newcomer in with_vouches(people, threshold).take(NEWCOMERS) {
        let helping = help(companion, view, me, newcomer);
        waits.attempt(Errand::Admit, newcomer.into(), Instant::now(), helping).await;
    }
    Ok(())
}

/// Whether someone may become a member, or one again.
fn is_waiting(one: &MemberView) -> bool {
    matches!(one.standing, Standing::Candidate | Standing::Lapsed) && !one.frozen
}

/// Those who wait and have vouches enough.
fn with_vouches(people: &[MemberView], threshold: u32) -> impl Iterator<Item = MemberId> + '_ {
    people.iter().filter(move |one| is_waiting(one) && one.vouches >= threshold).map(|one| one.id)
}

/// Helps one newcomer, if I vouch for them and it is my turn.
async fn help(companion: &Companion, view: &View, me: MemberId, newcomer: MemberId) -> Result<(), AdmitError> {
    let mut issuers: Vec<MemberId> = view.vouches(newcomer).await?.iter().map(|vouch| vouch.issuer).collect();
    issuers.sort_unstable();
    if !turns::is_mine(view.block().number, me, &issuers) {
        return Ok(());
    }
    if let Distance::Submit(call) = distance::missing(view, newcomer).await? {
        companion.submit(&call).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use kith_primitives::{member::EncryptionKey, AccountId};

    fn person(id: u32, standing: Standing, vouches: u32, frozen: bool) -> MemberView {
        MemberView {
            id,
            account: AccountId::new([0; 32]),
            encryption_key: EncryptionKey([0; 32]),
            standing,
            vouches,
            devices: Vec::new(),
            quota: 0,
            frozen,
            keyed_at: 0,
        }
    }

    #[test]
    fn only_those_who_lack_nothing_but_the_proof_are_helped() {
        let people = [
            person(0, Standing::Candidate, 2, false),
            person(1, Standing::Candidate, 1, false),
            person(2, Standing::Lapsed, 3, false),
            person(3, Standing::Member, 3, false),
            person(4, Standing::Removed, 3, false),
            person(5, Standing::Lapsed, 3, true),
        ];
        assert_eq!(with_vouches(&people, 2).collect::<Vec<_>>(), [0, 2]);
    }
}
