// SPDX-License-Identifier: Apache-2.0
//! How the protobuf messages of IPFS are taken apart and put together, without copying and without trusting a length.
//!
//! Format: <https://protobuf.dev/programming-guides/encoding/>.

use thiserror::Error;

/// A varint of 64 bits takes at most ten bytes.
const MAX_VARINT_BYTES: u32 = 10;

/// The bytes are not a protobuf message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("malformed protobuf message")]
pub(crate) struct Malformed;

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    Number(u64),
    Bytes(&'a [u8]),
    /// A fixed-width number: no message of IPFS that is read here uses one, so it is skipped.
    Fixed,
}

impl<'a> Value<'a> {
    pub(crate) fn number(self) -> Result<u64, Malformed> {
        if let Self::Number(number) = self {
            Ok(number)
        } else {
            Err(Malformed)
        }
    }

    pub(crate) fn bytes(self) -> Result<&'a [u8], Malformed> {
        if let Self::Bytes(bytes) = self {
            Ok(bytes)
        } else {
            Err(Malformed)
        }
    }
}

/// The fields of a message, in order.
#[derive(Clone, Debug)]
pub(crate) struct Fields<'a>(&'a [u8]);

pub(crate) fn fields(message: &[u8]) -> Fields<'_> {
    Fields(message)
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u64, Value<'a>), Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_none() {
            self.0 = &[];
        }
        Some(field.ok_or(Malformed))
    }
}

impl<'a> Fields<'a> {
    fn field(&mut self) -> Option<(u64, Value<'a>)> {
        let tag = take_varint(&mut self.0)?;
        let value = match tag & 7 {
            0 => Value::Number(take_varint(&mut self.0)?),
            1 => self.take(8).map(|_| Value::Fixed)?,
            2 => {
                let length = take_varint(&mut self.0)?;
                Value::Bytes(self.take(usize::try_from(length).ok()?)?)
            }
            5 => self.take(4).map(|_| Value::Fixed)?,
            _ => return None,
        };
        Some((tag >> 3, value))
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }
}

/// Takes a varint off the front of `bytes`; `None` if there is none or it does not fit 64 bits.
pub(crate) fn take_varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0u64;
    for position in 0..MAX_VARINT_BYTES {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        let bits = u64::from(byte & 0x7f);
        if position == MAX_VARINT_BYTES - 1 && byte > 1 {
            return None;
        }
        number |= bits << (7 * position);
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

pub(crate) fn put_varint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push((number as u8) | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

pub(crate) fn put_number(out: &mut Vec<u8>, field: u64, number: u64) {
    put_varint(out, field << 3);
    put_varint(out, number);
}

pub(crate) fn put_bytes(out: &mut Vec<u8>, field: u64, bytes: &[u8]) {
    put_varint(out, field << 3 | 2);
    put_varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_length_beyond_the_message_is_malformed() {
        let mut message = Vec::new();
        put_varint(&mut message, 1 << 3 | 2);
        put_varint(&mut message, u64::MAX);
        assert_eq!(fields(&message).collect::<Vec<_>>(), vec![Err(Malformed)]);
    }

    #[test]
    fn a_varint_of_more_than_64_bits_is_malformed() {
        assert_eq!(take_varint(&mut &[0xff; 11][..]), None);
        assert_eq!(take_varint(&mut &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2][..]), None);
        assert_eq!(take_varint(&mut &[0x80][..]), None);
    }

    #[test]
    fn fixed_width_fields_are_skipped_and_groups_refused() {
        let message = [0x09, 0, 0, 0, 0, 0, 0, 0, 0, 0x15, 0, 0, 0, 0, 0x18, 7];
        let read: Result<Vec<_>, _> = fields(&message).collect();
        assert_eq!(read, Ok(vec![(1, Value::Fixed), (2, Value::Fixed), (3, Value::Number(7))]));
        assert_eq!(fields(&[0x0b]).collect::<Vec<_>>(), vec![Err(Malformed)]);
    }

    proptest! {
        #[test]
        fn what_is_put_is_read(number: u64, bytes: Vec<u8>) {
            let mut message = Vec::new();
            put_number(&mut message, 3, number);
            put_bytes(&mut message, 16, &bytes);
            let read: Result<Vec<_>, _> = fields(&message).collect();
            prop_assert_eq!(read, Ok(vec![(3, Value::Number(number)), (16, Value::Bytes(&bytes))]));
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
            let _ = fields(&bytes).count();
        }
    }
}
