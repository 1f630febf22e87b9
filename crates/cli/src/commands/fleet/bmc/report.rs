//! What a controller said, held against what was bought, in a few lines.

use fleet::HardwareModel;
use fleet::lifecycle::{Difference, Hardware, differences};
use fleet::mac::plain;
use jiff::SignedDuration;
use redfish::{Drive, Firmware, Health, Inventory, Logs, Manager, Processor, Readings};
use serde::Serialize;

use crate::answer::Answer;
use crate::page::{Page, Tone};
use crate::table::Table;

/// Bytes of a MiB.
const MIB: u64 = 1 << 20;

/// Bytes of a gigabyte, as on the labels of disks.
const GIGABYTE: u64 = 1_000_000_000;

/// How far the clock of a controller may be off: certificates and logs cannot be trusted beyond.
const SKEW: SignedDuration = SignedDuration::from_mins(2);

/// Everything that was read.
#[derive(Debug, Default)]
pub(super) struct Report {
    pub(super) address: String,
    pub(super) systems: Vec<Inventory>,
    pub(super) readings: Vec<Readings>,
    pub(super) managers: Vec<Manager>,
    pub(super) skews: Vec<SignedDuration>,
    pub(super) logs: Vec<Logs>,
    pub(super) firmware: Option<Firmware>,
}

/// What the playbook says of the machine.
pub(super) struct Bought<'m> {
    pub(super) model: Option<&'m HardwareModel>,
    pub(super) serial: Option<&'m str>,
    pub(super) macs: Vec<&'m str>,
}

/// What is shown.
#[derive(Serialize)]
pub(super) struct Shown {
    machine: String,
    address: String,
    /// What is not as it should be, a sentence each.
    problems: Vec<String>,
    /// Parts that are not as bought.
    differences: Vec<Difference>,
    systems: Vec<Inventory>,
    readings: Vec<Readings>,
    managers: Vec<Manager>,
    logs: Vec<Logs>,
    firmware: Option<Firmware>,
}

impl Shown {
    pub(super) fn of(machine: &str, bought: &Bought<'_>, report: Report) -> Self {
        let (mut problems, mut parts) = (Vec::new(), Vec::new());
        match report.systems.as_slice() {
            [] => problems.push("the controller knows no machine".to_owned()),
            [one] => {
                let found = hardware(one);
                if let (Some(label), Some(serial)) = (bought.serial, &found.serial)
                    && label != serial
                {
                    parts.push(difference("serial number", label, serial));
                }
                for mac in &bought.macs {
                    let there = found
                        .macs
                        .as_ref()
                        .is_none_or(|macs| macs.iter().any(|there| plain(there) == plain(mac)));
                    if !there {
                        parts.push(difference("network interface", mac, "not there"));
                    }
                }
                parts.extend(
                    bought.model.map(|model| differences(model, &found)).unwrap_or_default(),
                );
            }
            several => problems.push(format!(
                "the controller manages {} machines; nothing is held against what was bought",
                several.len()
            )),
        }
        problems.extend(report.systems.iter().flat_map(ailing));
        problems.extend(report.skews.iter().filter(|skew| skew.abs() > SKEW).map(|skew| {
            let (by, way) = (skew.abs(), if skew.is_negative() { "behind" } else { "ahead" });
            format!("the controller's clock is {by:#.0} {way}")
        }));
        Self {
            machine: machine.to_owned(),
            address: report.address,
            problems,
            differences: parts,
            systems: report.systems,
            readings: report.readings,
            managers: report.managers,
            logs: report.logs,
            firmware: report.firmware,
        }
    }

    /// Says whether everything is as it should be.
    pub(super) fn is_right(&self) -> bool {
        self.problems.is_empty() && self.differences.is_empty()
    }
}

fn difference(part: &str, bought: &str, found: &str) -> Difference {
    Difference { part: part.to_owned(), bought: bought.to_owned(), found: found.to_owned() }
}

