// SPDX-License-Identifier: Apache-2.0
//! `kith certificate`: members admit a newcomer together, by signatures given away from the network.

use std::path::{Path, PathBuf};

use kith_chain::SubmitError;
use serde_json::json;

use super::{
    join::{admitted, after, hand_over, make_way},
    Context,
};
use crate::{
    cli::CertificateCommand,
    papers::{application::SignedApplication, certificate::SignedCertificate, qr},
    person::address,
    report::{Done, Failure},
};

/// What to do with a certificate that was written.
const ADVICE: &str = "Members sign it with `kith certificate sign`; who has enough signatures submits it";

pub(super) async fn run(context: &Context, command: CertificateCommand) -> Result<Done, Failure> {
    match command {
        CertificateCommand::New { application, expires, expires_in, out } => {
            begin(context, &application, expires, expires_in, out.as_deref()).await
        }
        CertificateCommand::Sign { certificate, out } => sign(context, &certificate, out),
        CertificateCommand::Merge { certificates, out } => merge(context, &certificates, out.as_deref()),
        CertificateCommand::Submit { certificate } => submit(context, &certificate).await,
        CertificateCommand::Show { certificate, qr } => show(context, &certificate, qr).await,
    }
}

/// Begins one; the node is asked only for the height, if it is needed.
async fn begin(
    context: &Context,
    application: &Path,
    expires: Option<u32>,
    expires_in: Option<u32>,
    out: Option<&Path>,
) -> Result<Done, Failure> {
    let genesis = context.genesis()?;
    let application = SignedApplication::read(application).map_err(Failure::usage)?;
    application.check(&genesis).map_err(Failure::usage)?;
    let expires = match expires {
        Some(block) => block,
        None => {
            let view = context.chain().await?.view().await?;
            let half = view.parameters().await?.candidate_lifetime / 2;
            view.block().number.saturating_add(expires_in.unwrap_or(half))
        }
    };
    let certificate = SignedCertificate::begin(application, expires, &mut rand::rngs::OsRng);
    hand_over(out, &certificate.file(), ADVICE)
}

/// Reads one, and believes it once everything in it was verified.
fn take(context: &Context, given: &str) -> Result<SignedCertificate, Failure> {
    let genesis = context.genesis()?;
    let certificate = SignedCertificate::take(given).map_err(Failure::usage)?;
    certificate.check(&genesis).map_err(Failure::usage)?;
    Ok(certificate)
}

fn sign(context: &Context, given: &str, out: Option<PathBuf>) -> Result<Done, Failure> {
    let mut certificate = take(context, given)?;
    certificate.sign(&context.unlock()?).map_err(Failure::usage)?;
    let out = out.or_else(|| (!qr::is_text(given)).then(|| given.into()));
    hand_over(out.as_deref(), &certificate.file(), ADVICE)
}

fn merge(context: &Context, given: &[String], out: Option<&Path>) -> Result<Done, Failure> {
    let copies = given.iter().map(|one| take(context, one)).collect::<Result<Vec<_>, _>>()?;
    let merged = SignedCertificate::merge(copies).map_err(Failure::usage)?;
    merged.check(&context.genesis()?).map_err(Failure::usage)?;
    hand_over(out, &merged.file(), "Submit it with `kith certificate submit`")
}

async fn submit(context: &Context, given: &str) -> Result<Done, Failure> {
    let certificate = take(context, given)?;
    let account = certificate.certificate.application.account.clone();
    let chain = context.chain().await?;
    let person = context.unlock()?;
    let pruned = make_way(&chain, &person, &account).await?;
    let with_proof = certificate.clone().call_with_proof(&chain.view().await?).await?;
    let sent = match &with_proof {
        Some(call) => chain.submit(call, &person).await,
        None => chain.submit(&certificate.clone().call(), &person).await,
    };
    match sent {
        // Another newcomer may have taken the number meanwhile, or a vouch have ended: it says so itself if it is refused.
        Err(cause @ SubmitError::Refused { .. }) if with_proof.is_some() => {
            tracing::info!("not admitted at once: {cause}");
            chain.submit(&certificate.call(), &person).await?
        }
        sent => sent?,
    };
    Ok(after(pruned, admitted(context, &chain, &person, &address(account.into())).await?))
}

/// Says what is in one; how many signatures are missing only a node knows.
async fn show(context: &Context, given: &str, qr: bool) -> Result<Done, Failure> {
    let certificate = take(context, given)?;
    if qr {
        let text = certificate.qr().map_err(Failure::usage)?;
        return Ok(Done::new(text.clone(), json!({ "text": text })));
    }
    let needed = match context.chain().await {
        Ok(chain) => Some(chain.view().await?.parameters().await?.admission_threshold),
        Err(_) => None,
    };
    Ok(described(&certificate, needed))
}

fn described(certificate: &SignedCertificate, needed: Option<u32>) -> Done {
    let inside = &certificate.certificate;
    let newcomer = address(inside.application.account.clone().into());
    let signers: Vec<String> = certificate.signers().collect();
    let missing = needed.map(|needed| needed.saturating_sub(u32::try_from(signers.len()).unwrap_or(u32::MAX)));
    let rest = match missing {
        Some(0) => "enough signatures: submit it with `kith certificate submit`".to_owned(),
        Some(missing) => format!("{missing} signatures are missing"),
        None => "no node answers that knows how many signatures are needed".to_owned(),
    };
    let mut lines = vec![
        format!("admits      {newcomer}"),
        format!("community   0x{}", hex::encode(inside.application.genesis)),
        format!("until       block {}", inside.expires.min(inside.application.expires)),
    ];
    lines.extend(signers.iter().map(|signer| format!("signed by   {signer}")));
    lines.push(rest);
    let data = json!({
        "newcomer": newcomer,
        "genesis": hex::encode(inside.application.genesis),
        "expires": inside.expires.min(inside.application.expires),
        "signers": signers,
        "missing": missing,
    });
    Done::new(lines.join("\n"), data)
}
