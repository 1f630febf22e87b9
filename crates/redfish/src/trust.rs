//! What makes a controller's certificate trusted, and what is said of one that is not.
//!
//! Controllers leave the factory with a certificate that nobody signed, for a name that nobody uses. Three answers are
//! accepted: its fingerprint was pinned by a person, an authority of ours signed it, or one of the machine's authorities
//! did. "Whatever it shows" is not among them; a refusal carries the fingerprint that was seen, so that a person can pin it.
//!
//! A pin stands for the certificate itself: name, dates and issuer are not looked at, the proof that the other side holds
//! its key is (RFC 8446, section 4.4.3).

use std::error::Error;
use std::fmt;
use std::io;
use std::str::FromStr;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, OtherError, RootCertStore};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// Bytes of SHA-256.
const DIGEST: usize = 32;

/// What makes a controller's certificate trusted.
#[derive(Clone, Debug)]
pub enum Trust {
    /// It is this very certificate.
    Pinned(Fingerprint),
    /// One of these authorities signed it (certificates in PEM), for the name or address that is asked.
    Authority(String),
    /// An authority that the machine trusts signed it, for the name or address that is asked.
    Machine,
    /// Nothing is encrypted: `http://`, for emulators on the same machine. Credentials go in plain sight.
    Unencrypted,
}

/// The SHA-256 of a certificate in DER, as `openssl x509 -fingerprint -sha256` shows it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Fingerprint([u8; DIGEST]);

/// A text that is no fingerprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a fingerprint is the SHA-256 of a certificate: 64 hexadecimal digits, with or without colons between two"
)]
pub struct NotAFingerprint;

impl Fingerprint {
    /// Takes the fingerprint of a certificate in DER.
    #[must_use]
    pub fn of(certificate: &[u8]) -> Self {
        Self(Sha256::digest(certificate).into())
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, byte) in self.0.iter().enumerate() {
            let colon = if at == 0 { "" } else { ":" };
            write!(f, "{colon}{byte:02X}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Fingerprint {
    type Err = NotAFingerprint;

    fn from_str(text: &str) -> Result<Self, NotAFingerprint> {
        let lower = text.trim().to_ascii_lowercase();
        let digits = lower.strip_prefix("sha256:").unwrap_or(&lower);
        let digits: Vec<u32> = digits
            .chars()
            .filter(|c| *c != ':')
            .map(|c| c.to_digit(16).ok_or(NotAFingerprint))
            .collect::<Result<_, _>>()?;
        let bytes: Result<Vec<u8>, _> = digits
            .chunks(2)
            .map(|pair| match pair {
                [high, low] => u8::try_from(high * 16 + low).map_err(|_| NotAFingerprint),
                _ => Err(NotAFingerprint),
            })
            .collect();
        bytes?.try_into().map(Self).map_err(|_| NotAFingerprint)
    }
}

impl TryFrom<String> for Fingerprint {
    type Error = NotAFingerprint;

    fn try_from(text: String) -> Result<Self, NotAFingerprint> {
        text.parse()
    }
}

impl From<Fingerprint> for String {
    fn from(fingerprint: Fingerprint) -> Self {
        fingerprint.to_string()
    }
}

/// A certificate that was refused.
#[derive(Debug, thiserror::Error)]
#[error("the certificate `{fingerprint}` is not trusted: {why}")]
pub(crate) struct Rejected {
    pub(crate) fingerprint: Fingerprint,
    pub(crate) why: String,
}

/// Finds the refused certificate behind an error of the HTTP client.
pub(crate) fn rejected<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e Rejected> {
    let mut next = Some(error);
    while let Some(cause) = next {
        if let Some(rustls::Error::InvalidCertificate(CertificateError::Other(other))) =
            cause.downcast_ref::<rustls::Error>()
        {
            return other.0.downcast_ref();
        }
        // An `io::Error` names as its source what is behind the error that it holds, not that error.
        next = match cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(held) => Some(held),
            None => cause.source(),
        };
    }
    None
}

/// Makes the settings of TLS; says in a sentence why it cannot.
pub(crate) fn config(trust: &Trust) -> Result<ClientConfig, String> {
    let provider = Arc::new(ring::default_provider());
    let judge = match trust {
        Trust::Unencrypted => Judge::Nobody,
        Trust::Pinned(fingerprint) => Judge::Pin(*fingerprint),
        Trust::Authority(pem) => Judge::Authority(authorities(ours(pem)?, &provider)?),
        Trust::Machine => {
            let found = rustls_native_certs::load_native_certs().certs;
            Judge::Authority(authorities(found, &provider)?)
        }
    };
    let verifier = Arc::new(Verifier { judge, provider: Arc::clone(&provider) });
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| format!("TLS cannot be set up: {error}"))?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    Ok(config)
}

fn ours(pem: &str) -> Result<Vec<CertificateDer<'static>>, String> {
    CertificateDer::pem_slice_iter(pem.as_bytes())
        .collect::<Result<_, _>>()
        .map_err(|_| "its authority is no certificate in PEM".to_owned())
}

fn authorities(
    certificates: Vec<CertificateDer<'static>>,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<WebPkiServerVerifier>, String> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(certificates);
    WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider))
        .build()
        .map_err(|_| "there is no certificate of an authority to trust".to_owned())
}

#[derive(Debug)]
enum Judge {
    /// No certificate is expected, and none is taken.
    Nobody,
    Pin(Fingerprint),
    Authority(Arc<WebPkiServerVerifier>),
}

#[derive(Debug)]
struct Verifier {
    judge: Judge,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let fingerprint = Fingerprint::of(certificate);
        let why = match &self.judge {
            Judge::Pin(pinned) if *pinned == fingerprint => {
                return Ok(ServerCertVerified::assertion());
            }
            Judge::Nobody => "nothing was to be encrypted".to_owned(),
            Judge::Pin(pinned) => format!("it is not the pinned one, `{pinned}`"),
            Judge::Authority(webpki) => {
                match webpki.verify_server_cert(certificate, between, name, ocsp, now) {
                    Ok(verified) => return Ok(verified),
                    Err(error) => words(&error),
                }
            }
        };
        let rejected = Arc::new(Rejected { fingerprint, why });
        Err(CertificateError::Other(OtherError(rejected)).into())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<rustls::SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

fn words(error: &rustls::Error) -> String {
    let rustls::Error::InvalidCertificate(error) = error else { return error.to_string() };
    let words = match error {
        CertificateError::UnknownIssuer => "no trusted authority signed it",
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "it has expired",
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "it is not valid yet"
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "it is for another name or address"
        }
        CertificateError::Revoked => "it was revoked",
        _ => return format!("it cannot be checked ({error})"),
    };
    words.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_read_however_tools_write_it() {
        let fingerprint = Fingerprint::of(b"a certificate");
        let shown = fingerprint.to_string();
        assert_eq!(shown.len(), DIGEST * 3 - 1);
        let plain = shown.replace(':', "").to_lowercase();
        for text in [shown.clone(), plain.clone(), format!(" SHA256:{shown}\n")] {
            assert_eq!(text.parse(), Ok(fingerprint), "{text}");
        }
        for text in ["", "AA:BB", &format!("{plain}00"), &plain.replace('a', "g"), "é"] {
            assert_eq!(text.parse::<Fingerprint>(), Err(NotAFingerprint), "{text}");
        }
    }
}
