//! `council init`: a small playbook that is sound from the first minute, with its gaps shown.
//!
//! The templates are files beside this one. They declare no people, because nobody's name should be
//! invented: the seats stay empty, and `council check` says what that means and what to do.

use std::path::{Path, PathBuf};

use crate::answer::Outcome;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::page::{Page, Tone};
use crate::playbook_root::MARKER;
use crate::table::Table;
use crate::{files, slug};

/// Start a new playbook: organization, seats, how decisions are made, a first decision
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Init {
    /// Where; made when it is not there
    #[arg(default_value = ".")]
    directory: PathBuf,
    /// The organization's name [default: the directory's]
    #[arg(long, value_name = "NAME")]
    title: Option<String>,
    /// Its time zone, such as `Europe/Berlin` [default: this machine's]
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<String>,
    /// Its currency
    #[arg(long, value_name = "CODE", default_value = "EUR")]
    currency: String,
}

/// The files of a new playbook, in the order in which to read them.
const FILES: [(&str, &str, &str); 6] = [
    (MARKER, include_str!("council.yaml"), "the organization: purpose, north star, hours"),
    ("people.yaml", include_str!("people.yaml"), "who works here: begin with yourself"),
    ("seats.yaml", include_str!("seats.yaml"), "the council's seats, still empty"),
    ("governance.yaml", include_str!("governance.yaml"), "decision types, RACI, the weekly sync"),
    (
        "decisions/0001-run-a-council.md",
        include_str!("0001-run-a-council.md"),
        "a first decision, to be proposed",
    ),
    (".gitignore", include_str!("gitignore"), "keeps the record out of Git"),
];

/// Runs it.
pub(crate) fn run(init: &Init, context: &Context) -> Result<Outcome, CommandError> {
    let target = context.environment.directory.join(&init.directory);
    refuse_existing(&target, &init.directory)?;
    let values = Values::of(init, &target, context)?;
    for (name, template, _) in FILES {
        files::write(&target.join(name), values.fill(template))?;
    }
    context.printer.note(&welcome(&init.directory, context.printer.color_err()));
    Ok(Outcome::Done)
}

/// Never overwrites anybody's work.
fn refuse_existing(target: &Path, shown: &Path) -> Result<(), CommandError> {
    let existing = FILES.iter().find(|(name, _, _)| target.join(name).exists());
    match existing {
        None => Ok(()),
        Some((name, _, _)) => Err(CommandError::failed(format!(
            "`{}` is there already; nothing was written",
            shown.join(name).display()
        ))
        .hint("start in an empty directory, such as `council init playbook`")),
    }
}

/// What the templates leave open.
struct Values {
    name: String,
    title: String,
    time_zone: String,
    currency: String,
    today: String,
}

impl Values {
    fn of(init: &Init, target: &Path, context: &Context) -> Result<Self, CommandError> {
        let directory = std::path::absolute(target).unwrap_or_else(|_| target.to_owned());
        let directory = directory.file_name().map(|name| name.to_string_lossy().into_owned());
        let title = init.title.clone().or(directory).unwrap_or_else(|| "Example".to_owned());
        let machine = || jiff::tz::TimeZone::system().iana_name().map(str::to_owned);
        let time_zone = init.time_zone.clone().or_else(machine).unwrap_or_else(|| "UTC".to_owned());
        if jiff::tz::TimeZone::get(&time_zone).is_err() {
            return Err(CommandError::usage(format!("`{time_zone}` is not a time zone"))
                .hint("use a name of the time zone database, such as `Europe/Berlin`"));
        }
        let today = context
            .options
            .date
            .unwrap_or_else(|| context.environment.now.to_zoned(jiff::tz::TimeZone::UTC).date());
        let currency = init.currency.clone();
        let name = Some(slug::of(&title)).filter(|name| !name.is_empty());
        let name = name.unwrap_or_else(|| "example".to_owned());
        Ok(Self { name, title, time_zone, currency, today: today.to_string() })
    }

    fn fill(&self, template: &str) -> String {
        let quoted = serde_json::Value::from(self.title.as_str()).to_string();
        template
            .replace("{name}", &self.name)
            .replace("\"{title}\"", &quoted)
            .replace("{title}", &self.title)
            .replace("{time_zone}", &self.time_zone)
            .replace("{currency}", &self.currency)
            .replace("{today}", &self.today)
    }
}

fn welcome(directory: &Path, color: bool) -> String {
    let mut page = Page::new(color);
    page.line(format!("made a playbook in `{}`:", directory.display()));
    let mut table = Table::default();
    for (name, _, purpose) in FILES {
        table.row([page.tone(Tone::Name, format!("  {name}")), purpose.to_owned()]);
    }
    page.table(&table);
    page.gap();
    page.line("What now:");
    let below = if directory == Path::new(".") {
        String::new()
    } else {
        format!(" {}", directory.display())
    };
    let mut table = Table::default();
    for (command, purpose) in
        [("check", "see what is missing, with the place"), ("up", "start the council")]
    {
        table.row([page.tone(Tone::Name, format!("  council {command}{below}")), purpose.into()]);
    }
    page.table(&table);
    page.finish().trim_end().to_owned()
}
