// SPDX-License-Identifier: Apache-2.0
//! How a person gets new keys.

use frame_support::ensure;
use kith_primitives::{
    glue::{Constitution, Now, Rekeying},
    member::{EncryptionKey, MemberId},
    recovery::MotionId,
    AccountId, BlockNumber,
};
use sp_runtime::DispatchError;

use crate::{
    Config, EncryptionKeys, Error, Event, Former, FormerAccounts, FormerEncryptionKeys, MotionEnd, MotionFor,
    MotionKind, Motions, Pallet, People, Person, PersonFor, PersonOf,
};

/// What a person gets: account and encryption key.
type Keys = (AccountId, EncryptionKey);

impl<T: Config> Pallet<T> {
    /// The motion and the keys it gives, if it may be completed now.
    pub(crate) fn check_completion(person: MemberId, id: MotionId) -> Result<(MotionFor, Keys), DispatchError> {
        let motion = Self::motion(person, id)?;
        let MotionKind::NewKey { account, encryption_key } = motion.kind.clone() else {
            return Err(Error::<T>::NotAgreed.into());
        };
        let at = motion.agreed_at.ok_or(Error::<T>::NotAgreed)?;
        ensure!(!Self::has_lapsed(person, &motion), Error::<T>::Expired);
        let from = at.saturating_add(T::Constitution::parameters().recovery_delay);
        ensure!(T::Clock::now() >= from, Error::<T>::TooEarly);
        ensure!(Self::is_approved(person, &motion), Error::<T>::NotAgreed);
        ensure!(Self::is_first(person, (at, id)), Error::<T>::NotFirst);
        T::Rekeying::check(person, &Self::present(person)?.account, &account, Self::is_frozen(person))?;
        Ok((motion, (account, encryption_key)))
    }

    /// Whether no other new key was agreed on before, and still is.
    fn is_first(person: MemberId, mine: (BlockNumber, MotionId)) -> bool {
        let came_before = |id, motion: &MotionFor| {
            motion.agreed_at.is_some_and(|at| (at, id) < mine)
                && !Self::has_lapsed(person, motion)
                && Self::is_approved(person, motion)
        };
        !Motions::<T>::iter_prefix(person).any(|(id, motion)| came_before(id, &motion))
    }

    pub(crate) fn do_complete(person: MemberId, id: MotionId, motion: MotionFor, keys: Keys) {
        Self::do_close(person, id, motion, MotionEnd::Done);
        Self::close_all(person);
        if let Some(record) = People::<T>::get(person) {
            Self::rekey(person, record, keys);
        }
    }

    fn rekey(person: MemberId, record: PersonFor, (account, encryption_key): Keys) {
        let (former, now) = (record.account.clone(), T::Clock::now());
        let was_frozen = Self::is_frozen(person);
        Self::lift_freeze(person, &record);
        Self::drop_pending_choice(person);
        PersonOf::<T>::remove(&former);
        PersonOf::<T>::insert(&account, person);
        FormerAccounts::<T>::insert(&former, Former { person, until: now });
        EncryptionKeys::<T>::remove(record.encryption_key);
        EncryptionKeys::<T>::insert(encryption_key, person);
        FormerEncryptionKeys::<T>::insert(record.encryption_key, person);
        People::<T>::insert(person, Person { account: account.clone(), encryption_key, keyed_at: now, ..record });
        Self::hold_account(&account);
        T::Rekeying::rekeyed(person, &former, &account, was_frozen);
        if was_frozen {
            // A thief may have bound one, or copied the key of one.
            Self::devices_of(person).into_iter().for_each(|device| Self::do_unbind(person, device));
        }
        // Last, so that the account lives until everything was taken from it.
        Self::abandon_account(&former);
        Self::deposit_event(Event::KeyChanged { person, former, current: account });
    }
}
