//! What it shows: one system, three chassis of three ages, one manager.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{MANAGER, SYSTEM};

pub(super) fn all() -> BTreeMap<String, Value> {
    let mut pages = BTreeMap::new();
    service(&mut pages);
    system(&mut pages);
    parts(&mut pages);
    old_chassis(&mut pages);
    new_chassis(&mut pages);
    manager(&mut pages);
    pages
}

type Pages = BTreeMap<String, Value>;

fn put(pages: &mut Pages, path: &str, mut page: Value) {
    page["@odata.id"] = json!(path);
    page["Name"] = json!(path.rsplit('/').next());
    pages.insert(path.to_owned(), page);
}

/// A list that is spread over pages of two.
fn put_list(pages: &mut Pages, path: &str, members: &[&str]) {
    let refer = |name: &&str| json!({ "@odata.id": format!("{path}/{name}") });
    let count = members.len();
    let listed: Vec<Value> = members.iter().map(refer).collect();
    let mut chunks: Vec<&[Value]> = listed.chunks(2).collect();
    if chunks.is_empty() {
        chunks.push(&[]);
    }
    for (at, chunk) in chunks.iter().enumerate() {
        let mut page = json!({ "Members": chunk, "Members@odata.count": count });
        if at + 1 < chunks.len() {
            page["Members@odata.nextLink"] = json!(format!("{path}/more/{}", at + 1));
        }
        let place = if at == 0 { path.to_owned() } else { format!("{path}/more/{at}") };
        put(pages, &place, page);
    }
}

fn service(pages: &mut Pages) {
    let at = |path: &str| json!({ "@odata.id": format!("/redfish/v1/{path}") });
    let root = json!({
        "RedfishVersion": "1.15.0", "Vendor": "Acme", "Product": "Acme BMC",
        "@odata.type": "#ServiceRoot.v1_15_0.ServiceRoot",
        "UUID": "92384634-2938-2342-8820-489239905423",
        "Systems": at("Systems"), "Chassis": at("Chassis"), "Managers": at("Managers"),
        "UpdateService": at("UpdateService"), "EventService": at("EventService"),
        "SessionService": at("SessionService"),
        "Links": { "Sessions": at("SessionService/Sessions") },
    });
    put(pages, "/redfish/v1/", root);
    put_list(pages, "/redfish/v1/Systems", &["System.Embedded.1"]);
    put_list(pages, "/redfish/v1/Chassis", &["Old", "New", "Bare"]);
    put_list(pages, "/redfish/v1/Managers", &["iBMC-1"]);
    let sessions = at("SessionService/Sessions");
    put(pages, "/redfish/v1/SessionService", json!({ "Sessions": sessions }));
    let subscriptions = at("EventService/Subscriptions");
    put(pages, "/redfish/v1/EventService", json!({ "Subscriptions": subscriptions }));
    put_list(pages, "/redfish/v1/EventService/Subscriptions", &[]);
    let inventory = at("UpdateService/FirmwareInventory");
    put(pages, "/redfish/v1/UpdateService", json!({ "FirmwareInventory": inventory }));
    put_list(pages, "/redfish/v1/UpdateService/FirmwareInventory", &["BIOS"]);
    let bios = json!({
        "Id": "BIOS", "Version": "2.1.7", "Updateable": true, "SoftwareId": "159",
        "Status": { "Health": "OK" }, "RelatedItem": [{ "@odata.id": SYSTEM }],
    });
    put(pages, "/redfish/v1/UpdateService/FirmwareInventory/BIOS", bios);
    let task = json!({ "TaskState": "Running", "TaskStatus": "OK", "PercentComplete": 40 });
    put(pages, "/redfish/v1/TaskService/TaskMonitors/42", task);
}

