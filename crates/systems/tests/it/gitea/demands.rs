//! What our driver must see and do on a real forge.

use std::process::Command;
use std::time::{Duration, Instant};

use gitops::pr::{Identity, Verdict};
use reqwest::Method;
use serde_json::{Value, json};
use systems::forge::{ForgeError, Posted, Stage, Status, StatusState};

use super::lab::Lab;

const BRANCH: &str = "feat/network-mtu";

/// More than a forge gives on one page.
const MANY: usize = 53;

pub(super) async fn all(lab: &Lab) {
    lab.commit(BRANCH, "mtu.yaml", true).await;
    let number = lab.open(BRANCH, "Raise the MTU").await;
    a_pull_request_is_read_and_listed(lab, number).await;
    a_status_is_set_and_replaced(lab, number).await;
    reviews_are_read_with_verdict_commit_and_reviewer(lab, number).await;
    a_comment_is_made_once_and_replaces_itself(lab, number).await;
    no_means_no(lab).await;
    a_merge_is_seen(lab, number).await;
}

async fn a_pull_request_is_read_and_listed(lab: &Lab, number: u64) {
    let forge = lab.forge();
    let found = forge.pull_request(number).await.unwrap();
    assert_eq!((found.number, found.title.as_str()), (number, "Raise the MTU"));
    assert_eq!(found.description, "## Risk\nNone.");
    assert_eq!((found.branch.as_str(), found.base.as_str()), (BRANCH, "main"));
    assert_eq!(found.author, Some(Identity::on(lab.system, lab.name("eve"))));
    assert_eq!((found.is_draft, found.stage.clone()), (false, Stage::Open));
    // Git has the same commit under the name that we would fetch.
    let url = format!("{}/{}/infra.git", lab.address, lab.name("acme"));
    let listed = Command::new("git").args(["ls-remote", &url, &forge.reference(number)]).output();
    let listed = String::from_utf8(listed.unwrap().stdout).unwrap();
    assert_eq!(listed.split_whitespace().next(), Some(found.head.as_str()), "{listed}");
    lab.commit("feat/draft", "draft.yaml", true).await;
    let draft = lab.open("feat/draft", "WIP: Not yet").await;
    lab.commit("feat/given-up", "given-up.yaml", true).await;
    let given_up = lab.open("feat/given-up", "Never").await;
    let closed = json!({ "state": "closed" });
    lab.by("eve", Method::PATCH, &format!("/pulls/{given_up}"), closed).await;
    assert_eq!(forge.pull_request(given_up).await.unwrap().stage, Stage::Closed);
    let open = forge.open_requests().await.unwrap();
    let open: Vec<(u64, bool)> = open.iter().map(|one| (one.number, one.is_draft)).collect();
    assert_eq!(open, [(number, false), (draft, true)]);
}

async fn a_status_is_set_and_replaced(lab: &Lab, number: u64) {
    let forge = lab.forge();
    let head = forge.pull_request(number).await.unwrap().head;
    let states = [
        (StatusState::Pending, "pending"),
        (StatusState::Error, "error"),
        (StatusState::Failure, "failure"),
        (StatusState::Success, "success"),
    ];
    for (state, expected) in states {
        let status = Status {
            state,
            name: "council/pr".to_owned(),
            description: "größer ".repeat(60),
            url: Some("https://council.example.org/changes/7".to_owned()),
        };
        forge.set_status(&head, &status).await.unwrap();
        let shown =
            lab.by("ana", Method::GET, &format!("/commits/{head}/status"), Value::Null).await;
        let all = shown["statuses"].as_array().unwrap();
        assert_eq!(all[0]["status"], expected, "{shown}");
        assert_eq!(all.len(), 1, "the second replaces the first: {shown}");
        let description = all[0]["description"].as_str().unwrap();
        assert!(description.ends_with('…') && description.chars().count() == 255, "{description}");
        assert_eq!(all[0]["target_url"], "https://council.example.org/changes/7");
    }
}

