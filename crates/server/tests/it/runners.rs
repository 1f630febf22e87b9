//! The real Ansible and Terraform as targets: what they would change is planned, approved, applied and proven.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::changing::{Changing, said};
use crate::support::{problem, write};
use crate::tools;

/// A play that settles, with a secret that nobody may see.
const PLAY: &str = "\
- hosts: all
  gather_facts: false
  tasks:
    - name: Write the greeting
      ansible.builtin.copy: { content: \"hello from {{ inventory_hostname }}\\n\", dest: OUT/greeting }
    - name: Write the key
      no_log: true
      ansible.builtin.copy: { content: \"canary-8c1f\\n\", dest: OUT/key }
    - name: Restart
      ansible.builtin.command: \"true\"
";

/// One that writes something else each time.
const RESTLESS: &str = "\
- hosts: all
  gather_facts: false
  tasks:
    - name: Never settled
      ansible.builtin.copy: { content: \"{{ 999999999 | random }}\", dest: OUT/restless }
";

const HOSTS: &str = "\
all:
  hosts:
    web-1:
      ansible_connection: local
      ansible_python_interpreter: \"{{ ansible_playbook_python }}\"
";

/// A server with one target that a tool reaches, and the folder of what it works on.
struct Stage {
    changing: Changing,
    project: PathBuf,
    out: PathBuf,
    _folder: tempfile::TempDir,
}

impl Stage {
    /// With a play under the real Ansible; none without it.
    async fn ansible(play: &str) -> Option<Self> {
        let program = tools::python("ansible-playbook", "changes under the real Ansible")?;
        let folder = tempfile::tempdir().expect("a directory");
        let (project, out) = (folder.path().join("project"), folder.path().join("out"));
        std::fs::create_dir_all(&out).expect("a directory");
        write(&project.join("hosts.yaml"), HOSTS);
        write(&project.join("site.yaml"), &play.replace("OUT", &out.to_string_lossy()));
        let via = json!({"ansible": {
            "directory": project, "playbook": "site.yaml", "inventory": "hosts.yaml", "binary": program,
        }});
        let changing = Changing::with(&target(&via), |_| {}).await;
        Some(Self { changing, project, out, _folder: folder })
    }

    /// With a configuration under the real Terraform or OpenTofu; none without them.
    async fn terraform(main: &str) -> Option<Self> {
        let program = tools::any(&["tofu", "terraform"], "changes under the real Terraform")?;
        let folder = tempfile::tempdir().expect("a directory");
        let project = folder.path().join("project");
        write(&project.join("main.tf"), main);
        let init = Command::new(&program)
            .args(["init", "-input=false", "-no-color"])
            .current_dir(&project)
            .env("CHECKPOINT_DISABLE", "1")
            .output()
            .expect("it runs");
        assert!(init.status.success(), "{}", String::from_utf8_lossy(&init.stderr));
        let via = json!({"terraform": {"directory": project, "binary": program}});
        let changing = Changing::with(&target(&via), |_| {}).await;
        Some(Self { changing, out: project.clone(), project, _folder: folder })
    }

    async fn plan(&self, id: &str) -> Value {
        let detail = self.changing.detail(id, &self.changing.author).await;
        let hash = detail["plan"]["hash"].as_str().expect("a hash");
        self.changing.world.read(&format!("/api/v1/plans/{hash}"), &self.changing.author).await
    }

    fn written(&self, name: &str) -> Option<String> {
        std::fs::read_to_string(self.out.join(name)).ok()
    }

    /// Everything that the server keeps, searched for a text.
    fn kept_holds(&self, text: &str) -> Vec<PathBuf> {
        let mut found = Vec::new();
        search(&self.changing.world.directory.path().join("data"), text.as_bytes(), &mut found);
        found
    }
}

fn target(via: &Value) -> String {
    json!({
        "apiVersion": "council/v1", "kind": "Target", "metadata": {"name": "web", "title": "Web"},
        "spec": {"via": via, "owner": "network"},
    })
    .to_string()
}

fn search(below: &Path, text: &[u8], found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(below).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            search(&path, text, found);
        } else if std::fs::read(&path).is_ok_and(|bytes| holds(&bytes, text)) {
            found.push(path);
        }
    }
}

fn holds(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|part| part == text)
}

fn steps(plan: &Value) -> Vec<String> {
    let steps = plan["steps"].as_array().expect("steps").iter();
    let step = |step: &Value| {
        let part = |name: &str| step["resource"][name].as_str().expect("text").to_owned();
        format!("{} {}/{}", step["action"].as_str().expect("text"), part("kind"), part("name"))
    };
    steps.map(step).collect()
}

