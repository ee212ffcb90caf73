// SPDX-License-Identifier: Apache-2.0
//! How a count in storage grows, shrinks, and vanishes at zero.

/// One more.
pub(crate) fn one_more(count: &mut Option<u32>) {
    *count = Some(count.unwrap_or_default().saturating_add(1));
}

/// One less; nothing is stored for none.
pub(crate) fn one_less(count: &mut Option<u32>) {
    *count = count.and_then(|n| n.checked_sub(1)).filter(|n| *n > 0);
}
