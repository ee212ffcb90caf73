// SPDX-License-Identifier: Apache-2.0
//! A paper as one line that fits the alphanumeric mode of QR codes: `KITH:CERTIFICATE:1:` and its SCALE bytes in base32.

use data_encoding::BASE32_NOPAD;

/// What the line begins with: what it is, and the version of its form.
const PREFIX: &str = "KITH:CERTIFICATE:1:";
/// Alphanumeric characters the largest QR code holds, at the least error correction.
const MAX_CHARACTERS: usize = 4296;

/// Whether this is, or was meant to be, the text of a QR code.
pub(crate) fn is_text(given: &str) -> bool {
    given.trim_start().get(..5).is_some_and(|start| start.eq_ignore_ascii_case("KITH:"))
}

/// The line; nothing if no QR code holds it.
pub(crate) fn encode(bytes: &[u8]) -> Option<String> {
    let text = format!("{PREFIX}{}", BASE32_NOPAD.encode(bytes));
    (text.len() <= MAX_CHARACTERS).then_some(text)
}

/// The bytes of a line; spaces around it, and small letters, are forgiven.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let text = text.trim();
    if text.len() > MAX_CHARACTERS {
        return None;
    }
    BASE32_NOPAD.decode(text.to_ascii_uppercase().strip_prefix(PREFIX)?.as_bytes()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_gives_back_its_bytes() {
        let bytes: Vec<u8> = (0..=255).collect();
        let text = encode(&bytes).unwrap();
        assert!(text.bytes().all(|c| matches!(c, b'A'..=b'Z' | b'0'..=b'9' | b':')), "{text}");
        assert!(is_text(&text) && is_text(" kith:certificate:2:A") && !is_text("certificate.json"));
        assert_eq!(decode(&format!(" {}\n", text.to_lowercase())).unwrap(), bytes);
    }

    #[test]
    fn what_is_no_line_is_refused() {
        for text in ["", "KITH:CERTIFICATE:1:1", "KITH:CERTIFICATE:2:AA", "KITH:CERTIFICATE:1:AA=", "über"] {
            assert_eq!(decode(text), None, "{text}");
        }
        assert_eq!(encode(&[0; 2674]), None);
        assert_eq!(decode(&format!("{PREFIX}{}", "A".repeat(MAX_CHARACTERS))), None);
    }
}
