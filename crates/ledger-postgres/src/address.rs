//! Where the database is: `postgres://user:password@host:5432/database`, read once and shown without the password.
//!
//! Over this machine's loopback or a local socket the connection is in the clear; to any other host it is encrypted
//! and the certificate proven, unless the address says `sslmode=disable`. `sslrootcert=FILE` names the authority that
//! signed the server's certificate. Several hosts, separated by commas, are tried in turn until one takes writes: that
//! is how a replica follows a fail-over.

use std::fmt;
use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};

use crate::open::OpenError;
use crate::tls::Tls;

/// How long one host may take to accept a connection. A host on the same continent takes under a tenth of a second; a
/// dead one must not hold up the next in the list.
const CONNECT: Duration = Duration::from_secs(5);

/// How long sent bytes may stay unacknowledged, and how soon a silent peer is asked whether it is there. A network that
/// swallows everything is noticed within this time, instead of after the two hours of the default.
const SILENCE: Duration = Duration::from_secs(10);

/// An address that can be connected to.
#[derive(Clone)]
pub(crate) struct Address {
    pub(crate) config: Config,
    pub(crate) tls: Tls,
}

/// Whether a text is the address of a PostgreSQL database, and not a path.
#[must_use]
pub fn is_address(text: &str) -> bool {
    text.starts_with("postgres://") || text.starts_with("postgresql://")
}

/// An address without its password, `user@host:port/database`; of one that cannot be read nothing is shown.
#[must_use]
pub fn shown(text: &str) -> String {
    Address::read(text)
        .map_or_else(|_| "an address that cannot be read".to_owned(), |address| address.to_string())
}

impl Address {
    /// Reads an address. No error repeats any part of it, for there may be a password in the wrong place.
    pub(crate) fn read(text: &str) -> Result<Self, OpenError> {
        if !is_address(text) {
            return Err(OpenError::Address { why: "it does not begin with `postgres://`" });
        }
        let (rest, asked) = take_tls_options(text)?;
        let malformed =
            OpenError::Address { why: "it cannot be read, or it has an option that is not known" };
        let mut config: Config = rest.parse().map_err(|_| malformed)?;
        if config.get_hosts().is_empty() {
            return Err(OpenError::Address { why: "it names no host" });
        }
        if config.get_application_name().is_none() {
            config.application_name("council");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT);
        }
        config.tcp_user_timeout(SILENCE).keepalives_idle(SILENCE);
        config.keepalives_interval(SILENCE / 3).keepalives_retries(3);
        if config.get_hosts().len() > 1 {
            config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        }
        let local = config.get_hosts().iter().all(is_local);
        let encrypt = asked.encrypt.unwrap_or(!local || asked.roots.is_some());
        config.ssl_mode(if encrypt { SslMode::Require } else { SslMode::Disable });
        let tls = Tls::trusting(asked.roots.as_deref()).map_err(|error| OpenError::tls(&error))?;
        Ok(Self { config, tls })
    }
}

/// What an address says about encryption.
#[derive(Default)]
struct AskedTls {
    encrypt: Option<bool>,
    roots: Option<String>,
}

/// Takes out the options that are answered here.
fn take_tls_options(text: &str) -> Result<(String, AskedTls), OpenError> {
    let mut asked = AskedTls::default();
    let Some((place, options)) = text.split_once('?') else {
        return Ok((text.to_owned(), asked));
    };
    let mut others = Vec::new();
    for option in options.split('&') {
        match option.split_once('=') {
            Some(("sslmode", "disable")) => asked.encrypt = Some(false),
            Some(("sslmode", "require" | "verify-ca" | "verify-full")) => {
                asked.encrypt = Some(true);
            }
            Some(("sslmode", _)) => {
                let why = "its `sslmode` is neither `disable` nor `verify-full`; there is no mode that encrypts \
                           without proving the certificate";
                return Err(OpenError::Address { why });
            }
            Some(("sslrootcert", file)) => asked.roots = Some(file.to_owned()),
            Some(_) | None => others.push(option),
        }
    }
    let rest =
        if others.is_empty() { place.to_owned() } else { format!("{place}?{}", others.join("&")) };
    Ok((rest, asked))
}

fn is_local(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => {
            name == "localhost"
                || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

impl fmt::Display for Address {
    /// `user@host:port/database`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(user) = self.config.get_user() {
            write!(f, "{user}@")?;
        }
        let ports = self.config.get_ports();
        for (index, host) in self.config.get_hosts().iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            match host {
                Host::Tcp(name) => write!(f, "{comma}{name}")?,
                #[cfg(unix)]
                Host::Unix(path) => write!(f, "{comma}{}", path.display())?,
            }
            let port = ports.get(index).or(ports.first()).unwrap_or(&5432);
            write!(f, ":{port}")?;
        }
        write!(f, "/{}", self.config.get_dbname().unwrap_or_default())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn shown(text: &str) -> String {
        Address::read(text).unwrap().to_string()
    }

    #[test]
    fn an_address_is_shown_without_its_password() {
        let text = "postgres://ana:s3cret@db.example.org:6543/council?sslmode=verify-full";
        assert_eq!(shown(text), "ana@db.example.org:6543/council");
        let address = Address::read(text).unwrap();
        assert!(!format!("{address:?}").contains("s3cret"));
        assert_eq!(shown("postgresql://ana@one,two/council"), "ana@one:5432,two:5432/council");
    }

    #[test]
    fn another_host_is_spoken_to_over_tls_and_this_one_in_the_clear() {
        let mode = |text: &str| Address::read(text).unwrap().config.get_ssl_mode();
        assert_eq!(mode("postgres://u@db.example.org/c"), SslMode::Require);
        assert_eq!(mode("postgres://u@localhost/c"), SslMode::Disable);
        assert_eq!(mode("postgres://u@127.0.0.1/c"), SslMode::Disable);
        assert_eq!(mode("postgres://u@%2Frun%2Fpostgresql/c"), SslMode::Disable);
        assert_eq!(mode("postgres://u@localhost/c?sslmode=verify-full"), SslMode::Require);
        assert_eq!(mode("postgres://u@db.example.org/c?sslmode=disable"), SslMode::Disable);
    }

    #[test]
    fn a_refused_address_is_not_repeated() {
        for text in [
            "postgres://ana:s3cret@host/c?sslmode=prefer",
            "postgres://ana:s3cret@host/c?s3cret=1",
            "postgres://ana:s3cret@host:s3cret/c",
            "mysql://ana:s3cret@host/c",
            "postgres://",
            "postgres://ana:s3cret@host/c?sslrootcert=/there/is/none.pem",
        ] {
            let error = Address::read(text).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("s3cret"), "{error}");
        }
    }
}
