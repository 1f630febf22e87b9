//! Files encrypted for age recipients, format version 1, with X25519 keys: what SOPS wraps its data key in.
//!
//! The format is specified at C2SP (`age.md`): a header with one stanza for each recipient, authenticated with HMAC,
//! then the content in chunks under ChaCha20-Poly1305. All of cryptography here is other people's; this room only
//! puts it together, and is held against the real program by the tests.
//!
//! Absent on purpose: pass phrases, SSH keys, plugins and post-quantum recipients. A stanza of another sort is passed
//! over, as the format demands; if none is left that we can open, the error says which sorts there were.

mod bech32;
mod header;
mod keys;
mod stream;

pub use keys::{Identity, Recipient, UnreadableKey};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

/// The largest content that is decrypted, in bytes. SOPS wraps 32 bytes; a mebibyte is a mistake.
const MAX_CONTENT: usize = 1024 * 1024;

const BEGIN: &str = "-----BEGIN AGE ENCRYPTED FILE-----";
const END: &str = "-----END AGE ENCRYPTED FILE-----";

/// A file could not be decrypted or encrypted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AgeError {
    /// It is not in age's format, or was damaged.
    #[error("the encrypted key is damaged: {0}")]
    Damaged(&'static str),
    /// None of the keys opens it.
    #[error("none of the {keys} given opens it; it is encrypted for {recipients} and {others}", keys = counted(*.keys, "age key"), recipients = counted(*.recipients, "age recipient"), others = sorts(.others))]
    NotForUs {
        /// How many keys were tried.
        keys: usize,
        /// How many X25519 recipients it has.
        recipients: usize,
        /// The other sorts of recipient.
        others: Vec<String>,
    },
    /// The system has no randomness to give.
    #[error("the system gave no random bytes")]
    Random,
}

fn counted(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

fn sorts(others: &[String]) -> String {
    if others.is_empty() { "nobody else".to_owned() } else { others.join(", ") }
}

/// Decrypts an armored file with whichever of the keys opens it.
///
/// # Errors
/// When it is damaged or for none of the keys.
pub fn decrypt(armored: &str, identities: &[Identity]) -> Result<Zeroizing<Vec<u8>>, AgeError> {
    let bytes = unarmor(armored)?;
    let (header, payload) = header::Header::read(&bytes)?;
    let file_key = header.open(identities)?;
    stream::open(&file_key, payload)
}

/// Encrypts content for recipients, armored.
///
/// # Errors
/// When the system has no randomness.
pub fn encrypt(content: &[u8], recipients: &[Recipient]) -> Result<String, AgeError> {
    let file_key = Zeroizing::new(random::<16>()?);
    let mut bytes = header::write(&file_key, recipients)?;
    bytes.extend(stream::seal(&file_key, random()?, content)?);
    Ok(armor(&bytes))
}

fn unarmor(text: &str) -> Result<Vec<u8>, AgeError> {
    let body = text.trim().strip_prefix(BEGIN).and_then(|rest| rest.strip_suffix(END));
    let body = body.ok_or(AgeError::Damaged("it has no begin and end line"))?;
    let base64: String = body.split_whitespace().collect();
    if base64.len() / 4 * 3 > MAX_CONTENT {
        return Err(AgeError::Damaged("it is far too long for a key"));
    }
    STANDARD.decode(base64).map_err(|_| AgeError::Damaged("between its lines is no base64"))
}

fn armor(bytes: &[u8]) -> String {
    let base64 = STANDARD.encode(bytes);
    let mut text = format!("{BEGIN}\n");
    for (at, character) in base64.chars().enumerate() {
        if at > 0 && at % 64 == 0 {
            text.push('\n');
        }
        text.push(character);
    }
    text.push_str(&format!("\n{END}\n"));
    text
}

/// Draws random bytes.
fn random<const N: usize>() -> Result<[u8; N], AgeError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| AgeError::Random)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_recipient_opens_it_and_nobody_else() {
        let [one, two, stranger] = [(); 3].map(|()| Identity::generate().unwrap());
        let sealed = encrypt(b"canary", &[one.recipient(), two.recipient()]).unwrap();
        assert!(!sealed.contains("canary"));
        for identity in [&one, &two] {
            let opened = decrypt(&sealed, std::slice::from_ref(identity)).unwrap();
            assert_eq!(&**opened, b"canary");
        }
        let refused = decrypt(&sealed, &[stranger]).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "none of the 1 age key given opens it; it is encrypted for 2 age recipients and nobody else"
        );
    }

    #[test]
    fn contents_of_every_length_around_a_chunk_survive() {
        let identity = Identity::generate().unwrap();
        for length in [0, 1, 65_535, 65_536, 65_537, 131_072] {
            let content = vec![7; length];
            let sealed = encrypt(&content, &[identity.recipient()]).unwrap();
            let opened = decrypt(&sealed, std::slice::from_ref(&identity)).unwrap();
            assert_eq!(opened.len(), length);
        }
    }

    #[test]
    fn every_flipped_byte_is_noticed() {
        let identity = Identity::generate().unwrap();
        let sealed = encrypt(b"canary", &[identity.recipient()]).unwrap();
        let bytes = unarmor(&sealed).unwrap();
        for at in 0..bytes.len() {
            let mut broken = bytes.clone();
            broken[at] ^= 1;
            assert!(
                decrypt(&armor(&broken), std::slice::from_ref(&identity)).is_err(),
                "byte {at} was flipped and nobody noticed"
            );
        }
    }
}
