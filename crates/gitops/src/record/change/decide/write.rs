//! Writing a change: draft it, describe it, plan it, ask the seats, give it up.

use governance::{Refusal, Text};
use plan::lifecycle::Happening;

use super::super::{Description, Event, Origin, Planned, State};
use super::Desk;
use crate::gate::{NeedKind, Verdict};
use crate::record::Facts;

/// Begins a change.
pub(super) fn draft(
    before: Option<&State>,
    name: &str,
    said: &Description,
    origin: &Origin,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    facts.council.actor_works_here()?;
    if before.is_some() {
        return Err(Refusal::new("id-taken", format!("there is a change `{name}` already"))
            .passes_if("it gets the next free id"));
    }
    if !is_id(name) {
        return Err(Refusal::new("id-strange", format!("`{name}` is no id of a change"))
            .passes_if("it looks like `CHG-2026-0007`"));
    }
    may_say(said, facts)?;
    if let Origin::RollbackOf(other) = origin
        && !facts.record.changes.contains_key(other)
    {
        return Err(Refusal::new(
            "no-change",
            format!("there is no change `{other}` to take back"),
        )
        .passes_if("it names a change that there is"));
    }
    let author = facts.council.actor.to_owned();
    Ok(vec![Event::Drafted { author, said: said.clone(), origin: origin.clone() }])
}

/// `CHG`, a year, a number.
fn is_id(name: &str) -> bool {
    let digits = |text: &str, least: usize| {
        text.len() >= least && text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let rest = name.strip_prefix("CHG-").and_then(|rest| rest.split_once('-'));
    rest.is_some_and(|(year, number)| digits(year, 4) && digits(number, 4))
}

/// Refuses what makes no sense, whoever says it.
fn may_say(said: &Description, facts: &Facts<'_>) -> Result<(), Refusal> {
    if said.title.as_ref().is_none_or(Text::is_blank) {
        return Err(Refusal::new("no-title", "a change needs a title that people know it by")
            .passes_if("it says in a line what changes"));
    }
    let model = facts.council.model;
    for kind in &said.decision_types {
        if model.get::<governance::kinds::DecisionType>(kind).is_none() {
            let text = format!("there is no decision type `{kind}`");
            return Err(Refusal::new("no-type", text).passes_if("it names one of the playbook's"));
        }
    }
    if said.maintenance.windows.iter().any(|window| window.until <= window.from) {
        return Err(Refusal::new("window-reversed", "a maintenance window ends before it begins")
            .passes_if("its end comes after its beginning"));
    }
    if said.maintenance.silences.iter().any(|silence| silence.matchers.is_empty()) {
        let text = "a silence without a matcher silences every alert there is";
        return Err(Refusal::new("silence-of-all", text)
            .passes_if("it names at least one label, such as `service=checkout`"));
    }
    Ok(())
}

impl Desk<'_> {
    pub(super) fn describe(&self, said: &Description) -> Result<Vec<Event>, Refusal> {
        self.is_author("say something else about it")?;
        self.is_open()?;
        may_say(said, self.facts)?;
        Ok(self.follow(vec![Event::Described { said: said.clone() }]))
    }

    pub(super) fn plan(&self, plan: &Planned) -> Result<Vec<Event>, Refusal> {
        self.may_act()?;
        self.can(Happening::Planned)?;
        if let Some(known) = self.state.plan.as_ref().filter(|known| known.hash == plan.hash) {
            let text = format!("`{}` has this plan already ({})", self.name, short(&known.hash));
            return Err(Refusal::new("plan-known", text).passes_if("the plan is another one"));
        }
        if let Some(known) = &self.state.plan
            && plan.generation < known.generation
        {
            let text = format!(
                "the plan is of generation {}, and `{}` has one of generation {}",
                plan.generation, self.name, known.generation
            );
            return Err(
                Refusal::new("plan-older", text).passes_if("it is planned on top of that one")
            );
        }
        Ok(vec![Event::Planned { plan: plan.clone() }])
    }

    pub(super) fn submit(&self) -> Result<Vec<Event>, Refusal> {
        self.may_act()?;
        self.can(Happening::Submitted)?;
        if self.state.plan.as_ref().is_some_and(|plan| plan.steps == 0) {
            let text =
                format!("the plan of `{}` has no step: there is nothing to approve", self.name);
            return Err(Refusal::new("nothing-to-do", text)
                .passes_if("it is planned again and finds something to do; or abandon it"));
        }
        let verdict = self.verdict_of(self.state);
        let submitted = Event::Submitted {
            decision_types: verdict.decision_types.clone(),
            asked: parties(&verdict, NeedKind::Approve),
            consulted: parties(&verdict, NeedKind::Consult),
            informed: parties(&verdict, NeedKind::Inform),
        };
        Ok(self.follow(vec![submitted]))
    }

    pub(super) fn abandon(&self, reason: Option<&Text>) -> Result<Vec<Event>, Refusal> {
        self.can(Happening::Abandoned)?;
        let council = &self.facts.council;
        council.actor_works_here()?;
        if council.actor != self.state.author {
            council.actor_has_a_say(None)?;
        }
        Ok(vec![Event::Abandoned { reason: reason.cloned() }])
    }
}

fn parties(verdict: &Verdict, kind: NeedKind) -> Vec<String> {
    let needed = verdict.needed.iter().filter(|need| need.kind == kind);
    needed.map(|need| need.party.clone()).collect()
}

/// As many digits as people compare.
pub(super) fn short(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}
