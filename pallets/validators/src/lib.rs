// SPDX-License-Identifier: Apache-2.0
//! Who writes blocks and makes them final: an open path, the best-standing first.
//!
//! A member whose node has session keys *stands*. At the end of every session the set of the session after the next is
//! planned: who proved that their node writes blocks takes a seat by rank (fewest offences, then most vouches, then
//! longest membership), and part of the seats goes by lot, so nobody who sits can keep a qualified member out for long.
//! [`select`] is the whole rule, free of storage. Nobody asks those who sit.
//!
//! # What finality needs
//!
//! Blocks become final while more than two thirds of those who vote answer, and who votes is changed by a block that
//! became final: too many silent voters would stop finality for good. So a newcomer, whose node may not even run,
//! writes blocks before they vote, and gets a seat only as fast as the rest could do without; absence costs at most a
//! third of the seats at one session's end; and nobody who is still a member is let go while that would leave fewer
//! validators than the constitution's minimum. Who is no member any more always goes, unless no member at all could
//! take a seat.
//!
//! # What it costs to fail
//!
//! Long absence costs the seat, and so does an offence, for a time in which one may not stand again; each session with
//! an offence also costs rank, for ever. Nobody loses money.
//!
//! Who sits now and who is planned is what the session pallet stores; it is not stored here again.
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

mod adapters;
mod attendance;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod genesis;
#[cfg(test)]
mod mock;
mod offences;
mod selection;
mod sessions;
mod standing;
#[cfg(test)]
mod tests;
mod try_state;
mod types;
pub mod weights;

use alloc::vec::Vec;
use kith_primitives::{
    glue::{Community, Constitution, EpochRandomness, Merit, Now},
    member::MemberId,
    BlockNumber,
};

pub use adapters::{Author, Consensus};
#[cfg(feature = "runtime-benchmarks")]
pub use benchmarking::BenchmarkHelper;
pub use pallet::*;
pub use selection::{select, Candidate, Field};
pub use sessions::Sessions;
pub use types::{Attendance, Record};
pub use weights::WeightInfo;

