// SPDX-License-Identifier: GPL-3.0-or-later WITH Classpath-exception-2.0
//! Why a `kith_*` method cannot answer, and the code it says so with.

use jsonrpsee::types::{error::INVALID_PARAMS_CODE, ErrorObjectOwned};
use kith_primitives::name::NameError;
use sp_core::H256;

use super::MAX_PAGE;

/// The block named by `at` is not known, or its state is no longer kept.
const UNKNOWN_BLOCK: i32 = 7_001;
/// The block named by `at` is not final.
const NOT_FINALISED: i32 = 7_002;
/// The node could not read its own chain.
const UNAVAILABLE: i32 = 7_003;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(in crate::rpc) enum Error {
    /// A page of no or too many entries.
    #[error("limit is {limit}: ask for 1 to {MAX_PAGE} entries, and for more with a higher `from`")]
    BadLimit {
        /// What was asked for.
        limit: u32,
    },
    /// Not an account.
    #[error("not an account: give an address (SS58) or 32 bytes in hexadecimal")]
    BadAccount,
    /// Not a name a resource can have.
    #[error(
        "not a resource's name ({cause:?}): 3 to 63 of a-z, 0-9 and single hyphens inside, and not a reserved one"
    )]
    BadName {
        /// What is wrong with it.
        cause: NameError,
    },
    /// No such block.
    #[error("block {block:?} is not known to this node")]
    UnknownBlock {
        /// The block asked for.
        block: H256,
    },
    /// The block may still be taken back.
    #[error("block {block:?} is not finalised")]
    NotFinalised {
        /// The block asked for.
        block: H256,
    },
    /// Database or runtime failed; the cause is in the log.
    #[error("the node cannot read this block: its state may be pruned; see the node's log")]
    Unavailable,
}

impl Error {
    /// The database failed. The cause may name paths: it goes to the log only.
    pub(super) fn client(error: sp_blockchain::Error) -> Self {
        tracing::warn!(target: "rpc", %error, "The database failed a kith_* call");
        Self::Unavailable
    }

    /// The runtime failed.
    pub(super) fn runtime(error: sp_api::ApiError) -> Self {
        tracing::warn!(target: "rpc", %error, "The runtime failed a kith_* call");
        Self::Unavailable
    }

    fn code(&self) -> i32 {
        match self {
            Self::BadLimit { .. } | Self::BadAccount | Self::BadName { .. } => INVALID_PARAMS_CODE,
            Self::UnknownBlock { .. } => UNKNOWN_BLOCK,
            Self::NotFinalised { .. } => NOT_FINALISED,
            Self::Unavailable => UNAVAILABLE,
        }
    }
}

impl From<Error> for ErrorObjectOwned {
    fn from(error: Error) -> Self {
        ErrorObjectOwned::owned(error.code(), error.to_string(), None::<()>)
    }
}
