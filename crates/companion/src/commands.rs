// SPDX-License-Identifier: Apache-2.0
//! What each command does. Those that need the store ask the running companion; the others ask the node themselves.

mod certificate;
mod community;
mod consent;
mod device;
mod doctor;
mod doug;
mod expel;
mod freezing;
mod guardians;
mod join;
mod keys;
mod leave;
mod overrides;
mod recover;
mod resources;
mod revocation;
mod validator;
mod vouching;

use std::process::ExitCode;

use clap::CommandFactory;
use kith_chain::{Call, Chain, View};
use kith_keyring::Keyring;
use kith_primitives::{member::MemberId, runtime_api::MemberView, AccountId};

use crate::{
    cli::{Cli, Command, Global},
    control::{client, Request},
    daemon,
    home::Home,
    people::behind,
    person::Person,
    report::{conclude, Done, Failure},
    settings::Settings,
};

/// Carries out what was typed.
pub fn run(cli: Cli) -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_env("KITH_LOG").unwrap_or_else(|_| "warn".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let as_json = cli.global.json;
    let outcome = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Failure::from)
        .and_then(|runtime| runtime.block_on(carry_out(cli)));
    conclude(outcome, as_json)
}

/// What every command works with.
struct Context {
    home: Home,
    settings: Settings,
    global: Global,
}

async fn carry_out(cli: Cli) -> Result<Done, Failure> {
    let home = Home::locate(cli.global.home.clone());
    let settings = Settings::resolve(&home, &cli.global).map_err(Failure::usage)?;
    let context = Context { home, settings, global: cli.global };
    match cli.command {
        Command::Community(command) => community::run(&command),
        Command::Init(arguments) => keys::init(&context, &arguments),
        Command::Apply(arguments) => join::apply(&context, &arguments),
        Command::Sponsor(arguments) => join::sponsor(&context, &arguments).await,
        Command::Vouch(arguments) => vouching::vouch(&context, &arguments).await,
        Command::Withdraw(arguments) => vouching::withdraw(&context, &arguments).await,
        Command::Reconsider(arguments) => vouching::reconsider(&context, &arguments).await,
        Command::Certificate(command) => certificate::run(&context, command).await,
        Command::Guardians(command) => guardians::run(&context, &command).await,
        Command::Freeze(arguments) => freezing::freeze(&context, &arguments).await,
        Command::Unfreeze(arguments) => freezing::unfreeze(&context, &arguments).await,
        Command::Recover(command) => recover::run(&context, &command).await,
        Command::Revocation(command) => revocation::run(&context, &command).await,
        Command::Leave(arguments) => leave::leave(&context, &arguments).await,
        Command::Expel(arguments) => expel::expel(&context, &arguments).await,
        Command::Override(command) => overrides::run(&context, &command).await,
        Command::Validator(command) => validator::run(&context, &command).await,
        Command::Up(arguments) => daemon::up(context.home, context.settings, &context.global, &arguments).await,
        Command::Status => keys::status(&context).await,
        Command::Publish(arguments) => resources::publish(&context, arguments).await,
        Command::Get(arguments) => resources::get(&context, arguments).await,
        Command::Open(arguments) => resources::open(&context, arguments).await,
        Command::Grant(arguments) => resources::grant(&context, arguments).await,
        Command::Revoke(arguments) => resources::revoke(&context, &arguments).await,
        Command::Refresh(arguments) => resources::refresh(&context, &arguments).await,
        Command::Subscribe(arguments) => context.ask(&Request::Follow { name: arguments.name }).await,
        Command::Device(command) => device::run(&context, &command).await,
        Command::Doug(command) => doug::run(&context, &command).await,
        Command::Doctor => doctor::run(&context).await,
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "kith", &mut script);
            let script = String::from_utf8_lossy(&script).into_owned();
            Ok(Done::new(script.clone(), serde_json::json!({ "script": script })))
        }
    }
}

/// Why a person cannot be named so.
#[derive(Debug, thiserror::Error)]
enum WhoError {
    #[error("`{0}` is neither a member number nor an address")]
    Neither(String),
    #[error("the community knows nobody called {0}")]
    Unknown(String),
    #[error("the community does not know you. Run `kith apply` and ask a member to sponsor you")]
    Stranger,
    #[error("this machine does not know its community. Run `kith init --community <chain specification>`")]
    NoCommunity,
}

impl Context {
    /// Asks the running companion.
    async fn ask(&self, request: &Request) -> Result<Done, Failure> {
        client::ask(&self.home, request, self.global.quiet || self.global.json).await
    }

    /// Connects to the node.
    async fn chain(&self) -> Result<Chain, Failure> {
        Ok(Chain::connect(&self.settings.node, self.settings.genesis).await?)
    }

    /// The community of this machine's person.
    fn genesis(&self) -> Result<[u8; 32], Failure> {
        self.settings.genesis.ok_or_else(|| Failure::usage(WhoError::NoCommunity))
    }

    /// Unlocks the keys.
    fn unlock(&self) -> Result<Person, Failure> {
        Person::unlock(&self.home, &self.global)
    }

    /// Unlocks the keys, then signs a call and waits until it is final.
    async fn submit(&self, chain: &Chain, call: &Call) -> Result<(), Failure> {
        let person = self.unlock()?;
        chain.submit(call, &person).await?;
        Ok(())
    }

    /// The person a number or an address names.
    async fn who(&self, view: &View, who: &str) -> Result<MemberView, Failure> {
        let found = if let Ok(id) = who.parse::<MemberId>() {
            view.member(id).await?
        } else {
            let address: kith_keyring::Address =
                who.parse().map_err(|_| Failure::usage(WhoError::Neither(who.to_owned())))?;
            behind(view, &AccountId::new(address.account())).await?
        };
        found.ok_or_else(|| Failure::usage(WhoError::Unknown(who.to_owned())))
    }

    /// The person whose keys lie on this machine, in any standing.
    async fn me(&self, view: &View) -> Result<MemberView, Failure> {
        let account = AccountId::new(Keyring::open(&self.home.keys())?.account_id());
        let me = behind(view, &account).await?;
        me.ok_or_else(|| Failure::usage(WhoError::Stranger))
    }
}
