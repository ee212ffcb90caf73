// SPDX-License-Identifier: Apache-2.0
//! Who vouches for whom at this very block, read from what is stored.

use alloc::vec::Vec;
use core::marker::PhantomData;

use kith_primitives::{
    distance::Graph,
    glue::{Community, Now, Vouched},
    member::MemberId,
    BlockNumber,
};

use crate::{rules, Config, Departures, Pallet, VouchFor, Vouches};

/// The vouches that count in the current block.
#[derive(Debug)]
pub struct Stored<T>(PhantomData<T>);

impl<T> Default for Stored<T> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<T: Config> Graph for Stored<T> {
    /// Reads all vouches of the subject, which nothing bounds: not for use in a block.
    fn issuers(&self, subject: MemberId) -> Vec<MemberId> {
        let live = Vouches::<T>::iter_prefix(subject).filter(|(issuer, vouch)| Pallet::<T>::counts(*issuer, vouch));
        live.map(|(issuer, _)| issuer).collect()
    }

    fn vouches(&self, issuer: MemberId, subject: MemberId) -> bool {
        Vouches::<T>::get(subject, issuer).is_some_and(|vouch| Pallet::<T>::counts(issuer, &vouch))
    }
}

impl<T: Config> Vouched for Pallet<T> {
    fn vouched_at(issuer: MemberId, subject: MemberId) -> Option<BlockNumber> {
        Vouches::<T>::get(subject, issuer).filter(|vouch| Self::counts(issuer, vouch)).map(|vouch| vouch.at)
    }

    fn received(person: MemberId) -> u32 {
        Self::received(person)
    }
}

impl<T: Config> Pallet<T> {
    /// Whether a stored vouch of this issuer counts in this very block.
    pub(crate) fn counts(issuer: MemberId, vouch: &VouchFor) -> bool {
        rules::counts(vouch, T::Clock::now()) && Self::in_good_standing(issuer)
    }

    /// Whether the person is a member none of whose vouches is being removed.
    pub(crate) fn in_good_standing(person: MemberId) -> bool {
        !Departures::<T>::contains_key(person) && T::Community::is_member(person)
    }
}
