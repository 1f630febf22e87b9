//! The list of the crate's kinds and rules.

use playbook::Vocabulary;

use crate::checks;
use crate::kinds::{
    Audience, Environment, IdentityProvider, Office, Organization, Person, Seat, Service,
    ServiceAccount, Site, Team, Workload,
    backstage::{
        ApiEntity, ComponentEntity, DomainEntity, GroupEntity, ResourceEntity, SystemEntity,
        UserEntity,
    },
};

/// Adds the council's vocabulary: its kinds, the catalog's entities, and what must hold among them.
pub fn vocabulary(vocabulary: Vocabulary) -> Vocabulary {
    vocabulary
        .kind::<Organization>()
        .kind::<Person>()
        .kind::<Office>()
        .kind::<Team>()
        .kind::<Audience>()
        .kind::<Seat>()
        .kind::<Site>()
        .kind::<Environment>()
        .kind::<Service>()
        .kind::<Workload>()
        .kind::<IdentityProvider>()
        .kind::<ServiceAccount>()
        .foreign::<ComponentEntity>()
        .foreign::<ApiEntity>()
        .foreign::<SystemEntity>()
        .foreign::<DomainEntity>()
        .foreign::<ResourceEntity>()
        .foreign::<GroupEntity>()
        .foreign::<UserEntity>()
        .rules(checks::RULES)
}

/// What this room's tests read playbooks with.
#[cfg(test)]
pub(crate) const TRIAL: trial::Trial = trial::Trial::of(&[vocabulary]);
