// SPDX-License-Identifier: Apache-2.0
//! Does the checked-in DOUG govern this runtime, on the real pallet-contracts?

#[path = "support/genesis.rs"]
mod genesis;

use codec::{Decode, Encode};
use frame_support::{dispatch::DispatchClass, weights::Weight};
use kith_primitives::{doug::DougRules, glue::Community, member::EncryptionKey, parameters::Parameter};
use kith_runtime::{AccountId, Contracts, Membership, Runtime, System};
use pallet_contracts::{Code, CollectEvents, DebugInfo, Determinism};
use pallet_kith_constitution::{Doug, InForce, Scheduled};
use serde_json::Value;
use sp_io::TestExternalities;
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Charlie, Dave};
use sp_runtime::DispatchError;

const CODE: &[u8] = include_bytes!("../../ink-contracts/artifacts/doug.wasm");
const SELECTORS: &str = include_str!("../../ink-contracts/artifacts/doug.selectors.json");

/// Votes in the first ten blocks, then five of delay, then twenty to execute; more than 50, at least 67 and 75 percent.
const RULES: (u32, u32, u32, u8, u8, u8) = (10, 5, 20, 50, 67, 75);
const MEMBERS: [Sr25519Keyring; 3] = [Alice, Bob, Charlie];

/// DOUG's errors by their indices.
const NOT_MEMBER: u8 = 0;
const REPLACED: u8 = 2;
const NOT_A_CONTRACT: u8 = 6;
const INVALID_RULES: u8 = 11;
const ALREADY_EXECUTED: u8 = 17;
const NOT_ENOUGH_VOTES: u8 = 19;
const RUNTIME_REFUSED: u8 = 20;

/// The phase in which a proposal can be executed.
const EXECUTABLE: u8 = 2;

#[derive(Clone, Encode)]
enum Action {
    #[codec(index = 0)]
    SetRole { role: String, contract: AccountId },
    #[codec(index = 2)]
    SetParameter(Vec<u8>),
    #[codec(index = 3)]
    ReplaceDoug { contract: AccountId },
    #[codec(index = 4)]
    RemoveMember(u32),
}

fn parameter(parameter: Parameter) -> Action {
    Action::SetParameter(parameter.encode())
}

/// An entry of a role's history.
#[derive(Debug, Decode)]
struct Service {
    contract: Option<AccountId>,
    since: u32,
    proposal: Option<u32>,
}

/// The development chain in its first block, its genesis changed by `patch`.
fn chain(patch: impl FnOnce(&mut Value)) -> TestExternalities {
    let mut chain = genesis::chain(patch);
    chain.execute_with(|| System::set_block_number(1));
    chain
}

fn development(test: impl FnOnce()) {
    chain(|_| ()).execute_with(test);
}

/// The selector that the build wrote down.
fn selector(kind: &str, name: &str) -> Vec<u8> {
    let selectors: Value = serde_json::from_str(SELECTORS).expect("it is JSON");
    let text = selectors[kind][name].as_str().unwrap_or_else(|| panic!("{kind} has no {name}"));
    sp_core::bytes::from_hex(text).expect("a selector is hex")
}

fn block_limit() -> Weight {
    let weights: frame_system::limits::BlockWeights = <Runtime as frame_system::Config>::BlockWeights::get();
    weights.get(DispatchClass::Normal).max_extrinsic.expect("ordinary transactions are limited")
}

/// Calls a contract within the limits of a transaction; the error is the chain's, the data is what the contract returned.
fn call(
    by: impl Into<AccountId>,
    contract: &AccountId,
    message: &str,
    arguments: impl Encode,
) -> Result<Vec<u8>, DispatchError> {
    let data = [selector("messages", message), arguments.encode()].concat();
    let outcome = Contracts::bare_call(
        by.into(),
        contract.clone(),
        0,
        block_limit(),
        None,
        data,
        DebugInfo::Skip,
        CollectEvents::Skip,
        Determinism::Enforced,
    );
    outcome.result.map(|returned| returned.data)
}

/// The contract's answer, inside ink's own envelope.
fn ask<T: Decode>(by: impl Into<AccountId>, contract: &AccountId, message: &str, arguments: impl Encode) -> T {
    let data = call(by, contract, message, arguments).expect("the contract does not trap");
    let answer = Result::<T, u8>::decode(&mut &data[..]).expect("the answer has the expected type");
    answer.expect("the contract knows the message")
}

