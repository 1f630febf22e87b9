//! A page from the wish to the answer, or to the end of all steps.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use playbook::Workspace;

use super::{Command, Due, Event, Outcome, Stage, State, Urgency, agenda, decide, next_at};
use crate::record::{Actor, Facts};
use crate::testing::table;

const ANA: Actor<'static> = Actor::Person("ana");
const ITSELF: Actor<'static> = Actor::Council;

struct Play {
    workspace: Workspace,
    state: Option<State>,
    now: Timestamp,
}

impl Play {
    fn new(further: &str, urgency: Urgency) -> Self {
        let workspace = table(&format!(
            "Person/ana: {{email: ana@example.org}}
             Person/ben: {{email: ben@example.org}}
             NotificationChannel/mail: {{by: email, url: 'smtp://127.0.0.1'}}
             EscalationPolicy/any: {{default: true, repeat: 1, steps: [{{notify: [person/ana], wait: 5m}}, {{notify: [person/ben], wait: 10m}}]}}
             {further}"
        ));
        let now = "2026-11-23T20:00:00Z".parse().expect("a moment");
        let mut play = Self { workspace, state: None, now };
        let command = Command::Want {
            about: "incident/INC-2026-0001".to_owned(),
            urgency,
            service: None,
            only: None,
            subject: "It is down".into(),
            text: "All of it.".into(),
            link: None,
        };
        play.ok(&command, ITSELF);
        play.ok(&Command::Climb {}, ITSELF);
        play
    }

    fn does(&mut self, command: &Command, actor: Actor<'_>) -> Result<Vec<Event>, &'static str> {
        let (record, governance, verified) =
            (crate::record::State::default(), governance::State::default(), BTreeSet::new());
        let facts = Facts {
            model: self.workspace.model(),
            record: &record,
            governance: &governance,
            verified_changes: &verified,
            now: self.now,
            actor,
        };
        let events = decide(self.state.as_ref(), "1", command, &facts);
        let events = events.map_err(|refusal| refusal.code)?;
        for event in &events {
            self.state = State::apply(self.state.take(), event, self.now);
        }
        Ok(events)
    }

    #[track_caller]
    fn ok(&mut self, command: &Command, actor: Actor<'_>) {
        self.does(command, actor).expect("allowed");
    }

    fn state(&self) -> &State {
        self.state.as_ref().expect("wanted")
    }

    fn due(&self) -> Vec<Due> {
        agenda(self.state(), self.workspace.model())
    }

    fn later(&mut self, minutes: i64) {
        self.now += SignedDuration::from_mins(minutes);
    }

    fn attempt(&mut self) -> u32 {
        let due = self.due().remove(0);
        let Due { person, channel, step, .. } = due;
        self.ok(&Command::Attempt { person, channel, step }, ITSELF);
        u32::try_from(self.state().attempts.len() - 1).expect("few")
    }

    fn fail(&mut self, for_good: bool) {
        let attempt = self.attempt();
        self.ok(&Command::Fail { attempt, why: "no".to_owned(), for_good }, ITSELF);
    }

    fn told(&self) -> Vec<&str> {
        self.state().steps.iter().flat_map(|it| &it.told).map(|it| it.person.as_str()).collect()
    }
}

#[test]
fn a_page_climbs_through_all_steps_and_stays_in_sight_when_nobody_answers() {
    let mut play = Play::new("", Urgency::Page);
    assert_eq!(play.does(&Command::Climb {}, ITSELF), Err("not-yet"));
    for minutes in [5, 10, 5, 10] {
        play.later(minutes);
        play.ok(&Command::Climb {}, ITSELF);
    }
    assert_eq!(play.told(), ["ana", "ben", "ana", "ben"]);
    assert_eq!((play.state().stage, play.state().waits()), (Stage::GivenUp, true));
    // Late is better than never.
    play.ok(&Command::Acknowledge {}, ANA);
    assert!(!play.state().waits());
}

#[test]
fn an_acknowledged_page_is_neither_sent_nor_escalated() {
    let mut play = Play::new("", Urgency::Page);
    assert_eq!(play.does(&Command::Acknowledge {}, ITSELF), Err("needs-a-person"));
    let attempt = play.attempt();
    play.ok(&Command::Acknowledge {}, ANA);
    assert_eq!((play.due(), next_at(play.state(), play.workspace.model())), (Vec::new(), None));
    play.later(60);
    assert_eq!(play.does(&Command::Climb {}, ITSELF), Err("notification-closed"));
    // What was on its way meanwhile still ends.
    play.ok(&Command::Deliver { attempt }, ITSELF);
    assert_eq!(play.does(&Command::Acknowledge {}, ANA), Err("acknowledged"));
}

#[test]
fn an_attempt_whose_end_nobody_knows_is_made_again_under_its_number() {
    let mut play = Play::new("", Urgency::Page);
    let attempt = play.attempt();
    let due = play.due();
    assert_eq!(due[0].attempt, Some(attempt), "as after a crash: {due:?}");
    play.ok(&Command::Deliver { attempt }, ITSELF);
    assert_eq!(play.due(), []);
    assert_eq!(play.does(&Command::Deliver { attempt }, ITSELF), Err("no-attempt"));
    assert_eq!(play.state().attempts[0].outcome, Outcome::Delivered);
}

#[test]
fn a_failure_is_tried_again_and_the_last_one_escalates_at_once() {
    let mut play = Play::new("", Urgency::Page);
    play.fail(false);
    let again = play.due();
    assert!(again[0].at > play.now && again[0].attempt.is_none(), "{again:?}");
    assert_eq!(play.does(&Command::Climb {}, ITSELF), Err("not-yet"));
    play.fail(true);
    play.ok(&Command::Climb {}, ITSELF);
    assert_eq!(play.told(), ["ana", "ben"]);
}

#[test]
fn a_failure_is_not_tried_for_ever() {
    let mut play = Play::new("", Urgency::Page);
    let mut tries = 0;
    while !play.due().is_empty() {
        let last = play.due()[0].last;
        play.fail(last);
        tries += 1;
    }
    assert_eq!(tries, 5);
}

#[test]
fn a_ticket_keeps_quiet_hours_and_a_page_does_not() {
    let quiet = "ContactPolicy/ana: {person: ana, pages: [{by: email}], tickets: [email], quiet: {from: '18:00', to: '09:00'}, quiet_days: [tue]}";
    let page = Play::new(quiet, Urgency::Page);
    assert_eq!(page.due()[0].at, page.now);
    let mut ticket = Play::new(quiet, Urgency::Ticket);
    let morning: Timestamp = "2026-11-25T08:00:00Z".parse().expect("a moment");
    assert_eq!(ticket.due()[0].at, morning, "Tuesday is quiet as a whole");
    let attempt = ticket.attempt();
    ticket.ok(&Command::Deliver { attempt }, ITSELF);
    ticket.ok(&Command::Climb {}, ITSELF);
    assert_eq!(ticket.state().stage, Stage::Settled);
}
