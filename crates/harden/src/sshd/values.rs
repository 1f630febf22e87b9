//! Values of `sshd_config`, compared as the server understands them, not as they are written.

use std::collections::BTreeSet;

/// What comes of comparing two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compared {
    Same,
    Other,
    /// They are written in ways that cannot be compared.
    Unclear,
}

/// Keywords with many values whose order means nothing.
const SETS: [&str; 10] = [
    "allowusers",
    "denyusers",
    "allowgroups",
    "denygroups",
    "acceptenv",
    "setenv",
    "port",
    "hostkey",
    "permitopen",
    "permitlisten",
];

/// Keywords whose value is a length of time, which `sshd -T` prints in seconds.
const TIMES: [&str; 3] = ["logingracetime", "clientaliveinterval", "unusedconnectiontimeout"];

/// Keywords whose value is a list of algorithms, in order, which may be written as a change to the list that the server has.
const LISTS: [&str; 8] = [
    "ciphers",
    "macs",
    "kexalgorithms",
    "hostkeyalgorithms",
    "pubkeyacceptedalgorithms",
    "pubkeyacceptedkeytypes",
    "hostbasedacceptedalgorithms",
    "casignaturealgorithms",
];

/// Words that the server reads in capitals and small letters alike. Names of users, paths and algorithms are not among them.
const WORDS: &str = "yes no any none prohibit-password without-password forced-commands-only delayed local remote all clientspecified \
    point-to-point ethernet inet inet6 quiet fatal error info verbose debug debug1 debug2 debug3 daemon user auth authpriv local0 \
    local1 local2 local3 local4 local5 local6 local7 md5 sha256 sha384 sha512 touch-required verify-required internal";

/// Compares an expected value with those that were found.
pub(super) fn compare(keyword: &str, expected: &str, found: &[&str]) -> Compared {
    let expected = plain(expected);
    let joined = found.join(" ");
    let is_same = if keyword == "listenaddress" {
        // Written with and without port, with names: only what is literally the same is surely the same.
        return if set(&expected) == set(&joined) { Compared::Same } else { Compared::Unclear };
    } else if SETS.contains(&keyword) {
        set(&expected) == set(&plain(&joined))
    } else if LISTS.contains(&keyword) {
        return list(&expected, &plain(&joined));
    } else {
        normal(keyword, &expected) == normal(keyword, &plain(&joined))
            || keyword == "maxstartups" && starts_alike(&expected, &joined)
    };
    if is_same { Compared::Same } else { Compared::Other }
}

