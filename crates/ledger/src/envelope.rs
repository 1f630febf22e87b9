//! Signed statements for others: a DSSE envelope (Dead Simple Signing Envelope, version 1.0.2) over any payload.
//!
//! What is signed is not the payload but its pre-authentication encoding, which binds the payload's type: bytes
//! that were signed as one thing can never be shown as another. The key is the one that signs checkpoints; the
//! encoding begins with `DSSEv1`, which no checkpoint's statement does, so neither passes for the other.
//!
//! Absent on purpose: what the payload means, and trust. Whoever verifies brings the key.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ed25519_dalek::{Signer as _, VerifyingKey};
use serde::{Deserialize, Serialize};

use crate::keys::{Keys, PublicKey};

/// The most bytes that a payload may have: a statement is small, and a verifier must not be made to read for ever.
const MAX_PAYLOAD_BYTES: usize = 1 << 20;

/// A payload with signatures over it, as it is written to a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Envelope {
    /// What the payload is, such as `application/vnd.in-toto+json`.
    pub payload_type: String,
    /// The payload in base64.
    pub payload: String,
    /// The signatures.
    pub signatures: Vec<EnvelopeSignature>,
}

/// One signature of an envelope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnvelopeSignature {
    /// A hint at the key, here the public key itself; it is not trusted.
    #[serde(default)]
    pub keyid: String,
    /// The signature in base64.
    pub sig: String,
}

/// Says why an envelope proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// The payload is not base64, or far too long.
    #[error("the envelope's payload is not readable base64 of at most {MAX_PAYLOAD_BYTES} bytes")]
    Unreadable,
    /// It is a statement about something else.
    #[error("the envelope holds `{found}`, and `{wanted}` was asked for")]
    OtherType {
        /// What it holds.
        found: String,
        /// What was asked for.
        wanted: String,
    },
    /// No signature was made with the key.
    #[error(
        "no signature of the envelope was made with the key {0}: it was changed, or signed by another"
    )]
    NotSigned(PublicKey),
}

impl Envelope {
    /// Signs a payload.
    #[must_use]
    pub fn sign(payload_type: &str, payload: &[u8], keys: &Keys) -> Self {
        let signature = keys.signing.sign(&encoding(payload_type, payload));
        Self {
            payload_type: payload_type.to_owned(),
            payload: BASE64.encode(payload),
            signatures: vec![EnvelopeSignature {
                keyid: keys.public().to_string(),
                sig: BASE64.encode(signature.to_bytes()),
            }],
        }
    }

    /// Checks that a key signed the envelope as something of this type, and hands out the payload.
    ///
    /// # Errors
    /// When it is unreadable, of another type, or not signed with the key.
    pub fn verify(&self, payload_type: &str, key: &PublicKey) -> Result<Vec<u8>, EnvelopeError> {
        if self.payload_type != payload_type {
            let (found, wanted) = (self.payload_type.clone(), payload_type.to_owned());
            return Err(EnvelopeError::OtherType { found, wanted });
        }
        if self.payload.len() > MAX_PAYLOAD_BYTES * 4 / 3 + 4 {
            return Err(EnvelopeError::Unreadable);
        }
        let payload = BASE64.decode(&self.payload).map_err(|_| EnvelopeError::Unreadable)?;
        let signed = encoding(payload_type, &payload);
        let verifying = VerifyingKey::from_bytes(&key.0);
        let is_signed = |signature: &EnvelopeSignature| {
            let bytes: Option<[u8; 64]> =
                BASE64.decode(&signature.sig).ok().and_then(|bytes| bytes.try_into().ok());
            let (Ok(verifying), Some(bytes)) = (&verifying, bytes) else { return false };
            let signature = ed25519_dalek::Signature::from_bytes(&bytes);
            verifying.verify_strict(&signed, &signature).is_ok()
        };
        if self.signatures.iter().any(is_signed) {
            Ok(payload)
        } else {
            Err(EnvelopeError::NotSigned(*key))
        }
    }
}

/// The pre-authentication encoding: `DSSEv1`, and length and bytes of the type and of the payload.
fn encoding(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let head = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len());
    [head.as_bytes(), payload].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPE: &str = "application/vnd.in-toto+json";

    #[test]
    fn the_encoding_is_that_of_the_specification() {
        // The example of the specification's protocol document.
        let encoded = encoding("http://example.com/HelloWorld", b"hello world");
        assert_eq!(encoded, b"DSSEv1 29 http://example.com/HelloWorld 11 hello world");
    }

    #[test]
    fn an_envelope_proves_what_was_signed_and_nothing_else() {
        let (ours, other) = (Keys::generate().unwrap(), Keys::generate().unwrap());
        let envelope = Envelope::sign(TYPE, b"{\"a\":1}", &ours);
        let text = serde_json::to_string(&envelope).unwrap();
        let envelope: Envelope = serde_json::from_str(&text).unwrap();
        assert!(text.starts_with("{\"payloadType\":\"application/vnd.in-toto+json\",\"payload\":"));
        assert_eq!(envelope.verify(TYPE, &ours.public()).unwrap(), b"{\"a\":1}");
        let refused = envelope.verify(TYPE, &other.public());
        assert_eq!(refused, Err(EnvelopeError::NotSigned(other.public())));
        let changed = Envelope { payload: BASE64.encode("{\"a\":2}"), ..envelope.clone() };
        assert_eq!(
            changed.verify(TYPE, &ours.public()),
            Err(EnvelopeError::NotSigned(ours.public()))
        );
        // The same bytes under another type are another statement.
        let retyped = Envelope { payload_type: "text/plain".to_owned(), ..envelope.clone() };
        assert!(matches!(
            retyped.verify(TYPE, &ours.public()),
            Err(EnvelopeError::OtherType { .. })
        ));
        assert!(matches!(
            retyped.verify("text/plain", &ours.public()),
            Err(EnvelopeError::NotSigned(_))
        ));
        let broken = Envelope { payload: "%".to_owned(), ..envelope.clone() };
        assert_eq!(broken.verify(TYPE, &ours.public()), Err(EnvelopeError::Unreadable));
        let unsigned = Envelope { signatures: Vec::new(), ..envelope };
        assert!(unsigned.verify(TYPE, &ours.public()).is_err());
    }
}
