// SPDX-License-Identifier: Apache-2.0
//! Who belongs: the answers given to the rest of the chain.

use kith_primitives::{
    device::DeviceId,
    glue::{Community, Now},
    member::{EncryptionKey, MemberId, Standing},
    AccountId,
};

use crate::{ActiveMembers, Config, Devices, Pallet, People, PersonOf};

impl<T: Config> Community<AccountId> for Pallet<T> {
    fn member(account: &AccountId) -> Option<MemberId> {
        PersonOf::<T>::get(account).filter(|person| Self::is_member(*person))
    }

    fn member_of_device(account: &AccountId) -> Option<MemberId> {
        Devices::<T>::get(DeviceId(account.clone().into())).filter(|person| Self::is_member(*person))
    }

    fn person(account: &AccountId) -> Option<MemberId> {
        PersonOf::<T>::get(account)
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

    fn active_members() -> u32 {
        ActiveMembers::<T>::get()
    }
}
