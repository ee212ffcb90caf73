// SPDX-License-Identifier: Apache-2.0
//! What the members can do over the governing contract's head, and what it takes.

use super::*;
use kith_primitives::parameters::Parameter;

/// The block after the last in which an override proposed in the first block is open.
fn after_the_vote() -> u64 {
    u64::from(Constitution::parameters().override_period) + 2
}

#[test]
fn the_approval_that_makes_them_enough_executes() {
    ExtBuilder::members(10).build_and_execute(|| {
        let id = propose(1, Action::SetParameter(Parameter::EraPot(7)));
        (2..=6).for_each(|member| approve(member, id));
        assert_eq!(Scheduled::<Test>::get(), None);
        assert_eq!(Overrides::<Test>::get(id).unwrap().approvals, 6);
        events();

        approve(7, id);
        assert_eq!(
            events(),
            [
                Event::OverrideApproved { id, member: 7, approvals: 7, required: 7 },
                Event::ParameterScheduled { parameter: Parameter::EraPot(7) },
                Event::OverrideExecuted { id },
            ]
        );
        assert_eq!(Overrides::<Test>::get(id), None);
        assert_noop!(Constitution::approve_override(signed(8), id), Error::<Test>::NotFound);
        Constitution::era_started();
        assert_eq!(Constitution::parameters().era_pot, 7);
    });
}

#[test]
fn propose_override_counts_as_the_proposers_approval() {
    ExtBuilder::members(3).build_and_execute(|| {
        let id = propose(2, Action::SetDoug(3));
        assert_eq!(
            events(),
            [
                Event::OverrideProposed { id, proposer: 2, action: Action::SetDoug(3) },
                Event::OverrideApproved { id, member: 2, approvals: 1, required: 3 },
            ]
        );
        assert!(Constitution::is_open(id));
    });
}

#[test]
fn a09_a_member_alone_decides_alone_and_two_decide_together() {
    ExtBuilder::members(1).build_and_execute(|| {
        propose(1, Action::SetDoug(5));
        assert_eq!(Doug::<Test>::get(), Some(5));
    });
    ExtBuilder::members(2).build_and_execute(|| {
        let id = propose(1, Action::SetDoug(5));
        assert_eq!(Doug::<Test>::get(), Some(DOUG));
        approve(2, id);
        assert_eq!(Doug::<Test>::get(), Some(5));
    });
}

#[test]
fn a17_the_members_act_without_a_governing_contract() {
    let mut builder = ExtBuilder::members(3);
    builder.genesis.doug_code.clear();
    builder.build_and_execute(|| {
        let id = propose(1, Action::SetDoug(42));
        approve(2, id);
        approve(3, id);
        assert_eq!(Doug::<Test>::get(), Some(42));
    });
}

#[test]
fn remove_member_expels_and_takes_their_approvals_along() {
    ExtBuilder::members(4).build_and_execute(|| {
        let theirs = propose(4, Action::SetDoug(4));
        let shared = propose(3, Action::SetDoug(3));
        approve(4, shared);
        let id = propose(1, Action::RemoveMember(4));
        // They may even approve of it themselves.
        approve(4, id);
        approve(2, id);
        assert!(!Members::get().contains(&4));
        assert_eq!(Overrides::<Test>::get(theirs), None);
        assert_eq!(Overrides::<Test>::get(shared).unwrap().approvals, 1);
        assert_noop!(Constitution::approve_override(signed(4), shared), Error::<Test>::NotMember);
    });
}

#[test]
fn an_action_that_fails_leaves_everything_as_it_was() {
    ExtBuilder::members(3).build_and_execute(|| {
        let id = propose(1, Action::RemoveMember(77));
        approve(2, id);
        assert_noop!(dispatch(3, Call::approve_override { id }), NOT_EXPELLED);
        assert_eq!(Overrides::<Test>::get(id).unwrap().approvals, 2);

        let lockout = propose(2, Action::SetParameter(Parameter::AdmissionThreshold(3)));
        depart(1);
        assert_noop!(dispatch(3, Call::approve_override { id: lockout }), Error::<Test>::WouldLockOut);
    });
}

#[test]
fn propose_override_fails_if_the_parameter_cannot_be_set() {
    ExtBuilder::members(3).build_and_execute(|| {
        let propose = |parameter| Constitution::propose_override(signed(1), Action::SetParameter(parameter));
        assert_noop!(propose(Parameter::EraLength(0)), Error::<Test>::OutOfBounds);
        assert_noop!(propose(Parameter::AdmissionThreshold(4)), Error::<Test>::WouldLockOut);
    });
}

#[test]
fn propose_override_fails_if_one_is_open_and_replaces_one_that_expired() {
    ExtBuilder::members(3).build_and_execute(|| {
        let first = propose(1, Action::SetDoug(1));
        assert_noop!(Constitution::propose_override(signed(1), Action::SetDoug(2)), Error::<Test>::AlreadyExists);
        // Nobody else is held up.
        propose(2, Action::SetDoug(2));
        System::set_block_number(after_the_vote());
        let second = propose(1, Action::SetDoug(3));
        assert!(emitted(Event::OverrideClosed { id: first }));
        assert_eq!(Overrides::<Test>::get(first), None);
        assert_eq!(ProposalOf::<Test>::get(1), Some(second));
    });
}

#[test]
fn propose_override_fails_if_the_numbers_are_used_up() {
    ExtBuilder::members(3).build_and_execute(|| {
        NextOverride::<Test>::put(u32::MAX);
        assert_noop!(
            Constitution::propose_override(signed(1), Action::SetDoug(2)),
            sp_runtime::ArithmeticError::Overflow
        );
    });
}

