// SPDX-License-Identifier: Apache-2.0
//! **Share.** A folder is published encrypted, granted, and opened by name in a browser on another node, its publisher gone.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{ensure, Context, Result};
use kith_testkit::{get, wait_for, Community, Companion, Node};
use serde_json::{json, Value};

use crate::browser;

/// A sentence no ciphertext may contain.
const SECRET: &str = "the strawberries are behind the shed";
/// Bytes of the large file: over 20 MiB, and no round number.
const LARGE: usize = 21 * 1024 * 1024 + 777;
/// The large file's path in a URL.
const LARGE_URL: &str = "gro%C3%9Fe%20ernte/film%202026.bin";

#[test]
fn story() -> Result<()> {
    let community = Community::found("garden")?;
    let [ada, ben, cleo] = community.founders.as_slice() else { anyhow::bail!("three founders") };
    let first = community.start(&["--provide"])?;
    community.bind_store(&first.base, ada)?;
    let second = second_node(&community, &first)?;
    community.bind_store(&second.base, ben)?;
    for person in [ben, cleo] {
        person.settle(&community.founded.specification, &second.url())?;
    }

    let site = write_site(&community.folder().join("site"))?;
    let publisher = Companion::up(ada)?;
    publisher.wait_for_peers(1)?;
    let published = ada.kith(&["publish", &site.to_string_lossy(), "--name", "strawberry-patch"])?;
    ensure!(
        published["version"] == 1 && published["files"] == 7 && published["visibility"] == "private",
        "{published}"
    );
    println!("✓ seven files, one of {LARGE} bytes, were encrypted and published");
    ada.kith(&["grant", "strawberry-patch", &ben.address])?;
    let resource = &published["resource"];
    wait_for("a provider to hold it", || {
        let holders = first.call("kith_holders", json!([resource]))?;
        Ok(holders.as_array().is_some_and(|holders| !holders.is_empty()).then_some(()))
    })?;
    ensure!(publisher.stop(), "the publisher's companion did not stop by itself");
    println!("✓ a provider fetched it, checked the commitment and pledged; the publisher's companion is gone");

    let reader = Companion::up(ben)?;
    reader.wait_for_peers(1)?;
    let url = format!("http://strawberry-patch.kith.localhost:{}/", reader.port);
    let link = wait_for("the name to open", || Ok(ben.kith(&["open", "strawberry-patch"]).ok()))?;
    ensure!(link["url"] == json!(url), "{link}");
    renders(&browser::open(&url)?)?;
    println!("✓ a second member, on another node, opened it by name in Chromium; the trusted script ran first");
    ranges(reader.port)?;
    println!("✓ the large file is read by range");

    for store in [first.base.join("chains"), ben.home.join("store"), ada.home.join("store")] {
        ensure!(!contains(&store, SECRET.as_bytes())?, "plain text lies in {}", store.display());
    }
    println!("✓ what is stored, here and at the provider, is ciphertext only");
    stranger_to_it(cleo)?;
    println!("✓ a third member without a grant is refused, as if there were nothing");
    let blocks = flipped(&reader, &first, &second)?;
    println!("✓ with one byte flipped in each of {blocks} stored blocks, nothing is served");
    in_clear(&community, ada)?;
    println!("✓ --public publishes in clear, for members without a grant as well");
    println!(
        "share: 7 files, {LARGE} bytes the largest, opened by name from 1 provider, {blocks} flipped blocks refused"
    );
    Ok(())
}

/// A full node that follows the first, with a store of its own.
fn second_node(community: &Community, first: &Node) -> Result<Node> {
    let base = community.folder().join("second");
    let store = first.store_addresses()?.into_iter().find(|address| address.contains("/tcp/")).context("a store")?;
    let node = Node::start(&base, &community.chain(), &["--bootnodes", &first.address()?, "--store-peer", &store])?;
    node.wait_for_block(2)?;
    Ok(node)
}

