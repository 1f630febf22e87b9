//! Machines among the targets: every provisioner that can be asked is one, under its name.
//!
//! Whoever plans may name single machines with what is asked of them (`machine/eu-1-gpu-01/deploy`); the plan is then about
//! those alone. What the playbook does not want is refused with the words to write there, so that a change never fights
//! the next plan.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use fleet::plan::{Deed, Wanted, provisioner_of, wanted};
use fleet::{Machine, Provisioner};
use gitops::gate::Touched;
use plan::{Desired, Observations, Plan, Proposal, ResourceId, Targets, Terms};
use systems::machines::Machines;

use super::clock::ServerClock;
use crate::fleet::Asked;
use crate::http::Problem;
use crate::{AppState, Snapshot};

/// How often a machine is looked at while something goes on there. Installations take many minutes.
const PAUSE: Duration = Duration::from_secs(10);

/// The same for a simulation, whose time runs faster.
const SIMULATED_PAUSE: Duration = Duration::from_millis(500);

/// What begins the name of a single machine among targets.
const MACHINE: &str = "machine/";

/// What a plan is about.
#[derive(Debug, Default)]
pub(super) struct Picked {
    /// Whole targets; all when empty.
    pub(super) targets: BTreeSet<String>,
    /// Only these resources of them; all when nothing.
    only: Option<BTreeSet<ResourceId>>,
    /// Steps that run once.
    proposals: Vec<Proposal>,
}

impl Picked {
    /// Says so to the planner.
    pub(super) fn tell(self, terms: &mut Terms) {
        if let Some(only) = &self.only {
            terms.held.retain(|held| only.contains(&held.resource));
        }
        terms.only = self.only;
        terms.proposals.extend(self.proposals);
    }
}

/// Tells whole targets from single machines.
pub(super) fn pick(snapshot: &Snapshot, wished: &BTreeSet<String>) -> Result<Picked, Problem> {
    let mut picked = Picked::default();
    for name in wished {
        match name.strip_prefix(MACHINE) {
            Some(deed) => add(snapshot, deed, &mut picked)?,
            None => {
                picked.targets.insert(name.clone());
            }
        }
    }
    let alone = wished.iter().find(|name| !name.starts_with(MACHINE));
    match (alone, &picked.only) {
        (Some(whole), Some(_)) => Err(Problem::bad_request(
            "mixed-targets",
            format!("`{whole}` is a whole target, and the others are single machines."),
        )
        .hint("Plan them one after the other")),
        (Some(_), None) | (None, _) => Ok(picked),
    }
}

fn add(snapshot: &Snapshot, deed: &str, picked: &mut Picked) -> Result<(), Problem> {
    let (name, word) = deed.rsplit_once('/').unwrap_or((deed, ""));
    let Some(deed) = Deed::of(word) else {
        let words: Vec<&str> = Deed::ALL.map(Deed::word).to_vec();
        return Err(Problem::bad_request(
            "bad-deed",
            format!("`{word}` is nothing that can be asked of a machine."),
        )
        .hint(format!("There are: {}", words.join(", "))));
    };
    let (provisioner, machine) = find(snapshot, name)?;
    deed.check(&machine).map_err(|why| {
        Problem::conflict("not-wanted", format!("{why}."))
            .hint("The playbook says how far a machine is in its life; a change carries that out")
    })?;
    picked.targets.insert(provisioner.clone());
    let only = picked.only.get_or_insert_default();
    only.extend(deed.resources(&provisioner, name));
    picked.proposals.extend(deed.proposal(&provisioner, &machine));
    Ok(())
}

/// A machine of the playbook, and its provisioner.
fn find(snapshot: &Snapshot, name: &str) -> Result<(String, Wanted), Problem> {
    let model = snapshot.model();
    let Some(machine) = model.get::<Machine>(name) else {
        return Err(Problem::not_found(format!("There is no machine `{name}`."))
            .hint("`council fleet list` shows them"));
    };
    let provisioner = provisioner_of(model, machine).and_then(|it| model.get::<Provisioner>(it));
    let found = provisioner.and_then(|provisioner| {
        let mut all = wanted(model, provisioner).into_iter();
        Some((provisioner.name().to_owned(), all.find(|it| it.name == name)?))
    });
    found.ok_or_else(|| {
        Problem::conflict(
            "no-provisioner",
            format!("Nobody says which provisioner manages `{name}`."),
        )
        .hint("Name it as `provisioner` of the machine")
    })
}

impl AppState {
    /// Adds the provisioners that can be asked. A declared target of the same name was there first.
    pub(super) fn add_provisioners(&self, snapshot: &Snapshot, targets: &mut Targets) {
        let model = snapshot.model();
        for provisioner in model.all::<Provisioner>() {
            let asked = Asked::of(provisioner, self.config(), self.client());
            let Some(asked) = asked.filter(|_| targets.get(provisioner.name()).is_none()) else {
                continue;
            };
            let pause = if asked.simulated { SIMULATED_PAUSE } else { PAUSE };
            let machines = Machines::new(
                provisioner.name(),
                asked.into_outside(),
                wanted(model, provisioner),
                Arc::new(ServerClock(self.clock().clone())),
                pause,
            );
            targets.insert(provisioner.name(), Arc::new(machines));
        }
    }

    /// Adds what should be of the machines of every provisioner that was asked.
    pub(super) fn add_machines(
        &self,
        snapshot: &Snapshot,
        observed: &Observations,
        (desired, terms): (&mut Vec<Desired>, &mut Terms),
    ) {
        let model = snapshot.model();
        for provisioner in model.all::<Provisioner>() {
            let name = provisioner.name();
            let is_target = model.get::<gitops::kinds::Target>(name).is_some();
            if is_target || !observed.coverage().contains_key(name) {
                continue;
            }
            let wish = fleet::plan::desired(name, &wanted(model, provisioner), observed);
            desired.extend(wish.desired);
            terms.held.extend(wish.held);
        }
    }
}

/// What a plan touches besides its targets: who answers for provisioners and machines is asked about them.
pub(super) fn touched(snapshot: &Snapshot, plan: &Plan) -> Touched {
    let model = snapshot.model();
    let is_machine = |step: &plan::Step| {
        let target = &step.resource.target;
        model.get::<gitops::kinds::Target>(target).is_none()
            && model.get::<Provisioner>(target).is_some()
    };
    let mut touched = Touched::default();
    if plan.steps().iter().any(is_machine) {
        touched.kinds.extend(["machine".to_owned(), "provisioner".to_owned()]);
    }
    touched
}

/// Whether a provisioner has this name.
pub(super) fn is_provisioner(snapshot: &Snapshot, name: &str) -> bool {
    snapshot.model().get::<Provisioner>(name).is_some()
}
