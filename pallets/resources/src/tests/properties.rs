// SPDX-License-Identifier: Apache-2.0
//! What holds after any sequence of calls, of whomever, over any time.

use std::collections::{BTreeMap, BTreeSet};

use frame_support::{traits::Hooks, weights::Weight};
use kith_primitives::BlockNumber;
use proptest::{prelude::*, strategy::ValueTree};

use super::*;
use crate::{
    types::{Leaving, StoredKey},
    weights::WeightInfo,
    Grants, Held, Leavers, Names, Reaping, Versions, WrappedKeys, SWEEP_STEPS,
};

/// Names of which some look alike.
const NAMES: [&str; 6] = ["garden", "gar-den", "book", "b00k", "modern", "modem"];
/// Resource numbers that calls may mention: some exist, some ended, some were never made.
const IDS: u64 = 6;

/// Who calls: mostly the one who may, or little would ever happen.
#[derive(Clone, Copy, Debug)]
enum Who {
    /// The owner of the resource, or whom it is offered to, or another who has its key.
    Entitled,
    Anyone(MemberId),
}

#[derive(Clone, Debug)]
enum Step {
    Init(MemberId, Visibility, Option<usize>),
    /// The number and the epoch are the right ones, or not.
    Publish(Who, ResourceId, bool, bool, u32),
    Refresh(Who, ResourceId),
    Subscribe(MemberId, ResourceId),
    Unsubscribe(MemberId, ResourceId),
    /// So many epochs before the one in force, or, for none, one to come.
    Grant(Who, ResourceId, MemberId, Option<KeyEpoch>),
    Revoke(Who, ResourceId, MemberId),
    Transfer(Who, ResourceId, Option<MemberId>),
    Accept(Who, ResourceId),
    Retire(Who, ResourceId),
    SetName(Who, ResourceId, Option<usize>),
    /// Of the key that is so many epochs before the one in force.
    Return(Who, ResourceId, MemberId, KeyEpoch),
    Reject(MemberId, ResourceId, KeyEpoch),
    /// A person gets new keys.
    Rekey(MemberId),
    /// Blocks pass, each with idle weight for so many steps.
    Pass(u64, u64),
    /// Blocks pass without any idle time.
    Rush(u64),
    /// A person leaves, or comes back.
    Standing(MemberId, bool),
    /// The prices, the lease period and the grace change.
    Rules(Balance, BlockNumber, BlockNumber),
}

fn person() -> impl Strategy<Value = MemberId> {
    0u32..4
}

fn who() -> impl Strategy<Value = Who> {
    prop_oneof![3 => Just(Who::Entitled), 1 => person().prop_map(Who::Anyone)]
}

fn id() -> impl Strategy<Value = ResourceId> {
    0..IDS
}

fn text() -> impl Strategy<Value = Option<usize>> {
    proptest::option::of(0..NAMES.len())
}

fn right() -> impl Strategy<Value = bool> {
    proptest::bool::weighted(0.8)
}

/// How far back an epoch is: mostly not at all.
fn back() -> impl Strategy<Value = Option<KeyEpoch>> {
    prop_oneof![6 => Just(Some(0)), 2 => (1u32..4).prop_map(Some), 1 => Just(None)]
}

