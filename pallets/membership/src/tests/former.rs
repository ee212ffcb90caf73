// SPDX-License-Identifier: Apache-2.0
//! Calls from an account that was given up.

use frame_support::{assert_noop, assert_ok, dispatch::GetDispatchInfo};
use frame_system::Call as SystemCall;
use kith_primitives::glue::Admission;
use sp_runtime::traits::Dispatchable;

use crate::{mock::guarded::*, mock::*, *};

fn remark() -> Box<RuntimeCall> {
    Box::new(RuntimeCall::System(SystemCall::remark_with_event { remark: b"mine".to_vec() }))
}

fn as_former(by: u8, former: u8, call: Box<RuntimeCall>) -> sp_runtime::DispatchResult {
    crate::mock::guarded::call(signed(by), Call::as_former { former: account(former), call })
}

#[test]
fn the_person_calls_as_each_former_account_of_theirs() {
    guarded(|| {
        rekey(30);
        rekey(31);
        for former in [0, 30] {
            assert_ok!(as_former(31, former, remark()));
            let hash = sp_io::hashing::blake2_256(b"mine").into();
            System::assert_has_event(frame_system::Event::Remarked { sender: account(former), hash }.into());
            System::assert_last_event(Event::<Test>::ActedAsFormer { person: 0, former: account(former) }.into());
        }
    });
}

#[test]
fn nobody_else_does() {
    guarded(|| {
        rekey(30);
        for other in [1, 5] {
            assert_noop!(as_former(other, 0, remark()), Error::<Test>::NotFormer);
        }
        for none in [77, 0] {
            assert_noop!(as_former(none, 0, remark()), Error::<Test>::NotFound);
        }
        assert_noop!(as_former(30, 30, remark()), Error::<Test>::NotFormer);
        assert_noop!(as_former(30, 1, remark()), Error::<Test>::NotFormer);
    });
}

#[test]
fn only_what_the_runtime_allows_is_called() {
    guarded(|| {
        rekey(30);
        let transfer = pallet_balances::Call::<Test>::transfer_all { dest: account(1), keep_alive: false };
        for other in [
            transfer.into(),
            SystemCall::<Test>::remark { remark: vec![] }.into(),
            RuntimeCall::Membership(Call::leave {}),
            RuntimeCall::Membership(Call::as_former { former: account(0), call: remark() }),
        ] {
            assert_noop!(as_former(30, 0, Box::new(other)), Error::<Test>::CallNotAllowed);
        }
    });
}

#[test]
fn a_frozen_or_removed_person_calls_nothing() {
    guarded(|| {
        rekey(30);
        agree(ProposalFor::Freeze);
        assert_noop!(as_former(30, 0, remark()), Error::<Test>::KeyFrozen);
        agree(ProposalFor::Unfreeze);
        Membership::lapse(0);
        assert_ok!(as_former(30, 0, remark()));
        assert_ok!(call(signed(30), Call::leave {}));
        assert_noop!(as_former(30, 0, remark()), Error::<Test>::AlreadyRemoved);
    });
}

#[test]
fn the_call_is_paid_for_and_its_failure_is_the_callers() {
    guarded(|| {
        rekey(30);
        let inner = remark().get_dispatch_info().call_weight;
        let made = RuntimeCall::Membership(Call::as_former { former: account(0), call: remark() });
        let declared = made.get_dispatch_info().call_weight;
        assert_eq!(declared, <() as WeightInfo>::as_former().saturating_add(inner));
        let post = made.dispatch(signed(30)).unwrap();
        assert!(post.actual_weight.unwrap().all_lte(declared));
        let privileged = Box::new(SystemCall::<Test>::set_heap_pages { pages: 1 }.into());
        assert_noop!(as_former(30, 0, privileged), sp_runtime::DispatchError::BadOrigin);
    });
}
