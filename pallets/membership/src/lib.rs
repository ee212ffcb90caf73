// SPDX-License-Identifier: Apache-2.0
//! Who belongs, in which state, with which keys and devices.
//!
//! A newcomer signs an application; a member submits it together with the first vouch, or anybody submits it with the
//! signatures of as many members as the admission threshold asks for, and the newcomer is a *candidate*. Whoever counts
//! the vouches (through [`kith_primitives::glue::Admission`]) makes candidates *members* and lets members *lapse*. A
//! member binds devices, which then act for them, and has a quota that pays fees and regenerates with every block. Who
//! leaves or is expelled is *removed* for good: their number, account and encryption key are never used again.
//!
//! # Keys that are lost or stolen
//!
//! A person's *guardians* are the members they chose or, if they chose nobody, those on whose word they became a member:
//! later vouches do not count, since nobody can refuse one. A guardian opens a *motion*, others approve it. A frozen key is nobody's, from that block on; new keys are the person's after a delay,
//! in which the key they have vetoes them unless it is frozen. A key can also be revoked with a document its owner signed
//! beforehand. Whom a person chooses counts only after the same delay, and not at all if the key is frozen meanwhile:
//! who steals a key cannot choose who guards it.
//!
//! The constitution's parameters apply as they are when something is decided: a motion is agreed when the threshold of
//! that block is met, and completed after the delay of that block. Where too few guardians are left, the community's way
//! back is to expel the person and to admit them anew.
//!
//! There is always a member whose key is not frozen: the last one is neither frozen nor removed, and does not lapse.
//!
//! Accounts of people and of bound devices are kept alive without funds, so that an empty account can take part.
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

mod accounts;
mod admission;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod certificate;
mod community;
mod departure;
mod devices;
mod encryption_key;
mod errors;
mod events;
mod former;
mod freezing;
mod genesis;
mod guardians;
#[cfg(test)]
mod mock;
mod motions;
mod quota;
mod rekeying;
mod storage;
#[cfg(test)]
mod tests;
mod try_state;
mod types;
pub mod weights;

use alloc::{boxed::Box, vec::Vec};
use frame_support::{
    dispatch::{GetDispatchInfo, PostDispatchInfo},
    pallet_macros::import_section,
    traits::{
        fungible::{Mutate, MutateHold},
        Contains,
    },
};
use kith_primitives::{
    application::Application,
    certificate::{Certificate, MAX_SIGNATURES},
    device::DeviceId,
    glue::{Constitution, Now, OnDeparture, Rekeying, Sponsorship, Vouched},
    member::{EncryptionKey, MemberId},
    recovery::MotionId,
    AccountId, Balance, BlockNumber, Hash, Signature,
};
use sp_core::ed25519;
use sp_runtime::traits::Dispatchable;

#[cfg(feature = "runtime-benchmarks")]
pub use benchmarking::BenchmarkHelper;
pub use pallet::*;
pub use types::{
    Former, Freeze, GuardianChoice, GuardianList, Motion, MotionEnd, MotionKind, MotionProposal, Person, QuotaState,
    Signatures,
};
pub use weights::WeightInfo;

/// The most new keys proposed for one person at a time: more than a minority of the default guardians could take up.
pub const MAX_NEW_KEYS: usize = 3;

/// An application as it is submitted here.
pub type ApplicationFor = Application<AccountId, BlockNumber>;
/// A certificate as it is submitted here.
pub type CertificateFor = Certificate<AccountId, BlockNumber>;
/// A certificate's signatures as they are submitted here.
pub type SignaturesFor = Signatures<AccountId, Signature>;
/// A person as they are stored here.
pub type PersonFor = Person<AccountId, BlockNumber>;
/// A quota as it is stored here.
pub type QuotaStateFor = QuotaState<Balance, BlockNumber>;
/// A motion as it is stored here.
pub type MotionFor = Motion<AccountId, Balance, BlockNumber>;
/// A motion as it is proposed here.
pub type ProposalFor = MotionProposal<AccountId, BlockNumber, Signature>;

