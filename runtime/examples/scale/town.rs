// SPDX-License-Identifier: Apache-2.0
//! In which community calls are measured: members who vouch for each other, in the storage of the runtime's pallets.

use kith_primitives::{
    member::{EncryptionKey, MemberId, Standing},
    AccountId, BlockNumber,
};
use kith_runtime::{Runtime, System};
use pallet_kith_membership::{EncryptionKeys, People, Person, PersonOf};
use pallet_kith_vouching::{Agenda, Due, IssuedBy, Issuers, ProofEnds, Received, Vouch, Vouches};
use sp_core::{sr25519, Pair};
use sp_io::TestExternalities;

/// The block in which calls are measured.
pub(crate) const NOW: BlockNumber = 2_000_000;
/// The block in which everything was done that is in the state.
pub(crate) const ONCE: BlockNumber = 1;
/// The number of the first member. Referees are drawn from the numbers below.
pub(crate) const FIRST: MemberId = 1 << 30;
/// Vouches each member has given, and received.
pub(crate) const DEGREE: u32 = 6;
/// Members who take part in calls; they lie evenly among all.
const PLACES: u32 = 64;
/// Within so many blocks from now every vouch ends: the default window for renewing one.
const WINDOW: BlockNumber = 864_000;
/// Members written to the trie at a time: what is written lies in memory twice until then.
const BATCH: u32 = 10_000;

/// A community of so many members, at least as many as there are places.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Town {
    pub(crate) members: u32,
}

impl Town {
    /// The member in a place; after the last place comes the first.
    pub(crate) fn member(self, place: u32) -> MemberId {
        FIRST + place % PLACES * (self.members / PLACES)
    }

    /// Whom a member vouches for, first to [`DEGREE`]th: those who come next in the circle of all.
    pub(crate) fn subject(self, issuer: MemberId, which: u32) -> MemberId {
        FIRST + (issuer - FIRST + which) % self.members
    }

    pub(crate) fn found(self) -> TestExternalities {
        let mut state = TestExternalities::default();
        for first in (0..self.members).step_by(BATCH as usize) {
            let batch = first..self.members.min(first + BATCH);
            write(&mut state, || batch.for_each(|index| self.settle_member(FIRST + index)));
        }
        state
    }

    fn settle_member(self, member: MemberId) {
        settle(member, Standing::Member);
        (1..=DEGREE).for_each(|which| vouch(member, self.subject(member, which)));
    }
}

/// Writes down to the trie: nothing is left in memory above it, and nothing that was replaced is left in it.
pub(crate) fn write(state: &mut TestExternalities, entries: impl FnOnce()) {
    state.execute_with(|| {
        entries();
        System::reset_events();
        System::set_block_number(NOW);
    });
    state.commit_all().expect("the trie is whole");
    state.backend.backend_storage_mut().purge();
}

/// Enters a person.
pub(crate) fn settle(id: MemberId, standing: Standing) {
    let (account, encryption_key) = (account(id), encryption_key(id));
    frame_system::Account::<Runtime>::mutate(&account, |info| info.sufficients = 1);
    PersonOf::<Runtime>::insert(&account, id);
    EncryptionKeys::<Runtime>::insert(encryption_key, id);
    let candidate_until = (standing == Standing::Candidate).then_some(BlockNumber::MAX);
    let person = Person { account, encryption_key, standing, since: ONCE, candidate_until, devices: 0, keyed_at: ONCE };
    People::<Runtime>::insert(id, person);
    if standing == Standing::Member {
        let ends = NOW + 1 + id % WINDOW;
        ProofEnds::<Runtime>::insert(id, ends);
        Agenda::<Runtime>::insert(ends, Due::ProofEnd { subject: id }, ());
    }
}

/// Enters a vouch, and counts it.
pub(crate) fn vouch(issuer: MemberId, subject: MemberId) {
    let expires = NOW + 1 + issuer.wrapping_mul(31).wrapping_add(subject) % WINDOW;
    Vouches::<Runtime>::insert(subject, issuer, Vouch { at: ONCE, expires });
    IssuedBy::<Runtime>::insert(issuer, subject, ());
    Agenda::<Runtime>::insert(expires, Due::Expire { issuer, subject }, ());
    Issuers::<Runtime>::mutate(issuer, |used| used.live += 1);
    Received::<Runtime>::mutate(subject, |count| *count += 1);
}

/// The key a person signs with.
pub(crate) fn pair(id: MemberId) -> sr25519::Pair {
    sr25519::Pair::from_seed(&named(id))
}

pub(crate) fn account(id: MemberId) -> AccountId {
    AccountId::new(pair(id).public().0)
}

pub(crate) fn encryption_key(id: MemberId) -> EncryptionKey {
    EncryptionKey(named(id))
}

/// 32 bytes for each number.
fn named(id: MemberId) -> [u8; 32] {
    let mut bytes = [7; 32];
    bytes[..4].copy_from_slice(&id.to_le_bytes());
    bytes
}
