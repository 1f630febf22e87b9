//! What is done about a change in more than one step: looking and planning before something is recorded.

use std::collections::BTreeSet;

use gitops::record::Command as Any;
use gitops::record::change::{Command, Description, Origin, next_id};
use gitops::views::{self, ChangeBoard, ChangeCard};
use plan::Coverage;
use plan::execute::Fence;
use policy::Resource;

use super::machines::touched;
use super::planning::{Made, Wish};
use super::tools::Ask;
use crate::auth::Viewer;
use crate::http::{IfMatch, Problem};
use crate::limits::MAX_CONFLICTS;
use crate::perform::{Performed, Precondition};
use crate::workers::APPLY;
use crate::{AppState, Lens};

impl AppState {
    /// All changes, by id, with what the gate says of each.
    pub(crate) fn cards(&self, lens: &Lens) -> Vec<ChangeCard> {
        let changes = &lens.record.state.changes.changes;
        changes
            .iter()
            .map(|(id, change)| {
                let gate = lens.gate(self).of_change(self, lens, id);
                views::card(&lens.changes(&gate), id, change)
            })
            .collect()
    }

    /// The board, with what the gate says of each change.
    pub(crate) fn board_of_changes(&self, lens: &Lens) -> ChangeBoard {
        let gate = lens.gate(self);
        let mut board = views::board(&lens.changes(&gate));
        let changes = &lens.record.state.changes.changes;
        for card in board.columns.iter_mut().flat_map(|column| &mut column.cards) {
            // Guardrails speak of one plan each.
            if let Some(change) = changes.get(&card.id).filter(|_| card.outcome.is_some()) {
                let gate = lens.gate(self).of_change(self, lens, &card.id);
                *card = views::card(&lens.changes(&gate), &card.id, change);
            }
        }
        board
    }

    /// Carries out a command about a change that exists.
    pub(crate) async fn change(
        &self,
        viewer: &Viewer,
        id: &str,
        command: Command,
        seen: IfMatch,
    ) -> Result<Performed, Problem> {
        self.known(id)?;
        let command = Any::Change { id: id.to_owned(), command };
        self.perform_if(viewer, command, Precondition::Offered(seen)).await
    }

    fn known(&self, id: &str) -> Result<(), Problem> {
        let known = self.record().state.changes.changes.contains_key(id);
        known.then_some(()).ok_or_else(|| crate::api::changes::missing(id))
    }

    /// Begins a change under the next free id.
    pub(crate) async fn draft_change(
        &self,
        viewer: &Viewer,
        said: Description,
        origin: Origin,
    ) -> Result<Performed, Problem> {
        let year = self.clock().now().to_zoned(self.snapshot().time_zone()).year();
        for _ in 0..MAX_CONFLICTS {
            let id = next_id(&self.record().state.changes, year);
            let command = Command::Draft { said: said.clone(), origin: origin.clone() };
            match self.perform(viewer, Any::Change { id, command }).await {
                // Somebody else took the id between reading and writing.
                Err(problem) if problem.code() == "id-taken" => {}
                done => return done,
            }
        }
        Err(Problem::conflict("conflict", "Others began changes again and again.")
            .hint("Try again"))
    }

    /// Looks at the targets, plans, keeps the plan and records it.
    pub(crate) async fn plan_change(
        &self,
        viewer: &Viewer,
        id: &str,
        targets: BTreeSet<String>,
    ) -> Result<Performed, Problem> {
        self.known(id)?;
        self.authorize(viewer, "change.plan", Resource::new("change", id))?;
        let record = self.record();
        let known = record.state.changes.changes.get(id).and_then(|change| change.plan.as_ref());
        let parent = known.and_then(|plan| self.plans().load(&plan.hash).ok());
        let made = self.plan(&Wish { targets, parent, ask: Ask::Anew }).await?;
        if made.plan.is_empty() {
            silent(&made)?;
            return Err(Problem::conflict(
                "nothing-to-do",
                "The targets are as the playbook wants them; there is nothing to plan.",
            )
            .hint("What is held back, and why, is in `/api/v1/drift`"));
        }
        self.keep(&made)?;
        let (seen, plan) = (self.snapshot(), &made.plan);
        let touched = touched(&seen, plan);
        let planned = gitops::plan::planned(seen.model(), plan, &touched);
        self.change(viewer, id, Command::Plan { plan: planned }, IfMatch::Absent).await
    }

    /// Keeps a plan with its bytes and what it makes true.
    pub(crate) fn keep(&self, made: &Made) -> Result<(), Problem> {
        let kept = self
            .plans()
            .keep(&made.plan, &made.artefacts)
            .and_then(|()| self.plans().keep_desired(made.plan.hash(), &made.desired));
        kept.map_err(|error| Problem::internal(&error))
    }

    /// Begins to apply: the gate is asked, and the executor is woken.
    pub(crate) async fn start_change(
        &self,
        viewer: &Viewer,
        id: &str,
    ) -> Result<Performed, Problem> {
        self.known(id)?;
        let record = self.record();
        let change = record.state.changes.changes.get(id);
        let plan = change.and_then(|change| change.plan.as_ref());
        let token = change.and_then(|change| change.fence.as_ref()).map_or(0, |fence| fence.token);
        let fence = Fence {
            lease: format!("apply/{id}"),
            token,
            generation: plan.map_or(0, |plan| plan.generation),
        };
        let done = self.change(viewer, id, Command::Start { fence }, IfMatch::Absent).await?;
        self.board().nudge(APPLY);
        Ok(done)
    }

    /// Makes a change that takes another one back, and plans it.
    pub(crate) async fn roll_change_back(
        &self,
        viewer: &Viewer,
        id: &str,
    ) -> Result<Performed, Problem> {
        self.known(id)?;
        self.authorize(viewer, "change.plan", Resource::new("change", id))?;
        let record = self.record();
        let change = record.state.changes.changes.get(id);
        let Some(planned) = change.and_then(|change| change.plan.as_ref()) else {
            return Err(Problem::conflict(
                "nothing-done",
                format!("`{id}` has no plan to take back."),
            )
            .hint("Abandon it"));
        };
        let plan = self.plans().load(&planned.hash)?;
        let made = self.plan_back(id, &plan).await?;
        let title = format!("Roll back {id}");
        let said = Description {
            title: governance::Text::of(&title),
            description: governance::Text::of(&format!("Takes back what {id} did.")),
            risk: governance::Text::of("The state before is the one that was known to work."),
            rollback: governance::Text::of(&format!("Apply {id} again.")),
            ..Description::default()
        };
        let origin = Origin::RollbackOf(id.to_owned());
        let begun = self.draft_change(viewer, said, origin).await?;
        self.keep(&made)?;
        let seen = self.snapshot();
        let touched = touched(&seen, &made.plan);
        let planned = gitops::plan::planned(seen.model(), &made.plan, &touched);
        self.change(viewer, begun.name(), Command::Plan { plan: planned }, IfMatch::Absent).await
    }
}

/// Nothing to do, because nobody could be asked, is not the same as nothing to do.
fn silent(made: &Made) -> Result<(), Problem> {
    let silent = made.observed.coverage().iter().filter_map(|(name, coverage)| match coverage {
        Coverage::Silent { why, .. } => Some(format!("`{name}`: {why}")),
        Coverage::Complete { .. } => None,
    });
    let silent: Vec<String> = silent.collect();
    if silent.is_empty() {
        return Ok(());
    }
    let detail =
        format!("Some targets say nothing, so nothing is planned there. {}", silent.join("; "));
    Err(Problem::conflict("target-silent", detail).hint("Mend what they say, and plan again"))
}
