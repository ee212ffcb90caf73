// SPDX-License-Identifier: Apache-2.0
//! How much work must each guess of a password cost?

use argon2::{Algorithm, Argon2, Params, Version};
use zeroize::Zeroizing;

/// KiB: 19 MiB with two passes, the least OWASP's password storage cheat sheet accepts for Argon2id.
const MIN_MEMORY_KIB: u32 = 19 * 1024;
/// KiB: 1 GiB, what an ordinary machine can spare; above, a hostile file would exhaust memory.
const MAX_MEMORY_KIB: u32 = 1024 * 1024;
const MIN_PASSES: u32 = 2;
/// With [`MAX_MEMORY_KIB`] some half a minute, the longest a person waits.
const MAX_PASSES: u32 = 16;
/// Lanes run one after another here, so more would only be work for us.
const MAX_LANES: u32 = 4;

pub(crate) const SALT_LEN: usize = 16;
pub(crate) const KEY_LEN: usize = 32;
pub(crate) const CHECK_LEN: usize = 16;

/// A cost too low to protect or too high to bear.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{memory_kib} KiB, {passes} passes and {lanes} lanes are outside {MIN_MEMORY_KIB} to {MAX_MEMORY_KIB} KiB, \
     {MIN_PASSES} to {MAX_PASSES} passes and 1 to {MAX_LANES} lanes; choose values within"
)]
pub struct CostError {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

/// The cost of one guess with Argon2id (RFC 9106).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

impl Cost {
    /// The least that is accepted; for tests and machines with little memory.
    pub const LEAST: Self = Self { memory_kib: MIN_MEMORY_KIB, passes: MIN_PASSES, lanes: 1 };

    /// # Errors
    /// [`CostError`] outside the bounds it names.
    pub fn new(memory_kib: u32, passes: u32, lanes: u32) -> Result<Self, CostError> {
        let within = (MIN_MEMORY_KIB..=MAX_MEMORY_KIB).contains(&memory_kib)
            && (MIN_PASSES..=MAX_PASSES).contains(&passes)
            && (1..=MAX_LANES).contains(&lanes);
        if !within {
            return Err(CostError { memory_kib, passes, lanes });
        }
        Ok(Self { memory_kib, passes, lanes })
    }

    /// Memory in KiB.
    pub fn memory_kib(&self) -> u32 {
        self.memory_kib
    }

    /// Passes over the memory.
    pub fn passes(&self) -> u32 {
        self.passes
    }

    /// Lanes.
    pub fn lanes(&self) -> u32 {
        self.lanes
    }

    pub(crate) fn derive(&self, password: &str, salt: &[u8; SALT_LEN]) -> PasswordKey {
        let params = Params::new(self.memory_kib, self.passes, self.lanes, Some(KEY_LEN + CHECK_LEN))
            .expect("the bounds of a cost are within Argon2's own");
        let mut out = Zeroizing::new([0; KEY_LEN + CHECK_LEN]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(password.as_bytes(), salt, out.as_mut())
            .expect("the lengths are within Argon2's own");
        let mut key = PasswordKey { key: Zeroizing::new([0; KEY_LEN]), check: [0; CHECK_LEN] };
        key.key.copy_from_slice(&out[..KEY_LEN]);
        key.check.copy_from_slice(&out[KEY_LEN..]);
        key
    }
}

impl Default for Cost {
    /// 64 MiB and three passes: RFC 9106's second recommended choice, on one lane.
    fn default() -> Self {
        Self { memory_kib: 64 * 1024, passes: 3, lanes: 1 }
    }
}

/// What a password gives: a key, and independent bytes that tell a wrong password from an altered file.
pub(crate) struct PasswordKey {
    pub(crate) key: Zeroizing<[u8; KEY_LEN]>,
    pub(crate) check: [u8; CHECK_LEN],
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_outside_the_bounds_are_refused() {
        for (memory_kib, passes, lanes) in [
            (1, 3, 1),
            (MIN_MEMORY_KIB - 1, 2, 1),
            (MAX_MEMORY_KIB + 1, 2, 1),
            (u32::MAX, 2, 1),
            (65_536, 0, 1),
            (65_536, 1, 1),
            (65_536, u32::MAX, 1),
            (65_536, 3, 0),
            (65_536, 3, u32::MAX),
        ] {
            assert_eq!(Cost::new(memory_kib, passes, lanes), Err(CostError { memory_kib, passes, lanes }));
        }
        assert!(Cost::new(MAX_MEMORY_KIB, MAX_PASSES, MAX_LANES).is_ok());
        let Cost { memory_kib, passes, lanes } = Cost::LEAST;
        assert_eq!(Cost::new(memory_kib, passes, lanes), Ok(Cost::LEAST));
        let Cost { memory_kib, passes, lanes } = Cost::default();
        assert_eq!(Cost::new(memory_kib, passes, lanes), Ok(Cost::default()));
    }
}
