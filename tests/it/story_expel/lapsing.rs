// SPDX-License-Identifier: Apache-2.0
//! Who lapses or leaves is out as fast as who is expelled; who lapsed may come back.

use anyhow::{ensure, Context, Result};
use kith_chain::Call;
use kith_primitives::member::Standing;
use kith_testkit::{wait_for, Companion, Person};

use super::{
    connected, page, reads,
    world::{Keys, World},
    AFTER, MINUTES,
};

/// Someone loses a vouch too many, is shut out, comes back by a new one, and leaves.
pub(super) fn lapse_and_leave(world: &World<'_>, [ada, ben]: [&Person; 2], publisher: &Companion) -> Result<()> {
    let emil = world.join("emil", [ada, ben])?;
    let companion = Companion::up(&emil)?;
    let peer = companion.greeting["peer"].as_str().context("a peer")?.to_owned();
    let is_connected = |wanted: bool| {
        wait_for("a store to connect or to hang up", || {
            Ok((connected(&publisher.person)?.contains(&peer) == wanted).then_some(()))
        })
    };
    let number = world.number(&emil)?;
    let resource = world.view()?;
    let resource = world.runtime.block_on(resource.resource_by_name(MINUTES))?.context("the resource")?.id;
    ada.kith(&["grant", MINUTES, &emil.address])?;
    is_connected(true)?;
    reads(&companion, MINUTES, AFTER)?;

    let (chain, keys, withdrawal) = (world.chain()?, Keys::of(ben)?, Call::WithdrawVouch(number));
    let withdraw = || world.runtime.block_on(chain.submit(&withdrawal, &keys)).map_err(anyhow::Error::from);
    let ((lapsed, closed), _) = world.alone_after(number, Standing::Lapsed, whom_they_see(&emil), withdraw)?;
    is_connected(false)?;
    world.wait_for_no_grant(number, resource)?;
    ensure!(page(&companion, MINUTES)?.status != 200, "who lapsed still reads");
    println!("✓ who lapses, in block {lapsed}, is hung up on by all until block {closed}, and reads no more");

    ben.kith(&["vouch", &number.to_string()])?;
    world.wait_for_standing(number, Standing::Member)?;
    wait_for("a new grant", || Ok(ada.kith(&["grant", MINUTES, &emil.address]).ok()))?;
    is_connected(true)?;
    reads(&companion, MINUTES, AFTER)?;
    println!("✓ with a new vouch they are back, and read again once they are granted anew");

    let (code, said) = emil.refused(&["leave"])?;
    ensure!(code == 2 && said.contains("--yes"), "{code}: {said}");
    let leave = || emil.kith(&["leave", "--yes"]);
    let ((left, closed), _) = world.alone_after(number, Standing::Removed, whom_they_see(&emil), leave)?;
    is_connected(false)?;
    world.wait_for_no_grant(number, resource)?;
    let (code, said) = ada.refused(&["expel", &number.to_string()])?;
    ensure!(code == 3 && said.contains("no more"), "{code}: {said}");
    println!(
        "✓ who leaves, in block {left}, is hung up on by block {closed}, and what they could read is closed to them"
    );
    Ok(())
}

/// What tells whom a person's companion is connected to: it would stay connected itself to all who let it.
fn whom_they_see(person: &Person) -> impl Fn() -> Result<Vec<String>> + Send + 'static {
    let person = person.clone();
    move || tokio::task::block_in_place(|| connected(&person))
}
