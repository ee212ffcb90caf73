// SPDX-License-Identifier: Apache-2.0
//! How eras follow one another, and when challenges are drawn.

use super::*;

fn current() -> Era {
    CurrentEra::<Test>::get().unwrap()
}

#[test]
fn the_first_block_starts_the_first_era() {
    ExtBuilder::members(7).build_and_execute(|| {
        assert_eq!((current().index, current().started, current().draws), (0, 1, 0));
        assert_eq!(events(), [Event::EraStarted { era: 0, members: 7, pot: 1_000 }]);
    });
}

#[test]
fn an_era_lasts_its_length() {
    ExtBuilder::default().build_and_execute(|| {
        pass(99);
        assert_eq!(era(), 0);
        next_block();
        assert_eq!((era(), current().started), (1, 101));
        assert_eq!(Eras::<Test>::get(0).unwrap().claim_until, Some(101 + 250));
        assert_eq!(Eras::<Test>::get(1).unwrap().claim_until, None);
    });
}

#[test]
fn an_era_keeps_the_pot_and_the_members_it_started_with() {
    ExtBuilder::members(4).build_and_execute(|| {
        Members::set((1..=8).collect());
        NextRules::set(Some(kith_primitives::parameters::Parameters { era_pot: 5, era_length: 10, ..Rules::get() }));
        pass(50);
        let record = Eras::<Test>::get(0).unwrap();
        assert_eq!((record.pot, record.members), (1_000, 4));
        next_era();
        let record = Eras::<Test>::get(1).unwrap();
        assert_eq!((record.pot, record.members), (5, 8));
        pass(10);
        assert_eq!(era(), 2);
    });
}

#[test]
fn a14_the_seed_known_when_the_era_started_is_not_used() {
    ExtBuilder::default().build_and_execute(|| {
        let known = Seed::get();
        pass(50);
        assert_eq!(current().draw, None);
        events();
        reseed();
        let draw = current().draw.unwrap();
        assert_ne!(draw.seed, known);
        assert_eq!((u64::from(draw.at), current().draws), (System::block_number(), 1));
        assert_eq!(events(), [Event::ChallengesDrawn { era: 0 }]);
        // One draw an era, however many epochs it has.
        reseed();
        assert_eq!(current().draw, Some(draw));
    });
}

#[test]
fn a14_a_seed_that_appears_with_the_era_is_not_used() {
    ExtBuilder::default().build_and_execute(|| {
        pass(99);
        reseed();
        assert_eq!((era(), current().draw), (1, None));
        pass(98);
        assert_eq!(current().draw, None);
    });
}

#[test]
fn an_era_without_a_new_seed_asks_nothing_and_counts_nothing() {
    ExtBuilder::default().build_and_execute(|| {
        resource(1, 1, 4);
        pledge(2, 1);
        next_era();
        next_era();
        assert_eq!((Incentives::challenge(2), misses(2)), (None, 0));
    });
}

#[test]
fn a06_the_era_rolls_at_the_ends_of_the_numbers() {
    let mut builder = ExtBuilder::members(0);
    builder.rules.era_pot = u128::MAX;
    builder.build_and_execute(|| {
        CurrentEra::<Test>::mutate(|era| era.as_mut().unwrap().draws = u32::MAX);
        System::set_block_number(u64::from(u32::MAX) - 1);
        next_block();
        let record = Eras::<Test>::get(0).unwrap();
        assert_eq!(record.claim_until, Some(u32::MAX));
        assert_eq!(crate::maths::share(record.pot, record.members), 0);
        reseed_at_the_end();
    });
}

/// A draw beyond the last number: counted no further, and nothing breaks.
fn reseed_at_the_end() {
    Seed::set([9; 32]);
    Incentives::on_initialize(System::block_number());
    assert_eq!(current().draws, u32::MAX);
}
