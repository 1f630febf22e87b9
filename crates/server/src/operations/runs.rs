//! Runs of runbooks: begun under the next free id, and hidden with the incident that they are for.

use reliability::record::Command as Any;
use reliability::record::runbook_run::{Command, next_id};
use reliability::views::may_see;

use super::no_incident;
use crate::AppState;
use crate::auth::Viewer;
use crate::http::{IfMatch, Problem};
use crate::limits::MAX_CONFLICTS;
use crate::perform::{Performed, Precondition};

impl AppState {
    /// Begins a run under the next free id of the year.
    pub(crate) async fn begin_run(
        &self,
        viewer: &Viewer,
        command: Command,
    ) -> Result<Performed, Problem> {
        if let Command::Begin { incident: Some(incident), .. } = &command {
            self.may_see_incident(viewer, incident)?;
        }
        let year = self.clock().now().to_zoned(self.snapshot().time_zone()).year();
        for _ in 0..MAX_CONFLICTS {
            let record = self.record();
            let id = next_id(record.state.reliability.runs.keys().map(String::as_str), year);
            let command = command.clone();
            match self.perform(viewer, Any::Run { id, command }).await {
                // Somebody else took the id between reading and writing.
                Err(problem) if problem.code() == "run-exists" => {}
                done => return done,
            }
        }
        Err(Problem::conflict("conflict", "Others began runs again and again.").hint("Try again"))
    }

    /// Carries out a command about a run that the viewer may see.
    pub(crate) async fn run_on(
        &self,
        viewer: &Viewer,
        id: &str,
        command: Command,
        seen: IfMatch,
    ) -> Result<Performed, Problem> {
        self.may_see_run(viewer, id)?;
        let command = Any::Run { id: id.to_owned(), command };
        self.perform_if(viewer, command, Precondition::Offered(seen)).await
    }

    /// Refuses a run that is not there, or is for an incident that is not for this viewer.
    pub(crate) fn may_see_run(&self, viewer: &Viewer, id: &str) -> Result<(), Problem> {
        let missing = || {
            Problem::not_found(format!("There is no run `{id}`."))
                .hint("`/api/v1/runbooks/{name}` lists those of a runbook")
        };
        let record = self.record();
        let run = record.state.reliability.runs.get(id).ok_or_else(missing)?;
        match &run.incident {
            Some(incident) => self.may_see_incident(viewer, incident).map_err(|_| missing()),
            None => Ok(()),
        }
    }

    fn may_see_incident(&self, viewer: &Viewer, id: &str) -> Result<(), Problem> {
        let record = self.record();
        let found = record.state.reliability.incidents.get(id);
        let seen = found.is_some_and(|found| may_see(found, viewer.person.as_deref()));
        if seen { Ok(()) } else { Err(no_incident(id)) }
    }
}
