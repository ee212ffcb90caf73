// SPDX-License-Identifier: Apache-2.0
//! What is paid, to whom, and what can never be paid.

use super::*;

#[test]
fn claim_pays_the_owners_share() {
    ExtBuilder::members(10).build_and_execute(|| {
        resource(1, 1, 4);
        pledge(2, 1);
        settle_and_draw();
        prove(2);
        next_era();
        events();
        assert_eq!(claim(2, 0), 100);
        assert_eq!(events(), [Event::Claimed { era: 0, provider: 2, amount: 100 }]);
        assert_eq!(Balances::free_balance(2), 100);
        assert_noop!(Incentives::claim(signed(2u64), 0), Error::<Test>::NotFound);
    });
}

#[test]
fn a_share_is_split_by_what_was_proven() {
    ExtBuilder::members(10).build_and_execute(|| {
        resource(1, 1, 30);
        resource(2, 1, 60);
        pledge(2, 1);
        pledge(3, 2);
        settle_and_draw();
        prove(2);
        prove(3);
        next_era();
        assert_eq!((claim(2, 0), claim(3, 0)), (33, 66));
    });
}

#[test]
fn claim_fails_before_the_era_has_ended() {
    ExtBuilder::default().build_and_execute(|| {
        resource(1, 1, 4);
        pledge(2, 1);
        settle_and_draw();
        prove(2);
        assert_noop!(Incentives::claim(signed(2u64), 0), Error::<Test>::TooEarly);
        assert_noop!(Incentives::claim(signed(2u64), 1), Error::<Test>::TooEarly);
    });
}

#[test]
fn claim_fails_if_nothing_was_proven() {
    ExtBuilder::default().build_and_execute(|| {
        next_era();
        assert_noop!(Incentives::claim(signed(2u64), 0), Error::<Test>::NotFound);
    });
}

#[test]
fn a06_claim_fails_if_the_part_rounds_to_nothing() {
    let mut builder = ExtBuilder::members(10);
    builder.rules.era_pot = 9;
    builder.build_and_execute(|| {
        resource(1, 1, 4);
        pledge(2, 1);
        settle_and_draw();
        prove(2);
        next_era();
        assert_noop!(Incentives::claim(signed(2u64), 0), Error::<Test>::NothingEarned);
    });
}

#[test]
fn a06_claim_fails_if_the_issuance_would_overflow() {
    let mut builder = ExtBuilder::members(1);
    builder.rules.era_pot = u128::MAX;
    builder.build_and_execute(|| {
        resource(1, 1, 4);
        pledge(1, 1);
        settle_and_draw();
        prove(1);
        next_era();
        assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), 5, 1));
        assert_noop!(Incentives::claim(signed(1u64), 0), sp_runtime::ArithmeticError::Overflow);
        assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), 5, 0));
        assert_eq!(claim(1, 0), u128::MAX);
    });
}

#[test]
fn an_era_can_be_claimed_to_its_last_block_and_is_then_removed() {
    ExtBuilder::default().build_and_execute(|| {
        resource(1, 1, 4);
        pledge(2, 1);
        pledge(3, 1);
        settle_and_draw();
        prove(2);
        prove(3);
        next_era();
        let until = Eras::<Test>::get(0).unwrap().claim_until.unwrap();
        pass(until - System::block_number() as u32);
        assert_eq!(claim(2, 0), 50);
        System::set_block_number(System::block_number() + 1);
        assert_noop!(Incentives::claim(signed(3u64), 0), Error::<Test>::Expired);
        next_block();
        assert_eq!((Eras::<Test>::get(0), Credits::<Test>::get(0, 3), Directed::<Test>::get(0, 1)), (None, None, 0));
        assert_eq!(OldestEra::<Test>::get(), 1);
        assert_noop!(Incentives::claim(signed(3u64), 0), Error::<Test>::Expired);
    });
}