/// What a system consists of, as machines are compared. What the controller does not say is not compared.
fn hardware(found: &Inventory) -> Hardware {
    let there = |state: &Option<String>| state.as_deref() != Some("Absent");
    let threads = |one: &Processor| one.threads.or(one.cores);
    let cores = found.cpus.as_ref().and_then(|cpus| {
        let present: Vec<_> = cpus.iter().filter(|cpu| there(&cpu.state)).collect();
        // One socket that says nothing makes the sum a guess.
        present.iter().map(|cpu| threads(cpu)).sum::<Option<u64>>().filter(|_| !present.is_empty())
    });
    let dimms = found.dimms.as_ref().and_then(|dimms| {
        let present = dimms.iter().filter(|dimm| there(&dimm.state));
        let sum = present.map(|dimm| dimm.capacity_bytes).sum::<Option<u64>>();
        sum.filter(|sum| *sum > 0)
    });
    let memory = dimms.or_else(|| found.system.memory_bytes());
    let gigabytes = |drive: &Drive| drive.capacity_bytes.map(|bytes| bytes / GIGABYTE);
    let disks = found.drives.as_ref().and_then(|drives| {
        let present = drives.iter().filter(|drive| there(&drive.state));
        present.map(gigabytes).collect::<Option<Vec<u64>>>()
    });
    let macs = found.nics.as_ref().map(|nics| {
        let mac = |nic: &redfish::Nic| nic.permanent_mac.clone().or_else(|| nic.mac.clone());
        nics.iter().filter_map(mac).collect()
    });
    let gpus = found.gpus.as_ref().map(|gpus| {
        let present = gpus.iter().filter(|gpu| there(&gpu.state));
        present.map(|gpu| gpu.model.clone().unwrap_or_default()).collect()
    });
    Hardware {
        cores,
        memory_mib: memory.map(|bytes| bytes / MIB),
        disks,
        macs,
        gpus,
        serial: found.system.serial.clone(),
    }
}

/// Parts that are not well.
fn ailing(found: &Inventory) -> Vec<String> {
    let mut all = Vec::new();
    all.extend(ails("the machine", &[], found.system.health));
    for cpu in found.cpus.iter().flatten().chain(found.gpus.iter().flatten()) {
        all.extend(ails("processor", &[&cpu.socket, &cpu.id], cpu.health));
    }
    for dimm in found.dimms.iter().flatten() {
        all.extend(ails("memory module", &[&dimm.slot, &dimm.id], dimm.health));
    }
    for nic in found.nics.iter().flatten() {
        all.extend(ails("network interface", &[&nic.mac, &nic.id], nic.health));
    }
    for drive in found.drives.iter().flatten() {
        let names = [&drive.name, &drive.id];
        all.extend(ails("drive", &names, drive.health));
        if drive.failure_predicted == Some(true) {
            all.push(format!("{} expects to fail soon", called("drive", &names)));
        }
    }
    all
}

/// What is said of a part that is not well; nothing of one that is, or of which nobody knows.
fn ails(what: &str, names: &[&Option<String>], health: Option<Health>) -> Option<String> {
    let bad = match health? {
        Health::Warning => "is not well",
        Health::Critical => "has failed",
        Health::Ok => return None,
    };
    Some(format!("{} {bad}", called(what, names)))
}

/// A part by the first of its names that is known.
fn called(what: &str, names: &[&Option<String>]) -> String {
    let name = names.iter().copied().flatten().next();
    name.map_or_else(|| what.to_owned(), |name| format!("{what} {name}"))
}

