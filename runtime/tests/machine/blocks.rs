// SPDX-License-Identifier: Apache-2.0
//! Blocks as the chain makes them, but for their transactions.

use frame_support::dispatch::DispatchClass;
use kith_runtime::{configs::BlockWeights, Babe, Executive, Header, RuntimeOrigin, System, Timestamp};
use sp_consensus_babe::digests::{CompatibleDigestItem, PreDigest, SecondaryPlainPreDigest};
use sp_runtime::generic::{Digest, DigestItem};

/// The slot before the first block's: the chain takes a first slot of 0 for none.
const BEFORE: u64 = 1_000;

/// Begins the next block, which the first validator writes. A slot each, none is skipped.
pub(crate) fn begin() {
    let number = System::block_number() + 1;
    let slot = BEFORE + u64::from(number);
    let author = PreDigest::SecondaryPlain(SecondaryPlainPreDigest { authority_index: 0, slot: slot.into() });
    let header = Header {
        parent_hash: Default::default(),
        number,
        state_root: Default::default(),
        extrinsics_root: Default::default(),
        digest: Digest { logs: vec![DigestItem::babe_pre_digest(author)] },
    };
    Executive::initialize_block(&header);
    Timestamp::set(RuntimeOrigin::none(), slot * Babe::slot_duration()).expect("it is the slot's time");
}

/// Ends the block. A full one leaves nothing for what is done in idle time.
pub(crate) fn end(full: bool) {
    if full {
        let left = BlockWeights::get().max_block.saturating_sub(System::block_weight().total());
        System::register_extra_weight_unchecked(left, DispatchClass::Normal);
    }
    Executive::finalize_block();
}
