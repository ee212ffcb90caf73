// SPDX-License-Identifier: Apache-2.0
//! Where it happens: what the chain shows of people and keys, and what is watched while members decide.

use std::path::Path;

use anyhow::{ensure, Context, Result};
use kith_chain::{Chain, Signer, View};
use kith_keyring::{Keyring, Unlocked};
use kith_primitives::{member::Standing, AccountId};
use kith_testkit::{wait_for, Community, Node, Person, PASSWORD};
use kith_vault::{ContentKey, ReaderSecret, UnwrapError, WrapContext, WrappedKey};
use serde_json::json;
use tokio::runtime::Runtime;

use super::{
    adversary::{alone_from, Adversary},
    publishing_while, Version,
};

/// Someone's keys, to sign with.
pub(super) struct Keys(Unlocked);

impl Keys {
    pub(super) fn of(person: &Person) -> Result<Self> {
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

/// What the adversary kept of a resource: who they are, their encryption key, and the key of what they could read.
pub(super) struct Kept {
    pub(super) person: u32,
    pub(super) resource: u64,
    pub(super) epoch: u32,
    pub(super) secret: ReaderSecret,
    pub(super) key: ContentKey,
}

/// Where it happens.
pub(super) struct World<'a> {
    pub(super) runtime: Runtime,
    pub(super) community: &'a Community,
    pub(super) node: &'a Node,
}

impl World<'_> {
    pub(super) fn chain(&self) -> Result<Chain> {
        Ok(self.runtime.block_on(Chain::connect(&self.node.url(), None))?)
    }

    pub(super) fn view(&self) -> Result<View> {
        Ok(self.runtime.block_on(self.chain()?.view())?)
    }

    /// A newcomer whom two members make a member.
    pub(super) fn join(&self, who: &str, members: [&Person; 2]) -> Result<Person> {
        let person = self.community.newcomer(who, self.node)?;
        let application = self.community.folder().join(format!("{who}.json"));
        person.kith(&["apply", "--out", &application.to_string_lossy()])?;
        let candidate = members[0].kith(&["sponsor", &application.to_string_lossy()])?;
        let member = members[1].kith(&["vouch", &candidate["id"].to_string()])?;
        ensure!(member["standing"] == "member", "{member}");
        Ok(person)
    }

    /// The person's number.
    pub(super) fn number(&self, person: &Person) -> Result<u32> {
        let account = AccountId::new(Keys::of(person)?.account());
        let found = self.runtime.block_on(self.view()?.member_of(&account))?;
        Ok(found.context("a person")?.id)
    }

    /// The key of a version, as whoever was granted it can keep it.
    pub(super) fn keep(&self, reader: &Person, version: &Version) -> Result<Kept> {
        let (person, resource) = (self.number(reader)?, version.resource);
        let view = self.view()?;
        let epoch = self.runtime.block_on(view.resource(resource))?.context("the resource")?.key_epoch;
        let wrapped = self.runtime.block_on(view.wrapped_key(resource, person, epoch))?.context("a grant")?;
        let wrapped = WrappedKey(wrapped.try_into().ok().context("a wrapped key")?);
        let secret = ReaderSecret::new(Keys::of(reader)?.0.encryption_secret());
        let community = self.chain()?.genesis();
        let key = wrapped.unwrap(&secret, &WrapContext { community, resource, epoch, reader: person })?;
        Ok(Kept { person, resource, epoch, secret, key })
    }

    /// Has members expel the person, while one of them publishes. The final block that first shows it, and the one by which the
    /// adversary was alone; and the version that was under way.
    pub(super) fn expel(
        &self,
        person: u32,
        adversary: &Adversary,
        [ada, ben, cleo]: [&Person; 3],
        ledger: &Path,
    ) -> Result<((u32, u32), Version)> {
        let number = person.to_string();
        self.alone_after(person, Standing::Removed, adversary.connected(), || {
            for (approvals, member) in (1_u64..).zip([ada, ben]) {
                let said = member.kith(&["expel", &number])?;
                ensure!(said["approvals"] == approvals && said["needed"] == 3 && said["expelled"] == false, "{said}");
            }
            let (said, version) = publishing_while(ben, ledger, || cleo.kith(&["expel", &number]))?;
            ensure!(said["expelled"] == true, "{said}");
            Ok(version)
        })
    }

