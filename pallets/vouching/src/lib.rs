// SPDX-License-Identifier: Apache-2.0
//! Who answers for whom: edges, limits, expiry.
//!
//! A member vouches for a candidate, a lapsed member or another member. As many live vouches as the admission threshold
//! asks for make a member; who falls under it has a grace period to collect more, and then lapses. How many vouches one
//! member may have given, how fast they may be given, and how long each counts are parameters of the constitution.
//!
//! # What counts
//!
//! A vouch counts while its term runs and its issuer is a member. Vouches that ended are removed step by step, a few in
//! each block and more in idle ones, so the number in [`Received`] may for a while include some that no longer count.
//! Nobody is ever *admitted* on that number alone: admission looks at the vouches themselves. A lapse may come late by
//! the same while.
//!
//! # No community locks itself out
//!
//! The grace starts when a vouch is lost or when somebody asks to [`Pallet::reconsider`] a member, never by time alone:
//! founders who vouch for each other too little for the threshold stay members. And nobody lapses while that would
//! leave fewer members than the threshold, since then nobody could be admitted any more: their grace begins anew
//! instead.
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

mod agenda;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod departure;
mod edges;
mod genesis;
#[cfg(test)]
mod mock;
mod rules;
mod standing;
#[cfg(test)]
mod tests;
mod try_state;
mod types;
pub mod weights;

use alloc::vec::Vec;
use kith_primitives::{
    glue::{Admission, Community, Constitution, Now},
    member::MemberId,
    BlockNumber,
};

#[cfg(feature = "runtime-benchmarks")]
pub use benchmarking::BenchmarkHelper;
pub use pallet::*;
pub use types::{Cause, Due, Issuer, Vouch};
pub use weights::WeightInfo;

/// A vouch as it is stored here.
pub type VouchFor = Vouch<BlockNumber>;
/// What is stored here of who vouches.
pub type IssuerFor = Issuer<BlockNumber>;

