//! What may be done about an incident, stage by stage.

use governance::{Refusal, Text};
use jiff::Timestamp;
use org::kinds::Service;

use super::super::{Actor, Facts, postmortem};
use super::{Command, Event, Origin, Source, Stage, State};
use crate::kinds::{IncidentRole, NoticeDuty, Severity};
use crate::notices::{Standing, countdowns};

/// Carries out a command about the incident `id`, or says why not.
///
/// # Errors
/// Refuses what the stage, the actor or the playbook does not allow.
pub fn decide(
    state: Option<&State>,
    id: &str,
    command: &Command,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    if let Command::Open { .. } = command {
        return open(state, id, command, facts);
    }
    let Some(state) = state else {
        return Err(Refusal::new("no-incident", format!("there is no incident `{id}`"))
            .passes_if("its id is one of the record"));
    };
    if let (Actor::Council, Command::Remark { text, source: Some(source @ Source::Alert(_)), at }) =
        (facts.actor, command)
    {
        let person = facts.actor.name().to_owned();
        return Ok(vec![Event::Remarked {
            text: text.clone(),
            source: source.clone(),
            at: *at,
            person,
        }]);
    }
    let desk = Desk { state, id, facts, person: facts.person()? };
    match command {
        Command::Open { .. } => Ok(Vec::new()),
        Command::Acknowledge {} => desk.acknowledge(),
        Command::Triage { severity, services } => desk.triage(severity, services),
        Command::Reclassify { severity, reason } => desk.reclassify(severity, reason),
        Command::Contain { how } => desk.contain(how),
        Command::Resolve { how } => desk.resolve(how),
        Command::Reopen { reason } => desk.reopen(reason),
        Command::Review {} => desk.review(),
        Command::Close {} => desk.close(),
        Command::Merge { into } => desk.merge(into),
        Command::Assign { role, person, note } => desk.assign(role, person, note.as_ref()),
        Command::Remark { text, source, at } => desk.remark(text, source.as_ref(), *at),
        Command::Amend { entry, text } => desk.amend(*entry, text),
        Command::Inform { audience, text } => {
            desk.not_over()?;
            written(text, "the update")?;
            let (text, person) = (text.clone(), desk.name());
            Ok(vec![Event::Informed { audience: *audience, text, person }])
        }
        Command::Tick { item } => desk.tick(*item),
        Command::Assess { duty, answers } => desk.assess(duty, answers),
        Command::Notify { duty, reference } => desk.notify(duty, reference.clone()),
        Command::Restrict { private } if *private == state.private => {
            let how = if *private { "private" } else { "open to all" };
            Err(Refusal::new("nothing-new", format!("it is {how} already"))
                .passes_if("it is to be the other way round"))
        }
        Command::Restrict { private } => Ok(vec![Event::Restricted { private: *private }]),
    }
}

fn open(
    state: Option<&State>,
    id: &str,
    command: &Command,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let Command::Open { title, services, alert, severity, began, noticed, test, private } = command
    else {
        return Ok(Vec::new());
    };
    if state.is_some() {
        return Err(Refusal::new(
            "incident-exists",
            format!("there is an incident `{id}` already"),
        )
        .passes_if("the new one gets the next id"));
    }
    if !is_id(id) {
        return Err(Refusal::new("no-id", format!("`{id}` is no id of an incident"))
            .passes_if("it is written like `INC-2026-0012`"));
    }
    let origin = match (facts.actor, alert) {
        (_, Some(alert)) => Origin::Alert(alert.clone()),
        (Actor::Person(_), None) => Origin::Person(facts.person()?.to_owned()),
        (Actor::Council, None) => facts.person().map(|name| Origin::Person(name.to_owned()))?,
    };
    written(title, "the incident")?;
    known_services(services, facts)?;
    if let Some(severity) = severity {
        known_severity(severity, facts)?;
    }
    if began.max(noticed).is_some_and(|latest| latest > facts.now) {
        return Err(Refusal::new("future", "it cannot have begun in the future")
            .passes_if("`began` is now or earlier"));
    }
    Ok(vec![Event::Detected {
        title: title.clone(),
        services: services.clone(),
        origin,
        severity: severity.clone(),
        began: *began,
        noticed: *noticed,
        test: *test,
        private: *private,
    }])
}

