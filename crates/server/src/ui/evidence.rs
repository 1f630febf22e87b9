//! Logs and traces of an incident: asked for, read, and kept in its timeline; and one trace span by span.

use axum::Form;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use minijinja::context;
use org::kinds::Service;
use reliability::views;
use serde::Deserialize;

use super::errors;
use super::frame::Page;
use super::incident::Fields;
use super::links::encoded;
use super::notes::{self, Note};
use super::templates::view;
use crate::api::excerpts::{EvidenceKind, EvidenceRequest};
use crate::excerpts::Wanted;
use crate::http::Problem;
use crate::perform::wrong_value;

/// Lines and traces that a page shows; the store's own page has more.
const SHOWN: u32 = 200;

/// What somebody asks for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    what: String,
    #[serde(default)]
    service: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    severity: String,
    #[serde(default)]
    at_least: String,
    #[serde(default)]
    only_errors: String,
}

/// `GET /incidents/<id>/evidence`
pub(super) async fn ask(
    page: Page,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    let (window, detail) = {
        let verified = page.lens().verified();
        let reading = page.lens().operations(&verified);
        let detail = views::incident(&reading, &id, page.viewer.person.as_deref());
        (page.state().incident_window(&page.viewer, &id), detail)
    };
    let (Ok(window), Some(detail)) = (window, detail) else {
        return errors::missing(&page, &format!("There is no incident `{id}`."));
    };
    let (mut logs, mut traces, mut problem) = (None, None, None);
    let wanted = wanted(&page, &asked, window);
    let may = page.state().may_read_telemetry(&page.viewer);
    match (may, wanted, asked.what.as_str()) {
        (Err(denied), ..) => problem = Some(denied),
        (Ok(()), Err(wrong), _) => problem = Some(wrong),
        (Ok(()), Ok(wanted), "logs") => match page.state().logs(&wanted).await {
            Ok(found) => logs = Some(found),
            Err(silent) => problem = Some(silent),
        },
        (Ok(()), Ok(wanted), "traces") => match page.state().traces(&wanted).await {
            Ok(found) => traces = Some(found),
            Err(silent) => problem = Some(silent),
        },
        (Ok(()), Ok(_), _) => {}
    }
    let services = page.snapshot().model().all::<Service>();
    let services: Vec<_> =
        services.map(|it| (it.name().to_owned(), it.title().to_owned())).collect();
    let zone = page.snapshot().time_zone();
    let local = |at: Timestamp| at.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M").to_string();
    let or = |given: &str, usual: String| if given.is_empty() { usual } else { given.to_owned() };
    let hurt = detail.row.services.first().cloned().unwrap_or_default();
    let (has_logs, has_traces) = page.state().has_excerpts();
    let heading = format!("Logs and traces of {id}");
    let shows = context! {
        id, services => view(services), has_logs, has_traces,
        title => &detail.row.title,
        service => or(&asked.service, hurt),
        from => or(&asked.from, local(window.0)), to => or(&asked.to, local(later(window.1))),
        what => asked.what, text => asked.text, severity => asked.severity,
        at_least => asked.at_least, only_errors => !asked.only_errors.is_empty(),
        logs => view(logs), traces => view(traces),
        problem => problem.as_ref().map(|it| (it.detail().to_owned(), it.hint_text().map(str::to_owned))),
        zone => zone.iana_name().unwrap_or("UTC"),
    };
    page.show("evidence.html", &heading, shows)
}

/// The end of the minute: a field that shows minutes would cut what happened last.
fn later(at: Timestamp) -> Timestamp {
    let seconds = at.as_second() - at.as_second().rem_euclid(60) + 60;
    Timestamp::from_second(seconds).unwrap_or(at)
}

fn wanted(page: &Page, asked: &Asked, window: (Timestamp, Timestamp)) -> Result<Wanted, Problem> {
    let moment = |given: &str, usual| match given {
        "" => Ok(Some(usual)),
        text => {
            page.moment(text).map(Some).ok_or_else(|| wrong_value(format!("`{text}` is no time.")))
        }
    };
    let filled = |given: &str| Some(given.trim()).filter(|it| !it.is_empty()).map(str::to_owned);
    let at_least = filled(&asked.at_least).map(|text| {
        text.parse().map_err(|_| wrong_value(format!("`{text}` is no number of milliseconds.")))
    });
    Ok(Wanted {
        service: asked.service.clone(),
        from: moment(&asked.from, window.0)?,
        to: moment(&asked.to, window.1)?,
        text: filled(&asked.text),
        severity: filled(&asked.severity),
        at_least: at_least.transpose()?,
        only_errors: !asked.only_errors.is_empty(),
        limit: Some(SHOWN),
    })
}

/// `POST /incidents/<id>/evidence`
pub(super) async fn keep(
    page: Page,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let note = match kept(&page, &id, &Fields(fields)).await {
        Ok(()) => Note::good("It is in the timeline, with the question that was asked."),
        Err(problem) => Note::refusal(&problem),
    };
    notes::redirect(&format!("/incidents/{}", encoded(&id)), &note)
}

async fn kept(page: &Page, id: &str, fields: &Fields) -> Result<(), Problem> {
    page.csrf().verify(fields.get("csrf"))?;
    let asked = Asked {
        service: fields.get("service").to_owned(),
        from: fields.get("from").to_owned(),
        to: fields.get("to").to_owned(),
        text: fields.get("text").to_owned(),
        severity: fields.get("severity").to_owned(),
        at_least: fields.get("at_least").to_owned(),
        only_errors: fields.get("only_errors").to_owned(),
        what: String::new(),
    };
    let window = page.state().incident_window(&page.viewer, id)?;
    let wanted = wanted(page, &asked, window)?;
    let request = EvidenceRequest {
        what: match fields.get("what") {
            "traces" => EvidenceKind::Traces,
            _ => EvidenceKind::Logs,
        },
        service: wanted.service,
        from: wanted.from,
        to: wanted.to,
        text: wanted.text,
        severity: wanted.severity,
        at_least: wanted.at_least,
        only_errors: wanted.only_errors,
        limit: wanted.limit,
    };
    page.state().keep_evidence(&page.viewer, id, request).await.map(drop)
}

/// `GET /traces/<id>`
pub(super) async fn trace(page: Page, Path(id): Path<String>) -> Response {
    let found = match page.state().may_read_telemetry(&page.viewer) {
        Ok(()) => page.state().trace(&id).await,
        Err(denied) => Err(denied),
    };
    match found {
        Ok(trace) => {
            let title = format!("Trace {id}");
            page.show("trace.html", &title, context! { trace => view(trace) })
        }
        Err(problem) => problem.into_response(),
    }
}
