// SPDX-License-Identifier: Apache-2.0
//! Who guards whose key, and since when.

use frame_support::{assert_noop, assert_ok};
use kith_primitives::{glue::Admission, recovery::MAX_GUARDIANS};

use crate::{mock::guarded::*, mock::*, *};

fn guardians_of_0() -> Vec<u32> {
    (0..8).filter(|n| Membership::is_guardian(0, *n)).collect()
}

#[test]
fn by_default_those_who_vouch_guard() {
    guarded(|| {
        assert_eq!(guardians_of_0(), [1, 2, 3, 4]);
        assert!(!Membership::is_guardian(1, 0));
        FirstVouches::mutate(|vouches| vouches.retain(|(issuer, _)| *issuer != 2));
        assert_eq!(guardians_of_0(), [1, 3, 4]);
    });
}

/// Otherwise enough strangers could vouch for a member, freeze their key, and take it.
#[test]
fn who_vouches_for_somebody_who_is_a_member_already_guards_nothing() {
    guarded(|| {
        pass(1);
        LateVouches::set(vec![(5, 0), (6, 0)]);
        assert_eq!(guardians_of_0(), [1, 2, 3, 4]);
    });
}

/// Otherwise they would have the key of whom the others let lapse.
#[test]
fn h08_a_lapse_makes_no_guardian_of_who_vouched_for_the_member() {
    guarded(|| {
        pass(1);
        LateVouches::set(vec![(5, 0)]);
        Membership::lapse(0);
        assert_eq!(guardians_of_0(), [1, 2, 3, 4]);
        assert_noop!(try_open(5, 0, ProposalFor::Freeze), Error::<Test>::NotGuardian);
        // Whoever is taken back is so on the word of all who stand by them then.
        Membership::admit(0);
        assert_eq!(guardians_of_0(), [1, 2, 3, 4, 5]);
    });
}

#[test]
fn chosen_guardians_guard_after_the_delay() {
    guarded(|| {
        assert_ok!(choose(0, &[3, 4, 5]));
        System::assert_last_event(Event::<Test>::GuardiansChosen { person: 0, from: 1 + DELAY }.into());
        pass(DELAY - 1);
        assert_eq!(guardians_of_0(), [1, 2, 3, 4]);
        pass(1);
        assert_eq!(guardians_of_0(), [3, 4, 5]);
        assert_eq!(Membership::chosen_guardians(0).into_inner(), [3, 4, 5]);
    });
}

#[test]
fn a_choice_replaces_one_that_is_not_in_force() {
    guarded(|| {
        assert_ok!(choose(0, &[3, 4, 5]));
        pass(5);
        assert_ok!(choose(0, &[1, 2, 5]));
        pass(DELAY - 1);
        assert_eq!(guardians_of_0(), [1, 2, 3, 4]);
        pass(1);
        assert_eq!(guardians_of_0(), [1, 2, 5]);
        assert_ok!(choose(0, &[1, 2, 3]));
        assert_eq!(guardians_of_0(), [1, 2, 5]);
    });
}

#[test]
fn choosing_nobody_gives_the_key_back_to_those_who_vouch() {
    guarded(|| {
        assert_ok!(choose(0, &[3, 4, 5]));
        pass(DELAY);
        assert_ok!(choose(0, &[]));
        assert_eq!(guardians_of_0(), [3, 4, 5]);
        pass(DELAY);
        assert_eq!(guardians_of_0(), [1, 2, 3, 4]);
    });
}

#[test]
fn fewer_guardians_than_decide_are_refused() {
    guarded(|| {
        assert_noop!(choose(0, &[1, 2]), Error::<Test>::TooFewGuardians);
        Params::mutate(|parameters| parameters.recovery_threshold = 4);
        assert_noop!(choose(0, &[1, 2, 3]), Error::<Test>::TooFewGuardians);
        assert_ok!(choose(0, &[1, 2, 3, 4]));
    });
}

#[test]
fn oneself_the_same_twice_and_no_members_are_refused() {
    guarded(|| {
        let candidate = sponsor(20);
        Membership::lapse(5);
        for bad in [[1, 2, 0], [1, 2, 1], [1, 2, candidate], [1, 2, 5], [1, 2, 99]] {
            assert_noop!(choose(0, &bad), Error::<Test>::BadGuardian);
        }
    });
}

#[test]
fn only_members_with_a_key_that_counts_choose() {
    guarded(|| {
        sponsor(20);
        Membership::lapse(5);
        for nobody in [77, 20, 5] {
            assert_noop!(choose(nobody, &[1, 2, 3]), Error::<Test>::NotMember);
        }
        assert_ok!(revoke(0));
        assert_noop!(choose(0, &[1, 2, 3]), Error::<Test>::KeyFrozen);
    });
}

#[test]
fn guardians_who_are_no_members_or_whose_keys_are_frozen_do_not_guard() {
    guarded(|| {
        assert_ok!(choose(0, &[1, 2, 3, 4]));
        pass(DELAY);
        Membership::lapse(1);
        assert_ok!(Membership::leave(signed(2)));
        assert_ok!(revoke(3));
        assert_eq!(guardians_of_0(), [4]);
        Membership::admit(1);
        assert_eq!(guardians_of_0(), [1, 4]);
        assert_eq!(Membership::chosen_guardians(0).len(), 4);
    });
}

#[test]
fn as_many_may_guard_as_the_list_holds() {
    Params::set(rules());
    execute_founded(20, || {
        let most: Vec<u32> = (1..=MAX_GUARDIANS).collect();
        assert_ok!(choose(0, &most));
        pass(DELAY);
        assert!(most.iter().all(|guardian| Membership::is_guardian(0, *guardian)));
        assert!(!Membership::is_guardian(0, MAX_GUARDIANS + 1));
    });
}

#[test]
fn a_thiefs_choice_of_guardians_dies_with_the_freeze() {
    guarded(|| {
        assert_ok!(choose(0, &[1, 4, 5]));
        pass(DELAY - 1);
        let motion = open(1, 0, ProposalFor::Freeze);
        assert_ok!(approve(2, 0, motion));
        assert_ok!(approve(3, 0, motion));
        pass(DELAY);
        assert_eq!(guardians_of_0(), [1, 2, 3, 4]);
    });
}

#[test]
fn a_choice_in_force_outlives_freeze_and_new_key() {
    guarded(|| {
        assert_ok!(choose(0, &[1, 2, 3, 5]));
        pass(DELAY);
        agree(ProposalFor::Freeze);
        rekey(30);
        assert_eq!(guardians_of_0(), [1, 2, 3, 5]);
    });
}

#[test]
fn who_is_gone_has_no_guardians() {
    guarded(|| {
        assert_ok!(choose(0, &[1, 2, 3]));
        assert_ok!(Membership::leave(signed(0)));
        assert!(!Guardians::<Test>::contains_key(0));
    });
}
