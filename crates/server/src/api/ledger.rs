//! The ledger: entries, checkpoints, verification.

use axum::extract::State;
use axum::http::StatusCode;
use governance::Text;
use jiff::Timestamp;
use ledger::{AsOf, Checkpoint, Entry, Query as EntryQuery, StoreError, Trust};
use policy::Resource;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::IntoParams;

use crate::auth::Viewer;
use crate::http::{Json, Page, PageParameters, Paging, Path, Problem, Query};
use crate::{AppState, Lens};

/// The newest entry's place.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct HeadView {
    /// The ledger's identity.
    id: String,
    /// The format of its entries.
    format: String,
    /// How many entries there are.
    seq: u64,
    /// The hash that the next entry links to.
    hash: String,
    /// The time that the next entry cannot precede.
    #[schemars(with = "String")]
    at: Timestamp,
    /// The newest entry that the record contains; below `seq` for a moment after each append.
    folded: u64,
    /// The newest entry that a checkpoint signs.
    signed: u64,
}

/// One entry.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct EntryView {
    /// Position in the ledger, from 1.
    seq: u64,
    /// The record that it belongs to.
    stream: String,
    /// Position in the stream, from 1.
    version: u64,
    /// What happened.
    kind: String,
    /// When.
    #[schemars(with = "String")]
    at: Timestamp,
    /// Who did it.
    actor: String,
    /// What led to it.
    cause: Option<String>,
    /// The content.
    body: Value,
    /// The hash of the entry before.
    prev_hash: String,
    /// The hash of this one.
    hash: String,
}

impl EntryView {
    pub(super) fn of(entry: &Entry) -> Self {
        Self {
            seq: entry.seq,
            stream: entry.stream.to_string(),
            version: entry.version,
            kind: entry.kind.clone(),
            at: entry.at,
            actor: entry.actor.clone(),
            cause: entry.cause.clone(),
            body: serde_json::from_str(entry.body.as_str()).unwrap_or_default(),
            prev_hash: entry.prev_hash.to_string(),
            hash: entry.hash.to_string(),
        }
    }
}

/// What to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct EntryFilter {
    /// Only this stream, such as `decision/0012-vlans`, or a noun with `/` at its end, such as `decision/`.
    stream: Option<String>,
    /// Only this kind, such as `decision.proposed`.
    kind: Option<String>,
    /// Only what this actor did, such as `person/ana`.
    actor: Option<String>,
    /// The newest first.
    newest_first: Option<bool>,
    /// The ledger as it was then: an entry's number or a time (RFC 3339).
    as_of: Option<String>,
    /// Opens sealed texts, for those who may read the record. The hash of an entry covers its sealed form.
    opened: Option<bool>,
}

/// Shows the newest entry's place.
#[utoipa::path(get, path = "/api/v1/ledger", responses(
    (status = 200, description = "The head", body = ref("#/components/schemas/HeadView")),
))]
pub(crate) async fn head(
    State(state): State<AppState>,
    viewer: Viewer,
) -> Result<Json<HeadView>, Problem> {
    state.authorize(&viewer, "ledger.read", Resource::kind("ledger"))?;
    let (header, head) = (state.ledger().header(), state.ledger().head());
    let checkpoints = blocking(&state, |state| state.ledger().checkpoints()).await?;
    Ok(Json(HeadView {
        id: header.id.clone(),
        format: header.format.clone(),
        seq: head.seq,
        hash: head.hash.to_string(),
        at: head.at,
        folded: state.record().head.seq,
        signed: checkpoints.last().map_or(0, |checkpoint| checkpoint.seq),
    }))
}

