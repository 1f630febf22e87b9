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

/// The budgets as the council knows them; nothing where none runs, where it has not measured yet, or where something else is
/// asked for than what it measures.
pub(super) fn all(
    asked: &Budget,
    context: &Context,
) -> Result<Option<Vec<BudgetView>>, CommandError> {
    if asked.prometheus.is_some() || asked.tenant.is_some() || asked.objective.is_some() {
        return Ok(None);
    }
    let Some(council) = Council::running_one(context)? else { return Ok(None) };
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let page: Page = council.client().get(&format!("/api/v1/objectives?limit=500{cursor}"))?;
        found.extend(page.items);
        let Some(next) = page.next else { break };
        cursor = format!("&cursor={}", segment(&next));
    }
    if found.is_empty() {
        return Ok(None);
    }
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
