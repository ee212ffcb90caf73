// SPDX-License-Identifier: Apache-2.0
//! Who votes, when, and which votes count?

use super::chain::*;
use crate::{
    contract::doug::next, Action, Doug, Error, MemberId, Phase, ProposalId, BALLOTS_PER_COUNT, MAX_LIVE_PROPOSALS,
};

fn proposed(doug: &mut Doug) -> ProposalId {
    doug.propose(set_role("polls", contract(7))).expect("nothing speaks against it")
}

#[test]
fn one_vote_less_than_needed_decides_nothing() {
    for (members, needed) in [(1, 1), (2, 2), (3, 2), (4, 3), (5, 3), (10, 6)] {
        for (votes, outcome) in [(needed - 1, Err(Error::NotEnoughVotes)), (needed, Ok(()))] {
            afresh(|| {
                let mut doug = founded(members);
                let id = voted(&mut doug, 0, set_role("polls", contract(7)), 1..=votes);
                assert_eq!(doug.needed(id), Ok(needed), "{members}");
                assert_eq!(doug.execute(id), outcome, "{votes} of {members}");
            });
        }
    }
}

#[ink::test]
fn a_vote_may_be_changed_and_counts_once() {
    let mut doug = founded(3);
    let id = proposed(&mut doug);
    for vote in [true, true, false, true] {
        assert_eq!(doug.vote(id, vote), Ok(()));
        assert_eq!(doug.ballot(id, 1), Some(vote));
    }
    let proposal = doug.proposal(id).unwrap();
    assert_eq!((proposal.ballots, proposal.yes, proposal.no), (1, 1, 0));
    at(15);
    assert_eq!(doug.execute(id), Err(Error::NotEnoughVotes));
}

#[ink::test]
fn a_vote_taken_back_does_not_count() {
    let mut doug = founded(3);
    let id = proposed(&mut doug);
    yes(&mut doug, id, [1, 2]);
    assert_eq!(doug.vote(id, false), Ok(()));
    let proposal = doug.proposal(id).unwrap();
    assert_eq!((proposal.ballots, proposal.yes, proposal.no), (2, 1, 1));
    at(15);
    assert_eq!(doug.execute(id), Err(Error::NotEnoughVotes));
}

#[ink::test]
fn a_new_key_gives_no_second_vote() {
    let mut doug = founded(3);
    let id = proposed(&mut doug);
    yes(&mut doug, id, [1]);
    gets_key(1, key(50));
    by(key(50));
    assert_eq!(doug.vote(id, true), Ok(()));
    assert_eq!(doug.proposal(id).unwrap().ballots, 1);
    by(key(1));
    assert_eq!(doug.vote(id, true), Err(Error::NotMember));
    at(15);
    assert_eq!(doug.execute(id), Err(Error::NotEnoughVotes));
}

#[ink::test]
fn strangers_neither_propose_nor_vote() {
    let mut doug = founded(3);
    let id = proposed(&mut doug);
    by(key(99));
    assert_eq!(doug.vote(id, true), Err(Error::NotMember));
    assert_eq!(doug.propose(set_role("wiki", contract(7))), Err(Error::NotMember));
    // A contract that a member calls is not that member.
    by(contract(7));
    assert_eq!(doug.vote(id, true), Err(Error::NotMember));
}

#[ink::test]
fn votes_of_people_who_left_do_not_count() {
    let mut doug = founded(5);
    let id = voted(&mut doug, 0, set_role("polls", contract(7)), [1, 2, 3]);
    leaves(3);
    assert_eq!(doug.needed(id), Ok(3));
    assert_eq!(doug.execute(id), Err(Error::NotEnoughVotes));
}

#[ink::test]
fn people_who_left_are_not_in_the_denominator() {
    let mut doug = founded(5);
    let id = voted(&mut doug, 0, set_role("polls", contract(7)), [1, 2]);
    leaves(4);
    leaves(5);
    assert_eq!(doug.needed(id), Ok(2));
    assert_eq!(doug.execute(id), Ok(()));
}

#[ink::test]
fn somebody_admitted_during_the_poll_votes_and_counts() {
    let mut doug = founded(3);
    let id = proposed(&mut doug);
    yes(&mut doug, id, [1, 2]);
    gets_key(4, key(4));
    at(9);
    yes(&mut doug, id, [4]);
    at(15);
    assert_eq!(doug.needed(id), Ok(3));
    assert_eq!(doug.execute(id), Ok(()));
}

#[ink::test]
fn each_phase_ends_at_its_block() {
    let mut doug = founded(2);
    let id = proposed(&mut doug);
    yes(&mut doug, id, [1, 2]);
    for (block, phase, vote, execute) in [
        (9, Phase::Voting, Ok(()), Err(Error::TooEarly)),
        (10, Phase::Delay, Err(Error::VotingClosed), Err(Error::TooEarly)),
        (14, Phase::Delay, Err(Error::VotingClosed), Err(Error::TooEarly)),
        (35, Phase::Expired, Err(Error::VotingClosed), Err(Error::Expired)),
        (34, Phase::Executable, Err(Error::VotingClosed), Ok(())),
    ] {
        at(block);
        assert_eq!(doug.phase(id), Some(phase), "{block}");
        assert_eq!(doug.vote(id, true), vote, "{block}");
        if block != 34 {
            assert_eq!(doug.count(id), execute.map(|()| 0), "{block}");
        }
        assert_eq!(doug.execute(id), execute, "{block}");
    }
}

