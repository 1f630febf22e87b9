//! The documents of cloud-init's NoCloud source: user-data, meta-data, vendor-data and network-config (version 2).
//!
//! User-data holds what is about this machine, vendor-data what is about the place. They have no key in common: cloud-init
//! does not join lists of the two, and whatever loses would be lost silently.

use serde_json::{Map, Value, json};

use super::hardening::{self, Hardening};
use super::network::Place;
use super::shell::word;
use super::{Links, Setup, yaml};
use crate::kinds::Account;

/// The first line by which cloud-init knows its own.
const MARK: &str = "#cloud-config\n";

/// What cloud-init does on this machine.
#[must_use]
pub fn user_data(setup: &Setup<'_>, links: &Links) -> String {
    let mut data = system(setup, links);
    data.insert(
        "phone_home".to_owned(),
        json!({
            "url": links.phone_home("ready"),
            "post": ["instance_id", "hostname", "pub_key_ed25519"],
            "tries": 10,
        }),
    );
    format!("{MARK}{}{}", header(setup), yaml::document(&Value::Object(data)))
}

/// What tells this machine and this installation from all others.
#[must_use]
pub fn meta_data(setup: &Setup<'_>, links: &Links) -> String {
    yaml::document(&json!({ "instance-id": links.instance, "local-hostname": setup.name }))
}

/// What holds for every machine of the place: where packages come from, time and language.
#[must_use]
pub fn vendor_data(setup: &Setup<'_>) -> String {
    let answers = &setup.profile.spec.answers;
    let mut data = Map::new();
    data.insert("timezone".to_owned(), json!(answers.time_zone()));
    data.insert("locale".to_owned(), json!(answers.locale()));
    let mut apt = Map::new();
    if let Some(mirror) = &answers.mirror {
        apt.insert("primary".to_owned(), json!([{ "arches": ["default"], "uri": mirror.value }]));
    }
    if let Some(proxy) = &answers.proxy {
        apt.insert("http_proxy".to_owned(), json!(proxy));
    }
    if !apt.is_empty() {
        data.insert("apt".to_owned(), Value::Object(apt));
    }
    format!("{MARK}{}{}", header(setup), yaml::document(&Value::Object(data)))
}

/// How the machine is connected.
#[must_use]
pub fn network_config(setup: &Setup<'_>) -> String {
    yaml::document(&network(setup))
}

/// The same as a value: Ubuntu's installer wants it inside its own document.
pub(super) fn network(setup: &Setup<'_>) -> Value {
    let place = Place::of(setup);
    let mut card = Map::new();
    let matching = match &place.mac {
        Some(mac) => json!({ "macaddress": mac }),
        None => json!({ "name": "en*" }),
    };
    card.insert("match".to_owned(), matching);
    match place.address {
        None => {
            card.insert("dhcp4".to_owned(), json!(true));
        }
        Some((address, length)) => {
            card.insert("dhcp4".to_owned(), json!(false));
            card.insert("addresses".to_owned(), json!([format!("{address}/{length}")]));
            if let Some(gateway) = place.gateway {
                let everywhere = if address.is_ipv4() { "0.0.0.0/0" } else { "::/0" };
                card.insert("routes".to_owned(), json!([{ "to": everywhere, "via": gateway }]));
            }
            name_servers(setup, &mut card);
        }
    }
    let mut network = json!({ "version": 2, "ethernets": { "boot": card } });
    if !place.tagged.is_empty() {
        let vlans: Map<String, Value> = place
            .tagged
            .iter()
            .map(|(id, name)| {
                ((*name).to_owned(), json!({ "id": id, "link": "boot", "dhcp4": false }))
            })
            .collect();
        network["vlans"] = Value::Object(vlans);
    }
    network
}