    /// Does something after which a person stands so, and fails unless stores talk to nobody of theirs soon after. The final
    /// block that first shows it, and the one by which they were alone; and what was done.
    pub(super) fn alone_after<T>(
        &self,
        person: u32,
        standing: Standing,
        connected: impl Fn() -> Result<Vec<String>> + Send + 'static,
        act: impl FnOnce() -> Result<T>,
    ) -> Result<((u32, u32), T)> {
        let watching = self.runtime.spawn(alone_from(self.chain()?, person, standing, connected));
        let done = act()?;
        self.wait_for_standing(person, standing)?;
        Ok((self.runtime.block_on(watching)??, done))
    }

    /// Waits until who remains has the key of a new epoch, and who was expelled has none.
    pub(super) fn rewrapped(&self, kept: &Kept, remains: &Person) -> Result<u32> {
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

    /// Whether the version in force, which must be this one, is written under another key than the one kept: as it must be if it
    /// came after the person's removal, which was `seen` in that block.
    pub(super) fn is_closed(&self, kept: &Kept, version: &Version, seen: u32) -> Result<bool> {
        let removed = self.removed_in(kept.person, seen)?;
        let resource = self.runtime.block_on(self.view()?.resource(version.resource))?.context("the resource")?;
        let latest = resource.latest.context("a version")?;
        ensure!(latest.number == version.number, "version {} is in force, not {}", latest.number, version.number);
        let is_closed = latest.key_epoch > kept.epoch;
        // Within one block either may have come first.
        ensure!(
            is_closed || latest.published <= removed,
            "version {} came in block {}, after the removal in block {removed}, under the key of epoch {}",
            latest.number,
            latest.published,
            latest.key_epoch
        );
        Ok(is_closed)
    }

    /// The block that removed a person, of whom a later one was seen to show it: several may become final at once.
    fn removed_in(&self, person: u32, seen: u32) -> Result<u32> {
        for block in (0..seen).rev() {
            let hash = self.node.call("chain_getBlockHash", json!([block]))?;
            if self.node.call("kith_member", json!([person, hash]))?["standing"] != "removed" {
                return Ok(block + 1);
            }
        }
        Ok(0)
    }

    /// Nothing is wrapped for who kept this, in any epoch; and what is wrapped for the others in the epoch in force does not open
    /// with the encryption key they kept, whoever they claim to be.
    pub(super) fn nothing_opens(&self, kept: &Kept, remaining: [&Person; 2]) -> Result<()> {
        let (view, community) = (self.view()?, self.chain()?.genesis());
        let others = [self.number(remaining[0])?, self.number(remaining[1])?];
        let resource = kept.resource;
        self.runtime.block_on(async {
            let epoch = view.resource(resource).await?.context("the resource")?.key_epoch;
            ensure!(epoch > kept.epoch, "resource {resource} is still in epoch {epoch}");
            for any in 0..=epoch {
                let wrapped = view.wrapped_key(resource, kept.person, any).await?;
                ensure!(wrapped.is_none(), "the key of epoch {any} of resource {resource} is wrapped for the expelled");
            }
            for other in others {
                let wrapped = view.wrapped_key(resource, other, epoch).await?;
                let wrapped = wrapped.with_context(|| format!("member {other} has no key of resource {resource}"))?;
                let wrapped = WrappedKey(wrapped.try_into().ok().context("a wrapped key")?);
                for reader in [kept.person, other] {
                    let opened = wrapped.unwrap(&kept.secret, &WrapContext { community, resource, epoch, reader });
                    ensure!(
                        matches!(opened, Err(UnwrapError::NotForThisReader)),
                        "what is wrapped for member {other} opens for the expelled"
                    );
                }
            }
            Ok(())
        })
    }

    /// Whether someone stands so.
    pub(super) fn stands(&self, person: u32, standing: Standing) -> Result<bool> {
        let found = self.runtime.block_on(self.view()?.member(person))?;
        Ok(found.is_some_and(|person| person.standing == standing))
    }

    /// Waits until someone stands so.
    pub(super) fn wait_for_standing(&self, person: u32, standing: Standing) -> Result<()> {
        wait_for("another standing", || Ok(self.stands(person, standing)?.then_some(())))
    }

    /// Waits until someone may read nothing of a resource any more.
    pub(super) fn wait_for_no_grant(&self, person: u32, resource: u64) -> Result<()> {
        wait_for("a grant to end", || {
            let readers = self.runtime.block_on(self.view()?.readers(resource))?;
            Ok((!readers.contains(&person)).then_some(()))
        })
    }
}
