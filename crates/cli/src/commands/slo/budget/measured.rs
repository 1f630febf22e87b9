//! What a council that runs has measured.

use reliability::views::BudgetView;
use serde::Deserialize;

use super::Budget;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::council::Council;
use crate::online::segment;

#[derive(Deserialize)]
struct Page {
    items: Vec<Row>,
    next: Option<String>,
}

#[derive(Deserialize)]
struct Row {
    budget: BudgetView,
    warnings: Vec<String>,
}

/// All that a council knows; nothing where none runs.
fn rows(context: &Context) -> Result<Vec<Row>, CommandError> {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    let Some(council) = Council::running_one(context)? else { return Ok(found) };
    loop {
        let page: Page = council.client().get(&format!("/api/v1/objectives?limit=500{cursor}"))?;
        found.extend(page.items);
        let Some(next) = page.next else { return Ok(found) };
        cursor = format!("&cursor={}", segment(&next));
    }
}

/// The budgets as the council knows them; nothing where none runs, where it has not measured yet, or where something else is
/// asked for than what it measures.
pub(super) fn all(
    asked: &Budget,
    context: &Context,
) -> Result<Option<Vec<BudgetView>>, CommandError> {
    let is_else = asked.prometheus.is_some() || asked.tenant.is_some() || asked.objective.is_some();
    // It measures for now, and not for a day that somebody names.
    if is_else || context.names_a_day() {
        return Ok(None);
    }
    let mut found = match rows(context) {
        Ok(found) if found.is_empty() => return Ok(None),
        Ok(found) => found,
        // Prometheus knows as well; who is not signed in may still ask it.
        Err(error) => {
            context.printer.warn(&format!("the council that runs does not say: {error}"));
            return Ok(None);
        }
    };
    if let Some(unknown) =
        asked.slos.iter().find(|id| found.iter().all(|row| row.budget.id != **id))
    {
        return Err(CommandError::failed(format!("the council measured no objective `{unknown}`"))
            .hint("list all with `council slo list`"));
    }
    found.retain(|row| asked.slos.is_empty() || asked.slos.contains(&row.budget.id));
    for row in &found {
        for warning in &row.warnings {
            context.printer.warn(&format!("{}: {warning}", row.budget.id));
        }
    }
    Ok(Some(found.into_iter().map(|row| row.budget).collect()))
}
