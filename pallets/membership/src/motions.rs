// SPDX-License-Identifier: Apache-2.0
//! How guardians decide about a key: motions, from opening to closing.

use frame_support::{
    defensive, ensure,
    traits::{
        fungible::MutateHold,
        tokens::{Fortitude, Precision, Restriction},
    },
};
use kith_primitives::{
    glue::{Community, Constitution, Now},
    member::MemberId,
    recovery::{MotionId, NewKey},
    AccountId, Balance, BlockNumber, Signature,
};
use sp_runtime::{
    traits::{Verify, Zero},
    DispatchError, DispatchResult,
};

use crate::{
    Config, Error, Event, GuardianList, HoldReason, Motion, MotionEnd, MotionFor, MotionKind, Motions, NextMotion,
    Pallet, ProposalFor, ProposedAccounts, ProposedEncryptionKeys, MAX_NEW_KEYS,
};

// === checks ===

impl<T: Config> Pallet<T> {
    pub(crate) fn check_opening(
        person: MemberId,
        opener: MemberId,
        proposal: ProposalFor,
    ) -> Result<MotionKind<AccountId>, DispatchError> {
        Self::present(person)?;
        ensure!(Self::is_guardian(person, opener), Error::<T>::NotGuardian);
        ensure!(NextMotion::<T>::get() < MotionId::MAX, Error::<T>::TooManyMotions);
        match proposal {
            ProposalFor::Freeze => {
                Self::check_freeze(person)?;
                Self::check_only(person)?;
                Ok(MotionKind::Freeze)
            }
            ProposalFor::Unfreeze => {
                Self::check_unfreeze(person)?;
                Self::check_only(person)?;
                Ok(MotionKind::Unfreeze)
            }
            ProposalFor::NewKey { key, signature } => {
                Self::check_room(person, opener)?;
                Self::check_new_key(person, &key, &signature)?;
                Ok(MotionKind::NewKey { account: key.account, encryption_key: key.encryption_key })
            }
        }
    }

    /// One motion to freeze or unfreeze is enough, and no number of proposed keys keeps it out.
    fn check_only(person: MemberId) -> DispatchResult {
        let is_new_key = |motion: MotionFor| matches!(motion.kind, MotionKind::NewKey { .. });
        ensure!(Motions::<T>::iter_prefix_values(person).all(is_new_key), Error::<T>::AlreadyProposed);
        Ok(())
    }

    /// One new key from each guardian, so that one of them cannot keep out what the others propose.
    fn check_room(person: MemberId, opener: MemberId) -> DispatchResult {
        let mut open = 0usize;
        for motion in Motions::<T>::iter_prefix_values(person) {
            if matches!(motion.kind, MotionKind::NewKey { .. }) {
                ensure!(motion.opened_by != opener, Error::<T>::AlreadyProposed);
                open = open.saturating_add(1);
            }
        }
        ensure!(open < MAX_NEW_KEYS, Error::<T>::TooManyMotions);
        Ok(())
    }

    fn check_new_key(person: MemberId, key: &NewKey<AccountId, BlockNumber>, signature: &Signature) -> DispatchResult {
        ensure!(key.genesis == Self::genesis(), Error::<T>::WrongCommunity);
        ensure!(key.person == person, Error::<T>::WrongPerson);
        ensure!(T::Clock::now() <= key.expires, Error::<T>::Expired);
        Self::check_keys(&key.account, &key.encryption_key)?;
        ensure!(signature.verify(key.signing_payload().as_slice(), &key.account), Error::<T>::BadSignature);
        Ok(())
    }

    /// The motion, with those approvals only that count now.
    pub(crate) fn check_approval(
        person: MemberId,
        id: MotionId,
        guardian: MemberId,
    ) -> Result<MotionFor, DispatchError> {
        let mut motion = Self::motion(person, id)?;
        ensure!(T::Clock::now() < motion.closes, Error::<T>::Expired);
        ensure!(Self::is_guardian(person, guardian), Error::<T>::NotGuardian);
        Self::retain_approvals(person, &mut motion);
        // If the threshold fell meanwhile, who approved before may say so again.
        let is_enough = motion.approvals.len() >= Self::guardians_needed();
        let changes = if is_enough { motion.agreed_at.is_none() } else { !motion.approvals.contains(&guardian) };
        ensure!(changes, Error::<T>::AlreadyApproved);
        Ok(motion)
    }

    pub(crate) fn check_veto(person: MemberId, id: MotionId) -> Result<MotionFor, DispatchError> {
        let motion = Self::motion(person, id)?;
        ensure!(matches!(motion.kind, MotionKind::NewKey { .. }), Error::<T>::NotNewKey);
        Ok(motion)
    }

    pub(crate) fn check_closing(person: MemberId, id: MotionId) -> Result<MotionFor, DispatchError> {
        let motion = Self::motion(person, id)?;
        ensure!(Self::has_lapsed(person, &motion), Error::<T>::StillOpen);
        Ok(motion)
    }

    pub(crate) fn motion(person: MemberId, id: MotionId) -> Result<MotionFor, DispatchError> {
        Ok(Motions::<T>::get(person, id).ok_or(Error::<T>::NotFound)?)
    }

    /// Whether the motion's time has run out: to be agreed or, if it is, to be completed. So a new key that the runtime
    /// cannot give blocks no other for ever.
    pub(crate) fn has_lapsed(person: MemberId, motion: &MotionFor) -> bool {
        let (now, parameters) = (T::Clock::now(), T::Constitution::parameters());
        let to_complete = parameters.recovery_delay.saturating_add(parameters.recovery_period);
        match motion.agreed_at {
            Some(at) if now < at.saturating_add(to_complete) => {
                now >= motion.closes && !Self::is_approved(person, motion)
            }
            _ => now >= motion.closes,
        }
    }
}

