//! What a system boots from next, and how that is changed (DSP2046, `ComputerSystem.Boot`).

use reqwest::{Method, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::client::{Ask, Client};
use crate::error::RedfishError;
use crate::link::Link;
use crate::resource::{Resource, text, texts};
use crate::system;
use crate::word::{BootEnabled, BootMode, BootTarget};

/// What a system boots from next. Words that nobody laid down stay as they were said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Boot {
    /// For how long the override counts, such as `Once`.
    pub enabled: Option<String>,
    /// What is booted instead of the machine's own order, such as `Pxe`.
    pub target: Option<String>,
    /// With what, such as `UEFI`.
    pub mode: Option<String>,
    /// Targets that it offers; `None` when it does not say.
    pub allowed_targets: Option<Vec<String>>,
    /// Modes that it offers; `None` when it does not say.
    pub allowed_modes: Option<Vec<String>>,
    /// What is fetched by UEFI HTTP boot.
    pub http_uri: Option<String>,
}

/// A wish to boot from something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BootOverride {
    /// For how long.
    pub enabled: BootEnabled,
    /// From what; `None` leaves it as it is.
    pub target: Option<BootTarget>,
    /// With what; `None` leaves it as it is, which some controllers want.
    pub mode: Option<BootMode>,
    /// What UEFI HTTP boot fetches; `None` leaves it as it is.
    pub http_uri: Option<String>,
}

impl Boot {
    pub(crate) fn lower(system: &Value) -> Self {
        let at = |property: &str| text(system, &format!("/Boot/{property}"));
        let allowed =
            |property: &str| texts(system, &format!("/Boot/{property}@Redfish.AllowableValues"));
        Self {
            enabled: at("BootSourceOverrideEnabled"),
            target: at("BootSourceOverrideTarget"),
            mode: at("BootSourceOverrideMode"),
            allowed_targets: allowed("BootSourceOverrideTarget"),
            allowed_modes: allowed("BootSourceOverrideMode"),
            http_uri: at("HttpBootUri"),
        }
    }
}

impl Client {
    /// Lays down what a system boots from next, and returns what the controller says of it afterwards.
    ///
    /// What it says may still be the old: controllers with a settings resource take it over at the next start.
    /// The version that was read goes along (`If-Match`; DSP0266, "ETags"). Where it does not fit it is read anew, once, and
    /// sent the strong way, because some controllers compare their own weak ones byte by byte.
    ///
    /// # Errors
    /// [`RedfishError::Unsupported`], and nothing is sent, when the target or mode is not among those that it offers; and as
    /// every call.
    pub async fn set_boot(&self, place: &Link, wish: &BootOverride) -> Result<Boot, RedfishError> {
        let seen = self.get(place).await?;
        let boot = Boot::lower(&seen.value);
        let target = wish.target.map(BootTarget::as_str);
        self.offered("to boot from", target, boot.allowed_targets.as_deref())?;
        self.offered("to boot by", wish.mode.map(BootMode::as_str), boot.allowed_modes.as_deref())?;
        let body = json!({ "Boot": wish.fields() });
        let aim = self.aim(seen).await;
        let doing = format!("to boot `{place}` from {}", target.unwrap_or("what it did"));
        if !self.patch(&aim.link, &body, aim.etag.as_deref(), &doing).await? {
            let fresh = self.get(&aim.link).await?.etag;
            let strong = fresh.map(|etag| etag.trim_start_matches("W/").to_owned());
            if !self.patch(&aim.link, &body, strong.as_deref(), &doing).await? {
                let (who, messages) = (self.who(), Vec::new());
                let status = StatusCode::PRECONDITION_FAILED.as_u16();
                return Err(RedfishError::Refused { who, doing, status, messages });
            }
        }
        Ok(Boot::lower(&self.get(place).await?.value))
    }

    /// The resource that is changed: the settings beside the system if they know about booting, else the system.
    async fn aim(&self, seen: Resource) -> Resource {
        let Some(beside) = system::settings(&seen) else { return seen };
        match self.get(&beside).await {
            Ok(settings) if settings.value.get("Boot").is_some() => settings,
            _ => seen,
        }
    }

    /// Changes a resource; `false` when it has another version than the one given.
    async fn patch(
        &self,
        place: &Link,
        body: &Value,
        etag: Option<&str>,
        doing: &str,
    ) -> Result<bool, RedfishError> {
        let doing = doing.to_owned();
        let ask = Ask { method: Method::PATCH, link: place, body: Some(body), etag, doing };
        match self.ask(ask).await {
            Ok(_) => Ok(true),
            Err(RedfishError::Refused { status: 412, .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Refuses what is not among the values that are offered; where nothing is said everything may be tried.
    pub(crate) fn offered(
        &self,
        what: &str,
        wish: Option<&str>,
        allowed: Option<&[String]>,
    ) -> Result<(), RedfishError> {
        let (Some(wish), Some(allowed)) = (wish, allowed) else { return Ok(()) };
        match allowed.is_empty() || allowed.iter().any(|one| one.eq_ignore_ascii_case(wish)) {
            true => Ok(()),
            false => Err(self.unsupported(&format!("{what} `{wish}`"), allowed.to_vec())),
        }
    }
}

impl BootOverride {
    fn fields(&self) -> Value {
        let mut fields = Map::new();
        let mut put = |name: &str, word: Option<&str>| {
            if let Some(word) = word {
                fields.insert(name.to_owned(), word.into());
            }
        };
        put("BootSourceOverrideEnabled", Some(self.enabled.as_str()));
        put("BootSourceOverrideTarget", self.target.map(BootTarget::as_str));
        put("BootSourceOverrideMode", self.mode.map(BootMode::as_str));
        put("HttpBootUri", self.http_uri.as_deref());
        Value::Object(fields)
    }
}
