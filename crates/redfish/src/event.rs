//! Subscriptions to events: where a controller sends what happens (DSP0266, "Eventing"; DSP2046, `EventService`,
//! `EventDestination`).

use serde::{Deserialize, Serialize};
use serde_json::{Map, json};

use crate::client::Client;
use crate::error::RedfishError;
use crate::link::Link;
use crate::resource::{Resource, link, text};

/// A subscription that a controller has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// Where it is.
    pub link: Link,
    /// Where events go.
    pub destination: Option<String>,
    /// What comes along with each event, to tell who sends it.
    pub context: Option<String>,
    /// Such as `Redfish`, `SNMPv2c`.
    pub protocol: Option<String>,
}

/// A wish to get events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscribe {
    /// Where events go, by `https://`.
    pub destination: String,
    /// What comes along with each event; no secret, the controller shows it to all its users.
    pub context: String,
    /// Such as `Alert`, for controllers of before 2018 that want them; empty for all others.
    pub event_types: Vec<String>,
}

impl Client {
    /// Reads the subscriptions that there are, other people's among them.
    ///
    /// # Errors
    /// [`RedfishError::Unsupported`] when there are no events; and as every call.
    pub async fn subscriptions(&self) -> Result<Vec<Subscription>, RedfishError> {
        let place = self.subscription_list().await?;
        Ok(self.resources(&place).await?.iter().map(lower).collect())
    }

    /// Subscribes; returns where the subscription is. Twice is two subscriptions: look first.
    ///
    /// # Errors
    /// As [`Client::subscriptions`]; [`RedfishError::NotRedfish`] when it does not say where it is.
    pub async fn subscribe(&self, wish: &Subscribe) -> Result<Link, RedfishError> {
        let place = self.subscription_list().await?;
        let mut fields = Map::new();
        fields.insert("Destination".to_owned(), json!(wish.destination));
        fields.insert("Context".to_owned(), json!(wish.context));
        fields.insert("Protocol".to_owned(), json!("Redfish"));
        match wish.event_types.is_empty() {
            true => fields.insert("EventFormatType".to_owned(), json!("Event")),
            false => fields.insert("EventTypes".to_owned(), json!(wish.event_types)),
        };
        let doing = format!("to send events to `{}`", wish.destination);
        let answer = self.post(&place, &fields.into(), doing.clone()).await?;
        let said = answer.location().or_else(|| link(&answer.json(), ""));
        said.ok_or_else(|| {
            self.not_redfish(doing, "it does not say where the subscription is".to_owned())
        })
    }

    /// Ends a subscription; one that is gone already is no error.
    ///
    /// # Errors
    /// As every call.
    pub async fn unsubscribe(&self, place: &Link) -> Result<(), RedfishError> {
        match self.delete(place, format!("to remove `{place}`")).await {
            Ok(_) | Err(RedfishError::Refused { status: 404 | 410, .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn subscription_list(&self) -> Result<Link, RedfishError> {
        let none = || self.unsupported("subscriptions to events", Vec::new());
        let service = self.service().await?.events.ok_or_else(none)?;
        let service = self.get(&service).await?.value;
        link(&service, "/Subscriptions").ok_or_else(none)
    }
}

fn lower(resource: &Resource) -> Subscription {
    let value = &resource.value;
    Subscription {
        link: resource.link.clone(),
        destination: text(value, "/Destination"),
        context: text(value, "/Context"),
        protocol: text(value, "/Protocol"),
    }
}
