//! What is asked, as plain data.

/// Who asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Principal {
    /// The person's name, `service-account/NAME` for a program; empty for an operator who is nobody of the playbook.
    pub person: String,
    /// Whether it is a program.
    pub service: bool,
    /// The seats that they hold as primary.
    pub primary_of: Vec<String>,
    /// The seats that they stand in for as backup.
    pub backup_of: Vec<String>,
    /// The teams that they belong to.
    pub teams: Vec<String>,
    /// The offices that they hold.
    pub offices: Vec<String>,
    /// Whether they operate this server.
    pub operator: bool,
    /// The scopes of the token they came with; `None` in a browser's session.
    pub scopes: Option<Vec<String>>,
}

/// What it is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resource {
    /// The kind's slug, such as `decision`.
    pub kind: String,
    /// Its name; empty for the kind as a whole.
    pub name: String,
    /// The type that it is of, such as a decision's type; empty when it has none.
    pub class: String,
    /// The seats that decide it, own it or attend it.
    pub seats: Vec<String>,
    /// The teams that own it.
    pub teams: Vec<String>,
    /// The offices that answer for it.
    pub offices: Vec<String>,
    /// The people whose it is: author, owner.
    pub people: Vec<String>,
}

impl Resource {
    /// A kind as a whole.
    pub fn kind(kind: impl Into<String>) -> Self {
        Self { kind: kind.into(), ..Self::default() }
    }

    /// One thing of a kind.
    pub fn new(kind: impl Into<String>, name: impl Into<String>) -> Self {
        Self { kind: kind.into(), name: name.into(), ..Self::default() }
    }

    /// Adds the people whose it is.
    #[must_use]
    pub fn of_people(mut self, people: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.people.extend(people.into_iter().map(Into::into));
        self
    }

    /// Adds the seats that decide or own it.
    #[must_use]
    pub fn of_seats(mut self, seats: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.seats.extend(seats.into_iter().map(Into::into));
        self
    }

    /// The reference that people read.
    pub(crate) fn reference(&self) -> String {
        if self.name.is_empty() {
            self.kind.clone()
        } else {
            format!("{}/{}", self.kind, self.name)
        }
    }
}

/// One question for the authorizer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Who.
    pub principal: Principal,
    /// One of [`ACTIONS`](crate::ACTIONS), by name.
    pub action: &'static str,
    /// On what.
    pub resource: Resource,
}
