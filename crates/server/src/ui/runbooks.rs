//! Runbooks: what to do, how far each can be trusted, and what its runs printed.
//!
//! A page runs nothing: whoever runs a runbook sits where the systems can be reached. Agreeing to a step is done here.

use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use minijinja::context;
use reliability::record::runbook_run::Command;
use reliability::views;

use super::errors;
use super::frame::Page;
use super::incident::Fields;
use super::links::encoded;
use super::notes::{self, Note};
use super::templates::view;
use crate::http::{IfMatch, Problem};

/// How many runs a page shows, the newest first; the API has all of them.
const RUNS: usize = 20;

/// `GET /runbooks`
pub(super) async fn list(page: Page) -> Response {
    let verified = page.lens().verified();
    let reading = page.lens().operations(&verified);
    let shows = context! {
        rows => view(views::runbooks(&reading)),
        coverage => view(views::coverage(&reading)),
    };
    page.show("runbooks.html", "Runbooks", shows)
}

/// `GET /runbooks/<name>`
pub(super) async fn show(page: Page, Path(name): Path<String>) -> Response {
    let verified = page.lens().verified();
    let reading = page.lens().operations(&verified);
    let Some(mut detail) = views::runbook(&reading, &name) else {
        return errors::missing(&page, &format!("There is no runbook `{name}`."));
    };
    detail.runs.retain(|run| page.state().may_see_run(&page.viewer, &run.id).is_ok());
    let count = detail.runs.len();
    detail.runs.truncate(RUNS);
    let shows = context! { detail => view(&detail), count };
    page.show("runbook.html", &detail.row.title, shows)
}

/// `GET /runbooks/<name>/<run>`
pub(super) async fn run(page: Page, Path((name, id)): Path<(String, String)>) -> Response {
    let verified = page.lens().verified();
    let reading = page.lens().operations(&verified);
    let found = views::run(&reading, &id).filter(|found| found.row.runbook == name);
    let found = found.filter(|_| page.state().may_see_run(&page.viewer, &id).is_ok());
    let Some(detail) = found else {
        return errors::missing(&page, &format!("There is no run `{id}` of `{name}`."));
    };
    let runbook = views::runbook(&reading, &name);
    let title = runbook.as_ref().map_or(name, |found| found.row.title.clone());
    let next = runbook
        .as_ref()
        .filter(|_| detail.same_steps)
        .and_then(|found| found.steps.get(usize::try_from(detail.next).ok()?).cloned());
    let own = page.viewer.person.as_deref() == Some(detail.row.person.name.as_str());
    let shows = context! { detail => view(&detail), title, own, next => view(next) };
    page.show("run.html", &id, shows)
}

/// `POST /runbooks/<name>/<run>`: agrees to the step that waits.
pub(super) async fn act(
    page: Page,
    Path((name, id)): Path<(String, String)>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let back = format!("/runbooks/{}/{}", encoded(&name), encoded(&id));
    let note = match agree(&page, &id, &Fields(fields)).await {
        Ok(()) => Note::good("You have agreed; the step may be run."),
        Err(problem) => Note::refusal(&problem),
    };
    notes::redirect(&back, &note)
}

async fn agree(page: &Page, id: &str, fields: &Fields) -> Result<(), Problem> {
    page.csrf().verify(fields.get("csrf"))?;
    let step = fields.get("step");
    let step = step
        .parse()
        .map_err(|_| crate::perform::wrong_value(format!("`{step}` is no number of a step.")))?;
    let command = Command::Approve { step };
    page.state().run_on(&page.viewer, id, command, IfMatch::Absent).await?;
    Ok(())
}
