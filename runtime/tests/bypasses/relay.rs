// SPDX-License-Identifier: Apache-2.0
//! A contract that has the chain make whatever call it is sent: the DOUG, the only other one here, makes three.
//!
//! No assembler is at hand, so the WebAssembly is put together below, section by section, as the format's specification
//! (<https://webassembly.github.io/spec/core/binary/>) says. In its text form the module is
//!
//! ```wat
//! (module
//!   (import "seal0" "seal_input" (func $input (param i32 i32)))
//!   (import "seal0" "seal_return" (func $return (param i32 i32 i32)))
//!   (import "seal0" "call_runtime" (func $call_runtime (param i32 i32) (result i32)))
//!   (import "env" "memory" (memory 1 1))
//!   (func (export "deploy"))
//!   (func (export "call")
//!     (i32.store (i32.const 0) (i32.const 4096))   ;; there is room for so many bytes
//!     (call $input (i32.const 4) (i32.const 0))    ;; the call, from 4 on; how long it is, at 0
//!     (i32.store (i32.const 0) (call $call_runtime (i32.const 4) (i32.load (i32.const 0))))
//!     (call $return (i32.const 0) (i32.const 0) (i32.const 4))))
//! ```
//!
//! What it returns is the four bytes at 0: 0 if the call succeeded.

use codec::{Decode, Encode};
use frame_support::{dispatch::DispatchClass, weights::Weight};
use kith_runtime::{AccountId, Contracts, Runtime, RuntimeCall};
use pallet_contracts::{Code, CollectEvents, DebugInfo, Determinism};
use sp_keyring::Sr25519Keyring::{self, Alice};
use sp_runtime::DispatchError;

use crate::account;

/// What a module begins with: the magic bytes and the format's version.
const HEADER: [u8; 8] = *b"\0asm\x01\0\0\0";
/// The sections, in the order they must have.
const TYPES: u8 = 1;
const IMPORTS: u8 = 2;
const FUNCTIONS: u8 = 3;
const EXPORTS: u8 = 7;
const CODES: u8 = 10;
/// How a type of functions begins, and the one type of values here.
const FUNC: u8 = 0x60;
const I32: u8 = 0x7f;
/// What is imported or exported.
const A_FUNCTION: u8 = 0;
const A_MEMORY: u8 = 2;
/// Instructions.
const CALL: u8 = 0x10;
const LOAD: [u8; 3] = [0x28, 2, 0];
const STORE: [u8; 3] = [0x36, 2, 0];
const CONST: u8 = 0x41;
const END: u8 = 0x0b;

/// A length or a count. They are all so small that they are one byte.
fn size(of: usize) -> u8 {
    u8::try_from(of).ok().filter(|size| *size < 0x80).expect("nothing here is longer than 127")
}

/// Bytes with their length before them.
fn sized(bytes: &[u8]) -> Vec<u8> {
    [&[size(bytes.len())][..], bytes].concat()
}

fn section(id: u8, items: &[Vec<u8>]) -> Vec<u8> {
    let contents = [vec![size(items.len())], items.concat()].concat();
    [vec![id], sized(&contents)].concat()
}

fn import(module: &str, name: &str, what: &[u8]) -> Vec<u8> {
    [&sized(module.as_bytes())[..], &sized(name.as_bytes())[..], what].concat()
}

fn export(name: &str, function: u8) -> Vec<u8> {
    [&sized(name.as_bytes())[..], &[A_FUNCTION, function]].concat()
}

/// The module described above. Types, and functions, are named by their places, the imported ones first.
fn code() -> Vec<u8> {
    let types = [
        vec![FUNC, 2, I32, I32, 0],
        vec![FUNC, 3, I32, I32, I32, 0],
        vec![FUNC, 2, I32, I32, 1, I32],
        vec![FUNC, 0, 0],
    ];
    let imports = [
        import("seal0", "seal_input", &[A_FUNCTION, 0]),
        import("seal0", "seal_return", &[A_FUNCTION, 1]),
        import("seal0", "call_runtime", &[A_FUNCTION, 2]),
        // From one page to one page.
        import("env", "memory", &[A_MEMORY, 1, 1, 1]),
    ];
    let functions = [vec![3], vec![3]];
    let exports = [export("deploy", 3), export("call", 4)];
    // Neither has local variables.
    let codes = [sized(&[0, END]), sized(&[&[0][..], &body()[..], &[END][..]].concat())];
    [
        HEADER.to_vec(),
        section(TYPES, &types),
        section(IMPORTS, &imports),
        section(FUNCTIONS, &functions),
        section(EXPORTS, &exports),
        section(CODES, &codes),
    ]
    .concat()
}

/// The instructions of `call`. 4096 is the two bytes 0x80 0x20.
fn body() -> Vec<u8> {
    let instructions: [&[u8]; 16] = [
        &[CONST, 0],
        &[CONST, 0x80, 0x20],
        &STORE,
        &[CONST, 4],
        &[CONST, 0],
        &[CALL, 0],
        &[CONST, 0],
        &[CONST, 4],
        &[CONST, 0],
        &LOAD,
        &[CALL, 2],
        &STORE,
        &[CONST, 0],
        &[CONST, 0],
        &[CONST, 4],
        &[CALL, 1],
    ];
    instructions.concat()
}

/// What one transaction may take.
pub(crate) fn most_weight() -> Weight {
    let weights: frame_system::limits::BlockWeights = <Runtime as frame_system::Config>::BlockWeights::get();
    weights.get(DispatchClass::Normal).max_extrinsic.expect("ordinary transactions are limited")
}

/// Puts the contract on the chain; its account.
pub(crate) fn instantiate() -> AccountId {
    let made = Contracts::bare_instantiate(
        account(Alice),
        0,
        most_weight(),
        None,
        Code::Upload(code()),
        Vec::new(),
        Vec::new(),
        DebugInfo::Skip,
        CollectEvents::Skip,
    );
    made.result.expect("the chain takes the code").account_id
}

/// Why a relayed call was not made.
#[derive(Debug, PartialEq)]
pub(crate) enum Refusal {
    /// The contract itself was stopped.
    Trapped(DispatchError),
    /// The call was refused, in these words.
    Refused(String),
}

/// Has the contract make the call.
pub(crate) fn relay(by: Sr25519Keyring, contract: &AccountId, call: &RuntimeCall) -> Result<(), Refusal> {
    let outcome = Contracts::bare_call(
        account(by),
        contract.clone(),
        0,
        most_weight(),
        None,
        call.encode(),
        DebugInfo::UnsafeDebug,
        CollectEvents::Skip,
        Determinism::Enforced,
    );
    let returned = outcome.result.map_err(Refusal::Trapped)?;
    match u32::decode(&mut &returned.data[..]).expect("it returns four bytes") {
        0 => Ok(()),
        _ => Err(Refusal::Refused(String::from_utf8(outcome.debug_message).expect("the pallet writes text"))),
    }
}
