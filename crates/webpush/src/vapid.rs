//! Who sends: the key of this server, which push services know it by (RFC 8292, "VAPID").

use jiff::Timestamp;
use p256::SecretKey;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use reqwest::Url;
use serde_json::json;
use zeroize::Zeroizing;

use crate::{Contact, base64url};

/// How long a signature is good for, in seconds: half of what RFC 8292, section 2 allows, so that clocks may differ.
const LIFETIME: i64 = 12 * 60 * 60;

/// How often random bytes are asked for. One of 2³² draws is no key, so that a second one is never needed in a life.
const DRAWS: usize = 16;

/// The key pair of this server (ECDSA on P-256).
///
/// Browsers bind a subscription to the public half: with another key, everybody has to subscribe anew.
#[derive(Clone)]
pub struct VapidKey(SecretKey);

/// Why bytes are no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Zero, or not below the order of the group.
    #[error(
        "these 32 bytes are no secret key of P-256; they must be a number from 1 to the order of its group"
    )]
    OutOfRange,
    /// The source of randomness gives none.
    #[error("no key came out of {DRAWS} draws of random bytes; the source of randomness is broken")]
    NotRandom,
}

/// Why nothing can be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthorizationError {
    /// The end of a signature is told in seconds since 1970.
    #[error("the clock is before 1970; set it")]
    Clock,
    /// Nobody would know whom it is for.
    #[error("the endpoint has no origin; it must be an `https` address")]
    Endpoint,
}

impl VapidKey {
    /// Makes a key of random bytes; `random` fills what it is given from a source that is fit for keys.
    ///
    /// # Errors
    /// When what comes is never a key, as from a source that only gives zeros.
    pub fn generate(mut random: impl FnMut(&mut [u8; 32])) -> Result<Self, KeyError> {
        let mut bytes = Zeroizing::new([0; 32]);
        for _ in 0..DRAWS {
            random(&mut bytes);
            if let Ok(key) = Self::from_secret(&bytes) {
                return Ok(key);
            }
        }
        Err(KeyError::NotRandom)
    }

    /// Reads a key from its 32 secret bytes, the highest first.
    ///
    /// # Errors
    /// When they are zero, or not below the order of the group.
    pub fn from_secret(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        SecretKey::from_slice(bytes).map(Self).map_err(|_| KeyError::OutOfRange)
    }

    /// The 32 secret bytes, the highest first, for whoever seals them.
    #[must_use]
    pub fn secret(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_bytes().into())
    }

    /// The public half as a page gives it to `pushManager.subscribe` as `applicationServerKey`, and as push services read it
    /// (RFC 8292, section 3.2): the point, uncompressed (65 bytes), in base64url without padding.
    #[must_use]
    pub fn public(&self) -> String {
        base64url::write(self.0.public_key().to_sec1_bytes())
    }

    /// The value of the header `Authorization` (RFC 8292, section 3): `vapid t=<JWT>, k=<public key>`. The token is signed with
    /// ES256, is for the origin of the endpoint, names the contact, and ends 12 hours after `now`.
    ///
    /// # Errors
    /// When `now` is before 1970, or the endpoint has no origin.
    pub fn authorization(
        &self,
        endpoint: &Url,
        contact: &Contact,
        now: Timestamp,
    ) -> Result<String, AuthorizationError> {
        if now < Timestamp::UNIX_EPOCH {
            return Err(AuthorizationError::Clock);
        }
        let origin = endpoint.origin();
        if !origin.is_tuple() {
            return Err(AuthorizationError::Endpoint);
        }
        let head = json!({"typ": "JWT", "alg": "ES256"});
        let claims = json!({
            "aud": origin.ascii_serialization(),
            "exp": now.as_second() + LIFETIME,
            "sub": contact.as_str(),
        });
        let parts = [head, claims].map(|part| base64url::write(part.to_string()));
        let signed = parts.join(".");
        // The two numbers, 32 bytes each (RFC 7518, section 3.4), and not as ASN.1.
        let signature: Signature = SigningKey::from(&self.0).sign(signed.as_bytes());
        let signature = base64url::write(signature.to_bytes());
        Ok(format!("vapid t={signed}.{signature}, k={}", self.public()))
    }
}

impl std::fmt::Debug for VapidKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("VapidKey").field("public", &self.public()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> VapidKey {
        VapidKey::from_secret(&[7; 32]).expect("a key")
    }

    fn authorization(endpoint: &str, now: Timestamp) -> Result<String, AuthorizationError> {
        let contact = Contact::new("mailto:sre@example.org").expect("a contact");
        key().authorization(&endpoint.parse().expect("an address"), &contact, now)
    }

    #[test]
    fn a_key_comes_back_from_its_secret() {
        let mut draws = [[0; 32], [0xff; 32], [9; 32]].into_iter();
        let drawn = VapidKey::generate(|bytes| *bytes = draws.next().expect("a draw"));
        let drawn = drawn.expect("the third is a key");
        assert_eq!(*drawn.secret(), [9; 32]);
        let again = VapidKey::from_secret(&drawn.secret()).expect("a key");
        assert_eq!(again.public(), drawn.public());
        let point = base64url::read(&drawn.public()).expect("base64url");
        assert_eq!((point.len(), point[0], drawn.public().len()), (65, 4, 87));
    }

    #[test]
    fn no_key_is_said() {
        for bad in [[0; 32], [0xff; 32]] {
            assert_eq!(VapidKey::from_secret(&bad).err(), Some(KeyError::OutOfRange));
            let drawn = VapidKey::generate(|bytes| *bytes = bad);
            assert_eq!(drawn.err(), Some(KeyError::NotRandom));
        }
    }

    #[test]
    fn nobody_sees_the_secret() {
        let text = format!("{:?}", key());
        assert_eq!(text, format!("VapidKey {{ public: {:?}, .. }}", key().public()));
    }

    #[test]
    fn nothing_is_signed_before_1970_or_for_nobody() {
        let endpoint = "https://push.example.org/1";
        let before: Timestamp = "1969-12-31T23:59:59.9Z".parse().expect("a moment");
        assert_eq!(authorization(endpoint, before), Err(AuthorizationError::Clock));
        assert!(authorization(endpoint, Timestamp::UNIX_EPOCH).is_ok());
        assert!(authorization(endpoint, Timestamp::MAX).is_ok());
        let nobody = authorization("mailto:a@example.org", Timestamp::UNIX_EPOCH);
        assert_eq!(nobody, Err(AuthorizationError::Endpoint));
    }

    #[test]
    fn a_signature_is_for_the_origin_alone() {
        let signed = authorization("https://push.example.org:443/secret?a", Timestamp::UNIX_EPOCH);
        let signed = signed.expect("a signature");
        let claims = signed.split('.').nth(1).and_then(base64url::read).expect("claims");
        let expected =
            r#"{"aud":"https://push.example.org","exp":43200,"sub":"mailto:sre@example.org"}"#;
        assert_eq!(String::from_utf8(claims).as_deref(), Ok(expected));
    }
}
