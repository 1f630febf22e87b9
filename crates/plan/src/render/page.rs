//! Drill-down: the steps behind a figure, page by page.

use serde::{Deserialize, Serialize};

use crate::plan::Plan;
use crate::step::{Action, Step, StepId};

/// Most steps on a page: what a browser shows without stuttering, and a terminal without scrolling for ever.
pub const MAX_PAGE: usize = 500;

/// Which steps to show.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Filter {
    /// Only this action.
    pub action: Option<Action>,
    /// Only those that cannot be taken back.
    pub irreversible: bool,
    /// Only those that interrupt somebody.
    pub disruptive: bool,
    /// Only those with this label, such as `service`, …
    pub label: Option<String>,
    /// … and this value; without one, those that lack the label.
    pub value: Option<String>,
    /// Only those whose resource holds this text.
    pub text: Option<String>,
}

impl Filter {
    /// Whether a step is to be shown.
    #[must_use]
    pub fn admits(&self, step: &Step) -> bool {
        self.action.is_none_or(|action| step.action == action)
            && (!self.irreversible || !step.is_reversible())
            && (!self.disruptive || step.disruptive)
            && self.label.as_ref().is_none_or(|label| step.labels.get(label) == self.value.as_ref())
            && self.text.as_ref().is_none_or(|text| step.resource.to_string().contains(text))
    }
}

/// Some steps of a plan.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Page {
    /// The steps, in the plan's order.
    pub steps: Vec<Step>,
    /// How many steps the filter admits in the whole plan.
    pub all: usize,
    /// Where the next page begins; none if this is the last.
    pub next: Option<StepId>,
}

/// Shows up to `limit` steps (at most [`MAX_PAGE`]) from `from` on.
#[must_use]
pub fn page(plan: &Plan, filter: &Filter, from: Option<StepId>, limit: usize) -> Page {
    let admitted: Vec<&Step> = plan.steps().iter().filter(|step| filter.admits(step)).collect();
    let mut rest = admitted.iter().filter(|step| from.is_none_or(|from| step.id >= from));
    let steps = rest.by_ref().take(limit.clamp(1, MAX_PAGE)).map(|step| (*step).clone()).collect();
    Page { steps, all: admitted.len(), next: rest.next().map(|step| step.id) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planner::{Terms, plan};
    use crate::testing::{Estate, desired, noon};

    #[test]
    fn pages_together_are_the_plan_and_a_filter_counts_all_that_it_admits() {
        let wanted: Vec<_> = (0..25)
            .map(|number| {
                let service = if number % 2 == 0 { "web" } else { "lab" };
                desired(&format!("v{number:02}"), 1).label("service", service)
            })
            .collect();
        let there = Estate::default().observe(&["lab"]);
        let plan = plan(None, &wanted, &there, &Terms::new("r", noon()));
        let (mut seen, mut from) = (Vec::new(), None);
        loop {
            let page = page(&plan, &Filter::default(), from, 10);
            assert_eq!(page.all, 25);
            seen.extend(page.steps);
            from = page.next;
            if from.is_none() {
                break;
            }
        }
        assert_eq!(seen, plan.steps());
        let filter = Filter {
            label: Some("service".to_owned()),
            value: Some("web".to_owned()),
            text: Some("v1".to_owned()),
            ..Filter::default()
        };
        let page = page(&plan, &filter, None, 3);
        assert_eq!((page.all, page.steps.len(), page.next), (5, 3, Some(StepId(17))));
    }
}