async fn reviews_are_read_with_verdict_commit_and_reviewer(lab: &Lab, number: u64) {
    let forge = lab.forge();
    let path = format!("/pulls/{number}/requested_reviewers");
    lab.by("eve", Method::POST, &path, json!({ "reviewers": [lab.name("ana")] })).await;
    assert!(forge.reviews(number).await.unwrap().is_empty(), "who was asked has said nothing");
    for _ in 0..MANY {
        lab.review("bot", number, "COMMENT").await;
    }
    let approval = lab.review("ana", number, "APPROVED").await;
    lab.review("ben", number, "REQUEST_CHANGES").await;
    let head = forge.pull_request(number).await.unwrap().head;
    let last = async || {
        let found = forge.reviews(number).await.unwrap();
        assert_eq!(found.len(), MANY + 2, "none is lost on a second page");
        found
            .into_iter()
            .skip(MANY)
            .map(|one| (one.by, one.verdict, one.commit))
            .collect::<Vec<_>>()
    };
    let by = |person: &str| Identity::on(lab.system, lab.name(person));
    let at = Some(head.clone());
    let refused = (by("ben"), Verdict::ChangesRequested, at.clone());
    assert_eq!(last().await, [(by("ana"), Verdict::Approved, at.clone()), refused.clone()]);
    let merge = format!("/pulls/{number}/merge");
    lab.refused("eve", &merge, json!({ "Do": "merge" })).await;
    // Taken back by a person.
    let path = format!("/pulls/{number}/reviews/{approval}/dismissals");
    lab.admin(Method::POST, &lab.project(&path), json!({ "message": "too early" })).await;
    assert_eq!(last().await, [(by("ana"), Verdict::Dismissed, at.clone()), refused]);
    // Taken back by the forge a moment after there is a new commit; each says still of which commit it was.
    lab.review("ana", number, "APPROVED").await;
    lab.review("ben", number, "APPROVED").await;
    lab.commit(BRANCH, "more.yaml", false).await;
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let found = forge.reviews(number).await.unwrap();
        let new: Vec<_> = found.iter().skip(MANY + 2).collect();
        assert!(new.len() == 2 && new.iter().all(|one| one.commit == at), "{new:?}");
        if new.iter().all(|one| one.verdict == Verdict::Dismissed) {
            break;
        }
        assert!(Instant::now() < deadline, "{new:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_ne!(forge.pull_request(number).await.unwrap().head, head);
}

async fn a_comment_is_made_once_and_replaces_itself(lab: &Lab, number: u64) {
    const MARKER: &str = "<!-- council:plan -->";
    let forge = lab.forge();
    let path = format!("/issues/{number}/comments");
    for at in 0..MANY {
        lab.by("ben", Method::POST, &path, json!({ "body": format!("remark {at}") })).await;
    }
    let (first, second) = (format!("{MARKER}\n## Plan\n\n| a | b |\n"), format!("{MARKER}\nnew"));
    assert_eq!(forge.comment(number, MARKER, &first).await.unwrap(), Posted::Made);
    assert_eq!(forge.comment(number, MARKER, &first).await.unwrap(), Posted::Unchanged);
    lab.by("ben", Method::POST, &path, json!({ "body": "and a later remark" })).await;
    assert_eq!(forge.comment(number, MARKER, &second).await.unwrap(), Posted::Replaced);
    assert_eq!(forge.comment(number, MARKER, &second).await.unwrap(), Posted::Unchanged);
    let there = lab.by("ana", Method::GET, &path, Value::Null).await;
    let bodies: Vec<&str> =
        there.as_array().unwrap().iter().filter_map(|one| one["body"].as_str()).collect();
    assert_eq!(bodies.len(), MANY + 2);
    let ours: Vec<&&str> = bodies.iter().filter(|body| body.starts_with(MARKER)).collect();
    assert_eq!(ours, [&second.as_str()]);
}

async fn no_means_no(lab: &Lab) {
    let stranger = lab.forge_as("canary-wrong".into(), "infra");
    let elsewhere = lab.forge_as("canary-wrong".into(), "no-such-project");
    for (error, status) in [
        (stranger.pull_request(1).await.unwrap_err(), 401),
        (elsewhere.pull_request(1).await.unwrap_err(), 401),
        (lab.forge().pull_request(4_711).await.unwrap_err(), 404),
        (lab.forge().reviews(4_711).await.unwrap_err(), 404),
    ] {
        assert!(!error.is_retryable(), "{error}");
        assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
        match error {
            ForgeError::Refused { status: found, .. } => assert_eq!(found.as_u16(), status),
            ForgeError::Unreachable { .. }
            | ForgeError::Garbage { .. }
            | ForgeError::Endless { .. } => panic!("{error}"),
        }
    }
}

async fn a_merge_is_seen(lab: &Lab, number: u64) {
    let forge = lab.forge();
    let merge = format!("/pulls/{number}/merge");
    let body = json!({ "Do": "merge", "delete_branch_after_merge": true });
    for person in ["ana", "ben"] {
        lab.review(person, number, "APPROVED").await;
    }
    lab.refused("eve", &merge, body.clone()).await;
    let head = forge.pull_request(number).await.unwrap().head;
    let status = Status {
        state: StatusState::Success,
        name: "council/pr".to_owned(),
        description: String::new(),
        url: None,
    };
    forge.set_status(&head, &status).await.unwrap();
    lab.by("eve", Method::POST, &merge, body).await;
    let found = forge.pull_request(number).await.unwrap();
    let main = lab.by("ana", Method::GET, "/branches/main", Value::Null).await;
    let commit = main["commit"]["id"].as_str().unwrap().to_owned();
    assert_eq!(found.stage, Stage::Merged(Some(commit)));
    assert_eq!(found.head, head);
    assert_eq!(found.branch, BRANCH, "a branch that is gone keeps its name");
    let open = forge.open_requests().await.unwrap();
    assert!(open.iter().all(|one| one.number != number));
}
