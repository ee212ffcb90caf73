// SPDX-License-Identifier: Apache-2.0
//! What a contract can learn of the community, and how the DOUG is founded.

use alloc::vec::Vec;
use codec::Encode;
use frame_support::{traits::fungible::Mutate, weights::Weight, PalletId};
use kith_primitives::{
    doug::DougRules,
    glue::{Community, FoundDoug},
    member::MemberId,
};
use pallet_contracts::{
    chain_extension::{ChainExtension, Environment, Ext, InitState, RetVal},
    Code, CollectEvents, DebugInfo, Determinism,
};
use sp_runtime::{traits::AccountIdConversion, DispatchError};

use crate::{configs::DOUG_ENDOWMENT, AccountId, Balances, Contracts, Membership, Runtime};

/// The extension's number, which contracts name: "KI".
const EXTENSION: u16 = 0x4b49;
/// Reading one person or a counter: two reads at most.
const READS: u64 = 2;

/// Lets contracts read who is a member.
#[derive(Debug, Default)]
pub struct CommunityExtension;

impl ChainExtension<Runtime> for CommunityExtension {
    fn call<E: Ext<T = Runtime>>(
        &mut self,
        env: Environment<'_, '_, E, InitState>,
    ) -> pallet_contracts::chain_extension::Result<RetVal> {
        let (extension, function) = (env.ext_id(), env.func_id());
        let mut env = env.buf_in_buf_out();
        env.charge_weight(<Runtime as frame_system::Config>::DbWeight::get().reads(READS))?;
        let answer = match (extension, function) {
            (EXTENSION, 1) => Membership::member(&env.read_as::<AccountId>()?).encode(),
            (EXTENSION, 2) => Membership::active_members().encode(),
            (EXTENSION, 3) => Membership::is_member(env.read_as::<MemberId>()?).encode(),
            _ => return Err(DispatchError::Other("no such function of the community's extension")),
        };
        env.write(&answer, false, None)?;
        Ok(RetVal::Converging(0))
    }
}

/// Founds the DOUG from an account of the chain's own.
#[derive(Debug)]
pub struct Founding;

/// The account that founds the DOUG and holds its deposits.
const FOUNDER: PalletId = PalletId(*b"kithdoug");
/// More than the constructor takes.
const FOUNDING_WEIGHT: Weight = Weight::from_parts(500_000_000_000, 10 * 1024 * 1024);

impl FoundDoug<AccountId> for Founding {
    fn found(code: Vec<u8>, rules: DougRules) -> Result<AccountId, &'static str> {
        let founder: AccountId = FOUNDER.into_account_truncating();
        Balances::mint_into(&founder, DOUG_ENDOWMENT).map_err(|_| "the founder's account cannot be endowed")?;
        Contracts::bare_upload_code(founder.clone(), code, None, Determinism::Enforced)
            .map_err(|_| "the chain refuses the DOUG's code")
            .and_then(|uploaded| {
                let selector = sp_io::hashing::blake2_256(b"new");
                let mut data = selector.get(..4).unwrap_or_default().to_vec();
                rules.encode_to(&mut data);
                Contracts::bare_instantiate(
                    founder,
                    0,
                    FOUNDING_WEIGHT,
                    None,
                    Code::Existing(uploaded.code_hash),
                    data,
                    Vec::new(),
                    DebugInfo::Skip,
                    CollectEvents::Skip,
                )
                .result
                .map_err(|_| "the DOUG's constructor failed")
            })
            .and_then(|made| {
                if made.result.did_revert() {
                    Err("the DOUG's constructor refused")
                } else {
                    Ok(made.account_id)
                }
            })
    }
}
