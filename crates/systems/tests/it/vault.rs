//! Vault and OpenBao: one set of demands on an emulator and on real servers, and answers that only an emulator gives.

mod emulator;
mod real;
mod suite;

use systems::secrets::vault::{Vault, VaultError};

use emulator::Emulator;
use suite::client;

#[tokio::test]
async fn the_emulated_vault_answers() {
    let emulator = Emulator::start().await;
    suite::demand(&emulator.place()).await;
    let asked = emulator.requests();
    assert!(asked.iter().all(|path| !path.contains("/sys/")), "{asked:?}");
}

#[tokio::test]
async fn what_is_no_answer_of_vault_is_told_apart_and_holds_no_value() {
    let emulator = Emulator::start().await;
    let place = emulator.place();
    let vault = Vault::new(client(), &emulator.address, place.token);
    let told = [
        (vault.read("kv", "sealed").await.unwrap_err(), "is sealed"),
        (vault.read("kv", "garbage").await.unwrap_err(), "of another shape"),
        (vault.read("kv", "odd").await.unwrap_err(), "of another shape"),
        (vault.read("kv", "huge").await.unwrap_err(), "more than 4194304 bytes"),
    ];
    for (error, expected) in told {
        let text = format!("{error} {error:?}");
        assert!(text.contains(expected) && !text.contains("canary"), "{text}");
    }
    let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", nobody.local_addr().unwrap());
    drop(nobody);
    let error = Vault::new(client(), &address, "canary".into()).read("kv", "a").await.unwrap_err();
    assert!(matches!(error, VaultError::Unreachable { .. }), "{error}");
}
