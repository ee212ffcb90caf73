// SPDX-License-Identifier: Apache-2.0
//! What an offence against consensus costs: the seat, and rank.

use frame_support::weights::Weight;
use kith_primitives::{glue::Constitution, member::MemberId};
use sp_runtime::Perbill;
use sp_staking::{
    offence::{OffenceDetails, OnOffenceHandler},
    SessionIndex,
};

use crate::{Config, Event, Offences, Pallet, Record, Sessions, WeightInfo};

impl<T: Config> Pallet<T> {
    /// The person offended in a session. What they do in one session counts once: a node started twice by mistake signs
    /// twice many times before anybody notices. So reports of sessions up to the last one counted change nothing.
    pub fn offended(person: MemberId, session: SessionIndex) {
        let before = Offences::<T>::get(person);
        if before.is_some_and(|record| record.session >= session) {
            return;
        }
        let count = before.map_or(0, |record| record.count).saturating_add(1);
        Offences::<T>::insert(person, Record { count, session });
        let until = Self::penalise(person, T::Constitution::parameters().validator_penance);
        T::Sessions::disable(person);
        Self::deposit_event(Event::Offended { person, offences: count, until });
    }
}

/// Hears of proven offences. How much of a stake they would cost does not matter: there is none.
impl<T, Reporter, Id, Identification> OnOffenceHandler<Reporter, (Id, Identification), Weight> for Pallet<T>
where
    T: Config,
    Id: Clone + Into<MemberId>,
{
    fn on_offence(
        offenders: &[OffenceDetails<Reporter, (Id, Identification)>],
        _: &[Perbill],
        session: SessionIndex,
    ) -> Weight {
        for details in offenders {
            Self::offended(details.offender.0.clone().into(), session);
        }
        T::WeightInfo::offence().saturating_mul(u64::try_from(offenders.len()).unwrap_or(u64::MAX))
    }
}
