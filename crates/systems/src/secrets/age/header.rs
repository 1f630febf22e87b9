//! The header: the file's key, wrapped for each recipient, under one authentication code.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use chacha20poly1305::aead::{Aead as _, KeyInit as _};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{AgeError, Identity, Recipient};

const VERSION: &str = "age-encryption.org/v1";

/// The file's key, from which all others follow.
pub(super) type FileKey = Zeroizing<[u8; 16]>;

/// A header that was read and is not yet believed.
pub(super) struct Header<'f> {
    /// Everything that the code authenticates.
    text: &'f [u8],
    code: Vec<u8>,
    stanzas: Vec<Stanza>,
}

struct Stanza {
    sort: String,
    share: Option<[u8; 32]>,
    body: Vec<u8>,
}

impl<'f> Header<'f> {
    /// Reads the header of a file and returns what follows it.
    pub(super) fn read(file: &'f [u8]) -> Result<(Self, &'f [u8]), AgeError> {
        let damaged = AgeError::Damaged;
        let mut lines = file.split_inclusive(|byte| *byte == b'\n');
        let mut at = 0;
        let mut next = || {
            let line = lines.next().ok_or(damaged("its header has no end"))?;
            let start = at;
            at += line.len();
            let text = std::str::from_utf8(line).ok().and_then(|line| line.strip_suffix('\n'));
            text.map(|text| (start, at, text)).ok_or(damaged("its header is not text"))
        };
        if next()?.2 != VERSION {
            return Err(damaged("it is of another version of the format"));
        }
        let mut stanzas: Vec<Stanza> = Vec::new();
        loop {
            let (start, end, line) = next()?;
            if let Some(code) = line.strip_prefix("--- ") {
                let text = file.get(..start + 3).unwrap_or_default();
                let code = decode(code)?;
                let payload = file.get(end..).unwrap_or_default();
                return Ok((Self { text, code, stanzas }, payload));
            }
            if let Some(words) = line.strip_prefix("-> ") {
                stanzas.push(Stanza::begin(words));
            } else if let Some(stanza) = stanzas.last_mut() {
                stanza.body.extend(decode(line)?);
            } else {
                return Err(damaged("its header begins without a recipient"));
            }
        }
    }

    /// Finds the file's key with whichever identity opens one of the stanzas, and believes the header only when its
    /// code fits.
    pub(super) fn open(&self, identities: &[Identity]) -> Result<FileKey, AgeError> {
        let ours = || self.stanzas.iter().filter(|stanza| stanza.share.is_some());
        let opened =
            identities.iter().find_map(|identity| ours().find_map(|stanza| stanza.open(identity)));
        let Some(key) = opened else {
            let others = self.stanzas.iter().filter(|stanza| stanza.share.is_none());
            let mut others: Vec<String> = others.map(|stanza| stanza.sort.clone()).collect();
            others.sort();
            others.dedup();
            let recipients = ours().count();
            return Err(AgeError::NotForUs { keys: identities.len(), recipients, others });
        };
        let fits = mac(&*header_key(&key), self.text).verify_slice(&self.code).is_ok();
        if fits { Ok(key) } else { Err(AgeError::Damaged("its header was changed")) }
    }
}

impl Stanza {
    fn begin(words: &str) -> Self {
        let mut words = words.split(' ');
        let sort = words.next().unwrap_or_default().to_owned();
        let share = words.next().filter(|_| sort == "X25519").and_then(|share| decode(share).ok());
        Self { sort, share: share.and_then(|share| share.try_into().ok()), body: Vec::new() }
    }

    fn open(&self, identity: &Identity) -> Option<FileKey> {
        let share = self.share?;
        let shared = identity.shared(share)?;
        let key = wrapping_key(&shared, share, identity.recipient());
        let cipher = ChaCha20Poly1305::new(&Key::from(*key));
        let opened = cipher.decrypt(&Nonce::default(), self.body.as_slice()).ok()?;
        let opened = Zeroizing::new(opened);
        Some(Zeroizing::new(opened.as_slice().try_into().ok()?))
    }
}

