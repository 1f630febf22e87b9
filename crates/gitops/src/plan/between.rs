//! What merging would do: from what one state of the playbook wants to what another one wants.
//!
//! Needs no target and no network: what the base renders stands for what is there. Targets that only one of the two
//! declares are told honestly: a new one is taken to be empty, and one that goes is left as it is, because nobody looks
//! after it any more.

use std::collections::BTreeSet;

use ::plan::{Desired, Observations, Observed, PAYLOAD_FIELD, Plan, Terms};
use jiff::civil::Date;
use playbook::Model;

use super::artefact::Artefact;
use super::desired::{Rendered, Unrendered, desired};
use crate::kinds::Target;

/// Plans what the targets would become if they are as `base` wants them and `head` is merged.
///
/// # Errors
/// Everything that cannot be rendered from `head`. What cannot be rendered from `base` is unknown, and held back.
pub fn between(
    (base, head): (&Model, &Model),
    artefacts: &[Artefact],
    today: Date,
    terms: &Terms,
) -> Result<Plan, Vec<Unrendered>> {
    let wanted = desired(head, artefacts, today)?;
    let names: BTreeSet<&str> = head.all::<Target>().map(|target| target.name()).collect();
    let before = desired(base, artefacts, today);
    let mut observed = Observations::new();
    for name in &names {
        observed.extend(match &before {
            Ok(_) => Observations::complete(*name, terms.at),
            Err(_) => Observations::silent(
                *name,
                None,
                "what it has now cannot be rendered from the base of the change",
            ),
        });
    }
    let Rendered { desired: before, .. } = before.unwrap_or_default();
    for one in before.iter().filter(|one| names.contains(one.id.target.as_str())) {
        observed.insert(one.id.clone(), there(one, terms));
        observed.mark(one.id.clone(), one.marks.clone());
    }
    Ok(::plan::plan(None, &wanted.desired, &observed, terms))
}

/// What a target says that has it.
fn there(one: &Desired, terms: &Terms) -> Observed {
    let mut fields = one.fields.clone();
    let payload = one.payload.map(|payload| (PAYLOAD_FIELD.to_owned(), payload.to_string().into()));
    fields.extend(payload);
    Observed::Known { fields, at: terms.at }
}

#[cfg(test)]
mod tests {
    use playbook::Workspace;

    use super::*;
    use crate::plan::Unrenderable;
    use crate::testing::{council, noon};

    /// Renders what the organization's purpose says, so that a change of it is seen.
    const WORDS: Artefact = Artefact {
        name: "test/words",
        summary: "the names of all services",
        render: |model, _| {
            let names: Vec<&str> = model.of_slug("service").map(|it| &*it.id.name).collect();
            if names.contains(&"broken") {
                return Err(Unrenderable("it is broken; mend it".into()));
            }
            Ok(format!("services: [{}]\n", names.join(", ")).into_bytes())
        },
    };

    const LAB: &str = "Target/new: {via: {directory: {path: new}}, owner: net, \
         artefacts: [{name: test/words, to: words.yaml}]}";

    fn made(base: &Workspace, head: &Workspace) -> Result<Vec<String>, Vec<Unrendered>> {
        let terms = Terms::new("r1", noon());
        let today = jiff::civil::date(2026, 11, 23);
        let plan = between((base.model(), head.model()), &[WORDS], today, &terms)?;
        let step = |step: &::plan::Step| format!("{:?} {}", step.action, step.resource);
        let held = plan.report().iter().map(|held| format!("held {}", held.resource));
        Ok(plan.steps().iter().map(step).chain(held).collect())
    }

    #[test]
    fn merging_does_what_differs_between_the_two_and_nothing_else() {
        let (none, lab) = (council(""), council(LAB));
        let more = council(&format!("{LAB}\nService/shop: {{owner: seat/sre}}"));
        assert_eq!(made(&lab, &lab).unwrap(), [""; 0]);
        assert_eq!(made(&none, &lab).unwrap(), ["Create new/file/words.yaml"]);
        assert_eq!(made(&lab, &more).unwrap(), ["Update new/file/words.yaml"]);
        let empty = council("Target/new: {via: {directory: {path: new}}, owner: net}");
        assert_eq!(made(&lab, &empty).unwrap(), ["Destroy new/file/words.yaml"]);
        assert_eq!(made(&lab, &none).unwrap(), [""; 0], "nobody looks after it any more");
    }

    #[test]
    fn what_cannot_be_rendered_is_no_plan_and_a_base_that_cannot_is_held_back() {
        let lab = council(LAB);
        let broken = council(&format!("{LAB}\nService/broken: {{owner: seat/sre}}"));
        assert_eq!(made(&lab, &broken).unwrap_err()[0].file, "words.yaml");
        assert_eq!(made(&broken, &lab).unwrap(), ["held new/file/words.yaml"]);
    }
}
