// SPDX-License-Identifier: Apache-2.0
//! Does an archive list what was put in, and survive any bytes given as one?

mod support;

use kith_vault::archive::{
    ArchiveError, FileSpec, Manifest, PathFault, HEADER_LEN, MAX_ENTRIES, MAX_MANIFEST_LEN, MAX_MEDIA_TYPE_LEN,
};
use kith_vault::{Binding, MAX_PLAINTEXT_LEN};
use proptest::prelude::*;
use support::{key, opener, read, seal};

fn file(path: &str, size: u64) -> FileSpec {
    FileSpec { path: path.into(), size, media_type: "text/plain; charset=utf-8".into() }
}

fn encoded(manifest: &Manifest) -> Vec<u8> {
    manifest.preamble()[HEADER_LEN..].to_vec()
}

#[test]
fn header_and_manifest_are_byte_for_byte_the_published_format() {
    let manifest = Manifest::new(vec![FileSpec { path: "a".into(), size: 258, media_type: "b/c".into() }]).unwrap();
    let expected = [
        b"KITH-ARC".as_slice(),
        &[1, 0, 0, 0],
        &[19, 0, 0, 0],
        &[1, 0, 0, 0],
        &[1, 0, b'a'],
        &[2, 1, 0, 0, 0, 0, 0, 0],
        &[3, b'b', b'/', b'c'],
    ]
    .concat();
    assert_eq!(manifest.preamble(), expected);
    assert_eq!(manifest.get("a").unwrap().offset, 35);
    assert_eq!((manifest.plaintext_len(), manifest.padded_len()), (293, 4096));
    assert_eq!(manifest.sealed_len(), 64 + 4096 + 16);
}

#[test]
fn a_folder_goes_in_and_each_file_comes_out() {
    let contents: Vec<(&str, Vec<u8>)> = vec![
        ("bilder/größe 1.png", vec![7; 150_000]),
        ("index.html", b"<h1>Grias di</h1>".to_vec()),
        ("leer.txt", Vec::new()),
    ];
    let files = contents.iter().rev().map(|(path, bytes)| file(path, bytes.len() as u64)).collect();
    let manifest = Manifest::new(files).unwrap();
    let mut plaintext = manifest.preamble();
    contents.iter().for_each(|(_, bytes)| plaintext.extend_from_slice(bytes));
    assert_eq!(plaintext.len() as u64, manifest.plaintext_len());

    let binding = Binding { resource: 1, version: 1 };
    let sealed = seal(&key(1), binding, &plaintext);
    assert_eq!(sealed.len() as u64, manifest.sealed_len());
    let opener = opener(&key(1), binding, &sealed).unwrap();
    let header: [u8; HEADER_LEN] = read(&opener, &sealed, 0..HEADER_LEN as u64).unwrap().try_into().unwrap();
    let end = (HEADER_LEN + Manifest::encoded_len_in(&header).unwrap()) as u64;
    let listed =
        Manifest::parse(&read(&opener, &sealed, HEADER_LEN as u64..end).unwrap(), opener.plaintext_len()).unwrap();
    assert_eq!(listed, manifest);
    for (path, bytes) in contents {
        let entry = listed.get(path).unwrap();
        let range = entry.plaintext_range(0..entry.size).unwrap();
        assert_eq!(read(&opener, &sealed, range).unwrap(), bytes);
    }
    assert_eq!(listed.get("index"), None);
}

#[test]
fn a_range_of_a_file_is_checked_against_its_size() {
    let manifest = Manifest::new(vec![file("a", 10)]).unwrap();
    let entry = &manifest.entries()[0];
    assert_eq!(entry.plaintext_range(2..10), Ok(entry.offset + 2..entry.offset + 10));
    for (start, end) in [(0, 11), (3, 2), (u64::MAX, u64::MAX)] {
        assert_eq!(entry.plaintext_range(start..end), Err(ArchiveError::Range { start, end, size: 10 }));
    }
}