#[test]
fn approve_override_fails_if_given_already() {
    ExtBuilder::members(3).build_and_execute(|| {
        let id = propose(1, Action::SetDoug(1));
        assert_noop!(Constitution::approve_override(signed(1), id), Error::<Test>::AlreadyExists);
    });
}

#[test]
fn approve_override_fails_if_there_is_no_such() {
    ExtBuilder::members(3).build_and_execute(|| {
        assert_noop!(Constitution::approve_override(signed(1), 0), Error::<Test>::NotFound);
    });
}

#[test]
fn an_override_is_open_to_its_last_block_and_no_longer() {
    ExtBuilder::members(3).build_and_execute(|| {
        let id = propose(1, Action::SetDoug(1));
        System::set_block_number(after_the_vote() - 1);
        approve(2, id);
        assert_noop!(Constitution::prune_override(signed(STRANGER), id), Error::<Test>::TooEarly);
        System::set_block_number(after_the_vote());
        assert_noop!(Constitution::approve_override(signed(3), id), Error::<Test>::Expired);
        assert_ok!(Constitution::prune_override(signed(STRANGER), id));
        assert!(emitted(Event::OverrideClosed { id }));
        assert_noop!(Constitution::prune_override(signed(STRANGER), id), Error::<Test>::NotFound);
    });
}

#[test]
fn withdraw_approval_takes_one_off_and_the_last_closes() {
    ExtBuilder::members(5).build_and_execute(|| {
        let id = propose(1, Action::SetDoug(1));
        approve(2, id);
        events();
        assert_ok!(Constitution::withdraw_approval(signed(1), id));
        assert_eq!(events(), [Event::ApprovalWithdrawn { id, member: 1 }]);
        assert_noop!(Constitution::withdraw_approval(signed(1), id), Error::<Test>::NotFound);
        assert_ok!(Constitution::withdraw_approval(signed(2), id));
        assert_eq!(events(), [Event::ApprovalWithdrawn { id, member: 2 }, Event::OverrideClosed { id }]);
        assert_eq!(ProposalOf::<Test>::get(1), None);
    });
}

#[test]
fn a04_a_member_may_approve_of_as_many_as_the_bound_and_no_more() {
    ExtBuilder::members(40).build_and_execute(|| {
        let ids: Vec<_> = (2..=18).map(|proposer| propose(proposer, Action::SetDoug(proposer))).collect();
        ids[..16].iter().for_each(|id| approve(1, *id));
        assert_noop!(Constitution::approve_override(signed(1), ids[16]), Error::<Test>::TooManyApprovals);
        assert_noop!(Constitution::propose_override(signed(1), Action::SetDoug(1)), Error::<Test>::TooManyApprovals);
        // What is closed makes room.
        assert_ok!(Constitution::withdraw_approval(signed(2), ids[0]));
        assert_ok!(Constitution::withdraw_approval(signed(1), ids[0]));
        approve(1, ids[16]);
    });
}

#[test]
fn closed_overrides_make_room_by_themselves() {
    ExtBuilder::members(40).build_and_execute(|| {
        let ids: Vec<_> = (2..=18).map(|proposer| propose(proposer, Action::SetDoug(proposer))).collect();
        ids[..16].iter().for_each(|id| approve(1, *id));
        System::set_block_number(after_the_vote());
        assert_ok!(Constitution::prune_override(signed(STRANGER), ids[3]));
        propose(1, Action::SetDoug(1));
        assert!(!ApprovedBy::<Test>::get(1).contains(&ids[3]));
    });
}

#[test]
fn a09_approvals_of_those_who_left_do_not_count() {
    ExtBuilder::members(10).build_and_execute(|| {
        let id = propose(1, Action::SetDoug(1));
        (2..=6).for_each(|member| approve(member, id));
        depart(2);
        depart(3);
        // Eight remain, six are needed, four approve.
        approve(7, id);
        assert_eq!(Doug::<Test>::get(), Some(DOUG));
        approve(8, id);
        assert_eq!(Doug::<Test>::get(), Some(1));
    });
}

#[test]
fn a09_a_shrunken_community_is_asked_again() {
    ExtBuilder::members(10).build_and_execute(|| {
        let id = propose(1, Action::SetDoug(1));
        (2..=6).for_each(|member| approve(member, id));
        (7..=10).for_each(depart);
        // Six remain and all approve: nobody is left to add an approval, so one of them asks whether they are enough.
        approve(3, id);
        assert_eq!(Doug::<Test>::get(), Some(1));
    });
}

#[test]
fn a09_a_grown_community_takes_more_approvals() {
    ExtBuilder::members(3).build_and_execute(|| {
        let id = propose(1, Action::SetDoug(1));
        approve(2, id);
        Members::set((1..=30).collect());
        approve(3, id);
        assert_eq!(Doug::<Test>::get(), Some(DOUG));
        assert!(emitted(Event::OverrideApproved { id, member: 3, approvals: 3, required: 21 }));
    });
}

#[test]
fn the_last_to_approve_closes_it_by_leaving() {
    ExtBuilder::members(3).build_and_execute(|| {
        let id = propose(1, Action::SetDoug(1));
        depart(1);
        assert!(emitted(Event::OverrideClosed { id }));
        assert_eq!(ProposalOf::<Test>::get(1), None);
    });
}

#[test]
fn an_approval_may_expel_and_declares_what_that_costs() {
    let info = |call: Call<Test>| call.get_dispatch_info().call_weight;
    let propose = info(Call::propose_override { action: OverrideAction::RemoveMember(1) });
    assert_eq!(propose, <() as WeightInfo>::propose_override() + EXPULSION);
    assert_eq!(info(Call::approve_override { id: 0 }), <() as WeightInfo>::approve_override() + EXPULSION);
}
