//! Decisions as a list: open, in force, all; and how one proposes one.

use axum::extract::Query;
use axum::response::Response;
use governance::kinds::DecisionType;
use governance::record::decision::Stage;
use governance::views::{self, DecisionRow, PartyRef, Reading};
use minijinja::{Value, context};
use serde::{Deserialize, Serialize};

use super::frame::Page;
use super::templates::view;

/// Which decisions, and those with which words.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    show: String,
    #[serde(default)]
    q: String,
    #[serde(default, rename = "type")]
    decision_type: String,
}

/// Rows under one heading.
#[derive(Debug, Serialize)]
struct Group {
    title: Option<String>,
    /// Whether the heading says the type, so that rows need not.
    typed: bool,
    rows: Vec<DecisionRow>,
}

/// `GET /decisions`
pub(super) async fn list(page: Page, Query(asked): Query<Asked>) -> Response {
    page.show("decisions.html", "Decisions", shows(&page.reading(), &asked))
}

/// What the list shows.
pub(super) fn shows(reading: &Reading<'_>, asked: &Asked) -> Value {
    let all = views::decisions(reading).rows;
    let active: usize =
        views::active_set(reading).groups.iter().map(|group| group.decisions.len()).sum();
    let open = all.iter().filter(|row| is_open(row)).count();
    let tabs = [("", "All", all.len()), ("open", "Open", open), ("active", "In force", active)];
    let groups = match asked.show.as_str() {
        "active" => active_groups(reading),
        "open" => vec![group(all.into_iter().filter(is_open).collect())],
        _ => vec![group(all)],
    };
    let groups: Vec<_> = groups
        .into_iter()
        .map(|mut group| {
            group.rows.retain(|row| fits(row, asked));
            group
        })
        .filter(|group| !group.rows.is_empty())
        .collect();
    context! {
        groups => view(groups),
        tabs => view(tabs),
        tab => &*asked.show,
        q => &*asked.q,
        types => view(types(reading)),
        chosen_type => &*asked.decision_type,
    }
}

fn is_open(row: &DecisionRow) -> bool {
    row.stage.is_open() || row.stage == Stage::Draft
}

fn group(rows: Vec<DecisionRow>) -> Group {
    Group { title: None, typed: false, rows }
}

fn active_groups(reading: &Reading<'_>) -> Vec<Group> {
    let groups = views::active_set(reading).groups.into_iter().map(|group| Group {
        title: Some(group.decision_type.map_or_else(|| "Without a type".to_owned(), |it| it.title)),
        typed: true,
        rows: group.decisions,
    });
    groups.collect()
}

fn fits(row: &DecisionRow, asked: &Asked) -> bool {
    let words = asked.q.to_lowercase();
    let text = format!("{} {}", row.name, row.title).to_lowercase();
    let has_type = row.decision_type.as_ref().is_some_and(|it| it.reference == asked.decision_type);
    (asked.decision_type.is_empty() || has_type)
        && words.split_whitespace().all(|word| text.contains(word))
}

fn types(reading: &Reading<'_>) -> Vec<PartyRef> {
    reading
        .model
        .all::<DecisionType>()
        .map(|kind| PartyRef::of(reading.model, &kind.resource.id.to_string()))
        .collect()
}

/// `GET /decisions/how`
pub(super) async fn how(page: Page) -> Response {
    let reading = page.reading();
    let rows = views::decisions(&reading).rows;
    let highest = rows.iter().filter_map(|row| row.number.parse::<u32>().ok()).max().unwrap_or(0);
    let drafts: Vec<_> = rows.into_iter().filter(|row| row.stage == Stage::Draft).collect();
    let shows = context! {
        next => format!("{:04}", highest + 1),
        author => page.viewer.person.as_deref().unwrap_or("your-name"),
        today => reading.today().to_string(),
        drafts => view(drafts),
        types => view(types(&reading)),
    };
    page.show("how.html", "Propose a decision", shows)
}
