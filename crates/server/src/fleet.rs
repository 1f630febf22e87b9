//! The fleet as provisioners report it: who is asked where, and what their words become.
//!
//! What was seen lives in memory only: it is an observation, no truth. After a start it is empty until the worker has
//! looked once.

use std::sync::Arc;

use arc_swap::ArcSwap;
use fleet::lifecycle::{Hardware, Power, Sighting, Watch};
use fleet::{Provisioner, ProvisionerSoftware};
use jiff::Timestamp;
use playbook::Typed;
use reqwest::Client;
use secrecy::SecretString;
use systems::ironic::{Access, Ironic, Node};
use systems::maas::{Maas, Machine};
use systems::metal::MetalError;

use crate::Config;

/// The key that a simulated MAAS is asked with; it lets everybody in.
const SIMULATED_KEY: &str = "simulated:simulated:simulated";

/// Bytes of a gigabyte as disks are labelled.
const GIGABYTE: u64 = 1_000_000_000;

/// What was seen last.
#[derive(Debug, Default)]
pub(crate) struct Fleet(ArcSwap<Watch>);

impl Fleet {
    /// What was seen last.
    pub(crate) fn watch(&self) -> Arc<Watch> {
        self.0.load_full()
    }

    /// Replaces it.
    pub(crate) fn see(&self, watch: Watch) {
        self.0.store(Arc::new(watch));
    }
}

/// A provisioner that can be asked.
#[derive(Debug)]
pub(crate) struct Asked {
    /// Its name in the playbook.
    pub(crate) name: String,
    /// Whether it is a simulation.
    pub(crate) simulated: bool,
    client: Result<Outside, String>,
}

#[derive(Debug)]
enum Outside {
    Ironic(Ironic),
    Maas(Maas),
}

impl Asked {
    /// Where a provisioner answers; nothing when nobody has said so.
    pub(crate) fn of(
        provisioner: Typed<'_, Provisioner>,
        config: &Config,
        client: &Client,
    ) -> Option<Self> {
        let (name, spec) = (provisioner.name(), provisioner.spec);
        let simulated = config.estate.is_some();
        let base = match (&config.estate, &spec.endpoint) {
            (Some(estate), _) => match spec.software {
                ProvisionerSoftware::Ironic => format!("{estate}/{name}"),
                ProvisionerSoftware::Maas => format!("{estate}/{name}/MAAS"),
            },
            (None, Some(endpoint)) => endpoint.value.clone(),
            (None, None) => return None,
        };
        let secret = match (&spec.credentials, simulated) {
            (Some(secret), false) => {
                let variable = variable(secret.name());
                match (config.variable)(&variable) {
                    Some(value) => Ok(Some(value)),
                    None => Err(format!(
                        "its credentials are missing: set `{variable}` in the environment of the server"
                    )),
                }
            }
            (_, true) | (None, false) => Ok(None),
        };
        let outside = secret.and_then(|secret| match spec.software {
            ProvisionerSoftware::Ironic => {
                let access = access(secret.as_deref())?;
                Ok(Outside::Ironic(Ironic::new(&base, access, client.clone())))
            }
            ProvisionerSoftware::Maas => {
                let key = secret.unwrap_or_else(|| SIMULATED_KEY.to_owned());
                Ok(Outside::Maas(Maas::new(&base, SecretString::from(key), client.clone())))
            }
        });
        Some(Self { name: name.to_owned(), simulated, client: outside })
    }

    /// Asks for all machines; a failure comes back in words.
    pub(crate) async fn machines(&self, now: Timestamp) -> Result<Vec<Sighting>, String> {
        match self.client.as_ref().map_err(Clone::clone)? {
            Outside::Ironic(ironic) => {
                let nodes = ironic.nodes().await.map_err(|error| words(&error))?;
                Ok(nodes.into_iter().map(|node| self.node(node, now)).collect())
            }
            Outside::Maas(maas) => {
                let machines = maas.machines().await.map_err(|error| words(&error))?;
                Ok(machines.into_iter().map(|machine| self.machine(machine, now)).collect())
            }
        }
    }

