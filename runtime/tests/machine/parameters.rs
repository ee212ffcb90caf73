// SPDX-License-Identifier: Apache-2.0
//! The changes of the constitution that are tried: within its bounds, but for one, and small.

use kith_primitives::parameters::{Parameter, UNIT};

/// The change with these numbers.
pub(crate) fn parameter((a, b): (u32, u32)) -> Parameter {
    match a % 32 {
        0 => Parameter::AdmissionThreshold(b % 6),
        1 => Parameter::VouchStock(1 + b % 12),
        2 => Parameter::VouchInterval(b % 6),
        3 => Parameter::VouchValidity(30 + b % 100),
        4 => Parameter::RenewalWindow(10 + b % 60),
        5 => Parameter::LapseGrace(b % 20),
        6 => Parameter::CandidateLifetime(10 + b % 40),
        7 => Parameter::MaxDevices(1 + b % 3),
        8 => Parameter::LeasePeriod(10 + b % 60),
        9 => Parameter::NameGrace(b % 20),
        10 => Parameter::ResourceDeposit(u128::from(b) * UNIT / 1_000),
        11 => Parameter::StorageDeposit(b.into()),
        12 => Parameter::GrantDeposit(b.into()),
        13 => Parameter::EraLength(5 + b % 30),
        14 => Parameter::EraPot(u128::from(b) * UNIT),
        15 => Parameter::ClaimPeriod(5 + b % 40),
        16 => Parameter::DistancePercent(b % 101),
        17 => Parameter::DistanceSteps(1 + b % 4),
        18 => Parameter::DistanceInterval(b % 30),
        19 => Parameter::RecoveryThreshold(1 + b % 3),
        20 => Parameter::RecoveryDelay(1 + b % 10),
        21 => Parameter::RecoveryPeriod(5 + b % 20),
        22 => Parameter::RecoveryDeposit(u128::from(b) * UNIT / 100),
        23 => Parameter::MaxValidators(1 + b % 4),
        24 => Parameter::MinValidators(1 + b % 2),
        25 => Parameter::AbsenceAllowed(1 + b % 3),
        26 => Parameter::ValidatorPenance(b % 20),
        27 => Parameter::ProofValidity(10 + b % 60),
        28 => Parameter::RenewalPercent(b % 101),
        29 => Parameter::OverridePercent(51 + b % 50),
        30 => Parameter::OverridePeriod(5 + b % 30),
        _ => Parameter::MissesAllowed(1 + b % 3),
    }
}
