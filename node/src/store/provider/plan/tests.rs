// SPDX-License-Identifier: GPL-3.0-or-later WITH Classpath-exception-2.0
//! What a provider decides, case by case.

use super::*;

fn version(resource: ResourceId, number: VersionNumber) -> Version {
    let commitment = Commitment { root: Default::default(), chunks: 1 };
    Version { resource, number, content: vec![], commitment }
}

fn leased(resource: ResourceId, number: VersionNumber) -> Leased {
    Leased { version: version(resource, number), pledged: None, pinned: false, holders: 0 }
}

fn view(now: BlockNumber, leased: Vec<Leased>) -> View {
    View { now, leased, room: u64::MAX, ..View::default() }
}

fn challenge(chunk: u32, answered: bool) -> Option<ChallengeView> {
    Some(ChallengeView { resource: 1, version: 1, chunk, answered })
}

const PLEDGE: Action = Action::Pledge { resource: 1, version: 1 };

#[test]
fn a_resource_is_fetched_once_then_pledged_once() {
    let mut plan = Plan::default();
    assert_eq!(plan.decide(view(1, vec![leased(1, 1)])), [Action::Keep(version(1, 1))]);
    assert_eq!(plan.decide(view(2, vec![leased(1, 1)])), []);
    plan.kept(1, 1);
    let kept = Leased { pinned: true, ..leased(1, 1) };
    assert_eq!(plan.decide(view(3, vec![kept.clone()])), [PLEDGE]);
    assert_eq!(plan.decide(view(4, vec![kept.clone()])), []);
    assert_eq!(plan.decide(view(5, vec![Leased { pledged: Some(1), ..kept }])), []);
    assert!(plan.under_way.is_empty());
}

#[test]
fn a_pledge_without_effect_is_repeated_with_longer_pauses() {
    let mut plan = Plan::default();
    plan.decide(view(0, vec![leased(1, 1)]));
    plan.kept(1, 1);
    let submitted: Vec<_> = (0..60).filter(|now| plan.decide(view(*now, vec![leased(1, 1)])) == [PLEDGE]).collect();
    assert_eq!(submitted, [0, 8, 16, 32]);
}

#[test]
fn what_failed_is_fetched_again_with_longer_pauses_up_to_a_longest() {
    let mut plan = Plan::default();
    let mut tried = vec![];
    for now in 0..6_000 {
        if !plan.decide(view(now, vec![leased(1, 1)])).is_empty() {
            tried.push(now);
            plan.failed(1, 1, now);
        }
    }
    let pauses: Vec<_> = tried.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert_eq!(pauses[..9], [8, 16, 32, 64, 128, 256, 512, 1_024, 1_024]);
}

#[test]
fn a_new_version_starts_over_but_never_beside_a_fetch_of_the_old_one() {
    let mut plan = Plan::default();
    plan.decide(view(1, vec![leased(1, 1)]));
    assert_eq!(plan.decide(view(2, vec![leased(1, 2)])), []);
    plan.kept(1, 1);
    assert_eq!(plan.decide(view(3, vec![leased(1, 2)])), [Action::Keep(version(1, 2))]);
    plan.kept(1, 1);
    assert_eq!(plan.decide(view(4, vec![leased(1, 2)])), [], "the old version's end says nothing of the new one");
}

#[test]
fn a_pledge_made_before_does_not_stand_in_for_the_bytes() {
    let mut plan = Plan::default();
    let lost = Leased { pledged: Some(1), ..leased(1, 1) };
    assert_eq!(plan.decide(view(1, vec![lost.clone()])), [Action::Keep(version(1, 1))]);
    plan.kept(1, 1);
    assert_eq!(plan.decide(view(2, vec![lost])), []);
}

#[test]
fn few_are_fetched_at_a_time_and_the_rarest_first() {
    let mut plan = Plan::default();
    let resources: Vec<_> =
        (0..10).map(|id| Leased { holders: 10 - usize::try_from(id).unwrap(), ..leased(id, 1) }).collect();
    let actions = plan.decide(view(1, resources.clone()));
    assert_eq!(actions, [9, 8, 7, 6].map(|id| Action::Keep(version(id, 1))));
    plan.failed(9, 1, 1);
    assert_eq!(plan.decide(view(2, resources)), [Action::Keep(version(5, 1))]);
}

#[test]
fn what_is_under_way_is_bounded() {
    let mut plan = Plan::default();
    for id in 0..MAX_UNDER_WAY as ResourceId + 10 {
        plan.decide(view(1, vec![leased(id, 1)]));
        plan.failed(id, 1, 1);
    }
    assert_eq!(plan.under_way.len(), MAX_UNDER_WAY);
}

#[test]
fn a_question_is_answered_once_and_again_after_a_while() {
    let mut plan = Plan::default();
    let mut ask = |now, challenge| plan.decide(View { now, challenge, ..View::default() });
    let answer = |chunk| Action::Prove(Question { resource: 1, version: 1, chunk });
    assert_eq!(ask(1, challenge(5, false)), [answer(5)]);
    assert_eq!(ask(2, challenge(5, false)), []);
    assert_eq!(ask(9, challenge(5, false)), [answer(5)], "the first answer had no effect");
    assert_eq!(ask(10, challenge(5, true)), []);
    assert_eq!(ask(11, challenge(5, false)), [answer(5)], "a new era may ask the same");
    assert_eq!(ask(12, challenge(6, false)), [answer(6)]);
    assert_eq!(ask(13, None), []);
}

#[test]
fn what_need_not_be_kept_is_forgotten() {
    let mut plan = Plan::default();
    plan.decide(view(1, vec![leased(1, 1)]));
    let over = View { now: 2, ended: vec![1], ..View::default() };
    assert_eq!(plan.decide(over), [Action::Forget(1)]);
    assert!(plan.under_way.is_empty());
}

#[test]
fn nothing_is_fetched_that_there_is_no_room_for() {
    let mut plan = Plan::default();
    let large = Version { commitment: Commitment { root: Default::default(), chunks: 3 }, ..version(1, 1) };
    let resources = vec![Leased { version: large, ..leased(1, 1) }, leased(2, 1), leased(3, 1), leased(4, 1)];
    let actions = plan.decide(View { room: 2_048, ..view(1, resources) });
    assert_eq!(actions, [2, 3].map(|id| Action::Keep(version(id, 1))));
}
