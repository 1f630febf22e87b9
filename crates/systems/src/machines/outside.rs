//! Ironic and MAAS behind one face: look, and ask for a move.

use fleet::lifecycle::Sighting;
use fleet::plan::Wanted;
use fleet::plan::moves::Verb;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::is_busy;
use super::sighting::{of_machine, of_node};
use crate::ironic::Ironic;
use crate::maas::Maas;
use crate::metal::MetalError;

/// What people read at the provisioner about a machine that is kept out of work.
const KEPT: &str = "kept out of work by the playbook";

/// A provisioner that can be asked.
#[derive(Clone, Debug)]
pub enum Outside {
    /// An Ironic, with what every node that it takes in gets besides its name: driver, interfaces, credentials.
    Ironic(Ironic, NewNode),
    /// A MAAS.
    Maas(Maas),
}

/// What a node gets when it is taken in.
#[derive(Clone, Debug)]
pub struct NewNode {
    /// The driver.
    pub driver: String,
    /// Other fields of the node, such as its interfaces.
    pub fields: Value,
    /// What stands in front of the name of an image: the address where Ironic fetches it.
    pub images: String,
}

impl Default for NewNode {
    /// Redfish, which every server of the last years speaks.
    fn default() -> Self {
        Self { driver: "redfish".to_owned(), fields: json!({}), images: String::new() }
    }
}

impl Outside {
    /// All machines.
    ///
    /// # Errors
    /// When it does not answer, refuses, or answers what nobody understands.
    pub async fn machines(&self, name: &str, now: Timestamp) -> Result<Vec<Sighting>, MetalError> {
        Ok(match self {
            Self::Ironic(ironic, new) => {
                let nodes = ironic.nodes().await?;
                nodes.into_iter().map(|node| of_node((name, &new.images), node, now)).collect()
            }
            Self::Maas(maas) => {
                let machines = maas.machines().await?;
                machines.into_iter().map(|machine| of_machine(name, machine, now)).collect()
            }
        })
    }

    /// One machine by the provisioner's own id; nothing when it is not there any more.
    pub(super) async fn machine(
        &self,
        name: &str,
        id: &str,
        now: Timestamp,
    ) -> Result<Option<Sighting>, MetalError> {
        let seen = match self {
            Self::Ironic(ironic, new) => {
                ironic.node(id).await.map(|it| of_node((name, &new.images), it, now))
            }
            Self::Maas(maas) => maas.machine(id).await.map(|it| of_machine(name, it, now)),
        };
        match seen {
            Ok(seen) => Ok(Some(seen)),
            Err(MetalError::Refused { status, .. }) if status.as_u16() == 404 => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Asks for a move.
    pub(super) async fn ask(
        &self,
        verb: Verb,
        machine: &Wanted,
        seen: Option<&Sighting>,
    ) -> Result<(), MetalError> {
        let id = seen.map_or(machine.name.as_str(), |seen| seen.id.as_str());
        match self {
            Self::Ironic(ironic, new) => ask_ironic((ironic, new), verb, machine, id).await,
            Self::Maas(maas) => ask_maas(maas, verb, machine, id).await,
        }
    }
}

async fn ask_ironic(
    (ironic, new): (&Ironic, &NewNode),
    verb: Verb,
    machine: &Wanted,
    id: &str,
) -> Result<(), MetalError> {
    match verb {
        Verb::Enrol => {
            ironic.enrol(&machine.name, &new.driver, fields(new, machine)).await.map(drop)
        }
        Verb::Manage => {
            // Here and not with the enrolment: whoever was killed between the two comes by here again.
            for mac in &machine.macs {
                match ironic.add_port(id, mac).await {
                    Err(error) if !is_busy(&error) => return Err(error),
                    Ok(()) | Err(_) => {}
                }
            }
            ironic.provision(id, "manage").await
        }
        Verb::Inspect => ironic.provision(id, "inspect").await,
        Verb::Provide => ironic.provision(id, "provide").await,
        Verb::Deploy => {
            let image = machine.image.as_deref().unwrap_or_default();
            let path = "/instance_info/image_source";
            let image = format!("{}{image}", new.images);
            let changes = json!([{ "op": "add", "path": path, "value": image }]);
            ironic.patch(id, &changes).await?;
            ironic.provision(id, "active").await
        }
        Verb::Release => {
            // Whatever the conductor's own setting: nothing of what was on the disks may reach the next owner.
            let changes = json!([{ "op": "add", "path": "/automated_clean", "value": true }]);
            ironic.patch(id, &changes).await?;
            ironic.provision(id, "deleted").await
        }
        Verb::Forget => ironic.forget(id).await,
        Verb::PowerOn => ironic.power(id, "power on").await,
        Verb::PowerOff => ironic.power(id, "power off").await,
        Verb::Reset => ironic.power(id, "rebooting").await,
        Verb::Keep => ironic.maintain(id, Some(KEPT)).await,
        Verb::Unkeep => ironic.maintain(id, None).await,
    }
}

/// A new node: what all have in common, and what the playbook says about this one.
fn fields(new: &NewNode, machine: &Wanted) -> Value {
    let mut fields = new.fields.clone();
    let mut info = fields.get("driver_info").cloned().unwrap_or_else(|| json!({}));
    if let Some(bmc) = machine.bmc.as_ref().filter(|_| new.driver == "redfish") {
        info["redfish_address"] = json!(format!("https://{bmc}"));
    }
    fields["driver_info"] = info;
    fields["extra"] = json!({ "serial": machine.serial });
    fields["resource_class"] = json!(machine.role);
    fields
}

async fn ask_maas(maas: &Maas, verb: Verb, machine: &Wanted, id: &str) -> Result<(), MetalError> {
    match verb {
        Verb::Enrol => {
            let mut form = vec![
                ("hostname", machine.name.as_str()),
                ("architecture", "amd64/generic"),
                ("power_type", if machine.bmc.is_some() { "redfish" } else { "manual" }),
            ];
            form.extend(
                machine.bmc.iter().map(|bmc| ("power_parameters_power_address", bmc.as_str())),
            );
            form.extend(machine.macs.iter().map(|mac| ("mac_addresses", mac.as_str())));
            maas.enrol(&machine.name, &form).await
        }
        Verb::Inspect => maas.operate(id, "commission", &[]).await,
        Verb::Deploy => {
            let image = machine.image.as_deref().unwrap_or_default();
            maas.operate(id, "deploy", &[("osystem", "custom"), ("distro_series", image)]).await
        }
        Verb::Release => {
            maas.operate(id, "release", &[("erase", "true"), ("secure_erase", "true")]).await
        }
        Verb::Forget => maas.forget(id).await,
        Verb::PowerOn => maas.operate(id, "power_on", &[]).await,
        Verb::PowerOff => maas.operate(id, "power_off", &[]).await,
        Verb::Reset => {
            maas.operate(id, "power_off", &[]).await?;
            maas.operate(id, "power_on", &[]).await
        }
        // MAAS does these by itself, as parts of the others.
        Verb::Manage | Verb::Provide | Verb::Keep | Verb::Unkeep => Ok(()),
    }
}
