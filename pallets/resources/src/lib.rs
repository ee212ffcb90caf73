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
#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        clippy::as_conversions
    )
)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
pub mod benchmarking;
mod bounds;
mod counts;
mod deposits;
mod grants;
mod leases;
#[cfg(test)]
mod mock;
mod names;
mod ownership;
mod reaping;
mod subscriptions;
#[cfg(test)]
mod tests;
#[cfg(any(feature = "try-runtime", test))]
mod try_state;
pub mod types;
mod versions;
mod views;
pub mod weights;

pub use bounds::*;
pub use pallet::*;

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
        types::{Grant, Resource, StoredVersion},
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
        WrappedKey,
    >;

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

    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A resource was made.
        #[codec(index = 0)]
        Initialised { resource: ResourceId, owner: MemberId, kind: Kind, visibility: Visibility },
        /// The owner published version `number`.
        #[codec(index = 1)]
        Published { resource: ResourceId, number: VersionNumber, owner: MemberId },
        /// A lease was extended: `lease_until` is the first block at which the network need not keep the resource.
        #[codec(index = 2)]
        Refreshed { resource: ResourceId, lease_until: BlockNumber },
        /// A member follows the resource.
        #[codec(index = 3)]
        Subscribed { resource: ResourceId, member: MemberId },
        /// A member follows the resource no longer.
        #[codec(index = 4)]
        Unsubscribed { resource: ResourceId, member: MemberId },
        /// A member was given the content key of `epoch`.
        #[codec(index = 5)]
        Granted { resource: ResourceId, reader: MemberId, epoch: KeyEpoch },
        /// A reader's right ended; with it began `epoch`.
        #[codec(index = 6)]
        GrantRevoked { resource: ResourceId, reader: MemberId, epoch: KeyEpoch },
        /// The resource was offered to a member, or, for none, an offer was withdrawn.
        #[codec(index = 7)]
        TransferOffered { resource: ResourceId, to: Option<MemberId> },
        /// The resource has another owner; `epoch` is in force.
        #[codec(index = 8)]
        Transferred { resource: ResourceId, from: MemberId, to: MemberId, epoch: KeyEpoch },
        /// The owner gave the resource up.
        #[codec(index = 9)]
        Retired { resource: ResourceId },
        /// The resource's lease and grace were over.
        #[codec(index = 10)]
        Expired { resource: ResourceId },
        /// Nothing is left of a resource that had ended.
        #[codec(index = 11)]
        Reaped { resource: ResourceId },
        /// The resource has another name, or none.
        #[codec(index = 12)]
        NameSet { resource: ResourceId, name: Option<ResourceName> },
    }

    #[pallet::error]
    #[derive(PartialEq, Eq)]
    pub enum Error<T> {
        /// Only a member may do this: the account belongs to none in good standing.
        #[codec(index = 0)]
        NotMember,
        /// There is no such resource: it was never made, or it was retired or removed.
        #[codec(index = 1)]
        NotFound,
        /// The resource's lease and grace are over: make a new one.
        #[codec(index = 2)]
        Expired,
        /// The resource's lease has ended: refresh it first.
        #[codec(index = 3)]
        LeaseLapsed,
        /// Only the owner may do this.
        #[codec(index = 4)]
        NotOwner,
        /// A version has the number that follows the latest version's: read the resource again.
        #[codec(index = 5)]
        WrongVersion,
        /// The bytes are not a CID that the network serves: use SHA2-256, BLAKE2b-256 or BLAKE3 of a raw or dag-pb root.
        #[codec(index = 6)]
        InvalidContent,
        /// A commitment covers at least one chunk.
        #[codec(index = 7)]
        InvalidCommitment,
        /// A name has 3 to 63 of a-z, 0-9 and single hyphens inside.
        #[codec(index = 8)]
        InvalidName,
        /// The name means something already, or looks like one that does: choose another.
        #[codec(index = 9)]
        ReservedName,
        /// Another resource has this name: choose another.
        #[codec(index = 10)]
        NameTaken,
        /// Another resource has a name that looks like this one: choose another.
        #[codec(index = 11)]
        ConfusableName,
        /// It is so already.
        #[codec(index = 12)]
        AlreadyExists,
        /// A public resource is stored in clear: nobody needs a key.
        #[codec(index = 13)]
        NotEncrypted,
        /// The reader is not a member: only members may read.
        #[codec(index = 14)]
        ReaderNotMember,
        /// The key is not for the epoch in force: read the resource again and wrap that epoch's key.
        #[codec(index = 15)]
        WrongEpoch,
        /// A wrapped key has 80 bytes.
        #[codec(index = 16)]
        InvalidKey,
        /// The person has no grant.
        #[codec(index = 17)]
        NotGranted,
        /// Only the owner and readers with a grant may extend the lease.
        #[codec(index = 18)]
        NotReader,
        /// The owner is no longer a member: nobody answers for the resource, and its lease ends.
        #[codec(index = 19)]
        OwnerDeparted,
        /// The member owns the resource already.
        #[codec(index = 20)]
        AlreadyOwner,
        /// Only a member may own: the person it was to be offered to is none.
        #[codec(index = 21)]
        NewOwnerNotMember,
        /// The resource is not offered: ask its owner.
        #[codec(index = 22)]
        NotOffered,
        /// The member follows as many resources as one may: unsubscribe from another.
        #[codec(index = 23)]
        TooManySubscriptions,
        /// The member does not follow the resource.
        #[codec(index = 24)]
        NotSubscribed,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
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

        /// Publishes the next version of a resource, encrypted under the key of the epoch in force.
        ///
        /// The caller pays the storage deposit for each chunk. The oldest version beyond [`MAX_VERSIONS`](crate::MAX_VERSIONS)
        /// is removed and its deposit returned.
        ///
        /// ## Dispatch Origin
        /// Signed by the owner, a member.
        ///
        /// ## Errors
        /// [`Error::NotMember`], [`Error::NotFound`], [`Error::Expired`], [`Error::LeaseLapsed`], [`Error::NotOwner`],
        /// [`Error::WrongVersion`], [`Error::InvalidContent`], [`Error::InvalidCommitment`]; the currency's, if the caller
        /// cannot pay.
        ///
        /// ## Events
        /// [`Event::Published`].
        ///
        /// ## Complexity
        /// O(1).
        #[pallet::call_index(1)]
        pub fn publish(
            origin: OriginFor<T>,
            resource: ResourceId,
            number: VersionNumber,
            content: ContentId,
            commitment: Commitment,
        ) -> DispatchResult {
            let caller = Self::ensure_member(origin)?;
            let (record, amount) = Self::check_publish(caller, resource, number, &content, &commitment)?;
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

        /// Gives a member the right to read, and the content key of the epoch in force, wrapped for them.
        ///
        /// Granted again, the new key takes the place of the same epoch's; keys of earlier epochs stay while a version needs
        /// them. The first grant to a reader takes the grant deposit. An owner grants to themself the same way.
        ///
        /// ## Dispatch Origin
        /// Signed by the owner, a member.
        ///
        /// ## Errors
        /// [`Error::NotMember`], [`Error::NotFound`], [`Error::Expired`], [`Error::LeaseLapsed`], [`Error::NotOwner`],
        /// [`Error::NotEncrypted`], [`Error::ReaderNotMember`], [`Error::WrongEpoch`], [`Error::InvalidKey`]; the currency's,
        /// if the caller cannot pay.
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
            let amount = Self::check_grant(caller, resource, reader, epoch, &wrapped_key)?;
            Self::do_grant(caller, resource, reader, epoch, wrapped_key, amount)
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
    }
}
