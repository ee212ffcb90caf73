// SPDX-License-Identifier: Apache-2.0
//! That everything one person can have is theirs under the new key.

use frame_support::{
    assert_noop, assert_ok,
    traits::{Currency, Hooks},
    weights::Weight,
};
use kith_primitives::{
    glue::{Community, Quota},
    Balance,
};
use kith_runtime::{
    configs::ProxyType, Balances, Constitution, Incentives, Membership, Multisig, Proxy, Resources, Runtime,
    RuntimeOrigin, System, Validators, Vouching,
};
use pallet_kith_constitution::{NextOverride, Scheduled};
use pallet_kith_membership::Motions;
use pallet_kith_resources::Subscriptions;
use pallet_kith_validators::Standing;
use serde_json::json;
use sp_io::TestExternalities;
use sp_keyring::Sr25519Keyring::{Alice, Bob, Charlie, Dave, Eve, One};

use crate::{
    account, began,
    burden::{
        begin_block, burden, device, draw, kept, rules, wrapped, BOB, CANDIDATE, CHARLIE, DEVICES, DIARY, EARNED, GIFT,
        KEPT, NAME, PURE_SINCE, SITE,
    },
    changed, is_named_in_state, origin, payment, rekey, soundness, wait, ALICE,
};

/// The development chain, in which two vouches make a member, near or not.
fn community() -> TestExternalities {
    changed(|genesis| genesis["constitution"]["parameters"]["distance_percent"] = json!(0))
}

/// Runs a test after Alice, who had everything, got a new key. In the end as in the beginning nothing names the old one.
fn after_the_rekeying(test: impl FnOnce()) {
    community().execute_with(|| {
        burden();
        rekey(One);
        assert!(!is_named_in_state(&account(Alice)));
        test();
        soundness::check();
        assert!(!is_named_in_state(&account(Alice)));
    });
}

#[test]
fn everything_follows_to_the_new_key_and_no_key_of_the_state_names_the_old() {
    community().execute_with(|| {
        burden();
        let (held, free) = (Balances::reserved_balance(account(Alice)), Balances::free_balance(account(Alice)));
        let quota = Membership::available(ALICE);
        assert!(is_named_in_state(&account(Alice)));
        rekey(One);
        assert!(!is_named_in_state(&account(Alice)));
        assert_eq!(Balances::total_balance(&account(Alice)), 0);
        assert_eq!((Balances::reserved_balance(account(One)), Balances::free_balance(account(One))), (held, free));
        assert_eq!((Membership::person(&account(One)), Membership::person(&account(Alice))), (Some(ALICE), None));
        assert_eq!(pallet_proxy::Proxies::<Runtime>::get(account(One)).0.len(), 1);
        assert_eq!(pallet_proxy::Announcements::<Runtime>::get(account(One)).0.len(), 1);
        assert_eq!(Membership::available(ALICE), quota);
        assert_eq!(Membership::chosen_guardians(ALICE).into_inner(), [BOB, CHARLIE]);
        assert_eq!(Membership::devices_of(ALICE), [device()]);
        assert_eq!(Membership::member_of_device(&device().account()), Some(ALICE));
        assert_eq!(Resources::view_by_name(NAME).map(|site| (site.id, site.owner)), Some((SITE, ALICE)));
        assert!(Subscriptions::<Runtime>::contains_key(KEPT, ALICE));
        assert_ok!(Resources::retire(origin(One), SITE));
        assert_eq!(pallet_kith_vouching::Vouches::<Runtime>::iter_prefix(ALICE).count(), 2);
        soundness::check();
    });
}

#[test]
fn the_new_key_disposes_of_name_subscription_and_device() {
    after_the_rekeying(|| {
        assert_ok!(Resources::set_name(origin(One), SITE, None));
        assert_eq!(Resources::view_by_name(NAME), None);
        assert_ok!(Resources::unsubscribe(origin(One), KEPT));
        assert_ok!(Membership::unbind_device(origin(One), device()));
        assert!(Membership::devices_of(ALICE).is_empty());
    });
}

#[test]
fn the_new_key_claims_what_the_old_one_earned_and_proves_what_it_pledged() {
    type Error = pallet_kith_incentives::Error<Runtime>;
    after_the_rekeying(|| {
        let free = || Balances::free_balance(account(One));
        let (before, earned) = (free(), Incentives::earned(EARNED, ALICE).expect("she proved it"));
        assert!(earned > 0);
        assert_noop!(Incentives::claim(origin(Alice), EARNED), Error::NotMember);
        assert_ok!(Incentives::claim(origin(One), EARNED));
        assert_eq!(free(), before + earned);

        draw(8);
        assert_noop!(Incentives::prove_custody(origin(Alice), kept().1), Error::NotMember);
        assert_ok!(Incentives::prove_custody(origin(One), kept().1));
        wait(rules().era_length);
        begin_block();
        let (before, earned) = (free(), Incentives::earned(EARNED + 1, ALICE).expect("she proved it"));
        // Her device works for the account she has now.
        assert_ok!(Incentives::claim(RuntimeOrigin::signed(device().account()), EARNED + 1));
        assert_eq!(free(), before + earned);
    });
}

