// SPDX-License-Identifier: Apache-2.0
//! How the leaves of a file are gathered into a tree: balanced, filled from the left, at most 174 children a node.

use super::{
    node::{encode_file, Part},
    MAX_CHILDREN,
};
use bytes::Bytes;

/// A tree that grows with every leaf. It keeps one unfinished node a level.
#[derive(Debug, Default)]
pub(crate) struct Layout {
    levels: Vec<Vec<Part>>,
}

impl Layout {
    /// Takes the next leaf; returns the inner nodes this completes, to be stored.
    pub(crate) fn push(&mut self, leaf: Part) -> Vec<Bytes> {
        let (mut part, mut level, mut nodes) = (leaf, 0, Vec::new());
        loop {
            if self.levels.len() <= level {
                self.levels.push(Vec::new());
            }
            let row = &mut self.levels[level];
            row.push(part);
            if row.len() < MAX_CHILDREN {
                return nodes;
            }
            let (node, parent) = encode_file(row);
            row.clear();
            nodes.push(node);
            (part, level) = (parent, level + 1);
        }
    }

    /// Closes the tree; returns the last inner nodes and the root. `None` if there was no leaf.
    pub(crate) fn finish(self) -> Option<(Vec<Bytes>, Part)> {
        let (mut nodes, mut risen) = (Vec::new(), None::<Part>);
        let height = self.levels.len();
        for (level, mut row) in self.levels.into_iter().enumerate() {
            row.extend(risen.take());
            risen = match row.len() {
                0 => None,
                // The only part of the highest level is the root itself.
                1 if level + 1 == height => row.pop(),
                _ => {
                    let (node, parent) = encode_file(&row);
                    nodes.push(node);
                    Some(parent)
                }
            };
        }
        risen.map(|root| (nodes, root))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{blocks::Block, content_id::RAW, unixfs::CHUNK_BYTES};

    /// The root of a file whose byte at `i` is `i mod 251`.
    fn root(bytes: usize) -> (String, u64) {
        let (mut layout, mut at) = (Layout::default(), 0);
        loop {
            let leaf: Bytes = (at..bytes.min(at + CHUNK_BYTES)).map(|i| (i % 251) as u8).collect();
            at += leaf.len();
            layout.push(Part::leaf(&Block::new(RAW, leaf).unwrap()));
            if at == bytes {
                break;
            }
        }
        let (_, root) = layout.finish().unwrap();
        assert_eq!(root.bytes, bytes as u64);
        (root.cid.to_string(), root.tree_bytes)
    }

    /// The identifiers and cumulative sizes are those `ipfs-unixfs-importer` 15 (the importer of Helia) gives for the same
    /// bytes with 256 KiB chunks, raw leaves, version 1 and 174 children.
    #[test]
    fn roots_are_those_of_other_implementations() {
        let known = [
            (0, "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku", 0),
            (1, "bafkreidogqfzz75tpkmjzjke425xqcrmpcib2p5tg44hnbirumdbpl5adu", 1),
            (262_143, "bafkreiagptg6ztonoojy4wflk3wwusl5xt4vcy6uult4wa7oemsjtxhjsu", 262_143),
            (262_144, "bafkreibruh455iawsviqslif5c7uurdcfdemh22mtnytyzvnzn75kpejxy", 262_144),
            (262_145, "bafybeiexg2oqkfnj56l7fcmawswqbijt5shq4b5rg6a546uwpkqqzwjioi", 262_249),
            (524_288, "bafybeihjlsmgtdumwxouubhh32wpo5k73zuptoz5bcxxcx3tflxmhyct2a", 524_396),
            (1_048_581, "bafybeiftrpgcauepatpngyyid4i2kygtavsdbxfdzqnh5gngdtilyd7v34", 1_048_835),
            (45_613_056, "bafybeihpe5snhzneq7xs53nivmsopto5lrogo3wjynauqylqeym5a3irbm", 45_621_766),
            (45_613_057, "bafybeib4y7ghw2rq7bracc4xwtxrbzo7cfvagdpte2tmrkgwl6dyard3cm", 45_621_926),
            (45_875_207, "bafybeihh7afuh5inawukv67gg6vxlpvb3zgw6rkpw7tymous2idoydpxpi", 45_884_132),
            (104_857_600, "bafybeihl2tsulvxgexze37v63pd67lspaw3nylrmeq2ndusoqhxupy2th4", 104_877_795),
        ];
        for (bytes, cid, tree_bytes) in known {
            assert_eq!(root(bytes), (cid.to_owned(), tree_bytes), "{bytes} bytes");
        }
    }

    #[test]
    fn no_leaf_is_no_file() {
        assert_eq!(Layout::default().finish(), None);
    }
}
