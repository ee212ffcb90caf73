// SPDX-License-Identifier: Apache-2.0
//! How near a person stands to the members who answer for many: who is asked, and the paths that link them.
//!
//! A *referee* is a member who has received, and given, as many vouches as [`least_vouches`] says. A person is near
//! enough if, of the referees asked, as many as [`needed`] says are linked to them by a chain of vouches no longer than
//! the constitution allows. Nobody searches for these chains on the chain: whoever has found them hands in a
//! [`Witness`], and [`check`] only follows it.

mod find;
mod referees;
#[cfg(test)]
mod tests;

use alloc::{collections::BTreeMap, vec::Vec};

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_runtime::{traits::ConstU32, BoundedVec};

use crate::member::MemberId;

pub use find::find_witness;
pub use referees::{asked, draw, is_referee, least_vouches, needed, nth_root_ceil, Asked, ENUMERATED, FEWEST, TRIES};

/// The most referees that are ever asked: the upper bound of the constitution's `distance_sample`.
pub const MAX_SAMPLE: u32 = 128;

/// The most steps of a witness: a path of five vouches to each of [`MAX_SAMPLE`] referees. Longer paths fit as far as
/// they share steps.
pub const MAX_STEPS: u32 = 5 * MAX_SAMPLE;

/// One vouch of a witness.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
pub struct Step {
    /// Who vouches.
    pub member: MemberId,
    /// For whom: 0 for the person shown to be near, `i` for the member of the `i`th step, counted from 1; only earlier steps.
    pub parent: u16,
}

/// Chains of vouches that all end at one person: a tree whose root is that person, each member in it once.
pub type Witness = BoundedVec<Step, ConstU32<MAX_STEPS>>;

/// Who vouches for whom.
pub trait Graph {
    /// The members whose vouch for the subject counts now.
    fn issuers(&self, subject: MemberId) -> Vec<MemberId>;

    /// Whether the issuer is a member whose vouch for the subject counts now.
    fn vouches(&self, issuer: MemberId, subject: MemberId) -> bool {
        self.issuers(subject).contains(&issuer)
    }
}

/// What is wrong with a witness.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// A step hangs on one that does not come before it.
    NoSuchParent,
    /// A path has more vouches than are allowed.
    TooLong,
    /// A member, or the person, stands in it twice.
    Repeated,
    /// A vouch in it does not exist, or does not count.
    NotVouched,
}

/// Who a sound witness links to the person, each with the number of vouches between them.
pub type Linked = BTreeMap<MemberId, u32>;

/// Follows a witness for the candidate, whose paths have at most `steps` vouches. Looks once at each vouch it names.
///
/// # Errors
/// The first [`Flaw`].
pub fn check(graph: &impl Graph, candidate: MemberId, witness: &[Step], steps: u32) -> Result<Linked, Flaw> {
    let mut linked = Linked::new();
    for (index, Step { member, parent }) in witness.iter().enumerate() {
        let (subject, depth) = match usize::from(*parent).checked_sub(1) {
            None => (candidate, 0),
            Some(earlier) if earlier < index => {
                let subject = witness.get(earlier).ok_or(Flaw::NoSuchParent)?.member;
                (subject, *linked.get(&subject).ok_or(Flaw::NoSuchParent)?)
            }
            Some(_) => return Err(Flaw::NoSuchParent),
        };
        if depth >= steps {
            return Err(Flaw::TooLong);
        }
        if *member == candidate || linked.contains_key(member) {
            return Err(Flaw::Repeated);
        }
        if !graph.vouches(*member, subject) {
            return Err(Flaw::NotVouched);
        }
        linked.insert(*member, depth.saturating_add(1));
    }
    Ok(linked)
}

/// How many of those asked are linked.
pub fn reached(linked: &Linked, asked: &[MemberId]) -> u32 {
    let count = asked.iter().filter(|referee| linked.contains_key(referee)).count();
    u32::try_from(count).unwrap_or(u32::MAX)
}
