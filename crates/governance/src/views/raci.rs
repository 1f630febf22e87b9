//! The RACI matrix: areas by parties.

use org::{Holder, Listener};
use playbook::{Family, Model, OneOf, Typed};
use schemars::JsonSchema;
use serde::Serialize;

use super::PartyRef;
use crate::kinds::RaciArea;

/// The matrix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RaciMatrix {
    /// The parties of all rows: seats in the order of the table, then the others by name.
    pub columns: Vec<PartyRef>,
    /// The areas.
    pub rows: Vec<RaciRow>,
}

/// One area.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RaciRow {
    /// The area.
    pub area: PartyRef,
    /// R.
    pub responsible: Vec<PartyRef>,
    /// A.
    pub accountable: Vec<PartyRef>,
    /// C.
    pub consulted: Vec<PartyRef>,
    /// I.
    pub informed: Vec<PartyRef>,
    /// For each column the letters: `R`, `AR`, `C`, `I` or nothing.
    pub cells: Vec<String>,
    /// What is open about it.
    pub gap: Option<String>,
    /// Anything worth knowing.
    pub notes: Option<String>,
}

/// Lays out the matrix.
pub fn raci(model: &Model) -> RaciMatrix {
    let mut areas: Vec<_> = model.all::<RaciArea>().collect();
    areas.sort_by_key(|area| (area.order.unwrap_or(u32::MAX), area.name()));
    let columns = columns(model, &areas);
    let rows = areas.iter().map(|area| row(model, *area, &columns)).collect();
    RaciMatrix { columns, rows }
}

fn columns(model: &Model, areas: &[Typed<'_, RaciArea>]) -> Vec<PartyRef> {
    let named: std::collections::BTreeSet<String> =
        areas.iter().flat_map(|area| parties(area.spec)).collect();
    let seats = org::views::in_order(model);
    let seats: Vec<_> = seats.iter().map(|seat| seat.resource.id.to_string()).collect();
    let first = seats.iter().filter(|seat| named.contains(*seat));
    let rest = named.iter().filter(|party| !seats.contains(party));
    first.chain(rest).map(|party| PartyRef::of(model, party)).collect()
}

fn parties(area: &RaciArea) -> Vec<String> {
    let holders = area.responsible.iter().chain(area.accountable.iter());
    let listeners = area.consulted.iter().chain(&area.informed);
    holders
        .map(OneOf::<Holder>::to_string)
        .chain(listeners.map(OneOf::<Listener>::to_string))
        .collect()
}

fn row(model: &Model, area: Typed<'_, RaciArea>, columns: &[PartyRef]) -> RaciRow {
    let spec = area.spec;
    let (responsible, accountable) =
        (list(model, &spec.responsible), list(model, &spec.accountable));
    let (consulted, informed) = (list(model, &spec.consulted), list(model, &spec.informed));
    let cells = columns.iter().map(|column| {
        let letters =
            [("A", &accountable), ("R", &responsible), ("C", &consulted), ("I", &informed)];
        let named = letters.into_iter().filter(|(_, parties)| parties.contains(column));
        named.map(|(letter, _)| letter).collect()
    });
    let gap = match (accountable.len(), responsible.len()) {
        (0, _) => Some("nobody is accountable".to_owned()),
        (2.., _) => Some("more than one is accountable".to_owned()),
        (_, 0) => Some("nobody is responsible".to_owned()),
        _ => None,
    };
    RaciRow {
        area: PartyRef { reference: area.resource.id.to_string(), title: area.title().to_owned() },
        cells: cells.collect(),
        notes: spec.notes.clone(),
        responsible,
        accountable,
        consulted,
        informed,
        gap,
    }
}

fn list<F: Family>(model: &Model, parties: &[OneOf<F>]) -> Vec<PartyRef> {
    parties.iter().map(|party| PartyRef::of(model, &party.to_string())).collect()
}
