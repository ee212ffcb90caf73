// SPDX-License-Identifier: Apache-2.0
//! **Expel.** A reader is expelled and fights on with all they kept: keys, cache, connections, and a store that heeds no
//! chain. Within two final blocks nobody talks to them, and nothing published after is readable to them. Then somebody lapses,
//! comes back, and leaves.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{bail, ensure, Context, Result};
use futures::{StreamExt, TryStreamExt};
use kith_chain::{Call, Chain, Signer, View};
use kith_keyring::{Keyring, Unlocked};
use kith_primitives::{member::Standing, AccountId};
use kith_store::{
    identity::load_or_create_identity, swarm::ConnectError, Access, Cid, Identity, Multiaddr, PeerId, Store,
    StoreConfig,
};
use kith_testkit::{get, wait_for, Answer, Community, Companion, Founding, Node, Person, PASSWORD};
use kith_vault::{Binding, ContentKey, OpenError, Opener, ReaderSecret, WrapContext, WrappedKey, PREFIX_LEN};
use tokio::{runtime::Runtime, sync::watch};

/// What the expelled reader could read.
const BEFORE: &str = "the plums are ripe";
/// What they must not.
const AFTER: &str = "we meet at the old mill";
/// The name of what they read.
const NAME: &str = "minutes";
/// Blocks within which everyone hangs up.
const BLOCKS: u32 = 2;
/// How long the adversary's store looks for a block.
const PATIENCE: Duration = Duration::from_secs(3);
/// Between two looks at who is connected.
const LOOK: Duration = Duration::from_millis(20);

#[test]
fn story() -> Result<()> {
    let community = quick_to_lapse()?;
    let node = community.start(&[])?;
    node.wait_for_block(1)?;
    let [ada, ben, cleo] = community.founders.as_slice() else { anyhow::bail!("three founders") };
    community.bind_store(&node.base, ada)?;
    let world = World { runtime: Runtime::new()?, community: &community, node: &node };
    let (publisher, reader) = (Companion::up(ada)?, Companion::up(ben)?);
    let dora = world.join("dora", [ada, ben])?;
    let guest = Companion::up(&dora)?;
    for companion in [&publisher, &reader, &guest] {
        companion.wait_for_peers(1)?;
    }
    let folder = community.folder().join("minutes");
    let first = publish(ada, &folder, BEFORE)?;
    for person in [ben, &dora] {
        ada.kith(&["grant", NAME, &person.address])?;
    }
    for companion in [&reader, &guest] {
        reads(companion, BEFORE)?;
    }
    println!("✓ two members read what a third published for them");

    let kept = world.keep(&dora, &first)?;
    ensure!(guest.stop(), "the guest's companion did not stop by itself");
    let adversary = world.adversary(&dora, [&publisher, &reader])?;
    for companion in [&publisher, &reader] {
        wait_for("the honest stores to be connected to the adversary", || {
            Ok(connected(companion)?.contains(&adversary.id()).then_some(()))
        })?;
    }
    let reachable = adversary.reachable();
    println!("✓ one of them runs a store of their own making, connected to {} others", reachable.len());

    let (removed, closed) = world.expel(&kept, &adversary, [ada, ben, cleo])?;
    println!("✓ expelled by three of four in block {removed}: every connection was closed by block {closed}");
    alone(&world, &adversary, &reachable, [&publisher, &reader])?;
    println!("✓ no honest store is connected to them, takes their calls or gives them a block");

    let epoch = world.rewrapped(&kept, ben)?;
    println!(
        "✓ their grant is gone, the key epoch is {epoch}, and the publisher's companion re-wrapped for who remains"
    );
    let second = publish(ada, &folder, AFTER)?;
    reads(&reader, AFTER)?;
    ensure!(second.number == 2, "version {}", second.number);
    world.runtime.block_on(adversary.cannot_fetch(&second.root))?;
    world.runtime.block_on(unreadable(
        &community.folder().join("loot"),
        &ada.home.join("store"),
        &kept,
        &first,
        &second,
    ))?;
    println!(
        "✓ what was published after opens for who remains, and not with the key they kept, though they got the bytes"
    );

    lapse_and_leave(&world, [ada, ben], &publisher)?;
    println!("expel: removed in block {removed}, hung up on by block {closed}, key epoch {epoch}");
    Ok(())
}

