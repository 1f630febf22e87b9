//! A management controller of our own: small, and as bad as one wants it.

mod deed;
mod fault;
mod page;
mod tls;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::Response;
use redfish::{Access, Client, Limits, Link, Target, Trust};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub(crate) use fault::Fault;
pub(crate) use tls::{CERTIFICATE, fingerprint};

pub(crate) const SYSTEM: &str = "/redfish/v1/Systems/System.Embedded.1";
pub(crate) const MANAGER: &str = "/redfish/v1/Managers/iBMC-1";
pub(crate) const USER: &str = "operator";
pub(crate) const PASSWORD: &str = "correct horse";

/// What a test sets up and looks at afterwards.
#[derive(Debug, Default)]
pub(crate) struct World {
    /// Resources by path.
    pub(crate) pages: BTreeMap<String, Value>,
    /// What goes wrong, by path.
    pub(crate) faults: BTreeMap<String, Fault>,
    /// Nobody needs to sign in.
    pub(crate) is_open: bool,
    /// It accepts resets and does nothing.
    pub(crate) is_lying: bool,
    /// How many looks at the system are refused after a reset.
    pub(crate) silence: u32,
    /// A reset was asked for.
    pub(crate) was_reset: bool,
    /// Power states that are shown one after the other; the last one stays.
    pub(crate) power: Vec<String>,
    /// `ETag`s are wanted, and this is the system's.
    pub(crate) etag: Option<String>,
    /// Every version that is sent is the wrong one.
    pub(crate) is_fickle: bool,
    /// It shows its tags weak, and compares only strong ones.
    pub(crate) is_picky: bool,
    /// Tokens, with the number of requests that each is good for.
    pub(crate) tokens: BTreeMap<String, u32>,
    /// For how many requests a new token is good.
    pub(crate) token_uses: u32,
    /// Sessions that were opened.
    pub(crate) opened: u32,
    /// What was asked: method, path, body.
    pub(crate) asked: Vec<(Method, String, Value)>,
    /// Credentials that came with requests, as they came.
    pub(crate) users: BTreeSet<String>,
}

/// A controller that runs until it is dropped.
pub(crate) struct Bmc {
    pub(crate) address: String,
    pub(crate) trust: Trust,
    world: Arc<Mutex<World>>,
    task: JoinHandle<()>,
}

impl Drop for Bmc {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Bmc {
    /// Starts one without encryption.
    pub(crate) async fn start() -> Self {
        Self::start_with(page::all()).await
    }

    /// Starts one with other pages.
    pub(crate) async fn start_with(pages: BTreeMap<String, Value>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let (world, app) = Self::app(pages);
        let task =
            tokio::spawn(async move { axum::serve(listener, app).await.expect("it serves") });
        Self { address, trust: Trust::Unencrypted, world, task }
    }

    /// Starts one with the certificate that it came with.
    pub(crate) async fn start_encrypted() -> Self {
        let listener = tls::Listener::bind().await;
        let address = listener.address();
        let (world, app) = Self::app(page::all());
        let task =
            tokio::spawn(async move { axum::serve(listener, app).await.expect("it serves") });
        Self { address, trust: Trust::Pinned(fingerprint()), world, task }
    }

    fn app(pages: BTreeMap<String, Value>) -> (Arc<Mutex<World>>, Router) {
        let power = vec!["On".to_owned()];
        let world = World { pages, power, token_uses: u32::MAX, ..World::default() };
        let world = Arc::new(Mutex::new(world));
        (Arc::clone(&world), Router::new().fallback(serve).with_state(world))
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().expect("nobody panicked")
    }

    pub(crate) fn fault(&self, path: &str, fault: Fault) {
        self.world().faults.insert(path.to_owned(), fault);
    }

    /// Changes one property of a page.
    pub(crate) fn say(&self, path: &str, pointer: &str, value: Value) {
        let mut world = self.world();
        let page = world.pages.get_mut(path).expect("a page");
        *page.pointer_mut(pointer).expect("a property") = value;
    }

    /// How often something was asked.
    pub(crate) fn count(&self, method: &Method, path: &str) -> usize {
        let world = self.world();
        world.asked.iter().filter(|(how, at, _)| how == method && at == path).count()
    }

    /// The last body that was sent to a path.
    pub(crate) fn sent(&self, path: &str) -> Option<Value> {
        let world = self.world();
        let is_write = |method: &Method| *method != Method::GET;
        let mut found = world.asked.iter().filter(|(how, at, _)| is_write(how) && at == path);
        found.next_back().map(|(_, _, body)| body.clone())
    }

    pub(crate) fn client(&self) -> Client {
        self.client_as(Access::Basic { user: USER.to_owned(), password: PASSWORD.into() })
    }

    pub(crate) fn client_as(&self, access: Access) -> Client {
        client_for(&self.address, access, self.trust.clone(), limits())
    }
}

/// Limits that a test can wait for.
pub(crate) fn limits() -> Limits {
    Limits { answer: Duration::from_secs(20), bytes: 256 << 10, pages: 8, ..Limits::default() }
}

pub(crate) fn client_for(address: &str, access: Access, trust: Trust, limits: Limits) -> Client {
    let target = Target { address: address.to_owned(), access, trust, limits };
    Client::new(target, plain()).expect("a client")
}

pub(crate) fn plain() -> reqwest::ClientBuilder {
    drop(rustls::crypto::ring::default_provider().install_default());
    reqwest::Client::builder().no_proxy()
}

pub(crate) fn system() -> Link {
    Link::new(SYSTEM)
}

async fn serve(
    State(world): State<Arc<Mutex<World>>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let path = uri.path().to_owned();
    let body: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let fault = {
        let mut world = world.lock().expect("nobody panicked");
        world.asked.push((method.clone(), path.clone(), body.clone()));
        world.faults.get(&path).cloned()
    };
    if let Some(fault) = fault {
        return fault.answer(&path, uri.query()).await;
    }
    let mut world = world.lock().expect("nobody panicked");
    if let Some(said) = headers.get("authorization").or_else(|| headers.get("x-auth-token")) {
        world.users.insert(said.to_str().expect("text").to_owned());
    }
    let is_public =
        path == "/redfish/v1/" || (method == Method::POST && path.ends_with("/Sessions"));
    if !is_public && !world.admits(&headers) {
        return refusal(401, "Base.1.8.NoValidSession", "There is no valid session.");
    }
    world.act(&method, &path, &headers, &body)
}

pub(crate) fn refusal(status: u16, id: &str, message: &str) -> Response {
    let info = json!({ "MessageId": id, "Message": message, "Resolution": "Ask nicely." });
    let error = json!({ "code": id, "message": "See.", "@Message.ExtendedInfo": [info] });
    reply(status, &json!({ "error": error }))
}

pub(crate) fn reply(status: u16, body: &Value) -> Response {
    Response::builder()
        .status(StatusCode::from_u16(status).expect("a status"))
        .header("content-type", "application/json")
        .body(Body::from(body.to_string()))
        .expect("a response")
}
