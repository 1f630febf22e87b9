//! What is done about an incident: found by whoever may see it, or refused as if there were none.

use reliability::record::Command as Any;
use reliability::record::incident::{self, next_id};
use reliability::record::postmortem;
use reliability::views::may_see;

use crate::AppState;
use crate::auth::Viewer;
use crate::http::{IfMatch, Problem};
use crate::limits::MAX_CONFLICTS;
use crate::perform::{Performed, Precondition};

impl AppState {
    /// Begins an incident under the next free id of the year.
    pub(crate) async fn declare_incident(
        &self,
        viewer: &Viewer,
        command: incident::Command,
    ) -> Result<Performed, Problem> {
        let year = self.clock().now().to_zoned(self.snapshot().time_zone()).year();
        for _ in 0..MAX_CONFLICTS {
            let record = self.record();
            let known = record.state.reliability.incidents.keys().map(String::as_str);
            let id = next_id(known, year);
            let command = command.clone();
            match self.perform(viewer, Any::Incident { id, command }).await {
                // Somebody else took the id between reading and writing.
                Err(problem) if problem.code() == "incident-exists" => {}
                done => return done,
            }
        }
        Err(Problem::conflict("conflict", "Others declared incidents again and again.")
            .hint("Try again"))
    }

    /// Carries out a command about an incident that the viewer may see.
    pub(crate) async fn respond(
        &self,
        viewer: &Viewer,
        id: &str,
        command: incident::Command,
        seen: IfMatch,
    ) -> Result<Performed, Problem> {
        self.visible(viewer, id)?;
        if let incident::Command::Merge { into } = &command {
            self.visible(viewer, into)?;
        }
        let command = Any::Incident { id: id.to_owned(), command };
        self.perform_if(viewer, command, Precondition::Offered(seen)).await
    }

    /// Carries out a command about the postmortem of an incident that the viewer may see.
    pub(crate) async fn learn(
        &self,
        viewer: &Viewer,
        id: &str,
        command: postmortem::Command,
        seen: IfMatch,
    ) -> Result<Performed, Problem> {
        self.visible(viewer, id)?;
        let command = Any::Postmortem { id: id.to_owned(), command };
        self.perform_if(viewer, command, Precondition::Offered(seen)).await
    }

    fn visible(&self, viewer: &Viewer, id: &str) -> Result<(), Problem> {
        let record = self.record();
        let found = record.state.reliability.incidents.get(id);
        match found.filter(|incident| may_see(incident, viewer.person.as_deref())) {
            Some(_) => Ok(()),
            None => Err(no_incident(id)),
        }
    }
}

/// The problem of an incident that is not there, or not for this viewer.
pub(crate) fn no_incident(id: &str) -> Problem {
    Problem::not_found(format!("There is no incident `{id}`."))
        .hint("`/api/v1/incidents` lists them")
}
