//! One screen: whatever the size of the plan, what a person must know before agreeing to it.

use super::context::Context;
use super::layout::{Section, fit};
use super::overview::{Counts, Overview, Rollup, overview};
use super::text::{WIDTH, count, cut, money, plural, step_line};
use crate::plan::{Plan, Purpose};
use crate::step::{Action, Step};

/// Most rows of steps that are worth rendering: no screen has more lines.
const MOST_ROWS: usize = 200;

/// Renders a plan on so many lines, none longer than 110 characters.
#[must_use]
pub fn screen(plan: &Plan, context: &Context, lines: usize) -> String {
    let figures = overview(plan);
    let mut sections = head(plan, &figures, context);
    let grave = |step: &&Step| step.action.destroys() || !step.is_reversible();
    let title = "Destroys, and what cannot be taken back";
    sections.push(steps(title, plan, grave, context));
    sections.extend(figures.rollups.iter().map(rollup));
    sections.push(steps("Everything else", plan, |step| !grave(step), context));
    sections.push(held(&figures));
    sections.push(gate(context));
    let text: Vec<String> =
        fit(sections, lines).iter().map(|line| cut(line, WIDTH).trim_end().to_owned()).collect();
    text.join("\n") + "\n"
}

fn head(plan: &Plan, figures: &Overview, context: &Context) -> Vec<Section> {
    let line = |head: String| Section { head, ..Section::default() };
    let at = plan.at().strftime("%Y-%m-%d %H:%M UTC");
    let purpose = match plan.purpose() {
        Purpose::Change => "Plan".to_owned(),
        Purpose::Rollback { of } => format!("Rollback of {} as plan", of.short()),
    };
    let mut head = vec![
        line(format!(
            "{purpose} {} · generation {} · revision {} · {at}",
            plan.hash().short(),
            plan.generation(),
            cut(plan.revision(), 12)
        )),
        line(sum(figures)),
    ];
    head.extend(blast(figures, context).into_iter().map(line));
    head.extend(cost(figures, context).map(line));
    head
}

fn sum(figures: &Overview) -> String {
    let counts = figures.counts;
    if counts.all() == 0 {
        let held: usize = figures.held.iter().map(|group| group.count).sum();
        return match held {
            0 => "Nothing to do: everything is as it should be.".to_owned(),
            held => format!("Nothing to do now; {} held back.", plural(held, "resource")),
        };
    }
    let by_action: Vec<String> = Action::ALL
        .into_iter()
        .filter(|action| counts.get(*action) > 0)
        .map(|action| format!("{} {action}", count(counts.get(action))))
        .collect();
    let mut text = format!("{}: {}", plural(counts.all(), "step"), by_action.join(", "));
    if figures.irreversible > 0 {
        text += &format!(" · {} cannot be taken back", count(figures.irreversible));
    }
    let held: usize = figures.held.iter().map(|group| group.count).sum();
    if held > 0 {
        text += &format!(" · {} held back", count(held));
    }
    text
}

fn blast(figures: &Overview, context: &Context) -> Vec<String> {
    let mut lines = Vec::new();
    if figures.disruptive > 0 || !figures.services_hit.is_empty() {
        let steps = if figures.disruptive == 1 { "step" } else { "steps" };
        let mut text = format!("Blast radius: {} disruptive {steps}", count(figures.disruptive));
        match figures.domains_hit.as_slice() {
            [] => {}
            [domain] => text += &format!(" in {domain}, one at a time"),
            domains => {
                text += &format!(
                    " in {} failure domains, one at a time in each ({})",
                    count(domains.len()),
                    names(domains, 1)
                );
            }
        }
        lines.push(text);
        if !figures.services_hit.is_empty() {
            lines.push(format!(
                "  {} hit by destroys or interruptions: {}",
                plural(figures.services_hit.len(), "service"),
                names(&figures.services_hit, 4)
            ));
        }
    }
    lines.extend(context.blast.iter().map(|line| format!("  {line}")));
    lines
}

fn names(all: &[String], shown: usize) -> String {
    let mut text = all.iter().take(shown).cloned().collect::<Vec<_>>().join(", ");
    if all.len() > shown {
        text += &format!(" and {} more", count(all.len() - shown));
    }
    text
}