/// A community in which one lapses a few blocks after losing a vouch too many.
fn quick_to_lapse() -> Result<Community> {
    let mut community = Community::found("garden")?;
    let rules = fs::read_to_string(&community.file)?;
    let quick = rules.replacen("[constitution]\n", "[constitution]\nlapse_grace = 3\n", 1);
    ensure!(quick != rules, "the community file has no constitution");
    fs::write(&community.file, quick)?;
    let specification = community.folder().join("quick.json");
    community.founded = Founding::from_file(&community.founders[0], &community.file, &specification)?;
    Ok(community)
}

/// A version as `kith publish` told of it.
struct Version {
    resource: u64,
    number: u32,
    root: Cid,
}

fn publish(person: &Person, folder: &Path, secret: &str) -> Result<Version> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join("index.html"), format!("<!doctype html><title>Minutes</title><p>{secret}"))?;
    let published = person.kith(&["publish", &folder.to_string_lossy(), "--name", NAME])?;
    let number = |key: &str| published[key].as_u64().with_context(|| format!("{key} of {published}"));
    let root = published["root"].as_str().context("a root")?.parse::<Cid>()?;
    Ok(Version { resource: number("resource")?, number: u32::try_from(number("version")?)?, root })
}

fn page(companion: &Companion) -> Result<Answer> {
    get(companion.port, &format!("GET / HTTP/1.1\r\nHost: {NAME}.kith.localhost:{}\r\n", companion.port))
}

/// Waits until the person can read this.
fn reads(companion: &Companion, secret: &str) -> Result<()> {
    wait_for("a page that opens", || {
        Ok(Some(page(companion)?).filter(|page| page.status == 200 && page.text().contains(secret)).map(drop))
    })
}

/// Whom the companion says it is connected to.
fn connected(companion: &Companion) -> Result<Vec<String>> {
    let state = companion.person.kith(&["status"])?;
    let peers = state["store"]["connected"].as_array().with_context(|| format!("no list of peers in {state}"))?;
    Ok(peers.iter().filter_map(|peer| peer.as_str().map(str::to_owned)).collect())
}

/// Someone's keys, to sign with.
struct Keys(Unlocked);

impl Keys {
    fn of(person: &Person) -> Result<Self> {
        Ok(Self(Keyring::open(&person.home.join("keys.json"))?.unlock(PASSWORD)?))
    }
}

impl Signer for Keys {
    fn account(&self) -> [u8; 32] {
        self.0.account_id()
    }

    fn sign(&self, bytes: &[u8]) -> [u8; 64] {
        self.0.sign(bytes)
    }
}

/// What the adversary kept: who they are, and the key of what they could read.
struct Kept {
    person: u32,
    resource: u64,
    epoch: u32,
    key: ContentKey,
}

/// Where it happens.
struct World<'a> {
    runtime: Runtime,
    community: &'a Community,
    node: &'a Node,
}

