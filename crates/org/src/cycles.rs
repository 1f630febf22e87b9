//! Circles in a graph of names.

/// Where a walk stands: a node, and how many of its edges were followed.
struct Step {
    node: usize,
    followed: usize,
}

/// An edge that closes a circle: the node it leaves, its place among that node's edges, and the
/// circle in order, from the node that the edge leads back to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Circle<'n> {
    pub(crate) from: &'n str,
    pub(crate) edge: usize,
    pub(crate) path: Vec<&'n str>,
}

/// Finds every edge that closes a circle on a walk in depth, in the order of the nodes. Without any
/// of them the graph has no circle. Nodes must be in the order of their names, as a model hands them
/// out; edges to unknown nodes lead nowhere. Needs no stack, whatever the depth.
pub(crate) fn circles<'n>(nodes: &[(&'n str, Vec<&'n str>)]) -> Vec<Circle<'n>> {
    debug_assert!(nodes.is_sorted_by_key(|(name, _)| *name), "BUG: nodes must be in order");
    let find = |target: &str| nodes.binary_search_by_key(&target, |(name, _)| *name).ok();
    let mut on_path = vec![false; nodes.len()];
    let mut done = vec![false; nodes.len()];
    let mut found = Vec::new();
    for start in 0..nodes.len() {
        if done[start] {
            continue;
        }
        let mut path = vec![Step { node: start, followed: 0 }];
        on_path[start] = true;
        while let Some(step) = path.last_mut() {
            let (name, edges) = &nodes[step.node];
            let edge = step.followed;
            let Some(target) = edges.get(edge) else {
                on_path[step.node] = false;
                done[step.node] = true;
                path.pop();
                continue;
            };
            step.followed += 1;
            let Some(target) = find(target) else { continue };
            if on_path[target] {
                let begin = path.iter().position(|step| step.node == target).unwrap_or(0);
                let circle = path[begin..].iter().map(|step| nodes[step.node].0).collect();
                found.push(Circle { from: name, edge, path: circle });
            } else if !done[target] {
                on_path[target] = true;
                path.push(Step { node: target, followed: 0 });
            }
        }
    }
    found
}

/// A circle as people read it: "`a` → `b` → `a`".
pub(crate) fn phrase(path: &[&str]) -> String {
    let names: Vec<_> = path.iter().chain(path.first()).map(|name| format!("`{name}`")).collect();
    names.join(" → ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(graph: &[(&'static str, &[&'static str])], expected: &[&str]) {
        let nodes: Vec<_> = graph.iter().map(|(name, edges)| (*name, edges.to_vec())).collect();
        let found = circles(&nodes);
        let found: Vec<_> = found.iter().map(|circle| phrase(&circle.path)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn circles_are_named_and_trees_are_none() {
        check(&[("a", &["b", "c"]), ("b", &["c"]), ("c", &["x"])], &[]);
        check(&[("a", &["a"])], &["`a` → `a`"]);
        check(&[("a", &["b"]), ("b", &["c"]), ("c", &["b"])], &["`b` → `c` → `b`"]);
        check(&[("a", &["b"]), ("b", &["a"]), ("c", &["a"])], &["`a` → `b` → `a`"]);
    }

    #[test]
    fn a_chain_of_a_hundred_thousand_needs_no_stack() {
        let names: Vec<String> = (0..100_000).map(|number| format!("n{number:06}")).collect();
        let next = names.iter().skip(1).chain(names.first());
        let nodes: Vec<_> = names
            .iter()
            .zip(next)
            .map(|(name, next)| (name.as_str(), vec![next.as_str()]))
            .collect();
        assert_eq!(circles(&nodes)[0].path.len(), 100_000);
    }
}
