//! `council inventory --list` from the playbook, beside ansible-inventory reading the same hosts from YAML.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::bail;

use crate::bench::{Effort, Figure};
use crate::{process, say};

/// Hosts of the published figure.
const HOSTS: usize = 100_000;
/// Hosts of a quick look.
const FEW_HOSTS: usize = 5_000;
/// Machines in one file, as a rack's worth.
const PER_FILE: usize = 40;
/// How many times our own time the peer may take before it is ended.
const PATIENCE: f64 = 150.0;
/// Runs of ours; the fastest counts, as the others measure what else the machine did. The peer runs once.
const RUNS: usize = 3;

const BEGINNING: &str = "\
apiVersion: council/v1
kind: Organization
metadata: { name: bench, title: Bench }
spec: { purpose: To be large, north_star: To be read fast, currency: EUR, time_zone: Europe/Berlin }
---
apiVersion: council/v1
kind: Environment
metadata: { name: production }
spec: { tier: production }
---
apiVersion: council/v1
kind: Team
metadata: { name: platform }
spec: { profile: platform }
";

/// One host, in both forms.
struct Host {
    name: String,
    site: String,
    rack: String,
    unit: usize,
    role: String,
    address: String,
}

/// Writes both forms, and measures both programs on them.
pub(crate) fn run(root: &Path, council: &Path, effort: Effort) -> anyhow::Result<Vec<Figure>> {
    let count = if effort == Effort::Full { HOSTS } else { FEW_HOSTS };
    let directory = root.join("target/bench-inventory");
    if directory.exists() {
        std::fs::remove_dir_all(&directory)?;
    }
    let hosts: Vec<Host> = (0..count).map(host).collect();
    write_playbook(&directory.join("playbook"), &hosts)?;
    let yaml = directory.join("hosts.yaml");
    std::fs::write(&yaml, as_yaml(&hosts))?;
    let mut best = f64::INFINITY;
    for _ in 0..RUNS {
        let playbook = directory.join("playbook");
        let arguments = ["inventory", "--list", "--playbook", &playbook.to_string_lossy()];
        best = best.min(seconds(council, &arguments)?);
    }
    let limit = Duration::from_secs_f64(best * PATIENCE);
    let read = peer(root, &yaml, limit);
    let peer = match read {
        Some(Read::Done(_)) | None => "ansible-inventory, the same hosts from YAML".to_owned(),
        Some(Read::Ended(after)) => format!(
            "ansible-inventory, the same hosts from YAML: ended by us after {:.0} s, not done",
            after.as_secs_f64()
        ),
    };
    Ok(vec![Figure {
        name: format!("`council inventory --list`, the whole command, {count} hosts"),
        value: best,
        unit: "s".to_owned(),
        peer: Some(peer),
        peer_value: read.map(|read| match read {
            Read::Done(time) | Read::Ended(time) => time.as_secs_f64(),
        }),
    }])
}

/// How a peer's run went.
#[derive(Clone, Copy)]
enum Read {
    /// It took so long.
    Done(Duration),
    /// It was not done after so long.
    Ended(Duration),
}

/// Ansible's time; `None` where it cannot be had.
fn peer(root: &Path, yaml: &Path, limit: Duration) -> Option<Read> {
    let python = root.join("target/tools/python");
    let program = python.join("bin/ansible-inventory");
    if !program.is_file() {
        process::run(root, &["python3", "-m", "venv", &python.to_string_lossy()]).ok()?;
        let pip = python.join("bin/pip");
        process::run(root, &[&pip.to_string_lossy(), "install", "--quiet", "ansible-core"]).ok()?;
    }
    say(&format!("ansible-inventory reads the same hosts; it has {:.0} s", limit.as_secs_f64()));
    let start = Instant::now();
    let mut child = Command::new(&program)
        .args(["-i", &yaml.to_string_lossy(), "--list"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .ok()?;
    while start.elapsed() < limit {
        if let Some(status) = child.try_wait().ok()? {
            return status.success().then(|| Read::Done(start.elapsed()));
        }
        std::thread::park_timeout(Duration::from_millis(50));
    }
    child.kill().and_then(|()| child.wait()).ok()?;
    Some(Read::Ended(start.elapsed()))
}

fn seconds(program: &Path, arguments: &[&str]) -> anyhow::Result<f64> {
    let start = Instant::now();
    let status = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()?;
    let elapsed = start.elapsed().as_secs_f64();
    if !status.success() {
        bail!("`{}` failed: {status}", program.display());
    }
    Ok(elapsed)
}

fn host(number: usize) -> Host {
    let rack = number / PER_FILE;
    Host {
        name: format!("host-{number:06}"),
        site: format!("site-{}", rack % 10),
        rack: format!("r{rack:04}"),
        unit: number % PER_FILE + 1,
        role: format!("role-{}", number % 7),
        address: format!("10.{}.{}.{}", number / 62_500, number / 250 % 250, number % 250 + 1),
    }
}

fn write_playbook(directory: &Path, hosts: &[Host]) -> anyhow::Result<()> {
    std::fs::create_dir_all(directory)?;
    let mut beginning = BEGINNING.to_owned();
    for number in 0..10 {
        write!(
            beginning,
            "---\napiVersion: council/v1\nkind: Site\nmetadata: {{ name: site-{number} }}\nspec: {{ role: primary }}\n"
        )?;
    }
    for number in 0..7 {
        write!(
            beginning,
            "---\napiVersion: council/v1\nkind: Role\nmetadata: {{ name: role-{number} }}\nspec: {{ purpose: Work. }}\n"
        )?;
    }
    std::fs::write(directory.join("council.yaml"), beginning)?;
    for (number, rack) in hosts.chunks(PER_FILE).enumerate() {
        let mut text = String::new();
        for Host { name, site, rack, unit, role, address } in rack {
            write!(
                text,
                "---\napiVersion: council/v1\nkind: Machine\nmetadata:\n  name: {name}\nspec:\n  site: {site}\n  rack: {rack}\n  unit: {unit}\n  role: {role}\n  environment: production\n  owner: team/platform\n  address: {address}\n  tags: [nvme]\n"
            )?;
        }
        let folder = directory.join(format!("part-{:03}", number / 100));
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join(format!("rack-{number:05}.yaml")), text)?;
    }
    Ok(())
}

/// The same hosts, groups and variables, as Ansible's own YAML form.
fn as_yaml(hosts: &[Host]) -> String {
    let mut text = "all:\n  hosts:\n".to_owned();
    let mut groups: std::collections::BTreeMap<String, Vec<&str>> =
        std::collections::BTreeMap::new();
    for Host { name, site, rack, unit, role, address } in hosts {
        text.push_str(&format!(
            "    {name}: {{ansible_host: {address}, council_environment: production, council_owner: team/platform, council_rack: {rack}, council_role: {role}, council_site: {site}, council_tags: [nvme], council_team: platform, council_unit: {unit}}}\n"
        ));
        let (site, role) = (site.replace('-', "_"), role.replace('-', "_"));
        for group in [
            format!("role_{role}"),
            format!("rack_{site}_{rack}"),
            format!("site_{site}"),
            "environment_production".to_owned(),
            "tag_nvme".to_owned(),
            "team_platform".to_owned(),
        ] {
            groups.entry(group).or_default().push(name);
        }
    }
    text.push_str("  children:\n");
    for (group, members) in groups {
        text.push_str(&format!("    {group}:\n      hosts:\n"));
        for member in members {
            text.push_str(&format!("        {member}:\n"));
        }
    }
    text
}
