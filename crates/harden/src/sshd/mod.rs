//! Settings of the SSH server: its effective configuration, and what its blocks with conditions say otherwise.
//!
//! `sshd -T` tells what holds for a connection outside of all `Match` blocks. A block may allow to some what is forbidden to all,
//! so a setting is held only if no block says otherwise, and not known if the files with the blocks could not be read.
//! What is judged is the configuration on disk: a server that was not reloaded since may still do otherwise.

mod blocks;
mod values;

use std::collections::BTreeMap;

use self::blocks::Block;
use self::values::Compared;
use crate::facts::{Fact, Facts};
use crate::frame::Topic;
use crate::judge::Finding;
use crate::text::shown;

/// What a host said about its SSH server.
#[derive(Debug, Default)]
pub(crate) struct Server {
    /// Values by keyword, in small letters; some keywords have several.
    effective: BTreeMap<String, Vec<String>>,
    /// Settings that hold under conditions.
    blocks: Vec<Block>,
    /// Why there may be more conditions than were seen.
    unread: Option<String>,
}

/// Keywords that `sshd -T` leaves out while they are not set (OpenSSH, `dump_config` in servconf.c).
const SILENT: [&str; 7] =
    ["allowusers", "denyusers", "allowgroups", "denygroups", "acceptenv", "setenv", "subsystem"];

/// Keywords that have had two names.
const RENAMED: [(&str, &str); 3] = [
    ("challengeresponseauthentication", "kbdinteractiveauthentication"),
    ("pubkeyacceptedkeytypes", "pubkeyacceptedalgorithms"),
    ("hostbasedacceptedkeytypes", "hostbasedacceptedalgorithms"),
];

/// The other name of a keyword.
fn other_name(keyword: &str) -> Option<&'static str> {
    RENAMED.iter().find_map(|(old, new)| match keyword {
        keyword if keyword == *old => Some(*new),
        keyword if keyword == *new => Some(*old),
        _ => None,
    })
}

impl Server {
    pub(crate) fn of(facts: &Facts) -> Fact<Self> {
        let text = match facts.text(Topic::Sshd, "") {
            Fact::Is(text) => text,
            Fact::Absent => return Fact::Absent,
            Fact::Unknown { why } => return Fact::Unknown { why },
        };
        let mut server = Self::default();
        for line in text.lines() {
            let (keyword, value) = line.split_once(' ').unwrap_or((line, ""));
            let values = server.effective.entry(keyword.to_ascii_lowercase()).or_default();
            values.push(value.trim().to_owned());
        }
        server.read_blocks(facts);
        Fact::Is(server)
    }

    fn read_blocks(&mut self, facts: &Facts) {
        let paths: Vec<&str> = facts.names(Topic::SshdFile).collect();
        if paths.is_empty() {
            self.unread = Some("no configuration file was found where it usually is".to_owned());
        }
        for path in &paths {
            match facts.text(Topic::SshdFile, path) {
                Fact::Is(text) => {
                    let read = blocks::read(&text, &paths);
                    self.blocks.extend(read.blocks);
                    if let Some(include) = read.elsewhere {
                        self.unread =
                            Some(format!("it includes `{}`, which was not read", shown(&include)));
                    }
                }
                Fact::Absent => {}
                Fact::Unknown { why } => self.unread = Some(format!("`{}`: {why}", shown(path))),
            }
        }
        let asked_with_conditions = facts
            .text(Topic::SshdConditions, "")
            .value()
            .is_none_or(|conditions| conditions != "no");
        if asked_with_conditions && self.blocks.is_empty() && self.unread.is_none() {
            self.unread = Some("it has blocks with conditions that were not found".to_owned());
        }
    }

    fn values(&self, keyword: &str) -> Option<Vec<&str>> {
        let values = self.effective.get(keyword);
        let values = values.or_else(|| self.effective.get(other_name(keyword)?));
        values.map(|values| values.iter().map(String::as_str).collect())
    }
}

/// Judges one setting.
pub(crate) fn judge(keyword: &str, expected: &str, server: &Fact<Server>) -> Finding {
    let server = match server {
        Fact::Is(server) => server,
        Fact::Absent => return Finding::unknown("there is no OpenSSH server where one usually is"),
        Fact::Unknown { why } => return Finding::Unknown { why: why.clone() },
    };
    let key = keyword.to_ascii_lowercase();
    let Some(found) = server.values(&key) else {
        return if SILENT.contains(&key.as_str()) {
            Finding::broken(expected, "not set")
        } else {
            Finding::unknown(format!("the server there does not know `{}`", shown(keyword)))
        };
    };
    match values::compare(&key, expected, &found) {
        Compared::Same => under_conditions(&key, expected, server),
        Compared::Other => Finding::broken(expected, shown(&found.join(" "))),
        Compared::Unclear => {
            let found = shown(&found.join(" "));
            Finding::unknown(format!(
                "whether `{found}` is the same as `{expected}` cannot be told"
            ))
        }
    }
}