fn system(pages: &mut Pages) {
    let at = |part: &str| json!({ "@odata.id": format!("{SYSTEM}/{part}") });
    let page = json!({
        "Id": "System.Embedded.1", "Manufacturer": "Acme", "Model": "R7", "SKU": "7XK3",
        "SerialNumber": "SN-1", "UUID": "4c4c4544-0058-4b10-8033-b7c04f335a32",
        "AssetTag": "To be filled by O.E.M.", "BiosVersion": "2.1.7", "PowerState": "On",
        "Status": { "State": "Enabled", "Health": "OK", "HealthRollup": "Warning" },
        "MemorySummary": { "TotalSystemMemoryGiB": 32 },
        "Boot": {
            "BootSourceOverrideEnabled": "Disabled", "BootSourceOverrideTarget": "None",
            "BootSourceOverrideTarget@Redfish.AllowableValues": ["None", "Pxe", "Cd", "Hdd"],
            "BootSourceOverrideMode": "UEFI",
        },
        "Processors": at("Processors"), "Memory": at("Memory"), "Storage": at("Storage"),
        "EthernetInterfaces": at("EthernetInterfaces"),
        "Links": { "Chassis": [], "ManagedBy": [{ "@odata.id": MANAGER }] },
        "Actions": { "#ComputerSystem.Reset": {
            "target": format!("{SYSTEM}/Actions/ComputerSystem.Reset"),
            "@Redfish.ActionInfo": format!("{SYSTEM}/ResetActionInfo"),
        } },
    });
    put(pages, SYSTEM, page);
    let allowed = ["On", "ForceOff", "ForceRestart", "Nmi"];
    let parameter = json!({ "Name": "ResetType", "AllowableValues": allowed });
    put(pages, &format!("{SYSTEM}/ResetActionInfo"), json!({ "Parameters": [parameter] }));
}

fn parts(pages: &mut Pages) {
    let at = |part: &str| format!("{SYSTEM}/{part}");
    put_list(pages, &at("Processors"), &["CPU1", "GPU1", "FPGA1"]);
    let cpu = json!({
        "Id": "CPU1", "ProcessorType": "CPU", "Model": "EPYC", "TotalCores": 64,
        "TotalThreads": "128", "Status": { "Health": "OK" },
    });
    put(pages, &at("Processors/CPU1"), cpu);
    put(pages, &at("Processors/GPU1"), json!({ "ProcessorType": "GPU", "Model": "H100" }));
    put(pages, &at("Processors/FPGA1"), json!({ "ProcessorType": "FPGA" }));
    put_list(pages, &at("Memory"), &["A1", "A2"]);
    let dimm = json!({
        "DeviceLocator": "DIMM A1", "CapacityMiB": 32768, "MemoryDeviceType": "DDR5",
        "SerialNumber": "D-1", "Status": { "State": "Enabled", "Health": "OK" },
    });
    put(pages, &at("Memory/A1"), dimm);
    let absent = json!({ "CapacityMiB": 0, "Status": { "State": "Absent" } });
    put(pages, &at("Memory/A2"), absent);
    put_list(pages, &at("EthernetInterfaces"), &["NIC.1"]);
    let nic = json!({
        "MACAddress": "12-44-6A-3B-04-11", "PermanentMACAddress": "00:00:00:00:00:00",
        "LinkStatus": "LinkUp", "SpeedMbps": 25000, "InterfaceEnabled": true,
    });
    put(pages, &at("EthernetInterfaces/NIC.1"), nic);
    put_list(pages, &at("Storage"), &["RAID.1"]);
    let drive = at("Storage/RAID.1/Drives/0");
    put(pages, &at("Storage/RAID.1"), json!({ "Drives": [{ "@odata.id": drive }] }));
    let page = json!({
        "SerialNumber": "S-1", "CapacityBytes": 960_197_124_096_u64, "MediaType": "SSD",
        "Protocol": "NVMe", "PredictedMediaLifeLeftPercent": 93, "FailurePredicted": false,
        "Status": { "State": "Enabled", "Health": "Warning" },
    });
    put(pages, &drive, page);
}

fn old_chassis(pages: &mut Pages) {
    let at = |part: &str| json!({ "@odata.id": format!("/redfish/v1/Chassis/Old/{part}") });
    let page = json!({
        "Id": "Old", "ChassisType": "RackMount", "SerialNumber": "C-1",
        "Thermal": at("Thermal"), "Power": at("Power"),
    });
    put(pages, "/redfish/v1/Chassis/Old", page);
    let thermal = json!({
        "Temperatures": [
            { "Name": "Inlet", "ReadingCelsius": 24.5, "PhysicalContext": "Intake",
              "UpperThresholdCritical": 47, "Status": { "Health": "OK" } },
            { "Name": "CPU2", "ReadingCelsius": 0, "Status": { "State": "Absent" } },
        ],
        "Fans": [
            { "FanName": "Fan 1", "Reading": 5400, "ReadingUnits": "RPM" },
            { "Name": "Fan 2", "Reading": 30, "ReadingUnits": "Percent" },
            { "Name": "Fan 3", "Reading": 7 },
        ],
    });
    put(pages, "/redfish/v1/Chassis/Old/Thermal", thermal);
    let control = json!({
        "PowerConsumedWatts": 312, "PowerCapacityWatts": 1400,
        "PowerLimit": { "LimitInWatts": null },
    });
    put(pages, "/redfish/v1/Chassis/Old/Power", json!({ "PowerControl": [control] }));
}

