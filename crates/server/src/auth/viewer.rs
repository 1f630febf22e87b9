//! The viewer: who makes a request, by which way, and what they stand for in the playbook.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::header;
use axum::http::request::Parts;
use jiff::Timestamp;
use org::Roster;
use org::kinds::{Office, Person, Seat, ServiceAccount, Team};
use playbook::Model;

use super::cookie;
use super::secret::Secret;
use crate::http::Problem;
use crate::http::rate::Asked;
use crate::{AppState, Snapshot};

/// What tokens begin with, so that secret scanners know a leaked one.
pub(crate) const TOKEN_PREFIX: &str = "council_";

/// What stands before the name of a service account where otherwise a person's name stands. No name holds a slash.
const ACCOUNT: &str = "service-account/";

/// How a token names the service account whose it is.
pub(crate) fn of_account(name: &str) -> String {
    format!("{ACCOUNT}{name}")
}

/// By which way somebody came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// A browser's session, by its public id.
    Session(String),
    /// A personal token, by its public id, with its scopes.
    Token {
        /// The public id.
        id: String,
        /// What it may be used for.
        scopes: BTreeSet<String>,
    },
    /// By what they did on the forge, by their name there: opened a pull request, reviewed one.
    Forge(String),
    /// Not at all: somebody asks what they could do, in a browser or with a token of these scopes.
    Supposed(Option<BTreeSet<String>>),
}

/// A seat that somebody holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldSeat {
    /// The seat's name.
    pub seat: Arc<str>,
    /// Whether as the backup.
    pub is_backup: bool,
}

/// Who makes a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// The person of the playbook; an operator may be nobody of it.
    pub person: Option<Arc<str>>,
    /// The service account, when it is a program and no person.
    pub account: Option<Arc<str>>,
    /// Whether they operate this server.
    pub operator: bool,
    /// When they proved who they are; nothing where nobody came in.
    pub since: Option<Timestamp>,
    /// How they came in.
    pub way: Way,
    /// The seats that they hold, by name.
    pub seats: Vec<HeldSeat>,
    /// The teams they belong to, with the teams above, by name.
    pub teams: Vec<Arc<str>>,
    /// The offices they hold, by name.
    pub offices: Vec<Arc<str>>,
}

impl Viewer {
    /// The id that stands in the ledger as the actor: the person's reference, or `operator`.
    pub fn actor(&self) -> String {
        match (&self.person, &self.account) {
            (Some(name), _) => format!("person/{name}"),
            (None, Some(name)) => of_account(name),
            (None, None) => "operator".to_owned(),
        }
    }

    /// The person, for what only a person of the playbook can do.
    ///
    /// # Errors
    /// A problem when the viewer is an operator who is nobody of the playbook.
    pub fn person(&self) -> Result<&str, Problem> {
        self.person.as_deref().ok_or_else(|| {
            let hint = match &self.account {
                Some(_) => {
                    "A service account decides and records nothing; a person of the playbook does"
                }
                None => {
                    "Sign in as a person of the playbook, such as with `council up --as <name>`"
                }
            };
            Problem::forbidden("Only a person of the playbook can do this.").hint(hint)
        })
    }

    /// What policies know of the viewer.
    pub(crate) fn principal(&self) -> policy::Principal {
        let held = |backup: bool| {
            let seats = self.seats.iter().filter(move |held| held.is_backup == backup);
            seats.map(|held| held.seat.to_string()).collect()
        };
        let texts = |names: &[Arc<str>]| names.iter().map(ToString::to_string).collect();
        let account = self.account.as_deref().map(of_account);
        policy::Principal {
            service: account.is_some(),
            person: account
                .or_else(|| self.person.as_deref().map(str::to_owned))
                .unwrap_or_default(),
            primary_of: held(false),
            backup_of: held(true),
            teams: texts(&self.teams),
            offices: texts(&self.offices),
            operator: self.operator,
            scopes: match &self.way {
                Way::Session(_) | Way::Forge(_) => None,
                Way::Token { scopes, .. } => Some(scopes.iter().cloned().collect()),
                Way::Supposed(scopes) => {
                    scopes.as_ref().map(|scopes| scopes.iter().cloned().collect())
                }
            },
        }
    }

