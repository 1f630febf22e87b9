//! `council inventory`: hosts and groups for Ansible, from the playbook and what systems reported.

use std::io::IsTerminal as _;
use std::path::PathBuf;

use gitops::render::inventory::{self, Host, Inventory as Found};
use serde::Serialize;

use crate::answer::{Answer, Outcome};
use crate::command_error::CommandError;
use crate::context::Context;
use crate::hosts;
use crate::page::{Page, Tone};
use crate::printer::json;
use crate::table::Table;

/// Show the hosts that the playbook declares, in the groups that Ansible uses
///
/// With `--list` and `--host` it speaks the contract of Ansible's dynamic inventories: a script that
/// ends in `exec council inventory "$@"` is an inventory, and needs no network. Hosts are grouped by
/// role, site, rack, environment, team and tag.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Inventory {
    /// Print everything as JSON for Ansible
    #[arg(long, group = "how")]
    list: bool,
    /// Print one host's variables as JSON for Ansible
    #[arg(long, group = "how", value_name = "NAME")]
    host: Option<String>,
    /// Print the tree of groups
    #[arg(long, group = "how")]
    graph: bool,
    /// A file of hosts that a system reported: a JSON list of rows; may be given several times
    #[arg(long, value_name = "FILE")]
    observed: Vec<PathBuf>,
}

/// Runs it.
pub(crate) fn run(command: &Inventory, context: &Context) -> Result<Outcome, CommandError> {
    let workspace = context.read()?;
    let model = workspace.model();
    let declared = hosts::declared(model, context.facts(model).today);
    let observed = observed(command, context)?;
    let found = inventory::inventory(declared, observed).map_err(|same| {
        CommandError::failed(same.to_string())
            .why("a play for the one would run on the hosts of the other")
            .hint("rename one of them; in a group's name, all but letters and digits becomes `_`")
    })?;
    if command.list {
        context.printer.data(&listed(&found))?;
    } else if let Some(name) = &command.host {
        let host = found.host(name).ok_or_else(|| unknown(name, &found))?;
        context.printer.data(&json(&Found::variables(host)))?;
    } else if command.graph {
        context.printer.data(&found.graph())?;
    } else {
        context.printer.show(&Rows(found.hosts().collect()))?;
        if found.hosts().next().is_none() {
            context
                .printer
                .note("the playbook declares no machine; `council explain machine` shows how");
        }
    }
    Ok(Outcome::Done)
}

/// Indented for a person at a terminal; for Ansible without spaces, which are half of it.
fn listed(found: &Found) -> String {
    if std::io::stdout().is_terminal() {
        return json(&found.list());
    }
    let mut text = serde_json::to_string(&found.list())
        .expect("BUG: an inventory has string keys and no fallible serializers");
    text.push('\n');
    text
}

fn unknown(name: &str, found: &Found) -> CommandError {
    let names = found.hosts().map(|host| host.name.as_str());
    CommandError::failed(format!("there is no host `{name}`"))
        .hints(crate::guess::did_you_mean(name, names))
        .hint("list all with `council inventory`")
}

/// Reads what systems reported.
fn observed(command: &Inventory, context: &Context) -> Result<Vec<Host>, CommandError> {
    let mut reports = Vec::new();
    for file in &command.observed {
        let text = crate::files::read(&context.environment.directory.join(file))?;
        let rows: Vec<Host> = serde_json::from_str(&text).map_err(|error| {
            CommandError::failed(format!("`{}` is not a list of hosts", file.display()))
                .why(error)
                .hint("write a JSON list of rows such as `{\"name\": \"gpu-01\", \"address\": \"10.10.1.21\", \"role\": \"gpu\"}`")
        })?;
        reports.extend(rows);
    }
    Ok(reports)
}

#[derive(Serialize)]
#[serde(transparent)]
struct Rows<'i>(Vec<&'i Host>);

impl Answer for Rows<'_> {
    fn write(&self, page: &mut Page) {
        let mut table =
            Table::new(&["Host", "Role", "Site", "Rack", "Environment", "Team", "Address"]);
        let word = |word: &Option<String>| word.clone().unwrap_or_default();
        for host in &self.0 {
            table.row([
                page.tone(Tone::Name, &host.name),
                word(&host.role),
                word(&host.site),
                word(&host.rack),
                word(&host.environment),
                word(&host.team),
                word(&host.address),
            ]);
        }
        if !table.is_empty() {
            page.table(&table);
        }
    }
}
