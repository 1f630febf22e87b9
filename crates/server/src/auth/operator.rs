//! What the operator of the machine may do with the data directory alone, without the server.
//!
//! Whoever can write `state.db` owns the server anyway, so being able to make a link or a token there gives
//! nothing away. The command line uses this for the first link and for tokens of scripts.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};

use super::secret::{Secret, public_id};
use super::viewer::TOKEN_PREFIX;
use crate::limits::{LINK_LIFE, MAX_TOKEN_LIFE_DAYS};
use crate::store::{Link, Store, TokenRow};

/// What a new token is to be.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// Whose it is.
    pub person: String,
    /// Whether it may operate the server.
    pub operator: bool,
    /// What its owner calls it.
    pub name: String,
    /// What it may be used for; see the scopes of the policy.
    pub scopes: Vec<String>,
    /// How many days it lives, at most [`MAX_TOKEN_LIFE_DAYS`].
    pub days: u16,
}

/// Makes a one-time sign-in link and returns its path, such as `/sign-in/…`.
///
/// # Errors
/// When the database cannot be written.
pub fn sign_in_path(
    store: &Store,
    person: Option<&str>,
    operator: bool,
    now: Timestamp,
) -> rusqlite::Result<String> {
    let secret = Secret::random();
    let life = SignedDuration::try_from(LINK_LIFE).expect("BUG: minutes fit");
    let link = Link { person: person.map(str::to_owned), operator, expires: now + life };
    store.add_link(secret.digest(), &link, now)?;
    Ok(format!("/sign-in/{}", secret.expose()))
}

/// Makes a token; the secret is returned once and cannot be read again.
///
/// # Errors
/// When the database cannot be written.
pub fn create_token(
    store: &Store,
    new: &NewToken,
    now: Timestamp,
) -> rusqlite::Result<(Secret, String)> {
    let secret = Secret::prefixed(TOKEN_PREFIX);
    let days = i64::from(new.days.clamp(1, MAX_TOKEN_LIFE_DAYS));
    let mut scopes = new.scopes.clone();
    scopes.sort();
    scopes.dedup();
    let row = TokenRow {
        id: public_id(),
        person: new.person.clone(),
        operator: new.operator,
        name: new.name.clone(),
        scopes,
        created: now,
        expires: now + SignedDuration::from_hours(24 * days),
        used: None,
    };
    store.add_token(secret.digest(), &row)?;
    Ok((secret, row.id))
}

/// Opens the database of a data directory that a server may be using at the same time.
///
/// # Errors
/// When there is none or it cannot be opened.
pub fn open(data_dir: &Path) -> rusqlite::Result<Store> {
    Store::open(data_dir)
}
