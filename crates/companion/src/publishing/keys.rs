// SPDX-License-Identifier: Apache-2.0
//! Which content key an owner's next version is encrypted with.
//!
//! A key that was lost is never replaced in its epoch: others may hold it, and what was published under it must stay theirs
//! to read. The owner opens a new epoch instead, by ending the right they gave themselves.

use kith_chain::{Call, View, ViewError};
use kith_primitives::{
    resource::{KeyEpoch, ResourceId},
    runtime_api::{MemberView, ResourceView},
};
use kith_store::content_id;
use kith_vault::{Binding, ContentKey};

use super::readers::{wrapped, GrantError};
use crate::{
    companion::{Companion, Held},
    reading,
};

/// What an owner does about the key of the epoch in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// Use the one there is.
    Use,
    /// Make one: the epoch has none yet.
    Make,
    /// Open a new epoch and make one: this epoch has one, which is lost.
    Renew,
}

/// `used` tells whether a version was published under the epoch in force.
fn step(held: &Held, used: bool) -> Step {
    match held {
        Held::Key(_) => Step::Use,
        Held::Nothing if !used => Step::Make,
        Held::Nothing | Held::Sealed => Step::Renew,
    }
}

/// Whether the owner has to make a key so that readers can be given one: nobody has one of the epoch in force.
pub(crate) fn is_to_be_made(held: &Held, resource: &ResourceView) -> bool {
    step(held, is_used(resource)) == Step::Make
}

fn is_used(resource: &ResourceView) -> bool {
    resource.latest.as_ref().is_some_and(|latest| latest.key_epoch == resource.key_epoch)
}

/// The key of the epoch in force, which is a new one if it must be, and that epoch. The owner has it when this returns; the
/// readers do not yet.
pub(crate) async fn in_force(
    companion: &Companion,
    me: &MemberView,
    resource: ResourceId,
) -> Result<(KeyEpoch, ContentKey), GrantError> {
    let _alone = companion.keying.lock().await;
    let view = companion.link.view().await?;
    let missing = ViewError::Missing { what: "the resource", block: view.block().number };
    let resource = view.resource(resource).await?.ok_or(missing)?;
    let epoch = resource.key_epoch;
    let held = held(companion, &view, me, &resource).await?;
    let step = step(&held, is_used(&resource));
    if let Held::Key(key) = held {
        return Ok((epoch, key));
    }
    let key = ContentKey::generate(&mut rand::rngs::OsRng);
    let (mut calls, mut next) = (Vec::new(), epoch);
    if step == Step::Renew {
        if matches!(held, Held::Nothing) {
            // A right to be ended; nothing is ever published under what it holds.
            let passing = ContentKey::generate(&mut rand::rngs::OsRng);
            calls.push(wrapped(companion, &passing, resource.id, epoch, me)?);
        }
        calls.push(Call::RevokeGrant { resource: resource.id, reader: me.id });
        next = epoch.saturating_add(1);
    }
    calls.push(wrapped(companion, &key, resource.id, next, me)?);
    companion.submit(&Call::All(calls)).await?;
    Ok((next, key))
}

/// What the owner has of the key of the epoch in force. One that does not open what was published under it is not that key,
/// whoever returned it.
async fn held(
    companion: &Companion,
    view: &View,
    me: &MemberView,
    resource: &ResourceView,
) -> Result<Held, GrantError> {
    let held = companion.content_key(view, me.id, resource.id, resource.key_epoch).await?;
    let (Held::Key(key), Some(latest)) = (&held, resource.latest.as_ref().filter(|_| is_used(resource))) else {
        return Ok(held);
    };
    let Ok(root) = content_id::from_bytes(&latest.content) else { return Ok(held) };
    let binding = Binding { resource: resource.id, version: latest.number };
    let fits = reading::fits(&companion.store, root, binding, key).await;
    match fits {
        Ok(false) => Ok(Held::Sealed),
        Ok(true) => Ok(held),
        Err(cause) => {
            tracing::debug!("whether the key of resource {} is the right one cannot be seen now: {cause}", resource.id);
            Ok(held)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{companion::tests::alone, daemon::link::LinkError, publishing::readers::tests::person};
    use kith_primitives::member::Standing;

    #[test]
    fn a_key_is_made_once_for_an_epoch_and_a_lost_one_never_replaced_in_it() {
        let key = || Held::Key(ContentKey::generate(&mut rand::rngs::OsRng));
        assert_eq!((step(&key(), false), step(&key(), true)), (Step::Use, Step::Use));
        assert_eq!((step(&Held::Nothing, false), step(&Held::Nothing, true)), (Step::Make, Step::Renew));
        assert_eq!((step(&Held::Sealed, false), step(&Held::Sealed, true)), (Step::Renew, Step::Renew));
    }

    #[tokio::test]
    async fn no_key_is_made_without_looking_at_the_chain() {
        let (_dir, companion) = alone().await;
        let me = person(1, Standing::Member, false);
        let refused = in_force(&companion, &me, 1).await;
        assert!(matches!(refused, Err(GrantError::Link(LinkError::Disconnected { .. }))));
    }

    #[test]
    fn a_key_is_made_without_being_asked_only_where_nobody_has_one() {
        use kith_primitives::{
            resource::{Kind, Visibility},
            runtime_api::VersionView,
        };
        let version =
            VersionView { number: 1, key_epoch: 4, content: Vec::new(), commitment: [0; 32], chunks: 1, published: 1 };
        let mut resource = ResourceView {
            id: 1,
            owner: 1,
            kind: Kind::File,
            visibility: Visibility::Private,
            name: None,
            key_epoch: 5,
            latest: Some(version),
            lease_until: 9,
        };
        assert!(is_to_be_made(&Held::Nothing, &resource) && !is_to_be_made(&Held::Sealed, &resource));
        resource.key_epoch = 4;
        assert!(!is_to_be_made(&Held::Nothing, &resource) && !is_to_be_made(&Held::Sealed, &resource));
    }
}
