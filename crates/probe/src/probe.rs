//! What is asked and what is expected, as plain data.
//!
//! Values that may be secret (headers, bodies, bytes to send, the query of an address) are kept out of `Debug` by hand, so that
//! a probe may be logged.

use std::fmt;
use std::net::SocketAddr;
use std::ops::RangeInclusive;

use crate::trust::Trust;

/// So many bytes of a body are read and searched for [`HttpProbe::expect_text`]: 64 KiB. Pages say early that they are well;
/// what is longer is not waited for.
pub const MOST_BODY: usize = 64 * 1024;

/// So many bytes of an answer are searched for [`TcpProbe::expect`]: 4 KiB, a banner and not a file.
pub const MOST_BYTES: usize = 4 * 1024;

/// One way to see whether a service answers as it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Probe {
    /// A request by HTTP/1.1 (RFC 9112), encrypted or not.
    Http(HttpProbe),
    /// A connection by TCP, and what is said over it.
    Tcp(TcpProbe),
    /// A handshake by TLS 1.2 or 1.3, and how long the certificates last.
    Tls(TlsProbe),
    /// A question of DNS (RFC 1035).
    Dns(DnsProbe),
}

/// A request by HTTP/1.1 and what must come back.
///
/// The whole of a body up to [`MOST_BODY`] must arrive, whether a text is expected or not: an answer that breaks off is none.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct HttpProbe {
    /// Absolute, `http` or `https`, without user and password: those belong in a header.
    pub url: String,
    /// What is done; `GET` unless said.
    pub method: Method,
    /// Sent as they are. `Host`, `User-Agent` and `Accept` are added unless they are here.
    pub headers: Vec<Header>,
    /// Sent with `POST`.
    pub body: Option<Vec<u8>>,
    /// Status codes that are right; 200 to 299 when empty.
    pub expect_status: Vec<RangeInclusive<u16>>,
    /// Must stand, byte for byte in UTF-8, within the first [`MOST_BODY`] bytes of the body.
    pub expect_text: Option<String>,
    /// A header that must be there; with a value that is not empty, one of its values must be equal to it.
    pub expect_header: Option<Header>,
    /// Whether up to [`MOST_REDIRECTS`](crate::MOST_REDIRECTS) redirects are followed; the last answer is then the one judged.
    pub follow_redirects: bool,
    /// Whose certificate is trusted, with `https`.
    pub trust: Trust,
}

/// What is done with a resource (RFC 9110, section 9.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Method {
    /// Its representation.
    #[default]
    Get,
    /// What `GET` would answer, without a body.
    Head,
    /// It is given the body.
    Post,
}

/// A header of HTTP. Its value is not in `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Header {
    /// Its name, in any case.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// A connection by TCP (RFC 9293).
#[derive(Clone, Default, PartialEq, Eq)]
pub struct TcpProbe {
    /// A name or an address.
    pub host: String,
    /// From 1 to 65535.
    pub port: u16,
    /// Sent once the connection stands.
    pub send: Option<Vec<u8>>,
    /// Must stand within the first [`MOST_BYTES`] bytes that come back.
    pub expect: Option<Vec<u8>>,
}

/// A handshake by TLS (RFC 8446, RFC 5246); nothing is sent over it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TlsProbe {
    /// A name or an address, to connect to.
    pub host: String,
    /// From 1 to 65535.
    pub port: u16,
    /// The name or address that the certificate must be for; `host` unless said.
    pub server_name: Option<String>,
    /// Whole days (of 24 hours) that must be left until the first certificate of the chain that the server sent expires. At 0 it
    /// must not have expired, a pinned one included.
    pub days_left: u32,
    /// Whose certificate is trusted.
    pub trust: Trust,
}

/// A question of DNS. Names are absolute: no search list is tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DnsProbe {
    /// The name, in letters of any script (RFC 5891), with or without the last dot.
    pub name: String,
    /// What is asked of it.
    pub record: Record,
    /// Who is asked, over UDP and, for an answer that does not fit, over TCP; the machine's resolvers unless said, the next one
    /// when one fails or is silent for a second.
    pub server: Option<SocketAddr>,
    /// What must be answered.
    pub expect: Expected,
}

