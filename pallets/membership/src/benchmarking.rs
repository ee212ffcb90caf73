// SPDX-License-Identifier: Apache-2.0
//! How long each call takes at its worst, and how benchmarks of other pallets get people.

use codec::Encode;
use frame_benchmarking::v2::*;
use frame_system::RawOrigin;
use kith_primitives::{
    application::Application,
    device::{binding_payload, DeviceId},
    glue::{Community, Constitution},
    member::{EncryptionKey, MemberId, Standing},
    AccountId, BlockNumber, Signature,
};
use sp_core::{crypto::KeyTypeId, H256};
use sp_io::hashing::blake2_256;

use crate::*;

/// Where the benchmark's keystore keeps the keys that sign.
const KEYS: KeyTypeId = KeyTypeId(*b"kith");

impl<T: Config> Pallet<T> {
    /// The `index`th member of a benchmark; made when first asked for.
    pub fn benchmark_member(index: u32) -> (AccountId, MemberId) {
        let account = AccountId::new(blake2_256(&("member", index).encode()));
        let id = Self::person(&account).unwrap_or_else(|| {
            let id = Self::insert_person(&account, benchmark_key("member", index), Standing::Member, None);
            ActiveMembers::<T>::mutate(|count| *count = count.saturating_add(1));
            id
        });
        (account, id)
    }

    /// The `index`th candidate of a benchmark; made when first asked for. Their time never runs out.
    pub fn benchmark_candidate(index: u32) -> (AccountId, MemberId) {
        let account = AccountId::new(blake2_256(&("candidate", index).encode()));
        let until = Some(BlockNumber::MAX);
        let id = Self::person(&account).unwrap_or_else(|| {
            Self::insert_person(&account, benchmark_key("candidate", index), Standing::Candidate, until)
        });
        (account, id)
    }
}

/// A usable encryption key: the number stands in its last eight bytes, of which the highest is 0.
fn benchmark_key(kind: &str, index: u32) -> EncryptionKey {
    let kind = u64::try_from(kind.len()).unwrap_or_default() << 40;
    EncryptionKey(H256::from_low_u64_le(kind | u64::from(index)).to_fixed_bytes())
}

fn application<T: Config>() -> (ApplicationFor, Signature) {
    let key = sp_io::crypto::sr25519_generate(KEYS, None);
    let application = Application {
        genesis: Pallet::<T>::genesis(),
        account: AccountId::new(key.0),
        encryption_key: benchmark_key("newcomer", 0),
        expires: BlockNumber::MAX,
    };
    let signature = sp_io::crypto::sr25519_sign(KEYS, &key, &application.signing_payload());
    (application, Signature::Sr25519(signature.unwrap_or_else(|| [0; 64].into())))
}

fn device<T: Config>(owner: &AccountId) -> (DeviceId, ed25519::Signature) {
    let key = sp_io::crypto::ed25519_generate(KEYS, None);
    let payload = binding_payload(&Pallet::<T>::genesis(), owner);
    let signature = sp_io::crypto::ed25519_sign(KEYS, &key, &payload);
    (DeviceId(key.0), signature.unwrap_or_else(|| [0; 64].into()))
}

fn bound_device<T: Config>(owner: &AccountId) -> Result<DeviceId, BenchmarkError> {
    let (device, signature) = device::<T>(owner);
    Pallet::<T>::bind_device(RawOrigin::Signed(owner.clone()).into(), device, signature)?;
    Ok(device)
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn sponsor() -> Result<(), BenchmarkError> {
        let (caller, _) = Pallet::<T>::benchmark_member(0);
        let (application, signature) = application::<T>();
        let account = application.account.clone();

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), application, signature);

        assert!(Pallet::<T>::person(&account).is_some());
        Ok(())
    }

    #[benchmark]
    fn bind_device() -> Result<(), BenchmarkError> {
        let (caller, id) = Pallet::<T>::benchmark_member(0);
        for _ in 1..T::Constitution::parameters().max_devices {
            bound_device::<T>(&caller)?;
        }
        let (device, signature) = device::<T>(&caller);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), device, signature);

        assert_eq!(Devices::<T>::get(device), Some(id));
        Ok(())
    }

    #[benchmark]
    fn unbind_device() -> Result<(), BenchmarkError> {
        let (caller, _) = Pallet::<T>::benchmark_member(0);
        let device = bound_device::<T>(&caller)?;

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), device);

        assert_eq!(Devices::<T>::get(device), None);
        Ok(())
    }

    #[benchmark]
    fn leave() -> Result<(), BenchmarkError> {
        let (caller, id) = Pallet::<T>::benchmark_member(0);
        Pallet::<T>::benchmark_member(1);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller));

        assert!(!Pallet::<T>::is_member(id));
        Ok(())
    }

    #[benchmark]
    fn force_remove() -> Result<(), BenchmarkError> {
        let origin = T::ForceOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        let (_, id) = Pallet::<T>::benchmark_member(0);
        Pallet::<T>::benchmark_member(1);

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, id);

        assert!(!Pallet::<T>::is_member(id));
        Ok(())
    }

    #[benchmark]
    fn prune_candidate() -> Result<(), BenchmarkError> {
        let (caller, _) = Pallet::<T>::benchmark_member(0);
        let (_, id) = Pallet::<T>::benchmark_candidate(0);
        People::<T>::mutate(id, |record| {
            if let Some(record) = record {
                record.candidate_until = Some(0);
            }
        });

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), id);

        assert!(!People::<T>::contains_key(id));
        Ok(())
    }
}
