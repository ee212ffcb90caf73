// SPDX-License-Identifier: Apache-2.0
//! How people come in: applications, admission, lapses, and candidates who ran out of time.

use frame_support::ensure;
use frame_system::pallet_prelude::BlockNumberFor;
use kith_primitives::{
    device::DeviceId,
    glue::{Admission, Constitution, Now, OnDeparture, Sponsorship},
    member::{EncryptionKey, MemberId, Standing},
    AccountId, BlockNumber, Signature,
};
use sp_runtime::{
    traits::{Verify, Zero},
    DispatchError, DispatchResult,
};

use crate::{
    encryption_key, ActiveMembers, ApplicationFor, Config, Devices, EncryptionKeys, Error, Event, FormerAccounts,
    FormerEncryptionKeys, FrozenMembers, NextMember, Pallet, People, Person, PersonFor, PersonOf, ProposedAccounts,
    ProposedEncryptionKeys,
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
        Self::check_keys(account, encryption_key)?;
        ensure!(NextMember::<T>::get() < MemberId::MAX, Error::<T>::TooManyPeople);
        ensure!(signature.verify(application.signing_payload().as_slice(), account), Error::<T>::BadSignature);
        Ok(())
    }

    /// Whether nobody has, had or is about to have these keys, and secrets can be wrapped to the encryption key.
    pub(crate) fn check_keys(account: &AccountId, encryption_key: &EncryptionKey) -> DispatchResult {
        ensure!(encryption_key::is_usable(encryption_key), Error::<T>::BadEncryptionKey);
        ensure!(!Self::account_in_use(account), Error::<T>::AccountInUse);
        let in_use = EncryptionKeys::<T>::contains_key(encryption_key)
            || ProposedEncryptionKeys::<T>::contains_key(encryption_key)
            || FormerEncryptionKeys::<T>::contains_key(encryption_key);
        ensure!(!in_use, Error::<T>::EncryptionKeyInUse);
        Ok(())
    }

    /// Makes a candidate of the applicant: their number, and the first block in which they can no longer be vouched
    /// for. The caller has checked the application.
    pub(crate) fn do_enrol(application: ApplicationFor) -> (MemberId, BlockNumber) {
        let until = T::Clock::now().saturating_add(T::Constitution::parameters().candidate_lifetime);
        let ApplicationFor { account, encryption_key, .. } = application;
        (Self::insert_person(&account, encryption_key, Standing::Candidate, Some(until)), until)
    }

    /// Enrols the applicant with the sponsor's vouch.
    pub(crate) fn do_sponsor(sponsor: MemberId, application: ApplicationFor) -> DispatchResult {
        let account = application.account.clone();
        let (candidate, until) = Self::do_enrol(application);
        Self::deposit_event(Event::Sponsored { sponsor, candidate, account, until });
        // A refusal here undoes the enrolment: a call is one storage layer.
        T::Sponsorship::first_vouch(sponsor, candidate)
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
        let keyed_at = since;
        let person = Person { account, encryption_key, standing, since, candidate_until, devices: 0, keyed_at };
        People::<T>::insert(id, person);
        id
    }

    /// Whether the account is, was or is about to be a person's, or is a device's.
    pub(crate) fn account_in_use(account: &AccountId) -> bool {
        PersonOf::<T>::contains_key(account)
            || Devices::<T>::contains_key(DeviceId(account.clone().into()))
            || ProposedAccounts::<T>::contains_key(account)
            || FormerAccounts::<T>::contains_key(account)
    }

    /// Moves a person to another standing, and keeps the counts of members.
    pub(crate) fn change_standing(id: MemberId, record: PersonFor, standing: Standing) {
        let step: fn(&mut u32) = match (record.standing == Standing::Member, standing == Standing::Member) {
            (false, true) => |count| *count = count.saturating_add(1),
            (true, false) => |count| *count = count.saturating_sub(1),
            _ => |_| (),
        };
        ActiveMembers::<T>::mutate(step);
        if Self::is_frozen(id) {
            FrozenMembers::<T>::mutate(step);
        }
        // By the block in which they became a member it is known who guards the key of who lapsed, by default.
        let since = if standing == Standing::Lapsed { record.since } else { T::Clock::now() };
        People::<T>::insert(id, Person { standing, since, candidate_until: None, ..record });
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
        Self::forget_keys(id, &record.account);
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
            // Whoever counts the vouches looks at the number of members, not at their keys.
            Some(record) if record.standing == Standing::Member && !Self::is_last_able(person, &record) => {
                Self::change_standing(person, record, Standing::Lapsed);
                T::OnDeparture::departed(person);
                Self::deposit_event(Event::Lapsed { member: person });
            }
            _ => (),
        }
    }
}
