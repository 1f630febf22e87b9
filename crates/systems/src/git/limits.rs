//! How large a repository may be that is followed.

use std::time::Duration;

/// Limits of a repository that is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How long one call of Git may take.
    pub time: Duration,
    /// Files of the newest commit.
    pub files: u64,
    /// Bytes of the newest commit's files.
    pub bytes: u64,
    /// Bytes that the clone may take on disk.
    pub clone_bytes: u64,
}

impl Default for Limits {
    /// Ten minutes for a first clone over a slow line; 200,000 files, ten times the largest playbook that is measured;
    /// 1 GiB of them; and 4 GiB for a long history.
    fn default() -> Self {
        Self {
            time: Duration::from_secs(600),
            files: 200_000,
            bytes: 1 << 30,
            clone_bytes: 4 << 30,
        }
    }
}

impl Limits {
    /// Compares with what `git count-objects -v` and `git ls-tree -r -l -z` say.
    pub(super) fn check(&self, counted: &str, listed: &str) -> Result<(), String> {
        // In KiB, both what is packed and what is not.
        let sizes =
            counted.lines().filter_map(|line| line.split_once(": ")).filter_map(|(name, value)| {
                matches!(name, "size" | "size-pack").then(|| value.parse::<u64>().ok())?
            });
        let clone = sizes.fold(0_u64, |sum, size| sum.saturating_add(size.saturating_mul(1024)));
        let (mut files, mut bytes) = (0_u64, 0_u64);
        for entry in listed.split('\0').filter(|entry| !entry.is_empty()) {
            files += 1;
            // `MODE TYPE ID SIZE<tab>PATH`; a submodule has no size.
            let size = entry.split('\t').next().and_then(|head| head.split_whitespace().nth(3));
            bytes = bytes.saturating_add(size.and_then(|size| size.parse().ok()).unwrap_or(0));
        }
        let limits = [
            (clone, self.clone_bytes, "bytes in the clone"),
            (files, self.files, "files"),
            (bytes, self.bytes, "bytes of files"),
        ];
        match limits.into_iter().find(|(found, limit, _)| found > limit) {
            Some((found, limit, what)) => Err(format!("{found} {what}, and {limit} are allowed")),
            None => Ok(()),
        }
    }
}
