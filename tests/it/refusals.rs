// SPDX-License-Identifier: Apache-2.0
//! What must be refused: at the proxy, at the store's gate, by the chain.

use anyhow::{ensure, Result};
use kith_testkit::{get, Community, Companion};

#[test]
fn bad_requests_are_refused_and_change_nothing() -> Result<()> {
    let community = Community::found("garden")?;
    let node = community.start(&["--provide"])?;
    node.wait_for_block(1)?;
    let [ada, ben, _] = community.founders.as_slice() else { anyhow::bail!("three founders") };
    community.bind_store(&node.base, ada)?;
    at_the_proxy(ada)?;
    at_the_node(&node)?;
    by_the_chain(&community, &node, ada, ben)
}

/// A page that rebinds its name, a page of another origin, a form.
fn at_the_proxy(ada: &kith_testkit::Person) -> Result<()> {
    let companion = Companion::up(ada)?;
    let port = companion.port;
    for host in [
        "evil.example".to_owned(),
        format!("evil.example:{port}"),
        format!("127.0.0.1.nip.io:{port}"),
        format!("127.0.0.1:{port}"),
        format!("localhost.:{port}"),
        format!("localhost:{}", port ^ 1),
        format!("a.b.kith.localhost:{port}"),
    ] {
        let answer = get(port, &format!("GET /api/v1/state HTTP/1.1\r\nHost: {host}\r\n"))?;
        ensure!(matches!(answer.status, 403 | 421), "{host} was answered {}", answer.status);
        ensure!(!answer.text().contains("genesis"), "{host} learned something");
    }
    let local = format!("Host: localhost:{port}\r\n");
    let token = std::fs::read_to_string(ada.home.join("api-token"))?;
    let without = get(port, &format!("GET /api/v1/state HTTP/1.1\r\n{local}"))?;
    ensure!(without.status == 401, "the state was given away: {}", without.status);
    let with = get(port, &format!("GET /api/v1/state HTTP/1.1\r\n{local}Authorization: Bearer {token}\r\n"))?;
    ensure!(with.status == 200 && with.text().contains("genesis"), "{}", with.text());
    let other = format!(
        "{local}Origin: http://evil.example\r\nContent-Type: application/json\r\nAuthorization: Bearer {token}\r\n"
    );
    let posted = get(port, &format!("POST /api/v1/state HTTP/1.1\r\n{other}Content-Length: 0\r\n"))?;
    ensure!(posted.status == 403, "a page of another origin was answered {}", posted.status);
    let own =
        format!("{local}Origin: http://localhost:{port}\r\nContent-Type: application/json\r\nContent-Length: 0\r\n");
    let decided = |id: &str, more: &str| get(port, &format!("POST /api/v1/approvals/{id} HTTP/1.1\r\n{own}{more}"));
    let without = decided("veto-0", "")?;
    ensure!(without.status == 401, "a decision without the token was answered {}", without.status);
    let nothing = decided("nothing", &format!("Authorization: Bearer {token}\r\n"))?;
    ensure!(nothing.status == 409 && nothing.text().contains("nothing waits"), "{}", nothing.status);
    let second = std::process::Command::new(kith_testkit::program("kith")?)
        .args(["--home", &ada.home.to_string_lossy(), "up", "--port", "0", "--store-port", "0"])
        .env("KITH_PASSWORD", "correct horse battery staple")
        .output()?;
    ensure!(
        !second.status.success() && String::from_utf8_lossy(&second.stderr).contains("already runs"),
        "two companions of one home"
    );
    Ok(())
}

/// Any website could ask a node on the same machine.
fn at_the_node(node: &kith_testkit::Node) -> Result<()> {
    let body = "Origin: https://evil.example\r\nContent-Type: application/json\r\nContent-Length: 0\r\n";
    let answer = get(node.rpc_port, &format!("POST / HTTP/1.1\r\nHost: localhost:{}\r\n{body}", node.rpc_port))?;
    ensure!(answer.status == 403, "an evil page was answered {} by the node", answer.status);
    Ok(())
}

fn by_the_chain(
    community: &Community,
    node: &kith_testkit::Node,
    ada: &kith_testkit::Person,
    ben: &kith_testkit::Person,
) -> Result<()> {
    let dora = community.newcomer("dora", node)?;
    let file = community.folder().join("dora.json");
    let path = file.to_string_lossy().into_owned();
    dora.kith(&["apply", "--expires", "1", "--out", &path])?;
    node.wait_for_block(3)?;
    let (code, said) = ada.refused(&["sponsor", &path])?;
    ensure!(code == 3 && said.contains("Expired"), "an expired application: {said}");

    dora.kith(&["apply", "--out", &path])?;
    let genuine = std::fs::read_to_string(&file)?;
    std::fs::write(&file, genuine.replacen("\"expires\": 1000000", "\"expires\": 1000001", 1))?;
    let (code, said) = ada.refused(&["sponsor", &path])?;
    ensure!(code == 3 && said.contains("Signature"), "an altered application: {said}");
    std::fs::write(&file, genuine.replacen(&dora.address, &ben.address, 1))?;
    let (code, said) = ada.refused(&["sponsor", &path])?;
    ensure!(code == 3, "an application signed by another key: {said}");
    let other = genuine.replacen(&community.founded.genesis[2..12], "0123456789", 1);
    std::fs::write(&file, other)?;
    let (code, said) = ada.refused(&["sponsor", &path])?;
    ensure!(code == 3 && said.contains("another community"), "an application to another community: {said}");
    std::fs::write(&file, genuine)?;

    let (code, _) = dora.refused(&["vouch", "0"])?;
    ensure!(code == 4, "a stranger's vouch was taken with {code}");
    Ok(())
}
