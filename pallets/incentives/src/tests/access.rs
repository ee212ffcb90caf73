// SPDX-License-Identifier: Apache-2.0
//! Who may call what: every call with every origin that must not.

use super::*;
use frame_support::traits::GetCallName;
use sp_runtime::DispatchError;

const EX_MEMBER: MemberId = 3;

fn calls() -> Vec<Call<Test>> {
    let proof = proof(1, 1, 1, 0).1.unwrap();
    vec![
        Call::pledge { resource: 1, version: 1 },
        Call::release { resource: 1 },
        Call::prove_custody { proof },
        Call::claim { era: 0 },
        Call::report_miss { provider: 2 },
    ]
}

#[test]
fn the_table_holds_every_call() {
    let names: Vec<_> = calls().iter().map(|call| call.get_call_name()).collect();
    assert_eq!(names, Call::<Test>::get_call_names());
}

#[test]
fn a01_every_call_refuses_every_origin_it_is_not_for() {
    ExtBuilder::default().build_and_execute(|| {
        resource(1, 1, 4);
        pledge(2, 1);
        pledge(EX_MEMBER, 1);
        Members::mutate(|members| members.remove(&EX_MEMBER));
        for call in calls() {
            let refused = match call {
                // Anyone may report; a member who answers is not to be reported.
                Call::report_miss { .. } => DispatchError::from(Error::<Test>::NotDue),
                _ => Error::<Test>::NotMember.into(),
            };
            for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
                assert_noop!(dispatch(origin, call.clone()), DispatchError::BadOrigin);
            }
            for account in [STRANGER, EX_MEMBER.into(), DEVICE + u64::from(EX_MEMBER)] {
                assert_noop!(dispatch(signed(account), call.clone()), refused);
            }
        }
    });
}

#[test]
fn a_device_acts_for_its_member_and_the_member_is_paid() {
    ExtBuilder::default().build_and_execute(|| {
        resource(1, 1, 4);
        let device = DEVICE + 2;
        assert_ok!(Incentives::pledge(signed(device), 1, 1));
        settle_and_draw();
        assert_ok!(Incentives::prove_custody(signed(device), answer(2)));
        next_era();
        assert_ok!(Incentives::claim(signed(device), 0));
        assert_eq!((Balances::free_balance(2), Balances::free_balance(device)), (100, 0));
    });
}
