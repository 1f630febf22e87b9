//! The server's certificate: read at the start, and again when its files change.
//!
//! Certificates live for weeks, servers for longer. A new pair is taken up for new connections without a restart; a pair that
//! cannot be used is refused loudly, and the one before goes on.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use arc_swap::ArcSwap;
use rustls::ServerConfig;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio_rustls::TlsAcceptor;

use crate::{StartError, TlsFiles};

/// A certificate with its key, and the files that they come from.
pub(crate) struct Certificate {
    files: TlsFiles,
    provider: Arc<CryptoProvider>,
    current: ArcSwap<CertifiedKey>,
}

impl Certificate {
    /// Reads certificate and key.
    pub(crate) fn read(files: &TlsFiles) -> Result<Arc<Self>, StartError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let current = ArcSwap::from_pointee(pair(files, &provider)?);
        Ok(Arc::new(Self { files: files.clone(), provider, current }))
    }

    /// Reads both again; says whether they are others now.
    pub(crate) fn renew(&self) -> Result<bool, StartError> {
        let found = pair(&self.files, &self.provider)?;
        if found.cert == self.current.load().cert {
            return Ok(false);
        }
        self.current.store(Arc::new(found));
        Ok(true)
    }

    /// What shakes hands with it.
    pub(crate) fn acceptor(self: &Arc<Self>) -> Result<TlsAcceptor, StartError> {
        let mut config = ServerConfig::builder_with_provider(self.provider.clone())
            .with_safe_default_protocol_versions()
            .map_err(|error| broken(&self.files.certificate, error.to_string()))?
            .with_no_client_auth()
            .with_cert_resolver(self.clone());
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(TlsAcceptor::from(Arc::new(config)))
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current.load_full())
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Certificate").field(&self.files).finish()
    }
}

fn broken(path: &Path, why: String) -> StartError {
    StartError::Tls { path: path.to_owned(), why }
}

/// A certificate chain with the key that fits it.
fn pair(files: &TlsFiles, provider: &CryptoProvider) -> Result<CertifiedKey, StartError> {
    let chain = CertificateDer::pem_file_iter(&files.certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| broken(&files.certificate, error.to_string()))?;
    if chain.is_empty() {
        return Err(broken(&files.certificate, "it holds no certificate".to_owned()));
    }
    let key = PrivateKeyDer::from_pem_file(&files.key)
        .map_err(|error| broken(&files.key, error.to_string()))?;
    CertifiedKey::from_der(chain, key, provider)
        .map_err(|error| broken(&files.key, error.to_string()))
}
