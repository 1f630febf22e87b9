//! What every handler shares.
//!
//! Two values change, both by replacement: the snapshot and the record. Handlers load them once at their
//! start, so that one answer never mixes two moments.

use std::net::IpAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use arc_swap::ArcSwap;
use ledger::{Ledger, StoreError};
use plan::FingerprintKey;
use playbook::Vocabulary;
use reqwest::redirect::Policy;
use systems::outgoing::Guard;
use tokio::sync::{Semaphore, broadcast, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::alerts::AlertIntake;
use crate::changes::{Judged, PlanStore, Sight, Situation, Tools};
use crate::counting::{Counting, Pushed};
use crate::events::Event;
use crate::fleet::Fleet;
use crate::http::rate::{Asked, Rates};
use crate::identity::Providers;
use crate::limits::{
    ALERTS_BURST, ALERTS_PER_SECOND, EVENT_BUFFER, MAX_EVENT_STREAMS, RATE_BURST, RATE_PER_SECOND,
    SIGN_INS_PER_MINUTE,
};
use crate::objectives::Objectives;
use crate::record::Keeper;
use crate::remote::Remote;
use crate::store::Store;
use crate::telemetry::metrics::Metrics;
use crate::ui::{Counted, Written};
use crate::workers::Board;
use crate::{Clock, Config, Record, Snapshot};

/// The server's state; cheap to clone.
#[derive(Clone, Debug)]
pub struct AppState(Arc<Inner>);

/// The state without keeping it alive, for callbacks that outlive requests.
#[derive(Clone, Debug)]
pub(crate) struct WeakState(std::sync::Weak<Inner>);

impl WeakState {
    pub(crate) fn upgrade(&self) -> Option<AppState> {
        self.0.upgrade().map(AppState)
    }
}

#[derive(Debug)]
struct Inner {
    config: Config,
    origin: String,
    vocabulary: Arc<Vocabulary>,
    snapshot: ArcSwap<Snapshot>,
    ledger: Ledger,
    keeper: Keeper,
    events: broadcast::Sender<Event>,
    access: watch::Sender<u64>,
    board: Board,
    remote: Remote,
    counted: Counted,
    written: Written,
    plans: PlanStore,
    sight: Sight,
    fleet: Fleet,
    situation: Situation,
    objectives: Objectives,
    counting: Counting,
    pushed: Pushed,
    tools: Tools,
    tending: tokio::sync::Mutex<()>,
    judged: Judged,
    applying: TaskTracker,
    alert_intake: AlertIntake,
    started: jiff::Timestamp,
    fingerprints: FingerprintKey,
    /// Each holds a megabyte of certificates: it is made when it is needed.
    client: OnceLock<reqwest::Client>,
    straight: OnceLock<reqwest::Client>,
    outward: OnceLock<reqwest::Client>,
    guard: Guard,
    strangers: Guard,
    providers: Providers,
    holder: String,
    metrics: Metrics,
    event_places: Arc<Semaphore>,
    store: Store,
    rates: Rates<IpAddr>,
    identity_rates: Rates<String>,
    alert_rates: Rates<IpAddr>,
    alert_identity_rates: Rates<String>,
    sign_in_rates: Rates<IpAddr>,
    stopping: CancellationToken,
}

/// What the state is made of at start.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) config: Config,
    pub(crate) origin: String,
    pub(crate) snapshot: Snapshot,
    pub(crate) store: Store,
    pub(crate) ledger: Ledger,
    pub(crate) plans: PlanStore,
    pub(crate) fingerprints: FingerprintKey,
    pub(crate) holder: String,
    pub(crate) stopping: CancellationToken,
}

