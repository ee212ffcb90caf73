// SPDX-License-Identifier: Apache-2.0
//! How the chain begins.

use super::*;

#[test]
fn founders_stand_proven_and_sit_from_the_first_block_on() {
    execute(3, 2, || {
        assert_eq!((sitting(), planned()), (vec![0, 1], vec![0, 1]));
        assert_eq!((Told::get(), Votes::get()), ((vec![0, 1], vec![0, 1]), vec![0, 1]));
        assert_eq!(Standing::<Test>::iter().count(), 2);
        assert_eq!(Attendances::<Test>::get(1), Some(Attendance { proven: true, absences: 0 }));
    });
}

#[test]
fn with_nobody_named_the_first_validators_stay_until_others_stand() {
    build(3, &[0], vec![]).execute_with(|| {
        System::set_block_number(1);
        full_session();
        full_session();
        assert_eq!((sitting(), Standing::<Test>::count()), (vec![0], 0));
        set_keys(2, 2);
        assert_ok!(stand(2));
        full_session();
        full_session();
        assert_eq!(sitting(), [2]);
    });
}

fn found(validators: Vec<MemberId>) {
    build(300, &[0, 1], validators);
}

#[test]
#[should_panic = "validator 300 is no founder"]
fn a_validator_must_be_a_founder() {
    found(vec![300]);
}

#[test]
#[should_panic = "validator 2 has no session keys"]
fn a_validator_must_have_keys() {
    found(vec![2]);
}

#[test]
#[should_panic = "validator 0 is named twice"]
fn a_validator_is_named_once() {
    found(vec![0, 1, 0]);
}

#[test]
#[should_panic = "person 1 has keys for the first session and is not named as a validator"]
fn who_sits_at_first_is_named() {
    found(vec![0]);
}

#[test]
#[should_panic = "257 validators are named, of at most 256"]
fn no_more_are_named_than_may_stand() {
    found((0..257).collect());
}
