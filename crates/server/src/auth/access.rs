//! Asking policy, and turning a denial into words.

use policy::{Outcome, Request, Resource};

use super::Viewer;
use crate::AppState;
use crate::http::Problem;

impl AppState {
    /// Lets a viewer do something, or says which policy denies it and what would be needed.
    ///
    /// # Errors
    /// A problem when policy does not allow it.
    pub fn authorize(
        &self,
        viewer: &Viewer,
        action: &'static str,
        resource: Resource,
    ) -> Result<(), Problem> {
        let request = Request { principal: viewer.principal(), action, resource };
        let decision = self.snapshot().authorizer.authorize(&request);
        for error in &decision.errors {
            tracing::warn!(
                error,
                action,
                "a policy could not be evaluated and counted for nothing"
            );
        }
        if decision.is_allowed() {
            return Ok(());
        }
        tracing::info!(
            action,
            actor = viewer.actor(),
            policies = decision.policies.join(" "),
            "denied"
        );
        let needed = decision.needed.join(", or ");
        let (condition, hint) = match decision.outcome {
            Outcome::Forbidden => {
                (needed, "Ask whoever keeps the policy, or use a token that has the scope")
            }
            Outcome::Allowed | Outcome::NotPermitted => (
                format!("you were {needed}"),
                "Ask one of those who may; seats and teams stand in the playbook",
            ),
        };
        Err(Problem::forbidden(sentence(&decision.reason))
            .policies(decision.policies)
            .would_pass_if(condition)
            .hint(hint))
    }

    /// Says whether a viewer may do something, for pages that offer only what works.
    pub fn may(&self, viewer: &Viewer, action: &'static str, resource: Resource) -> bool {
        let request = Request { principal: viewer.principal(), action, resource };
        self.snapshot().authorizer.authorize(&request).is_allowed()
    }
}

/// Makes a clause a sentence.
fn sentence(clause: &str) -> String {
    let mut characters = clause.chars();
    match characters.next() {
        Some(first) => format!("{}{}.", first.to_uppercase(), characters.as_str()),
        None => String::new(),
    }
}
