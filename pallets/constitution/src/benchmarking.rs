// SPDX-License-Identifier: Apache-2.0
//! What each call costs at worst.
#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a benchmark that cannot be set up must stop")]

use alloc::vec::Vec;

use frame_benchmarking::v2::*;
use frame_support::traits::EnsureOrigin;
use frame_system::RawOrigin;
use kith_primitives::{
    glue::{Community, OnEraStart},
    member::MemberId,
    parameters::Parameter,
    BlockNumber,
};

use crate::*;

/// Makes active members for benchmarks.
pub trait MemberFactory<AccountId> {
    /// Makes one more active member.
    fn make() -> AccountId;
}

fn member<T: Config>() -> (T::AccountId, MemberId) {
    let account = T::BenchmarkHelper::make();
    let id = T::Community::member(&account).expect("the factory makes active members");
    (account, id)
}

fn members<T: Config>(count: u32) -> Vec<(T::AccountId, MemberId)> {
    (0..count).map(|_| member::<T>()).collect()
}

/// An override of `proposer` that lacks one approval.
fn almost<T: Config>(proposer: &T::AccountId, action: ActionOf<T>) -> OverrideId {
    let id = NextOverride::<T>::get();
    Pallet::<T>::propose_override(RawOrigin::Signed(proposer.clone()).into(), action).expect("nothing is open yet");
    let missing_one = Pallet::<T>::required_approvals().saturating_sub(1);
    Overrides::<T>::mutate(id, |it| it.as_mut().expect("just proposed").approvals = missing_one);
    id
}

/// Lets `member` approve of all but one as many overrides as one may.
fn busy<T: Config>(account: &T::AccountId) {
    for (proposer, _) in members::<T>(MAX_APPROVALS.saturating_sub(1)) {
        let id = NextOverride::<T>::get();
        let action = OverrideAction::SetDoug(proposer.clone());
        Pallet::<T>::propose_override(RawOrigin::Signed(proposer).into(), action).expect("nothing is open yet");
        Pallet::<T>::approve_override(RawOrigin::Signed(account.clone()).into(), id).expect("it is open");
    }
}

impl<T: Config> Pallet<T> {
    /// Lets the person be the last who approves of as many overrides as one may: the most that a departure closes.
    pub fn benchmark_approvals(person: MemberId) {
        let first = NextOverride::<T>::get();
        let ids: Vec<OverrideId> = (first..first.saturating_add(MAX_APPROVALS)).collect();
        for id in &ids {
            let proposer = MemberId::MAX.saturating_sub(*id);
            let action = OverrideAction::SetParameter(Parameter::EraPot(1));
            ProposalOf::<T>::insert(proposer, id);
            Overrides::<T>::insert(id, Override { proposer, action, approvals: 1, expires: BlockNumber::MAX });
        }
        NextOverride::<T>::put(first.saturating_add(MAX_APPROVALS));
        ApprovedBy::<T>::insert(person, Approvals::truncate_from(ids));
    }
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn set_parameter() -> Result<(), BenchmarkError> {
        member::<T>();
        let origin = EnsureConstitution::<T>::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;
        Scheduled::<T>::put(InForce::<T>::get());
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, Parameter::AdmissionThreshold(1));
        assert_eq!(Scheduled::<T>::get().map(|next| next.admission_threshold), Some(1));
        Ok(())
    }

    #[benchmark]
    fn set_doug() -> Result<(), BenchmarkError> {
        let origin = EnsureConstitution::<T>::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;
        let successor: T::AccountId = account("successor", 0, 0);
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, successor.clone());
        assert_eq!(Doug::<T>::get(), Some(successor));
        Ok(())
    }

    #[benchmark]
    fn propose_override() {
        let (account, id) = member::<T>();
        let others = members::<T>(3);
        busy::<T>(&account);
        let expired = almost::<T>(&others[0].0, OverrideAction::RemoveMember(others[2].1));
        ProposalOf::<T>::insert(id, expired);
        Overrides::<T>::mutate(expired, |it| {
            let it = it.as_mut().expect("just proposed");
            it.proposer = id;
            it.expires = 0;
        });
        ProposalOf::<T>::remove(others[0].1);
        frame_system::Pallet::<T>::set_block_number(1u32.into());
        #[extrinsic_call]
        _(RawOrigin::Signed(account), OverrideAction::SetParameter(Parameter::EraPot(1)));
        assert_eq!(ProposalOf::<T>::get(id), Some(expired.saturating_add(1)));
    }

    /// Without the expulsion, which has a weight of its own.
    #[benchmark]
    fn approve_override() {
        let (account, _) = member::<T>();
        let others = members::<T>(3);
        busy::<T>(&account);
        let id = almost::<T>(&others[0].0, OverrideAction::SetParameter(Parameter::EraPot(1)));
        #[extrinsic_call]
        _(RawOrigin::Signed(account), id);
        assert!(Scheduled::<T>::get().is_some_and(|next| next.era_pot == 1));
        assert!(Overrides::<T>::get(id).is_none());
    }

    #[benchmark]
    fn withdraw_approval() {
        let (account, member) = member::<T>();
        members::<T>(2);
        busy::<T>(&account);
        let id = NextOverride::<T>::get();
        let action = OverrideAction::SetDoug(account.clone());
        Pallet::<T>::propose_override(RawOrigin::Signed(account.clone()).into(), action).expect("nothing is open yet");
        #[extrinsic_call]
        _(RawOrigin::Signed(account), id);
        assert!(ProposalOf::<T>::get(member).is_none());
    }

    #[benchmark]
    fn prune_override() {
        let others = members::<T>(3);
        let id = almost::<T>(&others[0].0, OverrideAction::RemoveMember(others[2].1));
        Overrides::<T>::mutate(id, |it| it.as_mut().expect("just proposed").expires = 0);
        frame_system::Pallet::<T>::set_block_number(1u32.into());
        #[extrinsic_call]
        _(RawOrigin::Signed(others[1].0.clone()), id);
        assert!(Overrides::<T>::get(id).is_none());
    }

    #[benchmark]
    fn era_started() {
        member::<T>();
        let mut next = InForce::<T>::get();
        next.admission_threshold = 32;
        Scheduled::<T>::put(next);
        #[block]
        {
            Pallet::<T>::era_started();
        }
        assert!(Scheduled::<T>::get().is_none());
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::ExtBuilder::default().build(), crate::mock::Test);
}
