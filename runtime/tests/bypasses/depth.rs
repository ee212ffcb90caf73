// SPDX-License-Identifier: Apache-2.0
//! How deep calls may lie in one another: as deep as the chain decodes them, and what lies deeper gains nothing.
//!
//! Each test has a stack that the depth cannot exhaust: how much a level takes differs from build to build.

use codec::{DecodeLimit, Encode};
use frame_support::{assert_ok, MAX_EXTRINSIC_DEPTH};
use kith_primitives::glue::Quota;
use kith_runtime::{Executive, Membership, RuntimeCall, UncheckedExtrinsic};
use sp_keyring::Sr25519Keyring::{Alice, Bob};
use sp_runtime::{
    generic::EXTRINSIC_FORMAT_VERSION, transaction_validity::InvalidTransaction, DispatchError, TransactionalError,
};

use crate::{
    account,
    calls::{of_the_constitution, remark},
    development, in_vain, refusal,
    transaction::send,
    wrappers::{batch, name, Wrap, WRAPPERS},
    BOB,
};

/// Bytes: a MiB for each level. What is not used is never there.
const STACK: usize = 256 << 20;
/// Calls in one another, each of which may be undone by itself.
const LAYERS: u32 = 255;
/// So deep that whoever decoded it without a limit would run out of any stack.
const ABYSS: usize = 1_000_000;

/// Runs the test on a stack of its own.
pub(crate) fn on_a_large_stack(test: fn()) {
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(test).expect("there is memory");
    if let Err(panic) = thread.join() {
        std::panic::resume_unwind(panic);
    }
}

/// The call in so many others.
pub(crate) fn nested(wrap: Wrap, depth: u32, call: RuntimeCall) -> RuntimeCall {
    (0..depth).fold(call, |call, _| wrap(call, account(Alice)))
}

fn decoded(bytes: &[u8]) -> Option<UncheckedExtrinsic> {
    UncheckedExtrinsic::decode_all_with_depth_limit(MAX_EXTRINSIC_DEPTH, &mut &bytes[..]).ok()
}

#[test]
fn no_call_is_decoded_that_lies_deeper_than_the_limit() {
    on_a_large_stack(|| {
        for wrap in WRAPPERS {
            let encoded = |depth| UncheckedExtrinsic::new_bare(nested(wrap, depth, remark())).encode();
            assert!(decoded(&encoded(MAX_EXTRINSIC_DEPTH)).is_some(), "{}", name(wrap));
            assert!(decoded(&encoded(MAX_EXTRINSIC_DEPTH + 1)).is_none(), "{}", name(wrap));
        }
    });
}

#[test]
fn a_call_in_a_million_others_is_refused_like_any_that_lies_too_deep() {
    on_a_large_stack(|| {
        let innermost = remark().encode();
        let batched = batch(remark(), account(Alice)).encode();
        let around = batched.strip_suffix(innermost.as_slice()).expect("what is batched comes last");
        let bytes = |depth| [vec![EXTRINSIC_FORMAT_VERSION], around.repeat(depth), innermost.clone()].concat().encode();
        assert!(decoded(&bytes(2)).is_some());
        assert!(decoded(&bytes(ABYSS)).is_none());
    });
}

#[test]
fn a_transaction_that_lies_deeper_than_the_limit_is_not_applied() {
    on_a_large_stack(|| {
        development(|| {
            let bare = |depth| UncheckedExtrinsic::new_bare(nested(batch, depth, remark()));
            let outcome = Executive::apply_extrinsic(bare(MAX_EXTRINSIC_DEPTH + 1));
            assert_eq!(outcome, Err(InvalidTransaction::Call.into()));
            // It was decoded: it is refused for not being signed.
            let outcome = Executive::apply_extrinsic(bare(MAX_EXTRINSIC_DEPTH));
            assert_eq!(outcome, Ok(Err(DispatchError::BadOrigin)));
        });
    });
}

/// Of calls that can each be undone there are fewer than can be decoded.
#[test]
fn no_depth_lends_authority() {
    on_a_large_stack(|| {
        development(|| {
            let too_many = DispatchError::from(TransactionalError::LimitReached);
            for call in of_the_constitution() {
                for (depth, expected) in [
                    (1, DispatchError::BadOrigin),
                    (100, DispatchError::BadOrigin),
                    (LAYERS - 1, DispatchError::BadOrigin),
                    (LAYERS, too_many),
                    (MAX_EXTRINSIC_DEPTH, too_many),
                ] {
                    let outcome = in_vain(|| refusal(Bob, nested(batch, depth, call.clone())));
                    assert_eq!(outcome, Some(expected), "{depth}");
                }
            }
        });
    });
}

#[test]
fn the_deepest_transaction_is_paid_by_who_signed() {
    on_a_large_stack(|| {
        development(|| {
            let deepest = nested(batch, MAX_EXTRINSIC_DEPTH, remark());
            let quota = Membership::available(BOB);
            assert_ok!(send(Bob, deepest).expect("it is a valid transaction"));
            assert!(Membership::available(BOB) < quota);
        });
    });
}
