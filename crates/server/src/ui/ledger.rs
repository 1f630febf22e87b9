//! The ledger: what happened, entry by entry; one entry with its hash; the proof of the chain.

use axum::extract::{Path, Query};
use axum::response::Response;
use ledger::{Entry, Ledger, Trust, Verification};
use minijinja::context;
use serde::{Deserialize, Deserializer, Serialize};

use super::errors;
use super::frame::Page;
use super::templates::view;
use crate::http::Problem;

/// Entries a page shows.
const PER_PAGE: usize = 50;

/// What of the ledger is asked for. Empty fields of the form mean "any".
#[derive(Debug, Default, Deserialize, Serialize)]
pub(super) struct Asked {
    #[serde(default, deserialize_with = "filled")]
    stream: Option<String>,
    #[serde(default, deserialize_with = "filled")]
    kind: Option<String>,
    #[serde(default, deserialize_with = "filled")]
    actor: Option<String>,
    /// The newest entry that counts: the ledger as it was then.
    #[serde(default, deserialize_with = "filled")]
    as_of: Option<String>,
    /// Continue behind this entry.
    #[serde(default, deserialize_with = "filled")]
    before: Option<String>,
}

fn filled<'de, D: Deserializer<'de>>(field: D) -> Result<Option<String>, D::Error> {
    let text = Option::<String>::deserialize(field)?;
    Ok(text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()))
}

/// One entry as a row.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    seq: u64,
    kind: String,
    stream: String,
    version: u64,
    actor: String,
    at: String,
    hash: String,
}

impl Row {
    fn of(entry: &Entry) -> Self {
        Self {
            seq: entry.seq,
            kind: entry.kind.clone(),
            stream: entry.stream.as_str().to_owned(),
            version: entry.version,
            actor: entry.actor.clone(),
            at: entry.at.to_string(),
            hash: entry.hash.short(),
        }
    }
}

/// `GET /ledger`
pub(super) async fn list(page: Page, Query(asked): Query<Asked>) -> Response {
    match look(page.state().ledger(), &asked) {
        Ok((rows, as_of)) => {
            let head = page.state().ledger().head();
            let shows = context! {
                further => view((rows.len() == PER_PAGE).then(|| rows.last().map(|row| row.seq)).flatten().filter(|&seq| seq > 1)),
                rows => view(rows),
                asked => view(&asked),
                filtered => asked.stream.is_some() || asked.kind.is_some() || asked.actor.is_some(),
                as_of,
                head => head.seq,
                head_hash => head.hash.to_string(),
                head_at => head.at.to_string(),
            };
            page.show("ledger.html", "Ledger", shows)
        }
        Err(problem) => errors::page(&problem, page.theme()),
    }
}

fn look(ledger: &Ledger, asked: &Asked) -> Result<(Vec<Row>, u64), Problem> {
    let head = ledger.head().seq;
    let as_of = asked.as_of.as_deref().and_then(|text| text.parse().ok()).unwrap_or(head).min(head);
    let before = asked.before.as_deref().and_then(|text| text.parse::<u64>().ok());
    let query = ledger::Query {
        before: Some(before.unwrap_or(u64::MAX).min(as_of.saturating_add(1))),
        stream: asked.stream.clone(),
        kind: asked.kind.clone(),
        actor: asked.actor.clone(),
        newest_first: true,
        limit: PER_PAGE,
        ..ledger::Query::default()
    };
    let entries = ledger.entries(&query).map_err(|error| Problem::internal(&error))?;
    Ok((entries.iter().map(Row::of).collect(), as_of))
}

/// `GET /ledger/<seq>`
pub(super) async fn show(page: Page, Path(seq): Path<u64>) -> Response {
    let ledger = page.state().ledger().clone();
    match ledger.entry(seq) {
        Ok(Some(entry)) => {
            let title = format!("Entry {seq}");
            let (canonical, recomputed) = prove(&entry);
            let shows = context! {
                row => view(Row::of(&entry)),
                cause => entry.cause.clone(),
                body => pretty(entry.body.as_str()),
                hash => entry.hash.to_string(),
                prev_hash => entry.prev_hash.to_string(),
                fits => recomputed == entry.hash.to_string(),
                canonical,
                head => ledger.head().seq,
            };
            page.show("entry.html", &title, shows)
        }
        Ok(None) => errors::missing(
            &page,
            &format!("The ledger has no entry {seq}; its newest is {}.", ledger.head().seq),
        ),
        Err(error) => errors::page(&Problem::internal(&error), page.theme()),
    }
}

/// The bytes that an entry's hash covers, and their hash.
fn prove(entry: &Entry) -> (String, String) {
    use sha2::Digest as _;
    let mut value = serde_json::to_value(entry).unwrap_or_default();
    if let Some(fields) = value.as_object_mut() {
        fields.remove("hash");
    }
    let canonical = ledger::canonical(&value).unwrap_or_default();
    let hash = crate::auth::secret::hex(&sha2::Sha256::digest(canonical.as_bytes()));
    (canonical, hash)
}

fn pretty(json: &str) -> String {
    serde_json::from_str::<serde_json::Value>(json)
        .and_then(|value| serde_json::to_string_pretty(&value))
        .unwrap_or_else(|_| json.to_owned())
}

/// `GET /ledger/verify`: proves the whole chain while others go on using it.
pub(super) async fn verify(page: Page) -> Response {
    let ledger = page.state().ledger().clone();
    let proof = tokio::task::spawn_blocking(move || ledger.verify(&Trust::default())).await;
    match proof {
        Ok(Ok(proof)) => page.show("verify.html", "Verification", verified(&proof)),
        Ok(Err(error)) => errors::page(&Problem::internal(&error), page.theme()),
        Err(error) => errors::page(&Problem::internal(&error), page.theme()),
    }
}

fn verified(proof: &Verification) -> minijinja::Value {
    let findings: Vec<String> = proof.findings.iter().map(ToString::to_string).collect();
    context! {
        intact => proof.is_intact(),
        findings => view(findings),
        entries => proof.entries,
        bytes => proof.bytes,
        checkpoints => proof.checkpoints,
        more => proof.more,
        head_hash => proof.head.map(|head| head.hash.to_string()),
        head_seq => proof.head.map(|head| head.seq),
    }
}
