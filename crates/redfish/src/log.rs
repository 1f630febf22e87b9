//! What a controller wrote down (DSP2046, `LogService`, `LogEntry`): bounded, because logs of a failing machine are not.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::client::Client;
use crate::collection::Short;
use crate::error::RedfishError;
use crate::link::Link;
use crate::resource::{Unread, link, text, time};
use crate::word::Health;

/// Entries of the logs of one owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Logs {
    /// Entries, log by log, each in the order of the controller: some begin with the newest, some with the oldest.
    pub entries: Vec<LogEntry>,
    /// Whether there are more than were asked for.
    pub has_more: bool,
    /// Logs that are offered and could not be read to their end.
    pub unread: Vec<Unread>,
}

/// One entry of a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogEntry {
    /// The log that it is in, such as `Sel`.
    pub log: Option<String>,
    /// Its id in this log; numbered anew when the log is cleared.
    pub id: Option<String>,
    /// When it was made, by the controller's clock; unknown when the zone is.
    pub created: Option<Timestamp>,
    /// How bad it is.
    pub severity: Option<Health>,
    /// What happened.
    pub message: Option<String>,
    /// The message's name in a registry.
    pub message_id: Option<String>,
    /// What kind of sensor it is about.
    pub sensor: Option<String>,
    /// The part that it is about.
    pub origin: Option<Link>,
}

impl Client {
    /// Reads at most `most` entries of every log that a system, a manager or a chassis keeps.
    ///
    /// # Errors
    /// When the owner cannot be read; [`RedfishError::Unsupported`] when it keeps no logs. A log that cannot be read is in
    /// [`Logs::unread`].
    pub async fn logs(&self, owner: &Link, most: usize) -> Result<Logs, RedfishError> {
        let owner = self.get(owner).await?.value;
        let Some(services) = link(&owner, "/LogServices") else {
            return Err(self.unsupported("logs", Vec::new()));
        };
        let mut logs = Logs { entries: Vec::new(), has_more: false, unread: Vec::new() };
        for service in self.resources(&services).await? {
            let Some(place) = link(&service.value, "/Entries") else { continue };
            let name = text(&service.value, "/Id").or_else(|| text(&service.value, "/Name"));
            self.log(&place, name, most, &mut logs).await?;
        }
        Ok(logs)
    }

    async fn log(
        &self,
        place: &Link,
        name: Option<String>,
        most: usize,
        logs: &mut Logs,
    ) -> Result<(), RedfishError> {
        let what = format!("log `{}`", name.as_deref().unwrap_or(place.as_str()));
        let read = self.members(place, most);
        let Some(members) = self.part(&what, read, &mut logs.unread).await? else { return Ok(()) };
        match members.short {
            None | Some(Short::Fewer(_)) => {}
            Some(Short::Limit(_)) => logs.has_more = true,
            Some(Short::Loop) => {
                let why = "a page leads back to one that was read; what was read is shown".into();
                logs.unread.push(Unread { what: what.clone(), why });
            }
        }
        for value in members.values {
            match self.part(&what, self.member(value), &mut logs.unread).await? {
                Some(Some(entry)) => logs.entries.push(lower(&entry.value, name.clone())),
                Some(None) => {}
                // The rest would cost as many time-outs as there are entries.
                None => return Ok(()),
            }
        }
        Ok(())
    }
}

fn lower(value: &Value, log: Option<String>) -> LogEntry {
    LogEntry {
        log,
        id: text(value, "/Id"),
        created: time(value, "/Created", None),
        severity: text(value, "/Severity").and_then(|word| Health::of(&word)),
        message: text(value, "/Message"),
        message_id: text(value, "/MessageId"),
        sensor: text(value, "/SensorType"),
        origin: link(value, "/Links/OriginOfCondition"),
    }
}
