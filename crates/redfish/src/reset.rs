//! Turning systems and managers on and off (DSP0266, "Actions"; DSP2046, `ComputerSystem.Reset`, `Manager.Reset`).

use serde_json::{Value, json};

use crate::client::Client;
use crate::error::RedfishError;
use crate::link::Link;
use crate::resource::{Resource, link, list, text, texts};
use crate::task::Accepted;
use crate::word::ResetType;

/// Where an action is asked for, and with which values.
pub(crate) struct Action {
    pub(crate) target: Link,
    /// `None` when the controller does not say.
    pub(crate) allowed: Option<Vec<String>>,
}

impl Client {
    /// Turns a system on or off or restarts it, if the controller offers this way of it.
    ///
    /// # Errors
    /// [`RedfishError::Unsupported`], and nothing is sent, when the reset is not among those that it offers; and as every
    /// call.
    pub async fn reset(&self, system: &Link, reset: ResetType) -> Result<Accepted, RedfishError> {
        let seen = self.get(system).await?;
        self.send_reset(&seen, "#ComputerSystem.Reset", reset).await
    }

    /// Restarts a manager; it does not answer for minutes then.
    ///
    /// # Errors
    /// As [`Client::reset`].
    pub async fn reset_manager(
        &self,
        manager: &Link,
        reset: ResetType,
    ) -> Result<Accepted, RedfishError> {
        let seen = self.get(manager).await?;
        self.send_reset(&seen, "#Manager.Reset", reset).await
    }

    /// The resets that a system offers; `None` when the controller does not say.
    ///
    /// # Errors
    /// As every call; [`RedfishError::Unsupported`] when it offers no reset at all.
    pub async fn resets(&self, system: &Link) -> Result<Option<Vec<String>>, RedfishError> {
        let seen = self.get(system).await?;
        Ok(self.action(&seen, "#ComputerSystem.Reset", "ResetType").await?.allowed)
    }

    pub(crate) async fn send_reset(
        &self,
        seen: &Resource,
        name: &str,
        reset: ResetType,
    ) -> Result<Accepted, RedfishError> {
        let action = self.action(seen, name, "ResetType").await?;
        self.offered("the reset", Some(reset.as_str()), action.allowed.as_deref())?;
        let body = json!({ "ResetType": reset.as_str() });
        let doing = format!("to reset `{}` by `{reset}`", seen.link);
        Ok(Accepted::of(&self.post(&action.target, &body, doing).await?))
    }

    /// Finds an action of a resource and the values that one of its parameters may have.
    pub(crate) async fn action(
        &self,
        seen: &Resource,
        name: &str,
        parameter: &str,
    ) -> Result<Action, RedfishError> {
        let action = seen.value.get("Actions").and_then(|actions| actions.get(name));
        let Some((action, target)) =
            action.and_then(|action| Some((action, text(action, "/target")?)))
        else {
            return Err(self.unsupported(name.trim_start_matches('#'), Vec::new()));
        };
        let target = Link::new(&target);
        let said = texts(action, &format!("/{parameter}@Redfish.AllowableValues"));
        let allowed = match (said, info(action)) {
            (Some(allowed), _) => Some(allowed),
            (None, Some(place)) => allowed(&self.get(&place).await?.value, parameter),
            (None, None) => None,
        };
        Ok(Action { target, allowed })
    }
}

/// Where an action is described (DSP0266, "ActionInfo"): a plain text, or a reference on some controllers.
fn info(action: &Value) -> Option<Link> {
    let plain = text(action, "/@Redfish.ActionInfo").map(|place| Link::new(&place));
    plain.or_else(|| link(action, "/@Redfish.ActionInfo"))
}

fn allowed(info: &Value, parameter: &str) -> Option<Vec<String>> {
    let parameters = list(info, "/Parameters");
    let found = parameters.iter().find(|one| text(one, "/Name").as_deref() == Some(parameter))?;
    texts(found, "/AllowableValues")
}
