//! A request by HTTP/1.1, each over a connection of its own, so that its phases can be told apart.

mod order;
mod talk;

use hyper::StatusCode;
use url::{Position, Url};

use crate::connect::connect;
use crate::failure::Failure;
use crate::probe::HttpProbe;
use crate::prober::Prober;
use crate::progress::Progress;
use crate::secure::{Terms, secure};
use crate::watch::{Stream, Watched};
use order::Order;

/// So many redirects are followed: as many as browsers' older half took; a loop is found as soon.
pub const MOST_REDIRECTS: usize = 10;

/// Carries the probe out.
pub(crate) async fn check(
    prober: &Prober,
    probe: &HttpProbe,
    progress: &mut Progress,
) -> Result<(), Failure> {
    let mut order = Order::read(probe)?;
    for _ in 0..=MOST_REDIRECTS {
        let stream = open(prober, probe, &order.url, progress).await?;
        let stream = Watched::new(stream, progress.first_byte());
        match talk::ask(probe, &order, stream, progress).await? {
            None => return Ok(()),
            Some((status, location)) => {
                order = follow(order, status, &location)?;
                progress.again();
            }
        }
    }
    Err(Failure::Redirect { why: format!("more than {MOST_REDIRECTS} in a row") })
}

async fn open(
    prober: &Prober,
    probe: &HttpProbe,
    url: &Url,
    progress: &mut Progress,
) -> Result<Box<dyn Stream>, Failure> {
    let nowhere = || Failure::Settings { why: "its address names no host".to_owned() };
    let host = url.host_str().ok_or_else(nowhere)?;
    // An address of IPv6 stands between brackets in a URL (RFC 3986, section 3.2.2), and nowhere else.
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let port = url.port_or_known_default().ok_or_else(nowhere)?;
    let stream = connect(host, port, progress).await?;
    if url.scheme() == "http" {
        return Ok(Box::new(stream));
    }
    let terms = Terms { trust: &probe.trust, name: host, protocol: Some(b"http/1.1") };
    Ok(Box::new(secure(prober, stream, terms, progress).await?))
}

/// What is asked next (RFC 9110, section 15.4). To another origin goes nothing that the probe brought: neither headers nor a body.
fn follow(order: Order, status: StatusCode, location: &[u8]) -> Result<Order, Failure> {
    let astray = |why: &str| Failure::Redirect { why: why.to_owned() };
    let location = std::str::from_utf8(location).map_err(|_| astray("it leads to no address"))?;
    let url = order.url.join(location).map_err(|_| astray("it leads to no address"))?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(astray("it leads to what is no address of HTTP"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(astray("it leads to an address with a user or password"));
    }
    if order.url.scheme() == "https" && url.scheme() == "http" {
        return Err(astray("it leads from an encrypted address to one that is not"));
    }
    let elsewhere = order.url[..Position::BeforePath] != url[..Position::BeforePath];
    let order = match status {
        StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT => order,
        _ => order.without_body(),
    };
    if elsewhere && order.body.is_some() {
        return Err(astray("it leads to another origin, where the body is not sent"));
    }
    let order = if elsewhere { order.without_headers() } else { order };
    Ok(Order { url, ..order })
}
