//! The answers for Ubuntu's installer (autoinstall, version 1).
//!
//! They are a document of cloud-init with one more key, read by the installer's own cloud-init. What the installed system
//! does at its first start stands below `user-data`, so that it is said once for both distributions.

use serde_json::{Map, Value, json};

use super::{Links, Setup, cloud_init, yaml};
use crate::kinds::Layout;

/// Renders the answers, as the user-data of the installer.
#[must_use]
pub fn autoinstall(setup: &Setup<'_>, links: &Links) -> String {
    let (name, role, image) = (setup.name, setup.role.name(), setup.image_words());
    let document = json!({ "autoinstall": Value::Object(answers(setup, links)) });
    format!(
        "#cloud-config\n# {name}: {role}, {image}. Rendered by council from the playbook.\n{}",
        yaml::document(&document)
    )
}

fn answers(setup: &Setup<'_>, links: &Links) -> Map<String, Value> {
    let spec = &setup.profile.spec.answers;
    let account = setup.profile.spec.account.as_ref();
    let keys: Vec<&str> = account
        .iter()
        .flat_map(|account| account.ssh_keys.iter().map(|key| key.as_str()))
        .collect();
    let mut answers = Map::new();
    let mut say = |key: &str, value: Value| answers.insert(key.to_owned(), value);
    say("version", json!(1));
    say("locale", json!(spec.locale()));
    say("keyboard", json!({ "layout": spec.keyboard() }));
    say("timezone", json!(spec.time_zone()));
    say("network", cloud_init::network(setup));
    if let Some(proxy) = &spec.proxy {
        say("proxy", json!(proxy));
    }
    if let Some(mirror) = &spec.mirror {
        say("apt", json!({ "mirror-selection": { "primary": [{ "uri": mirror.value }] } }));
    }
    say("storage", json!({ "layout": layout(setup) }));
    say("ssh", json!({ "install-server": true, "allow-pw": false, "authorized-keys": keys }));
    say("updates", json!("security"));
    say("early-commands", json!([post(links, "installing", " || true")]));
    say("late-commands", json!([post(links, "installed", "")]));
    say("user-data", first_start(setup, links));
    say("shutdown", json!("reboot"));
    answers
}

/// What the installed system does at its first start. Without cloud-init in the profile it still does it, because this
/// installer leaves cloud-init behind in any case; only nobody waits for its call then.
fn first_start(setup: &Setup<'_>, links: &Links) -> Value {
    let mut data = cloud_init::system(setup, links);
    if setup.has_cloud_init() {
        data.insert(
            "phone_home".to_owned(),
            json!({ "url": links.phone_home("ready"), "tries": 10 }),
        );
    }
    Value::Object(data)
}

fn layout(setup: &Setup<'_>) -> Value {
    let spec = &setup.profile.spec.answers;
    let name = match spec.layout {
        Layout::Plain => "direct",
        Layout::Lvm => "lvm",
    };
    let mut layout = json!({ "name": name });
    if let Some(disk) = &spec.disk {
        layout["match"] = json!({ "path": disk.value });
    }
    layout
}

fn post(links: &Links, stage: &str, otherwise: &str) -> String {
    format!("curl -fsS -X POST {}{otherwise}", super::shell::word(&links.phone_home(stage)))
}
