//! One controller, and how it is asked: one request at a time, within limits, with the answer judged.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ETAG, HeaderMap, IF_MATCH, LOCATION};
use reqwest::redirect::Policy;
use reqwest::{ClientBuilder, Method, StatusCode, Url};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use tokio::sync::Mutex;

use crate::body::{self, Unreadable};
use crate::error::RedfishError;
use crate::link::Link;
use crate::resource::Resource;
use crate::session::{Session, Ticket};
use crate::trust::{self, Trust};

/// What is needed to ask one controller.
#[derive(Clone, Debug)]
pub struct Target {
    /// Its address, such as `https://10.0.0.7`, without credentials and without a path.
    pub address: String,
    /// How one signs in.
    pub access: Access,
    /// What makes its certificate trusted.
    pub trust: Trust,
    /// How long it may take and how much it may say.
    pub limits: Limits,
}

/// How one signs in (DSP0266, "Authentication").
#[derive(Clone, Debug)]
pub enum Access {
    /// Nobody wants to know who asks: the service root of every controller, and emulators.
    Open,
    /// User and password with every request.
    Basic {
        /// The user.
        user: String,
        /// The password.
        password: SecretString,
    },
    /// User and password once, for a token that goes with every request; it is renewed once when it is refused.
    ///
    /// Controllers have few sessions: [`Client::close`] gives it back.
    Session {
        /// The user.
        user: String,
        /// The password.
        password: SecretString,
    },
}

/// How long a controller may take and how much it may say.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Until it takes a connection. Default: 5 s.
    pub connect: Duration,
    /// Until one answer is read to its end. Default: 30 s; slow ones take ten for a list of sensors.
    pub answer: Duration,
    /// Bytes of one answer. Default: 4 MiB; the longest real ones, lists of log entries, have one.
    pub bytes: usize,
    /// Members of one list. Default: 1,024; a machine with eight GPUs has some 400 sensors.
    pub members: usize,
    /// Pages of one list. Default: 64.
    pub pages: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            answer: Duration::from_secs(30),
            bytes: 4 << 20,
            members: 1024,
            pages: 64,
        }
    }
}

/// A controller that can be asked. Copies share their session.
#[derive(Clone, Debug)]
pub struct Client(pub(crate) Arc<Inner>);

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) who: String,
    base: Url,
    pub(crate) access: Access,
    pub(crate) limits: Limits,
    http: reqwest::Client,
    pub(crate) session: Mutex<Option<Session>>,
}

/// One request.
pub(crate) struct Ask<'a> {
    pub(crate) method: Method,
    pub(crate) link: &'a Link,
    pub(crate) body: Option<&'a Value>,
    pub(crate) etag: Option<&'a str>,
    /// Such as "to read `/redfish/v1/`".
    pub(crate) doing: String,
}

/// What came back, read to its end.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    headers: HeaderMap,
    bytes: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        self.headers.get(name)?.to_str().ok().map(str::to_owned)
    }

    /// Where what was made is, or where the progress is shown (DSP0266, "Location").
    pub(crate) fn location(&self) -> Option<Link> {
        self.header(LOCATION.as_str()).map(|place| Link::below(&place))
    }

    /// The body as JSON; `null` when it is empty or something else.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }
}

impl Client {
    /// Takes what is needed to ask a controller; asks nothing yet.
    ///
    /// The builder brings what the caller lays down for all its calls: a resolver, a proxy. TLS, time limits and redirects
    /// are set here. Whoever has no wishes gives `reqwest::Client::builder().no_proxy()`: credentials of controllers have no
    /// business at a proxy.
    ///
    /// # Errors
    /// [`RedfishError::Settings`] when the address is none, holds credentials, or does not fit the trust.
    pub fn new(target: Target, builder: ClientBuilder) -> Result<Self, RedfishError> {
        let Target { address, access, trust, limits } = target;
        let (base, who) = address_of(&address, &trust)?;
        let settings = |why: String| RedfishError::Settings { who: who.clone(), why };
        let builder = builder
            .tls_backend_preconfigured(trust::config(&trust).map_err(settings)?)
            .redirect(Policy::none())
            .connect_timeout(limits.connect)
            .timeout(limits.answer)
            .user_agent("council");
        let http = builder.build().map_err(|error| settings(innermost(&error)))?;
        let session = Mutex::new(None);
        Ok(Self(Arc::new(Inner { who, base, access, limits, http, session })))
    }

