// SPDX-License-Identifier: Apache-2.0
//! Who may call what: every call with every origin that must not.

use super::*;
use frame_support::traits::GetCallName;
use sp_runtime::DispatchError;

const STRANGER: MemberId = 99;
const CANDIDATE: MemberId = 20;
const LAPSED: MemberId = 1;
const FROZEN: MemberId = 2;
const REMOVED: MemberId = 21;
const MEMBER: MemberId = 0;

fn calls() -> Vec<Call<Test>> {
    vec![Call::stand {}, Call::stand_down {}]
}

#[test]
fn the_table_holds_every_call() {
    let names: Vec<_> = calls().iter().map(|call| call.get_call_name()).collect();
    assert_eq!(names, Call::<Test>::get_call_names());
}

#[test]
fn the_calls_keep_their_numbers() {
    use codec::Encode;
    assert_eq!(calls().encode(), [8, 0, 1]);
}

#[test]
fn a01_every_call_refuses_every_origin_it_is_not_for() {
    execute(4, 4, || {
        for id in [CANDIDATE, REMOVED] {
            join(id, 1);
            set_keys(id, id.into());
            depart(id);
        }
        depart(LAPSED);
        change(FROZEN, |person| person.frozen = true);
        for refused in calls() {
            // Nobody, and the constitution, which has no part in this.
            for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
                assert_noop!(call(origin, refused.clone()), DispatchError::BadOrigin);
            }
            for id in [STRANGER, CANDIDATE, LAPSED, FROZEN, REMOVED] {
                assert_noop!(call(signed(id), refused.clone()), Error::<Test>::NotMember);
            }
        }
        // A member, who may be anybody's guardian: stands already, and may stand down.
        assert_noop!(stand(MEMBER), Error::<Test>::AlreadyStands);
        assert_ok!(stand_down(MEMBER));
    });
}
