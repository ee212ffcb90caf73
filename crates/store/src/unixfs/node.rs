// SPDX-License-Identifier: Apache-2.0
//! What one block of a file or a directory says.

use crate::{
    blocks::Block,
    content_id::{self, CidError, RAW},
    protobuf::{self, Malformed},
};
use bytes::Bytes;
use cid::Cid;
use thiserror::Error;

/// Fields of a dag-pb node and of its links.
mod pb {
    pub(super) const NODE_DATA: u64 = 1;
    pub(super) const NODE_LINK: u64 = 2;
    pub(super) const LINK_HASH: u64 = 1;
    pub(super) const LINK_NAME: u64 = 2;
    pub(super) const LINK_SIZE: u64 = 3;
}

/// Fields and kinds of the UnixFS message inside a node's data.
mod fs {
    pub(super) const KIND: u64 = 1;
    pub(super) const DATA: u64 = 2;
    pub(super) const FILE_SIZE: u64 = 3;
    pub(super) const BLOCK_SIZES: u64 = 4;
    pub(super) const KIND_RAW: u64 = 0;
    pub(super) const KIND_DIRECTORY: u64 = 1;
    pub(super) const KIND_FILE: u64 = 2;
}

/// Why a block is not a node this store understands.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum NodeError {
    /// The bytes do not decode, or contradict themselves.
    #[error("block {cid} is not a valid file or directory node")]
    Malformed {
        /// The block.
        cid: Cid,
    },
    /// A link names content the store refuses.
    #[error("block {cid} links to refused content: {source}")]
    Link {
        /// The block that holds the link.
        cid: Cid,
        /// Why the link is refused.
        source: CidError,
    },
    /// A sharded directory, a symbolic link or another kind that is not supported.
    #[error("block {cid} is of UnixFS kind {kind}, which is not supported; add the folder again, in smaller directories and without symbolic links")]
    Unsupported {
        /// The block.
        cid: Cid,
        /// The kind's number in the UnixFS specification.
        kind: u64,
    },
}

/// A named reference to another node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) cid: Cid,
    /// Empty in files.
    pub(crate) name: String,
    /// Bytes of all blocks below, counted once for each link.
    pub(crate) tree_bytes: u64,
}

/// A child of a file's node: `bytes` of the file are below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Child {
    pub(crate) cid: Cid,
    pub(crate) bytes: u64,
}

/// A block, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    /// `data` comes before the children; `bytes` is the length of both together.
    File {
        data: Bytes,
        children: Vec<Child>,
        bytes: u64,
    },
    Directory(Vec<Link>),
}

/// What a finished subtree is to its parent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) cid: Cid,
    /// Bytes of the file, or 0 for a directory.
    pub(crate) bytes: u64,
    /// Bytes of all its blocks.
    pub(crate) tree_bytes: u64,
}

impl Part {
    pub(crate) fn leaf(block: &Block) -> Self {
        let bytes = block.bytes().len() as u64;
        Self { cid: *block.cid(), bytes, tree_bytes: bytes }
    }
}

/// The links of a block, in order. Raw blocks have none.
pub(crate) fn links(block: &Block) -> Result<Vec<Cid>, NodeError> {
    if block.cid().codec() == RAW {
        return Ok(Vec::new());
    }
    let (links, _) = decode_pb(block)?;
    Ok(links.into_iter().map(|link| link.cid).collect())
}

/// Understands a block.
pub(crate) fn decode(block: &Block) -> Result<Node, NodeError> {
    if block.cid().codec() == RAW {
        let data = block.bytes().clone();
        return Ok(Node::File { bytes: data.len() as u64, data, children: Vec::new() });
    }
    let (links, data) = decode_pb(block)?;
    let cid = *block.cid();
    let unixfs = decode_fs(data.unwrap_or_default()).map_err(|Malformed| NodeError::Malformed { cid })?;
    match unixfs.kind {
        fs::KIND_DIRECTORY => Ok(Node::Directory(links)),
        fs::KIND_FILE | fs::KIND_RAW => file(links, unixfs).ok_or(NodeError::Malformed { cid }),
        kind => Err(NodeError::Unsupported { cid, kind }),
    }
}

/// The node above `children`, and what it is to its own parent.
pub(crate) fn encode_file(children: &[Part]) -> (Bytes, Part) {
    let bytes = children.iter().map(|child| child.bytes).sum();
    let mut unixfs = Vec::new();
    protobuf::put_number(&mut unixfs, fs::KIND, fs::KIND_FILE);
    protobuf::put_number(&mut unixfs, fs::FILE_SIZE, bytes);
    for child in children {
        protobuf::put_number(&mut unixfs, fs::BLOCK_SIZES, child.bytes);
    }
    encode_pb(children.iter().map(|child| ("", child)), &unixfs, bytes)
}

