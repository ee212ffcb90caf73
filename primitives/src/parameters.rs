// SPDX-License-Identifier: Apache-2.0
//! The constitution's parameters: what each means, its bounds and its default.
#![expect(clippy::as_conversions, reason = "the codec's derive writes a variant's index with one")]

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

use crate::{Balance, BlockNumber};

/// Declares the parameters once: the struct that holds them, the enum that changes one, their bounds and defaults.
macro_rules! parameters {
    ($($(#[doc = $doc:literal])* $index:literal $variant:ident $field:ident: $kind:ty = $default:expr, $min:expr => $max:expr;)*) => {
        /// The parameters in force.
        #[derive(
            Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize,
        )]
        #[serde(default, deny_unknown_fields)]
        pub struct Parameters {
            $($(#[doc = $doc])* pub $field: $kind,)*
        }

        impl Default for Parameters {
            fn default() -> Self {
                Self { $($field: $default,)* }
            }
        }

        /// A new value for one parameter.
        #[derive(
            Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum Parameter {
            $($(#[doc = $doc])* #[codec(index = $index)] $variant($kind),)*
        }

        impl Parameter {
            /// Whether the value lies within its bounds.
            pub fn in_bounds(&self) -> bool {
                match self {
                    $(Self::$variant(value) => ($min..=$max).contains(value),)*
                }
            }

            /// Writes the value into `parameters`.
            pub fn apply(self, parameters: &mut Parameters) {
                match self {
                    $(Self::$variant(value) => parameters.$field = value,)*
                }
            }
        }

        impl Parameters {
            /// The first parameter out of its bounds: name, value, least and greatest value.
            pub fn out_of_bounds(&self) -> Option<(&'static str, u128, u128, u128)> {
                $(if !($min..=$max).contains(&self.$field) {
                    return Some((stringify!($field), self.$field.into(), u128::from($min), u128::from($max)));
                })*
                None
            }

            /// Every parameter: name, meaning, default, least and greatest value. For generated references.
            pub fn table() -> &'static [(&'static str, &'static str, u128, u128, u128)] {
                &[$((stringify!($field), concat!($($doc),*), {
                    #[expect(clippy::as_conversions, reason = "widening, in a constant")]
                    { $default as u128 }
                }, {
                    #[expect(clippy::as_conversions, reason = "widening, in a constant")]
                    { $min as u128 }
                }, {
                    #[expect(clippy::as_conversions, reason = "widening, in a constant")]
                    { $max as u128 }
                }),)*]
            }
        }
    };
}

/// Blocks of a day at six seconds each; the defaults are for a community that lives at that pace.
const DAY: BlockNumber = 14_400;
/// Ten years.
const AGE: BlockNumber = 52_560_000;
/// One whole token, for twelve decimals.
pub const UNIT: Balance = 1_000_000_000_000;

parameters! {
    /// Live vouches that make, and keep, a member.
    0 AdmissionThreshold admission_threshold: u32 = 3, 1u32 => 32u32;
    /// Live vouches one member may have given.
    1 VouchStock vouch_stock: u32 = 24, 1u32 => 100u32;
    /// Blocks between two vouches of one member.
    2 VouchInterval vouch_interval: BlockNumber = 30 * DAY, 0u32 => AGE;
    /// Blocks a vouch counts for.
    3 VouchValidity vouch_validity: BlockNumber = 730 * DAY, 10u32 => AGE;
    /// Blocks before its end from which a vouch, or a member's proof of distance, may be renewed.
    4 RenewalWindow renewal_window: BlockNumber = 60 * DAY, 1u32 => AGE;
    /// Blocks a member keeps standing who has too few vouches, or whose proof of distance has ended.
    5 LapseGrace lapse_grace: BlockNumber = 30 * DAY, 0u32 => AGE;
    /// Blocks a candidate has to become a member.
    6 CandidateLifetime candidate_lifetime: BlockNumber = 60 * DAY, 10u32 => AGE;
    /// Devices one member may bind.
    7 MaxDevices max_devices: u32 = 8, 1u32 => 64u32;
    /// Blocks a lease on a resource lasts from its last refresh.
    8 LeasePeriod lease_period: BlockNumber = 90 * DAY, 10u32 => AGE;
    /// Blocks a name is kept for its resource after the lease has ended.
    9 NameGrace name_grace: BlockNumber = 30 * DAY, 0u32 => AGE;
    /// Held for each resource, in the smallest unit of the token.
    10 ResourceDeposit resource_deposit: Balance = UNIT / 100, 0u128 => 1_000_000 * UNIT;
    /// Held for each KiB of a version's stored bytes.
    11 StorageDeposit storage_deposit: Balance = 1_000, 0u128 => UNIT;
    /// Held for each grant.
    12 GrantDeposit grant_deposit: Balance = UNIT / 1_000, 0u128 => 1_000 * UNIT;
    /// Blocks of an era.
    13 EraLength era_length: BlockNumber = DAY, 5u32 => 30 * DAY;
    /// Paid out in each era, at most.
    14 EraPot era_pot: Balance = 100 * UNIT, 0u128 => 1_000_000_000 * UNIT;
    /// Blocks after an era's end within which its rewards may be claimed.
    15 ClaimPeriod claim_period: BlockNumber = 30 * DAY, 5u32 => AGE;
    /// The most that a member's fee quota holds.
    16 QuotaCap quota_cap: Balance = 10 * UNIT, 0u128 => 1_000_000 * UNIT;
    /// What a member's fee quota regains each block.
    17 QuotaPerBlock quota_per_block: Balance = UNIT / 100, 0u128 => 1_000 * UNIT;
    /// Percent of the active members that an override of the DOUG takes.
    18 OverridePercent override_percent: u32 = 67, 51u32 => 100u32;
    /// Blocks an override may be voted on.
    19 OverridePeriod override_period: BlockNumber = 14 * DAY, 5u32 => AGE;
    /// Missed challenges in a row that release a pledge.
    20 MissesAllowed misses_allowed: u32 = 3, 1u32 => 100u32;
    /// Vouches in a row, at most, that link a person to a referee.
    21 DistanceSteps distance_steps: u32 = 5, 1u32 => 10u32;
    /// Percent of the referees asked that must be linked to a newcomer; 0 asks nobody.
    22 DistancePercent distance_percent: u32 = 80, 0u32 => 100u32;
    /// Referees asked, at most: all of them in a community that has no more.
    23 DistanceSample distance_sample: u32 = 128, 8u32 => 128u32;
    /// Blocks between two drawings of referees for one person.
    24 DistanceInterval distance_interval: BlockNumber = 7 * DAY, 0u32 => AGE;
    /// Guardians who together may freeze a member's key, or give the member a new one.
    25 RecoveryThreshold recovery_threshold: u32 = 3, 1u32 => 16u32;
    /// Blocks between the guardians' agreement on a new key, or a member's choice of guardians, and its effect.
    26 RecoveryDelay recovery_delay: BlockNumber = 3 * DAY, 1u32 => AGE;
    /// Blocks guardians have to agree on a motion.
    27 RecoveryPeriod recovery_period: BlockNumber = 14 * DAY, 5u32 => AGE;
    /// Held from who opens a motion about a member's key, and lost to the member who vetoes it.
    28 RecoveryDeposit recovery_deposit: Balance = UNIT / 10, 0u128 => 1_000_000 * UNIT;
    /// Validators, at most.
    29 MaxValidators max_validators: u32 = 32, 1u32 => 100u32;
    /// Validators below whom nobody is let go, so that blocks become final.
    30 MinValidators min_validators: u32 = 1, 1u32 => 100u32;
    /// Sessions in a row without a block after which a validator loses the seat.
    31 AbsenceAllowed absence_allowed: u32 = 3, 1u32 => 1_000u32;
    /// Blocks for which a validator who lost the seat may not stand again.
    32 ValidatorPenance validator_penance: BlockNumber = 7 * DAY, 0u32 => AGE;
    /// Blocks for which it holds that a member was linked to the referees; it can be proven anew in the renewal window.
    33 ProofValidity proof_validity: BlockNumber = 365 * DAY, 10u32 => AGE;
    /// Percent of the referees asked that must then be linked to a member, if fewer than to a newcomer; 0 asks no member again.
    34 RenewalPercent renewal_percent: u32 = 50, 0u32 => 100u32;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_in_bounds() {
        assert_eq!(Parameters::default().out_of_bounds(), None);
    }

    #[test]
    fn a_value_out_of_bounds_is_named() {
        let parameters = Parameters { admission_threshold: 0, ..Default::default() };
        assert_eq!(parameters.out_of_bounds(), Some(("admission_threshold", 0, 1, 32)));
        assert!(!Parameter::AdmissionThreshold(33).in_bounds());
        assert!(Parameter::AdmissionThreshold(32).in_bounds());
    }

    #[test]
    fn a_change_changes_only_its_parameter() {
        let mut parameters = Parameters::default();
        Parameter::EraPot(7).apply(&mut parameters);
        assert_eq!(parameters, Parameters { era_pot: 7, ..Default::default() });
    }

    #[test]
    fn each_parameter_is_in_the_table() {
        let fields = serde_json::to_value(Parameters::default()).unwrap();
        assert_eq!(fields.as_object().unwrap().len(), Parameters::table().len());
    }
}
