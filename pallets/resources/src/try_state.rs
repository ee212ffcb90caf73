// SPDX-License-Identifier: Apache-2.0
//! What must hold of the storage between any two calls.

use alloc::{collections::BTreeMap, vec::Vec};
use frame_support::{ensure, traits::fungible::InspectHold};
use kith_primitives::{
    glue::{Community, Now},
    member::MemberId,
    resource::ResourceId,
    Balance,
};
use sp_runtime::TryRuntimeError;

use crate::{
    types::{Deposit, Phase, Resource},
    Config, Grants, Held, HoldReason, LeasedCount, Leavers, Names, NextResource, OwnedBy, Pallet, ReadableBy, Readers,
    Reaping, Resources, Skeletons, SubscriptionCount, Subscriptions, Versions, WrappedKeys, MAX_SUBSCRIPTIONS,
    MAX_VERSIONS,
};

impl<T: Config> Pallet<T> {
    /// Checks every invariant. Reads all of the pallet's storage.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let resources: BTreeMap<ResourceId, Resource> = Resources::<T>::iter().collect();
        Self::try_owners(&resources)?;
        Self::try_names(&resources)?;
        Self::try_versions(&resources)?;
        Self::try_grants(&resources)?;
        Self::try_subscriptions(&resources)?;
        Self::try_deposits(&resources)
    }

    fn try_owners(resources: &BTreeMap<ResourceId, Resource>) -> Result<(), TryRuntimeError> {
        let mut counts = BTreeMap::<MemberId, u32>::new();
        for (id, resource) in resources {
            ensure!(*id < NextResource::<T>::get(), "a resource has a number not given yet");
            ensure!(!Reaping::<T>::contains_key(id), "a resource is being reaped while it lives");
            ensure!(OwnedBy::<T>::contains_key(resource.owner, id), "an owner's list lacks a resource");
            ensure!(resource.offered_to != Some(resource.owner), "a resource is offered to its owner");
            let due = resource.latest.is_some() && Self::phase(resource) == Phase::Leased;
            ensure!(resource.counted || !due, "a published resource under lease is not counted");
            ensure!(!resource.counted || resource.latest.is_some(), "a resource without versions is counted");
            if resource.counted {
                add(&mut counts, resource.owner);
            }
        }
        ensure!(OwnedBy::<T>::iter_keys().count() == resources.len(), "an owner's list has a resource too many");
        ensure!(LeasedCount::<T>::iter().collect::<BTreeMap<_, _>>() == counts, "the leased resources are miscounted");
        Ok(())
    }

    fn try_names(resources: &BTreeMap<ResourceId, Resource>) -> Result<(), TryRuntimeError> {
        let named = resources.iter().filter_map(|(id, resource)| resource.name.as_ref().map(|name| (id, name)));
        for (id, name) in named.clone() {
            ensure!(name.check().is_ok(), "a name is malformed");
            ensure!(Names::<T>::get(name) == Some(*id), "a name leads elsewhere");
            ensure!(Skeletons::<T>::get(name.skeleton()).as_ref() == Some(name), "a skeleton leads elsewhere");
        }
        let named = named.count();
        ensure!(Names::<T>::iter_keys().count() == named, "a name leads to a resource that has it not");
        ensure!(Skeletons::<T>::iter_keys().count() == named, "a skeleton leads to a name not in use");
        Ok(())
    }

    fn try_versions(resources: &BTreeMap<ResourceId, Resource>) -> Result<(), TryRuntimeError> {
        for (id, number, stored) in Versions::<T>::iter() {
            ensure!(stored.version.number == number, "a version is filed under another number");
            let Some(resource) = resources.get(&id) else {
                ensure!(Reaping::<T>::contains_key(id), "a version has no resource");
                continue;
            };
            let latest = resource.latest.unwrap_or_default();
            ensure!(
                number > latest.saturating_sub(MAX_VERSIONS) && number <= latest,
                "a version is not among the latest"
            );
            ensure!(stored.version.key_epoch <= resource.key_epoch, "a version is of an epoch to come");
        }
        for (id, resource) in resources {
            let kept = Versions::<T>::iter_prefix_values(id).count();
            let due = resource.latest.unwrap_or_default().min(MAX_VERSIONS);
            ensure!(u32::try_from(kept) == Ok(due), "a version is missing");
        }
        Ok(())
    }

    fn try_grants(resources: &BTreeMap<ResourceId, Resource>) -> Result<(), TryRuntimeError> {
        let (mut counts, mut grants, mut keys) = (BTreeMap::<ResourceId, u32>::new(), 0usize, 0usize);
        for (id, reader, grant) in Grants::<T>::iter() {
            grants = grants.saturating_add(1);
            keys = keys.saturating_add(grant.epochs.len());
            let known = T::Community::is_member(reader) || Leavers::<T>::contains_key(reader);
            ensure!(known, "someone who departed keeps a grant");
            ensure!(ReadableBy::<T>::contains_key(reader, id), "a reader's list lacks a resource");
            ensure!(!grant.epochs.is_empty(), "a grant has no key");
            ensure!(grant.epochs.windows(2).all(|pair| pair.first() < pair.last()), "a grant's epochs are disordered");
            for epoch in &grant.epochs {
                ensure!(WrappedKeys::<T>::contains_key((id, reader, epoch)), "a grant's key is missing");
            }
            match resources.get(&id) {
                Some(resource) => {
                    ensure!(grant.epochs.last() <= Some(&resource.key_epoch), "a grant is of an epoch to come");
                    add(&mut counts, id);
                }
                None => ensure!(Reaping::<T>::contains_key(id), "a grant has no resource"),
            }
        }
        ensure!(ReadableBy::<T>::iter_keys().count() == grants, "a reader's list has a resource too many");
        ensure!(WrappedKeys::<T>::iter_keys().count() == keys, "a wrapped key has no grant");
        let mut stored = WrappedKeys::<T>::iter_values();
        ensure!(stored.all(|key| key.wrapped <= T::Clock::now()), "a key was wrapped in a block to come");
        ensure!(Readers::<T>::iter().collect::<BTreeMap<_, _>>() == counts, "the readers are miscounted");
        Ok(())
    }

    fn try_subscriptions(resources: &BTreeMap<ResourceId, Resource>) -> Result<(), TryRuntimeError> {
        let mut counts = BTreeMap::<MemberId, u32>::new();
        for (id, member) in Subscriptions::<T>::iter_keys() {
            let known = resources.contains_key(&id) || Reaping::<T>::contains_key(id);
            ensure!(known, "a subscription has no resource");
            add(&mut counts, member);
        }
        ensure!(counts.values().all(|count| *count <= MAX_SUBSCRIPTIONS), "a member follows too many");
        let recorded: BTreeMap<_, _> = SubscriptionCount::<T>::iter().collect();
        ensure!(recorded == counts, "the subscriptions are miscounted");
        Ok(())
    }

    fn try_deposits(resources: &BTreeMap<ResourceId, Resource>) -> Result<(), TryRuntimeError> {
        let mut sums = BTreeMap::<MemberId, Balance>::new();
        for Deposit { payer, amount } in Self::deposits(resources).into_iter().filter(|deposit| deposit.amount > 0) {
            let sum = sums.entry(payer).or_default();
            *sum = sum.saturating_add(amount);
        }
        ensure!(Held::<T>::iter().collect::<BTreeMap<_, _>>() == sums, "the deposits do not add up");
        for (payer, sum) in sums {
            if let Some(account) = T::Community::account(payer) {
                let on_hold = T::Currency::balance_on_hold(&HoldReason::Deposit.into(), &account);
                ensure!(on_hold >= sum, "less is on hold than was paid");
            }
        }
        Ok(())
    }

    /// Every deposit there is a record of.
    fn deposits(resources: &BTreeMap<ResourceId, Resource>) -> Vec<Deposit> {
        let of_resources = resources.values().map(|resource| resource.deposit);
        let of_versions = Versions::<T>::iter_values().map(|stored| stored.deposit);
        of_resources.chain(of_versions).chain(Grants::<T>::iter_values().map(|grant| grant.deposit)).collect()
    }
}

fn add<Key: Ord>(counts: &mut BTreeMap<Key, u32>, key: Key) {
    let count = counts.entry(key).or_default();
    *count = count.saturating_add(1);
}
