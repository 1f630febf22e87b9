//! Starting and stopping.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use ledger::Ledger;
use plan::FingerprintKey;
use playbook::{Vocabulary, Workspace};
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};
use tokio_util::sync::CancellationToken;

use crate::certificate::Certificate;
use crate::changes::PlanStore;
use crate::http::problem::Chain;
use crate::limits::SHUTDOWN_GRACE;
use crate::listener::Door;
use crate::reader::Reader;
use crate::state::Parts;
use crate::store::Store;
use crate::{AppState, Config, Snapshot, StartError, auth, connections, serve, workers};

/// A server that listens.
#[derive(Debug)]
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// The operator's one-time sign-in link.
    pub sign_in_link: String,
    /// Its state, for tests and for embedding.
    pub state: AppState,
    server: JoinHandle<()>,
}

impl Running {
    /// Stops accepting, finishes what was begun and closes the ledger.
    ///
    /// # Errors
    /// When serving had failed before.
    pub async fn stop(self) -> Result<(), StartError> {
        self.state.stopping().cancel();
        self.wait().await
    }

    /// Waits until the server has stopped.
    ///
    /// # Errors
    /// When serving fails.
    pub async fn wait(self) -> Result<(), StartError> {
        self.server.await.map_err(|error| StartError::Serve(std::io::Error::other(error)))
    }
}

/// Serves a playbook that was read already until `shutdown` ends, and then stops in order.
///
/// `started` is called once the server listens, with its address and sign-in link.
///
/// # Errors
/// When it cannot start, or serving fails.
pub async fn run(
    config: Config,
    (reader, snapshot): (Reader, Snapshot),
    started: impl FnOnce(&Running),
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), StartError> {
    let running = start_with(config, reader, snapshot).await?;
    started(&running);
    let stopping = running.state.stopping().clone();
    tokio::spawn(async move {
        shutdown.await;
        stopping.cancel();
    });
    running.wait().await
}

/// Reads the playbook, starts the server and returns at once.
///
/// # Errors
/// When the configuration is refused, the playbook or the data directory cannot be used, or the
/// address is taken.
pub async fn start(config: Config, vocabulary: Arc<Vocabulary>) -> Result<Running, StartError> {
    if !config.playbook.is_dir() {
        return Err(StartError::NoPlaybook { path: config.playbook.clone() });
    }
    let reader = Reader::of(Workspace::open(&config.playbook, vocabulary));
    let snapshot = reader.snapshot(config.clock.now());
    start_with(config, reader, snapshot).await
}

/// Starts the server with a playbook that was read already.
async fn start_with(
    config: Config,
    reader: Reader,
    snapshot: Snapshot,
) -> Result<Running, StartError> {
    // Whoever installed one before has chosen; the clients need any.
    drop(rustls::crypto::ring::default_provider().install_default());
    config.check()?;
    let certificate = config.tls.as_ref().map(Certificate::read).transpose()?;
    let tls = certificate.as_ref().map(Certificate::acceptor).transpose()?;
    private_directory(&config.data_dir)?;
    let store = Store::open(&config.data_dir)?;
    store.release_all_replies()?;
    let ledger = match &config.shared_ledger {
        Some(shared) => shared.clone(),
        None => Ledger::open(config.data_dir.join("ledger.db"), &config.ledger)?,
    };
    let person = config.sign_in_as.clone();
    check_person(&snapshot, person.as_deref())?;
    let refused = |source| StartError::Listen { listen: config.listen, source };
    let listener = TcpListener::bind(config.listen).await.map_err(refused)?;
    let proxies = config.behind_proxy.as_ref().map_or(&[][..], |proxy| &proxy.addresses);
    let door = Door::new(listener, tls, proxies).map_err(refused)?;
    let address = door.address();
    let origin = config.origin(address);
    let stopping = CancellationToken::new();
    let now = config.clock.now();
    let path = auth::operator::sign_in_path(&store, person.as_deref(), true, now)?;
    let sign_in_link = format!("{origin}{path}");
    let fingerprints = FingerprintKey::new(store.signing_key("fingerprint")?);
    let holder = holder(&store)?;
    let plans = PlanStore::open(&config.data_dir, &store.signing_key("saved-plans")?)
        .map_err(|source| StartError::DataDir { path: config.data_dir.clone(), source })?;
    let parts =
        Parts { config, origin, snapshot, store, ledger, plans, fingerprints, holder, stopping };
    let state = AppState::new(parts)?;
    let workers = workers::start(&state, reader, certificate);
    let serving = connections::serve(door, serve::router(&state), state.stopping().clone());
    let server = tokio::spawn(finish(serving, workers, state.clone()));
    Ok(Running { address, sign_in_link, state, server })
}

/// Serves, and afterwards lets the background work end and signs what was recorded.
async fn finish(serving: impl Future<Output = ()>, mut workers: JoinSet<()>, state: AppState) {
    serving.await;
    state.stopping().cancel();
    while let Some(ended) = workers.join_next().await {
        if let Err(error) = ended {
            tracing::error!(%error, "a worker did not end in order");
        }
    }
    // Executors begin nothing more and end what they have begun; what a step leaves in doubt, the next start looks at.
    state.applying().close();
    if tokio::time::timeout(SHUTDOWN_GRACE, state.applying().wait()).await.is_err() {
        tracing::warn!("a change is still being applied; it goes on at the next start");
    }
    if let Err(error) = workers::checkpoint::sign(&state) {
        tracing::error!(error = %Chain(&error), "the last checkpoint could not be signed");
    }
    tracing::info!("stopped");
}

fn check_person(snapshot: &Snapshot, person: Option<&str>) -> Result<(), StartError> {
    let Some(name) = person else { return Ok(()) };
    if snapshot.model().find("person", name).is_some() {
        return Ok(());
    }
    let candidates =
        snapshot.model().of_slug("person").map(|person| person.id.name.to_string()).collect();
    Err(StartError::NoSuchPerson { name: name.to_owned(), candidates })
}

/// The name of this data directory's server among the holders of leases.
fn holder(store: &Store) -> rusqlite::Result<String> {
    let digest = plan::Digest::of(&store.signing_key("holder")?);
    Ok(format!("server-{}", digest.short()))
}

/// Makes the data directory, for its owner only.
fn private_directory(path: &Path) -> Result<(), StartError> {
    let refused = |source| StartError::DataDir { path: path.to_owned(), source };
    std::fs::create_dir_all(path).map_err(refused)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700)).map_err(refused)?;
    }
    Ok(())
}
