//! Kernel settings, as they are below `/proc/sys`.

use std::collections::BTreeMap;

use crate::control::Control;
use crate::facts::{Fact, Facts};
use crate::frame::Topic;
use crate::judge::Finding;
use crate::text::shown;

/// The settings that controls name, with their paths below `/proc/sys`.
pub(crate) fn asked(controls: &[Control]) -> BTreeMap<&str, String> {
    let names = controls.iter().flat_map(|control| control.settings.kernel.keys());
    names.filter_map(|name| Some((name.as_str(), path(name)?))).collect()
}

/// The path of a setting, by the rule of sysctl.d(5): whichever of dot and slash comes first is the separator, and the other one
/// stands for it within a part. None for what is no name.
fn path(name: &str) -> Option<String> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./:".contains(&byte);
    if !name.bytes().all(allowed) {
        return None;
    }
    let swap = |character| match character {
        '.' => '/',
        '/' => '.',
        other => other,
    };
    let path: String = match name.find(['.', '/']) {
        Some(at) if name.get(at..).is_some_and(|rest| rest.starts_with('.')) => {
            name.chars().map(swap).collect()
        }
        _ => name.to_owned(),
    };
    let is_part =
        |part: &str| !part.is_empty() && part != "." && part != ".." && !part.starts_with('-');
    path.split('/').all(is_part).then_some(path)
}

/// Judges one setting. Blanks between several numbers are as good as tabs.
pub(crate) fn judge(name: &str, expected: &str, facts: &Facts) -> Finding {
    if path(name).is_none() {
        return Finding::unknown(format!("`{}` is no name of a kernel setting", shown(name)));
    }
    match facts.text(Topic::Kernel, name) {
        Fact::Is(found) if found.split_whitespace().eq(expected.split_whitespace()) => {
            Finding::Held
        }
        Fact::Is(found) => Finding::broken(expected, shown(&found)),
        Fact::Absent => Finding::unknown(
            "this kernel has no such setting: the name is wrong, or what has it is not loaded",
        ),
        Fact::Unknown { why } => Finding::Unknown { why },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::tests::facts;

    #[test]
    fn names_are_paths() {
        for (name, expect) in [
            ("kernel.kptr_restrict", "kernel/kptr_restrict"),
            ("net.ipv4.conf.eth0/100.rp_filter", "net/ipv4/conf/eth0.100/rp_filter"),
            ("net/ipv4/conf/eth0.100/rp_filter", "net/ipv4/conf/eth0.100/rp_filter"),
            ("net.ipv4.conf.br-lan.rp_filter", "net/ipv4/conf/br-lan/rp_filter"),
        ] {
            assert_eq!(path(name).as_deref(), Some(expect));
        }
        for wrong in [
            "",
            "a..b",
            ".a",
            "a.",
            "a.//.b",
            "../etc/passwd",
            "a/../b",
            "a'b",
            "a b",
            "$(id)",
            "a\nb",
            "-a.b",
            "net.*.x",
        ] {
            assert_eq!(path(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn values_are_compared_by_words() {
        let facts = facts(&[
            ("kernel", "a.b", "4096\t131072\t6291456"),
            ("kernel", "a.none", "?absent"),
            ("kernel", "a.secret", "?only root may read it"),
        ]);
        assert_eq!(judge("a.b", "4096 131072 6291456", &facts), Finding::Held);
        assert_eq!(
            judge("a.b", "4096 131072", &facts),
            Finding::broken("4096 131072", "4096 131072 6291456")
        );
        for unknown in ["a.none", "a.secret", "a.unasked", "a b"] {
            assert!(matches!(judge(unknown, "1", &facts), Finding::Unknown { .. }), "{unknown}");
        }
    }
}
