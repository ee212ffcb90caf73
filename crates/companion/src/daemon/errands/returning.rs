// SPDX-License-Identifier: Apache-2.0
//! Gives others who may read a resource the content keys back that they cannot open any more: its owner above all.

use kith_chain::{Call, SubmitError, View, ViewError};
use kith_primitives::{
    member::MemberId,
    resource::KeyEpoch,
    runtime_api::{MemberView, ResourceView},
};

use super::turns;
use crate::{companion::Companion, publishing::readers};

/// Keys returned at once, at most.
const AT_ONCE: usize = 16;

/// Why a key was not returned.
#[derive(Debug, thiserror::Error)]
pub(super) enum ReturnError {
    #[error(transparent)]
    View(#[from] ViewError),
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

/// Returns what I can, if it is my turn among those who can.
pub(super) async fn run(
    companion: &Companion,
    view: &View,
    me: MemberId,
    resource: &ResourceView,
    people: &[MemberView],
    stale: &[(MemberId, KeyEpoch)],
) -> Result<(), ReturnError> {
    let mut lost = stale.to_vec();
    if let Some(latest) = &resource.latest {
        // An owner who has no key at all of what they published can be given it, too.
        if view.wrapped_key(resource.id, resource.owner, latest.key_epoch).await?.is_none() {
            lost.push((resource.owner, latest.key_epoch));
        }
    }
    let lost = returnable(me, &lost, people);
    if lost.is_empty() {
        return Ok(());
    }
    let able = able(view.readers(resource.id).await?, resource.owner, people, stale);
    if !turns::is_mine(view.block().number, me, &able) {
        return Ok(());
    }
    let mut calls = Vec::new();
    for (reader, epoch) in lost.into_iter().take(AT_ONCE) {
        let Some(key) = companion.content_key(view, me, resource.id, epoch).await?.key() else { continue };
        let (resource, id) = (resource.id, reader.id);
        match readers::wrap(companion, &key, resource, epoch, reader) {
            Ok(wrapped_key) => calls.push(Call::ReturnKey { resource, reader: id, epoch, wrapped_key }),
            Err(cause) => tracing::warn!("member {id} cannot be returned a key: {cause}"),
        }
    }
    if !calls.is_empty() {
        companion.submit(&Call::All(calls)).await?;
    }
    Ok(())
}

/// Those of the readers who can return keys, in the order of their turns. Whoever departed or is frozen has no turn: in it
/// nothing would be returned.
fn able(
    mut granted: Vec<MemberId>,
    owner: MemberId,
    people: &[MemberView],
    stale: &[(MemberId, KeyEpoch)],
) -> Vec<MemberId> {
    let counts = |id: MemberId| people.iter().any(|one| one.id == id && readers::gets_keys(one));
    granted.retain(|id| *id != owner && counts(*id) && !stale.iter().any(|(person, _)| person == id));
    granted.sort_unstable();
    granted
}

/// The keys that others lost who may have them.
fn returnable<'a>(
    me: MemberId,
    lost: &[(MemberId, KeyEpoch)],
    people: &'a [MemberView],
) -> Vec<(&'a MemberView, KeyEpoch)> {
    let may_have = |id: MemberId| people.iter().find(|one| one.id == id && id != me && readers::gets_keys(one));
    lost.iter().filter_map(|(person, epoch)| Some((may_have(*person)?, *epoch))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publishing::readers::tests::person;
    use kith_primitives::member::Standing;

    #[test]
    fn only_readers_who_can_return_a_key_have_a_turn() {
        let mut people: Vec<_> = (0..8).map(|id| person(id, Standing::Member, false)).collect();
        people[1] = person(1, Standing::Removed, false);
        people[2] = person(2, Standing::Lapsed, false);
        people[3] = person(3, Standing::Member, true);
        // 4 owns it, 5 has new keys, 7 is no reader, and of 9 the chain shows nothing.
        let able = able(vec![6, 3, 0, 2, 5, 1, 4, 9], 4, &people, &[(5, 7)]);
        assert_eq!(able, [0, 6]);
        let has_a_turn = |block| [0, 6].iter().any(|one| turns::is_mine(block, *one, &able));
        assert!((0..100).all(has_a_turn));
    }

    #[test]
    fn keys_go_back_to_members_whose_key_counts_and_to_nobody_else() {
        let people = [
            person(0, Standing::Member, false),
            person(1, Standing::Member, false),
            person(2, Standing::Member, true),
            person(3, Standing::Lapsed, false),
            person(4, Standing::Removed, false),
        ];
        let lost: Vec<_> = (0..6).map(|id| (id, 7)).collect();
        let back: Vec<_> = returnable(1, &lost, &people).iter().map(|(one, epoch)| (one.id, *epoch)).collect();
        assert_eq!(back, [(0, 7)]);
    }
}