#[tokio::test]
async fn a_play_is_planned_task_by_task_applied_as_approved_and_proven() {
    let Some(stage) = Stage::ansible(PLAY).await else { return };
    let changing = &stage.changing;
    let id = changing.drafted().await;
    let plan = stage.plan(&id).await;
    assert_eq!(
        steps(&plan),
        [
            "run play/site.yaml",
            "update task/web-1/Write the greeting",
            "update task/web-1/Write the key"
        ]
    );
    assert!(plan.to_string().contains("hello from web-1"), "{plan:#}");
    assert_eq!(stage.written("greeting"), None, "a check changes nothing");
    changing.approved(&id).await;
    let detail = changing.applied(&id, "done").await;
    assert_eq!(detail["steps"], json!({"total": 1, "under_way": 0, "done": 1, "failed": 0}));
    assert_eq!(stage.written("greeting").as_deref(), Some("hello from web-1\n"));
    assert_eq!(stage.kept_holds("canary-8c1f"), Vec::<PathBuf>::new());

    // What somebody has changed by hand is drift, seen by the next check and mended by the next change.
    write(&stage.out.join("greeting"), "by hand\n");
    let again = changing.drafted().await;
    assert!(
        steps(&stage.plan(&again).await)
            .contains(&"update task/web-1/Write the greeting".to_owned())
    );
    changing.turned("drift").await;
    let drift = changing.world.read("/api/v1/drift", &changing.author).await;
    assert_eq!(drift["look"]["targets"][0]["differs"], 2, "{drift:#}");
}

#[tokio::test]
async fn a_play_that_never_settles_fails_as_not_idempotent_by_name() {
    let Some(stage) = Stage::ansible(RESTLESS).await else { return };
    let id = stage.changing.drafted().await;
    stage.changing.approved(&id).await;
    let detail = stage.changing.applied(&id, "failed").await;
    let why = detail["failure"].as_str().expect("text");
    assert!(why.contains("not idempotent") && why.contains("`Never settled` on web-1"), "{why}");
}

#[tokio::test]
async fn a_play_that_was_edited_after_the_approval_does_not_run() {
    let Some(stage) = Stage::ansible(PLAY).await else { return };
    let id = stage.changing.drafted().await;
    stage.changing.approved(&id).await;
    let play = PLAY.replace("hello", "goodbye").replace("OUT", &stage.out.to_string_lossy());
    write(&stage.project.join("site.yaml"), &play);
    let detail = stage.changing.applied(&id, "failed").await;
    let why = detail["failure"].as_str().expect("text");
    assert!(why.contains("site.yaml changed since; plan again"), "{why}");
    assert_eq!(stage.written("greeting"), None);
}

#[tokio::test]
async fn a_tool_that_cannot_plan_is_silence_and_not_a_clean_bill() {
    let Some(stage) = Stage::ansible("- hosts: [\n").await else { return };
    let changing = &stage.changing;
    let refused = changing.post("/changes", &changing.author, said()).await;
    let refused = problem(refused, 409, "target-silent").await;
    assert!(refused["detail"].to_string().contains("`web`"), "{refused}");
    changing.turned("drift").await;
    let drift = changing.world.read("/api/v1/drift", &changing.author).await;
    let target = &drift["look"]["targets"][0];
    assert!(target["silent"].is_string() && target["held_back"] == 1, "{drift:#}");
}

/// A secret, and something to change.
const MAIN: &str = "\
variable \"token\" {
  default   = \"canary-77aa\"
  sensitive = true
}
resource \"terraform_data\" \"greeting\" {
  input = \"hello\"
}
resource \"terraform_data\" \"token\" {
  input = var.token
}
";

#[tokio::test]
async fn a_saved_plan_of_terraform_is_exactly_what_is_applied_and_lies_sealed() {
    let Some(stage) = Stage::terraform(MAIN).await else { return };
    let changing = &stage.changing;
    let id = changing.drafted().await;
    assert_eq!(
        steps(&stage.plan(&id).await),
        [
            "run apply/default",
            "create terraform_data/terraform_data.greeting",
            "create terraform_data/terraform_data.token"
        ]
    );
    changing.approved(&id).await;
    let detail = changing.applied(&id, "done").await;
    assert_eq!(detail["steps"]["done"], 1, "{detail:#}");
    assert!(stage.written("terraform.tfstate").is_some_and(|state| state.contains("hello")));
    assert_eq!(stage.kept_holds("canary-77aa"), Vec::<PathBuf>::new());
    let nothing = changing.post("/changes", &changing.author, said()).await;
    problem(nothing, 409, "nothing-to-do").await;
}

#[tokio::test]
async fn a_configuration_that_never_settles_fails_as_not_idempotent_by_name() {
    let restless = "resource \"terraform_data\" \"restless\" {\n  input = timestamp()\n}\n";
    let Some(stage) = Stage::terraform(restless).await else { return };
    let id = stage.changing.drafted().await;
    stage.changing.approved(&id).await;
    let detail = stage.changing.applied(&id, "failed").await;
    let why = detail["failure"].as_str().expect("text");
    assert!(why.contains("not idempotent") && why.contains("terraform_data.restless"), "{why}");
}
