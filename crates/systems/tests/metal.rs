//! Ironic and MAAS: one suite of cases against the simulated estate and, where it is installed, the real Ironic.
#![expect(clippy::panic, reason = "helpers of tests may end a test")]

#[path = "metal/machines.rs"]
mod machines;

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use estate::{Begins, Hardware, Software, Unit, World};
use jiff::Timestamp;
use serde_json::json;
use systems::ironic::{Access, Ironic, Node};
use systems::maas::Maas;
use systems::metal::MetalError;

/// How often a state is asked for before a test gives up: at ten a second, two minutes. Cleaning of the real one takes seconds.
const MOST_LOOKS: usize = 1200;

/// How fast the estate's time runs here: an installation takes milliseconds.
const FAST: i64 = 60_000;

fn client() -> reqwest::Client {
    // Whoever comes first installs it; the others find it there.
    drop(rustls::crypto::ring::default_provider().install_default());
    reqwest::Client::new()
}

fn unit(name: &str, provisioner: &str, software: Software) -> Unit {
    Unit {
        name: name.to_owned(),
        provisioner: provisioner.to_owned(),
        software,
        serial: Some(format!("S-{name}")),
        macs: vec!["52:54:00:00:00:01".to_owned()],
        image: Some("golden".to_owned()),
        begins: Begins::Installed,
        hardware: Hardware::default(),
    }
}

/// Looks at a node until it is in a state; a failure says which states it went through.
async fn until(ironic: &Ironic, id: &str, state: &str) -> Node {
    let mut pace = tokio::time::interval(Duration::from_millis(100));
    let mut seen = Vec::new();
    for _ in 0..MOST_LOOKS {
        pace.tick().await;
        let node = ironic.node(id).await.expect("it is there");
        let now = node.provision_state.clone().unwrap_or_default();
        if now == state {
            return node;
        }
        if seen.last() != Some(&now) {
            seen.push(now);
        }
    }
    panic!("`{id}` did not become `{state}`; it was {seen:?}");
}

/// Asks for a step until it is no longer refused because the node is locked by the step before.
async fn step(ironic: &Ironic, id: &str, target: &str) {
    let mut pace = tokio::time::interval(Duration::from_millis(100));
    for _ in 0..MOST_LOOKS {
        pace.tick().await;
        match ironic.provision(id, target).await {
            Ok(()) => return,
            Err(error) if error.is_retryable() => {}
            Err(error) => panic!("{target}: {error}"),
        }
    }
    panic!("`{id}` stays locked");
}

/// What every Ironic must do: the real one and ours.
async fn conforms(ironic: &Ironic) {
    let more = json!({ "deploy_interface": "fake", "boot_interface": "fake" });
    let made = ironic.enrol("conform-1", "fake-hardware", more.clone()).await.expect("it is new");
    assert_eq!(made.provision_state.as_deref(), Some("enroll"));
    let twice = ironic.enrol("conform-1", "fake-hardware", more).await.expect_err("it is there");
    assert!(twice.to_string().contains("409"), "{twice}");
    let id = made.uuid.clone();
    // A step that the state does not allow is refused, and is no reason to try again.
    let refused = ironic.provision(&id, "active").await.expect_err("it is not free");
    assert!(!refused.is_retryable(), "{refused}");
    step(ironic, &id, "manage").await;
    until(ironic, &id, "manageable").await;
    step(ironic, &id, "provide").await;
    until(ironic, &id, "available").await;
    let listed = ironic.nodes().await.expect("it answers");
    assert!(listed.iter().any(|node| node.name.as_deref() == Some("conform-1")));
    ironic.maintain(&id, Some("a fan")).await.expect("it takes it");
    let kept = ironic.node("conform-1").await.expect("it is found by name");
    assert_eq!((kept.maintenance, kept.maintenance_reason.as_deref()), (true, Some("a fan")));
    ironic.maintain(&id, None).await.expect("it takes it");
    let free = ironic.node(&id).await.expect("it is there");
    assert!(!free.maintenance);
    assert!(free.provision_updated_at.is_some());
    step(ironic, &id, "active").await;
    until(ironic, &id, "active").await;
    // What power it has before anybody asked for some is the driver's business; afterwards it is what was asked for.
    ironic.power(&id, "power on").await.expect("it obeys");
    let mut pace = tokio::time::interval(Duration::from_millis(100));
    let mut power = None;
    for _ in 0..MOST_LOOKS {
        pace.tick().await;
        power = ironic.node(&id).await.expect("it is there").power_state;
        if power.is_some() {
            break;
        }
    }
    assert_eq!(power.as_deref(), Some("power on"));
    step(ironic, &id, "deleted").await;
    until(ironic, &id, "available").await;
    let missing = ironic.node("nobody").await.expect_err("it is not there");
    assert!(matches!(&missing, MetalError::Refused { status, .. } if status.as_u16() == 404));
}

#[tokio::test]
async fn the_simulated_ironic_does_what_an_ironic_must() {
    let now = Timestamp::now();
    let world = World::new(vec![unit("a", "gpu", Software::Ironic)], 1, FAST, now);
    let estate = estate::start(world).await.expect("a free port");
    let ironic = Ironic::new(&format!("http://{}/gpu", estate.address), Access::Open, client());
    conforms(&ironic).await;
    let nodes = ironic.nodes().await.expect("it answers");
    let first = nodes.iter().find(|node| node.name.as_deref() == Some("a")).expect("it is there");
    assert_eq!(first.macs, ["52:54:00:00:00:01"]);
}

