//! Erasing what was written about a person.

use serde_json::{Value, json};

use crate::support::{Role, World, problem};

#[tokio::test]
async fn an_erased_text_is_gone_and_the_chain_holds() {
    let world = World::governed().await;
    let (giver, operator) =
        (world.session(Role::Outsider).await, world.session(Role::Operator).await);
    let give = |text: &str| world.post("/api/v1/feedback", &giver, json!({ "text": text }));
    let gone: Value = give("Ben is slow.").await.json().await.expect("JSON");
    let kept: Value = give("Builds are slow.").await.json().await.expect("JSON");
    let stream = gone["stream"].as_str().expect("a stream");
    let ask = json!({"stream": stream, "reason": "request of the person concerned"});
    let denied = world.post("/api/v1/erasures", &giver, ask.clone()).await;
    problem(denied, 403, "denied").await;
    let done = world.post("/api/v1/erasures", &operator, ask).await;
    assert_eq!(done.status(), 201);
    let done: Value = done.json().await.expect("JSON");
    assert_eq!(done["keys"], 1);
    let show = async |stream: &Value| {
        let path = format!("/api/v1/{}", stream.as_str().expect("a stream"));
        world.read(&path, &giver).await["text"].clone()
    };
    assert_eq!(show(&gone["stream"]).await, "(erased)");
    assert_eq!(show(&kept["stream"]).await, "Builds are slow.", "other texts stay");
    let entry = world.read(&format!("/api/v1/ledger/entries/{}", done["seq"]), &operator).await;
    assert_eq!(entry["kind"], "erasure.asked");
    assert_eq!(entry["body"]["stream"], stream);
    let proof = world.read("/api/v1/ledger/verify", &operator).await;
    assert_eq!(proof["sound"], true, "{proof}");
}

#[tokio::test]
async fn an_erasure_needs_a_stream_and_a_reason() {
    let world = World::governed().await;
    let key = world.session(Role::Operator).await;
    for stream in ["feedback/unknown", "no stream", ""] {
        let ask = json!({"stream": stream, "reason": "x"});
        problem(world.post("/api/v1/erasures", &key, ask).await, 404, "not-found").await;
    }
    let ask = json!({"stream": "feedback/unknown", "reason": " "});
    problem(world.post("/api/v1/erasures", &key, ask).await, 422, "wrong-value").await;
}
