//! Entries, their bodies and their hashes.

use std::fmt;

use jiff::Timestamp;
use serde::de::DeserializeOwned;

use crate::canonical::{RawEntry, canonical};
use crate::name::Stream;

/// One thing that happened, immutable and linked to the entry before it.
///
/// An entry that was read from JSON, such as over the API, says what it says; whether it stands so in a chain is for
/// `verify` to prove.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Entry {
    /// Position in the ledger, from 1, without gaps.
    pub seq: u64,
    /// The record that it belongs to.
    pub stream: Stream,
    /// Position in the stream, from 1, without gaps.
    pub version: u64,
    /// What happened, such as `decision.proposed`.
    pub kind: String,
    /// When, to the microsecond; never before the entry in front of it.
    pub at: Timestamp,
    /// Who did it: an id, never a name or an address.
    pub actor: String,
    /// What led to it: another entry, a request, a plan.
    pub cause: Option<String>,
    /// The content.
    pub body: Body,
    /// The hash of the entry before; for the first one the ledger's genesis.
    pub prev_hash: Hash,
    /// SHA-256 of the canonical JSON of all the fields above.
    pub hash: Hash,
}

impl Entry {
    /// Reads the body as `T`.
    ///
    /// # Errors
    /// When the body has another shape; the error names the entry.
    pub fn body<T: DeserializeOwned>(&self) -> Result<T, UnreadableBody> {
        serde_json::from_str(self.body.as_str()).map_err(|source| UnreadableBody {
            seq: self.seq,
            kind: self.kind.clone(),
            source: std::sync::Arc::new(source),
        })
    }

    /// The place in the ledger that this entry is, and the state in front of the next one.
    #[must_use]
    pub fn head(&self) -> Head {
        Head { seq: self.seq, hash: self.hash, at: self.at }
    }

    /// Hands out the entry as the bytes that its hash covers; `at` is scratch space for the time.
    pub(crate) fn raw<'a>(&'a self, at: &'a str) -> RawEntry<'a> {
        RawEntry {
            seq: self.seq,
            stream: self.stream.as_str().as_bytes(),
            version: self.version,
            kind: self.kind.as_bytes(),
            at: at.as_bytes(),
            actor: self.actor.as_bytes(),
            cause: self.cause.as_deref().map(str::as_bytes),
            body: self.body.as_str().as_bytes(),
            prev_hash: &self.prev_hash.0,
            hash: &self.hash.0,
        }
    }
}

/// A body does not have the shape that its reader expects.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the body of entry {seq} (`{kind}`) does not have the expected shape")]
pub struct UnreadableBody {
    /// The entry.
    pub seq: u64,
    /// Its kind, which decides the shape.
    pub kind: String,
    /// What the reader stumbled over.
    pub source: std::sync::Arc<serde_json::Error>,
}

/// Canonical JSON text.
#[derive(Clone, PartialEq, Eq)]
pub struct Body(Box<str>);

impl Body {
    /// Takes text that is canonical JSON already.
    pub(crate) fn from_canonical(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl serde::Serialize for Body {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let value: serde_json::Value =
            serde_json::from_str(&self.0).map_err(serde::ser::Error::custom)?;
        value.serialize(serializer)
    }
}

impl<'de> serde::Deserialize<'de> for Body {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        canonical(&value).map(Self::from_canonical).map_err(serde::de::Error::custom)
    }
}

/// A SHA-256 digest; shown as 64 lowercase hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// Reads 64 hexadecimal digits.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let digits = text.as_bytes();
        if digits.len() != 64 || digits.iter().any(|d| !matches!(d, b'0'..=b'9' | b'a'..=b'f')) {
            return None;
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            let value = |digit: u8| if digit > b'9' { digit - b'a' + 10 } else { digit - b'0' };
            *byte = value(pair[0]) << 4 | value(pair[1]);
        }
        Some(Self(bytes))
    }

    /// The first eight digits, for people.
    #[must_use]
    pub fn short(&self) -> String {
        self.to_string().chars().take(8).collect()
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl serde::Serialize for Hash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Hash {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::from_hex(&text)
            .ok_or_else(|| serde::de::Error::custom("a hash is 64 lowercase hexadecimal digits"))
    }
}

/// The newest entry's place, or that of the genesis with `seq` 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Head {
    /// How many entries there are.
    pub seq: u64,
    /// The hash that the next entry links to.
    pub hash: Hash,
    /// The time that the next entry cannot precede.
    pub at: Timestamp,
}
