//! A machine that really boots: QEMU, without disk and without any hint but where to begin, finds its script over TFTP, starts
//! Debian's installer over HTTP, and the installer reads the answers that the playbook gives.
//!
//! Everything is emulated, so it takes some minutes on a busy machine; nothing but the end of the test waits for a time.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::{TcpListener, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::Scratch;

/// Where Debian's package `debian-installer-12-netboot-amd64` puts the installer.
const INSTALLER: &str = "/usr/lib/debian-installer/images/12/amd64/text/debian-installer/amd64";

/// More than twice the slowest run that was seen: 507 seconds on two cores that ten others wanted, and 190 when fewer did.
const DEADLINE: Duration = Duration::from_secs(1200);

const MAC: &str = "52:54:00:c0:00:01";

const PLAYBOOK: &str = r#"
apiVersion: council/v1
kind: Site
metadata: { name: eu-1 }
spec: { role: primary }
---
apiVersion: council/v1
kind: Image
metadata: { name: golden }
spec: { distribution: debian, release: "12" }
---
apiVersion: council/v1
kind: BootProfile
metadata: { name: netboot }
spec:
  network_boot: [pxe]
  set_up_by: [preseed]
  files: { kernel: debian-12/linux, initrd: debian-12/initrd.gz }
  arguments: ["console=ttyS0,115200n8", "DEBIAN_FRONTEND=text", "TERM=dumb", "ipv6.disable=1"]
  account: { name: rescue }
---
apiVersion: council/v1
kind: Role
metadata: { name: compute }
spec: { purpose: Run virtual machines., image: golden, boot: netboot }
---
apiVersion: council/v1
kind: Machine
metadata: { name: vm-01 }
spec: { site: eu-1, role: compute, macs: ["52:54:00:c0:00:01"] }
"#;

/// A process that does not outlive its test.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// A line of the machine's console, or of the service.
enum Line {
    Console(String),
    Service(Value),
}

#[test]
fn a_machine_boots_from_the_network_into_its_installer() {
    let Some(qemu) = qemu() else { return };
    let scratch = Scratch::playbook();
    scratch.write("metal.yaml", PLAYBOOK);
    for file in ["linux", "initrd.gz"] {
        let served = scratch.write(&format!("served/debian-12/{file}"), "");
        std::fs::copy(Path::new(INSTALLER).join(file), served).unwrap();
    }
    let (http, tftp) = free_ports();
    // QEMU's own network says where to begin, as a DHCP server would. Not by a URL: Debian's installer takes whatever URL a
    // DHCP server says for that of its answers.
    let begin = format!("#!ipxe\nchain tftp://10.0.2.2:{tftp}/boot.ipxe\n");
    let begin = scratch.write("begin/begin.ipxe", begin);
    let begin = begin.parent().unwrap().display().to_string();
    let (tell, told) = mpsc::channel();
    let mut service = Ended(
        scratch
            .command()
            .args(["--format", "json", "boot", "serve", "--files", "served"])
            .args(["--install", "vm-01"])
            .args(["--listen", &format!("127.0.0.1:{http}")])
            .args(["--tftp", &format!("127.0.0.1:{tftp}")])
            // Where a machine of QEMU's user network finds this one.
            .args(["--base", &format!("http://10.0.2.2:{http}")])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap(),
    );
    let lines = BufReader::new(service.0.stdout.take().unwrap()).lines();
    let listening: Vec<Value> = lines_of_service(lines, &tell);
    assert_eq!(listening[0]["install"], serde_json::json!(["vm-01"]));
    let mut machine = Ended(
        Command::new(qemu)
            .args(["-machine", "pc,graphics=off", "-vga", "none", "-accel", "tcg", "-m", "1024"])
            .args(["-no-reboot", "-display", "none", "-monitor", "none", "-serial", "stdio"])
            .args(["-boot", "n", "-device", &format!("virtio-net-pci,netdev=n0,mac={MAC}")])
            .arg("-netdev")
            .arg(format!("user,id=n0,tftp={begin},bootfile=begin.ipxe"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap(),
    );
    let console = machine.0.stdout.take().unwrap();
    std::thread::spawn(move || read_console(console, &tell));
    watch(&told);
}

/// Waits for every sign, in any order, and fails with what was seen instead.
fn watch(told: &mpsc::Receiver<Line>) {
    let mut console_signs = vec![
        "council: installing golden on vm-01 (compute)",
        "Linux version",
        "council: the answers for vm-01 have arrived",
    ];
    let mut service_signs = vec!["fetched", "told-to-install", "answered", "phoned-home"];
    let began = Instant::now();
    let mut seen = String::new();
    while !(console_signs.is_empty() && service_signs.is_empty()) {
        let left = DEADLINE.saturating_sub(began.elapsed());
        let Ok(line) = told.recv_timeout(left) else {
            panic!("still missing: {console_signs:?} {service_signs:?}; seen:\n{seen}");
        };
        match line {
            Line::Console(line) => {
                console_signs.retain(|sign| !line.contains(sign));
                seen.push_str(&line);
                seen.push('\n');
            }
            Line::Service(event) => {
                println!("{:>4} s  {event}", began.elapsed().as_secs());
                assert!(event["event"] != "stranger", "{event}");
                service_signs.retain(|sign| event["event"] != *sign);
            }
        }
    }
    println!("{:>4} s  the installer has its answers", began.elapsed().as_secs());
}

/// The program, if it and the installer are there.
fn qemu() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut places = std::env::split_paths(&path).map(|below| below.join("qemu-system-x86_64"));
    let found = places.find(|place| place.is_file());
    let is_whole = Path::new(INSTALLER).join("initrd.gz").is_file();
    if found.is_none() || !is_whole {
        println!(
            "LEFT OUT: no machine booted: `qemu-system-x86` or `debian-installer-12-netboot-amd64` is not installed"
        );
    }
    found.filter(|_| is_whole)
}

/// Ports that nobody has at this moment. The machine's links name the port, so that it must be known in advance.
fn free_ports() -> (u16, u16) {
    let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
    let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
    (tcp.local_addr().unwrap().port(), udp.local_addr().unwrap().port())
}

/// Hands on what the service prints; the first line says that it listens.
fn lines_of_service(
    mut lines: std::io::Lines<BufReader<std::process::ChildStdout>>,
    tell: &mpsc::Sender<Line>,
) -> Vec<Value> {
    let read = |line: String| serde_json::from_str::<Value>(&line).unwrap();
    let first = read(lines.next().expect("it says that it listens").unwrap());
    let tell = tell.clone();
    std::thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            if tell.send(Line::Service(read(line))).is_err() {
                return;
            }
        }
    });
    vec![first]
}

/// Hands on what the console shows. It is a terminal: lines end in either sign, and some bytes are no text.
fn read_console(mut console: impl std::io::Read, tell: &mpsc::Sender<Line>) {
    let mut line = Vec::new();
    for byte in BufReader::new(console.by_ref()).bytes().map_while(Result::ok) {
        if byte != b'\n' && byte != b'\r' {
            line.push(byte);
        } else if !line.is_empty() {
            let text = String::from_utf8_lossy(&line).into_owned();
            line.clear();
            if tell.send(Line::Console(text)).is_err() {
                return;
            }
        }
    }
}
