//! Where numbers come from: the playbook's Prometheus, or the one that the operator names.

use playbook::Model;
use reliability::kinds::openslo::DataSource;
use secrecy::SecretString;
use systems::prometheus::Prometheus;

use crate::Config;

/// The variable with the address of Prometheus, which goes before what the playbook says.
const ADDRESS: &str = "COUNCIL_PROMETHEUS";

/// The variable with its bearer token.
const TOKEN: &str = "COUNCIL_PROMETHEUS_TOKEN";

/// The Prometheus to ask, or why there is none.
pub(super) fn of(
    config: &Config,
    client: &reqwest::Client,
    model: &Model,
) -> Result<Prometheus, String> {
    let address = match ((config.variable)(ADDRESS), &config.estate) {
        (Some(address), _) => address,
        (None, Some(estate)) => format!("{estate}/prometheus"),
        (None, None) => declared(model)?,
    };
    let prometheus = Prometheus::new(&address, client.clone());
    Ok(match (config.variable)(TOKEN) {
        Some(token) => prometheus.with_token(SecretString::from(token)),
        None => prometheus,
    })
}

/// Whether what is said is played by an estate.
pub(super) fn is_simulated(config: &Config) -> bool {
    config.estate.is_some() && (config.variable)(ADDRESS).is_none()
}

/// The address of the playbook's only Prometheus.
fn declared(model: &Model) -> Result<String, String> {
    let sources = model.all::<DataSource>();
    let mut addresses = sources
        .filter(|source| source.spec.r#type.eq_ignore_ascii_case("prometheus"))
        .filter_map(|source| source.spec.connection_details.get("url")?.as_str());
    match (addresses.next(), addresses.next()) {
        (Some(address), None) => Ok(address.to_owned()),
        (None, _) => {
            Err("the playbook declares no `DataSource` of type Prometheus with a `url`".to_owned())
        }
        (Some(_), Some(_)) => Err(format!(
            "the playbook declares several Prometheus servers; `{ADDRESS}` says which one to ask"
        )),
    }
}
