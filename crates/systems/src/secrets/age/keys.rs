//! Keys: the secret half that opens files, and the public half that files are encrypted for.

use std::fmt;
use std::str::FromStr;

use curve25519_dalek::montgomery::MontgomeryPoint;
use zeroize::Zeroizing;

use super::{AgeError, bech32, random};

const SECRET: &str = "age-secret-key-";
const PUBLIC: &str = "age";

/// A secret key, such as `AGE-SECRET-KEY-1…`. Wiped when it goes out of scope, and never shown.
#[derive(Clone)]
pub struct Identity(Zeroizing<[u8; 32]>);

/// A public key, such as `age1…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recipient(pub(super) [u8; 32]);

/// A text is not a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnreadableKey {
    /// It is no secret key; the text is not repeated.
    #[error(
        "line {line} is not an age key; it looks like `AGE-SECRET-KEY-1…` and is 74 characters long"
    )]
    Secret {
        /// Where it stands, from 1.
        line: usize,
    },
    /// It is no public key.
    #[error("`{0}` is not an age recipient; it looks like `age1…` and is 62 characters long")]
    Public(String),
}

impl Identity {
    /// Draws a new one.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub fn generate() -> Result<Self, AgeError> {
        Ok(Self(Zeroizing::new(random()?)))
    }

    /// Reads a key file: a key a line, with comments.
    ///
    /// # Errors
    /// Names the line that is no key.
    pub fn read_all(text: &str) -> Result<Vec<Self>, UnreadableKey> {
        let lines = text.lines().zip(1..).map(|(text, line)| (text.trim(), line));
        lines
            .filter(|(text, _)| !text.is_empty() && !text.starts_with('#'))
            .map(|(text, line)| Self::read(text).ok_or(UnreadableKey::Secret { line }))
            .collect()
    }

    fn read(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(bech32::decode(SECRET, text)?);
        Some(Self(Zeroizing::new(bytes.as_slice().try_into().ok()?)))
    }

    /// Writes the key; whoever has the text can open everything.
    #[must_use]
    pub fn to_secret_text(&self) -> Zeroizing<String> {
        Zeroizing::new(bech32::encode(SECRET, &*self.0).to_ascii_uppercase())
    }

    /// Its public half.
    #[must_use]
    pub fn recipient(&self) -> Recipient {
        Recipient(MontgomeryPoint::mul_base_clamped(*self.0).0)
    }

    /// The secret that it shares with whoever has the other half of a public key; `None` for a public key that
    /// would make it the same for everybody.
    pub(super) fn shared(&self, public: [u8; 32]) -> Option<Zeroizing<[u8; 32]>> {
        let shared = Zeroizing::new(MontgomeryPoint(public).mul_clamped(*self.0).0);
        (*shared != [0; 32]).then_some(shared)
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Identity({})", self.recipient())
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&bech32::encode(PUBLIC, &self.0))
    }
}

impl FromStr for Recipient {
    type Err = UnreadableKey;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes = bech32::decode(PUBLIC, text.trim());
        let bytes = bytes.and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or_else(|| UnreadableKey::Public(text.trim().to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_go_through_their_texts() {
        let identity = Identity::generate().unwrap();
        let text = format!("# made today\n\n{}\n", *identity.to_secret_text());
        let read = Identity::read_all(&text).unwrap();
        assert_eq!(read[0].recipient(), identity.recipient());
        assert_eq!(identity.recipient().to_string().parse(), Ok(identity.recipient()));
        assert_eq!(identity.recipient().to_string().len(), 62);
        assert_eq!(identity.to_secret_text().len(), 74);
    }

    #[test]
    fn what_is_no_key_is_refused_and_a_secret_is_not_repeated() {
        let identity = Identity::generate().unwrap();
        let mut broken = identity.to_secret_text().to_string();
        broken.pop();
        let refused = Identity::read_all(&format!("# x\n{broken}")).unwrap_err();
        assert_eq!(refused, UnreadableKey::Secret { line: 2 });
        assert!(!refused.to_string().contains(&broken));
        assert!("age1x".parse::<Recipient>().is_err());
        assert!(!format!("{identity:?}").contains("SECRET"));
    }
}
