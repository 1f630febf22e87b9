//! What may be done about a decision, stage by stage.

use playbook::Typed;

use super::super::{Facts, Refusal};
use super::eligible::seat_title;
use super::{
    Command, Event, Outcome, Position, Proposal, Stage, State, for_decision, may_vote, verdict,
};
use crate::kinds::{Decision, Status};
use crate::text::Text;

/// Carries out a command about the decision `name`, or says why not.
///
/// # Errors
/// Refuses what the stage, the actor or the text does not allow.
pub fn decide(
    state: &State,
    name: &str,
    command: &Command,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let Some(decision) = facts.model.get::<Decision>(name) else {
        return Err(Refusal::new("no-decision", format!("there is no decision `{name}`"))
            .passes_if("its file is in the playbook"));
    };
    let desk = Desk { state, decision, facts };
    let mut events = match command {
        Command::Propose {} => desk.propose()?,
        Command::Vote { seat, position, reason, digest } => {
            desk.vote(seat, *position, reason.as_ref(), digest.as_deref())?
        }
        Command::AnswerObjection { seat, text } => desk.answer(seat, text)?,
        Command::Advise { party, text } => desk.advise(party, text.as_ref())?,
        Command::Withdraw { reason } => desk.withdraw(reason.as_ref())?,
        Command::Reject { reason } => return desk.reject(reason.as_ref()),
        Command::Settle {} => return desk.settle(),
        Command::Supersede { by } => return desk.supersede(by),
        Command::Expire {} => return desk.expire(),
    };
    let mut after = state.clone();
    events.iter().for_each(|event| after.apply(event, facts.now));
    events.extend(desk.brought_by(&after));
    Ok(events)
}

/// Everything that deciding needs: the state, the text, the world.
struct Desk<'a> {
    state: &'a State,
    decision: Typed<'a, Decision>,
    facts: &'a Facts<'a>,
}

