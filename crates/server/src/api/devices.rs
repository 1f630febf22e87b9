//! Browsers that get messages by Web Push: adding, trying, removing.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use policy::Resource;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use systems::notify::Message;
use webpush::SubscriptionForm;

use crate::AppState;
use crate::auth::Viewer;
use crate::auth::secret::hex;
use crate::http::{Json, Page, PageParameters, Paging, Path, Problem};
use crate::limits::MAX_DEVICES_PER_PERSON;
use crate::notify::browsers::{self, Post};
use crate::store::DeviceRow;

/// A browser that gets messages.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct DeviceView {
    /// Its public name.
    id: String,
    /// Whose it is.
    person: String,
    /// What it calls itself.
    name: String,
    /// The host of its push service.
    service: String,
    /// When it was added.
    #[schemars(with = "String")]
    created: Timestamp,
    /// When its push service last took a message.
    #[schemars(with = "Option<String>")]
    used: Option<Timestamp>,
}

/// The key that a browser asks its push service with.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PushKeyView {
    /// The public key of this server (`applicationServerKey`; RFC 8292): base64url without padding.
    key: String,
}

/// What a browser got of its push service: the JSON form of its `PushSubscription`.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct DeviceRequest {
    /// Where its messages go.
    endpoint: String,
    /// Its keys.
    keys: DeviceKeys,
    /// When it ends, which is passed over: its push service says so then.
    #[serde(default, rename = "expirationTime")]
    _ends: Option<f64>,
    /// What to call it, such as `Firefox`; what it calls itself when left out.
    #[serde(default)]
    name: Option<String>,
}

/// The keys of a subscription (RFC 8291), in base64url.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct DeviceKeys {
    /// A point on the curve P-256.
    p256dh: String,
    /// 16 random bytes.
    auth: String,
}

impl std::fmt::Debug for DeviceKeys {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("DeviceKeys").finish_non_exhaustive()
    }
}

/// Longest name of a browser.
const MAX_NAME: usize = 80;

/// Lists the browsers in which you get messages; the operator sees everybody's.
#[utoipa::path(get, path = "/api/v1/devices", params(PageParameters), responses(
    (status = 200, description = "Browsers", body = ref("#/components/schemas/PageOfDeviceView")),
))]
pub(crate) async fn list(
    State(state): State<AppState>,
    viewer: Viewer,
    paging: Paging,
) -> Result<Page<DeviceView>, Problem> {
    let owner = Resource::kind("device").of_people(viewer.person.as_deref());
    state.authorize(&viewer, "device.list", owner)?;
    let whose = if viewer.operator { None } else { viewer.person.as_deref() };
    let mut found = state.store().devices(whose)?;
    found.sort_by(|left, right| left.id.cmp(&right.id));
    Ok(paging.cut(found, |row| row.id.clone(), view))
}

fn view(row: DeviceRow) -> DeviceView {
    DeviceView {
        id: row.id,
        person: row.person,
        name: row.name,
        service: row.host,
        created: row.created,
        used: row.used,
    }
}

/// Gives the key that a browser asks its push service with.
#[utoipa::path(get, path = "/api/v1/devices/key", responses(
    (status = 200, description = "The key", body = ref("#/components/schemas/PushKeyView")),
))]
pub(crate) async fn key(
    State(state): State<AppState>,
    viewer: Viewer,
) -> Result<Json<PushKeyView>, Problem> {
    state.authorize(&viewer, "playbook.read", Resource::kind("device"))?;
    Ok(Json(PushKeyView { key: browsers::key(&state)?.public() }))
}

