// SPDX-License-Identifier: Apache-2.0
//! Who answers for whom: edges, limits, expiry.
//!
//! A member vouches for a candidate, a lapsed member or another member. As many live vouches as the admission threshold
//! asks for make a member, if they are near enough to the members who answer for many; a member who lacks one or the other
//! has a grace period to make up for it, and then lapses. How many vouches one member may have given, how fast they may be
//! given, and how long each counts are parameters of the constitution.
//!
//! # What counts
//!
//! A vouch counts while its term runs and its issuer is a member. Vouches that ended are removed step by step, a few in
//! each block and more in idle ones, so the number in [`Received`] may for a while include some that no longer count.
//! Nobody is ever *admitted* on that number alone: admission looks at the vouches themselves. A lapse may come late by
//! the same while.
//!
//! # Distance
//!
//! Whoever is to be a member, for the first time or again, must be linked to most *referees* by short chains of vouches
//! ([`kith_primitives::distance`] says who is a referee, and who is asked). So people who vouch only for each other, with
//! few vouches from the rest of the community, make no members far from the rest.
//!
//! With the first vouch for somebody it is requested that referees be asked about them. Where the community has few,
//! all are asked, at once. Otherwise some are drawn when the epoch after the next begins, by randomness that is
//! collected in the next, so that nobody can know it when the request is made, not even who makes the last block of an
//! epoch; nothing of the sample is stored, as it follows from the request. Anyone may then hand in a witness: the
//! vouches that link. A witness that fails is a failed call and changes nothing. A request is spent when the epoch it
//! was made in is not among the last 16 any more. It may be made anew at intervals the constitution sets, but as long
//! as it is not spent by the person only.
//!
//! What was proven of who is no member holds until they are admitted or gone, or lose a vouch; whoever lapsed must prove it
//! anew.
//!
//! A member's proof holds for a term, whatever becomes of the vouches it named, and can be given anew when the term nears
//! its end. Fewer referees must be linked to a member than to a newcomer, half of them by default: so a part of the
//! community that nothing links to the rest any more lapses as a whole when its terms end, unless most referees are in
//! it. A member of whom it was not proven in time has the grace period to make up for it. Founders, and whoever
//! was admitted while no distance was asked for, have a term like everybody.
//!
//! # Parameters that change meanwhile
//!
//! Each step is judged by the parameters of the block it is taken in: a vouch by stock and interval, a witness by percent,
//! steps and sample, an admission by the threshold, and by whether distance is asked for at all. What was proven before
//! stays so. An end that was set stays where it was: a candidate's deadline, the end of a vouch, of a grace, and of the
//! term of a proof; what is given, renewed or held anew has the length in force then. Intervals are counted from what was
//! done last, by their length in force, and vouches beyond a lowered stock stand. Nothing happens to people by a change
//! alone; [`Pallet::reconsider`] applies it to one of them.
//!
//! # No community locks itself out
//!
//! For want of vouches the grace starts when one is lost or when somebody asks to [`Pallet::reconsider`] a member, never by
//! time alone: founders who vouch for each other too little for the threshold stay members. And nobody lapses while that
//! would leave fewer members than the threshold, since then nobody could be admitted any more, or none whose key is not
//! frozen: their grace begins anew instead. Who is alone, or in a community without any other referee, is asked about nobody:
//! an empty witness will do. Where a threshold above the number of members, or a community that shrank so much that no
//! sample finds referees enough, keeps everybody out, the members' override of the constitution lowers
//! `admission_threshold`, or sets `distance_percent` to 0, and `reconsider` admits who waits.
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

mod agenda;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod checks;
mod departure;
mod distance;
mod edges;
mod genesis;
mod graph;
#[cfg(test)]
mod mock;
pub mod rules;
mod standing;
mod terms;
#[cfg(test)]
mod tests;
mod try_state;
mod types;
pub mod weights;

use alloc::vec::Vec;
use kith_primitives::{
    distance::Witness,
    glue::{Admission, Community, Constitution, EpochRandomness, Now},
    member::MemberId,
    BlockNumber,
};

#[cfg(feature = "runtime-benchmarks")]
pub use benchmarking::BenchmarkHelper;
pub use graph::Stored;
pub use pallet::*;
pub use types::{Cause, Due, Issuer, Request, Seed, Vouch};
pub use weights::WeightInfo;

/// A vouch as it is stored here.
pub type VouchFor = Vouch<BlockNumber>;
/// What is stored here of who vouches.
pub type IssuerFor = Issuer<BlockNumber>;
/// A request as it is stored here.
pub type RequestFor = Request<BlockNumber>;

