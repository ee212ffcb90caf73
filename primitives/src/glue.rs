// SPDX-License-Identifier: Apache-2.0
//! How our pallets meet: each names what it needs, the runtime says who answers.

use sp_runtime::{DispatchResult, Weight};

use crate::{
    custody::Commitment,
    doug::DougRules,
    member::{EncryptionKey, MemberId},
    parameters::Parameters,
    resource::{ResourceId, VersionNumber},
    Balance, BlockNumber,
};

/// Answers who belongs. Only keys and devices in good standing are ever returned: a frozen key is nobody's.
pub trait Community<AccountId> {
    /// The active member whose account this is, unless it is frozen.
    fn member(account: &AccountId) -> Option<MemberId>;
    /// The active member who owns the device that signs with this account, unless their key is frozen.
    fn member_of_device(account: &AccountId) -> Option<MemberId>;
    /// The person whose account this is, in any standing, unless it is frozen.
    fn person(account: &AccountId) -> Option<MemberId>;
    /// Whether the person is an active member, be their key frozen or not.
    fn is_member(person: MemberId) -> bool;
    /// Whether the person is a candidate, a member or a lapsed member: someone who may be vouched for.
    fn may_be_vouched_for(person: MemberId) -> bool;
    /// The person's account.
    fn account(person: MemberId) -> Option<AccountId>;
    /// Where content keys for the person are wrapped to.
    fn encryption_key(person: MemberId) -> Option<EncryptionKey>;
    /// The block in which the person last got their keys; nothing for whom the chain does not know.
    fn keyed_at(person: MemberId) -> Option<BlockNumber>;
    /// How many active members there are.
    fn active_members() -> u32;
    /// How many people there ever were: the number the next one gets.
    fn people() -> u32;

    /// The active member who answers for what the account signs: its owner, or the owner of the device.
    fn responsible(account: &AccountId) -> Option<MemberId> {
        Self::member(account).or_else(|| Self::member_of_device(account))
    }
}

/// Hears from the pallet that counts vouches.
pub trait Admission {
    /// The person has as many live vouches as the admission threshold asks for, and is near enough where that is asked.
    fn admit(person: MemberId);
    /// The person lacked vouches, or a proof that they are near, when their grace ended.
    fn lapse(person: MemberId);
}

/// Records the vouch with which a newcomer is sponsored.
pub trait Sponsorship {
    /// Checks the rules of vouching and records the edge.
    fn first_vouch(issuer: MemberId, candidate: MemberId) -> DispatchResult;
}

/// Hears of members who are no longer: what hangs on them ends, in bounded steps.
pub trait OnDeparture {
    /// The person is no longer an active member.
    fn departed(person: MemberId);
}

/// Answers who stands by whom.
pub trait Vouched {
    /// The block in which the issuer gave the vouch for the subject, if they are a member and it counts now. A renewal
    /// does not change it.
    fn vouched_at(issuer: MemberId, subject: MemberId) -> Option<BlockNumber>;
    /// How many vouches the person has received, at least those that count now.
    fn received(person: MemberId) -> u32;
}

/// Moves what is stored under a person's account to their new one.
///
/// Out of a freeze whoever the former account empowered is not empowered any more: a thief may have done it.
pub trait Rekeying<AccountId> {
    /// Whether everything can be moved. The former account is still the person's.
    fn check(person: MemberId, former: &AccountId, current: &AccountId, was_frozen: bool) -> DispatchResult;
    /// Moves it. The current account is the person's now; nothing else may fail.
    fn rekeyed(person: MemberId, former: &AccountId, current: &AccountId, was_frozen: bool);
}

/// Answers how good a member's standing is, for those who choose the best.
pub trait Merit {
    /// The vouches an active member has received and the block since which they are one; nothing for anybody else, or
    /// while their key is frozen.
    fn merit(person: MemberId) -> Option<(u32, BlockNumber)>;
}

/// The parameters in force.
pub trait Constitution {
    /// All of them.
    fn parameters() -> Parameters;
}

/// What is to be kept, for whom, until when.
pub trait Holdings {
    /// The resource's owner, while its lease runs.
    fn leased_by(resource: ResourceId) -> Option<MemberId>;
    /// The resource's latest version, if any was published.
    fn latest(resource: ResourceId) -> Option<(VersionNumber, Commitment)>;
    /// How many published resources under lease the member has.
    fn leased_resources(owner: MemberId) -> u32;
}

/// A member's allowance for fees, which regenerates block by block.
pub trait Quota {
    /// Takes `amount` from the member's quota, or nothing if there is less.
    fn spend(member: MemberId, amount: Balance) -> bool;
    /// Gives back what a call did not use, up to the cap.
    fn give_back(member: MemberId, amount: Balance);
    /// What the member could spend now.
    fn available(member: MemberId) -> Balance;
}

/// Randomness no block author chose.
pub trait EpochRandomness {
    /// The number of the epoch that runs; it never falls.
    fn epoch() -> u64;
    /// The seed that became known when this epoch began. Nobody knew it when the epoch before began; the author of the
    /// last block of that epoch knew it then.
    fn seed() -> [u8; 32];
}

/// Founds the contract that governs, when the chain is founded.
pub trait FoundDoug<AccountId> {
    /// Instantiates `code` with these rules of the vote; returns its address.
    fn found(code: alloc::vec::Vec<u8>, rules: DougRules) -> Result<AccountId, &'static str>;
}

/// The height of the chain's current block, for pallets that keep numbers of the concrete type.
pub trait Now {
    /// The height.
    fn now() -> BlockNumber;
}

/// Hears that an era of rewards starts: the moment at which changed parameters take effect.
pub trait OnEraStart {
    /// The era starts; returns the weight of what was done.
    fn era_started() -> Weight;
}

/// Ends a membership by the community's decision.
pub trait Expulsion {
    /// Removes the person.
    fn expel(person: MemberId) -> DispatchResult;
    /// What that costs at worst.
    fn weight() -> Weight;
}
