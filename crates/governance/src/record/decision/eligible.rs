//! Who may vote for a seat, judged at the moment of the vote.

use org::Standing;
use org::kinds::Seat;
use playbook::{Model, Ref};

use super::super::{Facts, Refusal};
use super::State;

/// In which capacity somebody votes for a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Capacity {
    /// As the primary.
    Primary,
    /// As the backup, for a primary who is not there or left the vote to them.
    Backup,
}

/// Says in which capacity the actor may vote for a seat.
///
/// # Errors
/// When they may not, with whose vote it is.
pub fn may_vote(state: &State, seat: &str, facts: &Facts<'_>) -> Result<Capacity, Refusal> {
    let panel = state.proposal.as_ref().map(|proposal| &proposal.panel);
    let voters = panel.map_or(&[][..], |panel| &panel.must_agree);
    if !voters.iter().any(|name| name == seat) {
        let list = voters.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        return Err(Refusal::new("no-vote", format!("the seat `{seat}` has no vote on it"))
            .passes_if(format!("the vote is for one of {list}")));
    }
    let Some(found) = facts.model.get::<Seat>(seat) else {
        return Err(Refusal::new("no-seat", format!("there is no seat `{seat}` any more"))
            .passes_if("the decision is proposed again, to the seats that exist now"));
    };
    let roster = facts.roster();
    if !roster.is_active(&found) {
        let condition = found.active_when.as_ref().map_or("", |name| name.as_str());
        let reason = format!("the seat `{seat}` is at the table only while `{condition}` holds");
        return Err(Refusal::new("inactive-seat", reason)
            .passes_if(format!("the organization's condition `{condition}` is true")));
    }
    facts.actor_works_here()?;
    let is = |holder: &Option<Ref<_>>| holder.as_ref().is_some_and(|it| it.name() == facts.actor);
    if is(&found.primary) {
        return Ok(Capacity::Primary);
    }
    let stands_in = roster.seat(found).standing == Standing::Backup;
    if is(&found.backup) && (stands_in || state.delegated.contains(seat)) {
        return Ok(Capacity::Backup);
    }
    Err(not_the_holder(seat, facts))
}

fn not_the_holder(seat: &str, facts: &Facts<'_>) -> Refusal {
    let found = facts.model.get::<Seat>(seat).expect("BUG: the seat was found before");
    let primary = found.primary.as_ref().map(Ref::name);
    let actor = facts.actor;
    match primary {
        Some(primary) if found.backup.as_ref().is_some_and(|it| it.name() == actor) => {
            let reason = format!("`{actor}` is the backup of `{seat}`, and `{primary}` is here");
            Refusal::new("not-holder", reason)
                .passes_if(format!("`{primary}` delegates the vote, or is away"))
        }
        Some(primary) => {
            Refusal::new("not-holder", format!("`{actor}` does not hold the seat `{seat}`"))
                .passes_if(format!("`{primary}` votes"))
        }
        None => Refusal::new("not-holder", format!("`{actor}` does not hold the seat `{seat}`"))
            .passes_if(format!("the playbook names `{actor}` as its primary or backup")),
    }
}

/// The name of a seat that people read.
pub(crate) fn seat_title(model: &Model, seat: &str) -> String {
    model.get::<Seat>(seat).map_or_else(|| seat.to_owned(), |found| found.title().to_owned())
}