/// Without quotes around it, and with single blanks.
fn plain(text: &str) -> String {
    let text = text.trim();
    let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    let text = inner.filter(|inner| !inner.contains('"')).unwrap_or(text);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn set(text: &str) -> BTreeSet<&str> {
    text.split(' ').collect()
}

/// A list in order; or what must (`+`) or must not (`-`) be in it, or come first (`^`), because what the server's own list was is
/// not known here.
fn list(expected: &str, found: &str) -> Compared {
    let has: Vec<&str> = found.split(',').collect();
    let (change, names) = match expected.split_at_checked(1) {
        Some((change @ ("+" | "-" | "^"), names)) => (change, names),
        _ => ("", expected),
    };
    let names: Vec<&str> = names.split(',').collect();
    if matches!(change, "+" | "^") && names.iter().any(|name| name.contains(['*', '?'])) {
        return Compared::Unclear;
    }
    let is_same = match change {
        "+" => names.iter().all(|name| has.contains(name)),
        "-" => !has.iter().any(|one| names.iter().any(|pattern| matches(pattern, one))),
        "^" => has.starts_with(&names),
        _ => has == names,
    };
    if is_same { Compared::Same } else { Compared::Other }
}

/// Whether a pattern with `*` and `?` stands for a name (ssh_config(5), "PATTERNS").
fn matches(pattern: &str, name: &str) -> bool {
    // For each beginning of the name, whether the pattern so far stands for it.
    let name: Vec<char> = name.chars().collect();
    let mut stands = vec![false; name.len() + 1];
    stands[0] = true;
    for mark in pattern.chars() {
        let mut next = vec![false; name.len() + 1];
        for at in 0..=name.len() {
            next[at] = match mark {
                '*' => stands[at] || at > 0 && next[at - 1],
                '?' => at > 0 && stands[at - 1],
                mark => at > 0 && stands[at - 1] && name[at - 1] == mark,
            };
        }
        stands = next;
    }
    stands[name.len()]
}

/// One way of writing for all that mean the same.
fn normal(keyword: &str, value: &str) -> String {
    let is_word = |word: &str| WORDS.split_whitespace().any(|known| known == word);
    let small = value.to_ascii_lowercase();
    let value = if is_word(&small) { small.as_str() } else { value };
    match keyword {
        "permitrootlogin" if value == "without-password" => "prohibit-password".to_owned(),
        "loglevel" if value == "debug" => "debug1".to_owned(),
        "ipqos" if !value.contains(' ') => format!("{value} {value}"),
        "rekeylimit" => rekey(value).unwrap_or_else(|| value.to_owned()),
        keyword if TIMES.contains(&keyword) => {
            seconds(value).map_or_else(|| value.to_owned(), |seconds| seconds.to_string())
        }
        _ => value.parse::<u64>().map_or_else(|_| value.to_owned(), |number| number.to_string()),
    }
}

/// A length of time in seconds: numbers, each with `s`, `m`, `h`, `d`, `w` or none for seconds (sshd_config(5), "TIME FORMATS").
fn seconds(text: &str) -> Option<u64> {
    let mut total = 0_u64;
    let mut number: Option<u64> = None;
    for character in text.chars() {
        if let Some(digit) = character.to_digit(10) {
            number = Some(number.unwrap_or(0).checked_mul(10)?.checked_add(u64::from(digit))?);
            continue;
        }
        let unit = match character.to_ascii_lowercase() {
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            'w' => 604_800,
            _ => return None,
        };
        total = total.checked_add(number.take()?.checked_mul(unit)?)?;
    }
    match number {
        Some(rest) => total.checked_add(rest),
        None => (!text.is_empty()).then_some(total),
    }
}

/// `RekeyLimit` as `sshd -T` prints it: bytes and seconds, zero for the default and for none.
fn rekey(value: &str) -> Option<String> {
    let mut words = value.split(' ');
    let amount = words.next()?;
    let bytes = match amount.to_ascii_lowercase().as_str() {
        "default" | "none" => 0,
        amount => {
            let digits = amount.trim_end_matches(['k', 'm', 'g']);
            let unit = match amount.strip_prefix(digits)? {
                "" => 1,
                "k" => 1 << 10,
                "m" => 1 << 20,
                "g" => 1 << 30,
                _ => return None,
            };
            digits.parse::<u64>().ok()?.checked_mul(unit)?
        }
    };
    let time = match words.next() {
        None | Some("none") => 0,
        Some(time) => seconds(time)?,
    };
    Some(format!("{bytes} {time}"))
}

/// `MaxStartups` with one number: the server then never drops by chance, whatever share it prints.
fn starts_alike(expected: &str, found: &str) -> bool {
    let parts: Vec<&str> = found.split(':').collect();
    matches!(parts.as_slice(), [start, _, full] if start == full && *start == expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(keyword: &str, expected: &str, found: &[&str], expect: Compared) {
        assert_eq!(
            compare(keyword, expected, found),
            expect,
            "{keyword}: {expected} and {found:?}"
        );
    }

    #[test]
    fn what_means_the_same_is_the_same() {
        for (keyword, expected, found) in [
            ("permitrootlogin", "prohibit-password", "without-password"),
            ("permitrootlogin", "without-password", "prohibit-password"),
            ("passwordauthentication", "No", "no"),
            ("passwordauthentication", "\"no\"", "no"),
            ("loglevel", "verbose", "VERBOSE"),
            ("logingracetime", "2m", "120"),
            ("logingracetime", "1h30m5", "5405"),
            ("clientaliveinterval", "300", "300"),
            ("maxauthtries", "03", "3"),
            ("rekeylimit", "512M 1h", "536870912 3600"),
            ("rekeylimit", "default none", "0 0"),
            ("maxstartups", "10", "10:30:10"),
            ("maxstartups", "10:30:60", "10:30:60"),
            ("ipqos", "ef", "ef ef"),
            ("authorizedkeysfile", "a   b", "a b"),
            ("streamlocalbindmask", "177", "0177"),
            ("ciphers", "a,b", "a,b"),
            ("macs", "+a", "b,a"),
            ("macs", "-*-cbc,3des*", "a-ctr,b-gcm"),
            ("kexalgorithms", "^a,b", "a,b,c"),
        ] {
            check(keyword, expected, &[found], Compared::Same);
        }
        check("allowusers", "a b", &["b", "a"], Compared::Same);
        check("acceptenv", "LANG LC_*", &["LANG", "LC_*"], Compared::Same);
    }

    #[test]
    fn what_means_something_else_is_other() {
        for (keyword, expected, found) in [
            ("permitrootlogin", "no", "without-password"),
            ("logingracetime", "2m", "121"),
            ("logingracetime", "m", "0"),
            ("banner", "/etc/Issue", "/etc/issue"),
            ("ciphers", "a,b", "b,a"),
            ("ciphers", "a", "a,b"),
            ("ciphers", "A", "a"),
            ("macs", "+a,c", "b,a"),
            ("macs", "-*-cbc", "a-ctr,b-cbc"),
            ("kexalgorithms", "^b", "a,b"),
            ("maxstartups", "10", "10:30:60"),
            ("rekeylimit", "1G", "1 0"),
            ("allowusers", "a", "A"),
        ] {
            check(keyword, expected, &[found], Compared::Other);
        }
        check("allowusers", "a", &["a", "b"], Compared::Other);
        check("listenaddress", "0.0.0.0", &["0.0.0.0:22"], Compared::Unclear);
        check("macs", "+hmac-*", &["hmac-a"], Compared::Unclear);
    }

    #[test]
    fn patterns_stand_for_names() {
        for (pattern, name, expect) in [
            ("*", "", true),
            ("a*c", "abbc", true),
            ("a?c", "ac", false),
            ("a?c", "abc", true),
            ("*-cbc", "x-cbc-", false),
        ] {
            assert_eq!(matches(pattern, name), expect, "{pattern} {name}");
        }
    }
}
