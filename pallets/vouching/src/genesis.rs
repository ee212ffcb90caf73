// SPDX-License-Identifier: Apache-2.0
//! How founders vouch for each other before the first block.

use kith_primitives::{
    glue::{Community, Constitution},
    member::MemberId,
};

use crate::{Config, Issuers, Pallet, Vouches};

impl<T: Config> Pallet<T> {
    /// Enters the founders' vouches, and lets the term begin after which it must be proven that they are near. Fails the
    /// founding, with the reason, if one is not a vouch the rules could allow.
    pub(crate) fn found(vouches: &[(MemberId, MemberId)]) {
        let stock = T::Constitution::parameters().vouch_stock;
        for (issuer, subject) in vouches {
            assert!(issuer != subject, "founder {issuer} vouches for themselves");
            for person in [issuer, subject] {
                assert!(T::Community::is_member(*person), "a vouch names person {person}, who is no founder");
            }
            assert!(!Vouches::<T>::contains_key(subject, issuer), "founder {issuer} vouches twice for {subject}");
            assert!(Issuers::<T>::get(issuer).live < stock, "founder {issuer} vouches for more than {stock} founders");
            Self::insert_vouch(*issuer, *subject);
        }
        (0..T::Community::people()).filter(|person| T::Community::is_member(*person)).for_each(Self::begin_term);
    }
}
