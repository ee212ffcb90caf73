// SPDX-License-Identifier: Apache-2.0
//! Which calls of the runtime can DOUG make, and what are their bytes?
//!
//! A call is its pallet's index, its own index in that pallet, and its SCALE-encoded arguments. These indices are frozen
//! in the runtime, so the contract needs none of the runtime's types.

use ink::{
    prelude::vec::Vec,
    primitives::AccountId,
    scale::{Encode, Output},
};

use crate::MemberId;

/// The constitution pallet's `set_parameter(parameter)`.
pub const SET_PARAMETER: [u8; 2] = [64, 0];
/// The constitution pallet's `set_doug(account)`.
pub const SET_DOUG: [u8; 2] = [64, 1];
/// The membership pallet's `force_remove(member)`.
pub const FORCE_REMOVE: [u8; 2] = [60, 4];

/// A call that DOUG makes as the account of the contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuntimeCall {
    /// Change a parameter; the bytes are the encoded `Parameter` and go out as they are.
    SetParameter(Vec<u8>),
    /// Let another account govern.
    SetDoug(AccountId),
    /// Expel a member.
    ForceRemove(MemberId),
}

impl Encode for RuntimeCall {
    fn encode_to<T: Output + ?Sized>(&self, output: &mut T) {
        match self {
            Self::SetParameter(parameter) => {
                output.write(&SET_PARAMETER);
                output.write(parameter);
            }
            Self::SetDoug(account) => {
                output.write(&SET_DOUG);
                account.encode_to(output);
            }
            Self::ForceRemove(member) => {
                output.write(&FORCE_REMOVE);
                member.encode_to(output);
            }
        }
    }
}

/// Makes the call; the state is as before when the runtime refuses.
#[cfg(not(test))]
pub(crate) fn dispatch(call: &RuntimeCall) -> Result<(), crate::Error> {
    ink::env::call_runtime::<crate::KithEnvironment, _>(call).map_err(|_| crate::Error::RuntimeRefused)
}

// ink's off-chain environment has no runtime to call.
#[cfg(test)]
pub(crate) use crate::tests::chain::dispatch;
