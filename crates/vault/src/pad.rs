// SPDX-License-Identifier: Apache-2.0
//! To which length is a plaintext padded, so that its exact size stays unknown?

/// The longest plaintext, in bytes: 1 TiB, far below what the 64-bit chunk counter and lengths could overflow at.
pub const MAX_PLAINTEXT_LEN: u64 = 1 << 40;

/// The shortest padded length, in bytes: below one page, sizes would tell small files apart.
pub const MIN_PADDED_LEN: u64 = 4096;

/// The length in bytes a plaintext of `len` bytes is padded to: at most 12 % more, and at least [`MIN_PADDED_LEN`].
///
/// Padmé: keep as many leading bits of the length as its exponent has bits, round the rest up, so that only
/// O(log log len) bits of the length are told. Source: Nikitin, Barman, Lueks, Underwood, Hubaux, Ford, "Reducing
/// Metadata Leakage from Encrypted Files and Communication with PURBs", PoPETs 2019(4), section 4.
///
/// Lengths above [`MAX_PLAINTEXT_LEN`] are refused before they get here; they saturate.
pub fn padded_len(len: u64) -> u64 {
    let len = len.max(MIN_PADDED_LEN);
    let exponent = len.ilog2();
    let kept_bits = exponent.ilog2() + 1;
    let mask = (1u64 << (exponent - kept_bits)) - 1;
    len.saturating_add(mask) & !mask
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn small_lengths_share_one_bucket() {
        assert!((0..=MIN_PADDED_LEN).all(|len| padded_len(len) == MIN_PADDED_LEN));
    }

    #[test]
    fn known_lengths() {
        // E = 13, S = 4, so multiples of 2^9.
        assert_eq!(padded_len(8193), 8704);
        // E = 20, S = 5, so multiples of 2^15.
        assert_eq!(padded_len((1 << 20) + 1), (1 << 20) + (1 << 15));
        assert_eq!(padded_len(MAX_PLAINTEXT_LEN), MAX_PLAINTEXT_LEN);
    }

    proptest! {
        #[test]
        fn padding_never_shrinks_and_costs_little(len in MIN_PADDED_LEN..MAX_PLAINTEXT_LEN) {
            let padded = padded_len(len);
            prop_assert!(padded >= len);
            prop_assert!((padded - len) as f64 <= 0.12 * len as f64);
            prop_assert_eq!(padded_len(padded), padded);
            prop_assert!(padded_len(len + 1) >= padded);
        }
    }
}