fn resolve(contract: &AccountId, role: &str) -> Option<AccountId> {
    ask(Alice, contract, "resolve", role)
}

/// Another DOUG, governing nothing yet.
fn instantiate(salt: u8, rules: impl Encode) -> Result<AccountId, u8> {
    let made = Contracts::bare_instantiate(
        Alice.to_account_id(),
        0,
        block_limit(),
        None,
        Code::Upload(CODE.to_vec()),
        [selector("constructors", "new"), rules.encode()].concat(),
        vec![salt],
        DebugInfo::Skip,
        CollectEvents::Skip,
    );
    let made = made.result.expect("the chain takes the code");
    let answer = Result::<Result<(), u8>, u8>::decode(&mut &made.result.data[..]).expect("a constructor's answer");
    answer.expect("the contract knows the constructor").map(|()| made.account_id)
}

/// A DOUG with short periods that governs the chain.
fn govern() -> AccountId {
    let doug = instantiate(0, RULES).expect("the rules are in bounds");
    Doug::<Runtime>::put(&doug);
    doug
}

fn propose(doug: &AccountId, action: Action) -> u32 {
    ask::<Result<u32, u8>>(Alice, doug, "propose", action).expect("nothing speaks against it")
}

fn vote(doug: &AccountId, id: u32, voters: &[Sr25519Keyring]) {
    for voter in voters {
        assert_eq!(ask::<Result<(), u8>>(*voter, doug, "vote", (id, true)), Ok(()));
    }
}

fn pass(blocks: u32) {
    System::set_block_number(System::block_number() + blocks);
}

/// Proposes, lets the voters vote in favour, and waits until execution is possible.
fn voted(doug: &AccountId, action: Action, voters: &[Sr25519Keyring]) -> u32 {
    let id = propose(doug, action);
    vote(doug, id, voters);
    pass(RULES.0 + RULES.1);
    id
}

fn execute(doug: &AccountId, id: u32) -> Result<(), u8> {
    ask(Dave, doug, "execute", id)
}

#[test]
fn the_artefacts_belong_together() {
    let selectors: Value = serde_json::from_str(SELECTORS).unwrap();
    let hash = sp_core::bytes::to_hex(&sp_io::hashing::blake2_256(CODE), false);
    assert_eq!(selectors["code_hash"], hash);
    assert_eq!(selector("constructors", "new"), sp_io::hashing::blake2_256(b"new")[..4]);
}

#[test]
fn doug_is_founded_with_the_chain() {
    development(|| {
        let doug = Doug::<Runtime>::get().expect("the preset founds a DOUG");
        assert_eq!(resolve(&doug, "doug"), Some(doug.clone()));
        assert_eq!(ask::<u32>(Alice, &doug, "role_count", ()), 1);
        assert_eq!(resolve(&doug, &"x".repeat(1_000)), None);
    });
}

/// The rules the contract says it has; ours are encoded as its own are.
fn rules(contract: &AccountId) -> DougRules {
    ask(Alice, contract, "rules", ())
}

#[test]
fn doug_is_founded_with_the_rules_of_the_genesis() {
    let own = DougRules { voting_period: 9, delay: 0, expiry: 8, extraordinary: 70, ..Default::default() };
    let patch = |genesis: &mut Value| genesis["constitution"]["dougRules"] = serde_json::to_value(own).unwrap();
    chain(patch).execute_with(|| assert_eq!(rules(&Doug::<Runtime>::get().expect("a DOUG is founded")), own));
}

#[test]
fn our_default_rules_are_the_contracts() {
    development(|| {
        let made = Contracts::bare_instantiate(
            Alice.to_account_id(),
            0,
            block_limit(),
            None,
            Code::Upload(CODE.to_vec()),
            selector("constructors", "default"),
            Vec::new(),
            DebugInfo::Skip,
            CollectEvents::Skip,
        );
        let made = made.result.expect("the chain takes the code");
        assert_eq!(rules(&made.account_id), DougRules::default());
    });
}

