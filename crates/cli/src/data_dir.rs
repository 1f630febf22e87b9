//! Where a council keeps its record: the ledger, and the sessions of its server.

use std::path::{Path, PathBuf};

use crate::command_error::CommandError;
use crate::files;

/// The data directory of a playbook when none is named: beside `council.yaml`, hidden, and out of Git.
pub(crate) const DEFAULT: &str = ".council";

/// The ledger's file in a data directory.
pub(crate) const LEDGER: &str = "ledger.db";

/// The file with the ledger's secrets in a data directory, wherever the ledger itself is.
pub(crate) const KEYS: &str = "ledger.db-keys";

/// The file that says where the server of a data directory answers, for as long as it runs.
const ADDRESS: &str = "address";

/// Where the server of a data directory answers, if one said so.
pub(crate) fn address(data: &Path) -> Option<String> {
    let text = std::fs::read_to_string(data.join(ADDRESS)).ok()?;
    Some(text.trim().to_owned()).filter(|url| !url.is_empty())
}

/// Says where the server of a data directory answers. What is left behind by a server that was killed does no harm: the
/// file is read only while somebody holds the ledger.
pub(crate) fn announce(data: &Path, url: &str) -> Result<(), CommandError> {
    files::write(&data.join(ADDRESS), format!("{url}\n"))
}

/// The data directory: the one named, or the playbook's own.
pub(crate) fn of(named: Option<&Path>, root: &Path, directory: &Path) -> PathBuf {
    named.map_or_else(|| root.join(DEFAULT), |named| directory.join(named))
}

/// Makes the playbook's own data directory with a `.gitignore`, so that the record never gets into
/// Git by accident; a directory that was named is its owner's business.
pub(crate) fn prepare(data: &Path, root: &Path) -> Result<(), CommandError> {
    let ignore = data.join(".gitignore");
    if data != root.join(DEFAULT) || ignore.is_file() {
        return Ok(());
    }
    files::write(
        &ignore,
        "# The ledger and the sessions of `council up`; back them up, do not commit them.\n*\n",
    )
}
