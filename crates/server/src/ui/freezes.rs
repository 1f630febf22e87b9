//! Freezes: in force, ahead, lifted; declaring and lifting.

use std::collections::BTreeSet;

use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use gitops::freeze::Scope;
use gitops::gate::Window;
use gitops::record::Command;
use gitops::record::freeze;
use gitops::views;
use governance::Text;
use minijinja::context;
use serde::Deserialize;

use super::frame::Page;
use super::notes::{self, Note};
use super::templates::view;

/// `GET /freezes`
pub(super) async fn list(page: Page) -> Response {
    let lens = page.lens();
    let gate = lens.gate(page.state());
    let list = views::freezes(&lens.changes(&gate));
    let environments: Vec<_> = page
        .snapshot()
        .model()
        .of_slug("environment")
        .map(|found| (found.id.name.to_string(), found.title().to_owned()))
        .collect();
    let zone = page.snapshot().time_zone();
    let shows = context! {
        list => view(list),
        environments => view(environments),
        zone => zone.iana_name().unwrap_or("UTC"),
    };
    page.show("freezes.html", "Freezes", shows)
}

/// A form about a freeze. What a form does not have stays empty.
#[derive(Debug, Deserialize)]
pub(super) struct Sent {
    csrf: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    summary: String,
    #[serde(default)]
    until: String,
    #[serde(default)]
    environment: String,
    #[serde(default)]
    reason: String,
}

/// `POST /freezes`
pub(super) async fn declare(page: Page, Form(sent): Form<Sent>) -> Response {
    let Some(until) = page.moment(&sent.until) else { return no_time(&sent.until) };
    let environments: BTreeSet<String> =
        Some(sent.environment).filter(|name| !name.is_empty()).into_iter().collect();
    let command = freeze::Command::Declare {
        summary: sent.summary,
        window: Window { from: page.now(), until },
        scope: Scope { environments, ..Scope::default() },
        passes: BTreeSet::new(),
    };
    let command = Command::Freeze { name: sent.name, command };
    page.carry_out(&sent.csrf, command, "/freezes", "It is frozen").await
}

/// `POST /freezes/<name>/lift`
pub(super) async fn lift(page: Page, Path(name): Path<String>, Form(sent): Form<Sent>) -> Response {
    let until = match sent.until.as_str() {
        "" => None,
        text => match page.moment(text) {
            Some(until) => Some(until),
            None => return no_time(text),
        },
    };
    let command = freeze::Command::Lift { until, reason: Text::Plain(sent.reason) };
    let command = Command::Freeze { name, command };
    page.carry_out(&sent.csrf, command, "/freezes", "It is lifted").await
}

fn no_time(text: &str) -> Response {
    notes::redirect("/freezes", &Note::bad(format!("`{text}` is no time.")))
}
