//! A running server with a playbook of its own, and a client.

use std::path::Path;
use std::sync::Arc;

use playbook::Vocabulary;
use server::{Config, Running};
use tempfile::TempDir;

/// A server and what it stands on.
pub(crate) struct World {
    pub(crate) running: Running,
    pub(crate) client: reqwest::Client,
    pub(crate) directory: TempDir,
}

/// Installs the one cryptography provider that clients and TLS use.
pub(crate) fn install_provider() {
    // A second test in the same process finds it installed, which is as good.
    drop(rustls::crypto::ring::default_provider().install_default());
}

/// A client that keeps cookies to itself and follows nothing.
pub(crate) fn client() -> reqwest::Client {
    install_provider();
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .expect("a client")
}

impl World {
    /// Starts a server on an empty playbook.
    pub(crate) async fn start() -> Self {
        Self::with(&[]).await
    }

    /// Starts a server on a playbook of these files.
    pub(crate) async fn with(files: &[(&str, &str)]) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let playbook = directory.path().join("playbook");
        std::fs::create_dir(&playbook).expect("a directory");
        for (name, text) in files {
            write(&playbook.join(name), text);
        }
        let config = Config::local(&playbook, directory.path().join("data"));
        let running = server::start(config, vocabulary()).await.expect("a running server");
        Self { running, client: client(), directory }
    }

    /// The address of a path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.running.address)
    }
}

fn vocabulary() -> Arc<Vocabulary> {
    Arc::new(Vocabulary::new())
}

/// Writes a file and the directories above it.
pub(crate) fn write(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
    std::fs::write(path, text).expect("a written file");
}
