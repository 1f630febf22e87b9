//! Deliveries: rightly signed, forged, replayed, stale, and of every shape.

use super::*;

const SECRET: &str = "a secret of some length";

fn seen() -> Seen {
    let mut seen = Seen::default();
    seen.tick("2026-11-22T12:00:00Z".parse().expect("a time"));
    seen
}

fn digest(parts: &[&[u8]]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("a key");
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn deliver(
    sender: Sender,
    headers: &[(&str, String)],
    body: &[u8],
    seen: &mut Seen,
) -> Result<Delivery, Rejection> {
    let find = |name: &str| {
        let mut found = headers.iter().filter(|(own, _)| *own == name);
        found.next().map(|(_, value)| value.clone())
    };
    receive(sender, &find, body, &SecretString::from(SECRET), seen)
}

fn github(event: &str, id: &str, body: &[u8]) -> Vec<(&'static str, String)> {
    vec![
        ("x-hub-signature-256", format!("sha256={}", hex(&digest(&[body])))),
        ("x-github-event", event.to_owned()),
        ("x-github-delivery", id.to_owned()),
    ]
}

const PUSH: &[u8] = br#"{"ref": "refs/heads/main", "before": "aa", "after": "bb"}"#;

fn pushed() -> Event {
    Event::Push(Push { branch: "main".to_owned(), after: Some("bb".to_owned()) })
}

#[test]
fn every_sender_is_verified_in_its_own_way() {
    let signed = hex(&digest(&[PUSH]));
    let stamp = "1795348800";
    let standard = STANDARD.encode(digest(&[b"d-1.", stamp.as_bytes(), b".", PUSH]));
    let event = |name: &str| name.to_owned();
    let cases: [(Sender, Vec<(&str, String)>); 5] = [
        (Sender::GitHub, github("push", "d-1", PUSH)),
        (
            Sender::Gitea,
            vec![
                ("x-gitea-signature", signed.clone()),
                ("x-gitea-event", event("push")),
                ("x-gitea-delivery", event("d-1")),
            ],
        ),
        (
            Sender::Forgejo,
            vec![
                ("x-forgejo-signature", signed),
                ("x-forgejo-event", event("push")),
                ("x-forgejo-delivery", event("d-1")),
            ],
        ),
        (
            Sender::GitLab,
            vec![
                ("x-gitlab-token", event(SECRET)),
                ("x-gitlab-event", event("Push Hook")),
                ("x-gitlab-event-uuid", event("d-1")),
            ],
        ),
        (
            Sender::GitLab,
            vec![
                ("webhook-id", event("d-1")),
                ("webhook-timestamp", event(stamp)),
                ("webhook-signature", format!("v1,AAAA v1,{standard}")),
                ("x-gitlab-event", event("Push Hook")),
            ],
        ),
    ];
    for (sender, headers) in cases {
        let mut memory = seen();
        memory.tick(Timestamp::from_second(1_795_348_900).expect("a time"));
        let delivery = deliver(sender, &headers, PUSH, &mut memory);
        let expected = Delivery { id: "d-1".to_owned(), event: pushed() };
        assert_eq!(delivery, Ok(expected), "{sender:?}");
        // One byte more, and no signature fits; a token says nothing about the body.
        let changed = [PUSH, b" "].concat();
        let forged = deliver(sender, &headers, &changed, &mut Seen::default());
        let by_token = headers.iter().any(|(name, _)| *name == "x-gitlab-token");
        assert_eq!(forged == Err(Rejection::Forged), !by_token, "{sender:?} {forged:?}");
        // Without what proves it, it is nobody's.
        let proofs = ["signature", "token"];
        let bare: Vec<_> = headers
            .iter()
            .filter(|(name, _)| !proofs.iter().any(|proof| name.contains(proof)))
            .cloned()
            .collect();
        let unsigned = deliver(sender, &bare, PUSH, &mut Seen::default());
        assert_eq!(unsigned, Err(Rejection::Unsigned), "{sender:?}");
    }
}

#[test]
fn a_wrong_token_a_broken_signature_and_an_empty_secret_are_forged() {
    let headers = |token: &str| {
        vec![
            ("x-gitlab-token", token.to_owned()),
            ("x-gitlab-event", "Push Hook".to_owned()),
            ("x-gitlab-event-uuid", "d-1".to_owned()),
        ]
    };
    for token in ["", "a secret of some lengtx", "a secret of some length "] {
        let found = deliver(Sender::GitLab, &headers(token), PUSH, &mut seen());
        assert_eq!(found, Err(Rejection::Forged), "{token}");
    }
    for broken in ["", "sha256=", "sha256=zz", "sha1=00", "sha256=+1"] {
        let mut headers = github("push", "d-1", PUSH);
        headers[0].1 = broken.to_owned();
        let found = deliver(Sender::GitHub, &headers, PUSH, &mut seen());
        assert_eq!(found, Err(Rejection::Forged), "{broken}");
    }
    let none = |_: &str| Some(String::new());
    let empty = receive(Sender::GitLab, &none, PUSH, &SecretString::from(""), &mut seen());
    assert_eq!(empty, Err(Rejection::Forged));
}

#[test]
fn a_replayed_delivery_is_refused_and_forgotten_only_with_time() {
    let mut memory = seen();
    let headers = github("push", "d-1", PUSH);
    assert!(deliver(Sender::GitHub, &headers, PUSH, &mut memory).is_ok());
    let again = deliver(Sender::GitHub, &headers, PUSH, &mut memory);
    assert_eq!(again, Err(Rejection::Replayed("d-1".to_owned())));
    let later = memory.now() + REMEMBERED;
    memory.tick(later);
    assert!(memory.contains("d-1"));
    memory.tick(later + jiff::SignedDuration::from_secs(1));
    assert!(memory.is_empty());
}

#[test]
fn a_refused_delivery_may_be_sent_again() {
    let mut memory = seen();
    let headers = github("push", "d-1", b"{");
    let broken = deliver(Sender::GitHub, &headers, b"{", &mut memory);
    assert!(matches!(broken, Err(Rejection::Garbage(_))), "{broken:?}");
    assert!(deliver(Sender::GitHub, &github("push", "d-1", PUSH), PUSH, &mut memory).is_ok());
}

#[test]
fn the_memory_is_bounded_and_forgets_the_oldest() {
    let mut memory = seen();
    for number in 0..=MOST_SEEN {
        memory.remember(number.to_string());
    }
    assert_eq!(memory.len(), MOST_SEEN);
    assert!(!memory.contains("0") && memory.contains("1"));
}

#[test]
fn what_happened_long_ago_is_stale() {
    let body = br#"{"action": "opened", "pull_request": {"number": 7, "updated_at": "2026-11-19T12:00:00Z"}}"#;
    let found = deliver(Sender::GitHub, &github("pull_request", "d-1", body), body, &mut seen());
    assert!(matches!(found, Err(Rejection::Stale(_))), "{found:?}");
    let stamp = "1795348800";
    let proof = STANDARD.encode(digest(&[b"d-1.", stamp.as_bytes(), b".", PUSH]));
    let headers = [
        ("webhook-id", "d-1".to_owned()),
        ("webhook-timestamp", stamp.to_owned()),
        ("webhook-signature", format!("v1,{proof}")),
        ("x-gitlab-event", "Push Hook".to_owned()),
    ];
    let mut memory = Seen::default();
    memory.tick(Timestamp::from_second(1_795_348_800 + TOLERANCE_SECONDS + 1).expect("a time"));
    let found = deliver(Sender::GitLab, &headers, PUSH, &mut memory);
    assert!(matches!(found, Err(Rejection::Stale(_))), "{found:?}");
}

#[track_caller]
fn says(sender: Sender, name: &str, body: &str, expected: &Event) {
    let (found, _) = event::read(sender, name, body.as_bytes()).expect("it can be read");
    assert_eq!(found, *expected);
}

#[test]
fn events_of_all_senders_come_in_one_shape() {
    let review = Event::Review(Reviewed { number: 7, by: "ana".to_owned() });
    says(
        Sender::GitHub,
        "pull_request_review",
        r#"{"review": {"user": {"login": "ana"}}, "pull_request": {"number": 7}}"#,
        &review,
    );
    says(
        Sender::Gitea,
        "pull_request_approved",
        r#"{"sender": {"login": "ana"}, "pull_request": {"number": 7}}"#,
        &review,
    );
    says(
        Sender::GitLab,
        "Merge Request Hook",
        r#"{"user": {"username": "ana"}, "object_attributes": {"iid": 7, "action": "approved"}}"#,
        &review,
    );
    let merged = Event::PullRequest { number: 7, merged: true };
    says(
        Sender::Forgejo,
        "pull_request",
        r#"{"action": "closed", "pull_request": {"number": 7, "merged": true}}"#,
        &merged,
    );
    says(
        Sender::GitLab,
        "Merge Request Hook",
        r#"{"object_attributes": {"iid": 7, "action": "merge"}}"#,
        &merged,
    );
    let zeros = "0".repeat(40);
    let gone = format!(r#"{{"ref": "refs/heads/feat/a-b", "after": "{zeros}"}}"#);
    let deleted = Event::Push(Push { branch: "feat/a-b".to_owned(), after: None });
    says(Sender::GitHub, "push", &gone, &deleted);
    says(Sender::GitHub, "ping", "{}", &Event::Ping);
    says(Sender::GitHub, "star", "{}", &Event::Other("star".to_owned()));
    assert!(event::read(Sender::GitHub, "push", b"{}").is_err());
}

/// GitHub's own examples, where the folder of published interface facts is at hand.
#[test]
fn published_examples_are_understood() {
    let folder =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/specs/github/webhook-examples");
    let read = |name: &str| std::fs::read(format!("{folder}/{name}.payload.json")).ok();
    let cases = [
        ("pull_request", "pull_request/opened", "PullRequest { number: 2, merged: false }"),
        (
            "pull_request_review",
            "pull_request_review/submitted",
            "Review(Reviewed { number: 2, by: \"Codertocat\" })",
        ),
        ("push", "push/1", "Other(\"push of refs/tags/simple-tag\")"),
        ("ping", "ping/payload", "Ping"),
    ];
    for (name, file, expected) in cases {
        let Some(body) = read(file) else {
            println!("the published examples are not at hand; nothing was compared");
            return;
        };
        let (event, _) = event::read(Sender::GitHub, name, &body).expect("it can be read");
        assert_eq!(format!("{event:?}"), expected);
    }
}