    fn node(&self, node: Node, now: Timestamp) -> Sighting {
        let power = match node.power_state.as_deref() {
            Some("power on") => Power::On,
            Some("power off") => Power::Off,
            Some(_) | None => Power::Unknown,
        };
        let disks = node.properties.get("disks_gb").and_then(|sizes| sizes.as_array());
        let disks = disks.map(|sizes| sizes.iter().filter_map(serde_json::Value::as_u64).collect());
        let serial = ["serial", "serial_number", "system_serial"]
            .iter()
            .find_map(|name| node.extra.get(*name)?.as_str().map(str::to_owned));
        let hardware = Hardware {
            cores: node.number("cpus"),
            memory_mib: node.number("memory_mb"),
            disks,
            macs: (!node.macs.is_empty()).then(|| node.macs.clone()),
            gpus: None,
            serial,
        };
        let why = node.maintenance_reason.clone().filter(|why| !why.is_empty());
        Sighting {
            provisioner: self.name.clone(),
            software: ProvisionerSoftware::Ironic,
            name: node.name.clone().unwrap_or_else(|| node.uuid.clone()),
            state: node.provision_state.clone().unwrap_or_else(|| "available".to_owned()),
            power,
            image: node.image().map(str::to_owned),
            last_error: node.last_error,
            maintenance: node
                .maintenance
                .then(|| why.unwrap_or_else(|| "nobody has said why".to_owned())),
            since: node.provision_updated_at,
            seen_at: now,
            hardware,
            simulated: self.simulated,
            id: node.uuid,
        }
    }

    fn machine(&self, machine: Machine, now: Timestamp) -> Sighting {
        let power = match machine.power_state.as_str() {
            "on" => Power::On,
            "off" => Power::Off,
            _ => Power::Unknown,
        };
        let known = |number: u64| (number > 0).then_some(number);
        let disks: Vec<u64> =
            machine.physicalblockdevice_set.iter().map(|disk| disk.size / GIGABYTE).collect();
        let macs: Vec<String> =
            machine.interface_set.into_iter().filter_map(|it| it.mac_address).collect();
        let said = [machine.error_description, machine.status_message];
        let image = format!("{} {}", machine.osystem, machine.distro_series);
        Sighting {
            provisioner: self.name.clone(),
            software: ProvisionerSoftware::Maas,
            id: machine.system_id,
            name: machine.hostname,
            state: machine.status_name,
            power,
            last_error: said.into_iter().flatten().find(|text| !text.trim().is_empty()),
            maintenance: None,
            // MAAS does not say; the worker counts from when it first saw the state.
            since: None,
            seen_at: now,
            image: (!image.trim().is_empty()).then(|| image.trim().to_owned()),
            hardware: Hardware {
                cores: known(machine.cpu_count),
                memory_mib: known(machine.memory),
                disks: (!disks.is_empty()).then_some(disks),
                macs: (!macs.is_empty()).then_some(macs),
                gpus: None,
                serial: machine.hardware_info.system_serial.filter(|serial| serial != "Unknown"),
            },
            simulated: self.simulated,
        }
    }
}

/// The variable of the environment that holds a secret.
fn variable(secret: &str) -> String {
    let plain = |character: char| {
        if character.is_ascii_alphanumeric() { character.to_ascii_uppercase() } else { '_' }
    };
    format!("COUNCIL_SECRET_{}", secret.chars().map(plain).collect::<String>())
}

/// `user:password@https://keystone.example.org/v3`, or nothing where nobody signs in.
fn access(secret: Option<&str>) -> Result<Access, String> {
    let Some(secret) = secret else { return Ok(Access::Open) };
    let parts = secret.rsplit_once('@').and_then(|(who, url)| Some((who.split_once(':')?, url)));
    let Some(((user, password), url)) = parts else {
        return Err(
            "its credentials do not have the form `user:password@https://keystone/v3`".to_owned()
        );
    };
    Ok(Access::Keystone {
        url: url.to_owned(),
        user: user.to_owned(),
        password: SecretString::from(password),
    })
}

fn words(error: &MetalError) -> String {
    crate::http::problem::Chain(error).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_found_by_a_plain_name_and_read_whole() {
        assert_eq!(variable("maas-eu-1.key"), "COUNCIL_SECRET_MAAS_EU_1_KEY");
        assert!(matches!(access(None), Ok(Access::Open)));
        let found = access(Some("admin:p@ss:w@https://id.example.org/v3")).expect("it is whole");
        assert!(matches!(found, Access::Keystone { url, user, .. }
            if url == "https://id.example.org/v3" && user == "admin"));
        assert!(access(Some("admin")).is_err());
    }
}
