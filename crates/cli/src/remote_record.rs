//! The record of a running council, read over its API and folded here.
//!
//! One process holds a ledger, and while that is a server it is asked: for the entries, with their texts open, from
//! which the same state is folded that the server has. So every reading command shows the record in one way,
//! wherever it lies; and what may be read is the policy's business, not that of file permissions.
//!
//! A council is asked only if it is of the same organization as the playbook at hand: whoever signed in elsewhere must
//! not read that council's votes into this one's decisions.

use jiff::Timestamp;
use ledger::{Entry, Fold};
use org::kinds::Organization;
use playbook::Model;
use serde::Deserialize;

use crate::client::{Access, Client};
use crate::command_error::CommandError;

/// Entries a request: the most that the API gives.
const PAGE: usize = 500;

/// One page of entries.
#[derive(Deserialize)]
struct Page {
    items: Vec<Entry>,
    next: Option<String>,
}

/// The organization of a council.
#[derive(Deserialize)]
struct Asked {
    name: String,
}

/// Every entry of the council there, up to a moment.
pub(crate) fn entries(
    access: Access,
    model: &Model,
    moment: Option<Timestamp>,
) -> Result<Vec<Entry>, CommandError> {
    let client = Client::to(access)?;
    same_organization(&client, model)?;
    let until = moment.map(|moment| format!("&as_of={moment}")).unwrap_or_default();
    let path = format!("/api/v1/ledger/entries?limit={PAGE}&opened=true{until}");
    let mut entries = Vec::new();
    let mut cursor = String::new();
    loop {
        let page: Page = client.get(&format!("{path}{cursor}"))?;
        entries.extend(page.items);
        let Some(next) = page.next else { return Ok(entries) };
        cursor = format!("&cursor={next}");
    }
}

/// Folds entries from the first on.
pub(crate) fn fold<F: Fold>(entries: &[Entry]) -> F {
    let mut state = F::default();
    entries.iter().for_each(|entry| state.apply(entry));
    state
}

/// Refuses a council of another organization than the playbook at hand.
pub(crate) fn same_organization(client: &Client, model: &Model) -> Result<(), CommandError> {
    let there: Asked = client.get("/api/v1/organization")?;
    let here = model.all::<Organization>().next().map(|organization| organization.name());
    if here == Some(there.name.as_str()) {
        return Ok(());
    }
    let here = here.map_or_else(|| "nobody".to_owned(), |name| format!("`{name}`"));
    Err(CommandError::failed(format!(
        "the council that answers is of `{}`, and this playbook is of {here}",
        there.name
    )))
}
