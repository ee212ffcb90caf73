// SPDX-License-Identifier: Apache-2.0
//! Who asked to follow a resource's new versions.

use frame_support::ensure;
use kith_primitives::{member::MemberId, resource::ResourceId};
use sp_runtime::DispatchResult;

use crate::{
    counts::{one_less, one_more},
    Config, Error, Event, Pallet, SubscriptionCount, Subscriptions, MAX_SUBSCRIPTIONS,
};

impl<T: Config> Pallet<T> {
    /// Checks that the member may follow the resource.
    pub(crate) fn check_subscribe(member: MemberId, id: ResourceId) -> DispatchResult {
        Self::leased(id)?;
        ensure!(!Subscriptions::<T>::contains_key(id, member), Error::<T>::AlreadyExists);
        ensure!(SubscriptionCount::<T>::get(member) < MAX_SUBSCRIPTIONS, Error::<T>::TooManySubscriptions);
        Ok(())
    }

    /// Records it.
    pub(crate) fn do_subscribe(member: MemberId, id: ResourceId) {
        Subscriptions::<T>::insert(id, member, ());
        SubscriptionCount::<T>::mutate_exists(member, one_more);
        Self::deposit_event(Event::Subscribed { resource: id, member });
    }

    /// Forgets it.
    pub(crate) fn do_unsubscribe(member: MemberId, id: ResourceId) {
        Subscriptions::<T>::remove(id, member);
        SubscriptionCount::<T>::mutate_exists(member, one_less);
        Self::deposit_event(Event::Unsubscribed { resource: id, member });
    }
}
