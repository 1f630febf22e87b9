//! Today: what needs me, what changed, what comes next, what is missing.

use axum::response::Response;
use gitops::record::change::Stage;
use governance::views;
use minijinja::context;
use reliability::views::IncidentRow;
use serde::Serialize;

use super::frame::Page;
use super::round_table;
use super::templates::view;
use crate::{AppState, Lens};

/// `GET /`
pub(super) async fn show(page: Page) -> Response {
    let reading = page.reading();
    let rows = org::views::seats(page.snapshot().model(), &page.snapshot().facts);
    let today = views::today(&reading, page.viewer.person.as_deref());
    let changes = waiting(&page);
    let incidents = incidents(&page);
    let budgets = super::objectives::urgent(&page);
    let machines = super::fleet::problems(&page);
    let verified = page.lens().verified();
    let operations = page.lens().operations(&verified);
    let coverage = reliability::views::coverage(&operations);
    let clocks = reliability::views::clocks(&operations, page.viewer.person.as_deref());
    let shows = context! {
        budgets => view(budgets), clocks => view(clocks), coverage => view(coverage), incidents => view(incidents),
        machines => view(machines), changes => view(changes), table => view(round_table::draw(&rows)), view => view(today)
    };
    page.show("today.html", "Today", shows)
}

/// The incidents that go on, the worst first; drills are nobody's worry here.
fn incidents(page: &Page) -> Vec<IncidentRow> {
    let verified = page.lens().verified();
    let reading = page.lens().operations(&verified);
    let mut rows = reliability::views::incidents(&reading, page.viewer.person.as_deref());
    rows.retain(|row| row.stage.is_open() && !row.test);
    rows.sort_by_key(|row| (row.level.unwrap_or(u32::MAX), row.since));
    rows
}

/// A change that waits for the viewer.
#[derive(Debug, Serialize)]
struct Waiting {
    id: String,
    title: String,
    why: String,
    since: String,
    overdue: bool,
}

/// The changes that the viewer may approve, or wrote and can move on, or must review.
fn waiting(page: &Page) -> Vec<Waiting> {
    let (state, lens) = (page.state(), page.lens());
    let Some(person) = page.viewer.person.as_deref() else { return Vec::new() };
    let mut found = Vec::new();
    for (id, change) in &lens.record.state.changes.changes {
        let author = change.author == person;
        let why = match change.stage {
            Stage::AwaitingApproval if !author => asked(state, lens, id, person),
            Stage::Approved if author => Some("it may be applied, if the gate agrees".to_owned()),
            Stage::Failed if author => Some("it failed; go on, or plan the way back".to_owned()),
            Stage::Planned if author => Some("read the plan, and ask the seats".to_owned()),
            Stage::AwaitingApproval
            | Stage::Approved
            | Stage::Failed
            | Stage::Planned
            | Stage::Draft
            | Stage::Applying
            | Stage::Verifying
            | Stage::Done
            | Stage::RolledBack
            | Stage::Abandoned => None,
        };
        if let Some(why) = why {
            let gate = lens.gate(state);
            let card = gitops::views::card(&lens.changes(&gate), id, change);
            let (title, overdue) = (card.title, card.overdue);
            found.push(Waiting {
                id: id.clone(),
                title,
                why,
                since: change.since.to_string(),
                overdue,
            });
        }
    }
    found
}

fn asked(state: &AppState, lens: &Lens, id: &str, person: &str) -> Option<String> {
    let gate = lens.gate(state).of_change(state, lens, id);
    let detail = gitops::views::detail(&lens.changes(&gate), id, Some(person))?;
    let needed = detail.verdict.iter().flat_map(|verdict| &verdict.needed);
    let needed: Vec<_> = needed.filter_map(|need| need.party.strip_prefix("seat/")).collect();
    let seat = detail.may_approve_for.iter().find(|seat| needed.contains(&seat.as_str()))?;
    Some(format!("your approval for `seat/{seat}` is open"))
}
