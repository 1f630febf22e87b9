//! The real Terraform or OpenTofu, with the one resource that needs no provider.

use std::process::Command;
use std::time::Duration;

use plan::{Action, Effect, FaultKind};
use systems::redact::Redactor;
use systems::terraform::Terraform;

use crate::{rig, tools};

const MAIN: &str = "\
variable \"token\" {
  default   = \"canary-sensitive\"
  sensitive = true
}
resource \"terraform_data\" \"greeting\" {
  input = \"hello\"
}
resource \"terraform_data\" \"token\" {
  input = var.token
}
";

/// A folder with a configuration; none without the real program.
fn stage(main: &str) -> Option<(tempfile::TempDir, Terraform)> {
    let program = tools::tofu()?;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("main.tf"), main).unwrap();
    let init = Command::new(&program)
        .args(["init", "-input=false", "-no-color"])
        .current_dir(folder.path())
        .env("CHECKPOINT_DISABLE", "1")
        .output()
        .unwrap();
    assert!(init.status.success(), "{}", String::from_utf8_lossy(&init.stderr));
    let terraform = Terraform {
        name: "lab".to_owned(),
        program,
        directory: folder.path().to_owned(),
        workspace: None,
        timeout: Duration::from_secs(120),
        redactor: Redactor::default(),
        marks: plan::Marks::default(),
    };
    Some((folder, terraform))
}

/// Writes another configuration, and plans and applies it.
async fn settle(folder: &tempfile::TempDir, terraform: &Terraform, main: &str) {
    std::fs::write(folder.path().join("main.tf"), main).unwrap();
    let proposed = terraform.propose().await.unwrap();
    let effect = rig::apply(terraform, &rig::plan(&proposed), &proposed).await.unwrap();
    assert!(matches!(effect, Effect::Changed { .. }), "{effect:?}");
    assert!(terraform.propose().await.unwrap().proposals.is_empty());
}

fn steps(plan: &plan::Plan) -> Vec<String> {
    plan.steps().iter().map(|step| format!("{} {}", step.action, step.resource)).collect()
}

#[tokio::test]
async fn a_saved_plan_becomes_steps_and_exactly_it_is_applied() {
    let Some((folder, terraform)) = stage(MAIN) else { return };
    let proposed = terraform.propose().await.unwrap();
    let plan = rig::plan(&proposed);
    assert_eq!(
        steps(&plan),
        [
            "run lab/apply/default",
            "create lab/terraform_data/terraform_data.greeting",
            "create lab/terraform_data/terraform_data.token",
        ]
    );
    let text = plan.to_json();
    assert!(text.contains("hello") && text.contains("(known after apply)"), "{text}");
    assert!(!text.contains("canary"), "no secret is in the plan: {text}");
    // What is in the directory by now does not matter: what was saved is applied. The proof then sees the rest.
    let effect = rig::apply(&terraform, &plan, &proposed).await.unwrap();
    assert!(matches!(effect, Effect::Changed { .. }), "{effect:?}");
    assert!(terraform.propose().await.unwrap().proposals.is_empty());
    assert_eq!(rig::apply(&terraform, &plan, &proposed).await.unwrap(), Effect::Unchanged);
    let other = MAIN.replace("hello", "goodbye");
    std::fs::write(folder.path().join("main.tf"), other).unwrap();
    let proposed = terraform.propose().await.unwrap();
    let plan = rig::plan(&proposed);
    assert_eq!(plan.steps()[1].action, Action::Update);
    assert_eq!(plan.steps()[1].fields.iter().filter(|one| one.name == "input").count(), 1);
}

#[tokio::test]
async fn a_saved_plan_that_the_state_has_overtaken_is_refused() {
    let Some((folder, terraform)) = stage(MAIN) else { return };
    let old = terraform.propose().await.unwrap();
    std::fs::write(folder.path().join("main.tf"), MAIN.replace("hello", "goodbye")).unwrap();
    let new = terraform.propose().await.unwrap();
    rig::apply(&terraform, &rig::plan(&new), &new).await.unwrap();
    std::fs::write(folder.path().join("main.tf"), MAIN).unwrap();
    let fault = rig::apply(&terraform, &rig::plan(&old), &old).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Failed);
    assert!(fault.message.contains("stale"), "{fault}");
}

#[tokio::test]
async fn a_configuration_that_never_settles_fails_by_name() {
    let never = "\
resource \"terraform_data\" \"settled\" {
  input = \"x\"
}
resource \"terraform_data\" \"restless\" {
  input = timestamp()
}
";
    let Some((_folder, terraform)) = stage(never) else { return };
    let proposed = terraform.propose().await.unwrap();
    let fault = rig::apply(&terraform, &rig::plan(&proposed), &proposed).await.unwrap_err();
    assert!(
        fault.message.starts_with(
            "not idempotent: right after the apply, a second plan would change `terraform_data.restless`;"
        ),
        "{fault}"
    );
}

