// SPDX-License-Identifier: GPL-3.0-or-later WITH Classpath-exception-2.0
//! The shapes of the answers: bytes in hexadecimal, amounts as decimal text (they exceed what JSON numbers keep), CIDs and
//! addresses as people write them.

use kith_primitives::{
    device::DeviceId,
    member::{MemberId, Standing},
    resource::{KeyEpoch, Kind, ResourceId, VersionNumber, Visibility},
    runtime_api::{ChallengeView, HolderView, MemberView, ResourceView, VersionView},
    BlockNumber,
};
use kith_store::{Cid, Store};
use serde::Serialize;
use sp_core::crypto::Ss58Codec;

/// A person.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::rpc) struct Member {
    id: MemberId,
    account: String,
    encryption_key: String,
    standing: Standing,
    vouches: u32,
    devices: Vec<String>,
    quota: String,
    frozen: bool,
    keyed_at: BlockNumber,
    /// The block in which a member lapses, who lacks vouches or a proof of distance.
    lapses_at: Option<BlockNumber>,
}

/// A resource.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::rpc) struct Resource {
    id: ResourceId,
    owner: MemberId,
    kind: Kind,
    visibility: Visibility,
    name: Option<String>,
    key_epoch: KeyEpoch,
    latest: Option<Version>,
    lease_until: BlockNumber,
}

/// A version of a resource.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::rpc) struct Version {
    number: VersionNumber,
    key_epoch: KeyEpoch,
    cid: String,
    commitment: String,
    chunks: u32,
    published: BlockNumber,
}

/// A member who promised to keep a resource.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::rpc) struct Holder {
    provider: MemberId,
    version: VersionNumber,
    devices: Vec<String>,
}

/// What a provider is asked.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::rpc) struct Challenge {
    resource: ResourceId,
    version: VersionNumber,
    chunk: u32,
    answered: bool,
}

/// The store inside the node.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::rpc) struct StorePeer {
    peer_id: String,
    /// Where it listens, with its peer id: what another store connects to.
    addresses: Vec<String>,
}

/// Bytes as `0x` and hexadecimal digits.
pub(super) fn hex_text(bytes: &[u8]) -> String {
    format!("0x{}", hex::encode(bytes))
}

fn devices(devices: &[DeviceId]) -> Vec<String> {
    devices.iter().map(|device| hex_text(&device.0)).collect()
}

impl From<MemberView> for Member {
    fn from(view: MemberView) -> Self {
        Self {
            id: view.id,
            account: view.account.to_ss58check_with_version(kith_runtime::configs::SS58_PREFIX.into()),
            encryption_key: hex_text(&view.encryption_key.0),
            standing: view.standing,
            vouches: view.vouches,
            devices: devices(&view.devices),
            quota: view.quota.to_string(),
            frozen: view.frozen,
            keyed_at: view.keyed_at,
            lapses_at: view.lapses_at,
        }
    }
}

impl From<ResourceView> for Resource {
    fn from(view: ResourceView) -> Self {
        Self {
            id: view.id,
            owner: view.owner,
            kind: view.kind,
            visibility: view.visibility,
            name: view.name.map(|name| String::from_utf8_lossy(&name).into_owned()),
            key_epoch: view.key_epoch,
            latest: view.latest.map(Version::from),
            lease_until: view.lease_until,
        }
    }
}

impl From<VersionView> for Version {
    fn from(view: VersionView) -> Self {
        Self {
            number: view.number,
            key_epoch: view.key_epoch,
            // The chain takes only CIDs that parse; should one not, its bytes are still worth showing.
            cid: Cid::try_from(view.content.as_slice()).map_or_else(|_| hex_text(&view.content), |cid| cid.to_string()),
            commitment: hex_text(&view.commitment),
            chunks: view.chunks,
            published: view.published,
        }
    }
}

impl From<HolderView> for Holder {
    fn from(view: HolderView) -> Self {
        Self { provider: view.provider, version: view.version, devices: devices(&view.devices) }
    }
}

impl From<ChallengeView> for Challenge {
    fn from(view: ChallengeView) -> Self {
        let ChallengeView { resource, version, chunk, answered } = view;
        Self { resource, version, chunk, answered }
    }
}

impl From<&Store> for StorePeer {
    fn from(store: &Store) -> Self {
        Self {
            peer_id: store.local_peer().to_string(),
            addresses: store.listen_addrs().iter().map(ToString::to_string).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kith_primitives::{member::EncryptionKey, AccountId};
    use serde_json::json;

    #[test]
    fn a_member_is_shown_as_people_write_it() {
        let member = Member::from(MemberView {
            id: 7,
            account: AccountId::new([1; 32]),
            encryption_key: EncryptionKey([2; 32]),
            standing: Standing::Member,
            vouches: 3,
            devices: vec![DeviceId([3; 32])],
            quota: u128::MAX,
            frozen: false,
            keyed_at: 0,
            lapses_at: None,
        });
        let shown = serde_json::to_value(member).unwrap();
        assert_eq!(shown["quota"], u128::MAX.to_string());
        assert_eq!(shown["devices"], json!([format!("0x{}", "03".repeat(32))]));
        assert_eq!(shown["standing"], "member");
        assert_eq!(
            shown["account"],
            AccountId::new([1; 32]).to_ss58check_with_version(kith_runtime::configs::SS58_PREFIX.into())
        );
    }

    #[test]
    fn a_version_names_its_content_by_cid() {
        let content = [&[1, 0x55, 0x12, 32][..], &[7; 32]].concat();
        let view = VersionView { number: 1, key_epoch: 0, content, commitment: [9; 32], chunks: 4, published: 5 };
        let shown = serde_json::to_value(Version::from(view)).unwrap();
        assert!(shown["cid"].as_str().unwrap().starts_with("bafkrei"), "{shown}");
        assert_eq!(shown["keyEpoch"], 0);
    }
}
