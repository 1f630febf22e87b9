//! The boot profile of a role installs the distribution of its image.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule};

use crate::kinds::{Distribution, Role, SetupMethod};

/// The boot profile of a role installs the distribution of its image.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("FLT019"),
        name: "boot-misfit",
        severity: Severity::Error,
        summary: "The boot profile of a role installs the distribution of its image.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"Debian's installer reads a preseed file, Ubuntu's an autoinstall document; neither understands the other's. A machine that gets the wrong one stops at its first question, and nobody stands there to answer.

Fails:

```yaml
apiVersion: council/v1
kind: Role
metadata: {name: gpu}
spec: {purpose: Train models., image: base, boot: netboot}
---
apiVersion: council/v1
kind: Image
metadata: {name: base}
spec: {distribution: ubuntu}
---
apiVersion: council/v1
kind: BootProfile
metadata: {name: netboot}
spec: {network_boot: [pxe], set_up_by: [preseed]}
```

Mended:

```yaml
apiVersion: council/v1
kind: Role
metadata: {name: gpu}
spec: {purpose: Train models., image: base, boot: netboot}
---
apiVersion: council/v1
kind: Image
metadata: {name: base}
spec: {distribution: ubuntu}
---
apiVersion: council/v1
kind: BootProfile
metadata: {name: netboot}
spec: {network_boot: [pxe], set_up_by: [autoinstall]}
```
"#;

fn check(model: &Model, _: &Facts, findings: &mut Vec<Diagnostic>) {
    for role in model.all::<Role>() {
        let (Some(boot), Some(image)) = (&role.spec.boot, &role.spec.image) else { continue };
        let (Some(profile), Some(image)) = (model.follow(boot), model.follow(image)) else {
            continue;
        };
        let foreign = profile.spec.set_up_by.iter().find(|method| match method {
            SetupMethod::Preseed => image.spec.distribution != Distribution::Debian,
            SetupMethod::Autoinstall => image.spec.distribution != Distribution::Ubuntu,
            SetupMethod::CloudInit => false,
        });
        let Some(foreign) = foreign else { continue };
        let (word, fitting) = match foreign {
            SetupMethod::Preseed => ("preseed", "autoinstall"),
            SetupMethod::Autoinstall => ("autoinstall", "preseed"),
            SetupMethod::CloudInit => continue,
        };
        let message = format!(
            "`{}` installs by {word}, which `{}` does not understand",
            profile.name(),
            image.name()
        );
        findings.push(
            Diagnostic::new(&RULE.info, role.resource.at(boot.span()), message)
                .why("each installer reads the answers of its own distribution only")
                .hint(format!("name a profile that is set up by {fitting}"))
                .related(image.resource.place.clone(), "the image")
                .subject(role.resource.id.to_string()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn an_installer_of_another_distribution_is_found() {
        TRIAL.finds(
            &RULE,
            "
            Image/deb: {distribution: debian}
            BootProfile/p: {network_boot: [pxe], set_up_by: [cloud-init, autoinstall]}
            Role/a: {purpose: x, image: deb, boot: p}
        ",
            &[("p", "`p` installs by autoinstall, which `deb` does not understand")],
        );
    }

    #[test]
    fn cloud_init_and_the_own_installer_are_right() {
        TRIAL.finds(
            &RULE,
            "
            Image/deb: {distribution: debian}
            BootProfile/p: {network_boot: [pxe], set_up_by: [preseed, cloud-init]}
            Role/a: {purpose: x, image: deb, boot: p}
            Role/b: {purpose: x, image: deb}
        ",
            &[],
        );
    }
}
