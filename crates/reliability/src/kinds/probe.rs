//! Probe: something that council tries again and again, as a user would.

use org::kinds::Service;
use playbook::{Period, Ref, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A probe: council tries again and again whether a service answers, for those who have no Prometheus yet.
///
/// It says one of `http`, `tcp`, `tls` and `dns`. An objective counts it when its indicator names it:
/// `raw: {metricSource: {type: Probe, spec: {probe: shop-front}}}` with `rawType: success`.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: Probe
/// metadata:
///   name: shop-front
/// spec:
///   service: shop
///   every: 30s
///   limit: 5s
///   good_within_ms: 800
///   http: { url: https://shop.example.org/health, text: ready }
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Probe {
    /// The service that it speaks for.
    pub service: Ref<Service>,
    /// How often, from 10 s on; every 30 s when left out.
    pub every: Option<Spanned<Period>>,
    /// After which time it has failed; 5 s when left out.
    pub limit: Option<Spanned<Period>>,
    /// An answer that takes more milliseconds is a bad one.
    pub good_within_ms: Option<u32>,
    /// A page is asked for.
    pub http: Option<Spanned<HttpProbe>>,
    /// A connection is opened.
    pub tcp: Option<Spanned<TcpProbe>>,
    /// A connection is opened, and the certificate is looked at.
    pub tls: Option<Spanned<TlsProbe>>,
    /// A name is looked up.
    pub dns: Option<Spanned<DnsProbe>>,
}

/// A page is asked for.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HttpProbe {
    /// Its address.
    pub url: Spanned<String>,
    /// The statuses that are good, such as `200` or `200-299`; those from 200 to 299 when left out.
    #[serde(default)]
    pub status: Vec<Spanned<StatusRange>>,
    /// What must stand in the first 64 KiB of the page.
    pub text: Option<String>,
    /// The environment variable with a bearer token, where the page wants one.
    pub token_from: Option<String>,
    /// Whether the page that it leads to is asked for.
    #[serde(default)]
    pub follow_redirects: bool,
    /// The SHA-256 fingerprint of the only certificate that is trusted, in hexadecimal digits.
    pub certificate: Option<Spanned<String>>,
}

/// One status of HTTP, or a range of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum StatusRange {
    /// One.
    One(u16),
    /// From one to another, such as `200-299`.
    Range(String),
}

impl StatusRange {
    /// The first and the last; nothing when it is none.
    #[must_use]
    pub fn bounds(&self) -> Option<(u16, u16)> {
        let (first, last) = match self {
            Self::One(one) => (*one, *one),
            Self::Range(range) => {
                let (first, last) = range.split_once('-')?;
                (first.trim().parse().ok()?, last.trim().parse().ok()?)
            }
        };
        ((100..600).contains(&first) && (first..600).contains(&last)).then_some((first, last))
    }
}

/// A connection is opened.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TcpProbe {
    /// Where, such as `db.example.org:5432`.
    pub address: Spanned<String>,
    /// What is sent.
    pub send: Option<String>,
    /// What must be in the first 4 KiB of the answer.
    pub expect: Option<String>,
}

/// A connection is opened, and the certificate is looked at.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TlsProbe {
    /// Where, such as `shop.example.org:443`.
    pub address: Spanned<String>,
    /// The name in the certificate; that of the address when left out.
    pub name: Option<String>,
    /// How many days it must still be valid; 14 when left out.
    pub days_left: Option<u32>,
    /// The SHA-256 fingerprint of the only certificate that is trusted, in hexadecimal digits.
    pub certificate: Option<Spanned<String>>,
}

/// A name is looked up.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DnsProbe {
    /// The name.
    pub name: Spanned<String>,
    /// What is asked for; `A` when left out.
    pub record: Option<RecordType>,
    /// Who is asked, such as `10.0.0.2:53`; whom the machine asks, when left out.
    pub server: Option<Spanned<String>>,
    /// Values that must all be among the answers.
    #[serde(default)]
    pub expect: Vec<String>,
}

/// A type of record (RFC 1035, RFC 3596, RFC 2782, RFC 8659).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "UPPERCASE")]
pub enum RecordType {
    /// An address of IPv4.
    A,
    /// An address of IPv6.
    Aaaa,
    /// Another name.
    Cname,
    /// Who takes mail.
    Mx,
    /// Text.
    Txt,
    /// Who answers for the zone.
    Ns,
    /// Where a service is.
    Srv,
    /// About the zone.
    Soa,
    /// Who may sign certificates.
    Caa,
}

impl Probe {
    /// How often where nobody says.
    const EVERY: Period = Period::seconds(30);
    /// After which time it has failed where nobody says.
    const LIMIT: Period = Period::seconds(5);
    /// The shortest time between two tries.
    pub const LEAST: Period = Period::seconds(10);

    /// How often.
    #[must_use]
    pub fn interval(&self) -> Period {
        self.every.as_ref().map_or(Self::EVERY, |every| every.value)
    }

    /// After which time it has failed.
    #[must_use]
    pub fn patience(&self) -> Period {
        self.limit.as_ref().map_or(Self::LIMIT, |limit| limit.value)
    }

    /// What it tries, in a word; nothing unless it says exactly one thing.
    #[must_use]
    pub fn tries(&self) -> Option<&'static str> {
        let said = [
            self.http.as_ref().map(|_| "http"),
            self.tcp.as_ref().map(|_| "tcp"),
            self.tls.as_ref().map(|_| "tls"),
            self.dns.as_ref().map(|_| "dns"),
        ];
        let mut said = said.into_iter().flatten();
        said.next().filter(|_| said.next().is_none())
    }
}

/// The host and the port of `host:port`, the host without the brackets of IPv6.
#[must_use]
pub fn host_and_port(address: &str) -> Option<(&str, u16)> {
    let (host, port) = address.rsplit_once(':')?;
    let port = port.parse().ok().filter(|port| *port > 0)?;
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let is_name = |host: &str| !host.is_empty() && !host.contains([':', '/', '@', '[', ' ']);
    match bare {
        Some(bare) => bare.parse::<std::net::Ipv6Addr>().is_ok().then_some((bare, port)),
        None => is_name(host).then_some((host, port)),
    }
}

playbook::kind!(Probe, "probe");
