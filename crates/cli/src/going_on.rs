//! What goes on at the systems, as a running council saw it last: incidents, budgets, machines, changes that wait.
//!
//! None of it stands in the playbook, and most of it in no record: only a council that runs knows.

use governance::record::time_zone;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use playbook::Model;
use serde::{Deserialize, Serialize};

use crate::client::{Access, Client};
use crate::command_error::CommandError;
use crate::context::Context;
use crate::page::{Page, Tone};
use crate::remote_record;
use crate::table::Table;

/// What a council says of today beyond its procedures.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct GoingOn {
    incidents: Vec<Incident>,
    changes: Vec<Change>,
    budgets: Option<Budgets>,
    machines: Vec<Machine>,
    clocks: Vec<Clock>,
    /// The organization's, in which moments are told.
    #[serde(skip, default = "utc")]
    zone: TimeZone,
}

fn utc() -> TimeZone {
    TimeZone::UTC
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Incident {
    id: String,
    title: String,
    severity: Option<String>,
    leads: Option<Person>,
    waits: Vec<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Person {
    title: String,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Change {
    id: String,
    title: String,
    why: String,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Budgets {
    rows: Vec<Budget>,
    unknown: usize,
    why: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Budget {
    title: String,
    ends: Option<Timestamp>,
    spent: bool,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Machine {
    name: String,
    site: String,
    problems: Vec<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Clock {
    incident: String,
    what: String,
    due: Timestamp,
}

impl GoingOn {
    /// Asks the council that somebody signed in to; nothing when nobody did, and for the past.
    pub(crate) fn ask(context: &Context, model: &Model) -> Result<Option<Self>, CommandError> {
        let environment = &context.environment;
        if context.options.as_of.is_some() {
            return Ok(None);
        }
        let access = match &environment.url {
            Some(_) => Some(Access::find(environment)?),
            None => Access::stored(environment)?,
        };
        // Without a token there is nothing to be told.
        let Some(access) = access.filter(|access| access.token.is_some()) else { return Ok(None) };
        let client = Client::to(access)?;
        remote_record::same_organization(&client, model)?;
        let found: Self = client.get("/api/v1/today")?;
        Ok(Some(Self { zone: time_zone(model), ..found }))
    }

    /// Writes what there is, the worst first.
    pub(crate) fn write(&self, page: &mut Page) {
        let at = |moment: Timestamp| {
            moment.to_zoned(self.zone.clone()).strftime("%a %d %b %H:%M %Z").to_string()
        };
        let incidents = self.incidents.iter().map(|one| {
            let severity = one.severity.clone().unwrap_or_else(|| "no severity".to_owned());
            let leads = one.leads.as_ref().map(|person| format!("{} leads", person.title));
            let leads = leads.unwrap_or_else(|| "nobody leads".to_owned());
            let said = [vec![leads], one.waits.clone()].concat().join("; ");
            [format!("{} {}", one.id, one.title), severity, said]
        });
        section(page, "Going on", incidents);
        let clocks = self.clocks.iter().map(|clock| {
            [clock.what.clone(), format!("by {}", at(clock.due)), clock.incident.clone()]
        });
        section(page, "Clocks that run", clocks);
        let changes = self
            .changes
            .iter()
            .map(|change| [change.id.clone(), change.title.clone(), change.why.clone()]);
        section(page, "Changes that wait for you", changes);
        let budgets = self.budgets.iter().flat_map(|budgets| {
            let rows = budgets.rows.iter().map(|row| {
                let ends = row.ends.map(|ends| format!("gone {} at this rate", at(ends)));
                let stands = if row.spent { Some("spent".to_owned()) } else { ends };
                [row.title.clone(), stands.unwrap_or_default(), String::new()]
            });
            let why = budgets.why.iter().map(|why| {
                let count = diag::words::count(budgets.unknown, "budget");
                [count, "unknown".to_owned(), why.clone()]
            });
            rows.chain(why)
        });
        section(page, "Error budgets", budgets);
        let machines = self.machines.iter().map(|machine| {
            let problem = machine.problems.first().cloned().unwrap_or_default();
            [machine.name.clone(), machine.site.clone(), problem]
        });
        section(page, "Machines that need a person", machines);
    }
}

/// Rows under a heading; nothing when there are none.
pub(crate) fn section(page: &mut Page, title: &str, rows: impl Iterator<Item = [String; 3]>) {
    let mut table = Table::default();
    for [first, second, third] in rows {
        table.row([format!("  {first}"), second, page.tone(Tone::Quiet, third)]);
    }
    if !table.is_empty() {
        page.heading(title);
        page.table(&table);
    }
}