impl World<'_> {
    fn chain(&self) -> Result<Chain> {
        Ok(self.runtime.block_on(Chain::connect(&self.node.url(), None))?)
    }

    fn view(&self) -> Result<View> {
        Ok(self.runtime.block_on(self.chain()?.view())?)
    }

    /// A newcomer whom two members make a member.
    fn join(&self, who: &str, members: [&Person; 2]) -> Result<Person> {
        let person = self.community.newcomer(who, self.node)?;
        let application = self.community.folder().join(format!("{who}.json"));
        person.kith(&["apply", "--out", &application.to_string_lossy()])?;
        let candidate = members[0].kith(&["sponsor", &application.to_string_lossy()])?;
        let member = members[1].kith(&["vouch", &candidate["id"].to_string()])?;
        ensure!(member["standing"] == "member", "{member}");
        Ok(person)
    }

    /// The person's number.
    fn number(&self, person: &Person) -> Result<u32> {
        let account = AccountId::new(Keys::of(person)?.account());
        let found = self.runtime.block_on(self.view()?.member_of(&account))?;
        Ok(found.context("a person")?.id)
    }

    /// The key of a version, as whoever was granted it can keep it.
    fn keep(&self, reader: &Person, version: &Version) -> Result<Kept> {
        let (person, resource) = (self.number(reader)?, version.resource);
        let view = self.view()?;
        let epoch = self.runtime.block_on(view.resource(resource))?.context("the resource")?.key_epoch;
        let wrapped = self.runtime.block_on(view.wrapped_key(resource, person, epoch))?.context("a grant")?;
        let wrapped = WrappedKey(wrapped.try_into().ok().context("a wrapped key")?);
        let secret = ReaderSecret::new(Keys::of(reader)?.0.encryption_secret());
        let community = self.chain()?.genesis();
        let key = wrapped.unwrap(&secret, &WrapContext { community, resource, epoch, reader: person })?;
        Ok(Kept { person, resource, epoch, key })
    }

    /// A store with this person's device key and cache that lets everyone in, whatever the chain says.
    fn adversary(&self, person: &Person, others: [&Companion; 2]) -> Result<Adversary> {
        let store = self.node.store_addresses()?.into_iter().find(|address| address.contains("/tcp/"));
        let store: Multiaddr = store.context("the node's store")?.parse()?;
        let mut peers = BTreeSet::from([peer_in(&store)?]);
        for companion in others {
            peers.insert(companion.greeting["peer"].as_str().context("a peer")?.parse::<PeerId>()?);
        }
        let access = watch::Sender::new(Access { peers: peers.clone(), fresh: true });
        let identity = load_or_create_identity(&person.home.join("device.key"))?;
        let mut config = StoreConfig::new(person.home.join("store"), identity);
        config.listen = vec!["/ip4/127.0.0.1/tcp/0".parse()?];
        config.patience = PATIENCE;
        let store_of_mine = self.runtime.block_on(Store::open(config, access.subscribe()))?;
        let adversary = Adversary { store: store_of_mine, _access: access };
        wait_for("the adversary to be connected to everyone", || {
            self.runtime.block_on(adversary.store.connect(store.clone()))?;
            Ok((adversary.store.peers().len() == peers.len()).then_some(()))
        })?;
        Ok(adversary)
    }

    /// Has members expel the person; the final block that first shows it, and the one by which the adversary was alone.
    fn expel(&self, kept: &Kept, adversary: &Adversary, members: [&Person; 3]) -> Result<(u32, u32)> {
        let person = kept.person;
        let watching = self.runtime.spawn(alone_from(self.chain()?, adversary.store.clone(), person));
        let number = person.to_string();
        for (approvals, member) in (1_u64..).zip(members) {
            let said = member.kith(&["expel", &number])?;
            if approvals < 3 {
                ensure!(said["approvals"] == approvals && said["needed"] == 3 && said["expelled"] == false, "{said}");
            } else {
                ensure!(said["expelled"] == true, "{said}");
            }
        }
        self.runtime.block_on(watching)?
    }

    /// Waits until who remains has the key of a new epoch, and who was expelled has none.
    fn rewrapped(&self, kept: &Kept, remains: &Person) -> Result<u32> {
        let reader = self.number(remains)?;
        wait_for("the keys to be wrapped anew", || {
            let view = self.view()?;
            self.runtime.block_on(async {
                let epoch = view.resource(kept.resource).await?.context("the resource")?.key_epoch;
                let expelled = view.wrapped_key(kept.resource, kept.person, kept.epoch).await?;
                let granted = view.readers(kept.resource).await?.contains(&kept.person);
                let renewed = view.wrapped_key(kept.resource, reader, epoch).await?.is_some();
                Ok((epoch > kept.epoch && expelled.is_none() && !granted && renewed).then_some(epoch))
            })
        })
    }

    /// Whether someone stands so.
    fn stands(&self, person: u32, standing: Standing) -> Result<bool> {
        let found = self.runtime.block_on(self.view()?.member(person))?;
        Ok(found.is_some_and(|person| person.standing == standing))
    }

    /// Waits until someone stands so.
    fn wait_for_standing(&self, person: u32, standing: Standing) -> Result<()> {
        wait_for("another standing", || Ok(self.stands(person, standing)?.then_some(())))
    }

    /// Waits until someone may read nothing of a resource any more.
    fn wait_for_no_grant(&self, person: u32, resource: u64) -> Result<()> {
        wait_for("a grant to end", || {
            let readers = self.runtime.block_on(self.view()?.readers(resource))?;
            Ok((!readers.contains(&person)).then_some(()))
        })
    }
}

