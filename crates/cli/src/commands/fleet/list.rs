//! `council fleet list`: every machine, how far it is, and what is wrong.

use fleet::views::{Health, MachineRow};
use serde::{Deserialize, Serialize};

use super::stage;
use crate::answer::{Answer, Outcome};
use crate::client::Client;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::page::{Page, Tone};
use crate::table::Table;

/// Machines of one page; the API gives no more at once.
const PAGE: usize = 200;

/// List machines with their stage, as a running council saw them last
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct List {
    /// Only machines of this site
    #[arg(long, value_name = "SITE")]
    site: Option<String>,
    /// Only machines that need a person
    #[arg(long)]
    problems: bool,
}

#[derive(Deserialize)]
struct Rows {
    items: Vec<MachineRow>,
    #[serde(default)]
    next: Option<String>,
}

/// Runs it.
pub(super) fn run(list: &List, context: &Context) -> Result<Outcome, CommandError> {
    let client = Client::of(context)?;
    let mut rows = Vec::new();
    let mut path = format!("/api/v1/fleet/machines?limit={PAGE}");
    loop {
        let page: Rows = client.get(&path)?;
        rows.extend(page.items);
        match page.next {
            Some(next) => path = format!("/api/v1/fleet/machines?limit={PAGE}&cursor={next}"),
            None => break,
        }
    }
    rows.retain(|row| {
        list.site.as_ref().is_none_or(|site| *site == row.site)
            && (!list.problems || row.health == Health::Problem)
    });
    context.printer.show_paged(&Shown(rows))?;
    Ok(Outcome::Done)
}

#[derive(Serialize)]
#[serde(transparent)]
struct Shown(Vec<MachineRow>);

impl Answer for Shown {
    fn write(&self, page: &mut Page) {
        if self.0.is_empty() {
            page.line("no such machines");
            return;
        }
        if self.0.iter().any(|row| row.simulated) {
            page.line(page.tone(Tone::Warning, "simulated: an estate plays the provisioners"));
        }
        let mut table = Table::new(&["Machine", "Stage", "Power", "Role", "Place", "Problem"]);
        for row in &self.0 {
            let rack = row.rack.as_ref().map(|rack| format!("/{rack}")).unwrap_or_default();
            let problem = row.problems.first().cloned().unwrap_or_default();
            table.row([
                page.tone(Tone::Name, &row.name),
                stage(page, row.stage, row.health),
                row.power.word().to_owned(),
                row.role.clone(),
                format!("{}{rack}", row.site),
                problem,
            ]);
        }
        page.table(&table);
    }
}
