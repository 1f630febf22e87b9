//! What a machine can wait for, and how long that takes at most.

use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a machine waits for.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Waiting {
    /// The provisioner tries its management controller for the first time.
    ManagementController,
    /// Its hardware is being looked at.
    Inspection,
    /// The agent in the installer has to call back.
    Agent,
    /// The image is being written, and the first boot goes on.
    Installation,
    /// Disks are being wiped, firmware is being set.
    Cleaning,
    /// The instance is being taken off.
    Release,
    /// Somebody works on it in a rescue system, or it is being serviced.
    Service,
    /// A hardware test runs.
    Test,
    /// Something went wrong, and it waits for a person.
    Person,
}

impl Waiting {
    /// How long this takes at most before it counts as stuck.
    ///
    /// The provisioners' own time-outs, rounded up to what large servers need: memory training of a machine with 2 TiB
    /// alone takes a quarter of an hour.
    #[must_use]
    pub fn limit(self) -> SignedDuration {
        SignedDuration::from_mins(match self {
            Self::Person => 0,
            Self::ManagementController => 5,
            Self::Inspection | Self::Agent => 30,
            Self::Release => 15,
            Self::Installation => 60,
            Self::Test => 120,
            Self::Cleaning => 180,
            Self::Service => 480,
        })
    }

    /// What it waits for, to complete "waits for …".
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::ManagementController => "its management controller to answer",
            Self::Inspection => "its hardware to be inspected",
            Self::Agent => "the installer's agent to call back",
            Self::Installation => "its image to be written",
            Self::Cleaning => "its disks to be cleaned",
            Self::Release => "its instance to be taken off",
            Self::Service => "the service work on it to end",
            Self::Test => "its hardware test to end",
            Self::Person => "a person",
        }
    }
}