#[test]
fn the_constructor_refuses_rules_out_of_bounds() {
    development(|| assert_eq!(instantiate(0, (0, 5, 20, 50_u8, 67_u8, 75_u8)), Err(INVALID_RULES)));
}

#[test]
fn a_role_goes_to_a_contract_by_vote() {
    development(|| {
        let doug = govern();
        let polls = instantiate(1, RULES).unwrap();
        let action = Action::SetRole { role: "polls".into(), contract: polls.clone() };
        let id = voted(&doug, action, &[Alice, Bob]);
        assert_eq!(resolve(&doug, "polls"), None);
        assert_eq!(execute(&doug, id), Ok(()));
        assert_eq!(resolve(&doug, "polls"), Some(polls.clone()));
        let entry: Option<Service> = ask(Alice, &doug, "history", ("polls", 0_u32));
        let entry = entry.expect("one change");
        assert_eq!((entry.contract, entry.since, entry.proposal), (Some(polls), System::block_number(), Some(id)));
        assert_eq!(execute(&doug, id), Err(ALREADY_EXECUTED));
    });
}

#[test]
fn an_account_that_is_no_contract_serves_nothing() {
    development(|| {
        let doug = govern();
        let action = Action::SetRole { role: "polls".into(), contract: Bob.to_account_id() };
        assert_eq!(ask::<Result<u32, u8>>(Alice, &doug, "propose", action), Err(NOT_A_CONTRACT));
    });
}

#[test]
fn a_parameter_is_changed_by_vote() {
    development(|| {
        let doug = govern();
        let change = parameter(Parameter::EraPot(7));
        let id = voted(&doug, change.clone(), &[Alice, Bob]);
        assert_eq!(execute(&doug, id), Err(NOT_ENOUGH_VOTES));
        assert_eq!(Scheduled::<Runtime>::get(), None);
        let id = voted(&doug, change, &MEMBERS);
        assert_eq!(execute(&doug, id), Ok(()));
        let mut expected = InForce::<Runtime>::get();
        expected.era_pot = 7;
        assert_eq!(Scheduled::<Runtime>::get(), Some(expected));
    });
}

#[test]
fn a_call_that_the_runtime_refuses_is_undone_and_may_be_repeated() {
    development(|| {
        let doug = govern();
        let action = parameter(Parameter::AdmissionThreshold(33));
        let id = voted(&doug, action, &MEMBERS);
        for _ in 0..2 {
            assert_eq!(execute(&doug, id), Err(RUNTIME_REFUSED));
            assert_eq!(ask::<Option<u8>>(Alice, &doug, "phase", id), Some(EXECUTABLE));
        }
        assert_eq!(Scheduled::<Runtime>::get(), None);
    });
}

#[test]
fn bytes_that_are_no_parameter_change_nothing() {
    development(|| {
        let doug = govern();
        for bytes in [vec![255], vec![0], vec![0, 1, 0, 0, 0, 99]] {
            let id = voted(&doug, Action::SetParameter(bytes.clone()), &MEMBERS);
            let outcome = call(Dave, &doug, "execute", id);
            let refused = outcome.map(|data| Result::<Result<(), u8>, u8>::decode(&mut &data[..]));
            assert!(!matches!(refused, Ok(Ok(Ok(Ok(()))))), "{bytes:?}");
            assert_eq!(Scheduled::<Runtime>::get(), None, "{bytes:?}");
        }
    });
}

#[test]
fn a_member_is_removed_by_vote_and_votes_no_more() {
    development(|| {
        let doug = govern();
        let charlie = Membership::member(&Charlie.to_account_id()).expect("Charlie founded the community");
        let open = propose(&doug, parameter(Parameter::EraPot(7)));
        vote(&doug, open, &[Charlie]);
        let id = voted(&doug, Action::RemoveMember(charlie), &MEMBERS);
        assert_eq!(ask::<Result<u32, u8>>(Alice, &doug, "needed", open), Ok(3));
        assert_eq!(execute(&doug, id), Ok(()));
        assert!(!Membership::is_member(charlie));
        assert_eq!(ask::<Result<u32, u8>>(Alice, &doug, "needed", open), Ok(2));
        assert_eq!(ask::<Result<u32, u8>>(Charlie, &doug, "propose", parameter(Parameter::EraPot(8))), Err(NOT_MEMBER));
        // Charlie's vote was cast in time and does not count all the same.
        assert_eq!(execute(&doug, open), Err(NOT_ENOUGH_VOTES));
    });
}

