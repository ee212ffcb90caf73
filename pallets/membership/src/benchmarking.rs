// SPDX-License-Identifier: Apache-2.0
//! How long each call takes at its worst, and how benchmarks of other pallets get people.

mod people;

use alloc::vec::Vec;
use frame_benchmarking::v2::*;
use frame_support::traits::EnsureOrigin;
use frame_system::RawOrigin;
use kith_primitives::{
    glue::{Community, Constitution, Now},
    parameters::UNIT,
    recovery::{revocation_payload, NewKey, MAX_GUARDIANS},
};

use sp_runtime::traits::Saturating;

use crate::*;
use people::*;

/// Fills what a re-keying or a departure has to empty.
pub trait BenchmarkHelper {
    /// Puts everything under the person's account that a person may have there.
    fn burden(person: MemberId, account: &AccountId);
    /// Gives the person everything that ends with their membership.
    fn engage(person: MemberId);
}

impl BenchmarkHelper for () {
    fn burden(_: MemberId, _: &AccountId) {}
    fn engage(_: MemberId) {}
}

/// A person's guardians: as many as there may be.
const GUARDIANS: core::ops::RangeInclusive<u32> = 1..=MAX_GUARDIANS;

/// Member 0 with as many chosen guardians as there may be: members 1 on, who can pay deposits.
fn guarded<T: Config>() -> (AccountId, MemberId) {
    let (account, person) = Pallet::<T>::benchmark_member(0);
    let guardians: Vec<_> = GUARDIANS.map(|index| guardian::<T>(index).1).collect();
    let chosen = GuardianList::truncate_from(guardians);
    Guardians::<T>::insert(person, GuardianChoice { current: chosen.clone(), next: chosen, from: 0 });
    (account, person)
}

fn guardian<T: Config>(index: u32) -> (AccountId, MemberId) {
    let (account, id) = Pallet::<T>::benchmark_member(index);
    // A benchmark that cannot pay fails by itself.
    let _ = T::Currency::mint_into(&account, UNIT.saturating_mul(1_000_000));
    (account, id)
}

/// A new key for the person, signed.
fn new_key<T: Config>(person: MemberId) -> ProposalFor {
    let (public, sign) = signer();
    let account = AccountId::new(public.0);
    let key = NewKey {
        genesis: Pallet::<T>::genesis(),
        person,
        account,
        encryption_key: benchmark_key("a new encryption key", NextMotion::<T>::get()),
        expires: BlockNumber::MAX,
    };
    let signature = sign(&key.signing_payload());
    ProposalFor::NewKey { key, signature }
}

/// Guardian `index` opens a motion about the person. Returns its number.
fn opened<T: Config>(index: u32, person: MemberId, proposal: ProposalFor) -> Result<MotionId, BenchmarkError> {
    let id = NextMotion::<T>::get();
    Pallet::<T>::open_motion(RawOrigin::Signed(guardian::<T>(index).0).into(), person, proposal)?;
    Ok(id)
}

/// Members who guard nobody: what they approved is looked at in vain.
const OUTSIDERS: core::ops::Range<u32> = 100..100 + MAX_GUARDIANS;

/// Makes the motion one that was agreed on in this block, by these.
fn agreed<T: Config>(person: MemberId, id: MotionId, by: impl Iterator<Item = u32>) {
    let approvals = by.map(|index| Pallet::<T>::benchmark_member(index).1).collect();
    Motions::<T>::mutate(person, id, |motion| {
        if let Some(motion) = motion {
            motion.approvals = GuardianList::truncate_from(approvals);
            motion.agreed_at = Some(T::Clock::now());
        }
    });
}

/// As many motions about the person as there may be, approved by as many who do not count. Returns the last new key.
fn crowded<T: Config>(person: MemberId) -> Result<MotionId, BenchmarkError> {
    opened::<T>(4, person, ProposalFor::Freeze)?;
    for index in (1..).take(MAX_NEW_KEYS) {
        let id = opened::<T>(index, person, new_key::<T>(person))?;
        agreed::<T>(person, id, OUTSIDERS);
    }
    Ok(NextMotion::<T>::get().saturating_sub(1))
}

