// SPDX-License-Identifier: Apache-2.0
//! Who belongs, in which state, with which keys and devices.
//!
//! A newcomer signs an application; a member submits it together with the first vouch, and the newcomer is a
//! *candidate*. Whoever counts the vouches (through [`kith_primitives::glue::Admission`]) makes candidates *members*
//! and lets members *lapse*. A member binds devices, which then act for them, and has a quota that pays fees and
//! regenerates with every block. Who leaves or is expelled is *removed* for good: their number, account and encryption
//! key are never used again.
//!
//! Accounts of candidates and of bound devices are kept alive without funds, so that an empty account can take part.
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

mod accounts;
mod admission;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod community;
mod departure;
mod devices;
mod encryption_key;
mod genesis;
#[cfg(test)]
mod mock;
mod quota;
#[cfg(test)]
mod tests;
mod try_state;
mod types;
pub mod weights;

use alloc::vec::Vec;
use kith_primitives::{
    application::Application,
    device::DeviceId,
    glue::{Community, Constitution, Now, OnDeparture, Sponsorship},
    member::{EncryptionKey, MemberId},
    AccountId, BlockNumber, Hash, Signature,
};
use sp_core::ed25519;

pub use pallet::*;
pub use types::{Person, QuotaState};
pub use weights::WeightInfo;

