// SPDX-License-Identifier: Apache-2.0
//! Sees to it that everyone who may read its person's resources has the content keys for it, and nobody else gets them: after
//! somebody departed, after somebody got new keys, and when somebody came.

use std::collections::HashMap;

use kith_chain::View;
use kith_primitives::{
    member::MemberId,
    resource::{KeyEpoch, ResourceId},
    runtime_api::{MemberView, ResourceView},
    BlockNumber,
};

use crate::{
    companion::Companion,
    publishing::{keys, readers, GrantError},
};

/// Resources remembered to be in order, at most; then all are looked at anew.
const MOST: usize = 4096;

/// All that decides who lacks which key. While it is the same as when nobody lacked any that can be given, nobody does.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Seen {
    needed: Vec<KeyEpoch>,
    readers: Vec<MemberId>,
    entitled: Vec<(MemberId, BlockNumber)>,
    stale: Vec<(MemberId, KeyEpoch)>,
}

/// Makes the key of a new epoch, or grants the keys that are owed.
pub(super) async fn run(
    companion: &Companion,
    view: &View,
    me: &MemberView,
    resource: &ResourceView,
    people: &[MemberView],
    stale: Vec<(MemberId, KeyEpoch)>,
    in_order: &mut HashMap<ResourceId, Seen>,
) -> Result<(), GrantError> {
    let of = view.readers(resource.id).await?;
    let entitled = readers::entitled(people, me.id, resource, &of);
    let seen = Seen {
        needed: readers::needed(resource),
        readers: of,
        entitled: entitled.iter().map(|one| (one.id, one.keyed_at)).collect(),
        stale,
    };
    if in_order.get(&resource.id) == Some(&seen) {
        return Ok(());
    }
    let held = companion.content_key(view, me.id, resource.id, resource.key_epoch).await?;
    if keys::is_to_be_made(&held, resource) {
        keys::in_force(companion, me, resource.id).await?;
        // The others get it in the next round, by the chain as it is then.
        return Ok(());
    }
    let owed = readers::owed(view, resource, &entitled, &seen.stale).await?;
    if !readers::grant_owed(companion, view, me.id, resource.id, &owed).await? {
        if in_order.len() >= MOST {
            in_order.clear();
        }
        in_order.insert(resource.id, seen);
    }
    Ok(())
}
