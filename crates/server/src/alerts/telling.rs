//! Telling people of groups of alerts.
//!
//! The record says which groups people are told of, and when; this hands each of them on. A group that was told before a crash
//! is handed on again: its key and moment make the notice the same one.

use jiff::tz::TimeZone;
use reliability::kinds::Reaction;
use reliability::record::Command as Any;
use reliability::record::alert::Told;
use reliability::record::notification::{Command, Urgency, id_of};
use reliability::views::{self, AlertList};

use crate::AppState;
use crate::notify::Notice;

/// The notice of a group that people are told of; nothing when nobody reacts to it. Its text is found by [`words`].
fn told(key: &str, told: &Told) -> Option<Notice> {
    let said = &told.said;
    let urgency = match said.reaction {
        Reaction::WakeSomebody => Urgency::Page,
        Reaction::WorkingHours => Urgency::Ticket,
        Reaction::None => return None,
    };
    let name = if said.labels.name().is_empty() { "alerts" } else { said.labels.name() };
    let about = said.service.as_deref().map(|name| format!(" of {name}")).unwrap_or_default();
    Some(Notice {
        key: notice_key(key, told),
        about: format!("alert/{key}"),
        urgency,
        service: said.service.clone(),
        only: None,
        subject: format!("{name}{about} fires"),
        text: String::new(),
        link: Some(format!("/alerts#{key}")),
    })
}

/// What the alerts of a group say; when they are over already, what was known of them.
fn words(found: &AlertList, key: &str, told: &Told, place: (&str, &TimeZone)) -> String {
    let group = found.groups.iter().find(|group| group.key == key);
    let over = || {
        let firing = usize::try_from(told.said.firing).unwrap_or(usize::MAX);
        let firing = diag::words::count(firing, "alert");
        format!("{firing} of {}, over by now", told.said.labels)
    };
    group.map_or_else(over, |group| views::alert_message(group, place.0, place.1))
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
        let known = &record.state.reliability.notifications;
        let mut news = Vec::new();
        for (key, group) in &record.state.reliability.alerts.told {
            match &group.acknowledged {
                None => {
                    let notice = told(key, group);
                    let notice = notice.filter(|it| !known.contains_key(&id_of(&it.key)));
                    news.extend(notice.map(|notice| (key, group, notice)));
                }
                Some(seen) => self.stop_telling(&id_of(&notice_key(key, group)), &seen.person),
            }
        }
        if news.is_empty() {
            return;
        }
        let lens = self.lens();
        let found = views::alerts(&lens.operations(&lens.verified()));
        let zone = lens.snapshot.time_zone();
        for (key, group, mut notice) in news {
            notice.text = words(&found, key, group, (self.origin(), &zone));
            if let Err(problem) = self.notify(notice) {
                tracing::warn!(group = key, detail = problem.detail(), "told at the next turn");
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
