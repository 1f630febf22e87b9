//! What somebody may do, asked before anybody does it.

use serde_json::{Value, json};

use crate::support::{COUNCIL, Key, Role, World, problem};

async fn can(world: &World, key: &Key, question: &str) -> Value {
    world.read(&format!("/api/v1/can?{question}"), key).await
}

#[tokio::test]
async fn the_answer_names_the_policy_that_decided_and_what_would_be_needed() {
    let world = World::governed().await;
    let key = world.session(Role::Outsider).await;
    let question = "person=dan&action=answer&subject=question/log-stack";
    let answer = can(&world, &key, question).await;
    assert_eq!(answer["allowed"], false, "{answer}");
    assert_eq!(answer["action"], "question.answer");
    assert_eq!(answer["policy"]["policies"][0]["name"], "seats-answer-questions");
    assert_eq!(answer["policy"]["needed"], json!(["the holder or backup of a seat"]));
    assert_eq!(
        answer["procedure"],
        Value::Null,
        "a procedure is not asked about what policy denies"
    );
    let answer = can(&world, &key, &question.replace("dan", "ana")).await;
    assert_eq!(answer["allowed"], true, "{answer}");
    let text = answer["policy"]["policies"][0]["text"].as_str().expect("a text");
    assert!(text.contains("principal.seated"), "{text}");
}

#[tokio::test]
async fn the_answer_is_what_the_act_itself_then_gets() {
    let world = World::governed().await;
    let author = world.token("cleo", &["decide", "read"]);
    let question = "person=ana&action=vote&subject=decision/1";
    let before = can(&world, &author, question).await;
    assert_eq!(before["allowed"], false, "nothing is proposed yet: {before}");
    let proposed = world.post("/api/v1/decisions/1/proposal", &author, json!({})).await;
    assert_eq!(proposed.status(), 201);

    let now = can(&world, &author, question).await;
    assert_eq!((&now["allowed"], &now["procedure"]["allowed"]), (&json!(true), &json!(true)));
    // A backup may vote, says policy; the procedure knows that the primary is here.
    let backup = can(&world, &author, &question.replace("ana", "ben")).await;
    assert_eq!(backup["policy"]["allowed"], true, "{backup}");
    assert_eq!(backup["allowed"], false, "{backup}");
    assert_ne!(backup["procedure"]["reasons"], json!([]), "a refusal has reasons");
    let ben = world.token("ben", &["decide"]);
    let vote = json!({"seat": "network", "position": "agree"});
    let refused = world.post("/api/v1/decisions/1/votes", &ben, vote).await;
    assert_eq!(refused.status(), 409);
    let head = world.read("/api/v1/ledger", &author).await;
    assert_eq!(head["seq"], 1, "asking wrote nothing");
}

#[tokio::test]
async fn a_token_and_an_own_policy_count_in_the_answer() {
    let own = r#"@id("no-answers-today") @because("questions rest today")
        forbid (principal in Seat::"network", action == Action::"question.answer", resource);"#;
    let world = World::governed_and(&[("policies/rest.cedar", own)], |_| {}).await;
    let key = world.session(Role::Holder).await;
    let question = "action=answer&subject=question/log-stack";
    let answer = can(&world, &key, &format!("person=ana&{question}")).await;
    assert_eq!(answer["policy"]["reason"], "questions rest today");
    assert_eq!(answer["policy"]["policies"][0]["file"], "policies/rest.cedar");
    let answer = can(&world, &key, &format!("person=cleo&{question}&scopes=read")).await;
    assert_eq!(answer["policy"]["policies"][0]["name"], "tokens-need-the-scope-record");
    let answer = can(&world, &key, "person=operator&action=nudge&subject=worker").await;
    assert_eq!(answer["allowed"], true, "{answer}");
}

#[tokio::test]
async fn whoever_has_left_may_nothing() {
    let files = COUNCIL.replace(
        "{name: eve, title: Eve}\nspec: {joined: 2020-01-01}",
        "{name: eve, title: Eve}\nspec: {joined: 2020-01-01, leaves: 2021-01-01}",
    );
    assert_ne!(files, COUNCIL, "eve leaves");
    let world = World::with(&[("council.yaml", &files)]).await;
    let key = world.session(Role::Holder).await;
    let answer = can(&world, &key, "person=eve&action=read&subject=seat/network").await;
    assert_eq!(answer["allowed"], false, "{answer}");
    assert_eq!(answer["policy"]["reason"], "`eve` does not work here any more");
}

#[tokio::test]
async fn what_is_not_understood_says_what_would_be() {
    let world = World::governed().await;
    let key = world.session(Role::Holder).await;
    let ask = |question: &'static str| {
        let path = format!("/api/v1/can?{question}");
        let (world, key) = (&world, &key);
        async move { world.get(&path, key).await }
    };
    let answer = ask("person=ana&action=paint&subject=question/log-stack").await;
    let answer = problem(answer, 400, "no-such-action").await;
    assert!(answer["hint"].as_str().expect("a hint").contains("`answer`"), "{answer}");
    problem(ask("person=zoe&action=answer&subject=question/log-stack").await, 404, "not-found")
        .await;
    problem(ask("person=ana&action=approve&subject=change/CH-7").await, 404, "not-found").await;
    let answer = ask("person=ana&action=answer&subject=question/log-stack&scopes=all").await;
    problem(answer, 400, "no-such-scope").await;
}
