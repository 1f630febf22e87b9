//! Where council goes in other people's name: addresses that the playbook names, and some that nobody may name.
//!
//! Whoever writes the playbook chooses where messages, measurements and desired states go. Link-local addresses lead to the
//! machine's own services, above all the metadata service of a cloud, which hands out the machine's credentials to
//! whoever asks; nobody means them by a channel or a data source. [`Guard::client`] asks none of them: not by number, not by
//! a name that resolves to one, not after a redirect. A playbook that means one says so, and the guard is told.
//!
//! Absent on purpose: loopback and private networks are not refused to the playbook. council is made for machines that have no
//! other addresses, and a Prometheus on the same machine is the usual one. Addresses that anybody chooses who may sign in are
//! another matter: [`Guard::for_strangers`] goes into no network of the house, but to hosts that the playbook names.

use std::error::Error;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, PoisonError, RwLock};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{ClientBuilder, Proxy, Url};

/// Metadata services that are not link-local: Azure's, Alibaba's, Oracle's older one.
const METADATA: [Ipv4Addr; 3] = [
    Ipv4Addr::new(168, 63, 129, 16),
    Ipv4Addr::new(100, 100, 100, 200),
    Ipv4Addr::new(192, 0, 0, 192),
];

/// Amazon's metadata service over IPv6.
const METADATA_V6: Ipv6Addr = Ipv6Addr::new(0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x254);

/// The host that a forbidden request is sent to: a name that never resolves (RFC 6761).
const NOWHERE: &str = "forbidden.invalid";

/// Knows which addresses may be asked.
#[derive(Clone, Debug, Default)]
pub struct Guard {
    exceptions: Arc<RwLock<Vec<IpAddr>>>,
    /// Hosts within the house that strangers may name; nothing where the playbook alone names addresses.
    inside: Option<Arc<RwLock<Vec<String>>>>,
}

/// An address that nobody may be sent to.
#[derive(Debug, thiserror::Error)]
#[error(
    "`{0}` leads to an address of the machine itself or of its cloud, which nobody may be sent to; \
     the organization's `link_local_exceptions` says which are meant all the same"
)]
pub struct Forbidden(String);

impl Guard {
    /// Takes the addresses that are meant although they would be refused.
    pub fn except(&self, addresses: Vec<IpAddr>) {
        *self.exceptions.write().unwrap_or_else(PoisonError::into_inner) = addresses;
    }

    /// One for addresses that people give who may not write the playbook. It knows the same exceptions.
    #[must_use]
    pub fn for_strangers(&self) -> Self {
        Self { exceptions: self.exceptions.clone(), inside: Some(Arc::default()) }
    }

    /// Takes the hosts within the house that strangers may name: names or numbers, as they stand in an address.
    pub fn let_in(&self, hosts: Vec<String>) {
        if let Some(inside) = &self.inside {
            *inside.write().unwrap_or_else(PoisonError::into_inner) = hosts;
        }
    }

    /// Says whether an address may be asked.
    pub fn allows(&self, address: IpAddr) -> bool {
        let address = plain(address);
        !is_forbidden(address)
            || self.exceptions.read().unwrap_or_else(PoisonError::into_inner).contains(&address)
    }

    /// Says whether an address may be asked that a host of an address led to.
    fn allows_host(&self, host: &str, address: IpAddr) -> bool {
        let named = |inside: &Arc<RwLock<Vec<String>>>| {
            let inside = inside.read().unwrap_or_else(PoisonError::into_inner);
            inside.iter().any(|known| known.eq_ignore_ascii_case(host))
        };
        let strange = self.inside.as_ref().is_some_and(|inside| !named(inside));
        self.allows(address) && !(strange && is_inside(plain(address)))
    }

