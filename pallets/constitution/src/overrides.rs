// SPDX-License-Identifier: Apache-2.0
//! How the members act over the governing contract's head.
//!
//! Approvals are counted, not listed: a member's approvals hang on the member, and leave with them. So every step costs
//! the same in a community of any size, and only active members are ever counted.

use frame_support::{ensure, pallet_prelude::*};
use kith_primitives::{
    glue::{Community, Expulsion, Now, OnDeparture},
    member::MemberId,
};
use sp_runtime::ArithmeticError;

use crate::{
    maths, ActionOf, Approvals, ApprovedBy, Config, Error, Event, InForce, NextOverride, Override, OverrideAction,
    OverrideId, OverrideOf, Overrides, Pallet, ProposalOf,
};

// === queries ===

impl<T: Config> Pallet<T> {
    /// How many approvals an override takes now.
    pub fn required_approvals() -> u32 {
        maths::required_approvals(InForce::<T>::get().override_percent, T::Community::active_members())
    }

    /// Whether the override may still be approved.
    pub fn is_open(id: OverrideId) -> bool {
        Self::check_open(id).is_ok()
    }
}

// === checks ===

impl<T: Config> Pallet<T> {
    /// The number for a new override of the member's, and the expired one it replaces.
    pub(crate) fn check_propose(
        member: MemberId,
        action: &ActionOf<T>,
    ) -> Result<(OverrideId, Option<OverrideId>), DispatchError> {
        if let OverrideAction::SetParameter(parameter) = action {
            Self::check_parameter(parameter)?;
        }
        let earlier = ProposalOf::<T>::get(member);
        ensure!(!earlier.is_some_and(Self::is_open), Error::<T>::AlreadyExists);
        let id = NextOverride::<T>::get();
        id.checked_add(1).ok_or(ArithmeticError::Overflow)?;
        Ok((id, earlier))
    }

    pub(crate) fn check_open(id: OverrideId) -> Result<OverrideOf<T>, Error<T>> {
        let it = Overrides::<T>::get(id).ok_or(Error::<T>::NotFound)?;
        ensure!(T::Clock::now() <= it.expires, Error::<T>::Expired);
        Ok(it)
    }

    /// The overrides the member approves of that still exist, if there is room for one more.
    pub(crate) fn check_room(member: MemberId) -> Result<Approvals, Error<T>> {
        let mut approvals = ApprovedBy::<T>::get(member);
        approvals.retain(|id| Overrides::<T>::contains_key(id));
        ensure!(!approvals.is_full(), Error::<T>::TooManyApprovals);
        Ok(approvals)
    }

    /// Whether those who approve already are enough by now, as they may be after others left.
    pub(crate) fn check_enough(id: OverrideId) -> Result<(), Error<T>> {
        let it = Self::check_open(id)?;
        ensure!(it.approvals >= Self::required_approvals(), Error::<T>::AlreadyExists);
        Ok(())
    }

    /// The member's other approvals.
    pub(crate) fn check_withdraw(id: OverrideId, member: MemberId) -> Result<Approvals, Error<T>> {
        let mut approvals = ApprovedBy::<T>::get(member);
        ensure!(Overrides::<T>::contains_key(id) && approvals.contains(&id), Error::<T>::NotFound);
        approvals.retain(|other| *other != id);
        Ok(approvals)
    }

    pub(crate) fn check_prune(id: OverrideId) -> Result<(), Error<T>> {
        ensure!(Overrides::<T>::contains_key(id), Error::<T>::NotFound);
        ensure!(!Self::is_open(id), Error::<T>::TooEarly);
        Ok(())
    }
}

// === changes ===

impl<T: Config> Pallet<T> {
    pub(crate) fn do_propose(member: MemberId, id: OverrideId, action: ActionOf<T>, replaced: Option<OverrideId>) {
        if let Some(expired) = replaced {
            Self::do_close(expired);
        }
        let expires = T::Clock::now().saturating_add(InForce::<T>::get().override_period);
        NextOverride::<T>::put(id.saturating_add(1));
        ProposalOf::<T>::insert(member, id);
        Overrides::<T>::insert(id, Override { proposer: member, action: action.clone(), approvals: 0, expires });
        Self::deposit_event(Event::OverrideProposed { id, proposer: member, action });
    }

    /// Records the approval and executes if it is the last that was missing; undone as a whole if the action fails.
    pub(crate) fn do_approve(id: OverrideId, member: MemberId, mut approved: Approvals) -> DispatchResult {
        let required = Self::required_approvals();
        approved.try_push(id).map_err(|_| Error::<T>::TooManyApprovals)?;
        ApprovedBy::<T>::insert(member, approved);
        let approvals = Overrides::<T>::mutate(id, |it| {
            it.as_mut().map_or(0, |it| {
                it.approvals = it.approvals.saturating_add(1);
                it.approvals
            })
        });
        Self::deposit_event(Event::OverrideApproved { id, member, approvals, required });
        if approvals >= required {
            Self::do_execute(id)?;
        }
        Ok(())
    }

    /// Carries the override out. It is closed first, so that an expelled approver finds nothing to withdraw from.
    pub(crate) fn do_execute(id: OverrideId) -> DispatchResult {
        let it = Self::remove(id).ok_or(Error::<T>::NotFound)?;
        match it.action {
            OverrideAction::SetParameter(parameter) => {
                let next = Self::check_parameter(&parameter)?;
                Self::do_schedule(parameter, next);
            }
            OverrideAction::SetDoug(doug) => Self::do_set_doug(doug),
            OverrideAction::RemoveMember(person) => T::Expulsion::expel(person)?,
        }
        Self::deposit_event(Event::OverrideExecuted { id });
        Ok(())
    }

    /// Takes one approval off; closes the override when none is left.
    pub(crate) fn do_withdraw(id: OverrideId, member: MemberId) {
        let Some(mut it) = Overrides::<T>::get(id) else { return };
        it.approvals = it.approvals.saturating_sub(1);
        Self::deposit_event(Event::ApprovalWithdrawn { id, member });
        if it.approvals == 0 {
            Self::do_close(id);
        } else {
            Overrides::<T>::insert(id, it);
        }
    }

    pub(crate) fn do_close(id: OverrideId) {
        if Self::remove(id).is_some() {
            Self::deposit_event(Event::OverrideClosed { id });
        }
    }

    fn remove(id: OverrideId) -> Option<OverrideOf<T>> {
        let it = Overrides::<T>::take(id)?;
        ProposalOf::<T>::remove(it.proposer);
        Some(it)
    }
}

impl<T: Config> OnDeparture for Pallet<T> {
    fn departed(person: MemberId) {
        for id in ApprovedBy::<T>::take(person) {
            Self::do_withdraw(id, person);
        }
    }
}