#[tokio::test]
async fn destroys_are_steps_of_their_own_and_mistakes_say_why() {
    let Some((folder, mut terraform)) = stage(MAIN) else { return };
    let proposed = terraform.propose().await.unwrap();
    rig::apply(&terraform, &rig::plan(&proposed), &proposed).await.unwrap();
    std::fs::write(folder.path().join("main.tf"), "").unwrap();
    let plan = rig::plan(&terraform.propose().await.unwrap());
    let destroys = plan.steps().iter().filter(|step| step.action == Action::Destroy).count();
    assert_eq!(destroys, 2);
    assert!(!plan.to_json().contains("canary"));
    std::fs::write(folder.path().join("main.tf"), "resource {").unwrap();
    let fault = terraform.propose().await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Failed);
    assert!(fault.message.contains("main.tf"), "{fault}");
    terraform.program = "no-such-terraform".into();
    assert_eq!(terraform.propose().await.unwrap_err().kind, FaultKind::Unreachable);
}

#[tokio::test]
async fn every_action_of_a_real_plan_is_a_step() {
    let one = |name: &str, inside: &str| {
        format!("resource \"terraform_data\" \"{name}\" {{\n{inside}\n}}\n")
    };
    let first = [
        one("changed", "input = 1"),
        one("replaced", "triggers_replace = 1"),
        one(
            "replaced_first",
            "triggers_replace = 1\nlifecycle {\n create_before_destroy = true\n}",
        ),
        one("destroyed", "input = 1"),
        one("same", "input = 1"),
        one("many", "count = 2\ninput = count.index"),
    ];
    let Some((folder, terraform)) = stage(&first.concat()) else { return };
    settle(&folder, &terraform, &first.concat()).await;
    let second = [
        one("changed", "input = 2"),
        one("replaced", "triggers_replace = 2"),
        one(
            "replaced_first",
            "triggers_replace = 2\nlifecycle {\n create_before_destroy = true\n}",
        ),
        one("same", "input = 1"),
        one("many", "for_each = {\"a b\" = 1}\ninput = each.value"),
        one("made", "input = 1"),
    ];
    std::fs::write(folder.path().join("main.tf"), second.concat()).unwrap();
    let mut found = steps(&rig::plan(&terraform.propose().await.unwrap()));
    found.sort();
    let data = "lab/terraform_data/terraform_data";
    let expected = [
        format!("create {data}.made"),
        format!("create {data}.many[\"a b\"]"),
        format!("destroy {data}.destroyed"),
        format!("destroy {data}.many[0]"),
        format!("destroy {data}.many[1]"),
        format!("replace {data}.replaced"),
        format!("replace {data}.replaced_first"),
        "run lab/apply/default".to_owned(),
        format!("update {data}.changed"),
    ];
    assert_eq!(found, expected);
    settle(&folder, &terraform, &second.concat()).await;
}

/// A sensitive value goes into `input` and comes out of `output`, where nothing marks it.
#[tokio::test]
async fn sensitive_values_are_hidden_in_every_form_that_they_come_out_in() {
    let main = |number: &str| {
        format!(
            "variable \"pin\" {{\n default = {number}4711\n sensitive = true\n}}\n\
             variable \"key\" {{\n default = \"canary{number}\\n\\\"line\\\"\"\n sensitive = true\n}}\n\
             resource \"terraform_data\" \"pin\" {{\n input = var.pin\n}}\n\
             resource \"terraform_data\" \"nested\" {{\n input = {{ user = \"ana\", keys = [var.key, 5] }}\n}}\n\
             resource \"terraform_data\" \"document\" {{\n input = jsonencode({{ key = var.key }})\n}}\n\
             output \"key\" {{\n value = var.key\n sensitive = true\n}}\n"
        )
    };
    let Some((folder, terraform)) = stage(&main("1")) else { return };
    settle(&folder, &terraform, &main("1")).await;
    std::fs::write(folder.path().join("main.tf"), main("2")).unwrap();
    let plan = rig::plan(&terraform.propose().await.unwrap());
    assert_eq!(plan.steps().len(), 4, "{:?}", steps(&plan));
    let text = plan.to_json();
    assert!(!text.contains("canary") && !text.contains("4711"), "{text}");
}

