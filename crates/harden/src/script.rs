//! The script that asks a host: one text for the shell of any Unix with the GNU tools or busybox.
//!
//! It holds nothing that the shell would read in a name from a playbook: names are checked, and those that are none are not asked
//! for. What is judged later then says why.

use crate::control::{Control, Nonce};
use crate::text::hex;
use crate::{kernel, packages};

/// What the script can do, without a word about what it shall ask.
const FUNCTIONS: &str = include_str!("audit.sh");

/// So many packages are asked for at once. A command line has room for 128 KiB at least in all (POSIX: 4 KiB), and names are
/// of some dozen bytes.
const CHUNK: usize = 100;

/// The script that finds out what these controls need to be judged: for `sh -s`, without privileges, and changing nothing.
#[must_use]
pub fn script(controls: &[Control], nonce: &Nonce) -> String {
    let mut lines =
        vec![format!("nonce={}", nonce.as_str()), "begin".to_owned(), "host".to_owned()];
    if controls.iter().any(|control| !control.settings.sshd.is_empty()) {
        lines.push("ssh_server".to_owned());
    }
    for (name, path) in kernel::asked(controls) {
        lines.push(format!("kernel {} '{path}'", hex(name.as_bytes())));
    }
    let names: Vec<&str> = packages::asked(controls).into_iter().collect();
    if !names.is_empty() {
        lines.push("find_manager".to_owned());
    }
    for (chunk, names) in names.chunks(CHUNK).enumerate() {
        let number = hex(chunk.to_string().as_bytes());
        lines.push(format!("packages {number} '{}'", names.join("' '")));
    }
    if controls.iter().any(|control| control.settings.security_updates) {
        lines.push("updates".to_owned());
    }
    lines.push("end".to_owned());
    format!("{FUNCTIONS}\nmain() {{\n{}\n}}\nmain </dev/null 2>/dev/null\n", lines.join("\n"))
}
