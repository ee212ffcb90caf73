// SPDX-License-Identifier: Apache-2.0
//! The stories and the faults, over the real node, the real companion and a real browser.

mod browser;
mod clients;
mod community_file;
mod compiled_runtime;
mod dashboard;
mod drawn;
mod equivocation;
mod everyday;
mod faults;
mod nested_calls;
mod refusals;
mod renewals;
mod rules;
mod seats;
mod story_expel;
mod story_found;
mod story_join;
mod story_lost_key;
mod story_share;
mod story_stolen_key;
mod story_validate;
mod terms;
mod usage;