#[test]
fn files_that_cannot_be_published_are_refused() {
    let path = |path: &str, fault| ArchiveError::Path { path: path.into(), fault };
    let media_type = |media_type: String| vec![FileSpec { path: "a".into(), size: 1, media_type }];
    let conflict = |path: &str| ArchiveError::Conflict { path: path.into() };
    let many = (0..=MAX_ENTRIES).map(|at| file(&at.to_string(), 1)).collect();
    let long_names =
        (0..20_000).map(|at| file(&format!("{at}{}", format!("/{}", "n".repeat(250)).repeat(4)), 1)).collect();
    for (files, refused) in [
        (vec![file("../a", 1)], path("../a", PathFault::DotSegment)),
        (vec![file("a", 1), file("a", 2)], conflict("a")),
        (vec![file("a", 1), file("a-b", 1), file("a/b/c", 1)], conflict("a")),
        (media_type(String::new()), ArchiveError::MediaType { path: "a".into() }),
        (media_type("a/b\r\nset-cookie: x".into()), ArchiveError::MediaType { path: "a".into() }),
        (media_type("a".repeat(MAX_MEDIA_TYPE_LEN + 1)), ArchiveError::MediaType { path: "a".into() }),
        (vec![file("a", MAX_PLAINTEXT_LEN)], ArchiveError::TooLarge),
        (vec![file("a", u64::MAX), file("b", u64::MAX)], ArchiveError::TooLarge),
        (many, ArchiveError::TooLarge),
        (long_names, ArchiveError::TooLarge),
    ] {
        assert_eq!(Manifest::new(files), Err(refused));
    }
}

#[test]
fn headers_of_something_else_are_refused() {
    let good: [u8; HEADER_LEN] = Manifest::new(vec![]).unwrap().preamble()[..HEADER_LEN].try_into().unwrap();
    assert_eq!(Manifest::encoded_len_in(&good), Ok(4));
    for at in 0..12 {
        let mut bad = good;
        bad[at] ^= 1;
        assert_eq!(Manifest::encoded_len_in(&bad), Err(ArchiveError::Header), "byte {at}");
    }
    let mut huge = good;
    huge[12..].copy_from_slice(&(MAX_MANIFEST_LEN as u32 + 1).to_le_bytes());
    assert_eq!(Manifest::encoded_len_in(&huge), Err(ArchiveError::TooLarge));
}

#[test]
fn malformed_manifests_are_refused() {
    let manifest = Manifest::new(vec![file("a", 1), file("b", 1)]).unwrap();
    let good = encoded(&manifest);
    let padded = manifest.padded_len();
    assert_eq!(Manifest::parse(&good, padded).as_ref(), Ok(&manifest));
    assert_eq!(Manifest::parse(&good, padded + 1), Err(ArchiveError::Length));
    for len in 0..good.len() {
        assert_eq!(Manifest::parse(&good[..len], padded), Err(ArchiveError::Malformed), "cut to {len}");
    }
    let left_over = [good.as_slice(), &[0]].concat();
    assert_eq!(Manifest::parse(&left_over, padded), Err(ArchiveError::Malformed));
    let entry_len = (good.len() - 4) / 2;
    let unsorted = [&good[..4], &good[4 + entry_len..], &good[4..4 + entry_len]].concat();
    assert_eq!(Manifest::parse(&unsorted, padded), Err(ArchiveError::Malformed));
    let mut not_utf8 = good;
    not_utf8[6] = 0xFF;
    assert_eq!(Manifest::parse(&not_utf8, padded), Err(ArchiveError::Malformed));
    let claims_many = (MAX_ENTRIES as u32 + 1).to_le_bytes();
    assert_eq!(Manifest::parse(&claims_many, padded), Err(ArchiveError::TooLarge));
    assert_eq!(Manifest::parse(&vec![0; MAX_MANIFEST_LEN + 1], padded), Err(ArchiveError::TooLarge));
}

proptest! {
    #[test]
    fn any_list_of_files_round_trips(files in proptest::collection::btree_map("[a-zäß ]{1,9}(/x[a-z]{1,5}){0,2}", 0..1_000_000u64, 0..30)) {
        let specs = files.iter().map(|(path, size)| file(path, *size)).collect();
        match Manifest::new(specs) {
            Ok(manifest) => prop_assert_eq!(Manifest::parse(&encoded(&manifest), manifest.padded_len()), Ok(manifest)),
            Err(refused) => prop_assert!(matches!(refused, ArchiveError::Conflict { .. }), "{}", refused),
        }
    }

    #[test]
    fn any_bytes_are_refused_or_have_one_encoding(bytes in proptest::collection::vec(any::<u8>(), 0..300), len in any::<u64>()) {
        if let Ok(manifest) = Manifest::parse(&bytes, len) {
            prop_assert_eq!(encoded(&manifest), bytes);
        }
    }

    #[test]
    fn any_changed_manifest_is_refused_or_another(at in 0..60usize, xor in 1..=255u8) {
        let manifest = Manifest::new(vec![file("a/b", 1), file("b", 1)]).unwrap();
        let mut bytes = encoded(&manifest);
        let at = at % bytes.len();
        bytes[at] ^= xor;
        if let Ok(other) = Manifest::parse(&bytes, manifest.padded_len()) {
            prop_assert_ne!(other, manifest);
        }
    }
}
