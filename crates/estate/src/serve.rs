//! The estate on loopback: one address, and a path for each provisioner.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::boxes::Software;
use crate::fault::Fault;
use crate::metrics::Metrics;
use crate::world::{Refusal, World};
use crate::{ironic, maas, metrics};

/// Nodes of one page, unless fewer are asked for; Ironic's own limit.
const PAGE: usize = 1000;

/// An estate that listens; it ends with the value.
#[derive(Debug)]
pub struct Estate {
    /// Where: `http://<address>/<provisioner>` is an Ironic, `http://<address>/<provisioner>/MAAS` a MAAS, and
    /// `http://<address>/prometheus` the Prometheus.
    pub address: SocketAddr,
    server: JoinHandle<()>,
}

impl Drop for Estate {
    fn drop(&mut self) {
        self.server.abort();
    }
}

type Shared = Arc<Mutex<World>>;

/// Starts the provisioners of an estate on a free port of loopback.
///
/// # Errors
/// When there is no free port.
pub async fn start(world: World) -> std::io::Result<Estate> {
    let nothing = Metrics::new(Vec::new(), Timestamp::UNIX_EPOCH);
    start_measured(world, nothing).await
}

/// The same, with a Prometheus that has measured what was promised.
///
/// # Errors
/// When there is no free port.
pub async fn start_measured(world: World, metrics: Metrics) -> std::io::Result<Estate> {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
    let address = listener.local_addr()?;
    let routes = router(world).merge(metrics::router(metrics));
    let serving = async move {
        // It ends only with the process, and whoever asks it then hears that nobody answers.
        drop(axum::serve(listener, routes).await);
    };
    Ok(Estate { address, server: tokio::spawn(serving) })
}

/// Its routes, for whoever brings a listener of their own.
pub fn router(world: World) -> Router {
    Router::new()
        .route("/{provisioner}/v1/", get(versions))
        .route("/{provisioner}/v1/nodes", post(enrol))
        .route("/{provisioner}/v1/nodes/detail", get(nodes))
        .route("/{provisioner}/v1/ports/detail", get(ports))
        .route("/{provisioner}/v1/nodes/{node}", get(node).patch(change).delete(forget))
        .route("/{provisioner}/v1/ports", post(port))
        .route("/{provisioner}/v1/nodes/{node}/states/provision", put(provision))
        .route("/{provisioner}/v1/nodes/{node}/states/power", put(power))
        .route("/{provisioner}/v1/nodes/{node}/maintenance", put(maintain).delete(release))
        .route("/{provisioner}/MAAS/api/2.0/machines/", get(machines).post(take_in))
        .route("/{provisioner}/MAAS/api/2.0/machines/{system}/", get(machine).delete(forget))
        .route("/{provisioner}/MAAS/api/2.0/machines/{system}/{operation}", post(operate))
        .route("/estate/machines/{machine}/fault", put(spoil).delete(mend))
        .with_state(Arc::new(Mutex::new(world.beginning(Timestamp::now()))))
}

fn look(world: &Shared) -> MutexGuard<'_, World> {
    // A world has no invariant that a panic could break half of.
    world.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The time of the estate: outside it may be another day, where a council was told so.
fn now(world: &World) -> Timestamp {
    world.at(Timestamp::now())
}

