//! Ironic's provision states in our words. The states are those of API version 1.115.

use super::{Meaning, Sighting, Stage, Waiting};

pub(super) fn meaning(sighting: &Sighting) -> Meaning {
    match sighting.state.as_str() {
        "enroll" => Meaning::rests(Stage::Enrolled),
        "verifying" => Meaning::waits(Stage::Enrolled, Waiting::ManagementController),
        "manageable" if sighting.hardware.is_known() => Meaning::rests(Stage::Inspected),
        "manageable" => Meaning::rests(Stage::Enrolled),
        "inspecting" | "inspect wait" => Meaning::waits(Stage::Enrolled, Waiting::Inspection),
        "inspect failed" | "adopt failed" => Meaning::waits(Stage::Enrolled, Waiting::Person),
        "adopting" => Meaning::waits(Stage::Enrolled, Waiting::ManagementController),
        "available" => Meaning::rests(Stage::Ready),
        "cleaning" | "clean wait" => Meaning::waits(Stage::Inspected, Waiting::Cleaning),
        "clean failed" | "clean hold" => Meaning::waits(Stage::Inspected, Waiting::Person),
        "deploying" => Meaning::waits(Stage::Ready, Waiting::Installation),
        "wait call-back" => Meaning::waits(Stage::Ready, Waiting::Agent),
        "deploy failed" | "deploy hold" => Meaning::waits(Stage::Ready, Waiting::Person),
        "active" => Meaning::rests(Stage::Deployed),
        "deleting" => Meaning::waits(Stage::Draining, Waiting::Release),
        "error" => Meaning::waits(Stage::Draining, Waiting::Person),
        "rescue" | "rescuing" | "rescue wait" | "unrescuing" | "servicing" | "service wait" => {
            Meaning::waits(Stage::Maintenance, Waiting::Service)
        }
        "rescue failed" | "unrescue failed" | "service failed" | "service hold" => {
            Meaning::waits(Stage::Maintenance, Waiting::Person)
        }
        _ => Meaning::rests(Stage::Unknown),
    }
}
