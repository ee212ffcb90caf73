// SPDX-License-Identifier: Apache-2.0
//! Can a tag written in ASCII be read in a page of this encoding?

/// Labels of the encodings in which ASCII bytes do not mean ASCII characters: UTF-16, ISO-2022-JP and those a browser
/// refuses to decode. Source: WHATWG Encoding Standard, section 4.2 "Names and labels". Of labels it does not list, a
/// browser takes no notice.
const NOT_ASCII_COMPATIBLE: [&str; 17] = [
    "csunicode",
    "iso-10646-ucs-2",
    "ucs-2",
    "unicode",
    "unicodefeff",
    "unicodefffe",
    "utf-16",
    "utf-16be",
    "utf-16le",
    "csiso2022jp",
    "iso-2022-jp",
    "csiso2022kr",
    "hz-gb-2312",
    "iso-2022-cn",
    "iso-2022-cn-ext",
    "iso-2022-kr",
    "replacement",
];

pub(crate) fn is_ascii_compatible(label: &str) -> bool {
    let label = label.trim_matches(|c: char| c.is_ascii_whitespace());
    !NOT_ASCII_COMPATIBLE.iter().any(|known| label.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels() {
        for label in ["utf-8", "UTF8", "iso-8859-1", "windows-1252", "shift_jis", "gb18030", "nonsense", ""] {
            assert!(is_ascii_compatible(label), "{label}");
        }
        for label in ["UTF-16", " utf-16le\n", "Unicode", "ISO-2022-JP", "hz-gb-2312"] {
            assert!(!is_ascii_compatible(label), "{label}");
        }
    }
}