/// An application as it is submitted here.
pub type ApplicationFor = Application<AccountId, BlockNumber>;
/// A person as they are stored here.
pub type PersonFor = Person<AccountId, BlockNumber>;
/// A quota as it is stored here.
pub type QuotaStateFor = QuotaState<kith_primitives::Balance, BlockNumber>;

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

    /// What the pallet needs from the runtime. Accounts and hashes are the chain's own: applications and bindings are
    /// signed over them, by programs that know nothing of the runtime.
    #[pallet::config]
    pub trait Config: frame_system::Config<AccountId = AccountId, Hash = Hash> {
        /// The height of the current block.
        type Clock: Now;
        /// The parameters in force.
        type Constitution: Constitution;
        /// Records the vouch with which a newcomer is sponsored.
        type Sponsorship: Sponsorship;
        /// Hears of people who are no longer members or candidates.
        type OnDeparture: OnDeparture;
        /// Who may expel a person.
        type ForceOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// What the calls cost.
        type WeightInfo: WeightInfo;
    }

    /// The number of the next person.
    #[pallet::storage]
    pub type NextMember<T> = StorageValue<_, MemberId, ValueQuery>;

    /// Every person, in any standing. Pruned candidates are gone; removed people stay, so that they cannot apply again.
    // Twox64Concat: the chain gives the numbers, nobody can choose one.
    #[pallet::storage]
    pub type People<T: Config> = StorageMap<_, Twox64Concat, MemberId, PersonFor>;

    /// The person whose account this is.
    // Blake2_128Concat: accounts are chosen by those who make them.
    #[pallet::storage]
    pub type PersonOf<T: Config> = StorageMap<_, Blake2_128Concat, AccountId, MemberId>;

    /// The person whose encryption key this is: two people never share one.
    // Blake2_128Concat: keys are chosen by those who make them.
    #[pallet::storage]
    pub type EncryptionKeys<T: Config> = StorageMap<_, Blake2_128Concat, EncryptionKey, MemberId>;

    /// The person a device is bound to.
    // Blake2_128Concat: device keys are chosen by those who make them.
    #[pallet::storage]
    pub type Devices<T: Config> = StorageMap<_, Blake2_128Concat, DeviceId, MemberId>;

    /// The devices of a person: at most the constitution's `max_devices` at the time of binding.
    // Twox64Concat for numbers the chain gives, Blake2_128Concat for chosen keys.
    #[pallet::storage]
    pub type DevicesOf<T: Config> = StorageDoubleMap<_, Twox64Concat, MemberId, Blake2_128Concat, DeviceId, ()>;

    /// How many people are members now.
    #[pallet::storage]
    pub type ActiveMembers<T> = StorageValue<_, u32, ValueQuery>;

    /// What members have left to pay fees with. Nothing is stored for a member who never used it: their quota is full.
    // Twox64Concat: the chain gives the numbers, nobody can choose one.
    #[pallet::storage]
    pub type Quotas<T: Config> = StorageMap<_, Twox64Concat, MemberId, QuotaStateFor>;

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

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A member submitted a newcomer's application.
        #[codec(index = 0)]
        Sponsored {
            /// Who submitted it.
            sponsor: MemberId,
            /// The newcomer.
            candidate: MemberId,
            /// The newcomer's account.
            account: AccountId,
            /// The first block in which the candidate can no longer be vouched for.
            until: BlockNumber,
        },
        /// A candidate, or someone who had lapsed, is now a member.
        #[codec(index = 1)]
        Admitted {
            /// Who.
            member: MemberId,
        },
        /// A member lost the vouches that kept them one.
        #[codec(index = 2)]
        Lapsed {
            /// Who.
            member: MemberId,
        },
        /// A person left of their own will.
        #[codec(index = 3)]
        Left {
            /// Who.
            person: MemberId,
        },
        /// A person was expelled.
        #[codec(index = 4)]
        Expelled {
            /// Who.
            person: MemberId,
        },
        /// A candidate did not become a member in time and was forgotten.
        #[codec(index = 5)]
        CandidatePruned {
            /// The number they had.
            candidate: MemberId,
        },
        /// A device now acts for a member.
        #[codec(index = 6)]
        DeviceBound {
            /// For whom.
            member: MemberId,
            /// Which device.
            device: DeviceId,
        },
        /// A device no longer acts for a person.
        #[codec(index = 7)]
        DeviceUnbound {
            /// For whom it did.
            person: MemberId,
            /// Which device.
            device: DeviceId,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// Only an active member may do this: collect the vouches that make you one.
        #[codec(index = 0)]
        NotMember,
        /// There is no such person, or the device is not bound to you: check the number or the key.
        #[codec(index = 1)]
        NotFound,
        /// The application is for another community: sign one with this chain's genesis hash.
        #[codec(index = 2)]
        WrongCommunity,
        /// The application's last block has passed: sign a new one.
        #[codec(index = 3)]
        Expired,
        /// The signature is not one of these bytes by this key: sign again with the key named.
        #[codec(index = 4)]
        BadSignature,
        /// The encryption key is one that keeps no secret, or is not in its one canonical form: make a new one.
        #[codec(index = 5)]
        BadEncryptionKey,
        /// The account is a person's or a device's already. One whose candidature ran out must be pruned before
        /// applying again; a removed person cannot apply again with the same account.
        #[codec(index = 6)]
        AccountInUse,
        /// Another person has this encryption key: make a new one.
        #[codec(index = 7)]
        EncryptionKeyInUse,
        /// The device is bound already, or its account is a person's: unbind it first, or make a new device key.
        #[codec(index = 8)]
        DeviceInUse,
        /// You have as many devices as the constitution allows: unbind one first.
        #[codec(index = 9)]
        TooManyDevices,
        /// The person is not a candidate: only candidates are pruned.
        #[codec(index = 10)]
        NotCandidate,
        /// The candidate still has time to become a member: wait until it has run out.
        #[codec(index = 11)]
        TooEarly,
        /// The person has been removed already.
        #[codec(index = 12)]
        AlreadyRemoved,
        /// This is the last member: without one, nobody could ever be admitted again.
        #[codec(index = 13)]
        LastMember,
        /// Every number for a person has been given out.
        #[codec(index = 14)]
        TooManyPeople,
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
        /// [`Error::NotMember`], [`Error::WrongCommunity`], [`Error::Expired`], [`Error::BadEncryptionKey`],
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
            let sponsor = Self::member(&who).ok_or(Error::<T>::NotMember)?;
            Self::check_application(&application, &signature)?;
            let candidate = Self::do_enrol(sponsor, application);
            // A refusal here undoes the enrolment: a call is one storage layer.
            T::Sponsorship::first_vouch(sponsor, candidate)
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
        /// [`Error::NotMember`], [`Error::TooManyDevices`], [`Error::DeviceInUse`], [`Error::BadSignature`].
        ///
        /// ## Events
        /// [`Event::DeviceBound`].
        ///
        /// ## Complexity
        /// O(1): one signature is verified.
        #[pallet::call_index(1)]
        pub fn bind_device(origin: OriginFor<T>, device: DeviceId, signature: ed25519::Signature) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let member = Self::member(&who).ok_or(Error::<T>::NotMember)?;
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
        /// [`Error::NotFound`].
        ///
        /// ## Events
        /// [`Event::DeviceUnbound`].
        ///
        /// ## Complexity
        /// O(1).
        #[pallet::call_index(2)]
        pub fn unbind_device(origin: OriginFor<T>, device: DeviceId) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let person = Self::person(&who).ok_or(Error::<T>::NotFound)?;
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
        /// [`Error::NotFound`], [`Error::AlreadyRemoved`], [`Error::LastMember`].
        ///
        /// ## Events
        /// [`Event::Left`].
        ///
        /// ## Complexity
        /// O(1): vouches are withdrawn later, in bounded steps.
        #[pallet::call_index(3)]
        pub fn leave(origin: OriginFor<T>) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let person = Self::person(&who).ok_or(Error::<T>::NotFound)?;
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
    }
}
