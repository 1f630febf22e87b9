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
        .route("/{provisioner}/v1/nodes/{node}", get(node))
        .route("/{provisioner}/v1/nodes/{node}/states/provision", put(provision))
        .route("/{provisioner}/v1/nodes/{node}/states/power", put(power))
        .route("/{provisioner}/v1/nodes/{node}/maintenance", put(maintain).delete(release))
        .route("/{provisioner}/MAAS/api/2.0/machines/", get(machines))
        .route("/{provisioner}/MAAS/api/2.0/machines/{system}/{operation}", post(operate))
        .with_state(Arc::new(Mutex::new(world)))
}

fn look(world: &Shared) -> MutexGuard<'_, World> {
    // A world has no invariant that a panic could break half of.
    world.lock().unwrap_or_else(PoisonError::into_inner)
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
    let bodies = world.of(&provisioner, Timestamp::now());
    let nodes: Vec<Value> = bodies.into_iter().map(ironic::node).collect();
    paging.cut("nodes", &nodes)
}

async fn ports(
    State(world): State<Shared>,
    Path(provisioner): Path<String>,
    Query(paging): Query<Paging>,
) -> Json<Value> {
    let mut world = look(&world);
    let bodies = world.of(&provisioner, Timestamp::now());
    let ports: Vec<Value> = bodies.into_iter().flat_map(ironic::ports).collect();
    paging.cut("ports", &ports)
}

/// The name of a machine by whatever a provisioner calls it.
fn name_of(world: &mut World, provisioner: &str, called: &str) -> Option<String> {
    let bodies = world.of(provisioner, Timestamp::now());
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
    let Some(name) = name_of(&mut world, &provisioner, &called) else { return missing(&called) };
    let bodies = world.of(&provisioner, Timestamp::now());
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
    if let Err(refusal) = world.enrol(&new.name, &provisioner, Timestamp::now()) {
        return answer(&new.name, Err(refusal));
    }
    let bodies = world.of(&provisioner, Timestamp::now());
    let made = bodies.into_iter().find(|body| body.unit.name == new.name).map(ironic::node);
    (StatusCode::CREATED, Json(made)).into_response()
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
    let Some(name) = name_of(&mut world, &provisioner, &called) else { return missing(&called) };
    answer(&called, world.provision(&name, &wish.target, Timestamp::now()))
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
    let Some(name) = name_of(&mut world, &provisioner, &called) else { return missing(&called) };
    answer(&called, world.power(&name, on, Timestamp::now()))
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
    let Some(name) = name_of(&mut world, &provisioner, &called) else { return missing(&called) };
    answer(&called, world.maintain(&name, Some(wish.reason), Timestamp::now()))
}

async fn release(
    State(world): State<Shared>,
    Path((provisioner, called)): Path<(String, String)>,
) -> Response {
    let mut world = look(&world);
    let Some(name) = name_of(&mut world, &provisioner, &called) else { return missing(&called) };
    answer(&called, world.maintain(&name, None, Timestamp::now()))
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
    let bodies = world.of(&provisioner, Timestamp::now());
    Json(bodies.into_iter().map(maas::machine).collect::<Vec<_>>()).into_response()
}

async fn operate(
    State(world): State<Shared>,
    Path((provisioner, called, operation)): Path<(String, String, String)>,
) -> Response {
    let mut world = look(&world);
    let Some(name) = name_of(&mut world, &provisioner, &called) else { return missing(&called) };
    let now = Timestamp::now();
    let done = match operation.as_str() {
        "op-power_on" => world.power(&name, true, now),
        "op-power_off" => world.power(&name, false, now),
        "op-deploy" => world.provision(&name, "active", now),
        "op-release" => world.provision(&name, "deleted", now),
        _ => Err(Refusal::Unknown),
    };
    answer(&called, done)
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
