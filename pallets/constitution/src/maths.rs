// SPDX-License-Identifier: Apache-2.0
//! How many approvals an override takes.

/// `percent` of the active members, rounded up; two at least where there are two, and one where there is one.
pub fn required_approvals(percent: u32, active: u32) -> u32 {
    let share = u64::from(percent).saturating_mul(u64::from(active)).div_ceil(100);
    let floor = if active >= 2 { 2 } else { 1 };
    u32::try_from(share).unwrap_or(u32::MAX).max(floor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn golden_vectors() {
        for (percent, active, required) in [
            (67, 0, 1),
            (67, 1, 1),
            (67, 2, 2),
            (51, 2, 2),
            (67, 3, 3),
            (66, 3, 2),
            (51, 3, 2),
            (67, 4, 3),
            (67, 10, 7),
            (67, 100, 67),
            (67, 101, 68),
            (100, 5, 5),
            (51, u32::MAX, 2_190_433_321),
            (100, u32::MAX, u32::MAX),
        ] {
            assert_eq!(required_approvals(percent, active), required, "{percent} % of {active}");
        }
    }

    proptest! {
        #[test]
        fn it_is_a_majority_that_can_be_reached(percent in 51u32..=100, active in 1u32..) {
            let required = required_approvals(percent, active);
            prop_assert!(required <= active);
            prop_assert!(u64::from(required) * 100 >= u64::from(percent) * u64::from(active));
            prop_assert!(u64::from(required) * 2 > u64::from(active));
            prop_assert!(active < 2 || required >= 2);
        }

        #[test]
        fn it_is_the_least_such_number(percent in 51u32..=100, active in 4u32..) {
            let required = required_approvals(percent, active);
            prop_assert!(u64::from(required - 1) * 100 < u64::from(percent) * u64::from(active));
        }
    }
}
