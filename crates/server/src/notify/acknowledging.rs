//! Addresses that acknowledge, and acknowledging.

use hmac::{Hmac, KeyInit as _, Mac as _};
use reliability::record::Command as Any;
use reliability::record::{alert, incident, notification};
use sha2::Sha256;

use crate::AppState;
use crate::auth::secret::hex;
use crate::http::Problem;
use crate::perform::Performed;

/// The name of the signing key.
const KEY: &str = "acknowledge";

/// The address at which one person acknowledges one notification.
pub(crate) fn link(state: &AppState, id: &str, person: &str) -> Result<String, Problem> {
    let signature = hex(&mac(state, id, person)?.finalize().into_bytes());
    Ok(format!("{}/acknowledge/{id}/{person}/{signature}", state.origin()))
}

fn mac(state: &AppState, id: &str, person: &str) -> Result<Hmac<Sha256>, Problem> {
    let key = state.store().signing_key(KEY)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key)
        .expect("BUG: this construction takes keys of any length");
    // No id has a slash, so that no two pairs are signed alike.
    mac.update(format!("{id}/{person}").as_bytes());
    Ok(mac)
}

/// What an address that acknowledges says.
#[derive(Clone, Debug, serde::Deserialize)]
pub(crate) struct Signed {
    /// The notification's id.
    pub(crate) id: String,
    /// Who was told.
    pub(crate) person: String,
    signature: String,
}

impl Signed {
    /// The address from the root.
    pub(crate) fn path(&self) -> String {
        format!("/acknowledge/{}/{}/{}", self.id, self.person, self.signature)
    }

    /// Refuses an address that nobody was given.
    pub(crate) fn verify(&self, state: &AppState) -> Result<(), Problem> {
        let missing = || {
            Problem::not_found("This address acknowledges nothing.")
                .hint("Open the link of the message whole, or sign in and look at On call")
        };
        let signature = unhex(&self.signature).ok_or_else(missing)?;
        mac(state, &self.id, &self.person)?.verify_slice(&signature).map_err(|_| missing())
    }

    /// Acknowledges in the name of the person to whom the address was sent.
    pub(crate) async fn acknowledge(&self, state: &AppState) -> Result<Performed, Problem> {
        self.verify(state)?;
        let (state, id, person) = (state.clone(), self.id.clone(), self.person.clone());
        let work = move || {
            let command = notification::Command::Acknowledge {};
            state.perform_as(&person, Any::Notification { id, command })
        };
        match tokio::task::spawn_blocking(work).await {
            Ok(done) => done,
            Err(error) => Err(Problem::internal(&error)),
        }
    }
}

/// Whoever acknowledges a page has what it is about: the incident, or the group of alerts. Blocks.
pub(crate) fn see_subject(state: &AppState, id: &str, person: &str) {
    let record = state.record();
    let about = record.state.reliability.notifications.get(id).map(|found| found.about.clone());
    let Some((kind, name)) = about.as_deref().and_then(|about| about.split_once('/')) else {
        return;
    };
    let name = name.to_owned();
    let command = match kind {
        "incident" => Any::Incident { id: name, command: incident::Command::Acknowledge {} },
        "alert" => Any::Alert(alert::Command::Acknowledge { group: name }),
        // Nothing else that pages is had by anybody.
        _ => return,
    };
    // That somebody has seen it before is its usual answer.
    if let Err(problem) = state.perform_as(person, command) {
        tracing::debug!(about, detail = problem.detail(), "not acknowledged again");
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = |at: usize| u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok();
    if !text.len().is_multiple_of(2) {
        return None;
    }
    (0..text.len() / 2).map(digits).collect()
}
