//! The content: chunks of 64 KiB, each sealed under a counter and a mark on the last one, so that chunks can be neither
//! exchanged nor left out.

use chacha20poly1305::aead::{Aead as _, KeyInit as _};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use zeroize::Zeroizing;

use super::AgeError;
use super::header::{FileKey, derive};

/// Plain bytes in a chunk.
const CHUNK: usize = 64 * 1024;
/// What sealing adds to each.
const TAG: usize = 16;

/// Opens the content of a file.
pub(super) fn open(file_key: &FileKey, payload: &[u8]) -> Result<Zeroizing<Vec<u8>>, AgeError> {
    let (nonce, sealed) =
        payload.split_at_checked(16).ok_or(AgeError::Damaged("its content is missing"))?;
    let cipher = cipher(file_key, nonce);
    let mut content = Zeroizing::new(Vec::with_capacity(sealed.len()));
    let chunks: Vec<&[u8]> = sealed.chunks(CHUNK + TAG).collect();
    if chunks.is_empty() {
        return Err(AgeError::Damaged("its content is missing"));
    }
    for (number, chunk) in chunks.iter().enumerate() {
        let nonce = chunk_nonce(number, number + 1 == chunks.len());
        let opened = cipher.decrypt(&nonce, *chunk);
        let opened = opened.map_err(|_| AgeError::Damaged("its content was changed"))?;
        content.extend_from_slice(&Zeroizing::new(opened));
    }
    Ok(content)
}

/// Seals content under a nonce that is never used again.
pub(super) fn seal(
    file_key: &FileKey,
    nonce: [u8; 16],
    content: &[u8],
) -> Result<Vec<u8>, AgeError> {
    let cipher = cipher(file_key, &nonce);
    let mut payload = nonce.to_vec();
    let chunks: Vec<&[u8]> =
        if content.is_empty() { vec![content] } else { content.chunks(CHUNK).collect() };
    for (number, chunk) in chunks.iter().enumerate() {
        let nonce = chunk_nonce(number, number + 1 == chunks.len());
        let sealed = cipher.encrypt(&nonce, *chunk);
        payload.extend(sealed.map_err(|_| AgeError::Damaged("it is too long to encrypt"))?);
    }
    Ok(payload)
}

fn cipher(file_key: &FileKey, nonce: &[u8]) -> ChaCha20Poly1305 {
    ChaCha20Poly1305::new(&Key::from(*derive(&**file_key, nonce, b"payload")))
}

/// Eleven bytes of counter, and one that marks the last chunk.
fn chunk_nonce(number: usize, is_last: bool) -> Nonce {
    let mut nonce = [0; 12];
    let counter = u64::try_from(number).unwrap_or(u64::MAX).to_be_bytes();
    nonce[3..11].copy_from_slice(&counter);
    nonce[11] = u8::from(is_last);
    Nonce::from(nonce)
}
