// SPDX-License-Identifier: Apache-2.0
//! The rules without storage: each at its edge.

use proptest::prelude::*;

use crate::{rules::*, Issuer, Vouch};

#[test]
fn the_stock_comes_before_the_interval() {
    let used = Issuer { live: 5, last: Some(10) };
    assert_eq!(may_issue(&used, 11, 5, 10), Err(Limit::Stock));
    assert_eq!(may_issue(&used, 11, 6, 10), Err(Limit::Interval));
    assert_eq!(may_issue(&used, 20, 6, 10), Ok(()));
    assert_eq!(may_issue(&Issuer { live: 5, last: None }, 0, 6, u32::MAX), Ok(()));
}

#[test]
fn a_vouch_is_renewed_in_its_window_only_and_never_shortened() {
    let vouch = Vouch { at: 0, expires: 100 };
    assert_eq!(may_renew(&vouch, 79, 20), Err(NotRenewable::TooEarly));
    assert_eq!(may_renew(&vouch, 80, 20), Ok(()));
    assert_eq!(may_renew(&vouch, 99, 20), Ok(()));
    assert_eq!(may_renew(&vouch, 100, 20), Err(NotRenewable::Ended));
    assert_eq!(renewed(&vouch, 80, 100), Vouch { at: 0, expires: 180 });
    assert_eq!(renewed(&vouch, 80, 10), Vouch { at: 0, expires: 100 });
}

#[test]
fn a_lapse_is_held_while_no_more_members_than_the_threshold_are_left() {
    assert_eq!(conclude(3, true, 3, 3), Conclusion::Stays);
    assert_eq!(conclude(2, true, 4, 3), Conclusion::Lapses);
    assert_eq!(conclude(3, false, 4, 3), Conclusion::Lapses);
    assert_eq!(conclude(2, true, 3, 3), Conclusion::Held);
    assert_eq!(conclude(3, false, 3, 3), Conclusion::Held);
    assert_eq!(conclude(0, true, 1, 0), Conclusion::Held);
    assert!(!is_member(0, 0));
}

#[test]
fn distance_is_asked_where_there_is_somebody_to_ask() {
    assert!(!asks_distance(0, 100) && !asks_distance(80, 0) && !asks_distance(80, 1));
    assert!(asks_distance(1, 2));
    assert_eq!((percent_again(80, 50), percent_again(40, 50), percent_again(0, 50)), (50, 40, 0));
    assert!(!may_prove_again(100, 79, 20) && may_prove_again(100, 80, 20) && may_prove_again(100, 500, 20));
    assert!(may_request(None, 0, u32::MAX) && may_request(Some(5), 15, 10) && !may_request(Some(5), 14, 10));
}

proptest! {
    #[test]
    fn no_extreme_wraps(live: u32, last: Option<u32>, now: u32, stock: u32, blocks: u32, expires: u32, threshold: u32) {
        let allowed = may_issue(&Issuer { live, last }, now, stock, blocks).is_ok();
        let waited = last.is_none_or(|last| u64::from(now) >= (u64::from(last) + u64::from(blocks)).min(u32::MAX.into()));
        prop_assert_eq!(allowed, live < stock && waited);

        let vouch = Vouch { at: 0, expires };
        prop_assert_eq!(counts(&vouch, now), now < expires);
        let in_window = u64::from(now) + u64::from(blocks) >= u64::from(expires);
        prop_assert_eq!(may_renew(&vouch, now, blocks).is_ok(), now < expires && in_window);
        prop_assert!(renewed(&vouch, now, blocks).expires >= expires);
        prop_assert!(term_ends(now, blocks) >= now && grace_ends(now, blocks) >= now);
        let stays = conclude(live, in_window, stock, threshold) == Conclusion::Stays;
        prop_assert_eq!(stays, is_member(live, threshold) && in_window);
        let again = u64::from(now) + u64::from(blocks) >= u64::from(expires);
        prop_assert_eq!(may_prove_again(expires, now, blocks), again);
    }
}