/// `INC-` and a year and a number of at least four digits.
fn is_id(id: &str) -> bool {
    let digits = |text: &str| text.len() >= 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    let rest = id.strip_prefix("INC-").and_then(|rest| rest.split_once('-'));
    rest.is_some_and(|(year, number)| year.len() == 4 && digits(year) && digits(number))
}

fn written(text: &Text, what: &str) -> Result<(), Refusal> {
    if text.is_blank() {
        return Err(
            Refusal::new("no-text", format!("{what} says nothing")).passes_if("it has words")
        );
    }
    Ok(())
}

fn known_services(services: &[String], facts: &Facts<'_>) -> Result<(), Refusal> {
    match services.iter().find(|name| facts.model.get::<Service>(name).is_none()) {
        Some(name) => Err(Refusal::new("no-service", format!("there is no service `{name}`"))
            .passes_if("every service is one of the playbook")),
        None => Ok(()),
    }
}

fn known_severity(name: &str, facts: &Facts<'_>) -> Result<(), Refusal> {
    if facts.model.get::<Severity>(name).is_some() {
        return Ok(());
    }
    let all: Vec<_> =
        facts.model.all::<Severity>().map(|one| format!("`{}`", one.name())).collect();
    Err(Refusal::new("no-severity", format!("there is no severity `{name}`"))
        .passes_if(format!("it is one of {}", all.join(", "))))
}

/// Everything that deciding needs: the state, the world, and who asks.
struct Desk<'a> {
    state: &'a State,
    id: &'a str,
    facts: &'a Facts<'a>,
    person: &'a str,
}

