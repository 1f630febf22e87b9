//! The real Ansible on this machine: check, approve, run, prove.

use std::path::Path;
use std::time::Duration;

use plan::{Action, Effect, FaultKind};
use systems::ansible::{Ansible, Inventory};
use systems::redact::Redactor;

use crate::{rig, tools};

const PLAY: &str = "\
- hosts: role_web
  gather_facts: false
  tasks:
    - name: Write the greeting
      ansible.builtin.copy:
        content: \"hello from {{ inventory_hostname }}\\n\"
        dest: \"{{ playbook_dir }}/out/{{ inventory_hostname }}.txt\"
    - name: Write the settings
      ansible.builtin.copy:
        content: \"db_password: canary-Pa55word-1\\n\"
        dest: \"{{ playbook_dir }}/out/settings.yaml\"
    - name: Write the key
      no_log: true
      ansible.builtin.copy:
        content: \"canary-hidden\\n\"
        dest: \"{{ playbook_dir }}/out/key\"
    - name: Restart
      ansible.builtin.command: \"true\"
";

/// A folder with a play; none without the real program.
fn stage(play: &str) -> Option<(tempfile::TempDir, Ansible)> {
    let program = tools::python("ansible-playbook", "plays under the real Ansible")?;
    let folder = tempfile::tempdir().unwrap();
    let project = folder.path().join("project");
    std::fs::create_dir_all(project.join("out")).unwrap();
    std::fs::write(project.join("site.yml"), play).unwrap();
    let variables = serde_json::json!({
        "ansible_connection": "local",
        "ansible_python_interpreter": "{{ ansible_playbook_python }}",
    });
    let inventory = serde_json::json!({
        "_meta": { "hostvars": { "web-1": variables, "web-2": variables } },
        "role_web": { "hosts": ["web-1", "web-2"] },
    });
    let ansible = Ansible {
        name: "web".to_owned(),
        program,
        directory: project,
        playbook: "site.yml".to_owned(),
        inventory: Inventory::Listed(inventory.to_string().into_bytes()),
        limit: Some("web-1".to_owned()),
        timeout: Duration::from_secs(300),
        redactor: Redactor::default(),
        marks: plan::Marks::default(),
    };
    Some((folder, ansible))
}

fn written(ansible: &Ansible, name: &str) -> Option<String> {
    std::fs::read_to_string(ansible.directory.join("out").join(name)).ok()
}

/// What a run leaves in its own directory is not part of what was approved.
fn outside(folder: &Path, ansible: &mut Ansible, play: &str) {
    let out = folder.join("out");
    std::fs::create_dir_all(&out).unwrap();
    let play = play.replace("{{ playbook_dir }}/out", &out.to_string_lossy());
    std::fs::write(ansible.directory.join("site.yml"), play).unwrap();
}

#[tokio::test]
async fn a_check_becomes_steps_and_the_approved_run_is_proven() {
    let Some((folder, mut ansible)) = stage(PLAY) else { return };
    outside(folder.path(), &mut ansible, PLAY);
    let out = |name: &str| std::fs::read_to_string(folder.path().join("out").join(name)).ok();
    let proposed = ansible.propose().await.unwrap();
    let plan = rig::plan(&proposed);
    let steps: Vec<String> =
        plan.steps().iter().map(|step| format!("{} {}", step.action, step.resource)).collect();
    assert_eq!(
        steps,
        [
            "run web/play/site.yml",
            "update web/task/web-1/Write the greeting",
            "update web/task/web-1/Write the key",
            "update web/task/web-1/Write the settings",
        ]
    );
    assert!(plan.steps().iter().skip(1).all(|step| step.carried_by == Some(plan.steps()[0].id)));
    let text = plan.to_json();
    assert!(text.contains("hello from web-1"), "{text}");
    assert!(text.contains("will run: `Restart` on web-1"), "{text}");
    assert!(!text.contains("canary"), "no secret is in the plan: {text}");
    assert_eq!(out("web-1.txt"), None, "a check changes nothing");
    let effect = rig::apply(&ansible, &plan, &proposed).await.unwrap();
    assert!(matches!(&effect, Effect::Changed { note } if note.contains("4 tasks")), "{effect:?}");
    assert_eq!(out("web-1.txt").as_deref(), Some("hello from web-1\n"));
    assert_eq!(out("web-2.txt"), None, "the limit holds");
    let again = ansible.propose().await.unwrap();
    assert!(again.proposals.iter().all(|proposal| proposal.action == Action::Run));
}

#[tokio::test]
async fn a_task_that_never_settles_fails_by_name() {
    let play = "\
- hosts: role_web
  gather_facts: false
  tasks:
    - name: Settled
      ansible.builtin.copy: { content: x, dest: \"{{ playbook_dir }}/out/x\" }
    - name: Never settled
      ansible.builtin.copy: { content: \"{{ 999999999 | random }}\", dest: \"{{ playbook_dir }}/out/y\" }
";
    let Some((folder, mut ansible)) = stage(play) else { return };
    outside(folder.path(), &mut ansible, play);
    let proposed = ansible.propose().await.unwrap();
    let fault = rig::apply(&ansible, &rig::plan(&proposed), &proposed).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Failed);
    assert!(
        fault.message.starts_with(
            "not idempotent: right after the run, a second check would change `Never settled` on web-1;"
        ),
        "{fault}"
    );
}

#[tokio::test]
async fn what_was_changed_after_the_approval_does_not_run() {
    let Some((_folder, ansible)) = stage(PLAY) else { return };
    let proposed = ansible.propose().await.unwrap();
    std::fs::write(ansible.directory.join("site.yml"), PLAY.replace("hello", "goodbye")).unwrap();
    let fault = rig::apply(&ansible, &rig::plan(&proposed), &proposed).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Refused);
    assert!(fault.message.contains("site.yml changed since"), "{fault}");
    assert_eq!(written(&ansible, "web-1.txt"), None);
}

#[tokio::test]
async fn what_cannot_be_planned_says_why() {
    let failing = "\
- hosts: role_web
  gather_facts: false
  tasks:
    - name: Look around
      ansible.builtin.fail: { msg: \"the disk is full; password: canary-Pa55word-1\" }
";
    let Some((_folder, mut ansible)) = stage(failing) else { return };
    let fault = ansible.propose().await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Failed);
    assert!(fault.message.starts_with("`Look around` on web-1 failed:"), "{fault}");
    assert!(!fault.message.contains("canary"), "{fault}");
    ansible.limit = Some("web-9".to_owned());
    let fault = ansible.propose().await.unwrap_err();
    assert!(fault.message.contains("web-9") || fault.message.contains("no host"), "{fault}");
    ansible.limit = None;
    std::fs::write(ansible.directory.join("site.yml"), "- hosts: [\n").unwrap();
    let fault = ansible.propose().await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Garbage);
    ansible.program = "no-such-ansible-playbook".into();
    let fault = ansible.propose().await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Unreachable);
    assert!(fault.message.contains("install it or correct its path"), "{fault}");
}
