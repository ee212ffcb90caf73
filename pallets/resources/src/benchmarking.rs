// SPDX-License-Identifier: Apache-2.0
//! What each call and each idle step costs at worst, measured.

#![allow(
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    reason = "a benchmark that cannot be set up must stop"
)]

use alloc::vec;
use frame_benchmarking::v2::*;
use frame_system::RawOrigin;
use kith_primitives::{
    content_id::ContentId,
    custody::Commitment,
    member::MemberId,
    name::ResourceName,
    resource::{KeyEpoch, Kind, ResourceId, Visibility, WrappedKey},
};

use crate::{types::Leaving, *};

/// Who the benchmarks are done with.
pub trait Members<AccountId> {
    /// An active member who can pay deposits: for 0 and for 1 another.
    fn funded(number: u32) -> (AccountId, MemberId);
}

const OWNER: u32 = 0;
const READER: u32 = 1;

fn origin<T: Config>(number: u32) -> T::RuntimeOrigin {
    RawOrigin::Signed(T::BenchmarkHelper::funded(number).0).into()
}

fn id_of<T: Config>(number: u32) -> MemberId {
    T::BenchmarkHelper::funded(number).1
}

fn name(text: &[u8]) -> ResourceName {
    ResourceName::parse(text).expect("it is a name")
}

fn content() -> ContentId {
    let cid = [&[1, 0x55, 0xa0, 0xe4, 0x02, 32][..], &[1; 32]].concat();
    ContentId::parse(&cid).expect("it is a CID")
}

fn commitment() -> Commitment {
    Commitment { root: Default::default(), chunks: 1 }
}

fn key() -> WrappedKey {
    WrappedKey::try_from(vec![7; WRAPPED_KEY_BYTES]).expect("it fits")
}

fn now<T: Config>() -> kith_primitives::BlockNumber {
    <T::Clock as kith_primitives::glue::Now>::now()
}

/// A resource of the member's with the longest name of this letter.
fn made<T: Config>(number: u32, letter: u8) -> ResourceId {
    let id = NextResource::<T>::get();
    let name = name(&vec![letter; 63]);
    Pallet::<T>::init(origin::<T>(number), Kind::Site, Visibility::Private, Some(name)).expect("a member can");
    id
}

/// A resource with its name whose lease and grace are over.
fn over<T: Config>(number: u32, letter: u8) -> ResourceId {
    let id = made::<T>(number, letter);
    publish_next::<T>(number, id);
    let grace = <T::Constitution as kith_primitives::glue::Constitution>::parameters().name_grace;
    let end = now::<T>().saturating_add(grace);
    frame_system::Pallet::<T>::set_block_number(end.saturating_add(1).into());
    Resources::<T>::mutate(id, |resource| {
        if let Some(resource) = resource {
            resource.lease_until = 1;
        }
    });
    id
}

fn publish_next<T: Config>(number: u32, id: ResourceId) {
    let next = Resources::<T>::get(id).and_then(|resource| resource.latest).unwrap_or_default() + 1;
    let epoch = epoch_of::<T>(id);
    Pallet::<T>::publish(origin::<T>(number), id, next, epoch, content(), commitment()).expect("the owner can");
}

fn epoch_of<T: Config>(id: ResourceId) -> KeyEpoch {
    Resources::<T>::get(id).map(|resource| resource.key_epoch).unwrap_or_default()
}

fn granted<T: Config>(id: ResourceId, reader: u32) {
    let epoch = epoch_of::<T>(id);
    Pallet::<T>::grant(origin::<T>(OWNER), id, id_of::<T>(reader), epoch, key()).expect("the owner can");
}

fn next_epoch<T: Config>(id: ResourceId) {
    Resources::<T>::mutate(id, |resource| {
        if let Some(resource) = resource {
            resource.key_epoch += 1;
        }
    });
}

