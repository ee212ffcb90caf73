// SPDX-License-Identifier: Apache-2.0
//! What must hold whatever happens.

use std::collections::BTreeSet;

use frame_support::{dispatch::GetDispatchInfo, traits::GetCallMetadata};
use kith_primitives::member::Standing;
use kith_runtime::{Balance, Balances, Runtime, RuntimeEvent, RuntimeOrigin, System, Vouching};
use pallet_kith_membership::People;
use pallet_kith_vouching::Graces;
use sp_runtime::traits::Dispatchable;

use crate::{
    blocks,
    kinds::{Kind, Numbers},
    picks::{rules, By},
    soundness,
    state::root,
    Step,
};

/// A pallet and a call of it.
pub(crate) type Name = (&'static str, &'static str);

/// What the events and the outcomes so far say.
#[derive(Debug)]
pub(crate) struct Watch {
    /// How many events of the block were heard.
    heard: usize,
    /// What there must be of the token.
    issued: Balance,
    /// The least threshold that was ever in force.
    least: u32,
    pub(crate) succeeded: BTreeSet<Name>,
}

impl Watch {
    /// Begins with the chain's first block.
    pub(crate) fn begin() -> Self {
        let issued = Balances::total_issuance();
        let mut watch = Self { heard: 0, issued, least: rules().admission_threshold, succeeded: BTreeSet::new() };
        blocks::begin();
        watch.hear();
        watch
    }

    pub(crate) fn take(&mut self, step: Step) {
        match step {
            Step::Call { by, kind, numbers } => self.call(by, kind, numbers),
            Step::Pass { blocks, full } => {
                (0..blocks).for_each(|_| self.pass(full));
                self.check();
            }
        }
    }

    fn pass(&mut self, full: bool) {
        blocks::end(full);
        self.hear();
        blocks::begin();
        self.heard = 0;
        self.hear();
    }

    /// Makes the call as the transaction that brings it would once it is let in. What lets it in is left out: signature, nonce
    /// and fee, and so the refusal of keys that are frozen or given up.
    fn call(&mut self, by: By, kind: Kind, numbers: Numbers) {
        let signer = by.account(kind, numbers);
        let call = kind.call(numbers, &signer);
        let (named, info) = (call.get_call_metadata(), call.get_dispatch_info());
        let name = (named.pallet_name, named.function_name);
        let before = root();
        let outcome = call.dispatch(RuntimeOrigin::signed(signer));
        let post = outcome.as_ref().map_or_else(|refused| refused.post_info, |post| *post);
        let declared = info.call_weight;
        assert!(post.actual_weight.is_none_or(|actual| actual.all_lte(declared)), "{name:?} weighs more than declared");
        match outcome {
            Ok(_) => {
                self.succeeded.insert(name);
            }
            Err(refused) => assert_eq!(root(), before, "{name:?}, refused with {:?}, left a trace", refused.error),
        }
        self.hear();
    }

    /// Nothing is minted but what is claimed, and nothing vanishes but what is too little to keep.
    fn hear(&mut self) {
        let events = System::events();
        for record in &events[self.heard..] {
            match &record.event {
                RuntimeEvent::Incentives(pallet_kith_incentives::Event::Claimed { amount, .. }) => {
                    self.issued += amount;
                }
                RuntimeEvent::Balances(pallet_balances::Event::DustLost { amount, .. }) => self.issued -= amount,
                _ => (),
            }
        }
        self.heard = events.len();
        assert_eq!(Balances::total_issuance(), self.issued);
        self.least = self.least.min(rules().admission_threshold);
    }

    fn check(&self) {
        soundness::check();
        let accounts = frame_system::Account::<Runtime>::iter_values();
        let sum: Balance = accounts.map(|account| account.data.free + account.data.reserved).sum();
        assert_eq!(sum, self.issued, "somebody has what was not issued");
        self.check_graces();
    }

    /// Who was admitted and has fewer vouches than ever were enough has lost one since, and with it got a grace. Founders
    /// need never have had so many.
    fn check_graces(&self) {
        let admitted =
            |record: &pallet_kith_membership::PersonFor| record.standing == Standing::Member && record.since > 0;
        for (member, _) in People::<Runtime>::iter().filter(|(_, record)| admitted(record)) {
            let has_grace = Graces::<Runtime>::contains_key(member);
            assert!(has_grace || Vouching::received(member) >= self.least, "{member} is short and has no grace");
        }
    }
}
