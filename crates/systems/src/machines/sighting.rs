//! What Ironic and MAAS say about a machine, as a sighting.

use fleet::ProvisionerSoftware;
use fleet::lifecycle::{Hardware, Power, Sighting};
use jiff::Timestamp;

use crate::ironic::Node;
use crate::maas::Machine;

/// Bytes of a gigabyte as disks are labelled.
const GIGABYTE: u64 = 1_000_000_000;

/// A node of the Ironic `provisioner`, which fetches its images behind the address `images`.
pub(super) fn of_node((provisioner, images): (&str, &str), node: Node, now: Timestamp) -> Sighting {
    let power = match node.power_state.as_deref() {
        Some("power on") => Power::On,
        Some("power off") => Power::Off,
        Some(_) | None => Power::Unknown,
    };
    let disks = node.properties.get("disks_gb").and_then(|sizes| sizes.as_array());
    let disks = disks.map(|sizes| sizes.iter().filter_map(serde_json::Value::as_u64).collect());
    let serial = ["serial", "serial_number", "system_serial"]
        .iter()
        .find_map(|name| node.extra.get(*name)?.as_str().map(str::to_owned));
    let hardware = Hardware {
        cores: node.number("cpus"),
        memory_mib: node.number("memory_mb"),
        disks,
        macs: (!node.macs.is_empty()).then(|| node.macs.clone()),
        gpus: None,
        serial,
    };
    let why = node.maintenance_reason.clone().filter(|why| !why.is_empty());
    Sighting {
        provisioner: provisioner.to_owned(),
        software: ProvisionerSoftware::Ironic,
        name: node.name.clone().unwrap_or_else(|| node.uuid.clone()),
        state: node.provision_state.clone().unwrap_or_else(|| "available".to_owned()),
        power,
        image: node.image().map(|it| it.strip_prefix(images).unwrap_or(it).to_owned()),
        last_error: node.last_error,
        maintenance: node
            .maintenance
            .then(|| why.unwrap_or_else(|| "nobody has said why".to_owned())),
        since: node.provision_updated_at,
        seen_at: now,
        hardware,
        simulated: false,
        id: node.uuid,
    }
}

/// A machine of the MAAS `provisioner`.
pub(super) fn of_machine(provisioner: &str, machine: Machine, now: Timestamp) -> Sighting {
    let power = match machine.power_state.as_str() {
        "on" => Power::On,
        "off" => Power::Off,
        _ => Power::Unknown,
    };
    let known = |number: u64| (number > 0).then_some(number);
    let disks: Vec<u64> =
        machine.physicalblockdevice_set.iter().map(|disk| disk.size / GIGABYTE).collect();
    let macs: Vec<String> =
        machine.interface_set.into_iter().filter_map(|it| it.mac_address).collect();
    let said = [machine.error_description, machine.status_message];
    let image = format!("{} {}", machine.osystem, machine.distro_series);
    Sighting {
        provisioner: provisioner.to_owned(),
        software: ProvisionerSoftware::Maas,
        id: machine.system_id,
        name: machine.hostname,
        state: machine.status_name,
        power,
        last_error: said.into_iter().flatten().find(|text| !text.trim().is_empty()),
        maintenance: None,
        // MAAS does not say; who looks again and again counts from the first look.
        since: None,
        seen_at: now,
        image: (!image.trim().is_empty()).then(|| image.trim().to_owned()),
        hardware: Hardware {
            cores: known(machine.cpu_count),
            memory_mib: known(machine.memory),
            disks: (!disks.is_empty()).then_some(disks),
            macs: (!macs.is_empty()).then_some(macs),
            gpus: None,
            serial: machine.hardware_info.system_serial.filter(|serial| serial != "Unknown"),
        },
        simulated: false,
    }
}
