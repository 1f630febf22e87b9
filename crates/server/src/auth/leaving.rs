//! Ending access: whoever leaves the playbook is out at once, and whoever signs out is out everywhere.
//!
//! Each request looks its viewer up in the present playbook, so that a leaver is refused anyway. What is done here besides is
//! for good: sessions, tokens and links are taken away, so that coming back does not bring them back, and
//! streams that are open are told to look again.

use super::{Viewer, Way};
use crate::http::Problem;
use crate::{AppState, Snapshot};

impl AppState {
    /// Takes away what belongs to people who are not, or no longer, in the playbook that has just become current.
    pub(crate) fn shut_out_leavers(&self, snapshot: &Snapshot) {
        let holders = match self.store().holders() {
            Ok(holders) => holders,
            Err(error) => {
                tracing::error!(%error, "nobody could be asked who is signed in; requests are refused all the same");
                return;
            }
        };
        for person in holders.iter().filter(|person| !snapshot.may_hold(person)) {
            match self.store().shut_out(person) {
                Ok(ended) => tracing::info!(person, ended, "access ended with the playbook"),
                Err(error) => tracing::error!(%error, person, "access could not be taken away"),
            }
        }
        self.access_changed();
    }

    /// Ends all sessions of a person and what their browsers get, and their tokens if that is wanted; says how many.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn sign_out_everywhere(&self, person: &str, tokens: bool) -> Result<usize, Problem> {
        let mut ended = self.store().end_sessions_of(person)?;
        ended += self.store().remove_devices_of(person)?;
        if tokens {
            ended += self.store().revoke_tokens_of(person)?;
        }
        tracing::info!(person, ended, "signed out everywhere");
        self.access_changed();
        Ok(ended)
    }

    /// Says whether somebody who was let in a while ago would be let in now.
    pub(crate) fn still_lets_in(&self, viewer: &Viewer) -> bool {
        let now = self.clock().now();
        let lives = match &viewer.way {
            Way::Session(id) => self.store().session_lives(id, now),
            Way::Token { id, .. } => self.store().token_lives(id, now),
            Way::Forge(_) | Way::Supposed(_) => Ok(true),
        };
        let snapshot = self.snapshot();
        let is_here = viewer.person.as_deref().is_none_or(|name| snapshot.works_here(name));
        let is_declared = viewer.account.as_deref().is_none_or(|name| snapshot.has_account(name));
        lives.unwrap_or(false) && is_here && is_declared
    }
}
