//! What commands work with: options, environment, printer, and the playbook once somebody asks.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use org::kinds::Organization;
use playbook::{Facts, Model, Workspace};
use server::Clock;

use crate::arguments::{Arguments, Options};
use crate::checked::Checked;
use crate::command_error::CommandError;
use crate::environment::Environment;
use crate::past;
use crate::playbook_root;
use crate::printer::Printer;
use crate::shown;

/// One run of `council`.
#[derive(Debug)]
pub(crate) struct Context {
    /// Options of every command.
    pub(crate) options: Options,
    /// What came from outside.
    pub(crate) environment: Environment,
    /// The only thing that prints.
    pub(crate) printer: Printer,
}

impl Context {
    /// Makes the context of one run.
    pub(crate) fn new(arguments: &Arguments, environment: Environment) -> Self {
        let options = arguments.options.clone();
        let printer = Printer::new(options.format, options.color, &environment);
        Self { options, environment, printer }
    }

    /// Reads the playbook, sound or not, as it is or as it was; `named` is a directory given to the
    /// command itself.
    pub(crate) fn open(&self, named: Option<&Path>) -> Result<Workspace, CommandError> {
        let root = self.root(named)?;
        let vocabulary = Arc::new(crate::vocabulary());
        let Some(moment) = &self.options.as_of else {
            let prefix = shown::prefix(&root, &self.environment.directory);
            return Ok(Workspace::open(&root, vocabulary).shown_below(prefix));
        };
        let past = past::lay_out(&root, moment)?;
        let workspace = Workspace::open(&past.directory.path().join(past::FILES), vocabulary);
        // As Git writes a file of a revision.
        Ok(workspace.shown_below(format!("{}:", past.commit)))
    }

    /// The playbook's directory.
    pub(crate) fn root(&self, named: Option<&Path>) -> Result<PathBuf, CommandError> {
        let named = named.or(self.options.playbook.as_deref());
        playbook_root::find(named, &self.environment.directory)
    }

    /// Reads the playbook to answer a question from it; says on stderr when it has errors, because
    /// the answer may then lack what they hide.
    pub(crate) fn read(&self) -> Result<Workspace, CommandError> {
        let workspace = self.open(None)?;
        let findings = Checked::beside(&workspace).findings(&self.facts(workspace.model()));
        let errors = findings.iter().filter(|finding| finding.is_error()).count();
        if errors > 0 {
            let (them, be) = if errors == 1 { ("error", "it") } else { ("errors", "them") };
            self.printer.warn(&format!(
                "the playbook has {errors} {them}, so this may be incomplete; see {be} with `council check`"
            ));
        }
        Ok(workspace)
    }

    /// What rules may know beside the playbook: the day, in the organization's time zone.
    pub(crate) fn facts(&self, model: &Model) -> Facts {
        let as_of = || self.options.as_of.as_deref()?.parse().ok();
        let today = self.options.date.or_else(as_of).unwrap_or_else(|| self.today(model));
        Facts { today }
    }

    /// The moment that `--as-of` names, for the ledger: the end of a day in UTC, or an exact time.
    pub(crate) fn moment(&self) -> Result<Option<Timestamp>, CommandError> {
        let Some(named) = &self.options.as_of else { return Ok(None) };
        let end_of_day = |day: Date| day.tomorrow().ok()?.to_zoned(TimeZone::UTC).ok();
        let day = named.parse::<Date>().ok().and_then(end_of_day);
        let moment = named.parse::<Timestamp>().ok();
        let moment = moment.or_else(|| Some(day?.timestamp() - SignedDuration::from_nanos(1)));
        moment.map(Some).ok_or_else(|| {
            CommandError::usage(format!("`{named}` is not a day"))
                .hint("write it as `2026-11-22`, or a moment as `2026-11-22T10:00:00Z`")
        })
    }

    /// Whether another day than today was asked for.
    pub(crate) fn names_a_day(&self) -> bool {
        self.options.date.is_some() || self.options.as_of.is_some()
    }

    /// The moment to take for now: the clock's, or noon of the day that was asked for.
    pub(crate) fn now_in(&self, model: &Model) -> Timestamp {
        let named = self.names_a_day();
        let noon = self.facts(model).today.at(12, 0, 0, 0).to_zoned(zone(model));
        match noon {
            Ok(noon) if named => noon.timestamp(),
            Ok(_) | Err(_) => self.environment.now,
        }
    }

    /// The clock of a server that this run starts: the machine's, or one that begins at noon of the day that was asked for.
    pub(crate) fn clock_in(&self, model: &Model) -> Clock {
        if self.options.date.is_none() {
            return Clock::system();
        }
        let ahead = self.now_in(model).duration_since(self.environment.now);
        Clock::driven(move || Timestamp::now().checked_add(ahead).unwrap_or(Timestamp::MAX))
    }

    fn today(&self, model: &Model) -> Date {
        self.environment.now.to_zoned(zone(model)).date()
    }
}

/// The organization's time zone; UTC until it has one.
fn zone(model: &Model) -> TimeZone {
    let organization = model.all::<Organization>().next();
    organization
        .and_then(|organization| TimeZone::get(&organization.time_zone).ok())
        .unwrap_or(TimeZone::UTC)
}
