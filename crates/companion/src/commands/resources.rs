// SPDX-License-Identifier: Apache-2.0
//! `kith publish`, `get`, `open`, `grant`, `revoke`, `refresh`: what one does with resources.

use std::path::{Path, PathBuf};

use kith_chain::Call;
use kith_primitives::resource::Visibility;
use serde_json::json;

use super::Context;
use crate::{
    cli::{GetArgs, GrantArgs, NameArgs, PublishArgs},
    control::Request,
    operations::{named, OperationError},
    report::{Done, Failure},
};

pub(super) async fn publish(context: &Context, arguments: PublishArgs) -> Result<Done, Failure> {
    let PublishArgs { path, name, public, members } = arguments;
    let visibility = match (public, members) {
        (true, _) => Visibility::Public,
        (_, true) => Visibility::Members,
        _ => Visibility::Private,
    };
    let path = std::fs::canonicalize(&path)
        .map_err(|cause| Failure::usage(anyhow::anyhow!("cannot read {}: {cause}", path.display())))?;
    context.ask(&Request::Publish { path, name, visibility }).await
}

pub(super) async fn get(context: &Context, arguments: GetArgs) -> Result<Done, Failure> {
    let GetArgs { name, path, out } = arguments;
    let out = absolute(&out)?;
    context.ask(&Request::Get { name, path, out }).await
}

/// The companion works in another folder than whoever asks.
fn absolute(path: &Path) -> Result<PathBuf, Failure> {
    Ok(std::path::absolute(path)?)
}

/// Prints the address, and opens it where there is a desktop.
pub(super) async fn open(context: &Context, arguments: NameArgs) -> Result<Done, Failure> {
    let done = context.ask(&Request::Link { name: arguments.name }).await?;
    let desktop = std::env::var_os("DISPLAY").or_else(|| std::env::var_os("WAYLAND_DISPLAY"));
    if desktop.is_some() && !context.global.json {
        let opened = std::process::Command::new("xdg-open").arg(&done.text).spawn();
        if let Err(cause) = opened {
            tracing::info!("no browser was opened: {cause}");
        }
    }
    Ok(done)
}

pub(super) async fn grant(context: &Context, arguments: GrantArgs) -> Result<Done, Failure> {
    let view = context.chain().await?.view().await?;
    let reader = context.who(&view, &arguments.who).await?.id;
    context.ask(&Request::Grant { name: arguments.name, reader }).await
}

pub(super) async fn revoke(context: &Context, arguments: &GrantArgs) -> Result<Done, Failure> {
    let chain = context.chain().await?;
    let view = chain.view().await?;
    let reader = context.who(&view, &arguments.who).await?.id;
    let resource = named(&view, &arguments.name).await?;
    if resource.visibility == Visibility::Members {
        return Err(Failure::usage(OperationError::Everyone(arguments.name.clone())));
    }
    context.submit(&chain, &Call::RevokeGrant { resource: resource.id, reader }).await?;
    let text = format!(
        "Member {reader} can read nothing you publish of {} from now on. They may have kept what they could read before.\nPublish again to encrypt it under the new key",
        arguments.name
    );
    Ok(Done::new(text, json!({ "resource": resource.id, "reader": reader })))
}

pub(super) async fn refresh(context: &Context, arguments: &NameArgs) -> Result<Done, Failure> {
    let chain = context.chain().await?;
    let resource = named(&chain.view().await?, &arguments.name).await?;
    context.submit(&chain, &Call::Refresh(resource.id)).await?;
    let now = named(&chain.view().await?, &arguments.name).await?;
    let text = format!("The network keeps {} until block {}", arguments.name, now.lease_until);
    Ok(Done::new(text, json!({ "resource": now.id, "lease_until": now.lease_until })))
}
