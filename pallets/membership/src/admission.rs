// SPDX-License-Identifier: Apache-2.0
//! How people come in: applications, admission, lapses, and candidates who ran out of time.

use frame_support::ensure;
use frame_system::pallet_prelude::BlockNumberFor;
use kith_primitives::{
    device::DeviceId,
    glue::{Admission, Constitution, Now, OnDeparture},
    member::{EncryptionKey, MemberId, Standing},
    AccountId, BlockNumber, Signature,
};
use sp_runtime::{
    traits::{Verify, Zero},
    DispatchError, DispatchResult,
};

use crate::{
    encryption_key, ActiveMembers, ApplicationFor, Config, Devices, EncryptionKeys, Error, Event, NextMember, Pallet,
    People, Person, PersonFor, PersonOf,
};

impl<T: Config> Pallet<T> {
    /// The hash of the genesis block, which is never pruned: what tells this community from every other.
    pub fn genesis() -> [u8; 32] {
        frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero()).to_fixed_bytes()
    }

    pub(crate) fn check_application(application: &ApplicationFor, signature: &Signature) -> DispatchResult {
        let ApplicationFor { genesis, account, encryption_key, expires } = application;
        ensure!(*genesis == Self::genesis(), Error::<T>::WrongCommunity);
        ensure!(T::Clock::now() <= *expires, Error::<T>::Expired);
        ensure!(encryption_key::is_usable(encryption_key), Error::<T>::BadEncryptionKey);
        ensure!(!Self::account_in_use(account), Error::<T>::AccountInUse);
        ensure!(!EncryptionKeys::<T>::contains_key(encryption_key), Error::<T>::EncryptionKeyInUse);
        ensure!(NextMember::<T>::get() < MemberId::MAX, Error::<T>::TooManyPeople);
        ensure!(signature.verify(application.signing_payload().as_slice(), account), Error::<T>::BadSignature);
        Ok(())
    }

    /// Makes a candidate of the applicant. The caller has checked the application.
    pub(crate) fn do_enrol(sponsor: MemberId, application: ApplicationFor) -> MemberId {
        let until = T::Clock::now().saturating_add(T::Constitution::parameters().candidate_lifetime);
        let ApplicationFor { account, encryption_key, .. } = application;
        let candidate = Self::insert_person(&account, encryption_key, Standing::Candidate, Some(until));
        Self::deposit_event(Event::Sponsored { sponsor, candidate, account, until });
        candidate
    }

    /// Writes a new person who is not yet counted as a member. The caller has checked that account and key are free.
    pub(crate) fn insert_person(
        account: &AccountId,
        encryption_key: EncryptionKey,
        standing: Standing,
        candidate_until: Option<BlockNumber>,
    ) -> MemberId {
        let id = NextMember::<T>::get();
        NextMember::<T>::put(id.saturating_add(1));
        PersonOf::<T>::insert(account, id);
        EncryptionKeys::<T>::insert(encryption_key, id);
        Self::hold_account(account);
        let (account, since) = (account.clone(), T::Clock::now());
        People::<T>::insert(id, Person { account, encryption_key, standing, since, candidate_until, devices: 0 });
        id
    }

    /// Whether the account is a person's or a device's.
    pub(crate) fn account_in_use(account: &AccountId) -> bool {
        PersonOf::<T>::contains_key(account) || Devices::<T>::contains_key(DeviceId(account.clone().into()))
    }

    /// Moves a person to another standing, and keeps the count of members.
    pub(crate) fn change_standing(id: MemberId, record: PersonFor, standing: Standing) {
        match (record.standing == Standing::Member, standing == Standing::Member) {
            (false, true) => ActiveMembers::<T>::mutate(|count| *count = count.saturating_add(1)),
            (true, false) => ActiveMembers::<T>::mutate(|count| *count = count.saturating_sub(1)),
            _ => (),
        }
        People::<T>::insert(id, Person { standing, since: T::Clock::now(), candidate_until: None, ..record });
    }

    pub(crate) fn check_prune(id: MemberId) -> Result<PersonFor, DispatchError> {
        let record = People::<T>::get(id).ok_or(Error::<T>::NotFound)?;
        let until = record.candidate_until.ok_or(Error::<T>::NotCandidate)?;
        ensure!(T::Clock::now() >= until, Error::<T>::TooEarly);
        Ok(record)
    }

    pub(crate) fn do_prune(id: MemberId, record: PersonFor) {
        People::<T>::remove(id);
        PersonOf::<T>::remove(&record.account);
        EncryptionKeys::<T>::remove(record.encryption_key);
        Self::release_account(&record.account);
        T::OnDeparture::departed(id);
        Self::deposit_event(Event::CandidatePruned { candidate: id });
    }
}

impl<T: Config> Admission for Pallet<T> {
    fn admit(person: MemberId) {
        match People::<T>::get(person) {
            Some(record) if matches!(record.standing, Standing::Candidate | Standing::Lapsed) => {
                Self::change_standing(person, record, Standing::Member);
                Self::deposit_event(Event::Admitted { member: person });
            }
            _ => (),
        }
    }

    fn lapse(person: MemberId) {
        match People::<T>::get(person) {
            Some(record) if record.standing == Standing::Member => {
                Self::change_standing(person, record, Standing::Lapsed);
                T::OnDeparture::departed(person);
                Self::deposit_event(Event::Lapsed { member: person });
            }
            _ => (),
        }
    }
}