    /// The name for what belongs to this viewer, such as remembered answers.
    pub(crate) fn owner(&self) -> String {
        match &self.way {
            Way::Session(id) => format!("session/{id}"),
            Way::Token { id, .. } => format!("token/{id}"),
            Way::Forge(name) => format!("forge/{name}"),
            Way::Supposed(_) => "nobody".to_owned(),
        }
    }

    /// A person who did something on the forge, as they stand in the playbook today.
    ///
    /// # Errors
    /// A problem when they are no person of the playbook any more.
    pub(crate) fn on_forge(
        snapshot: &Snapshot,
        person: &str,
        known_as: &str,
    ) -> Result<Self, Problem> {
        standing(snapshot, Some(person.to_owned()), false, (Way::Forge(known_as.to_owned()), None))
    }

    /// Somebody as they stand in the playbook today, to answer what they could do; without a name, the operator.
    ///
    /// # Errors
    /// A problem when they are no person of the playbook any more.
    pub(crate) fn supposed(
        snapshot: &Snapshot,
        person: Option<&str>,
        scopes: Option<BTreeSet<String>>,
    ) -> Result<Self, Problem> {
        let way = Way::Supposed(scopes);
        standing(snapshot, person.map(str::to_owned), person.is_none(), (way, None))
    }

    /// Finds out who makes the request; `None` when it carries nothing that says so.
    fn of(parts: &Parts, state: &AppState) -> Result<Option<Self>, Problem> {
        let now = state.clock().now();
        let snapshot = state.snapshot();
        if let Some(value) = parts.headers.get(header::AUTHORIZATION) {
            let secret = bearer(value.to_str().unwrap_or_default())?;
            let Some(token) = state.store().token(secret.digest(), now)? else {
                return Err(Problem::unauthenticated("The token is unknown, revoked or expired.")
                    .hint("Make a new one with `council token create`"));
            };
            let scopes = token.scopes.into_iter().collect();
            let since = Some(token.created);
            if let Some(account) = token.person.strip_prefix(ACCOUNT) {
                return program(&snapshot, account, &scopes, (token.id, since)).map(Some);
            }
            let way = Way::Token { id: token.id, scopes };
            return standing(&snapshot, Some(token.person), token.operator, (way, since)).map(Some);
        }
        let Some(secret) = cookie::session(&parts.headers, state) else { return Ok(None) };
        let Some(session) = state.store().session(secret.digest(), now)? else { return Ok(None) };
        let way = (Way::Session(session.id), Some(session.created));
        standing(&snapshot, session.person, session.operator, way).map(Some)
    }
}

/// A program, as the playbook declares its account today: what the account lost its tokens have lost, too.
fn program(
    snapshot: &Snapshot,
    name: &str,
    scopes: &BTreeSet<String>,
    (id, since): (String, Option<Timestamp>),
) -> Result<Viewer, Problem> {
    let Some(account) = snapshot.model().get::<ServiceAccount>(name) else {
        return Err(Problem::unauthenticated(format!(
            "`{name}` is not, or no longer, a service account of this playbook."
        ))
        .hint("Whoever owns it finds it in the playbook, or in its history"));
    };
    let allowed = account.scopes.iter().map(|scope| scope.name().to_owned());
    let scopes = allowed.filter(|scope| scopes.contains(scope)).collect();
    Ok(Viewer {
        person: None,
        account: Some(name.into()),
        operator: false,
        since,
        way: Way::Token { id, scopes },
        seats: Vec::new(),
        teams: Vec::new(),
        offices: Vec::new(),
    })
}

fn bearer(value: &str) -> Result<Secret, Problem> {
    let (scheme, secret) = value.split_once(' ').unwrap_or((value, ""));
    if scheme.eq_ignore_ascii_case("bearer") && secret.trim().starts_with(TOKEN_PREFIX) {
        return Ok(Secret::presented(secret.trim()));
    }
    Err(Problem::unauthenticated("The header `Authorization` does not hold a token of ours.")
        .hint("Send `Authorization: Bearer council_…`"))
}

