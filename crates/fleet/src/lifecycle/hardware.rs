//! What inspection found, held against the bill of materials.
//!
//! What a provisioner does not say is not compared: a fact that is missing is no missing part.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::kinds::HardwareModel;

/// Disks are labelled in round numbers and report a few per cent less or more; a twentieth tells 960 GB from 1000 GB no
/// longer, and nobody buys both for one machine.
const DISK_TOLERANCE: u64 = 20;

/// Some inspectors count what a kernel has left of the memory, which is some 1.7 per cent less. One module of 32, as many as
/// two sockets usually take, is 3.1 per cent: a fiftieth lies between the two.
const MEMORY_TOLERANCE: u64 = 50;

/// What a machine consists of, as far as somebody looked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Hardware {
    /// Logical processors.
    pub cores: Option<u64>,
    /// Memory, in MiB.
    pub memory_mib: Option<u64>,
    /// The sizes of its disks, in gigabytes.
    pub disks: Option<Vec<u64>>,
    /// The MAC addresses of its network interfaces.
    pub macs: Option<Vec<String>>,
    /// The names of its GPUs.
    pub gpus: Option<Vec<String>>,
    /// The serial number that the board reports.
    pub serial: Option<String>,
}

impl Hardware {
    /// Whether an inspection has found anything.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.cores.is_some() || self.memory_mib.is_some() || self.disks.is_some()
    }
}

/// A part that is not as bought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Difference {
    /// The part, such as "memory".
    pub part: String,
    /// What was bought.
    pub bought: String,
    /// What is there.
    pub found: String,
}

/// Holds what was found against what was bought.
#[must_use]
pub fn differences(bought: &HardwareModel, found: &Hardware) -> Vec<Difference> {
    let mut list = Vec::new();
    let mut differ = |part: &str, bought: String, found: String| {
        list.push(Difference { part: part.to_owned(), bought, found });
    };
    if let (Some(bought), Some(found)) = (bought.cores, found.cores)
        && bought != found
    {
        differ("processors", bought.to_string(), found.to_string());
    }
    if let (Some(bought), Some(found)) = (bought.memory_gib, found.memory_mib)
        && is_missing_memory(bought.saturating_mul(1024), found)
    {
        differ("memory", format!("{bought} GiB"), format!("{} GiB", found / 1024));
    }
    if let Some(disks) = &found.disks
        && !bought.disks.is_empty()
    {
        for (gigabytes, wanted, there) in disk_counts(bought, disks) {
            if wanted != there {
                let part = format!("disks of {gigabytes} GB");
                differ(&part, wanted.to_string(), there.to_string());
            }
        }
    }
    if let (Some(bought), Some(found)) = (bought.network_cards, &found.macs)
        && bought > count(found)
    {
        differ("network interfaces", bought.to_string(), found.len().to_string());
    }
    if let (Some(bought), Some(found)) = (&bought.gpus, &found.gpus) {
        let named = bought.named.as_deref().unwrap_or_default();
        let right: Vec<&String> = found.iter().filter(|gpu| gpu.contains(named)).collect();
        if bought.count != count(&right) {
            let shown = if named.is_empty() { String::new() } else { format!(" {named}") };
            differ("GPUs", format!("{}{shown}", bought.count), format!("{}{shown}", right.len()));
        }
    }
    list
}

fn is_missing_memory(bought: u64, found: u64) -> bool {
    let least = bought - bought / MEMORY_TOLERANCE;
    found < least || found > bought + bought / MEMORY_TOLERANCE
}

/// Sizes, how many were bought and how many are there; a size that nobody bought stands at the end.
fn disk_counts(bought: &HardwareModel, found: &[u64]) -> Vec<(u64, u64, u64)> {
    let mut counts: Vec<(u64, u64, u64)> =
        bought.disks.iter().map(|disks| (disks.gigabytes, disks.count, 0)).collect();
    let mut strange: BTreeMap<u64, u64> = BTreeMap::new();
    for size in found {
        let like = |wanted: u64| wanted.abs_diff(*size) <= wanted / DISK_TOLERANCE;
        match counts.iter_mut().find(|(wanted, _, _)| like(*wanted)) {
            Some((_, _, there)) => *there += 1,
            None => *strange.entry(*size).or_default() += 1,
        }
    }
    counts.extend(strange.into_iter().map(|(size, there)| (size, 0, there)));
    counts
}

fn count<T>(list: &[T]) -> u64 {
    u64::try_from(list.len()).unwrap_or(u64::MAX)
}
