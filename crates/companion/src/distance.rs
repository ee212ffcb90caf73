// SPDX-License-Identifier: Apache-2.0
//! What is still to be done so that someone who is vouched for becomes a member, or stays one, beyond the vouches
//! themselves.

use kith_chain::{Call, View, ViewError};
use kith_primitives::member::MemberId;

/// What is missing of the rule of distance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Distance {
    /// Nothing.
    Proven,
    /// Those who are to be asked are not drawn yet, or their time is over and it is too early to ask anew.
    Undrawn,
    /// No vouches link the person to enough of those asked.
    Short,
    /// This call, which anyone may make.
    Submit(Box<Call>),
}

/// Finds out, and finds the vouches that prove it.
pub(crate) async fn missing(view: &View, person: MemberId) -> Result<Distance, ViewError> {
    let Some(state) = view.distance(person).await? else { return Ok(Distance::Short) };
    if state.proven {
        return Ok(Distance::Proven);
    }
    if state.asked.is_empty() && view.may_request(person).await? {
        return Ok(Distance::Submit(Box::new(Call::RequestDistance(person))));
    }
    Ok(match view.witness(person).await? {
        // Where nobody is a referee, as among two, it is empty.
        Some(witness) => Distance::Submit(Box::new(Call::ProveDistance { person, witness })),
        None if state.asked.is_empty() => Distance::Undrawn,
        None => Distance::Short,
    })
}
