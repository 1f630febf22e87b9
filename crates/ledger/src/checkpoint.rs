//! Signed statements of where the ledger stood.
//!
//! The chain shows that nothing in the middle was changed; it cannot show that the whole was not written anew, or
//! that its tail was not cut off. A checkpoint can: it signs the head, and one kept elsewhere (printed in
//! minutes, posted to a chat) binds the ledger for good.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ed25519_dalek::{Signer as _, VerifyingKey};
use jiff::Timestamp;

use crate::entry::Hash;
use crate::keys::{Keys, PublicKey};
use crate::ledger::Ledger;
use crate::store::{Header, StoreError};
use crate::time;

/// A signed head.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Checkpoint {
    /// How many entries there were.
    pub seq: u64,
    /// The hash of the last one.
    pub hash: Hash,
    /// When it was signed.
    pub at: Timestamp,
    /// Who signed.
    pub key: PublicKey,
    /// Over the canonical JSON of the rest, with the ledger's id.
    pub signature: Signature,
}

/// An Ed25519 signature; shown in base64.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signature(pub [u8; 64]);

impl Checkpoint {
    /// Signs a place in a ledger.
    pub(crate) fn sign(header: &Header, seq: u64, hash: Hash, at: Timestamp, keys: &Keys) -> Self {
        let (at, key) = (time::truncate(at), keys.public());
        let unsigned = Self { seq, hash, at, key, signature: Signature([0; 64]) };
        let signature = keys.signing.sign(unsigned.statement(header).as_bytes());
        Self { signature: Signature(signature.to_bytes()), ..unsigned }
    }

    /// Whether the signature fits the statement and the key that the checkpoint names.
    #[must_use]
    pub fn is_signed(&self, header: &Header) -> bool {
        VerifyingKey::from_bytes(&self.key.0).is_ok_and(|key| {
            let signature = ed25519_dalek::Signature::from_bytes(&self.signature.0);
            key.verify_strict(self.statement(header).as_bytes(), &signature).is_ok()
        })
    }

    /// The canonical JSON that is signed. `ledger` ties it to one ledger, `statement` keeps the signature from
    /// meaning anything elsewhere.
    fn statement(&self, header: &Header) -> String {
        format!(
            "{{\"at\":\"{}\",\"hash\":\"{}\",\"key\":\"{}\",\"ledger\":\"{}\",\"seq\":{},\"statement\":\"{} checkpoint\"}}",
            time::format(self.at),
            self.hash,
            self.key,
            header.id,
            self.seq,
            header.format
        )
    }
}

impl Ledger {
    /// Signs the head and stores the checkpoint; signing the same head twice returns the first one.
    ///
    /// # Errors
    /// When the store fails.
    pub fn checkpoint(&self, at: Timestamp) -> Result<Checkpoint, StoreError> {
        let mut signed = None;
        self.store().write(&mut |write| {
            let head = write.head()?;
            let at = at.max(head.at);
            let checkpoint =
                Checkpoint::sign(self.store().header(), head.seq, head.hash, at, self.keys());
            write.put_checkpoint(&checkpoint)?;
            signed = Some(checkpoint);
            Ok(())
        })?;
        signed.ok_or(StoreError::GivenUp)
    }

    /// Lists every checkpoint, in order.
    ///
    /// # Errors
    /// When the store fails.
    pub fn checkpoints(&self) -> Result<Vec<Checkpoint>, StoreError> {
        self.store().checkpoints()
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64.encode(self.0))
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl serde::Serialize for Signature {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Signature {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error as _;
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let bytes = BASE64.decode(&*text).map_err(D::Error::custom)?;
        bytes.try_into().map(Self).map_err(|_| D::Error::custom("a signature is 64 bytes long"))
    }
}