/// Looks up what a person stands for today.
fn standing(
    snapshot: &Snapshot,
    person: Option<String>,
    operator: bool,
    (way, since): (Way, Option<Timestamp>),
) -> Result<Viewer, Problem> {
    let mut viewer = Viewer {
        person: None,
        account: None,
        operator,
        since,
        way,
        seats: Vec::new(),
        teams: Vec::new(),
        offices: Vec::new(),
    };
    let Some(name) = person else { return Ok(viewer) };
    let (model, today) = (snapshot.model(), snapshot.facts.today);
    let known = model.get::<Person>(&name).filter(|person| !person.has_left(today));
    if known.is_none() {
        return Err(Problem::unauthenticated(format!(
            "`{name}` is not, or no longer, a person of this playbook."
        ))
        .hint("Whoever works here stands in the playbook; ask the owner of `people`"));
    }
    let roster = Roster::new(model, today);
    viewer.seats = seats(&roster, &name);
    viewer.teams = teams(model, today, &name);
    viewer.offices = model
        .all::<Office>()
        .filter(|office| office.holder.as_ref().is_some_and(|holder| holder.name() == name))
        .map(|office| office.resource.id.name.clone())
        .collect();
    viewer.person = Some(name.into());
    Ok(viewer)
}

/// The seats at the table that a person holds.
fn seats(roster: &Roster<'_>, person: &str) -> Vec<HeldSeat> {
    let is = |holder: &Option<playbook::Ref<Person>>| {
        holder.as_ref().is_some_and(|holder| holder.name() == person)
    };
    let seats = roster.model().all::<Seat>().filter(|seat| roster.is_active(seat));
    seats
        .filter(|seat| is(&seat.primary) || is(&seat.backup))
        .map(|seat| HeldSeat { seat: seat.resource.id.name.clone(), is_backup: !is(&seat.primary) })
        .collect()
}

/// The teams that a person belongs to, and the teams that those are parts of.
fn teams(model: &Model, today: jiff::civil::Date, person: &str) -> Vec<Arc<str>> {
    let said = model.get::<Person>(person);
    let joins = |name: &str| {
        said.is_some_and(|person| person.member_of.iter().any(|team| team.name() == name))
    };
    let mut found: BTreeSet<Arc<str>> = BTreeSet::new();
    for team in model.all::<Team>().filter(|team| !team.is_dissolved(today)) {
        let listed = team.members.iter().chain(&team.lead).any(|member| member.name() == person);
        if !listed && !joins(team.name()) {
            continue;
        }
        let mut next = Some(team);
        // Stops at a team that is known already, so that a circle of parents ends, too.
        while let Some(team) = next.filter(|team| found.insert(team.resource.id.name.clone())) {
            next = team.parent.as_ref().and_then(|parent| model.follow(parent));
        }
    }
    found.into_iter().collect()
}

impl FromRequestParts<AppState> for Viewer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        match cached(parts, state)? {
            Some(viewer) => Ok(viewer),
            None => Err(Problem::unauthenticated("This needs somebody who is signed in.").hint(
                "Open a sign-in link in the browser, or send `Authorization: Bearer council_…`",
            )),
        }
    }
}

impl OptionalFromRequestParts<AppState> for Viewer {
    type Rejection = Problem;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &AppState,
    ) -> Result<Option<Self>, Problem> {
        cached(parts, state)
    }
}

/// Looks a viewer up once a request, whoever asks first.
pub(crate) fn cached(parts: &mut Parts, state: &AppState) -> Result<Option<Viewer>, Problem> {
    if let Some(known) = parts.extensions.get::<Option<Viewer>>() {
        return Ok(known.clone());
    }
    let viewer = Viewer::of(parts, state)?;
    if let Some(viewer) = &viewer {
        let rates = state.identity_rates(Asked::by(&parts.method, &parts.uri));
        let asked = rates.take(viewer.actor(), state.clock().now());
        asked.map_err(crate::http::rate::too_many)?;
    }
    parts.extensions.insert(viewer.clone());
    Ok(viewer)
}
