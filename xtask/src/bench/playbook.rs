//! Writes a large playbook, the same for the same size: teams, people, and services that depend on each other.

use std::fmt::Write as _;
use std::path::Path;

/// Resources in one file, as a person would keep them together.
const PER_FILE: usize = 10;

/// Writes `resources` resources below a directory; returns the bytes written.
pub(crate) fn write(directory: &Path, resources: usize) -> anyhow::Result<u64> {
    std::fs::create_dir_all(directory)?;
    std::fs::write(directory.join("council.yaml"), ORGANIZATION)?;
    let mut bytes = ORGANIZATION.len() as u64;
    for file in 0..resources / PER_FILE {
        let mut text = String::new();
        for number in file * PER_FILE..(file + 1) * PER_FILE {
            resource(&mut text, number, resources);
        }
        let folder = directory.join(format!("part-{:03}", file / 100));
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join(format!("file-{file:05}.yaml")), &text)?;
        bytes += text.len() as u64;
    }
    Ok(bytes)
}

const ORGANIZATION: &str = "\
apiVersion: council/v1
kind: Organization
metadata: { name: bench, title: Bench }
spec:
  purpose: To be large
  north_star: To be read fast
  currency: EUR
  time_zone: Europe/Berlin
  business_hours: { days: [mon, tue, wed, thu, fri], from: \"09:00\", to: \"17:00\" }
  public_holidays: [DE]
---
apiVersion: council/v1
kind: Environment
metadata: { name: production, title: Production }
spec: { tier: production }
";

/// One of ten resources is a team, one a person, the others are services.
fn resource(text: &mut String, number: usize, total: usize) {
    let team = number - number % PER_FILE;
    let written = match number % PER_FILE {
        0 => write!(
            text,
            "---\napiVersion: council/v1\nkind: Team\nmetadata:\n  name: team-{number}\n  title: Team number {number}\n  description: >-\n    {PROSE}\nspec:\n  profile: backend\n  lead: person/person-{}\n  members: [person/person-{}]\n  channel: \"#team-{number}\"\n",
            number + 1,
            number + 1
        ),
        1 => write!(
            text,
            "---\napiVersion: council/v1\nkind: Person\nmetadata:\n  name: person-{number}\n  title: Person number {number}\n  description: >-\n    {PROSE}\nspec:\n  email: person-{number}@example.org\n  handles: {{ forge: person-{number} }}\n  time_zone: Europe/Berlin\n  country: DE\n  joined: 2024-03-01\n"
        ),
        _ => write!(
            text,
            "---\napiVersion: council/v1\nkind: Service\nmetadata:\n  name: service-{number}\n  title: Service number {number}\n  description: >-\n    {PROSE}\n  labels:\n    tier: backend\n    language: rust\n    part: \"{}\"\nspec:\n  owner: team/team-{team}\n  tier: standard\n  kind: internal\n  lifecycle: production\n  environments: [production]\n  repository: https://git.example.org/services/service-{number}\n{}",
            number / 1000,
            dependency(number, total)
        ),
    };
    written.unwrap_or_default();
}

/// A service depends on an earlier one, so that there is no cycle; the first of a file depends on none.
fn dependency(number: usize, total: usize) -> String {
    let target = number.saturating_mul(7) % total.max(1) / PER_FILE * PER_FILE + 5;
    if target < number {
        format!("  depends_on: [service/service-{target}]\n")
    } else {
        String::new()
    }
}

/// Text of the length that people write.
const PROSE: &str = "Keeps what its callers need within reach and says so when it cannot. Owned by the people who wake up for it;\n    its numbers are on the dashboard of its team, and its runbook says what to look at first, what to try next, and\n    whom to call when neither helps. Changes to it go through review like everything else here.";
