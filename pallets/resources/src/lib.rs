// SPDX-License-Identifier: Apache-2.0
//! What does the community hold: whose, under which name, in which versions, for which readers, and until when?
//!
//! A resource lives while its lease runs. Then it can only be refreshed, retired, or have rights withdrawn, for the time its
//! name is kept; then it is removed. What is stored for it is paid with deposits, which go back to who paid when the thing
//! they were paid for is removed. Removal is done in idle time, in bounded steps; no rule waits for it: what is over counts
//! as gone, and its name is free.
//!
//! Only an active member may act. When an owner departs, nobody can keep the resource up, and its lease ends; until then the
//! owner, in whatever standing, can retire it. So none is left that nobody can remove.
//!
//! Who departs loses every right to read, grant by grant, a bounded number in each block. Who gets new keys keeps them all, but
//! whoever has the old ones is to read nothing new: each resource opens a new key epoch. Until the last is gone through nothing
//! is published under a key that the departed, or the old keys, open.
#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        clippy::as_conversions,
        clippy::let_underscore_must_use
    )
)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod bounds;
mod counts;
mod deposits;
mod errors;
mod events;
mod grants;
mod leases;
mod leaving;
#[cfg(test)]
mod mock;
mod names;
mod ownership;
mod reaping;
mod returning;
mod subscriptions;
#[cfg(test)]
mod tests;
mod try_state;
pub mod types;
mod versions;
mod views;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
pub use benchmarking::Members;
pub use bounds::*;
use frame_support::pallet_macros::import_section;
pub use pallet::*;

#[import_section(errors::errors)]
#[import_section(events::events)]
#[frame_support::pallet]
#[allow(
    missing_debug_implementations,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    reason = "the code FRAME's macros generate"
)]
pub mod pallet {
    use frame_support::{pallet_prelude::*, traits::fungible::MutateHold};
    use frame_system::pallet_prelude::*;
    use kith_primitives::{
        content_id::ContentId,
        custody::Commitment,
        glue::{Community, Constitution, Now},
        member::MemberId,
        name::{ResourceName, Skeleton},
        resource::{KeyEpoch, Kind, ResourceId, VersionNumber, Visibility, WrappedKey},
        Balance, BlockNumber,
    };

