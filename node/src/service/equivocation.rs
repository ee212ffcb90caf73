// SPDX-License-Identifier: GPL-3.0-or-later WITH Classpath-exception-2.0
//! Who wrote two blocks for one slot: seen when blocks are imported, and reported to the chain.

mod seen;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jsonrpsee::core::async_trait;
use kith_runtime::opaque::{Block, Header};
use sc_client_api::HeaderBackend;
use sc_consensus::{BlockCheckParams, BlockImport, BlockImportParams, ImportResult};
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_api::{ApiError, ApiExt, ProvideRuntimeApi};
use sp_consensus_babe::{
    check_equivocation_proof, digests::CompatibleDigestItem, BabeApi, Epoch, EquivocationProof, Slot, SlotDuration,
};
use sp_runtime::DigestItem;
use sp_timestamp::Timestamp;

use self::seen::{Claim, Seen};
use super::{Client, Pool};

/// Imports blocks, and reports who wrote two for one slot. Nothing that goes wrong with a report stops an import.
#[derive(Clone)]
pub(crate) struct Reporting<I> {
    inner: I,
    client: Arc<Client>,
    pool: OffchainTransactionPoolFactory<Block>,
    slot_duration: SlotDuration,
    seen: Arc<Mutex<Seen>>,
}

/// Blocks that differ, of one author and for one slot.
struct TwoBlocks {
    claim: Claim,
    first: Header,
    second: Header,
}

impl<I> Reporting<I> {
    /// Around an import that checks blocks; reports go into the pool.
    pub(super) fn new(inner: I, client: Arc<Client>, pool: Arc<Pool>, slot_duration: SlotDuration) -> Self {
        Self { inner, client, pool: OffchainTransactionPoolFactory::new(pool), slot_duration, seen: Arc::default() }
    }

    /// Takes note of a block; gives it with the one that its author wrote before, if there is one.
    fn two_blocks(&self, block: &BlockImportParams<Block>) -> Option<TwoBlocks> {
        let claim = claim(&block.header, &block.post_digests)?;
        let second = block.post_header();
        let now = Slot::from_timestamp(Timestamp::current(), self.slot_duration);
        let first = self.seen().note(now, claim, &second)?;
        Some(TwoBlocks { claim, first, second })
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reports them, and says what came of it.
    fn report(&self, two: &TwoBlocks) {
        let (slot, author) = (*two.claim.0, two.claim.1);
        match self.submit(two) {
            Ok(true) => {
                self.seen().settle(two.claim);
                tracing::info!(target: "equivocation", slot, author, "Reported the author of two blocks for one slot");
            }
            Ok(false) => tracing::warn!(
                target: "equivocation", slot, author,
                "Two blocks for one slot are not reported: this node does not know that time's validators, or its pool \
                 refused the report"
            ),
            Err(error) => tracing::warn!(
                target: "equivocation", slot, author, %error, "Two blocks for one slot are not reported"
            ),
        }
    }

    /// True if the pool was given the report.
    fn submit(&self, two: &TwoBlocks) -> Result<bool, ApiError> {
        let best = self.client.info().best_hash;
        // Whose key it is must be proven in the slot's own session, and a block that was refused has no state.
        let states = [two.first.hash(), two.second.hash(), two.second.parent_hash, best];
        let proven = states.into_iter().find_map(|state| {
            let epoch = self.client.runtime_api().current_epoch(state).ok()?;
            Some((state, two.proof(&epoch)?))
        });
        let Some((state, proof)) = proven else { return Ok(false) };
        let api = self.client.runtime_api();
        let owner = api.generate_key_ownership_proof(state, proof.slot, proof.offender.clone())?;
        let Some(owner) = owner else { return Ok(false) };
        let mut api = self.client.runtime_api();
        api.register_extension(self.pool.offchain_transaction_pool(best));
        Ok(api.submit_report_equivocation_unsigned_extrinsic(best, proof, owner)?.is_some())
    }
}

#[async_trait]
impl<I: BlockImport<Block> + Send + Sync> BlockImport<Block> for Reporting<I> {
    type Error = I::Error;

    async fn check_block(&self, block: BlockCheckParams<Block>) -> Result<ImportResult, Self::Error> {
        self.inner.check_block(block).await
    }

