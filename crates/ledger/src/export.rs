//! The ledger as JSON Lines: readable by anything, provable by hand, restorable by one command.
//!
//! The first line names the ledger, the last one its head; in between stand entries, signed checkpoints, and the
//! wrapped keys of sealed texts (useless without the key file). An entry's line holds exactly the bytes that its
//! hash covers, so `sha256sum` can check it. An export without its last line was cut off, and import says so.

use std::io::Write;

use crate::checkpoint::Checkpoint;
use crate::entry::Head;
use crate::ledger::Ledger;
use crate::limits::MAX_READ;
use crate::seal::WrappedKey;
use crate::store::{Header, Query, StoreError};
use crate::time;

/// What an export holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Exported {
    /// The last entry in it.
    pub head: Head,
    /// How many checkpoints are in it.
    pub checkpoints: u64,
    /// How many wrapped keys are in it.
    pub stream_keys: u64,
}

/// Says why an export was not completed.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The ledger could not be read.
    #[error("the ledger could not be read")]
    Store(#[source] StoreError),
    /// The export could not be written.
    #[error("the export could not be written; what is there is incomplete")]
    Write(#[source] std::io::Error),
}

/// A line that is not an entry.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Line {
    Header(Header),
    Checkpoint(Checkpoint),
    StreamKey(WrappedKey),
    Head(Head),
}

impl Ledger {
    /// Writes everything up to the present head while others go on writing.
    ///
    /// # Errors
    /// When the ledger cannot be read or the output cannot be written.
    pub fn export(&self, output: &mut dyn Write) -> Result<Exported, ExportError> {
        let head = self.head();
        line(output, &Line::Header(self.header().clone()))?;
        self.export_entries(head.seq, output)?;
        let (mut checkpoints, mut stream_keys) = (0, 0);
        for checkpoint in self.checkpoints().map_err(ExportError::Store)? {
            if checkpoint.seq <= head.seq {
                line(output, &Line::Checkpoint(checkpoint))?;
                checkpoints += 1;
            }
        }
        let mut keys = self.store().all_stream_keys().map_err(ExportError::Store)?;
        keys.reverse();
        for key in keys {
            line(output, &Line::StreamKey(key))?;
            stream_keys += 1;
        }
        line(output, &Line::Head(head))?;
        output.flush().map_err(ExportError::Write)?;
        Ok(Exported { head, checkpoints, stream_keys })
    }

    fn export_entries(&self, last: u64, output: &mut dyn Write) -> Result<(), ExportError> {
        let mut canonical = Vec::with_capacity(1024);
        let mut done = 0;
        while done < last {
            let limit = usize::try_from(last - done).unwrap_or(MAX_READ);
            let query = Query { after: done, limit, ..Query::default() };
            let page = self.entries(&query).map_err(ExportError::Store)?;
            let Some(newest) = page.last() else { break };
            done = newest.seq;
            for entry in &page {
                entry.raw(&time::format(entry.at)).write_canonical(&mut canonical);
                output
                    .write_all(b"{\"entry\":")
                    .and_then(|()| output.write_all(&canonical))
                    .and_then(|()| writeln!(output, ",\"hash\":\"{}\"}}", entry.hash))
                    .map_err(ExportError::Write)?;
            }
        }
        Ok(())
    }
}

fn line(output: &mut dyn Write, line: &Line) -> Result<(), ExportError> {
    let text = serde_json::to_string(line).expect("BUG: a line has string keys only");
    writeln!(output, "{text}").map_err(ExportError::Write)
}