#[expect(missing_debug_implementations, reason = "the types FRAME makes for storage and genesis have none")]
#[expect(clippy::as_conversions, clippy::expect_used, reason = "what FRAME and the codec generate has them")]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// What the pallet needs from the runtime.
    #[pallet::config]
    pub trait Config: frame_system::Config {
        /// Who belongs.
        type Community: Community<Self::AccountId>;
        /// Hears who is to be admitted and who is to lapse.
        type Admission: Admission;
        /// The parameters in force. They must be in storage before this pallet's genesis is built.
        type Constitution: Constitution;
        /// The height of the current block.
        type Clock: Now;
        /// What the calls and the steps of the hooks cost.
        type WeightInfo: WeightInfo;
        /// Makes people for the benchmarks.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: BenchmarkHelper<Self::AccountId>;
    }

    /// The vouches a person has received, by issuer.
    // Twox64Concat: the chain gives the numbers of people, nobody can choose one.
    #[pallet::storage]
    pub type Vouches<T: Config> = StorageDoubleMap<_, Twox64Concat, MemberId, Twox64Concat, MemberId, VouchFor>;

    /// For whom an issuer vouches: the edges of [`Vouches`] from the other end. At most the stock of each issuer.
    // Twox64Concat: as above.
    #[pallet::storage]
    pub type IssuedBy<T: Config> = StorageDoubleMap<_, Twox64Concat, MemberId, Twox64Concat, MemberId, ()>;

    /// How many vouches each issuer has given, and when the last was.
    // Twox64Concat: as above.
    #[pallet::storage]
    pub type Issuers<T: Config> = StorageMap<_, Twox64Concat, MemberId, IssuerFor, ValueQuery>;

    /// How many vouches of a person are stored. May include some that ended and are still to be removed.
    // Twox64Concat: as above.
    #[pallet::storage]
    pub type Received<T: Config> = StorageMap<_, Twox64Concat, MemberId, u32, ValueQuery>;

    /// What is to be done in which block: one entry for each vouch and for each grace period.
    // Twox64Concat: heights and numbers of people, which nobody can choose freely.
    #[pallet::storage]
    pub type Agenda<T: Config> = StorageDoubleMap<_, Twox64Concat, BlockNumber, Twox64Concat, Due, ()>;

    /// The block whose entries of the [`Agenda`] are being worked on: everything before it is done. Never in the
    /// future.
    #[pallet::storage]
    pub type Cursor<T> = StorageValue<_, BlockNumber, ValueQuery>;

    /// Members under the admission threshold, and the block in which they lapse if they still are.
    // Twox64Concat: as above.
    #[pallet::storage]
    pub type UnderThreshold<T: Config> = StorageMap<_, Twox64Concat, MemberId, BlockNumber>;

    /// People who are no longer members or candidates and whose vouches are being removed. None of what they issued
    /// counts.
    // Twox64Concat: as above.
    #[pallet::storage]
    pub type Departures<T: Config> = StorageMap<_, Twox64Concat, MemberId, ()>;

    /// Who vouches for whom from the first block on.
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// Issuer and subject of each vouch: founders, by number. The interval between vouches does not apply to these.
        pub vouches: Vec<(MemberId, MemberId)>,
        /// The pallet this configures.
        #[serde(skip)]
        pub _config: core::marker::PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            Pallet::<T>::found(&self.vouches);
        }
    }

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A member vouched for a person.
        #[codec(index = 0)]
        Vouched {
            /// Who vouches.
            issuer: MemberId,
            /// For whom.
            subject: MemberId,
            /// The first block in which the vouch no longer counts.
            expires: BlockNumber,
        },
        /// A member prolonged a vouch.
        #[codec(index = 1)]
        Renewed {
            /// Who vouches.
            issuer: MemberId,
            /// For whom.
            subject: MemberId,
            /// The first block in which the vouch no longer counts.
            expires: BlockNumber,
        },
        /// A vouch no longer stands.
        #[codec(index = 2)]
        Withdrawn {
            /// Who vouched.
            issuer: MemberId,
            /// For whom.
            subject: MemberId,
            /// Why it ended.
            cause: Cause,
        },
        /// A member has fewer vouches than the threshold asks for.
        #[codec(index = 3)]
        GraceStarted {
            /// Who.
            member: MemberId,
            /// The block in which they lapse unless they collect more.
            deadline: BlockNumber,
        },
        /// A member has enough vouches again.
        #[codec(index = 4)]
        GraceEnded {
            /// Who.
            member: MemberId,
        },
        /// A member stays one in spite of too few vouches, because too few members would be left to admit anybody.
        #[codec(index = 5)]
        LapseHeld {
            /// Who.
            member: MemberId,
            /// The block in which it is looked at again.
            deadline: BlockNumber,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// Only an active member may vouch: collect the vouches that make you one.
        #[codec(index = 0)]
        NotMember,
        /// Nobody vouches for themselves: ask another member.
        #[codec(index = 1)]
        VouchForSelf,
        /// You vouch for this person already: renew the vouch when it nears its end.
        #[codec(index = 2)]
        AlreadyExists,
        /// You do not vouch for this person: check the number.
        #[codec(index = 3)]
        NotFound,
        /// You have given as many vouches as the constitution allows: withdraw one, or wait until one ends.
        #[codec(index = 4)]
        TooManyVouches,
        /// Your last vouch is too recent: wait for the interval the constitution sets.
        #[codec(index = 5)]
        TooEarly,
        /// The person is unknown, was removed, or is a candidate whose time has run out: they must apply anew.
        #[codec(index = 6)]
        NotEligible,
        /// The vouch still has longer to run than the renewal window: renew it later.
        #[codec(index = 7)]
        TooEarlyToRenew,
        /// The vouch has ended: vouch again.
        #[codec(index = 8)]
        Expired,
        /// The vouches you gave before you lapsed are still being removed: try again some blocks later.
        #[codec(index = 9)]
        BeingWithdrawn,
        /// The person already stands as the parameters in force say: there is nothing to reconsider.
        #[codec(index = 10)]
        Unchanged,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        /// A few steps in every block, however full: ended vouches are removed even if somebody keeps all blocks full.
        fn on_initialize(_: BlockNumberFor<T>) -> Weight {
            Self::work(agenda::STEPS_PER_BLOCK)
        }

        fn on_idle(_: BlockNumberFor<T>, remaining: Weight) -> Weight {
            Self::work_within(remaining)
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call(weight(<T as Config>::WeightInfo))]
    impl<T: Config> Pallet<T> {
        /// Vouches for a person. If that makes as many live vouches as the threshold asks for, they are a member at
        /// once.
        ///
        /// ## Dispatch Origin
        /// Signed by an active member.
        ///
        /// ## Errors
        /// [`Error::NotMember`], [`Error::VouchForSelf`], [`Error::AlreadyExists`], [`Error::NotEligible`],
        /// [`Error::BeingWithdrawn`], [`Error::TooManyVouches`], [`Error::TooEarly`].
        ///
        /// ## Events
        /// [`Event::Vouched`]; [`Event::GraceEnded`] for a member who has enough again; for others, that of admission.
        ///
        /// ## Complexity
        /// O(1): at most 64 vouches of the person are looked at.
        #[pallet::call_index(0)]
        pub fn vouch(origin: OriginFor<T>, subject: MemberId) -> DispatchResult {
            let issuer = Self::ensure_member(origin)?;
            Self::check_vouch(issuer, subject)?;
            Self::do_vouch(issuer, subject);
            Ok(())
        }

        /// Lets a vouch near its end count for a whole term from now.
        ///
        /// ## Dispatch Origin
        /// Signed by the active member who gave it.
        ///
        /// ## Errors
        /// [`Error::NotMember`], [`Error::NotFound`], [`Error::Expired`], [`Error::TooEarlyToRenew`],
        /// [`Error::NotEligible`], [`Error::BeingWithdrawn`].
        ///
        /// ## Events
        /// [`Event::Renewed`].
        ///
        /// ## Complexity
        /// O(1).
        #[pallet::call_index(1)]
        pub fn renew(origin: OriginFor<T>, subject: MemberId) -> DispatchResult {
            let issuer = Self::ensure_member(origin)?;
            let vouch = Self::check_renew(issuer, subject)?;
            Self::do_renew(issuer, subject, vouch);
            Ok(())
        }

        /// Takes a vouch back. The stock has room for another; the interval runs on.
        ///
        /// ## Dispatch Origin
        /// Signed by the active member who gave it.
        ///
        /// ## Errors
        /// [`Error::NotMember`], [`Error::NotFound`].
        ///
        /// ## Events
        /// [`Event::Withdrawn`]; [`Event::GraceStarted`] for a member who has too few now.
        ///
        /// ## Complexity
        /// O(1).
        #[pallet::call_index(2)]
        pub fn withdraw(origin: OriginFor<T>, subject: MemberId) -> DispatchResult {
            let issuer = Self::ensure_member(origin)?;
            ensure!(Vouches::<T>::contains_key(subject, issuer), Error::<T>::NotFound);
            Self::remove_vouch(issuer, subject, Cause::Issuer);
            Ok(())
        }

        /// Holds a person against the parameters in force, which may have changed: admits who has enough vouches, ends
        /// the grace of a member who has, and starts it for a member who has not.
        ///
        /// ## Dispatch Origin
        /// Signed by anyone.
        ///
        /// ## Errors
        /// [`Error::NotEligible`], [`Error::Unchanged`].
        ///
        /// ## Events
        /// [`Event::GraceStarted`], [`Event::GraceEnded`], or that of admission.
        ///
        /// ## Complexity
        /// O(1): at most 64 vouches of the person are looked at.
        #[pallet::call_index(3)]
        pub fn reconsider(origin: OriginFor<T>, subject: MemberId) -> DispatchResult {
            ensure_signed(origin)?;
            let change = Self::check_reconsider(subject)?;
            Self::do_reconsider(subject, change);
            Ok(())
        }
    }

    impl<T: Config> Pallet<T> {
        fn ensure_member(origin: OriginFor<T>) -> Result<MemberId, DispatchError> {
            let who = ensure_signed(origin)?;
            Ok(T::Community::member(&who).ok_or(Error::<T>::NotMember)?)
        }
    }
}