#[test]
fn strangers_have_no_voice() {
    development(|| {
        let doug = govern();
        let id = propose(&doug, parameter(Parameter::EraPot(7)));
        assert_eq!(ask::<Result<(), u8>>(Dave, &doug, "vote", (id, true)), Err(NOT_MEMBER));
    });
}

#[test]
fn doug_is_replaced_by_doug() {
    development(|| {
        let old = govern();
        let new = instantiate(1, RULES).unwrap();
        let open = propose(&old, parameter(Parameter::EraPot(7)));
        let id = voted(&old, Action::ReplaceDoug { contract: new.clone() }, &MEMBERS);
        assert_eq!(execute(&old, id), Ok(()));
        assert_eq!(Doug::<Runtime>::get(), Some(new.clone()));
        // The old one answers, names its successor, and refuses changes.
        assert_eq!(resolve(&old, "doug"), Some(new.clone()));
        assert_eq!(ask::<Result<(), u8>>(Alice, &old, "vote", (open, true)), Err(REPLACED));
        assert_eq!(execute(&old, open), Err(REPLACED));
        // The new one governs.
        let id = voted(&new, parameter(Parameter::EraPot(8)), &MEMBERS);
        assert_eq!(execute(&new, id), Ok(()));
        assert_eq!(Scheduled::<Runtime>::get().map(|parameters| parameters.era_pot), Some(8));
    });
}

#[test]
fn a_contract_that_is_not_the_doug_has_no_authority() {
    development(|| {
        let doug = govern();
        let other = instantiate(1, RULES).unwrap();
        let id = voted(&other, parameter(Parameter::EraPot(7)), &MEMBERS);
        assert_eq!(execute(&other, id), Err(RUNTIME_REFUSED));
        let id = voted(&other, Action::ReplaceDoug { contract: instantiate(2, RULES).unwrap() }, &MEMBERS);
        assert_eq!(execute(&other, id), Err(RUNTIME_REFUSED));
        assert_eq!(Doug::<Runtime>::get(), Some(doug));
        // What the refused replacement had written is undone too.
        assert_eq!(resolve(&other, "doug"), Some(other.clone()));
    });
}

/// `BALLOTS_PER_COUNT` of the contract.
const PAGE: u32 = 128;

/// A key in its canonical form, with the highest bit clear; nobody has its secret.
fn encryption_key(n: u32) -> EncryptionKey {
    let mut bytes = sp_io::hashing::blake2_256(&n.encode());
    bytes[31] &= 0x7f;
    EncryptionKey(bytes)
}

#[test]
fn a_large_community_decides_within_the_limits_of_a_block() {
    let key = |n: u32| AccountId::from(sp_io::hashing::blake2_256(&n.encode()));
    let founders = PAGE + 10;
    let mut chain = chain(|genesis| {
        let people: Vec<_> = (0..founders).map(|n| (key(n), encryption_key(n), Vec::<()>::new())).collect();
        genesis["membership"]["founders"] = serde_json::to_value(people).unwrap();
        let endowed = genesis["balances"]["balances"].as_array_mut().expect("a list");
        endowed.extend((0..founders).map(|n| serde_json::to_value((key(n), 10_u128.pow(15))).unwrap()));
    });
    chain.execute_with(|| {
        let doug = govern();
        let change = parameter(Parameter::EraPot(7));
        assert_eq!(ask::<Result<u32, u8>>(key(0), &doug, "propose", change), Ok(0));
        for n in 0..founders {
            assert_eq!(ask::<Result<(), u8>>(key(n), &doug, "vote", (0_u32, true)), Ok(()), "{n}");
        }
        pass(RULES.0 + RULES.1);
        assert_eq!(ask::<Result<u32, u8>>(key(0), &doug, "count", 0_u32), Ok(founders - PAGE));
        assert_eq!(execute(&doug, 0), Ok(()));
        assert_eq!(Scheduled::<Runtime>::get().map(|parameters| parameters.era_pot), Some(7));
    });
}
