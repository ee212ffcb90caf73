// SPDX-License-Identifier: Apache-2.0
//! What does DOUG store, answer and do?

#[ink::contract(env = crate::members::KithEnvironment)]
pub(crate) mod doug {
    use ink::{
        codegen::Env as _,
        prelude::{string::String, vec::Vec},
        storage::Mapping,
    };

    use crate::{
        proposal::Ballot,
        role::{check_changeable, is_role_name, Role},
        runtime_call::{dispatch, RuntimeCall},
        Action, Counted, Error, Executed, MemberId, Phase, Proposal, ProposalId, Proposed, RoleChanged, RoleEntry,
        Rules, RulesChanged, Service, Strength, Voted, BALLOTS_PER_COUNT, DOUG_ROLE, MAX_LIVE_PROPOSALS,
        MAX_PARAMETER_LEN,
    };

    /// The registry and its votes. Every entry stands in a cell of its own; none grows without bound.
    #[ink(storage)]
    pub struct Doug {
        rules: Rules,
        role_count: u32,
        proposal_count: u32,
        /// Role names in the order in which they were first set; a cleared role keeps its place.
        role_names: Mapping<u32, String>,
        roles: Mapping<String, Role>,
        history: Mapping<(String, u32), Service>,
        proposals: Mapping<ProposalId, Proposal>,
        /// The ballots of a proposal, in the order of the members' first votes.
        ballots: Mapping<(ProposalId, u32), Ballot>,
        /// Where a member's ballot stands.
        ballot_index: Mapping<(ProposalId, MemberId), u32>,
        /// A member's proposals under way with their ends, at most [`MAX_LIVE_PROPOSALS`].
        live: Mapping<MemberId, Vec<(ProposalId, BlockNumber)>>,
    }

    /// Constructors.
    impl Doug {
        /// A registry with these rules and one role: `doug`, served by this contract.
        #[ink(constructor)]
        pub fn new(rules: Rules) -> Result<Self, Error> {
            rules.check()?;
            let mut doug = Self {
                rules,
                role_count: 0,
                proposal_count: 0,
                role_names: Mapping::default(),
                roles: Mapping::default(),
                history: Mapping::default(),
                proposals: Mapping::default(),
                ballots: Mapping::default(),
                ballot_index: Mapping::default(),
                live: Mapping::default(),
            };
            doug.env().emit_event(RulesChanged { rules, proposal: None });
            let this = doug.env().account_id();
            doug.appoint(String::from(DOUG_ROLE), Some(this), None)?;
            Ok(doug)
        }

        /// As `new`, with the default rules: a week of voting, a day of delay and a week to execute with six-second
        /// blocks; more than 50, at least 67, at least 75 percent.
        #[ink(constructor)]
        #[allow(clippy::should_implement_trait, reason = "a constructor of a contract is not a trait's function")]
        pub fn default() -> Result<Self, Error> {
            Self::new(Rules::default())
        }
    }

    /// Questions.
    impl Doug {
        /// The contract that serves the role, if any.
        #[ink(message)]
        pub fn resolve(&self, role: String) -> Option<AccountId> {
            self.server(&role)
        }

        /// The role at a place of the registry, from 0. Places never change.
        #[ink(message)]
        pub fn role_at(&self, index: u32) -> Option<RoleEntry> {
            let role = self.role_names.get(index)?;
            let contract = self.server(&role);
            Some(RoleEntry { role, contract })
        }

        /// How many roles were ever set.
        #[ink(message)]
        pub fn role_count(&self) -> u32 {
            self.role_count
        }

        /// A change of the role, from 0, the oldest.
        #[ink(message)]
        pub fn history(&self, role: String, index: u32) -> Option<Service> {
            is_role_name(&role).then(|| self.history.get((role, index))).flatten()
        }

        /// How many changes the role saw.
        #[ink(message)]
        pub fn history_len(&self, role: String) -> u32 {
            self.role(&role).map_or(0, |role| role.changes)
        }

