// SPDX-License-Identifier: Apache-2.0
//! What becomes of what is pending when a parameter changes: a table, a line for each change.

use frame_support::{assert_noop, assert_ok};
use kith_primitives::{
    distance::{Step, Witness},
    member::Standing,
    parameters::{Parameter, Parameters},
};

use crate::{mock::*, *};

/// So many founders vouch for each other, unless a line says otherwise, and two newcomers get the next numbers.
const FOUNDERS: u16 = 5;
const NEWCOMER: MemberId = 5;
const OTHER: MemberId = 6;
const TERM: BlockNumber = 300;

/// A change while something is pending.
struct Change {
    founders: u16,
    rules: fn() -> Parameters,
    /// What happens under the first rules.
    pending: fn(),
    to: Parameter,
    /// What is so under the second.
    then: fn(),
}

/// No distance is asked for, and a member may vouch as often as they like.
fn rules() -> Parameters {
    Parameters { vouch_stock: 20, vouch_interval: 0, ..RULES() }
}

/// The same, but once in ten blocks only.
fn seldom() -> Parameters {
    Parameters { vouch_interval: 10, ..rules() }
}

/// Distance is asked for, also of members, and everybody is asked.
fn near() -> Parameters {
    Parameters { distance_sample: 128, proof_validity: TERM, renewal_percent: 50, ..NEAR() }
}

fn expires(issuer: MemberId, subject: MemberId) -> Option<BlockNumber> {
    Vouches::<Test>::get(subject, issuer).map(|vouch| vouch.expires)
}

/// The newcomer has so many vouches, the first of their sponsor.
fn vouched(times: MemberId) {
    assert_eq!(sponsor(0, 100), NEWCOMER);
    (1..times).for_each(|issuer| vouch(issuer, NEWCOMER).unwrap());
    assert_eq!(standing(NEWCOMER), Some(Standing::Candidate));
}

/// Founder 0 vouched in block 1, and may not yet again.
fn between_two_vouches() {
    vouched(1);
    assert_eq!(sponsor(1, 101), OTHER);
    pass(4);
    assert_noop!(vouch(0, OTHER), Error::<Test>::TooEarly);
}

fn prove_newcomer() {
    assert_ok!(prove(NEWCOMER, witness(NEWCOMER).unwrap()));
}

