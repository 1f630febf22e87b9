//! What the command palette finds: pages, actions, and every resource that fits.
//!
//! One file for the whole playbook, kept by the browser until the revision changes. The palette itself is
//! script; without it the same is reached through the pages.

use axum::Json;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::frame::Page;
use super::{links, nav};

/// How many resources the palette knows. Beyond it the search page answers; a larger file would make
/// the first `/` slow on a phone.
const MOST: usize = 2_000;

/// One line of the palette.
#[derive(Debug, Serialize)]
struct Item {
    label: String,
    detail: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    also: String,
    path: String,
    /// Pages and actions before resources.
    weight: u8,
}

/// What can be done, by label, words it is also found by, and path.
const ACTIONS: &[(&str, &str, &str)] = &[
    ("Propose a decision", "new vote rfc", "/decisions/how"),
    ("Raise a question", "new ask open", "/questions/raise"),
    ("Plan a change", "new deploy apply", "/changes/new"),
    ("Declare an incident", "new outage broken sev alarm", "/incidents/declare"),
    ("Silence alerts", "mute quiet", "/silences"),
    ("See how good alerts are", "noise flapping quality report", "/alerts"),
    ("Declare a freeze", "stop hold", "/freezes"),
    ("Give feedback", "say tell platform complain praise", "/feedback"),
    ("See what was promised", "actions todo due", "/actions"),
    ("Subscribe to a calendar", "ical ics feed webcal", "/calendars"),
    ("Ask who owns something", "search owner", "/who"),
    ("What if somebody left?", "whatif leave bus factor", "/who/leave"),
    ("Make an API token", "new key secret", "/account"),
    ("Verify the ledger", "check hash chain", "/ledger/verify"),
    ("Sign out", "leave log out", "/account"),
];

/// `GET /palette.json`
pub(super) async fn list(page: Page, headers: HeaderMap) -> Response {
    let tag = format!("\"{}-{}\"", page.snapshot().revision.id, page.snapshot().since.as_second());
    let known =
        headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Json(items(page.snapshot().model())).into_response()
    };
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

fn items(model: &playbook::Model) -> Vec<Item> {
    let pages = nav::pages().map(|(label, path)| Item {
        label: label.to_owned(),
        detail: "page",
        also: String::new(),
        path: path.to_owned(),
        weight: 3,
    });
    let actions = ACTIONS.iter().map(|(label, also, path)| Item {
        label: (*label).to_owned(),
        detail: "action",
        also: (*also).to_owned(),
        path: (*path).to_owned(),
        weight: 2,
    });
    let resources =
        model.resources().filter(|resource| resource.meta.retired.is_none()).map(|resource| Item {
            label: resource.title().to_owned(),
            detail: resource.id.slug,
            also: if resource.title() == &*resource.id.name {
                String::new()
            } else {
                resource.id.name.to_string()
            },
            path: links::path_of(resource.id.slug, &resource.id.name),
            weight: u8::from(matches!(resource.id.slug, "seat" | "person" | "decision")),
        });
    pages.chain(actions).chain(resources.take(MOST)).collect()
}
