//! What somebody asks of single machines, in a word.

use plan::{Action, Proposal, ResourceId};

use super::{ENROLMENT, INSTALLATION, READINESS, Wanted};
use crate::kinds::Intent;

/// What somebody asks of a machine.
///
/// Some of it the playbook wants anyway, and asking means "these machines, now"; what it does not want it has to be told
/// first. Power and a fresh inspection are no states that last, so that they run once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deed {
    /// Make its provisioner know it, and make it ready.
    Enrol,
    /// Look at its hardware again.
    Inspect,
    /// Install the image of its role.
    Deploy,
    /// Keep it out of work.
    Drain,
    /// Erase it, and make its provisioner forget it.
    Retire,
    /// Switch it on.
    PowerOn,
    /// Switch it off.
    PowerOff,
    /// Switch it off and on.
    Reset,
}

impl Deed {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Enrol,
        Self::Inspect,
        Self::Deploy,
        Self::Drain,
        Self::Retire,
        Self::PowerOn,
        Self::PowerOff,
        Self::Reset,
    ];

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Enrol => "enrol",
            Self::Inspect => "inspect",
            Self::Deploy => "deploy",
            Self::Drain => "drain",
            Self::Retire => "retire",
            Self::PowerOn => "power-on",
            Self::PowerOff => "power-off",
            Self::Reset => "reset",
        }
    }

    /// The deed of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|deed| deed.word() == word)
    }

    /// The intents with which the playbook wants it; none where it has no say.
    fn intents(self) -> &'static [Intent] {
        match self {
            Self::Enrol => &[Intent::Ready, Intent::InService],
            Self::Deploy => &[Intent::InService],
            Self::Drain => &[Intent::Maintenance],
            Self::Retire => &[Intent::Retired],
            Self::Inspect | Self::PowerOn | Self::PowerOff | Self::Reset => &[],
        }
    }

    /// Why the playbook is against it.
    ///
    /// # Errors
    /// When its lifecycle wants something else, in a sentence that says what to write.
    pub fn check(self, machine: &Wanted) -> Result<(), String> {
        let wanted = self.intents();
        if wanted.is_empty() || wanted.contains(&machine.intent) {
            return Ok(());
        }
        let names: Vec<String> =
            wanted.iter().map(|intent| format!("`lifecycle: {}`", word(*intent))).collect();
        Err(format!(
            "`{}` has `lifecycle: {}` in the playbook; to {} it, write {} there",
            machine.name,
            word(machine.intent),
            self.word(),
            names.join(" or ")
        ))
    }

    /// The resources that a plan for it is about.
    #[must_use]
    pub fn resources(self, provisioner: &str, machine: &str) -> Vec<ResourceId> {
        let kinds: &[&str] = match self {
            Self::Enrol => &[ENROLMENT, READINESS],
            Self::Deploy | Self::Drain | Self::Retire => &[ENROLMENT, READINESS, INSTALLATION],
            Self::Inspect | Self::PowerOn | Self::PowerOff | Self::Reset => &[],
        };
        kinds.iter().map(|kind| ResourceId::new(provisioner, *kind, machine)).collect()
    }

    /// The step that runs once, for what leaves no state that lasts.
    #[must_use]
    pub fn proposal(self, provisioner: &str, machine: &Wanted) -> Option<Proposal> {
        let disruptive = match self {
            Self::Enrol | Self::Deploy | Self::Drain | Self::Retire => return None,
            Self::PowerOn => false,
            Self::Inspect | Self::PowerOff | Self::Reset => true,
        };
        let resource = ResourceId::new(provisioner, self.word(), &machine.name);
        let mut proposal = Proposal::new(resource, Action::Run);
        proposal.marks = machine.marks();
        proposal.marks.disruptive = disruptive;
        // Power comes back as it went; a machine that was looked at is as it was.
        proposal.undo = Some(Action::Run);
        Some(proposal)
    }
}

/// An intent as the playbook writes it.
fn word(intent: Intent) -> &'static str {
    match intent {
        Intent::Planned => "planned",
        Intent::Racked => "racked",
        Intent::Ready => "ready",
        Intent::InService => "in-service",
        Intent::Maintenance => "maintenance",
        Intent::Retired => "retired",
    }
}
