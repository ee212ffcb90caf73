// SPDX-License-Identifier: Apache-2.0
//! Where a person's key stands and what is moved about it, in words.

use kith_primitives::{
    member::MemberId,
    runtime_api::{KeysView, MotionAim, MotionView},
};

use crate::person::address;

/// Why no motion can be meant.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum MotionError {
    #[error("nothing like this is moved about the key of person {0}. `kith recover show {0}` says what is")]
    None(MemberId),
    #[error("there is no motion {motion} about the key of person {person}. `kith recover show {person}` lists them")]
    NoSuch { person: MemberId, motion: u32 },
    #[error("there are several motions about the key of person {person}: {motions}. Name one of them")]
    Several { person: MemberId, motions: String },
}

/// The motion with this number, or the only one of those meant.
pub(crate) fn pick(
    person: MemberId,
    keys: &KeysView,
    motion: Option<u32>,
    meant: impl Fn(&MotionAim) -> bool,
) -> Result<&MotionView, MotionError> {
    if let Some(number) = motion {
        let found = keys.motions.iter().find(|motion| motion.id == number);
        return found.ok_or(MotionError::NoSuch { person, motion: number });
    }
    let open: Vec<&MotionView> = keys.motions.iter().filter(|motion| meant(&motion.aim)).collect();
    match open.as_slice() {
        [] => Err(MotionError::None(person)),
        [only] => Ok(only),
        several => {
            let motions: Vec<String> = several.iter().map(|motion| motion.id.to_string()).collect();
            Err(MotionError::Several { person, motions: motions.join(", ") })
        }
    }
}

/// Whether a motion is to give a new key.
pub(crate) fn is_new_key(aim: &MotionAim) -> bool {
    matches!(aim, MotionAim::NewKey(_))
}

/// What a motion is to bring about.
pub(crate) fn aim(aim: &MotionAim) -> String {
    match aim {
        MotionAim::Freeze => "freeze the key".to_owned(),
        MotionAim::Unfreeze => "let the key count again".to_owned(),
        MotionAim::NewKey(account) => format!("give the person the key {}", address(account.clone().into())),
    }
}

/// How far a motion has come; `needed` guardians decide, and `now` is the last final block.
pub(crate) fn progress(motion: &MotionView, needed: u32, now: u32) -> String {
    let approved = people(&motion.approvals);
    match motion.due {
        Some(due) if now < due => format!("agreed by {approved}; the person can veto it until block {due}"),
        Some(_) => format!("agreed by {approved}; it takes effect with `kith recover complete`"),
        None if now >= motion.closes => {
            format!("it ended without effect: only {approved} approved, and {needed} were needed")
        }
        None => {
            let (count, closes) = (motion.approvals.len(), motion.closes);
            format!("{count} of {needed} guardians approve ({approved}); others can until block {closes}")
        }
    }
}

/// Where a key stands, line by line.
pub(crate) fn lines(keys: &KeysView, needed: u32, now: u32) -> Vec<String> {
    let mut lines = vec![format!("guardians   {}, of whom {needed} decide together", people(&keys.guardians))];
    if let Some(since) = keys.frozen_since {
        let way_out = if keys.revoked { "only a new key helps" } else { "its guardians can unfreeze it" };
        lines.push(format!("frozen      since block {since}: the key counts for nothing; {way_out}"));
    }
    for motion in &keys.motions {
        lines.push(format!("motion {:<5}to {}: {}", motion.id, aim(&motion.aim), progress(motion, needed, now)));
    }
    lines
}

fn people(numbers: &[MemberId]) -> String {
    match numbers {
        [] => "nobody".to_owned(),
        [one] => format!("member {one}"),
        [first @ .., last] => {
            let first: Vec<String> = first.iter().map(MemberId::to_string).collect();
            format!("members {} and {last}", first.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn motion(id: u32, aim: MotionAim) -> MotionView {
        MotionView { id, aim, opened_by: 1, approvals: vec![1], closes: 20, due: None }
    }

    fn keys(motions: Vec<MotionView>) -> KeysView {
        KeysView { guardians: vec![1, 2, 4], frozen_since: Some(9), revoked: false, motions }
    }

    #[test]
    fn a_motion_is_picked_by_number_or_because_it_is_the_only_one() {
        let new_key = || MotionAim::NewKey(kith_primitives::AccountId::new([3; 32]));
        let keys = keys(vec![motion(5, MotionAim::Freeze), motion(6, new_key()), motion(7, new_key())]);
        let any = |_: &MotionAim| true;
        assert_eq!(pick(0, &keys, Some(6), any).unwrap().id, 6);
        assert_eq!(pick(0, &keys, None, |aim| *aim == MotionAim::Freeze).unwrap().id, 5);
        assert_eq!(pick(0, &keys, Some(8), any), Err(MotionError::NoSuch { person: 0, motion: 8 }));
        assert_eq!(pick(0, &keys, None, |aim| *aim == MotionAim::Unfreeze), Err(MotionError::None(0)));
        let several = MotionError::Several { person: 0, motions: "6, 7".into() };
        assert_eq!(pick(0, &keys, None, is_new_key), Err(several));
    }

    #[test]
    fn a_motion_is_told_from_its_opening_to_its_end() {
        let mut it = motion(5, MotionAim::NewKey(kith_primitives::AccountId::new([3; 32])));
        assert!(progress(&it, 2, 10).contains("1 of 2 guardians approve (member 1); others can until block 20"));
        assert!(progress(&it, 2, 20).contains("without effect"));
        (it.approvals, it.due) = (vec![1, 2, 4], Some(15));
        assert!(progress(&it, 2, 14).contains("members 1, 2 and 4; the person can veto it until block 15"));
        assert!(progress(&it, 2, 15).contains("recover complete"));
    }

    #[test]
    fn where_a_key_stands_is_told_line_by_line() {
        let lines = lines(&keys(vec![motion(5, MotionAim::Unfreeze)]), 2, 10).join("\n");
        for words in ["members 1, 2 and 4, of whom 2", "since block 9", "can unfreeze it", "motion 5    to let the key"]
        {
            assert!(lines.contains(words), "{words}: {lines}");
        }
        assert_eq!(people(&[]), "nobody");
    }
}
