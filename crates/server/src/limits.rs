//! Every limit of the server, each with its reason. Reaching one is a problem document that names it.

use std::time::Duration;

use jiff::SignedDuration;

/// Largest request body (1 MiB): a decision's text or a meeting's minutes, not a file store. It is also the
/// ledger's limit of one body.
pub const MAX_BODY_BYTES: usize = 1 << 20;

/// How long one request may take. Nothing here computes for seconds; what does is stuck.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// How long a client may take over the TLS handshake before the connection is dropped.
pub const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);

/// Connections served at once. Each costs some 30 KiB; with this many the server stays well below the memory of
/// the smallest machine it is meant for.
pub const MAX_CONNECTIONS: usize = 2_048;

/// Connections that one address may hold: however many it opens, a quarter of the places is left for others. An office
/// behind one address stays below it; a stated proxy, behind which everybody comes, is not counted.
pub const MAX_CONNECTIONS_PER_ADDRESS: usize = MAX_CONNECTIONS / 4 * 3;

/// Requests a second that one client may sustain. A person's browser makes a few; a script that lists
/// everything makes hundreds.
pub const RATE_PER_SECOND: u32 = 500;

/// Requests that one client may make at once before the rate counts.
pub const RATE_BURST: u32 = 2_000;

/// Requests with alerts a second that one sender may sustain. An alert that is refused is a page that comes late: a storm of
/// 100,000 alerts is 1,600 requests, and when a network comes back, every Prometheus behind one address sends at once.
pub const ALERTS_PER_SECOND: u32 = 5_000;

/// Requests with alerts that one sender may make at once.
pub const ALERTS_BURST: u32 = 20_000;

/// Attempts to sign in that one client may make in a minute. A link has 256 random bits, so this stops noise
/// rather than guessing.
pub const SIGN_INS_PER_MINUTE: u32 = 30;

/// Clients whose rates are remembered; the ones idle longest are forgotten first.
pub const MAX_RATED_CLIENTS: usize = 10_000;

/// Items on a page when the client does not say.
pub const DEFAULT_PAGE: usize = 50;

/// Most items on a page.
pub const MAX_PAGE: usize = 500;

/// How long a sign-in link lives: long enough to change to the browser, too short to be found later.
pub const LINK_LIFE: Duration = Duration::from_secs(15 * 60);

/// How long a session lives without being used: a working day and the evening after.
pub const SESSION_IDLE: Duration = Duration::from_secs(12 * 3_600);

/// How long a session lives at most: two weeks of daily use.
pub const SESSION_LIFE: Duration = Duration::from_secs(14 * 86_400);

/// How often the last use of a session or token is written down; more often would make every read a write.
pub const TOUCH_EVERY: Duration = Duration::from_secs(60);

/// How long a token may live at most: a year, so that a forgotten one ends by itself.
pub const MAX_TOKEN_LIFE_DAYS: u16 = 366;

/// Browsers of one person that get messages.
pub const MAX_DEVICES_PER_PERSON: usize = 10;

/// Tokens that one person may have at the same time.
pub const MAX_TOKENS_PER_PERSON: usize = 50;

/// How long the answer to an `Idempotency-Key` is kept. Clients that retry do so within minutes.
pub const IDEMPOTENCY_LIFE: Duration = Duration::from_secs(24 * 3_600);

/// Longest `Idempotency-Key`.
pub const MAX_IDEMPOTENCY_KEY: usize = 200;

/// Event streams open at once; each holds a connection and a place in the channel.
pub const MAX_EVENT_STREAMS: usize = 512;

/// Events that a slow reader may lag behind before it is told to resume from the ledger.
pub const EVENT_BUFFER: usize = 1_024;

/// How often an event stream says that it is alive, below the 60 s after which proxies give up.
pub const EVENT_KEEP_ALIVE: Duration = Duration::from_secs(15);

/// How long requests may finish after a signal to stop, before connections are dropped.
pub const SHUTDOWN_GRACE: Duration = Duration::from_secs(10);

/// How long the playbook must be quiet before it is read again: an editor writes several files at once.
pub const PLAYBOOK_QUIET: Duration = Duration::from_millis(150);

/// How often the playbook is looked at even without a nudge: network file systems do not report changes.
pub const PLAYBOOK_POLL: Duration = Duration::from_secs(10);

/// Longest reason of an erasure, in bytes: a ground and a ticket, not the text that goes.
pub const MAX_REASON: usize = 500;

