//! The lens: one moment of playbook, record and clock, through which views are computed.

use std::fmt;
use std::sync::{Arc, LazyLock};

use gitops::gate::GateFacts;
use governance::text::{Text, Texts};
use governance::views::{Contribution, Reading};
use jiff::Timestamp;
use ledger::{AsOf, Ledger, SealError, Stream};

use crate::http::Problem;
use crate::{AppState, Record, Snapshot};

/// One moment. Everything that an answer says is computed from one lens.
#[derive(Clone, Debug)]
pub struct Lens {
    /// The playbook.
    pub snapshot: Arc<Snapshot>,
    /// The record.
    pub record: Arc<Record>,
    /// The moment.
    pub now: Timestamp,
    texts: LedgerTexts,
    contributions: Arc<Brought>,
}

/// What changes, alerts, incidents and runbooks bring to agendas and the document: looked up when somebody asks for it, which
/// most pages do not.
struct Brought(LazyLock<Vec<Contribution>, Box<dyn FnOnce() -> Vec<Contribution> + Send + Sync>>);

impl AsRef<[Contribution]> for Brought {
    fn as_ref(&self) -> &[Contribution] {
        &self.0
    }
}

impl fmt::Debug for Brought {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Brought").finish_non_exhaustive()
    }
}

impl Default for Brought {
    fn default() -> Self {
        Self(LazyLock::new(Box::new(Vec::new)))
    }
}

impl Lens {
    /// What views are computed from.
    pub fn reading(&self) -> Reading<'_> {
        Reading {
            model: self.snapshot.model(),
            record: &self.record.state.council,
            now: self.now,
            texts: &self.texts,
            revisions: &self.snapshot.revisions,
            contributions: &*self.contributions,
        }
    }
}

impl AppState {
    /// The present moment.
    pub fn lens(&self) -> Lens {
        self.look_through(self.record(), self.clock().now())
    }

    /// The record as it was at a moment, in the light of the present playbook. What depends on the clock, such as the
    /// hours that a proposal waits, is told as of then, too.
    ///
    /// # Errors
    /// A problem when the ledger cannot be read.
    pub async fn lens_as_of(&self, moment: AsOf) -> Result<Lens, Problem> {
        let state = self.clone();
        let folded = tokio::task::spawn_blocking(move || state.keeper().as_of(moment)).await;
        let record = folded
            .map_err(|error| Problem::internal(&error))?
            .map_err(|error| Problem::internal(&error))?;
        let now = self.clock().now();
        let then = match moment {
            AsOf::Time(time) => time.min(now),
            AsOf::Seq(_) if record.head.seq == 0 => now,
            AsOf::Seq(_) => record.head.at,
        };
        Ok(self.look_through(Arc::new(record), then))
    }

    fn look_through(&self, record: Arc<Record>, now: Timestamp) -> Lens {
        let lens = Lens {
            snapshot: self.snapshot(),
            record,
            now,
            texts: LedgerTexts(self.ledger().clone()),
            contributions: Arc::default(),
        };
        let (state, moment) = (self.clone(), lens.clone());
        let look_up = Box::new(move || brought(&state, &moment));
        Lens { contributions: Arc::new(Brought(LazyLock::new(look_up))), ..lens }
    }
}

/// What other rooms bring at a moment.
fn brought(state: &AppState, lens: &Lens) -> Vec<Contribution> {
    let record = &lens.record.state;
    let changes = &record.changes;
    let mut brought = Vec::new();
    if !changes.changes.is_empty() || !changes.freezes.is_empty() {
        let gate = lens.gate(state);
        brought = gitops::views::contributions(&lens.changes(&gate));
    }
    if record.reliability.is_told_of() || !record.reliability.alerts.names.is_empty() {
        let verified = lens.verified();
        let operations = lens.operations(&verified);
        brought.extend(reliability::views::alert_agenda(&operations));
        brought.extend(reliability::views::contributions(&operations));
    }
    let hardening = &record.hardening;
    if !hardening.machines.is_empty() {
        let at = (lens.now, lens.reading().today());
        let model = lens.snapshot.model();
        brought.extend(fleet::hardening::hardening_agenda(model, hardening, at));
    }
    brought
}

/// What views of changes are computed from, beside the lens.
#[derive(Debug)]
pub(crate) struct GateView(GateFacts);

impl Lens {
    /// What the gate is told at this moment, of every change alike.
    pub(crate) fn gate(&self, state: &AppState) -> GateView {
        GateView(state.gate_facts(&self.snapshot, &self.record, self.now))
    }

    /// What views of changes are computed from.
    pub(crate) fn changes<'a>(&'a self, gate: &'a GateView) -> gitops::views::Reading<'a> {
        gitops::views::Reading {
            council: self.reading(),
            record: &self.record.state.changes,
            gate: &gate.0,
        }
    }
}

impl GateView {
    /// Adds what is only true of one change.
    pub(crate) fn of_change(mut self, state: &AppState, lens: &Lens, id: &str) -> Self {
        if let Some(change) = lens.record.state.changes.changes.get(id) {
            state.add_findings(&lens.snapshot, id, change, &mut self.0);
        }
        self
    }
}

/// Opens sealed texts with the ledger's keys.
#[derive(Clone, Debug)]
struct LedgerTexts(Ledger);

impl Texts for LedgerTexts {
    fn read(&self, stream: &str, text: &Text) -> String {
        let sealed = match text {
            Text::Plain(text) => return text.clone(),
            Text::Sealed(sealed) => sealed,
        };
        let Ok(stream) = Stream::new(stream) else { return "(unreadable)".to_owned() };
        match self.0.unseal(&stream, sealed) {
            Ok(text) => text,
            Err(SealError::Erased(_)) => "(erased)".to_owned(),
            Err(error) => {
                tracing::error!(%stream, error = %error, "a sealed text could not be opened");
                "(unreadable)".to_owned()
            }
        }
    }

    fn open(&self, stream: &str, text: &Text) -> Option<String> {
        match text {
            Text::Plain(text) => Some(text.clone()),
            Text::Sealed(sealed) => self.0.unseal(&Stream::new(stream).ok()?, sealed).ok(),
        }
    }
}
