// SPDX-License-Identifier: Apache-2.0
//! Which bytes does a `Range` header ask for? (RFC 9110, section 14)
//!
//! A set of several ranges is answered with the whole file, which section 14.2 allows: no browser needs more than one, and
//! answering many is how small requests become large work. What is not a byte range is ignored, as section 14.2 asks.

use std::ops::Range;

use http::{header::RANGE, HeaderMap};

/// What to send of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Selection {
    /// All of it, with status 200.
    Whole,
    /// These bytes, never none, with status 206.
    Part(Range<u64>),
    /// Nothing of it is meant: status 416.
    Unsatisfiable,
}

/// Reads the `Range` header of a `GET` for a file of `size` bytes.
pub(crate) fn select(headers: &HeaderMap, size: u64) -> Selection {
    let mut values = headers.get_all(RANGE).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return Selection::Whole };
    value.to_str().ok().and_then(one_range).map_or(Selection::Whole, |spec| spec.within(size))
}

/// One range as written. A number too large for `u64` stands for the largest.
enum Spec {
    From(u64),
    FromTo(u64, u64),
    Last(u64),
}

fn one_range(value: &str) -> Option<Spec> {
    let (unit, set) = value.split_once('=')?;
    if !unit.eq_ignore_ascii_case("bytes") {
        return None;
    }
    // An empty element of a list counts for nothing (section 5.6.1).
    let mut elements =
        set.split(',').map(|element| element.trim_matches([' ', '\t'])).filter(|element| !element.is_empty());
    let (Some(element), None) = (elements.next(), elements.next()) else { return None };
    match element.split_once('-')? {
        ("", last) => Some(Spec::Last(digits(last)?)),
        (first, "") => Some(Spec::From(digits(first)?)),
        (first, last) => {
            let (first, last) = (digits(first)?, digits(last)?);
            (first <= last).then_some(Spec::FromTo(first, last))
        }
    }
}

fn digits(text: &str) -> Option<u64> {
    let all_digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    all_digits.then(|| text.parse().unwrap_or(u64::MAX))
}

impl Spec {
    fn within(self, size: u64) -> Selection {
        let range = match self {
            // No range of an empty file can be written in `Content-Range`, so its last bytes are the whole of it.
            Self::Last(length) if size == 0 && length > 0 => return Selection::Whole,
            Self::Last(length) => size.saturating_sub(length)..size,
            Self::From(first) => first..size,
            Self::FromTo(first, last) => first..last.saturating_add(1).min(size),
        };
        if range.is_empty() {
            Selection::Unsatisfiable
        } else {
            Selection::Part(range)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn selected(value: &str, size: u64) -> Selection {
        select(&HeaderMap::from_iter([(RANGE, value.parse().unwrap())]), size)
    }

    #[test]
    fn single_ranges_mean_what_the_standard_says() {
        let cases = [
            ("bytes=0-0", Selection::Part(0..1)),
            ("bytes=0-", Selection::Part(0..10)),
            ("bytes=9-9", Selection::Part(9..10)),
            ("bytes=3-5", Selection::Part(3..6)),
            ("bytes=5-99", Selection::Part(5..10)),
            ("bytes=-1", Selection::Part(9..10)),
            ("bytes=-10", Selection::Part(0..10)),
            ("bytes=-99", Selection::Part(0..10)),
            ("Bytes=0-1", Selection::Part(0..2)),
            ("bytes= 0-1 ", Selection::Part(0..2)),
            ("bytes=,0-1,", Selection::Part(0..2)),
            ("bytes=0-99999999999999999999999", Selection::Part(0..10)),
            ("bytes=-99999999999999999999999", Selection::Part(0..10)),
            ("bytes=000000000000000000000000001-1", Selection::Part(1..2)),
            ("bytes=10-", Selection::Unsatisfiable),
            ("bytes=10-10", Selection::Unsatisfiable),
            ("bytes=9007199254740992-", Selection::Unsatisfiable),
            ("bytes=99999999999999999999999-", Selection::Unsatisfiable),
            ("bytes=-0", Selection::Unsatisfiable),
        ];
        for (value, selection) in cases {
            assert_eq!(selected(value, 10), selection, "{value}");
        }
    }

    #[test]
    fn nonsense_and_several_ranges_select_the_whole() {
        let values = [
            "",
            "bytes",
            "bytes=",
            "bytes=-",
            "bytes=a-b",
            "bytes=1",
            "bytes=5-3",
            "bytes=1-2-3",
            "bytes=+1-2",
            "bytes=0x1-2",
            "bytes=1 -2",
            "items=0-1",
            "bytes 0-1",
            "bytes:0-1",
            "bytes=0-0,2-3",
            "bytes=0-,-1",
            "bytes=99-,98-",
            "=0-1",
        ];
        for value in values {
            assert_eq!(selected(value, 10), Selection::Whole, "{value}");
        }
        assert_eq!(selected(&format!("bytes={}", "0-0,".repeat(10_000)), 10), Selection::Whole);
        let twice = ["bytes=0-0", "bytes=1-1"].map(|value| (RANGE, value.parse().unwrap()));
        assert_eq!(select(&HeaderMap::from_iter(twice), 10), Selection::Whole);
        assert_eq!(select(&HeaderMap::new(), 10), Selection::Whole);
    }

    #[test]
    fn an_empty_file_has_no_ranges() {
        assert_eq!(selected("bytes=0-", 0), Selection::Unsatisfiable);
        assert_eq!(selected("bytes=0-0", 0), Selection::Unsatisfiable);
        assert_eq!(selected("bytes=-5", 0), Selection::Whole);
        assert_eq!(selected("bytes=-0", 0), Selection::Unsatisfiable);
    }

    proptest! {
        #[test]
        fn a_part_is_what_indexing_gives(size in 0u64..50, first in 0u64..60, last in 0u64..60) {
            let all: Vec<u64> = (0..size).collect();
            let wanted = |keep: &dyn Fn(u64) -> bool| all.iter().copied().filter(|n| keep(*n)).collect::<Vec<_>>();
            let check = |value: String, wanted: Vec<u64>| match selected(&value, size) {
                Selection::Part(range) => assert_eq!(range.collect::<Vec<_>>(), wanted, "{value}"),
                Selection::Unsatisfiable => assert!(wanted.is_empty(), "{value}"),
                Selection::Whole => assert!(size == 0, "{value}"),
            };
            check(format!("bytes={first}-"), wanted(&|n| n >= first));
            check(format!("bytes=-{last}"), wanted(&|n| n + last >= size));
            if first <= last {
                check(format!("bytes={first}-{last}"), wanted(&|n| (first..=last).contains(&n)));
            } else {
                prop_assert_eq!(selected(&format!("bytes={first}-{last}"), size), Selection::Whole);
            }
        }

        #[test]
        fn no_text_selects_bytes_outside(value in "(bytes=)?[0-9,\\- =a-z]{0,30}", size in any::<u64>()) {
            if let Selection::Part(range) = selected(&value, size) {
                prop_assert!(range.start < range.end && range.end <= size);
            }
        }
    }
}