impl Desk<'_> {
    fn name(&self) -> String {
        self.person.to_owned()
    }

    fn wrong_stage(&self, passes_if: &str) -> Refusal {
        let reason = match &self.state.merged_into {
            Some(into) => format!("`{}` was merged into `{into}`", self.id),
            None => format!("`{}` is {}", self.id, self.state.stage.word()),
        };
        Refusal::new("wrong-stage", reason).passes_if(passes_if)
    }

    fn within(&self, stages: &[Stage], passes_if: &str) -> Result<(), Refusal> {
        if stages.contains(&self.state.stage) { Ok(()) } else { Err(self.wrong_stage(passes_if)) }
    }

    fn not_over(&self) -> Result<(), Refusal> {
        if self.state.stage.is_over() {
            return Err(self.wrong_stage("it is one that is not over"));
        }
        Ok(())
    }

    /// The first deed of a person is also a sign that they have seen it.
    fn seen(&self) -> Vec<Event> {
        let unseen = self.state.clocks.acknowledged.is_none();
        unseen.then(|| Event::Acknowledged { person: self.name() }).into_iter().collect()
    }

    fn acknowledge(&self) -> Result<Vec<Event>, Refusal> {
        if !self.state.stage.is_open() {
            return Err(self.wrong_stage("it is still going on"));
        }
        match &self.state.seen_by {
            Some(person) => {
                Err(Refusal::new("acknowledged", format!("`{person}` has seen it already"))
                    .passes_if("nobody has"))
            }
            None => Ok(self.seen()),
        }
    }

    fn triage(&self, severity: &str, services: &[String]) -> Result<Vec<Event>, Refusal> {
        self.within(&[Stage::Detected], "it is detected and not triaged; then reclassify it")?;
        known_severity(severity, self.facts)?;
        known_services(services, self.facts)?;
        let services = if services.is_empty() { &self.state.services } else { services };
        let mut events = self.seen();
        events.push(Event::Triaged { severity: severity.to_owned(), services: services.to_vec() });
        Ok(events)
    }

    fn reclassify(&self, severity: &str, reason: &Text) -> Result<Vec<Event>, Refusal> {
        let stages = [Stage::Triaged, Stage::Contained, Stage::Resolved];
        self.within(&stages, "it is triaged, and not reviewed")?;
        known_severity(severity, self.facts)?;
        written(reason, "the reason")?;
        if self.state.severity.as_deref() == Some(severity) {
            return Err(Refusal::new("nothing-new", format!("it is `{severity}` already"))
                .passes_if("the severity is another one"));
        }
        let (severity, reason) = (severity.to_owned(), reason.clone());
        Ok(vec![Event::Reclassified { severity, reason }])
    }

    fn contain(&self, how: &Text) -> Result<Vec<Event>, Refusal> {
        self.within(&[Stage::Triaged], "it is triaged, and not contained yet")?;
        written(how, "how it was contained")?;
        Ok(vec![Event::Contained { how: how.clone() }])
    }

    fn resolve(&self, how: &Text) -> Result<Vec<Event>, Refusal> {
        self.within(&[Stage::Triaged, Stage::Contained], "it is triaged, and not over")?;
        written(how, "how it was resolved")?;
        Ok(vec![Event::Resolved { how: how.clone() }])
    }

    fn reopen(&self, reason: &Text) -> Result<Vec<Event>, Refusal> {
        let stages = [Stage::Contained, Stage::Resolved, Stage::Reviewed];
        self.within(&stages, "it seemed to be contained or over, and is not closed")?;
        written(reason, "the reason")?;
        Ok(vec![Event::Reopened { reason: reason.clone() }])
    }

    /// Whether its severity wants a postmortem; a drill never does.
    fn needs_postmortem(&self) -> bool {
        let severity = self.state.severity.as_deref();
        let severity = severity.and_then(|name| self.facts.model.get::<Severity>(name));
        !self.state.test && severity.is_some_and(|severity| severity.postmortem == Some(true))
    }

    fn review(&self) -> Result<Vec<Event>, Refusal> {
        self.within(&[Stage::Resolved], "it is resolved")?;
        let known = self.facts.record.postmortems.get(self.id);
        if self.needs_postmortem() && known.is_none_or(|found| found.published.is_none()) {
            return Err(Refusal::new("no-postmortem", "its severity wants a postmortem")
                .passes_if(format!("`postmortem/{}` is published", self.id)));
        }
        Ok(vec![Event::Reviewed {}])
    }

    fn close(&self) -> Result<Vec<Event>, Refusal> {
        self.within(&[Stage::Reviewed], "it is reviewed")?;
        self.owes_nobody()?;
        let unverified = postmortem::unverified(self.id, self.facts);
        if unverified.is_empty() {
            return Ok(vec![Event::Closed {}]);
        }
        let mut refusal = Refusal::new("unverified-actions", "not every action is verified");
        refusal.reasons =
            unverified.iter().map(|one| format!("`action/{}` {}", one.id, one.why)).collect();
        Err(refusal
            .passes_if("the change that each one is linked to is verified")
            .passes_if("somebody states why that is not needed"))
    }

    /// An incident is not over while an authority waits for a word, or may.
    fn owes_nobody(&self) -> Result<(), Refusal> {
        let all = countdowns(self.facts.model, self.state, self.facts.now);
        let open = all.iter().filter_map(|duty| match duty.standing {
            Standing::Unanswered => {
                Some(format!("nobody has said whether \"{}\" is owed", duty.title))
            }
            Standing::Running | Standing::Overdue => {
                Some(format!("\"{}\" was not sent to {}", duty.title, duty.to))
            }
            Standing::Sent | Standing::NotNeeded => None,
        });
        let reasons: Vec<String> = open.collect();
        if reasons.is_empty() {
            return Ok(());
        }
        let mut refusal = Refusal::new("open-duties", "what is owed to authorities is open");
        refusal.reasons = reasons;
        Err(refusal
            .passes_if("the questions of each duty are answered")
            .passes_if("what is owed was sent, and somebody has said so"))
    }

    fn merge(&self, into: &str) -> Result<Vec<Event>, Refusal> {
        let stages = [Stage::Detected, Stage::Triaged, Stage::Contained];
        self.within(&stages, "it is still going on")?;
        let target = self.facts.record.incidents.get(into).filter(|_| into != self.id);
        let Some(target) = target else {
            return Err(Refusal::new(
                "no-incident",
                format!("there is no other incident `{into}`"),
            )
            .passes_if("the other one exists"));
        };
        if target.stage.is_over() {
            return Err(Refusal::new(
                "wrong-stage",
                format!("`{into}` is {}", target.stage.word()),
            )
            .passes_if("the other one is not over"));
        }
        if target.test != self.state.test {
            return Err(Refusal::new("drill", "one of the two is a drill, and the other is not")
                .passes_if("both are"));
        }
        Ok(vec![Event::Merged { into: into.to_owned() }])
    }

    fn assign(&self, role: &str, person: &str, note: Option<&Text>) -> Result<Vec<Event>, Refusal> {
        self.not_over()?;
        if self.facts.model.get::<IncidentRole>(role).is_none() {
            return Err(Refusal::new("no-role", format!("there is no incident role `{role}`"))
                .passes_if("it is one of `council list incident-role`"));
        }
        self.facts.works_here(person)?;
        let from = self.state.holder(role).map(str::to_owned);
        if from.as_deref() == Some(person) {
            return Err(Refusal::new("nothing-new", format!("`{person}` has that role already"))
                .passes_if("it is somebody else"));
        }
        let note = note.filter(|note| !note.is_blank()).cloned();
        let mut events = self.seen();
        events.push(Event::Assigned {
            role: role.to_owned(),
            person: person.to_owned(),
            from,
            note,
        });
        Ok(events)
    }

    fn remark(
        &self,
        text: &Text,
        source: Option<&Source>,
        at: Option<Timestamp>,
    ) -> Result<Vec<Event>, Refusal> {
        written(text, "the entry")?;
        if at.is_some_and(|at| at > self.facts.now) {
            return Err(Refusal::new("future", "it has not happened yet")
                .passes_if("the entry's time is now or earlier"));
        }
        let source = source.cloned().unwrap_or_else(|| Source::Person(self.name()));
        Ok(vec![Event::Remarked { text: text.clone(), source, at, person: self.name() }])
    }

    fn amend(&self, entry: u32, text: &Text) -> Result<Vec<Event>, Refusal> {
        written(text, "the entry")?;
        let count = self.state.timeline.len();
        if usize::try_from(entry).map_or(true, |entry| entry >= count) {
            return Err(Refusal::new("no-entry", format!("there is no entry {entry}"))
                .passes_if(format!("it is one of the {count} entries, counted from 0")));
        }
        Ok(vec![Event::Amended { entry, text: text.clone(), person: self.name() }])
    }

    fn tick(&self, item: u32) -> Result<Vec<Event>, Refusal> {
        self.not_over()?;
        let severity = self.state.severity.as_deref();
        let severity = severity.and_then(|name| self.facts.model.get::<Severity>(name));
        let count = severity.map_or(0, |severity| severity.checklist.len());
        if usize::try_from(item).map_or(true, |item| item >= count) {
            return Err(Refusal::new("no-item", format!("its checklist has no item {item}"))
                .passes_if(format!("it is one of the {count} items, counted from 0")));
        }
        if self.state.ticked.contains_key(&item) {
            return Err(
                Refusal::new("nothing-new", "that is done already").passes_if("the item is open")
            );
        }
        Ok(vec![Event::Ticked { item, person: self.name() }])
    }

    fn assess(&self, duty: &str, answers: &[bool]) -> Result<Vec<Event>, Refusal> {
        let Some(found) = self.facts.model.get::<NoticeDuty>(duty) else {
            return Err(no_duty(duty));
        };
        if found.questions.len() != answers.len() {
            let reason = format!("`{duty}` asks {} questions", found.questions.len());
            return Err(Refusal::new("answers", reason).passes_if("each has one answer"));
        }
        let (duty, answers, person) = (duty.to_owned(), answers.to_vec(), self.name());
        Ok(vec![Event::Assessed { duty, answers, person }])
    }

    fn notify(&self, duty: &str, reference: Option<String>) -> Result<Vec<Event>, Refusal> {
        if self.facts.model.get::<NoticeDuty>(duty).is_none() {
            return Err(no_duty(duty));
        }
        if self.state.notices.get(duty).is_some_and(|notice| notice.sent.is_some()) {
            return Err(Refusal::new("nothing-new", "that notice was sent already")
                .passes_if("it is another one"));
        }
        Ok(vec![Event::Notified { duty: duty.to_owned(), reference, person: self.name() }])
    }
}

fn no_duty(name: &str) -> Refusal {
    Refusal::new("no-duty", format!("there is no notice duty `{name}`"))
        .passes_if("it is one of `council list notice-duty`")
}
