//! Starting, answering, stopping.

use crate::support::World;

#[tokio::test]
async fn a_server_starts_answers_and_stops() {
    let world = World::start().await;
    let answer = world.client.get(world.url("/healthz")).send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    let answer = world.client.get(world.url("/readyz")).send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    let address = world.running.address;
    world.running.stop().await.expect("an orderly stop");
    assert!(tokio::net::TcpStream::connect(address).await.is_err(), "it still listens");
}

#[tokio::test]
async fn what_is_not_there_is_a_problem() {
    let world = World::start().await;
    let answer = world.client.get(world.url("/api/v1/nothing")).send().await.expect("an answer");
    assert_eq!(answer.status(), 404);
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    let answer = world.client.delete(world.url("/healthz")).send().await.expect("an answer");
    assert_eq!(answer.status(), 405);
    assert_eq!(answer.headers()["allow"], "GET,HEAD");
    let answer = world.client.get(world.url("/api/v1/resources")).send().await.expect("an answer");
    assert_eq!(answer.status(), 401);
    assert!(answer.headers().contains_key("www-authenticate"));
}
