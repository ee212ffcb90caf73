// SPDX-License-Identifier: Apache-2.0
//! The most fakes there can be, by counting: the published bound, and the one that holds in time.

/// The bound of arXiv 2512.07897, `c(A) · ((D - d + 1)^k - 1) / (D - d)`, read thus: `edges` is c(A), the vouches that the
/// attackers and those they deceive can give to fakes; `stock` is D, `threshold` d, `steps` k, the length of the
/// longest chain of vouches from an attacker to a fake. For D = d it is its limit, `c(A) · k`; nothing if D < d.
///
/// It is the sum of `edges · (D - d + 1)^(i - 1)` over the distances i: a fake that got d vouches has, net, D - d + 1 to pass on.
pub(crate) fn published(edges: u64, stock: u32, threshold: u32, steps: u32) -> u64 {
    match stock.checked_sub(threshold) {
        Some(spare) => branching(edges, u64::from(spare).saturating_add(1), steps),
        None => 0,
    }
}

/// The number of chains of at most `steps` vouches that begin with one of `edges`, when nobody gives more than `given`.
///
/// Each fake was linked by such a chain when it was admitted, and no two by the same. So this holds whatever the order,
/// and, with the vouches given in a time, for all that were admitted in it, be vouches taken back or not.
pub(crate) fn chains(edges: u64, given: u64, steps: u32) -> u64 {
    branching(edges, given, steps)
}

fn branching(edges: u64, factor: u64, steps: u32) -> u64 {
    let (mut sum, mut ring) = (0u64, edges);
    for _ in 0..steps {
        sum = sum.saturating_add(ring);
        ring = ring.saturating_mul(factor);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_bound_is_its_closed_form() {
        for (stock, threshold) in [(4u32, 2u32), (12, 3), (50, 3), (100, 5)] {
            for steps in 1..5 {
                let (spare, edges) = (u64::from(stock - threshold), 7);
                let closed = edges * ((spare + 1).pow(steps) - 1) / spare;
                assert_eq!(published(edges, stock, threshold, steps), closed);
            }
        }
    }

    #[test]
    fn the_published_bound_holds_where_its_form_divides_by_nothing() {
        assert_eq!(published(9, 3, 3, 4), 36);
        assert_eq!(published(9, 2, 3, 4), 0);
        assert_eq!(published(9, 5, 3, 0), 0);
    }

    #[test]
    fn a_bound_too_great_to_count_is_the_greatest_number() {
        assert_eq!(published(1_000, 100, 1, 10), u64::MAX);
        assert_eq!(chains(1_000, 100, 10), u64::MAX);
    }

    #[test]
    fn chains_are_counted() {
        assert_eq!(chains(6, 3, 1), 6);
        assert_eq!(chains(6, 3, 3), 6 + 18 + 54);
    }
}