#[ink::test]
fn the_first_block_of_execution_is_in_time() {
    let mut doug = founded(2);
    let id = proposed(&mut doug);
    yes(&mut doug, id, [1, 2]);
    at(15);
    assert_eq!(doug.phase(id), Some(Phase::Executable));
    assert_eq!(doug.execute(id), Ok(()));
}

#[ink::test]
fn a_decision_is_executed_once() {
    let mut doug = founded(2);
    let id = voted(&mut doug, 0, Action::RemoveMember(2), [1, 2]);
    assert_eq!(doug.execute(id), Ok(()));
    assert_eq!(doug.phase(id), Some(Phase::Executed));
    assert_eq!(doug.execute(id), Err(Error::AlreadyExecuted));
    assert_eq!(doug.count(id), Err(Error::AlreadyExecuted));
    assert_eq!(calls().len(), 1);
}

#[ink::test]
fn anybody_may_execute_what_was_decided() {
    let mut doug = founded(2);
    let id = voted(&mut doug, 0, set_role("polls", contract(7)), [1, 2]);
    by(key(99));
    assert_eq!(doug.execute(id), Ok(()));
}

#[ink::test]
fn unknown_proposals_are_refused() {
    let mut doug = founded(2);
    assert_eq!(doug.vote(0, true), Err(Error::UnknownProposal));
    assert_eq!(doug.execute(0), Err(Error::UnknownProposal));
    assert_eq!(doug.count(0), Err(Error::UnknownProposal));
    assert_eq!(doug.needed(0), Err(Error::UnknownProposal));
    assert_eq!((doug.proposal(0), doug.phase(0), doug.ballot(0, 1)), (None, None, None));
}

#[ink::test]
fn many_ballots_are_counted_in_parts() {
    let members = 2 * BALLOTS_PER_COUNT + 10;
    let mut doug = founded(members);
    let id = voted(&mut doug, 0, set_role("polls", contract(7)), 1..=members);
    assert_eq!(doug.count(id), Ok(BALLOTS_PER_COUNT + 10));
    assert_eq!(doug.count(id), Ok(10));
    assert_eq!(doug.execute(id), Ok(()));
    let proposal = doug.proposal(id).unwrap();
    assert_eq!((proposal.counted, proposal.confirmed), (members, members));
}

#[ink::test]
fn execution_waits_for_the_last_ballot() {
    let members = BALLOTS_PER_COUNT + 1;
    let mut doug = founded(members);
    let id = voted(&mut doug, 0, set_role("polls", contract(7)), 1..=members);
    assert_eq!(doug.execute(id), Err(Error::BallotsLeft));
}

#[ink::test]
fn a_member_has_a_bounded_number_of_proposals_under_way() {
    let mut doug = founded(2);
    let ids: Vec<_> = (0..MAX_LIVE_PROPOSALS).map(|_| proposed(&mut doug)).collect();
    assert_eq!(doug.propose(clear_role("wiki")), Err(Error::UnknownRole));
    assert_eq!(doug.propose(set_role("polls", contract(7))), Err(Error::TooManyProposals));
    // Others are not held up by it.
    by(key(2));
    assert!(doug.propose(set_role("polls", contract(7))).is_ok());
    // What was executed, or has expired, makes room.
    yes(&mut doug, ids[0], [1, 2]);
    at(15);
    assert_eq!(doug.execute(ids[0]), Ok(()));
    by(key(1));
    assert!(doug.propose(set_role("wiki", contract(7))).is_ok());
    assert_eq!(doug.propose(set_role("wiki", contract(7))), Err(Error::TooManyProposals));
    at(35);
    assert!(doug.propose(set_role("wiki", contract(7))).is_ok());
}

#[ink::test]
fn nothing_is_decided_while_the_chain_does_not_answer() {
    let mut doug = founded(2);
    let id = voted(&mut doug, 0, set_role("polls", contract(7)), [1, 2]);
    falls_silent();
    assert_eq!(doug.execute(id), Err(Error::MembersUnavailable));
    assert_eq!(doug.needed(id), Err(Error::MembersUnavailable));
    assert_eq!(doug.propose(set_role("wiki", contract(7))), Err(Error::MembersUnavailable));
    assert_eq!(doug.vote(id, true), Err(Error::MembersUnavailable));
    assert_eq!(doug.resolve("doug".into()), Some(this()));
}

#[test]
fn a_counter_at_its_end_is_an_error() {
    assert_eq!(next(0), Ok(1));
    assert_eq!(next(u32::MAX), Err(Error::Full));
}

/// Any sequence of votes gives the same sums as each member's last vote.
#[test]
fn tally_is_the_sum_of_last_votes() {
    use proptest::prelude::*;
    proptest!(|(votes in proptest::collection::vec((1_u32..=6, any::<bool>()), 0..40))| {
        afresh(|| {
            let mut doug = founded(6);
            let id = proposed(&mut doug);
            let mut last = std::collections::BTreeMap::<MemberId, bool>::new();
            for (member, vote) in &votes {
                by(key(*member));
                doug.vote(id, *vote).unwrap();
                last.insert(*member, *vote);
            }
            let proposal = doug.proposal(id).unwrap();
            let in_favour = last.values().filter(|vote| **vote).count() as u32;
            assert_eq!(proposal.ballots, last.len() as u32);
            assert_eq!((proposal.yes, proposal.no), (in_favour, last.len() as u32 - in_favour));
            at(15);
            let expected = if in_favour >= 4 { Ok(()) } else { Err(Error::NotEnoughVotes) };
            assert_eq!(doug.execute(id), expected);
        });
    });
}
