//! Secrets: made, shown once, kept as digests.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};

/// Random bytes in a secret: 256 bits cannot be guessed, so that a plain hash suffices to store them.
const BYTES: usize = 32;

/// A secret text; `Debug` does not show it, and its memory is wiped.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Makes a new one.
    pub fn random() -> Self {
        Self::prefixed("")
    }

    /// Makes a new one that begins with a prefix, so that scanners can recognize a leaked one.
    pub fn prefixed(prefix: &str) -> Self {
        let mut bytes = [0_u8; BYTES];
        getrandom::fill(&mut bytes).expect("BUG: the system has no randomness");
        let text = format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes));
        Self(SecretString::from(text))
    }

    /// Takes a secret that somebody presents.
    pub fn presented(text: impl Into<String>) -> Self {
        Self(SecretString::from(text.into()))
    }

    /// The text, to hand to its owner.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// What is stored instead of it. Comparing digests in an index leaks at most the digest's first bytes,
    /// which say nothing about the secret, so that no further care about timing is needed.
    pub fn digest(&self) -> Digest {
        Digest::of(self.expose().as_bytes())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

/// A SHA-256 digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest([u8; 32]);

impl Digest {
    /// Hashes bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Hashes several parts, each with its length, so that no two lists of parts collide.
    pub fn of_parts(parts: &[&[u8]]) -> Self {
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part);
        }
        Self(hasher.finalize().into())
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// A short random name for things that are shown and not secret.
pub(crate) fn public_id() -> String {
    let mut bytes = [0_u8; 10];
    getrandom::fill(&mut bytes).expect("BUG: the system has no randomness");
    hex(&bytes)
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").expect("BUG: writing to a string cannot fail");
        text
    })
}
