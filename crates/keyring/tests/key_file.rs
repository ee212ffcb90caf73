// SPDX-License-Identifier: Apache-2.0
//! Does a key file open with its password only, and survive crashes and hostile hands?

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use kith_keyring::{
    ChangePasswordError, Cost, CreateError, DiskError, Keyring, OpenError, UnlockError, Unlocked, Words,
};
use proptest::prelude::*;
use rand::{rngs::StdRng, SeedableRng};
use tempfile::TempDir;

const PASSWORD: &str = "grias di";

/// A good file, made once: making one costs a password's work.
static FILE: OnceLock<Vec<u8>> = OnceLock::new();

struct Home(TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn key(&self) -> PathBuf {
        self.0.path().join("keys").join("vroni.json")
    }

    fn create(&self) -> (Unlocked, Keyring) {
        let keys = Unlocked::generate(Words::Twelve, &mut rng());
        let keyring = Keyring::create(&self.key(), &keys, PASSWORD, Cost::LEAST, &mut rng()).unwrap();
        (keys, keyring)
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path().join("keys")).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

fn rng() -> StdRng {
    StdRng::seed_from_u64(7)
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// Changes one field of the file's JSON.
fn set(path: &Path, field: &str, value: impl Into<serde_json::Value>) {
    let mut file: serde_json::Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    file[field] = value.into();
    fs::write(path, serde_json::to_vec(&file).unwrap()).unwrap();
}

/// Changes the last digit of a field in hexadecimal.
fn flip(path: &Path, field: &str) {
    let file: serde_json::Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    let mut text = file[field].as_str().unwrap().to_owned();
    let last = text.pop().unwrap();
    text.push(if last == '0' { '1' } else { '0' });
    set(path, field, text);
}

#[test]
fn keys_come_back_with_the_password() {
    let home = Home::new();
    let (keys, _) = home.create();
    let keyring = Keyring::open(&home.key()).unwrap();
    assert_eq!(keyring.path(), home.key());
    assert_eq!(keyring.account_id(), keys.account_id());
    assert_eq!(keyring.encryption_public(), keys.encryption_public());
    let unlocked = keyring.unlock(PASSWORD).unwrap();
    assert_eq!(unlocked.account_id(), keys.account_id());
    assert_eq!(unlocked.encryption_secret(), keys.encryption_secret());
    assert_eq!(unlocked.phrase(), keys.phrase());
}

#[test]
fn keys_without_a_phrase_come_back_too() {
    let home = Home::new();
    for (name, uri) in [("a.json", "//Alice"), ("b.json", "/soft")] {
        let path = home.0.path().join(name);
        let keys: Unlocked = uri.parse().unwrap();
        let keyring = Keyring::create(&path, &keys, PASSWORD, Cost::LEAST, &mut rng()).unwrap();
        let unlocked = keyring.unlock(PASSWORD).unwrap();
        assert_eq!(unlocked.account_id(), keys.account_id());
        assert_eq!(unlocked.encryption_public(), keys.encryption_public());
    }
}

#[test]
fn another_password_is_refused_as_such() {
    let (_, keyring) = Home::new().create();
    assert_eq!(keyring.unlock("grias di ").unwrap_err(), UnlockError::WrongPassword);
    assert_eq!(keyring.unlock("").unwrap_err(), UnlockError::WrongPassword);
}

#[test]
fn an_empty_password_is_refused() {
    let home = Home::new();
    let keys = Unlocked::generate(Words::Twelve, &mut rng());
    let refused = Keyring::create(&home.key(), &keys, "", Cost::LEAST, &mut rng());
    assert!(matches!(refused, Err(CreateError::EmptyPassword)));
    assert!(!home.key().exists());
}

#[test]
fn file_and_folder_are_the_owners_alone() {
    let home = Home::new();
    home.create();
    assert_eq!(mode(&home.key()), 0o600);
    assert_eq!(mode(home.key().parent().unwrap()), 0o700);
    assert_eq!(home.names(), ["vroni.json"]);
}

#[test]
fn a_file_others_can_read_or_a_folder_they_can_change_is_refused() {
    let home = Home::new();
    let (keys, _) = home.create();
    fs::set_permissions(home.key(), fs::Permissions::from_mode(0o640)).unwrap();
    let refused = Keyring::open(&home.key());
    assert!(matches!(refused, Err(OpenError::Disk(DiskError::OpenToOthers { mode: 0o640, .. }))));
    let open_folder = home.0.path().join("open");
    fs::create_dir(&open_folder).unwrap();
    fs::set_permissions(&open_folder, fs::Permissions::from_mode(0o770)).unwrap();
    let refused = Keyring::create(&open_folder.join("a.json"), &keys, PASSWORD, Cost::LEAST, &mut rng());
    assert!(matches!(refused, Err(CreateError::Disk(DiskError::OpenToOthers { mode: 0o770, .. }))));
    assert_eq!(fs::read_dir(open_folder).unwrap().count(), 0);
}

#[test]
fn an_existing_file_is_not_overwritten() {
    let home = Home::new();
    home.create();
    let before = fs::read(home.key()).unwrap();
    let other = Unlocked::generate(Words::TwentyFour, &mut StdRng::seed_from_u64(8));
    let refused = Keyring::create(&home.key(), &other, PASSWORD, Cost::LEAST, &mut StdRng::seed_from_u64(8));
    assert!(matches!(refused, Err(CreateError::Disk(DiskError::Exists { .. }))));
    assert_eq!(fs::read(home.key()).unwrap(), before);
    assert_eq!(home.names(), ["vroni.json"]);
}

#[test]
fn what_a_crash_leaves_behind_is_ignored() {
    let home = Home::new();
    fs::create_dir(home.0.path().join("keys")).unwrap();
    fs::set_permissions(home.0.path().join("keys"), fs::Permissions::from_mode(0o700)).unwrap();
    // Cut off while the first file was being written: there is no key file, and one can be made.
    fs::write(home.key().with_file_name(".vroni.json.00.tmp"), b"{\"version\":1,\"acc").unwrap();
    let absent = Keyring::open(&home.key());
    assert!(matches!(absent, Err(OpenError::Disk(DiskError::Io { act: "open", .. }))));
    let (keys, _) = home.create();
    // Cut off between the link and the removal: both names lead to the whole file.
    fs::hard_link(home.key(), home.key().with_file_name(".vroni.json.01.tmp")).unwrap();
    // Cut off while the password was being changed: the old file stands.
    fs::write(home.key().with_file_name(".vroni.json.02.tmp"), b"{").unwrap();
    let unlocked = Keyring::open(&home.key()).unwrap().unlock(PASSWORD).unwrap();
    assert_eq!(unlocked.account_id(), keys.account_id());
}

#[test]
fn a_changed_password_holds_and_the_old_one_does_not() {
    let home = Home::new();
    let (keys, mut keyring) = home.create();
    let mut rng = StdRng::seed_from_u64(9);
    let refused = keyring.change_password("wrong", "new", Cost::LEAST, &mut rng);
    assert!(matches!(refused, Err(ChangePasswordError::Unlock(UnlockError::WrongPassword))));
    let refused = keyring.change_password(PASSWORD, "", Cost::LEAST, &mut rng);
    assert!(matches!(refused, Err(ChangePasswordError::Create(CreateError::EmptyPassword))));
    keyring.change_password(PASSWORD, "new", Cost::LEAST, &mut rng).unwrap();
    for keyring in [keyring, Keyring::open(&home.key()).unwrap()] {
        assert_eq!(keyring.unlock("new").unwrap().account_id(), keys.account_id());
        assert_eq!(keyring.unlock(PASSWORD).unwrap_err(), UnlockError::WrongPassword);
    }
    assert_eq!((mode(&home.key()), home.names()), (0o600, vec!["vroni.json".to_owned()]));
}

#[test]
fn every_altered_field_is_refused() {
    for (field, refused) in [
        ("account", UnlockError::Altered),
        ("encryption", UnlockError::Altered),
        ("nonce", UnlockError::Altered),
        ("sealed", UnlockError::Altered),
        ("salt", UnlockError::WrongPassword),
        ("check", UnlockError::WrongPassword),
    ] {
        let home = Home::new();
        home.create();
        flip(&home.key(), field);
        assert_eq!(Keyring::open(&home.key()).unwrap().unlock(PASSWORD).unwrap_err(), refused, "{field}");
    }
}

#[test]
fn an_altered_cost_within_bounds_is_refused_by_the_password() {
    let home = Home::new();
    home.create();
    set(&home.key(), "passes", 3);
    assert_eq!(Keyring::open(&home.key()).unwrap().unlock(PASSWORD).unwrap_err(), UnlockError::WrongPassword);
}

#[test]
fn a_secret_cut_short_is_refused() {
    let home = Home::new();
    home.create();
    for sealed in ["", "00", &"00".repeat(16)] {
        set(&home.key(), "sealed", sealed);
        assert_eq!(Keyring::open(&home.key()).unwrap().unlock(PASSWORD).unwrap_err(), UnlockError::Altered);
    }
}

#[test]
fn hostile_costs_are_refused_before_they_are_paid() {
    let home = Home::new();
    home.create();
    for (field, value) in
        [("memory_kib", u32::MAX), ("memory_kib", 8), ("passes", u32::MAX), ("passes", 0), ("lanes", 0)]
    {
        let before = fs::read(home.key()).unwrap();
        set(&home.key(), field, value);
        assert!(matches!(Keyring::open(&home.key()), Err(OpenError::Cost { .. })), "{field} = {value}");
        fs::write(home.key(), before).unwrap();
    }
    set(&home.key(), "memory_kib", u64::MAX);
    assert!(matches!(Keyring::open(&home.key()), Err(OpenError::Malformed { .. })));
}

#[test]
fn another_version_is_refused() {
    let home = Home::new();
    home.create();
    for version in [0, 2, u32::MAX] {
        set(&home.key(), "version", version);
        assert!(
            matches!(Keyring::open(&home.key()), Err(OpenError::Version { version: found, .. }) if found == version)
        );
    }
}

#[test]
fn files_that_are_no_key_files_are_refused() {
    let home = Home::new();
    home.create();
    let good = fs::read(home.key()).unwrap();
    let end = good.iter().rposition(|byte| *byte == b'}').unwrap();
    for len in 0..=end {
        fs::write(home.key(), &good[..len]).unwrap();
        assert!(matches!(Keyring::open(&home.key()), Err(OpenError::Malformed { .. })), "cut to {len}");
    }
    fs::write(home.key(), vec![b' '; 5000]).unwrap();
    assert!(matches!(Keyring::open(&home.key()), Err(OpenError::Disk(DiskError::TooLarge { .. }))));
    for (field, value) in [("salt", "00"), ("nonce", "zz"), ("unknown", "")] {
        fs::write(home.key(), &good).unwrap();
        set(&home.key(), field, value);
        assert!(matches!(Keyring::open(&home.key()), Err(OpenError::Malformed { .. })), "{field}");
    }
}

#[test]
fn a_path_that_is_no_file_is_refused() {
    let keys: Unlocked = "//Alice".parse().unwrap();
    let refused = Keyring::create(Path::new("/"), &keys, PASSWORD, Cost::LEAST, &mut rng());
    assert!(matches!(refused, Err(CreateError::Disk(DiskError::NotAFile { .. }))));
}

#[test]
fn neither_file_nor_debug_shows_a_secret() {
    let home = Home::new();
    let (keys, keyring) = home.create();
    let file = fs::read_to_string(home.key()).unwrap();
    let hex = |bytes: &[u8]| data_encoding::HEXLOWER.encode(bytes);
    assert!(!file.contains(&hex(keys.encryption_secret().as_ref())));
    for word in keys.phrase().unwrap().split(' ') {
        assert!(!format!("{keyring:?}").contains(word), "{word}");
        assert!(!file.contains(&format!(" {word} ")), "{word}");
    }
}

proptest! {
    #[test]
    fn any_changed_byte_of_the_file_is_refused_or_leaves_the_costs_in_bounds(at in 0.0..1.0f64, byte in any::<u8>()) {
        let home = Home::new();
        let file = FILE.get_or_init(|| {
            let home = Home::new();
            home.create();
            fs::read(home.key()).unwrap()
        });
        let mut changed = file.clone();
        changed[(at * file.len() as f64) as usize] = byte;
        let path = home.0.path().join("a.json");
        fs::write(&path, changed).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        match Keyring::open(&path) {
            Ok(keyring) => prop_assert_eq!(keyring.path(), path),
            Err(refused) => prop_assert!(!matches!(refused, OpenError::Disk(_)), "{}", refused),
        }
    }
}
