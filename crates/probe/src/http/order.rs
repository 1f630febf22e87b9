//! What a probe asks, read from its plain data.

use std::ops::RangeInclusive;

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{ACCEPT, HOST, HeaderName, HeaderValue, USER_AGENT};
use hyper::{HeaderMap, Method as Verb, Request};
use url::{Position, Url};

use crate::failure::Failure;
use crate::probe::{Header, HttpProbe, MOST_BODY, Method};
use crate::text::shown;

/// What this program calls itself where the probe does not say.
const AGENT: &str = "council-probe";

/// One request, about to be sent.
pub(super) struct Order {
    pub(super) url: Url,
    pub(super) method: Verb,
    pub(super) headers: HeaderMap,
    pub(super) body: Option<Bytes>,
}

impl Order {
    /// Reads what a probe asks; says what of it cannot be asked.
    pub(super) fn read(probe: &HttpProbe) -> Result<Self, Failure> {
        let HttpProbe { url, method, headers, body, expect_text, .. } = probe;
        let settings = |why: String| Failure::Settings { why };
        let url = Url::parse(url).map_err(|error| settings(format!("its address: {error}")))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(settings("its address begins with neither http:// nor https://".into()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(settings(
                "a user and a password belong in a header, not in the address".into(),
            ));
        }
        if *method == Method::Head && expect_text.is_some() {
            return Err(settings("an answer to HEAD has no body in which a text could be".into()));
        }
        if *method != Method::Post && body.is_some() {
            return Err(settings(format!("a body is sent with POST, not with {method}")));
        }
        if expect_text.as_ref().is_some_and(|text| text.len() > MOST_BODY) {
            return Err(settings(format!("it expects a text of more than {MOST_BODY} bytes")));
        }
        let verb = match method {
            Method::Get => Verb::GET,
            Method::Head => Verb::HEAD,
            Method::Post => Verb::POST,
        };
        let headers = headers.iter().map(header).collect::<Result<_, _>>()?;
        let body = body.as_ref().map(|body| Bytes::copy_from_slice(body));
        Ok(Self { url, method: verb, headers, body })
    }

    /// What follows a redirect that turns into a `GET` (RFC 9110, section 15.4, note).
    pub(super) fn without_body(self) -> Self {
        let method = if self.method == Verb::HEAD { Verb::HEAD } else { Verb::GET };
        Self { method, body: None, ..self }
    }

    pub(super) fn without_headers(self) -> Self {
        Self { headers: HeaderMap::new(), ..self }
    }

    /// The request as it is sent over a connection to its host.
    pub(super) fn request(&self) -> Result<Request<Full<Bytes>>, Failure> {
        let target = &self.url[Position::BeforePath..Position::AfterQuery];
        let host = &self.url[Position::BeforeHost..Position::AfterPort];
        let body = Full::new(self.body.clone().unwrap_or_default());
        let built = Request::builder().method(self.method.clone()).uri(target).body(body);
        let strange = || Failure::Settings { why: "its address cannot be asked for".to_owned() };
        let mut request = built.map_err(|_| strange())?;
        let host = HeaderValue::from_str(host).map_err(|_| strange())?;
        let headers = request.headers_mut();
        headers.insert(HOST, host);
        headers.insert(USER_AGENT, HeaderValue::from_static(AGENT));
        headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
        // The last one counts: what the probe says replaces what is added here.
        for name in self.headers.keys() {
            headers.remove(name);
        }
        headers.extend(self.headers.iter().map(|(name, value)| (name.clone(), value.clone())));
        Ok(request)
    }
}

fn header(header: &Header) -> Result<(HeaderName, HeaderValue), Failure> {
    let name = name(header)?;
    let mut value = HeaderValue::from_str(&header.value).map_err(|_| Failure::Settings {
        why: format!("the value of the header `{name}` has characters that no header may have"),
    })?;
    value.set_sensitive(true);
    Ok((name, value))
}

/// Reads the name of a header.
pub(super) fn name(header: &Header) -> Result<HeaderName, Failure> {
    header.name.parse().map_err(|_| Failure::Settings {
        why: format!("`{}` is no name of a header", shown(&header.name)),
    })
}

/// Writes ranges of status codes as people do; the default where there are none.
pub(super) fn statuses(expected: &[RangeInclusive<u16>]) -> String {
    let one = |range: &RangeInclusive<u16>| match (range.start(), range.end()) {
        (from, to) if from == to => from.to_string(),
        (from, to) => format!("{from}-{to}"),
    };
    let all: Vec<String> = expected.iter().map(one).collect();
    if all.is_empty() { "200-299".to_owned() } else { all.join(", ") }
}
