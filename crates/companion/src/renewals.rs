// SPDX-License-Identifier: Apache-2.0
//! Which of the vouches one gave can be renewed, and from when. Only their person renews them: a vouch is somebody's word.

use futures::future::{try_join, try_join_all};
use kith_chain::{Given, View, ViewError};
use kith_primitives::{
    member::{MemberId, Standing},
    runtime_api::MemberView,
    BlockNumber,
};

/// Vouches looked at at once, with two questions each: a node answers 16 of one connection at a time, and others are
/// asked meanwhile.
const AT_ONCE: usize = 4;

/// The first block in which a vouch can be renewed, where it can be for so many blocks before its end.
pub(crate) fn opens(vouch: &Given, window: BlockNumber) -> BlockNumber {
    vouch.expires.saturating_sub(window)
}

/// The vouches someone gave and can renew now: none for who is no member, or whose key is frozen.
pub(crate) async fn open(view: &View, me: &MemberView, window: BlockNumber) -> Result<Vec<Given>, ViewError> {
    let mut open = Vec::new();
    if me.standing != Standing::Member || me.frozen {
        return Ok(open);
    }
    let now = view.block().number;
    let mut near = view.given(me.id).await?;
    near.retain(|vouch| is_open(vouch, window, now));
    for some in near.chunks(AT_ONCE) {
        let worth = try_join_all(some.iter().map(|vouch| vouch.subject).map(|subject| is_worth(view, subject, now)));
        let worth = worth.await?;
        open.extend(some.iter().zip(worth).filter(|(_, is_worth)| *is_worth).map(|(vouch, _)| *vouch));
    }
    Ok(open)
}

/// Whether a vouch is still worth something to its subject.
async fn is_worth(view: &View, subject: MemberId, now: BlockNumber) -> Result<bool, ViewError> {
    let (subject, until) = try_join(view.member(subject), view.candidate_until(subject)).await?;
    Ok(subject.is_some_and(|subject| may_have(subject.standing, until, now)))
}

fn is_open(vouch: &Given, window: BlockNumber, now: BlockNumber) -> bool {
    (opens(vouch, window)..vouch.expires).contains(&now)
}

/// Whether a vouch is still worth something to who stands so: a candidate's time may have run out.
fn may_have(standing: Standing, candidate_until: Option<BlockNumber>, now: BlockNumber) -> bool {
    match standing {
        Standing::Candidate => candidate_until.is_some_and(|until| now < until),
        Standing::Member | Standing::Lapsed => true,
        Standing::Removed => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vouch_can_be_renewed_in_the_blocks_before_its_end() {
        let vouch = Given { subject: 3, expires: 100 };
        assert_eq!(opens(&vouch, 40), 60);
        let open: Vec<u32> = [59, 60, 99, 100].into_iter().filter(|now| is_open(&vouch, 40, *now)).collect();
        assert_eq!(open, [60, 99]);
        assert!(is_open(&vouch, 200, 0), "a window longer than the term is open from the first block on");
    }

    #[test]
    fn nobody_is_asked_to_renew_a_vouch_for_who_is_gone_or_whose_time_ran_out() {
        assert!(may_have(Standing::Member, None, 9) && may_have(Standing::Lapsed, None, 9));
        assert!(may_have(Standing::Candidate, Some(10), 9) && !may_have(Standing::Candidate, Some(9), 9));
        assert!(!may_have(Standing::Removed, None, 9));
    }
}
