//! Pages: the council in a browser.
//!
//! One file a page. A handler takes a [`frame::Page`], asks `org` and `governance` for a view, and shows it
//! through a template; forms post, are carried out by the same functions as the API's writes, and redirect
//! to a page that says what happened ([`notes`]).
//!
//! Invariants: every page reads and every form works without JavaScript; a page stays under 60 KB; nothing
//! is loaded from another origin; nothing inline needs an exception from the content policy.
//!
//! Absent on purpose: rules, queries and numbers of our own. What a page says, the API says too.

mod assets;
#[cfg(test)]
mod contrast;
mod diagnostics;
mod errors;
mod filters;
mod frame;
mod icons;
mod kind;
mod ledger;
mod links;
mod markdown;
mod nav;
mod notes;
mod palette;
mod people;
mod resource;
mod round_table;
mod seats;
mod sign_in;
mod templates;
mod theme;
mod today;
mod who;

use axum::Router;
use axum::middleware::from_fn;
use axum::routing::{get, post};
use playbook::Model;

use crate::AppState;

pub use errors::for_browsers;

/// The routes of all pages.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/", get(today::show))
        .route("/seats", get(seats::list))
        .route("/seats/{name}", get(seats::show))
        .route("/people", get(people::list))
        .route("/people/{name}", get(people::show))
        .route("/who", get(who::ask))
        .route("/who/leave", get(who::leave))
        .route("/ledger", get(ledger::list))
        .route("/ledger/verify", get(ledger::verify))
        .route("/ledger/{seq}", get(ledger::show))
        .route("/diagnostics", get(diagnostics::list))
        .route("/rules/{code}", get(diagnostics::rule))
        .route("/palette.json", get(palette::list))
        .route("/playbook/resources", get(kind::all))
        .route("/playbook/{kind}", get(kind::show))
        .route("/playbook/{kind}/{name}", get(resource::show))
        .route("/sign-in", get(sign_in::how))
        .route("/sign-in/{link}", get(sign_in::look).post(sign_in::take))
        .route("/sign-out", post(sign_in::out))
        .route("/theme", post(theme::choose))
        .route("/assets/{name}", get(assets::serve))
        .route("/favicon.ico", get(assets::icon))
        .layer(from_fn(for_browsers))
}

/// The organization's name, for titles.
fn organization_title(model: &Model) -> String {
    model
        .of_slug("organization")
        .next()
        .map_or_else(|| "council".to_owned(), |found| found.title().to_owned())
}

/// A path of this server to go back to; anything else becomes the first page.
fn own_path(path: &str) -> &str {
    let own =
        path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\r', '\n']);
    if own { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn going_back_never_leaves_the_server() {
        assert_eq!(own_path("/seats?x=1"), "/seats?x=1");
        for foreign in
            ["//evil.example", "https://evil.example", "/\\evil.example", "", "/a\r\nb: c"]
        {
            assert_eq!(own_path(foreign), "/");
        }
    }
}
