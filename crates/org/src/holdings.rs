//! Who is named as the holder of what, and where that is written.
//!
//! The flat list behind the graph and the rules about people: it borrows everything and builds
//! nothing, so that reading it is cheap in a playbook of any size.

use std::fmt;

use diag::{Place, Span};
use playbook::{Kind, Model, OneOf, Ref, Resource};

use crate::graph::Hold;
use crate::kinds::backstage::{Api, CatalogResource, Domain, System};
use crate::kinds::{Environment, Office, Owner, Person, Seat, Service, Team, Workload};

/// One naming of a person as a holder. Shown as "primary of `seat/network`".
#[derive(Clone, Copy, Debug)]
pub(crate) struct Holding<'m> {
    pub(crate) person: &'m str,
    pub(crate) hold: Hold,
    pub(crate) resource: &'m Resource,
    span: Span,
}

impl fmt::Display for Holding<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} `{}`", self.hold.phrase(), self.resource.id)
    }
}

impl Holding<'_> {
    /// Where the person is named.
    pub(crate) fn place(&self) -> Place {
        self.resource.at(self.span)
    }

    /// What to do when the person can no longer hold it, in the imperative.
    pub(crate) fn remedy(&self) -> String {
        match self.hold {
            Hold::Primary => "name another primary, such as the backup".to_owned(),
            Hold::Backup => "name another backup".to_owned(),
            Hold::Office => "name who holds the office now".to_owned(),
            Hold::Lead => "name another lead".to_owned(),
            Hold::Member => "take the name out of the members".to_owned(),
            Hold::Owner => "let a team own it".to_owned(),
        }
    }
}

/// All holdings, kind by kind. Memberships that people state themselves (`member_of`) are not among
/// them: they end with the person's own file.
pub(crate) fn all(model: &Model) -> Vec<Holding<'_>> {
    let mut holdings = Vec::new();
    for seat in model.all::<Seat>() {
        holdings.extend(held(Hold::Primary, seat.resource, seat.spec.primary.as_ref()));
        holdings.extend(held(Hold::Backup, seat.resource, seat.spec.backup.as_ref()));
    }
    for office in model.all::<Office>() {
        holdings.extend(held(Hold::Office, office.resource, office.spec.holder.as_ref()));
    }
    for team in model.all::<Team>() {
        holdings.extend(held(Hold::Lead, team.resource, team.spec.lead.as_ref()));
        let members = team.spec.members.iter();
        holdings.extend(members.flat_map(|member| held(Hold::Member, team.resource, Some(member))));
    }
    let owners = owners(model).filter(|(_, owner)| owner.slug() == Person::SLUG);
    holdings.extend(owners.map(|(resource, owner)| Holding {
        person: owner.name(),
        hold: Hold::Owner,
        resource,
        span: owner.span(),
    }));
    holdings
}

/// Everything that has an owner of the family [`Owner`], with the owner.
pub(crate) fn owners(model: &Model) -> impl Iterator<Item = (&Resource, &OneOf<Owner>)> {
    let services = model.all::<Service>().map(|found| (found.resource, found.spec.owner.as_ref()));
    let workloads =
        model.all::<Workload>().map(|found| (found.resource, found.spec.owner.as_ref()));
    let environments =
        model.all::<Environment>().map(|found| (found.resource, found.spec.owner.as_ref()));
    let apis = model.all::<Api>().map(|found| (found.resource, Some(&found.spec.owner)));
    let systems = model.all::<System>().map(|found| (found.resource, Some(&found.spec.owner)));
    let domains = model.all::<Domain>().map(|found| (found.resource, Some(&found.spec.owner)));
    let resources =
        model.all::<CatalogResource>().map(|found| (found.resource, Some(&found.spec.owner)));
    let ours = services.chain(workloads).chain(environments);
    let catalog = apis.chain(systems).chain(domains).chain(resources);
    ours.chain(catalog).filter_map(|(resource, owner)| Some((resource, owner?)))
}

fn held<'m>(
    hold: Hold,
    resource: &'m Resource,
    person: Option<&'m Ref<Person>>,
) -> Option<Holding<'m>> {
    let person = person?;
    Some(Holding { person: person.name(), hold, resource, span: person.span() })
}