#[tokio::test]
async fn all_pages_are_read() {
    let name = |number| format!("m{number:04}");
    let numbered = |number: u32| Unit {
        macs: vec![format!("52:54:00:00:{:02x}:{:02x}", number / 256, number % 256)],
        ..unit(&name(number), "gpu", Software::Ironic)
    };
    let units = (0..1203).map(numbered).collect();
    let estate = estate::start(World::new(units, 1, FAST, Timestamp::now())).await.expect("a port");
    let address = format!("http://{}/gpu", estate.address);
    let nodes = Ironic::new(&address, Access::Open, client()).nodes().await.expect("it answers");
    assert_eq!(nodes.len(), 1203);
    assert!(nodes.iter().all(|node| node.macs.len() == 1));
}

#[tokio::test]
async fn the_simulated_maas_lists_its_machines_and_no_others() {
    let units = vec![unit("a", "m", Software::Maas), unit("b", "other", Software::Maas)];
    let estate = estate::start(World::new(units, 1, FAST, Timestamp::now())).await.expect("a port");
    let address = format!("http://{}/m/MAAS", estate.address);
    let maas = Maas::new(&address, "c:t:s".into(), client());
    let machines = maas.machines().await.expect("it answers");
    assert_eq!(machines.len(), 1);
    assert_eq!(machines[0].hostname, "a");
    assert_eq!(machines[0].hardware_info.system_serial.as_deref(), Some("S-a"));
    let wrong = Maas::new(&address, "nokey".into(), client()).machines().await;
    assert!(wrong.expect_err("no key").to_string().contains("consumer:token:secret"));
}

#[tokio::test]
async fn what_is_no_ironic_and_what_does_not_answer_are_told_apart() {
    let estate =
        estate::start(World::new(Vec::new(), 1, FAST, Timestamp::now())).await.expect("a port");
    let address = format!("http://{}", estate.address);
    // Right host, wrong path: somebody answers, and it is no Ironic.
    let wrong = Ironic::new(&format!("{address}/x/MAAS"), Access::Open, client()).nodes().await;
    assert!(matches!(wrong, Err(MetalError::Refused { .. })), "{wrong:?}");
    drop(estate);
    let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let nobody = format!("http://{}", free.local_addr().expect("an address"));
    drop(free);
    let silent = Ironic::new(&nobody, Access::Open, client()).nodes().await.expect_err("silence");
    assert!(silent.is_retryable());
    assert!(!silent.to_string().contains(&nobody), "{silent}");
}

/// The real Ironic, API and conductor in one process; it ends with the value.
struct Real {
    process: Child,
    address: String,
    _data: tempfile::TempDir,
}

impl Drop for Real {
    fn drop(&mut self) {
        // A panic in a drop would hide what the test itself found.
        drop(self.process.kill().and_then(|()| self.process.wait()));
    }
}

/// A program of the Python environment that the test command makes.
fn python(program: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2)?;
    let path = root.join("target/tools/python/bin").join(program);
    path.is_file().then_some(path)
}

fn real() -> Option<Real> {
    let (server, schema) = (python("ironic")?, python("ironic-dbsync")?);
    let data = tempfile::tempdir().expect("a temporary folder");
    let here = data.path().display();
    let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = free.local_addr().expect("an address").port();
    drop(free);
    // Every interface is the fake one: what is tried here is the API and its state machine.
    let kinds = [
        "boot",
        "deploy",
        "management",
        "power",
        "bios",
        "console",
        "firmware",
        "inspect",
        "raid",
        "rescue",
        "storage",
        "vendor",
    ];
    let real = |kind: &str| if kind == "storage" { "fake,noop" } else { "fake" };
    let fakes: String =
        kinds.iter().map(|kind| format!("enabled_{kind}_interfaces = {}\n", real(kind))).collect();
    let config = format!(
        "[DEFAULT]\nauth_strategy = noauth\nhost = localhost\nmy_ip = 127.0.0.1\nstate_path = {here}\n\
         rpc_transport = none\nenabled_hardware_types = fake-hardware\n\
         enabled_network_interfaces = noop\ndefault_network_interface = noop\n{fakes}\
         [database]\nconnection = sqlite:///{here}/ironic.db\n\
         [api]\nhost_ip = 127.0.0.1\nport = {port}\napi_workers = 1\n\
         [conductor]\napi_url = http://127.0.0.1:{port}\nautomated_clean = false\n\
         [dhcp]\ndhcp_provider = none\n[oslo_concurrency]\nlock_path = {here}/lock\n\
         [oslo_messaging_notifications]\ndriver = noop\n"
    );
    let file = data.path().join("ironic.conf");
    std::fs::write(&file, config).expect("the folder is writable");
    let quiet = |program: &Path| {
        let mut command = Command::new(program);
        command.arg("--config-file").arg(&file).stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    let made = quiet(&schema).arg("create_schema").status().expect("it starts");
    assert!(made.success(), "ironic-dbsync: {made}");
    let process = quiet(&server).spawn().expect("it starts");
    Some(Real { process, address: format!("http://127.0.0.1:{port}"), _data: data })
}

#[tokio::test]
async fn the_real_ironic_does_what_an_ironic_must() {
    let Some(real) = real() else {
        println!("SKIPPED: no Ironic in target/tools/python; `cargo xtask test` installs it");
        return;
    };
    let ironic = Ironic::new(&real.address, Access::Open, client());
    let mut pace = tokio::time::interval(Duration::from_millis(100));
    let mut last = None;
    for _ in 0..MOST_LOOKS {
        pace.tick().await;
        match ironic.nodes().await {
            Ok(nodes) => {
                assert!(nodes.is_empty());
                conforms(&ironic).await;
                return machines::lives(&ironic, machines::FAKE).await;
            }
            Err(error) => last = Some(error),
        }
    }
    panic!("the real Ironic never answered: {last:?}");
}
