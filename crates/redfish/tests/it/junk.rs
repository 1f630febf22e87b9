//! Whatever a controller says in place of what it should: nothing ends the program, nothing lasts for ever.

use redfish::{BootEnabled, BootOverride, Client, ResetType};
use serde_json::{Value, json};

use crate::bmc::{Bmc, MANAGER, system};

/// Asks everything there is to ask; what comes is no matter.
async fn ask_everything(client: &Client) {
    let (place, manager) = (system(), redfish::Link::new(MANAGER));
    drop(client.systems().await);
    drop(client.inventory(&place).await);
    for chassis in client.chassis_list().await.unwrap_or_default() {
        drop(client.chassis(&chassis).await);
        drop(client.readings(&chassis).await);
    }
    drop(client.firmware().await);
    drop(client.logs(&manager, 5).await);
    drop(client.manager(&manager).await);
    drop(client.virtual_media(&place).await);
    drop(client.subscriptions().await);
    drop(client.reset(&place, ResetType::Nmi).await);
    let wish =
        BootOverride { enabled: BootEnabled::Once, target: None, mode: None, http_uri: None };
    drop(client.set_boot(&place, &wish).await);
}

/// Every leaf of a page becomes something else; references stay, or nothing would be found.
fn spoil(value: &mut Value, junk: &Value) {
    match value {
        Value::Object(fields) => {
            let others = fields.iter_mut().filter(|(name, _)| *name != "@odata.id");
            others.for_each(|(_, value)| spoil(value, junk));
        }
        Value::Array(list) => list.iter_mut().for_each(|value| spoil(value, junk)),
        leaf => *leaf = junk.clone(),
    }
}

fn junk() -> Vec<Value> {
    vec![
        json!(null),
        json!(-1),
        json!(1e308),
        json!(u64::MAX),
        json!(""),
        json!("\u{0}\u{202e}é"),
        json!("//elsewhere.example.org/"),
        json!([[[]]]),
        json!({ "@odata.id": "/redfish/v1/" }),
        json!({ "@odata.id": 7, "target": {} }),
    ]
}

#[tokio::test]
async fn properties_of_the_wrong_type_end_nothing() {
    for junk in junk() {
        let bmc = Bmc::start().await;
        let client = bmc.client();
        bmc.world().pages.values_mut().for_each(|page| spoil(page, &junk));
        ask_everything(&client).await;
        let asked = bmc.world().asked.len();
        assert!((10..2000).contains(&asked), "{junk}: {asked} requests");
        assert!(client.system(&system()).await.is_ok(), "{junk}: the system is read all the same");
    }
}

/// References, too, and lists of them.
fn misdirect(value: &mut Value, junk: &Value) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields.iter_mut() {
                match name.as_str() {
                    "@odata.id" | "target" => *value = junk.clone(),
                    _ => misdirect(value, junk),
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|value| misdirect(value, junk)),
        _ => {}
    }
}

/// A fifth of the pages at a time: each way of reading meets good pages and bad ones.
const PARTS: usize = 5;

/// Changes a fifth of the pages and asks everything.
async fn ask_with(part: usize, change: impl Fn(&mut Value)) {
    let bmc = Bmc::start().await;
    {
        let mut world = bmc.world();
        let wrong = world.pages.iter_mut().skip(part).step_by(PARTS);
        wrong.for_each(|(_, page)| change(page));
    }
    ask_everything(&bmc.client()).await;
    let asked = bmc.world().asked.len();
    assert!((1..2000).contains(&asked), "{asked} requests");
}

#[tokio::test]
async fn references_to_anywhere_end_nothing() {
    for junk in
        [json!(7), json!(""), json!("https://["), json!("//elsewhere.example.org/"), json!([])]
    {
        for part in 0..PARTS {
            ask_with(part, |page| misdirect(page, &junk)).await;
        }
    }
}

#[tokio::test]
async fn whole_pages_of_something_else_end_nothing() {
    for junk in [json!(null), json!([[]]), json!({ "@odata.id": "/redfish/v1/" }), json!("text")] {
        for part in 0..PARTS {
            ask_with(part, |page| *page = junk.clone()).await;
        }
    }
}
