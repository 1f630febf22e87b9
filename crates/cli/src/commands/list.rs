//! `council list`: what the playbook declares.

use playbook::Resource;
use serde::Serialize;

use crate::answer::{Answer, Outcome};
use crate::command_error::CommandError;
use crate::context::Context;
use crate::page::{Page, Tone};
use crate::resources;
use crate::table::Table;

/// List the resources that the playbook declares, all or of one kind
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct List {
    /// A kind, such as `seat`
    kind: Option<String>,
}

/// Runs it.
pub(crate) fn run(list: &List, context: &Context) -> Result<Outcome, CommandError> {
    let workspace = context.read()?;
    let kind = list.kind.as_ref();
    let kind = kind.map(|kind| resources::kind(workspace.vocabulary(), kind));
    let slug = kind.transpose()?.map(|kind| kind.slug);
    let rows: Vec<Row<'_>> = match slug {
        Some(slug) => workspace.model().of_slug(slug).map(Row::of).collect(),
        None => workspace.model().resources().map(Row::of).collect(),
    };
    if rows.is_empty() {
        context.printer.note(&format!("the playbook declares no {}", slug.unwrap_or("resource")));
    }
    context.printer.show(&Rows(rows))?;
    Ok(Outcome::Done)
}

#[derive(Serialize)]
struct Row<'m> {
    id: String,
    title: &'m str,
    file: &'m str,
}

impl<'m> Row<'m> {
    fn of(resource: &'m Resource) -> Self {
        Self { id: resource.id.to_string(), title: resource.title(), file: &resource.place.file }
    }
}

#[derive(Serialize)]
#[serde(transparent)]
struct Rows<'m>(Vec<Row<'m>>);

impl Answer for Rows<'_> {
    fn write(&self, page: &mut Page) {
        let mut table = Table::default();
        for row in &self.0 {
            let id = page.tone(Tone::Name, &row.id);
            table.row([id, row.title.to_owned(), page.tone(Tone::Quiet, row.file)]);
        }
        page.table(&table);
    }
}
