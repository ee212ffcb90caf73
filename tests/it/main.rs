// SPDX-License-Identifier: Apache-2.0
//! The stories and the faults, over the real node, the real companion and a real browser.

mod browser;
mod community_file;
mod faults;
mod refusals;
mod story_found;
mod story_join;
mod story_share;
