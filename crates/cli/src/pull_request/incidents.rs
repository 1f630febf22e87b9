//! Which incidents exist: those of the playbook, of the ledger at hand, and of a running council.

use std::collections::BTreeSet;

use gitops::pr::{self, Incidents};
use ledger::Query;
use serde::Deserialize;

use super::Case;
use crate::client::Client;
use crate::context::Context;
use crate::data_dir;
use crate::ledger_place::LedgerPlace;

/// The noun of incidents' streams and references.
const NOUN: &str = "incident";

/// Looks them up, if the branch names one at all.
pub(super) fn incidents(case: &Case<'_>, context: &Context) -> Incidents {
    if !pr::names_incident(case.base.model(), &case.request) {
        return Incidents::Known(BTreeSet::new());
    }
    let mut known: BTreeSet<String> =
        case.base.model().of_slug(NOUN).map(|one| one.id.name.to_string()).collect();
    let found = if context.environment.url.is_some() { asked(context) } else { read(context) };
    match found {
        Ok(found) => {
            known.extend(found);
            Incidents::Known(known)
        }
        Err(why) => Incidents::Unknown { why },
    }
}

/// Asks the running council.
fn asked(context: &Context) -> Result<Vec<String>, String> {
    #[derive(Deserialize)]
    struct Page {
        items: Vec<Entry>,
        next: Option<String>,
    }
    #[derive(Deserialize)]
    struct Entry {
        stream: String,
    }
    let client = Client::of(context).map_err(|error| error.message().to_owned())?;
    let mut streams = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("/api/v1/ledger/entries?stream={NOUN}/&limit=500{cursor}");
        let page: Page = client.get(&path).map_err(|error| error.message().to_owned())?;
        streams.extend(page.items.into_iter().map(|entry| entry.stream));
        let Some(next) = page.next else { return Ok(names(streams)) };
        cursor = format!("&cursor={next}");
    }
}

/// Reads the ledger of the data directory.
fn read(context: &Context) -> Result<Vec<String>, String> {
    let root = context.root(None).map_err(|error| error.message().to_owned())?;
    let named = context.environment.data.as_deref();
    let data = data_dir::of(named, &root, &context.environment.directory);
    let place = LedgerPlace::of(&data, &context.environment);
    let place = place.map_err(|error| error.message().to_owned())?;
    if !place.is_there() {
        return Err("no record is at hand".to_owned());
    }
    let ledger = place.open().map_err(|error| error.message().to_owned())?;
    let mut streams = Vec::new();
    let mut after = 0;
    loop {
        let query = Query { after, stream: Some(NOUN.to_owned()), ..Query::default() };
        let entries = ledger.entries(&query).map_err(|error| error.to_string())?;
        let Some(last) = entries.last() else { return Ok(names(streams)) };
        after = last.seq;
        streams.extend(entries.iter().map(|entry| entry.stream.to_string()));
    }
}

fn names(streams: Vec<String>) -> Vec<String> {
    let name = |stream: String| stream.strip_prefix(&format!("{NOUN}/")).map(str::to_owned);
    streams.into_iter().filter_map(name).collect()
}