#[expect(missing_debug_implementations, reason = "the types FRAME makes for storage and genesis have none")]
#[expect(clippy::as_conversions, clippy::expect_used, reason = "what FRAME and the codec generate has them")]
#[import_section(storage::storage)]
#[import_section(events::events)]
#[import_section(errors::errors)]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// What the pallet needs from the runtime. Accounts and hashes are the chain's own: applications and bindings are
    /// signed over them, by programs that know nothing of the runtime.
    #[pallet::config]
    pub trait Config: frame_system::Config<AccountId = AccountId, Hash = Hash> {
        /// The height of the current block.
        type Clock: Now;
        /// The parameters in force.
        type Constitution: Constitution;
        /// Records the vouches with which a newcomer comes.
        type Sponsorship: Sponsorship;
        /// Who vouches for whom: who guards the key of a person who chose nobody.
        type Vouched: Vouched;
        /// Moves what is stored under a person's former account to their new one.
        type Rekeying: Rekeying<AccountId>;
        /// In which the deposits for motions are held.
        type Currency: MutateHold<AccountId, Balance = Balance, Reason = Self::RuntimeHoldReason> + Mutate<AccountId>;
        /// The runtime's reasons for holding.
        type RuntimeHoldReason: From<HoldReason>;
        /// The runtime's calls.
        type RuntimeCall: Parameter
            + Dispatchable<RuntimeOrigin = Self::RuntimeOrigin, PostInfo = PostDispatchInfo>
            + GetDispatchInfo
            + From<frame_system::Call<Self>>;
        /// What people may still call from their former accounts.
        type FormerCalls: Contains<<Self as Config>::RuntimeCall>;
        /// Hears of people who are no longer members or candidates.
        type OnDeparture: OnDeparture;
        /// Who may expel a person.
        type ForceOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// What the calls cost.
        type WeightInfo: WeightInfo;
        /// What a re-keying has to move, for benchmarks.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: BenchmarkHelper;
    }

    /// Why the pallet holds a balance.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// For a motion that is open.
        #[codec(index = 0)]
        Motion,
    }

    /// The members from the first block on.
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// Account, encryption key and devices of each founder; the first is person 0.
        pub founders: Vec<(AccountId, EncryptionKey, Vec<DeviceId>)>,
        /// The pallet this configures.
        #[serde(skip)]
        pub _config: core::marker::PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            Pallet::<T>::found(&self.founders);
        }
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
        /// Submits a newcomer's application with the sender's vouch, which is the first.
        ///
        /// The newcomer's account may be empty; from now on it can send transactions.
        ///
        /// ## Dispatch Origin
        /// Signed by an active member.
        ///
        /// ## Errors
        /// [`Error::NotMember`], [`Error::KeyFrozen`], [`Error::WrongCommunity`], [`Error::Expired`], [`Error::BadEncryptionKey`],
        /// [`Error::AccountInUse`], [`Error::EncryptionKeyInUse`], [`Error::TooManyPeople`], [`Error::BadSignature`],
        /// and those with which the rules of vouching refuse the sender's vouch.
        ///
        /// ## Events
        /// [`Event::Sponsored`], and those of the vouch.
        ///
        /// ## Complexity
        /// O(1): one signature is verified.
        #[pallet::call_index(0)]
        pub fn sponsor(origin: OriginFor<T>, application: ApplicationFor, signature: Signature) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let sponsor = Self::signing_member(&who)?;
            Self::check_application(&application, &signature)?;
            Self::do_sponsor(sponsor, application)
        }

        /// Binds a device to the sender: it will be let into the store's network, and what it signs counts as theirs.
        ///
        /// The device's key must have signed [`kith_primitives::device::binding_payload`] of this community and the
        /// sender.
        ///
        /// ## Dispatch Origin
        /// Signed by an active member.
        ///
        /// ## Errors
        /// [`Error::NotMember`], [`Error::KeyFrozen`], [`Error::TooManyDevices`], [`Error::DeviceInUse`], [`Error::BadSignature`].
        ///
        /// ## Events
        /// [`Event::DeviceBound`].
        ///
        /// ## Complexity
        /// O(1): one signature is verified.
        #[pallet::call_index(1)]
        pub fn bind_device(origin: OriginFor<T>, device: DeviceId, signature: ed25519::Signature) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let member = Self::signing_member(&who)?;
            Self::check_binding(member, &who, &device, &signature)?;
            Self::do_bind(member, device);
            Ok(())
        }

        /// Unbinds one of the sender's devices. It may be bound again.
        ///
        /// ## Dispatch Origin
        /// Signed by a person in any standing, so that who left can free their devices.
        ///
        /// ## Errors
        /// [`Error::NotFound`], [`Error::KeyFrozen`].
        ///
        /// ## Events
        /// [`Event::DeviceUnbound`].
        ///
        /// ## Complexity
        /// O(1).
        #[pallet::call_index(2)]
        pub fn unbind_device(origin: OriginFor<T>, device: DeviceId) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let person = Self::signing_person(&who)?;
            ensure!(DevicesOf::<T>::contains_key(person, device), Error::<T>::NotFound);
            Self::do_unbind(person, device);
            Ok(())
        }

        /// Removes the sender from the community, for good: the account and the encryption key cannot be used to apply
        /// again.
        ///
        /// ## Dispatch Origin
        /// Signed by a person who was not removed.
        ///
        /// ## Errors
        /// [`Error::NotFound`], [`Error::KeyFrozen`], [`Error::AlreadyRemoved`], [`Error::LastMember`].
        ///
        /// ## Events
        /// [`Event::Left`].
        ///
        /// ## Complexity
        /// O(1): vouches are withdrawn later, in bounded steps.
        #[pallet::call_index(3)]
        pub fn leave(origin: OriginFor<T>) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let person = Self::signing_person(&who)?;
            let record = Self::check_removal(person)?;
            Self::do_remove(person, record, Event::Left { person });
            Ok(())
        }

        /// Expels a person, for good: the account and the encryption key cannot be used to apply again.
        ///
        /// ## Dispatch Origin
        /// [`Config::ForceOrigin`].
        ///
        /// ## Errors
        /// [`Error::NotFound`], [`Error::AlreadyRemoved`], [`Error::LastMember`].
        ///
        /// ## Events
        /// [`Event::Expelled`].
        ///
        /// ## Complexity
        /// O(1): vouches are withdrawn later, in bounded steps.
        #[pallet::call_index(4)]
        pub fn force_remove(origin: OriginFor<T>, person: MemberId) -> DispatchResult {
            T::ForceOrigin::ensure_origin(origin)?;
            let record = Self::check_removal(person)?;
            Self::do_remove(person, record, Event::Expelled { person });
            Ok(())
        }

        /// Forgets a candidate whose time has run out, so that those who vouched may vouch for others and the account
        /// may apply again.
        ///
        /// ## Dispatch Origin
        /// Signed by anyone.
        ///
        /// ## Errors
        /// [`Error::NotFound`], [`Error::NotCandidate`], [`Error::TooEarly`].
        ///
        /// ## Events
        /// [`Event::CandidatePruned`].
        ///
        /// ## Complexity
        /// O(1): vouches are withdrawn later, in bounded steps.
        #[pallet::call_index(5)]
        pub fn prune_candidate(origin: OriginFor<T>, person: MemberId) -> DispatchResult {
            ensure_signed(origin)?;
            let record = Self::check_prune(person)?;
            Self::do_prune(person, record);
            Ok(())
        }

        /// Admits a newcomer by the signatures of members, collected away from the chain: each becomes a vouch.
        ///
        /// If the newcomer's distance must be proven too, they are a candidate until it is. A certificate is good once:
        /// it expires before the candidature it starts.
        ///
        /// ## Dispatch Origin
        /// Signed by anyone.
        ///
        /// ## Errors
        /// Those of [`Pallet::sponsor`] for the application; [`Error::Expired`], [`Error::ExpiresTooLate`],
        /// [`Error::TooFewSignatures`], [`Error::NotMember`] and [`Error::KeyFrozen`] of who signed,
        /// [`Error::DuplicateSigner`], [`Error::BadSignature`], and those with which a signer's vouch is refused.
        ///
        /// ## Events
        /// [`Event::Certified`], and those of the vouches.
        ///
        /// ## Complexity
        /// O(n) in the signatures, of which there are at most [`MAX_SIGNATURES`].
        #[pallet::call_index(6)]
        #[pallet::weight(
            <T as Config>::WeightInfo::submit_certificate(u32::try_from(signatures.len()).unwrap_or(MAX_SIGNATURES))
        )]
        pub fn submit_certificate(
            origin: OriginFor<T>,
            certificate: CertificateFor,
            application_signature: Signature,
            signatures: SignaturesFor,
        ) -> DispatchResult {
            ensure_signed(origin)?;
            let signers = Self::check_certificate(&certificate, &application_signature, &signatures)?;
            Self::do_certify(certificate.application, &signers)
        }

        /// Chooses who guards the sender's key, from `recovery_delay` blocks on; nobody, to be guarded by those on
        /// whose word the sender became a member. A choice that is not in force yet is replaced.
        ///
        /// ## Dispatch Origin
        /// Signed by an active member.
        ///
        /// ## Errors
        /// [`Error::NotMember`], [`Error::KeyFrozen`], [`Error::TooFewGuardians`], [`Error::BadGuardian`].
        ///
        /// ## Events
        /// [`Event::GuardiansChosen`].
        ///
        /// ## Complexity
        /// O(g) in the guardians, of whom there are at most [`kith_primitives::recovery::MAX_GUARDIANS`].
        #[pallet::call_index(7)]
        pub fn choose_guardians(origin: OriginFor<T>, guardians: GuardianList) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let person = Self::signing_member(&who)?;
            Self::check_choice(person, &guardians)?;
            Self::do_choose(person, guardians);
            Ok(())
        }

        /// Opens a motion about a person's key, which the sender approves with it. Holds the constitution's
        /// `recovery_deposit` until it is closed.
        ///
        /// ## Dispatch Origin
        /// Signed by one of the person's guardians.
        ///
        /// ## Errors
        /// [`Error::NotMember`], [`Error::KeyFrozen`], [`Error::NotFound`], [`Error::AlreadyRemoved`],
        /// [`Error::NotGuardian`], [`Error::AlreadyProposed`], [`Error::TooManyMotions`]; to freeze:
        /// [`Error::AlreadyFrozen`]; to unfreeze: [`Error::NotFrozen`], [`Error::Revoked`]; for new keys:
        /// [`Error::WrongCommunity`], [`Error::WrongPerson`], [`Error::Expired`], [`Error::BadEncryptionKey`],
        /// [`Error::AccountInUse`], [`Error::EncryptionKeyInUse`], [`Error::BadSignature`]; and those of the hold.
        ///
        /// ## Events
        /// [`Event::MotionOpened`], those of [`Pallet::approve_motion`], and [`Event::MotionClosed`] for the person's
        /// motions whose time has run out.
        ///
        /// ## Complexity
        /// O(m g) in the person's motions and their approvals, both bounded.
        #[pallet::call_index(8)]
        pub fn open_motion(origin: OriginFor<T>, person: MemberId, proposal: ProposalFor) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let opener = Self::signing_member(&who)?;
            // A refusal below undoes this: a call is one storage layer.
            Self::close_lapsed(person);
            let kind = Self::check_opening(person, opener, proposal)?;
            Self::do_open(person, opener, &who, kind)
        }

        /// Approves a motion. If as many guardians as the constitution's `recovery_threshold` have, a key is frozen or
        /// unfrozen at once, and the delay for a new key begins.
        ///
        /// ## Dispatch Origin
        /// Signed by one of the person's guardians.
        ///
        /// ## Errors
        /// [`Error::NotMember`], [`Error::KeyFrozen`], [`Error::NotFound`], [`Error::Expired`], [`Error::NotGuardian`],
        /// [`Error::AlreadyApproved`], and where the motion would take effect: [`Error::AlreadyFrozen`],
        /// [`Error::NotFrozen`], [`Error::Revoked`].
        ///
        /// ## Events
        /// [`Event::MotionApproved`]; [`Event::MotionAgreed`], or [`Event::MotionClosed`] with [`Event::KeyFrozen`] or
        /// [`Event::KeyUnfrozen`].
        ///
        /// ## Complexity
        /// O(g) in the approvals, which are bounded.
        #[pallet::call_index(9)]
        pub fn approve_motion(origin: OriginFor<T>, person: MemberId, motion: MotionId) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let guardian = Self::signing_member(&who)?;
            let record = Self::check_approval(person, motion, guardian)?;
            Self::do_approve(person, motion, record, guardian)
        }

        /// Gives a person the new keys their guardians agreed on, once the constitution's `recovery_delay` is over, and
        /// ends every freeze of the former key. The person's other motions are closed.
        ///
        /// ## Dispatch Origin
        /// Signed by anyone.
        ///
        /// ## Errors
        /// [`Error::NotFound`], [`Error::NotAgreed`], [`Error::Expired`], [`Error::TooEarly`], [`Error::NotFirst`], and
        /// those with which [`Config::Rekeying`] refuses.
        ///
        /// ## Events
        /// [`Event::KeyChanged`], and [`Event::MotionClosed`] for each of the person's motions.
        ///
        /// ## Complexity
        /// O(m g) in the person's motions and their approvals, both bounded.
        #[pallet::call_index(10)]
        pub fn complete_motion(origin: OriginFor<T>, person: MemberId, motion: MotionId) -> DispatchResult {
            ensure_signed(origin)?;
            let (record, keys) = Self::check_completion(person, motion)?;
            Self::do_complete(person, motion, record, keys);
            Ok(())
        }

        /// Closes a motion to give the sender a new key. The sender has the opener's deposit.
        ///
        /// ## Dispatch Origin
        /// Signed by the person the motion is about, whose key is not frozen.
        ///
        /// ## Errors
        /// [`Error::NotFound`], [`Error::KeyFrozen`], [`Error::NotNewKey`].
        ///
        /// ## Events
        /// [`Event::MotionClosed`].
        ///
        /// ## Complexity
        /// O(1).
        #[pallet::call_index(11)]
        pub fn veto_motion(origin: OriginFor<T>, motion: MotionId) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let person = Self::signing_person(&who)?;
            let record = Self::check_veto(person, motion)?;
            Self::do_close(person, motion, record, MotionEnd::Vetoed);
            Ok(())
        }

        /// Closes a motion whose time has run out: to be agreed or, once agreed, to be completed. The deposit goes back.
        ///
        /// ## Dispatch Origin
        /// Signed by anyone.
        ///
        /// ## Errors
        /// [`Error::NotFound`], [`Error::StillOpen`].
        ///
        /// ## Events
        /// [`Event::MotionClosed`].
        ///
        /// ## Complexity
        /// O(g) in the approvals, which are bounded.
        #[pallet::call_index(12)]
        pub fn close_motion(origin: OriginFor<T>, person: MemberId, motion: MotionId) -> DispatchResult {
            ensure_signed(origin)?;
            let record = Self::check_closing(person, motion)?;
            Self::do_close(person, motion, record, MotionEnd::Lapsed);
            Ok(())
        }

        /// Freezes a key with the document its owner signed beforehand,
        /// [`kith_primitives::recovery::revocation_payload`]. Only a new key ends it.
        ///
        /// ## Dispatch Origin
        /// Signed by anyone.
        ///
        /// ## Errors
        /// [`Error::NotFound`], [`Error::AlreadyRemoved`], [`Error::Revoked`], [`Error::LastMember`],
        /// [`Error::BadSignature`].
        ///
        /// ## Events
        /// [`Event::KeyFrozen`].
        ///
        /// ## Complexity
        /// O(1): one signature is verified.
        #[pallet::call_index(13)]
        pub fn revoke_key(origin: OriginFor<T>, account: AccountId, signature: Signature) -> DispatchResult {
            ensure_signed(origin)?;
            let (person, record) = Self::check_revocation(&account, &signature)?;
            Self::do_freeze(person, &record, true);
            Ok(())
        }

        /// Makes a call as a former account of the sender's: their places in multisigs and as a delegate are still theirs.
        ///
        /// ## Dispatch Origin
        /// Signed by the person whose account it was, in any standing but removed.
        ///
        /// ## Errors
        /// [`Error::NotFound`], [`Error::KeyFrozen`], [`Error::AlreadyRemoved`], [`Error::NotFormer`],
        /// [`Error::CallNotAllowed`], and those of the call.
        ///
        /// ## Events
        /// [`Event::ActedAsFormer`], and those of the call.
        ///
        /// ## Complexity
        /// O(1), and that of the call.
        #[pallet::call_index(15)]
        #[pallet::weight({
            let info = call.get_dispatch_info();
            (<T as Config>::WeightInfo::as_former().saturating_add(info.call_weight), info.class)
        })]
        pub fn as_former(
            origin: OriginFor<T>,
            former: AccountId,
            call: Box<<T as Config>::RuntimeCall>,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin.clone())?;
            let person = Self::check_former(&who, &former)?;
            ensure!(T::FormerCalls::contains(&call), Error::<T>::CallNotAllowed);
            Self::do_as_former(origin, person, former, *call)
        }
    }
}
