//! The machines of the estate, as the playbook declares them.

/// A machine to simulate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Its host name.
    pub name: String,
    /// The provisioner that manages it.
    pub provisioner: String,
    /// What that provisioner is.
    pub software: Software,
    /// Its serial number.
    pub serial: Option<String>,
    /// Its MAC addresses.
    pub macs: Vec<String>,
    /// The image that it was installed from.
    pub image: Option<String>,
    /// How far it is at the beginning.
    pub begins: Begins,
    /// What it consists of.
    pub hardware: Hardware,
}

/// How far a machine is when the estate begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Begins {
    /// In its rack, and its provisioner does not know it: enrolled, it is what is declared.
    Racked,
    /// Inspected and free.
    Free,
    /// Installed.
    Installed,
}

/// What a machine consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hardware {
    /// Logical processors.
    pub cores: u64,
    /// Memory, in MiB.
    pub memory_mib: u64,
    /// The sizes of its disks, in gigabytes.
    pub disks: Vec<u64>,
}

impl Default for Hardware {
    /// A small server of these years.
    fn default() -> Self {
        Self { cores: 32, memory_mib: 128 * 1024, disks: vec![480, 480] }
    }
}

/// Whose words a provisioner speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Software {
    /// OpenStack Ironic.
    Ironic,
    /// Canonical MAAS.
    Maas,
}
