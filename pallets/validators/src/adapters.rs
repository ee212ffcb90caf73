// SPDX-License-Identifier: Apache-2.0
//! How pallets that know validators by account and those that know them by person are joined.

use alloc::vec::Vec;
use core::marker::PhantomData;

use codec::Decode;
use frame_support::{
    traits::{FindAuthor, OneSessionHandler},
    ConsensusEngineId,
};
use kith_primitives::{glue::Community, member::MemberId};
use pallet_session::{FindAccountFromAuthorIndex, SessionHandler};
use sp_runtime::{traits::OpaqueKeys, KeyTypeId, RuntimeAppPublic};

use crate::{Config, Pallet};

/// Finds the account of the person who wrote a block, from the index of its author among those who sit.
#[derive(Debug)]
pub struct Author<T, Index>(PhantomData<(T, Index)>);

impl<T, Index> FindAuthor<T::AccountId> for Author<T, Index>
where
    T: Config + pallet_session::Config,
    T::ValidatorId: Into<MemberId>,
    Index: FindAuthor<u32>,
{
    fn find_author<'a, I>(digests: I) -> Option<T::AccountId>
    where
        I: 'a + IntoIterator<Item = (ConsensusEngineId, &'a [u8])>,
    {
        let validator = FindAccountFromAuthorIndex::<T, Index>::find_author(digests)?;
        T::Community::account(validator.into())
    }
}

/// Tells those who write blocks and those who make them final of each session: pallets that know validators by account,
/// and look only at keys and their order. In place of accounts they are told nobody's.
///
/// A newcomer writes blocks before they vote on finality: a node that does not run costs a few slots, and no more.
#[derive(Debug)]
pub struct Consensus<T, Blocks, Finality>(PhantomData<(T, Blocks, Finality)>);

type Told<'a, AccountId, Key> = alloc::vec::IntoIter<(&'a AccountId, Key)>;

fn told<'a, 'b, AccountId, Id, Keys, Key>(
    nobody: &'a AccountId,
    validators: impl Iterator<Item = &'b (Id, Keys)>,
) -> Told<'a, AccountId, Key>
where
    Id: 'b,
    Keys: OpaqueKeys + 'b,
    Key: Decode + RuntimeAppPublic,
{
    let keys = validators.filter_map(|(_, keys)| keys.get::<Key>(Key::ID));
    keys.map(|key| (nobody, key)).collect::<Vec<_>>().into_iter()
}

fn people<Id: Clone + Into<MemberId>, Keys>(validators: &[(Id, Keys)]) -> Vec<MemberId> {
    validators.iter().map(|(id, _)| id.clone().into()).collect()
}

impl<T, Blocks, Finality, Id> SessionHandler<Id> for Consensus<T, Blocks, Finality>
where
    T: Config,
    T::AccountId: From<[u8; 32]>,
    Blocks: OneSessionHandler<T::AccountId>,
    Finality: OneSessionHandler<T::AccountId>,
    Id: Clone + Into<MemberId>,
{
    const KEY_TYPE_IDS: &'static [KeyTypeId] =
        &[<Blocks::Key as RuntimeAppPublic>::ID, <Finality::Key as RuntimeAppPublic>::ID];

    fn on_genesis_session<Keys: OpaqueKeys>(validators: &[(Id, Keys)]) {
        let nobody = [0; 32].into();
        Pallet::<T>::let_vote(people(validators));
        Blocks::on_genesis_session(told(&nobody, validators.iter()));
        Finality::on_genesis_session(told(&nobody, validators.iter()));
    }

    fn on_new_session<Keys: OpaqueKeys>(changed: bool, validators: &[(Id, Keys)], queued: &[(Id, Keys)]) {
        let nobody = [0; 32].into();
        let voters = Pallet::<T>::voters(&people(validators));
        let votes = validators.iter().filter(|(id, _)| voters.contains(&id.clone().into()));
        let turned = Pallet::<T>::let_vote(voters.clone());
        Blocks::on_new_session(changed, told(&nobody, validators.iter()), told(&nobody, queued.iter()));
        Finality::on_new_session(changed || turned, told(&nobody, votes), told(&nobody, queued.iter()));
    }

    fn on_before_session_ending() {
        Blocks::on_before_session_ending();
        Finality::on_before_session_ending();
    }

    fn on_disabled(validator_index: u32) {
        Blocks::on_disabled(validator_index);
        if let Some(index) = Pallet::<T>::voter_index(validator_index) {
            Finality::on_disabled(index);
        }
    }
}