fn peer_in(address: &Multiaddr) -> Result<PeerId> {
    let address = address.to_string();
    let (_, peer) = address.rsplit_once("/p2p/").with_context(|| format!("no peer in {address}"))?;
    Ok(peer.parse()?)
}

/// Follows final blocks until one shows that the person was removed, and says by which the store had no connection. It is too
/// late after [`BLOCKS`].
async fn alone_from(chain: Chain, store: Store, person: u32) -> Result<(u32, u32)> {
    let mut blocks = chain.finalised().await?;
    let (mut now, mut removed) = (0, None);
    loop {
        tokio::select! {
            block = blocks.next() => {
                block.context("the node is gone")?;
                let view = chain.view().await?;
                now = view.block().number;
                if removed.is_none() && view.member(person).await?.is_some_and(|one| one.standing == Standing::Removed) {
                    removed = Some(now);
                }
            }
            () = tokio::time::sleep(LOOK) => {}
        }
        let Some(at) = removed else { continue };
        // It dials again and again; a dial that is refused is no connection for longer than a handshake.
        if store.peers().is_empty() {
            return Ok((at, now));
        }
        if now > at + BLOCKS {
            bail!("removed in block {at}, and connected to {:?} in block {now}", store.peers());
        }
    }
}

/// A store that heeds no chain.
struct Adversary {
    store: Store,
    /// Everyone is let in for as long as this lives.
    _access: watch::Sender<Access>,
}

impl Adversary {
    fn id(&self) -> String {
        self.store.local_peer().to_string()
    }

    /// Where everyone it is connected to can be dialled.
    fn reachable(&self) -> Vec<Multiaddr> {
        let first = |peer: kith_store::swarm::Peer| peer.addresses.into_iter().next()?.with_p2p(peer.id).ok();
        self.store.peers().into_iter().filter_map(first).collect()
    }

    async fn cannot_fetch(&self, root: &Cid) -> Result<()> {
        let fetched = self.store.fetch(root, 1 << 30, |_| ()).await;
        ensure!(fetched.is_err(), "the adversary fetched {root}");
        Ok(())
    }
}

/// Nobody honest is connected to the adversary, by what they say themselves, and nobody takes its calls.
fn alone(world: &World<'_>, adversary: &Adversary, reachable: &[Multiaddr], others: [&Companion; 2]) -> Result<()> {
    for companion in others {
        ensure!(!connected(companion)?.contains(&adversary.id()), "{} is still connected", companion.person.address);
    }
    wait_for("the node to say that it hung up", || {
        let log = world.node.log();
        Ok(log.lines().any(|line| line.contains("hanging up") && line.contains(&adversary.id())).then_some(()))
    })?;
    ensure!(reachable.len() == 3, "{reachable:?}");
    for address in reachable {
        let dialled = world.runtime.block_on(adversary.store.connect(address.clone()));
        ensure!(matches!(dialled, Err(ConnectError::Refused { .. })), "{address} answered {dialled:?}");
    }
    Ok(())
}