    /// What clients are built from.
    pub fn client(&self) -> ClientBuilder {
        let guard = self.clone();
        // An address by number is resolved by nobody; that a proxy is chosen for each hop is the one place where it is seen.
        let by_number =
            move |url: &Url| (!guard.allows_number(url)).then_some("http://forbidden.invalid");
        reqwest::Client::builder()
            .dns_resolver(Arc::new(Resolver(self.clone())))
            .proxy(Proxy::custom(by_number))
    }

    fn allows_number(&self, url: &Url) -> bool {
        let host = url.host_str().unwrap_or_default();
        let number = host.trim_start_matches('[').trim_end_matches(']').parse();
        number.map_or(true, |address| self.allows_host(host, address))
    }
}

/// Resolves names, and leaves out what may not be asked.
#[derive(Clone, Debug)]
struct Resolver(Guard);

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.0.clone();
        Box::pin(async move {
            let host = name.as_str().to_owned();
            if host == NOWHERE {
                return Err(Box::new(Forbidden("a number in this address".to_owned())) as Failure);
            }
            let found = tokio::net::lookup_host((host.as_str(), 0)).await?;
            Ok(Box::new(guard.leave(&host, found.collect())?.into_iter()) as Addrs)
        })
    }
}

type Failure = Box<dyn Error + Send + Sync>;

impl Guard {
    /// What is left of the addresses of a name. One that may not be asked spoils all: a name that leads to both is a trick.
    fn leave(&self, host: &str, found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, Forbidden> {
        match found.iter().all(|address| self.allows_host(host, address.ip())) {
            true => Ok(found),
            false => Err(Forbidden(host.to_owned())),
        }
    }
}

/// An IPv4 address in whatever way it is written as IPv6.
fn plain(address: IpAddr) -> IpAddr {
    let IpAddr::V6(six) = address else { return address };
    if let Some(four) = six.to_ipv4_mapped() {
        return four.into();
    }
    // NAT64 (RFC 6052) and 6to4 (RFC 3056) carry one inside, too.
    let parts = six.segments();
    let four = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        IpAddr::from([a, b, c, d])
    };
    match parts {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => four(high, low),
        _ => address,
    }
}

fn is_forbidden(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(four) => {
            four.is_link_local()
                || four.octets()[0] == 0
                || four.is_broadcast()
                || four.is_multicast()
                || METADATA.contains(&four)
        }
        IpAddr::V6(six) => {
            six.is_unicast_link_local()
                || six.is_unspecified()
                || six.is_multicast()
                || six == METADATA_V6
        }
    }
}