/// No version is of an earlier epoch any more: the keys of those are of no use.
fn forget_epochs<T: Config>(id: ResourceId) {
    for number in 1..=MAX_VERSIONS {
        Versions::<T>::mutate(id, number, |stored| {
            if let Some(stored) = stored {
                stored.version.key_epoch = KeyEpoch::MAX;
            }
        });
    }
}

/// A resource with as many versions as are kept, each of its own epoch, for all of which owner and reader have keys.
fn laden<T: Config>() -> ResourceId {
    let id = made::<T>(OWNER, b'x');
    for _ in 0..MAX_VERSIONS {
        granted::<T>(id, OWNER);
        granted::<T>(id, READER);
        publish_next::<T>(OWNER, id);
        next_epoch::<T>(id);
    }
    id
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn init() {
        let old = over::<T>(READER, b'x');
        let taken = name(&[b'x'; 63]);
        let caller = origin::<T>(OWNER);

        #[extrinsic_call]
        _(caller, Kind::Site, Visibility::Private, Some(taken.clone()));

        assert_eq!(Names::<T>::get(taken), Some(old + 1));
        assert!(!Resources::<T>::contains_key(old));
    }

    #[benchmark]
    fn publish() {
        let id = laden::<T>();
        let leavers = (0..MAX_LEAVERS_ASKED).map(|number| MemberId::MAX - number as MemberId);
        leavers.for_each(|person| Leavers::<T>::insert(person, Leaving::Departed));
        let caller = origin::<T>(OWNER);

        #[extrinsic_call]
        _(caller, id, MAX_VERSIONS + 1, MAX_VERSIONS, content(), commitment());

        assert!(!Versions::<T>::contains_key(id, 1));
        assert!(Versions::<T>::contains_key(id, MAX_VERSIONS + 1));
    }

    #[benchmark]
    fn refresh() {
        let id = made::<T>(OWNER, b'x');
        publish_next::<T>(OWNER, id);
        granted::<T>(id, READER);
        // As the sweep leaves it when the lease has ended.
        let owner = id_of::<T>(OWNER);
        LeasedCount::<T>::remove(owner);
        Resources::<T>::mutate(id, |resource| {
            if let Some(resource) = resource {
                resource.lease_until = now::<T>();
                resource.counted = false;
            }
        });
        let caller = origin::<T>(READER);

        #[extrinsic_call]
        _(caller, id);

        assert_eq!(LeasedCount::<T>::get(owner), 1);
    }

    #[benchmark]
    fn subscribe() {
        let id = made::<T>(OWNER, b'x');
        let caller = origin::<T>(READER);

        #[extrinsic_call]
        _(caller, id);

        assert!(Subscriptions::<T>::contains_key(id, id_of::<T>(READER)));
    }

    #[benchmark]
    fn unsubscribe() {
        let id = made::<T>(OWNER, b'x');
        Pallet::<T>::subscribe(origin::<T>(READER), id).expect("a member can");
        let caller = origin::<T>(READER);

        #[extrinsic_call]
        _(caller, id);

        assert!(!Subscriptions::<T>::contains_key(id, id_of::<T>(READER)));
    }

    #[benchmark]
    fn grant() {
        let id = laden::<T>();
        let reader = id_of::<T>(READER);
        forget_epochs::<T>(id);
        let caller = origin::<T>(OWNER);

        #[extrinsic_call]
        _(caller, id, reader, MAX_VERSIONS, key());

        assert_eq!(WrappedKeys::<T>::iter_prefix((id, reader)).count(), 1);
    }

    #[benchmark]
    fn revoke_grant() {
        let id = laden::<T>();
        granted::<T>(id, READER);
        let reader = id_of::<T>(READER);
        let caller = origin::<T>(OWNER);

        #[extrinsic_call]
        _(caller, id, reader);

        assert_eq!(WrappedKeys::<T>::iter_prefix((id, reader)).count(), 0);
        assert_eq!(Resources::<T>::get(id).map(|resource| resource.key_epoch), Some(MAX_VERSIONS + 1));
    }

    #[benchmark]
    fn transfer() {
        let id = made::<T>(OWNER, b'x');
        let to = Some(id_of::<T>(READER));
        let caller = origin::<T>(OWNER);

        #[extrinsic_call]
        _(caller, id, to);

        assert_eq!(Resources::<T>::get(id).map(|resource| resource.offered_to), Some(to));
    }

    #[benchmark]
    fn retire() {
        let id = laden::<T>();
        let caller = origin::<T>(OWNER);

        #[extrinsic_call]
        _(caller, id);

        assert!(Reaping::<T>::contains_key(id));
    }

    #[benchmark]
    fn set_name() {
        let old = over::<T>(READER, b'x');
        let id = made::<T>(OWNER, b'y');
        let taken = name(&[b'x'; 63]);
        let caller = origin::<T>(OWNER);

        #[extrinsic_call]
        _(caller, id, Some(taken.clone()));

        assert_eq!(Names::<T>::get(taken), Some(id));
        assert!(!Resources::<T>::contains_key(old));
    }

    #[benchmark]
    fn accept_transfer() {
        let id = laden::<T>();
        let to = id_of::<T>(READER);
        Pallet::<T>::transfer(origin::<T>(OWNER), id, Some(to)).expect("the owner can");
        let caller = origin::<T>(READER);

        #[extrinsic_call]
        _(caller, id);

        assert_eq!(Resources::<T>::get(id).map(|resource| resource.owner), Some(to));
    }

    #[benchmark]
    fn return_key() {
        let id = laden::<T>();
        granted::<T>(id, READER);
        forget_epochs::<T>(id);
        let owner = id_of::<T>(OWNER);
        let caller = origin::<T>(READER);

        #[extrinsic_call]
        _(caller, id, owner, MAX_VERSIONS, key());

        assert_eq!(WrappedKeys::<T>::iter_prefix((id, owner)).count(), 1);
    }

    #[benchmark]
    fn reject_key() {
        let id = made::<T>(OWNER, b'x');
        granted::<T>(id, READER);
        let caller = origin::<T>(READER);

        #[extrinsic_call]
        _(caller, id, 0);

        let stored = WrappedKeys::<T>::get((id, id_of::<T>(READER), 0));
        assert!(stored.is_some_and(|stored| stored.rejected));
    }

    #[benchmark]
    fn leave_base() {
        let seen;

        #[block]
        {
            seen = Pallet::<T>::see_off(1);
        }

        assert_eq!(seen, 0);
    }

    #[benchmark]
    fn leave_step() {
        let id = laden::<T>();
        granted::<T>(id, READER);
        let reader = id_of::<T>(READER);
        Leavers::<T>::insert(reader, Leaving::Departed);

        #[block]
        {
            Pallet::<T>::see_off(1);
        }

        assert_eq!(WrappedKeys::<T>::iter_prefix((id, reader)).count(), 0);
        assert_eq!(epoch_of::<T>(id), MAX_VERSIONS + 1);
    }

    #[benchmark]
    fn idle_base() {
        let seen;

        #[block]
        {
            seen = (Pallet::<T>::see_off(1), Pallet::<T>::reap(1), Pallet::<T>::sweep(1));
        }

        assert_eq!(seen, (0, 0, 0));
    }

    #[benchmark]
    fn reap_step() {
        let id = laden::<T>();
        granted::<T>(id, OWNER);
        granted::<T>(id, READER);
        Pallet::<T>::retire(origin::<T>(OWNER), id).expect("the owner can");
        Pallet::<T>::reap(MAX_VERSIONS.try_into().expect("it fits"));
        assert_eq!(Versions::<T>::iter_prefix(id).count(), 0);

        #[block]
        {
            Pallet::<T>::reap(1);
        }

        assert_eq!(Grants::<T>::iter_prefix(id).count(), 1);
    }

    #[benchmark]
    fn sweep_step() {
        let id = over::<T>(OWNER, b'x');

        #[block]
        {
            Pallet::<T>::sweep(1);
        }

        assert!(Reaping::<T>::contains_key(id));
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::externalities(), crate::mock::Test);
}
