// SPDX-License-Identifier: Apache-2.0
//! The catalogued attacks that aim at membership.

use frame_support::{assert_noop, assert_ok};
use kith_primitives::{
    glue::{Admission, Community, Quota},
    parameters::Parameters,
};
use sp_runtime::{traits::Dispatchable, DispatchError};

use crate::{mock::*, *};

fn refused(call: Call<Test>, origin: RuntimeOrigin, error: impl Into<DispatchError>) {
    assert_noop!(RuntimeCall::Membership(call).dispatch(origin), error.into());
}

#[test]
fn a01_former_members_do_nothing_that_members_do() {
    execute(|| {
        for (former, depart) in [(9u8, 0u8), (10, 1)] {
            let id = sponsor(former);
            Membership::admit(id);
            if depart == 0 {
                Membership::lapse(id);
            } else {
                assert_ok!(Membership::leave(signed(former)));
            }
            let application = application(33);
            let signature = sign(33, &application);
            refused(Call::sponsor { application, signature }, signed(former), Error::<Test>::NotMember);
            let (device, signature) = device(3, former);
            refused(Call::bind_device { device, signature }, signed(former), Error::<Test>::NotMember);
        }
    });
}

#[test]
fn a04_devices_at_the_bound_and_one_beyond() {
    execute(|| {
        Params::set(Parameters { max_devices: 64, ..Default::default() });
        for n in 0..64 {
            let (device, signature) = device(n, 0);
            assert_ok!(Membership::bind_device(signed(0), device, signature));
        }
        let (device, signature) = device(64, 0);
        refused(Call::bind_device { device, signature }, signed(0), Error::<Test>::TooManyDevices);
        assert_eq!(Membership::devices_of(0).len(), 64);
    });
}

#[test]
fn a06_extreme_parameters_and_heights_wrap_nothing() {
    execute(|| {
        Params::set(Parameters {
            candidate_lifetime: u32::MAX,
            quota_cap: u128::MAX,
            quota_per_block: u128::MAX,
            max_devices: 0,
            ..Default::default()
        });
        assert!(Membership::spend(0, u128::MAX));
        assert!(!Membership::spend(0, 1));
        System::set_block_number(u32::MAX - 20);
        assert_eq!(Membership::available(0), u128::MAX);
        let id = sponsor(9);
        assert_eq!(People::<Test>::get(id).unwrap().candidate_until, Some(u32::MAX));
        let (device, signature) = device(3, 0);
        refused(Call::bind_device { device, signature }, signed(0), Error::<Test>::TooManyDevices);

        Params::set(Parameters { quota_cap: 0, quota_per_block: 0, candidate_lifetime: 0, ..Default::default() });
        assert_eq!((Membership::available(0), Membership::spend(0, 1), Membership::spend(0, 0)), (0, false, true));
        assert!(!Membership::may_be_vouched_for(sponsor(10)));
    });
}

#[test]
fn a09_the_last_member_neither_leaves_nor_is_expelled() {
    execute(|| {
        assert_ok!(Membership::leave(signed(1)));
        refused(Call::leave {}, signed(0), Error::<Test>::LastMember);
        refused(Call::force_remove { person: 0 }, RuntimeOrigin::root(), Error::<Test>::LastMember);
        let id = sponsor(9);
        Membership::admit(id);
        assert_ok!(Membership::leave(signed(0)));
        assert_eq!(Membership::active_members(), 1);
    });
}
