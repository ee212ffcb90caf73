// SPDX-License-Identifier: Apache-2.0
//! How parameters and the governing account change.

use super::*;
use kith_primitives::parameters::{Parameter, Parameters};

fn set(parameter: Parameter) -> sp_runtime::DispatchResult {
    Constitution::set_parameter(signed(DOUG), parameter)
}

#[test]
fn set_parameter_takes_effect_when_the_next_era_starts() {
    ExtBuilder::members(3).build_and_execute(|| {
        let before = Constitution::parameters();
        assert_ok!(set(Parameter::EraPot(7)));
        assert_eq!(events(), [Event::ParameterScheduled { parameter: Parameter::EraPot(7) }]);
        assert_eq!(Constitution::parameters(), before);

        Constitution::era_started();
        assert_eq!(Constitution::parameters(), Parameters { era_pot: 7, ..before });
        assert_eq!(events(), [Event::ParametersChanged]);
        assert_eq!(Scheduled::<Test>::get(), None);
    });
}

#[test]
fn changes_add_up_and_the_last_of_one_parameter_counts() {
    ExtBuilder::members(3).build_and_execute(|| {
        let before = Constitution::parameters();
        assert_ok!(set(Parameter::EraPot(7)));
        assert_ok!(set(Parameter::MaxDevices(2)));
        assert_ok!(set(Parameter::EraPot(8)));
        Constitution::era_started();
        assert_eq!(Constitution::parameters(), Parameters { era_pot: 8, max_devices: 2, ..before });
    });
}

#[test]
fn an_era_without_a_change_changes_nothing() {
    ExtBuilder::members(3).build_and_execute(|| {
        let before = Constitution::parameters();
        Constitution::era_started();
        assert_eq!(Constitution::parameters(), before);
        assert_eq!(events(), []);
    });
}

#[test]
fn set_parameter_fails_if_out_of_bounds() {
    ExtBuilder::members(3).build_and_execute(|| {
        assert_noop!(set(Parameter::OverridePercent(50)), Error::<Test>::OutOfBounds);
        assert_noop!(set(Parameter::OverridePercent(101)), Error::<Test>::OutOfBounds);
    });
}

#[test]
fn a06_every_parameter_holds_at_zero_one_and_its_greatest() {
    let make: [fn(u128) -> Parameter; 35] = [
        |v| Parameter::AdmissionThreshold(v as u32),
        |v| Parameter::VouchStock(v as u32),
        |v| Parameter::VouchInterval(v as u32),
        |v| Parameter::VouchValidity(v as u32),
        |v| Parameter::RenewalWindow(v as u32),
        |v| Parameter::LapseGrace(v as u32),
        |v| Parameter::CandidateLifetime(v as u32),
        |v| Parameter::MaxDevices(v as u32),
        |v| Parameter::LeasePeriod(v as u32),
        |v| Parameter::NameGrace(v as u32),
        Parameter::ResourceDeposit,
        Parameter::StorageDeposit,
        Parameter::GrantDeposit,
        |v| Parameter::EraLength(v as u32),
        Parameter::EraPot,
        |v| Parameter::ClaimPeriod(v as u32),
        Parameter::QuotaCap,
        Parameter::QuotaPerBlock,
        |v| Parameter::OverridePercent(v as u32),
        |v| Parameter::OverridePeriod(v as u32),
        |v| Parameter::MissesAllowed(v as u32),
        |v| Parameter::DistanceSteps(v as u32),
        |v| Parameter::DistancePercent(v as u32),
        |v| Parameter::DistanceSample(v as u32),
        |v| Parameter::DistanceInterval(v as u32),
        |v| Parameter::RecoveryThreshold(v as u32),
        |v| Parameter::RecoveryDelay(v as u32),
        |v| Parameter::RecoveryPeriod(v as u32),
        Parameter::RecoveryDeposit,
        |v| Parameter::MaxValidators(v as u32),
        |v| Parameter::MinValidators(v as u32),
        |v| Parameter::AbsenceAllowed(v as u32),
        |v| Parameter::ValidatorPenance(v as u32),
        |v| Parameter::ProofValidity(v as u32),
        |v| Parameter::RenewalPercent(v as u32),
    ];
    ExtBuilder::members(40).build_and_execute(|| {
        assert_eq!(make.len(), Parameters::table().len());
        for (make, (name, _, _, least, greatest)) in make.iter().zip(Parameters::table()) {
            for value in [0, 1, *least, *greatest, greatest + 1, u32::MAX.into()] {
                let fits = (*least..=*greatest).contains(&value);
                assert_eq!(set(make(value)).is_ok(), fits, "{name} at {value}");
            }
        }
        Constitution::era_started();
        assert_eq!(Constitution::parameters().out_of_bounds(), None);
    });
}

#[test]
fn a09_a_threshold_above_the_members_is_refused() {
    ExtBuilder::members(3).build_and_execute(|| {
        assert_noop!(set(Parameter::AdmissionThreshold(4)), Error::<Test>::WouldLockOut);
        assert_ok!(set(Parameter::AdmissionThreshold(3)));
        depart(3);
        // What was scheduled earlier does not stand in the way of other changes.
        assert_ok!(set(Parameter::EraPot(1)));
    });
}

#[test]
fn a09_a_rise_that_nobody_can_meet_any_more_is_left_out() {
    ExtBuilder::members(3).build_and_execute(|| {
        assert_ok!(set(Parameter::AdmissionThreshold(3)));
        assert_ok!(set(Parameter::EraPot(7)));
        depart(3);
        Constitution::era_started();
        assert!(emitted(Event::ThresholdKept { wanted: 3, kept: 1 }));
        let parameters = Constitution::parameters();
        assert_eq!((parameters.admission_threshold, parameters.era_pot), (1, 7));
    });
}

#[test]
fn a09_a_fall_is_put_in_force_however_few_remain() {
    let mut builder = ExtBuilder::members(5);
    builder.genesis.parameters.admission_threshold = 5;
    builder.build_and_execute(|| {
        assert_ok!(set(Parameter::AdmissionThreshold(4)));
        depart(5);
        depart(4);
        Constitution::era_started();
        assert_eq!(Constitution::parameters().admission_threshold, 4);
        // And the way back stays open.
        assert_ok!(set(Parameter::AdmissionThreshold(3)));
        Constitution::era_started();
        assert_eq!(Constitution::parameters().admission_threshold, 3);
    });
}

#[test]
fn set_doug_hands_the_authority_over_at_once() {
    ExtBuilder::members(3).build_and_execute(|| {
        assert_ok!(Constitution::set_doug(signed(DOUG), 5));
        assert_eq!(events(), [Event::DougSet { doug: 5 }]);
        assert_noop!(set(Parameter::EraPot(1)), sp_runtime::DispatchError::BadOrigin);
        assert_ok!(Constitution::set_parameter(signed(5), Parameter::EraPot(1)));
    });
}