fn visibility() -> impl Strategy<Value = Visibility> {
    prop_oneof![3 => Just(Visibility::Private), 1 => Just(Visibility::Members), 1 => Just(Visibility::Public)]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        5 => (person(), visibility(), text()).prop_map(|(p, v, n)| Step::Init(p, v, n)),
        6 => (who(), id(), right(), right(), 0u32..50).prop_map(|(w, i, n, e, c)| Step::Publish(w, i, n, e, c)),
        4 => (who(), id()).prop_map(|(w, i)| Step::Refresh(w, i)),
        2 => (person(), id()).prop_map(|(p, i)| Step::Subscribe(p, i)),
        1 => (person(), id()).prop_map(|(p, i)| Step::Unsubscribe(p, i)),
        10 => (who(), id(), person(), back()).prop_map(|(w, i, r, back)| Step::Grant(w, i, r, back)),
        4 => (who(), id(), person(), 0u32..3).prop_map(|(w, i, r, back)| Step::Return(w, i, r, back)),
        1 => (person(), id(), 0u32..3).prop_map(|(p, i, back)| Step::Reject(p, i, back)),
        1 => person().prop_map(Step::Rekey),
        4 => (who(), id(), person()).prop_map(|(w, i, r)| Step::Revoke(w, i, r)),
        3 => (who(), id(), proptest::option::weighted(0.9, person())).prop_map(|(w, i, to)| Step::Transfer(w, i, to)),
        3 => (who(), id()).prop_map(|(w, i)| Step::Accept(w, i)),
        1 => (who(), id()).prop_map(|(w, i)| Step::Retire(w, i)),
        2 => (who(), id(), text()).prop_map(|(w, i, n)| Step::SetName(w, i, n)),
        3 => (1u64..40, 0u64..6).prop_map(|(blocks, steps)| Step::Pass(blocks, steps)),
        1 => (1u64..40).prop_map(Step::Rush),
        2 => (person(), right()).prop_map(|(p, back)| Step::Standing(p, !back)),
        1 => (0u128..200_000, 20u32..120, 0u32..60).prop_map(|(price, lease, grace)| Step::Rules(price, lease, grace)),
    ]
}

fn pass(blocks: u64, steps: u64) {
    let step = <() as WeightInfo>::reap_step().max(<() as WeightInfo>::sweep_step());
    for _ in 0..blocks {
        System::set_block_number(System::block_number() + 1);
        Resources::on_initialize(System::block_number());
        let given = <() as WeightInfo>::idle_base().saturating_add(step.saturating_mul(steps));
        let used = Resources::on_idle(System::block_number(), given);
        assert!(used.all_lte(given));
    }
}

fn call(who: Who, entitled: Option<MemberId>, call: crate::Call<Test>) {
    use frame_support::traits::UnfilteredDispatchable;
    let caller = match who {
        Who::Entitled => entitled.unwrap_or_default(),
        Who::Anyone(person) => person,
    };
    // Most calls are refused, and must then change nothing: the invariants are checked after each.
    let _outcome = call.dispatch_bypass_filter(signed(caller));
}

/// Histories long enough to reach what takes several calls in a row.
fn history() -> impl Strategy<Value = Vec<Step>> {
    proptest::collection::vec(step(), 1..100)
}

fn apply(step: Step) {
    use crate::Call;
    let named = |index: Option<usize>| index.map(|i| name(NAMES[i]));
    let owner = |id: ResourceId| Stored::<Test>::get(id).map(|resource| resource.owner);
    let in_force = |id: ResourceId| Stored::<Test>::get(id).map(|resource| resource.key_epoch).unwrap_or_default();
    match step {
        Step::Init(p, visibility, n) => {
            call(Who::Anyone(p), None, Call::init { kind: Kind::File, visibility, name: named(n) })
        }
        Step::Publish(who, resource, right, right_epoch, chunks) => {
            let latest = Stored::<Test>::get(resource).and_then(|r| r.latest).unwrap_or_default();
            let number = latest + u32::from(right);
            let epoch = in_force(resource) + u32::from(!right_epoch);
            let (content, commitment) = (content(1), commitment(chunks));
            call(who, owner(resource), Call::publish { resource, number, epoch, content, commitment })
        }
        Step::Refresh(who, resource) => call(who, owner(resource), Call::refresh { resource }),
        Step::Subscribe(p, resource) => call(Who::Anyone(p), None, Call::subscribe { resource }),
        Step::Unsubscribe(p, resource) => call(Who::Anyone(p), None, Call::unsubscribe { resource }),
        Step::Grant(who, resource, reader, back) => {
            let epoch = back.map_or(in_force(resource) + 1, |back| in_force(resource).saturating_sub(back));
            call(who, owner(resource), Call::grant { resource, reader, epoch, wrapped_key: key(1) })
        }
        Step::Revoke(who, resource, reader) => call(who, owner(resource), Call::revoke_grant { resource, reader }),
        Step::Transfer(who, resource, new_owner) => call(who, owner(resource), Call::transfer { resource, new_owner }),
        Step::Accept(who, resource) => {
            let offered_to = Stored::<Test>::get(resource).and_then(|r| r.offered_to);
            call(who, offered_to, Call::accept_transfer { resource })
        }
        Step::Retire(who, resource) => call(who, owner(resource), Call::retire { resource }),
        Step::SetName(who, resource, n) => call(who, owner(resource), Call::set_name { resource, name: named(n) }),
        Step::Return(who, resource, reader, back) => {
            let epoch = in_force(resource).saturating_sub(back);
            let holder = (0..MEMBERS).find(|person| *person != reader && holds(resource, *person, epoch));
            call(who, holder, Call::return_key { resource, reader, epoch, wrapped_key: key(2) })
        }
        Step::Reject(p, resource, back) => {
            let epoch = in_force(resource).saturating_sub(back);
            call(Who::Anyone(p), None, Call::reject_key { resource, epoch })
        }
        Step::Rekey(p) => rekey(p),
        Step::Pass(blocks, steps) => pass(blocks, steps),
        Step::Rush(blocks) => System::set_block_number(System::block_number() + blocks),
        Step::Standing(p, true) => depart(p),
        Step::Standing(p, false) => come_back(p),
        Step::Rules(price, lease, grace) => Rules::mutate(|rules| {
            rules.resource_deposit = price;
            rules.storage_deposit = price / 100;
            rules.grant_deposit = price / 10;
            rules.lease_period = lease;
            rules.name_grace = grace;
        }),
    }
}