/// Members who may stand at once: what planning a session looks at.
pub const MAX_STANDING: u32 = 256;
/// Seats, at most: the bound of the constitution's parameter, and of the consensus pallets.
pub const MAX_SEATS: u32 = 100;

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
        /// How good a member's standing is.
        type Merit: Merit;
        /// The parameters in force.
        type Constitution: Constitution;
        /// What lots are drawn with.
        type Randomness: EpochRandomness;
        /// The height of the current block.
        type Clock: Now;
        /// Who sits, and who has session keys: the session pallet.
        type Sessions: Sessions;
        /// What the calls and the steps of a session's turn cost.
        type WeightInfo: WeightInfo;
        /// Makes validators for the benchmarks.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: BenchmarkHelper<Self::AccountId>;
    }

    /// The members who stand, and since when. At most [`MAX_STANDING`].
    // Twox64Concat: the chain gives the numbers of people, nobody can choose one.
    #[pallet::storage]
    pub type Standing<T: Config> = CountedStorageMap<_, Twox64Concat, MemberId, BlockNumber>;

    /// How those who stand did in the sessions they sat in. Nothing for who has not been judged yet.
    // Twox64Concat: as above.
    #[pallet::storage]
    pub type Attendances<T: Config> = StorageMap<_, Twox64Concat, MemberId, Attendance>;

    /// How many blocks of the running session each validator wrote. Emptied at its end; no more entries than seats.
    // Twox64Concat: as above.
    #[pallet::storage]
    pub type Authored<T: Config> = StorageMap<_, Twox64Concat, MemberId, u32>;

    /// Who votes on finality in the session that runs: those of its validators whose nodes have shown that they run.
    #[pallet::storage]
    pub type Voters<T: Config> = StorageValue<_, BoundedVec<MemberId, ConstU32<MAX_SEATS>>, ValueQuery>;

    /// The first block in which who lost the seat may stand again. An entry is removed when they do: at most one for
    /// each person who ever lost a seat.
    // Twox64Concat: as above.
    #[pallet::storage]
    pub type Penance<T: Config> = StorageMap<_, Twox64Concat, MemberId, BlockNumber>;

    /// What is remembered of a person's offences. Kept for ever: at most one for each person who ever sat.
    // Twox64Concat: as above.
    #[pallet::storage]
    pub type Offences<T: Config> = StorageMap<_, Twox64Concat, MemberId, Record>;

    /// Who stands from the first block on.
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// Founders, by number, whose keys the session pallet's genesis holds: the validators of the first sessions.
        pub validators: Vec<MemberId>,
        /// The pallet this configures.
        #[serde(skip)]
        pub _config: core::marker::PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            Pallet::<T>::found(&self.validators);
        }
    }

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A member stands.
        #[codec(index = 0)]
        Stood {
            /// Who.
            person: MemberId,
        },
        /// A member stands no more, by their own choice.
        #[codec(index = 1)]
        StoodDown {
            /// Who.
            person: MemberId,
        },
        /// A member stands no more, because a better-standing one took their place in a full list.
        #[codec(index = 2)]
        Displaced {
            /// Who.
            person: MemberId,
        },
        /// A validator lost the seat for writing no block in too many sessions in a row.
        #[codec(index = 3)]
        Absent {
            /// Who.
            person: MemberId,
            /// The first block in which they may stand again.
            until: BlockNumber,
        },
        /// A validator lost the seat for an offence against consensus.
        #[codec(index = 4)]
        Offended {
            /// Who.
            person: MemberId,
            /// In how many sessions they have offended.
            offences: u32,
            /// The first block in which they may stand again.
            until: BlockNumber,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// Only an active member may stand, with their own account: collect the vouches that make you one.
        #[codec(index = 0)]
        NotMember,
        /// You have no session keys: let your node make them, and set them with the session pallet.
        #[codec(index = 1)]
        NoSessionKeys,
        /// You stand already: keep your node running.
        #[codec(index = 2)]
        AlreadyStands,
        /// You lost a seat too recently: wait for the block until which you may not stand.
        #[codec(index = 3)]
        InPenance,
        /// As many stand as may, and all of them in better standing: try again when one stands down.
        #[codec(index = 4)]
        TooManyStanding,
        /// You do not stand: there is nothing to stand down from.
        #[codec(index = 5)]
        NotStanding,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call(weight(<T as Config>::WeightInfo))]
    impl<T: Config> Pallet<T> {
        /// Stands for validator: from the second end of a session on, the member may sit.
        ///
        /// When as many stand as may, the one in the worst standing who does not sit makes room for a better one.
        ///
        /// ## Dispatch Origin
        /// Signed by an active member whose session keys are set.
        ///
        /// ## Errors
        /// [`Error::NotMember`], [`Error::AlreadyStands`], [`Error::InPenance`], [`Error::NoSessionKeys`],
        /// [`Error::TooManyStanding`].
        ///
        /// ## Events
        /// [`Event::Stood`]; [`Event::Displaced`] for who made room.
        ///
        /// ## Complexity
        /// O(1) while there is room; in a full list all [`MAX_STANDING`] are looked at. What was not needed is
        /// refunded.
        #[pallet::call_index(0)]
        pub fn stand(origin: OriginFor<T>) -> DispatchResultWithPostInfo {
            let person = Self::ensure_member(origin)?;
            let displaced = Self::check_stand(person)?;
            Self::do_stand(person, displaced);
            Ok(displaced.is_none().then(T::WeightInfo::stand_with_room).into())
        }

        /// Stands down. The seat is kept until the sessions already planned are over, at most two: keep the node
        /// running that long.
        ///
        /// ## Dispatch Origin
        /// Signed by an active member.
        ///
        /// ## Errors
        /// [`Error::NotMember`], [`Error::NotStanding`].
        ///
        /// ## Events
        /// [`Event::StoodDown`].
        ///
        /// ## Complexity
        /// O(1).
        #[pallet::call_index(1)]
        pub fn stand_down(origin: OriginFor<T>) -> DispatchResult {
            let person = Self::ensure_member(origin)?;
            ensure!(Standing::<T>::contains_key(person), Error::<T>::NotStanding);
            Self::end_standing(person);
            Self::deposit_event(Event::StoodDown { person });
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