impl AppState {
    pub(crate) fn new(parts: Parts) -> Result<Self, StoreError> {
        let Parts {
            config,
            origin,
            snapshot,
            store,
            ledger,
            plans,
            fingerprints,
            holder,
            stopping,
        } = parts;
        let keeper = Keeper::new(ledger.clone())?;
        let guard = Guard::default();
        guard.except(snapshot.exceptions());
        let strangers = guard.for_strangers();
        strangers.let_in(snapshot.push_services());
        let started = config.clock.now();
        let vocabulary = snapshot.edition.vocabulary().clone();
        Ok(Self(Arc::new(Inner {
            config,
            origin,
            vocabulary,
            snapshot: ArcSwap::from_pointee(snapshot),
            ledger,
            keeper,
            events: broadcast::Sender::new(EVENT_BUFFER),
            access: watch::Sender::default(),
            board: Board::default(),
            remote: Remote::default(),
            counted: Counted::default(),
            written: Written::default(),
            plans,
            sight: Sight::default(),
            fleet: Fleet::default(),
            situation: Situation::default(),
            objectives: Objectives::default(),
            counting: Counting::default(),
            pushed: Pushed::default(),
            tools: Tools::default(),
            tending: tokio::sync::Mutex::default(),
            judged: Judged::default(),
            applying: TaskTracker::new(),
            alert_intake: AlertIntake::default(),
            started,
            fingerprints,
            client: OnceLock::new(),
            straight: OnceLock::new(),
            outward: OnceLock::new(),
            providers: Providers::default(),
            guard,
            strangers,
            holder,
            metrics: Metrics::new(),
            event_places: Arc::new(Semaphore::new(MAX_EVENT_STREAMS)),
            store,
            rates: Rates::new(RATE_BURST, RATE_PER_SECOND, Duration::from_secs(1)),
            identity_rates: Rates::new(RATE_BURST, RATE_PER_SECOND, Duration::from_secs(1)),
            alert_rates: Rates::new(ALERTS_BURST, ALERTS_PER_SECOND, Duration::from_secs(1)),
            alert_identity_rates: Rates::new(
                ALERTS_BURST,
                ALERTS_PER_SECOND,
                Duration::from_secs(1),
            ),
            sign_in_rates: sign_in_rates(),
            stopping,
        })))
    }

    /// What the server was told at start.
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// What links to this server begin with, without a slash at the end.
    pub fn origin(&self) -> &str {
        &self.0.origin
    }

    /// The clock.
    pub fn clock(&self) -> &Clock {
        &self.0.config.clock
    }

    /// The kinds and rules that the playbook is read with.
    pub fn vocabulary(&self) -> &Arc<Vocabulary> {
        &self.0.vocabulary
    }

