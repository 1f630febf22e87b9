//! A message that only one browser can read (RFC 8291, on RFC 8188).

use aes_gcm::aead::{Aead as _, KeyInit as _};
use aes_gcm::{Aes128Gcm, Nonce};
use hkdf::Hkdf;
use p256::{PublicKey, SecretKey};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::Subscription;

/// The one record's size (RFC 8291, section 4), and the longest body that every service takes (RFC 8030, section 7.2).
const RECORD: usize = 4_096;

/// Salt, size of the record, length of the key, and the key: what stands before the record (RFC 8188, section 2.1).
const HEAD: usize = 16 + 4 + 1 + 65;

/// What AES-GCM adds.
const TAG: usize = 16;

/// Bytes of the longest message and the mark behind it.
const MOST_PLAIN: usize = RECORD - HEAD - TAG;

/// The longest message in bytes (RFC 8291, section 4).
pub const MOST_MESSAGE: usize = MOST_PLAIN - 1;

/// A message, with its mark, is made as long as the next multiple. One length for all would say still less, but every short
/// message would cost four kilobytes, and services in front of phones have been known to take no more than three.
const STEP: usize = 1_024;

/// Why a message cannot be encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncryptError {
    /// No service has to take it.
    #[error(
        "the message has {length} bytes, and at most {MOST_MESSAGE} can be pushed; send less, and a link"
    )]
    TooLong {
        /// Bytes of the message.
        length: usize,
    },
    /// The bytes for a key of this message are none.
    #[error("the bytes for the key of one message are no secret key of P-256")]
    Secret,
}

/// Encrypts a message for a subscription: the body of the request, with `Content-Encoding: aes128gcm`.
///
/// A body has 1,126, 2,150, 3,174 or 4,096 bytes, whatever the message. `salt` and `secret` (32 bytes of a secret key of P-256)
/// are random and never used twice; [`Sender::send`](crate::Sender::send) draws them itself.
///
/// # Errors
/// When the message is longer than [`MOST_MESSAGE`], or `secret` is zero or not below the order of the group.
pub fn encrypt(
    message: &[u8],
    subscription: &Subscription,
    salt: [u8; 16],
    secret: &[u8; 32],
) -> Result<Vec<u8>, EncryptError> {
    if message.len() > MOST_MESSAGE {
        return Err(EncryptError::TooLong { length: message.len() });
    }
    let secret = SecretKey::from_slice(secret).map_err(|_| EncryptError::Secret)?;
    let mut plain = Zeroizing::new(Vec::with_capacity(MOST_PLAIN));
    plain.extend_from_slice(message);
    // The mark of the last record (RFC 8188, section 2); zeros behind it are no message.
    plain.push(2);
    let padded = plain.len().next_multiple_of(STEP).min(MOST_PLAIN);
    plain.resize(padded, 0);
    Ok(seal(&plain, subscription.p256dh(), subscription.auth(), salt, &secret))
}

/// The one record, with the mark and the padding already there.
fn seal(
    plain: &[u8],
    theirs: &PublicKey,
    auth: &[u8; 16],
    salt: [u8; 16],
    secret: &SecretKey,
) -> Vec<u8> {
    let ours = secret.public_key().to_sec1_bytes();
    let shared = p256::ecdh::diffie_hellman(secret.to_nonzero_scalar(), theirs.as_affine());
    // Both keys are in it, so that nobody can pass a message on as their own (RFC 8291, section 3.3).
    let info = [b"WebPush: info\0".as_slice(), &theirs.to_sec1_bytes(), &ours].concat();
    let material = derive::<32>(auth, shared.raw_secret_bytes(), &info);
    let key = derive::<16>(&salt, material.as_slice(), b"Content-Encoding: aes128gcm\0");
    let nonce = derive::<12>(&salt, material.as_slice(), b"Content-Encoding: nonce\0");
    let sealed = Aes128Gcm::new((&*key).into())
        .encrypt(&Nonce::from(*nonce), plain)
        .expect("BUG: AES-GCM takes four kilobytes");
    let size = u32::try_from(RECORD).expect("BUG: a record is small").to_be_bytes();
    let length = [u8::try_from(ours.len()).expect("BUG: a point is small")];
    [salt.as_slice(), &size, &length, &ours, &sealed].concat()
}

/// HKDF with SHA-256 (RFC 5869).
fn derive<const N: usize>(salt: &[u8], material: &[u8], info: &[u8]) -> Zeroizing<[u8; N]> {
    let mut key = Zeroizing::new([0; N]);
    Hkdf::<Sha256>::new(Some(salt), material)
        .expand(info, key.as_mut_slice())
        .expect("BUG: a key is shorter than 255 hashes");
    key
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{SubscriptionForm, base64url};

    /// RFC 8291, Appendix A.
    const VECTOR: [&str; 6] = [
        "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw",
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "BTBZMqHH6r4Tts7J_aSIgg",
        "DGv6ra1nlYgDCS1FRnbzlw",
        "V2hlbiBJIGdyb3cgdXAsIEkgd2FudCB0byBiZSBhIHdhdGVybWVsb24",
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN",
    ];

    fn bytes<const N: usize>(text: &str) -> [u8; N] {
        base64url::read(text).expect("base64url").try_into().expect("the length")
    }

    fn subscription() -> Subscription {
        let [_, p256dh, auth, ..] = VECTOR;
        let form = serde_json::json!({
            "endpoint": "https://push.example.org/", "keys": {"p256dh": p256dh, "auth": auth},
        });
        let form: SubscriptionForm = serde_json::from_value(form).expect("a form");
        form.check(crate::Endpoints::Https).expect("a subscription")
    }

    #[test]
    fn the_vector_of_the_rfc_comes_out() {
        let [secret, _, _, salt, plain, body] = VECTOR;
        let subscription = subscription();
        let secret = SecretKey::from_slice(&bytes::<32>(secret)).expect("a key");
        let mut plain = base64url::read(plain).expect("base64url");
        assert_eq!(plain, b"When I grow up, I want to be a watermelon");
        plain.push(2);
        let (theirs, auth) = (subscription.p256dh(), subscription.auth());
        assert_eq!(base64url::write(seal(&plain, theirs, auth, bytes(salt), &secret)), body);
    }

    #[test]
    fn lengths_say_little_and_have_an_end() {
        let length = |of: usize| {
            encrypt(&vec![b'a'; of], &subscription(), [1; 16], &[2; 32]).map(|body| body.len())
        };
        for (of, expected) in [
            (0, 1_126),
            (1_023, 1_126),
            (1_024, 2_150),
            (2_047, 2_150),
            (2_048, 3_174),
            (3_071, 3_174),
            (3_072, 4_096),
            (3_993, 4_096),
        ] {
            assert_eq!(length(of), Ok(expected), "{of}");
        }
        assert_eq!(MOST_MESSAGE, 3_993);
        assert_eq!(length(3_994), Err(EncryptError::TooLong { length: 3_994 }));
    }

    #[test]
    fn zero_is_no_key() {
        let encrypted = encrypt(b"a", &subscription(), [1; 16], &[0; 32]);
        assert_eq!(encrypted, Err(EncryptError::Secret));
    }
}
