//! Says on which machine and with which versions the figures were measured.

use std::path::Path;

use crate::process;

/// One paragraph: processor, cores, memory, kernel, compiler, revision.
pub(crate) fn describe(root: &Path) -> String {
    let field = |file: &str, key: &str| {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with(key)).unwrap_or_default().to_owned();
        line.split_once(':').map_or(String::from("unknown"), |(_, value)| value.trim().to_owned())
    };
    let said = |command: &[&str]| {
        process::output(root, command).map_or("unknown".to_owned(), |text| text.trim().to_owned())
    };
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    format!(
        "Machine: {}, {cores} cores, {} memory, Linux {}. {}. Revision {}, {}.",
        field("/proc/cpuinfo", "model name"),
        field("/proc/meminfo", "MemTotal"),
        said(&["uname", "-r"]),
        said(&["rustc", "--version"]),
        said(&["git", "rev-parse", "--short", "HEAD"]),
        said(&["date", "--utc", "+%Y-%m-%d"]),
    )
}