        /// A proposal with its votes as cast.
        #[ink(message)]
        pub fn proposal(&self, id: ProposalId) -> Option<Proposal> {
            self.proposals.get(id)
        }

        /// How many proposals were ever made; the next one gets this number.
        #[ink(message)]
        pub fn proposal_count(&self) -> u32 {
            self.proposal_count
        }

        /// Where the proposal stands at this block.
        #[ink(message)]
        pub fn phase(&self, id: ProposalId) -> Option<Phase> {
            let proposal = self.proposals.get(id)?;
            Some(proposal.phase(self.env().block_number()))
        }

        /// The yes votes that the proposal would need at this block.
        ///
        /// Errors: `UnknownProposal`, `MembersUnavailable`.
        #[ink(message)]
        pub fn needed(&self, id: ProposalId) -> Result<u32, Error> {
            let proposal = self.proposals.get(id).ok_or(Error::UnknownProposal)?;
            Ok(self.votes_needed(&proposal, self.active_members()?))
        }

        /// How the member voted on the proposal, if they did.
        #[ink(message)]
        pub fn ballot(&self, id: ProposalId, member: MemberId) -> Option<bool> {
            let index = self.ballot_index.get((id, member))?;
            self.ballots.get((id, index)).map(|ballot| ballot.yes)
        }

        /// The rules in force.
        #[ink(message)]
        pub fn rules(&self) -> Rules {
            self.rules
        }
    }

    /// Acts.
    impl Doug {
        /// Opens a vote on the action and returns its number. Members only.
        ///
        /// Errors: `Replaced`, `NotMember`, `MembersUnavailable`, `TooManyProposals`, `Full`, and whatever speaks against
        /// the action already: `InvalidRole`, `ReservedRole`, `UnknownRole`, `NotAContract`, `AlreadyServes`,
        /// `ParameterLength`, `UnknownMember`, `LastMember`, `InvalidRules`.
        #[ink(message)]
        pub fn propose(&mut self, action: Action) -> Result<ProposalId, Error> {
            self.check_in_office()?;
            let proposer = self.calling_member()?;
            self.check_action(&action)?;
            let id = self.proposal_count;
            let count = next(id)?;
            let strength = self.strength(&action);
            let proposal = Proposal::open(proposer, action.clone(), strength, self.rules, self.env().block_number());
            self.remember_live(proposer, id, proposal.expires_at())?;
            self.proposals.insert(id, &proposal);
            self.proposal_count = count;
            let voting_ends = proposal.voting_ends();
            self.env().emit_event(Proposed { id, proposer, action, strength, voting_ends });
            Ok(id)
        }

        /// Votes on the proposal, or changes the vote. Members only, while the voting is open.
        ///
        /// Errors: `Replaced`, `NotMember`, `MembersUnavailable`, `UnknownProposal`, `VotingClosed`.
        #[ink(message)]
        pub fn vote(&mut self, id: ProposalId, yes: bool) -> Result<(), Error> {
            self.check_in_office()?;
            let member = self.calling_member()?;
            let mut proposal = self.proposals.get(id).ok_or(Error::UnknownProposal)?;
            if proposal.phase(self.env().block_number()) != Phase::Voting {
                return Err(Error::VotingClosed);
            }
            proposal.tally(self.ballot(id, member), yes);
            let index = match self.ballot_index.get((id, member)) {
                Some(index) => index,
                None => {
                    let index = proposal.ballots;
                    proposal.ballots = next(index)?;
                    self.ballot_index.insert((id, member), &index);
                    index
                }
            };
            self.ballots.insert((id, index), &Ballot { member, yes });
            self.proposals.insert(id, &proposal);
            self.env().emit_event(Voted { id, member, yes });
            Ok(())
        }

