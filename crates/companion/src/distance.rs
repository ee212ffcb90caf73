// SPDX-License-Identifier: Apache-2.0
//! What is still to be done so that someone who is vouched for becomes a member, beyond the vouches themselves.

use kith_chain::{Call, View, ViewError};
use kith_primitives::member::MemberId;

/// What is missing of the rule of distance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Distance {
    /// Nothing.
    Proven,
    /// Those who are to be asked are not drawn yet.
    Undrawn,
    /// No vouches link the person to enough of those asked.
    Short,
    /// This call, which anyone may make.
    Submit(Box<Call>),
}

/// Finds out, and finds the vouches that prove it.
pub(crate) async fn missing(view: &View, person: MemberId) -> Result<Distance, ViewError> {
    match view.distance(person).await? {
        None => Ok(Distance::Short),
        Some(state) if state.proven => Ok(Distance::Proven),
        Some(state) if state.asked.is_empty() && !view.has_request(person).await? => {
            Ok(Distance::Submit(Box::new(Call::RequestDistance(person))))
        }
        Some(state) if state.asked.is_empty() => Ok(Distance::Undrawn),
        Some(_) => Ok(match view.witness(person).await? {
            Some(witness) => Distance::Submit(Box::new(Call::ProveDistance { person, witness })),
            None => Distance::Short,
        }),
    }
}
