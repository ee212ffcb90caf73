// SPDX-License-Identifier: Apache-2.0
//! How does a contract's source become the checked-in artefact that a chain instantiates?
//!
//! For each contract of `ink-contracts/`:
//!
//! 1. compile for `wasm32v1-none`, with the memory imported and bounded as pallet-contracts asks;
//! 2. drop every export but `call` and `deploy` (the pallet refuses any other) and the custom sections;
//! 3. shrink with the system's `wasm-opt` (Debian's `binaryen`), to WebAssembly's first version, which the pallet runs;
//! 4. describe: a host run of the contract's example `describe` writes the ink metadata and the selectors.
//!
//! The same sources, compiler and `wasm-opt` give the same bytes: paths are remapped, dependencies locked.

use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{bail, ensure, Context, Result};

/// The contracts: folder name, which is also the artefact's, and package name.
const CONTRACTS: &[(&str, &str)] = &[("doug", "kith-doug")];

/// Stack of a contract, in bytes; the memory above it is for data and the heap.
const STACK_SIZE: u32 = 64 * 1024;

/// Memory of a contract, in bytes: the 16 pages of 64 KiB that pallet-contracts allows.
const MAX_MEMORY: u32 = 16 * 64 * 1024;

/// The largest code in bytes: half of the 125 KiB that pallet-contracts takes in its usual setting.
const MAX_CODE: usize = 64 * 1024;

/// The `wasm-opt` that made the checked-in artefacts; another may give other bytes that do the same.
const WASM_OPT: &str = "version 108";

/// Where it comes from.
const WASM_OPT_HINT: &str = "`apt-get install binaryen` installs wasm-opt";

/// The only exports of a contract.
const ENTRY_POINTS: [&[u8]; 2] = [b"call", b"deploy"];

/// What is written of each contract.
const ENDINGS: [&str; 3] = ["wasm", "json", "selectors.json"];

/// Builds every contract and writes `ink-contracts/artifacts/<name>.wasm`, `.json` and `.selectors.json`; to `check`, only
/// compares them with what is built.
///
/// `root` is the root of the repository. Fails when a tool is missing, a contract does not compile, or what was built is
/// nothing that pallet-contracts would take.
pub(crate) fn build(root: &Path, check: bool) -> Result<()> {
    let root = root.canonicalize().context("the root of the repository cannot be read")?;
    let sources = root.join("ink-contracts");
    let checked_in = sources.join("artifacts");
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| Ok(sources.join("target")), absolute)?;
    let artifacts = if check { target.join("contracts") } else { checked_in.clone() };
    fs::create_dir_all(&artifacts)?;
    for (name, package) in CONTRACTS {
        let compiled = compile(&sources, &target, name, package)?;
        let stripped = target.join(format!("{name}.entry-points.wasm"));
        fs::write(&stripped, keep_entry_points(&fs::read(&compiled)?)?)?;
        let artifact = artifacts.join(format!("{name}.wasm"));
        shrink(&stripped, &artifact)?;
        let size = fs::metadata(&artifact)?.len();
        ensure!(
            size <= MAX_CODE as u64,
            "{name}.wasm has {size} bytes, more than {MAX_CODE}: make the contract smaller"
        );
        describe(&sources, &target, package, &artifact, &artifacts)?;
        println!("{name}.wasm: {size} bytes");
        if check {
            compare(name, &artifacts, &checked_in)?;
        }
    }
    Ok(())
}

/// Compares what was built of a contract with what is checked in. Another `wasm-opt` than the one that made that cannot tell.
fn compare(name: &str, built: &Path, checked_in: &Path) -> Result<()> {
    if !wasm_opt_version()?.contains(WASM_OPT) {
        println!("not compared with what is checked in: that takes wasm-opt {WASM_OPT}");
        return Ok(());
    }
    for file in ENDINGS.map(|ending| format!("{name}.{ending}")) {
        let same = fs::read(built.join(&file))? == fs::read(checked_in.join(&file)).unwrap_or_default();
        ensure!(
            same,
            "ink-contracts/artifacts/{file} is not what its source gives: run `cargo xtask contracts`, commit it"
        );
        println!("✓ ink-contracts/artifacts/{file}");
    }
    Ok(())
}

