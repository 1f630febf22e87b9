//! Pages as they were: `?as_of=` on every page that shows the record.
//!
//! The record is that of the moment; the playbook is the present one, and the page says both. A page of the past has
//! no forms. Links between such pages keep the moment, so that one can walk around in it; the banner leads back.

use axum::extract::Query;
use axum::http::Method;
use axum::http::request::Parts;
use jiff::Timestamp;
use ledger::AsOf;
use serde::{Deserialize, Serialize};

use crate::http::Problem;
use crate::{AppState, Lens, api};

/// The pages that show the record, by the first step of their paths.
const PAGES: &[&str] = &[
    "",
    "decisions",
    "rituals",
    "questions",
    "actions",
    "feedback",
    "playbook",
    "changes",
    "freezes",
    "incidents",
];

/// The moment that a page shows, for its banner.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Past {
    /// As it was asked for.
    asked: String,
    /// The newest entry that counts.
    seq: u64,
    /// The moment.
    at: String,
    /// How many entries came since.
    later: u64,
    /// The same page of the present.
    now: String,
}

impl Past {
    /// As it was asked for: an entry's number or a time.
    pub(super) fn asked(&self) -> &str {
        &self.asked
    }
}

#[derive(Debug, Deserialize)]
struct Asked {
    #[serde(default)]
    as_of: String,
}

/// Says whether a path shows the record, and so can show it as it was.
pub(super) fn is_of_record(path: &str) -> bool {
    let first = path.trim_start_matches('/').split(['/', '?', '#']).next().unwrap_or_default();
    PAGES.contains(&first)
}

/// The lens for a page, and the moment unless it is the present.
pub(super) async fn look(parts: &Parts, state: &AppState) -> Result<(Lens, Option<Past>), Problem> {
    let present = state.lens();
    let asked = Query::<Asked>::try_from_uri(&parts.uri).map(|Query(asked)| asked.as_of);
    let asked = asked.unwrap_or_default();
    let reads = parts.method == Method::GET || parts.method == Method::HEAD;
    if !reads || asked.is_empty() || !is_of_record(parts.uri.path()) {
        return Ok((present, None));
    }
    let moment = api::moment(&asked)?;
    let head = present.record.head.seq;
    let is_past = match moment {
        AsOf::Seq(seq) => seq < head,
        AsOf::Time(time) => time < present.now,
    };
    if !is_past {
        return Ok((present, None));
    }
    let lens = state.lens_as_of(moment).await?;
    let past = Past {
        seq: lens.record.head.seq,
        at: shown(lens.now),
        later: head.saturating_sub(lens.record.head.seq),
        now: parts.uri.path().to_owned(),
        asked,
    };
    Ok((lens, Some(past)))
}

fn shown(at: Timestamp) -> String {
    format!("{at:.0}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_the_record_have_a_past() {
        for path in
            ["/", "/decisions", "/decisions/0012-x", "/rituals/weekly/2026-11-23", "/playbook"]
        {
            assert!(is_of_record(path), "{path}");
        }
        for path in ["/seats", "/account", "/ledger/3", "/who"] {
            assert!(!is_of_record(path), "{path}");
        }
    }
}
