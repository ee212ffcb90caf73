// SPDX-License-Identifier: Apache-2.0
//! When a key counts for nothing.

use frame_support::ensure;
use kith_primitives::{
    glue::Now,
    member::{MemberId, Standing},
    recovery::revocation_payload,
    AccountId, Signature,
};
use sp_runtime::{traits::Verify, DispatchError, DispatchResult};

use crate::{ActiveMembers, Config, Error, Event, Freeze, Frozen, FrozenMembers, Pallet, PersonFor, PersonOf};

impl<T: Config> Pallet<T> {
    /// Whether the person's key counts for nothing now.
    pub fn is_frozen(person: MemberId) -> bool {
        Frozen::<T>::contains_key(person)
    }

    /// Whether this is the last member whose key is not frozen, without whom nobody could do anything any more.
    pub(crate) fn is_last_able(person: MemberId, record: &PersonFor) -> bool {
        let able = ActiveMembers::<T>::get().saturating_sub(FrozenMembers::<T>::get());
        record.standing == Standing::Member && able <= 1 && !Self::is_frozen(person)
    }

    /// Whether guardians may freeze the key. It is never the last that counts: theirs do.
    pub(crate) fn check_freeze(person: MemberId) -> DispatchResult {
        ensure!(!Self::is_frozen(person), Error::<T>::AlreadyFrozen);
        Ok(())
    }

    pub(crate) fn check_unfreeze(person: MemberId) -> DispatchResult {
        let freeze = Frozen::<T>::get(person).ok_or(Error::<T>::NotFrozen)?;
        ensure!(!freeze.revoked, Error::<T>::Revoked);
        Ok(())
    }

    pub(crate) fn check_revocation(
        account: &AccountId,
        signature: &Signature,
    ) -> Result<(MemberId, PersonFor), DispatchError> {
        let person = PersonOf::<T>::get(account).ok_or(Error::<T>::NotFound)?;
        let record = Self::present(person)?;
        let is_revoked = Frozen::<T>::get(person).is_some_and(|freeze| freeze.revoked);
        ensure!(!is_revoked, Error::<T>::Revoked);
        ensure!(!Self::is_last_able(person, &record), Error::<T>::LastMember);
        let payload = revocation_payload(&Self::genesis(), account);
        ensure!(signature.verify(payload.as_slice(), account), Error::<T>::BadSignature);
        Ok((person, record))
    }

    /// Freezes the person's key, or turns a freeze into a revocation. Whom the key chose as guardians a moment ago is
    /// forgotten: who stole it may have chosen.
    pub(crate) fn do_freeze(person: MemberId, record: &PersonFor, revoked: bool) {
        if record.standing == Standing::Member && !Self::is_frozen(person) {
            FrozenMembers::<T>::mutate(|count| *count = count.saturating_add(1));
        }
        Self::drop_pending_choice(person);
        let since = Frozen::<T>::get(person).map_or_else(T::Clock::now, |freeze| freeze.since);
        Frozen::<T>::insert(person, Freeze { since, revoked });
        Self::deposit_event(Event::KeyFrozen { person, revoked });
    }

    /// Ends a freeze, if there is one.
    pub(crate) fn lift_freeze(person: MemberId, record: &PersonFor) {
        if Frozen::<T>::take(person).is_some() && record.standing == Standing::Member {
            FrozenMembers::<T>::mutate(|count| *count = count.saturating_sub(1));
        }
    }

    pub(crate) fn do_unfreeze(person: MemberId, record: &PersonFor) {
        Self::lift_freeze(person, record);
        Self::deposit_event(Event::KeyUnfrozen { person });
    }
}
