//! From what the playbook says to what is tried.

use std::time::Duration;

use ::probe::{
    DnsProbe, Expected, Header, HttpProbe, Method, Probe, Record, TcpProbe, TlsProbe, Trust,
};
use playbook::Spanned;
use reliability::kinds::{self, RecordType};

/// How many days a certificate must still be valid where nobody says.
const DAYS_LEFT: u32 = 14;

/// What a probe of the playbook tries, and for how long. `variable` reads the environment, for tokens.
///
/// # Errors
/// Why it cannot be tried.
pub fn probe_of(
    probe: &kinds::Probe,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<(Probe, Duration), String> {
    let limit = Duration::from_secs(probe.patience().as_seconds().max(1));
    let tried = match (&probe.http, &probe.tcp, &probe.tls, &probe.dns) {
        (Some(http), None, None, None) => Probe::Http(of_http(&http.value, variable)?),
        (None, Some(tcp), None, None) => {
            let (host, port) = host_and_port(&tcp.value.address.value)?;
            let bytes = |text: &Option<String>| text.clone().map(String::into_bytes);
            let (send, expect) = (bytes(&tcp.value.send), bytes(&tcp.value.expect));
            Probe::Tcp(TcpProbe { host, port, send, expect })
        }
        (None, None, Some(tls), None) => {
            let (host, port) = host_and_port(&tls.value.address.value)?;
            Probe::Tls(TlsProbe {
                host,
                port,
                server_name: tls.value.name.clone(),
                days_left: tls.value.days_left.unwrap_or(DAYS_LEFT),
                trust: trust(tls.value.certificate.as_ref())?,
            })
        }
        (None, None, None, Some(dns)) => Probe::Dns(of_dns(&dns.value)?),
        _ => return Err("it has to try exactly one of `http`, `tcp`, `tls` and `dns`".to_owned()),
    };
    Ok((tried, limit))
}

fn of_http(
    http: &kinds::HttpProbe,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<HttpProbe, String> {
    let token = http.token_from.as_ref().map(|name| {
        let token = variable(name);
        let token = token.ok_or_else(|| format!("the environment variable `{name}` is not set"))?;
        Ok::<_, String>(Header {
            name: "Authorization".to_owned(),
            value: format!("Bearer {token}"),
        })
    });
    let status = |range: &Spanned<kinds::StatusRange>| {
        let bounds = range.value.bounds();
        bounds.map(|(first, last)| first..=last).ok_or("a status is none of HTTP".to_owned())
    };
    Ok(HttpProbe {
        url: http.url.value.clone(),
        method: Method::Get,
        headers: token.transpose()?.into_iter().collect(),
        body: None,
        expect_status: http.status.iter().map(status).collect::<Result<_, _>>()?,
        expect_text: http.text.clone(),
        expect_header: None,
        follow_redirects: http.follow_redirects,
        trust: trust(http.certificate.as_ref())?,
    })
}

fn of_dns(dns: &kinds::DnsProbe) -> Result<DnsProbe, String> {
    let server = dns.server.as_ref().map(|server| {
        let parsed = server.value.parse();
        parsed.map_err(|_| format!("`{}` is no address of a name server", server.value))
    });
    Ok(DnsProbe {
        name: dns.name.value.clone(),
        record: match dns.record.unwrap_or(RecordType::A) {
            RecordType::A => Record::A,
            RecordType::Aaaa => Record::Aaaa,
            RecordType::Cname => Record::Cname,
            RecordType::Mx => Record::Mx,
            RecordType::Txt => Record::Txt,
            RecordType::Ns => Record::Ns,
            RecordType::Srv => Record::Srv,
            RecordType::Soa => Record::Soa,
            RecordType::Caa => Record::Caa,
        },
        server: server.transpose()?,
        expect: match dns.expect.is_empty() {
            true => Expected::Any(Vec::new()),
            false => Expected::All(dns.expect.clone()),
        },
    })
}

fn trust(fingerprint: Option<&Spanned<String>>) -> Result<Trust, String> {
    fingerprint.map_or(Ok(Trust::Machine), |written| {
        written.value.parse().map(Trust::Pinned).map_err(|error| format!("{error}"))
    })
}

fn host_and_port(address: &str) -> Result<(String, u16), String> {
    let (host, port) =
        kinds::host_and_port(address).ok_or_else(|| format!("`{address}` is no address"))?;
    Ok((host.to_owned(), port))
}