fn holds(id: ResourceId, person: MemberId, epoch: KeyEpoch) -> bool {
    WrappedKeys::<Test>::contains_key((id, person, epoch))
}

/// Every wrapped key, by resource, reader and epoch.
fn keys() -> BTreeMap<(ResourceId, MemberId, KeyEpoch), StoredKey> {
    WrappedKeys::<Test>::iter().collect()
}

/// Whether the person may read what is published now.
fn has_right(id: ResourceId, person: MemberId) -> bool {
    let leaves = Leavers::<Test>::get(person) == Some(Leaving::Departed);
    People::is_member(person) && !leaves && Grants::<Test>::contains_key(id, person)
}

/// What may never go back: a resource's latest version and key epoch.
fn progress() -> BTreeMap<ResourceId, (Option<VersionNumber>, KeyEpoch)> {
    Stored::<Test>::iter().map(|(id, resource)| (id, (resource.latest, resource.key_epoch))).collect()
}

/// The properties are not shown of histories in which nothing happens.
#[test]
fn the_histories_reach_every_event() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut seen = BTreeSet::new();
    for _ in 0..200 {
        let steps = history().new_tree(&mut runner).unwrap().current();
        externalities().execute_with(|| {
            steps.into_iter().for_each(apply);
            // The first byte of an event is its index.
            seen.extend(events().iter().map(|event| event.encode()[0]));
        });
    }
    assert_eq!(seen, (0..16).collect());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_history_keeps_the_invariants(steps in history()) {
        externalities().execute_with(|| {
            let mut before = progress();
            for step in steps {
                let shown = format!("{step:?}");
                apply(step);
                check_invariants();
                let now = progress();
                for (id, (latest, epoch)) in &now {
                    let earlier = before.get(id).copied().unwrap_or_default();
                    assert!(*latest >= earlier.0 && *epoch >= earlier.1, "{shown} took resource {id} back");
                }
                before = now;
            }
        });
    }

    /// All who were ever given the key of an epoch are remembered: a version of that epoch is published only while each of
    /// them may read it.
    #[test]
    fn nothing_is_published_that_someone_without_a_right_could_read(steps in history()) {
        externalities().execute_with(|| {
            let mut given = BTreeSet::new();
            for step in steps {
                let before: BTreeSet<_> = Versions::<Test>::iter_keys().collect();
                apply(step);
                given.extend(keys().into_keys());
                for (id, number, stored) in Versions::<Test>::iter() {
                    if before.contains(&(id, number)) || !Stored::<Test>::contains_key(id) {
                        continue;
                    }
                    let epoch = stored.version.key_epoch;
                    let readers = given.iter().filter(|(of, _, key)| (*of, *key) == (id, epoch));
                    for (_, person, _) in readers {
                        assert!(has_right(id, *person), "person {person} has the key of version {number} of {id}");
                    }
                }
            }
        });
    }

    /// Whose keys opened an epoch is remembered: a version of that epoch is published only while they are the persons' own.
    #[test]
    fn nothing_is_published_that_former_keys_open(steps in history()) {
        externalities().execute_with(|| {
            let (mut keyed, mut opened) = (BTreeMap::<MemberId, usize>::new(), BTreeSet::new());
            for step in steps {
                let (before, versions) = (keys(), Versions::<Test>::iter_keys().collect::<BTreeSet<_>>());
                if let Step::Rekey(person) = step {
                    *keyed.entry(person).or_default() += 1;
                }
                apply(step);
                let generation = |person: MemberId| keyed.get(&person).copied().unwrap_or_default();
                let changed = keys().into_iter().filter(|(place, stored)| before.get(place) != Some(stored));
                opened.extend(changed.map(|((id, person, epoch), _)| (id, epoch, person, generation(person))));
                for (id, number, stored) in Versions::<Test>::iter() {
                    if versions.contains(&(id, number)) || !Stored::<Test>::contains_key(id) {
                        continue;
                    }
                    let epoch = stored.version.key_epoch;
                    for (_, _, person, then) in opened.iter().filter(|(of, key, ..)| (*of, *key) == (id, epoch)) {
                        assert_eq!(*then, generation(*person), "person {person}'s former keys open {number} of {id}");
                    }
                }
            }
        });
    }

    /// A key that its reader can open changes only by the owner's hand.
    #[test]
    fn a_good_key_is_replaced_by_nobody_but_the_owner(steps in history()) {
        externalities().execute_with(|| {
            for step in steps {
                let (before, returns) = (keys(), matches!(step, Step::Return(..)));
                let shown = format!("{step:?}");
                apply(step);
                if !returns {
                    continue;
                }
                let changed = keys().into_iter().filter(|(place, stored)| before.get(place) != Some(stored));
                for ((id, reader, epoch), _) in changed {
                    match before.get(&(id, reader, epoch)) {
                        Some(old) => {
                            let lost = old.rejected || Some(old.wrapped) < People::keyed_at(reader);
                            assert!(lost, "{shown} replaced a good key");
                        }
                        None => assert_eq!(stored(id).owner, reader, "{shown} gave a key to a stranger"),
                    }
                }
            }
        });
    }

    #[test]
    fn in_the_end_everything_is_paid_back_and_nothing_is_left(steps in history()) {
        externalities().execute_with(|| {
            steps.into_iter().for_each(apply);
            System::set_block_number(System::block_number() + 1_000);
            for _ in 0..200 {
                Resources::on_idle(System::block_number(), Weight::MAX);
            }
            check_invariants();
            prop_assert_eq!(Stored::<Test>::iter_keys().count(), 0);
            prop_assert_eq!(Reaping::<Test>::iter_keys().count(), 0);
            prop_assert_eq!(Names::<Test>::iter_keys().count(), 0);
            prop_assert_eq!(Held::<Test>::iter_keys().count(), 0);
            for id in 0..crate::NextResource::<Test>::get() {
                prop_assert_eq!(entries_of(id), 0);
            }
            for person in 0..MEMBERS {
                prop_assert_eq!(Balances::free_balance(account(person)), BALANCE);
            }
            Ok(())
        })?;
    }

    #[test]
    fn names_in_use_never_look_alike(steps in history()) {
        externalities().execute_with(|| {
            for step in steps {
                apply(step);
                let skeletons: Vec<_> = Names::<Test>::iter_keys().map(|name| name.skeleton().encode()).collect();
                let distinct: BTreeSet<_> = skeletons.iter().cloned().collect();
                prop_assert_eq!(skeletons.len(), distinct.len());
            }
            Ok(())
        })?;
    }

    #[test]
    fn the_sweep_meets_every_resource_whatever_the_budget(budgets in proptest::collection::vec(1usize..=SWEEP_STEPS, 30)) {
        externalities().execute_with(|| {
            let ids: BTreeSet<_> = (0..30).map(|_| resource()).collect();
            System::set_block_number(151);
            for budget in budgets {
                prop_assert!(Resources::sweep(budget) <= budget);
            }
            prop_assert!(ids.iter().all(|id| !Stored::<Test>::contains_key(id)));
            Ok(())
        })?;
    }
}
