// SPDX-License-Identifier: Apache-2.0
//! Who keeps the community's resources, how they show it, and what they earn.
//!
//! Providers pledge to keep resources. Once an era each of them is asked for one chunk of one of their pledges, which
//! nobody could foresee when they pledged. Each member's equal share of the era's pot goes to those who proved to keep that
//! member's resources. What nobody earned is never minted.
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
mod custody;
mod eras;
mod invariants;
pub mod maths;
#[cfg(test)]
mod mock;
mod pledges;
mod rewards;
#[cfg(test)]
mod tests;
pub mod types;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
pub use benchmarking::Factory;
pub use pallet::*;
pub use types::{Asked, Credit, Era, EraRecord, Pledge, Provider};
pub use weights::WeightInfo;

use frame_system::{ensure_signed, pallet_prelude::OriginFor};
use kith_primitives::{glue::Community, member::MemberId, BlockNumber};
use sp_runtime::DispatchError;

/// Pledges one provider may have: bounds what a member can write without a deposit.
pub const MAX_PLEDGES: u32 = 4_096;
/// Pledges that one report releases: bounds the call.
pub const RELEASE_STEP: u32 = 16;
/// Entries of past eras that one block removes: bounds the hook.
pub const PRUNE_STEPS: u32 = 32;
/// Blocks for which pledges must have stood when the draw comes: no author of fewer blocks in a row can foresee it.
pub const SETTLING: BlockNumber = 10;

#[expect(missing_debug_implementations, reason = "the macro makes types for storage without it")]
#[expect(clippy::as_conversions, clippy::expect_used, reason = "what FRAME and the codec generate has them")]
#[frame_support::pallet]
pub mod pallet {
    use frame_support::{pallet_prelude::*, traits::fungible};
    use frame_system::pallet_prelude::*;
    use kith_primitives::{
        custody::ChunkProof,
        glue::{Constitution, EpochRandomness, Holdings, Now, OnEraStart},
        resource::{ResourceId, VersionNumber},
        Balance, EraIndex,
    };

