// SPDX-License-Identifier: Apache-2.0
//! Which transactions are refused because a frozen or given-up key would act by them.
//!
//! A transaction acts for its signer, and for every account in whose name a delegate has it call. Both are looked for,
//! in whatever the transaction wraps. What a contract calls need not be: contracts reach no call that acts for another.

use alloc::{vec, vec::Vec};
use kith_primitives::AccountId;
use sp_runtime::traits::StaticLookup;

use crate::{Membership, Runtime, RuntimeCall};

/// Calls looked at in one transaction: one that wraps more is refused.
const MOST_CALLS: usize = 1_000;

/// Whether the transaction would act for a key that is frozen or was given up.
pub(crate) fn acts_for_barred(signer: &AccountId, call: &RuntimeCall) -> bool {
    if Membership::is_barred(signer) {
        return true;
    }
    let mut left = vec![call];
    for _ in 0..MOST_CALLS {
        let Some(call) = left.pop() else { return false };
        if acts_for(call).is_some_and(|account| Membership::is_barred(&account)) {
            return true;
        }
        left.extend(wrapped(call));
    }
    !left.is_empty()
}

/// The account in whose name a delegate has the call made.
fn acts_for(call: &RuntimeCall) -> Option<AccountId> {
    use pallet_proxy::Call as Proxy;
    match call {
        RuntimeCall::Proxy(Proxy::proxy { real, .. } | Proxy::proxy_announced { real, .. }) => {
            <Runtime as frame_system::Config>::Lookup::lookup(real.clone()).ok()
        }
        _ => None,
    }
}

/// The calls this one makes.
fn wrapped(call: &RuntimeCall) -> Vec<&RuntimeCall> {
    use pallet_kith_membership::Call as Membership;
    use pallet_multisig::Call as Multisig;
    use pallet_proxy::Call as Proxy;
    use pallet_utility::Call as Utility;
    match call {
        RuntimeCall::Utility(
            Utility::batch { calls } | Utility::batch_all { calls } | Utility::force_batch { calls },
        ) => calls.iter().collect(),
        RuntimeCall::Utility(Utility::if_else { main, fallback }) => vec![main, fallback],
        RuntimeCall::Utility(
            Utility::as_derivative { call, .. }
            | Utility::with_weight { call, .. }
            | Utility::dispatch_as { call, .. }
            | Utility::dispatch_as_fallible { call, .. },
        )
        | RuntimeCall::Proxy(Proxy::proxy { call, .. } | Proxy::proxy_announced { call, .. })
        | RuntimeCall::Multisig(Multisig::as_multi { call, .. } | Multisig::as_multi_threshold_1 { call, .. })
        | RuntimeCall::Membership(Membership::as_former { call, .. }) => vec![call],
        _ => Vec::new(),
    }
}
