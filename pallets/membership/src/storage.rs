// SPDX-License-Identifier: Apache-2.0
//! What the pallet stores.
//!
//! Twox64Concat where the chain gives the numbers and nobody can choose one; Blake2_128Concat for accounts and keys,
//! which are chosen by those who make them.

use frame_support::pallet_macros::pallet_section;

/// The storage of the pallet.
#[pallet_section]
mod storage {
    /// The number of the next person.
    #[pallet::storage]
    pub type NextMember<T> = StorageValue<_, MemberId, ValueQuery>;

    /// Every person, in any standing. Pruned candidates are gone; removed people stay, so that they cannot apply again.
    #[pallet::storage]
    pub type People<T: Config> = StorageMap<_, Twox64Concat, MemberId, PersonFor>;

    /// The person whose account this is.
    #[pallet::storage]
    pub type PersonOf<T: Config> = StorageMap<_, Blake2_128Concat, AccountId, MemberId>;

    /// The person whose encryption key this is: two people never share one.
    #[pallet::storage]
    pub type EncryptionKeys<T: Config> = StorageMap<_, Blake2_128Concat, EncryptionKey, MemberId>;

    /// The person a device is bound to.
    #[pallet::storage]
    pub type Devices<T: Config> = StorageMap<_, Blake2_128Concat, DeviceId, MemberId>;

    /// The devices of a person: at most the constitution's `max_devices` at the time of binding.
    #[pallet::storage]
    pub type DevicesOf<T: Config> = StorageDoubleMap<_, Twox64Concat, MemberId, Blake2_128Concat, DeviceId, ()>;

    /// How many people are members now.
    #[pallet::storage]
    pub type ActiveMembers<T> = StorageValue<_, u32, ValueQuery>;

    /// How many members' keys are frozen now: always fewer than there are members.
    #[pallet::storage]
    pub type FrozenMembers<T> = StorageValue<_, u32, ValueQuery>;

    /// What members have left to pay fees with. Nothing is stored for a member who never used it: their quota is full.
    #[pallet::storage]
    pub type Quotas<T: Config> = StorageMap<_, Twox64Concat, MemberId, QuotaStateFor>;

    /// People whose key counts for nothing until it is unfrozen or they get a new one.
    #[pallet::storage]
    pub type Frozen<T: Config> = StorageMap<_, Twox64Concat, MemberId, Freeze<BlockNumber>>;

    /// Whom people chose to guard their keys; nothing for who never chose.
    #[pallet::storage]
    pub type Guardians<T: Config> = StorageMap<_, Twox64Concat, MemberId, GuardianChoice<BlockNumber>>;

    /// The number of the next motion.
    #[pallet::storage]
    pub type NextMotion<T> = StorageValue<_, MotionId, ValueQuery>;

    /// The open motions about a person's key: one to freeze or unfreeze it, and [`MAX_NEW_KEYS`] to replace it.
    #[pallet::storage]
    pub type Motions<T: Config> = StorageDoubleMap<_, Twox64Concat, MemberId, Twox64Concat, MotionId, MotionFor>;

    /// The accounts that open motions are to give to people: nobody else may take one.
    #[pallet::storage]
    pub type ProposedAccounts<T: Config> = StorageMap<_, Blake2_128Concat, AccountId, MemberId>;

    /// The encryption keys that open motions are to give to people: nobody else may take one.
    #[pallet::storage]
    pub type ProposedEncryptionKeys<T: Config> = StorageMap<_, Blake2_128Concat, EncryptionKey, MemberId>;

    /// The accounts that were people's, for ever: none of them signs anything that counts, or is anybody's again.
    #[pallet::storage]
    pub type FormerAccounts<T: Config> = StorageMap<_, Blake2_128Concat, AccountId, Former<BlockNumber>>;

    /// The encryption keys that were people's, for ever: none of them is anybody's again.
    #[pallet::storage]
    pub type FormerEncryptionKeys<T: Config> = StorageMap<_, Blake2_128Concat, EncryptionKey, MemberId>;
}
