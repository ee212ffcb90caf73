// SPDX-License-Identifier: Apache-2.0
//! What a person may type about trust: vouches taken back, certificates, guardians, recovery, leaving, validating.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Certificates. Each is named by its file, or given as the text of its QR code.
#[derive(Debug, Subcommand)]
pub enum CertificateCommand {
    /// Begin a certificate for a newcomer's application
    New {
        /// The newcomer's application
        application: PathBuf,
        /// The last block at which it may be used; asks no node
        #[arg(long, value_name = "BLOCK", conflicts_with = "expires_in")]
        expires: Option<u32>,
        /// Blocks from now for which it may be used [default: half of what a candidate has]
        #[arg(long, value_name = "BLOCKS")]
        expires_in: Option<u32>,
        /// Where to write it [default: stdout]
        #[arg(long, short, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Sign it: your word for the newcomer, and one of your vouches; needs no network
    Sign {
        /// The certificate
        certificate: String,
        /// Where to write it [default: the same file; stdout for a QR text]
        #[arg(long, short, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Put the signatures of several copies together; needs no network
    Merge {
        /// The copies
        #[arg(required = true, num_args = 1..=64)]
        certificates: Vec<String>,
        /// Where to write it [default: stdout]
        #[arg(long, short, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Submit it: the newcomer is admitted
    Submit {
        /// The certificate
        certificate: String,
    },
    /// Say whom it admits, until when and who signed; needs no network
    Show {
        /// The certificate
        certificate: String,
        /// Print the text of its QR code
        #[arg(long)]
        qr: bool,
    },
}

/// Guardians.
#[derive(Debug, Subcommand)]
pub enum GuardiansCommand {
    /// Say who guards someone's key
    Show {
        /// Member number or address [default: you]
        who: Option<String>,
    },
    /// Choose who guards yours
    Choose {
        /// Member numbers or addresses
        #[arg(required = true, num_args = 1..=16)]
        who: Vec<String>,
    },
    /// Be guarded by those on whose word you became a member
    Reset,
}

/// Recovery.
#[derive(Debug, Subcommand)]
pub enum RecoverCommand {
    /// Ask, with the new keys `kith init` made here, to be given them; needs no network if you know your number
    Request {
        /// Your member number, or the address whose key is lost
        #[arg(long, value_name = "WHO")]
        person: String,
        /// The last block at which guardians may open a motion with it
        #[arg(long, value_name = "BLOCK", default_value_t = 1_000_000)]
        expires: u32,
        /// Where to write it [default: stdout]
        #[arg(long, short, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Put a request to the guardians, of whom you are one, and approve it. Make sure it is the person who asks
    Propose {
        /// What the person wrote with `kith recover request`
        request: PathBuf,
    },
    /// Approve a motion as a guardian. Make sure it is the person who asks
    Approve {
        /// Whose key: member number or address
        person: String,
        /// The motion [default: the only one there is]
        motion: Option<u32>,
    },
    /// Give the person the keys the guardians agreed on, once the delay is over
    Complete {
        /// Who: member number or address
        person: String,
        /// The motion [default: the only one there is]
        motion: Option<u32>,
    },
    /// Stop a motion to give you a new key: yours is not lost
    Veto {
        /// The motion [default: the only one there is]
        motion: Option<u32>,
    },
    /// Say what is moved about someone's key
    Show {
        /// Member number or address [default: you]
        person: Option<String>,
    },
}

/// Revocation.
#[derive(Debug, Subcommand)]
pub enum RevocationCommand {
    /// Write the document; needs no network
    Write {
        /// Where to write it [default: stdout]
        #[arg(long, short, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Freeze the key it is about, at once; only a new key ends that
    Submit {
        /// The document
        document: PathBuf,
    },
}

/// `kith withdraw`.
#[derive(Debug, Args)]
pub struct WithdrawArgs {
    /// Member number or address
    pub who: String,
    /// Do not ask whether you mean it
    #[arg(long, short)]
    pub yes: bool,
}

/// `kith leave`.
#[derive(Debug, Args)]
pub struct LeaveArgs {
    /// Do not ask whether you mean it
    #[arg(long, short)]
    pub yes: bool,
}

/// `kith expel`.
#[derive(Debug, Args)]
pub struct ExpelArgs {
    /// Member number or address
    pub who: String,
}

/// Validating.
#[derive(Debug, Subcommand)]
pub enum ValidatorCommand {
    /// Stand for the sessions to come
    Stand,
    /// Stand no more
    StandDown,
    /// Say who validates and who stands
    Show,
    /// Say with which keys your node validates
    SetKeys {
        /// The keys, in hex, as `author_rotateKeysWithOwner` gave them [default: the node is asked for new ones]
        #[arg(requires = "proof")]
        keys: Option<String>,
        /// The proof it gave with them, in hex
        proof: Option<String>,
    },
}
