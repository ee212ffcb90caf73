// SPDX-License-Identifier: Apache-2.0
//! Shows how its person, and those its person vouched for, are linked to the community, once that can be seen: the last step
//! to becoming a member, and what a member must do now and then to stay one. Whoever lacks nothing by rules that changed
//! is brought before the chain again.

use std::{collections::BTreeSet, time::Instant};

use kith_chain::{Call, SubmitError, View, ViewError};
use kith_primitives::{
    member::{MemberId, Standing},
    runtime_api::MemberView,
};

use super::{next, turns, waits::Errand, Memory};
use crate::{
    companion::Companion,
    distance::{self, Distance},
};

/// People looked at in one block besides oneself, at most; the others follow at the next.
const OTHERS: usize = 16;

/// Why somebody was not helped.
#[derive(Debug, thiserror::Error)]
enum AdmitError {
    #[error(transparent)]
    View(#[from] ViewError),
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

/// Helps oneself, and each of the others who lacks nothing else.
pub(super) async fn run(
    companion: &Companion,
    view: &View,
    me: MemberId,
    people: &[MemberView],
    memory: &mut Memory,
) -> Result<(), ViewError> {
    let threshold = view.parameters().await?.admission_threshold;
    if let Some(mine) = people.iter().find(|one| one.id == me && can_act(one)) {
        memory.waits.attempt(Errand::Admit, me.into(), Instant::now(), show(companion, view, mine, threshold)).await;
    }
    let others: BTreeSet<MemberId> = with_vouches(people, threshold).filter(|other| *other != me).collect();
    for other in next(&others, memory.helped, OTHERS) {
        memory.helped = Some(other);
        let Some(person) = people.iter().find(|one| one.id == other) else { continue };
        let helping = help(companion, view, me, people, person, threshold);
        memory.waits.attempt(Errand::Admit, other.into(), Instant::now(), helping).await;
    }
    Ok(())
}

/// Whether what someone signs counts as a member's.
fn can_act(one: &MemberView) -> bool {
    one.standing == Standing::Member && !one.frozen
}

/// Whether someone may become a member, or one again, or is about to be none any more.
fn is_waiting(one: &MemberView) -> bool {
    let may_become = matches!(one.standing, Standing::Candidate | Standing::Lapsed) && !one.frozen;
    may_become || one.lapses_at.is_some()
}

/// Whether someone waits and has vouches enough.
fn has_vouches(one: &MemberView, threshold: u32) -> bool {
    is_waiting(one) && one.vouches >= threshold
}

/// Those who wait and have vouches enough.
fn with_vouches(people: &[MemberView], threshold: u32) -> impl Iterator<Item = MemberId> + '_ {
    people.iter().filter(move |one| has_vouches(one, threshold)).map(|one| one.id)
}

/// Helps somebody, if I vouch for them and it is my turn.
async fn help(
    companion: &Companion,
    view: &View,
    me: MemberId,
    people: &[MemberView],
    other: &MemberView,
    threshold: u32,
) -> Result<(), AdmitError> {
    let issuers = view.vouches(other.id).await?.iter().map(|vouch| vouch.issuer).collect();
    if turns::is_mine(view.block().number, me, &able(issuers, people)) {
        show(companion, view, other, threshold).await?;
    }
    Ok(())
}

/// Those of the issuers who can help, in the order of their turns. Whoever lapsed, departed or is frozen has no turn: in it
/// nobody would be helped.
fn able(mut issuers: Vec<MemberId>, people: &[MemberView]) -> Vec<MemberId> {
    issuers.retain(|id| people.iter().any(|one| one.id == *id && can_act(one)));
    issuers.sort_unstable();
    issuers
}

/// Does for somebody what can be done now.
async fn show(companion: &Companion, view: &View, person: &MemberView, threshold: u32) -> Result<(), AdmitError> {
    let missing = distance::missing(view, person.id).await?;
    if let Some(call) = step(missing, person, threshold) {
        companion.submit(&call).await?;
    }
    Ok(())
}

/// Shows how somebody is linked, or has it asked; or has the rules in force applied to them, which changed if nothing is
/// missing and they wait all the same.
fn step(missing: Distance, person: &MemberView, threshold: u32) -> Option<Call> {
    match missing {
        Distance::Submit(call) => Some(*call),
        Distance::Proven if has_vouches(person, threshold) => Some(Call::Reconsider(person.id)),
        Distance::Proven | Distance::Undrawn | Distance::Short => None,
    }
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
            lapses_at: None,
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
            MemberView { lapses_at: Some(9), ..person(6, Standing::Member, 3, false) },
            MemberView { lapses_at: Some(9), ..person(7, Standing::Member, 1, false) },
            MemberView { lapses_at: Some(9), ..person(8, Standing::Member, 3, true) },
        ];
        assert_eq!(with_vouches(&people, 2).collect::<Vec<_>>(), [0, 2, 6, 8]);
    }

    #[test]
    fn who_lacks_nothing_by_the_rules_in_force_and_waits_is_reconsidered() {
        let asks = Distance::Submit(Box::new(Call::RequestDistance(4)));
        let candidate = person(4, Standing::Candidate, 2, false);
        assert_eq!(step(asks, &candidate, 2), Some(Call::RequestDistance(4)));
        assert_eq!(step(Distance::Proven, &candidate, 2), Some(Call::Reconsider(4)));
        let lapsing = MemberView { lapses_at: Some(9), ..person(5, Standing::Member, 3, false) };
        assert_eq!(step(Distance::Proven, &lapsing, 3), Some(Call::Reconsider(5)));
        // A grace for want of vouches is nothing that asking again would end.
        assert_eq!(step(Distance::Proven, &lapsing, 4), None);
        assert_eq!(step(Distance::Proven, &candidate, 3), None);
        assert_eq!(step(Distance::Proven, &person(6, Standing::Member, 3, false), 3), None);
        assert_eq!(step(Distance::Short, &candidate, 2), None);
        assert_eq!(step(Distance::Undrawn, &candidate, 2), None);
    }

    #[test]
    fn only_issuers_who_can_help_have_a_turn() {
        let people = [
            person(0, Standing::Member, 3, false),
            person(1, Standing::Member, 3, true),
            person(2, Standing::Lapsed, 3, false),
            person(3, Standing::Removed, 3, false),
            person(4, Standing::Member, 3, false),
            person(5, Standing::Member, 3, false),
        ];
        // 4 does not vouch, and of 9 the chain shows nothing.
        let able = able(vec![5, 3, 9, 0, 2, 1], &people);
        assert_eq!(able, [0, 5]);
        let has_a_turn = |block| [0, 5].iter().any(|one| turns::is_mine(block, *one, &able));
        assert!((0..100).all(has_a_turn));
        assert!(!turns::is_mine(0, 1, &able));
    }
}