        /// Checks the next [`BALLOTS_PER_COUNT`] ballots again and returns how many are left. Needed before `execute`
        /// where more members voted than one call checks. Open to everybody.
        ///
        /// Errors: `Replaced`, `UnknownProposal`, `TooEarly`, `Expired`, `AlreadyExecuted`, `MembersUnavailable`.
        #[ink(message)]
        pub fn count(&mut self, id: ProposalId) -> Result<u32, Error> {
            let mut proposal = self.executable(id)?;
            self.count_ballots(id, &mut proposal)?;
            self.proposals.insert(id, &proposal);
            let Proposal { counted, confirmed, ballots, .. } = proposal;
            self.env().emit_event(Counted { id, counted, confirmed });
            Ok(ballots.saturating_sub(counted))
        }

        /// Does what was decided, once. Open to everybody.
        ///
        /// Errors: those of `count` and `propose`, and `BallotsLeft`, `NotEnoughVotes`, `RuntimeRefused`.
        #[ink(message)]
        pub fn execute(&mut self, id: ProposalId) -> Result<(), Error> {
            let mut proposal = self.executable(id)?;
            self.check_action(&proposal.action)?;
            self.count_ballots(id, &mut proposal)?;
            if proposal.counted < proposal.ballots {
                return Err(Error::BallotsLeft);
            }
            let active = self.active_members()?;
            let needed = self.votes_needed(&proposal, active);
            let confirmed = proposal.confirmed;
            if confirmed < needed {
                return Err(Error::NotEnoughVotes);
            }
            proposal.executed_at = Some(self.env().block_number());
            self.proposals.insert(id, &proposal);
            self.forget_live(proposal.proposer, id);
            self.apply(id, proposal.action)?;
            self.env().emit_event(Executed { id, confirmed, needed, active });
            Ok(())
        }
    }

    /// Checks: these write nothing.
    impl Doug {
        fn check_in_office(&self) -> Result<(), Error> {
            if self.server(DOUG_ROLE) == Some(self.env().account_id()) {
                Ok(())
            } else {
                Err(Error::Replaced)
            }
        }

        fn calling_member(&self) -> Result<MemberId, Error> {
            self.env().extension().member_of(self.env().caller())?.ok_or(Error::NotMember)
        }

        fn active_members(&self) -> Result<u32, Error> {
            Ok(self.env().extension().active_members()?)
        }

        fn is_member(&self, member: MemberId) -> Result<bool, Error> {
            Ok(self.env().extension().is_member(member)?)
        }

        fn role(&self, role: &str) -> Option<Role> {
            // A key longer than the chain's would trap.
            is_role_name(role).then(|| self.roles.get(role)).flatten()
        }

        fn server(&self, role: &str) -> Option<AccountId> {
            self.role(role)?.contract
        }

        fn executable(&self, id: ProposalId) -> Result<Proposal, Error> {
            self.check_in_office()?;
            let proposal = self.proposals.get(id).ok_or(Error::UnknownProposal)?;
            proposal.check_executable(self.env().block_number())?;
            Ok(proposal)
        }

        fn check_action(&self, action: &Action) -> Result<(), Error> {
            match action {
                Action::SetRole { role, contract } => {
                    check_changeable(role)?;
                    self.check_server(role, contract)
                }
                Action::ClearRole { role } => {
                    check_changeable(role)?;
                    self.server(role).map(|_| ()).ok_or(Error::UnknownRole)
                }
                Action::SetParameter(parameter) if parameter.is_empty() || parameter.len() > MAX_PARAMETER_LEN => {
                    Err(Error::ParameterLength)
                }
                Action::SetParameter(_) => Ok(()),
                Action::ReplaceDoug { contract } => self.check_server(DOUG_ROLE, contract),
                Action::RemoveMember(member) if !self.is_member(*member)? => Err(Error::UnknownMember),
                Action::RemoveMember(_) if self.active_members()? <= 1 => Err(Error::LastMember),
                Action::RemoveMember(_) => Ok(()),
                Action::SetRules(rules) => rules.check(),
            }
        }

