// SPDX-License-Identifier: GPL-3.0-or-later WITH Classpath-exception-2.0
//! The flags of the store inside the node.

use kith_store::Multiaddr;

/// The store's port, if no other is given and it is free.
const DEFAULT_PORT: u16 = 4040;
/// Bytes of a GiB.
const GIB: u64 = 1 << 30;

/// The store's flags.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct StoreArgs {
    /// Run without the embedded store.
    #[arg(long)]
    pub(crate) no_store: bool,

    /// TCP and QUIC port of the store; 0 takes a free one [default: 4040, or a free one if it is taken]
    #[arg(long, value_name = "PORT", conflicts_with = "no_store")]
    store_port: Option<u16>,

    /// Where the store listens instead of all IPv4 interfaces, such as `/ip4/192.0.2.1/tcp/4040`. May be repeated.
    #[arg(long, value_name = "MULTIADDR", conflicts_with_all = ["no_store", "store_port"])]
    store_listen: Vec<Multiaddr>,

    /// GiB of blocks kept as a cache, beside what is pinned.
    #[arg(long, value_name = "GIB", default_value_t = 10, conflicts_with = "no_store")]
    store_budget_gib: u32,

    /// A store to connect to, such as `/ip4/192.0.2.1/tcp/4040/p2p/12D3…`; it names others. May be repeated.
    #[arg(long, value_name = "MULTIADDR", conflicts_with = "no_store")]
    pub(crate) store_peer: Vec<Multiaddr>,

    /// Keep what members lease, pledge it and answer the chain's challenges. The device must be bound to a member.
    #[arg(long, conflicts_with = "no_store")]
    pub(crate) provide: bool,

    /// GiB kept for the network at most.
    #[arg(long, value_name = "GIB", default_value_t = 100, requires = "provide")]
    provide_gib: u32,
}

impl StoreArgs {
    /// Where to listen.
    pub(super) fn listen_addresses(&self) -> Vec<Multiaddr> {
        match self.store_listen.is_empty() {
            true => all_interfaces(self.store_port.unwrap_or(DEFAULT_PORT)),
            false => self.store_listen.clone(),
        }
    }

    /// Where to listen if that cannot be had; nothing where the operator chose.
    pub(super) fn any_port_addresses(&self) -> Option<Vec<Multiaddr>> {
        (self.store_port.is_none() && self.store_listen.is_empty()).then(|| all_interfaces(0))
    }

    /// Bytes of the cache.
    pub(super) fn cache_bytes(&self) -> u64 {
        u64::from(self.store_budget_gib) * GIB
    }

    /// Bytes of blocks on the disk beyond which nothing more is kept for the network.
    pub(super) fn disk_bytes(&self) -> u64 {
        self.cache_bytes() + u64::from(self.provide_gib) * GIB
    }
}

/// TCP and QUIC on every IPv4 interface.
fn all_interfaces(port: u16) -> Vec<Multiaddr> {
    [format!("/ip4/0.0.0.0/tcp/{port}"), format!("/ip4/0.0.0.0/udp/{port}/quic-v1")]
        .map(|address| address.parse().expect("a well-formed address for any port"))
        .to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[clap(flatten)]
        store: StoreArgs,
    }

    fn read(args: &[&str]) -> Result<StoreArgs, clap::Error> {
        Line::try_parse_from([&["node"], args].concat()).map(|line| line.store)
    }

    fn text(addresses: Vec<Multiaddr>) -> Vec<String> {
        addresses.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_usual_port_gives_way_and_a_chosen_one_does_not() {
        let usual = read(&[]).unwrap();
        assert_eq!(text(usual.listen_addresses()), ["/ip4/0.0.0.0/tcp/4040", "/ip4/0.0.0.0/udp/4040/quic-v1"]);
        assert_eq!(text(usual.any_port_addresses().unwrap()), ["/ip4/0.0.0.0/tcp/0", "/ip4/0.0.0.0/udp/0/quic-v1"]);
        assert!(read(&["--store-port", "4040"]).unwrap().any_port_addresses().is_none());
        let listen = read(&["--store-listen", "/ip4/127.0.0.1/tcp/1"]).unwrap();
        assert_eq!(text(listen.listen_addresses()), ["/ip4/127.0.0.1/tcp/1"]);
        assert!(listen.any_port_addresses().is_none());
    }

    #[test]
    fn contradictions_and_nonsense_are_refused() {
        for args in [
            &["--no-store", "--provide"][..],
            &["--no-store", "--store-port", "1"],
            &["--store-port", "70000"],
            &["--store-listen", "nowhere"],
            &["--store-port", "1", "--store-listen", "/ip4/127.0.0.1/tcp/1"],
            &["--provide-gib", "3"],
            &["--store-budget-gib", "-1"],
        ] {
            assert!(read(args).is_err(), "{args:?}");
        }
    }

    #[test]
    fn what_is_kept_adds_to_the_cache() {
        let args = read(&["--provide", "--provide-gib", "3", "--store-budget-gib", "2"]).unwrap();
        assert_eq!((args.cache_bytes(), args.disk_bytes()), (2 * GIB, 5 * GIB));
    }
}
