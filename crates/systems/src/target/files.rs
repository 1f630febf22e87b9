//! Files that are there as a whole or not at all, and paths that stay below their root.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Component, Path, PathBuf};

use plan::{Fault, FaultKind};

/// The directory below a root in which council keeps its own things; no resource may lie in it.
pub(crate) const OWN: &str = ".council";

/// Largest file that is read (64 MiB): generated configuration is far smaller, and observing must not fill the memory.
const MAX_FILE: u64 = 64 << 20;

/// Reads a file; none if there is none.
pub(crate) fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if !metadata.is_file() => Err(io::Error::other("it is not a regular file")),
        Ok(metadata) if metadata.len() > MAX_FILE => {
            Err(io::Error::other(format!("it is larger than {MAX_FILE} bytes")))
        }
        Ok(_) => fs::read(path).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Writes a file so that it holds the old content or the new one, whatever happens, and is durable when this returns.
/// An existing file keeps its permissions.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let directory = path.parent().ok_or_else(|| io::Error::other("it has no directory"))?;
    fs::create_dir_all(directory)?;
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".council-new");
    let new = directory.join(name);
    let written = (|| {
        let mut file = File::create(&new)?;
        file.write_all(bytes)?;
        if let Ok(metadata) = fs::metadata(path) {
            fs::set_permissions(&new, metadata.permissions())?;
        }
        file.sync_all()?;
        fs::rename(&new, path)?;
        File::open(directory)?.sync_all()
    })();
    if written.is_err()
        && let Err(_gone_already) = fs::remove_file(&new)
    {}
    written
}

/// Removes a file durably; one that is not there is no error.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    path.parent().map_or(Ok(()), |directory| File::open(directory)?.sync_all())
}

/// The place of a resource below a root.
///
/// # Errors
/// When the name leads out of the root, into council's own directory, or through a link.
pub(crate) fn place(root: &Path, name: &str) -> Result<PathBuf, Fault> {
    let refuse = |why: &str| Err(Fault::new(FaultKind::Refused, format!("`{name}` {why}")));
    let mut path = root.to_owned();
    let mut parts = Path::new(name).components().peekable();
    if parts.peek().is_none() {
        return refuse("is no name of a file");
    }
    while let Some(part) = parts.next() {
        let Component::Normal(part) = part else {
            return refuse("leads out of the directory; use a plain relative path");
        };
        if part == OWN {
            return refuse("lies in council's own directory; choose another path");
        }
        path.push(part);
        let link = fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_symlink());
        if link {
            return refuse("leads through a link; council writes only below its own directory");
        }
        if parts.peek().is_some() && path.is_file() {
            return refuse("leads through a file");
        }
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_below_its_root() {
        let root = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("/tmp", root.path().join("link")).unwrap();
        fs::write(root.path().join("file"), "x").unwrap();
        for name in
            ["", "..", "../x", "a/../../x", "/etc/passwd", ".council/x", "link/x", "link", "file/x"]
        {
            let fault = place(root.path(), name).unwrap_err();
            assert_eq!(fault.kind, FaultKind::Refused, "{name}");
        }
        assert_eq!(place(root.path(), "a/b.yaml").unwrap(), root.path().join("a/b.yaml"));
    }

    #[test]
    fn a_write_leaves_nothing_behind_and_keeps_permissions() {
        use std::os::unix::fs::PermissionsExt as _;
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("deep/er/x");
        write(&path, b"one").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        write(&path, b"two").unwrap();
        assert_eq!(read(&path).unwrap().unwrap(), b"two");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
        remove(&path).unwrap();
        remove(&path).unwrap();
        assert_eq!(read(&path).unwrap(), None);
        assert!(read(root.path()).is_err(), "a directory is no file");
    }
}
