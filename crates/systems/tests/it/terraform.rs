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
    let program = tools::any(&["tofu", "terraform"], "plans of the real Terraform or OpenTofu")?;
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