/// Lets a browser get your messages. One that is known becomes yours.
#[utoipa::path(post, path = "/api/v1/devices", request_body(content = ref("#/components/schemas/DeviceRequest"), content_type = "application/json"), responses(
    (status = 201, description = "It gets them", body = ref("#/components/schemas/DeviceView")),
))]
pub(crate) async fn add(
    State(state): State<AppState>,
    viewer: Viewer,
    Json(asked): Json<DeviceRequest>,
) -> Result<Response, Problem> {
    let owner = Resource::kind("device").of_people(viewer.person.as_deref());
    state.authorize(&viewer, "device.add", owner)?;
    let person = viewer.person()?.to_owned();
    let name = asked.name.unwrap_or_else(|| "A browser".to_owned());
    if name.trim().is_empty()
        || name.chars().count() > MAX_NAME
        || name.chars().any(char::is_control)
    {
        let words = format!("A name has 1 to {MAX_NAME} characters, and stands on one line.");
        return Err(Problem::bad_request("wrong-name", words));
    }
    let keys = serde_json::json!({"p256dh": asked.keys.p256dh, "auth": asked.keys.auth});
    let form = serde_json::json!({"endpoint": asked.endpoint, "keys": keys});
    let form: SubscriptionForm =
        serde_json::from_value(form).map_err(|error| Problem::internal(&error))?;
    let subscription = browsers::read(&state, &form).map_err(|error| {
        Problem::bad_request("wrong-subscription", format!("This is no subscription: {error}."))
            .hint("Send what `PushSubscription.toJSON()` gives")
    })?;
    let digest = Sha256::digest(subscription.endpoint().as_str());
    let row = DeviceRow {
        id: hex(digest.get(..8).unwrap_or_default()),
        person,
        name,
        host: subscription.host().to_owned(),
        subscription: serde_json::to_string(&subscription)
            .map_err(|error| Problem::internal(&error))?,
        created: state.clock().now(),
        used: None,
    };
    let known = state.store().devices(Some(&row.person))?;
    let others = known.iter().filter(|known| known.id != row.id).count();
    if others >= MAX_DEVICES_PER_PERSON {
        let words = format!("{MAX_DEVICES_PER_PERSON} browsers get your messages already.");
        return Err(Problem::conflict("too-many-devices", words).hint("Remove one first"));
    }
    state.store().add_device(&row)?;
    tracing::info!(
        device = row.id,
        person = row.person,
        host = row.host,
        "a browser gets messages"
    );
    let location = format!("/api/v1/devices/{}", row.id);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(view(row))).into_response())
}

/// Lets a browser get no more messages.
#[utoipa::path(delete, path = "/api/v1/devices/{id}", params(("id" = String, Path, description = "The browser's public name")), responses(
    (status = 204, description = "It gets none any more"),
))]
pub(crate) async fn remove(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let found = known(&state, &viewer, "device.remove", &id)?;
    state.store().remove_device(&found)?;
    tracing::info!(device = id, actor = viewer.actor(), "a browser gets no messages any more");
    Ok(StatusCode::NO_CONTENT)
}

/// Sends a message to a browser to try it.
#[utoipa::path(post, path = "/api/v1/devices/{id}/trial", params(("id" = String, Path, description = "The browser's public name")), responses(
    (status = 204, description = "Its push service has the message"),
))]
pub(crate) async fn trial(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let found = known(&state, &viewer, "device.add", &id)?;
    let message = Message {
        key: format!("trial-{id}"),
        about: "trial".to_owned(),
        urgent: false,
        subject: "Messages of council come to this browser".to_owned(),
        text: "You asked to see one. Pages come like this, and can be acknowledged here."
            .to_owned(),
        link: format!("{}/account", state.origin()),
        acknowledge: None,
    };
    let contact = contact(&state);
    let post = Post { state: &state, contact: contact.as_deref(), now: state.clock().now() };
    post.send_to(&found, "trial", &message).await.map_err(|error| {
        Problem::unavailable("not-taken", format!("The message was not taken: {}.", error.why))
            .hint("Remove the browser, and add it again")
    })?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whom the playbook lets push services write to.
fn contact(state: &AppState) -> Option<String> {
    use reliability::kinds::{Channel, NotificationChannel};
    let snapshot = state.snapshot();
    let mut channels = snapshot.model().all::<NotificationChannel>();
    channels.find(|found| found.by == Channel::Push).and_then(|found| found.from.clone())
}

/// A browser that the viewer may do this with. Somebody else's is not even confirmed to exist.
fn known(
    state: &AppState,
    viewer: &Viewer,
    action: &'static str,
    id: &str,
) -> Result<DeviceRow, Problem> {
    let found = state.store().device(id)?;
    let owner = found.as_ref().map(|row| row.person.clone());
    state.authorize(viewer, action, Resource::new("device", id).of_people(owner))?;
    found.ok_or_else(|| Problem::not_found(format!("There is no browser `{id}`.")))
}
