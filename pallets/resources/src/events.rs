// SPDX-License-Identifier: Apache-2.0
//! What does the pallet tell those who watch?

use frame_support::pallet_macros::pallet_section;

/// Part of the pallet.
#[pallet_section]
mod events {
    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A resource was made.
        #[codec(index = 0)]
        Initialised { resource: ResourceId, owner: MemberId, kind: Kind, visibility: Visibility },
        /// The owner published version `number`.
        #[codec(index = 1)]
        Published { resource: ResourceId, number: VersionNumber, owner: MemberId },
        /// A lease was extended: `lease_until` is the first block at which the network need not keep the resource.
        #[codec(index = 2)]
        Refreshed { resource: ResourceId, lease_until: BlockNumber },
        /// A member follows the resource.
        #[codec(index = 3)]
        Subscribed { resource: ResourceId, member: MemberId },
        /// A member follows the resource no longer.
        #[codec(index = 4)]
        Unsubscribed { resource: ResourceId, member: MemberId },
        /// A member was given the content key of `epoch`.
        #[codec(index = 5)]
        Granted { resource: ResourceId, reader: MemberId, epoch: KeyEpoch },
        /// A reader's right ended; `epoch`, for which they have no key, is in force.
        #[codec(index = 6)]
        GrantRevoked { resource: ResourceId, reader: MemberId, epoch: KeyEpoch },
        /// The resource was offered to a member, or, for none, an offer was withdrawn.
        #[codec(index = 7)]
        TransferOffered { resource: ResourceId, to: Option<MemberId> },
        /// The resource has another owner; `epoch` is in force.
        #[codec(index = 8)]
        Transferred { resource: ResourceId, from: MemberId, to: MemberId, epoch: KeyEpoch },
        /// The owner gave the resource up.
        #[codec(index = 9)]
        Retired { resource: ResourceId },
        /// The resource's lease and grace were over.
        #[codec(index = 10)]
        Expired { resource: ResourceId },
        /// Nothing is left of a resource that had ended.
        #[codec(index = 11)]
        Reaped { resource: ResourceId },
        /// The resource has another name, or none.
        #[codec(index = 12)]
        NameSet { resource: ResourceId, name: Option<ResourceName> },
        /// `by`, who has the content key of `epoch`, wrapped it anew for a reader.
        #[codec(index = 13)]
        KeyReturned { resource: ResourceId, reader: MemberId, epoch: KeyEpoch, by: MemberId },
        /// A reader cannot open the content key of `epoch` that was wrapped for them.
        #[codec(index = 14)]
        KeyRejected { resource: ResourceId, reader: MemberId, epoch: KeyEpoch },
        /// A reader got new keys, so that the next version is encrypted under another key: `epoch` is in force.
        #[codec(index = 15)]
        EpochOpened { resource: ResourceId, reader: MemberId, epoch: KeyEpoch },
    }
}
