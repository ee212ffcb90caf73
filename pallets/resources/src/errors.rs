// SPDX-License-Identifier: Apache-2.0
//! Why may a call be refused, and what can be done then?

use frame_support::pallet_macros::pallet_section;

/// Part of the pallet.
#[pallet_section]
mod errors {
    #[pallet::error]
    #[derive(PartialEq, Eq)]
    pub enum Error<T> {
        /// Only a member may do this: the account belongs to none in good standing.
        #[codec(index = 0)]
        NotMember,
        /// There is no such resource: it was never made, or it was retired or removed.
        #[codec(index = 1)]
        NotFound,
        /// The resource's lease and grace are over: make a new one.
        #[codec(index = 2)]
        Expired,
        /// The resource's lease has ended: refresh it first.
        #[codec(index = 3)]
        LeaseLapsed,
        /// Only the owner may do this.
        #[codec(index = 4)]
        NotOwner,
        /// A version has the number that follows the latest version's: read the resource again.
        #[codec(index = 5)]
        WrongVersion,
        /// The bytes are not a CID that the network serves: use SHA2-256, BLAKE2b-256 or BLAKE3 of a raw or dag-pb root.
        #[codec(index = 6)]
        InvalidContent,
        /// A commitment covers at least one chunk.
        #[codec(index = 7)]
        InvalidCommitment,
        /// A name has 3 to 63 of a-z, 0-9 and single hyphens inside.
        #[codec(index = 8)]
        InvalidName,
        /// The name means something already, or looks like one that does: choose another.
        #[codec(index = 9)]
        ReservedName,
        /// Another resource has this name: choose another.
        #[codec(index = 10)]
        NameTaken,
        /// Another resource has a name that looks like this one: choose another.
        #[codec(index = 11)]
        ConfusableName,
        /// It is so already.
        #[codec(index = 12)]
        AlreadyExists,
        /// A public resource is stored in clear: nobody needs a key.
        #[codec(index = 13)]
        NotEncrypted,
        /// The reader is not a member: only members may read.
        #[codec(index = 14)]
        ReaderNotMember,
        /// The epoch is not in force, nor, for a key, one of a version that is kept: read the resource again.
        #[codec(index = 15)]
        WrongEpoch,
        /// A wrapped key has 80 bytes.
        #[codec(index = 16)]
        InvalidKey,
        /// The person has no grant.
        #[codec(index = 17)]
        NotGranted,
        /// Only the owner and readers with a grant may extend the lease.
        #[codec(index = 18)]
        NotReader,
        /// The owner is no longer a member: nobody answers for the resource, and its lease ends.
        #[codec(index = 19)]
        OwnerDeparted,
        /// The member owns the resource already.
        #[codec(index = 20)]
        AlreadyOwner,
        /// Only a member may own: the person it was to be offered to is none.
        #[codec(index = 21)]
        NewOwnerNotMember,
        /// The resource is not offered: ask its owner.
        #[codec(index = 22)]
        NotOffered,
        /// The member follows as many resources as one may: unsubscribe from another.
        #[codec(index = 23)]
        TooManySubscriptions,
        /// The member does not follow the resource.
        #[codec(index = 24)]
        NotSubscribed,
        /// Someone who departed, or the old keys of someone who got new ones, can or may open the content key: try again in
        /// some blocks, or revoke their grant first.
        #[codec(index = 25)]
        ReaderDeparted,
        /// The reader departed and came back, and what they could read before is still being ended: try again in some blocks.
        #[codec(index = 26)]
        StillLeaving,
        /// Only who has the content key of the epoch can return it: the caller was given none.
        #[codec(index = 27)]
        NotHolder,
        /// The reader has a key wrapped since they got theirs, and has not rejected it: only the owner may replace it.
        #[codec(index = 28)]
        KeyStands,
    }
}
