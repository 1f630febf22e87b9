//! `council show`: one resource as it stands in its file, and who refers to it.

use diag::{LineIndex, Sources as _};
use playbook::{Resource, Use, Workspace};
use serde::Serialize;

use crate::answer::{Answer, Outcome};
use crate::command_error::CommandError;
use crate::context::Context;
use crate::page::{Page, Tone};
use crate::resources;

/// Show one resource: where it stands, what it says, what it refers to and who refers to it
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Show {
    /// A reference, such as `seat/network-security`, or a name that is unique
    resource: String,
}

/// Runs it.
pub(crate) fn run(show: &Show, context: &Context) -> Result<Outcome, CommandError> {
    let workspace = context.read()?;
    let resource = resources::find(workspace.model(), &show.resource)?;
    context.printer.show_paged(&Shown::of(resource, &workspace))?;
    Ok(Outcome::Done)
}

#[derive(Serialize)]
struct Shown<'w> {
    id: String,
    title: &'w str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'w str>,
    file: String,
    line: u32,
    digest: &'w str,
    refers_to: Vec<String>,
    referred_to_by: Vec<String>,
    text: &'w str,
}

impl<'w> Shown<'w> {
    fn of(resource: &'w Resource, workspace: &'w Workspace) -> Self {
        let text = workspace.text(&resource.place.file).unwrap_or_default();
        let extent = resource.extent.start as usize..resource.extent.end as usize;
        let mut refers_to: Vec<String> = resource.uses.iter().filter_map(target).collect();
        refers_to.sort();
        refers_to.dedup();
        let id = resource.id.to_string();
        let refers = |other: &&Resource| {
            other.uses.iter().any(|one| target(one).as_deref() == Some(id.as_str()))
        };
        let referring = workspace.model().resources().filter(refers);
        Self {
            title: resource.title(),
            description: resource.meta.description.as_deref(),
            file: workspace.shown(&resource.place.file).into_owned(),
            line: LineIndex::new(text).position(text, resource.place.span.start).line,
            digest: &resource.digest,
            refers_to,
            referred_to_by: referring.map(|other| other.id.to_string()).collect(),
            text: text.get(extent).unwrap_or_default().trim(),
            id,
        }
    }
}

fn target(one: &Use) -> Option<String> {
    Some(format!("{}/{}", one.slug.as_deref()?, one.name))
}

impl Answer for Shown<'_> {
    fn write(&self, page: &mut Page) {
        let id = page.tone(Tone::Name, &self.id);
        let title = page.tone(Tone::Heading, self.title);
        page.line(format!("{id}  {title}"));
        let place = page.tone(Tone::Quiet, format!("{}:{}", self.file, self.line));
        page.line(place);
        page.gap();
        for line in self.text.lines() {
            page.line(format!("    {line}"));
        }
        page.gap();
        for (label, ids) in
            [("refers to", &self.refers_to), ("referred to by", &self.referred_to_by)]
        {
            if !ids.is_empty() {
                let label = page.tone(Tone::Quiet, format!("{label}:"));
                page.line(format!("{label} {}", ids.join(", ")));
            }
        }
    }
}