    use super::*;

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// Answers who belongs.
        type Community: Community<Self::AccountId>;
        /// The parameters in force.
        type Constitution: Constitution;
        /// What is to be kept, for whom.
        type Holdings: Holdings;
        /// Seeds the draws. A seed must depend on blocks made after the seed before it could be read.
        type Randomness: EpochRandomness;
        /// Hears that an era starts.
        type OnEraStart: OnEraStart;
        /// What providers are paid in.
        type Currency: fungible::Mutate<Self::AccountId, Balance = Balance>;
        /// The height of the current block.
        type Clock: Now;
        /// What the calls weigh.
        type WeightInfo: WeightInfo;
        /// Makes the members and resources that a benchmark needs.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: benchmarking::Factory<Self::AccountId>;
    }

    /// The era that runs; none before the first block.
    #[pallet::storage]
    pub type CurrentEra<T> = StorageValue<_, Era>;

    /// What each era has to pay out, until it can no longer be claimed.
    // The chain gives the numbers: Twox cannot be steered.
    #[pallet::storage]
    pub type Eras<T> = StorageMap<_, Twox64Concat, EraIndex, EraRecord>;

    /// The oldest era that is not yet removed.
    #[pallet::storage]
    pub type OldestEra<T> = StorageValue<_, EraIndex, ValueQuery>;

    /// What each provider has pledged and owes.
    // The chain gives the numbers: Twox cannot be steered.
    #[pallet::storage]
    pub type Providers<T> = StorageMap<_, Twox64Concat, MemberId, Provider>;

    /// Each provider's pledges, in slots from 0 without gaps.
    // The chain gives the numbers: Twox cannot be steered.
    #[pallet::storage]
    pub type Pledges<T> = StorageDoubleMap<_, Twox64Concat, MemberId, Twox64Concat, u32, Pledge>;

    /// Who pledged to keep a resource, and in which slot the pledge is.
    // The chain gives the numbers: Twox cannot be steered.
    #[pallet::storage]
    pub type Holders<T> = StorageDoubleMap<_, Twox64Concat, ResourceId, Twox64Concat, MemberId, u32>;

    /// The weight of all proofs that were made in an era for an owner's resources.
    // The chain gives the numbers: Twox cannot be steered.
    #[pallet::storage]
    pub type Directed<T> = StorageDoubleMap<_, Twox64Concat, EraIndex, Twox64Concat, MemberId, u128, ValueQuery>;

    /// What a provider's proof in an era earned, until it is claimed.
    // The chain gives the numbers: Twox cannot be steered.
    #[pallet::storage]
    pub type Credits<T> = StorageDoubleMap<_, Twox64Concat, EraIndex, Twox64Concat, MemberId, Credit>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A new era started.
        #[codec(index = 0)]
        EraStarted {
            /// Its number.
            era: EraIndex,
            /// Among how many its pot is divided.
            members: u32,
            /// What it pays out at most.
            pot: Balance,
        },
        /// The era's challenges are drawn: every provider can compute theirs.
        #[codec(index = 1)]
        ChallengesDrawn {
            /// The era.
            era: EraIndex,
        },
        /// A provider promised to keep a version of a resource, in the place of an older one if there was one.
        #[codec(index = 2)]
        Pledged {
            /// The provider.
            provider: MemberId,
            /// What they keep.
            resource: ResourceId,
            /// Which version.
            version: VersionNumber,
        },
        /// A provider no longer keeps a resource.
        #[codec(index = 3)]
        Released {
            /// The provider.
            provider: MemberId,
            /// What they kept.
            resource: ResourceId,
        },
        /// A provider answered the era's challenge.
        #[codec(index = 4)]
        CustodyProven {
            /// The era.
            era: EraIndex,
            /// The provider.
            provider: MemberId,
            /// What they showed to keep.
            resource: ResourceId,
            /// Whose share it earns a part of; none if the lease has ended or the version is not the latest.
            owner: Option<MemberId>,
        },
        /// A provider was paid for an era.
        #[codec(index = 5)]
        Claimed {
            /// The era.
            era: EraIndex,
            /// The provider.
            provider: MemberId,
            /// What was minted for them.
            amount: Balance,
        },
        /// Pledges of a provider who no longer answers were released.
        #[codec(index = 6)]
        PledgesLost {
            /// The provider.
            provider: MemberId,
            /// How many were released.
            released: u32,
            /// How many they still have.
            left: u32,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// Only active members and their devices may do this.
        #[codec(index = 0)]
        NotMember,
        /// The resource is not under lease, so nobody pays for keeping it; its owner or a reader can refresh it.
        #[codec(index = 1)]
        NotLeased,
        /// Only the resource's latest version can be pledged; fetch it first.
        #[codec(index = 2)]
        NotLatest,
        /// The provider has pledged this version already.
        #[codec(index = 3)]
        AlreadyExists,
        /// The provider has as many pledges as one may; release some.
        #[codec(index = 4)]
        TooManyPledges,
        /// The provider missed too many challenges in a row; answer the next one first.
        #[codec(index = 5)]
        TooManyMisses,
        /// There is no such pledge or credit.
        #[codec(index = 6)]
        NotFound,
        /// The provider is not asked anything now; wait for the era's draw.
        #[codec(index = 7)]
        NothingAsked,
        /// The provider has answered this era's challenge already.
        #[codec(index = 8)]
        AlreadyAnswered,
        /// This is not the chunk that was asked for; check the challenge and the stored bytes.
        #[codec(index = 9)]
        NotProven,
        /// The era has not ended; claim afterwards.
        #[codec(index = 10)]
        TooEarly,
        /// The time to claim for this era is over.
        #[codec(index = 11)]
        Expired,
        /// The part earned is less than the smallest unit of the token.
        #[codec(index = 12)]
        NothingEarned,
        /// The provider is a member and answers; nothing is to be released.
        #[codec(index = 13)]
        NotDue,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_initialize(_: BlockNumberFor<T>) -> Weight {
            Self::turn()
        }

        fn on_idle(_: BlockNumberFor<T>, remaining: Weight) -> Weight {
            Self::prune(remaining)
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call(weight(T::WeightInfo))]
    impl<T: Config> Pallet<T> {
        /// Promises to keep the latest version of a resource, in the place of an older version.
        ///
        /// ## Dispatch Origin
        /// Signed by an active member or one of their devices.
        /// ## Errors
        /// [`Error::NotMember`], [`Error::NotLeased`], [`Error::NotLatest`], [`Error::AlreadyExists`],
        /// [`Error::TooManyPledges`], [`Error::TooManyMisses`].
        /// ## Events
        /// [`Event::Pledged`].
        /// ## Complexity
        /// O(1).
        #[pallet::call_index(0)]
        pub fn pledge(origin: OriginFor<T>, resource: ResourceId, version: VersionNumber) -> DispatchResult {
            let provider = Self::ensure_provider(origin)?;
            let pledge = Self::check_offer(resource, version)?;
            let (state, slot) = Self::check_pledge(provider, &pledge)?;
            Self::do_pledge(provider, state, slot, pledge);
            Ok(())
        }

        /// Takes a promise back. A challenge that asks for it can still be answered in this era.
        ///
        /// ## Dispatch Origin
        /// Signed by an active member or one of their devices.
        /// ## Errors
        /// [`Error::NotMember`], [`Error::NotFound`].
        /// ## Events
        /// [`Event::Released`].
        /// ## Complexity
        /// O(1).
        #[pallet::call_index(1)]
        pub fn release(origin: OriginFor<T>, resource: ResourceId) -> DispatchResult {
            let provider = Self::ensure_provider(origin)?;
            let (mut state, slot) = Self::check_release(provider, resource)?;
            Self::do_remove(provider, &mut state, slot);
            Self::do_save(provider, state);
            Self::deposit_event(Event::Released { provider, resource });
            Ok(())
        }

        /// Answers the provider's challenge of the current era, which earns a part of the owner's share.
        ///
        /// ## Dispatch Origin
        /// Signed by an active member or one of their devices.
        /// ## Errors
        /// [`Error::NotMember`], [`Error::NothingAsked`], [`Error::AlreadyAnswered`], [`Error::NotProven`].
        /// ## Events
        /// [`Event::CustodyProven`].
        /// ## Complexity
        /// O(log n) hashes in the version's chunks, at most 33.
        #[pallet::call_index(2)]
        pub fn prove_custody(origin: OriginFor<T>, proof: ChunkProof) -> DispatchResult {
            let provider = Self::ensure_provider(origin)?;
            let (era, state, asked) = Self::check_answer(provider, &proof)?;
            let owner = Self::check_credit(era, &asked);
            Self::do_answer(era, provider, state, asked, owner);
            Ok(())
        }

        /// Pays the provider for an era that has ended, into the member's account.
        ///
        /// ## Dispatch Origin
        /// Signed by an active member or one of their devices.
        /// ## Errors
        /// [`Error::NotMember`], [`Error::NotFound`], [`Error::TooEarly`], [`Error::Expired`], [`Error::NothingEarned`], and those of
        /// the currency.
        /// ## Events
        /// [`Event::Claimed`].
        /// ## Complexity
        /// O(1).
        #[pallet::call_index(3)]
        pub fn claim(origin: OriginFor<T>, era: EraIndex) -> DispatchResult {
            let provider = Self::ensure_provider(origin)?;
            let account = T::Community::account(provider).ok_or(Error::<T>::NotMember)?;
            let amount = Self::check_claim(era, provider)?;
            Self::do_claim(era, provider, &account, amount)
        }

        /// Releases pledges of a provider who missed too many challenges in a row or is no longer a member. To be repeated
        /// until none is left.
        ///
        /// ## Dispatch Origin
        /// Signed by anyone.
        /// ## Errors
        /// [`Error::NotFound`] if there are no pledges, [`Error::NotDue`].
        /// ## Events
        /// [`Event::PledgesLost`].
        /// ## Complexity
        /// O(1): 16 pledges at most.
        #[pallet::call_index(4)]
        pub fn report_miss(origin: OriginFor<T>, provider: MemberId) -> DispatchResult {
            ensure_signed(origin)?;
            let state = Self::check_report(provider)?;
            Self::do_report(provider, state);
            Ok(())
        }
    }
}

impl<T: Config> Pallet<T> {
    /// The active member who signed, or whose device did.
    fn ensure_provider(origin: OriginFor<T>) -> Result<MemberId, DispatchError> {
        let who = ensure_signed(origin)?;
        Ok(T::Community::responsible(&who).ok_or(Error::<T>::NotMember)?)
    }
}
