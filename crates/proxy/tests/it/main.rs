// SPDX-License-Identifier: Apache-2.0
//! Does the pipeline keep its promises, from a request's first header to the last byte of its answer?

mod admission;
mod dashboard;
mod failures;
mod fake;
mod files;
mod pages;
mod ranges;
mod sockets;
