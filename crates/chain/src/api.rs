// SPDX-License-Identifier: Apache-2.0
//! What the checked-in metadata says there is. Our own types stand for themselves.

#![allow(missing_docs, unreachable_pub, clippy::all, reason = "generated: which of these it needs changes with subxt")]

/// Cargo knows of no file that only a macro reads: this has the crate compiled again after the metadata changed.
const _: &[u8] = include_bytes!("../../../artifacts/metadata.scale");

#[subxt::subxt(
    runtime_metadata_path = "../../artifacts/metadata.scale",
    substitute_type(
        path = "kith_primitives::application::Application<A, B>",
        with = "::subxt::utils::Static<::kith_primitives::application::Application<::kith_primitives::AccountId, ::kith_primitives::BlockNumber>>"
    ),
    substitute_type(
        path = "kith_primitives::certificate::Certificate<A, B>",
        with = "::subxt::utils::Static<::kith_primitives::certificate::Certificate<::kith_primitives::AccountId, ::kith_primitives::BlockNumber>>"
    ),
    substitute_type(
        path = "kith_primitives::recovery::NewKey<A, B>",
        with = "::subxt::utils::Static<::kith_primitives::recovery::NewKey<::kith_primitives::AccountId, ::kith_primitives::BlockNumber>>"
    ),
    substitute_type(
        path = "kith_primitives::distance::Step",
        with = "::subxt::utils::Static<::kith_primitives::distance::Step>"
    ),
    substitute_type(path = "kith_runtime::SessionKeys", with = "::subxt::utils::Static<crate::call::SessionKeys>"),
    substitute_type(
        path = "kith_primitives::device::DeviceId",
        with = "::subxt::utils::Static<::kith_primitives::device::DeviceId>"
    ),
    substitute_type(
        path = "kith_primitives::resource::Kind",
        with = "::subxt::utils::Static<::kith_primitives::resource::Kind>"
    ),
    substitute_type(
        path = "kith_primitives::resource::Visibility",
        with = "::subxt::utils::Static<::kith_primitives::resource::Visibility>"
    ),
    substitute_type(
        path = "kith_primitives::name::ResourceName",
        with = "::subxt::utils::Static<::kith_primitives::name::ResourceName>"
    ),
    substitute_type(
        path = "kith_primitives::content_id::ContentId",
        with = "::subxt::utils::Static<::kith_primitives::content_id::ContentId>"
    ),
    substitute_type(
        path = "kith_primitives::custody::Commitment",
        with = "::subxt::utils::Static<::kith_primitives::custody::Commitment>"
    ),
    substitute_type(
        path = "kith_primitives::parameters::Parameter",
        with = "::subxt::utils::Static<::kith_primitives::parameters::Parameter>"
    ),
    substitute_type(
        path = "kith_primitives::parameters::Parameters",
        with = "::subxt::utils::Static<::kith_primitives::parameters::Parameters>"
    )
)]
pub mod kith {}
