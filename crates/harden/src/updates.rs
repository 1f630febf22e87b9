//! Whether security updates install themselves every day: by APT's unattended-upgrades or by dnf-automatic.

use crate::facts::{Fact, Facts};
use crate::frame::Topic;
use crate::judge::Finding;
use crate::packages::{self, Packages, UNATTENDED};
use crate::text::shown;

const EXPECTED: &str = "security updates install themselves every day";

/// Judges by whichever means the host has.
pub(crate) fn judge(facts: &Facts, packages: &Packages) -> Finding {
    let finding = match facts.text(Topic::Apt, "") {
        Fact::Is(dump) => apt(&Apt::of(&dump), facts, packages),
        Fact::Absent => dnf(facts),
        Fact::Unknown { why } => Err(Finding::Unknown { why }),
    };
    finding.map_or_else(|finding| finding, |()| Finding::Held)
}

fn broken(found: impl Into<String>) -> Result<(), Finding> {
    Err(Finding::broken(EXPECTED, found))
}

fn unknown(why: impl Into<String>) -> Result<(), Finding> {
    Err(Finding::unknown(why))
}

/// What APT's configuration says, as `apt-config dump` prints it.
#[derive(Debug)]
struct Apt<'d> {
    pairs: Vec<(&'d str, &'d str)>,
}

impl<'d> Apt<'d> {
    fn of(dump: &'d str) -> Self {
        let pair = |line: &'d str| {
            let (key, value) = line.trim().split_once(' ')?;
            Some((key, value.strip_prefix('"')?.strip_suffix("\";")?))
        };
        Self { pairs: dump.lines().filter_map(pair).collect() }
    }

    fn value(&self, key: &str) -> Option<&'d str> {
        // Printed once for each key; of several, the last one would count.
        let found = self.pairs.iter().rev().find(|(name, _)| name.eq_ignore_ascii_case(key));
        found.map(|(_, value)| *value)
    }

    /// Where updates may come from: `Origins-Pattern` or, in Ubuntu's older words, `Allowed-Origins`.
    fn origins(&self) -> impl Iterator<Item = &'d str> {
        const LISTS: [&str; 2] =
            ["unattended-upgrade::origins-pattern::", "unattended-upgrade::allowed-origins::"];
        let listed = |key: &str| LISTS.contains(&key.to_ascii_lowercase().as_str());
        self.pairs.iter().filter(move |(key, _)| listed(key)).map(|(_, value)| *value)
    }
}

fn apt(apt: &Apt<'_>, facts: &Facts, packages: &Packages) -> Result<(), Finding> {
    match packages::judge_installed(UNATTENDED, packages) {
        Finding::Held => {}
        Finding::Broken { found, .. } => return broken(format!("{UNATTENDED} is {found}")),
        Finding::Unknown { why } => return unknown(why),
    }
    if apt.value("APT::Periodic::Enable") == Some("0") {
        return broken("APT::Periodic::Enable is `0`");
    }
    for key in ["APT::Periodic::Update-Package-Lists", "APT::Periodic::Unattended-Upgrade"] {
        match apt.value(key).map(|value| (value, is_daily(value))) {
            Some((_, Some(true))) => {}
            Some((value, _)) => return broken(format!("{key} is `{}`", shown(value))),
            None => return broken(format!("{key} is not set")),
        }
    }
    let is_security = |origin: &str| origin.to_ascii_lowercase().contains("security");
    if !apt.origins().any(is_security) {
        return match apt.origins().find(|origin| origin.contains('*')) {
            Some(pattern) => unknown(format!(
                "whether `{}` lets security updates in is not known",
                shown(pattern)
            )),
            None => broken("no origin of security updates is allowed for unattended-upgrades"),
        };
    }
    timer(facts, &["apt-daily"])?;
    timer(facts, &["apt-daily-upgrade"])
}

/// Whether an interval is a day or less: `always`, or a number of days, or one with the unit `s`, `m`, `h` or `d`, as APT's own
/// `apt.systemd.daily` reads it. None and zero mean never.
fn is_daily(interval: &str) -> Option<bool> {
    const DAY: u64 = 86_400;
    if interval == "always" {
        return Some(true);
    }
    let (number, unit) = match interval.strip_suffix(['s', 'm', 'h', 'd']) {
        Some(number) => (number, interval.bytes().last()?),
        None => (interval, b'd'),
    };
    let seconds = match unit {
        b's' => 1,
        b'm' => 60,
        b'h' => 3_600,
        _ => DAY,
    };
    let every = number.parse::<u64>().ok()?.checked_mul(seconds)?;
    Some((1..=DAY).contains(&every))
}

