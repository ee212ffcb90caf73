// SPDX-License-Identifier: Apache-2.0
//! What a table says, and how it is held against the runtime.

use frame_support::{storage::with_transaction, traits::GetCallMetadata};
use kith_runtime::RuntimeCall;
use sp_runtime::{
    traits::Dispatchable,
    transaction_validity::{InvalidTransaction, TransactionValidityError},
    DispatchError, DispatchResult, TransactionOutcome,
};

use crate::{
    people::{
        everybody,
        Who::{
            self, Candidate, Device, Doug, Former, Frozen, Guardian, Lapsed, Member, Person, Removed, Root, Stranger,
            Unsigned,
        },
        ALL,
    },
    state::root,
    transaction::send,
};

/// Not signed by an account that could do this.
pub(crate) const BAD_ORIGIN: DispatchResult = Err(DispatchError::BadOrigin);
/// What the chain answers to a transaction that would act for a barred key.
const BARRED: TransactionValidityError = TransactionValidityError::Invalid(InvalidTransaction::BadSigner);

/// Tables, each with what must be the case for its call to succeed.
pub(crate) type Tables = &'static [fn() -> Table];

/// What everybody gets for one call.
pub(crate) struct Table {
    made: Box<dyn Fn(Who) -> RuntimeCall>,
    outcome: fn(Who) -> DispatchResult,
}

/// The table of the call, which each makes in their own way.
pub(crate) fn table<C: Into<RuntimeCall>>(
    made: impl Fn(Who) -> C + 'static,
    outcome: fn(Who) -> DispatchResult,
) -> Table {
    Table { made: Box::new(move |who| made(who).into()), outcome }
}

/// Refused with this error of a pallet's.
pub(crate) fn no(error: impl Into<DispatchError>) -> DispatchResult {
    Err(error.into())
}

/// What everybody gets for a call that anybody makes who signs.
pub(crate) fn anyone(who: Who) -> DispatchResult {
    match who {
        Unsigned | Root => BAD_ORIGIN,
        Stranger | Candidate | Lapsed | Frozen | Removed | Member | Guardian | Person | Former | Device | Doug => {
            Ok(())
        }
    }
}

/// What everybody gets for a call that the constitution alone makes.
pub(crate) fn constitution_only(who: Who) -> DispatchResult {
    match who {
        Unsigned | Root | Stranger | Candidate | Lapsed | Frozen | Removed | Member | Guardian | Person | Former
        | Device => BAD_ORIGIN,
        Doug => Ok(()),
    }
}

/// Holds each table against a community in which everybody is.
pub(crate) fn hold(tables: Tables) {
    everybody(|| tables.iter().for_each(|table| undone(|| table().hold())));
}

/// Does it, and undoes what it did to the state.
pub(crate) fn undone<R>(act: impl FnOnce() -> R) -> R {
    let done: Result<R, DispatchError> = with_transaction(|| TransactionOutcome::Rollback(Ok(act())));
    done.expect("there is room for one more layer")
}

impl Table {
    /// The pallet and the call.
    pub(crate) fn name(&self) -> (&'static str, &'static str) {
        let call = (self.made)(Unsigned).get_call_metadata();
        (call.pallet_name, call.function_name)
    }

    fn hold(&self) {
        for who in ALL {
            self.hold_for(who);
        }
        for who in [Frozen, Former] {
            let before = root();
            assert_eq!(send(who.key(), (self.made)(who)), Err(BARRED), "{:?} sent by {who:?}", self.name());
            assert_eq!(root(), before, "{:?} sent by {who:?} left a trace", self.name());
        }
    }

    fn hold_for(&self, who: Who) {
        let (before, expected) = (root(), (self.outcome)(who));
        // Nothing undoes a refusal but the call itself.
        let outcome = if expected.is_ok() { undone(|| self.dispatch(who)) } else { self.dispatch(who) };
        assert_eq!(outcome, expected, "{:?} by {who:?}", self.name());
        assert_eq!(root(), before, "{:?} by {who:?} left a trace", self.name());
    }

    fn dispatch(&self, who: Who) -> DispatchResult {
        let call = (self.made)(who);
        call.dispatch(who.origin()).map(drop).map_err(|refused| refused.error)
    }
}
