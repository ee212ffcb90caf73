// SPDX-License-Identifier: Apache-2.0
//! The chain as DOUG's unit tests see it: members, blocks, contracts, and a runtime that records its calls.

use std::{cell::RefCell, collections::BTreeMap};

use ink::{
    env::test,
    primitives::AccountId,
    scale::{Decode, Encode},
};

use crate::{
    runtime_call::RuntimeCall, Action, BlockNumber, Doug, Error, KithEnvironment, MemberId, ProposalId, Rules,
};

/// Short periods: votes in blocks 0 to 9, delay to 14, execution in 15 to 34, for what is proposed in block 0.
pub(crate) const RULES: Rules =
    Rules { voting_period: 10, delay: 5, expiry: 20, ordinary_above: 50, extraordinary: 67, constitutional: 75 };

#[derive(Default)]
struct Chain {
    members: BTreeMap<AccountId, MemberId>,
    silent: bool,
    refuses: bool,
    calls: Vec<Vec<u8>>,
}

thread_local! {
    static CHAIN: RefCell<Chain> = RefCell::default();
}

struct Extension;

impl test::ChainExtension for Extension {
    fn ext_id(&self) -> u16 {
        u16::from_be_bytes(*b"KI")
    }

    fn call(&mut self, function: u16, input: &[u8], output: &mut Vec<u8>) -> u32 {
        // ink's off-chain engine hands the input over with its length in front.
        let input = Vec::<u8>::decode(&mut &input[..]).expect("the engine encodes the input");
        let input = &mut &input[..];
        CHAIN.with_borrow(|chain| {
            if chain.silent {
                return 1;
            }
            match function {
                1 => {
                    let account = AccountId::decode(input).expect("an account");
                    chain.members.get(&account).copied().encode_to(output);
                }
                2 => u32::try_from(chain.members.len()).expect("few").encode_to(output),
                3 => {
                    let member = MemberId::decode(input).expect("a member");
                    chain.members.values().any(|one| *one == member).encode_to(output);
                }
                _ => return 2,
            }
            assert!(input.is_empty(), "no byte of the input is left");
            0
        })
    }
}

pub(crate) fn dispatch(call: &RuntimeCall) -> Result<(), Error> {
    CHAIN.with_borrow_mut(|chain| {
        chain.calls.push(call.encode());
        if chain.refuses {
            Err(Error::RuntimeRefused)
        } else {
            Ok(())
        }
    })
}

/// The key of member `n`, or of nobody.
pub(crate) fn key(n: u32) -> AccountId {
    let mut bytes = [1; 32];
    bytes[..4].copy_from_slice(&n.to_le_bytes());
    AccountId::from(bytes)
}

/// The account of DOUG itself.
pub(crate) fn this() -> AccountId {
    AccountId::from([0xd0; 32])
}

/// A contract of the chain.
pub(crate) fn contract(n: u8) -> AccountId {
    let account = AccountId::from([n; 32]);
    test::set_contract::<KithEnvironment>(account);
    account
}

/// Runs the test on a chain of its own, where one test needs several.
pub(crate) fn afresh(test: impl FnOnce()) {
    test::run_test::<KithEnvironment, _>(|_| {
        test();
        Ok(())
    })
    .expect("the test returns nothing");
}

/// A chain with the members 1 to `members`, without a DOUG.
pub(crate) fn chain(members: u32) {
    CHAIN.set(Chain { members: (1..=members).map(|n| (key(n), n)).collect(), ..Chain::default() });
    test::register_chain_extension(Extension);
    test::set_callee::<KithEnvironment>(this());
    at(0);
    by(key(1));
}

/// A chain with the members 1 to `members` and a DOUG with [`RULES`], at block 0, called by member 1.
pub(crate) fn founded(members: u32) -> Doug {
    chain(members);
    Doug::new(RULES).expect("the rules are in bounds")
}

/// The next calls are made in this block.
pub(crate) fn at(block: BlockNumber) {
    test::set_block_number::<KithEnvironment>(block);
}

/// The next calls are made by this account.
pub(crate) fn by(account: AccountId) {
    test::set_caller::<KithEnvironment>(account);
}

/// The person is no active member any more.
pub(crate) fn leaves(member: MemberId) {
    CHAIN.with_borrow_mut(|chain| chain.members.retain(|_, one| *one != member));
}

/// The account becomes the key of the member, in the place of any other.
pub(crate) fn gets_key(member: MemberId, account: AccountId) {
    leaves(member);
    CHAIN.with_borrow_mut(|chain| chain.members.insert(account, member));
}

/// The chain does not answer any more.
pub(crate) fn falls_silent() {
    CHAIN.with_borrow_mut(|chain| chain.silent = true);
}

/// The runtime refuses every call from now on.
pub(crate) fn refuses() {
    CHAIN.with_borrow_mut(|chain| chain.refuses = true);
}

/// The bytes of the calls that the runtime got.
pub(crate) fn calls() -> Vec<Vec<u8>> {
    CHAIN.with_borrow(|chain| chain.calls.clone())
}

/// Lets the members vote in favour.
pub(crate) fn yes(doug: &mut Doug, id: ProposalId, members: impl IntoIterator<Item = MemberId>) {
    for member in members {
        by(key(member));
        assert_eq!(doug.vote(id, true), Ok(()));
    }
}

/// Proposes at block `start`, lets the members vote in favour and goes to the first block of execution.
pub(crate) fn voted(
    doug: &mut Doug,
    start: BlockNumber,
    action: Action,
    members: impl IntoIterator<Item = MemberId>,
) -> ProposalId {
    at(start);
    by(key(1));
    let id = doug.propose(action).expect("nothing speaks against it");
    yes(doug, id, members);
    at(doug.proposal(id).expect("just made").executable_from());
    id
}

/// A vote of the members, and its execution.
pub(crate) fn decided(
    doug: &mut Doug,
    start: BlockNumber,
    action: Action,
    members: impl IntoIterator<Item = MemberId>,
) -> Result<(), Error> {
    let id = voted(doug, start, action, members);
    doug.execute(id)
}

/// The action that lets a contract serve a role.
pub(crate) fn set_role(role: &str, contract: AccountId) -> Action {
    Action::SetRole { role: role.into(), contract }
}

/// The action that clears a role.
pub(crate) fn clear_role(role: &str) -> Action {
    Action::ClearRole { role: role.into() }
}