/// The node of a directory. `entries` must come in the order of the bytes of their names.
pub(crate) fn encode_directory(entries: &[(String, Part)]) -> (Bytes, Part) {
    let mut unixfs = Vec::new();
    protobuf::put_number(&mut unixfs, fs::KIND, fs::KIND_DIRECTORY);
    encode_pb(entries.iter().map(|(name, part)| (name.as_str(), part)), &unixfs, 0)
}

fn encode_pb<'a>(links: impl Iterator<Item = (&'a str, &'a Part)>, unixfs: &[u8], bytes: u64) -> (Bytes, Part) {
    let (mut node, mut link, mut below) = (Vec::new(), Vec::new(), 0);
    for (name, part) in links {
        link.clear();
        protobuf::put_bytes(&mut link, pb::LINK_HASH, &part.cid.to_bytes());
        protobuf::put_bytes(&mut link, pb::LINK_NAME, name.as_bytes());
        protobuf::put_number(&mut link, pb::LINK_SIZE, part.tree_bytes);
        protobuf::put_bytes(&mut node, pb::NODE_LINK, &link);
        below += part.tree_bytes;
    }
    protobuf::put_bytes(&mut node, pb::NODE_DATA, unixfs);
    let cid = content_id::of(content_id::DAG_PB, &node);
    let tree_bytes = below + node.len() as u64;
    (node.into(), Part { cid, bytes, tree_bytes })
}

fn decode_pb(block: &Block) -> Result<(Vec<Link>, Option<Bytes>), NodeError> {
    let cid = *block.cid();
    let malformed = |Malformed| NodeError::Malformed { cid };
    let (mut links, mut data) = (Vec::new(), None);
    for field in protobuf::fields(block.bytes()) {
        let (number, value) = field.map_err(malformed)?;
        let bytes = value.bytes().map_err(malformed)?;
        match number {
            pb::NODE_LINK => links.push(decode_link(cid, bytes)?),
            pb::NODE_DATA if data.is_none() => data = Some(block.bytes().slice_ref(bytes)),
            _ => return Err(NodeError::Malformed { cid }),
        }
    }
    Ok((links, data))
}

fn decode_link(cid: Cid, bytes: &[u8]) -> Result<Link, NodeError> {
    let malformed = |Malformed| NodeError::Malformed { cid };
    let (mut hash, mut name, mut tree_bytes) = (None, String::new(), 0);
    for field in protobuf::fields(bytes) {
        let (number, value) = field.map_err(malformed)?;
        match number {
            pb::LINK_HASH => hash = Some(value.bytes().map_err(malformed)?),
            pb::LINK_NAME => {
                let text = std::str::from_utf8(value.bytes().map_err(malformed)?);
                name = text.map_err(|_| NodeError::Malformed { cid })?.to_owned();
            }
            pb::LINK_SIZE => tree_bytes = value.number().map_err(malformed)?,
            _ => return Err(NodeError::Malformed { cid }),
        }
    }
    let hash = hash.ok_or(NodeError::Malformed { cid })?;
    let to = content_id::from_bytes(hash).map_err(|source| NodeError::Link { cid, source })?;
    Ok(Link { cid: to, name, tree_bytes })
}

#[derive(Default)]
struct UnixFs {
    kind: u64,
    data: Bytes,
    file_bytes: Option<u64>,
    block_bytes: Vec<u64>,
}

fn decode_fs(message: Bytes) -> Result<UnixFs, Malformed> {
    let (mut unixfs, mut kind) = (UnixFs::default(), None);
    for field in protobuf::fields(&message) {
        let (number, value) = field?;
        match number {
            fs::KIND => kind = Some(value.number()?),
            fs::DATA => unixfs.data = message.slice_ref(value.bytes()?),
            fs::FILE_SIZE => unixfs.file_bytes = Some(value.number()?),
            fs::BLOCK_SIZES => block_sizes(value, &mut unixfs.block_bytes)?,
            // Hash type, fanout, mode and time: of no use for reading a file.
            _ => {}
        }
    }
    unixfs.kind = kind.ok_or(Malformed)?;
    Ok(unixfs)
}

/// Sizes may come one a field or packed.
fn block_sizes(value: protobuf::Value<'_>, sizes: &mut Vec<u64>) -> Result<(), Malformed> {
    match value {
        protobuf::Value::Number(bytes) => sizes.push(bytes),
        protobuf::Value::Bytes(mut packed) => {
            while !packed.is_empty() {
                sizes.push(protobuf::take_varint(&mut packed).ok_or(Malformed)?);
            }
        }
        protobuf::Value::Fixed => return Err(Malformed),
    }
    Ok(())
}