/// Writes the header of a file for recipients.
pub(super) fn write(file_key: &FileKey, recipients: &[Recipient]) -> Result<Vec<u8>, AgeError> {
    let mut text = format!("{VERSION}\n");
    for recipient in recipients {
        let once = Identity::generate()?;
        let share = once.recipient();
        let shared = once.shared(recipient.0).ok_or(AgeError::Damaged("a recipient is no key"))?;
        let cipher = ChaCha20Poly1305::new(&Key::from(*wrapping_key(&shared, share.0, *recipient)));
        let body = cipher
            .encrypt(&Nonce::default(), file_key.as_slice())
            .map_err(|_| AgeError::Damaged("a key of 16 bytes did not fit"))?;
        let (share, body) = (STANDARD_NO_PAD.encode(share.0), STANDARD_NO_PAD.encode(body));
        text.push_str(&format!("-> X25519 {share}\n{body}\n"));
    }
    text.push_str("---");
    let code = mac(&*header_key(file_key), text.as_bytes()).finalize().into_bytes();
    text.push_str(&format!(" {}\n", STANDARD_NO_PAD.encode(code)));
    Ok(text.into_bytes())
}

fn wrapping_key(shared: &[u8; 32], share: [u8; 32], recipient: Recipient) -> Zeroizing<[u8; 32]> {
    derive(shared, &[share, recipient.0].concat(), b"age-encryption.org/v1/X25519")
}

fn header_key(file_key: &FileKey) -> Zeroizing<[u8; 32]> {
    derive(&**file_key, &[], b"header")
}

/// HKDF with SHA-256 (RFC 5869) for one block of output.
pub(super) fn derive(secret: &[u8], salt: &[u8], purpose: &[u8]) -> Zeroizing<[u8; 32]> {
    let extracted = Zeroizing::new(<[u8; 32]>::from(mac(salt, secret).finalize().into_bytes()));
    let expanded = mac(&*extracted, &[purpose, &[1]].concat());
    Zeroizing::new(expanded.finalize().into_bytes().into())
}

fn mac(key: &[u8], text: &[u8]) -> Hmac<Sha256> {
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key)
        .expect("BUG: HMAC takes keys of every length");
    mac.update(text);
    mac
}

fn decode(text: &str) -> Result<Vec<u8>, AgeError> {
    STANDARD_NO_PAD.decode(text).map_err(|_| AgeError::Damaged("its header holds no base64"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_derived_as_rfc_5869_says() {
        // Test case 1 of its appendix A, the first 32 bytes of output.
        let salt: Vec<u8> = (0..=0x0c).collect();
        let purpose: Vec<u8> = (0xf0..=0xf9).collect();
        let derived = derive(&[0x0b; 22], &salt, &purpose);
        let hex: String = derived.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf");
    }

    #[test]
    fn stanzas_of_other_sorts_are_named() {
        let file = b"age-encryption.org/v1\n-> scrypt c2FsdA 18\nYm9keQ\n-> ssh-ed25519 x y\nYm9keQ\n--- Y29kZQ\n";
        let (header, payload) = Header::read(file).unwrap();
        assert!(payload.is_empty());
        let refused = header.open(&[]).unwrap_err();
        let others = vec!["scrypt".to_owned(), "ssh-ed25519".to_owned()];
        assert_eq!(refused, AgeError::NotForUs { keys: 0, recipients: 0, others });
    }

    #[test]
    fn broken_headers_are_refused() {
        for file in [
            &b""[..],
            b"age-encryption.org/v2\n",
            b"age-encryption.org/v1\nYm9keQ\n",
            b"age-encryption.org/v1\n-> X25519",
            b"\xff\n",
        ] {
            assert!(Header::read(file).is_err(), "{file:?}");
        }
    }
}
