// SPDX-License-Identifier: Apache-2.0
use super::*;
use crate::community::EXAMPLE;

/// The example with one line changed.
fn with(from: &str, to: &str) -> Result<Checked, FileError> {
    assert!(EXAMPLE.contains(from), "the example no longer says {from}");
    CommunityFile::parse(&EXAMPLE.replacen(from, to, 1))
}

fn line_of(text: &str) -> usize {
    EXAMPLE.lines().position(|line| line.contains(text)).unwrap() + 1
}

#[track_caller]
fn refused(outcome: Result<Checked, FileError>, line: usize, words: &str) {
    match outcome.unwrap_err() {
        FileError::Wrong { line: found, what, fix } => {
            assert_eq!(found, line, "{what}");
            assert!(what.contains(words), "{what}");
            assert!(!fix.is_empty());
        }
        other => panic!("{other}"),
    }
}

#[test]
fn the_example_is_a_community() {
    let checked = CommunityFile::parse(EXAMPLE).unwrap();
    assert_eq!((checked.founders.len(), checked.parameters.admission_threshold), (3, 2));
}

#[test]
fn a_threshold_of_nobody_or_of_more_than_can_vouch_is_refused() {
    let line = line_of("admission_threshold");
    refused(with("admission_threshold = 2", "admission_threshold = 0"), line, "admission_threshold");
    refused(with("admission_threshold = 2", "admission_threshold = 3"), line, "3 founders");
}

#[test]
fn founders_who_cannot_all_vouch_for_one_another_are_refused() {
    let line = line_of("era_length");
    refused(with("era_length = 14400 ", "vouch_stock = 1 "), line, "each founder vouches for 2 others");
    assert!(with("era_length = 14400 ", "vouch_stock = 2 ").is_ok());

    let founder = |number: u8| {
        let (address, key) = (crate::person::address([number; 32]), hex::encode([number + 100; 32]));
        format!("[[founders]]\naddress = \"{address}\"\nencryption_key = \"0x{key}\"\n")
    };
    let validator = EXAMPLE.lines().find(|line| line.starts_with("validator")).unwrap();
    let many = |count: u8| {
        let others: String = (2..=count).map(founder).collect();
        let chain = "name = \"garden\"\n[chain]\nblock_time_ms = 6000\nepoch_blocks = 600\n";
        CommunityFile::parse(&format!("{chain}{}{validator}\n{others}", founder(1)))
    };
    let stock = u8::try_from(Parameters::default().vouch_stock).unwrap();
    assert_eq!(many(stock + 1).unwrap().founders.len(), usize::from(stock) + 1);
    // It says nothing of the constitution, so the founders are meant, who begin in the fifth line.
    refused(many(stock + 2), 5, &format!("`vouch_stock` is {stock}"));
}

#[test]
fn numbers_out_of_bounds_are_named_with_their_line() {
    refused(with("block_time_ms = 6000", "block_time_ms = 1"), line_of("block_time_ms"), "block_time_ms");
    refused(with("block_time_ms = 6000", "block_time_ms = 6001"), line_of("block_time_ms"), "6001");
    refused(with("epoch_blocks = 600", "epoch_blocks = 1"), line_of("epoch_blocks"), "epoch_blocks");
    refused(with("era_length = 14400", "era_length = 1"), line_of("era_length"), "era_length");
    refused(with("balance = 1000 ", "balance = 99999999999 "), line_of("balance = 1000"), "tokens");
}

#[test]
fn rules_of_the_vote_out_of_bounds_are_named_with_their_line() {
    for (from, to) in [
        ("voting_period = 100800", "voting_period = 0"),
        ("delay = 14400 ", "delay = 31536001 "),
        ("expiry = 100800", "expiry = 0"),
        ("ordinary_above = 50", "ordinary_above = 49"),
        ("extraordinary = 67", "extraordinary = 50"),
        ("constitutional = 75", "constitutional = 66"),
    ] {
        let name = from.split(' ').next().unwrap();
        refused(with(from, to), line_of(from), &format!("`{name}`"));
    }
    assert!(matches!(with("constitutional = 75", "constitutional = 256"), Err(FileError::Malformed(_))));
}

