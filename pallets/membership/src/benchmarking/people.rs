// SPDX-License-Identifier: Apache-2.0
//! The people of benchmarks, and what they sign.

use alloc::boxed::Box;
use codec::Encode;
use frame_benchmarking::v2::BenchmarkError;
use frame_system::RawOrigin;
use kith_primitives::{
    application::Application,
    device::{binding_payload, DeviceId},
    glue::Community,
    member::{EncryptionKey, MemberId, Standing},
    AccountId, BlockNumber, Signature,
};
use sp_core::{crypto::KeyTypeId, ed25519, sr25519};
use sp_io::hashing::blake2_256;

use crate::{ActiveMembers, ApplicationFor, Config, Pallet, PersonOf};

/// Where the benchmark's keystore keeps the keys that sign.
const KEYS: KeyTypeId = KeyTypeId(*b"kith");

/// What makes signatures of one key.
pub(super) type Sign = Box<dyn Fn(&[u8]) -> Signature>;

impl<T: Config> Pallet<T> {
    /// The `index`th member of a benchmark; made when first asked for.
    pub fn benchmark_member(index: u32) -> (AccountId, MemberId) {
        let account = benchmark_account("member", index);
        let id = Self::person(&account).unwrap_or_else(|| {
            let id = Self::insert_person(&account, benchmark_key("member", index), Standing::Member, None);
            ActiveMembers::<T>::mutate(|count| *count = count.saturating_add(1));
            id
        });
        (account, id)
    }

    /// The `index`th candidate of a benchmark; made when first asked for. Their time never runs out.
    pub fn benchmark_candidate(index: u32) -> (AccountId, MemberId) {
        let account = benchmark_account("candidate", index);
        let until = Some(BlockNumber::MAX);
        let id = Self::person(&account).unwrap_or_else(|| {
            Self::insert_person(&account, benchmark_key("candidate", index), Standing::Candidate, until)
        });
        (account, id)
    }
}

/// An account whose key nobody has.
pub(super) fn benchmark_account(kind: &str, index: u32) -> AccountId {
    AccountId::new(blake2_256(&(kind, index).encode()))
}

/// A usable encryption key: the number stands in its last eight bytes, of which the highest is 0.
pub(super) fn benchmark_key(kind: &str, index: u32) -> EncryptionKey {
    let kind = u64::try_from(kind.len()).unwrap_or_default() << 40;
    let number = kind | u64::from(index);
    let mut bytes = [0; 32];
    bytes.iter_mut().skip(24).zip(number.to_le_bytes()).for_each(|(place, byte)| *place = byte);
    EncryptionKey(bytes)
}

/// A new key, and what signs with it.
pub(super) fn signer() -> (sr25519::Public, Sign) {
    let key = sp_io::crypto::sr25519_generate(KEYS, None);
    let sign = move |payload: &[u8]| {
        let signature = sp_io::crypto::sr25519_sign(KEYS, &key, payload);
        Signature::Sr25519(signature.unwrap_or_else(|| [0; 64].into()))
    };
    (key, Box::new(sign))
}

/// Another member, who signs.
pub(super) fn signing_member<T: Config>(index: u32) -> (AccountId, Sign) {
    let (key, sign) = signer();
    let account = AccountId::new(key.0);
    if !PersonOf::<T>::contains_key(&account) {
        Pallet::<T>::insert_person(&account, benchmark_key("signing member", index), Standing::Member, None);
        ActiveMembers::<T>::mutate(|count| *count = count.saturating_add(1));
    }
    (account, sign)
}

pub(super) fn application<T: Config>() -> (ApplicationFor, Signature) {
    let (key, sign) = signer();
    let application = Application {
        genesis: Pallet::<T>::genesis(),
        account: AccountId::new(key.0),
        encryption_key: benchmark_key("newcomer", 0),
        expires: BlockNumber::MAX,
    };
    let signature = sign(&application.signing_payload());
    (application, signature)
}

pub(super) fn device<T: Config>(owner: &AccountId) -> (DeviceId, ed25519::Signature) {
    let key = sp_io::crypto::ed25519_generate(KEYS, None);
    let payload = binding_payload(&Pallet::<T>::genesis(), owner);
    let signature = sp_io::crypto::ed25519_sign(KEYS, &key, &payload);
    (DeviceId(key.0), signature.unwrap_or_else(|| [0; 64].into()))
}

pub(super) fn bound_device<T: Config>(owner: &AccountId) -> Result<DeviceId, BenchmarkError> {
    let (device, signature) = device::<T>(owner);
    Pallet::<T>::bind_device(RawOrigin::Signed(owner.clone()).into(), device, signature)?;
    Ok(device)
}