/// With the blocks in hand, the kept key opens what it was for, and not what was published after.
async fn unreadable(loot: &Path, from: &Path, kept: &Kept, first: &Version, second: &Version) -> Result<()> {
    copy(&from.join("blocks"), &loot.join("blocks"))?;
    let access = watch::Sender::new(Access::default());
    let store = Store::open(StoreConfig::new(loot, Identity::generate()), access.subscribe()).await?;
    for (version, opens) in [(first, true), (second, false)] {
        let length = store.resolve(&version.root, "").await?.bytes;
        let pieces: Vec<_> = store.read(&version.root, 0..PREFIX_LEN as u64).await?.try_collect().await?;
        let prefix: [u8; PREFIX_LEN] = pieces.concat().try_into().ok().context("a prefix")?;
        for number in [1, 2] {
            let binding = Binding { resource: version.resource, version: number };
            let opened = Opener::new(&kept.key, binding, length, &prefix);
            if opens && number == version.number {
                ensure!(opened.is_ok(), "the kept key does not open what it was for: {opened:?}");
            } else {
                ensure!(matches!(opened, Err(OpenError::NotThisVersion { .. })), "version {number}: {opened:?}");
            }
        }
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        fs::create_dir_all(to.join(&folder))?;
        for entry in fs::read_dir(from.join(&folder)).with_context(|| from.display().to_string())? {
            let entry = entry?;
            let inside = folder.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                folders.push(inside);
            } else {
                fs::copy(entry.path(), to.join(inside))?;
            }
        }
    }
    Ok(())
}

/// Someone loses a vouch too many, is shut out, comes back by a new one, and leaves.
fn lapse_and_leave(world: &World<'_>, [ada, ben]: [&Person; 2], publisher: &Companion) -> Result<()> {
    let emil = world.join("emil", [ada, ben])?;
    let companion = Companion::up(&emil)?;
    let peer = companion.greeting["peer"].as_str().context("a peer")?.to_owned();
    let is_connected = |wanted: bool| {
        wait_for("a store to connect or to hang up", || {
            Ok((connected(publisher)?.contains(&peer) == wanted).then_some(()))
        })
    };
    let number = world.number(&emil)?;
    let resource = world.view()?;
    let resource = world.runtime.block_on(resource.resource_by_name(NAME))?.context("the resource")?.id;
    ada.kith(&["grant", NAME, &emil.address])?;
    is_connected(true)?;
    reads(&companion, AFTER)?;

    let chain = world.chain()?;
    world.runtime.block_on(chain.submit(&Call::WithdrawVouch(number), &Keys::of(ben)?))?;
    world.wait_for_standing(number, Standing::Lapsed)?;
    is_connected(false)?;
    world.wait_for_no_grant(number, resource)?;
    ensure!(page(&companion)?.status != 200, "who lapsed still reads");
    println!("✓ who lapses is hung up on and reads no more");

    ben.kith(&["vouch", &number.to_string()])?;
    world.wait_for_standing(number, Standing::Member)?;
    wait_for("a new grant", || Ok(ada.kith(&["grant", NAME, &emil.address]).ok()))?;
    is_connected(true)?;
    reads(&companion, AFTER)?;
    println!("✓ with a new vouch they are back, and read again once they are granted anew");

    let (code, said) = emil.refused(&["leave"])?;
    ensure!(code == 2 && said.contains("--yes"), "{code}: {said}");
    emil.kith(&["leave", "--yes"])?;
    ensure!(world.stands(number, Standing::Removed)?, "who left is still there");
    is_connected(false)?;
    world.wait_for_no_grant(number, resource)?;
    let (code, said) = ada.refused(&["expel", &number.to_string()])?;
    ensure!(code == 3 && said.contains("no more"), "{code}: {said}");
    println!("✓ who leaves is hung up on, and what they could read is closed to them");
    Ok(())
}