fn wasm_opt_version() -> Result<String> {
    let said = Command::new("wasm-opt").arg("--version").output().context(WASM_OPT_HINT)?.stdout;
    Ok(String::from_utf8_lossy(&said).trim().to_owned())
}

fn absolute(path: OsString) -> Result<PathBuf> {
    Ok(std::path::absolute(path)?)
}

/// Compiles one contract and returns where its WebAssembly lies.
fn compile(sources: &Path, target: &Path, name: &str, package: &str) -> Result<PathBuf> {
    let home = cargo_home()?;
    let flags = [
        format!("-Clink-arg=-zstack-size={STACK_SIZE}"),
        "-Clink-arg=--import-memory".into(),
        format!("-Clink-arg=--max-memory={MAX_MEMORY}"),
        format!("--remap-path-prefix={}=/kith", sources.display()),
        format!("--remap-path-prefix={}=/cargo", home.display()),
    ];
    let mut cargo = cargo(sources, target);
    cargo.args(["build", "--release", "--target", "wasm32v1-none", "--no-default-features", "--package", package]);
    cargo.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
    run(&mut cargo, "`rustup target add wasm32v1-none` installs what may be missing")?;
    Ok(target.join("wasm32v1-none/release").join(format!("{name}.wasm")))
}

fn cargo_home() -> Result<PathBuf> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    home.or_else(|| env::var_os("HOME").map(|home| Path::new(&home).join(".cargo")))
        .context("neither CARGO_HOME nor HOME is set")
}

fn cargo(sources: &Path, target: &Path) -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(sources).arg("--locked").env("CARGO_TARGET_DIR", target);
    // The flags of whoever called must not change the bytes.
    cargo.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
    cargo
}

fn shrink(from: &Path, to: &Path) -> Result<()> {
    let version = wasm_opt_version()?;
    if !version.contains(WASM_OPT) {
        eprintln!("note: {version}; the checked-in artefacts are by {WASM_OPT}, yours may differ");
    }
    let mut command = Command::new("wasm-opt");
    // The pallet gives every call a fresh memory, so zeros need not be part of the code.
    command.args(["-Oz", "--zero-filled-memory", "--mvp-features"]).arg(from).arg("--output").arg(to);
    run(&mut command, WASM_OPT_HINT)
}

fn describe(sources: &Path, target: &Path, package: &str, artifact: &Path, folder: &Path) -> Result<()> {
    let mut cargo = cargo(sources, target);
    cargo.args(["run", "--package", package, "--example", "describe", "--"]).arg(artifact).arg(folder);
    run(&mut cargo, "see the message above")
}

fn run(command: &mut Command, hint: &str) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("{program} cannot be started; {hint}"))?;
    ensure!(status.success(), "{program} failed with {status}; {hint}");
    Ok(())
}

/// The module without its custom sections and with no export but the entry points.
///
/// A module is eight bytes of magic and version, then sections: a byte of kind, the length, the content. Section 0 is
/// custom, section 7 lists the exports. (WebAssembly specification 1.0, 5.5)
fn keep_entry_points(module: &[u8]) -> Result<Vec<u8>> {
    let (header, mut rest) = module.split_at_checked(8).context("the module is too short")?;
    ensure!(header == b"\0asm\x01\0\0\0", "this is no WebAssembly module of version 1");
    let mut kept = header.to_vec();
    while !rest.is_empty() {
        let kind = take(&mut rest, 1)?[0];
        let length = take_number(&mut rest)?;
        let content = take(&mut rest, length)?;
        let content = match kind {
            0 => continue,
            7 => keep_exports(content)?,
            _ => content.to_vec(),
        };
        kept.push(kind);
        put_number(&mut kept, content.len())?;
        kept.extend(content);
    }
    Ok(kept)
}

