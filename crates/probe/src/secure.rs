//! TLS: a handshake, who is trusted, and what is said of a certificate that is not.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{Resumption, WebPkiServerVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, OtherError, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::expiry::not_after;
use crate::failure::{CertificateFault, Failure};
use crate::outcome::Phase;
use crate::prober::Prober;
use crate::progress::Progress;
use crate::text::shown;
use crate::trust::{Fingerprint, Trust};

/// So many names of a certificate are told; some have hundreds.
const MOST_NAMES: usize = 20;

/// What a handshake is made with.
pub(crate) struct Terms<'p> {
    pub(crate) trust: &'p Trust,
    /// The name or address that the certificate must be for.
    pub(crate) name: &'p str,
    /// The protocol that is offered (RFC 7301).
    pub(crate) protocol: Option<&'static [u8]>,
}

/// Agrees on TLS over a connection.
pub(crate) async fn secure(
    prober: &Prober,
    stream: TcpStream,
    terms: Terms<'_>,
    progress: &mut Progress,
) -> Result<TlsStream<TcpStream>, Failure> {
    let Terms { trust, name, protocol } = terms;
    let name = ServerName::try_from(name.to_owned()).map_err(|_| Failure::Settings {
        why: "no certificate can be for the name of its server".to_owned(),
    })?;
    let provider = Arc::new(ring::default_provider());
    let judge = match trust {
        Trust::Pinned(fingerprint) => Judge::Pin(*fingerprint),
        Trust::Roots(pem) => Judge::Authority(authorities(given(pem)?)?),
        Trust::Machine => Judge::Authority(prober.machine_authorities().await?),
    };
    let now = prober.now();
    let verifier = Arc::new(Verifier { judge, provider, now, seen: Mutex::default() });
    let connector = TlsConnector::from(Arc::new(config(&verifier, protocol)?));
    progress.enter(Phase::Securing);
    // Boxed: its state is large, and most of a run's life is spent elsewhere.
    let agreed = Box::pin(connector.connect(name, stream)).await;
    let seen = verifier.seen();
    progress.certificate_until = seen.until;
    match (agreed, seen.fault) {
        (Ok(stream), _) => {
            progress.secured();
            Ok(stream)
        }
        (Err(_), Some(fault)) => Err(Failure::Certificate(fault)),
        (Err(error), None) => Err(not_agreed(&error)),
    }
}

fn config(verifier: &Arc<Verifier>, protocol: Option<&[u8]>) -> Result<ClientConfig, Failure> {
    let mut config = ClientConfig::builder_with_provider(Arc::clone(&verifier.provider))
        .with_safe_default_protocol_versions()
        .map_err(|_| Failure::Settings { why: "TLS cannot be set up".to_owned() })?
        .dangerous()
        .with_custom_certificate_verifier(Arc::<Verifier>::clone(verifier))
        .with_no_client_auth();
    config.resumption = Resumption::disabled();
    config.alpn_protocols = protocol.map(<[u8]>::to_vec).into_iter().collect();
    Ok(config)
}

fn given(pem: &str) -> Result<Vec<CertificateDer<'static>>, Failure> {
    CertificateDer::pem_slice_iter(pem.as_bytes())
        .collect::<Result<_, _>>()
        .map_err(|_| Failure::Settings { why: "its authority is no certificate in PEM".to_owned() })
}

/// Makes who vouches out of the certificates of authorities.
pub(crate) fn authorities(
    certificates: Vec<CertificateDer<'static>>,
) -> Result<Arc<WebPkiServerVerifier>, Failure> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(certificates);
    let provider = Arc::new(ring::default_provider());
    WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build().map_err(|_| {
        Failure::Settings { why: "there is no certificate of an authority to trust".to_owned() }
    })
}

