//! Who: ownership of anything, and what breaks when somebody leaves.

use axum::extract::Query;
use axum::response::Response;
use jiff::civil::Date;
use minijinja::context;
use org::views;
use serde::Deserialize;

use super::frame::Page;
use super::templates::view;

/// The question.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
}

/// `GET /who?q=…`
pub(super) async fn ask(page: Page, Query(asked): Query<Asked>) -> Response {
    let query = asked.q.trim();
    let (model, facts) = (page.snapshot().model(), &page.snapshot().facts);
    let answer = (!query.is_empty()).then(|| governance::who::answer(model, query, facts));
    let shows = context! {
        query,
        answer => view(answer),
        people => view(views::people(model, facts)),
        today => facts.today.to_string(),
    };
    page.show("who.html", "Who", shows)
}

/// Who leaves, and when.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Leaving {
    #[serde(default)]
    person: String,
    #[serde(default)]
    on: String,
}

/// `GET /who/leave?person=…&on=…`
pub(super) async fn leave(page: Page, Query(leaving): Query<Leaving>) -> Response {
    let (model, facts) = (page.snapshot().model(), &page.snapshot().facts);
    let on = leaving.on.parse::<Date>().unwrap_or(facts.today);
    let record = page.state().record();
    let found = governance::who::leave(model, &record.state.council, &leaving.person, on);
    let (answer, problem) = match found {
        Ok(answer) => (Some(answer), None),
        Err(_) if leaving.person.is_empty() => (None, None),
        Err(unknown) => (None, Some(unknown.to_string())),
    };
    let shows = context! {
        answer => view(answer),
        problem,
        person => leaving.person,
        on => on.to_string(),
        people => view(views::people(model, facts)),
    };
    page.show("leave.html", "If somebody left", shows)
}
