//! `council fleet`: what it brings in, and what it refuses.

use expect_test::expect;

use crate::support::Scratch;

#[test]
fn a_list_of_machines_becomes_a_file_of_the_playbook_once() {
    let scratch = Scratch::staffed();
    let list = "name,site,role,rack,unit,owner\neu-2-new,eu-2,compute,8,20,team/platform\n";
    scratch.write("new.csv", list);
    let import = "fleet import machines new.csv --output platform/new.yaml";
    expect![[r#"
        --- stderr
        wrote 1 resource to `platform/new.yaml`; look at it with `council check`
        --- exit 0
    "#]]
    .assert_eq(&scratch.council(import).shown());
    let read = scratch.council("show machine/eu-2-new --format json").json();
    assert!(read["text"].as_str().is_some_and(|text| text.contains("unit: 20")), "{read}");
    expect![[r#"
        --- stderr
        error: `platform/new.yaml` exists already
          why: what people have written there would be lost
          hint: choose another name, or move the old file away
        --- exit 1
    "#]]
    .assert_eq(&scratch.council(import).shown());
}

#[test]
fn mistakes_are_told_with_their_lines_and_nothing_is_written() {
    let scratch = Scratch::staffed();
    scratch.write("new.csv", "name,site,role,unit\na,eu-2,compute,x\nB,eu-2,compute,1\n");
    expect![[r#"
        --- stderr
        error: `new.csv` has 2 mistakes
          why: nothing was written
          hint: new.csv:2: `unit`: `x` is no whole number
          hint: new.csv:3: `name`: `B` is no name: lower-case letters, digits, `-` and `.`, such as `eu-1-cmp-01`
        --- exit 1
    "#]]
    .assert_eq(&scratch.council("fleet import machines new.csv -o platform/new.yaml").shown());
    assert!(!scratch.path().join("platform/new.yaml").exists());
}

/// A controller of one machine that has lost a memory module, over plain HTTP on loopback, as emulators are. It answers until
/// the test ends.
fn controller() -> String {
    use std::io::{BufRead as _, BufReader, Write as _};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let answer = |path: &str| match path.trim_end_matches('/') {
        "/redfish/v1" => Some(
            r##"{"@odata.type":"#ServiceRoot.v1_15_0.ServiceRoot","RedfishVersion":"1.15.0","Systems":{"@odata.id":"/redfish/v1/Systems"},"Managers":{"@odata.id":"/redfish/v1/Managers"}}"##,
        ),
        "/redfish/v1/Systems" => Some(r##"{"Members":[{"@odata.id":"/redfish/v1/Systems/1"}]}"##),
        "/redfish/v1/Systems/1" => Some(
            r##"{"@odata.id":"/redfish/v1/Systems/1","Manufacturer":"Example","Model":"S1","SerialNumber":"SN-2","PowerState":"On","Status":{"Health":"Warning"},"Memory":{"@odata.id":"/redfish/v1/Systems/1/Memory"}}"##,
        ),
        "/redfish/v1/Systems/1/Memory" => Some(
            r##"{"Members":[{"@odata.id":"/redfish/v1/Systems/1/Memory/A","DeviceLocator":"A1","CapacityMiB":65536},{"@odata.id":"/redfish/v1/Systems/1/Memory/B","DeviceLocator":"B1","Status":{"State":"Absent"}}]}"##,
        ),
        "/redfish/v1/Managers" => Some(r##"{"Members":[{"@odata.id":"/redfish/v1/Managers/1"}]}"##),
        "/redfish/v1/Managers/1" => Some(
            r##"{"@odata.id":"/redfish/v1/Managers/1","Model":"BMC","FirmwareVersion":"2.1","DateTime":"2020-01-01T00:00:00Z"}"##,
        ),
        "/redfish/v1/Systems/1/Memory/A" => Some(
            r##"{"@odata.id":"/redfish/v1/Systems/1/Memory/A","DeviceLocator":"A1","CapacityMiB":65536}"##,
        ),
        "/redfish/v1/Systems/1/Memory/B" => Some(
            r##"{"@odata.id":"/redfish/v1/Systems/1/Memory/B","DeviceLocator":"B1","Status":{"State":"Absent"}}"##,
        ),
        _ => None,
    };
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut head = BufReader::new(stream.try_clone().expect("a copy")).lines();
            let first = head.next().and_then(Result::ok).unwrap_or_default();
            while head.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
            let path = first.split(' ').nth(1).unwrap_or_default();
            let (status, body) = match answer(path) {
                Some(body) => ("200 OK", body),
                None => ("404 Not Found", "{}"),
            };
            let length = body.len();
            drop(write!(
                stream,
                "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
            ));
        }
    });
    address
}

#[test]
fn a_controller_is_asked_and_held_against_what_was_bought() {
    let scratch = Scratch::staffed();
    scratch.write(
        "platform/one.yaml",
        "apiVersion: council/v1
kind: HardwareModel
metadata: {name: example-s1}
spec: {memory_gib: 128}
---
apiVersion: council/v1
kind: Site
metadata: {name: eu-2}
spec: {role: primary}
---
apiVersion: council/v1
kind: Role
metadata: {name: compute}
spec: {purpose: Run workloads.}
---
apiVersion: council/v1
kind: Machine
metadata: {name: eu-2-one}
spec: {site: eu-2, role: compute, model: example-s1, serial: SN-1}
",
    );
    let address = controller();
    let shown = scratch.council(&format!("fleet bmc eu-2-one --address {address}")).shown();
    let years = regex::Regex::new(r"clock is .* behind").expect("a pattern");
    let shown = years.replace(&shown, "clock is [years] behind").replace(&address, "[address]");
    expect![[r#"
        --- stdout
        eu-2-one  [address]
          system: Example S1 SN-2
          power: On
          parts: 64 GiB
          controller: BMC 2.1
          not as bought: serial number: bought SN-1, found SN-2
          not as bought: memory: bought 128 GiB, found 64 GiB
          problem: the machine is not well
          problem: the controller's clock is [years] behind
        --- exit 1
    "#]]
    .assert_eq(&shown);
    expect![[r#"
        --- stderr
        error: nobody says where the controller of `eu-2-one` is
          hint: declare it as the machine's `bmc`, or name it with `--address`
        --- exit 1
    "#]]
    .assert_eq(&scratch.council("fleet bmc eu-2-one").shown());
    expect![[r#"
        --- stderr
        error: the playbook declares no machine `nobody`
          hint: list all with `council fleet list`
        --- exit 1
    "#]]
    .assert_eq(&scratch.council("fleet bmc nobody").shown());
}
