//! What is read, and what is left unknown.

use jiff::{SignedDuration, Timestamp};
use redfish::{Health, Link, PowerState};
use serde_json::json;

use crate::bmc::{Bmc, Fault, MANAGER, SYSTEM, system};

#[tokio::test]
async fn everything_is_found_from_the_root() {
    let bmc = Bmc::start().await;
    let client = bmc.client();
    let service = client.service().await.expect("a service");
    assert_eq!(service.version.as_deref(), Some("1.15.0"));
    assert_eq!(service.vendor.as_deref(), Some("Acme"));
    assert_eq!(client.systems().await.expect("systems"), [system()]);
    // Three chassis on two pages.
    let chassis = client.chassis_list().await.expect("chassis");
    let names: Vec<&str> =
        chassis.iter().filter_map(|link| link.as_str().rsplit('/').next()).collect();
    assert_eq!(names, ["Old", "New", "Bare"]);
    let old = client.chassis(&chassis[0]).await.expect("a chassis");
    assert_eq!((old.kind.as_deref(), old.serial.as_deref()), (Some("RackMount"), Some("C-1")));
    assert_eq!(client.managers().await.expect("managers"), [Link::new(MANAGER)]);
}

#[tokio::test]
async fn a_system_is_read_and_what_it_leaves_out_is_unknown() {
    let bmc = Bmc::start().await;
    let system = bmc.client().system(&system()).await.expect("a system");
    assert_eq!(system.manufacturer.as_deref(), Some("Acme"));
    assert_eq!(system.serial.as_deref(), Some("SN-1"));
    assert_eq!(system.sku.as_deref(), Some("7XK3"));
    assert_eq!(system.bios_version.as_deref(), Some("2.1.7"));
    assert_eq!(system.power, Some(PowerState::On));
    assert_eq!((system.health, system.health_rollup), (Some(Health::Ok), Some(Health::Warning)));
    assert_eq!(system.memory_bytes(), Some(32 << 30));
    let targets = system.boot.allowed_targets.as_deref().map(<[_]>::len);
    assert_eq!((system.boot.enabled.as_deref(), targets), (Some("Disabled"), Some(4)));
    assert_eq!(system.asset_tag, None, "a placeholder");
    assert_eq!(system.processor_count, None);
    assert_eq!(system.last_reset, None);
    assert_eq!(system.boot.allowed_modes, None);
}

#[tokio::test]
async fn a_power_state_that_nobody_laid_down_is_unknown() {
    let bmc = Bmc::start().await;
    bmc.world().power = vec!["Sleepy".to_owned()];
    assert_eq!(bmc.client().power(&system()).await.expect("a system"), None);
}

#[tokio::test]
async fn an_inventory_has_every_part_in_its_place() {
    let bmc = Bmc::start().await;
    let found = bmc.client().inventory(&system()).await.expect("an inventory");
    assert_eq!(found.unread, []);
    let cpus = found.cpus.expect("processors");
    assert_eq!((cpus.len(), cpus[0].cores), (1, Some(64)));
    assert_eq!(cpus[0].threads, None, "a number in quotes is none");
    let gpus = found.gpus.expect("processors");
    assert_eq!((gpus.len(), gpus[0].model.as_deref()), (1, Some("H100")));
    assert_eq!(found.other_processors.expect("processors")[0].kind.as_deref(), Some("FPGA"));
    let dimms = found.dimms.expect("memory");
    assert_eq!(
        (dimms[0].slot.as_deref(), dimms[0].capacity_bytes),
        (Some("DIMM A1"), Some(32 << 30))
    );
    assert_eq!((dimms[1].state.as_deref(), dimms[1].capacity_bytes), (Some("Absent"), None));
    let nics = found.nics.expect("interfaces");
    assert_eq!(nics[0].mac.as_deref(), Some("12:44:6a:3b:04:11"));
    assert_eq!(nics[0].permanent_mac, None, "all zero");
    assert_eq!((nics[0].link.as_deref(), nics[0].speed_mbps), (Some("LinkUp"), Some(25_000)));
    let drives = found.drives.expect("drives");
    assert_eq!(drives[0].serial.as_deref(), Some("S-1"));
    assert_eq!(drives[0].capacity_bytes, Some(960_197_124_096));
    assert_eq!((drives[0].life_left_percent, drives[0].health), (Some(93), Some(Health::Warning)));
}

#[tokio::test]
async fn a_part_that_is_not_offered_is_unknown_and_one_that_breaks_says_why() {
    let bmc = Bmc::start().await;
    let client = bmc.client();
    bmc.world()
        .pages
        .get_mut(SYSTEM)
        .expect("a page")
        .as_object_mut()
        .expect("one")
        .remove("Storage");
    bmc.fault(&format!("{SYSTEM}/Memory/A2"), Fault::Refuses(500));
    bmc.say(&format!("{SYSTEM}/EthernetInterfaces"), "/Members", json!([]));
    bmc.say(&format!("{SYSTEM}/EthernetInterfaces"), "/Members@odata.count", json!(0));
    bmc.say(&format!("{SYSTEM}/Processors"), "/Members@odata.count", json!(4));
    let found = client.inventory(&system()).await.expect("an inventory");
    assert_eq!((found.drives, found.nics), (None, Some(Vec::new())));
    assert_eq!((found.dimms, found.cpus, found.gpus), (None, None, None), "half is not a list");
    let whys: Vec<String> =
        found.unread.iter().map(|one| format!("{}: {}", one.what, one.why)).collect();
    assert_eq!(whys.len(), 2, "{whys:?}");
    assert!(
        whys[0].contains("Processors: ") && whys[0].contains("counts 4 and shows 3"),
        "{whys:?}"
    );
    assert!(whys[1].contains("Memory: ") && whys[1].contains("It broke (Ask nicely)"), "{whys:?}");
}

