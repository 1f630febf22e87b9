//! A machine that really starts and stops: QEMU below libvirt, with the real sushy-tools as its controller.
//!
//! Everything runs in a folder of its own and as nobody, so that the machine's own libvirt is not touched.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use redfish::{Insert, Link, PowerState, RedfishError, ResetType, Verdict};
use serde_json::json;

use super::{PATIENCE, START, Sushy};
use crate::bmc::Bmc;

const ID: &str = "33333333-3333-4333-8333-333333333333";
const MAC: &str = "52:54:00:bb:00:01";

/// What it takes, besides sushy-tools with libvirt's bindings.
const PROGRAMS: [&str; 4] = ["libvirtd", "virsh", "qemu-system-x86_64", "setpriv"];

/// Said where something of it is not at hand.
const LEFT_OUT: &str =
    "LEFT OUT: a real machine: it takes root, libvirt's Python bindings beside sushy-tools, and";

struct Machine {
    libvirt: Child,
    address: String,
    sushy: Sushy,
    _data: tempfile::TempDir,
}

impl Drop for Machine {
    fn drop(&mut self) {
        drop(virsh(&self.address, &["destroy", "bm-1"]));
        drop(self.libvirt.kill().and_then(|()| self.libvirt.wait()));
    }
}

fn runs(program: &str, argument: &str) -> bool {
    let mut command = Command::new(program);
    command.arg(argument).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// What `virsh` says; nothing when it fails.
fn virsh(address: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new("virsh").args(["-q", "-c", address]).args(arguments).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    output.status.success().then_some(text)
}

fn domain(here: &Path) -> String {
    let here = here.display();
    format!(
        "<domain type='qemu'><name>bm-1</name><uuid>{ID}</uuid>\
         <memory unit='MiB'>64</memory><vcpu>2</vcpu>\
         <os><type arch='x86_64' machine='pc'>hvm</type><boot dev='hd'/></os>\
         <features><acpi/></features><devices>\
         <disk type='file' device='disk'><driver name='qemu' type='raw'/>\
         <source file='{here}/disk.raw'/><target dev='vda' bus='virtio'/></disk>\
         <interface type='user'><mac address='{MAC}'/><model type='virtio'/></interface>\
         </devices></domain>"
    )
}

/// Starts libvirt as nobody, with a machine that is off.
async fn libvirt(here: &Path) -> (Child, String) {
    let shown = here.display();
    for folder in ["run", "home", "pool", "config", "config/libvirt"] {
        std::fs::create_dir(here.join(folder)).expect("a folder");
    }
    let write = |name: &str, text: &str| std::fs::write(here.join(name), text).expect("a file");
    write(
        "config/libvirt/qemu.conf",
        "security_driver = \"none\"\nremember_owner = 0\nstdio_handler = \"file\"\n",
    );
    write("libvirtd.conf", &format!("auth_unix_rw = \"none\"\nunix_sock_dir = \"{shown}/run\"\n"));
    write("domain.xml", &domain(here));
    let disk = std::fs::File::create(here.join("disk.raw")).expect("a file");
    disk.set_len(1 << 20).expect("a mebibyte");
    let owned = Command::new("chown").args(["-R", "nobody"]).arg(here).status();
    assert!(owned.expect("it starts").success(), "only root gives files away");
    let process = Command::new("setpriv")
        .args(["--reuid", "nobody", "--clear-groups", "libvirtd", "-f"])
        .arg(here.join("libvirtd.conf"))
        .arg("-p")
        .arg(here.join("run/pid"))
        .env("HOME", here.join("home"))
        .env("XDG_RUNTIME_DIR", here.join("run"))
        .env("XDG_CONFIG_HOME", here.join("config"))
        .env("XDG_CACHE_HOME", here.join("home"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    let address = format!("qemu+unix:///session?socket={shown}/run/libvirt-sock");
    let mut pace = tokio::time::interval(Duration::from_millis(100));
    let deadline = tokio::time::Instant::now() + START;
    let xml = format!("{shown}/domain.xml");
    while virsh(&address, &["define", &xml]).is_none() {
        pace.tick().await;
        assert!(tokio::time::Instant::now() < deadline, "libvirt never took the machine");
    }
    let pool = format!("{shown}/pool");
    for arguments in
        [&["pool-define-as", "default", "dir", "--target", &pool][..], &["pool-start", "default"]]
    {
        virsh(&address, arguments).expect("a pool for images");
    }
    (process, address)
}

impl Machine {
    async fn start() -> Option<Self> {
        let python = super::program()?.with_file_name("python");
        let bindings =
            Command::new(&python).args(["-c", "import libvirt"]).stderr(Stdio::null()).status();
        let missing: Vec<&str> =
            PROGRAMS.into_iter().filter(|program| !runs(program, "--version")).collect();
        let user = Command::new("id").arg("-u").output().expect("it starts").stdout;
        if !missing.is_empty() || !bindings.is_ok_and(|status| status.success()) || user != b"0\n" {
            return None;
        }
        let data = tempfile::tempdir().expect("a temporary folder");
        let (libvirt, address) = libvirt(data.path()).await;
        let drive = "{'Id': 'D1', 'Name': 'Bay 1', 'CapacityBytes': 1048576, 'Protocol': 'SAS'}";
        let storage =
            "{'Id': '1', 'Name': 'Controller', 'StorageControllers': [], 'Drives': ['D1']}";
        let config = format!(
            "SUSHY_EMULATOR_LIBVIRT_URI = '{address}'\n\
             SUSHY_EMULATOR_STORAGE = {{'{ID}': [{storage}]}}\n\
             SUSHY_EMULATOR_DRIVES = {{('{ID}', '1'): [{drive}]}}\n"
        );
        let sushy = Sushy::start_with(&config, &[]).await?;
        Some(Self { libvirt, address, sushy, _data: data })
    }

    /// What libvirt says, which does not ask the controller.
    fn state(&self) -> String {
        virsh(&self.address, &["domstate", "bm-1"]).expect("a state")
    }
}

#[tokio::test]
async fn a_machine_of_qemu_is_read_turned_on_and_off() {
    let Some(machine) = Machine::start().await else { return println!("{LEFT_OUT}: {PROGRAMS:?}") };
    let client = machine.sushy.operator();
    let place = client.systems().await.expect("systems").remove(0);
    let found = client.inventory(&place).await.expect("an inventory");
    assert_eq!(found.system.uuid.as_deref(), Some(ID));
    assert_eq!(found.cpus.as_deref().map(<[_]>::len), Some(2));
    assert_eq!(found.nics.expect("interfaces")[0].mac.as_deref(), Some(MAC));
    assert_eq!(found.drives.expect("drives")[0].capacity_bytes, Some(1 << 20));

    let pace = Duration::from_millis(100);
    assert_eq!((found.system.power, machine.state().as_str()), (Some(PowerState::Off), "shut off"));
    let verdict = client.power_and_verify_at(&place, ResetType::On, PATIENCE, pace).await;
    assert_eq!((verdict.expect("on"), machine.state().as_str()), (Verdict::Seen, "running"));

    // Nothing runs on it that could shut down: the controller accepts all the same.
    let patience = Duration::from_secs(1);
    let gently = ResetType::GracefulShutdown;
    let error = client.power_and_verify_at(&place, gently, patience, pace).await;
    let error = error.expect_err("there is nobody to ask");
    assert!(matches!(error, RedfishError::NotDone { .. }), "{error:?}");
    assert_eq!(machine.state(), "running");

    let verdict = client.power_and_verify_at(&place, ResetType::ForceOff, PATIENCE, pace).await;
    assert_eq!((verdict.expect("off"), machine.state().as_str()), (Verdict::Seen, "shut off"));
    images(&machine, &place).await;
}

/// An image goes in and out of its drive.
async fn images(machine: &Machine, place: &Link) {
    let web = Bmc::start().await;
    {
        let mut world = web.world();
        world.is_open = true;
        world.pages.insert("/rescue.iso".to_owned(), json!("a rescue image"));
    }
    let client = machine.sushy.operator();
    let image = format!("{}/rescue.iso", web.address);
    let wish = Insert { image: image.clone(), user: None, password: None, protocol: None };
    let media = client.virtual_media(place).await.expect("media");
    let drive = media.iter().find(|one| one.id.as_deref() == Some("Cd")).expect("a drive");
    assert_eq!(drive.inserted, Some(false));
    drop(client.insert_media(&drive.link, &wish).await.expect("it is inserted"));
    let media = client.virtual_media(place).await.expect("media");
    assert!(media.iter().any(|one| one.image.as_ref() == Some(&image)), "{media:?}");
    let inside = virsh(&machine.address, &["dumpxml", "bm-1"]).expect("a description");
    assert!(inside.contains("device='cdrom'"), "{inside}");
    drop(client.eject_media(&drive.link).await.expect("it is ejected"));
    let media = client.virtual_media(place).await.expect("media");
    assert!(media.iter().all(|one| one.inserted == Some(false)), "{media:?}");
}
