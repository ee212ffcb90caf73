// SPDX-License-Identifier: Apache-2.0
//! Who belongs: the answers given to the rest of the chain.

use kith_primitives::{
    device::DeviceId,
    glue::{Community, Merit, Now, Vouched},
    member::{EncryptionKey, MemberId, Standing},
    AccountId, BlockNumber,
};

use crate::{ActiveMembers, Config, Devices, NextMember, Pallet, People, PersonOf};

impl<T: Config> Community<AccountId> for Pallet<T> {
    fn member(account: &AccountId) -> Option<MemberId> {
        Self::person(account).filter(|person| Self::is_member(*person))
    }

    fn member_of_device(account: &AccountId) -> Option<MemberId> {
        let owner = Devices::<T>::get(DeviceId(account.clone().into()))?;
        (Self::is_member(owner) && !Self::is_frozen(owner)).then_some(owner)
    }

    fn person(account: &AccountId) -> Option<MemberId> {
        PersonOf::<T>::get(account).filter(|person| !Self::is_frozen(*person))
    }

    fn is_member(person: MemberId) -> bool {
        People::<T>::get(person).is_some_and(|record| record.standing == Standing::Member)
    }

    fn may_be_vouched_for(person: MemberId) -> bool {
        People::<T>::get(person).is_some_and(|record| match record.standing {
            Standing::Candidate => record.candidate_until.is_some_and(|until| T::Clock::now() < until),
            Standing::Member | Standing::Lapsed => true,
            Standing::Removed => false,
        })
    }

    fn account(person: MemberId) -> Option<AccountId> {
        People::<T>::get(person).map(|record| record.account)
    }

    fn encryption_key(person: MemberId) -> Option<EncryptionKey> {
        People::<T>::get(person).map(|record| record.encryption_key)
    }

    fn keyed_at(person: MemberId) -> Option<BlockNumber> {
        People::<T>::get(person).map(|record| record.keyed_at)
    }

    fn active_members() -> u32 {
        ActiveMembers::<T>::get()
    }

    fn people() -> u32 {
        NextMember::<T>::get()
    }
}

impl<T: Config> Merit for Pallet<T> {
    fn merit(person: MemberId) -> Option<(u32, BlockNumber)> {
        let record = People::<T>::get(person).filter(|record| record.standing == Standing::Member)?;
        (!Self::is_frozen(person)).then(|| (T::Vouched::received(person), record.since))
    }
}
