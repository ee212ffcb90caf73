// SPDX-License-Identifier: Apache-2.0
//! Whether what our pallets store is sound.

use kith_runtime::{Constitution, Incentives, Membership, Resources, Validators, Vouching};

/// Fails with the first invariant, of any of our pallets, that does not hold.
pub(crate) fn check() {
    Membership::do_try_state().expect("membership is sound");
    Vouching::do_try_state().expect("vouching is sound");
    Validators::do_try_state().expect("the validators are sound");
    Resources::do_try_state().expect("the resources are sound");
    Incentives::do_try_state().expect("the incentives are sound");
    Constitution::do_try_state().expect("the constitution is sound");
}
