//! The active set: the decisions that are in force, by type.

use schemars::JsonSchema;
use serde::Serialize;

use super::{DecisionRow, PartyRef, Reading, decisions};
use crate::record::decision::Stage;

/// The decisions that are in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ActiveSet {
    /// By type, in the order of their names; those without a type last.
    pub groups: Vec<TypeGroup>,
}

/// The decisions of one type that are in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TypeGroup {
    /// The type.
    pub decision_type: Option<PartyRef>,
    /// Its decisions, newest first.
    pub decisions: Vec<DecisionRow>,
}

/// Groups what is in force.
pub fn active_set(reading: &Reading<'_>) -> ActiveSet {
    let mut groups: Vec<TypeGroup> = Vec::new();
    let rows = decisions(reading).rows.into_iter().filter(|row| row.stage == Stage::Accepted);
    for row in rows {
        match groups.iter_mut().find(|group| group.decision_type == row.decision_type) {
            Some(group) => group.decisions.push(row),
            None => groups
                .push(TypeGroup { decision_type: row.decision_type.clone(), decisions: vec![row] }),
        }
    }
    groups.sort_by(|left, right| {
        let order =
            |group: &TypeGroup| (group.decision_type.is_none(), group.decision_type.clone());
        order(left).cmp(&order(right))
    });
    ActiveSet { groups }
}
