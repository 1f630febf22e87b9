//! How a secret is shown: as a fingerprint that says whether it changed, and nothing else.
//!
//! A bare hash of a weak secret can be guessed offline, so the fingerprint is keyed: only who holds the key can test
//! a guess. The key is the caller's, stable over the life of a plan; an empty one is for tests.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value;
use sha2::Sha256;

/// The key of fingerprints.
#[derive(Clone, Default)]
pub struct FingerprintKey(Vec<u8>);

impl FingerprintKey {
    /// Takes a key, such as 32 random bytes.
    pub fn new(key: impl Into<Vec<u8>>) -> Self {
        Self(key.into())
    }

    /// What a plan shows instead of a secret value: `(secret, sha256 1f2e3d4c)`.
    #[must_use]
    pub fn fingerprint(&self, value: &Value) -> Value {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.0).expect("BUG: HMAC takes keys of every length");
        mac.update(value.to_string().as_bytes());
        let digest = mac.finalize().into_bytes();
        let prefix: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        Value::from(format!("(secret, sha256 {prefix})"))
    }
}

impl fmt::Debug for FingerprintKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FingerprintKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_says_whether_a_secret_changed_and_depends_on_the_key() {
        let key = FingerprintKey::new(*b"one");
        let shown = key.fingerprint(&"hunter2".into());
        assert_eq!(shown, key.fingerprint(&"hunter2".into()));
        assert_ne!(shown, key.fingerprint(&"hunter3".into()));
        assert_ne!(shown, FingerprintKey::new(*b"two").fingerprint(&"hunter2".into()));
        assert!(!shown.to_string().contains("hunter"));
    }
}
