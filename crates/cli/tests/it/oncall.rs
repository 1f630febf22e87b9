//! `council oncall` on the example with people, on a day that does not move.

use std::path::Path;

use serde_json::Value;

use crate::support::{Run, Scratch};

/// A Tuesday on which everybody works.
const DAY: &str = "2026-11-24";

fn council(arguments: &[&str]) -> Run {
    let playbook = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/eustartup-staffed");
    let playbook = playbook.to_str().expect("the repository's path is text").to_owned();
    let scratch = Scratch::empty();
    let mut command = scratch.command_on(DAY);
    command.args(["--playbook", &playbook]).args(arguments);
    Run::of(&command.output().expect("the binary runs"), scratch.path())
}

fn json(arguments: &[&str]) -> Value {
    council(&[&["--format", "json"], arguments].concat()).json()
}

#[test]
fn whoever_is_on_call_is_told_for_every_schedule_and_step_by_step() {
    // Tuesday noon in Berlin.
    let rows = json(&["oncall", "who"]);
    let rows = rows.as_array().expect("one row a schedule").iter();
    let people: Vec<_> = rows.map(|row| row["now"]["person"]["name"].as_str()).collect();
    assert_eq!(people.len(), 3);
    assert!(people.iter().all(Option::is_some), "{people:?}");
    let ladder = json(&["oncall", "who", "checkout-api"]);
    let reached = |step: usize| ladder["steps"][step]["people"][0][0]["name"].as_str();
    assert_eq!(ladder["policy"], "checkout");
    assert_eq!(reached(0), people[0]);
    assert_eq!(reached(1), people[1]);
    // At night the checkout's own people sleep; its first step reaches nobody, and says so.
    let night = json(&["oncall", "who", "checkout-api", "--at", "2026-11-24T02:00:00Z"]);
    assert_eq!(night["steps"][0]["people"].as_array().map(Vec::len), Some(0));
    assert!(night["steps"][0]["gaps"][0].as_str().is_some_and(|gap| gap.contains("(Tue 03:00)")));
    let who = json(&["who", "service/checkout-api"]);
    assert_eq!(who["on_call"][0]["person"]["name"].as_str(), people[0]);
}

#[test]
fn a_schedule_is_shown_shift_by_shift_and_as_a_calendar() {
    let shifts = json(&["oncall", "show", "platform-first", "--days", "14"]);
    let shifts = shifts.as_array().expect("shifts");
    assert_eq!(shifts.len(), 3, "{shifts:#?}");
    assert_eq!(shifts[0]["to"], shifts[1]["from"]);
    let calendar = council(&["oncall", "show", "schedule/platform-first", "--ical"]);
    assert!(calendar.out.starts_with("BEGIN:VCALENDAR\r\n"), "{}", calendar.out);
    let unknown = council(&["oncall", "show", "nights"]);
    assert_eq!(unknown.code, 1);
    assert!(unknown.err.contains("no schedule `nights`"), "{}", unknown.err);
}

#[test]
fn a_year_is_simulated_and_everybody_is_paid() {
    let scratch = Scratch::empty();
    let playbook = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/eustartup-staffed");
    let playbook = playbook.to_str().expect("the repository's path is text");
    let mut command = scratch.command_on(DAY);
    command.args(["--playbook", playbook, "--format", "json"]);
    command.args(["oncall", "simulate", "platform-first", "--pay", "pay.csv"]);
    let output = command.output().expect("the binary runs");
    let found = Run::of(&output, scratch.path()).json();
    let loads = found[0]["loads"].as_array().expect("loads");
    assert_eq!(loads.len(), 4, "{loads:#?}");
    assert_eq!(found[0]["gaps"].as_array().map(Vec::len), Some(0));
    let sheet = std::fs::read_to_string(scratch.path().join("pay.csv")).expect("it was written");
    assert!(sheet.starts_with("person,schedule,"), "{sheet}");
    assert_eq!(sheet.lines().count(), 5, "{sheet}");
    assert!(sheet.lines().skip(1).all(|line| line.ends_with(",EUR")), "{sheet}");
}