fn write_site(folder: &Path) -> Result<PathBuf> {
    let large: Vec<u8> = (0..LARGE).map(byte_at).collect();
    let pixel = b"<svg xmlns='http://www.w3.org/2000/svg' width='7' height='7'><rect width='7' height='7'/></svg>";
    let index = format!(
        "<!doctype html><html><head><title>Strawberries</title><link rel=stylesheet href='style/main.css'>\
         <script>globalThis.page = {{ kithFirst: typeof kith === 'object', frozen: Object.isFrozen(kith) }};</script>\
         <script src='js/app.js'></script></head><body><h1>Our patch</h1><p>{SECRET}</p>\
         <img src='bilder/gr%C3%BC%C3%9Fe%20aus%20k%C3%B6ln.svg' alt=''><a href='about/'>about</a></body></html>"
    );
    let files: [(&str, &[u8]); 7] = [
        ("index.html", index.as_bytes()),
        ("about/index.html", b"<!doctype html><title>About</title><p>who we are"),
        ("style/main.css", b"body { background: rgb(1, 99, 2) }"),
        ("js/app.js", b"globalThis.page.app = 1;"),
        ("bilder/gr\u{fc}\u{df}e aus k\u{f6}ln.svg", pixel),
        ("notes.txt", SECRET.as_bytes()),
        ("gro\u{df}e ernte/film 2026.bin", &large),
    ];
    for (path, bytes) in files {
        let file = folder.join(path);
        fs::create_dir_all(file.parent().context("a folder")?)?;
        fs::write(file, bytes)?;
    }
    Ok(folder.to_owned())
}

/// What the large file holds at `index`: nothing that repeats at a chunk's length.
fn byte_at(index: usize) -> u8 {
    u8::try_from((index * 31 + index / 257 + index / 65_521) % 251).unwrap_or_default()
}

fn renders(seen: &Value) -> Result<()> {
    ensure!(seen["status"] == 200 && seen["title"] == "Strawberries", "{seen}");
    ensure!(seen["text"].as_str().is_some_and(|text| text.contains(SECRET)), "{seen}");
    ensure!(seen["colour"] == "rgb(1, 99, 2)", "the style sheet did not apply: {seen}");
    ensure!(seen["images"][0][1] == 7, "the image did not load: {seen}");
    ensure!(seen["page"] == json!({ "kithFirst": true, "frozen": true, "app": 1 }), "the scripts' order: {seen}");
    ensure!(seen["kith"] == "strawberry-patch" && seen["secure"] == true, "{seen}");
    Ok(())
}

fn ask(port: u16, method: &str, path: &str, headers: &str) -> Result<kith_testkit::Answer> {
    let host = format!("Host: strawberry-patch.kith.localhost:{port}\r\n");
    get(port, &format!("{method} /{path} HTTP/1.1\r\n{host}{headers}"))
}

fn ranges(port: u16) -> Result<()> {
    let from = LARGE * 9 / 10;
    let part = ask(port, "GET", LARGE_URL, &format!("Range: bytes={from}-{}\r\n", from + 99_999))?;
    ensure!(
        part.status == 206 && part.headers["content-range"] == format!("bytes {from}-{}/{LARGE}", from + 99_999),
        "{:?}",
        part.headers
    );
    ensure!(part.body.iter().enumerate().all(|(at, byte)| *byte == byte_at(from + at)) && part.body.len() == 100_000);
    let suffix = ask(port, "GET", LARGE_URL, "Range: bytes=-5\r\n")?;
    ensure!(
        suffix.status == 206 && suffix.body == (LARGE - 5..LARGE).map(byte_at).collect::<Vec<_>>(),
        "{}",
        suffix.status
    );
    let beyond = ask(port, "GET", LARGE_URL, &format!("Range: bytes={LARGE}-\r\n"))?;
    ensure!(beyond.status == 416 && beyond.headers["content-range"] == format!("bytes */{LARGE}"), "{}", beyond.status);
    let head = ask(port, "HEAD", LARGE_URL, "")?;
    ensure!(head.status == 200 && head.headers["content-length"] == LARGE.to_string() && head.body.is_empty());
    ensure!(head.headers["cache-control"] == "no-store", "private bytes may be cached: {:?}", head.headers);
    let whole = ask(port, "GET", LARGE_URL, "")?;
    ensure!(whole.status == 200 && whole.whole && whole.body.len() == LARGE);
    ensure!(whole.body.iter().enumerate().all(|(at, byte)| *byte == byte_at(at)), "the large file differs");
    Ok(())
}

