//! MAAS' node statuses in our words: the labels that its API returns as `status_name`.

use super::{Meaning, Sighting, Stage, Waiting};

pub(super) fn meaning(sighting: &Sighting) -> Meaning {
    match sighting.state.as_str() {
        "New" => Meaning::rests(Stage::Enrolled),
        "Commissioning" => Meaning::waits(Stage::Enrolled, Waiting::Inspection),
        "Failed commissioning" => Meaning::waits(Stage::Enrolled, Waiting::Person),
        "Missing" => Meaning::waits(Stage::Racked, Waiting::Person),
        "Testing" => Meaning::waits(Stage::Inspected, Waiting::Test),
        "Failed testing" | "Broken" => Meaning::waits(Stage::Inspected, Waiting::Person),
        "Ready" | "Reserved" | "Allocated" => Meaning::rests(Stage::Ready),
        "Deploying" => Meaning::waits(Stage::Ready, Waiting::Installation),
        "Failed deployment" => Meaning::waits(Stage::Ready, Waiting::Person),
        "Deployed" => Meaning::rests(Stage::Deployed),
        "Releasing" => Meaning::waits(Stage::Draining, Waiting::Release),
        "Disk erasing" => Meaning::waits(Stage::Draining, Waiting::Cleaning),
        "Releasing failed" | "Failed disk erasing" => {
            Meaning::waits(Stage::Draining, Waiting::Person)
        }
        "Rescue mode" | "Entering rescue mode" | "Exiting rescue mode" => {
            Meaning::waits(Stage::Maintenance, Waiting::Service)
        }
        "Failed to enter rescue mode" | "Failed to exit rescue mode" => {
            Meaning::waits(Stage::Maintenance, Waiting::Person)
        }
        "Retired" => Meaning::rests(Stage::Retired),
        _ => Meaning::rests(Stage::Unknown),
    }
}