    async fn import_block(&self, block: BlockImportParams<Block>) -> Result<ImportResult, Self::Error> {
        let two = self.two_blocks(&block);
        let imported = self.inner.import_block(block).await;
        // Only now does the first block of a session have a state to prove that session's keys in.
        if let Some(two) = two {
            self.report(&two);
        }
        imported
    }
}

impl TwoBlocks {
    /// That the same one of the epoch's authorities signed both, if the slot is one of the epoch's.
    fn proof(&self, epoch: &Epoch) -> Option<EquivocationProof<Header>> {
        let (slot, author) = self.claim;
        if !(epoch.start_slot..epoch.start_slot.saturating_add(epoch.duration)).contains(&slot) {
            return None;
        }
        let (offender, _) = epoch.authorities.get(author as usize)?.clone();
        let (first_header, second_header) = (self.first.clone(), self.second.clone());
        let proof = EquivocationProof { offender, slot, first_header, second_header };
        check_equivocation_proof(proof.clone()).then_some(proof)
    }
}

/// Whose block it is, if its seal was checked: the SDK's verifier takes the seal out of the header then. Headers at
/// which it does not look, of a warp and of the gap after one, keep theirs.
fn claim(header: &Header, post_digests: &[DigestItem]) -> Option<Claim> {
    post_digests.iter().find_map(|log| log.as_babe_seal())?;
    let turn = header.digest.logs().iter().find_map(|log| log.as_babe_pre_digest())?;
    Some((turn.slot(), turn.authority_index()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use sp_consensus_babe::{
        digests::{PreDigest, SecondaryPlainPreDigest},
        AuthorityIndex, AuthorityPair,
    };
    use sp_core::Pair as _;
    use sp_runtime::{traits::Header as _, Digest};

    const BEN: AuthorityIndex = 1;
    const START: u64 = 100;
    const SLOTS: u64 = 10;

    fn pair(number: u8) -> AuthorityPair {
        AuthorityPair::from_seed(&[number; 32])
    }

    /// A header of ben's, by what it says.
    fn unsealed(slot: u64, state: u8) -> Header {
        let turn = SecondaryPlainPreDigest { authority_index: BEN, slot: Slot::from(slot) };
        let digest = Digest { logs: vec![DigestItem::babe_pre_digest(PreDigest::SecondaryPlain(turn))] };
        Header::new(7, Default::default(), [state; 32].into(), Default::default(), digest)
    }

    fn sealed(slot: u64, state: u8, signer: &AuthorityPair) -> Header {
        let mut header = unsealed(slot, state);
        let seal = signer.sign(header.hash().as_bytes());
        header.digest.push(DigestItem::babe_seal(seal));
        header
    }

    fn two_blocks(slot: u64, first: Header, second: Header) -> TwoBlocks {
        TwoBlocks { claim: (Slot::from(slot), BEN), first, second }
    }

    /// With the authorities of these numbers.
    fn epoch(authorities: &[u8]) -> Epoch {
        Epoch {
            epoch_index: 3,
            start_slot: Slot::from(START),
            duration: SLOTS,
            authorities: authorities.iter().map(|number| (pair(*number).public(), 1)).collect(),
            randomness: Default::default(),
            config: Default::default(),
        }
    }

    #[test]
    fn whose_key_sealed_both_blocks_is_the_one_reported() {
        let ben = pair(2);
        for slot in [START, START + SLOTS - 1] {
            let two = two_blocks(slot, sealed(slot, 1, &ben), sealed(slot, 2, &ben));
            let proof = two.proof(&epoch(&[1, 2, 3])).expect("ben sealed both");
            assert_eq!((proof.offender, proof.slot), (ben.public(), Slot::from(slot)));
            assert_eq!((proof.first_header, proof.second_header), (two.first, two.second));
        }
    }

    #[test]
    fn blocks_without_their_seals_prove_nothing() {
        let ben = pair(2);
        let one_sealed = two_blocks(START, unsealed(START, 1), sealed(START, 2, &ben));
        let none_sealed = two_blocks(START, unsealed(START, 1), unsealed(START, 2));
        for two in [one_sealed, none_sealed] {
            assert_eq!(two.proof(&epoch(&[1, 2, 3])), None);
        }
    }

    #[test]
    fn who_did_not_seal_both_is_not_reported() {
        let ben = pair(2);
        let by_two = two_blocks(START, sealed(START, 1, &ben), sealed(START, 2, &pair(3)));
        assert_eq!(by_two.proof(&epoch(&[1, 2, 3])), None);
        let by_ben = two_blocks(START, sealed(START, 1, &ben), sealed(START, 2, &ben));
        // In ben's place sits somebody else, or nobody.
        for authorities in [[1, 3, 2].as_slice(), &[1]] {
            assert_eq!(by_ben.proof(&epoch(authorities)), None);
        }
    }

    #[test]
    fn the_authorities_of_another_epoch_are_not_asked() {
        let ben = pair(2);
        for slot in [START - 1, START + SLOTS] {
            let two = two_blocks(slot, sealed(slot, 1, &ben), sealed(slot, 2, &ben));
            assert_eq!(two.proof(&epoch(&[1, 2, 3])), None, "slot {slot}");
        }
    }

    #[test]
    fn a_block_counts_if_the_verifier_took_its_seal_out() {
        let whole = sealed(START, 1, &pair(2));
        let mut checked = whole.clone();
        let seal = checked.digest.pop().expect("the seal is the last");
        assert_eq!(claim(&checked, &[seal]), Some((Slot::from(START), BEN)));
        assert_eq!(claim(&whole, &[]), None);
    }
}
