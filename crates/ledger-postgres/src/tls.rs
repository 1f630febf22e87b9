//! TLS towards the server: always with a certificate that is proven, or not at all.
//!
//! PostgreSQL's own clients encrypt by default without looking at the certificate, which keeps out nobody who can
//! answer in the server's place. There is no such mode here: `sslmode=disable` or a proven certificate.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, InvalidDnsNameError, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream};
use tokio_rustls::TlsConnector;

/// Makes TLS sessions that trust the machine's certificate authorities, or one file's.
#[derive(Clone)]
pub(crate) struct Tls(Arc<ClientConfig>);

/// Says why certificates cannot be proven.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RootsError {
    #[error("the certificates in `{path}` cannot be read")]
    File { path: String, source: rustls::pki_types::pem::Error },
    #[error("`{path}` holds no certificate")]
    Empty { path: String },
    #[error("TLS could not be set up")]
    Setup(#[source] rustls::Error),
}

impl Tls {
    /// Trusts the certificates in a PEM file, or those that the machine trusts.
    pub(crate) fn trusting(file: Option<&str>) -> Result<Self, RootsError> {
        let mut roots = RootCertStore::empty();
        match file {
            Some(path) => {
                let failed = |source| RootsError::File { path: path.to_owned(), source };
                for certificate in CertificateDer::pem_file_iter(path).map_err(failed)? {
                    roots.add(certificate.map_err(failed)?).map_err(RootsError::Setup)?;
                }
                if roots.is_empty() {
                    return Err(RootsError::Empty { path: path.to_owned() });
                }
            }
            // What cannot be read here is missing later, where the error names the server.
            None => {
                roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            }
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(RootsError::Setup)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self(Arc::new(config)))
    }
}

impl<S> MakeTlsConnect<S> for Tls
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    type Stream = Encrypted<S>;
    type TlsConnect = Handshake;
    type Error = std::io::Error;

    fn make_tls_connect(&mut self, host: &str) -> std::io::Result<Handshake> {
        // A socket of this machine has no name, and needs none until somebody wants to encrypt over it.
        let name = ServerName::try_from(host.to_owned());
        Ok(Handshake { connector: TlsConnector::from(Arc::clone(&self.0)), name })
    }
}

/// One session to be made.
pub(crate) struct Handshake {
    connector: TlsConnector,
    name: Result<ServerName<'static>, InvalidDnsNameError>,
}

impl<S> TlsConnect<S> for Handshake
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    type Stream = Encrypted<S>;
    type Error = std::io::Error;
    type Future = Pin<Box<dyn Future<Output = std::io::Result<Encrypted<S>>> + Send>>;

    fn connect(self, stream: S) -> Self::Future {
        let Self { connector, name } = self;
        Box::pin(async move {
            let name = name.map_err(std::io::Error::other)?;
            connector.connect(name, stream).await.map(Encrypted)
        })
    }
}

/// An encrypted connection.
pub(crate) struct Encrypted<S>(tokio_rustls::client::TlsStream<S>);

impl<S: AsyncRead + AsyncWrite + Unpin> TlsStream for Encrypted<S> {
    fn channel_binding(&self) -> ChannelBinding {
        // The certificate is proven already; binding the password to it would prove it once more.
        ChannelBinding::none()
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Encrypted<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Encrypted<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}
