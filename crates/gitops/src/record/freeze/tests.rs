//! Freezes in the record: who declares, moves and lifts them, and what the time line shows then.

use governance::record::State as Council;
use jiff::ToSpan;
use playbook::Workspace;

use super::*;
use crate::freeze::around;
use crate::gate::GateFacts;
use crate::record;
use crate::testing::{council, noon};

struct World {
    workspace: Workspace,
    record: record::State,
    now: Timestamp,
}

impl World {
    fn new() -> Self {
        let lines = "Freeze/weekly: {reason: x, windows: [{recurs: {rule: FREQ=WEEKLY;BYDAY=MO, at: '11:30', for: 2h}}]}";
        Self { workspace: council(lines), record: record::State::default(), now: noon() }
    }

    fn act(&mut self, actor: &str, name: &str, command: Command) -> Result<(), &'static str> {
        let council = Council::default();
        let model = self.workspace.model();
        let council = governance::Facts { model, record: &council, now: self.now, actor };
        let gate = GateFacts::default();
        let facts = Facts { council, record: &self.record, gate: &gate };
        let command = record::Command::Freeze { name: name.to_owned(), command };
        let happened = record::decide(&command, &facts).map_err(|refusal| {
            assert!(!refusal.would_pass_if.is_empty(), "{refusal}");
            refusal.code
        })?;
        for recorded in happened {
            self.record.record(name, &recorded.event, self.now);
        }
        Ok(())
    }

    /// The freezes that are in force, by name.
    fn on(&self) -> Vec<String> {
        let found = around(self.workspace.model(), &self.record, self.now).into_iter();
        found.filter(|freeze| freeze.is_on(self.now)).map(|freeze| freeze.name).collect()
    }
}

fn hours(count: i64) -> Timestamp {
    noon().checked_add(count.hours()).expect("in range")
}

fn declare(from: i64, until: i64) -> Command {
    Command::Declare {
        summary: "A migration".to_owned(),
        window: Window { from: hours(from), until: hours(until) },
        scope: Scope::default(),
        passes: BTreeSet::new(),
    }
}

fn lift(until: Option<i64>) -> Command {
    Command::Lift { until: until.map(hours), reason: Text::from("It is over.") }
}

fn move_to(until: i64) -> Command {
    Command::Move { until: hours(until), reason: None }
}

#[test]
fn a_seat_declares_moves_and_lifts_a_freeze() {
    let mut world = World::new();
    assert_eq!(world.act("jonas", "now", declare(0, 2)), Ok(()));
    assert_eq!(world.on(), ["weekly", "now"]);
    assert_eq!(world.act("jonas", "now", declare(0, 2)), Err("stands-already"));
    assert_eq!(world.act("jonas", "now", move_to(1)), Ok(()));
    world.now = hours(1);
    assert_eq!(world.on(), ["weekly"]);
    assert_eq!(world.act("jonas", "now", move_to(3)), Err("no-freeze"));
    assert_eq!(world.act("jonas", "now", declare(1, 4)), Ok(()));
    assert_eq!(world.act("jonas", "now", lift(None)), Ok(()));
    assert_eq!(world.on(), ["weekly"]);
    assert_eq!(world.act("jonas", "now", lift(None)), Err("no-freeze"));
}

#[test]
fn a_freeze_of_the_playbook_is_lifted_for_a_time_and_returns() {
    let mut world = World::new();
    assert_eq!(world.on(), ["weekly"]);
    assert_eq!(world.act("jonas", "weekly", declare(0, 2)), Err("in-playbook"));
    assert_eq!(world.act("jonas", "weekly", move_to(2)), Err("no-freeze"));
    assert_eq!(world.act("jonas", "weekly", lift(None)), Err("lifted-too-long"));
    assert_eq!(world.act("jonas", "weekly", lift(Some(24 * 8))), Err("lifted-too-long"));
    assert_eq!(world.act("jonas", "weekly", lift(Some(-1))), Err("in-the-past"));
    assert_eq!(world.act("jonas", "weekly", lift(Some(1))), Ok(()));
    assert!(world.on().is_empty(), "{:?}", world.on());
    assert_eq!(world.act("jonas", "weekly", lift(Some(1))), Err("lifted-already"));
    world.now = hours(1);
    assert_eq!(world.on(), ["weekly"]);
}

#[test]
fn what_makes_no_sense_is_refused() {
    let mut world = World::new();
    // Nobody without a seat freezes anything.
    world.workspace = council("Person/guest: {}");
    assert_eq!(world.act("guest", "now", declare(0, 2)), Err("no-say"));
    assert_eq!(world.act("gone", "now", declare(0, 2)), Err("not-here"));
    assert_eq!(world.act("jonas", "now", declare(2, 1)), Err("window-reversed"));
    assert_eq!(world.act("jonas", "now", declare(-2, -1)), Err("window-reversed"));
    let Command::Declare { window, scope, passes, .. } = declare(0, 2) else { return };
    let silent = Command::Declare { summary: " ".to_owned(), window, scope, passes };
    assert_eq!(world.act("jonas", "now", silent), Err("no-reason"));
    assert_eq!(world.act("jonas", "now", lift(None)), Err("no-freeze"));
}

#[test]
fn public_holidays_and_their_eves_are_frozen() {
    let lines = "Freeze/feasts: {reason: x, windows: [{public-holidays: {eve: '15:00'}}]}";
    let mut world = World { workspace: council(lines), ..World::new() };
    let on = |world: &mut World, at: &str| {
        world.now = at.parse().expect("a moment");
        world.on().len()
    };
    // 15:00 in Berlin on Christmas Eve is 14:00 UTC.
    assert_eq!(on(&mut world, "2026-12-24T13:59:00Z"), 0);
    assert_eq!(on(&mut world, "2026-12-24T14:00:00Z"), 1);
    // The second day begins on the eve that the first day is.
    assert_eq!(on(&mut world, "2026-12-25T15:00:00Z"), 2);
    assert_eq!(on(&mut world, "2026-12-26T22:59:00Z"), 1);
    assert_eq!(on(&mut world, "2026-12-26T23:00:00Z"), 0);
}
