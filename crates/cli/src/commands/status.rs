//! `council status`: how the services are, as the outside was told; and the page as files for another place.

use std::path::PathBuf;

use reliability::views::{Status as View, StatusStanding as Standing};

use crate::answer::{Answer, Outcome};
use crate::command_error::CommandError;
use crate::context::Context;
use crate::council::{Council, Speaker};
use crate::page::{Page, Tone};
use crate::table::Table;

/// Show how the services are, as customers are told
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Status {
    /// Write the page as files into this directory, to be served from a place that stands when council does not
    #[arg(long, value_name = "DIRECTORY")]
    out: Option<PathBuf>,
    #[command(flatten)]
    speaker: Speaker,
}

/// Runs it.
pub(crate) fn run(command: &Status, context: &Context) -> Result<Outcome, CommandError> {
    let council = Council::look(context, &command.speaker)?;
    let status: View = council.client().get("/api/v1/status")?;
    let Some(directory) = &command.out else {
        context.printer.show(&Shown(status))?;
        return Ok(Outcome::Done);
    };
    let files = server::ui::status_files(&status)
        .map_err(|error| CommandError::failed(format!("the page cannot be made: {error}")))?;
    let below = context.environment.directory.join(directory);
    for (path, bytes) in &files {
        crate::files::write(&below.join(path), bytes)?;
    }
    let open = directory.join("index.html");
    context.printer.note(&format!("wrote {} files; open `{}`", files.len(), open.display()));
    Ok(Outcome::Done)
}

#[derive(serde::Serialize)]
#[serde(transparent)]
struct Shown(View);

impl Answer for Shown {
    fn write(&self, page: &mut Page) {
        let View { title, standing, components, incidents, maintenance, .. } = &self.0;
        let title = page.tone(Tone::Heading, title);
        page.line(format!("{title}: {}", words(*standing)));
        let mut table = Table::new(&["Component", "How it is"]);
        for row in components {
            table.row([row.title.clone(), words(row.standing).to_owned()]);
        }
        page.table(&table);
        for it in incidents {
            let newest = it.updates.first().map_or("", |update| update.text.as_str());
            page.line(format!("{}: {newest}", it.components.join(", ")));
        }
        for it in maintenance {
            page.line(format!("planned work: {}", it.text));
        }
    }
}

fn words(standing: Standing) -> &'static str {
    match standing {
        Standing::Operational => "works",
        Standing::Maintenance => "planned work",
        Standing::Degraded => "hurts",
        Standing::Outage => "does not work",
    }
}
