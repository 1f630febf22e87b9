//! What commands work with: options, environment, printer, and the playbook once somebody asks.

use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use org::kinds::Organization;
use playbook::{Facts, Model, Workspace};

use crate::arguments::{Arguments, Options};
use crate::command_error::CommandError;
use crate::environment::Environment;
use crate::playbook_root;
use crate::printer::Printer;

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

    /// Reads the playbook, sound or not; `named` is a directory given to the command itself.
    pub(crate) fn open(&self, named: Option<&Path>) -> Result<Workspace, CommandError> {
        let named = named.or(self.options.playbook.as_deref());
        let root = playbook_root::find(named, &self.environment.directory)?;
        Ok(Workspace::open(&root, Arc::new(crate::vocabulary())))
    }

    /// Reads the playbook to answer a question from it; says on stderr when it has errors, because
    /// the answer may then lack what they hide.
    pub(crate) fn read(&self) -> Result<Workspace, CommandError> {
        let workspace = self.open(None)?;
        let findings = workspace.check(&self.facts(workspace.model()));
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
        let today = self.options.date.unwrap_or_else(|| self.today(model));
        Facts { today }
    }

    fn today(&self, model: &Model) -> Date {
        let zone = model.all::<Organization>().next();
        let zone = zone.and_then(|organization| TimeZone::get(&organization.time_zone).ok());
        self.environment.now.to_zoned(zone.unwrap_or(TimeZone::UTC)).date()
    }
}
