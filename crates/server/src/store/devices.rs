//! Browsers that get messages.

use jiff::Timestamp;
use rusqlite::OptionalExtension as _;

use super::{Store, moment, seconds};

/// One browser. `Debug` shows no subscription, which is what it takes to push to it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct DeviceRow {
    /// A public name, to show and to remove it by.
    pub(crate) id: String,
    /// Whose it is.
    pub(crate) person: String,
    /// What it calls itself.
    pub(crate) name: String,
    /// The host of its push service.
    pub(crate) host: String,
    /// Where messages go and their keys, as the browser gave them.
    pub(crate) subscription: String,
    /// When it was added.
    pub(crate) created: Timestamp,
    /// When its push service last took a message.
    pub(crate) used: Option<Timestamp>,
}

impl std::fmt::Debug for DeviceRow {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { id, person, host, .. } = self;
        out.debug_struct("DeviceRow")
            .field("id", id)
            .field("person", person)
            .field("host", host)
            .finish_non_exhaustive()
    }
}

const COLUMNS: &str = "id, person, name, host, subscription, created, used";

impl Store {
    /// Remembers a browser; one that is known becomes this person's.
    pub(crate) fn add_device(&self, device: &DeviceRow) -> rusqlite::Result<()> {
        self.lock().execute(
            "INSERT INTO device (id, person, name, host, subscription, created) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (id) DO UPDATE SET
                 person = excluded.person, name = excluded.name, host = excluded.host,
                 subscription = excluded.subscription, created = excluded.created, used = NULL",
            (
                &device.id,
                &device.person,
                &device.name,
                &device.host,
                &device.subscription,
                seconds(device.created),
            ),
        )?;
        Ok(())
    }

    /// All browsers of a person, or of everybody, newest first.
    pub(crate) fn devices(&self, person: Option<&str>) -> rusqlite::Result<Vec<DeviceRow>> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM device WHERE ?1 IS NULL OR person = ?1 ORDER BY created DESC, id"
        ))?;
        statement.query_map([person], read)?.collect()
    }

    /// A browser by its public name.
    pub(crate) fn device(&self, id: &str) -> rusqlite::Result<Option<DeviceRow>> {
        let connection = self.lock();
        connection
            .prepare_cached(&format!("SELECT {COLUMNS} FROM device WHERE id = ?1"))?
            .query_row([id], read)
            .optional()
    }

    /// Notes that a browser's push service took a message.
    pub(crate) fn device_used(&self, id: &str, now: Timestamp) -> rusqlite::Result<()> {
        self.lock().execute("UPDATE device SET used = ?2 WHERE id = ?1", (id, seconds(now)))?;
        Ok(())
    }

    /// Forgets a browser, as long as it is the one that was meant: the same subscription.
    pub(crate) fn remove_device(&self, device: &DeviceRow) -> rusqlite::Result<bool> {
        let by = (&device.id, &device.subscription);
        let sql = "DELETE FROM device WHERE id = ?1 AND subscription = ?2";
        Ok(self.lock().execute(sql, by)? > 0)
    }

    /// Forgets all browsers of a person; says how many there were.
    pub(crate) fn remove_devices_of(&self, person: &str) -> rusqlite::Result<usize> {
        self.lock().execute("DELETE FROM device WHERE person = ?1", [person])
    }
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<DeviceRow> {
    Ok(DeviceRow {
        id: row.get(0)?,
        person: row.get(1)?,
        name: row.get(2)?,
        host: row.get(3)?,
        subscription: row.get(4)?,
        created: moment(row.get(5)?),
        used: row.get::<_, Option<i64>>(6)?.map(moment),
    })
}
