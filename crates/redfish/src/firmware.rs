//! Which firmware runs where (DSP2046, `UpdateService`, `SoftwareInventory`).

use serde::{Deserialize, Serialize};

use crate::client::Client;
use crate::error::RedfishError;
use crate::resource::{Unread, health, link, links, text, truth};
use crate::word::Health;

/// The firmware that a controller knows about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Firmware {
    /// All of it; `None` when there is no such list, or when it could not be read.
    pub software: Option<Vec<Software>>,
    /// What is offered and could not be read.
    pub unread: Vec<Unread>,
}

/// One piece of firmware.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Software {
    /// Its id.
    pub id: Option<String>,
    /// What it is called.
    pub name: Option<String>,
    /// Its version, in the maker's own way of counting.
    pub version: Option<String>,
    /// Who made it.
    pub manufacturer: Option<String>,
    /// Whether it can be updated through the controller.
    pub updateable: Option<bool>,
    /// Which firmware it is, for the maker's catalogue.
    pub software_id: Option<String>,
    /// How well it is.
    pub health: Option<Health>,
    /// The parts that it runs on.
    pub parts: Vec<crate::Link>,
}

impl Client {
    /// Reads which firmware runs where.
    ///
    /// # Errors
    /// When the service root or the update service cannot be read.
    pub async fn firmware(&self) -> Result<Firmware, RedfishError> {
        let mut unread = Vec::new();
        let Some(service) = self.service().await?.update else {
            return Ok(Firmware { software: None, unread });
        };
        let service = self.get(&service).await?.value;
        let Some(place) = link(&service, "/FirmwareInventory") else {
            return Ok(Firmware { software: None, unread });
        };
        let found = self.part("FirmwareInventory", self.resources(&place), &mut unread).await?;
        let software = found.map(|all| all.iter().map(|one| lower(&one.value)).collect());
        Ok(Firmware { software, unread })
    }
}

fn lower(value: &serde_json::Value) -> Software {
    Software {
        id: text(value, "/Id"),
        name: text(value, "/Name"),
        version: text(value, "/Version"),
        manufacturer: text(value, "/Manufacturer"),
        updateable: truth(value, "/Updateable"),
        software_id: text(value, "/SoftwareId"),
        health: health(value),
        parts: links(value, "/RelatedItem"),
    }
}
