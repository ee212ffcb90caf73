// SPDX-License-Identifier: Apache-2.0
//! End-to-end tests over the real programs: see `it/`, a file for each story and each kind of fault.
