//! Telling people of groups of alerts.
//!
//! The record says which groups people are told of, and when; this hands each of them on. A group that was told before a crash
//! is handed on again: its key and moment make the notice the same one.

use reliability::kinds::Reaction;
use reliability::record::alert::Told;

use crate::AppState;

/// What is handed on of a group of alerts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AlertNotice {
    /// What makes it the same when it is handed on twice.
    pub(crate) key: String,
    /// The group's key.
    pub(crate) group: String,
    /// Whether somebody is woken.
    pub(crate) pages: bool,
    /// The service, when it is known.
    pub(crate) service: Option<String>,
    /// In a line.
    pub(crate) subject: String,
    /// More of it.
    pub(crate) text: String,
    /// Where it can be seen and acknowledged.
    pub(crate) link: String,
}

/// The notice of a group that people are told of.
pub(crate) fn told(origin: &str, key: &str, told: &Told) -> AlertNotice {
    let said = &told.said;
    let name = if said.labels.name().is_empty() { "alerts" } else { said.labels.name() };
    let about = said.service.as_deref().map(|name| format!(" of {name}")).unwrap_or_default();
    let firing = diag::words::count(usize::try_from(said.firing).unwrap_or(usize::MAX), "alert");
    AlertNotice {
        key: format!("alert/{key}/{}", told.at.as_second()),
        group: key.to_owned(),
        pages: said.reaction == Reaction::WakeSomebody,
        service: said.service.clone(),
        subject: format!("{name}{about} fires"),
        text: format!("{firing} in the group {}", said.labels),
        link: format!("{origin}/alerts#{key}"),
    }
}

impl AppState {
    /// Hands on every group that people are told of and that nobody has acknowledged.
    pub(super) fn tell_of_alerts(&self) {
        let record = self.record();
        let groups = record.state.reliability.alerts.told.iter();
        for (key, group) in groups.filter(|(_, group)| group.acknowledged.is_none()) {
            self.hand_on(&told(self.origin(), key, group));
        }
    }

    fn hand_on(&self, notice: &AlertNotice) {
        tracing::debug!(key = notice.key, pages = notice.pages, subject = notice.subject, "told");
    }
}
