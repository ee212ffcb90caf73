// SPDX-License-Identifier: Apache-2.0
//! What is asked of providers, and which answers count.

use super::*;

/// Provider 2 keeps resource 1 of member 1, and is asked for a chunk of it.
fn asked() {
    resource(1, 1, 37);
    pledge(2, 1);
    settle_and_draw();
}

#[test]
fn prove_custody_works() {
    ExtBuilder::default().build_and_execute(|| {
        asked();
        let view = Incentives::challenge(2).unwrap();
        assert_eq!((view.resource, view.version, view.answered), (1, 1, false));
        assert!(view.chunk < 37);
        events();
        prove(2);
        assert_eq!(events(), [Event::CustodyProven { era: 0, provider: 2, resource: 1, owner: Some(1) }]);
        assert_eq!(Credits::<Test>::get(0, 2), Some(Credit { owner: 1, weight: 37 }));
        assert_eq!(Directed::<Test>::get(0, 1), 37);
        assert!(Incentives::challenge(2).unwrap().answered);
    });
}

#[test]
fn a15_an_answer_counts_once() {
    ExtBuilder::default().build_and_execute(|| {
        asked();
        prove(2);
        assert_noop!(Incentives::prove_custody(signed(2u64), answer(2)), Error::<Test>::AlreadyAnswered);
        // Not even by letting go of everything and promising it anew.
        let old = answer(2);
        assert_ok!(Incentives::release(signed(2u64), 1));
        pledge(2, 1);
        assert_noop!(Incentives::prove_custody(signed(2u64), old), Error::<Test>::NothingAsked);
    });
}

#[test]
fn a15_a_replayed_answer_of_an_earlier_era_or_another_provider_is_refused() {
    ExtBuilder::default().build_and_execute(|| {
        resource(1, 1, 1_000);
        pledge(2, 1);
        pledge(3, 1);
        settle_and_draw();
        let (mine, theirs) = (answer(2), answer(3));
        assert_ne!(mine.index, theirs.index);
        assert_noop!(Incentives::prove_custody(signed(2u64), theirs), Error::<Test>::NotProven);
        assert_ok!(Incentives::prove_custody(signed(2u64), mine.clone()));
        next_era();
        assert_noop!(Incentives::prove_custody(signed(2u64), mine.clone()), Error::<Test>::NothingAsked);
        settle_and_draw();
        assert_noop!(Incentives::prove_custody(signed(2u64), mine), Error::<Test>::NotProven);
    });
}

#[test]
fn prove_custody_fails_if_a_byte_is_wrong() {
    ExtBuilder::default().build_and_execute(|| {
        asked();
        let mut wrong = answer(2);
        wrong.chunk[0] ^= 1;
        assert_noop!(Incentives::prove_custody(signed(2u64), wrong), Error::<Test>::NotProven);
        let mut wrong = answer(2);
        wrong.path.pop();
        assert_noop!(Incentives::prove_custody(signed(2u64), wrong), Error::<Test>::NotProven);
        // A right proof of a chunk that was not asked for.
        let other = (answer(2).index + 1) % 37;
        let proof = proof(1, 1, 37, other).1.unwrap();
        assert_noop!(Incentives::prove_custody(signed(2u64), proof), Error::<Test>::NotProven);
    });
}

#[test]
fn prove_custody_fails_if_nothing_is_asked() {
    ExtBuilder::default().build_and_execute(|| {
        resource(1, 1, 4);
        let proof = proof(1, 1, 4, 0).1.unwrap();
        assert_noop!(Incentives::prove_custody(signed(2u64), proof.clone()), Error::<Test>::NothingAsked);
        pledge(2, 1);
        assert_noop!(Incentives::prove_custody(signed(2u64), proof), Error::<Test>::NothingAsked);
    });
}

#[test]
fn a14_promises_made_after_the_draw_or_just_before_it_are_not_asked_for() {
    ExtBuilder::default().build_and_execute(|| {
        resource(1, 1, 4);
        pledge(2, 1);
        pass(SETTLING - 2);
        reseed();
        pledge(3, 1);
        assert_eq!((Incentives::challenge(2), Incentives::challenge(3)), (None, None));
        next_era();
        // Who changed what they promised as the draw came was not asked, which does not count as an answer.
        assert_eq!((misses(2), misses(3)), (1, 0));
    });
}

#[test]
fn a14_changing_ones_promises_does_not_change_the_question() {
    ExtBuilder::default().build_and_execute(|| {
        (0..40).for_each(|id| resource(id, 1, 50));
        (0..20).for_each(|id| pledge(2, id));
        settle_and_draw();
        let question = Incentives::challenge(2).unwrap();
        for id in 20..40 {
            pledge(2, id);
            assert_eq!(Incentives::challenge(2).unwrap(), question);
        }
        for id in 0..20 {
            assert_ok!(Incentives::release(signed(2u64), id));
            assert_eq!(Incentives::challenge(2).unwrap(), question);
        }
        // Nor does a new seed within the era.
        reseed();
        assert_eq!(Incentives::challenge(2).unwrap(), question);
        prove(2);
        assert_eq!(Credits::<Test>::get(0, 2).unwrap().weight, 20 * 50);
    });
}

#[test]
fn every_promise_is_asked_for_sooner_or_later() {
    ExtBuilder::default().build_and_execute(|| {
        (0..4).for_each(|id| resource(id, 1, 50));
        (0..4).for_each(|id| pledge(2, id));
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..40 {
            settle_and_draw();
            seen.insert(Incentives::challenge(2).unwrap().resource);
            next_era();
        }
        assert_eq!(seen, (0..4).collect());
    });
}

#[test]
fn an_answer_for_what_nobody_pays_for_keeps_the_promise_and_earns_nothing() {
    let unpaid: [fn(); 3] = [|| end_lease(1), || publish(1), || Members::mutate(|members| assert!(members.remove(&1)))];
    for change in unpaid {
        ExtBuilder::default().build_and_execute(|| {
            asked();
            change();
            events();
            prove(2);
            assert_eq!(events(), [Event::CustodyProven { era: 0, provider: 2, resource: 1, owner: None }]);
            assert_eq!((misses(2), Credits::<Test>::get(0, 2), Directed::<Test>::get(0, 1)), (0, None, 0));
        });
    }
}

#[test]
fn misses_are_counted_however_late_one_looks() {
    ExtBuilder::default().build_and_execute(|| {
        asked();
        assert_eq!(misses(2), 0);
        next_era();
        assert_eq!(misses(2), 1);
        settle_and_draw();
        next_era();
        next_era();
        assert_eq!(misses(2), 2);
        settle_and_draw();
        assert_eq!(misses(2), 2);
        prove(2);
        next_era();
        assert_eq!(misses(2), 0);
    });
}
