//! Ironic's interface, as much of it as is used: versions, nodes with their ports, provision and power, maintenance.

use serde_json::{Value, json};

use crate::world::Body;

/// The versions that it says it speaks.
pub(crate) const VERSIONS: (&str, &str) = ("1.1", "1.115");

/// A UUID that follows from a name: the estate has no other memory.
pub(crate) fn uuid(name: &str) -> String {
    let mut value: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    for byte in name.bytes() {
        value = (value ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
    }
    let digits = format!("{value:032x}");
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}

/// A node.
pub(crate) fn node(body: &Body) -> Value {
    let unit = &body.unit;
    let properties = if body.is_known() {
        json!({
            "cpu_arch": "x86_64",
            "cpus": unit.hardware.cores.to_string(),
            "memory_mb": body.memory_mib().to_string(),
            "local_gb": unit.hardware.disks.first().map(u64::to_string),
            "disks_gb": unit.hardware.disks,
        })
    } else {
        json!({})
    };
    let power = match body.last_error() {
        Some(_) => Value::Null,
        None if body.is_on => json!("power on"),
        None => json!("power off"),
    };
    json!({
        "uuid": uuid(&unit.name),
        "name": unit.name,
        "driver": "redfish",
        "provision_state": body.state.ironic(),
        "target_provision_state": null,
        "provision_updated_at": body.since.to_string(),
        "power_state": power,
        "last_error": body.last_error(),
        "maintenance": body.maintenance.is_some(),
        "maintenance_reason": body.maintenance,
        "properties": properties,
        "extra": { "serial": unit.serial },
        "instance_info": match (&unit.image, body.state) {
            (Some(image), crate::world::State::Active) => json!({ "image_source": image }),
            _ => json!({}),
        },
    })
}

/// The ports of a node.
pub(crate) fn ports(body: &Body) -> impl Iterator<Item = Value> {
    let node = uuid(&body.unit.name);
    body.unit
        .macs
        .iter()
        .map(move |address| json!({ "uuid": uuid(address), "address": address, "node_uuid": node }))
}