/// Lists entries.
#[utoipa::path(get, path = "/api/v1/ledger/entries", params(EntryFilter, PageParameters), responses(
    (status = 200, description = "Entries", body = ref("#/components/schemas/PageOfEntryView")),
))]
pub(crate) async fn entries(
    State(state): State<AppState>,
    viewer: Viewer,
    Query(filter): Query<EntryFilter>,
    paging: Paging,
) -> Result<Page<EntryView>, Problem> {
    state.authorize(&viewer, "ledger.read", Resource::kind("ledger"))?;
    let opened = filter.opened.unwrap_or(false);
    if opened {
        state.authorize(&viewer, "record.read", Resource::kind("ledger"))?;
    }
    let newest_first = filter.newest_first.unwrap_or(false);
    let moment = filter.as_of.as_deref().map(moment).transpose()?;
    let cursor = paging.after().map(sequence).transpose()?;
    let limit = paging.limit();
    let found = blocking(&state, move |state| {
        let ledger = state.ledger();
        let last = moment.map(|moment| ledger.seq_as_of(moment)).transpose()?;
        let end = last.map(|last| last.saturating_add(1));
        let (after, before) = match (newest_first, cursor) {
            (true, Some(cursor)) => (0, Some(cursor.min(end.unwrap_or(u64::MAX)))),
            (false, Some(cursor)) => (cursor, end),
            (_, None) => (0, end),
        };
        // One more than asked for says whether there is another page.
        ledger.entries(&EntryQuery {
            after,
            before,
            stream: filter.stream,
            kind: filter.kind,
            actor: filter.actor,
            newest_first,
            limit: limit + 1,
        })
    })
    .await?;
    let more = found.len() > limit;
    let texts = state.lens();
    let show = |entry: &Entry| {
        let mut view = EntryView::of(entry);
        if opened && texts.may_open(entry.stream.as_str(), viewer.person.as_deref()) {
            open_texts(entry.stream.as_str(), &texts, &mut view.body);
        }
        view
    };
    let items: Vec<EntryView> = found.iter().take(limit).map(show).collect();
    let last = items.last().map(|entry| entry.seq.to_string()).filter(|_| more);
    Ok(paging.page(items, last))
}

/// Writes the sealed texts of a body open, wherever they stand in it.
fn open_texts(stream: &str, lens: &Lens, body: &mut Value) {
    if let Ok(text @ Text::Sealed(_)) = Text::deserialize(&*body) {
        *body = json!(Text::Plain(lens.reading().texts.read(stream, &text)));
        return;
    }
    let fields = body.as_object_mut().into_iter().flat_map(|map| map.values_mut());
    fields.for_each(|value| open_texts(stream, lens, value));
    let items = body.as_array_mut().into_iter().flatten();
    items.for_each(|value| open_texts(stream, lens, value));
}

fn sequence(cursor: &str) -> Result<u64, Problem> {
    cursor.parse().map_err(|_| Problem::bad_request("bad-cursor", "`cursor` is of another list."))
}

/// Reads a moment: an entry's number or a time.
pub(crate) fn moment(text: &str) -> Result<AsOf, Problem> {
    if let Ok(seq) = text.parse() {
        return Ok(AsOf::Seq(seq));
    }
    text.parse().map(AsOf::Time).map_err(|_| {
        Problem::bad_request("bad-moment", format!("`as_of` is `{text}`."))
            .hint("Write an entry's number such as `120`, or a time such as `2026-11-22T10:00:00Z`")
    })
}

/// Shows one entry.
#[utoipa::path(get, path = "/api/v1/ledger/entries/{seq}", params(("seq" = u64, Path, description = "Position in the ledger")), responses(
    (status = 200, description = "The entry", body = ref("#/components/schemas/EntryView")),
))]
pub(crate) async fn entry(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(seq): Path<u64>,
) -> Result<Json<EntryView>, Problem> {
    state.authorize(&viewer, "ledger.read", Resource::new("ledger", seq.to_string()))?;
    let found = blocking(&state, move |state| state.ledger().entry(seq)).await?;
    found.map(|entry| Json(EntryView::of(&entry))).ok_or_else(|| {
        Problem::not_found(format!("There is no entry {seq}."))
            .hint(format!("The newest one is {}", state.ledger().head().seq))
    })
}

