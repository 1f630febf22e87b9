//! The served directory, which cannot be left.
//!
//! A path is judged twice: by its words, before the disk is asked, and by where it really leads, because a link may lead out.

use std::io;
use std::path::{Component, Path, PathBuf};
use std::time::UNIX_EPOCH;

use tokio::fs::File;

/// An open file.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) file: File,
    /// Its length in bytes.
    pub(crate) length: u64,
    /// What differs once the file does, as an entity tag.
    pub(crate) mark: String,
}

/// Opens a file below a directory.
///
/// # Errors
/// When there is none, or the path leads outside, which looks the same to whoever asks.
pub(crate) async fn open(root: &Path, path: &str) -> io::Result<Found> {
    let nothing = || io::Error::from(io::ErrorKind::NotFound);
    let below = words(path).ok_or_else(nothing)?;
    let root = tokio::fs::canonicalize(root).await?;
    let real = tokio::fs::canonicalize(root.join(below)).await?;
    if !real.starts_with(&root) {
        return Err(nothing());
    }
    let file = File::open(&real).await?;
    let metadata = file.metadata().await?;
    // Neither a directory, nor a pipe or a device, which might never end.
    if !metadata.is_file() {
        return Err(nothing());
    }
    let changed = metadata.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    let length = metadata.len();
    let mark = format!("\"{length:x}-{:x}\"", changed.as_nanos());
    Ok(Found { file, length, mark })
}

/// A relative path of plain names; `None` for everything else. A slash at its beginning is forgiven: some firmware sends it.
fn words(path: &str) -> Option<PathBuf> {
    let path = Path::new(path.trim_start_matches('/'));
    let is_plain = |component: Component<'_>| matches!(component, Component::Normal(_));
    let has_nul = path.as_os_str().as_encoded_bytes().contains(&0);
    (!has_nul && path.components().all(is_plain) && path.components().next().is_some())
        .then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn can_open(root: &Path, path: &str) -> bool {
        open(root, path).await.is_ok()
    }

    #[tokio::test]
    async fn nothing_outside_can_be_reached() {
        let place = tempfile::tempdir().unwrap();
        let root = place.path().join("served");
        std::fs::create_dir_all(root.join("debian")).unwrap();
        std::fs::write(root.join("debian/linux"), "kernel").unwrap();
        std::fs::write(place.path().join("secret"), "s").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink("../secret", root.join("link")).unwrap();
        assert!(can_open(&root, "debian/linux").await);
        assert!(can_open(&root, "/debian/linux").await);
        for path in [
            "",
            "/",
            ".",
            "..",
            "../secret",
            "debian/../../secret",
            // It would lead inside; a path that climbs is refused before the disk is asked.
            "debian/../debian/linux",
            "debian",
            "link",
            "debian/linux\0",
            "nothing",
        ] {
            assert!(!can_open(&root, path).await, "{path:?}");
        }
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_link_within_leads_where_it_says() {
        let root = tempfile::tempdir().unwrap();
        std::fs::write(root.path().join("linux-6.1"), "kernel").unwrap();
        std::os::unix::fs::symlink("linux-6.1", root.path().join("linux")).unwrap();
        let found = open(root.path(), "linux").await.unwrap();
        assert_eq!(found.length, 6);
    }
}