fn dnf(facts: &Facts) -> Result<(), Finding> {
    let text = match facts.text(Topic::DnfAutomatic, "") {
        Fact::Is(text) => text,
        Fact::Absent => {
            return match facts.text(Topic::Manager, "") {
                Fact::Is(manager) if manager == "rpm" => broken("dnf-automatic is not installed"),
                Fact::Is(_) | Fact::Absent | Fact::Unknown { .. } => unknown(
                    "neither unattended-upgrades nor dnf-automatic is there, and nothing else is understood",
                ),
            };
        }
        Fact::Unknown { why } => return unknown(why),
    };
    match commands(&text, "upgrade_type").unwrap_or("default") {
        "default" | "security" => {}
        other => return broken(format!("upgrade_type is `{}`", shown(other))),
    }
    // This one installs whatever the file says.
    if timer(facts, &["dnf-automatic-install"]).is_ok() {
        return Ok(());
    }
    let applies = commands(&text, "apply_updates").unwrap_or("no").to_ascii_lowercase();
    if !matches!(&*applies, "yes" | "true" | "on" | "1") {
        return broken(format!("apply_updates is `{}`", shown(&applies)));
    }
    timer(facts, &["dnf-automatic", "dnf5-automatic"])
}

/// A value of the section `[commands]`; the last one counts.
fn commands<'t>(text: &'t str, key: &str) -> Option<&'t str> {
    let mut section = "";
    let mut found = None;
    for line in text.lines().map(str::trim) {
        if line.starts_with('[') {
            section = line;
        } else if let Some((name, value)) = line.split_once(['=', ':'])
            && section == "[commands]"
            && name.trim() == key
        {
            found = Some(value.trim());
        }
    }
    found
}