/// What a verification found.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct VerifyView {
    /// Whether the chain holds from the first to the last entry and every checkpoint is signed.
    sound: bool,
    /// Entries that were looked at.
    entries: u64,
    /// Signed checkpoints that fit.
    checkpoints: u64,
    /// What is wrong.
    findings: Vec<String>,
    /// Whether there is more wrong than listed.
    more: bool,
}

/// Verifies the whole chain; reads everything, so it takes a while on a large ledger.
#[utoipa::path(get, path = "/api/v1/ledger/verify", responses(
    (status = 200, description = "What was found", body = ref("#/components/schemas/VerifyView")),
))]
pub(crate) async fn verify(
    State(state): State<AppState>,
    viewer: Viewer,
) -> Result<Json<VerifyView>, Problem> {
    state.authorize(&viewer, "ledger.verify", Resource::kind("ledger"))?;
    let report = blocking(&state, |state| state.ledger().verify(&Trust::default())).await?;
    Ok(Json(VerifyView {
        sound: report.is_intact(),
        entries: report.entries,
        checkpoints: report.checkpoints,
        findings: report.findings.iter().map(ToString::to_string).collect(),
        more: report.more,
    }))
}

/// One signed checkpoint.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct CheckpointView {
    /// The entry that it signs.
    seq: u64,
    /// That entry's hash.
    hash: String,
    /// When it was signed.
    #[schemars(with = "String")]
    at: Timestamp,
    /// The public key.
    key: String,
    /// The signature (Ed25519).
    signature: String,
}

impl CheckpointView {
    fn of(checkpoint: &Checkpoint) -> Self {
        Self {
            seq: checkpoint.seq,
            hash: checkpoint.hash.to_string(),
            at: checkpoint.at,
            key: checkpoint.key.to_string(),
            signature: checkpoint.signature.to_string(),
        }
    }
}

/// Lists the checkpoints, oldest first.
#[utoipa::path(get, path = "/api/v1/ledger/checkpoints", params(PageParameters), responses(
    (status = 200, description = "Checkpoints", body = ref("#/components/schemas/PageOfCheckpointView")),
))]
pub(crate) async fn checkpoints(
    State(state): State<AppState>,
    viewer: Viewer,
    paging: Paging,
) -> Result<Page<CheckpointView>, Problem> {
    state.authorize(&viewer, "ledger.read", Resource::kind("checkpoint"))?;
    let found = blocking(&state, |state| state.ledger().checkpoints()).await?;
    let key = |checkpoint: &Checkpoint| format!("{:020}", checkpoint.seq);
    Ok(paging.cut(found, key, |checkpoint| CheckpointView::of(&checkpoint)))
}

/// Signs the newest entry.
#[utoipa::path(post, path = "/api/v1/ledger/checkpoints", responses(
    (status = 201, description = "Signed", body = ref("#/components/schemas/CheckpointView")),
))]
pub(crate) async fn sign(
    State(state): State<AppState>,
    viewer: Viewer,
) -> Result<(StatusCode, Json<CheckpointView>), Problem> {
    state.authorize(&viewer, "checkpoint.create", Resource::kind("checkpoint"))?;
    let now = state.clock().now();
    let signed = blocking(&state, move |state| state.ledger().checkpoint(now)).await?;
    Ok((StatusCode::CREATED, Json(CheckpointView::of(&signed))))
}

/// Reads from the store on a thread that may wait.
pub(super) async fn blocking<T: Send + 'static>(
    state: &AppState,
    work: impl FnOnce(&AppState) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, Problem> {
    let state = state.clone();
    match tokio::task::spawn_blocking(move || work(&state)).await {
        Ok(done) => done.map_err(|error| Problem::internal(&error)),
        Err(error) => Err(Problem::internal(&error)),
    }
}