    use crate::{
        types::{Grant, Leaving, Resource, StoredKey, StoredVersion},
        weights::WeightInfo,
    };

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// Who belongs.
        type Community: Community<Self::AccountId>;
        /// The deposits and periods in force.
        type Constitution: Constitution;
        /// The current block.
        type Clock: Now;
        /// Where deposits are held.
        type Currency: MutateHold<Self::AccountId, Balance = Balance, Reason = Self::RuntimeHoldReason>;
        /// The runtime's reasons for holding.
        type RuntimeHoldReason: From<HoldReason>;
        /// What calls and steps cost.
        type WeightInfo: WeightInfo;
        /// Members for benchmarks.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: crate::benchmarking::Members<Self::AccountId>;
    }

    /// Why the pallet holds a balance.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// For a resource, version or grant that is stored.
        #[codec(index = 0)]
        Deposit,
    }

    /// The number of the next resource.
    #[pallet::storage]
    pub type NextResource<T> = StorageValue<_, ResourceId, ValueQuery>;

    /// The resources: all whose lease runs, and those whose end has not been noticed.
    // Here and below, Twox for numbers: they are given in order, nobody chooses them.
    #[pallet::storage]
    pub type Resources<T> = StorageMap<_, Twox64Concat, ResourceId, Resource>;

    /// The latest versions of each resource.
    #[pallet::storage]
    pub type Versions<T> = StorageDoubleMap<_, Twox64Concat, ResourceId, Twox64Concat, VersionNumber, StoredVersion>;

    /// Which resource has a name.
    // Blake2 for names: people choose them.
    #[pallet::storage]
    pub type Names<T> = StorageMap<_, Blake2_128Concat, ResourceName, ResourceId>;

    /// The one name in use among those that look alike.
    #[pallet::storage]
    pub type Skeletons<T> = StorageMap<_, Blake2_128Concat, Skeleton, ResourceName>;

    /// The readers of each encrypted resource.
    #[pallet::storage]
    pub type Grants<T> = StorageDoubleMap<_, Twox64Concat, ResourceId, Twox64Concat, MemberId, Grant>;

    /// Content keys, by resource, reader and key epoch.
    #[pallet::storage]
    pub type WrappedKeys<T> = StorageNMap<
        _,
        (NMapKey<Twox64Concat, ResourceId>, NMapKey<Twox64Concat, MemberId>, NMapKey<Twox64Concat, KeyEpoch>),
        StoredKey,
    >;

    /// What each person has a grant for.
    #[pallet::storage]
    pub type ReadableBy<T> = StorageDoubleMap<_, Twox64Concat, MemberId, Twox64Concat, ResourceId, ()>;

    /// Who departed or got new keys, and has, or may have, grants that have not been gone through since.
    #[pallet::storage]
    pub type Leavers<T> = StorageMap<_, Twox64Concat, MemberId, Leaving>;

    /// How many readers a resource has.
    #[pallet::storage]
    pub type Readers<T> = StorageMap<_, Twox64Concat, ResourceId, u32, ValueQuery>;

    /// The resources of each owner.
    #[pallet::storage]
    pub type OwnedBy<T> = StorageDoubleMap<_, Twox64Concat, MemberId, Twox64Concat, ResourceId, ()>;

    /// How many published resources under lease a member owns, and those whose lease's end has not been noticed.
    #[pallet::storage]
    pub type LeasedCount<T> = StorageMap<_, Twox64Concat, MemberId, u32, ValueQuery>;

    /// Who follows a resource.
    #[pallet::storage]
    pub type Subscriptions<T> = StorageDoubleMap<_, Twox64Concat, ResourceId, Twox64Concat, MemberId, ()>;

    /// How many resources a member follows, also ended ones whose entries have not been removed.
    #[pallet::storage]
    pub type SubscriptionCount<T> = StorageMap<_, Twox64Concat, MemberId, u32, ValueQuery>;

    /// The sum of the deposits of each payer.
    #[pallet::storage]
    pub type Held<T> = StorageMap<_, Twox64Concat, MemberId, Balance, ValueQuery>;

    /// The ended resources of which something may be left.
    #[pallet::storage]
    pub type Reaping<T> = StorageMap<_, Twox64Concat, ResourceId, ()>;

    /// The resource the last sweep stopped at, unless it reached the end.
    #[pallet::storage]
    pub type SweepCursor<T> = StorageValue<_, ResourceId>;

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_initialize(_: BlockNumberFor<T>) -> Weight {
            Self::see_off_in_every_block()
        }

        fn on_idle(_: BlockNumberFor<T>, remaining: Weight) -> Weight {
            Self::idle(remaining)
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call(weight(<T as Config>::WeightInfo))]
    impl<T: Config> Pallet<T> {
        /// Makes a resource, owned by the caller, with a lease that starts now.
        ///
        /// ## Dispatch Origin
        /// Signed by a member.
        ///
        /// ## Errors
        /// [`Error::NotMember`], [`Error::InvalidName`], [`Error::ReservedName`], [`Error::NameTaken`],
        /// [`Error::ConfusableName`]; the currency's, if the caller cannot pay the resource deposit.
        ///
        /// ## Events
        /// [`Event::Initialised`]; [`Event::NameSet`] with a name; [`Event::Expired`] for a resource that loses the name.
        ///
        /// ## Complexity
        /// O(1).
        #[pallet::call_index(0)]
        pub fn init(
            origin: OriginFor<T>,
            kind: Kind,
            visibility: Visibility,
            name: Option<ResourceName>,
        ) -> DispatchResult {
            let owner = Self::ensure_member(origin)?;
            let gives_way = match &name {
                Some(name) => Self::check_name(name, None)?,
                None => None,
            };
            Self::do_init(owner, kind, visibility, name, gives_way)
        }

        /// Publishes the next version of a resource, encrypted under the key of `epoch`, which is in force.
        ///
        /// The caller pays the storage deposit for each chunk. The oldest version beyond [`MAX_VERSIONS`](crate::MAX_VERSIONS)
        /// is removed and its deposit returned.
        ///
        /// ## Dispatch Origin
        /// Signed by the owner, a member.
        ///
        /// ## Errors
        /// [`Error::NotMember`], [`Error::NotFound`], [`Error::Expired`], [`Error::LeaseLapsed`], [`Error::NotOwner`],
        /// [`Error::WrongVersion`], [`Error::WrongEpoch`], [`Error::InvalidContent`], [`Error::InvalidCommitment`],
        /// [`Error::ReaderDeparted`]; the currency's, if the caller cannot pay.
        ///
        /// ## Events
        /// [`Event::Published`].
        ///
        /// ## Complexity
        /// O([`MAX_LEAVERS_ASKED`](crate::MAX_LEAVERS_ASKED)).
        #[pallet::call_index(1)]
        pub fn publish(
            origin: OriginFor<T>,
            resource: ResourceId,
            number: VersionNumber,
            epoch: KeyEpoch,
            content: ContentId,
            commitment: Commitment,
        ) -> DispatchResult {
            let caller = Self::ensure_member(origin)?;
            let (record, amount) = Self::check_publish(caller, resource, number, epoch, &content, &commitment)?;
            Self::do_publish(resource, record, number, content, commitment, amount)
        }

        /// Lets the lease run one lease period from now. Revives a resource whose lease has ended while its name is kept.
        ///
        /// Subscribers without a grant may not: a lease directs its owner's share of the rewards.
        ///
        /// ## Dispatch Origin
        /// Signed by the owner or, while the owner is a member, by a reader with a grant; either a member.
        ///
        /// ## Errors
        /// [`Error::NotMember`], [`Error::NotFound`], [`Error::Expired`], [`Error::NotReader`], [`Error::OwnerDeparted`].
        ///
        /// ## Events
        /// [`Event::Refreshed`].
        ///
        /// ## Complexity
        /// O(1).
        #[pallet::call_index(2)]
        pub fn refresh(origin: OriginFor<T>, resource: ResourceId) -> DispatchResult {
            let caller = Self::ensure_member(origin)?;
            let record = Self::check_refresh(caller, resource)?;
            Self::do_refresh(resource, record);
            Ok(())
        }

        /// Follows a resource: the caller asks to be told of new versions. Gives no right to read.
        ///
        /// ## Dispatch Origin
        /// Signed by a member.
        ///
        /// ## Errors
        /// [`Error::NotMember`], [`Error::NotFound`], [`Error::Expired`], [`Error::LeaseLapsed`], [`Error::AlreadyExists`],
        /// [`Error::TooManySubscriptions`].
        ///
        /// ## Events
        /// [`Event::Subscribed`].
        ///
        /// ## Complexity
        /// O(1).
        #[pallet::call_index(3)]
        pub fn subscribe(origin: OriginFor<T>, resource: ResourceId) -> DispatchResult {
            let member = Self::ensure_member(origin)?;
            Self::check_subscribe(member, resource)?;
            Self::do_subscribe(member, resource);
            Ok(())
        }

        /// Follows a resource no longer.
        ///
        /// ## Dispatch Origin
        /// Signed by a member.
        ///
        /// ## Errors
        /// [`Error::NotMember`], [`Error::NotSubscribed`].
        ///
        /// ## Events
        /// [`Event::Unsubscribed`].
        ///
        /// ## Complexity
        /// O(1).
        #[pallet::call_index(4)]
        pub fn unsubscribe(origin: OriginFor<T>, resource: ResourceId) -> DispatchResult {
            let member = Self::ensure_member(origin)?;
            ensure!(Subscriptions::<T>::contains_key(resource, member), Error::<T>::NotSubscribed);
            Self::do_unsubscribe(member, resource);
            Ok(())
        }

        /// Gives a member the right to read, and a content key wrapped for them: that of the epoch in force, or of an earlier
        /// one of which a version is kept.
        ///
        /// Granted again, the new key takes the place of the same epoch's; keys of other epochs stay while they are of use. The
        /// first grant to a reader takes the grant deposit. An owner grants to themself the same way.
        ///
        /// ## Dispatch Origin
        /// Signed by the owner, a member.
        ///
        /// ## Errors
        /// [`Error::NotMember`], [`Error::NotFound`], [`Error::Expired`], [`Error::LeaseLapsed`], [`Error::NotOwner`],
        /// [`Error::NotEncrypted`], [`Error::ReaderNotMember`], [`Error::StillLeaving`], [`Error::WrongEpoch`],
        /// [`Error::InvalidKey`]; the currency's, if the caller cannot pay.
        ///
        /// ## Events
        /// [`Event::Granted`].
        ///
        /// ## Complexity
        /// O([`MAX_VERSIONS`](crate::MAX_VERSIONS)).
        #[pallet::call_index(5)]
        pub fn grant(
            origin: OriginFor<T>,
            resource: ResourceId,
            reader: MemberId,
            epoch: KeyEpoch,
            wrapped_key: WrappedKey,
        ) -> DispatchResult {
            let caller = Self::ensure_member(origin)?;
            let in_use = Self::check_grant(caller, resource, reader, epoch, &wrapped_key)?;
            Self::do_wrap(caller, resource, reader, epoch, wrapped_key, in_use)?;
            Self::deposit_event(Event::Granted { resource, reader, epoch });
            Ok(())
        }

        /// Ends a reader's right and opens the next key epoch. The reader need not be a member any more.
        ///
        /// ## Dispatch Origin
        /// Signed by the owner, a member.
        ///
        /// ## Errors
        /// [`Error::NotMember`], [`Error::NotFound`], [`Error::Expired`], [`Error::NotOwner`], [`Error::NotGranted`].
        ///
        /// ## Events
        /// [`Event::GrantRevoked`].
        ///
        /// ## Complexity
        /// O([`MAX_KEYS`](crate::MAX_KEYS)).
        #[pallet::call_index(6)]
        pub fn revoke_grant(origin: OriginFor<T>, resource: ResourceId, reader: MemberId) -> DispatchResult {
            let caller = Self::ensure_member(origin)?;
            let (record, grant) = Self::check_revoke(caller, resource, reader)?;
            Self::do_revoke(resource, record, reader, grant);
            Ok(())
        }

        /// Offers the resource to a member, in place of any earlier offer; `None` withdraws the offer.
        ///
        /// It changes hands when they accept: its leases direct the owner's share of the rewards, so nobody is made one
        /// unasked. Deposits stay with who paid.
        ///
        /// ## Dispatch Origin
        /// Signed by the owner, a member.
        ///
        /// ## Errors
        /// [`Error::NotMember`], [`Error::NotFound`], [`Error::Expired`], [`Error::LeaseLapsed`], [`Error::NotOwner`],
        /// [`Error::AlreadyOwner`], [`Error::NewOwnerNotMember`], [`Error::NotOffered`].
        ///
        /// ## Events
        /// [`Event::TransferOffered`].
        ///
        /// ## Complexity
        /// O(1).
        #[pallet::call_index(7)]
        pub fn transfer(origin: OriginFor<T>, resource: ResourceId, new_owner: Option<MemberId>) -> DispatchResult {
            let caller = Self::ensure_member(origin)?;
            let record = Self::check_transfer(caller, resource, new_owner)?;
            Resources::<T>::insert(resource, record);
            Self::deposit_event(Event::TransferOffered { resource, to: new_owner });
            Ok(())
        }

        /// Gives the resource up: its name is free at once, and it is gone for all; what was stored for it is removed, and
        /// paid back, in idle time.
        ///
        /// ## Dispatch Origin
        /// Signed by the owner, in any standing.
        ///
        /// ## Errors
        /// [`Error::NotMember`], [`Error::NotFound`], [`Error::NotOwner`].
        ///
        /// ## Events
        /// [`Event::Retired`]; later [`Event::Reaped`].
        ///
        /// ## Complexity
        /// O(1).
        #[pallet::call_index(8)]
        pub fn retire(origin: OriginFor<T>, resource: ResourceId) -> DispatchResult {
            let account = ensure_signed(origin)?;
            let person = T::Community::person(&account).ok_or(Error::<T>::NotMember)?;
            let record = Self::check_retire(person, resource)?;
            Self::end(resource, record);
            Self::deposit_event(Event::Retired { resource });
            Ok(())
        }

        /// Gives the resource another name, or none. The old name is free at once.
        ///
        /// ## Dispatch Origin
        /// Signed by the owner, a member.
        ///
        /// ## Errors
        /// [`Error::NotMember`], [`Error::NotFound`], [`Error::Expired`], [`Error::LeaseLapsed`], [`Error::NotOwner`],
        /// [`Error::AlreadyExists`], [`Error::InvalidName`], [`Error::ReservedName`], [`Error::NameTaken`],
        /// [`Error::ConfusableName`].
        ///
        /// ## Events
        /// [`Event::NameSet`]; [`Event::Expired`] for a resource that loses the name.
        ///
        /// ## Complexity
        /// O(1).
        #[pallet::call_index(9)]
        pub fn set_name(origin: OriginFor<T>, resource: ResourceId, name: Option<ResourceName>) -> DispatchResult {
            let caller = Self::ensure_member(origin)?;
            let record = Self::leased(resource)?;
            Self::ensure_owner(caller, &record)?;
            ensure!(record.name != name, Error::<T>::AlreadyExists);
            let gives_way = match &name {
                Some(name) => Self::check_name(name, Some(resource))?,
                None => None,
            };
            Self::do_set_name(resource, record, name, gives_way);
            Ok(())
        }

        /// Accepts a resource that its owner offers. Opens the next key epoch; grants stay.
        ///
        /// ## Dispatch Origin
        /// Signed by the member it is offered to.
        ///
        /// ## Errors
        /// [`Error::NotMember`], [`Error::NotFound`], [`Error::Expired`], [`Error::LeaseLapsed`], [`Error::NotOffered`].
        ///
        /// ## Events
        /// [`Event::Transferred`].
        ///
        /// ## Complexity
        /// O(1).
        #[pallet::call_index(10)]
        pub fn accept_transfer(origin: OriginFor<T>, resource: ResourceId) -> DispatchResult {
            let caller = Self::ensure_member(origin)?;
            let record = Self::check_accept(caller, resource)?;
            Self::do_accept(resource, record, caller);
            Ok(())
        }

        /// Wraps a content key, which the caller has, anew for a reader who lost the means to open theirs, or for the owner who
        /// has none of the epoch. So a member who got new keys gets back what they could read.
        ///
        /// The owner's first grant takes the grant deposit, of the caller.
        ///
        /// ## Dispatch Origin
        /// Signed by a member who was given the key of the epoch.
        ///
        /// ## Errors
        /// [`Error::NotMember`], [`Error::NotFound`], [`Error::Expired`], [`Error::LeaseLapsed`], [`Error::NotHolder`],
        /// [`Error::ReaderNotMember`], [`Error::StillLeaving`], [`Error::WrongEpoch`], [`Error::InvalidKey`],
        /// [`Error::NotGranted`], [`Error::KeyStands`]; the currency's, if the caller cannot pay.
        ///
        /// ## Events
        /// [`Event::KeyReturned`].
        ///
        /// ## Complexity
        /// O([`MAX_VERSIONS`](crate::MAX_VERSIONS)).
        #[pallet::call_index(11)]
        pub fn return_key(
            origin: OriginFor<T>,
            resource: ResourceId,
            reader: MemberId,
            epoch: KeyEpoch,
            wrapped_key: WrappedKey,
        ) -> DispatchResult {
            let by = Self::ensure_member(origin)?;
            let in_use = Self::check_return(by, resource, reader, epoch, &wrapped_key)?;
            Self::do_wrap(by, resource, reader, epoch, wrapped_key, in_use)?;
            Self::deposit_event(Event::KeyReturned { resource, reader, epoch, by });
            Ok(())
        }

        /// Says that the key wrapped for the caller does not open with theirs, so that others may return it.
        ///
        /// ## Dispatch Origin
        /// Signed by the reader, a member.
        ///
        /// ## Errors
        /// [`Error::NotMember`], [`Error::NotFound`], [`Error::Expired`], [`Error::LeaseLapsed`], [`Error::NotGranted`],
        /// [`Error::AlreadyExists`].
        ///
        /// ## Events
        /// [`Event::KeyRejected`].
        ///
        /// ## Complexity
        /// O(1).
        #[pallet::call_index(12)]
        pub fn reject_key(origin: OriginFor<T>, resource: ResourceId, epoch: KeyEpoch) -> DispatchResult {
            let reader = Self::ensure_member(origin)?;
            let stored = Self::check_reject(reader, resource, epoch)?;
            WrappedKeys::<T>::insert((resource, reader, epoch), stored);
            Self::deposit_event(Event::KeyRejected { resource, reader, epoch });
            Ok(())
        }
    }
}
