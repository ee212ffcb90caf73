// SPDX-License-Identifier: Apache-2.0
//! Who gets the content keys of a resource, and how they reach them.

use std::collections::{BTreeMap, HashSet};

use kith_chain::{Call, SubmitError, View, ViewError};
use kith_primitives::{
    member::{MemberId, Standing},
    resource::{KeyEpoch, ResourceId, Visibility, WrappedKey},
    runtime_api::{MemberView, ResourceView},
};
use kith_vault::{ContentKey, WrapContext, WrapError};

use crate::{companion::Companion, daemon::link::LinkError};

/// Grants in one transaction at most: a small part of a block.
const GRANTS_AT_ONCE: usize = 64;

/// Why a key did not reach a reader.
#[derive(Debug, thiserror::Error)]
pub(crate) enum GrantError {
    #[error(transparent)]
    Wrap(#[from] WrapError),
    #[error(transparent)]
    Link(#[from] LinkError),
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

impl From<ViewError> for GrantError {
    fn from(cause: ViewError) -> Self {
        Self::Link(cause.into())
    }
}

/// The readers who lack a key, by the key's epoch.
pub(crate) type Owed = BTreeMap<KeyEpoch, Vec<MemberView>>;

/// The epochs whose keys every reader needs: that of the latest version, and the one in force.
pub(crate) fn needed(resource: &ResourceView) -> Vec<KeyEpoch> {
    match &resource.latest {
        Some(latest) if latest.key_epoch != resource.key_epoch => vec![latest.key_epoch, resource.key_epoch],
        _ => vec![resource.key_epoch],
    }
}

/// Those of `people` who may read an encrypted resource of mine, besides me: its `readers`, or every member.
pub(crate) fn entitled(
    people: &[MemberView],
    me: MemberId,
    resource: &ResourceView,
    readers: &[MemberId],
) -> Vec<MemberView> {
    let everyone = resource.visibility == Visibility::Members;
    let may_read = |one: &&MemberView| one.id != me && gets_keys(one) && (everyone || readers.contains(&one.id));
    people.iter().filter(may_read).cloned().collect()
}

/// Whether someone is a member, and still one; not while their key is frozen, since it may be a thief's.
pub(crate) fn gets_keys(one: &MemberView) -> bool {
    one.standing == Standing::Member && !one.frozen
}

/// Which keys those entitled lack: not wrapped for them, or, as `stale` says, not to be opened by them.
pub(crate) async fn owed(
    view: &View,
    resource: &ResourceView,
    entitled: &[MemberView],
    stale: &[(MemberId, KeyEpoch)],
) -> Result<Owed, ViewError> {
    let (needed, mut held) = (needed(resource), HashSet::new());
    for reader in entitled {
        for epoch in &needed {
            if view.wrapped_key(resource.id, reader.id, *epoch).await?.is_some() {
                held.insert((reader.id, *epoch));
            }
        }
    }
    Ok(lacking(entitled, &needed, &held, stale))
}

fn lacking(
    entitled: &[MemberView],
    needed: &[KeyEpoch],
    held: &HashSet<(MemberId, KeyEpoch)>,
    stale: &[(MemberId, KeyEpoch)],
) -> Owed {
    let mut owed = Owed::new();
    for reader in entitled {
        let lost = stale.iter().filter(|(person, _)| *person == reader.id).map(|(_, epoch)| *epoch);
        let missing = needed.iter().copied().filter(|epoch| !held.contains(&(reader.id, *epoch)));
        let epochs: HashSet<KeyEpoch> = lost.chain(missing).collect();
        for epoch in epochs {
            owed.entry(epoch).or_default().push(reader.clone());
        }
    }
    owed
}

/// Grants what is owed, as far as one has the keys oneself. Says whether anything was granted.
pub(crate) async fn grant_owed(
    companion: &Companion,
    view: &View,
    me: MemberId,
    resource: ResourceId,
    owed: &Owed,
) -> Result<bool, GrantError> {
    let mut grants = Vec::new();
    for (epoch, readers) in owed {
        let Some(key) = companion.content_key(view, me, resource, *epoch).await?.key() else { continue };
        for reader in readers {
            // One whose key nothing can be wrapped to is left out, so that nobody keeps the others from reading.
            match wrapped(companion, &key, resource, *epoch, reader) {
                Ok(call) => grants.push(call),
                Err(cause) => tracing::warn!("member {} cannot be granted resource {resource}: {cause}", reader.id),
            }
        }
    }
    for some in grants.chunks(GRANTS_AT_ONCE) {
        companion.submit(&Call::All(some.to_vec())).await?;
    }
    Ok(!grants.is_empty())
}

/// The call that grants a reader the key of one epoch.
pub(crate) fn wrapped(
    companion: &Companion,
    key: &ContentKey,
    resource: ResourceId,
    epoch: KeyEpoch,
    reader: &MemberView,
) -> Result<Call, WrapError> {
    let wrapped_key = wrap(companion, key, resource, epoch, reader)?;
    Ok(Call::Grant { resource, reader: reader.id, epoch, wrapped_key })
}

/// The key of one epoch, wrapped for a reader.
pub(crate) fn wrap(
    companion: &Companion,
    key: &ContentKey,
    resource: ResourceId,
    epoch: KeyEpoch,
    reader: &MemberView,
) -> Result<WrappedKey, WrapError> {
    let context = WrapContext { community: companion.genesis, resource, epoch, reader: reader.id };
    let wrapped = key.wrap(&reader.encryption_key.0, &context, &mut rand::rngs::OsRng)?;
    Ok(WrappedKey::truncate_from(wrapped.0.to_vec()))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::companion::tests::alone;
    use kith_primitives::{member::EncryptionKey, resource::Kind, runtime_api::VersionView, AccountId};

    pub(crate) fn person(id: u32, standing: Standing, frozen: bool) -> MemberView {
        MemberView {
            id,
            account: AccountId::new([0; 32]),
            encryption_key: EncryptionKey([0; 32]),
            standing,
            vouches: 0,
            devices: Vec::new(),
            quota: 0,
            frozen,
            keyed_at: 0,
            lapses_at: None,
        }
    }

    pub(crate) fn resource(visibility: Visibility, latest: Option<KeyEpoch>, key_epoch: KeyEpoch) -> ResourceView {
        let version = |key_epoch| VersionView {
            number: 1,
            key_epoch,
            content: Vec::new(),
            commitment: [0; 32],
            chunks: 1,
            published: 1,
        };
        ResourceView {
            id: 1,
            owner: 1,
            kind: Kind::File,
            visibility,
            name: None,
            key_epoch,
            latest: latest.map(version),
            lease_until: 9,
        }
    }

    fn ids(people: &[MemberView]) -> Vec<u32> {
        people.iter().map(|one| one.id).collect()
    }

    #[test]
    fn nobody_who_left_or_has_not_come_yet_or_is_frozen_is_granted_a_key() {
        let standings = [Standing::Member, Standing::Member, Standing::Candidate, Standing::Lapsed, Standing::Removed];
        let mut people: Vec<_> = (0..).zip(standings).map(|(id, standing)| person(id, standing, false)).collect();
        people.push(person(5, Standing::Member, true));
        people.push(person(6, Standing::Member, false));
        let for_all = resource(Visibility::Members, None, 0);
        assert_eq!(ids(&entitled(&people, 1, &for_all, &[])), [0, 6]);
        let for_some = resource(Visibility::Private, None, 0);
        assert_eq!(ids(&entitled(&people, 1, &for_some, &[0, 1, 2, 3, 4, 5])), [0]);
    }

    #[tokio::test]
    async fn a_key_is_not_wrapped_to_nobodys_secret() {
        let (_dir, companion) = alone().await;
        let key = ContentKey::generate(&mut rand::rngs::OsRng);
        let unreachable = person(2, Standing::Member, false);
        let refused = wrapped(&companion, &key, 1, 0, &unreachable).map_err(GrantError::from);
        assert!(matches!(refused, Err(GrantError::Wrap(WrapError::WeakPublicKey))));
    }

    #[test]
    fn readers_need_the_key_of_what_there_is_and_of_what_will_be() {
        assert_eq!(needed(&resource(Visibility::Private, None, 3)), [3]);
        assert_eq!(needed(&resource(Visibility::Private, Some(3), 3)), [3]);
        assert_eq!(needed(&resource(Visibility::Private, Some(1), 3)), [1, 3]);
    }

    #[test]
    fn keys_that_are_missing_or_cannot_be_opened_are_owed_and_no_others() {
        let people = [person(2, Standing::Member, false), person(3, Standing::Member, false)];
        let held = HashSet::from([(2, 4), (2, 5), (3, 4)]);
        // Reader 2 got new keys after 4 and an older one were wrapped; person 9 is no reader any more.
        let owed = lacking(&people, &[4, 5], &held, &[(2, 4), (2, 1), (9, 4)]);
        let told: Vec<_> = owed.iter().map(|(epoch, readers)| (*epoch, ids(readers))).collect();
        assert_eq!(told, [(1, vec![2]), (4, vec![2]), (5, vec![3])]);
        assert!(lacking(&people, &[4], &held, &[]).is_empty());
    }
}
