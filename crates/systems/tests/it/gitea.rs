//! A real Gitea or Forgejo: `COUNCIL_TEST_GITEA` and `COUNCIL_TEST_FORGEJO` hold addresses, the same with `_TOKEN` the
//! token of an administrator. Everything is done by people and in a project that are made for it and taken away again.

mod demands;
mod hooks;
mod lab;

use lab::Lab;

#[tokio::test]
async fn the_real_gitea_answers() {
    let Some(lab) = Lab::set_up("gitea", "COUNCIL_TEST_GITEA").await else { return };
    demands::all(&lab).await;
    lab.take_down().await;
}

#[tokio::test]
async fn the_real_forgejo_answers() {
    let Some(lab) = Lab::set_up("forgejo", "COUNCIL_TEST_FORGEJO").await else { return };
    demands::all(&lab).await;
    lab.take_down().await;
}

#[tokio::test]
async fn what_the_real_gitea_delivers_is_accepted_and_nothing_else_is() {
    let Some(lab) = Lab::set_up("gitea", "COUNCIL_TEST_GITEA").await else { return };
    hooks::all(&lab).await;
    lab.take_down().await;
}

#[tokio::test]
async fn what_the_real_forgejo_delivers_is_accepted_and_nothing_else_is() {
    let Some(lab) = Lab::set_up("forgejo", "COUNCIL_TEST_FORGEJO").await else { return };
    hooks::all(&lab).await;
    lab.take_down().await;
}
