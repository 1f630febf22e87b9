//! `council slo budget`: what is left of error budgets, as the council measured it, or asked of Prometheus.

mod fetch;
mod measured;

use jiff::Timestamp;
use playbook::Model;
use reliability::kinds::openslo::DataSource;
use reliability::slo::budget::{Amendments, budget};
use reliability::slo::{Objective, lower};
use reliability::views::{BudgetView, budget_view};
use serde::Serialize;

use super::render::chosen;
use crate::answer::{Answer, Outcome};
use crate::command_error::CommandError;
use crate::context::Context;
use crate::page::{Page, Tone};
use crate::table::Table;

/// Show what is left of error budgets, how fast they go, and when they will be gone
///
/// A council that runs answers with what it measured last, and with the time that people have excluded. Otherwise, and when a
/// Prometheus or another objective is named, a Prometheus (or whatever speaks its API) that runs the rendered rules is asked.
/// What was not measured is shown as unknown, never as zero. Ends with 1 when a budget is spent or nothing is known of it.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Budget {
    /// Only these objectives [default: all]
    #[arg(value_name = "SLO")]
    slos: Vec<String>,
    /// Where Prometheus is [default: the `url` of the playbook's only Prometheus data source]
    #[arg(long, value_name = "URL", env = "COUNCIL_PROMETHEUS")]
    prometheus: Option<String>,
    /// The tenant, for servers that have several
    #[arg(long, value_name = "NAME")]
    tenant: Option<String>,
    /// What if the objective were this many percent
    #[arg(long, value_name = "PERCENT")]
    objective: Option<f64>,
}

/// Runs it.
pub(crate) fn run(command: &Budget, context: &Context) -> Result<Outcome, CommandError> {
    if let Some(budgets) = measured::all(command, context)? {
        return show(budgets, context);
    }
    let workspace = context.read()?;
    let model = workspace.model();
    let mut slos = chosen(lower(model).slos.clone(), &command.slos)?;
    if let Some(percent) = command.objective {
        let objective = Objective::of_percent(percent).ok_or_else(|| {
            CommandError::usage(format!("`{percent}` is no objective"))
                .hint("write percent below 100, such as `99.95`")
        })?;
        slos.iter_mut().for_each(|slo| slo.objective = objective);
    }
    let url = match &command.prometheus {
        Some(url) => url.clone(),
        None => declared(model)?,
    };
    let now = context.now_in(model);
    let now =
        Timestamp::from_second(now.as_second() - now.as_second().rem_euclid(60)).unwrap_or(now);
    let token = context.environment.prometheus_token.clone();
    let access = fetch::Access { url, tenant: command.tenant.clone(), token };
    let fetched = fetch::all(&slos, &access, now)?;
    let mut budgets = Vec::new();
    for (slo, fetched) in slos.iter().zip(fetched) {
        for warning in &fetched.warnings {
            context.printer.warn(&format!("{}: {warning}", slo.id));
        }
        let of = (slo.objective, &slo.window);
        let computed = budget(of, &fetched.readings, &Amendments::default(), now);
        budgets.push(budget_view(slo, &computed));
    }
    show(budgets, context)
}

fn show(mut budgets: Vec<BudgetView>, context: &Context) -> Result<Outcome, CommandError> {
    // The emptiest first; what is not known is more urgent than what is.
    budgets.sort_by(|left, right| {
        let key = |view: &BudgetView| view.left_at_worst.unwrap_or(f64::NEG_INFINITY);
        key(left).total_cmp(&key(right))
    });
    let healthy = budgets.iter().all(|view| view.left_at_worst.is_some_and(|left| left > 0.0));
    context.printer.show_paged(&Shown(budgets))?;
    Ok(if healthy { Outcome::Done } else { Outcome::Findings })
}

/// The address of the playbook's only Prometheus.
fn declared(model: &Model) -> Result<String, CommandError> {
    let sources = model.all::<DataSource>();
    let mut urls = sources
        .filter(|source| source.spec.r#type.eq_ignore_ascii_case("prometheus"))
        .filter_map(|source| source.spec.connection_details.get("url")?.as_str());
    match (urls.next(), urls.next()) {
        (Some(url), None) => Ok(url.to_owned()),
        (None, _) => Err(CommandError::usage("nobody says where Prometheus is")
            .hint("name it with `--prometheus URL`, or declare a `DataSource` of type Prometheus with a `url`")),
        (Some(_), Some(_)) => Err(CommandError::usage("the playbook names several Prometheus servers")
            .hint("choose one with `--prometheus URL`")),
    }
}

#[derive(Serialize)]
#[serde(transparent)]
struct Shown(Vec<BudgetView>);

impl Answer for Shown {
    fn write(&self, page: &mut Page) {
        let mut table =
            Table::new(&["SLO", "Objective", "Budget left", "Burn 1h", "Burn 1d", "Gone"]);
        for view in &self.0 {
            let burn = |over: &str| {
                let burn = view.burn.iter().find(|burn| burn.over == over);
                match burn.map(|burn| burn.rate) {
                    Some(Some(rate)) => format!("{rate:.2}×"),
                    Some(None) => "unknown".to_owned(),
                    None => "–".to_owned(),
                }
            };
            let tone = match view.left_at_worst {
                Some(left) if left > 0.25 => Tone::Good,
                Some(left) if left > 0.0 => Tone::Warning,
                Some(_) => Tone::Error,
                None => Tone::Warning,
            };
            table.row([
                page.tone(Tone::Name, &view.id),
                view.objective.clone(),
                page.tone(tone, view.left_in_words()),
                burn("1h"),
                burn("1d"),
                view.exhausted.clone(),
            ]);
        }
        page.table(&table);
        for view in &self.0 {
            if let Some(why) = &view.unknown {
                let label = page.tone(Tone::Warning, "unknown:");
                page.line(format!("{label} {}: {why}", view.id));
            }
            if let (None, Some(first)) = (&view.unknown, view.gaps.first()) {
                let label = page.tone(Tone::Warning, "gap:");
                let more = match view.gaps.len() {
                    1 => String::new(),
                    count => format!(", and {} more", count - 1),
                };
                let (from, to, why) = (first.from, first.to, &first.why);
                page.line(format!("{label} {}: {from} to {to}: {why}{more}", view.id));
            }
        }
    }
}