/// Why no TLS was agreed on, if not for the certificate.
fn not_agreed(error: &io::Error) -> Failure {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    match inner {
        Some(rustls::Error::InvalidMessage(_)) => {
            Failure::Handshake { why: "what answers does not speak TLS".to_owned() }
        }
        Some(other) => Failure::Handshake { why: shown(&other.to_string()) },
        None => Failure::Broken { phase: Phase::Securing, why: error.kind().to_string() },
    }
}

#[derive(Debug)]
enum Judge {
    Pin(Fingerprint),
    Authority(Arc<WebPkiServerVerifier>),
}

/// Looks at a server's certificates and notes what it saw, trusted or not.
#[derive(Debug)]
struct Verifier {
    judge: Judge,
    provider: Arc<CryptoProvider>,
    now: Timestamp,
    seen: Mutex<Seen>,
}

#[derive(Clone, Debug, Default)]
struct Seen {
    until: Option<Timestamp>,
    fault: Option<CertificateFault>,
}

impl Verifier {
    fn seen(&self) -> Seen {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn judge(
        &self,
        certificate: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
    ) -> Result<(), CertificateFault> {
        let seen = Fingerprint::of(certificate);
        match &self.judge {
            Judge::Pin(pinned) if *pinned == seen => Ok(()),
            Judge::Pin(pinned) => Err(CertificateFault::NotPinned { pinned: *pinned, seen }),
            Judge::Authority(webpki) => {
                // A moment before 1970 is nobody's now.
                let now = u64::try_from(self.now.as_second()).unwrap_or_default();
                let now = UnixTime::since_unix_epoch(std::time::Duration::from_secs(now));
                webpki
                    .verify_server_cert(certificate, between, name, ocsp, now)
                    .map(drop)
                    .map_err(|error| fault(&error, seen, name))
            }
        }
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        _their_now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let chain = std::iter::once(certificate).chain(between);
        let dates: Option<Vec<Timestamp>> = chain.map(|one| not_after(one)).collect();
        let until = dates.and_then(|dates| dates.into_iter().min());
        let fault = self.judge(certificate, between, name, ocsp).err();
        let trusted = fault.is_none();
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Seen { until, fault };
        if trusted {
            return Ok(ServerCertVerified::assertion());
        }
        Err(CertificateError::Other(OtherError(Arc::new(NotTrusted))).into())
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

/// What rustls is told; the reasons are kept apart.
#[derive(Debug, thiserror::Error)]
#[error("not trusted")]
struct NotTrusted;

fn fault(error: &rustls::Error, seen: Fingerprint, name: &ServerName<'_>) -> CertificateFault {
    let other = || CertificateFault::Other { why: shown(&error.to_string()) };
    let rustls::Error::InvalidCertificate(invalid) = error else { return other() };
    match invalid {
        CertificateError::UnknownIssuer => CertificateFault::UnknownIssuer { seen },
        CertificateError::ExpiredContext { not_after, .. } => {
            moment(*not_after).map_or_else(other, |since| CertificateFault::Expired { since })
        }
        CertificateError::NotValidYetContext { not_before, .. } => {
            moment(*not_before).map_or_else(other, |from| CertificateFault::NotYetValid { from })
        }
        CertificateError::NotValidForName => other_name(name, &[]),
        CertificateError::NotValidForNameContext { presented, .. } => other_name(name, presented),
        _ => other(),
    }
}

fn other_name(name: &ServerName<'_>, presented: &[String]) -> CertificateFault {
    let names = presented.iter().take(MOST_NAMES).map(|name| shown(plain(name))).collect();
    CertificateFault::OtherName { wanted: shown(&name.to_str()), names }
}

/// `DnsName("a.example")` → `a.example`: names come in the notation of a debugger.
fn plain(name: &str) -> &str {
    let inner = name.split_once('(').map_or(name, |(_, inner)| inner);
    inner.trim_end_matches(')').trim_matches('"')
}

fn moment(time: UnixTime) -> Option<Timestamp> {
    Timestamp::from_second(i64::try_from(time.as_secs()).ok()?).ok()
}
