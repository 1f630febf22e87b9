//! Judging one plan on several processors.
//!
//! Nobody waits for a processor that is busy with something else: a share that no other thread has begun is judged by the one
//! that asked, as if there were no others.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};

use super::{Found, Guardrails, Rule, Share, with};
use crate::fault::Fault;

/// One plan, judged by several.
struct Work {
    rules: Arc<[Rule]>,
    shares: Arc<[Share]>,
    input: serde_json::Value,
    /// The rules that no exception lets pass.
    judged: BTreeSet<usize>,
    /// Which shares somebody has begun.
    begun: Vec<AtomicBool>,
}

/// What the rules of a plan found, by their number.
pub(super) fn judge(
    guardrails: &Guardrails,
    input: serde_json::Value,
    judged: BTreeSet<usize>,
) -> BTreeMap<usize, Found> {
    let (rules, shares) = (guardrails.rules.clone(), guardrails.shares.clone());
    let begun = shares.iter().map(|_| AtomicBool::new(false)).collect();
    let work = Arc::new(Work { rules, shares, input, judged, begun });
    let (sender, answers) = channel();
    for number in 1..work.shares.len() {
        let (work, sender) = (work.clone(), sender.clone());
        rayon::spawn(move || work.begin(number, &sender));
    }
    for number in 0..work.shares.len() {
        work.begin(number, &sender);
    }
    drop(sender);
    let mut found = BTreeMap::new();
    let mut silent: BTreeSet<usize> = (0..work.shares.len()).collect();
    // A thread that begins too late finds nothing to do; one that is judging is waited for.
    while !silent.is_empty() {
        let Ok((number, answer)) = answers.recv() else { break };
        silent.remove(&number);
        merge(&mut found, answer);
    }
    for share in silent.into_iter().filter_map(|number| work.shares.get(number)) {
        let stopped = || Err(Fault::of_file("", "the engine stopped"));
        merge(&mut found, share.rules.iter().map(|at| (*at, stopped())).collect());
    }
    found
}

impl Work {
    /// Judges a share, unless somebody else does.
    fn begin(&self, number: usize, answers: &Sender<(usize, Vec<(usize, Found)>)>) {
        let (Some(share), Some(begun)) = (self.shares.get(number), self.begun.get(number)) else {
            return;
        };
        if begun.swap(true, Ordering::Relaxed) {
            return;
        }
        let mut engine = with(&share.engine, &self.input);
        let rules = share.rules.iter().filter(|at| self.judged.contains(at));
        let rules = rules.filter_map(|at| Some((*at, self.rules.get(*at)?)));
        let found = rules.map(|(at, rule)| (at, rule.found(&mut engine))).collect();
        // Whoever asked is gone only if it panicked.
        let _gone = answers.send((number, found));
    }
}

/// Puts together what shares found of the same rule; one that could not judge it outweighs the others.
fn merge(all: &mut BTreeMap<usize, Found>, more: Vec<(usize, Found)>) {
    for (at, found) in more {
        match (all.get_mut(&at), found) {
            (Some(Ok(known)), Ok(found)) => known.extend(found),
            (Some(Err(_)), _) => {}
            (Some(Ok(_)) | None, found) => {
                all.insert(at, found);
            }
        }
    }
}
