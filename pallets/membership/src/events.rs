// SPDX-License-Identifier: Apache-2.0
//! What the pallet tells the world.

use frame_support::pallet_macros::pallet_section;

/// The events of the pallet.
#[pallet_section]
mod events {
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
        /// A member lapsed, for want of vouches or of a proof that they are near the others.
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
        /// A newcomer came with a certificate; the vouches of those who signed it follow.
        #[codec(index = 8)]
        Certified {
            /// The newcomer.
            candidate: MemberId,
            /// The newcomer's account.
            account: AccountId,
            /// The first block in which the candidate can no longer be vouched for.
            until: BlockNumber,
        },
        /// A member chose who guards their key.
        #[codec(index = 9)]
        GuardiansChosen {
            /// Who chose.
            person: MemberId,
            /// The first block in which the choice is in force.
            from: BlockNumber,
        },
        /// A guardian opened a motion about a person's key.
        #[codec(index = 10)]
        MotionOpened {
            /// Whose key.
            person: MemberId,
            /// Which motion.
            motion: MotionId,
            /// The guardian.
            opener: MemberId,
        },
        /// A guardian approved a motion.
        #[codec(index = 11)]
        MotionApproved {
            /// Whose key it is about.
            person: MemberId,
            /// Which motion.
            motion: MotionId,
            /// The guardian.
            guardian: MemberId,
        },
        /// Enough guardians approved a new key.
        #[codec(index = 12)]
        MotionAgreed {
            /// Who is to get it.
            person: MemberId,
            /// Which motion.
            motion: MotionId,
            /// The first block in which it can be completed.
            from: BlockNumber,
        },
        /// A motion is no longer open.
        #[codec(index = 13)]
        MotionClosed {
            /// Whose key it was about.
            person: MemberId,
            /// Which motion.
            motion: MotionId,
            /// How it ended.
            end: MotionEnd,
        },
        /// A person's key counts for nothing from this block on.
        #[codec(index = 14)]
        KeyFrozen {
            /// Whose.
            person: MemberId,
            /// Whether the owner revoked it.
            revoked: bool,
        },
        /// A person's key counts again.
        #[codec(index = 15)]
        KeyUnfrozen {
            /// Whose.
            person: MemberId,
        },
        /// A person has new keys, and all that was under the former account.
        #[codec(index = 16)]
        KeyChanged {
            /// Who.
            person: MemberId,
            /// The account that counts for nothing any more.
            former: AccountId,
            /// The account they sign with.
            current: AccountId,
        },
        /// A person made a call from a former account of theirs.
        #[codec(index = 17)]
        ActedAsFormer {
            /// Who.
            person: MemberId,
            /// The former account.
            former: AccountId,
        },
    }
}
