//! What a boot profile names can be fetched and stands in one line.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule, Spanned};

use crate::kinds::BootProfile;
use crate::render::is_one_word;

/// What a boot profile names can be fetched and stands in one line.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("FLT018"),
        name: "boot-word",
        severity: Severity::Error,
        summary: "What a boot profile names can be fetched and stands in one line.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"A kernel's command line, the installer's answers and a script of iPXE are read word by word. A blank or a line break in the middle makes two words of one, and the machine then stops in front of nobody. Files are served from one directory: their paths begin there, and do not climb out of it.

Fails:

```yaml
apiVersion: council/v1
kind: BootProfile
metadata: {name: netboot}
spec: {network_boot: [pxe], set_up_by: [preseed], files: {kernel: ../linux, initrd: debian/initrd.gz}}
```

Mended:

```yaml
apiVersion: council/v1
kind: BootProfile
metadata: {name: netboot}
spec: {network_boot: [pxe], set_up_by: [preseed], files: {kernel: debian/linux, initrd: debian/initrd.gz}}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(profile) = resource.typed::<BootProfile>() else { return };
    let mut find = |value: &Spanned<String>, message: String, why: &str, hint: &str| {
        findings.push(
            Diagnostic::new(&RULE.info, resource.at(value.span), message)
                .why(why)
                .hint(hint)
                .subject(resource.id.to_string()),
        );
    };
    let files = profile.spec.files.iter().flat_map(|files| {
        [Some(&files.kernel), Some(&files.initrd), files.iso.as_ref()].into_iter().flatten()
    });
    for file in files.filter(|file| !is_below(file)) {
        find(
            file,
            format!("`{}` is no path below the served directory", file.value),
            "the boot service serves one directory and nothing outside it",
            "write it from that directory on, such as `debian-13/linux`",
        );
    }
    for argument in profile.spec.arguments.iter().filter(|argument| !is_one_word(argument)) {
        find(
            argument,
            format!("`{}` is not one word", argument.value.escape_debug()),
            "the kernel's command line is read word by word",
            "write each word as an entry of its own",
        );
    }
    for handover in profile.spec.secrets.iter().filter(|it| !is_absolute(&it.file)) {
        find(
            &handover.file,
            format!("`{}` is no absolute path", handover.file.value),
            "the machine writes the secret there before anybody is signed in",
            "write it from the root on, such as `/etc/agent/key`",
        );
    }
}

/// A relative path without a step upwards, in characters that need no escape in a URL.
fn is_below(path: &str) -> bool {
    let is_step = |step: &str| {
        !step.is_empty()
            && step != "."
            && step != ".."
            && step.chars().all(|letter| letter.is_ascii_alphanumeric() || "._+~-".contains(letter))
    };
    path.split('/').all(is_step)
}

fn is_absolute(path: &str) -> bool {
    path.strip_prefix('/').is_some_and(is_below)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn paths_outside_and_broken_words_are_found() {
        TRIAL.finds(
            &RULE,
            r#"
            BootProfile/a: {network_boot: [pxe], set_up_by: [preseed], files: {kernel: /boot/linux, initrd: a//b, iso: "x y"}, arguments: ["a b", quiet]}
        "#,
            &[
                ("/boot/linux", "`/boot/linux` is no path below the served directory"),
                ("a//b", "`a//b` is no path below the served directory"),
                ("\"x y\"", "`x y` is no path below the served directory"),
                ("\"a b\"", "`a b` is not one word"),
            ],
        );
    }

    #[test]
    fn plain_paths_and_words_are_right() {
        TRIAL.finds(
            &RULE,
            r#"
            BootProfile/a: {network_boot: [pxe], set_up_by: [preseed], files: {kernel: d-13/linux, initrd: d-13/initrd.gz}, arguments: ["console=ttyS0,115200n8"]}
        "#,
            &[],
        );
    }
}