fn new_chassis(pages: &mut Pages) {
    let at = |part: &str| json!({ "@odata.id": format!("/redfish/v1/Chassis/{part}") });
    let new = json!({
        "ThermalSubsystem": at("New/ThermalSubsystem"),
        "EnvironmentMetrics": at("New/EnvironmentMetrics"),
    });
    put(pages, "/redfish/v1/Chassis/New", new);
    let subsystem = json!({
        "ThermalMetrics": at("New/ThermalMetrics"), "Fans": at("New/Fans"),
    });
    put(pages, "/redfish/v1/Chassis/New/ThermalSubsystem", subsystem);
    let readings = json!([{ "DeviceName": "Intake", "Reading": 24.8 }]);
    let metrics = json!({ "TemperatureReadingsCelsius": readings });
    put(pages, "/redfish/v1/Chassis/New/ThermalMetrics", metrics);
    put_list(pages, "/redfish/v1/Chassis/New/Fans", &["1"]);
    let fan = json!({ "SpeedPercent": { "Reading": 45, "SpeedRPM": 2200 } });
    put(pages, "/redfish/v1/Chassis/New/Fans/1", fan);
    let watts = json!({ "PowerWatts": { "Reading": 374 }, "PowerLimitWatts": { "SetPoint": 500 } });
    put(pages, "/redfish/v1/Chassis/New/EnvironmentMetrics", watts);
    put(pages, "/redfish/v1/Chassis/Bare", json!({ "Sensors": at("Bare/Sensors") }));
    put_list(pages, "/redfish/v1/Chassis/Bare/Sensors", &["T", "F", "V"]);
    let sensor = |kind: &str, reading: i32, units: &str| json!({ "ReadingType": kind, "Reading": reading, "ReadingUnits": units });
    put(pages, "/redfish/v1/Chassis/Bare/Sensors/T", sensor("Temperature", 31, "Cel"));
    put(pages, "/redfish/v1/Chassis/Bare/Sensors/F", sensor("Rotational", 4200, "RPM"));
    put(pages, "/redfish/v1/Chassis/Bare/Sensors/V", sensor("Voltage", 12, "V"));
}

fn manager(pages: &mut Pages) {
    let at = |part: &str| json!({ "@odata.id": format!("{MANAGER}/{part}") });
    let page = json!({
        "Id": "iBMC-1", "ManagerType": "BMC", "FirmwareVersion": "6.10.80",
        "DateTime": "2026-11-22T11:00:05", "DateTimeLocalOffset": "+01:00",
        "VirtualMedia": at("VirtualMedia"), "LogServices": at("LogServices"),
        "Links": { "ManagerForServers": [{ "@odata.id": SYSTEM }] },
    });
    put(pages, MANAGER, page);
    put_list(pages, &format!("{MANAGER}/VirtualMedia"), &["CD"]);
    let action = |name: &str| json!({ "target": format!("{MANAGER}/VirtualMedia/CD/Actions/VirtualMedia.{name}") });
    let media = json!({
        "Id": "CD", "MediaTypes": ["CD", "DVD"], "Image": null, "Inserted": false,
        "Actions": { "#VirtualMedia.InsertMedia": action("InsertMedia"),
                     "#VirtualMedia.EjectMedia": action("EjectMedia") },
    });
    put(pages, &format!("{MANAGER}/VirtualMedia/CD"), media);
    put_list(pages, &format!("{MANAGER}/LogServices"), &["Sel"]);
    let log = json!({ "Id": "Sel", "Entries": at("LogServices/Sel/Entries") });
    put(pages, &format!("{MANAGER}/LogServices/Sel"), log);
    let entry = |id: u32, severity: &str| {
        json!({
            "@odata.id": format!("{MANAGER}/LogServices/Sel/Entries/{id}"), "Id": id.to_string(),
            "Severity": severity, "Created": "2026-11-22T10:00:00Z", "Message": "Fan 1 failed.",
            "MessageId": "FAN0001", "SensorType": "Fan",
        })
    };
    let entries = [entry(1, "OK"), entry(2, "Critical"), entry(3, "Odd")];
    let list = json!({ "Members": entries, "Members@odata.count": 3 });
    put(pages, &format!("{MANAGER}/LogServices/Sel/Entries"), list);
}
