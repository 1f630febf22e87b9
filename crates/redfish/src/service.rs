//! The service root: where everything begins (DSP0266, "Service root request"; DSP2046, `ServiceRoot`).

use reqwest::Method;
use serde::{Deserialize, Serialize};

use crate::client::{Ask, Client};
use crate::error::RedfishError;
use crate::link::Link;
use crate::resource::{Resource, link, text};
use crate::session::Ticket;

/// The one path that DSP0266 lays down; everything else is found.
pub(crate) const ROOT: &str = "/redfish/v1/";

/// What a controller says of itself to everybody, and where the rest is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// The version of the protocol, such as `1.15.0`.
    pub version: Option<String>,
    /// Who made it.
    pub vendor: Option<String>,
    /// What it is, such as the controller's product name.
    pub product: Option<String>,
    /// Of the service; the same for all addresses that lead to it.
    pub uuid: Option<String>,
    /// The list of systems.
    pub systems: Option<Link>,
    /// The list of chassis.
    pub chassis: Option<Link>,
    /// The list of managers: the controller itself is one.
    pub managers: Option<Link>,
    /// Firmware.
    pub update: Option<Link>,
    /// Subscriptions to events.
    pub events: Option<Link>,
}

impl Client {
    /// Reads the service root. It wants no credentials, and none are sent.
    ///
    /// # Errors
    /// [`RedfishError::NotRedfish`] when what answers is something else; and as every call: unreachable, certificate
    /// refused, too large.
    pub async fn service(&self) -> Result<Service, RedfishError> {
        let root = self.read_open(&Link::new(ROOT)).await?;
        let value = &root.value;
        let version = text(value, "/RedfishVersion");
        let kind = text(value, "/@odata.type").unwrap_or_default();
        if version.is_none() && !kind.contains("ServiceRoot") {
            let why = "its root has neither a version nor the type of a service root".to_owned();
            return Err(self.not_redfish(format!("to read `{ROOT}`"), why));
        }
        Ok(Service {
            version,
            vendor: text(value, "/Vendor"),
            product: text(value, "/Product"),
            uuid: text(value, "/UUID"),
            systems: link(value, "/Systems"),
            chassis: link(value, "/Chassis"),
            managers: link(value, "/Managers"),
            update: link(value, "/UpdateService"),
            events: link(value, "/EventService"),
        })
    }

    /// Finds the systems: usually one; several behind the controller of an enclosure.
    ///
    /// # Errors
    /// As [`Client::service`]; [`RedfishError::Unauthorized`]; [`RedfishError::Unsupported`] when there is no such list.
    pub async fn systems(&self) -> Result<Vec<Link>, RedfishError> {
        self.all(self.service().await?.systems, "systems").await
    }

    /// Finds the chassis.
    ///
    /// # Errors
    /// As [`Client::systems`].
    pub async fn chassis_list(&self) -> Result<Vec<Link>, RedfishError> {
        self.all(self.service().await?.chassis, "chassis").await
    }

    /// Finds the managers.
    ///
    /// # Errors
    /// As [`Client::systems`].
    pub async fn managers(&self) -> Result<Vec<Link>, RedfishError> {
        self.all(self.service().await?.managers, "managers").await
    }

    async fn all(&self, list: Option<Link>, what: &str) -> Result<Vec<Link>, RedfishError> {
        let list =
            list.ok_or_else(|| self.unsupported(&format!("a list of {what}"), Vec::new()))?;
        let members = self.members(&list, self.0.limits.members).await?;
        let whole = self.whole(members, &list)?;
        Ok(whole.iter().filter_map(|member| link(member, "")).collect())
    }

    /// Reads what everybody may read, without credentials.
    pub(crate) async fn read_open(&self, place: &Link) -> Result<Resource, RedfishError> {
        let doing = format!("to read `{place}`");
        let ask =
            Ask { method: Method::GET, link: place, body: None, etag: None, doing: doing.clone() };
        let answer = self.judge(self.exchange(&ask, &Ticket::None).await?, doing.clone())?;
        self.resource(place, &answer, doing)
    }
}
