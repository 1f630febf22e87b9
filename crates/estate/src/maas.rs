//! MAAS' interface, as much of it as is used: the list of machines, and power.

use serde_json::{Value, json};

use crate::world::{Body, State};

/// Bytes of a gigabyte as disks are labelled.
const GIGABYTE: u64 = 1_000_000_000;

/// MAAS' id of a machine: six letters and digits that follow from its name.
pub(crate) fn system_id(name: &str) -> String {
    crate::ironic::uuid(name).chars().filter(|character| *character != '-').take(6).collect()
}

/// A machine.
pub(crate) fn machine(body: &Body) -> Value {
    let unit = &body.unit;
    let (status, label) = body.state.maas();
    let error = body.last_error();
    let power = match (&error, body.is_on) {
        (Some(_), _) => "error",
        (None, true) => "on",
        (None, false) => "off",
    };
    let is_installed = body.state == State::Active;
    let disks: Vec<Value> =
        unit.hardware.disks.iter().map(|size| json!({ "size": size * GIGABYTE })).collect();
    let interfaces: Vec<Value> =
        unit.macs.iter().map(|address| json!({ "mac_address": address })).collect();
    json!({
        "system_id": system_id(&unit.name),
        "hostname": unit.name,
        "status": status,
        "status_name": label,
        "status_message": error,
        "error_description": "",
        "power_state": power,
        "cpu_count": if body.is_known() { unit.hardware.cores } else { 0 },
        "memory": if body.is_known() { body.memory_mib() } else { 0 },
        "osystem": if is_installed { "custom" } else { "" },
        "distro_series": if is_installed { unit.image.clone().unwrap_or_default() } else { String::new() },
        "interface_set": interfaces,
        "physicalblockdevice_set": if body.is_known() { disks } else { Vec::new() },
        "hardware_info": { "system_serial": unit.serial },
    })
}
