//! `council ledger migrate`: from the file to a database server, and back.

use std::path::{Path, PathBuf};

use diag::words::count;
use ledger::{Copied, CopyError, Header, Ledger, Options, SqliteStore};
use ledger_postgres::PostgresStore;
use serde::Serialize;

use crate::answer::{Answer, Outcome};
use crate::command_error::CommandError;
use crate::context::Context;
use crate::environment::COUNCIL_LEDGER;
use crate::ledger_place::{LedgerPlace, cannot_open};
use crate::page::{Page, Tone};
use crate::{causes, data_dir, files};

/// Move the ledger between its file and a PostgreSQL database, proven entry by entry
///
/// Without options from the data directory's file to the database that COUNCIL_LEDGER names. Every entry is hashed
/// before and after; checkpoints, keys of sealed texts, leases and idempotency keys come along. The source stays as it
/// is. A copy that was interrupted goes on where it stopped. Stop the council first.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Migrate {
    /// A ledger's file, a data directory, or `postgres://…` [default: the data directory's file, or COUNCIL_LEDGER when
    /// the target is a file]
    #[arg(long, value_name = "PLACE")]
    from: Option<String>,
    /// The same; empty, or begun by an earlier migration [default: COUNCIL_LEDGER]
    #[arg(long, value_name = "PLACE")]
    to: Option<String>,
}

/// Runs it. `own` is the file of the data directory.
pub(crate) fn run(
    migrate: &Migrate,
    own: &Path,
    context: &Context,
) -> Result<Outcome, CommandError> {
    let (from, to) = places(migrate, own, context)?;
    let source = from.open()?;
    let copied = match &to {
        LedgerPlace::File(path) => into_file(&source, path)?,
        LedgerPlace::Server { address, .. } => into_server(&source, address)?,
    };
    if let Some(note) = key_note(&from, &to) {
        context.printer.note(&note);
    }
    context.printer.show(&Migrated { from: from.to_string(), to: to.to_string(), copied })?;
    Ok(Outcome::Done)
}

fn places(
    migrate: &Migrate,
    own: &Path,
    context: &Context,
) -> Result<(LedgerPlace, LedgerPlace), CommandError> {
    let data = own.parent().unwrap_or(Path::new("."));
    let place = |text: &str| -> Result<LedgerPlace, CommandError> {
        if ledger_postgres::is_address(text) {
            return LedgerPlace::server(text, data);
        }
        let path = context.environment.directory.join(text);
        Ok(LedgerPlace::File(if path.is_dir() { path.join(data_dir::LEDGER) } else { path }))
    };
    let shared = || {
        let address = context.environment.ledger.as_deref().ok_or_else(|| {
            CommandError::usage("there is no database to migrate to or from")
                .hint(format!(
                    "name it in {COUNCIL_LEDGER}, where its password is not seen by others"
                ))
                .hint("or with `--to postgres://…` or `--from postgres://…`")
        })?;
        LedgerPlace::server(address, data)
    };
    let to = migrate.to.as_deref().map_or_else(shared, place)?;
    let from = match (&migrate.from, &to) {
        (Some(from), _) => place(from)?,
        (None, LedgerPlace::File(_)) => shared()?,
        (None, LedgerPlace::Server { .. }) => LedgerPlace::File(own.to_owned()),
    };
    Ok((from, to))
}

fn into_file(source: &Ledger, path: &Path) -> Result<Copied, CommandError> {
    if let Some(parent) = path.parent() {
        files::make_directory(parent)?;
    }
    let target = SqliteStore::open(path, &Options::default(), source.header())
        .map_err(|error| cannot_open(&error))?;
    source.copy_to(&target).map_err(|error| refused(&error))
}

fn into_server(source: &Ledger, address: &str) -> Result<Copied, CommandError> {
    let named = Header::clone(source.header());
    let target = PostgresStore::open(address, &named).map_err(|error| causes::failed(&error))?;
    let copied = source.copy_to(&target).map_err(|error| refused(&error))?;
    // Last, so that a database that was refused belongs to nobody.
    target.claim(source.keys()).map_err(|error| causes::failed(&error))?;
    Ok(copied)
}

fn refused(error: &CopyError) -> CommandError {
    causes::failed(error).hint("the source is as it was")
}

/// What is to be done about the key file, which no migration touches.
fn key_note(from: &LedgerPlace, to: &LedgerPlace) -> Option<String> {
    let keys = |place: &LedgerPlace| -> PathBuf {
        match place {
            LedgerPlace::File(path) => {
                let mut name = path.as_os_str().to_owned();
                name.push("-keys");
                name.into()
            }
            LedgerPlace::Server { keys, .. } => keys.clone(),
        }
    };
    let (from, to) = (keys(from), keys(to));
    (from != to).then(|| {
        format!(
            "copy the key file `{}` to `{}`: without it sealed texts stay sealed",
            from.display(),
            to.display()
        )
    })
}

#[derive(Serialize)]
struct Migrated {
    from: String,
    to: String,
    #[serde(flatten)]
    copied: Copied,
}

impl Answer for Migrated {
    fn write(&self, page: &mut Page) {
        let Copied { head, entries, checkpoints, stream_keys, leases, idempotency_keys, .. } =
            &self.copied;
        let state = page.tone(Tone::Good, "proven");
        page.line(format!("{} to {}: {state} up to entry {}", self.from, self.to, head.seq));
        page.line(format!("head: {}, {}", head.at, head.hash));
        let earlier = head.seq - entries;
        let number = |number: &u64| usize::try_from(*number).unwrap_or(usize::MAX);
        let copied = if earlier == 0 {
            format!("{entries} entries copied")
        } else {
            format!("{entries} entries copied, {earlier} had been there")
        };
        page.line(format!(
            "{copied}; with {}, {} of sealed texts, {} and {}",
            count(number(checkpoints), "checkpoint"),
            count(number(stream_keys), "key"),
            count(number(leases), "lease"),
            count(number(idempotency_keys), "idempotency key"),
        ));
    }
}
