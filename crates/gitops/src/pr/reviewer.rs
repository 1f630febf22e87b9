//! Who somebody is in the playbook, and for which seats they speak.

use org::kinds::{Person, Seat};
use org::{Roster, Standing};
use playbook::{Model, Typed};

use super::facts::Identity;

/// The end of the mail addresses that GitHub gives to those who hide theirs: `12345+login@…`.
const HIDDEN_MAIL: &str = "@users.noreply.github.com";

/// The person whom an identity means: by handle on its system, by mail address, or by name in the playbook.
pub fn person_of<'m>(model: &'m Model, identity: &Identity) -> Option<Typed<'m, Person>> {
    let same = |one: &str, other: &str| one.eq_ignore_ascii_case(other);
    let handle = |system: &str, login: &str| {
        model.all::<Person>().find(|person| {
            let mut handles = person.spec.handles.iter();
            handles.any(|(on, name)| {
                same(on, system)
                    && same(name.trim_start_matches('@'), login.trim_start_matches('@'))
            })
        })
    };
    let by_mail = |mail: &str| {
        model
            .all::<Person>()
            .find(|person| person.spec.email.as_ref().is_some_and(|own| same(own, mail)))
    };
    let name = identity.name.as_str();
    if let Some(system) = &identity.system {
        return handle(system, name).or_else(|| name.contains('@').then(|| by_mail(name))?);
    }
    if let Some(local) = name.strip_suffix(HIDDEN_MAIL) {
        let login = local.split_once('+').map_or(local, |(_, login)| login);
        return handle("github", login);
    }
    if name.contains('@') {
        by_mail(name)
    } else {
        model.get::<Person>(name.trim_start_matches("person/"))
    }
}

/// A seat that somebody speaks for on a day, or why they do not although they are named in it.
pub(super) enum Voice<'m> {
    Speaks(Typed<'m, Seat>),
    Silent(String),
}

/// The seats among those given in which a person is named.
pub(super) fn voices<'m>(
    roster: &Roster<'m>,
    person: &str,
    seats: &[Typed<'m, Seat>],
) -> Vec<Voice<'m>> {
    let named = |seat: &&Typed<'m, Seat>| {
        let is = |holder: &Option<playbook::Ref<Person>>| {
            holder.as_ref().is_some_and(|holder| holder.name() == person)
        };
        is(&seat.spec.primary) || is(&seat.spec.backup)
    };
    let voice = |seat: &Typed<'m, Seat>| {
        let duty = roster.seat(*seat);
        if duty.person.as_deref() == Some(person) {
            return Voice::Speaks(*seat);
        }
        let title = seat.title();
        Voice::Silent(match duty.standing {
            Standing::Primary => {
                format!("backs up {title}, and speaks only while its primary is away")
            }
            Standing::Inactive
            | Standing::Gap
            | Standing::Backup
            | Standing::Holder
            | Standing::Group => {
                format!("does not speak for {title}: {}", duty.because)
            }
        })
    };
    seats.iter().filter(named).map(voice).collect()
}
