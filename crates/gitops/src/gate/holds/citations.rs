//! A change must not rest on a decision that is not in force.

use governance::kinds::Decision;
use governance::record::decision::Stage;

use crate::gate::{Bench, Reason};

pub(super) fn hold(bench: &Bench<'_>) -> Vec<Reason> {
    bench.subject.said.cites.iter().filter_map(|name| judge(bench, name)).collect()
}

fn judge(bench: &Bench<'_>, name: &str) -> Option<Reason> {
    let Some(decision) = bench.model.get::<Decision>(name) else {
        return Some(Reason::deny(
            "decision-unknown",
            format!("it cites `decision/{name}`, which is not in the playbook"),
            "it cites a decision that is",
        ));
    };
    let name = decision.name();
    let council = &bench.facts.council;
    let stage = council.decision_stage(bench.model, name);
    let cites = |code: &str, is: &str, would: String| {
        Some(Reason::deny(code, format!("it cites `decision/{name}`, which {is}"), would))
    };
    match stage {
        Stage::Accepted => None,
        Stage::Superseded => {
            let successor = council.decision(name).successor.clone();
            let would = match successor.or_else(|| named_successor(bench, name)) {
                Some(by) => format!("it cites `decision/{by}` and still makes sense"),
                None => "it cites the decision that replaced it".to_owned(),
            };
            cites("decision-superseded", "was superseded", would)
        }
        Stage::Draft | Stage::Proposed | Stage::Consulted => Some(Reason::wait(
            "decision-open",
            format!("it cites `decision/{name}`, which is still {}", stage.word()),
            "the council accepts the decision",
        )),
        Stage::Rejected | Stage::Withdrawn | Stage::Expired => cites(
            "decision-not-in-force",
            &format!("is {}", stage.word()),
            "it rests on a decision that is in force".to_owned(),
        ),
    }
}

/// Where the record is silent, the playbook may name the decision that supersedes this one.
fn named_successor(bench: &Bench<'_>, name: &str) -> Option<String> {
    let mut decisions = bench.model.all::<Decision>();
    let by = decisions.find(|it| it.spec.supersedes.iter().any(|old| old.name() == name))?;
    Some(by.name().to_owned())
}
