// SPDX-License-Identifier: Apache-2.0
//! What is always true of freezes, guardians, motions and keys that were given up.

use alloc::collections::{BTreeMap, BTreeSet};
use frame_support::{ensure, traits::fungible::InspectHold};
use kith_primitives::{
    device::DeviceId,
    member::{MemberId, Standing},
    recovery::MotionId,
    Balance,
};
use sp_runtime::DispatchResult;

use crate::{
    Config, Devices, EncryptionKeys, FormerAccounts, FormerEncryptionKeys, Frozen, FrozenMembers, Guardians,
    HoldReason, MotionFor, MotionKind, Motions, NextMember, NextMotion, Pallet, People, PersonOf, ProposedAccounts,
    ProposedEncryptionKeys, MAX_NEW_KEYS,
};

impl<T: Config> Pallet<T> {
    pub(super) fn check_freezes(members: u32) -> DispatchResult {
        let mut frozen = 0u32;
        for (id, freeze) in Frozen::<T>::iter() {
            let standing = People::<T>::get(id).map(|record| record.standing).ok_or("nobody is frozen")?;
            ensure!(standing != Standing::Removed || freeze.revoked, "the key of someone gone is frozen");
            frozen = frozen.saturating_add(u32::from(standing == Standing::Member));
        }
        ensure!(FrozenMembers::<T>::get() == frozen, "FrozenMembers is not the number of frozen members");
        ensure!(members == 0 || frozen < members, "every member's key is frozen");
        Ok(())
    }

    pub(super) fn check_guardians() -> DispatchResult {
        for (person, choice) in Guardians::<T>::iter() {
            Self::present(person)?;
            for list in [choice.current, choice.next] {
                ensure!(Self::are_others(person, &list), "someone guards their own key, or one key twice");
            }
        }
        Ok(())
    }

    pub(super) fn check_motions() -> DispatchResult {
        let (mut held, mut open): (BTreeMap<MemberId, Balance>, BTreeMap<MemberId, (usize, usize)>) =
            Default::default();
        for (person, id, motion) in Motions::<T>::iter() {
            Self::check_motion(person, id, &motion)?;
            let (keys, others) = open.entry(person).or_default();
            let count = if matches!(motion.kind, MotionKind::NewKey { .. }) { keys } else { others };
            *count = count.saturating_add(1);
            let sum = held.entry(motion.opened_by).or_default();
            *sum = sum.saturating_add(motion.deposit);
        }
        let is_bounded = open.values().all(|(keys, others)| *keys <= MAX_NEW_KEYS && *others <= 1);
        ensure!(is_bounded, "there are too many motions about one key");
        for (opener, sum) in held {
            let account = People::<T>::get(opener).ok_or("a motion was opened by nobody")?.account;
            let on_hold = T::Currency::balance_on_hold(&HoldReason::Motion.into(), &account);
            ensure!(on_hold == sum, "what is held is not the sum of the deposits");
        }
        let proposed = open.values().map(|(keys, _)| keys).sum::<usize>();
        ensure!(ProposedAccounts::<T>::iter_keys().count() == proposed, "an account is kept for no motion");
        ensure!(ProposedEncryptionKeys::<T>::iter_keys().count() == proposed, "a key is kept for no motion");
        Ok(())
    }

    fn check_motion(person: MemberId, id: MotionId, motion: &MotionFor) -> DispatchResult {
        Self::present(person)?;
        ensure!(id < NextMotion::<T>::get(), "a motion's number was not given out");
        ensure!(Self::are_others(person, &motion.approvals), "someone approved twice, or for themselves");
        let MotionKind::NewKey { account, encryption_key } = &motion.kind else {
            ensure!(motion.agreed_at.is_none(), "a motion is agreed and has no effect");
            return Ok(());
        };
        ensure!(ProposedAccounts::<T>::get(account) == Some(person), "an account is not kept for its motion");
        let kept = ProposedEncryptionKeys::<T>::get(encryption_key) == Some(person);
        ensure!(kept, "an encryption key is not kept for its motion");
        let is_free = !PersonOf::<T>::contains_key(account)
            && !EncryptionKeys::<T>::contains_key(encryption_key)
            && !FormerAccounts::<T>::contains_key(account)
            && !FormerEncryptionKeys::<T>::contains_key(encryption_key)
            && !Devices::<T>::contains_key(DeviceId(account.clone().into()));
        ensure!(is_free, "a proposed key is somebody's");
        Ok(())
    }

    pub(super) fn check_former_keys() -> DispatchResult {
        for (account, former) in FormerAccounts::<T>::iter() {
            ensure!(former.person < NextMember::<T>::get(), "an account was nobody's");
            let is_dead =
                !PersonOf::<T>::contains_key(&account) && !Devices::<T>::contains_key(DeviceId(account.clone().into()));
            ensure!(is_dead, "a former account is somebody's");
        }
        for (key, person) in FormerEncryptionKeys::<T>::iter() {
            ensure!(person < NextMember::<T>::get(), "an encryption key was nobody's");
            ensure!(!EncryptionKeys::<T>::contains_key(key), "a former encryption key is somebody's");
        }
        Ok(())
    }

    fn are_others(person: MemberId, list: &[MemberId]) -> bool {
        let once: BTreeSet<_> = list.iter().collect();
        once.len() == list.len() && !list.contains(&person)
    }
}
