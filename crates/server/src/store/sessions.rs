//! Browser sessions.

use jiff::Timestamp;
use rusqlite::OptionalExtension as _;

use super::{Store, moment, seconds};
use crate::auth::secret::Digest;
use crate::limits::{SESSION_IDLE, SESSION_LIFE, TOUCH_EVERY};

/// One signed-in browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SessionRow {
    /// A public name, to show and to end it by.
    pub(crate) id: String,
    /// Who signed in; an operator may be nobody of the playbook.
    pub(crate) person: Option<String>,
    /// Whether it may operate the server.
    pub(crate) operator: bool,
    /// When it began.
    pub(crate) created: Timestamp,
    /// When it was last used, to the minute.
    pub(crate) used: Timestamp,
    /// The browser, as it introduces itself.
    pub(crate) agent: String,
}

const COLUMNS: &str = "id, person, operator, created, used, agent";

impl Store {
    /// Begins a session, and forgets those that have ended.
    pub(crate) fn add_session(&self, digest: Digest, session: &SessionRow) -> rusqlite::Result<()> {
        let (idle, created) = oldest(session.created);
        let connection = self.lock();
        connection
            .execute("DELETE FROM session WHERE used <= ?1 OR created <= ?2", (idle, created))?;
        connection.execute(
            "INSERT INTO session (digest, id, person, operator, created, used, agent)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            (
                digest.as_bytes(),
                &session.id,
                &session.person,
                session.operator,
                seconds(session.created),
                seconds(session.used),
                &session.agent,
            ),
        )?;
        Ok(())
    }

    /// Finds a live session by its secret's digest and notes that it is used.
    pub(crate) fn session(
        &self,
        digest: Digest,
        now: Timestamp,
    ) -> rusqlite::Result<Option<SessionRow>> {
        let (idle, created) = oldest(now);
        let connection = self.lock();
        let found = connection
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM session WHERE digest = ?1 AND used > ?2 AND created > ?3"
            ))?
            .query_row((digest.as_bytes(), idle, created), read)
            .optional()?;
        if let Some(session) = &found
            && now.duration_since(session.used).unsigned_abs() >= TOUCH_EVERY
        {
            let touched = connection.execute(
                "UPDATE session SET used = ?2 WHERE digest = ?1",
                (digest.as_bytes(), seconds(now)),
            );
            super::at_best(touched);
        }
        Ok(found)
    }

    /// All live sessions of a person, or of everybody, newest first.
    pub(crate) fn sessions(
        &self,
        person: Option<&str>,
        now: Timestamp,
    ) -> rusqlite::Result<Vec<SessionRow>> {
        let (idle, created) = oldest(now);
        let connection = self.lock();
        let mut statement = connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM session
             WHERE used > ?2 AND created > ?3 AND (?1 IS NULL OR person = ?1) ORDER BY created DESC, id"
        ))?;
        statement.query_map((person, idle, created), read)?.collect()
    }

    /// Says whether a session is still live, by its public name. Unlike a request, this does not count as a use.
    pub(crate) fn session_lives(&self, id: &str, now: Timestamp) -> rusqlite::Result<bool> {
        let (idle, created) = oldest(now);
        self.lock()
            .prepare_cached("SELECT 1 FROM session WHERE id = ?1 AND used > ?2 AND created > ?3")?
            .exists((id, idle, created))
    }

    /// Ends all sessions of a person; says how many there were.
    pub(crate) fn end_sessions_of(&self, person: &str) -> rusqlite::Result<usize> {
        self.lock().execute("DELETE FROM session WHERE person = ?1", [person])
    }

    /// Everybody who has a session, a token or an open link.
    pub(crate) fn holders(&self) -> rusqlite::Result<Vec<String>> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(
            "SELECT person FROM session WHERE person IS NOT NULL UNION SELECT person FROM token
             UNION SELECT person FROM link WHERE person IS NOT NULL UNION SELECT person FROM device",
        )?;
        statement.query_map((), |row| row.get(0))?.collect()
    }

    /// Takes everything away by which somebody could come in or be told something: sessions, tokens, links, browsers.
    pub(crate) fn shut_out(&self, person: &str) -> rusqlite::Result<usize> {
        let mut connection = self.lock();
        let together = connection.transaction()?;
        let mut ended = 0;
        for table in ["session", "token", "link", "device"] {
            ended +=
                together.execute(&format!("DELETE FROM {table} WHERE person = ?1"), [person])?;
        }
        together.commit()?;
        Ok(ended)
    }

    /// Ends a session by its public name.
    pub(crate) fn end_session(&self, id: &str) -> rusqlite::Result<bool> {
        Ok(self.lock().execute("DELETE FROM session WHERE id = ?1", [id])? > 0)
    }
}

/// The oldest last use and the oldest beginning that still count.
fn oldest(now: Timestamp) -> (i64, i64) {
    (
        seconds(now).saturating_sub_unsigned(SESSION_IDLE.as_secs()),
        seconds(now).saturating_sub_unsigned(SESSION_LIFE.as_secs()),
    )
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<SessionRow> {
    Ok(SessionRow {
        id: row.get(0)?,
        person: row.get(1)?,
        operator: row.get(2)?,
        created: moment(row.get(3)?),
        used: moment(row.get(4)?),
        agent: row.get(5)?,
    })
}
