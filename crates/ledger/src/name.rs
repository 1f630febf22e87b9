//! Names that stand in entries: streams, kinds, actors, causes.
//!
//! They are visible ASCII without quotes and backslashes. Two things follow. No name ever needs escaping in
//! JSON, so an entry's canonical form is a plain concatenation. And that concatenation can be read back in
//! only one way: no cleverly chosen name or body can pass for another entry with the same hash.

use std::fmt;
use std::sync::Arc;

use crate::limits::{MAX_CAUSE_BYTES, MAX_NAME_BYTES, MAX_STREAM_BYTES};

/// The name of one record's history, such as `decision/D-0007` or `incident/INC-2026-0012`.
///
/// At least two segments joined by `/`; a segment is letters, digits, `.`, `_`, `-` and `@`, and is not `.` or
/// `..`, so that a stream can stand in a URL and in a file name unchanged.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stream(Arc<str>);

/// Says why a name is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the {what} `{shown}` is refused: {why}")]
pub struct InvalidName {
    /// Which name it was: `stream`, `kind`, `actor`, `cause`, `key` or `lease`.
    pub what: &'static str,
    /// The name as given, cut if it is very long.
    pub shown: String,
    /// The reason, and what to do instead.
    pub why: &'static str,
}

impl Stream {
    /// Accepts a stream's name, or says what is wrong with it.
    ///
    /// # Errors
    /// When it is empty, too long, has one segment only, or holds other characters.
    pub fn new(name: impl AsRef<str>) -> Result<Self, InvalidName> {
        let name = name.as_ref();
        let refuse = |why| Err(invalid("stream", name, why));
        if name.is_empty() {
            return refuse("it is empty; write it like `decision/D-0007`");
        }
        if name.len() > MAX_STREAM_BYTES {
            return refuse("it is longer than 200 bytes");
        }
        if !name.contains('/') {
            return refuse("it has one segment; write the noun first, like `decision/D-0007`");
        }
        for segment in name.split('/') {
            if segment.is_empty() || segment == "." || segment == ".." {
                return refuse("a segment between `/` is empty or only dots");
            }
            if !segment.bytes().all(is_segment_byte) {
                return refuse("a segment may hold letters, digits, `.`, `_`, `-` and `@`");
            }
        }
        Ok(Self(name.into()))
    }

    /// The whole name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first segment: the noun, such as `decision`.
    #[must_use]
    pub fn noun(&self) -> &str {
        self.0.split_once('/').map_or(&*self.0, |(noun, _)| noun)
    }

    /// Everything after the first segment: which one, such as `D-0007`.
    #[must_use]
    pub fn id(&self) -> &str {
        self.0.split_once('/').map_or("", |(_, id)| id)
    }
}

fn is_segment_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'@')
}

fn invalid(what: &'static str, name: &str, why: &'static str) -> InvalidName {
    const SHOWN: usize = 60;
    let mut shown: String = name.chars().take(SHOWN).collect();
    if shown.len() < name.len() {
        shown.push('…');
    }
    InvalidName { what, shown, why }
}

/// Whether every byte may stand in an entry's canonical form without escaping.
pub(crate) fn is_plain(bytes: &[u8]) -> bool {
    bytes.iter().all(|&byte| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\')
}

fn check_plain(what: &'static str, name: &str, limit: usize) -> Result<(), InvalidName> {
    if name.is_empty() {
        return Err(invalid(what, name, "it is empty"));
    }
    if name.len() > limit {
        return Err(invalid(what, name, "it is too long"));
    }
    if !is_plain(name.as_bytes()) {
        return Err(invalid(
            what,
            name,
            "it may hold visible ASCII only, no spaces, quotes or `\\`",
        ));
    }
    Ok(())
}

/// Refuses a kind, actor, idempotency key or lease that cannot stand in the ledger.
pub(crate) fn check_name(what: &'static str, name: &str) -> Result<(), InvalidName> {
    check_plain(what, name, MAX_NAME_BYTES)
}

/// Refuses a cause that cannot stand in the ledger.
pub(crate) fn check_cause(cause: &str) -> Result<(), InvalidName> {
    check_plain("cause", cause, MAX_CAUSE_BYTES)
}

impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.0)
    }
}

impl std::str::FromStr for Stream {
    type Err = InvalidName;
    fn from_str(name: &str) -> Result<Self, InvalidName> {
        Self::new(name)
    }
}

impl serde::Serialize for Stream {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for Stream {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::new(name).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(name: &str, part_of_reason: &str) {
        let error = Stream::new(name).expect_err(name);
        assert!(error.why.contains(part_of_reason), "{name}: {error}");
    }

    #[test]
    fn a_stream_is_a_noun_and_an_id() {
        let stream = Stream::new("incident/INC-2026-0012").unwrap();
        assert_eq!((stream.noun(), stream.id()), ("incident", "INC-2026-0012"));
    }

    #[test]
    fn streams_that_cannot_stand_in_a_path_or_in_json_are_refused() {
        refused("", "empty");
        refused("incident", "one segment");
        refused("incident/", "empty or only dots");
        refused("incident/../decision", "only dots");
        refused("incident/INC 12", "may hold");
        refused("incident/\"", "may hold");
        refused("incident/ä", "may hold");
        refused("incident/a\n", "may hold");
        refused(&format!("incident/{}", "x".repeat(MAX_STREAM_BYTES)), "longer than 200");
    }

    #[test]
    fn names_that_would_need_escaping_are_refused() {
        for name in ["", "a b", "a\"b", "a\\b", "ä", "a\u{7f}", "a\tb"] {
            assert!(check_name("kind", name).is_err(), "`{name}` was accepted");
        }
        check_name("actor", "person/ana@example.org#1").unwrap();
    }

    #[test]
    fn a_very_long_name_is_shown_cut() {
        let error = check_cause(&"x".repeat(MAX_CAUSE_BYTES + 1)).unwrap_err();
        assert!(error.to_string().len() < 200, "{error}");
    }
}