        fn check_server(&self, role: &str, contract: &AccountId) -> Result<(), Error> {
            if self.server(role) == Some(*contract) {
                return Err(Error::AlreadyServes);
            }
            if !self.env().is_contract(contract) {
                return Err(Error::NotAContract);
            }
            Ok(())
        }

        fn strength(&self, action: &Action) -> Strength {
            match action {
                Action::SetRole { role, .. } if self.server(role).is_none() => Strength::Ordinary,
                Action::SetRole { .. } | Action::ClearRole { .. } | Action::RemoveMember(_) => Strength::Extraordinary,
                Action::SetParameter(_) | Action::ReplaceDoug { .. } | Action::SetRules(_) => Strength::Constitutional,
            }
        }

        /// The stricter of the rules then and now, each with the strength the action had then and has now.
        fn votes_needed(&self, proposal: &Proposal, active: u32) -> u32 {
            let then = proposal.rules.needed(proposal.strength, active);
            let now = self.rules.needed(self.strength(&proposal.action), active);
            then.max(now)
        }

        fn count_ballots(&self, id: ProposalId, proposal: &mut Proposal) -> Result<(), Error> {
            let end = proposal.counted.saturating_add(BALLOTS_PER_COUNT).min(proposal.ballots);
            for index in proposal.counted..end {
                let Some(ballot) = self.ballots.get((id, index)) else { continue };
                if ballot.yes && self.is_member(ballot.member)? {
                    proposal.confirmed = proposal.confirmed.saturating_add(1);
                }
            }
            proposal.counted = end;
            Ok(())
        }
    }

    /// Changes.
    impl Doug {
        fn apply(&mut self, id: ProposalId, action: Action) -> Result<(), Error> {
            match action {
                Action::SetRole { role, contract } => self.appoint(role, Some(contract), Some(id)),
                Action::ClearRole { role } => self.appoint(role, None, Some(id)),
                Action::SetParameter(parameter) => dispatch(&RuntimeCall::SetParameter(parameter)),
                Action::ReplaceDoug { contract } => {
                    self.appoint(String::from(DOUG_ROLE), Some(contract), Some(id))?;
                    dispatch(&RuntimeCall::SetDoug(contract))
                }
                Action::RemoveMember(member) => dispatch(&RuntimeCall::ForceRemove(member)),
                Action::SetRules(rules) => {
                    self.rules = rules;
                    self.env().emit_event(RulesChanged { rules, proposal: Some(id) });
                    Ok(())
                }
            }
        }

        fn appoint(
            &mut self,
            name: String,
            contract: Option<AccountId>,
            proposal: Option<ProposalId>,
        ) -> Result<(), Error> {
            let mut role = match self.roles.get(&name) {
                Some(role) => role,
                None => {
                    let place = self.role_count;
                    self.role_count = next(place)?;
                    self.role_names.insert(place, &name);
                    Role::default()
                }
            };
            let since = self.env().block_number();
            self.history.insert((&name, role.changes), &Service { contract, since, proposal });
            role.changes = next(role.changes)?;
            role.contract = contract;
            self.roles.insert(&name, &role);
            self.env().emit_event(RoleChanged { role: name, contract, proposal });
            Ok(())
        }

        fn remember_live(&mut self, member: MemberId, id: ProposalId, ends: BlockNumber) -> Result<(), Error> {
            let now = self.env().block_number();
            let mut live = self.live.get(member).unwrap_or_default();
            live.retain(|(_, ends)| now < *ends);
            if live.len() >= MAX_LIVE_PROPOSALS {
                return Err(Error::TooManyProposals);
            }
            live.push((id, ends));
            self.live.insert(member, &live);
            Ok(())
        }

        fn forget_live(&mut self, member: MemberId, id: ProposalId) {
            let mut live = self.live.get(member).unwrap_or_default();
            live.retain(|(one, _)| *one != id);
            self.live.insert(member, &live);
        }
    }

    /// The counter after this one.
    pub(crate) fn next(counter: u32) -> Result<u32, Error> {
        counter.checked_add(1).ok_or(Error::Full)
    }
}
