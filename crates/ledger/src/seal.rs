//! Free text that may name people, readable until its stream's key is erased.
//!
//! An entry cannot be taken back, so it never holds such text in the clear: it holds a [`Sealed`] value, encrypted
//! under a key of its stream (XChaCha20-Poly1305, with the stream's name bound in). The keys stand outside of the
//! chain, wrapped under the ledger's sealing key, so a copy of the database alone reads nothing. Erasing a stream's
//! keys erases its texts (GDPR article 17) in every copy of the entries, while the chain still verifies.
//!
//! Absent on purpose: erasing one text of a stream. Whoever needs that gives the text its own stream.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use crate::keys::{Keys, random};
use crate::ledger::Ledger;
use crate::limits::MAX_SEALED_BYTES;
use crate::name::Stream;
use crate::store::StoreError;

/// Length of an XChaCha20 nonce: long enough to be drawn at random without ever repeating.
const NONCE: usize = 24;

/// A sealed text, as it stands in an entry's body.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Sealed {
    /// Which of the stream's keys opens it.
    pub key: String,
    /// Nonce and ciphertext in base64.
    pub sealed: String,
}

/// A stream's key, encrypted under the ledger's sealing key.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct WrappedKey {
    /// Names it in [`Sealed::key`].
    pub id: String,
    /// The stream whose texts it opens.
    pub stream: Stream,
    /// Nonce and ciphertext.
    #[serde(with = "as_base64")]
    pub wrapped: Vec<u8>,
}

/// Says why a text was not sealed or not opened.
#[derive(Debug, Clone, thiserror::Error)]
pub enum SealError {
    /// The key was erased, and with it the text.
    #[error("the text of `{0}` was erased")]
    Erased(Stream),
    /// Sealed value, stream and key do not fit each other.
    #[error(
        "the sealed text of `{0}` cannot be opened: it is damaged, belongs to another stream, or the ledger's key file is not the one it was sealed with"
    )]
    Unopenable(Stream),
    /// The text is too long.
    #[error("the text is {0} bytes long and the limit is {MAX_SEALED_BYTES}; split it")]
    TooLong(usize),
    /// The system has no randomness to give.
    #[error("the system gave no random bytes for a key")]
    Random(#[source] getrandom::Error),
    /// The store failed.
    #[error("the keys could not be read or stored")]
    Store(#[source] StoreError),
}

impl Ledger {
    /// Seals a text for a stream, making a key for the stream if it has none.
    ///
    /// # Errors
    /// When the text is too long, there is no randomness, or the store fails.
    pub fn seal(&self, stream: &Stream, text: &str) -> Result<Sealed, SealError> {
        if text.len() > MAX_SEALED_BYTES {
            return Err(SealError::TooLong(text.len()));
        }
        let wrapped = self.key_for(stream)?;
        let key = unwrap(self.keys(), &wrapped)?;
        let sealed = encrypt(&key, stream, text.as_bytes())?;
        Ok(Sealed { key: wrapped.id, sealed: BASE64.encode(sealed) })
    }

    /// Opens a sealed text.
    ///
    /// # Errors
    /// When its key was erased, it does not fit the stream, or the store fails.
    pub fn unseal(&self, stream: &Stream, sealed: &Sealed) -> Result<String, SealError> {
        let keys = self.store().stream_keys(stream).map_err(SealError::Store)?;
        let Some(wrapped) = keys.into_iter().find(|key| key.id == sealed.key) else {
            return Err(SealError::Erased(stream.clone()));
        };
        let unopenable = || SealError::Unopenable(stream.clone());
        let key = unwrap(self.keys(), &wrapped)?;
        let bytes = BASE64.decode(&sealed.sealed).map_err(|_| unopenable())?;
        let text = decrypt(&key, stream, &bytes).ok_or_else(unopenable)?;
        String::from_utf8(text).map_err(|_| unopenable())
    }

    /// Erases a stream's keys, and with them its sealed texts, for good: from the tables, from the log and from
    /// free space of the file. Says how many keys there were. Backups keep theirs until they expire.
    ///
    /// # Errors
    /// When the store fails; erase again then.
    pub fn erase(&self, stream: &Stream) -> Result<usize, StoreError> {
        let mut erased = 0;
        self.store().write(&mut |write| {
            erased = write.erase_stream_keys(stream)?;
            Ok(())
        })?;
        self.store().scrub()?;
        Ok(erased)
    }

    fn key_for(&self, stream: &Stream) -> Result<WrappedKey, SealError> {
        let found = self.store().stream_keys(stream).map_err(SealError::Store)?;
        if let Some(key) = found.into_iter().next() {
            return Ok(key);
        }
        let fresh = wrap(self.keys(), stream)?;
        let mut key = fresh.clone();
        let put = self.store().write(&mut |write| {
            // Somebody else may have made one since the look above.
            match write.stream_key(stream)? {
                Some(theirs) => key = theirs,
                None => write.put_stream_key(&fresh)?,
            }
            Ok(())
        });
        put.map(|()| key).map_err(SealError::Store)
    }
}

fn wrap(keys: &Keys, stream: &Stream) -> Result<WrappedKey, SealError> {
    use std::fmt::Write as _;
    let id: [u8; 8] = random().map_err(SealError::Random)?;
    let key = Zeroizing::new(random::<32>().map_err(SealError::Random)?);
    let wrapped = encrypt(&keys.sealing, stream, key.as_slice())?;
    let id = id.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("BUG: writing to a String cannot fail");
        text
    });
    Ok(WrappedKey { id, stream: stream.clone(), wrapped })
}

fn unwrap(keys: &Keys, key: &WrappedKey) -> Result<Zeroizing<[u8; 32]>, SealError> {
    decrypt(&keys.sealing, &key.stream, &key.wrapped)
        .map(Zeroizing::new)
        .and_then(|bytes| bytes.as_slice().try_into().ok().map(Zeroizing::new))
        .ok_or_else(|| SealError::Unopenable(key.stream.clone()))
}

fn encrypt(key: &[u8; 32], stream: &Stream, message: &[u8]) -> Result<Vec<u8>, SealError> {
    let nonce: [u8; NONCE] = random().map_err(SealError::Random)?;
    let payload = Payload { msg: message, aad: stream.as_str().as_bytes() };
    let ciphertext = XChaCha20Poly1305::new(&Key::from(*key))
        .encrypt(&XNonce::from(nonce), payload)
        .expect("BUG: a text within its limit can be encrypted");
    Ok([&nonce[..], &ciphertext].concat())
}

fn decrypt(key: &[u8; 32], stream: &Stream, bytes: &[u8]) -> Option<Vec<u8>> {
    let (nonce, ciphertext) = bytes.split_at_checked(NONCE)?;
    let nonce: [u8; NONCE] = nonce.try_into().ok()?;
    let payload = Payload { msg: ciphertext, aad: stream.as_str().as_bytes() };
    XChaCha20Poly1305::new(&Key::from(*key)).decrypt(&XNonce::from(nonce), payload).ok()
}

mod as_base64 {
    use super::BASE64;
    use base64::Engine as _;
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<u8>, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
        BASE64.decode(&*text).map_err(serde::de::Error::custom)
    }
}
