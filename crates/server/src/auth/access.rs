//! Asking policy, and turning a denial into words.

use axum::http::StatusCode;
use policy::{Outcome, Request, Resource};

use super::Viewer;
use crate::AppState;
use crate::http::Problem;
use crate::limits::FRESH_SIGN_IN;

/// What cannot be taken back, or gives somebody power for long.
const DANGEROUS: [&str; 4] = ["change.break-glass", "text.erase", "token.create", "link.create"];

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
            return self.fresh_enough(viewer, action);
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

    /// What cannot be taken back wants somebody who proved a moment ago who they are, where a provider of the playbook can ask
    /// them to. Who came by a link alone could not do it again without the operator, and in an emergency nobody waits for that.
    fn fresh_enough(&self, viewer: &Viewer, action: &str) -> Result<(), Problem> {
        if !DANGEROUS.contains(&action) || self.offers().is_empty() {
            return Ok(());
        }
        let age = viewer.since.map(|since| self.clock().now().duration_since(since));
        if age.is_none_or(|age| age <= FRESH_SIGN_IN) {
            return Ok(());
        }
        tracing::info!(action, actor = viewer.actor(), "a fresh sign-in is wanted");
        let minutes = FRESH_SIGN_IN.as_mins();
        Err(Problem::new(
            StatusCode::FORBIDDEN,
            "sign-in-too-old",
            "Sign in again",
            format!("This wants a sign-in of the last {minutes} minutes, and yours is older."),
        )
        .hint("Sign in again at `/sign-in?again=true`, or by `council login`, and repeat it"))
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
