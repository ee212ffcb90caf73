// SPDX-License-Identifier: Apache-2.0
//! Keys that count for nothing: frozen by guardians, or revoked by their owner beforehand.

use frame_support::{assert_noop, assert_ok};
use kith_primitives::{
    glue::{Admission, Community, Merit},
    parameters::Parameters,
    recovery::revocation_payload,
};

use crate::{mock::guarded::*, mock::*, *};

fn bound(owner: u8) -> DeviceId {
    let (device, signature) = device(3, owner);
    assert_ok!(Membership::bind_device(signed(owner), device, signature));
    device
}

#[test]
fn enough_guardians_freeze_a_key_at_once() {
    guarded(|| {
        let device = bound(0).account();
        let motion = open(1, 0, ProposalFor::Freeze);
        assert_ok!(approve(2, 0, motion));
        assert_eq!(Membership::member(&account(0)), Some(0));
        assert_ok!(approve(3, 0, motion));
        System::assert_last_event(Event::<Test>::KeyFrozen { person: 0, revoked: false }.into());
        assert!(ended(0, motion, MotionEnd::Done));
        assert_eq!(Frozen::<Test>::get(0), Some(Freeze { since: 1, revoked: false }));
        let account = account(0);
        assert_eq!((Membership::member(&account), Membership::person(&account)), (None, None));
        assert_eq!((Membership::member_of_device(&device), Membership::responsible(&device)), (None, None));
        assert!(Membership::is_barred(&account) && !Membership::is_barred(&device));
        // The person is a member as before.
        assert!(Membership::is_member(0) && Membership::may_be_vouched_for(0));
        assert_eq!((Membership::active_members(), Membership::account(0)), (6, Some(account)));
        assert_eq!((Membership::merit(0), Membership::merit(1)), (None, Some((0, 0))));
    });
}

#[test]
fn a_frozen_key_calls_nothing() {
    guarded(|| {
        let device = bound(0);
        let theirs = open(1, 0, new_key(0, 30));
        agree_freeze();
        let application = application(33);
        let calls = [
            Call::sponsor { signature: sign(33, &application), application },
            Call::bind_device { device, signature: crate::mock::device(3, 0).1 },
            Call::unbind_device { device },
            Call::leave {},
            Call::choose_guardians { guardians: Default::default() },
            Call::open_motion { person: 1, proposal: ProposalFor::Freeze },
            Call::approve_motion { person: 1, motion: 0 },
            Call::veto_motion { motion: theirs },
            Call::as_former {
                former: account(0),
                call: Box::new(frame_system::Call::<Test>::remark { remark: vec![] }.into()),
            },
        ];
        for refused in calls {
            assert_noop!(call(signed(0), refused), Error::<Test>::KeyFrozen);
        }
    });
}

fn agree_freeze() {
    let motion = open(4, 0, ProposalFor::Freeze);
    assert_ok!(approve(2, 0, motion));
    assert_ok!(approve(3, 0, motion));
}

#[test]
fn a_freeze_does_not_end_by_time_but_by_the_guardians() {
    guarded(|| {
        agree(ProposalFor::Freeze);
        pass(1_000_000);
        assert!(Membership::is_frozen(0));
        agree(ProposalFor::Unfreeze);
        System::assert_last_event(Event::<Test>::KeyUnfrozen { person: 0 }.into());
        assert_eq!(Membership::member(&account(0)), Some(0));
        assert_eq!(FrozenMembers::<Test>::get(), 0);
    });
}

#[test]
fn what_is_frozen_is_not_frozen_again_and_what_is_not_is_not_unfrozen() {
    guarded(|| {
        assert_noop!(try_open(1, 0, ProposalFor::Unfreeze), Error::<Test>::NotFrozen);
        agree(ProposalFor::Freeze);
        assert_noop!(try_open(1, 0, ProposalFor::Freeze), Error::<Test>::AlreadyFrozen);
    });
}

#[test]
fn a_single_guardian_who_decides_alone_freezes_by_opening() {
    guarded(|| {
        Params::mutate(|parameters| parameters.recovery_threshold = 1);
        let motion = open(1, 0, ProposalFor::Freeze);
        assert!(Membership::is_frozen(0) && ended(0, motion, MotionEnd::Done));
        assert_eq!(motion_hold(&account(1)), 0);
    });
}

#[test]
fn a_revocation_signed_beforehand_freezes_the_key_for_good() {
    guarded(|| {
        pass(1_000_000);
        assert_ok!(revoke(0));
        System::assert_last_event(Event::<Test>::KeyFrozen { person: 0, revoked: true }.into());
        assert!(Membership::is_barred(&account(0)));
        assert_noop!(try_open(1, 0, ProposalFor::Unfreeze), Error::<Test>::Revoked);
        assert_noop!(revoke(0), Error::<Test>::Revoked);
        rekey(30);
        assert!(!Membership::is_frozen(0) && Membership::is_barred(&account(0)));
        assert_eq!(Membership::member(&account(30)), Some(0));
        // The document was for the former account: it does nothing to the new one.
        assert_noop!(revoke(0), Error::<Test>::NotFound);
    });
}