#[tokio::test]
async fn sensors_of_three_ages_are_read() {
    let bmc = Bmc::start().await;
    let client = bmc.client();
    let old = client.readings(&Link::new("/redfish/v1/Chassis/Old")).await.expect("readings");
    let temperatures = old.temperatures.expect("temperatures");
    assert_eq!(
        (temperatures[0].celsius, temperatures[0].critical_celsius),
        (Some(24.5), Some(47.0))
    );
    assert_eq!(temperatures[1].celsius, None, "a sensor that is not there reads nothing");
    let fans: Vec<_> = old.fans.expect("fans").iter().map(|fan| (fan.rpm, fan.percent)).collect();
    assert_eq!(fans, [(Some(5400.0), None), (None, Some(30.0)), (None, None)]);
    assert_eq!((old.consumed_watts, old.limit_watts), (Some(312.0), None));
    assert_eq!(old.capacity_watts, Some(1400.0));

    let new = client.readings(&Link::new("/redfish/v1/Chassis/New")).await.expect("readings");
    assert_eq!(new.temperatures.expect("temperatures")[0].celsius, Some(24.8));
    assert_eq!(new.fans.expect("fans")[0].rpm, Some(2200.0));
    assert_eq!((new.consumed_watts, new.limit_watts), (Some(374.0), Some(500.0)));

    let bare = client.readings(&Link::new("/redfish/v1/Chassis/Bare")).await.expect("readings");
    let temperatures = bare.temperatures.expect("temperatures");
    assert_eq!((temperatures.len(), temperatures[0].celsius), (1, Some(31.0)));
    let fans = bare.fans.expect("fans");
    assert_eq!((fans.len(), fans[0].rpm), (1, Some(4200.0)));
    assert_eq!(bare.consumed_watts, None, "unknown, not zero");
}

#[tokio::test]
async fn an_old_list_that_is_kept_empty_does_not_hide_a_new_one() {
    let bmc = Bmc::start().await;
    let place = "/redfish/v1/Chassis/Old";
    for list in ["/Temperatures", "/Fans"] {
        bmc.say(&format!("{place}/Thermal"), list, json!([]));
    }
    let place = Link::new(place);
    let readings = bmc.client().readings(&place).await.expect("readings");
    assert_eq!((readings.temperatures, readings.fans), (Some(Vec::new()), Some(Vec::new())));
    let sensors = json!({ "@odata.id": "/redfish/v1/Chassis/Bare/Sensors" });
    bmc.world().pages.get_mut(place.as_str()).expect("a page")["Sensors"] = sensors;
    let readings = bmc.client().readings(&place).await.expect("readings");
    assert_eq!(readings.temperatures.expect("temperatures")[0].celsius, Some(31.0));
    assert_eq!(readings.fans.expect("fans")[0].rpm, Some(4200.0));
}

#[tokio::test]
async fn firmware_and_the_manager_are_read_and_its_clock_is_compared() {
    let bmc = Bmc::start().await;
    let client = bmc.client();
    let software = client.firmware().await.expect("firmware").software.expect("a list");
    assert_eq!(
        (software[0].id.as_deref(), software[0].version.as_deref()),
        (Some("BIOS"), Some("2.1.7"))
    );
    assert_eq!(software[0].parts, [system()]);
    let manager = client.manager(&Link::new(MANAGER)).await.expect("a manager");
    assert_eq!(manager.firmware_version.as_deref(), Some("6.10.80"));
    let then: Timestamp = "2026-11-22T10:00:00Z".parse().expect("a time");
    assert_eq!(manager.skew(then, then), Some(SignedDuration::from_secs(5)));
}

#[tokio::test]
async fn logs_are_read_up_to_a_number() {
    let bmc = Bmc::start().await;
    let client = bmc.client();
    let manager = Link::new(MANAGER);
    let logs = client.logs(&manager, 10).await.expect("logs");
    let seen: Vec<_> =
        logs.entries.iter().map(|entry| (entry.id.as_deref(), entry.severity)).collect();
    let expect =
        [(Some("1"), Some(Health::Ok)), (Some("2"), Some(Health::Critical)), (Some("3"), None)];
    assert_eq!(seen, expect);
    assert_eq!(logs.entries[0].log.as_deref(), Some("Sel"));
    assert_eq!(logs.entries[0].created, "2026-11-22T10:00:00Z".parse().ok());
    assert!(!logs.has_more);
    let logs = client.logs(&manager, 2).await.expect("logs");
    assert_eq!((logs.entries.len(), logs.has_more), (2, true));
    let error = client.logs(&system(), 2).await.expect_err("a system without logs");
    assert!(error.to_string().contains("does not offer logs"), "{error}");
}
