//! What a controller does later: it accepts (202) and shows the progress elsewhere (DSP0266, "Asynchronous operations").

use serde::{Deserialize, Serialize};

use crate::body;
use crate::client::{Answer, Client};
use crate::error::{Message, RedfishError};
use crate::link::Link;
use crate::resource::{text, whole};
use crate::word::Health;

/// A deed that was accepted: accepted, not done.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "what was accepted is not done yet"]
pub struct Accepted {
    /// Where its progress is shown, if the controller does it later.
    pub task: Option<Link>,
}

impl Accepted {
    pub(crate) fn of(answer: &Answer) -> Self {
        let is_later = answer.status.as_u16() == 202;
        let place = || {
            let said = text(&answer.json(), "/@odata.id")?;
            Some(Link::new(&said))
        };
        Self { task: if is_later { answer.location().or_else(place) } else { None } }
    }
}

/// How far a deed is (DSP2046, `Task`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Such as `New`, `Running`, `Completed`, `Exception`.
    pub state: Option<String>,
    /// How well it goes or went.
    pub health: Option<Health>,
    /// Percent that is done.
    pub percent: Option<u64>,
    /// What it says about it.
    pub messages: Vec<Message>,
}

impl Task {
    /// Says whether it ended, well or badly; `None` when the controller does not say.
    #[must_use]
    pub fn is_over(&self) -> Option<bool> {
        let state = self.state.as_deref()?;
        Some(matches!(state, "Completed" | "Exception" | "Killed" | "Cancelled"))
    }
}

impl Client {
    /// Reads how far a deed is. What has ended is forgotten by some controllers: then they refuse with 404.
    ///
    /// # Errors
    /// As every call.
    pub async fn task(&self, place: &Link) -> Result<Task, RedfishError> {
        let value = self.get(place).await?.value;
        let listed = value.get("Messages").cloned().unwrap_or_default();
        Ok(Task {
            state: text(&value, "/TaskState"),
            health: text(&value, "/TaskStatus").and_then(|word| Health::of(&word)),
            percent: whole(&value, "/PercentComplete"),
            messages: body::messages(&serde_json::json!({ "@Message.ExtendedInfo": listed })),
        })
    }
}