/// `None` if the sizes do not agree with each other.
fn file(links: Vec<Link>, unixfs: UnixFs) -> Option<Node> {
    (links.len() == unixfs.block_bytes.len()).then_some(())?;
    let below = unixfs.block_bytes.iter().try_fold(0u64, |sum, bytes| sum.checked_add(*bytes))?;
    let bytes = below.checked_add(unixfs.data.len() as u64)?;
    unixfs.file_bytes.is_none_or(|declared| declared == bytes).then_some(())?;
    // A node that is its own size in children of no bytes could make a reader walk for ever.
    (links.is_empty() || unixfs.block_bytes.iter().all(|bytes| *bytes > 0)).then_some(())?;
    let children = links.iter().zip(unixfs.block_bytes).map(|(link, bytes)| Child { cid: link.cid, bytes }).collect();
    Some(Node::File { data: unixfs.data, children, bytes })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content_id::DAG_PB;
    use proptest::prelude::*;

    fn dag_pb(bytes: impl Into<Bytes>) -> Block {
        Block::new(DAG_PB, bytes.into()).unwrap()
    }

    fn node(unixfs: &[u8]) -> Block {
        let mut bytes = Vec::new();
        protobuf::put_bytes(&mut bytes, pb::NODE_DATA, unixfs);
        dag_pb(bytes)
    }

    #[test]
    fn the_empty_directory_is_the_one_everybody_knows() {
        let (bytes, part) = encode_directory(&[]);
        assert_eq!(part.cid, content_id::parse("QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn").unwrap());
        assert_eq!(decode(&dag_pb(bytes)).unwrap(), Node::Directory(Vec::new()));
    }

    #[test]
    fn a_leaf_of_the_older_kind_is_read() {
        // `echo hello world | ipfs add` without raw leaves.
        let block = node(b"\x08\x02\x12\x0chello world\n\x18\x0c");
        assert_eq!(*block.cid(), content_id::parse("QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o").unwrap());
        let data = Bytes::from_static(b"hello world\n");
        assert_eq!(decode(&block).unwrap(), Node::File { data, children: Vec::new(), bytes: 12 });
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        let cases: [&[u8]; 6] = [
            b"",                             // no kind
            b"\x12\x01x",                    // no kind
            b"\x08\x02\x12\x01x\x18\x02",    // a size that is not that of the data
            b"\x08\x02\x18\x05\x20\x05",     // a size without its link
            b"\x08\x02\x12\xff\xff\x03x",    // a length beyond the end
            b"\x08\x02\x21\0\0\0\0\0\0\0\0", // a size of the wrong type
        ];
        for case in cases {
            assert!(matches!(decode(&node(case)), Err(NodeError::Malformed { .. })), "{case:?}");
        }
    }

    #[test]
    fn children_without_bytes_are_refused() {
        let part = Part { cid: content_id::of(RAW, b""), bytes: 0, tree_bytes: 0 };
        let (bytes, _) = encode_file(&[part.clone(), part]);
        assert!(matches!(decode(&dag_pb(bytes)), Err(NodeError::Malformed { .. })));
    }

    #[test]
    fn shards_and_symbolic_links_are_named_as_unsupported() {
        for kind in [3u8, 4, 5] {
            let refused = decode(&node(&[0x08, kind])).unwrap_err();
            assert!(matches!(refused, NodeError::Unsupported { kind: k, .. } if k == u64::from(kind)));
        }
    }

    #[test]
    fn a_link_to_refused_content_is_refused() {
        let sha1 = Cid::new_v1(RAW, cid::multihash::Multihash::wrap(0x11, &[0; 20]).unwrap());
        let (bytes, _) = encode_directory(&[("x".to_owned(), Part { cid: sha1, bytes: 0, tree_bytes: 0 })]);
        assert!(matches!(decode(&dag_pb(bytes)), Err(NodeError::Link { .. })));
    }

    proptest! {
        #[test]
        fn any_bytes_are_decoded_or_refused(bytes: Vec<u8>) {
            let _ = decode(&dag_pb(bytes.clone()));
            let _ = decode(&node(&bytes));
        }

        #[test]
        fn directories_come_back(names in proptest::collection::btree_set("[a-zé ]{1,20}", 0..40)) {
            let part = Part { cid: content_id::of(RAW, b"x"), bytes: 1, tree_bytes: 1 };
            let (bytes, _) = encode_directory(&names.iter().map(|name| (name.clone(), part.clone())).collect::<Vec<_>>());
            let Node::Directory(links) = decode(&dag_pb(bytes)).unwrap() else { panic!("not a directory") };
            prop_assert_eq!(links.into_iter().map(|link| link.name).collect::<Vec<_>>(), names.into_iter().collect::<Vec<_>>());
        }
    }
}
