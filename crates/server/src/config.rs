//! What the server is told at start.
//!
//! The binary turns flags and environment variables into a [`Config`]; the server reads neither. One
//! rule is enforced here because everything else relies on it: beyond loopback, either this process
//! speaks TLS or the operator names the proxy that does.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use gitops::render::inventory::Host;
use jiff::civil::Date;
use playbook::Model;

use crate::{Clock, RemoteConfig, StartError};

/// Everything that `council up` and `council serve` decide.
#[derive(Clone, Debug)]
pub struct Config {
    /// The directory of the playbook.
    pub playbook: PathBuf,
    /// Where the ledger and the sessions are kept; created when missing, readable by the owner only.
    pub data_dir: PathBuf,
    /// The address to listen on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Certificate and key, when this process speaks TLS itself.
    pub tls: Option<TlsFiles>,
    /// The proxy in front, when one speaks TLS for us.
    pub behind_proxy: Option<Proxy>,
    /// The person that the first sign-in link signs in as; without it the link lets one choose.
    pub sign_in_as: Option<String>,
    /// How the ledger's file is opened; tests do not wait for the disk.
    pub ledger: ledger::Options,
    /// A ledger that is open already, such as one in a database that several replicas share; no file is opened then.
    pub shared_ledger: Option<ledger::Ledger>,
    /// What other rooms contribute to the living document.
    pub document_parts: Vec<governance::render::DocumentPart>,
    /// The remote that the playbook is followed from, and whose webhooks are believed.
    pub remote: RemoteConfig,
    /// What can be rendered from the playbook and kept at targets.
    pub artefacts: Vec<gitops::plan::Artefact>,
    /// The hosts that the playbook declares, for the inventory.
    pub hosts: fn(&Model, Date) -> Vec<Host>,
    /// Looks up a variable of the environment, for the tokens that targets name.
    pub variable: fn(&str) -> Option<String>,
    /// Where a simulated estate answers, such as `http://127.0.0.1:4711`; it is asked instead of all provisioners.
    pub estate: Option<String>,
    /// What time it is.
    pub clock: Clock,
}

/// PEM files.
#[derive(Clone, Debug)]
pub struct TlsFiles {
    /// The certificate chain, leaf first.
    pub certificate: PathBuf,
    /// The private key.
    pub key: PathBuf,
}

/// A proxy that terminates TLS and forwards to us.
#[derive(Clone, Debug)]
pub struct Proxy {
    /// What browsers see, such as `https://council.example.org`.
    pub public_origin: String,
    /// Addresses of the proxy: only from these `X-Forwarded-For` is believed.
    pub addresses: Vec<IpAddr>,
}

impl Config {
    /// A server for one person on this machine: a free port on loopback, the machine's clock.
    pub fn local(playbook: impl Into<PathBuf>, data_dir: impl Into<PathBuf>) -> Self {
        Self {
            playbook: playbook.into(),
            data_dir: data_dir.into(),
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            tls: None,
            behind_proxy: None,
            sign_in_as: None,
            ledger: ledger::Options::default(),
            shared_ledger: None,
            document_parts: Vec::new(),
            remote: RemoteConfig::default(),
            artefacts: Vec::new(),
            hosts: |_, _| Vec::new(),
            variable: |_| None,
            estate: None,
            clock: Clock::system(),
        }
    }

    /// Says whether browsers reach us by https, which decides about `Secure` cookies and HSTS.
    pub fn is_secure(&self) -> bool {
        self.tls.is_some()
            || self
                .behind_proxy
                .as_ref()
                .is_some_and(|proxy| proxy.public_origin.starts_with("https://"))
    }

    /// What links begin with once the server listens on `bound`.
    pub fn origin(&self, bound: SocketAddr) -> String {
        match &self.behind_proxy {
            Some(proxy) => proxy.public_origin.trim_end_matches('/').to_owned(),
            None if self.tls.is_some() => format!("https://{bound}"),
            None => format!("http://{bound}"),
        }
    }

    /// Refuses what would send sign-ins over the wire unprotected.
    ///
    /// # Errors
    /// When the address is not loopback and neither TLS nor a proxy is stated, or the proxy's origin is
    /// not https.
    pub fn check(&self) -> Result<(), StartError> {
        if let Some(proxy) = &self.behind_proxy
            && !proxy.public_origin.starts_with("https://")
        {
            return Err(StartError::ProxyWithoutTls { origin: proxy.public_origin.clone() });
        }
        if self.listen.ip().is_loopback() || self.tls.is_some() || self.behind_proxy.is_some() {
            return Ok(());
        }
        Err(StartError::OpenWithoutTls { listen: self.listen })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(listen: &str, proxy: Option<&str>, expected: Result<(), &str>) {
        let mut config = Config::local("playbook", "data");
        config.listen = listen.parse().expect("an address");
        config.behind_proxy =
            proxy.map(|origin| Proxy { public_origin: origin.to_owned(), addresses: Vec::new() });
        match (config.check(), expected) {
            (Ok(()), Ok(())) => {}
            (Err(error), Err(part)) => {
                assert!(error.to_string().contains(part), "{error}");
            }
            (found, expected) => panic!("{listen}: {found:?} instead of {expected:?}"),
        }
    }

    #[test]
    fn beyond_loopback_either_tls_or_a_stated_proxy_is_needed() {
        check("127.0.0.1:0", None, Ok(()));
        check("[::1]:0", None, Ok(()));
        check("0.0.0.0:80", None, Err("without TLS"));
        check("192.0.2.1:80", None, Err("without TLS"));
        check("0.0.0.0:80", Some("https://council.example.org"), Ok(()));
        check("0.0.0.0:80", Some("http://council.example.org"), Err("https://"));
    }
}
