// SPDX-License-Identifier: Apache-2.0
//! Names: who may have which, for how long, and what looks too much like what.

use frame_support::{assert_noop, assert_ok};

use super::*;
use crate::{Error, Names, Skeletons};

fn init(owner: MemberId, text: &str) -> DispatchResult {
    Resources::init(signed(owner), Kind::Site, Visibility::Public, Some(unchecked_name(text)))
}

fn set_name(owner: MemberId, id: ResourceId, text: &str) -> DispatchResult {
    Resources::set_name(signed(owner), id, Some(unchecked_name(text)))
}

#[test]
fn init_enters_the_name() {
    build_and_execute(|| {
        let id = made(ALICE, Visibility::Private, Some(name("garden")));
        assert_eq!(Names::<Test>::get(name("garden")), Some(id));
        assert_eq!(Skeletons::<Test>::get(name("garden").skeleton()), Some(name("garden")));
        let expected =
            Event::Initialised { resource: id, owner: ALICE, kind: Kind::Site, visibility: Visibility::Private };
        assert_eq!(events(), [expected, Event::NameSet { resource: id, name: Some(name("garden")) }]);
    });
}

#[test]
fn malformed_names_are_refused() {
    build_and_execute(|| {
        let id = resource();
        for text in ["", "ab", "Garden", "a.b", "-abc", "abc-", "a--b", "a b", "gärten", "a/../b"] {
            assert_noop!(init(ALICE, text), Error::<Test>::InvalidName);
            assert_noop!(set_name(ALICE, id, text), Error::<Test>::InvalidName);
        }
    });
}

#[test]
fn reserved_names_and_their_look_alikes_are_refused() {
    build_and_execute(|| {
        let id = resource();
        for text in ["kith", "localhost", "l0calhost", "dashboard", "ad-min", "k1th"] {
            assert_noop!(init(ALICE, text), Error::<Test>::ReservedName);
            assert_noop!(set_name(ALICE, id, text), Error::<Test>::ReservedName);
        }
    });
}

#[test]
fn a_name_in_use_is_refused_to_others_and_to_its_owners_other_resources() {
    build_and_execute(|| {
        made(ALICE, Visibility::Private, Some(name("garden")));
        assert_noop!(init(BOB, "garden"), Error::<Test>::NameTaken);
        assert_noop!(init(ALICE, "garden"), Error::<Test>::NameTaken);
        let other = made(BOB, Visibility::Private, None);
        assert_noop!(set_name(BOB, other, "garden"), Error::<Test>::NameTaken);
    });
}

#[test]
fn a_confusable_name_is_refused() {
    build_and_execute(|| {
        made(ALICE, Visibility::Private, Some(name("modern-book")));
        for text in ["modernbook", "modern-b00k", "modem-book", "m0dem-bo-ok"] {
            assert_noop!(init(BOB, text), Error::<Test>::ConfusableName);
        }
        assert_ok!(init(BOB, "modern-cook"));
    });
}

#[test]
fn set_name_renames_and_frees_the_old_name_at_once() {
    build_and_execute(|| {
        let id = made(ALICE, Visibility::Private, Some(name("garden")));
        events();
        assert_ok!(set_name(ALICE, id, "orchard"));
        assert_eq!(events(), [Event::NameSet { resource: id, name: Some(name("orchard")) }]);
        assert_ok!(init(BOB, "garden"));
        assert_ok!(Resources::set_name(signed(ALICE), id, None));
        assert_ok!(init(BOB, "orchard"));
        assert_eq!(stored(id).name, None);
    });
}

#[test]
fn a_resource_may_take_a_look_alike_of_its_own_name() {
    build_and_execute(|| {
        let id = made(ALICE, Visibility::Private, Some(name("book")));
        assert_ok!(set_name(ALICE, id, "b00k"));
        assert_eq!(Names::<Test>::get(name("book")), None);
        assert_noop!(init(BOB, "book"), Error::<Test>::ConfusableName);
    });
}

#[test]
fn set_name_fails_if_nothing_would_change() {
    build_and_execute(|| {
        let id = made(ALICE, Visibility::Private, Some(name("garden")));
        assert_noop!(set_name(ALICE, id, "garden"), Error::<Test>::AlreadyExists);
        let nameless = resource();
        assert_noop!(Resources::set_name(signed(ALICE), nameless, None), Error::<Test>::AlreadyExists);
    });
}

#[test]
fn set_name_fails_if_not_owner_or_not_leased() {
    build_and_execute(|| {
        let id = resource();
        assert_noop!(set_name(BOB, id, "garden"), Error::<Test>::NotOwner);
        assert_noop!(set_name(CANDIDATE, id, "garden"), Error::<Test>::NotMember);
        assert_noop!(set_name(ALICE, 99, "garden"), Error::<Test>::NotFound);
        System::set_block_number(101);
        assert_noop!(set_name(ALICE, id, "garden"), Error::<Test>::LeaseLapsed);
        System::set_block_number(151);
        assert_noop!(set_name(ALICE, id, "garden"), Error::<Test>::Expired);
    });
}

#[test]
fn a_name_is_kept_through_the_grace_and_free_in_the_block_after() {
    build_and_execute(|| {
        let id = made(ALICE, Visibility::Private, Some(name("garden")));
        System::set_block_number(150);
        assert_noop!(init(BOB, "garden"), Error::<Test>::NameTaken);
        assert_noop!(init(BOB, "gar-den"), Error::<Test>::ConfusableName);
        System::set_block_number(151);
        events();
        // No idle time has passed: the rule does not wait for it.
        assert_ok!(init(BOB, "gar-den"));
        assert!(events().contains(&Event::Expired { resource: id }));
        assert!(!Stored::<Test>::contains_key(id));
        assert_eq!(Names::<Test>::iter_keys().collect::<Vec<_>>(), [name("gar-den")]);
        assert_eq!((on_hold(ALICE), on_hold(BOB)), (0, 100));
    });
}

#[test]
fn set_name_takes_the_name_of_a_resource_whose_time_is_over() {
    build_and_execute(|| {
        let old = made(ALICE, Visibility::Private, Some(name("garden")));
        System::set_block_number(151);
        let id = made(BOB, Visibility::Private, Some(name("orchard")));
        assert_ok!(set_name(BOB, id, "garden"));
        assert_eq!(Names::<Test>::get(name("garden")), Some(id));
        assert!(!Stored::<Test>::contains_key(old));
        assert_noop!(Resources::refresh(signed(ALICE), old), Error::<Test>::NotFound);
    });
}

#[test]
fn a_retired_name_is_free_at_once() {
    build_and_execute(|| {
        let id = made(ALICE, Visibility::Private, Some(name("garden")));
        assert_ok!(Resources::retire(signed(ALICE), id));
        assert_ok!(init(BOB, "garden"));
    });
}
