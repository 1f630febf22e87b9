//! Its certificate, which nobody signed.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use redfish::Fingerprint;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// A certificate for 127.0.0.1 and its key, made for these tests and trusted by nobody else.
pub(crate) const CERTIFICATE: &str = include_str!("../tls/certificate.pem");
const KEY: &str = include_str!("../tls/key.pem");

fn certificate() -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(CERTIFICATE.as_bytes()).expect("a certificate")
}

/// What a person would read off its console.
pub(crate) fn fingerprint() -> Fingerprint {
    Fingerprint::of(&certificate())
}

/// Takes connections and shows the certificate.
pub(super) struct Listener {
    plain: TcpListener,
    acceptor: TlsAcceptor,
}

impl Listener {
    pub(super) async fn bind() -> Self {
        let key = PrivateKeyDer::from_pem_slice(KEY.as_bytes()).expect("a key");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![certificate()], key)
            .expect("they belong together");
        let plain = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        Self { plain, acceptor: TlsAcceptor::from(Arc::new(config)) }
    }

    pub(super) fn address(&self) -> String {
        format!("https://{}", self.plain.local_addr().expect("an address"))
    }
}

impl axum::serve::Listener for Listener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (stream, from) = self.plain.accept().await.expect("a connection");
            // Whoever does not trust the certificate hangs up here.
            if let Ok(stream) = self.acceptor.accept(stream).await {
                return (stream, from);
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.plain.local_addr()
    }
}