impl Answer for Shown {
    fn write(&self, page: &mut Page) {
        let name = page.tone(Tone::Heading, &self.machine);
        page.line(format!("{name}  {}", page.tone(Tone::Quiet, &self.address)));
        let mut fact = |label: &str, value: String| {
            if !value.is_empty() {
                let label = page.tone(Tone::Quiet, format!("  {label}:"));
                page.line(format!("{label} {value}"));
            }
        };
        for found in &self.systems {
            let system = &found.system;
            let parts = [&system.manufacturer, &system.model, &system.serial];
            fact("system", words(parts));
            fact("power", system.power.map(|power| power.as_str().to_owned()).unwrap_or_default());
            fact("BIOS", system.bios_version.clone().unwrap_or_default());
            fact("parts", consists_of(&hardware(found)));
        }
        for read in &self.readings {
            fact(
                "draws",
                read.consumed_watts.map(|watts| format!("{watts:.0} W")).unwrap_or_default(),
            );
            let hottest =
                read.temperatures.iter().flatten().filter_map(|it| Some((it.celsius?, it)));
            let hottest = hottest.max_by(|one, other| one.0.total_cmp(&other.0));
            let says = hottest.map(|(celsius, it)| {
                format!(
                    "{celsius:.0} °C at {}",
                    it.name.as_deref().unwrap_or("a sensor without a name")
                )
            });
            fact("hottest", says.unwrap_or_default());
        }
        for manager in &self.managers {
            fact("controller", words([&manager.model, &manager.firmware_version, &None]));
        }
        for part in &self.differences {
            let label = page.tone(Tone::Error, "  not as bought:");
            let Difference { part, bought, found } = part;
            page.line(format!("{label} {part}: bought {bought}, found {found}"));
        }
        for problem in &self.problems {
            let label = page.tone(Tone::Error, "  problem:");
            page.line(format!("{label} {problem}"));
        }
        self.unread(page);
        self.more(page);
        if self.is_right() {
            page.line("  everything that it says is as it should be");
        }
    }
}

impl Shown {
    fn unread(&self, page: &mut Page) {
        let parts = self.systems.iter().flat_map(|it| &it.unread);
        let sensors = self.readings.iter().flat_map(|it| &it.unread);
        let firmware = self.firmware.iter().flat_map(|it| &it.unread);
        for unread in
            parts.chain(sensors).chain(firmware).chain(self.logs.iter().flat_map(|it| &it.unread))
        {
            let label = page.tone(Tone::Warning, "  not read:");
            page.line(format!("{label} {}: {}", unread.what, unread.why));
        }
    }

    /// Logs and firmware, where somebody asked for them.
    fn more(&self, page: &mut Page) {
        let software = self.firmware.iter().flat_map(|it| it.software.iter().flatten());
        let mut table = Table::new(&["Firmware", "Version"]);
        let mut rows = 0;
        for one in software {
            table.row([
                one.name.clone().or_else(|| one.id.clone()).unwrap_or_default(),
                one.version.clone().unwrap_or_else(|| "unknown".to_owned()),
            ]);
            rows += 1;
        }
        if rows > 0 {
            page.table(&table);
        }
        for logs in &self.logs {
            for entry in &logs.entries {
                let tone = match entry.severity {
                    Some(Health::Critical) => Tone::Error,
                    Some(Health::Warning) => Tone::Warning,
                    Some(Health::Ok) | None => Tone::Quiet,
                };
                let at =
                    entry.created.map_or_else(|| "at some time".to_owned(), |at| at.to_string());
                let message = entry.message.clone().or_else(|| entry.message_id.clone());
                page.line(format!("{} {}", page.tone(tone, at), message.unwrap_or_default()));
            }
            if logs.has_more {
                page.line(page.tone(Tone::Quiet, "and more, in the controller's own log"));
            }
        }
    }
}

fn words(parts: [&Option<String>; 3]) -> String {
    parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ")
}

fn consists_of(found: &Hardware) -> String {
    let some =
        |count: Option<usize>, noun: &str| count.map(|count| diag::words::count(count, noun));
    let parts = [
        found.cores.map(|cores| {
            diag::words::count(usize::try_from(cores).unwrap_or(usize::MAX), "processor")
        }),
        found.memory_mib.map(|mib| format!("{} GiB", mib / 1024)),
        some(found.disks.as_ref().map(Vec::len), "disk"),
        some(found.macs.as_ref().map(Vec::len), "network interface"),
        some(found.gpus.as_ref().map(Vec::len).filter(|count| *count > 0), "GPU"),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}