#[test]
fn a_revocation_takes_the_owners_signature_for_this_community() {
    guarded(|| {
        let (account, none) = (account(0), account(77));
        let revoke =
            |account: &AccountId, signature| call(signed(5), Call::revoke_key { account: account.clone(), signature });
        assert_noop!(revoke(&account, revocation(1)), Error::<Test>::BadSignature);
        let elsewhere = signature(0, &revocation_payload(&[1; 32], &account));
        assert_noop!(revoke(&account, elsewhere), Error::<Test>::BadSignature);
        assert_noop!(revoke(&none, revocation(77)), Error::<Test>::NotFound);
        assert_ok!(Membership::leave(signed(0)));
        assert_noop!(revoke(&account, revocation(0)), Error::<Test>::AlreadyRemoved);
    });
}

#[test]
fn a_frozen_key_can_be_revoked_and_then_is_not_unfrozen() {
    guarded(|| {
        agree(ProposalFor::Freeze);
        let motion = open(1, 0, ProposalFor::Unfreeze);
        assert_ok!(approve(2, 0, motion));
        pass(3);
        assert_ok!(revoke(0));
        assert_eq!(Frozen::<Test>::get(0), Some(Freeze { since: 1, revoked: true }));
        assert_noop!(approve(3, 0, motion), Error::<Test>::Revoked);
        assert_eq!(FrozenMembers::<Test>::get(), 1);
    });
}

#[test]
fn a_motion_to_freeze_comes_too_late_for_a_revoked_key() {
    guarded(|| {
        let motion = open(1, 0, ProposalFor::Freeze);
        assert_ok!(approve(2, 0, motion));
        assert_ok!(revoke(0));
        assert_noop!(approve(3, 0, motion), Error::<Test>::AlreadyFrozen);
    });
}

#[test]
fn keys_of_candidates_and_lapsed_members_are_frozen_too_and_the_count_follows() {
    guarded(|| {
        let candidate = sponsor(20);
        assert_ok!(revoke(20));
        assert_eq!((Membership::person(&account(20)), FrozenMembers::<Test>::get()), (None, 0));
        Membership::admit(candidate);
        assert_eq!((Membership::member(&account(20)), FrozenMembers::<Test>::get()), (None, 1));
        Membership::lapse(candidate);
        assert_eq!(FrozenMembers::<Test>::get(), 0);
        Membership::do_try_state().unwrap();
        Membership::admit(candidate);
        assert_ok!(Membership::force_remove(RuntimeOrigin::root(), candidate));
        assert_eq!(FrozenMembers::<Test>::get(), 0);
    });
}

#[test]
fn the_last_key_that_counts_is_neither_frozen_nor_removed_nor_lapses() {
    guarded(|| {
        for n in 2..6 {
            assert_ok!(revoke(n));
        }
        agree_with_frozen_others_fails();
        assert_ok!(revoke(1));
        assert_eq!((Membership::active_members(), FrozenMembers::<Test>::get()), (6, 5));
        assert_noop!(revoke(0), Error::<Test>::LastMember);
        assert_noop!(call(signed(0), Call::leave {}), Error::<Test>::LastMember);
        assert_noop!(call(RuntimeOrigin::root(), Call::force_remove { person: 0 }), Error::<Test>::LastMember);
        Membership::lapse(0);
        assert!(Membership::is_member(0));
        // A frozen member may be removed, as may anybody once another key counts.
        assert_ok!(call(RuntimeOrigin::root(), Call::force_remove { person: 5 }));
        let newcomer = sponsor(20);
        Membership::admit(newcomer);
        assert_ok!(call(signed(0), Call::leave {}));
    });
}

/// Frozen guardians decide nothing.
fn agree_with_frozen_others_fails() {
    let motion = open(1, 0, ProposalFor::Freeze);
    for n in 2..5 {
        assert_noop!(approve(n, 0, motion), Error::<Test>::KeyFrozen);
    }
}

#[test]
fn guardians_cannot_freeze_the_last_key_that_counts() {
    Params::set(Parameters { recovery_threshold: 1, ..rules() });
    FirstVouches::set(vec![(0, 1), (1, 0)]);
    execute(|| {
        fund(0, FUNDS);
        fund(1, FUNDS);
        open(0, 1, ProposalFor::Freeze);
        assert_noop!(try_open(1, 0, ProposalFor::Freeze), Error::<Test>::KeyFrozen);
        assert_noop!(revoke(0), Error::<Test>::LastMember);
        open(0, 1, ProposalFor::Unfreeze);
        open(1, 0, ProposalFor::Freeze);
    });
}

#[test]
fn who_is_removed_keeps_a_revoked_key_revoked_and_no_other_freeze() {
    guarded(|| {
        agree(ProposalFor::Freeze);
        assert_ok!(call(RuntimeOrigin::root(), Call::force_remove { person: 0 }));
        assert!(!Membership::is_barred(&account(0)));
        assert_ok!(revoke(1));
        assert_ok!(call(RuntimeOrigin::root(), Call::force_remove { person: 1 }));
        assert!(Membership::is_barred(&account(1)));
        assert_eq!(Membership::person(&account(1)), None);
    });
}

#[test]
fn a_candidate_forgotten_with_a_revoked_key_never_has_it_again() {
    guarded(|| {
        let id = sponsor(20);
        assert_ok!(revoke(20));
        System::set_block_number(People::<Test>::get(id).unwrap().candidate_until.unwrap());
        assert_ok!(Membership::prune_candidate(signed(77), id));
        assert!(Membership::is_barred(&account(20)) && !Membership::is_frozen(id));
        let again = application(20);
        let signature = sign(20, &again);
        assert_noop!(Membership::sponsor(signed(0), again, signature), Error::<Test>::AccountInUse);
        assert_eq!(Membership::current_account(&account(20)), account(20));
    });
}
