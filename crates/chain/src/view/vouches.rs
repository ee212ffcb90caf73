// SPDX-License-Identifier: Apache-2.0
//! Which vouches somebody gave, and how long a candidate can still be given one.

use futures::future::try_join_all;
use kith_primitives::{member::MemberId, BlockNumber};

use super::{View, ViewError};
use crate::api::kith;

/// Vouches asked for at once: a node answers 16 questions of one connection at a time, and others are asked meanwhile.
const AT_ONCE: usize = 8;

/// A vouch, as who gave it sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Given {
    /// For whom.
    pub subject: MemberId,
    /// The first block in which it no longer counts.
    pub expires: BlockNumber,
}

impl View {
    /// The vouches a person gave, by the number of whom they are for: as many as the stock of each, at most.
    pub async fn given(&self, issuer: MemberId) -> Result<Vec<Given>, ViewError> {
        let issued = self.entries(kith::storage().vouching().issued_by(), (issuer,)).await?;
        let subjects: Vec<MemberId> = issued.into_iter().map(|((_, subject), ())| subject).collect();
        let mut given = Vec::new();
        for some in subjects.chunks(AT_ONCE) {
            let vouches = try_join_all(some.iter().copied().map(|subject| self.vouch(issuer, subject))).await?;
            given.extend(vouches.into_iter().flatten());
        }
        given.sort_by_key(|vouch| vouch.subject);
        Ok(given)
    }

    /// The vouch one person gave another. It may have ended, and be still to be removed.
    pub async fn vouch(&self, issuer: MemberId, subject: MemberId) -> Result<Option<Given>, ViewError> {
        let vouch = self.entry(kith::storage().vouching().vouches(), (subject, issuer)).await?;
        Ok(vouch.map(|vouch| Given { subject, expires: vouch.expires }))
    }

    /// The first block in which a candidate can no longer be vouched for; nothing for who is no candidate.
    pub async fn candidate_until(&self, person: MemberId) -> Result<Option<BlockNumber>, ViewError> {
        let record = self.entry(kith::storage().membership().people(), (person,)).await?;
        Ok(record.and_then(|record| record.candidate_until))
    }
}
