//! Hosts for the inventory: the machines that the playbook declares, and what systems reported.
//!
//! The one place where machines become rows: the inventory's room knows no machines, and the machines'
//! room knows no inventory.

use std::collections::BTreeMap;

use fleet::Machine;
use gitops::render::inventory::Host;
use jiff::civil::Date;
use playbook::{Model, Typed};
use serde_json::Value;

/// The machines that are in service on a day, as rows.
pub(crate) fn declared(model: &Model, today: Date) -> impl Iterator<Item = Host> {
    let in_service = move |machine: &Typed<'_, Machine>| {
        machine.resource.meta.retired.is_none_or(|day| today < day)
    };
    model.all::<Machine>().filter(in_service).map(|machine| row(&machine))
}

fn row(machine: &Typed<'_, Machine>) -> Host {
    let Machine { site, rack, unit, role, environment, owner, address, tags, .. } = machine.spec;
    let mut variables = BTreeMap::new();
    if let Some(unit) = unit {
        variables.insert("council_unit".to_owned(), Value::from(unit.value));
    }
    if let Some(owner) = owner {
        variables.insert("council_owner".to_owned(), Value::from(owner.to_string()));
    }
    let team = owner.as_ref().filter(|owner| owner.slug() == "team");
    Host {
        name: machine.name().to_owned(),
        address: address.as_ref().map(|address| address.value.clone()),
        role: Some(role.name().to_owned()),
        site: Some(site.name().to_owned()),
        rack: rack.clone(),
        environment: environment.as_ref().map(|environment| environment.name().to_owned()),
        team: team.map(|team| team.name().to_owned()),
        tags: tags.iter().cloned().collect(),
        variables,
    }
}