/// Whether one of these timers of systemd runs and will after the next start.
fn timer(facts: &Facts, names: &[&str]) -> Result<(), Finding> {
    match facts.text(Topic::Systemd, "") {
        Fact::Is(_) => {}
        Fact::Absent => {
            return unknown("whether its daily jobs run is not known where systemd does not");
        }
        Fact::Unknown { why } => return unknown(why),
    }
    let mut seen = Vec::new();
    for name in names {
        match facts.text(Topic::Unit, name) {
            Fact::Is(state) if state.split_whitespace().eq(["enabled", "active"]) => return Ok(()),
            Fact::Is(state) if state.trim().is_empty() => {
                return unknown(format!("systemd does not say how {name}.timer is"));
            }
            Fact::Is(state) => seen.push(format!("{name}.timer is {}", shown(&state))),
            Fact::Absent => seen.push(format!("{name}.timer is not there")),
            Fact::Unknown { why } => return unknown(why),
        }
    }
    broken(seen.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::tests::facts;

    const DUMP: &str = "APT::Periodic::Update-Package-Lists \"1\";\nAPT::Periodic::Unattended-Upgrade \"1\";\n\
                        Unattended-Upgrade::Origins-Pattern \"\";\n\
                        Unattended-Upgrade::Origins-Pattern:: \"origin=Debian,codename=${distro_codename}-security\";";

    type Known<'k> = Vec<(&'k str, &'k str, &'k str)>;

    fn debian(dump: &str) -> Known<'_> {
        vec![
            ("manager", "", "dpkg"),
            ("packages", "0", "have unattended-upgrades installed 2.9 all"),
            ("apt", "", dump),
            ("dnf_automatic", "", "?absent"),
            ("systemd", "", "yes"),
            ("unit", "apt-daily", "enabled active"),
            ("unit", "apt-daily-upgrade", "enabled active"),
        ]
    }

    fn fedora<'f>(file: &'f str, timer: &'f str, installs: &'f str) -> Known<'f> {
        vec![
            ("manager", "", "rpm"),
            ("apt", "", "?absent"),
            ("dnf_automatic", "", file),
            ("systemd", "", "yes"),
            ("unit", "dnf-automatic", timer),
            ("unit", "dnf-automatic-install", installs),
            ("unit", "dnf5-automatic", "not-found inactive"),
        ]
    }

    /// One fact said otherwise.
    fn but<'k>(mut known: Known<'k>, topic: &str, name: &str, value: &'k str) -> Known<'k> {
        let fact = known.iter_mut().find(|fact| (fact.0, fact.1) == (topic, name));
        fact.expect("a fact to change").2 = value;
        known
    }

    #[track_caller]
    fn check(known: &Known<'_>, expect: &Result<(), &str>) {
        let facts = facts(known);
        let seen = match judge(&facts, &Packages::of(&facts)) {
            Finding::Held => Ok(()),
            Finding::Broken { found, .. } => Err(found),
            Finding::Unknown { why } => Err(format!("? {why}")),
        };
        assert_eq!(seen.as_ref().map_err(String::as_str).copied(), *expect);
    }

    #[test]
    fn apt_updates_itself_or_says_why_not() {
        check(&debian(DUMP), &Ok(()));
        let rare = DUMP.replace("Upgrade \"1\"", "Upgrade \"7\"");
        check(&debian(&rare), &Err("APT::Periodic::Unattended-Upgrade is `7`"));
        let silent = DUMP.replace("APT::Periodic::Update-Package-Lists", "APT::Other");
        check(&debian(&silent), &Err("APT::Periodic::Update-Package-Lists is not set"));
        let off = format!("{DUMP}\nAPT::Periodic::Enable \"0\";");
        check(&debian(&off), &Err("APT::Periodic::Enable is `0`"));
        let others = DUMP.replace("-security", "-updates");
        check(
            &debian(&others),
            &Err("no origin of security updates is allowed for unattended-upgrades"),
        );
        let any = DUMP.replace("codename=${distro_codename}-security", "codename=*");
        check(
            &debian(&any),
            &Err("? whether `origin=Debian,codename=*` lets security updates in is not known"),
        );
        let gone = but(
            debian(DUMP),
            "packages",
            "0",
            "dpkg-query: no packages found matching unattended-upgrades",
        );
        check(&gone, &Err("unattended-upgrades is not installed"));
        let masked = but(debian(DUMP), "unit", "apt-daily-upgrade", "masked inactive");
        check(&masked, &Err("apt-daily-upgrade.timer is masked inactive"));
        let elsewhere = but(debian(DUMP), "systemd", "", "?absent");
        check(&elsewhere, &Err("? whether its daily jobs run is not known where systemd does not"));
    }

    #[test]
    fn dnf_updates_itself_or_says_why_not() {
        const ON: &str = "[commands]\nupgrade_type = security\napply_updates = yes\n[emitters]\napply_updates = no\n";
        const OFF: &str = "[commands]\napply_updates = no\n[email]\napply_updates = yes\n";
        check(&fedora(ON, "enabled active", "not-found inactive"), &Ok(()));
        check(&fedora(OFF, "disabled inactive", "enabled active"), &Ok(()));
        check(&fedora(OFF, "enabled active", "disabled inactive"), &Err("apply_updates is `no`"));
        let stopped =
            "dnf-automatic.timer is enabled inactive, dnf5-automatic.timer is not-found inactive";
        check(&fedora(ON, "enabled inactive", "disabled inactive"), &Err(stopped));
        check(&fedora("?absent", "", ""), &Err("dnf-automatic is not installed"));
        let alpine = but(fedora("?absent", "", ""), "manager", "", "apk");
        let nothing = "? neither unattended-upgrades nor dnf-automatic is there, and nothing else is understood";
        check(&alpine, &Err(nothing));
    }

    #[test]
    fn a_day_is_a_day_in_every_unit() {
        for daily in ["1", "always", "1d", "24h", "1440m", "86400s", "6h"] {
            assert_eq!(is_daily(daily), Some(true), "{daily}");
        }
        for rare in ["0", "2", "7d", "25h", "0s"] {
            assert_eq!(is_daily(rare), Some(false), "{rare}");
        }
        for wrong in ["", "d", "x", "-1", "1w", "99999999999999999999", "99999999999999999d"] {
            assert_eq!(is_daily(wrong), None, "{wrong}");
        }
    }
}
