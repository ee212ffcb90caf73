// SPDX-License-Identifier: Apache-2.0
//! Why a call is refused, and what to do about it.

use frame_support::pallet_macros::pallet_section;

/// The errors of the pallet.
#[pallet_section]
mod errors {
    #[pallet::error]
    pub enum Error<T> {
        /// Only an active member may do this: collect the vouches that make you one.
        #[codec(index = 0)]
        NotMember,
        /// There is no such person or motion, or the device is not bound to you: check the number or the key.
        #[codec(index = 1)]
        NotFound,
        /// What was signed is for another community: sign it with this chain's genesis hash.
        #[codec(index = 2)]
        WrongCommunity,
        /// The last block in which this was possible has passed: sign, or open, a new one.
        #[codec(index = 3)]
        Expired,
        /// The signature is not one of these bytes by this key: sign again with the key named.
        #[codec(index = 4)]
        BadSignature,
        /// The encryption key is one that keeps no secret, or is not in its one canonical form: make a new one.
        #[codec(index = 5)]
        BadEncryptionKey,
        /// The account is, was or is about to be a person's, or is a device's. One whose candidature ran out must be
        /// pruned before applying again; every other needs a new account.
        #[codec(index = 6)]
        AccountInUse,
        /// The encryption key is, was or is about to be a person's: make a new one.
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
        /// There is time left, for a candidate to become a member or for a person to veto: wait until it has run out.
        #[codec(index = 11)]
        TooEarly,
        /// The person has been removed already.
        #[codec(index = 12)]
        AlreadyRemoved,
        /// This is the last member whose key is not frozen: without one, nobody could ever be admitted or get a new
        /// key.
        #[codec(index = 13)]
        LastMember,
        /// Every number for a person has been given out.
        #[codec(index = 14)]
        TooManyPeople,
        /// Your key is frozen: ask your guardians to unfreeze it or to give you a new one.
        #[codec(index = 15)]
        KeyFrozen,
        /// Fewer members signed than the admission threshold asks for: collect more signatures.
        #[codec(index = 16)]
        TooFewSignatures,
        /// One member signed twice: leave one of the signatures out.
        #[codec(index = 17)]
        DuplicateSigner,
        /// The certificate is good for longer than a candidature lasts: sign one that expires sooner.
        #[codec(index = 18)]
        ExpiresTooLate,
        /// Fewer guardians than it takes to agree: choose more, or none, to be guarded by those who vouched you in.
        #[codec(index = 19)]
        TooFewGuardians,
        /// A guardian is yourself, named twice, or not a member: choose others.
        #[codec(index = 20)]
        BadGuardian,
        /// You are not a guardian of this person now.
        #[codec(index = 21)]
        NotGuardian,
        /// As many new keys are proposed for this person as may be: approve one, or wait until one's time runs out.
        #[codec(index = 22)]
        TooManyMotions,
        /// You have proposed a new key for this person already, or somebody to freeze or unfreeze the key: approve
        /// that motion.
        #[codec(index = 23)]
        AlreadyProposed,
        /// The key is frozen already.
        #[codec(index = 24)]
        AlreadyFrozen,
        /// The key is not frozen.
        #[codec(index = 25)]
        NotFrozen,
        /// The owner revoked the key: only a new key helps.
        #[codec(index = 26)]
        Revoked,
        /// You have approved this motion, or enough others have.
        #[codec(index = 27)]
        AlreadyApproved,
        /// Too few who are guardians now have approved: ask more of them.
        #[codec(index = 28)]
        NotAgreed,
        /// The guardians agreed on another new key before: complete that motion.
        #[codec(index = 29)]
        NotFirst,
        /// Only a new key can be vetoed: a freeze is the guardians' alone.
        #[codec(index = 30)]
        NotNewKey,
        /// The motion's time has not run out: wait, or complete it.
        #[codec(index = 31)]
        StillOpen,
        /// The new key is signed for another person: have it signed for this one.
        #[codec(index = 32)]
        WrongPerson,
        /// The account was never yours.
        #[codec(index = 33)]
        NotFormer,
        /// A former account may not make this call: make it with your own.
        #[codec(index = 34)]
        CallNotAllowed,
    }
}