fn stranger_to_it(cleo: &kith_testkit::Person) -> Result<()> {
    let companion = Companion::up(cleo)?;
    companion.wait_for_peers(1)?;
    let ungranted =
        wait_for("an answer", || Ok(Some(ask(companion.port, "GET", "", "")?).filter(|answer| answer.status != 503)))?;
    let host = format!("Host: no-such-name.kith.localhost:{}\r\n", companion.port);
    let unknown = get(companion.port, &format!("GET / HTTP/1.1\r\n{host}"))?;
    ensure!(
        ungranted.status == unknown.status && ungranted.status == 404,
        "{} and {}",
        ungranted.status,
        unknown.status
    );
    let anonymous = |answer: &kith_testkit::Answer, name: &str| answer.text().replace(name, "*");
    ensure!(anonymous(&ungranted, "strawberry-patch") == anonymous(&unknown, "no-such-name"), "the two answers differ");
    ensure!(!ungranted.text().contains(SECRET));
    let out = cleo.home.join("out");
    let (_, said) = cleo.refused(&["get", "strawberry-patch", "--out", &out.to_string_lossy()])?;
    ensure!(said.contains("not granted") && !out.exists(), "{said}");
    Ok(())
}

/// Flips a byte in every block of every store that is still up; how many there were.
fn flipped(reader: &Companion, first: &Node, second: &Node) -> Result<usize> {
    let mut blocks = 0;
    for store in [reader.person.home.join("store"), first.base.clone(), second.base.clone()] {
        for file in files(&store)? {
            if file.components().any(|part| part.as_os_str() == "blocks") {
                let mut bytes = fs::read(&file)?;
                let at = bytes.len() / 2;
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1;
                    blocks += 1;
                }
                fs::write(&file, bytes)?;
            }
        }
    }
    ensure!(blocks > 20, "only {blocks} blocks were found to flip");
    for path in ["notes.txt", "js/app.js", LARGE_URL] {
        let answer = ask(reader.port, "GET", path, "")?;
        ensure!(answer.status >= 500 || !answer.whole, "{path} was served with {}", answer.status);
        ensure!(!answer.text().contains(SECRET) && answer.body.len() < LARGE, "{path} was served");
    }
    Ok(blocks)
}

fn in_clear(community: &Community, ada: &kith_testkit::Person) -> Result<()> {
    let folder = community.folder().join("poster");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("index.html"), "<!doctype html><title>Come</title><p>everyone is welcome")?;
    let companion = Companion::up(ada)?;
    let published = wait_for("a public version", || {
        Ok(ada.kith(&["publish", &folder.to_string_lossy(), "--name", "open-day", "--public"]).ok())
    })?;
    ensure!(published["visibility"] == "public", "{published}");
    ensure!(contains(&ada.home.join("store"), b"everyone is welcome")?, "the public page is not stored in clear");
    let host = format!("Host: open-day.kith.localhost:{}\r\n", companion.port);
    let page = get(companion.port, &format!("GET / HTTP/1.1\r\n{host}"))?;
    ensure!(page.status == 200 && page.text().contains("everyone is welcome"), "{}", page.status);
    Ok(())
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.is_file() {
                found.push(path);
            }
        }
    }
    Ok(found)
}

fn contains(folder: &Path, text: &[u8]) -> Result<bool> {
    for file in files(folder)? {
        if fs::read(file)?.windows(text.len()).any(|window| window == text) {
            return Ok(true);
        }
    }
    Ok(false)
}
