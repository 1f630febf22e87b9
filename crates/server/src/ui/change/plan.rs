//! The plan on the page of a change: in numbers first, then step by step, never more than fits.

use gitops::record::change::State;
use minijinja::{Value, context};
use plan::execute::Record;
use plan::render::{Overview, overview, page};
use plan::{Action, Effect, FieldChange, Step, StepId};
use serde::Serialize;

use crate::AppState;
use crate::api::plans::StepFilter;
use crate::http::Problem;
use crate::ui::templates::view;

/// How many steps one page shows: with their fields it stays below its size.
const STEPS: usize = 40;

/// How many fields of a step are shown; the API has all.
const FIELDS: usize = 25;

/// The longest value of a field, in characters.
const LONGEST: usize = 80;

/// One step as the page shows it.
#[derive(Debug, Serialize)]
struct Row {
    id: u32,
    action: &'static str,
    resource: String,
    reversible: bool,
    standing: Option<&'static str>,
    note: Option<String>,
    fields: Vec<Field>,
}

#[derive(Debug, Serialize)]
struct Field {
    name: String,
    before: String,
    after: String,
}

#[derive(Debug, Serialize)]
struct Steps {
    rows: Vec<Row>,
    all: usize,
    next: Option<u32>,
}

/// What the page shows of a change's plan; nothing while there is none.
pub(super) fn shows(
    state: &AppState,
    change: &State,
    asked: &StepFilter,
) -> Result<Value, Problem> {
    let Some(planned) = &change.plan else { return Ok(context! { overview => () }) };
    let plan = state.plans().load(&planned.hash)?;
    let filter = asked.filter()?;
    let found = page(&plan, &filter, asked.from.map(StepId), STEPS);
    let standing = change.steps();
    let rows = found.steps.iter().map(|step| row(step, standing.get(&step.id).copied()));
    let overview: Overview = overview(&plan);
    let counts: Vec<_> = Action::ALL
        .into_iter()
        .map(|action| (action.word(), overview.counts.get(action)))
        .filter(|(_, count)| *count > 0)
        .collect();
    let steps = Steps { rows: rows.collect(), all: found.all, next: found.next.map(|next| next.0) };
    Ok(context! {
        counts => view(counts),
        filtered => steps.all < plan.steps().len() || asked.from.is_some(),
        overview => context! { all => plan.steps().len(), ..view(&overview) },
        steps => view(steps),
    })
}

fn row(step: &Step, record: Option<&Record>) -> Row {
    let (standing, note) = match record {
        None | Some(Record::Started { .. }) => (None, None),
        Some(Record::Intended { .. }) => (Some("begun"), None),
        Some(Record::Applied { effect: Effect::Changed { note }, .. }) => {
            (Some("applied"), Some(note.clone()))
        }
        Some(Record::Applied { effect: Effect::Unchanged, .. }) => {
            (Some("applied"), Some("it was so already".to_owned()))
        }
        Some(Record::Verified { .. }) => (Some("verified"), None),
        Some(Record::Failed { fault, .. }) => {
            (Some("failed"), Some(format!("{}: {}", fault.kind.phrase(), fault.message)))
        }
    };
    Row {
        id: step.id.0,
        action: step.action.word(),
        resource: step.resource.to_string(),
        reversible: step.is_reversible(),
        standing,
        note,
        fields: step.fields.iter().take(FIELDS).map(field).collect(),
    }
}

fn field(change: &FieldChange) -> Field {
    let shown = |value: &Option<serde_json::Value>| match value {
        None => "–".to_owned(),
        Some(serde_json::Value::String(text)) => cut(text),
        Some(other) => cut(&other.to_string()),
    };
    Field { name: change.name.clone(), before: shown(&change.before), after: shown(&change.after) }
}

fn cut(text: &str) -> String {
    let mut shown: String = text.chars().take(LONGEST).collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}
