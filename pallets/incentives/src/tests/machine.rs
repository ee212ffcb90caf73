// SPDX-License-Identifier: Apache-2.0
//! Random histories against a model that keeps everything eagerly: each draw asks every provider at once, each era's end
//! counts every miss, and every payment is written down.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::maths;
use proptest::prelude::*;

const PEOPLE: u32 = 6;
const RESOURCES: u64 = 9;

#[derive(Clone, Debug)]
enum Step {
    Pledge(MemberId, ResourceId),
    Release(MemberId, ResourceId),
    Answer(MemberId),
    Claim(MemberId, EraIndex),
    Report(MemberId),
    Publish(ResourceId),
    Lease(ResourceId, bool),
    Membership(MemberId, bool),
    Blocks(u32),
    NewEpoch,
}

fn step() -> impl Strategy<Value = Step> {
    let member = || 1..=PEOPLE;
    let resource = || 0..RESOURCES;
    prop_oneof![
        8 => (member(), resource()).prop_map(|(m, r)| Step::Pledge(m, r)),
        2 => (member(), resource()).prop_map(|(m, r)| Step::Release(m, r)),
        10 => member().prop_map(Step::Answer),
        6 => (member(), 0u32..8).prop_map(|(m, e)| Step::Claim(m, e)),
        2 => member().prop_map(Step::Report),
        1 => resource().prop_map(Step::Publish),
        2 => (resource(), any::<bool>()).prop_map(|(r, on)| Step::Lease(r, on)),
        2 => (member(), any::<bool>()).prop_map(|(m, on)| Step::Membership(m, on)),
        5 => (1u32..40).prop_map(Step::Blocks),
        5 => Just(Step::NewEpoch),
    ]
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Keeper {
    slots: Vec<(ResourceId, VersionNumber)>,
    changed: u64,
    misses: u32,
    /// Resource, version, chunk, out of how many, answered.
    asked: Option<(ResourceId, VersionNumber, u32, u32, bool)>,
}

/// An era as the model remembers it.
#[derive(Default)]
struct Past {
    members: u32,
    until: Option<u64>,
    proofs: Vec<(MemberId, MemberId, u128)>,
    claimed: BTreeSet<MemberId>,
    paid: BTreeMap<MemberId, Balance>,
}

impl Past {
    fn weight_for(&self, owner: MemberId) -> u128 {
        self.proofs.iter().filter(|(_, of, _)| *of == owner).map(|(.., weight)| weight).sum()
    }

    fn owners(&self) -> BTreeSet<MemberId> {
        self.proofs.iter().map(|(_, owner, _)| *owner).collect()
    }
}

#[derive(Default)]
struct Model {
    keepers: BTreeMap<MemberId, Keeper>,
    eras: Vec<Past>,
}

fn chunks(resource: ResourceId) -> u32 {
    resource as u32 * 3 + 1
}

fn is_member(person: MemberId) -> bool {
    Members::get().contains(&person)
}

impl Model {
    fn hear(&mut self, event: Event<Test>) {
        match event {
            Event::EraStarted { members, .. } => {
                if let Some(past) = self.eras.last_mut() {
                    past.until = Some(System::block_number() + 250);
                }
                self.eras.push(Past { members, ..Default::default() });
                for keeper in self.keepers.values_mut() {
                    keeper.misses += u32::from(keeper.asked.take().is_some_and(|asked| !asked.4));
                }
            }
            Event::ChallengesDrawn { .. } => {
                for (person, keeper) in &mut self.keepers {
                    if keeper.changed + u64::from(SETTLING) > System::block_number() {
                        keeper.misses += 1;
                        continue;
                    }
                    let of = keeper.slots.len() as u32;
                    let (slot, number) = maths::question(&Seed::get(), *person, of);
                    let (resource, version) = keeper.slots[slot as usize];
                    keeper.asked = Some((resource, version, (number % u64::from(chunks(resource))) as u32, of, false));
                }
            }
            _ => {}
        }
    }

    fn pledge(&mut self, person: MemberId, resource: ResourceId) -> bool {
        let Kept { version, leased, .. } = kept(resource).unwrap();
        let keeper = self.keepers.get(&person).cloned().unwrap_or_default();
        let there = keeper.slots.iter().position(|(id, _)| *id == resource);
        let same = keeper.slots.contains(&(resource, version));
        if !is_member(person) || !leased || keeper.misses >= 3 || same {
            return false;
        }
        let keeper = self.keepers.entry(person).or_default();
        match there {
            Some(slot) => keeper.slots[slot].1 = version,
            None => keeper.slots.push((resource, version)),
        }
        keeper.changed = System::block_number();
        true
    }

    fn release(&mut self, person: MemberId, resource: ResourceId) -> bool {
        let slot = self.keepers.get(&person).and_then(|keeper| keeper.slots.iter().position(|(id, _)| *id == resource));
        let Some(slot) = slot.filter(|_| is_member(person)) else { return false };
        let keeper = self.keepers.get_mut(&person).unwrap();
        keeper.slots.swap_remove(slot);
        keeper.changed = System::block_number();
        self.keepers.retain(|_, keeper| !keeper.slots.is_empty());
        true
    }

    fn answer(&mut self, person: MemberId) -> bool {
        let Some(keeper) = self.keepers.get_mut(&person).filter(|_| is_member(person)) else { return false };
        let Some((resource, version, _, of, answered @ false)) =
            keeper.asked.as_mut().map(|a| (a.0, a.1, a.2, a.3, &mut a.4))
        else {
            return false;
        };
        *answered = true;
        keeper.misses = 0;
        let now = kept(resource).unwrap();
        let era = self.eras.last_mut().unwrap();
        let owners = era.owners();
        let room = owners.contains(&now.owner) || (owners.len() as u32) < era.members;
        if now.leased && is_member(now.owner) && now.version == version && room {
            era.proofs.push((person, now.owner, u128::from(of) * u128::from(chunks(resource))));
        }
        true
    }

    fn claim(&mut self, person: MemberId, era: EraIndex) -> Option<Balance> {
        let past = self.eras.get(era as usize).filter(|_| is_member(person))?;
        past.until.filter(|until| System::block_number() <= *until)?;
        let (_, owner, weight) = *past.proofs.iter().find(|(provider, ..)| *provider == person)?;
        let amount = 1_000 / u128::from(past.members) * weight / past.weight_for(owner);
        if amount == 0 || past.claimed.contains(&person) {
            return None;
        }
        let past = &mut self.eras[era as usize];
        past.claimed.insert(person);
        *past.paid.entry(owner).or_default() += amount;
        Some(amount)
    }

    fn report(&mut self, person: MemberId) -> bool {
        let gone = self.keepers.get(&person).is_some_and(|keeper| keeper.misses >= 3 || !is_member(person));
        gone && self.keepers.remove(&person).is_some()
    }
}

/// The proof the model would send, or any if it has none.
fn proof_for(model: &Model, person: MemberId) -> ChunkProof {
    let (resource, version, chunk) = match model.keepers.get(&person).and_then(|keeper| keeper.asked) {
        Some((resource, version, chunk, ..)) => (resource, version, chunk),
        None => (0, 1, 0),
    };
    proof(resource, version, chunks(resource), chunk).1.unwrap()
}

/// Does the step on the chain and in the model; both must say the same of it.
fn take(step: &Step, model: &mut Model) {
    match *step {
        Step::Pledge(m, r) => {
            let version = kept(r).unwrap().version;
            assert_eq!(Incentives::pledge(signed(m), r, version).is_ok(), model.pledge(m, r));
        }
        Step::Release(m, r) => assert_eq!(Incentives::release(signed(m), r).is_ok(), model.release(m, r)),
        Step::Answer(m) => {
            let proof = proof_for(model, m);
            assert_eq!(Incentives::prove_custody(signed(m), proof).is_ok(), model.answer(m));
        }
        Step::Claim(m, era) => {
            let before = Balances::total_issuance();
            let paid = Incentives::claim(signed(m), era).is_ok().then(|| Balances::total_issuance() - before);
            assert_eq!(paid, model.claim(m, era));
        }
        Step::Report(m) => assert_eq!(Incentives::report_miss(signed(STRANGER), m).is_ok(), model.report(m)),
        Step::Publish(r) => publish(r),
        Step::Lease(r, on) => {
            Resources::mutate(|resources| resources.get_mut(&r).unwrap().leased = on);
        }
        Step::Membership(m, on) => {
            Members::mutate(|members| if on { members.insert(m) } else { members.remove(&m) });
        }
        Step::Blocks(blocks) => (0..blocks).for_each(|_| {
            next_block();
            events().into_iter().for_each(|event| model.hear(event));
        }),
        Step::NewEpoch => reseed(),
    }
    events().into_iter().for_each(|event| model.hear(event));
}

fn compare(model: &Model) {
    Incentives::do_try_state().unwrap();
    for person in 1..=PEOPLE {
        let state = Incentives::state(person).map(|state| {
            let asked = state.asked.map(|a| (a.pledge.resource, a.pledge.version, a.chunk, a.of, a.answered));
            (state.pledges, state.misses, asked)
        });
        let expected =
            model.keepers.get(&person).map(|keeper| (keeper.slots.len() as u32, keeper.misses, keeper.asked));
        assert_eq!(state, expected, "person {person}");
    }
    for past in &model.eras {
        let share = maths::share(1_000, past.members);
        assert!(past.paid.values().all(|paid| *paid <= share));
        assert!(past.paid.values().sum::<Balance>() <= 1_000);
    }
    let paid: Balance = model.eras.iter().flat_map(|past| past.paid.values()).sum();
    assert_eq!(Balances::total_issuance(), paid);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..Default::default() })]

    #[test]
    fn the_chain_pays_and_asks_what_the_model_says(steps in proptest::collection::vec(step(), 1..120), founders in 1u32..=PEOPLE) {
        ExtBuilder::members(founders).build_and_execute(|| {
            let mut model = Model::default();
            for id in 0..RESOURCES {
                resource(id, (id % u64::from(PEOPLE)) as MemberId + 1, chunks(id));
            }
            events().into_iter().for_each(|event| model.hear(event));
            for step in &steps {
                take(step, &mut model);
                compare(&model);
            }
        });
    }
}
