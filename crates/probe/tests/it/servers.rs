//! Servers on loopback that do as they are told, wrong as it may be.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use jiff::Timestamp;
use probe::{Failure, HttpProbe, Outcome, Probe, Prober};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// Long enough for anything that works, on a machine that does other things as well.
pub(crate) const LONG: Duration = Duration::from_secs(20);

/// Short enough to wait for in a test.
pub(crate) const SHORT: Duration = Duration::from_millis(300);

/// The clock of the tests: every certificate of theirs is valid then.
pub(crate) const NOW: &str = "2027-01-01T00:00:00Z";

pub(crate) fn prober_at(now: &str) -> Prober {
    let now: Timestamp = now.parse().expect("a moment");
    Prober::new(move || now)
}

pub(crate) async fn run(probe: Probe, limit: Duration) -> Outcome {
    let outcome = prober_at(NOW).run(&probe, limit).await;
    assert_eq!(outcome.ok, outcome.why.is_none(), "{outcome:?}");
    outcome
}

pub(crate) async fn run_http(probe: HttpProbe) -> Outcome {
    run(Probe::Http(probe), LONG).await
}

/// What went wrong; it must have.
#[track_caller]
pub(crate) fn why(outcome: Outcome) -> Failure {
    outcome.why.expect("a failure")
}

/// Serves routes on a free port; returns the address as `http://127.0.0.1:1`.
pub(crate) async fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// Does the same with each connection.
pub(crate) async fn script<F>(act: impl Fn(TcpStream) -> F + Send + 'static) -> SocketAddr
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(act(stream));
        }
    });
    address
}

/// Reads a request's head, then says something and hangs up.
pub(crate) async fn saying(answer: &'static [u8]) -> SocketAddr {
    script(async move |mut stream| {
        head(&mut stream).await;
        let _gone = stream.write_all(answer).await;
    })
    .await
}

/// Reads up to the empty line of a request.
pub(crate) async fn head(stream: &mut TcpStream) {
    let mut read = Vec::new();
    while !read.ends_with(b"\r\n\r\n") {
        if stream.read_buf(&mut read).await.unwrap_or(0) == 0 {
            break;
        }
    }
}

/// Says something, then the same thing again and again for as long as somebody listens.
pub(crate) async fn endless(begin: &'static [u8], again: &'static [u8]) -> SocketAddr {
    script(async move |mut stream| {
        head(&mut stream).await;
        let mut said = stream.write_all(begin).await;
        while said.is_ok() {
            said = stream.write_all(again).await;
        }
    })
    .await
}

/// Says something and stays silent.
pub(crate) async fn stuck(begin: &'static [u8]) -> SocketAddr {
    script(async move |mut stream| {
        let _gone = stream.write_all(begin).await;
        std::future::pending::<()>().await;
    })
    .await
}

/// An address at which nothing listens.
pub(crate) async fn nobody() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    listener.local_addr().expect("an address")
}

/// Certificates of `tests/tls`, made by `make.sh` there.
pub(crate) mod pem {
    pub(crate) const ROOT: &str = include_str!("../tls/root.pem");
    pub(crate) const INTERMEDIATE: &str = include_str!("../tls/intermediate.pem");
    pub(crate) const LEAF: (&str, &str) =
        (include_str!("../tls/leaf.pem"), include_str!("../tls/leaf.key.pem"));
    pub(crate) const ELSEWHERE: (&str, &str) =
        (include_str!("../tls/elsewhere.pem"), include_str!("../tls/elsewhere.key.pem"));
    pub(crate) const LONELY: (&str, &str) =
        (include_str!("../tls/lonely.pem"), include_str!("../tls/lonely.key.pem"));
}

pub(crate) fn certificate(pem: &str) -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(pem.as_bytes()).expect("a certificate")
}

/// Speaks TLS with a certificate and what stands between it and its root; answers every request with "well".
pub(crate) async fn encrypted(identity: (&str, &str), between: &[&str]) -> SocketAddr {
    let well = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nwell";
    encrypted_saying(identity, between, well.to_owned()).await
}

/// As [`encrypted`], with another answer.
pub(crate) async fn encrypted_saying(
    (own, key): (&str, &str),
    between: &[&str],
    answer: String,
) -> SocketAddr {
    let chain = std::iter::once(own).chain(between.iter().copied()).map(certificate).collect();
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).expect("a key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .expect("they belong together");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    script(move |stream| {
        let (acceptor, answer) = (acceptor.clone(), answer.clone());
        async move {
            let Ok(mut stream) = acceptor.accept(stream).await else { return };
            let mut asked = [0; 4096];
            if stream.read(&mut asked).await.unwrap_or(0) > 0 {
                let _gone = stream.write_all(answer.as_bytes()).await;
                let _gone = stream.shutdown().await;
            }
        }
    })
    .await
}