    /// The current playbook.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.0.snapshot.load_full()
    }

    /// The ledger as folded so far.
    pub fn record(&self) -> Arc<Record> {
        self.0.keeper.current()
    }

    /// Keeps the record current.
    pub(crate) fn keeper(&self) -> &Keeper {
        &self.0.keeper
    }

    /// The ledger.
    pub fn ledger(&self) -> &Ledger {
        &self.0.ledger
    }

    /// What happens beside the ledger: new revisions, broken playbooks.
    pub(crate) fn events(&self) -> &broadcast::Sender<Event> {
        &self.0.events
    }

    /// What is measured.
    pub(crate) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// Places for event streams.
    pub(crate) fn event_places(&self) -> &Arc<Semaphore> {
        &self.0.event_places
    }

    /// How the background work goes.
    pub fn board(&self) -> &Board {
        &self.0.board
    }

    /// Plans by their hash.
    pub(crate) fn plans(&self) -> &PlanStore {
        &self.0.plans
    }

    /// What was seen of the targets last.
    pub(crate) fn sight(&self) -> &Sight {
        &self.0.sight
    }

    /// What provisioners reported last.
    pub(crate) fn fleet(&self) -> &Fleet {
        &self.0.fleet
    }

    /// What is known of error budgets and open incidents; whoever measures and keeps them says it here.
    pub fn situation(&self) -> &Situation {
        &self.0.situation
    }

    /// What is left of error budgets.
    pub(crate) fn objectives(&self) -> &Objectives {
        &self.0.objectives
    }

    /// What is counted here.
    pub(crate) fn counting(&self) -> &Counting {
        &self.0.counting
    }

    /// What counts what is pushed here.
    pub(crate) fn pushed(&self) -> &Pushed {
        &self.0.pushed
    }

    /// What tools that plan by themselves said last.
    pub(crate) fn tools(&self) -> &Tools {
        &self.0.tools
    }

    /// Held while silences and notices are begun and ended.
    pub(crate) fn tending(&self) -> &tokio::sync::Mutex<()> {
        &self.0.tending
    }

    /// What guardrails found.
    pub(crate) fn judged(&self) -> &Judged {
        &self.0.judged
    }

    /// The executors at work.
    pub(crate) fn applying(&self) -> &TaskTracker {
        &self.0.applying
    }

    /// The alerts that were sent, and until when they count.
    pub(crate) fn alert_intake(&self) -> &AlertIntake {
        &self.0.alert_intake
    }

    /// When the server started.
    pub(crate) fn started(&self) -> jiff::Timestamp {
        self.0.started
    }

    /// The key under which plans show secrets.
    pub(crate) fn fingerprints(&self) -> &FingerprintKey {
        &self.0.fingerprints
    }

    /// For reloads of what targets serve.
    pub(crate) fn client(&self) -> &reqwest::Client {
        self.0.client.get_or_init(|| client(self.0.guard.client()))
    }

    /// What asks others with credentials, and is led nowhere else by them.
    pub(crate) fn straight_client(&self) -> &reqwest::Client {
        self.0.straight.get_or_init(|| client(self.0.guard.client().redirect(Policy::none())))
    }

    /// What goes to addresses that anybody gave who may sign in, and into no network of the house.
    pub(crate) fn outward_client(&self) -> &reqwest::Client {
        self.0.outward.get_or_init(|| client(self.0.strangers.client().redirect(Policy::none())))
    }

    /// Who vouches for people and jobs.
    pub(crate) fn providers(&self) -> &Providers {
        &self.0.providers
    }

    /// The name under which this server holds leases. It outlives the process: one process at a time opens a ledger, so what
    /// the one before held was let go with it, and nobody waits for its end.
    pub(crate) fn holder(&self) -> &str {
        &self.0.holder
    }

    /// What the rail counts.
    pub(crate) fn counted(&self) -> &Counted {
        &self.0.counted
    }

    /// The living document as it was written last.
    pub(crate) fn written(&self) -> &Written {
        &self.0.written
    }

    /// What happens at the playbook's remote.
    pub(crate) fn remote(&self) -> &Remote {
        &self.0.remote
    }

    /// Sessions, tokens and links.
    pub(crate) fn store(&self) -> &Store {
        &self.0.store
    }

    /// How much each client may ask.
    pub(crate) fn rates(&self, asked: Asked) -> &Rates<IpAddr> {
        match asked {
            Asked::Alerts => &self.0.alert_rates,
            Asked::Other => &self.0.rates,
        }
    }

    /// How much each person and each program may ask, from however many addresses.
    pub(crate) fn identity_rates(&self, asked: Asked) -> &Rates<String> {
        match asked {
            Asked::Alerts => &self.0.alert_identity_rates,
            Asked::Other => &self.0.identity_rates,
        }
    }

    /// How often each client may try to sign in.
    pub(crate) fn sign_in_rates(&self) -> &Rates<IpAddr> {
        &self.0.sign_in_rates
    }

    /// Ends when the server stops; long answers such as event streams watch it.
    pub fn stopping(&self) -> &CancellationToken {
        &self.0.stopping
    }

    pub(crate) fn downgrade(&self) -> WeakState {
        WeakState(Arc::downgrade(&self.0))
    }

    /// Makes a playbook current; whoever is not in it any more is out.
    pub(crate) fn replace_snapshot(&self, snapshot: Snapshot) {
        let snapshot = Arc::new(snapshot);
        self.0.guard.except(snapshot.exceptions());
        self.0.strangers.let_in(snapshot.push_services());
        self.0.snapshot.store(snapshot.clone());
        self.shut_out_leavers(&snapshot);
    }

    /// Tells streams that are open to look again whether their reader may go on.
    pub(crate) fn access_changed(&self) {
        self.0.access.send_modify(|times| *times = times.wrapping_add(1));
    }

    /// Tells when somebody's access may have ended.
    pub(crate) fn watch_access(&self) -> watch::Receiver<u64> {
        self.0.access.subscribe()
    }
}

/// Builds a client of the guard's.
fn sign_in_rates() -> Rates<IpAddr> {
    Rates::new(SIGN_INS_PER_MINUTE, SIGN_INS_PER_MINUTE, Duration::from_secs(60))
}

fn client(builder: reqwest::ClientBuilder) -> reqwest::Client {
    builder.build().expect("BUG: the options of our clients go together")
}