fn name_servers(setup: &Setup<'_>, card: &mut Map<String, Value>) {
    let answers = &setup.profile.spec.answers;
    if answers.nameservers.is_empty() {
        return;
    }
    let mut servers = json!({ "addresses": answers.nameservers });
    if let Some(domain) = setup.domain() {
        servers["search"] = json!([domain]);
    }
    card.insert("nameservers".to_owned(), servers);
}

/// Everything but how to phone home, which an installer does in its own way.
pub(super) fn system(setup: &Setup<'_>, links: &Links) -> Map<String, Value> {
    let hardening = Hardening::of(&setup.controls);
    let mut data = Map::new();
    let mut say = |key: &str, value: Value| data.insert(key.to_owned(), value);
    say("hostname", json!(setup.name));
    if let Some(domain) = setup.domain() {
        say("fqdn", json!(format!("{}.{domain}", setup.name)));
    }
    if let Some(account) = &setup.profile.spec.account {
        say("users", json!([user(account)]));
    }
    say("disable_root", json!(true));
    // A password is for the console; over the network nobody may guess one.
    say("ssh_pwauth", json!(false));
    let packages = packages(setup, &hardening);
    if !packages.is_empty() {
        say("package_update", json!(true));
        say("packages", json!(packages));
    }
    let files: Vec<Value> = hardening
        .files
        .iter()
        .map(|file| json!({ "path": file.path, "permissions": "0644", "content": file.content }))
        .collect();
    if !files.is_empty() {
        say("write_files", Value::Array(files));
    }
    let commands = commands(setup, links, &hardening);
    if !commands.is_empty() {
        say("runcmd", json!(commands));
    }
    data
}

fn user(account: &Account) -> Value {
    let keys: Vec<&str> = account.ssh_keys.iter().map(|key| key.as_str()).collect();
    let mut user = json!({
        "name": account.name.value,
        "gecos": "For emergencies",
        "groups": ["sudo"],
        "shell": "/bin/bash",
        "sudo": "ALL=(ALL) NOPASSWD:ALL",
        "lock_passwd": account.password.is_none(),
    });
    if !keys.is_empty() {
        user["ssh_authorized_keys"] = json!(keys);
    }
    user
}

/// What is installed: what the role lists, what the baseline wants, and what fetches secrets.
pub(super) fn packages(setup: &Setup<'_>, hardening: &Hardening) -> Vec<String> {
    let role = setup.role.spec.packages.iter().map(|package| package.value.clone());
    let fetching = if setup.secrets().is_empty() { None } else { Some("curl".to_owned()) };
    let mut all: Vec<String> =
        role.chain(hardening.installed.iter().cloned()).chain(fetching).collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn commands(setup: &Setup<'_>, links: &Links, hardening: &Hardening) -> Vec<String> {
    let mut commands: Vec<String> = hardening::purge(&hardening.absent).into_iter().collect();
    if !hardening.files.is_empty() {
        commands.push("sysctl --quiet --system".to_owned());
        commands.push("systemctl try-reload-or-restart ssh.service".to_owned());
    }
    let known = setup.secrets();
    if let Some(account) = &setup.profile.spec.account
        && let Some(secret) = account.password.as_ref().filter(|it| known.contains(&it.name()))
    {
        let (url, name) = (word(&links.secret(secret.name())), word(&account.name));
        // An answer that failed or is empty must not become an empty password.
        commands.push(format!(
            "hash=\"$(curl -fsS {url})\" && test -n \"$hash\" && usermod --password \"$hash\" {name}"
        ));
    }
    for handover in &setup.profile.spec.secrets {
        if known.contains(&handover.secret.name()) {
            let (url, file) = (word(&links.secret(handover.secret.name())), word(&handover.file));
            commands
                .push(format!("install -D -m 0600 /dev/null {file} && curl -fsS -o {file} {url}"));
        }
    }
    commands
}

fn header(setup: &Setup<'_>) -> String {
    format!(
        "# {}: {}, {}. Rendered by council from the playbook.\n",
        setup.name,
        setup.role.name(),
        setup.image_words()
    )
}
