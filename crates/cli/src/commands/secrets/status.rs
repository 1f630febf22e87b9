//! `council secrets status`: how old each declared secret is.

use std::collections::BTreeMap;

use gitops::secrets::{self, Rotation, RotationState};
use gitops::{Keeper, Secret};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use playbook::{Model, Typed};
use serde::Serialize;
use systems::secrets::sops::SopsFile;
use systems::secrets::vault::{Vault, VaultError};

use crate::answer::{Answer, Outcome};
use crate::command_error::CommandError;
use crate::context::Context;
use crate::page::{Page, Tone};
use crate::table::Table;

/// Show every declared secret: where it is kept, who answers for it, and whether it is too old
///
/// The age is read from where the secret is kept: from a SOPS file without opening it, from Vault or OpenBao when
/// VAULT_ADDR and VAULT_TOKEN are set. No value is read. Exits with 1 when a secret is too old or will be soon.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Status {}

/// Runs it.
pub(super) fn run(_: &Status, context: &Context) -> Result<Outcome, CommandError> {
    let workspace = context.read()?;
    let model = workspace.model();
    let seen = seen(model, context)?;
    let rotations = secrets::rotations(model, &seen, context.facts(model).today);
    let wanting = rotations.iter().any(|one| one.state.wants_action());
    if rotations.is_empty() {
        context.printer.note("the playbook declares no secret; `council explain secret` shows how");
    }
    context.printer.show(&Rotations(rotations))?;
    Ok(if wanting { Outcome::Findings } else { Outcome::Done })
}

/// When the places themselves saw the secrets change. A place that does not answer says nothing, and that is said.
fn seen(model: &Model, context: &Context) -> Result<BTreeMap<String, Date>, CommandError> {
    let mut seen = BTreeMap::new();
    let mut vault = None;
    for secret in model.all::<Secret>() {
        let day = match &secret.spec.kept_in {
            Keeper::Sops(place) => in_sops(&place.file, context)?,
            Keeper::Vault(place) => {
                let vault = match &vault {
                    Some(vault) => vault,
                    None => vault.insert(Connection::of(context)?),
                };
                vault.day(&secret, &place.mount, &place.path, context)
            }
            Keeper::Kms(_) => None,
        };
        if let Some(day) = day {
            seen.insert(secret.name().to_owned(), day);
        }
    }
    Ok(seen)
}

fn in_sops(file: &str, context: &Context) -> Result<Option<Date>, CommandError> {
    let path = context.root(None)?.join(file);
    let told = |why: &dyn std::fmt::Display| {
        context.printer.warn(&format!("`{file}` does not say how old it is: {why}"));
        Ok(None)
    };
    match std::fs::read_to_string(&path) {
        Err(error) => told(&error),
        Ok(text) => match SopsFile::parse(&text) {
            Err(error) => told(&error),
            Ok(file) => Ok(Some(day(file.metadata().last_modified))),
        },
    }
}

fn day(moment: jiff::Timestamp) -> Date {
    moment.to_zoned(TimeZone::UTC).date()
}

/// Vault, if the environment names one, and the runtime to ask it.
struct Connection {
    vault: Option<Vault>,
    runtime: tokio::runtime::Runtime,
}

impl Connection {
    fn of(context: &Context) -> Result<Self, CommandError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime
            .map_err(|error| CommandError::failed("the runtime could not be started").why(error))?;
        let environment = &context.environment;
        let named = environment.vault_address.as_ref().zip(environment.vault_token.as_ref());
        let Some((address, token)) = named else {
            context.printer.warn(
                "Vault is not asked, because VAULT_ADDR and VAULT_TOKEN are not both set; ages are as declared",
            );
            return Ok(Self { vault: None, runtime });
        };
        // A second provider would be a bug of ours; one that is there already is what we want.
        drop(rustls::crypto::ring::default_provider().install_default());
        let http = reqwest::Client::builder().timeout(std::time::Duration::from_secs(10)).build();
        let http = http.map_err(|error| {
            CommandError::failed("the HTTP client could not be started").why(error)
        })?;
        let vault = Vault::new(http, address, token.clone());
        let vault = match &environment.vault_namespace {
            Some(namespace) => vault.in_namespace(namespace),
            None => vault,
        };
        Ok(Self { vault: Some(vault), runtime })
    }

    fn day(
        &self,
        secret: &Typed<'_, Secret>,
        mount: &str,
        path: &str,
        context: &Context,
    ) -> Option<Date> {
        let vault = self.vault.as_ref()?;
        match self.runtime.block_on(vault.metadata(mount, path)) {
            Ok(metadata) => Some(day(metadata.rotated)),
            Err(error) => {
                let name = secret.name();
                let error: &VaultError = &error;
                context.printer.warn(&format!("the age of `{name}` is not known: {error}"));
                None
            }
        }
    }
}

#[derive(Serialize)]
#[serde(transparent)]
struct Rotations(Vec<Rotation>);

impl Answer for Rotations {
    fn write(&self, page: &mut Page) {
        let mut table = Table::new(&["Secret", "State", "Due", "Changed", "Owner", "Kept in"]);
        let date = |day: &Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        for one in &self.0 {
            let tone = match one.state {
                RotationState::Overdue => Tone::Error,
                RotationState::DueSoon | RotationState::Unknown => Tone::Warning,
                RotationState::Unlimited => Tone::Quiet,
                RotationState::Fresh => Tone::Good,
            };
            table.row([
                page.tone(Tone::Name, one.secret.strip_prefix("secret/").unwrap_or(&one.secret)),
                page.tone(tone, one.state.words()),
                date(&one.due),
                date(&one.rotated),
                one.owner.clone(),
                one.kept_in.clone(),
            ]);
        }
        if !table.is_empty() {
            page.table(&table);
        }
    }
}