/// Networks of a house, and of its machines alone (RFC 1918, RFC 6598, RFC 2544, RFC 4193).
fn is_inside(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(four) => {
            let [a, b, c, _] = four.octets();
            four.is_loopback()
                || four.is_private()
                || (a == 100 && b & 0xc0 == 64)
                || (a == 198 && b & 0xfe == 18)
                || (a == 192 && b == 0 && c == 0)
        }
        IpAddr::V6(six) => six.is_loopback() || six.is_unique_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(address: &str, allowed: bool) {
        let guard = Guard::default();
        assert_eq!(guard.allows(address.parse().expect("an address")), allowed, "{address}");
    }

    #[test]
    fn addresses_of_the_machine_itself_are_refused_however_they_are_written() {
        for address in [
            "169.254.169.254",
            "169.254.0.17",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "168.63.129.16",
            "100.100.100.200",
            "fe80::1",
            "fd00:ec2::254",
            "::",
            "ff02::1",
            "::ffff:169.254.169.254",
            "64:ff9b::a9fe:a9fe",
            "2002:a9fe:a9fe::1",
        ] {
            check(address, false);
        }
        for address in ["127.0.0.1", "10.0.0.1", "192.0.2.7", "::1", "fd12::7", "2001:db8::1"] {
            check(address, true);
        }
    }

    #[test]
    fn an_exception_is_for_one_address() {
        let guard = Guard::default();
        let bmc: IpAddr = "169.254.0.17".parse().expect("an address");
        guard.except(vec![bmc]);
        assert!(guard.allows(bmc));
        assert!(!guard.allows("169.254.169.254".parse().expect("an address")));
    }

    #[test]
    fn strangers_lead_nobody_into_the_house() {
        let guard = Guard::default().for_strangers();
        let asks = |host: &str, address: &str| {
            guard.allows_host(host, address.parse().expect("an address"))
        };
        for address in [
            "127.0.0.1",
            "10.0.0.1",
            "172.16.9.9",
            "192.168.1.1",
            "100.64.0.1",
            "198.18.0.1",
            "192.0.0.8",
            "::1",
            "fd12::7",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "169.254.169.254",
        ] {
            assert!(!asks("push.example.org", address), "{address}");
        }
        for address in ["192.0.2.7", "100.63.0.1", "100.128.0.1", "198.20.0.1", "2001:db8::1"] {
            assert!(asks("push.example.org", address), "{address}");
        }
        guard.let_in(vec!["push.house.example".to_owned()]);
        assert!(asks("Push.House.example", "10.0.0.1"));
        assert!(!asks("other.house.example", "10.0.0.1"));
        assert!(!asks("push.house.example", "169.254.169.254"), "not even there");
        // Where the playbook names addresses, its own networks are the usual ones.
        let own = Guard::default();
        own.let_in(Vec::new());
        assert!(own.allows_host("prometheus", "127.0.0.1".parse().expect("an address")));
    }

    #[tokio::test]
    async fn a_client_for_strangers_goes_to_no_number_of_the_house() {
        drop(rustls::crypto::ring::default_provider().install_default());
        let guard = Guard::default().for_strangers();
        let client = guard.client().build().expect("a client");
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let app = axum::Router::new().fallback(|| async { "here" });
        tokio::spawn(async move { axum::serve(listener, app).await });
        for host in ["127.0.0.1", "localhost", "2130706433"] {
            let refused = client.get(format!("http://{host}:{port}/")).send().await;
            assert!(refused.is_err(), "{host}");
        }
        guard.let_in(vec!["127.0.0.1".to_owned()]);
        let client = guard.client().build().expect("a client");
        let answer = client.get(format!("http://127.0.0.1:{port}/")).send().await;
        assert_eq!(answer.expect("an answer").status(), 200);
    }

    #[test]
    fn a_name_that_leads_there_too_is_refused_whole() {
        let guard = Guard::default();
        let good: SocketAddr = "192.0.2.7:0".parse().expect("an address");
        let bad: SocketAddr = "169.254.169.254:0".parse().expect("an address");
        assert!(guard.leave("good.example", vec![good]).is_ok());
        assert!(guard.leave("rebound.example", vec![good, bad]).is_err());
    }

    /// Why a request did not go out.
    async fn why(url: &str) -> String {
        drop(rustls::crypto::ring::default_provider().install_default());
        let client = Guard::default().client().build().expect("a client");
        let error = client.get(url).send().await.expect_err("a refusal");
        let mut cause: &dyn Error = &error;
        while let Some(deeper) = cause.source() {
            cause = deeper;
        }
        cause.to_string()
    }

    #[tokio::test]
    async fn no_request_goes_to_the_metadata_service_by_number_or_by_redirect() {
        for url in [
            "http://169.254.169.254/latest/meta-data/",
            "http://2852039166/latest/meta-data/",
            "http://0xa9fea9fe/",
            "https://[fe80::1]/",
            "http://[::ffff:a9fe:a9fe]/",
        ] {
            assert!(why(url).await.contains("nobody may be sent to"), "{url}: {}", why(url).await);
        }
        let app = axum::Router::new().fallback(|| async {
            axum::response::Redirect::temporary("http://169.254.169.254/latest/meta-data/")
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let here = format!("http://{}/", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, app).await });
        assert!(why(&here).await.contains("nobody may be sent to"), "after a redirect");
    }
}
