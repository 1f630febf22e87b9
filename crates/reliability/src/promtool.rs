//! The real `promtool`, for tests: it judges what we render and what we parse.

use std::process::Command;
use std::sync::Once;

static TOLD: Once = Once::new();

/// Runs it; what it printed and whether it was content, or `None` (said once, loudly) where it is not installed.
pub(crate) fn run(arguments: &[&str]) -> Option<(bool, String)> {
    let Ok(output) = Command::new("promtool").args(arguments).output() else {
        TOLD.call_once(|| {
            println!("LEFT OUT: no `promtool` here (Debian package `prometheus`): nothing was judged by it");
        });
        return None;
    };
    let text = [output.stdout, output.stderr].concat();
    Some((output.status.success(), String::from_utf8_lossy(&text).into_owned()))
}
