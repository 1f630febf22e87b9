//! Incidents: what is going on, what is to be learned, what was; and declaring one.

use axum::Form;
use axum::response::Response;
use governance::Text;
use jiff::Timestamp;
use minijinja::context;
use org::kinds::Service;
use reliability::kinds::Severity;
use reliability::record::incident::{Command, Stage};
use reliability::views::{self, IncidentRow};

use super::frame::Page;
use super::incident::Fields;
use super::notes::{self, Note};
use super::templates::view;

/// How many incidents that are over the page shows; the API has all of them.
const OVER: usize = 100;

/// `GET /incidents`
pub(super) async fn list(page: Page) -> Response {
    let verified = page.lens().verified();
    let reading = page.lens().operations(&verified);
    let rows = views::incidents(&reading, page.viewer.person.as_deref());
    let (mut open, rest): (Vec<IncidentRow>, Vec<_>) =
        rows.into_iter().partition(|row| row.stage.is_open());
    // The worst first, drills last, and then the oldest.
    open.sort_by_key(|row| (row.test, row.level.unwrap_or(u32::MAX), row.since));
    let learning = |row: &IncidentRow| matches!(row.stage, Stage::Resolved | Stage::Reviewed);
    let (learn, over): (Vec<_>, Vec<_>) = rest.into_iter().partition(learning);
    let count = over.len();
    let over: Vec<_> = over.into_iter().take(OVER).collect();
    let shows = context! { open => view(open), learn => view(learn), over => view(over), count };
    page.show("incidents.html", "Incidents", shows)
}

/// `GET /incidents/declare`
pub(super) async fn new(page: Page) -> Response {
    let model = page.snapshot().model();
    let services: Vec<_> = model.all::<Service>().map(|found| named(&found)).collect();
    let mut severities: Vec<_> = model.all::<Severity>().collect();
    severities.sort_by_key(|severity| severity.level.value);
    let severities: Vec<_> = severities
        .iter()
        .map(|found| {
            let meaning = found.meaning.clone().unwrap_or_default();
            (found.name().to_owned(), found.title().to_owned(), meaning, found.examples.clone())
        })
        .collect();
    let shows = context! {
        services => view(services),
        severities => view(severities),
        zone => page.snapshot().time_zone().iana_name().unwrap_or("UTC"),
    };
    page.show("declare.html", "Declare an incident", shows)
}

fn named<K: playbook::Kind>(found: &playbook::Typed<'_, K>) -> (String, String) {
    (found.name().to_owned(), found.title().to_owned())
}

/// `POST /incidents`
pub(super) async fn declare(page: Page, Form(fields): Form<Vec<(String, String)>>) -> Response {
    let fields = Fields(fields);
    let back = "/incidents/declare";
    if let Err(problem) = page.csrf().verify(fields.get("csrf")) {
        return notes::redirect(back, &Note::refusal(&problem));
    }
    let began = match began(&page, fields.get("began")) {
        Ok(began) => began,
        Err(note) => return notes::redirect(back, &note),
    };
    let command = Command::Open {
        title: Text::Plain(fields.get("title").to_owned()),
        services: fields.all("service"),
        alert: None,
        severity: fields.filled("severity"),
        began,
        noticed: None,
        test: fields.is_ticked("test"),
        private: fields.is_ticked("private"),
    };
    match page.state().declare_incident(&page.viewer, command).await {
        Ok(done) => {
            let to = format!("/incidents/{}", done.name());
            notes::redirect(&to, &Note::good("It is declared. Say how bad it is, and who leads."))
        }
        Err(problem) => notes::redirect(back, &Note::refusal(&problem)),
    }
}

fn began(page: &Page, text: &str) -> Result<Option<Timestamp>, Note> {
    if text.is_empty() {
        return Ok(None);
    }
    let moment = page.moment(text);
    moment.map(Some).ok_or_else(|| Note::bad(format!("`{text}` is no time.")))
}