#[test]
fn rules_of_the_vote_that_are_left_out_keep_their_defaults() {
    assert_eq!(with("delay = 14400 ", "delay = 7 ").unwrap().doug, DougRules { delay: 7, ..Default::default() });
    let table = EXAMPLE.find("[doug]").unwrap()..EXAMPLE.find("# Founders are").unwrap();
    let without = EXAMPLE.replace(&EXAMPLE[table], "");
    assert_eq!(CommunityFile::parse(&without).unwrap().doug, DougRules::default());
    assert_eq!(CommunityFile::parse(EXAMPLE).unwrap().doug, DougRules::default());
}

#[test]
fn names_symbols_and_keys_are_checked() {
    refused(with("name = \"garden\"", "name = \"Garden\""), line_of("name = \"garden\""), "Garden");
    refused(with("symbol = \"KITH\"", "symbol = \"kith\""), line_of("symbol"), "kith");
    refused(with("decimals = 12", "decimals = 18"), line_of("decimals"), "decimals");
    refused(with("5GrwvaEF5z", "5GrwvaEF5y"), line_of("5GrwvaEF5z"), "no address");
    refused(with("0x8520f009", "0x8520"), line_of("0x8520f009"), "no public key");
    refused(with("0xd43593c7", "0xzz3593c7"), line_of("0xd43593c7"), "no public key");
}

#[test]
fn one_person_is_not_two_founders() {
    let ada = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
    let ben = "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty";
    refused(with(ben, ada), line_of(ben), "founder 2 has the key of founder 1");
    let (ada, ben) = (
        "0x8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
        "0xde9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f",
    );
    refused(with(ben, ada), line_of(ben), "founder 2 has the key of founder 1");
}

#[test]
fn two_validators_do_not_share_a_key() {
    let own = ["0x", &"11".repeat(32)].concat();
    let babe = "0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d";
    let grandpa = "0x88dc3417d5058ec4b4503e0c12ea1a0a89be200fe98922423d4334014fa6b0ee";
    let cleo = "\n[[founders]]\nname = \"cleo\"";
    // A line at the end of what the file says of ben.
    let second = |babe: &str, grandpa: &str| {
        with(cleo, &format!("validator = {{ babe = \"{babe}\", grandpa = \"{grandpa}\" }}\n{cleo}"))
    };
    let line = line_of("name = \"cleo\"") - 2;
    refused(second(babe, &own), line, "founder 2 has the key of founder 1");
    refused(second(&own, grandpa), line, "founder 2 has the key of founder 1");
    assert!(second(&own, &own).is_ok());
}

#[test]
fn somebody_must_validate_and_somebody_must_found() {
    let line = EXAMPLE.lines().find(|line| line.starts_with("validator")).unwrap();
    assert!(matches!(with(line, ""), Err(FileError::Wrong { what, .. }) if what.contains("no founder validates")));
    let nobody = "founders = []\nname = \"garden\"\n[chain]\nblock_time_ms = 6000\nepoch_blocks = 600\n";
    assert!(matches!(CommunityFile::parse(nobody), Err(FileError::Wrong { what, .. }) if what.contains("0 founders")));
}

#[test]
fn an_unknown_key_is_named_with_its_line() {
    for (from, to) in [
        ("era_pot =", "era_pott ="),
        ("expiry =", "expires ="),
        ("symbol =", "symbool ="),
        ("block_time_ms", "block_time"),
    ] {
        match with(from, to).unwrap_err() {
            FileError::Malformed(cause) => {
                let line = format!("at line {},", line_of(from));
                assert!(cause.to_string().contains(&line), "{line}: {cause}");
            }
            other => panic!("{other}"),
        }
    }
}

#[test]
fn a_file_that_is_none_is_refused() {
    assert!(matches!(CommunityFile::parse("\u{0}\u{1}"), Err(FileError::Malformed(_))));
    assert!(matches!(CommunityFile::parse(&" ".repeat(MAX_FILE_BYTES + 1)), Err(FileError::TooLong(_))));
    let missing = std::path::Path::new("/nowhere/community.toml");
    assert!(matches!(CommunityFile::read(missing), Err(FileError::Unreadable { .. })));
}