const CHANGES: [Change; 18] = [
    // A candidate keeps the time they were given; the next has what is in force.
    Change {
        founders: FOUNDERS,
        rules,
        pending: || vouched(1),
        to: Parameter::CandidateLifetime(20),
        then: || {
            assert_eq!(sponsor(0, 101), OTHER);
            pass(20);
            assert_noop!(vouch(1, OTHER), Error::<Test>::NotEligible);
            assert_ok!(vouch(1, NEWCOMER));
            pass(180);
            assert_noop!(vouch(2, NEWCOMER), Error::<Test>::NotEligible);
        },
    },
    // A grace ends when it was to end.
    Change {
        founders: FOUNDERS,
        rules,
        pending: || (0..2).for_each(|issuer| withdraw(issuer, 4).unwrap()),
        to: Parameter::LapseGrace(10),
        then: || {
            (0..2).for_each(|issuer| withdraw(issuer, 3).unwrap());
            assert_eq!((Graces::<Test>::get(4), Graces::<Test>::get(3)), (Some(51), Some(11)));
            pass(10);
            assert_eq!((standing(4), standing(3)), (Some(Standing::Member), Some(Standing::Lapsed)));
            pass(39);
            assert_eq!(standing(4), Some(Standing::Member));
            pass(1);
            assert_eq!(standing(4), Some(Standing::Lapsed));
        },
    },
    // A vouch counts for as long as it was to count, and a renewal never shortens it.
    Change {
        founders: FOUNDERS,
        rules,
        pending: || vouched(1),
        to: Parameter::VouchValidity(20),
        then: || {
            assert_ok!(vouch(1, NEWCOMER));
            assert_eq!((expires(0, NEWCOMER), expires(1, NEWCOMER)), (Some(1_001), Some(21)));
            pass(20);
            assert_eq!((expires(0, NEWCOMER), expires(1, NEWCOMER)), (Some(1_001), None));
            pass(929);
            assert_ok!(renew(0, 1));
            assert_eq!(expires(0, 1), Some(1_000));
        },
    },
    // A vouch that is prolonged counts for as long as is in force then.
    Change {
        founders: FOUNDERS,
        rules,
        pending: || pass(949),
        to: Parameter::VouchValidity(5_000),
        then: || {
            assert_eq!(expires(0, 1), Some(1_000));
            assert_ok!(renew(0, 1));
            assert_eq!(expires(0, 1), Some(5_950));
        },
    },
    // When a vouch may be prolonged is judged by what is in force.
    Change {
        founders: FOUNDERS,
        rules,
        pending: || {
            assert_noop!(renew(0, 1), Error::<Test>::TooEarlyToRenew);
        },
        to: Parameter::RenewalWindow(1_000),
        then: || renew(0, 1).unwrap(),
    },
    // A proof holds for the term it was given.
    Change {
        founders: FOUNDERS,
        rules: near,
        pending: || assert_eq!(ProofEnds::<Test>::get(0), Some(TERM)),
        to: Parameter::ProofValidity(40),
        then: || {
            vouched(3);
            prove_newcomer();
            assert_eq!((ProofEnds::<Test>::get(0), ProofEnds::<Test>::get(NEWCOMER)), (Some(TERM), Some(41)));
            pass(40);
            assert_eq!(Graces::<Test>::iter_keys().collect::<Vec<_>>(), [NEWCOMER]);
        },
    },
    // The interval is counted from the last vouch, by what is in force.
    Change {
        founders: FOUNDERS,
        rules: seldom,
        pending: between_two_vouches,
        to: Parameter::VouchInterval(4),
        then: || vouch(0, OTHER).unwrap(),
    },
    Change {
        founders: FOUNDERS,
        rules: seldom,
        pending: between_two_vouches,
        to: Parameter::VouchInterval(50),
        then: || {
            pass(45);
            assert_noop!(vouch(0, OTHER), Error::<Test>::TooEarly);
            pass(1);
            assert_ok!(vouch(0, OTHER));
        },
    },
    // Vouches above a lowered stock stand, and no more are given until there is room.
    Change {
        founders: FOUNDERS,
        rules,
        pending: || {
            vouched(1);
            assert_eq!(sponsor(1, 101), OTHER);
        },
        to: Parameter::VouchStock(2),
        then: || {
            pass(100);
            assert_eq!(Issuers::<Test>::get(0).live, 5);
            (1..4).for_each(|subject| withdraw(0, subject).unwrap());
            assert_noop!(vouch(0, OTHER), Error::<Test>::TooManyVouches);
            assert_ok!(withdraw(0, 4));
            assert_ok!(vouch(0, OTHER));
        },
    },
    // A candidate needs what is in force when the vouches are counted.
    Change {
        founders: FOUNDERS,
        rules,
        pending: || vouched(2),
        to: Parameter::AdmissionThreshold(4),
        then: || {
            assert_ok!(vouch(2, NEWCOMER));
            assert_noop!(reconsider(NEWCOMER), Error::<Test>::Unchanged);
            assert_ok!(vouch(3, NEWCOMER));
            assert_eq!(standing(NEWCOMER), Some(Standing::Member));
        },
    },
    // It is counted with the next vouch, or when somebody asks.
    Change {
        founders: FOUNDERS,
        rules,
        pending: || vouched(2),
        to: Parameter::AdmissionThreshold(2),
        then: || {
            pass(50);
            assert_eq!(standing(NEWCOMER), Some(Standing::Candidate));
            assert_ok!(reconsider(NEWCOMER));
            assert_eq!(standing(NEWCOMER), Some(Standing::Member));
        },
    },
    // A member is held to it when they lose a vouch, or when somebody asks.
    Change {
        founders: FOUNDERS,
        rules,
        pending: || (),
        to: Parameter::AdmissionThreshold(5),
        then: || {
            pass(99);
            assert_eq!(Graces::<Test>::iter_keys().count(), 0);
            assert_ok!(withdraw(0, 1));
            assert_eq!(Graces::<Test>::iter().collect::<Vec<_>>(), [(1, 150)]);
        },
    },
    // Who has not been admitted must be near from then on.
    Change {
        founders: FOUNDERS,
        rules: || Parameters { distance_percent: 0, ..near() },
        pending: || vouched(2),
        to: Parameter::DistancePercent(80),
        then: || {
            assert_eq!(Requests::<Test>::get(NEWCOMER), None);
            assert_ok!(vouch(2, NEWCOMER));
            assert_eq!(standing(NEWCOMER), Some(Standing::Candidate));
            prove_newcomer();
            assert_eq!(standing(NEWCOMER), Some(Standing::Member));
        },
    },
    // Or need not be any more.
    Change {
        founders: FOUNDERS,
        rules: near,
        pending: || vouched(3),
        to: Parameter::DistancePercent(0),
        then: || {
            assert_noop!(prove(NEWCOMER, Witness::new()), Error::<Test>::NothingToProve);
            assert_ok!(reconsider(NEWCOMER));
            assert_eq!(standing(NEWCOMER), Some(Standing::Member));
        },
    },
    // What was proven stays so.
    Change {
        founders: FOUNDERS,
        rules: near,
        pending: || {
            vouched(2);
            prove_newcomer();
        },
        to: Parameter::DistancePercent(100),
        then: || {
            assert_ok!(vouch(2, NEWCOMER));
            assert_eq!(standing(NEWCOMER), Some(Standing::Member));
        },
    },
    // A witness is judged by what is in force, also for a request made before.
    Change {
        founders: FOUNDERS,
        rules: near,
        pending: || {
            vouched(1);
            assert!(witness(NEWCOMER).is_some());
        },
        to: Parameter::DistanceSteps(1),
        then: || {
            let longer = vec![Step { member: 0, parent: 0 }, Step { member: 3, parent: 1 }];
            assert_noop!(prove(NEWCOMER, longer.try_into().unwrap()), Error::<Test>::PathTooLong);
        },
    },
    // And so is who is asked.
    Change {
        founders: 12,
        rules: near,
        pending: || {
            assert_eq!(sponsor(0, 100), 12);
            assert_eq!(Vouching::asked(12).ok().unwrap().len(), 12);
        },
        to: Parameter::DistanceSample(8),
        then: || {
            assert_noop!(prove(12, Witness::new()), Error::<Test>::TooEarlyToProve);
            pass(2 * EPOCH);
            assert_eq!(Vouching::asked(12).ok().unwrap().len(), 8);
        },
    },
    // The interval is counted from the last request, by what is in force.
    Change {
        founders: FOUNDERS,
        rules: near,
        pending: || {
            vouched(1);
            pass(20);
            assert_noop!(request(by(NEWCOMER), NEWCOMER), Error::<Test>::TooEarlyToRequest);
        },
        to: Parameter::DistanceInterval(20),
        then: || request(by(NEWCOMER), NEWCOMER).unwrap(),
    },
];

#[test]
fn what_was_given_keeps_its_end_and_each_further_step_is_judged_by_the_parameters_in_force() {
    for Change { founders, rules, pending, to, then } in CHANGES {
        println!("{to:?}");
        assert!(to.in_bounds());
        Params::set(rules());
        execute(founders, || {
            pending();
            check();
            Params::mutate(|parameters| to.apply(parameters));
            then();
        });
    }
}
