// SPDX-License-Identifier: GPL-3.0-or-later WITH Classpath-exception-2.0
//! What is remembered of the blocks of the last slots, to know a second one by.

use std::collections::{btree_map::Entry, BTreeMap};

use codec::Encode;
use kith_runtime::opaque::Header;
use sp_consensus_babe::{AuthorityIndex, Slot};

/// Slots for which blocks are remembered. What is older comes with the initial sync, too late to be reported.
const RECENT_SLOTS: u64 = 1_024;
/// Slots by which a block may be ahead of this machine's clock: as many as the SDK's verifier lets pass.
const DRIFT: u64 = 1;
/// Headers that are remembered. Most slots have one author, so that this is about all of the recent slots.
const MOST_HEADERS: usize = 1_024;
/// Bytes of them. An author may fill a header with anything; the network brings none above 16 MiB.
const MOST_BYTES: usize = 64 << 20;

/// Whose block it says it is: the slot, and the author's place among the authorities of that slot's epoch.
pub(super) type Claim = (Slot, AuthorityIndex);

/// The first header of each author for each slot, or nothing where two were reported.
#[derive(Debug, Default)]
pub(super) struct Seen {
    headers: BTreeMap<Claim, Option<Header>>,
    bytes: usize,
}

impl Seen {
    /// Takes note of a header. Gives the first of this author for this slot if that was another.
    ///
    /// The oldest slots are forgotten first, so that blocks for old slots, which an author can write at any time, push
    /// out none of the newer ones.
    pub(super) fn note(&mut self, now: Slot, claim: Claim, header: &Header) -> Option<Header> {
        let recent = now.saturating_sub(RECENT_SLOTS)..=now.saturating_add(DRIFT);
        if !recent.contains(&claim.0) {
            return None;
        }
        match self.headers.entry(claim) {
            Entry::Occupied(known) => return known.get().clone().filter(|first| first != header),
            Entry::Vacant(free) => free.insert(Some(header.clone())),
        };
        self.bytes += header.encoded_size();
        while self.headers.len() > MOST_HEADERS || self.bytes > MOST_BYTES {
            let Some((_, oldest)) = self.headers.pop_first() else { break };
            self.bytes -= oldest.map_or(0, |header| header.encoded_size());
        }
        None
    }

    /// Two blocks were reported: of this author and this slot nothing more is told.
    pub(super) fn settle(&mut self, claim: Claim) {
        if let Some(header) = self.headers.get_mut(&claim).and_then(Option::take) {
            self.bytes -= header.encoded_size();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sp_runtime::{traits::Header as _, Digest, DigestItem};

    const NOW: u64 = 10_000;

    fn header(number: u32, digest: Digest) -> Header {
        Header::new(number, Default::default(), Default::default(), Default::default(), digest)
    }

    fn first() -> Header {
        header(1, Digest::default())
    }

    fn second() -> Header {
        header(2, Digest::default())
    }

    fn note(seen: &mut Seen, slot: u64, author: AuthorityIndex, header: &Header) -> Option<Header> {
        seen.note(Slot::from(NOW), (Slot::from(slot), author), header)
    }

    #[test]
    fn a_second_header_of_one_author_for_one_slot_is_told_with_the_first() {
        let mut seen = Seen::default();
        assert_eq!(note(&mut seen, NOW, 3, &first()), None);
        assert_eq!(note(&mut seen, NOW, 3, &second()), Some(first()));
        assert_eq!(note(&mut seen, NOW, 3, &header(3, Digest::default())), Some(first()));
    }

    #[test]
    fn the_same_header_twice_tells_of_nobody() {
        let mut seen = Seen::default();
        assert_eq!(note(&mut seen, NOW, 3, &first()), None);
        assert_eq!(note(&mut seen, NOW, 3, &first()), None);
    }

    #[test]
    fn neither_two_authors_of_one_slot_nor_two_slots_of_one_author_are_told() {
        let mut seen = Seen::default();
        assert_eq!(note(&mut seen, NOW, 3, &first()), None);
        assert_eq!(note(&mut seen, NOW, 4, &second()), None);
        assert_eq!(note(&mut seen, NOW - 1, 3, &second()), None);
    }

    #[test]
    fn what_was_reported_is_told_no_more_and_others_are() {
        let mut seen = Seen::default();
        for author in [3, 4] {
            note(&mut seen, NOW, author, &first());
        }
        seen.settle((Slot::from(NOW), 3));
        assert_eq!(note(&mut seen, NOW, 3, &second()), None);
        assert_eq!(note(&mut seen, NOW, 4, &second()), Some(first()));
        assert_eq!(seen.bytes, first().encoded_size());
    }

    #[test]
    fn where_there_are_too_many_the_headers_of_the_oldest_slot_are_forgotten() {
        let mut seen = Seen::default();
        let oldest = NOW - RECENT_SLOTS;
        for slot in (oldest..).take(MOST_HEADERS) {
            note(&mut seen, slot, 3, &first());
        }
        note(&mut seen, NOW, 3, &first());
        assert_eq!(seen.headers.len(), MOST_HEADERS);
        assert_eq!(seen.bytes, MOST_HEADERS * first().encoded_size());
        assert_eq!(note(&mut seen, oldest, 3, &second()), None);
        assert_eq!(note(&mut seen, oldest + 1, 3, &second()), Some(first()));
    }

    #[test]
    fn blocks_for_old_slots_and_for_those_to_come_push_out_nothing() {
        let mut seen = Seen::default();
        let recent = || (NOW + 1 - RECENT_SLOTS..).take(MOST_HEADERS);
        for slot in recent() {
            note(&mut seen, slot, 3, &first());
        }
        for author in 0..100 {
            for slot in [0, NOW - RECENT_SLOTS - 1, NOW - RECENT_SLOTS, NOW + DRIFT + 1, u64::MAX] {
                note(&mut seen, slot, author, &first());
            }
        }
        for slot in recent() {
            assert_eq!(note(&mut seen, slot, 3, &second()), Some(first()), "slot {slot}");
        }
    }

    #[test]
    fn headers_filled_with_anything_take_no_more_than_their_bytes() {
        let mut seen = Seen::default();
        let filled = header(1, Digest { logs: vec![DigestItem::Other(vec![0; MOST_BYTES / 4])] });
        for slot in NOW - 4..=NOW {
            note(&mut seen, slot, 3, &filled);
        }
        assert!(seen.bytes <= MOST_BYTES);
        assert!(note(&mut seen, NOW, 3, &second()).is_some());
        assert_eq!(note(&mut seen, NOW - 4, 3, &second()), None);
    }
}
