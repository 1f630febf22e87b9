//! The mock-up of a rack server that the DMTF publishes (DSP2043, "public-rackmount1"), where it is at hand.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;
use redfish::{Access, Client, Health, Link, PowerState, ResetType};
use serde_json::Value;

use crate::bmc::Bmc;

/// Said where it is not at hand.
const LEFT_OUT: &str = "LEFT OUT: the DMTF's mock-up: `../shared` is not there";

/// All its pages by path; nothing where it is not.
fn pages() -> Option<BTreeMap<String, Value>> {
    let folder = "../../../shared/specs/redfish/public-rackmount1";
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    if !root.is_dir() {
        return None;
    }
    let mut pages = BTreeMap::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.ends_with("index.json") {
                let text = std::fs::read(&path).expect("a file");
                let below = folder.strip_prefix(&root).expect("below").display().to_string();
                pages.insert(
                    format!("/redfish/v1/{below}"),
                    serde_json::from_slice(&text).expect("JSON"),
                );
            }
        }
    }
    assert!(pages.len() > 200, "{}", pages.len());
    Some(pages)
}

async fn mockup() -> Option<(Bmc, Client)> {
    let bmc = Bmc::start_with(pages()?).await;
    bmc.world().is_open = true;
    let client = bmc.client_as(Access::Open);
    Some((bmc, client))
}

#[tokio::test]
async fn the_published_system_is_read_whole() {
    let Some((_bmc, client)) = mockup().await else { return println!("{LEFT_OUT}") };
    let service = client.service().await.expect("a service");
    assert_eq!(service.version.as_deref(), Some("1.15.0"));
    let systems = client.systems().await.expect("systems");
    assert_eq!(systems.len(), 1);
    let found = client.inventory(&systems[0]).await.expect("an inventory");
    assert_eq!(found.unread, []);
    let system = &found.system;
    assert_eq!(system.serial.as_deref(), Some("437XR1138R2"));
    assert_eq!(system.asset_tag.as_deref(), Some("Chicago-45Z-2381"));
    assert_eq!((system.power, system.health), (Some(PowerState::On), Some(Health::Ok)));
    assert_eq!(system.memory_bytes(), Some(96 << 30));
    assert_eq!(system.last_reset, "2021-03-12T22:02:57Z".parse().ok());
    assert_eq!(system.boot.target.as_deref(), Some("Pxe"));
    let cpus = found.cpus.as_ref().expect("processors");
    assert_eq!((cpus.len(), cpus[0].cores, cpus[0].threads), (2, Some(8), Some(16)));
    assert_eq!((cpus[1].state.as_deref(), cpus[1].cores), (Some("Absent"), None));
    assert_eq!(found.gpus.as_deref(), Some(&[][..]));
    assert_eq!(found.other_processors.as_deref().map(<[_]>::len), Some(1));
    let dimms = found.dimms.as_ref().expect("memory");
    let bytes: Vec<_> = dimms.iter().map(|dimm| dimm.capacity_bytes).collect();
    assert_eq!(bytes, [Some(32 << 30), Some(32 << 30), Some(32 << 30), None]);
    let nics = found.nics.as_ref().expect("interfaces");
    assert!(nics.iter().any(|nic| nic.mac.as_deref() == Some("12:44:6a:3b:04:11")), "{nics:?}");
    let drives = found.drives.as_ref().expect("drives");
    let bytes: Vec<_> = drives.iter().map(|drive| drive.capacity_bytes).collect();
    assert_eq!(bytes, [Some(8_000_000_000_000), Some(4_000_000_000_000), None, None]);
    // What is kept is what is read again.
    let kept = serde_json::to_string(&found).expect("JSON");
    assert_eq!(serde_json::from_str::<redfish::Inventory>(&kept).expect("JSON"), found);
}

#[tokio::test]
async fn the_published_chassis_firmware_and_manager_are_read() {
    let Some((_bmc, client)) = mockup().await else { return println!("{LEFT_OUT}") };
    let chassis = client.chassis_list().await.expect("chassis");
    let readings = client.readings(&chassis[0]).await.expect("readings");
    assert_eq!(readings.unread, []);
    assert_eq!((readings.consumed_watts, readings.limit_watts), (Some(374.0), Some(500.0)));
    let temperatures = readings.temperatures.expect("temperatures");
    assert_eq!((temperatures[0].celsius, temperatures[1].celsius), (Some(41.0), None));
    assert!(readings.fans.expect("fans").iter().all(|fan| fan.rpm.is_some()));
    let firmware = client.firmware().await.expect("firmware").software.expect("a list");
    let bios = firmware.iter().find(|one| one.id.as_deref() == Some("BIOS")).expect("the BIOS");
    assert_eq!((bios.version.as_deref(), bios.updateable), (Some("P79 v1.45"), Some(true)));
    let managers = client.managers().await.expect("managers");
    let manager = client.manager(&managers[0]).await.expect("a manager");
    assert_eq!(manager.firmware_version.as_deref(), Some("1.45.455b66-rev4"));
    let clock: Timestamp = "2015-03-12T22:14:33Z".parse().expect("a time");
    assert_eq!(manager.clock, Some(clock));
    assert_eq!(client.subscriptions().await.expect("subscriptions").len(), 4);
    let systems = client.systems().await.expect("systems");
    let media = client.virtual_media(&systems[0]).await.expect("media");
    assert_eq!(media.len(), 2);
    let resets = client.resets(&systems[0]).await.expect("resets").expect("a list");
    assert!(resets.iter().all(|word| ResetType::of(word).is_some()), "{resets:?}");
}

/// A server of files leaves out what is behind the question mark, so that the next page is the same page for ever.
#[tokio::test]
async fn the_published_log_is_shown_although_it_never_ends() {
    let Some((_bmc, client)) = mockup().await else { return println!("{LEFT_OUT}") };
    let systems = client.systems().await.expect("systems");
    let logs = client.logs(&systems[0], 50).await.expect("logs");
    assert_eq!(logs.entries[0].severity, Some(Health::Critical));
    assert_eq!(logs.entries[0].created, "2012-03-07T14:44:00Z".parse().ok());
    assert_eq!(logs.unread.len(), 1, "{:?}", logs.unread);
    let again = client.logs(&Link::new("/redfish/v1/Managers/BMC"), 50).await.expect("logs");
    assert!(!again.entries.is_empty());
}
