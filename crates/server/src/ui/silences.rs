//! Silences: in force, ahead, over; what a new one would match, making and ending one.

use axum::Form;
use axum::extract::{Path, Query};
use axum::response::Response;
use minijinja::context;
use reliability::alerts::parse_matchers;
use reliability::record::silence::{Command, Stage};
use reliability::views;
use serde::Deserialize;

use super::frame::Page;
use super::incident::Fields;
use super::notes::{self, Note};
use super::templates::view;
use crate::api::silences::SilenceRequest;
use crate::http::Problem;

/// How many silences that are over the page shows.
const OVER: usize = 30;

/// What is being written.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    matchers: String,
}

/// `GET /silences`
pub(super) async fn list(page: Page, Query(asked): Query<Asked>) -> Response {
    let verified = page.lens().verified();
    let reading = page.lens().operations(&verified);
    let rows = views::silences(&reading);
    let of = |stage| rows.iter().filter(move |row| row.stage == stage);
    let over: Vec<_> = of(Stage::Expired).take(OVER).collect();
    let (active, pending): (Vec<_>, Vec<_>) =
        (of(Stage::Active).collect(), of(Stage::Pending).collect());
    let read = parse_matchers(&asked.matchers);
    let problem = read.as_ref().err().map(ToString::to_string);
    let found = read.unwrap_or_default();
    let preview = views::matched(&reading, &found);
    let shows = context! {
        active => view(active), pending => view(pending), over => view(over),
        matchers => asked.matchers, problem,
        count => preview.len(),
        previewed => !found.is_empty(),
        preview => view(preview.into_iter().take(OVER).collect::<Vec<_>>()),
        zone => page.snapshot().time_zone().iana_name().unwrap_or("UTC"),
    };
    page.show("silences.html", "Silences", shows)
}

/// `POST /silences`
pub(super) async fn create(page: Page, Form(fields): Form<Vec<(String, String)>>) -> Response {
    let fields = Fields(fields);
    let note = match make(&page, &fields).await {
        Ok(()) => {
            Note::good("It is quiet until then. If it matches nothing for long, it ends by itself.")
        }
        Err(problem) => Note::refusal(&problem),
    };
    notes::redirect("/silences", &note)
}

async fn make(page: &Page, fields: &Fields) -> Result<(), Problem> {
    page.csrf().verify(fields.get("csrf"))?;
    let until = fields.get("until");
    let no_time = || crate::perform::wrong_value(format!("`{until}` is no time."));
    let asked = SilenceRequest {
        matchers: fields.get("matchers").to_owned(),
        from: None,
        until: page.moment(until).ok_or_else(no_time)?,
        reason: fields.get("reason").to_owned(),
    };
    let terms = asked.terms(page.state().clock().now())?;
    let both = || (Command::Create(terms.clone()), Command::Change(terms.clone()));
    page.state().silence(&page.viewer, None, both).await?;
    Ok(())
}

/// `POST /silences/<id>/expire`
pub(super) async fn expire(
    page: Page,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let done = match page.csrf().verify(Fields(fields).get("csrf")) {
        Ok(()) => page.state().expire_silence(&page.viewer, &id).await.map(drop),
        Err(problem) => Err(problem),
    };
    let note = match done {
        Ok(()) => Note::good("It is over. What it kept quiet is told again."),
        Err(problem) => Note::refusal(&problem),
    };
    notes::redirect("/silences", &note)
}