#[test]
fn the_claim_period_is_the_one_in_force_when_the_era_ended() {
    ExtBuilder::default().build_and_execute(|| {
        NextRules::set(Some(kith_primitives::parameters::Parameters { claim_period: 5, ..Rules::get() }));
        next_era();
        next_era();
        assert_eq!(Eras::<Test>::get(0).unwrap().claim_until, Some(101 + 250));
        assert_eq!(Eras::<Test>::get(1).unwrap().claim_until, Some(201 + 5));
    });
}

#[test]
fn removal_is_bounded_by_the_weight_that_is_left() {
    ExtBuilder::members(50).build_and_execute(|| {
        resource(1, 1, 1);
        (2..=50).for_each(|provider| pledge(provider, 1));
        settle_and_draw();
        (2..=50).for_each(prove);
        next_era();
        System::set_block_number(10_000);
        let step = <() as WeightInfo>::prune_step();
        assert_eq!(Incentives::on_idle(10_000, step - Weight::from_parts(1, 0)), Weight::zero());
        assert_eq!(Credits::<Test>::iter().count(), 49);
        assert_eq!(Incentives::on_idle(10_000, step * 5), step * 5);
        assert_eq!(Credits::<Test>::iter().count(), 44);
        Incentives::on_idle(10_000, Weight::MAX);
        assert_eq!(Credits::<Test>::iter().count(), 44 - 32);
        Incentives::do_try_state().unwrap();
        Incentives::on_idle(10_000, Weight::MAX);
        assert_eq!((OldestEra::<Test>::get(), Directed::<Test>::iter().count()), (1, 0));
    });
}

#[test]
fn a15_a_member_who_keeps_their_own_gets_no_more_than_their_own_share() {
    ExtBuilder::members(10).build_and_execute(|| {
        (0..30).for_each(|id| resource(id, 1, 1_000));
        (0..30).for_each(|id| pledge(1, id));
        settle_and_draw();
        prove(1);
        next_era();
        assert_eq!(claim(1, 0), 100);
    });
}

#[test]
fn a15_the_same_bytes_under_many_numbers_direct_one_share() {
    ExtBuilder::members(10).build_and_execute(|| {
        (0..9).for_each(|id| resource(id, 1, 16));
        (2..=10).for_each(|provider| pledge(provider, u64::from(provider) - 2));
        settle_and_draw();
        (2..=10).for_each(prove);
        next_era();
        let paid: Balance = (2..=10).map(|provider| claim(provider, 0)).sum();
        assert_eq!(paid, 9 * (100 / 9));
    });
}

#[test]
fn a15_a_ring_of_three_in_ten_directs_three_tenths_to_itself_and_no_more() {
    ExtBuilder::members(10).build_and_execute(|| {
        // The ring owns much and keeps all of it; one honest member owns a little, which an honest provider keeps.
        for owner in 1..=3u32 {
            for n in 0..10u32 {
                let id = u64::from(owner * 100 + n);
                resource(id, owner, 500);
                (1..=3).for_each(|provider| pledge(provider, id));
            }
        }
        resource(1, 9, 2);
        pledge(8, 1);
        settle_and_draw();
        [1, 2, 3, 8].into_iter().for_each(prove);
        next_era();
        let ring: Balance = (1..=3).map(|provider| claim(provider, 0)).sum();
        assert!(ring <= 300, "{ring}");
        assert_eq!(claim(8, 0), 100);
    });
}

#[test]
fn a15_members_who_join_during_an_era_add_no_share_to_it() {
    ExtBuilder::members(2).build_and_execute(|| {
        Members::set((1..=6).collect());
        (1..=6).for_each(|owner| resource(owner, owner as MemberId, 4));
        (1..=6).for_each(|owner| pledge(owner as MemberId, owner));
        settle_and_draw();
        (1..=6).for_each(prove);
        next_era();
        let paid: Balance =
            (1..=6).filter(|provider| Credits::<Test>::contains_key(0, *provider)).map(|p| claim(p, 0)).sum();
        assert_eq!(paid, 1_000);
        assert_noop!(Incentives::claim(signed(6u64), 0), Error::<Test>::NotFound);
    });
}