/// What holds for all may not hold under a condition.
fn under_conditions(key: &str, expected: &str, server: &Server) -> Finding {
    if !blocks::may_have(key) {
        return Finding::Held;
    }
    for block in &server.blocks {
        let is_it = block.keyword == key || other_name(key) == Some(&block.keyword);
        if is_it && values::compare(key, expected, &[&block.value]) != Compared::Same {
            let found = format!("{} under `Match {}`", block.value, block.condition);
            return Finding::broken(expected, shown(&found));
        }
    }
    match &server.unread {
        None => Finding::Held,
        Some(why) => Finding::unknown(format!(
            "it holds for all, but whether it does under conditions was not seen: {why}"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::tests::facts;

    const EFFECTIVE: &str = "port 22\npermitrootlogin without-password\npasswordauthentication no\nlogingracetime 120\n\
                             kbdinteractiveauthentication no\nallowusers b\nallowusers a\n";
    const PATH: &str = "/etc/ssh/sshd_config";

    #[track_caller]
    fn check(conditions: &str, file: &str, (keyword, value): (&str, &str), expect: &Finding) {
        let facts = facts(&[
            ("sshd", "", EFFECTIVE),
            ("sshd_conditions", "", conditions),
            ("sshd_file", PATH, file),
        ]);
        assert_eq!(judge(keyword, value, &Server::of(&facts)), *expect, "{keyword} {value}");
    }

    #[test]
    fn keywords_are_found_under_any_of_their_names() {
        for held in [
            ("PermitRootLogin", "prohibit-password"),
            ("passwordauthentication", "NO"),
            ("LoginGraceTime", "2m"),
            ("ChallengeResponseAuthentication", "no"),
            ("AllowUsers", "a b"),
        ] {
            check("no", "", held, &Finding::Held);
        }
        check("no", "", ("PermitRootLogin", "no"), &Finding::broken("no", "without-password"));
        check("no", "", ("AllowUsers", "a"), &Finding::broken("a", "b a"));
        check("no", "", ("DenyUsers", "c"), &Finding::broken("c", "not set"));
        let unknown = Finding::unknown("the server there does not know `NoSuchThing`");
        check("no", "", ("NoSuchThing", "yes"), &unknown);
    }

    #[test]
    fn what_a_block_allows_to_some_is_broken() {
        let password = ("PasswordAuthentication", "no");
        let block = "Match User deploy\n  passwordauthentication=YES # for now\n";
        check("no", block, password, &Finding::broken("no", "YES under `Match User deploy`"));
        check("no", &block.replace("YES", "no"), password, &Finding::Held);
        check(
            "no",
            "PasswordAuthentication yes\nMatch User a\n X11Forwarding no\n",
            password,
            &Finding::Held,
        );
        let old = "Match all\nChallengeResponseAuthentication yes\n";
        let found = Finding::broken("no", "yes under `Match all`");
        check("no", old, ("KbdInteractiveAuthentication", "no"), &found);
    }

    #[test]
    fn conditions_that_were_not_seen_leave_it_open() {
        for (conditions, file) in
            [("yes", ""), ("no", "?only root may read it"), ("no", "Include /srv/other.conf")]
        {
            let facts = facts(&[
                ("sshd", "", EFFECTIVE),
                ("sshd_conditions", "", conditions),
                ("sshd_file", PATH, file),
            ]);
            let server = Server::of(&facts);
            let open = judge("PasswordAuthentication", "no", &server);
            assert!(matches!(open, Finding::Unknown { .. }), "{file}: {open:?}");
            assert_eq!(
                judge("LoginGraceTime", "120", &server),
                Finding::Held,
                "no block can have it"
            );
            let broken = judge("PasswordAuthentication", "yes", &server);
            assert_eq!(broken, Finding::broken("yes", "no"));
        }
    }

    #[test]
    fn without_a_server_nothing_is_known() {
        for (value, why) in [
            ("?absent", "there is no OpenSSH server where one usually is"),
            ("?needs root: no hostkeys", "needs root: no hostkeys"),
        ] {
            let server = Server::of(&facts(&[("sshd", "", value)]));
            assert_eq!(judge("Port", "22", &server), Finding::unknown(why));
        }
    }
}
