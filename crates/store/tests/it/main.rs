// SPDX-License-Identifier: Apache-2.0
//! Does the store keep its promises with real stores on loopback, and against a peer that breaks the rules?

mod access;
mod closing;
mod content;
mod disk;
mod hostile;
mod network;
mod support;
