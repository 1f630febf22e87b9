//! Snippets for DHCP servers: which first program each architecture fetches, and which address each machine gets.
//!
//! Both say the same in their server's own words: firmware gets a build of iPXE, iPXE gets the first script, and a machine
//! that the playbook declares gets its own address. Addresses for machines that nobody declares, lease times and the
//! interfaces to listen on stay with whoever runs the server.

use std::net::IpAddr;

use playbook::Typed;
use serde_json::{Map, Value, json};

use super::firmware::{FIRST_STAGES, FirstStage, Way};
use super::{Lan, Links};
use crate::kinds::Machine;

const HEADER: &str = "Rendered by council from the playbook.";

/// A snippet for dnsmasq, to lie in the directory that its `conf-dir` names.
#[must_use]
pub fn dnsmasq(machines: &[Typed<'_, Machine>], links: &Links) -> String {
    let mut text = format!("# {HEADER} Check it with `dnsmasq --test`.\n\n");
    text.push_str("# iPXE says that it is iPXE (option 175): it gets the first script.\n");
    text.push_str("dhcp-match=set:ipxe,175\n");
    text.push_str(&format!("dhcp-boot=tag:ipxe,{}/boot.ipxe\n\n", links.base));
    text.push_str("# Firmware says its architecture (option 93): it gets iPXE.\n");
    for FirstStage { code, name, way, file } in FIRST_STAGES {
        text.push_str(&format!("dhcp-match=set:{name},option:client-arch,{code}\n"));
        match way {
            Way::Tftp => {
                let host = links.host();
                // The server's name is for people; its address is what firmware uses.
                let server = if host.parse::<IpAddr>().is_ok() {
                    format!("boot,{host}")
                } else {
                    host.to_owned()
                };
                text.push_str(&format!("dhcp-boot=tag:!ipxe,tag:{name},{file},{server}\n"));
            }
            Way::Http => {
                let url = links.file(file);
                text.push_str(&format!("dhcp-boot=tag:!ipxe,tag:{name},{url}\n"));
                text.push_str(&format!(
                    "dhcp-option-force=tag:!ipxe,tag:{name},option:vendor-class,HTTPClient\n"
                ));
            }
        }
    }
    text.push_str("\n# Machines, by every card of each.\n");
    for machine in machines {
        let cards: Vec<String> =
            machine.spec.macs.iter().map(|mac| crate::mac::plain(mac)).collect();
        if cards.is_empty() {
            continue;
        }
        let address = machine.spec.address.as_ref().and_then(|address| bracketed(address));
        let words: Vec<String> =
            cards.into_iter().chain(address).chain([machine.name().to_owned()]).collect();
        text.push_str(&format!("dhcp-host={}\n", words.join(",")));
    }
    text
}

/// dnsmasq wants addresses of version 6 in brackets.
fn bracketed(address: &str) -> Option<String> {
    match address.parse().ok()? {
        IpAddr::V4(address) => Some(address.to_string()),
        IpAddr::V6(address) => Some(format!("[{address}]")),
    }
}

/// A part of Kea's configuration for DHCP of version 4, as JSON.
#[must_use]
pub fn kea(machines: &[Typed<'_, Machine>], lans: &[Lan], links: &Links) -> String {
    let mut classes = vec![json!({
        "name": "ipxe",
        "test": "substring(option[77].hex, 0, 4) == 'iPXE'",
        "boot-file-name": format!("{}/boot.ipxe", links.base),
    })];
    classes.extend(FIRST_STAGES.iter().map(|stage| class(stage, links)));
    let mut subnets = Vec::new();
    for (number, (subnet, lan)) in subnets_of(lans).enumerate() {
        let mut entry = Map::new();
        entry.insert("id".to_owned(), json!(number + 1));
        entry.insert("subnet".to_owned(), json!(subnet));
        entry.insert("user-context".to_owned(), json!({ "vlan": lan.name }));
        if let Some(gateway) = &lan.gateway {
            entry.insert("option-data".to_owned(), json!([{ "name": "routers", "data": gateway }]));
        }
        let here: Vec<Value> =
            machines.iter().filter_map(|machine| reservation(*machine, subnet, lan)).collect();
        entry.insert("reservations".to_owned(), Value::Array(here));
        subnets.push(Value::Object(entry));
    }
    let part = json!({
        "Dhcp4": {
            "user-context": { "comment": HEADER },
            "client-classes": classes,
            "subnet4": subnets,
        }
    });
    format!("{part:#}\n")
}

fn class(stage: &FirstStage, links: &Links) -> Value {
    let FirstStage { code, name, way, file } = stage;
    let mut class = json!({
        "name": name,
        "test": format!("not member('ipxe') and option[93].hex == 0x{code:04x}"),
    });
    match way {
        Way::Tftp => {
            class["boot-file-name"] = json!(file);
            let host = links.host();
            match host.parse::<IpAddr>() {
                Ok(IpAddr::V4(address)) => class["next-server"] = json!(address.to_string()),
                Ok(IpAddr::V6(_)) | Err(_) => class["server-hostname"] = json!(host),
            }
        }
        Way::Http => {
            class["boot-file-name"] = json!(links.file(file));
            class["option-data"] = json!([
                { "name": "vendor-class-identifier", "data": "HTTPClient", "always-send": true }
            ]);
        }
    }
    class
}

/// The ranges of version 4, each with its network.
fn subnets_of(lans: &[Lan]) -> impl Iterator<Item = (&str, &Lan)> {
    lans.iter()
        .flat_map(|lan| lan.subnets.iter().map(move |subnet| (subnet.as_str(), lan)))
        .filter(|(subnet, _)| !subnet.contains(':'))
}

/// The address of a machine in a subnet, by the card that it boots from.
fn reservation(machine: Typed<'_, Machine>, subnet: &str, lan: &Lan) -> Option<Value> {
    let card = machine.spec.macs.first()?;
    let address: IpAddr = machine.spec.address.as_ref()?.parse().ok()?;
    let (range, _) = lan.range_of(address)?;
    (range == subnet).then(|| {
        json!({
            "hw-address": crate::mac::plain(card),
            "ip-address": address.to_string(),
            "hostname": machine.name(),
        })
    })
}