/// The right to read is the person's. The key that came with it is of no use to the new one: who has it returns it, and what
/// is written from then on is written under another, which the old key never opened.
#[test]
fn what_the_person_may_read_stays_theirs_to_read_under_keys_wrapped_anew() {
    type Error = pallet_kith_resources::Error<Runtime>;
    after_the_rekeying(|| {
        let readers = || {
            let mut readers = Resources::readers(DIARY);
            readers.sort_unstable();
            readers
        };
        assert_eq!(readers(), [ALICE, BOB]);
        assert_noop!(Resources::reject_key(origin(Alice), DIARY, 0), Error::NotMember);
        let return_key = |wrapped| Resources::return_key(origin(Bob), DIARY, ALICE, 0, wrapped);
        assert_ok!(return_key(wrapped(2)));
        assert_eq!(Resources::wrapped_key(DIARY, ALICE, 0), Some(wrapped(2).into_inner()));
        assert_noop!(return_key(wrapped(3)), Error::KeyStands);

        Resources::on_initialize(System::block_number());
        assert_eq!(Resources::view(DIARY).map(|diary| diary.key_epoch), Some(1));
        assert_eq!(readers(), [ALICE, BOB]);
        assert_ok!(Resources::grant(origin(Bob), DIARY, ALICE, 1, wrapped(4)));
    });
}

#[test]
fn the_new_key_takes_what_was_offered_to_the_person() {
    type Error = pallet_kith_resources::Error<Runtime>;
    after_the_rekeying(|| {
        assert_noop!(Resources::accept_transfer(origin(Alice), GIFT), Error::NotMember);
        assert_ok!(Resources::accept_transfer(origin(One), GIFT));
        assert_eq!(Resources::view(GIFT).map(|gift| gift.owner), Some(ALICE));
    });
}

#[test]
fn the_person_stands_for_validator_and_the_new_key_decides_for_how_long() {
    type Error = pallet_kith_validators::Error<Runtime>;
    after_the_rekeying(|| {
        assert!(Standing::<Runtime>::contains_key(ALICE));
        assert_noop!(Validators::stand_down(origin(Alice)), Error::NotMember);
        assert_ok!(Validators::stand_down(origin(One)));
        assert!(!Standing::<Runtime>::contains_key(ALICE));
        assert_ok!(Validators::stand(origin(One)));
        assert!(Standing::<Runtime>::contains_key(ALICE));
    });
}

#[test]
fn the_vouch_the_person_gave_counts_and_is_the_only_one_they_may_give() {
    after_the_rekeying(|| {
        let again = Vouching::vouch(origin(One), CANDIDATE);
        assert_eq!(again, Err(pallet_kith_vouching::Error::<Runtime>::AlreadyExists.into()));
        assert!(!Membership::is_member(CANDIDATE));
        assert_ok!(Vouching::vouch(origin(Bob), CANDIDATE));
        assert!(Membership::is_member(CANDIDATE), "two vouches make a member, and one was Alice's");
    });
}

#[test]
fn the_override_the_person_asked_for_has_their_approval_once() {
    after_the_rekeying(|| {
        let change = NextOverride::<Runtime>::get() - 1;
        let again = Constitution::approve_override(origin(One), change);
        assert_eq!(again, Err(pallet_kith_constitution::Error::<Runtime>::AlreadyExists.into()));
        assert_ok!(Constitution::approve_override(origin(Bob), change));
        assert_eq!(Scheduled::<Runtime>::get(), None, "it takes all three members");
        assert_ok!(Constitution::approve_override(origin(Charlie), change));
        assert_eq!(Scheduled::<Runtime>::get().map(|next| next.max_devices), Some(DEVICES));
    });
}

/// Ends what something is held for, and sees that this is free on the new account.
fn let_go(end: impl FnOnce()) {
    let (held, free) = balance();
    end();
    let (held_now, free_now) = balance();
    assert!(held_now < held);
    assert_eq!(free_now - free, held - held_now);
}

/// What is held and what is free on the new account.
fn balance() -> (Balance, Balance) {
    (Balances::reserved_balance(account(One)), Balances::free_balance(account(One)))
}

/// Gives up the account nobody has the key of, as the account that made it.
fn kill_pure() {
    type Call = pallet_proxy::Call<Runtime>;
    let pure = Proxy::pure_account(&account(Alice), &ProxyType::Any, 0, Some((PURE_SINCE, 0)));
    let kill = Call::kill_pure {
        spawner: account(Alice).into(),
        proxy_type: ProxyType::Any,
        index: 0,
        height: PURE_SINCE,
        ext_index: 0,
    };
    let call = Call::proxy { real: pure.into(), force_proxy_type: None, call: Box::new(kill.into()) };
    assert_ok!(Membership::as_former(origin(One), account(Alice), Box::new(call.into())));
}

/// Bob has the last word in the multisig.
fn complete_multisig() {
    let (others, began) = (vec![account(Alice)], Some(began()));
    assert_ok!(Multisig::as_multi(origin(Bob), 2, others, began, Box::new(payment()), Weight::MAX));
}

/// Nobody approved Alice's motion, and its time is over.
fn close_motion() {
    let motion = Motions::<Runtime>::iter_key_prefix(BOB).next().expect("it is open");
    wait(rules().recovery_period);
    assert_ok!(Membership::close_motion(origin(Dave), BOB, motion));
}

#[test]
fn every_deposit_is_the_new_keys_when_its_cause_ends() {
    after_the_rekeying(|| {
        let total = Balances::total_balance(&account(One));
        let_go(|| {
            assert_ok!(Resources::retire(origin(One), SITE));
        });
        let_go(|| {
            assert_ok!(Proxy::remove_proxies(origin(One)));
        });
        let_go(|| {
            assert_ok!(Proxy::remove_announcement(origin(One), account(Eve).into(), Default::default()));
        });
        let_go(kill_pure);
        let_go(complete_multisig);
        let_go(close_motion);
        assert_eq!(balance(), (0, total), "nothing else was held");
    });
}
