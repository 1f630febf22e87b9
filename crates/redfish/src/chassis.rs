//! A chassis: what can be carried, and has a place in a rack (DSP2046, `Chassis`).

use serde::{Deserialize, Serialize};

use crate::client::Client;
use crate::error::RedfishError;
use crate::link::Link;
use crate::resource::{health, links, state, text};
use crate::word::{Health, PowerState};

/// What a controller says of a chassis.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chassis {
    /// Where it is.
    pub link: Link,
    /// Its id; unique to this controller only.
    pub id: Option<String>,
    /// Such as `RackMount`, `Blade`, `Enclosure`.
    pub kind: Option<String>,
    /// Who made it.
    pub manufacturer: Option<String>,
    /// Its model.
    pub model: Option<String>,
    /// The part number.
    pub part: Option<String>,
    /// The serial number.
    pub serial: Option<String>,
    /// What its owner calls it.
    pub asset_tag: Option<String>,
    /// Whether it has power.
    pub power: Option<PowerState>,
    /// How well it is.
    pub health: Option<Health>,
    /// Such as `Enabled`.
    pub state: Option<String>,
    /// The systems in it.
    pub systems: Vec<Link>,
}

impl Client {
    /// Reads a chassis, without its sensors: one request.
    ///
    /// # Errors
    /// Unreachable, unauthorized, refused, not Redfish, too large.
    pub async fn chassis(&self, place: &Link) -> Result<Chassis, RedfishError> {
        let value = self.get(place).await?.value;
        Ok(Chassis {
            link: place.clone(),
            id: text(&value, "/Id"),
            kind: text(&value, "/ChassisType"),
            manufacturer: text(&value, "/Manufacturer"),
            model: text(&value, "/Model"),
            part: text(&value, "/PartNumber"),
            serial: text(&value, "/SerialNumber"),
            asset_tag: text(&value, "/AssetTag"),
            power: text(&value, "/PowerState").and_then(|word| PowerState::of(&word)),
            health: health(&value),
            state: state(&value),
            systems: links(&value, "/Links/ComputerSystems"),
        })
    }
}