fn cost(figures: &Overview, context: &Context) -> Option<String> {
    let mut parts = Vec::new();
    if let Some(delta) = figures.cost_delta {
        let mut text = format!("{} a month", money(delta, &context.currency));
        if figures.cost_unknown > 0 {
            text += &format!(" ({} without a price)", plural(figures.cost_unknown, "step"));
        }
        parts.push(text);
    }
    let quotas = figures.quota_delta.iter().filter(|(_, delta)| **delta != 0);
    parts.extend(quotas.map(|(name, delta)| format!("{name} {delta:+}")));
    (!parts.is_empty()).then(|| format!("Cost and quota: {}", parts.join(" · ")))
}

fn steps(title: &str, plan: &Plan, admits: impl Fn(&&Step) -> bool, context: &Context) -> Section {
    let mut admitted: Vec<&Step> = plan.steps().iter().filter(admits).collect();
    if admitted.is_empty() {
        return Section::default();
    }
    // The gravest action first; among equals what interrupts, then the plan's order.
    admitted.sort_by_key(|step| (step.action, !step.disruptive, step.id));
    Section {
        head: format!("{title} ({})", count(admitted.len())),
        rows: admitted.iter().take(MOST_ROWS).map(|s| format!("  {}", step_line(s))).collect(),
        all: admitted.len(),
        more: match context.drill_down.as_str() {
            "" => String::new(),
            command => format!(": {command}"),
        },
    }
}

fn rollup(rollup: &Rollup) -> Section {
    let actions: Vec<Action> = Action::ALL
        .into_iter()
        .filter(|action| rollup.rows.iter().any(|row| row.counts.get(*action) > 0))
        .collect();
    let figures = |counts: &Counts| -> String {
        actions.iter().map(|action| format!("{:>9}", count(counts.get(*action)))).collect()
    };
    let words: String = actions.iter().map(|action| format!("{:>9}", action.word())).collect();
    let mut label = rollup.label.clone();
    label.insert_str(0, "By ");
    Section {
        head: format!("{label:<28}{words}{:>12}", "disruptive"),
        rows: rollup
            .rows
            .iter()
            .map(|row| {
                let name = row.name.as_deref().unwrap_or("(none)");
                let name = format!("  {}", cut(name, 25));
                format!("{name:<28}{}{:>12}", figures(&row.counts), count(row.disruptive))
            })
            .collect(),
        all: rollup.rows.len(),
        more: String::new(),
    }
}

fn held(figures: &Overview) -> Section {
    let all: usize = figures.held.iter().map(|group| group.count).sum();
    if all == 0 {
        return Section::default();
    }
    let rows: Vec<String> = figures
        .held
        .iter()
        .map(|group| {
            format!(
                "  {} × {} in {}: {}",
                count(group.count),
                group.reason.phrase(),
                names(&group.targets, 3),
                group.first
            )
        })
        .collect();
    Section {
        head: format!("Held back ({})", count(all)),
        all: rows.len(),
        rows,
        more: String::new(),
    }
}

fn gate(context: &Context) -> Section {
    let mut rows: Vec<String> =
        context.verdict.iter().map(|verdict| format!("  {verdict}")).collect();
    rows.extend(context.freezes.iter().map(|freeze| format!("  ✗ {freeze}")));
    rows.extend(context.budgets.iter().map(|budget| {
        let mark = if budget.exhausted { "✗" } else { "✓" };
        format!("  {mark} error budget of {}: {} left", budget.service, budget.left)
    }));
    rows.extend(context.needs.iter().map(|need| {
        let mark = if need.met { "✓" } else { "·" };
        format!("  {mark} {}: {}", need.who, need.state)
    }));
    if context.freezes.is_empty() && !rows.is_empty() {
        rows.insert(usize::from(context.verdict.is_some()), "  ✓ no freeze".to_owned());
    }
    if rows.is_empty() {
        return Section::default();
    }
    Section { head: "Before it may run".to_owned(), all: rows.len(), rows, more: String::new() }
}
