// SPDX-License-Identifier: Apache-2.0
//! Which rules are in force, who may change them, and what the members can do when that fails.
//!
//! The parameters are changed by the account of the community's governing contract, the DOUG. Should the contract be broken
//! or absent, a super-majority of the active members overrides it. Changed parameters take effect when the next era starts.
//! There is no root.
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
mod clock;
mod genesis;
mod invariants;
pub mod maths;
#[cfg(test)]
mod mock;
mod origin;
mod overrides;
mod rules;
#[cfg(test)]
mod tests;
pub mod types;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
pub use benchmarking::MemberFactory;
pub use clock::{EpochLength, SlotDuration};
pub use origin::EnsureConstitution;
pub use pallet::*;
pub use types::{Override, OverrideAction, OverrideId};
pub use weights::WeightInfo;

use frame_support::{traits::ConstU32, BoundedVec};
use frame_system::{ensure_signed, pallet_prelude::OriginFor};
use kith_primitives::{glue::Community, member::MemberId};
use sp_runtime::DispatchError;

/// Bytes of a community's name.
pub const MAX_NAME_BYTES: u32 = 64;
/// Bytes of a community's charter: some pages of prose.
pub const MAX_CHARTER_BYTES: u32 = 16_384;
/// Open overrides that one member may approve at a time: bounds what their departure costs.
pub const MAX_APPROVALS: u32 = 16;

/// The overrides one member approves of.
pub type Approvals = BoundedVec<OverrideId, ConstU32<MAX_APPROVALS>>;
/// An override of this chain.
pub type OverrideOf<T> = Override<<T as frame_system::Config>::AccountId>;
/// What an override of this chain may do.
pub type ActionOf<T> = OverrideAction<<T as frame_system::Config>::AccountId>;

#[expect(missing_debug_implementations, reason = "the macro makes types for storage without it")]
#[expect(clippy::as_conversions, clippy::expect_used, reason = "what FRAME and the codec generate has them")]
#[frame_support::pallet]
pub mod pallet {
    use alloc::{string::String, vec::Vec};

    use frame_support::{
        pallet_prelude::*,
        traits::{ConstU64, EnsureOrigin},
    };
    use frame_system::pallet_prelude::*;
    use kith_primitives::{
        doug::DougRules,
        glue::{Expulsion, FoundDoug, Now},
        parameters::{Parameter, Parameters},
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
        /// Carries out an expulsion the members decided on.
        type Expulsion: Expulsion;
        /// Instantiates the governing contract in genesis.
        type FoundDoug: FoundDoug<Self::AccountId>;
        /// The height of the current block.
        type Clock: Now;
        /// What the calls weigh.
        type WeightInfo: WeightInfo;
        /// Makes the members whom a benchmark needs.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: benchmarking::MemberFactory<Self::AccountId>;
    }

    /// The parameters in force.
    #[pallet::storage]
    pub type InForce<T> = StorageValue<_, Parameters, ValueQuery>;

    /// All parameters as they will be from the next era on, if a change is decided.
    #[pallet::storage]
    pub type Scheduled<T> = StorageValue<_, Parameters>;

    /// The account of the governing contract.
    #[pallet::storage]
    pub type Doug<T: Config> = StorageValue<_, T::AccountId>;

    /// Milliseconds of a slot. Fixed at genesis.
    #[pallet::storage]
    pub type SlotMillis<T> = StorageValue<_, u64, ValueQuery, ConstU64<{ clock::DEFAULT_SLOT_MILLIS }>>;

    /// Slots of an epoch. Fixed at genesis.
    #[pallet::storage]
    pub type EpochSlots<T> = StorageValue<_, u64, ValueQuery, ConstU64<{ clock::DEFAULT_EPOCH_SLOTS }>>;

    /// The community's name. Fixed at genesis.
    #[pallet::storage]
    pub type Name<T> = StorageValue<_, BoundedVec<u8, ConstU32<MAX_NAME_BYTES>>, ValueQuery>;

    /// What the community stands for, in its own words. Fixed at genesis.
    #[pallet::storage]
    pub type Charter<T> = StorageValue<_, BoundedVec<u8, ConstU32<MAX_CHARTER_BYTES>>, ValueQuery>;

    /// The number the next override gets.
    #[pallet::storage]
    pub type NextOverride<T> = StorageValue<_, OverrideId, ValueQuery>;

    /// The overrides that are voted on, one for each proposer at most.
    // The chain gives the numbers: Twox cannot be steered.
    #[pallet::storage]
    pub type Overrides<T: Config> = StorageMap<_, Twox64Concat, OverrideId, OverrideOf<T>>;

    /// The override each member has proposed.
    // The chain gives the numbers: Twox cannot be steered.
    #[pallet::storage]
    pub type ProposalOf<T> = StorageMap<_, Twox64Concat, MemberId, OverrideId>;