/// How long a client may take over a request's head, and how long a connection may wait for the next request. A
/// browser's head fits into two packets; who sends a byte a second only wants to keep the place.
pub const HEADER_TIMEOUT: Duration = Duration::from_secs(30);

/// Viewers whose counts in the rail are kept; beyond it all are counted anew.
pub const MAX_COUNTED_VIEWERS: usize = 1_000;

/// How long the living document is leafed through before it is written anew although nothing happened: it says how long
/// things have waited, to the minute.
pub const DOCUMENT_LIFE: SignedDuration = SignedDuration::from_secs(15);

/// How often the playbook's remote is asked when no webhook says that it moved.
pub const FOLLOW_POLL: Duration = Duration::from_secs(60);

/// How often the forge is asked for pull requests and reviews when no webhook says that there are new ones.
pub const FORGE_POLL: Duration = Duration::from_secs(60);

/// Plans whose guardrail findings are kept; beyond it all are judged again.
pub const MAX_JUDGED_PLANS: usize = 256;

/// How long an executor's right to apply lasts without being renewed: after the death of a server, this long nobody goes on.
pub const LEASE: SignedDuration = SignedDuration::from_secs(60);

/// How often the right is renewed: three chances before it ends.
pub const LEASE_RENEWAL: Duration = Duration::from_secs(15);

/// How often the targets are looked at for drift when nobody asks.
pub const DRIFT_POLL: Duration = Duration::from_secs(300);

/// How often error budgets are measured: samples of them are five minutes apart.
pub const OBJECTIVES_POLL: Duration = Duration::from_secs(300);

/// How old what a tool said may be before it is asked again for the page of drift: a check of a site takes minutes and logs in
/// to every host. The gate allows an hour, so that a failed asking can be repeated in time.
pub const TOOL_POLL: SignedDuration = SignedDuration::from_mins(20);

/// How many tools are asked at a time: each may run many processes of its own.
pub const MAX_TOOLS: usize = 4;

/// How long a request may take that plans: it asks the systems themselves, and a tool among them may log in to every host of
/// a site.
pub const PLANNING_TIMEOUT: Duration = Duration::from_secs(30 * 60);

/// How many steps of a plan one page or answer shows.
pub const MAX_STEPS: usize = 100;

/// How many changes are applied at a time; each has its own lease and its own stream.
pub const MAX_APPLYING: usize = 4;

/// Policy files of one playbook: they are all read at each change of it.
pub const MAX_POLICIES: usize = 200;

/// Largest policy file (256 KiB); the built-in ones have some 6 KiB.
pub const MAX_POLICY_BYTES: u64 = 256 << 10;

/// How long somebody may be away at their identity provider: time to find the phone with the second factor.
pub const ATTEMPT_LIFE: Duration = Duration::from_secs(10 * 60);

/// People who may be away at their identity providers at the same time; each is a row of some 300 bytes.
pub const MAX_ATTEMPTS: usize = 10_000;

/// Identity providers whose documents are kept; a company has a few, and beyond it all are discovered again.
pub const MAX_PROVIDERS: usize = 64;

/// How fresh a sign-in must be for what cannot be taken back, where people can prove anew who they are: the time of one
/// decision at the keyboard, not of a meeting in which the laptop stands open.
pub const FRESH_SIGN_IN: SignedDuration = SignedDuration::from_mins(15);

/// How often the TLS certificate's files are looked at: whoever renews weeks ahead does not wait for it, and two files are
/// nothing to read.
pub const CERTIFICATE_POLL: Duration = Duration::from_secs(30);

/// How often the newest entry is signed. After a loss of the signing machine, this much could have been rewritten
/// without the signature showing it.
pub const CHECKPOINT_EVERY: Duration = Duration::from_secs(3_600);

/// How often the clock worker looks even when nothing is due: clocks jump, and machines sleep.
pub const CLOCK_POLL: Duration = Duration::from_secs(60);

/// How often a decision is tried again when others wrote to the same record at the same time.
pub const MAX_CONFLICTS: usize = 5;

/// Files that are looked at for changes on the timer; beyond it, only the file system's reports count.
pub const MAX_WATCHED_FILES: usize = 200_000;

/// Changed paths that are kept apart between two turns; beyond it the whole tree is looked at, which then costs less.
pub const MAX_REPORTS: usize = 1_000;

/// Revisions of the playbook that the changelog and Today look back on.
pub const MAX_REVISIONS: usize = 100;
