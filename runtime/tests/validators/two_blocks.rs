// SPDX-License-Identifier: Apache-2.0
//! Who seals two blocks for one slot, as a node reports it: by a transaction that nobody signed.

use codec::Encode;
use frame_support::{
    assert_noop,
    dispatch::GetDispatchInfo,
    traits::{Get, KeyOwnerProofSystem},
};
use kith_primitives::{member::MemberId, Balance};
use kith_runtime::{Balances, Header, Historical, Runtime, RuntimeCall, UncheckedExtrinsic, Validators};
use pallet_babe::{Authorities, CurrentSlot};
use pallet_kith_validators::{Error, Penance, Standing};
use sp_consensus_babe::{
    digests::{CompatibleDigestItem, PreDigest, SecondaryPlainPreDigest},
    AuthorityId, EquivocationProof, KEY_TYPE,
};
use sp_keyring::Sr25519Keyring::{self, Bob, Charlie, Dave};
use sp_runtime::{
    traits::{Applyable, Checkable, Header as _},
    transaction_validity::{InvalidTransaction, TransactionValidityError},
    Digest, DigestItem, DispatchResult,
};
use sp_session::MembershipProof;

use crate::{offences, origin, rotate, seated, three_validators, UNTIL_SEATED};

const BOB: MemberId = 1;

type Proof = EquivocationProof<Header>;
type Outcome = Result<DispatchResult, TransactionValidityError>;

/// Two blocks for the slot that runs, both said to be `author`'s and sealed by `signer`.
fn two_blocks(author: Sr25519Keyring, signer: Sr25519Keyring) -> Proof {
    let (offender, slot) = (AuthorityId::from(author.public()), CurrentSlot::<Runtime>::get());
    let authorities = Authorities::<Runtime>::get();
    let seat = (0..).zip(authorities.iter()).find(|(_, (key, _))| *key == offender).map(|(seat, _)| seat);
    let place = SecondaryPlainPreDigest { authority_index: seat.expect("the author sits"), slot };
    let block = |state: u8| {
        let claim = DigestItem::babe_pre_digest(PreDigest::SecondaryPlain(place.clone()));
        let (state, digest) = ([state; 32].into(), Digest { logs: vec![claim] });
        let mut header = Header::new(7, Default::default(), state, Default::default(), digest);
        let seal = signer.sign(header.hash().as_bytes());
        header.digest.push(DigestItem::babe_seal(seal.into()));
        header
    };
    Proof { offender, slot, first_header: block(1), second_header: block(2) }
}

/// That the key is of one who sits.
fn ownership(of: Sr25519Keyring) -> MembershipProof {
    Historical::prove((KEY_TYPE, AuthorityId::from(of.public()))).expect("they sit")
}

/// What becomes of the report: refused before it runs, or else the call's own outcome.
fn report(equivocation: Proof, key_owner_proof: MembershipProof) -> Outcome {
    let equivocation_proof = Box::new(equivocation);
    let report = pallet_babe::Call::<Runtime>::report_equivocation_unsigned { equivocation_proof, key_owner_proof };
    let call = RuntimeCall::Babe(report);
    let info = call.get_dispatch_info();
    let transaction = UncheckedExtrinsic::new_bare(call);
    let length = transaction.encoded_size();
    let checked = transaction.check(&frame_system::ChainContext::<Runtime>::default())?;
    checked.apply::<Runtime>(&info, length).map(|outcome| outcome.map(drop).map_err(|failed| failed.error))
}

/// Refused by the call itself.
fn refused(error: pallet_babe::Error<Runtime>) -> Outcome {
    Ok(Err(error.into()))
}

/// What is held and what is free of the person's.
fn money(who: Sr25519Keyring) -> (Balance, Balance) {
    (Balances::reserved_balance(who.to_account_id()), Balances::free_balance(who.to_account_id()))
}

#[test]
fn who_seals_two_blocks_for_one_slot_loses_the_seat_and_no_money() {
    three_validators().execute_with(|| {
        rotate(3);
        assert_eq!(seated(), [0, 1, 2]);
        let before = (Balances::total_issuance(), money(Bob));
        let (proof, owner) = (two_blocks(Bob, Bob), ownership(Bob));
        assert_eq!(report(proof.clone(), owner.clone()), Ok(Ok(())));
        assert_eq!(offences(BOB), 1);
        assert!(Penance::<Runtime>::contains_key(BOB) && !Standing::<Runtime>::contains_key(BOB));
        assert_eq!((Balances::total_issuance(), money(Bob)), before);
        assert_eq!(report(proof, owner), Err(InvalidTransaction::Stale.into()));
        assert_eq!(offences(BOB), 1);

        rotate(UNTIL_SEATED);
        assert_eq!(seated(), [0, 2]);
        assert_noop!(Validators::stand(origin(Bob)), Error::<Runtime>::InPenance);
    });
}

#[test]
fn neither_blocks_of_someone_elses_nor_one_block_twice_convict_anybody() {
    three_validators().execute_with(|| {
        rotate(3);
        let invalid = || refused(pallet_babe::Error::InvalidEquivocationProof);
        assert_eq!(report(two_blocks(Bob, Dave), ownership(Bob)), invalid());
        let twice = two_blocks(Bob, Bob);
        let twice = Proof { second_header: twice.first_header.clone(), ..twice };
        assert_eq!(report(twice, ownership(Bob)), invalid());
        let mut later = two_blocks(Bob, Bob);
        later.slot = later.slot + 1;
        assert_eq!(report(later, ownership(Bob)), invalid());
        assert_eq!(report(two_blocks(Bob, Bob), ownership(Charlie)), Err(InvalidTransaction::BadProof.into()));
        assert_eq!((offences(BOB), offences(2)), (0, 0));
    });
}

/// Who sits in one session answers for that one.
#[test]
fn blocks_of_another_session_than_the_proof_of_ownership_convict_nobody() {
    three_validators().execute_with(|| {
        rotate(3);
        let owner = ownership(Bob);
        let epoch = pallet_kith_constitution::EpochLength::<Runtime>::get();
        CurrentSlot::<Runtime>::mutate(|slot| *slot = *slot + epoch);
        let refused = refused(pallet_babe::Error::InvalidKeyOwnershipProof);
        assert_eq!(report(two_blocks(Bob, Bob), owner), refused);
        assert_eq!(offences(BOB), 0);
    });
}