// === changes ===

impl<T: Config> Pallet<T> {
    pub(crate) fn do_open(
        person: MemberId,
        opener: MemberId,
        payer: &AccountId,
        kind: MotionKind<AccountId>,
    ) -> DispatchResult {
        let (id, parameters) = (NextMotion::<T>::get(), T::Constitution::parameters());
        let deposit = parameters.recovery_deposit;
        // An account without funds holds nothing, not even nothing.
        if !deposit.is_zero() {
            T::Currency::hold(&HoldReason::Motion.into(), payer, deposit)?;
        }
        NextMotion::<T>::put(id.saturating_add(1));
        if let MotionKind::NewKey { account, encryption_key } = &kind {
            ProposedAccounts::<T>::insert(account, person);
            ProposedEncryptionKeys::<T>::insert(encryption_key, person);
        }
        Self::deposit_event(Event::MotionOpened { person, motion: id, opener });
        let (closes, approvals) = (T::Clock::now().saturating_add(parameters.recovery_period), GuardianList::default());
        let motion = Motion { kind, opened_by: opener, approvals, closes, agreed_at: None, deposit };
        Motions::<T>::insert(person, id, &motion);
        Self::do_approve(person, id, motion, opener)
    }

    pub(crate) fn do_approve(
        person: MemberId,
        id: MotionId,
        mut motion: MotionFor,
        guardian: MemberId,
    ) -> DispatchResult {
        if !motion.approvals.contains(&guardian) && motion.approvals.try_push(guardian).is_err() {
            defensive!("fewer approved than are needed, and no more are needed than fit");
        }
        Self::deposit_event(Event::MotionApproved { person, motion: id, guardian });
        if motion.approvals.len() >= Self::guardians_needed() {
            return Self::do_agree(person, id, motion);
        }
        Motions::<T>::insert(person, id, motion);
        Ok(())
    }

    /// Lets a motion take effect that enough guardians approved.
    fn do_agree(person: MemberId, id: MotionId, mut motion: MotionFor) -> DispatchResult {
        let record = Self::present(person)?;
        match motion.kind {
            MotionKind::Freeze => {
                Self::check_freeze(person)?;
                Self::do_close(person, id, motion, MotionEnd::Done);
                Self::do_freeze(person, &record, false);
            }
            MotionKind::Unfreeze => {
                Self::check_unfreeze(person)?;
                Self::do_close(person, id, motion, MotionEnd::Done);
                Self::do_unfreeze(person, &record);
            }
            MotionKind::NewKey { .. } => {
                let at = motion.agreed_at.unwrap_or_else(T::Clock::now);
                motion.agreed_at = Some(at);
                Motions::<T>::insert(person, id, motion);
                let from = at.saturating_add(T::Constitution::parameters().recovery_delay);
                Self::deposit_event(Event::MotionAgreed { person, motion: id, from });
            }
        }
        Ok(())
    }

    /// Closes a motion: what it reserved is free again, and the deposit goes to whom it belongs.
    pub(crate) fn do_close(person: MemberId, id: MotionId, motion: MotionFor, end: MotionEnd) {
        Motions::<T>::remove(person, id);
        if let MotionKind::NewKey { account, encryption_key } = &motion.kind {
            ProposedAccounts::<T>::remove(account);
            ProposedEncryptionKeys::<T>::remove(encryption_key);
        }
        let slashed = end == MotionEnd::Vetoed && Self::slash(person, motion.opened_by, motion.deposit);
        if !slashed {
            Self::give_back_deposit(motion.opened_by, motion.deposit);
        }
        Self::deposit_event(Event::MotionClosed { person, motion: id, end });
    }

    /// Gives the person what is held from the opener; fails if the person's account cannot exist with so little.
    fn slash(person: MemberId, opener: MemberId, deposit: Balance) -> bool {
        let (Some(from), Some(to)) = (Self::account(opener), Self::account(person)) else { return false };
        let (precision, mode, force) = (Precision::BestEffort, Restriction::Free, Fortitude::Force);
        let reason = HoldReason::Motion.into();
        T::Currency::transfer_on_hold(&reason, &from, &to, deposit, precision, mode, force).is_ok()
    }

    fn give_back_deposit(opener: MemberId, deposit: Balance) {
        if let Some(account) = Self::account(opener) {
            if T::Currency::release(&HoldReason::Motion.into(), &account, deposit, Precision::BestEffort).is_err() {
                defensive!("an account exists while something is held in it");
            }
        }
    }

    /// Closes those of a person's motions whose time has run out.
    pub(crate) fn close_lapsed(person: MemberId) {
        Self::close_where(person, MotionEnd::Lapsed, |motion| Self::has_lapsed(person, motion));
    }

    /// Closes all of a person's motions, because they have no object any more.
    pub(crate) fn close_all(person: MemberId) {
        Self::close_where(person, MotionEnd::Overtaken, |_| true);
    }

    fn close_where(person: MemberId, end: MotionEnd, is_over: impl Fn(&MotionFor) -> bool) {
        let open: alloc::vec::Vec<_> = Motions::<T>::iter_prefix(person).collect();
        for (id, motion) in open.into_iter().filter(|(_, motion)| is_over(motion)) {
            Self::do_close(person, id, motion, end);
        }
    }
}
