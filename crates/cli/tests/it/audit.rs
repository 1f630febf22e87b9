//! Hardening audits of running hosts: a real `sshd` on loopback, one that nobody vouches for, one that never answers, and what the
//! council remembers of it.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::support::Scratch;
use crate::up::Server;

const SSHD: &str = "/usr/sbin/sshd";

/// A real SSH server with keys of its own; it ends with the test.
struct Host {
    process: Child,
    port: u16,
}

impl Drop for Host {
    fn drop(&mut self) {
        // Already gone is as good as ended.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

fn key(path: &Path) -> String {
    let made = Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-C", "test", "-f"])
        .arg(path)
        .status();
    assert!(made.unwrap().success());
    std::fs::read_to_string(path.with_extension("pub")).unwrap()
}

impl Host {
    /// Starts one, or says what is left out.
    fn start(scratch: &Scratch) -> Option<Self> {
        if !Path::new(SSHD).exists() {
            println!(
                "LEFT OUT: audits of a real host: no `{SSHD}` (Debian package `openssh-server`)"
            );
            return None;
        }
        // The privilege separation of an `sshd` that root starts wants it (sshd(8)).
        if std::fs::create_dir_all("/run/sshd").is_err() {
            println!("LEFT OUT: audits of a real host: `/run/sshd` cannot be made");
            return None;
        }
        let at = |name: &str| scratch.path().join(name);
        let (host, mine) = (key(&at("host")), key(&at("mine")));
        scratch.write("authorized", &mine);
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let config = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {}\nPidFile none\nAuthorizedKeysFile {}\nStrictModes no\nUsePAM no\nPasswordAuthentication no\nPermitRootLogin prohibit-password\nLogLevel INFO\n",
            at("host").display(),
            at("authorized").display(),
        );
        let config = scratch.write("sshd.conf", config);
        let mut process = Command::new(SSHD)
            .args(["-D", "-e", "-f"])
            .arg(config)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let listens =
            lines.find(|line| line.as_ref().is_ok_and(|it| it.contains("Server listening")));
        assert!(listens.is_some(), "it did not start");
        // Whoever stops reading makes the server wait when the pipe is full.
        std::thread::spawn(move || lines.for_each(drop));
        scratch.write("known", format!("n1,n2 {}", host.trim_end()));
        Some(Self { process, port })
    }
}

/// The configuration of `ssh` for three machines: one well known, one that never answers, one whose key nobody knows.
fn config(scratch: &Scratch, host: &Host, silent: u16) -> String {
    let at = |name: &str| scratch.path().join(name).display().to_string();
    let user = Command::new("id").arg("-un").output().unwrap().stdout;
    let user = String::from_utf8(user).unwrap();
    let ports = [("n1", host.port, "known"), ("n2", silent, "known"), ("n3", host.port, "nobody")];
    let hosts = ports.map(|(name, port, known)| {
        format!(
            "Host {name}\n  HostName 127.0.0.1\n  Port {port}\n  HostKeyAlias {name}\n  UserKnownHostsFile {}\n",
            at(known)
        )
    });
    let common = format!(
        "Host *\n  User {}\n  IdentityFile {}\n  IdentitiesOnly yes\n  IdentityAgent none\n  GlobalKnownHostsFile /dev/null\n",
        user.trim(),
        at("mine")
    );
    let path = scratch.write("ssh.conf", format!("{}{common}", hosts.concat()));
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    path.display().to_string()
}

/// What the kernel says of itself.
fn kernel(name: &str) -> String {
    let path = format!("/proc/sys/{}", name.replace('.', "/"));
    std::fs::read_to_string(path).unwrap().trim().to_owned()
}

fn playbook() -> String {
    let held = kernel("kernel.randomize_va_space");
    format!(
        "
apiVersion: council/v1
kind: Site
metadata: {{name: eu-1}}
spec: {{role: primary}}
---
apiVersion: council/v1
kind: Baseline
metadata: {{name: server}}
spec:
  controls:
    - {{id: memory, area: kernel, settings: {{kernel: {{kernel.randomize_va_space: '{held}'}}}}}}
    - {{id: pids, area: kernel, settings: {{kernel: {{kernel.pid_max: '7'}}}}}}
    - {{id: waived, area: kernel, settings: {{kernel: {{kernel.pid_max: '8'}}}}}}
    - {{id: odd, area: kernel, settings: {{kernel: {{kernel.no_such_thing: '1'}}}}}}
    - {{id: tools, area: packages, settings: {{absent: [no-such-package]}}}}
    - {{id: people, area: accounts, requires: Nobody has a local account.}}
---
apiVersion: council/v1
kind: Role
metadata: {{name: compute}}
spec: {{purpose: Run., baseline: server, owner: network-security}}
---
apiVersion: council/v1
kind: Waiver
metadata: {{name: pids, title: Many processes}}
spec: {{baseline: server, control: waived, covers: [role/compute], reason: A vendor., owner: network-security, until: 2099-01-01}}
---
apiVersion: council/v1
kind: Machine
metadata: {{name: n1}}
spec: {{site: eu-1, role: compute}}
---
apiVersion: council/v1
kind: Machine
metadata: {{name: n2}}
spec: {{site: eu-1, role: compute}}
---
apiVersion: council/v1
kind: Machine
metadata: {{name: n3}}
spec: {{site: eu-1, role: compute}}
"
    )
}

#[test]
fn running_hosts_are_asked_judged_and_remembered() {
    let scratch = Scratch::staffed();
    let keys = Scratch::empty();
    let Some(host) = Host::start(&keys) else { return };
    // It takes connections, and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let config = config(&keys, &host, silent.local_addr().unwrap().port());
    scratch.write("machines.yaml", playbook());
    let server = Server::start(&scratch);
    assert_eq!(scratch.run(&["login", &server.sign_in_link(), "--as", "ana"]).code, 0);
    let mut arguments = vec!["fleet", "audit", "--by-name", "--ssh-config", &config];
    arguments.extend(["--limit", "4", "--record"]);
    let shown = scratch.run(&arguments);
    assert_eq!(shown.code, 1, "{shown:?}");
    assert!(shown.out.contains("n1: pids: `kernel.pid_max` of the kernel: "), "{shown:?}");
    assert!(shown.out.contains("n1: waived (waived): "), "{shown:?}");
    assert!(shown.out.contains("n2: timed out after 4 s"), "{shown:?}");
    assert!(shown.out.contains("n3: the host's key is not known"), "{shown:?}");
    assert!(shown.out.contains("recorded: 3 hosts; nothing new on 0"), "{shown:?}");

    let again = scratch.run(&[
        "fleet",
        "audit",
        "n1",
        "--by-name",
        "--ssh-config",
        &config,
        "--record",
        "--format",
        "json",
    ]);
    let n1: &Value = &again.json()[0];
    let outcome = |id: &str| n1["report"]["answered"]["controls"][id]["outcome"].clone();
    assert_eq!(
        ["memory", "pids", "odd", "tools", "people"].map(outcome),
        ["held", "broken", "unknown", "held", "by-hand"].map(|it| json!(it)),
        "{n1:#}"
    );
    assert_eq!((&n1["stands"], &n1["recorded"]), (&json!("broken"), &json!(false)), "{n1:#}");

    let page = server.get("/api/v1/hardening");
    assert!(page.contains("401"), "nobody is told who is not signed in: {page}");
    let entries = scratch.council("ledger show --kind hardening.audited");
    assert_eq!(entries.out.matches("hardening/n").count(), 3, "{entries:?}");
}

#[test]
fn what_is_meant_must_be_there() {
    let scratch = Scratch::staffed();
    scratch.write("machines.yaml", playbook());
    let wrong = scratch.council("fleet audit n11");
    assert_eq!(wrong.code, 2, "{wrong:?}");
    assert!(
        wrong.err.contains("there is no machine `n11`") && wrong.err.contains("n1"),
        "{wrong:?}"
    );
    let nobody = scratch.council("fleet audit --role storage");
    assert!(nobody.err.contains("no machine is meant by that"), "{nobody:?}");
}