impl Desk<'_> {
    fn name(&self) -> &str {
        self.decision.name()
    }

    /// The proposal that is open, with the text that it was made with.
    fn open(&self) -> Result<&Proposal, Refusal> {
        let name = self.name();
        let stage = self.state.stage;
        let Some(proposal) = self.state.proposal.as_ref().filter(|_| stage.is_open()) else {
            let code = if stage == Stage::Draft { "not-proposed" } else { "decision-closed" };
            let reason = match &self.state.successor {
                Some(by) => format!("`decision/{name}` was superseded by `decision/{by}`"),
                None if stage == Stage::Draft => {
                    format!("`decision/{name}` has not been proposed")
                }
                None => format!("`decision/{name}` is {} already", stage.word()),
            };
            return Err(Refusal::new(code, reason).passes_if("it is proposed first"));
        };
        Ok(proposal)
    }

    /// The open proposal, when the text has not changed since.
    fn unchanged(&self) -> Result<&Proposal, Refusal> {
        let proposal = self.open()?;
        if proposal.digest == self.decision.digest() {
            return Ok(proposal);
        }
        let reason = "the text changed after it was proposed; votes for the old text are void";
        Err(Refusal::new("text-changed", reason)
            .passes_if(format!("`{}` proposes the text as it stands", proposal.author)))
    }

    fn is_author(&self, proposal: &Proposal, deed: &str) -> Result<(), Refusal> {
        self.facts.actor_works_here()?;
        let (author, actor) = (&proposal.author, self.facts.actor);
        if actor == author {
            return Ok(());
        }
        // When the author has left, somebody at the table has to be able to clear up.
        if !self.facts.roster().works_here(author) {
            return self.facts.actor_has_a_say(None);
        }
        Err(Refusal::new("not-author", format!("only its author, `{author}`, can {deed}"))
            .passes_if(format!("`{author}` does it")))
    }

    fn propose(&self) -> Result<Vec<Event>, Refusal> {
        let digest = self.decision.digest();
        self.may_be_proposed(&digest)?;
        self.facts.actor_works_here()?;
        let actor = self.facts.actor;
        let author = self.decision.author.as_ref().map_or(actor, |author| author.name());
        if author != actor && self.facts.roster().works_here(author) {
            let reason = format!("`{author}` wrote it, and `{actor}` is somebody else");
            return Err(Refusal::new("not-author", reason)
                .passes_if(format!("`{author}` proposes it"))
                .passes_if(format!("its front matter says `author: {actor}`")));
        }
        if self.decision.madr.outcome.is_none() {
            return Err(Refusal::new("no-outcome", "the text has no decision outcome to vote on")
                .passes_if("it has a section `## Decision Outcome`"));
        }
        let (decision_type, panel) = for_decision(self.decision, self.facts)?;
        Ok(vec![Event::Proposed { decision_type, digest, author: author.to_owned(), panel }])
    }

    fn may_be_proposed(&self, digest: &str) -> Result<(), Refusal> {
        let name = self.name();
        let same = self.state.proposal.as_ref().is_some_and(|proposal| proposal.digest == digest);
        let closed = |code, reason: String, condition: &str| {
            Err(Refusal::new(code, reason).passes_if(condition.to_owned()))
        };
        match self.state.stage {
            Stage::Draft => match self.decision.file_status() {
                Status::Draft | Status::Proposed | Status::Consulted => Ok(()),
                status @ (Status::Accepted
                | Status::Rejected
                | Status::Withdrawn
                | Status::Deprecated
                | Status::Superseded { .. }
                | Status::Expired) => closed(
                    "decision-closed",
                    format!("the file says that `decision/{name}` is {status} already"),
                    "its status is `proposed`",
                ),
            },
            Stage::Proposed | Stage::Consulted if same => closed(
                "already-proposed",
                format!("`decision/{name}` is proposed already, with the same text"),
                "the text changes",
            ),
            Stage::Rejected if same => closed(
                "decision-closed",
                format!("`decision/{name}` was rejected with the same text"),
                "the text changes",
            ),
            Stage::Proposed
            | Stage::Consulted
            | Stage::Rejected
            | Stage::Withdrawn
            | Stage::Expired => Ok(()),
            stage @ (Stage::Accepted | Stage::Superseded) => closed(
                "decision-closed",
                format!("`decision/{name}` is {} already", stage.word()),
                "a new decision supersedes it",
            ),
        }
    }

    fn vote(
        &self,
        seat: &str,
        position: Position,
        reason: Option<&Text>,
        read: Option<&str>,
    ) -> Result<Vec<Event>, Refusal> {
        let seat = seat.strip_prefix("seat/").unwrap_or(seat);
        let proposal = self.unchanged()?;
        if read.is_some_and(|read| read != proposal.digest) {
            let reason = "the text that was read is not the one that is proposed now";
            return Err(Refusal::new("text-changed", reason)
                .passes_if("the vote is for the text as it stands: read it again"));
        }
        let capacity = may_vote(self.state, seat, self.facts)?;
        let title = seat_title(self.facts.model, seat);
        match position {
            Position::Object if reason.is_none_or(Text::is_blank) => {
                return Err(Refusal::new("no-reason", "an objection needs a reason")
                    .passes_if("it says what would have to change"));
            }
            Position::Delegate => self.may_delegate(seat, &title, capacity)?,
            Position::Agree | Position::Abstain | Position::Object => {}
        }
        let last = self.state.votes.get(seat);
        let repeats = last.is_some_and(|last| {
            let answered = last.answer.is_some();
            last.person == self.facts.actor
                && last.position == position
                && last.reason.as_ref() == reason
                && !answered
        });
        if repeats {
            return Err(Refusal::new("voted-already", format!("{title} has said that already"))
                .passes_if("the vote says something else"));
        }
        Ok(vec![Event::Voted {
            seat: seat.to_owned(),
            person: self.facts.actor.to_owned(),
            position,
            reason: reason.filter(|text| !text.is_blank()).cloned(),
            digest: proposal.digest.clone(),
        }])
    }

    fn may_delegate(
        &self,
        seat: &str,
        title: &str,
        capacity: super::Capacity,
    ) -> Result<(), Refusal> {
        let found = self.facts.model.get::<org::kinds::Seat>(seat);
        let backup = found.and_then(|seat| seat.spec.backup.as_ref());
        match (capacity, backup) {
            (super::Capacity::Backup, _) => {
                Err(Refusal::new("backup-delegates", "a backup cannot delegate further")
                    .passes_if("the backup votes, or the primary does"))
            }
            (super::Capacity::Primary, None) => {
                Err(Refusal::new("no-backup", format!("{title} has no backup to delegate to"))
                    .passes_if("the playbook names a backup"))
            }
            (super::Capacity::Primary, Some(backup)) => {
                if self.facts.roster().works_here(backup.name()) {
                    return Ok(());
                }
                let reason = format!("the backup of {title}, `{}`, is not here", backup.name());
                Err(Refusal::new("no-backup", reason)
                    .passes_if("the playbook names a backup who is"))
            }
        }
    }

    fn answer(&self, seat: &str, text: &Text) -> Result<Vec<Event>, Refusal> {
        let seat = seat.strip_prefix("seat/").unwrap_or(seat);
        let proposal = self.unchanged()?;
        self.is_author(proposal, "answer objections")?;
        let objects = self
            .state
            .votes
            .get(seat)
            .is_some_and(|vote| vote.position == Position::Object && vote.answer.is_none());
        if !objects {
            let title = seat_title(self.facts.model, seat);
            let reason = format!("{title} has no objection that waits for an answer");
            return Err(Refusal::new("no-objection", reason).passes_if("that seat objects"));
        }
        if text.is_blank() {
            return Err(Refusal::new("no-reason", "the answer is empty")
                .passes_if("it says how the objection is met"));
        }
        Ok(vec![Event::ObjectionAnswered { seat: seat.to_owned(), text: text.clone() }])
    }

    fn advise(&self, party: &str, text: Option<&Text>) -> Result<Vec<Event>, Refusal> {
        let proposal = self.open()?;
        let asked = &proposal.panel.consulted;
        if !asked.iter().any(|one| one == party) {
            let list = asked.iter().map(|one| format!("`{one}`")).collect::<Vec<_>>().join(", ");
            let refusal = Refusal::new("not-asked", format!("`{party}` was not asked"));
            return Err(if asked.is_empty() {
                refusal.passes_if("its decision type or RACI area consults somebody")
            } else {
                refusal.passes_if(format!("the advice is given for one of {list}"))
            });
        }
        self.facts.actor_works_here()?;
        if !self.facts.speaks_for(party, self.facts.actor) {
            let reason = format!("`{}` does not speak for `{party}`", self.facts.actor);
            return Err(Refusal::new("not-holder", reason).passes_if("one of its holders does it"));
        }
        Ok(vec![Event::Consulted {
            party: party.to_owned(),
            person: self.facts.actor.to_owned(),
            text: text.filter(|text| !text.is_blank()).cloned(),
        }])
    }

    fn withdraw(&self, reason: Option<&Text>) -> Result<Vec<Event>, Refusal> {
        let proposal = self.open()?;
        self.is_author(proposal, "withdraw it")?;
        Ok(vec![Event::Withdrawn { reason: reason.cloned() }])
    }

    fn reject(&self, reason: Option<&Text>) -> Result<Vec<Event>, Refusal> {
        let proposal = self.open()?;
        self.facts.actor_works_here()?;
        let votes = proposal.panel.must_agree.iter();
        let actor = self.facts.actor;
        let on_panel = votes.clone().any(|seat| self.facts.speaks_for(seat, actor));
        if !on_panel && actor != proposal.author {
            let reason = format!("`{actor}` neither wrote it nor has a vote on it");
            return Err(Refusal::new("no-say", reason)
                .passes_if("its author or a seat of its panel does it"));
        }
        let judged =
            verdict(self.state, Some(self.decision.spec), self.facts.model, self.facts.now);
        if judged.outcome != Outcome::Blocked {
            let refusal = Refusal {
                reasons: judged.reasons,
                ..Refusal::new("not-blocked", "it can still be accepted")
            };
            return Err(refusal.passes_if("a seat objects").passes_if("its author withdraws it"));
        }
        Ok(vec![Event::Rejected { reasons: judged.reasons, reason: reason.cloned() }])
    }

    /// What time and votes have brought to a state: the end of the consultation, and acceptance.
    fn brought_by(&self, state: &State) -> Vec<Event> {
        if !state.stage.is_open() {
            return Vec::new();
        }
        let judged = verdict(state, Some(self.decision.spec), self.facts.model, self.facts.now);
        let mut events = Vec::new();
        let (asked, over) = match &state.proposal {
            Some(proposal) => (
                !proposal.panel.consulted.is_empty(),
                proposal.panel.consult_until.is_none_or(|until| until <= self.facts.now)
                    || judged.awaited.is_empty(),
            ),
            None => (false, false),
        };
        if state.stage == Stage::Proposed && asked && over && judged.outcome != Outcome::Void {
            events.push(Event::ConsultationClosed {});
        }
        if judged.outcome == Outcome::Accept {
            events.push(Event::Accepted { reasons: judged.reasons });
        }
        events
    }

    fn settle(&self) -> Result<Vec<Event>, Refusal> {
        self.unchanged()?;
        let events = self.brought_by(self.state);
        if !events.is_empty() {
            return Ok(events);
        }
        let judged =
            verdict(self.state, Some(self.decision.spec), self.facts.model, self.facts.now);
        let refusal = Refusal { reasons: judged.reasons, ..Refusal::new("nothing-due", "") };
        Err(match judged.next_change_at {
            Some(at) => refusal.passes_if(format!("it is done at {at} or later")),
            None => refusal.passes_if("somebody votes"),
        })
    }

    fn in_force(&self) -> Result<(), Refusal> {
        let standing = match self.state.stage {
            Stage::Draft => Stage::from(&self.decision.file_status()),
            stage => stage,
        };
        if standing == Stage::Accepted {
            return Ok(());
        }
        let name = self.name();
        let reason = format!("`decision/{name}` is not in force: it is {}", standing.word());
        Err(Refusal::new("not-in-force", reason).passes_if("it is accepted"))
    }

    fn supersede(&self, by: &str) -> Result<Vec<Event>, Refusal> {
        self.in_force()?;
        let name = self.name();
        let successor = self.facts.model.get::<Decision>(by).ok_or_else(|| {
            Refusal::new("no-decision", format!("there is no decision `{by}`"))
                .passes_if("its file is in the playbook")
        })?;
        if !successor.supersedes.iter().any(|old| old.name() == name) {
            let reason = format!("`decision/{by}` does not say that it supersedes this one");
            return Err(Refusal::new("not-superseding", reason)
                .passes_if(format!("its front matter has `supersedes: [{name}]`")));
        }
        if self.facts.record.decision_stage(self.facts.model, by) != Stage::Accepted {
            return Err(Refusal::new("not-in-force", format!("`decision/{by}` is not accepted"))
                .passes_if("it is accepted first"));
        }
        Ok(vec![Event::Superseded { by: by.to_owned() }])
    }

    fn expire(&self) -> Result<Vec<Event>, Refusal> {
        self.in_force()?;
        if !self.facts.is_itself() {
            self.facts.actor_has_a_say(None)?;
        }
        let today = self.facts.today();
        match &self.decision.review_by {
            Some(review) if review.value < today => {
                let reason =
                    format!("its review was due on {}, and nobody renewed it", review.value);
                Ok(vec![Event::Expired { reasons: vec![reason] }])
            }
            Some(review) => {
                let reason = format!("its review is due on {}, not before", review.value);
                Err(Refusal::new("not-due", reason).passes_if("the review date has passed"))
            }
            None => Err(Refusal::new("not-due", "it has no review date")
                .passes_if("its front matter has `review_by`")),
        }
    }
}
