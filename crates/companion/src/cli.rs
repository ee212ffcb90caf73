// SPDX-License-Identifier: Apache-2.0
//! What a person may type.

mod rules;
mod trust;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

pub use rules::OverrideCommand;
pub use trust::{
    CertificateCommand, ExpelArgs, GuardiansCommand, LeaveArgs, RecoverCommand, RevocationCommand, ValidatorCommand,
    WithdrawArgs,
};

/// Share storage, content and trust with people you know, on machines you own.
#[derive(Debug, Parser)]
#[command(name = "kith", version, propagate_version = true, arg_required_else_help = true)]
pub struct Cli {
    /// What holds for every command.
    #[command(flatten)]
    pub global: Global,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// What holds for every command.
#[derive(Clone, Debug, Args)]
pub struct Global {
    /// Where keys, settings and the store are kept [default: ~/.local/share/kith]
    #[arg(long, global = true, env = "KITH_HOME", value_name = "DIR")]
    pub home: Option<PathBuf>,
    /// The node to ask [default: the one in settings.toml, else ws://127.0.0.1:9944]
    #[arg(long, global = true, env = "KITH_NODE", value_name = "URL")]
    pub node: Option<String>,
    /// Print one JSON object to stdout instead of text
    #[arg(long, global = true)]
    pub json: bool,
    /// Read the password from this open file descriptor instead of asking; KITH_PASSWORD works too
    #[arg(long, global = true, value_name = "FD")]
    pub password_fd: Option<u32>,
    /// Show no progress
    #[arg(long, short, global = true)]
    pub quiet: bool,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Found a community, or look at its file
    #[command(subcommand)]
    Community(CommunityCommand),
    /// Make your keys on this machine
    Init(InitArgs),
    /// Write a signed application to join; needs no network and no money
    Apply(ApplyArgs),
    /// Introduce a newcomer: submit their application with your first vouch
    Sponsor(SponsorArgs),
    /// Vouch for someone; or renew your vouch, once it nears its end
    Vouch(WhoArgs),
    /// Take your vouch for someone back
    Withdraw(WithdrawArgs),
    /// Apply rules that changed to someone: admit them, or start or end their grace, as those now in force say
    Reconsider(WhoArgs),
    /// Admit a newcomer by signatures that members give away from the network
    #[command(subcommand)]
    Certificate(CertificateCommand),
    /// Say who guards your key: who together may freeze it, and give you a new one
    #[command(subcommand)]
    Guardians(GuardiansCommand),
    /// Freeze the key of someone you guard: it was stolen, or may have been
    Freeze(WhoArgs),
    /// Let a frozen key count again
    Unfreeze(WhoArgs),
    /// Get a new key for a person whose key is lost
    #[command(subcommand)]
    Recover(RecoverCommand),
    /// The document that freezes your key whenever it is submitted
    #[command(subcommand)]
    Revocation(RevocationCommand),
    /// Leave the community, for good
    Leave(LeaveArgs),
    /// Ask the members to expel someone, or agree with those who asked
    Expel(ExpelArgs),
    /// Change a rule together, over the head of the contract that governs
    #[command(subcommand)]
    Override(OverrideCommand),
    /// Validate blocks with a node of yours
    #[command(subcommand)]
    Validator(ValidatorCommand),
    /// Run the companion: store, pages, dashboard
    Up(UpArgs),
    /// Say who you are, what you hold and how the network is
    Status,
    /// Publish a folder or a file: encrypted, for those you grant it to, unless you say otherwise
    Publish(PublishArgs),
    /// Fetch a resource, or one file of it, to this machine
    Get(GetArgs),
    /// Open a resource by name in the browser
    Open(NameArgs),
    /// Let a member read a private resource
    Grant(GrantArgs),
    /// Let a member read it no more; what is published afterwards is closed to them
    Revoke(GrantArgs),
    /// Extend a resource's lease
    Refresh(NameArgs),
    /// Follow a resource: keep its new versions
    Subscribe(NameArgs),
    /// Bind and unbind devices
    #[command(subcommand)]
    Device(DeviceCommand),
    /// Ask the contract that governs
    #[command(subcommand)]
    Doug(DougCommand),
    /// Look for what is wrong, and say how to mend it; exits with 1 if anything is
    Doctor,
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// Founding.
#[derive(Debug, Subcommand)]
pub enum CommunityCommand {
    /// Turn a community file into a chain specification; the same file gives the same genesis hash
    New(CommunityNewArgs),
    /// Print a commented community file to start from
    Example,
}

/// `kith community new`.
#[derive(Debug, Args)]
pub struct CommunityNewArgs {
    /// The community file
    pub file: PathBuf,
    /// Where to write the chain specification [default: <name>.json beside the file]
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// The kith-node program [default: beside this one, else from PATH]
    #[arg(long, env = "KITH_NODE_BIN", value_name = "FILE")]
    pub node_bin: Option<PathBuf>,
}

/// `kith init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// The community: its chain specification, or its genesis hash in hex
    #[arg(long, value_name = "SPEC|HASH")]
    pub community: Option<String>,
    /// Take the words of an existing phrase from stdin instead of making new ones
    #[arg(long)]
    pub restore: bool,
}

/// `kith apply`.
#[derive(Debug, Args)]
pub struct ApplyArgs {
    /// The last block at which the application may be used
    #[arg(long, value_name = "BLOCK", default_value_t = 1_000_000)]
    pub expires: u32,
    /// Where to write it [default: stdout]
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// `kith sponsor`.
#[derive(Debug, Args)]
pub struct SponsorArgs {
    /// The newcomer's application
    pub application: PathBuf,
}

/// A person.
#[derive(Debug, Args)]
pub struct WhoArgs {
    /// Member number or address
    pub who: String,
}

/// `kith up`.
#[derive(Debug, Args)]
pub struct UpArgs {
    /// Port of pages and dashboard on this machine; 0 for any free one
    #[arg(long, default_value_t = 7780)]
    pub port: u16,
    /// Port of the store, open to members; 0 for any free one
    #[arg(long, default_value_t = 4041)]
    pub store_port: u16,
}

/// `kith publish`.
#[derive(Debug, Args)]
pub struct PublishArgs {
    /// The folder or file
    pub path: PathBuf,
    /// The name it is opened by: a-z, 0-9 and hyphens
    #[arg(long)]
    pub name: String,
    /// Publish in clear: anyone who reaches a store can read it
    #[arg(long)]
    pub public: bool,
    /// Publish for every member, those who join later too
    #[arg(long, conflicts_with = "public")]
    pub members: bool,
}

/// `kith get`.
#[derive(Debug, Args)]
pub struct GetArgs {
    /// The resource
    pub name: String,
    /// One file of it [default: all]
    pub path: Option<String>,
    /// The folder to write to
    #[arg(long, short, value_name = "DIR", default_value = ".")]
    pub out: PathBuf,
}

/// A resource.
#[derive(Debug, Args)]
pub struct NameArgs {
    /// The resource's name
    pub name: String,
}

/// A resource and a reader.
#[derive(Debug, Args)]
pub struct GrantArgs {
    /// The resource's name
    pub name: String,
    /// Member number or address
    pub who: String,
}

/// Devices.
#[derive(Debug, Subcommand)]
pub enum DeviceCommand {
    /// Bind a device of yours that runs elsewhere: a file `kith-node device` printed
    Add {
        /// The proof
        proof: PathBuf,
    },
    /// Take a device off
    Remove {
        /// Its id, in hex
        device: String,
    },
    /// List your devices
    List,
}

/// The DOUG.
#[derive(Debug, Subcommand)]
pub enum DougCommand {
    /// The contract that serves a role
    Resolve {
        /// The role
        role: String,
    },
}

#[cfg(test)]
mod tests;
