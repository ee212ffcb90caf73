// SPDX-License-Identifier: Apache-2.0
//! How a change becomes the bytes of a call, once the chain's metadata was found to agree with ours.

use codec::{Compact, Encode};
use kith_primitives::{
    distance::{Step, Witness},
    resource::WrappedKey,
    AccountId,
};
use subxt::{
    client::OnlineClientAtBlockImpl,
    error::ExtrinsicError,
    transactions::{Payload, TransactionsClient},
    utils::{AccountId32, Static},
    SubstrateConfig,
};

use super::{Call, OverrideAction, Proposal};
use crate::api::kith::{
    self,
    runtime_types::{
        bounded_collections::bounded_vec::BoundedVec, pallet_kith_constitution::types::OverrideAction as Action,
        pallet_kith_membership::types::MotionProposal, sp_runtime::MultiSignature,
    },
};

/// The chain's transactions at one block.
type Transactions = TransactionsClient<SubstrateConfig, OnlineClientAtBlockImpl<SubstrateConfig>>;

/// Bytes before the arguments of an encoded call: its pallet's index and its own.
const INDICES: usize = 2;

impl Call {
    /// The bytes of the call.
    pub(crate) fn encode(&self, chain: &Transactions) -> Result<Vec<u8>, ExtrinsicError> {
        let calls = kith::transactions();
        let (membership, vouching, resources) = (calls.membership(), calls.vouching(), calls.resources());
        match self.clone() {
            Self::Sponsor { application, signature } => {
                checked(chain, &membership.sponsor(Static(application), sr25519(signature)))
            }
            Self::SubmitCertificate { certificate, application_signature, signatures } => {
                let signatures =
                    signatures.into_iter().map(|(signer, signature)| (account(signer), sr25519(signature)));
                let signatures = BoundedVec(signatures.collect());
                let signed = sr25519(application_signature);
                checked(chain, &membership.submit_certificate(Static(certificate), signed, signatures))
            }
            Self::PruneCandidate(person) => checked(chain, &membership.prune_candidate(person)),
            Self::Leave => checked(chain, &membership.leave()),
            Self::ChooseGuardians(guardians) => checked(chain, &membership.choose_guardians(BoundedVec(guardians))),
            Self::OpenMotion { person, proposal } => {
                let proposal = match proposal {
                    Proposal::Freeze => MotionProposal::Freeze,
                    Proposal::Unfreeze => MotionProposal::Unfreeze,
                    Proposal::NewKey { key, signature } => {
                        MotionProposal::NewKey { key: Static(key), signature: sr25519(signature) }
                    }
                };
                checked(chain, &membership.open_motion(person, proposal))
            }
            Self::ApproveMotion { person, motion } => checked(chain, &membership.approve_motion(person, motion)),
            Self::CompleteMotion { person, motion } => checked(chain, &membership.complete_motion(person, motion)),
            Self::VetoMotion(motion) => checked(chain, &membership.veto_motion(motion)),
            Self::CloseMotion { person, motion } => checked(chain, &membership.close_motion(person, motion)),
            Self::RevokeKey { account: owner, signature } => {
                checked(chain, &membership.revoke_key(account(owner), sr25519(signature)))
            }
            Self::BindDevice { device, signature } => {
                checked(chain, &membership.bind_device(Static(device), signature))
            }
            Self::UnbindDevice(device) => checked(chain, &membership.unbind_device(Static(device))),
            Self::Vouch(subject) => checked(chain, &vouching.vouch(subject)),
            Self::RenewVouch(subject) => checked(chain, &vouching.renew(subject)),
            Self::WithdrawVouch(subject) => checked(chain, &vouching.withdraw(subject)),
            Self::Reconsider(subject) => checked(chain, &vouching.reconsider(subject)),
            Self::RequestDistance(person) => checked(chain, &vouching.request_distance(person)),
            Self::ProveDistance { person, witness } => {
                checked(chain, &vouching.prove_distance(person, BoundedVec(steps(witness))))
            }
            Self::Init { kind, visibility, name } => {
                checked(chain, &resources.init(Static(kind), Static(visibility), name.map(Static)))
            }
            Self::Publish { resource, number, epoch, content, commitment } => {
                checked(chain, &resources.publish(resource, number, epoch, Static(content), Static(commitment)))
            }
            Self::Refresh(resource) => checked(chain, &resources.refresh(resource)),
            Self::Subscribe(resource) => checked(chain, &resources.subscribe(resource)),
            Self::Unsubscribe(resource) => checked(chain, &resources.unsubscribe(resource)),
            Self::Grant { resource, reader, epoch, wrapped_key } => {
                checked(chain, &resources.grant(resource, reader, epoch, wrapped(wrapped_key)))
            }
            Self::RevokeGrant { resource, reader } => checked(chain, &resources.revoke_grant(resource, reader)),
            Self::ReturnKey { resource, reader, epoch, wrapped_key } => {
                checked(chain, &resources.return_key(resource, reader, epoch, wrapped(wrapped_key)))
            }
            Self::RejectKey { resource, epoch } => checked(chain, &resources.reject_key(resource, epoch)),
            Self::Stand => checked(chain, &calls.validators().stand()),
            Self::StandDown => checked(chain, &calls.validators().stand_down()),
            Self::SetSessionKeys { keys, proof } => checked(chain, &calls.session().set_keys(Static(keys), proof)),
            Self::ProposeOverride(action) => {
                let action = match action {
                    OverrideAction::SetParameter(parameter) => Action::SetParameter(Static(parameter)),
                    OverrideAction::SetDoug(doug) => Action::SetDoug(account(doug)),
                    OverrideAction::RemoveMember(person) => Action::RemoveMember(person),
                };
                checked(chain, &calls.constitution().propose_override(action))
            }
            Self::ApproveOverride(id) => checked(chain, &calls.constitution().approve_override(id)),
            Self::WithdrawApproval(id) => checked(chain, &calls.constitution().withdraw_approval(id)),
            Self::All(calls) => all(chain, &calls),
        }
    }
}

/// A batch of calls. Its own arguments differ whenever any call of the chain does, so only what is in it is checked.
fn all(chain: &Transactions, calls: &[Call]) -> Result<Vec<u8>, ExtrinsicError> {
    let mut bytes = chain.call_data(&kith::transactions().utility().batch_all(Vec::new()))?;
    bytes.truncate(INDICES);
    Compact(u32::try_from(calls.len()).unwrap_or(u32::MAX)).encode_to(&mut bytes);
    for call in calls {
        bytes.extend(call.encode(chain)?);
    }
    Ok(bytes)
}

fn checked(chain: &Transactions, call: &impl Payload) -> Result<Vec<u8>, ExtrinsicError> {
    chain.validate(call)?;
    chain.call_data(call)
}

fn account(account: AccountId) -> AccountId32 {
    AccountId32(account.into())
}

fn sr25519(signature: [u8; 64]) -> MultiSignature {
    MultiSignature::Sr25519(signature)
}

fn wrapped(key: WrappedKey) -> BoundedVec<u8> {
    BoundedVec(key.into_inner())
}

fn steps(witness: Witness) -> Vec<Static<Step>> {
    witness.into_iter().map(Static).collect()
}
