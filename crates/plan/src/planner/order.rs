//! Drafts → steps, numbered so that everything comes after what it depends on, and destroys come last.
//!
//! Where the dependencies leave a choice, names decide: the same drafts always give the same numbers.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use rayon::prelude::*;

use super::draft::Draft;
use crate::held::{Held, Reason};
use crate::observed::Observations;
use crate::resource::ResourceId;
use crate::step::{Step, StepId};

/// Numbers the drafts; what depends on itself by way of others is held.
pub(super) fn order(
    drafts: BTreeMap<ResourceId, Box<Draft<'_>>>,
    observed: &Observations,
) -> (Vec<Step>, Vec<Held>) {
    let nodes: Vec<(ResourceId, Box<Draft<'_>>)> = drafts.into_iter().collect();
    let graph = Graph::of(&nodes, observed);
    let sorted = graph.sort(|node| nodes[node].1.is_destroy());
    let held = graph.held(&nodes, &sorted);
    let mut number = vec![None; nodes.len()];
    for (node, id) in sorted.iter().zip(1..) {
        number[*node] = Some(StepId(id));
    }
    let carriers: Vec<Option<StepId>> =
        nodes.iter().map(|(_, draft)| number[place(&nodes, draft.carried_by.as_ref()?)?]).collect();
    let mut slots: Vec<Option<(ResourceId, Box<Draft<'_>>)>> =
        nodes.into_iter().map(Some).collect();
    let steps = sorted.iter().filter_map(|&node| {
        let (id, draft) = slots[node].take()?;
        let mut depends_on: Vec<StepId> =
            graph.before[node].iter().filter_map(|&before| number[before]).collect();
        depends_on.sort_unstable();
        Some(step(number[node]?, id, *draft, (depends_on, carriers[node])))
    });
    (steps.collect(), held)
}

fn step(
    id: StepId,
    resource: ResourceId,
    draft: Draft<'_>,
    (depends_on, carried_by): (Vec<StepId>, Option<StepId>),
) -> Step {
    Step {
        id,
        resource,
        action: draft.action,
        fields: draft.fields,
        payload: draft.payload,
        undo: draft.undo,
        disruptive: draft.disruptive,
        failure_domain: draft.failure_domain,
        depends_on,
        carried_by,
        reverts: draft.reverts,
        labels: draft.labels,
        cost_delta: draft.cost_delta,
        quota_delta: draft.quota_delta,
    }
}

fn place(nodes: &[(ResourceId, Box<Draft<'_>>)], id: &ResourceId) -> Option<usize> {
    nodes.binary_search_by(|(other, _)| other.cmp(id)).ok()
}

/// What comes before and after what, by place in the list of drafts.
struct Graph {
    before: Vec<Vec<usize>>,
    after: Vec<Vec<usize>>,
}

impl Graph {
    fn of(nodes: &[(ResourceId, Box<Draft<'_>>)], observed: &Observations) -> Self {
        let edges: Vec<(usize, usize)> = nodes
            .par_iter()
            .enumerate()
            .flat_map_iter(|(node, (id, draft))| {
                let on = draft.waits_for.iter().filter_map(|id| place(nodes, id));
                let waits = on.map(move |other| (other, node));
                // What is taken away goes before what it stood on.
                let marks = draft.is_destroy().then(|| observed.marks(id)).flatten();
                let on = marks.into_iter().flat_map(|marks| &marks.depends_on);
                let on = on.filter_map(|id| place(nodes, id));
                let on = on.filter(|&other| nodes[other].1.is_destroy());
                on.map(move |other| (node, other)).chain(waits)
            })
            .collect();
        let mut graph =
            Self { before: vec![Vec::new(); nodes.len()], after: vec![Vec::new(); nodes.len()] };
        for (first, then) in edges {
            graph.before[then].push(first);
            graph.after[first].push(then);
        }
        graph
    }

    /// All nodes that are in no circle and wait for none, those that are `last` at the end.
    fn sort(&self, last: impl Fn(usize) -> bool) -> Vec<usize> {
        let mut waiting: Vec<usize> = self.before.iter().map(Vec::len).collect();
        let mut ready: BinaryHeap<Reverse<(bool, usize)>> = (0..waiting.len())
            .filter(|&node| waiting[node] == 0)
            .map(|node| Reverse((last(node), node)))
            .collect();
        let mut sorted = Vec::with_capacity(waiting.len());
        while let Some(Reverse((_, node))) = ready.pop() {
            sorted.push(node);
            for &next in &self.after[node] {
                waiting[next] -= 1;
                if waiting[next] == 0 {
                    ready.push(Reverse((last(next), next)));
                }
            }
        }
        sorted
    }

    /// Names what could not be sorted: the circles, and what waits for one.
    fn held(&self, nodes: &[(ResourceId, Box<Draft<'_>>)], sorted: &[usize]) -> Vec<Held> {
        let mut stuck = vec![true; nodes.len()];
        for &node in sorted {
            stuck[node] = false;
        }
        let circle = self.circles(&stuck);
        let name = |node: usize| format!("`{}`", nodes[node].0);
        (0..nodes.len())
            .filter(|&node| stuck[node])
            .map(|node| {
                let (reason, text) = if circle[node] {
                    let path: Vec<String> =
                        self.walk(node, &circle).into_iter().map(name).collect();
                    let text =
                        format!("it depends on itself: {}; break the circle", path.join(" → "));
                    (Reason::DependencyCycle, text)
                } else {
                    let text = "it depends on resources that depend on each other; see there";
                    (Reason::DependencyHeld, text.to_owned())
                };
                let (id, draft) = &nodes[node];
                Held { resource: id.clone(), would: Some(draft.action), reason, text }
            })
            .collect()
    }

    /// Of the stuck nodes, those that something stuck waits for, again and again: what is left are circles.
    fn circles(&self, stuck: &[bool]) -> Vec<bool> {
        let mut circle = stuck.to_vec();
        let waited_for = |circle: &[bool], node: usize| self.after[node].iter().any(|&n| circle[n]);
        let mut queue: Vec<usize> = (0..circle.len()).collect();
        while let Some(node) = queue.pop() {
            if circle[node] && !waited_for(&circle, node) {
                circle[node] = false;
                queue.extend(self.before[node].iter().filter(|&&before| circle[before]));
            }
        }
        circle
    }

    /// One way round the circle, from a node until a node comes again.
    fn walk(&self, from: usize, circle: &[bool]) -> Vec<usize> {
        let mut path = vec![from];
        let mut node = from;
        while let Some(&next) = self.before[node].iter().find(|&&before| circle[before]) {
            path.push(next);
            if path.iter().filter(|&&seen| seen == next).count() > 1 {
                break;
            }
            node = next;
        }
        path
    }
}
