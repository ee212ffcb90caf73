// SPDX-License-Identifier: GPL-3.0-or-later WITH Classpath-exception-2.0
//! How a provider keeps what the members leased, and answers when the chain asks for it.

mod chain;
mod plan;
mod transaction;
mod work;

use std::{
    collections::BTreeMap,
    sync::{
        atomic::{AtomicUsize, Ordering},
        Arc,
    },
};

use futures::StreamExt;
use kith_primitives::BlockNumber;
use kith_runtime::RuntimeCall;
use kith_store::{Cid, Identity, Store};
use sc_client_api::BlockchainEvents;
use tokio::task::JoinSet;

use self::{
    chain::{Chain, Look},
    plan::{Action, Plan, View},
    transaction::Sender,
    work::{Done, Work},
};
use crate::service::{Client, Pool};

/// What is kept for the network is pinned under this and the resource's number.
const ALIAS: &str = "resource/";

/// How much a provider may keep.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Bytes of blocks on the disk beyond which no further resource is fetched.
    pub(super) disk_bytes: u64,
}

/// Keeps, pledges and proves, until the chain or the store ends.
pub(super) async fn run(
    client: Arc<Client>,
    pool: Arc<Pool>,
    store: Store,
    identity: Identity,
    limits: Limits,
    kept: Arc<AtomicUsize>,
) {
    let mut finalised = client.finality_notification_stream();
    let chain = Arc::new(Chain::new(client.clone(), &identity));
    let mut provider = Provider {
        plan: Plan::default(),
        sender: Sender::new(client, pool, identity),
        store,
        limits,
        work: JoinSet::new(),
        now: 0,
    };
    let mut look: Option<JoinSet<Option<Look>>> = None;
    loop {
        tokio::select! {
            block = finalised.next() => {
                let Some(block) = block else { return };
                provider.now = block.header.number;
                // While one block is being looked at, later ones need not be: the next look sees them all.
                if look.is_none() {
                    let (chain, pins) = (chain.clone(), provider.pins());
                    kept.store(pins.len(), Ordering::Relaxed);
                    let mut looking = JoinSet::new();
                    looking.spawn_blocking(move || chain.look(block.hash, block.header.number, &pins));
                    look = Some(looking);
                }
            },
            seen = next(&mut look) => {
                look = None;
                if let Some(Look { view, roots }) = seen {
                    provider.act(view, roots).await;
                }
            },
            Some(done) = provider.work.join_next() => match done {
                Ok(done) => provider.done(done).await,
                Err(error) => tracing::error!(target: "store", %error, "A provider's task broke"),
            },
        }
    }
}

/// The end of the look at the chain, if one is being taken; forever otherwise.
async fn next(look: &mut Option<JoinSet<Option<Look>>>) -> Option<Look> {
    match look {
        Some(looking) => match looking.join_next().await {
            Some(Ok(seen)) => seen,
            Some(Err(error)) => {
                tracing::error!(target: "store", %error, "Looking at the chain broke");
                None
            }
            None => None,
        },
        None => std::future::pending().await,
    }
}

/// What is under way.
struct Provider {
    plan: Plan,
    sender: Sender,
    store: Store,
    limits: Limits,
    work: JoinSet<Done>,
    now: BlockNumber,
}

impl Provider {
    /// What is kept for the network: the resource's number and the root.
    fn pins(&self) -> BTreeMap<u64, Cid> {
        let of = |(name, root): (String, Cid)| Some((name.strip_prefix(ALIAS)?.parse().ok()?, root));
        self.store.pins().into_iter().filter_map(of).collect()
    }

    /// Does what the plan says.
    async fn act(&mut self, mut view: View, roots: BTreeMap<plan::Question, Cid>) {
        view.room = self.limits.disk_bytes.saturating_sub(self.store.stats().bytes);
        for action in self.plan.decide(view) {
            match action {
                Action::Keep(version) => self.begin(Work::Keep(version)),
                Action::Forget(resource) => self.begin(Work::Forget(resource)),
                Action::Prove(question) => match roots.get(&question) {
                    Some(root) => self.begin(Work::Prove(question, *root)),
                    // Another version is kept already, and its pledge is on its way.
                    None => tracing::debug!(target: "store", ?question, "Asked for a version that is not kept here"),
                },
                Action::Pledge { resource, version } => {
                    let call = pallet_kith_incentives::Call::pledge { resource, version };
                    self.submit(RuntimeCall::Incentives(call), "pledge").await;
                }
            }
        }
    }

    fn begin(&mut self, work: Work) {
        self.work.spawn(work.run(self.store.clone()));
    }

    /// Goes on from what has been done.
    async fn done(&mut self, done: Done) {
        match done {
            Done::Kept { resource, version } => {
                tracing::info!(target: "store", resource, version, "Kept");
                self.plan.kept(resource, version);
            }
            Done::NotKept { resource, version, error } => {
                tracing::warn!(target: "store", resource, version, %error, "Not kept; will be tried again");
                self.plan.failed(resource, version, self.now);
            }
            Done::Proven(proof) => {
                let call = pallet_kith_incentives::Call::prove_custody { proof: *proof };
                self.submit(RuntimeCall::Incentives(call), "proof").await;
            }
            Done::NotProven { question, error } => {
                tracing::warn!(target: "store", ?question, %error, "The chain's question was not answered");
            }
            Done::Forgotten { resource } => {
                tracing::info!(target: "store", resource, "No longer kept: its lease is over")
            }
            Done::NotForgotten { resource, error } => {
                tracing::warn!(target: "store", resource, %error, "Could not be unpinned");
            }
        }
    }

    /// Submits a transaction. If it has no effect, the plan repeats it.
    async fn submit(&mut self, call: RuntimeCall, what: &str) {
        match self.sender.submit(call).await {
            Ok(hash) => tracing::info!(target: "store", ?hash, "Submitted a {what}"),
            Err(error) => tracing::warn!(target: "store", %error, "A {what} was not submitted"),
        }
    }
}
