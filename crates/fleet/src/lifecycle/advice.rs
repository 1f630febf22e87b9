//! Why a machine is stuck, and what to try: from its state, its last error, its power and its controller.

use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Power, Sighting, Waiting};

/// Why a machine will not get on by itself, and what to try.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Stuck {
    /// Why, to complete "stuck because …".
    pub because: String,
    /// What to try, as an imperative.
    pub attempt: String,
    /// For how many minutes it has been in this state, where that is known.
    pub minutes: Option<u64>,
}

/// Words of errors, why they come, and what helps. The first that fits is taken, so the particular stands before the general.
const KNOWN: [(&[&str], &str, &str); 8] = [
    (
        &["certificate"],
        "its management controller shows a certificate that is not trusted",
        "compare the fingerprint at the machine, and pin the new certificate; never switch the check off",
    ),
    (
        &["401", "unauthorized", "accesserror", "authentication", "invalid user", "password"],
        "its management controller refuses the user or the password",
        "set the credentials that the provisioner has at the controller, or renew them there",
    ),
    (
        &[
            "timed out",
            "timeout",
            "no route",
            "unreachable",
            "connection refused",
            "connectionerror",
        ],
        "its management controller does not answer",
        "ping the controller; check its cable, its VLAN and whether it hangs (a cold reset helps)",
    ),
    (
        &["callback", "call-back", "heartbeat", "ipa"],
        "the installer's agent never called back",
        "look at the console: did it boot from the network? Check boot order, DHCP and the provisioning VLAN",
    ),
    (
        &["checksum"],
        "the image does not have the checksum that was promised",
        "publish the image again, or correct its checksum",
    ),
    (
        &["no space", "too small", "root device"],
        "no disk fits the image",
        "compare the disks with the bill of materials; one may have failed",
    ),
    (
        &["clean"],
        "cleaning did not end well",
        "read the last error, then set it to manageable and clean it again",
    ),
    (
        &["power"],
        "it does not obey power commands",
        "reset its management controller, or pull the plug at the rack",
    ),
];

/// Says why it is stuck; nothing while it gets on.
pub(super) fn stuck(
    sighting: &Sighting,
    waits: Option<&Waiting>,
    waited: Option<SignedDuration>,
) -> Option<Stuck> {
    let minutes = waited.and_then(|waited| u64::try_from(waited.as_mins()).ok());
    let explained = |because: &str, attempt: &str| {
        Some(Stuck { because: because.to_owned(), attempt: attempt.to_owned(), minutes })
    };
    let error = sighting.last_error.as_deref().filter(|error| !error.trim().is_empty());
    let known = error.and_then(|error| {
        let error = error.to_lowercase();
        let fits = |words: &&[&str]| words.iter().any(|word| error.contains(word));
        KNOWN.iter().find(|(words, _, _)| fits(words))
    });
    match waits {
        Some(Waiting::Person) => match (known, error) {
            (Some((_, because, attempt)), _) => explained(because, attempt),
            (None, Some(error)) => explained(
                &format!("of what its provisioner said: {}", cut(error)),
                "read its history at the provisioner, mend the cause, and start the step again",
            ),
            (None, None) => explained(
                &format!("its provisioner gave up in the state `{}`", sighting.state),
                "read its history at the provisioner, and start the step again",
            ),
        },
        Some(wait) if waited.is_some_and(|waited| waited > wait.limit()) => match known {
            Some((_, because, attempt)) => explained(because, attempt),
            None => explained(
                &format!(
                    "it waits for {}, longer than the {} minutes that this takes at most",
                    wait.words(),
                    wait.limit().as_mins()
                ),
                overdue(*wait, sighting.power),
            ),
        },
        // At rest with an error: the last attempt failed, and the provisioner put it back.
        None if sighting.power == Power::Unknown || is_at_start(sighting) => {
            let (_, because, attempt) = known?;
            explained(because, attempt)
        }
        Some(_) | None => None,
    }
}

/// Ironic puts a node whose controller it cannot reach back to `enroll`, where it rests with its error.
fn is_at_start(sighting: &Sighting) -> bool {
    matches!(sighting.state.as_str(), "enroll" | "New" | "manageable")
}

fn overdue(wait: Waiting, power: Power) -> &'static str {
    match (wait, power) {
        (Waiting::Agent | Waiting::Inspection | Waiting::Installation, Power::Off) => {
            "it is powered off: power it on, and look at its console"
        }
        (_, Power::Unknown) => "its power is unknown: look at its management controller first",
        (Waiting::Agent | Waiting::Inspection | Waiting::Installation, Power::On) => {
            "look at its console: it may have booted from disk instead of the network"
        }
        (Waiting::ManagementController, _) => "check address and credentials of the controller",
        (Waiting::Cleaning, _) => "look at its console; large disks without secure erase take long",
        (Waiting::Release | Waiting::Test | Waiting::Service | Waiting::Person, _) => {
            "read its history at the provisioner, and abort the step"
        }
    }
}

/// Shortens what a provisioner said: some print a whole traceback.
fn cut(text: &str) -> String {
    const MOST: usize = 240;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= MOST {
        return line;
    }
    line.chars().take(MOST).chain(['…']).collect()
}