/// An export is its name with the length in front, a byte of kind and an index. (5.5.10)
fn keep_exports(mut section: &[u8]) -> Result<Vec<u8>> {
    let mut found = Vec::new();
    let mut kept = Vec::new();
    for _ in 0..take_number(&mut section)? {
        let before = section;
        let length = take_number(&mut section)?;
        let name = take(&mut section, length)?;
        take(&mut section, 1)?;
        take_number(&mut section)?;
        if ENTRY_POINTS.contains(&name) {
            found.push(name);
            kept.extend_from_slice(&before[..before.len() - section.len()]);
        }
    }
    ensure!(section.is_empty(), "bytes are left after the exports");
    if found.len() != ENTRY_POINTS.len() {
        bail!("the module does not export `call` and `deploy`: is it a contract, built without the feature `std`?");
    }
    let mut content = Vec::new();
    put_number(&mut content, found.len())?;
    content.extend(kept);
    Ok(content)
}

fn take<'a>(bytes: &mut &'a [u8], length: usize) -> Result<&'a [u8]> {
    let (taken, rest) = bytes.split_at_checked(length).context("the module ends too early")?;
    *bytes = rest;
    Ok(taken)
}

/// An unsigned number of at most 32 bits, seven bits to a byte, the lowest first (LEB128).
fn take_number(bytes: &mut &[u8]) -> Result<usize> {
    let mut number = 0_u64;
    for shift in [0, 7, 14, 21, 28] {
        let byte = take(bytes, 1)?[0];
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return usize::try_from(u32::try_from(number)?).context("a number of the module is too large");
        }
    }
    bail!("a number of the module is too long")
}

fn put_number(bytes: &mut Vec<u8>, number: usize) -> Result<()> {
    let mut number = u32::try_from(number).context("a section is too long")?;
    loop {
        let low = (number & 0x7f) as u8;
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return Ok(());
        }
        bytes.push(low | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(kind: u8, content: &[u8]) -> Vec<u8> {
        let mut bytes = vec![kind];
        put_number(&mut bytes, content.len()).unwrap();
        bytes.extend(content);
        bytes
    }

    fn module(sections: &[Vec<u8>]) -> Vec<u8> {
        [b"\0asm\x01\0\0\0".to_vec(), sections.concat()].concat()
    }

    fn exports(names: &[&str]) -> Vec<u8> {
        let mut content = vec![names.len() as u8];
        for (index, name) in names.iter().enumerate() {
            content.push(name.len() as u8);
            content.extend(name.as_bytes());
            content.extend([0, index as u8]);
        }
        section(7, &content)
    }

    #[test]
    fn only_entry_points_and_real_sections_stay() {
        let code = section(10, &[1; 300]);
        let before = module(&[exports(&["memory", "call", "memcpy", "deploy"]), code.clone(), section(0, b"\x04name")]);
        let kept = section(7, b"\x02\x04call\0\x01\x06deploy\0\x03");
        assert_eq!(keep_entry_points(&before).unwrap(), module(&[kept, code]));
    }

    #[test]
    fn a_module_without_entry_points_is_refused() {
        let refused = keep_entry_points(&module(&[exports(&["call", "main"])])).unwrap_err();
        assert!(refused.to_string().contains("does not export"), "{refused}");
    }

    #[test]
    fn damaged_modules_are_refused() {
        let good = module(&[exports(&["call", "deploy"])]);
        assert!(keep_entry_points(&good).is_ok());
        for length in (0..good.len()).filter(|length| *length != 8) {
            assert!(keep_entry_points(&good[..length]).is_err(), "{length}");
        }
        assert!(keep_entry_points(&module(&[vec![7, 0x80, 0x80, 0x80, 0x80, 0x80, 0]])).is_err());
        assert!(keep_entry_points(b"\0asm\x02\0\0\0").is_err());
    }

    #[test]
    fn numbers_survive() {
        for number in [0, 1, 127, 128, 300, 16_384, u32::MAX as usize] {
            let mut bytes = Vec::new();
            put_number(&mut bytes, number).unwrap();
            assert_eq!(take_number(&mut bytes.as_slice()).unwrap(), number);
        }
    }
}