    /// The overrides each member approves of; closed ones drop out at the member's next approval.
    // The chain gives the numbers: Twox cannot be steered.
    #[pallet::storage]
    pub type ApprovedBy<T> = StorageMap<_, Twox64Concat, MemberId, Approvals, ValueQuery>;

    #[pallet::genesis_config]
    pub struct GenesisConfig<T: Config> {
        /// The parameters in force from the first block.
        pub parameters: Parameters,
        /// Milliseconds of a slot: even, from 200 to 60,000.
        pub slot_duration: u64,
        /// Slots of an epoch: from 4 to 100,000.
        pub epoch_length: u64,
        /// The code of the governing contract, in hexadecimal; empty for a community that governs itself by override alone.
        #[serde(with = "sp_core::bytes")]
        pub doug_code: Vec<u8>,
        /// The rules of the vote the governing contract starts with.
        pub doug_rules: DougRules,
        /// The community's name, up to 64 bytes.
        pub name: String,
        /// What the community stands for, up to 16 KiB.
        pub charter: String,
        /// The chain this is for.
        #[serde(skip)]
        pub _chain: core::marker::PhantomData<T>,
    }

    impl<T: Config> Default for GenesisConfig<T> {
        fn default() -> Self {
            Self {
                parameters: Default::default(),
                slot_duration: clock::DEFAULT_SLOT_MILLIS,
                epoch_length: clock::DEFAULT_EPOCH_SLOTS,
                doug_code: Default::default(),
                doug_rules: Default::default(),
                name: Default::default(),
                charter: Default::default(),
                _chain: Default::default(),
            }
        }
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            genesis::build(self);
        }
    }

    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A parameter gets a new value when the next era starts.
        #[codec(index = 0)]
        ParameterScheduled {
            /// The parameter and its new value.
            parameter: Parameter,
        },
        /// The scheduled parameters are in force.
        #[codec(index = 1)]
        ParametersChanged,
        /// The scheduled admission threshold was left out, because there are no longer as many members.
        #[codec(index = 2)]
        ThresholdKept {
            /// What was scheduled.
            wanted: u32,
            /// What stays in force.
            kept: u32,
        },
        /// Another account governs.
        #[codec(index = 3)]
        DougSet {
            /// The account.
            doug: T::AccountId,
        },
        /// A member asks the others to override the governing contract.
        #[codec(index = 4)]
        OverrideProposed {
            /// The override's number.
            id: OverrideId,
            /// Who asks.
            proposer: MemberId,
            /// What shall happen.
            action: ActionOf<T>,
        },
        /// A member approves of an override.
        #[codec(index = 5)]
        OverrideApproved {
            /// The override's number.
            id: OverrideId,
            /// Who approves.
            member: MemberId,
            /// How many active members now approve.
            approvals: u32,
            /// How many it takes.
            required: u32,
        },
        /// A member no longer approves of an override.
        #[codec(index = 6)]
        ApprovalWithdrawn {
            /// The override's number.
            id: OverrideId,
            /// Who withdrew, or is no longer a member.
            member: MemberId,
        },
        /// Enough members approved, and it is done.
        #[codec(index = 7)]
        OverrideExecuted {
            /// The override's number.
            id: OverrideId,
        },
        /// The override expired or nobody approves of it any more.
        #[codec(index = 8)]
        OverrideClosed {
            /// The override's number.
            id: OverrideId,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// Only active members may do this; sign with a member's own account, not with a device.
        #[codec(index = 0)]
        NotMember,
        /// The parameter's value is out of its bounds; the reference of parameters lists them.
        #[codec(index = 1)]
        OutOfBounds,
        /// The admission threshold would exceed the number of active members, so nobody could ever join; choose a lower one.
        #[codec(index = 2)]
        WouldLockOut,
        /// There is no such override, or the member does not approve of it.
        #[codec(index = 3)]
        NotFound,
        /// The member has an open override or approves of this one already; withdraw first.
        #[codec(index = 4)]
        AlreadyExists,
        /// The time for approving is over; propose it anew.
        #[codec(index = 5)]
        Expired,
        /// The override is still open; wait until it expires.
        #[codec(index = 6)]
        TooEarly,
        /// The member approves of as many open overrides as one may; withdraw one or prune an expired one.
        #[codec(index = 7)]
        TooManyApprovals,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call(weight(T::WeightInfo))]
    impl<T: Config> Pallet<T> {
        /// Gives one parameter a new value from the next era on.
        ///
        /// ## Dispatch Origin
        /// Signed by the governing contract.
        /// ## Errors
        /// [`Error::OutOfBounds`], [`Error::WouldLockOut`].
        /// ## Events
        /// [`Event::ParameterScheduled`].
        /// ## Complexity
        /// O(1).
        #[pallet::call_index(0)]
        pub fn set_parameter(origin: OriginFor<T>, parameter: Parameter) -> DispatchResult {
            EnsureConstitution::<T>::ensure_origin(origin)?;
            let next = Self::check_parameter(&parameter)?;
            Self::do_schedule(parameter, next);
            Ok(())
        }

        /// Lets another account govern, at once.
        ///
        /// ## Dispatch Origin
        /// Signed by the governing contract.
        /// ## Errors
        /// None of this pallet's.
        /// ## Events
        /// [`Event::DougSet`].
        /// ## Complexity
        /// O(1).
        #[pallet::call_index(1)]
        pub fn set_doug(origin: OriginFor<T>, doug: T::AccountId) -> DispatchResult {
            EnsureConstitution::<T>::ensure_origin(origin)?;
            Self::do_set_doug(doug);
            Ok(())
        }

        /// Asks the members to override the governing contract; the proposer approves. Done at once if that is enough.
        ///
        /// ## Dispatch Origin
        /// Signed by an active member.
        /// ## Errors
        /// [`Error::NotMember`], [`Error::AlreadyExists`] if the member has an open override, [`Error::TooManyApprovals`],
        /// [`Error::OutOfBounds`], [`Error::WouldLockOut`], and those of an expulsion.
        /// ## Events
        /// [`Event::OverrideProposed`], [`Event::OverrideApproved`], [`Event::OverrideExecuted`] and what the action emits;
        /// [`Event::OverrideClosed`] for an expired one it replaces.
        /// ## Complexity
        /// O(a) in the member's approvals, at most 16.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::propose_override().saturating_add(T::Expulsion::weight()))]
        pub fn propose_override(origin: OriginFor<T>, action: ActionOf<T>) -> DispatchResult {
            let member = Self::ensure_member(origin)?;
            let room = Self::check_room(member)?;
            let (id, replaced) = Self::check_propose(member, &action)?;
            Self::do_propose(member, id, action, replaced);
            Self::do_approve(id, member, room)
        }

        /// Approves of an override; the approval that makes them enough executes it. A member who approves already may ask
        /// again whether they are enough by now.
        ///
        /// ## Dispatch Origin
        /// Signed by an active member.
        /// ## Errors
        /// [`Error::NotMember`], [`Error::NotFound`], [`Error::Expired`], [`Error::AlreadyExists`] if the member approves already and
        /// the approvals are still not enough, [`Error::TooManyApprovals`], and what the action fails with: then nothing changes.
        /// ## Events
        /// [`Event::OverrideApproved`], [`Event::OverrideExecuted`] and what the action emits.
        /// ## Complexity
        /// O(a) in the member's approvals, at most 16.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::approve_override().saturating_add(T::Expulsion::weight()))]
        pub fn approve_override(origin: OriginFor<T>, id: OverrideId) -> DispatchResult {
            let member = Self::ensure_member(origin)?;
            Self::check_open(id)?;
            if ApprovedBy::<T>::get(member).contains(&id) {
                Self::check_enough(id)?;
                return Self::do_execute(id);
            }
            let room = Self::check_room(member)?;
            Self::do_approve(id, member, room)
        }

        /// Takes an approval back. An override that nobody approves of is closed.
        ///
        /// ## Dispatch Origin
        /// Signed by an active member.
        /// ## Errors
        /// [`Error::NotMember`], [`Error::NotFound`].
        /// ## Events
        /// [`Event::ApprovalWithdrawn`], [`Event::OverrideClosed`].
        /// ## Complexity
        /// O(a) in the member's approvals, at most 16.
        #[pallet::call_index(4)]
        pub fn withdraw_approval(origin: OriginFor<T>, id: OverrideId) -> DispatchResult {
            let member = Self::ensure_member(origin)?;
            let others = Self::check_withdraw(id, member)?;
            ApprovedBy::<T>::insert(member, others);
            Self::do_withdraw(id, member);
            Ok(())
        }

        /// Removes an override whose time is over.
        ///
        /// ## Dispatch Origin
        /// Signed by anyone.
        /// ## Errors
        /// [`Error::NotFound`], [`Error::TooEarly`].
        /// ## Events
        /// [`Event::OverrideClosed`].
        /// ## Complexity
        /// O(1).
        #[pallet::call_index(5)]
        pub fn prune_override(origin: OriginFor<T>, id: OverrideId) -> DispatchResult {
            ensure_signed(origin)?;
            Self::check_prune(id)?;
            Self::do_close(id);
            Ok(())
        }
    }
}

impl<T: Config> Pallet<T> {
    /// The active member whose own account signed.
    fn ensure_member(origin: OriginFor<T>) -> Result<MemberId, DispatchError> {
        let who = ensure_signed(origin)?;
        Ok(T::Community::member(&who).ok_or(Error::<T>::NotMember)?)
    }
}