/// Lets so many blocks pass.
fn pass<T: Config>(blocks: BlockNumber) {
    let height = frame_system::Pallet::<T>::block_number();
    frame_system::Pallet::<T>::set_block_number(height.saturating_add(blocks.into()));
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
        let (caller, id) = guarded::<T>();
        crowded::<T>(id)?;
        T::BenchmarkHelper::engage(id);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller));

        assert!(!Pallet::<T>::is_member(id));
        assert_eq!(Motions::<T>::iter_prefix(id).count(), 0);
        Ok(())
    }

    #[benchmark]
    fn force_remove() -> Result<(), BenchmarkError> {
        let origin = T::ForceOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        let (_, id) = guarded::<T>();
        crowded::<T>(id)?;
        T::BenchmarkHelper::engage(id);

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, id);

        assert!(!Pallet::<T>::is_member(id));
        assert_eq!(Motions::<T>::iter_prefix(id).count(), 0);
        Ok(())
    }

    #[benchmark]
    fn prune_candidate() -> Result<(), BenchmarkError> {
        let (caller, person) = guarded::<T>();
        let (_, id) = Pallet::<T>::benchmark_candidate(0);
        if let Some(choice) = Guardians::<T>::get(person) {
            Guardians::<T>::insert(id, choice);
        }
        crowded::<T>(id)?;
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

    /// From as many signatures as the default admission threshold asks for.
    #[benchmark]
    fn submit_certificate(n: Linear<3, { MAX_SIGNATURES }>) -> Result<(), BenchmarkError> {
        let (caller, _) = Pallet::<T>::benchmark_member(0);
        let (application, application_signature) = application::<T>();
        let lifetime = T::Constitution::parameters().candidate_lifetime;
        let expires = T::Clock::now().saturating_add(lifetime.saturating_sub(1));
        let certificate = CertificateFor { application, nonce: [7; 16], expires };
        let (payload, account) = (certificate.signing_payload(), certificate.application.account.clone());
        let signatures = (0..n).map(|index| {
            let (account, sign) = signing_member::<T>(index);
            (account, sign(&payload))
        });
        let signatures = SignaturesFor::truncate_from(signatures.collect());

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), certificate, application_signature, signatures);

        assert!(Pallet::<T>::person(&account).is_some());
        Ok(())
    }

    #[benchmark]
    fn choose_guardians() -> Result<(), BenchmarkError> {
        let (caller, id) = guarded::<T>();
        let chosen = Pallet::<T>::chosen_guardians(id);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), chosen);

        assert!(Guardians::<T>::get(id).is_some_and(|choice| choice.from > T::Clock::now()));
        Ok(())
    }

    #[benchmark]
    fn open_motion() -> Result<(), BenchmarkError> {
        let (_, person) = guarded::<T>();
        crowded::<T>(person)?;
        pass::<T>(T::Constitution::parameters().recovery_period);
        let (opener, _) = guardian::<T>(1);
        let proposal = new_key::<T>(person);

        #[extrinsic_call]
        _(RawOrigin::Signed(opener), person, proposal);

        assert_eq!(Motions::<T>::iter_prefix(person).count(), 1);
        Ok(())
    }

    #[benchmark]
    fn approve_motion() -> Result<(), BenchmarkError> {
        let (_, person) = guarded::<T>();
        let motion = opened::<T>(1, person, ProposalFor::Freeze)?;
        // As many approvals as there may be, of which one too few counts.
        let most = usize::try_from(MAX_GUARDIANS).unwrap_or(usize::MAX);
        let too_few = Pallet::<T>::guardians_needed().saturating_sub(1);
        let approvals = OUTSIDERS.take(most.saturating_sub(too_few)).chain(GUARDIANS.take(too_few));
        let approvals = approvals.map(|index| Pallet::<T>::benchmark_member(index).1).collect();
        let approvals = GuardianList::truncate_from(approvals);
        Motions::<T>::mutate(person, motion, |motion| {
            if let Some(motion) = motion {
                motion.approvals = approvals;
            }
        });
        let (caller, _) = guardian::<T>(MAX_GUARDIANS);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), person, motion);

        assert!(Pallet::<T>::is_frozen(person));
        Ok(())
    }

    #[benchmark]
    fn complete_motion() -> Result<(), BenchmarkError> {
        let (account, person) = guarded::<T>();
        let motion = crowded::<T>(person)?;
        agreed::<T>(person, motion, GUARDIANS);
        pass::<T>(T::Constitution::parameters().recovery_delay);
        T::BenchmarkHelper::burden(person, &account);
        let (caller, _) = guardian::<T>(1);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), person, motion);

        assert!(Pallet::<T>::is_barred(&account));
        assert_eq!(Motions::<T>::iter_prefix(person).count(), 0);
        Ok(())
    }

    #[benchmark]
    fn veto_motion() -> Result<(), BenchmarkError> {
        let (caller, person) = guarded::<T>();
        let motion = opened::<T>(1, person, new_key::<T>(person))?;

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), motion);

        assert!(!Motions::<T>::contains_key(person, motion));
        Ok(())
    }

    #[benchmark]
    fn close_motion() -> Result<(), BenchmarkError> {
        let (_, person) = guarded::<T>();
        let motion = opened::<T>(1, person, new_key::<T>(person))?;
        agreed::<T>(person, motion, OUTSIDERS);
        pass::<T>(T::Constitution::parameters().recovery_period);
        let (caller, _) = guardian::<T>(1);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), person, motion);

        assert!(!Motions::<T>::contains_key(person, motion));
        Ok(())
    }

    #[benchmark]
    fn revoke_key() -> Result<(), BenchmarkError> {
        let (caller, _) = guarded::<T>();
        let (account, sign) = signing_member::<T>(99);
        let id = Pallet::<T>::person(&account).ok_or(BenchmarkError::Stop("nobody"))?;
        let signature = sign(&revocation_payload(&Pallet::<T>::genesis(), &account));

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), account, signature);

        assert!(Pallet::<T>::is_frozen(id));
        Ok(())
    }

    /// Without the runtime's filter, which looks at the call alone.
    #[benchmark]
    fn as_former() -> Result<(), BenchmarkError> {
        let (caller, person) = Pallet::<T>::benchmark_member(0);
        let former = benchmark_account("former", 0);
        FormerAccounts::<T>::insert(&former, Former { person, until: 0 });
        let call: <T as Config>::RuntimeCall = frame_system::Call::<T>::remark { remark: Vec::new() }.into();
        let origin: T::RuntimeOrigin = RawOrigin::Signed(caller.clone()).into();

        #[block]
        {
            let person = Pallet::<T>::check_former(&caller, &former)?;
            let made = Pallet::<T>::do_as_former(origin, person, former, call);
            assert!(made.is_ok());
        }

        Ok(())
    }
}
