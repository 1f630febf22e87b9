//! The playbook and what the record says beside it, for commands that show the council's work.
//!
//! Whoever names a council by COUNCIL_URL is answered from it. Otherwise the ledger of the data directory is read, beside
//! the server that may be writing it; and where there is none, the council that was signed in to is asked. When nobody can be
//! asked, the playbook alone is shown and the reader is told so: an answer without votes must not look like
//! one where nobody voted.

use governance::text::Closed;
use governance::views::{Contribution, Reading, Revision};
use governance::{State, Text, Texts};
use jiff::Timestamp;
use ledger::{AsOf, Entry, Fold, Ledger, Sealed};
use playbook::{Model, Workspace};

use crate::client::Access;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::ledger_place::LedgerPlace;
use crate::{causes, data_dir, past, remote_record};

/// What a reading command works with.
#[derive(Debug)]
pub(crate) struct Record {
    workspace: Workspace,
    state: State,
    reliability: reliability::record::State,
    changes: gitops::record::State,
    texts: Option<Sealer>,
    revisions: Vec<Revision>,
    contributions: Vec<Contribution>,
    now: Timestamp,
}

impl Record {
    /// Reads the playbook and the record beside it.
    pub(crate) fn read(context: &Context) -> Result<Self, CommandError> {
        let workspace = context.read()?;
        let moment = context.moment().ok().flatten();
        let mut record = Self {
            now: context.now_in(workspace.model()),
            workspace,
            state: State::default(),
            reliability: reliability::record::State::default(),
            changes: gitops::record::State::default(),
            texts: None,
            revisions: past::revisions(&context.root(None)?),
            contributions: Vec::new(),
        };
        match find(context)? {
            Source::Ledger(ledger) => {
                record.state = fold(&ledger, moment)?;
                record.reliability = fold(&ledger, moment)?;
                record.changes = fold(&ledger, moment)?;
                record.texts = Some(Sealer(ledger));
            }
            Source::Council(access) => {
                let entries = ask(access, record.model(), context);
                record.state = remote_record::fold(&entries);
                record.reliability = remote_record::fold(&entries);
                record.changes = remote_record::fold(&entries);
            }
            Source::Nowhere => {}
        }
        record.contributions = record.contributed();
        Ok(record)
    }

    /// What changes and freezes bring to agendas. What the systems report is not known here; an agenda
    /// says who is waited for, which follows from playbook and record.
    fn contributed(&self) -> Vec<Contribution> {
        let gate = gitops::gate::GateFacts::default();
        let council = self.reading();
        let reading = gitops::views::Reading { council, record: &self.changes, gate: &gate };
        gitops::views::contributions(&reading)
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
        Reading {
            model: self.model(),
            record: &self.state,
            now: self.now,
            texts: self.texts.as_ref().map_or(&Closed, |texts| texts as &dyn Texts),
            revisions: &self.revisions,
            contributions: &self.contributions,
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

/// Where the record is read from.
enum Source {
    /// The file of the data directory.
    Ledger(Ledger),
    /// A running council.
    Council(Access),
    /// Nothing was ever recorded, as far as this machine knows; or whoever knows cannot be asked.
    Nowhere,
}

fn find(context: &Context) -> Result<Source, CommandError> {
    let environment = &context.environment;
    if environment.url.is_some() {
        return Access::find(environment).map(Source::Council);
    }
    let root = context.root(None)?;
    let data = data_dir::of(environment.data.as_deref(), &root, &environment.directory);
    let place = LedgerPlace::of(&data, environment)?;
    if !place.is_there() {
        let signed_in = Access::stored(environment)?;
        return Ok(signed_in.map_or(Source::Nowhere, Source::Council));
    }
    place.look().map(Source::Ledger)
}

/// Asks a council, which may be away or refuse; the playbook is worth showing even then.
fn ask(access: Access, model: &Model, context: &Context) -> Vec<Entry> {
    let moment = context.moment().ok().flatten();
    remote_record::entries(access, model, moment).unwrap_or_else(|error| {
        context
            .printer
            .warn(&format!("this shows the playbook alone, without the record: {error}"));
        Vec::new()
    })
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

    fn open(&self, stream: &str, text: &Text) -> Option<String> {
        match text {
            Text::Plain(text) => Some(text.clone()),
            Text::Sealed(sealed) => self.0.unseal(&stream.parse().ok()?, sealed).ok(),
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