/// How many epochs are remembered: so long a request is good.
pub const EPOCHS_REMEMBERED: u32 = 16;

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
        /// With what referees are drawn.
        type Randomness: EpochRandomness;
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

    /// What is to be done in which block: one entry for each vouch, for each grace period, and for each member whose proof
    /// holds.
    // Twox64Concat: heights and numbers of people, which nobody can choose freely.
    #[pallet::storage]
    pub type Agenda<T: Config> = StorageDoubleMap<_, Twox64Concat, BlockNumber, Twox64Concat, Due, ()>;

    /// The block whose entries of the [`Agenda`] are being worked on: everything before it is done. Never in the
    /// future.
    #[pallet::storage]
    pub type Cursor<T> = StorageValue<_, BlockNumber, ValueQuery>;

    /// Members who lack vouches or a proof that holds, and the block in which they lapse if they still do.
    // Twox64Concat: as above.
    #[pallet::storage]
    pub type Graces<T: Config> = StorageMap<_, Twox64Concat, MemberId, BlockNumber>;

    /// People who are no longer members or candidates and whose vouches are being removed. None of what they issued
    /// counts.
    // Twox64Concat: as above.
    #[pallet::storage]
    pub type Departures<T: Config> = StorageMap<_, Twox64Concat, MemberId, ()>;

    /// For whom referees are asked: candidates, lapsed members, and members whose proof's term nears its end.
    // Twox64Concat: as above.
    #[pallet::storage]
    pub type Requests<T: Config> = StorageMap<_, Twox64Concat, MemberId, RequestFor>;

    /// Who is near enough and not yet admitted, and the block in which it was proven.
    // Twox64Concat: as above.
    #[pallet::storage]
    pub type Proven<T: Config> = StorageMap<_, Twox64Concat, MemberId, BlockNumber>;

    /// The first block in which it no longer holds that a member was shown to be near, or was not asked to be: an entry
    /// for each member.
    // Twox64Concat: as above.
    #[pallet::storage]
    pub type ProofEnds<T: Config> = StorageMap<_, Twox64Concat, MemberId, BlockNumber>;

    /// The seeds of the last epochs, oldest first.
    #[pallet::storage]
    pub type Seeds<T> = StorageValue<_, BoundedVec<Seed, ConstU32<EPOCHS_REMEMBERED>>, ValueQuery>;

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
        /// A member has fewer vouches than the threshold asks for, or it was not proven in time that they are near.
        #[codec(index = 3)]
        GraceStarted {
            /// Who.
            member: MemberId,
            /// The block in which they lapse unless they get what they lack.
            deadline: BlockNumber,
        },
        /// A member lacks nothing any more.
        #[codec(index = 4)]
        GraceEnded {
            /// Who.
            member: MemberId,
        },
        /// A member stays one in spite of what they lack, because too few members would be left to admit anybody, or none
        /// whose key is not frozen.
        #[codec(index = 5)]
        LapseHeld {
            /// Who.
            member: MemberId,
            /// The block in which it is looked at again.
            deadline: BlockNumber,
        },
        /// Referees are asked about a person, who must be linked to them.
        #[codec(index = 6)]
        DistanceRequested {
            /// About whom.
            person: MemberId,
        },
        /// A person was shown to be near enough to be a member, or to stay one.
        #[codec(index = 7)]
        DistanceProven {
            /// Who.
            person: MemberId,
        },
        /// A person lost a vouch before they were admitted, so that it must be shown anew that they are near enough.
        #[codec(index = 8)]
        ProofUndone {
            /// Who.
            person: MemberId,
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
        /// Only a member, or the person, may have referees asked: let one of them ask.
        #[codec(index = 11)]
        NotConcerned,
        /// The person is a member, and what was proven holds: prove it anew when its term nears its end.
        #[codec(index = 12)]
        AlreadyMember,
        /// The person was shown to be near enough: they need vouches only.
        #[codec(index = 13)]
        AlreadyProven,
        /// The constitution asks for no proof: ask to reconsider the person.
        #[codec(index = 14)]
        NothingToProve,
        /// Referees are being asked about the person, or were too recently: wait for the interval the constitution sets,
        /// and, unless you are the person, until the request is spent.
        #[codec(index = 15)]
        TooEarlyToRequest,
        /// No referees are asked about the person: request it.
        #[codec(index = 16)]
        NotRequested,
        /// The request is too old: make it anew.
        #[codec(index = 17)]
        RequestSpent,
        /// The referees are drawn when the epoch after the next begins: wait for it.
        #[codec(index = 18)]
        TooEarlyToProve,
        /// Too few referees were found to tell anything: request it anew, or have the constitution ask for no distance.
        #[codec(index = 19)]
        TooFewReferees,
        /// A step of the witness hangs on one that does not come before it: put them in order.
        #[codec(index = 20)]
        NoSuchParent,
        /// A path of the witness has more vouches than the constitution allows: find a shorter one.
        #[codec(index = 21)]
        PathTooLong,
        /// Somebody stands in the witness twice: name everybody once.
        #[codec(index = 22)]
        Repeated,
        /// A vouch in the witness does not exist, has ended, or is of who is no member: find another path.
        #[codec(index = 23)]
        NotVouched,
        /// The witness links the person to too few of the referees asked: find more paths, or vouches of members nearer to
        /// them.
        #[codec(index = 24)]
        TooFar,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        /// The seed of an epoch that begins, and a few steps in every block, however full: ended vouches are removed even if somebody keeps all blocks full.
        fn on_initialize(_: BlockNumberFor<T>) -> Weight {
            Self::record_seed();
            T::WeightInfo::record_seed().saturating_add(Self::work(agenda::STEPS_PER_BLOCK))
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
        /// Vouches for a person. If that makes as many live vouches as the threshold asks for, and the person is near
        /// enough, they are a member at once.
        ///
        /// ## Dispatch Origin
        /// Signed by an active member.
        ///
        /// ## Errors
        /// [`Error::NotMember`], [`Error::VouchForSelf`], [`Error::AlreadyExists`], [`Error::NotEligible`],
        /// [`Error::BeingWithdrawn`], [`Error::TooManyVouches`], [`Error::TooEarly`].
        ///
        /// ## Events
        /// [`Event::Vouched`]; [`Event::DistanceRequested`] with the first; [`Event::GraceEnded`] for a member who lacks
        /// nothing any more; for others, that of admission.
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
        /// [`Event::Withdrawn`]; [`Event::GraceStarted`] for a member who lacks something now; [`Event::ProofUndone`] for who
        /// is no member.
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

        /// Holds a person against the parameters in force, which may have changed: admits who has enough vouches and is near
        /// enough, ends the grace of a member who lacks nothing, and starts it for a member who does.
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

        /// Has referees asked about a candidate, a lapsed member, or a member whose proof's term nears its end, in place of
        /// those asked before, if any.
        ///
        /// ## Dispatch Origin
        /// Signed by an active member, or by the person.
        ///
        /// ## Errors
        /// [`Error::NotConcerned`], [`Error::NotEligible`], [`Error::AlreadyMember`], [`Error::AlreadyProven`],
        /// [`Error::NothingToProve`], [`Error::TooEarlyToRequest`].
        ///
        /// ## Events
        /// [`Event::DistanceRequested`].
        ///
        /// ## Complexity
        /// O(1).
        #[pallet::call_index(4)]
        pub fn request_distance(origin: OriginFor<T>, person: MemberId) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::check_request(&who, person)?;
            Self::do_request(person);
            Ok(())
        }

        /// Shows that a person is near enough to the referees asked about them. A candidate or lapsed member with as many
        /// live vouches as the threshold asks for is a member at once; a member's term begins anew.
        ///
        /// ## Dispatch Origin
        /// Signed by anyone.
        ///
        /// ## Errors
        /// Of the person: [`Error::NotEligible`], [`Error::AlreadyMember`], [`Error::AlreadyProven`],
        /// [`Error::NothingToProve`]. Of the request: [`Error::NotRequested`], [`Error::RequestSpent`],
        /// [`Error::TooEarlyToProve`], [`Error::TooFewReferees`]. Of the witness: [`Error::NoSuchParent`],
        /// [`Error::PathTooLong`], [`Error::Repeated`], [`Error::NotVouched`], [`Error::TooFar`].
        ///
        /// ## Events
        /// [`Event::DistanceProven`]; that of admission, or [`Event::GraceEnded`] for a member who lacks nothing any more.
        ///
        /// ## Complexity
        /// O(s) in the steps of the witness, however many people there are: at most 1,024 of them are looked at to find
        /// the referees, and at most 64 vouches of the person.
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::ask().saturating_add(
            T::WeightInfo::prove_distance(u32::try_from(witness.len()).unwrap_or(u32::MAX))
        ))]
        pub fn prove_distance(origin: OriginFor<T>, person: MemberId, witness: Witness) -> DispatchResult {
            ensure_signed(origin)?;
            Self::check_witness(person, &witness)?;
            Self::do_prove(person);
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
