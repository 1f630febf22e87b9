//! Notifications: whoever must be told is told, or it stays in sight that nobody was.
//!
//! [`AppState::notify`] writes down what is wanted; the worker of the same name sends it. Between the two stands only
//! the ledger, so that a server that dies in between sends it when it is back.
//!
//! Invariants: the same key is the same notification; what looks like a secret leaves the house in no message; an
//! address that acknowledges works for one notification and one person, and opening it does nothing by itself. A push
//! service learns whom a message is for, and never what it says.

mod acknowledging;
pub(crate) mod browsers;
mod occasions;
mod sending;

use governance::Text;
use reliability::record::Command as Any;
use reliability::record::notification::{Command, Told, Urgency, id_of};

pub(crate) use acknowledging::{Signed, see_subject};
pub(crate) use occasions::occasions;
pub(crate) use sending::{deliver, follow_incidents};

use crate::AppState;
use crate::http::Problem;
use crate::workers::NOTIFY;

/// Something that somebody must be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Notice {
    /// What makes it one: wanted again under the same key, it is the same notification.
    pub(crate) key: String,
    /// What it is about, such as `incident/INC-2026-0012`.
    pub(crate) about: String,
    /// How urgent it is.
    pub(crate) urgency: Urgency,
    /// The service whose escalation policy it climbs; the default one when there is none.
    pub(crate) service: Option<String>,
    /// Whom alone it is for, whatever any policy says.
    pub(crate) only: Option<Told>,
    /// The first line.
    pub(crate) subject: String,
    /// The message.
    pub(crate) text: String,
    /// The page to look at, from the root: `/incidents/INC-2026-0012`.
    pub(crate) link: Option<String>,
}

impl AppState {
    /// Wants that somebody be told, and wakes the worker that tells them. Returns the notification's id. Blocks for as
    /// long as an append takes.
    ///
    /// # Errors
    /// A problem when the ledger cannot take it; then nobody is told, and the caller asks again.
    pub(crate) fn notify(&self, notice: Notice) -> Result<String, Problem> {
        let id = id_of(&notice.key);
        if self.record().state.reliability.notifications.contains_key(&id) {
            return Ok(id);
        }
        let Notice { about, urgency, service, only, subject, text, link, .. } = notice;
        let command = Command::Want {
            about,
            urgency,
            service,
            only,
            subject: Text::Plain(subject),
            text: Text::Plain(text),
            link,
        };
        match self.perform_itself(Any::Notification { id: id.clone(), command }) {
            Ok(_) => {}
            Err(problem) if problem.code() == "notification-exists" => {}
            Err(problem) => return Err(problem),
        }
        self.board().nudge(NOTIFY);
        Ok(id)
    }
}