async fn versions() -> Response {
    let mut headers = HeaderMap::new();
    let (least, most) = ironic::VERSIONS;
    for (name, value) in [
        ("x-openstack-ironic-api-minimum-version", least),
        ("x-openstack-ironic-api-maximum-version", most),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    let version = json!({ "id": "v1", "min_version": least, "version": most, "status": "CURRENT" });
    (headers, Json(json!({ "id": "v1", "version": version }))).into_response()
}

#[derive(Deserialize)]
struct Paging {
    limit: Option<usize>,
    marker: Option<String>,
}

impl Paging {
    /// Cuts a page out of a list whose items have a UUID.
    fn cut(&self, key: &str, all: &[Value]) -> Json<Value> {
        let limit = self.limit.unwrap_or(PAGE).clamp(1, PAGE);
        let after = self.marker.as_deref();
        let from = after.map_or(0, |marker| {
            all.iter().position(|item| item["uuid"] == marker).map_or(0, |place| place + 1)
        });
        let page: Vec<&Value> = all.iter().skip(from).take(limit).collect();
        let is_more = from + page.len() < all.len();
        let mut body = json!({ key: page });
        if is_more {
            body["next"] = json!("there is more");
        }
        Json(body)
    }
}

async fn nodes(
    State(world): State<Shared>,
    Path(provisioner): Path<String>,
    Query(paging): Query<Paging>,
) -> Json<Value> {
    let mut world = look(&world);
    let at = now(&world);
    let bodies = world.of(&provisioner, at);
    let nodes: Vec<Value> = bodies.into_iter().map(ironic::node).collect();
    paging.cut("nodes", &nodes)
}

async fn ports(
    State(world): State<Shared>,
    Path(provisioner): Path<String>,
    Query(paging): Query<Paging>,
) -> Json<Value> {
    let mut world = look(&world);
    let at = now(&world);
    let bodies = world.of(&provisioner, at);
    let ports: Vec<Value> = bodies.into_iter().flat_map(ironic::ports).collect();
    paging.cut("ports", &ports)
}

/// The name of a machine by whatever a provisioner calls it.
fn name_of(world: &mut World, provisioner: &str, called: &str) -> Option<String> {
    let at = now(world);
    let bodies = world.of(provisioner, at);
    let found = bodies.into_iter().find(|body| {
        let name = &body.unit.name;
        name == called || ironic::uuid(name) == called || maas::system_id(name) == called
    });
    found.map(|body| body.unit.name.clone())
}

async fn node(
    State(world): State<Shared>,
    Path((provisioner, called)): Path<(String, String)>,
) -> Response {
    let mut world = look(&world);
    let at = now(&world);
    let Some(name) = name_of(&mut world, &provisioner, &called) else { return missing(&called) };
    let bodies = world.of(&provisioner, at);
    let found = bodies.into_iter().find(|body| body.unit.name == name);
    found.map_or_else(|| missing(&called), |body| Json(ironic::node(body)).into_response())
}

#[derive(Deserialize)]
struct New {
    name: String,
}

async fn enrol(
    State(world): State<Shared>,
    Path(provisioner): Path<String>,
    Json(new): Json<New>,
) -> Response {
    let mut world = look(&world);
    let at = now(&world);
    if let Err(refusal) = world.enrol(&new.name, (&provisioner, Software::Ironic), at) {
        return answer(&new.name, Err(refusal));
    }
    let bodies = world.of(&provisioner, at);
    let made = bodies.into_iter().find(|body| body.unit.name == new.name).map(ironic::node);
    (StatusCode::CREATED, Json(made)).into_response()
}

/// One operation of a JSON patch.
#[derive(Deserialize)]
struct Operation {
    path: String,
    #[serde(default)]
    value: Value,
}

/// Changes a node: the image that it is to be installed from; everything else is taken and means nothing here.
async fn change(
    State(world): State<Shared>,
    Path((provisioner, called)): Path<(String, String)>,
    Json(operations): Json<Vec<Operation>>,
) -> Response {
    let mut world = look(&world);
    let at = now(&world);
    let Some(name) = name_of(&mut world, &provisioner, &called) else { return missing(&called) };
    let image = operations.iter().find(|it| it.path == "/instance_info/image_source");
    let done = image
        .map_or(Ok(()), |image| world.choose(&name, image.value.as_str().map(str::to_owned), at));
    answer(&called, done)
}

/// Forgets a node or a machine.
async fn forget(
    State(world): State<Shared>,
    Path((provisioner, called)): Path<(String, String)>,
) -> Response {
    let mut world = look(&world);
    let at = now(&world);
    let Some(name) = name_of(&mut world, &provisioner, &called) else { return missing(&called) };
    match world.forget(&name, at) {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        refused => answer(&called, refused),
    }
}

#[derive(Deserialize)]
struct NewPort {
    node_uuid: String,
    address: String,
}

/// Gives a node a port. Those of a declared machine are there already, and an address belongs to one port.
async fn port(
    State(world): State<Shared>,
    Path(provisioner): Path<String>,
    Json(new): Json<NewPort>,
) -> Response {
    let mut world = look(&world);
    let at = now(&world);
    let Some(name) = name_of(&mut world, &provisioner, &new.node_uuid) else {
        return missing(&new.node_uuid);
    };
    let added = world.add_port(&name, &new.address, at);
    match added {
        Ok(()) => StatusCode::CREATED.into_response(),
        refused => answer(&new.address, refused),
    }
}

#[derive(Deserialize)]
struct Wish {
    target: String,
}

async fn provision(
    State(world): State<Shared>,
    Path((provisioner, called)): Path<(String, String)>,
    Json(wish): Json<Wish>,
) -> Response {
    let mut world = look(&world);
    let at = now(&world);
    let Some(name) = name_of(&mut world, &provisioner, &called) else { return missing(&called) };
    answer(&called, world.provision(&name, &wish.target, at))
}

async fn power(
    State(world): State<Shared>,
    Path((provisioner, called)): Path<(String, String)>,
    Json(wish): Json<Wish>,
) -> Response {
    let on = match wish.target.as_str() {
        "power on" | "rebooting" | "soft rebooting" => true,
        "power off" | "soft power off" => false,
        other => {
            let said = format!("Invalid power state: {other}");
            return (StatusCode::BAD_REQUEST, fault(&said)).into_response();
        }
    };
    let mut world = look(&world);
    let at = now(&world);
    let Some(name) = name_of(&mut world, &provisioner, &called) else { return missing(&called) };
    answer(&called, world.power(&name, on, at))
}

#[derive(Deserialize)]
struct Reason {
    #[serde(default)]
    reason: String,
}

async fn maintain(
    State(world): State<Shared>,
    Path((provisioner, called)): Path<(String, String)>,
    Json(wish): Json<Reason>,
) -> Response {
    let mut world = look(&world);
    let at = now(&world);
    let Some(name) = name_of(&mut world, &provisioner, &called) else { return missing(&called) };
    answer(&called, world.maintain(&name, Some(wish.reason), at))
}

async fn release(
    State(world): State<Shared>,
    Path((provisioner, called)): Path<(String, String)>,
) -> Response {
    let mut world = look(&world);
    let at = now(&world);
    let Some(name) = name_of(&mut world, &provisioner, &called) else { return missing(&called) };
    answer(&called, world.maintain(&name, None, at))
}

async fn machines(
    State(world): State<Shared>,
    Path(provisioner): Path<String>,
    headers: HeaderMap,
) -> Response {
    let signed = headers.get("authorization").and_then(|value| value.to_str().ok());
    if !signed.is_some_and(|value| value.starts_with("OAuth ")) {
        return (StatusCode::UNAUTHORIZED, "Unrecognised signature").into_response();
    }
    let mut world = look(&world);
    let at = now(&world);
    let bodies = world.of(&provisioner, at);
    Json(bodies.into_iter().map(maas::machine).collect::<Vec<_>>()).into_response()
}

async fn machine(
    State(world): State<Shared>,
    Path((provisioner, called)): Path<(String, String)>,
) -> Response {
    let mut world = look(&world);
    let at = now(&world);
    let Some(name) = name_of(&mut world, &provisioner, &called) else { return missing(&called) };
    let bodies = world.of(&provisioner, at);
    let found = bodies.into_iter().find(|body| body.unit.name == name);
    found.map_or_else(|| missing(&called), |body| Json(maas::machine(body)).into_response())
}

async fn take_in(
    State(world): State<Shared>,
    Path(provisioner): Path<String>,
    body: String,
) -> Response {
    let Some(name) = form(&body, "hostname") else {
        return (StatusCode::BAD_REQUEST, "hostname: This field is required.").into_response();
    };
    let mut world = look(&world);
    let at = now(&world);
    answer(&name, world.enrol(&name, (&provisioner, Software::Maas), at))
}

/// A field of a form. What is sent here needs no decoding: names of hosts and images have no other characters.
fn form(body: &str, field: &str) -> Option<String> {
    let pairs = body.split('&').filter_map(|pair| pair.split_once('='));
    pairs.filter(|(name, _)| *name == field).map(|(_, value)| value.to_owned()).next()
}

async fn operate(
    State(world): State<Shared>,
    Path((provisioner, called, operation)): Path<(String, String, String)>,
    body: String,
) -> Response {
    let mut world = look(&world);
    let at = now(&world);
    let Some(name) = name_of(&mut world, &provisioner, &called) else { return missing(&called) };
    let done = match operation.as_str() {
        "op-power_on" => world.power(&name, true, at),
        "op-power_off" => world.power(&name, false, at),
        "op-commission" => world.provision(&name, "commission", at),
        "op-deploy" => {
            let image = form(&body, "distro_series");
            world.provision(&name, "active", at).and_then(|()| world.choose(&name, image, at))
        }
        "op-release" => world.provision(&name, "deleted", at),
        _ => Err(Refusal::Unknown),
    };
    answer(&called, done)
}

#[derive(Deserialize)]
struct Spoiled {
    fault: Fault,
}

/// Breaks a machine, for whoever wants to see what happens then.
async fn spoil(
    State(world): State<Shared>,
    Path(name): Path<String>,
    Json(spoiled): Json<Spoiled>,
) -> Response {
    answer(&name, look(&world).spoil(&name, spoiled.fault))
}

/// Mends it.
async fn mend(State(world): State<Shared>, Path(name): Path<String>) -> Response {
    look(&world).mend(&name);
    StatusCode::NO_CONTENT.into_response()
}

fn answer(called: &str, done: Result<(), Refusal>) -> Response {
    match done {
        Ok(()) => StatusCode::ACCEPTED.into_response(),
        Err(Refusal::Unknown) => missing(called),
        Err(Refusal::Taken(said)) => (StatusCode::CONFLICT, fault(&said)).into_response(),
        Err(Refusal::NotNow(said)) => (StatusCode::BAD_REQUEST, fault(&said)).into_response(),
    }
}

fn missing(called: &str) -> Response {
    (StatusCode::NOT_FOUND, fault(&format!("Node {called} could not be found."))).into_response()
}

/// An error as Ironic writes it.
fn fault(said: &str) -> Json<Value> {
    Json(
        json!({ "error_message": { "faultcode": "Client", "faultstring": said, "debuginfo": null } }),
    )
}