    /// The controller's address, without credentials.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.0.who
    }

    /// Reads one resource.
    pub(crate) async fn get(&self, link: &Link) -> Result<Resource, RedfishError> {
        let doing = format!("to read `{link}`");
        let ask = Ask { method: Method::GET, link, body: None, etag: None, doing: doing.clone() };
        let answer = self.ask(ask).await?;
        self.resource(link, &answer, doing)
    }

    /// Makes a resource of an answer, which must be a JSON object that is no error.
    pub(crate) fn resource(
        &self,
        link: &Link,
        answer: &Answer,
        doing: String,
    ) -> Result<Resource, RedfishError> {
        let value = answer.json();
        let Value::Object(fields) = &value else {
            let kind = answer.header("content-type").unwrap_or_else(|| "nothing".to_owned());
            let why = match answer.bytes.is_empty() {
                true => "its answer is empty".to_owned(),
                false => format!("its answer is no JSON object (it calls it `{kind}`)"),
            };
            return Err(self.not_redfish(doing, why));
        };
        // Some controllers say "200 OK" and put an error in it.
        if fields.contains_key("error") && !fields.contains_key("@odata.id") {
            let messages = body::messages(&value);
            let (who, status) = (self.who(), answer.status.as_u16());
            return Err(RedfishError::Refused { who, doing, status, messages });
        }
        let etag = answer.header(ETAG.as_str());
        let etag = etag.or_else(|| Some(value.get("@odata.etag")?.as_str()?.to_owned()));
        Ok(Resource { link: link.clone(), value, etag })
    }

    /// Posts to a resource or an action.
    pub(crate) async fn post(
        &self,
        link: &Link,
        body: &Value,
        doing: String,
    ) -> Result<Answer, RedfishError> {
        self.ask(Ask { method: Method::POST, link, body: Some(body), etag: None, doing }).await
    }

    /// Removes a resource.
    pub(crate) async fn delete(&self, link: &Link, doing: String) -> Result<Answer, RedfishError> {
        self.ask(Ask { method: Method::DELETE, link, body: None, etag: None, doing }).await
    }

    /// Asks with the credentials there are; a session that is refused is renewed once.
    pub(crate) async fn ask(&self, ask: Ask<'_>) -> Result<Answer, RedfishError> {
        let ticket = self.ticket().await?;
        let answer = self.exchange(&ask, &ticket).await?;
        if answer.status == StatusCode::UNAUTHORIZED
            && let Ticket::Token(stale) = &ticket
        {
            let ticket = Ticket::Token(self.renew(stale).await?);
            let answer = self.exchange(&ask, &ticket).await?;
            return self.judge(answer, ask.doing);
        }
        self.judge(answer, ask.doing)
    }

    /// Sends a request and reads the answer, whatever it says.
    pub(crate) async fn exchange(
        &self,
        ask: &Ask<'_>,
        ticket: &Ticket,
    ) -> Result<Answer, RedfishError> {
        let Inner { base, http, limits, .. } = &*self.0;
        let url = ask.link.url(base).map_err(|why| {
            self.not_redfish(ask.doing.clone(), format!("it was asked to follow {why}"))
        })?;
        let mut request = http
            .request(ask.method.clone(), url)
            .header("odata-version", "4.0")
            .header("accept", "application/json");
        request = match ticket {
            Ticket::None => request,
            Ticket::Basic(user, password) => {
                request.basic_auth(user, Some(password.expose_secret()))
            }
            Ticket::Token(token) => request.header("x-auth-token", token.expose_secret()),
        };
        if let Some(etag) = ask.etag {
            request = request.header(IF_MATCH, etag);
        }
        if let Some(body) = ask.body {
            request = request.json(body);
        }
        let mut answer = request.send().await.map_err(|error| self.failed(&error, &ask.doing))?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let bytes = match body::read(&mut answer, limits.bytes).await {
            Ok(bytes) => bytes,
            // What it says about a refusal is not worth another error.
            Err(Unreadable::TooLong) if !status.is_success() => Vec::new(),
            Err(Unreadable::TooLong) => {
                let most = format!("{} bytes", limits.bytes);
                return Err(self.too_large(ask.doing.clone(), most));
            }
            Err(Unreadable::Cut(error)) => return Err(self.failed(&error, &ask.doing)),
        };
        Ok(Answer { status, headers, bytes })
    }

    /// Makes an error of an answer that is no success.
    pub(crate) fn judge(&self, answer: Answer, doing: String) -> Result<Answer, RedfishError> {
        if answer.status.is_success() {
            return Ok(answer);
        }
        let (who, messages) = (self.who(), body::messages(&answer.json()));
        if answer.status == StatusCode::UNAUTHORIZED {
            return Err(RedfishError::Unauthorized { who, doing, messages });
        }
        if answer.status.is_redirection() {
            let to = answer.header(LOCATION.as_str()).unwrap_or_else(|| "nowhere".to_owned());
            let why = format!("it leads on to `{to}`; name that address if it is the controller's");
            return Err(self.not_redfish(doing, why));
        }
        let status = answer.status.as_u16();
        Err(RedfishError::Refused { who, doing, status, messages })
    }

    fn failed(&self, error: &reqwest::Error, doing: &str) -> RedfishError {
        let who = self.who();
        if let Some(rejected) = trust::rejected(error) {
            let (fingerprint, why) = (rejected.fingerprint, rejected.why.clone());
            return RedfishError::CertificateRejected { who, fingerprint, why };
        }
        let Limits { connect, answer, .. } = self.0.limits;
        let why = match (error.is_timeout(), error.is_connect()) {
            (true, true) => format!("no connection within {} ms", connect.min(answer).as_millis()),
            (true, false) => format!("nothing within {} ms", answer.as_millis()),
            (false, _) => innermost(error),
        };
        RedfishError::Unreachable { who, doing: doing.to_owned(), why }
    }

    pub(crate) fn who(&self) -> String {
        self.0.who.clone()
    }

    pub(crate) fn not_redfish(&self, doing: String, why: String) -> RedfishError {
        RedfishError::NotRedfish { who: self.who(), doing, why }
    }

    pub(crate) fn too_large(&self, doing: String, most: String) -> RedfishError {
        RedfishError::TooLarge { who: self.who(), doing, most }
    }

    pub(crate) fn unsupported(&self, what: &str, allowed: Vec<String>) -> RedfishError {
        RedfishError::Unsupported { who: self.who(), what: what.to_owned(), allowed }
    }
}

/// The base of all links, and how it is shown.
fn address_of(address: &str, trust: &Trust) -> Result<(Url, String), RedfishError> {
    let settings =
        |who: &str, why: &str| RedfishError::Settings { who: who.to_owned(), why: why.to_owned() };
    // What cannot be read as an address is not repeated: it may hold a password.
    let url = Url::parse(address.trim())
        .map_err(|_| settings("?", "its address is none; write it as `https://10.0.0.7`"))?;
    let who = url.origin().ascii_serialization();
    if !url.username().is_empty() || url.password().is_some() {
        return Err(settings(&who, "credentials do not belong into an address"));
    }
    let is_plain = matches!(trust, Trust::Unencrypted);
    match url.scheme() {
        "https" if is_plain => {
            return Err(settings(&who, "its address is encrypted, and the trust says it is not"));
        }
        "http" if !is_plain => {
            return Err(settings(&who, "its address is not encrypted; write `https://`"));
        }
        "http" | "https" => {}
        _ => return Err(settings(&who, "its address must begin with `https://`")),
    }
    let base = url.join("/").map_err(|_| settings(&who, "its address has no root"))?;
    Ok((base, who))
}

/// The innermost cause says what happened; the outer ones repeat the address.
fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}
