//! `council oncall who`: who is on call, and whom a page reaches step by step.

use jiff::Timestamp;
use org::views::PersonRef;
use playbook::Model;
use reliability::EscalationPolicy;
use reliability::oncall::Exchange;
use reliability::oncall::escalate::{policy_of, rungs};
use reliability::views::{OnCallRow, on_call};
use serde::Serialize;

use super::moment;
use crate::answer::{Answer, Outcome};
use crate::command_error::CommandError;
use crate::context::Context;
use crate::page::{Page, Tone};
use crate::record::Record;
use crate::table::Table;

/// Say who is on call now, in every schedule or step by step for a service
///
/// Exits with 1 when somebody should be on call and nobody is.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Who {
    /// A service, or an escalation policy as `escalation-policy/name`
    service: Option<String>,
    /// At another moment, such as `2026-12-24T18:00:00Z`
    #[arg(long, value_name = "MOMENT")]
    at: Option<String>,
}

/// Runs it.
pub(super) fn run(who: &Who, context: &Context) -> Result<Outcome, CommandError> {
    let record = Record::read(context)?;
    let model = record.model();
    let now = moment(who.at.as_deref(), record.reading().now)?;
    let exchanges = record.reliability().exchanges();
    let found = match &who.service {
        Some(name) => Shown::Ladder(ladder(model, name, &exchanges, now)?),
        None => Shown::Rows(on_call(model, &exchanges, now)),
    };
    context.printer.show(&found)?;
    Ok(if found.has_gap() { Outcome::Findings } else { Outcome::Done })
}

#[derive(Serialize)]
#[serde(untagged)]
enum Shown {
    Rows(Vec<OnCallRow>),
    Ladder(Ladder),
}

#[derive(Serialize)]
struct Ladder {
    policy: String,
    title: String,
    repeat: u32,
    steps: Vec<Step>,
}

#[derive(Serialize)]
struct Step {
    after_minutes: i64,
    people: Vec<(PersonRef, String)>,
    gaps: Vec<String>,
}

fn ladder(
    model: &Model,
    name: &str,
    exchanges: &[Exchange],
    now: Timestamp,
) -> Result<Ladder, CommandError> {
    let policy = match name.strip_prefix("escalation-policy/") {
        Some(policy) => model.get::<EscalationPolicy>(policy),
        None => {
            let service = name.strip_prefix("service/").unwrap_or(name);
            if model.get::<org::kinds::Service>(service).is_none() {
                return Err(CommandError::failed(format!(
                    "the playbook declares no service `{service}`"
                ))
                .hint("list all with `council list service`"));
            }
            policy_of(model, service)
        }
    };
    let policy = policy.ok_or_else(|| {
        CommandError::failed(format!("no escalation policy serves `{name}`"))
            .hint("name it under `for` in a policy, or make one policy the `default`")
    })?;
    let steps = rungs(model, policy.spec, exchanges, now).into_iter().map(|rung| Step {
        after_minutes: rung.after.as_mins(),
        people: rung
            .people
            .into_iter()
            .map(|told| (PersonRef::of(model, &told.person), told.because))
            .collect(),
        gaps: rung.gaps,
    });
    Ok(Ladder {
        policy: policy.name().to_owned(),
        title: policy.title().to_owned(),
        repeat: policy.repeat,
        steps: steps.collect(),
    })
}

impl Shown {
    fn has_gap(&self) -> bool {
        match self {
            Self::Rows(rows) => rows.iter().any(|row| row.gap),
            Self::Ladder(ladder) => ladder.steps.iter().all(|step| step.people.is_empty()),
        }
    }
}

impl Answer for Shown {
    fn write(&self, page: &mut Page) {
        match self {
            Self::Rows(rows) => write_rows(rows, page),
            Self::Ladder(ladder) => ladder.write(page),
        }
    }
}

fn write_rows(rows: &[OnCallRow], page: &mut Page) {
    if rows.is_empty() {
        let none = page.tone(Tone::Quiet, "the playbook declares no schedule yet");
        return page.line(none);
    }
    let mut table = Table::new(&["Schedule", "On call", "Until", "Then"]);
    for row in rows {
        let name = |view: &reliability::views::ShiftView| {
            view.person.as_ref().map_or_else(String::new, |person| person.title.clone())
        };
        let now = match &row.now {
            Some(view) => name(view),
            None if row.gap => page.tone(Tone::Error, "nobody"),
            None => page.tone(Tone::Quiet, "—"),
        };
        let until = row.now.as_ref().map(|view| view.local_to.clone()).unwrap_or_default();
        let then = row.next.as_ref().map(|next| format!("{} from {}", name(next), next.local_from));
        let until = page.tone(Tone::Quiet, until);
        let then = page.tone(Tone::Quiet, then.unwrap_or_default());
        table.row([row.title.clone(), now, until, then]);
    }
    page.table(&table);
}

impl Ladder {
    fn write(&self, page: &mut Page) {
        let title = page.tone(Tone::Heading, &self.title);
        page.line(title);
        let mut table = Table::default();
        for step in &self.steps {
            let mut when = format!("  after {}m", step.after_minutes);
            if step.after_minutes == 0 {
                "  at once".clone_into(&mut when);
            }
            for (person, because) in &step.people {
                let because = page.tone(Tone::Quiet, because);
                table.row([std::mem::take(&mut when), person.title.clone(), because]);
            }
            for gap in &step.gaps {
                let nobody = page.tone(Tone::Warning, "nobody");
                table.row([std::mem::take(&mut when), nobody, gap.clone()]);
            }
        }
        page.table(&table);
        if self.repeat > 0 {
            let times = diag::words::count(usize::try_from(self.repeat).unwrap_or(0), "time");
            let again = page.tone(Tone::Quiet, format!("  and again, {times}"));
            page.line(again);
        }
    }
}
