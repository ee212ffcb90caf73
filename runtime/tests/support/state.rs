// SPDX-License-Identifier: Apache-2.0
//! What tells whether anything in the state changed.

use sp_runtime::StateVersion;

/// The root of the state, as it is in this very moment.
pub(crate) fn root() -> Vec<u8> {
    sp_io::storage::root(StateVersion::V1)
}
