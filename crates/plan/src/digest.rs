//! SHA-256 digests, and the digest of a value as canonical JSON (RFC 8785).
//!
//! The canonical text goes straight into the hash and is never held as a whole: a plan of 100,000 steps is tens of
//! megabytes of it.

use std::fmt;
use std::io;

use serde::Serialize;
use sha2::{Digest as _, Sha256};

/// A SHA-256 digest; shown as 64 lowercase hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// Hashes bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Hashes a value as canonical JSON.
    #[cfg(test)]
    pub(crate) fn of_canonical(value: &impl Serialize) -> Self {
        let mut text = CanonicalHasher::new();
        text.value(value);
        text.finish()
    }

    /// Reads 64 lowercase hexadecimal digits.
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

    /// The first twelve digits, for people: as many as Git shows of a commit in a large repository.
    #[must_use]
    pub fn short(&self) -> String {
        self.to_string().chars().take(12).collect()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::from_hex(&text)
            .ok_or_else(|| serde::de::Error::custom("a digest is 64 lowercase hexadecimal digits"))
    }
}

/// Canonical text on its way into a hash, part by part. The library sorts what it is given and holds it until it is
/// sorted; whoever knows the order of the large parts hands them in one by one.
pub(crate) struct CanonicalHasher(io::BufWriter<Hasher>);

impl CanonicalHasher {
    pub(crate) fn new() -> Self {
        Self(io::BufWriter::with_capacity(64 * 1024, Hasher(Sha256::new())))
    }

    /// Text that is canonical already: brackets, commas, names of fields.
    pub(crate) fn text(&mut self, text: &str) {
        io::Write::write_all(&mut self.0, text.as_bytes()).expect("BUG: a hash takes every byte");
    }

    /// A text in quotes. JSON's shortest escapes are the canonical ones.
    pub(crate) fn string(&mut self, text: &str) {
        serde_json::to_writer(&mut self.0, text).expect("BUG: a hash takes every byte");
    }

    pub(crate) fn value(&mut self, value: &impl Serialize) {
        serde_json_canonicalizer::to_writer(value, &mut self.0)
            .expect("BUG: plans hold JSON that can be written, and a hash takes every byte");
    }

    pub(crate) fn list<T: Serialize>(&mut self, items: &[T]) {
        self.text("[");
        for (place, item) in items.iter().enumerate() {
            self.text(if place == 0 { "" } else { "," });
            self.value(item);
        }
        self.text("]");
    }

    pub(crate) fn finish(self) -> Digest {
        let hasher = self.0.into_inner().expect("BUG: a hash takes every byte");
        Digest(hasher.0.finalize().into())
    }
}

#[derive(Debug)]
struct Hasher(Sha256);

impl io::Write for Hasher {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_of_a_value_is_that_of_its_canonical_text() {
        let value = serde_json::json!({"b": 1, "a": [true, "x"]});
        assert_eq!(Digest::of_canonical(&value), Digest::of(br#"{"a":[true,"x"],"b":1}"#));
    }

    #[test]
    fn hexadecimal_digits_go_both_ways() {
        let digest = Digest::of(b"council");
        assert_eq!(Digest::from_hex(&digest.to_string()), Some(digest));
        assert_eq!(Digest::from_hex("AB"), None);
        assert_eq!(Digest::from_hex(&"G".repeat(64)), None);
    }
}
