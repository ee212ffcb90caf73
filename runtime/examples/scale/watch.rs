// SPDX-License-Identifier: Apache-2.0
//! What is asked of storage, and how often.

use std::{
    any::{Any, TypeId},
    cell::RefCell,
    collections::BTreeSet,
    rc::Rc,
};

use sp_core::storage::{ChildInfo, StateVersion, TrackedStorageKey};
use sp_externalities::{Error, Extension, ExtensionStore, Externalities, MultiRemovalResults};

/// The keys that were asked for, in order.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// Of entries that were read or looked for.
    pub(crate) read: Vec<Vec<u8>>,
    /// What was found as the next key after another.
    pub(crate) sought: Vec<Option<Vec<u8>>>,
    /// Of entries that were written or removed.
    pub(crate) written: Vec<Vec<u8>>,
}

impl Seen {
    /// All keys that were read or found, each once.
    pub(crate) fn touched(&self) -> BTreeSet<&Vec<u8>> {
        self.read.iter().chain(self.sought.iter().flatten()).collect()
    }
}

/// Storage that notes what is asked of it.
pub(crate) struct Watch<'a> {
    pub(crate) storage: &'a mut dyn Externalities,
    pub(crate) seen: Rc<RefCell<Seen>>,
}

/// Methods that hand on what they are asked.
macro_rules! hand_on {
    ($(fn $name:ident($($argument:ident: $kind:ty),*) $(-> $answer:ty)?;)*) => {
        $(fn $name(&mut self, $($argument: $kind),*) $(-> $answer)? {
            self.storage.$name($($argument),*)
        })*
    };
}

impl Externalities for Watch<'_> {
    fn storage(&mut self, key: &[u8]) -> Option<Vec<u8>> {
        self.seen.borrow_mut().read.push(key.to_vec());
        self.storage.storage(key)
    }

    fn exists_storage(&mut self, key: &[u8]) -> bool {
        self.seen.borrow_mut().read.push(key.to_vec());
        self.storage.exists_storage(key)
    }

    fn next_storage_key(&mut self, key: &[u8]) -> Option<Vec<u8>> {
        let next = self.storage.next_storage_key(key);
        self.seen.borrow_mut().sought.push(next.clone());
        next
    }

    fn place_storage(&mut self, key: Vec<u8>, value: Option<Vec<u8>>) {
        self.seen.borrow_mut().written.push(key.clone());
        self.storage.place_storage(key, value);
    }

    fn storage_append(&mut self, key: Vec<u8>, value: Vec<u8>) {
        self.seen.borrow_mut().read.push(key.clone());
        self.seen.borrow_mut().written.push(key.clone());
        self.storage.storage_append(key, value);
    }

    hand_on! {
        fn set_offchain_storage(key: &[u8], value: Option<&[u8]>);
        fn storage_hash(key: &[u8]) -> Option<Vec<u8>>;
        fn child_storage_hash(child: &ChildInfo, key: &[u8]) -> Option<Vec<u8>>;
        fn child_storage(child: &ChildInfo, key: &[u8]) -> Option<Vec<u8>>;
        fn next_child_storage_key(child: &ChildInfo, key: &[u8]) -> Option<Vec<u8>>;
        fn kill_child_storage(child: &ChildInfo, most: Option<u32>, from: Option<&[u8]>) -> MultiRemovalResults;
        fn clear_prefix(prefix: &[u8], most: Option<u32>, from: Option<&[u8]>) -> MultiRemovalResults;
        fn clear_child_prefix(
            child: &ChildInfo, prefix: &[u8], most: Option<u32>, from: Option<&[u8]>
        ) -> MultiRemovalResults;
        fn place_child_storage(child: &ChildInfo, key: Vec<u8>, value: Option<Vec<u8>>);
        fn storage_root(version: StateVersion) -> Vec<u8>;
        fn child_storage_root(child: &ChildInfo, version: StateVersion) -> Vec<u8>;
        fn storage_start_transaction();
        fn storage_rollback_transaction() -> Result<(), ()>;
        fn storage_commit_transaction() -> Result<(), ()>;
        fn wipe();
        fn commit();
        fn reset_read_write_count();
        fn set_whitelist(keys: Vec<TrackedStorageKey>);
    }

    fn read_write_count(&self) -> (u32, u32, u32, u32) {
        self.storage.read_write_count()
    }

    fn get_whitelist(&self) -> Vec<TrackedStorageKey> {
        self.storage.get_whitelist()
    }

    fn get_read_and_written_keys(&self) -> Vec<(Vec<u8>, u32, u32, bool)> {
        self.storage.get_read_and_written_keys()
    }
}

impl ExtensionStore for Watch<'_> {
    hand_on! {
        fn extension_by_type_id(kind: TypeId) -> Option<&mut dyn Any>;
        fn register_extension_with_type_id(kind: TypeId, extension: Box<dyn Extension>) -> Result<(), Error>;
        fn deregister_extension_by_type_id(kind: TypeId) -> Result<(), Error>;
    }
}
