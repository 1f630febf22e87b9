//! The same setup in the forms that provisioners take.
//!
//! Ironic writes a config drive in OpenStack's form: `network_data` has links and networks instead of version 2 of
//! network-config. MAAS takes user-data as Base64 in the form of its operation `deploy`, and knows network and host name
//! itself.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::network::Place;
use super::{Links, Setup, cloud_init};

/// The config drive for Ironic's `provision` request, as JSON.
#[must_use]
pub fn ironic(setup: &Setup<'_>, links: &Links) -> String {
    let keys = setup.profile.spec.account.iter().flat_map(|account| &account.ssh_keys);
    let keys: serde_json::Map<String, Value> =
        keys.enumerate().map(|(number, key)| (format!("key-{number}"), json!(key.value))).collect();
    let drive = json!({
        "meta_data": {
            "uuid": links.instance,
            "name": setup.name,
            "hostname": setup.domain().map_or_else(
                || setup.name.to_owned(),
                |domain| format!("{}.{domain}", setup.name),
            ),
            "public_keys": keys,
            "meta": { "role": setup.role.name(), "image": setup.image_words() },
        },
        "network_data": network_data(setup),
        "user_data": cloud_init::user_data(setup, links),
        "vendor_data": { "cloud-init": cloud_init::vendor_data(setup) },
    });
    pretty(&drive)
}

/// The form of MAAS' operation `deploy`, as JSON.
#[must_use]
pub fn maas(setup: &Setup<'_>, links: &Links) -> String {
    let distribution = match setup.image.spec.distribution {
        crate::kinds::Distribution::Debian => "debian",
        crate::kinds::Distribution::Ubuntu => "ubuntu",
    };
    let mut form = json!({
        "osystem": distribution,
        "user_data": STANDARD.encode(cloud_init::user_data(setup, links)),
        "comment": format!("{}: {}", setup.role.name(), setup.image_words()),
    });
    if let Some(release) = &setup.image.spec.release {
        form["distro_series"] = json!(release);
    }
    pretty(&form)
}

fn network_data(setup: &Setup<'_>) -> Value {
    let place = Place::of(setup);
    let mut link = json!({ "id": "boot", "type": "phy" });
    if let Some(mac) = &place.mac {
        link["ethernet_mac_address"] = json!(mac);
    }
    let network = match place.address {
        None => json!({ "id": "home", "type": "ipv4_dhcp", "link": "boot" }),
        Some((address, length)) => {
            let (family, everywhere) =
                if address.is_ipv4() { ("ipv4", "0.0.0.0") } else { ("ipv6", "::") };
            let routes: Vec<Value> = place
                .gateway
                .iter()
                .map(|gateway| json!({ "network": everywhere, "netmask": everywhere, "gateway": gateway }))
                .collect();
            json!({
                "id": "home",
                "type": family,
                "link": "boot",
                "ip_address": format!("{address}/{length}"),
                "routes": routes,
            })
        }
    };
    let mut links = vec![link];
    links.extend(place.tagged.iter().map(|(id, name)| {
        let mut tagged = json!({ "id": name, "type": "vlan", "vlan_link": "boot", "vlan_id": id });
        if let Some(mac) = &place.mac {
            tagged["vlan_mac_address"] = json!(mac);
        }
        tagged
    }));
    let services: Vec<Value> = setup
        .profile
        .spec
        .answers
        .nameservers
        .iter()
        .map(|address| json!({ "type": "dns", "address": address }))
        .collect();
    json!({ "links": links, "networks": [network], "services": services })
}

fn pretty(value: &Value) -> String {
    let mut text = format!("{value:#}");
    text.push('\n');
    text
}
