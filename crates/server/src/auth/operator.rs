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
    /// How long it lives, at most [`MAX_TOKEN_LIFE_DAYS`].
    pub life: SignedDuration,
}

impl NewToken {
    /// So many days, from one to the most there may be.
    pub fn days(days: u16) -> SignedDuration {
        SignedDuration::from_hours(24 * i64::from(days.clamp(1, MAX_TOKEN_LIFE_DAYS)))
    }
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
    make_token(store, new, now).map(|(secret, row)| (secret, row.id))
}

/// The same, with everything that is remembered of it.
pub(crate) fn make_token(
    store: &Store,
    new: &NewToken,
    now: Timestamp,
) -> rusqlite::Result<(Secret, TokenRow)> {
    let secret = Secret::prefixed(TOKEN_PREFIX);
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
        expires: now + new.life.min(NewToken::days(MAX_TOKEN_LIFE_DAYS)),
        used: None,
    };
    store.add_token(secret.digest(), &row)?;
    Ok((secret, row))
}

/// Opens the database of a data directory that a server may be using at the same time.
///
/// # Errors
/// When there is none or it cannot be opened.
pub fn open(data_dir: &Path) -> rusqlite::Result<Store> {
    Store::open(data_dir)
}