/// A type of records. The shape of its values in [`Expected`]:
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Record {
    /// `192.0.2.1` (RFC 1035, section 3.4.1).
    A,
    /// `2001:db8::1` (RFC 3596).
    Aaaa,
    /// `www.example.org` (RFC 1035, section 3.3.1).
    Cname,
    /// `10 mail.example.org`: preference and exchange (RFC 1035, section 3.3.9).
    Mx,
    /// `v=spf1 -all`: the strings of one record joined (RFC 7208, section 3.3), compared exactly.
    Txt,
    /// `ns1.example.org` (RFC 1035, section 3.3.11).
    Ns,
    /// `10 5 443 www.example.org`: priority, weight, port and target (RFC 2782).
    Srv,
    /// `ns1.example.org admin.example.org 2026010100 7200 900 1209600 86400` (RFC 1035, section 3.3.13).
    Soa,
    /// `0 issue ca.example.org`: flags, tag and value (RFC 8659), quotation marks or not.
    Caa,
}

/// Values of records that must be among those answered. Names are compared without regard to case and the last dot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// One of these at least; when empty, any record of the type.
    Any(Vec<String>),
    /// Every one of these; others may be answered, too.
    All(Vec<String>),
}

impl fmt::Debug for HttpProbe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { url, method, headers, body, follow_redirects, trust, .. } = self;
        f.debug_struct("HttpProbe")
            .field("url", &without_secrets(url))
            .field("method", method)
            .field("headers", headers)
            .field("body", &body.as_ref().map(|body| Bytes(body.len())))
            .field("expect_status", &self.expect_status)
            .field("expect_text", &self.expect_text)
            .field("expect_header", &self.expect_header)
            .field("follow_redirects", follow_redirects)
            .field("trust", trust)
            .finish()
    }
}

/// An address without its query and without a user and password, which may open doors.
fn without_secrets(url: &str) -> String {
    let Ok(mut url) = url::Url::parse(url) else { return "not an address".to_owned() };
    let hidden = url.query().is_some() || !url.username().is_empty() || url.password().is_some();
    url.set_query(None);
    url.set_fragment(None);
    // Both fail only for addresses that cannot have them.
    let hosted = url.set_username("").is_ok() && url.set_password(None).is_ok();
    if !hosted || url.cannot_be_a_base() {
        return format!("{}:…", url.scheme());
    }
    if hidden { format!("{url} and more") } else { url.to_string() }
}

impl fmt::Debug for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: …", self.name)
    }
}

impl fmt::Debug for TcpProbe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port, send, expect } = self;
        f.debug_struct("TcpProbe")
            .field("host", host)
            .field("port", port)
            .field("send", &send.as_ref().map(|send| Bytes(send.len())))
            .field("expect", &expect.as_ref().map(|expect| Bytes(expect.len())))
            .finish()
    }
}

/// So many bytes that are not shown.
struct Bytes(usize);

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
        })
    }
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::A => "A",
            Self::Aaaa => "AAAA",
            Self::Cname => "CNAME",
            Self::Mx => "MX",
            Self::Txt => "TXT",
            Self::Ns => "NS",
            Self::Srv => "SRV",
            Self::Soa => "SOA",
            Self::Caa => "CAA",
        })
    }
}

impl Default for Expected {
    fn default() -> Self {
        Self::Any(Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_is_not_in_debug() {
        const CANARY: &str = "canary";
        let header = Header { name: "Authorization".to_owned(), value: CANARY.to_owned() };
        let http = HttpProbe {
            url: format!("https://{CANARY}:{CANARY}@example.org/health?token={CANARY}"),
            headers: vec![header],
            body: Some(CANARY.into()),
            ..HttpProbe::default()
        };
        let tcp = TcpProbe { send: Some(CANARY.into()), ..TcpProbe::default() };
        let shown = format!("{:?} {:?}", Probe::Http(http), Probe::Tcp(tcp));
        assert!(!shown.contains(CANARY), "{shown}");
        assert!(shown.contains("https://example.org/health"), "{shown}");
        for odd in ["mailto:canary@example.org", "data:canary", "canary"] {
            let probe = HttpProbe { url: odd.to_owned(), ..HttpProbe::default() };
            assert!(!format!("{probe:?}").contains(CANARY), "{probe:?}");
        }
    }
}
