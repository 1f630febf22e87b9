//! The fleet as provisioners report it: who is asked where, and what their words become.
//!
//! What was seen lives in memory only: it is an observation, no truth. After a start it is empty until the worker has
//! looked once.

use std::sync::Arc;

use arc_swap::ArcSwap;
use fleet::lifecycle::{Sighting, Watch};
use fleet::{Provisioner, ProvisionerSoftware};
use jiff::Timestamp;
use playbook::Typed;
use reqwest::Client;
use secrecy::SecretString;
use systems::ironic::{Access, Ironic};
use systems::maas::Maas;
use systems::machines::{NewNode, Outside};
use systems::metal::MetalError;

use crate::{AppState, Config};

/// The key that a simulated MAAS is asked with; it lets everybody in.
const SIMULATED_KEY: &str = "simulated:simulated:simulated";

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

impl AppState {
    /// Whether a provisioner can be asked.
    pub(crate) fn is_asked(&self, provisioner: Typed<'_, Provisioner>) -> bool {
        self.config().estate.is_some() || provisioner.spec.endpoint.is_some()
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
                let ironic = Ironic::new(&base, access, client.clone());
                let images = spec.images.clone().unwrap_or_default();
                Ok(Outside::Ironic(ironic, NewNode { images, ..NewNode::default() }))
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
        let outside = self.client.as_ref().map_err(Clone::clone)?;
        let seen = outside.machines(&self.name, now).await.map_err(|error| words(&error))?;
        let marked = |it| Sighting { simulated: self.simulated, ..it };
        Ok(seen.into_iter().map(marked).collect())
    }

    /// What is asked, for whoever also changes it.
    pub(crate) fn into_outside(self) -> Result<Outside, String> {
        self.client
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
