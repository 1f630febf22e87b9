//! The playbook and what the record says beside it, for commands that show the council's work.
//!
//! The ledger of the data directory is read when there is one and nobody writes it. While a server
//! has it open, or when there is none, the playbook alone is shown and the reader is told so: an
//! answer without votes must not look like one where nobody voted.

use governance::text::Closed;
use governance::views::{Contribution, Reading, Revision};
use governance::{State, Text, Texts};
use jiff::Timestamp;
use ledger::{AsOf, Fold, Ledger, OpenError, Options, Sealed};
use playbook::{Model, Workspace};

use crate::command_error::CommandError;
use crate::context::Context;
use crate::{causes, data_dir, past};

/// What a reading command works with.
#[derive(Debug)]
pub(crate) struct Record {
    workspace: Workspace,
    state: State,
    reliability: reliability::record::State,
    texts: Option<Sealer>,
    revisions: Vec<Revision>,
    now: Timestamp,
}

impl Record {
    /// Reads the playbook and the record beside it.
    pub(crate) fn read(context: &Context) -> Result<Self, CommandError> {
        let workspace = context.read()?;
        let now = context.now_in(workspace.model());
        let moment = context.moment().ok().flatten();
        let (state, reliability, texts) = match open(context)? {
            None => (State::default(), reliability::record::State::default(), None),
            Some(ledger) => (fold(&ledger, moment)?, fold(&ledger, moment)?, Some(Sealer(ledger))),
        };
        let revisions = past::revisions(&context.root(None)?);
        Ok(Self { workspace, state, reliability, texts, revisions, now })
    }

    /// The resources.
    pub(crate) fn model(&self) -> &Model {
        self.workspace.model()
    }

    /// The playbook.
    pub(crate) fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    /// What happened.
    pub(crate) fn state(&self) -> &State {
        &self.state
    }

    /// Incidents, postmortems and swaps.
    pub(crate) fn reliability(&self) -> &reliability::record::State {
        &self.reliability
    }

    /// What views are computed from.
    pub(crate) fn reading(&self) -> Reading<'_> {
        const NO_CONTRIBUTIONS: &[Contribution] = &[];
        Reading {
            model: self.model(),
            record: &self.state,
            now: self.now,
            texts: self.texts.as_ref().map_or(&Closed, |texts| texts as &dyn Texts),
            revisions: &self.revisions,
            contributions: NO_CONTRIBUTIONS,
        }
    }
}

/// Folds the ledger up to a moment, or to its end.
fn fold<F: Fold>(ledger: &Ledger, moment: Option<Timestamp>) -> Result<F, CommandError> {
    let folded = match moment {
        Some(moment) => ledger.fold_as_of::<F>(AsOf::Time(moment)),
        None => ledger.fold::<F>(),
    };
    folded.map(|folded| folded.state).map_err(|error| causes::failed(&error))
}

/// Opens the ledger of the playbook's data directory, if there is one and nobody writes it.
fn open(context: &Context) -> Result<Option<Ledger>, CommandError> {
    let root = context.root(None)?;
    let named = context.environment.data.as_deref();
    let path = data_dir::of(named, &root, &context.environment.directory).join(data_dir::LEDGER);
    if !path.is_file() {
        return Ok(None);
    }
    match Ledger::open(&path, &Options::default()) {
        Ok(ledger) => Ok(Some(ledger)),
        Err(OpenError::Locked { by, .. }) => {
            context.printer.warn(&format!(
                "the record is in use by {by}: this shows the playbook alone; see votes and minutes in the browser"
            ));
            Ok(None)
        }
        Err(error) => Err(causes::failed(&error)),
    }
}

/// Opens sealed texts with the ledger's keys.
#[derive(Debug)]
struct Sealer(Ledger);

impl Texts for Sealer {
    fn read(&self, stream: &str, text: &Text) -> String {
        match text {
            Text::Plain(text) => text.clone(),
            Text::Sealed(sealed) => self.unseal(stream, sealed),
        }
    }
}

impl Sealer {
    fn unseal(&self, stream: &str, sealed: &Sealed) -> String {
        let opened = stream.parse().map(|stream| self.0.unseal(&stream, sealed));
        match opened {
            Ok(Ok(text)) => text,
            Ok(Err(error)) => format!("({error})"),
            Err(error) => format!("({error})"),
        }
    }
}