#[tokio::test]
async fn a_replacement_that_broke_off_leaves_two_steps_of_one_address() {
    let main = |number: u8, provisioner: &str| {
        format!(
            "resource \"terraform_data\" \"x\" {{\n triggers_replace = {number}\n{provisioner}\n lifecycle {{\n  create_before_destroy = true\n }}\n}}\n"
        )
    };
    let Some((folder, terraform)) = stage(&main(1, "")) else { return };
    settle(&folder, &terraform, &main(1, "")).await;
    let broken = main(2, " provisioner \"local-exec\" {\n  command = \"exit 7\"\n }");
    std::fs::write(folder.path().join("main.tf"), broken).unwrap();
    let proposed = terraform.propose().await.unwrap();
    let fault = rig::apply(&terraform, &rig::plan(&proposed), &proposed).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Failed);
    assert!(fault.message.contains("exit status 7"), "{fault}");
    std::fs::write(folder.path().join("main.tf"), main(2, "")).unwrap();
    let left = steps(&rig::plan(&terraform.propose().await.unwrap()));
    assert_eq!(left.len(), 3, "{left:?}");
    let is_there = |start: &str| left.iter().any(|step| step.starts_with(start));
    assert!(is_there("replace lab/terraform_data/terraform_data.x"), "{left:?}");
    assert!(is_there("destroy lab/terraform_data/terraform_data.x (deposed "), "{left:?}");
    settle(&folder, &terraform, &main(2, "")).await;
}

#[tokio::test]
async fn a_locked_state_is_waited_for() {
    let main = "\
resource \"terraform_data\" \"slow\" {
  provisioner \"local-exec\" {
    command = \"echo > started; timeout 60 cat go\"
  }
}
";
    let Some((folder, terraform)) = stage(main) else { return };
    let pipes = ["started", "go"].map(|name| folder.path().join(name));
    assert!(Command::new("mkfifo").args(&pipes).status().unwrap().success());
    let mut other = tokio::process::Command::new(&terraform.program)
        .args(["apply", "-auto-approve", "-input=false"])
        .current_dir(folder.path())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    std::fs::read(&pipes[0]).unwrap();
    let hasty = Terraform { timeout: Duration::from_secs(2), ..terraform.clone() };
    let fault = hasty.propose().await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Timeout, "{fault}");
    let waiting = tokio::spawn({
        let terraform = terraform.clone();
        async move { terraform.propose().await }
    });
    std::fs::write(&pipes[1], "\n").unwrap();
    let found = waiting.await.unwrap().unwrap();
    assert!(found.proposals.is_empty(), "the other one has done everything: {found:?}");
    assert!(other.wait().await.unwrap().success());
}

#[tokio::test]
async fn a_workspace_that_is_not_there_is_refused_and_one_that_is_is_used() {
    let Some((folder, terraform)) = stage(MAIN) else { return };
    settle(&folder, &terraform, MAIN).await;
    let in_workspace = Terraform { workspace: Some("prod".to_owned()), ..terraform.clone() };
    let fault = in_workspace.propose().await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Refused, "{fault}");
    assert!(fault.message.contains("workspace new prod"), "{fault}");
    for words in [["workspace", "new", "prod"], ["workspace", "select", "default"]] {
        let mut command = Command::new(&terraform.program);
        let made = command.args(words).current_dir(folder.path()).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    }
    let plan = rig::plan(&in_workspace.propose().await.unwrap());
    assert_eq!(steps(&plan)[0], "run lab/apply/prod");
    assert_eq!(plan.steps().len(), 3, "its state is its own");
    let usual = Terraform { workspace: Some("default".to_owned()), ..terraform };
    assert!(usual.propose().await.unwrap().proposals.is_empty());
}

#[tokio::test]
async fn outputs_alone_are_something_to_apply() {
    let main = |text: &str| format!("output \"greeting\" {{\n value = \"{text}\"\n}}\n");
    let Some((folder, terraform)) = stage(&main("hello")) else { return };
    let plan = rig::plan(&terraform.propose().await.unwrap());
    assert_eq!(steps(&plan), ["run lab/apply/default"]);
    settle(&folder, &terraform, &main("hello")).await;
    settle(&folder, &terraform, &main("goodbye")).await;
}

/// OpenTofu prints them before its plan, to the same output.
#[tokio::test]
async fn warnings_about_its_own_configuration_are_no_plan() {
    use std::os::unix::fs::PermissionsExt as _;
    let Some((folder, mut terraform)) = stage(MAIN) else { return };
    let wrapper = folder.path().join("tofu");
    let program = terraform.program.display();
    let text = format!("#!/bin/sh\nTF_CLI_CONFIG_FILE=/nowhere/x exec '{program}' \"$@\"\n");
    std::fs::write(&wrapper, text).unwrap();
    std::fs::set_permissions(&wrapper, std::fs::Permissions::from_mode(0o755)).unwrap();
    terraform.program = wrapper;
    assert_eq!(rig::plan(&terraform.propose().await.unwrap()).steps().len(), 3);
}
