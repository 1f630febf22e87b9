//! Sealing what a tool has saved for itself. Terraform's plan holds secrets in plain text, and nobody can say where, so
//! the whole of it lies encrypted (XChaCha20-Poly1305) beside the ledger.
//!
//! The key stands with the sessions, not with the plans: whoever copies the plans alone reads nothing. When it is lost, the
//! change is planned again.

use std::fmt;
use std::io;

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// Length of the nonce: long enough to be drawn at random without ever repeating.
const NONCE: usize = 24;

/// Seals and opens under one key.
#[derive(Clone)]
pub(super) struct Seal(Zeroizing<[u8; 32]>);

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seal(…)")
    }
}

impl Seal {
    /// Makes the key from a secret of any length.
    pub(super) fn new(secret: &[u8]) -> Self {
        Self(Zeroizing::new(Sha256::digest(secret).into()))
    }

    /// Seals bytes under their name.
    pub(super) fn close(&self, name: &str, bytes: &[u8]) -> io::Result<Vec<u8>> {
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).map_err(io::Error::other)?;
        let payload = Payload { msg: bytes, aad: name.as_bytes() };
        let sealed = self.cipher().encrypt(&XNonce::from(nonce), payload);
        let sealed = sealed.map_err(|_| io::Error::other("a saved plan is too large to seal"))?;
        Ok([&nonce[..], &sealed].concat())
    }

    /// Opens what was sealed under this name; nothing when it was not, or was changed.
    pub(super) fn open(&self, name: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE)?;
        let nonce: [u8; NONCE] = nonce.try_into().ok()?;
        let payload = Payload { msg: sealed, aad: name.as_bytes() };
        self.cipher().decrypt(&XNonce::from(nonce), payload).ok()
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&Key::from(*self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_is_opened_by_the_same_key_under_the_same_name() {
        let seal = Seal::new(b"a secret");
        let sealed = seal.close("a", b"canary").expect("randomness");
        assert!(!sealed.windows(6).any(|part| part == b"canary"));
        assert_eq!(seal.open("a", &sealed).as_deref(), Some(&b"canary"[..]));
        assert_eq!(seal.open("b", &sealed), None);
        assert_eq!(Seal::new(b"another").open("a", &sealed), None);
        assert_eq!(seal.open("a", b"short"), None);
    }
}
