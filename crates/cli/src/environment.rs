//! Everything that comes from outside the arguments, read once: variables, directory, clock.

use std::collections::BTreeMap;
use std::path::PathBuf;

use secrecy::SecretString;

use crate::pull_request::VARIABLES;

/// The base URL of the server that online commands talk to.
pub(crate) const COUNCIL_URL: &str = "COUNCIL_URL";
/// The personal token that online commands send. Not an option: arguments are seen by everybody
/// who may list processes.
pub(crate) const COUNCIL_TOKEN: &str = "COUNCIL_TOKEN";

/// The address of the database that several councils share as their ledger. Not an option: it may hold a password.
pub(crate) const COUNCIL_LEDGER: &str = "COUNCIL_LEDGER";

/// What this process was started with.
#[derive(Clone, Debug)]
pub(crate) struct Environment {
    /// Working directory.
    pub(crate) directory: PathBuf,
    /// The moment at which the command started.
    pub(crate) now: jiff::Timestamp,
    /// Where the user keeps configuration, such as sign-in tokens.
    pub(crate) configuration: Option<PathBuf>,
    /// `COUNCIL_URL`.
    pub(crate) url: Option<String>,
    /// `COUNCIL_TOKEN`.
    pub(crate) token: Option<String>,
    /// `COUNCIL_JOB_TOKEN`: what a pipeline's system says of its job, signed.
    pub(crate) job_token: Option<String>,
    /// `COUNCIL_PROMETHEUS_TOKEN`: the bearer token for Prometheus. Not an option, as `COUNCIL_TOKEN` is none.
    pub(crate) prometheus_token: Option<String>,
    /// `COUNCIL_DATA`: the data directory.
    pub(crate) data: Option<PathBuf>,
    /// `COUNCIL_LEDGER`: the address of a shared ledger. Never shown: it may hold a password.
    pub(crate) ledger: Option<String>,
    /// `SOPS_AGE_KEY`: age keys, as SOPS takes them.
    pub(crate) age_key: Option<SecretString>,
    /// `SOPS_AGE_KEY_FILE`: the file that holds age keys.
    pub(crate) age_key_file: Option<PathBuf>,
    /// `VAULT_ADDR`: where Vault or OpenBao is.
    pub(crate) vault_address: Option<String>,
    /// `VAULT_TOKEN`: the token for it.
    pub(crate) vault_token: Option<SecretString>,
    /// `VAULT_NAMESPACE`: the namespace there.
    pub(crate) vault_namespace: Option<String>,
    /// `COUNCIL_LOG`, or else `RUST_LOG`: what the server logs.
    pub(crate) log: Option<String>,
    /// `COUNCIL_LOG_FORMAT`: `human` or `json`.
    pub(crate) log_format: Option<String>,
    /// Where traces go, by the standard `OTEL_*` variables.
    pub(crate) traces_to: Option<String>,
    /// `COUNCIL_FORGE_TOKEN`: the token for the forge that a pipeline runs on.
    pub(crate) forge_token: Option<SecretString>,
    /// What the pipeline that runs us says, by the variables of its system.
    pub(crate) pipeline: BTreeMap<String, String>,
    /// Whether `NO_COLOR` and `TERM` let text be colored on a terminal.
    pub(crate) allows_color: bool,
    /// The program for long pages; `None` when `PAGER` is empty or `cat`.
    pub(crate) pager: Option<String>,
}

/// A variable that is set to something. Targets name the variables that hold their tokens, so that not all can be read
/// in advance.
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

impl Environment {
    /// Reads the process's environment.
    pub(crate) fn read() -> std::io::Result<Self> {
        let home = variable("HOME").map(|home| PathBuf::from(home).join(".config"));
        let pager = std::env::var("PAGER").unwrap_or_else(|_| "less".to_owned());
        Ok(Self {
            directory: std::env::current_dir()?,
            now: jiff::Timestamp::now(),
            configuration: variable("XDG_CONFIG_HOME").map(PathBuf::from).or(home),
            url: variable(COUNCIL_URL),
            token: variable(COUNCIL_TOKEN),
            job_token: variable("COUNCIL_JOB_TOKEN"),
            prometheus_token: variable("COUNCIL_PROMETHEUS_TOKEN"),
            data: variable("COUNCIL_DATA").map(PathBuf::from),
            ledger: variable(COUNCIL_LEDGER),
            age_key: variable("SOPS_AGE_KEY").map(SecretString::from),
            age_key_file: variable("SOPS_AGE_KEY_FILE").map(PathBuf::from),
            vault_address: variable("VAULT_ADDR"),
            vault_token: variable("VAULT_TOKEN").map(SecretString::from),
            vault_namespace: variable("VAULT_NAMESPACE"),
            log: variable("COUNCIL_LOG").or_else(|| variable("RUST_LOG")),
            log_format: variable("COUNCIL_LOG_FORMAT"),
            traces_to: server::telemetry::logs::traces_address(
                variable("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT").as_deref(),
                variable("OTEL_EXPORTER_OTLP_ENDPOINT").as_deref(),
            ),
            forge_token: variable("COUNCIL_FORGE_TOKEN").map(SecretString::from),
            pipeline: VARIABLES
                .iter()
                .filter_map(|name| Some(((*name).to_owned(), variable(name)?)))
                .collect(),
            allows_color: variable("NO_COLOR").is_none()
                && variable("TERM").is_none_or(|term| term != "dumb"),
            pager: Some(pager).filter(|pager| !matches!(pager.trim(), "" | "cat")),
        })
    }
}
