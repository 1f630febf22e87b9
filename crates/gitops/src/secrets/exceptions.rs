//! Exceptions: what was found and somebody answers for, until a day.

use jiff::civil::Date;
use org::glob;
use playbook::Model;
use serde::Serialize;

use super::leak::Leak;
use crate::kinds::{SecretException, SecretPolicy};

/// What is left after the exceptions, and what became of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Excused {
    /// Findings that nobody answers for.
    pub leaks: Vec<Leak>,
    /// Findings that an exception covers, with its reason.
    pub excused: Vec<(Leak, String)>,
    /// Exceptions that covered nothing: they can go.
    pub unused: Vec<String>,
}

/// Applies the exceptions of every policy as they hold on a day. An exception that has expired excuses nothing.
#[must_use]
pub fn excuse(leaks: Vec<Leak>, model: &Model, today: Date) -> Excused {
    let policies = model.all::<SecretPolicy>();
    let exceptions: Vec<&SecretException> =
        policies.flat_map(|policy| &policy.spec.exceptions).collect();
    let mut used = vec![false; exceptions.len()];
    let mut result = Excused::default();
    for leak in leaks {
        let covering =
            exceptions.iter().position(|one| today <= one.expires.value && covers(one, &leak));
        match covering {
            Some(at) => {
                used[at] = true;
                result.excused.push((leak, exceptions[at].reason.clone()));
            }
            None => result.leaks.push(leak),
        }
    }
    let idle = exceptions.iter().zip(used).filter(|(_, used)| !used);
    result.unused = idle.map(|(one, _)| name(one)).collect();
    result
}

fn covers(exception: &SecretException, leak: &Leak) -> bool {
    glob::matches(&exception.path, &leak.path)
        && exception.rule.as_ref().is_none_or(|rule| rule.value == leak.rule)
        && exception.fingerprint.as_ref().is_none_or(|one| *one == leak.fingerprint)
}

fn name(exception: &SecretException) -> String {
    let rule = exception.rule.as_ref().map_or("every rule", |rule| &rule.value);
    format!("`{}` for {rule}, until {}", exception.path.value, exception.expires.value)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::secrets::scan;
    use crate::vocabulary::TRIAL;

    const POLICY: &str = "
        SecretPolicy/p: {exceptions: [{path: tests/**, rule: password, reason: Made for tests., owner: seat/s, expires: 2026-12-31}]}
    ";

    #[test]
    fn an_exception_covers_its_files_its_rule_and_its_days_and_nothing_else() {
        let workspace = TRIAL.read(POLICY);
        let model = workspace.model();
        let at = |path: &str, day: Date| excuse(scan(path, "password: hunter2hunter3"), model, day);
        let covered = at("tests/a.yaml", date(2026, 12, 31));
        assert_eq!((covered.leaks.len(), covered.excused.len()), (0, 1));
        assert_eq!(covered.excused[0].1, "Made for tests.");
        assert!(covered.unused.is_empty());
        let late = at("tests/a.yaml", date(2027, 1, 1));
        assert_eq!((late.leaks.len(), late.unused.len()), (1, 1));
        let elsewhere = at("src/a.yaml", date(2026, 12, 1));
        assert_eq!(elsewhere.leaks.len(), 1);
        assert_eq!(elsewhere.unused, ["`tests/**` for password, until 2026-12-31"]);
    }
}
