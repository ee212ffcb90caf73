// SPDX-License-Identifier: Apache-2.0
//! What several measurements of one thing say together.

use std::fmt;

/// Measurements of one thing, at least one, sorted.
pub(crate) struct Figures(Vec<f64>);

impl Figures {
    pub(crate) fn new(measured: impl Iterator<Item = f64>) -> Self {
        let mut measured: Vec<f64> = measured.collect();
        measured.sort_by(f64::total_cmp);
        Self(measured)
    }
}

/// The median, then the lowest and the highest.
impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = &self.0;
        let places = f.precision().unwrap_or(1);
        let median = (all[(all.len() - 1) / 2] + all[all.len() / 2]) / 2.0;
        write!(f, "{median:8.places$} ({:.places$} to {:.places$})", all[0], all[all.len() - 1])
    }
}
