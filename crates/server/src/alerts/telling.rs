//! Telling people of groups of alerts.
//!
//! The record says which groups people are told of, and when; this hands each of them on. A group that was told before a crash
//! is handed on again: its key and moment make the notice the same one.

use reliability::kinds::Reaction;
use reliability::record::Command as Any;
use reliability::record::alert::Told;
use reliability::record::notification::{Command, Urgency, id_of};

use crate::AppState;
use crate::notify::Notice;

/// The notice of a group that people are told of; nothing when nobody reacts to it.
pub(crate) fn told(key: &str, told: &Told) -> Option<Notice> {
    let said = &told.said;
    let urgency = match said.reaction {
        Reaction::WakeSomebody => Urgency::Page,
        Reaction::WorkingHours => Urgency::Ticket,
        Reaction::None => return None,
    };
    let name = if said.labels.name().is_empty() { "alerts" } else { said.labels.name() };
    let about = said.service.as_deref().map(|name| format!(" of {name}")).unwrap_or_default();
    let firing = diag::words::count(usize::try_from(said.firing).unwrap_or(usize::MAX), "alert");
    Some(Notice {
        key: notice_key(key, told),
        about: format!("alert/{key}"),
        urgency,
        service: said.service.clone(),
        subject: format!("{name}{about} fires"),
        text: format!("{firing} in the group {}", said.labels),
        link: Some(format!("/alerts#{key}")),
    })
}

/// What makes a notice the same when it is handed on twice: the group, and since when people are told of it. Told again, it
/// is the same fire, and the escalation that runs already reaches the next one.
fn notice_key(key: &str, told: &Told) -> String {
    format!("alert/{key}/{}", told.first.as_second())
}

impl AppState {
    /// Hands on every group that people are told of, and stops what runs about those that somebody has seen. Blocks.
    pub(super) fn tell_of_alerts(&self) {
        let record = self.record();
        for (key, group) in &record.state.reliability.alerts.told {
            match &group.acknowledged {
                None => {
                    let notice = told(key, group);
                    if let Some(Err(problem)) = notice.map(|notice| self.notify(notice)) {
                        tracing::warn!(
                            group = key,
                            detail = problem.detail(),
                            "told at the next turn"
                        );
                    }
                }
                Some(seen) => self.stop_telling(&id_of(&notice_key(key, group)), &seen.person),
            }
        }
    }

    fn stop_telling(&self, id: &str, person: &str) {
        let record = self.record();
        let known = record.state.reliability.notifications.get(id);
        if !known.is_some_and(reliability::record::notification::State::waits) {
            return;
        }
        let command = Any::Notification { id: id.to_owned(), command: Command::Acknowledge {} };
        if let Err(problem) = self.perform_as(person, command) {
            tracing::debug!(notification = id, detail = problem.detail(), "still open");
        }
    }
}
