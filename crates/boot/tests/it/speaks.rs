//! A service on loopback, and a client that shows every byte of the answer.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use boot::{Bootable, Documents, Door, Event, Running, Service, Settings};
use jiff::Timestamp;
use secrecy::SecretString;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A service that answers, what it told, and its clock.
pub(crate) struct Served {
    pub(crate) service: Arc<Service>,
    pub(crate) http: SocketAddr,
    pub(crate) tftp: SocketAddr,
    pub(crate) files: TempDir,
    pub(crate) told: Arc<Mutex<Vec<Event>>>,
    /// Seconds since 1970.
    pub(crate) clock: Arc<AtomicI64>,
    running: Running,
}

/// Everything that is said about a response.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let prefix = format!("{name}: ");
        self.head.lines().find_map(|line| line.strip_prefix(&prefix))
    }
}

/// The settings of a service with two machines and a role.
pub(crate) fn settings(base: &str, files: &TempDir) -> Settings {
    let bootable = |name: &str, macs: &[&str], uuid: Option<&str>| Bootable {
        name: name.to_owned(),
        macs: macs.iter().map(|&mac| mac.to_owned()).collect(),
        uuid: uuid.map(str::to_owned),
        from_disk: format!("{name} from disk"),
    };
    Settings {
        base: base.to_owned(),
        files: files.path().to_owned(),
        bootables: vec![
            bootable("a", &["52:54:00:00:00:01", "52:54:00:00:00:02"], Some("4C4C-01")),
            bootable("b", &["52:54:00:00:00:03"], None),
            bootable("role/compute", &[], None),
        ],
        first: "the first script\n".to_owned(),
        unknown: "nobody knows you".to_owned(),
        first_stages: BTreeMap::from([(0, "undionly.kpxe".to_owned()), (7, "ipxe.efi".to_owned())]),
        render: Arc::new(|name, ticket| {
            if name == "b" {
                return Err("it has no image".to_owned());
            }
            Ok(Documents {
                script: format!(
                    "install {name} from {}/install/{}/answers",
                    ticket.base, ticket.token
                ),
                files: BTreeMap::from([(
                    "answers".to_owned(),
                    format!("{} answers", ticket.instance),
                )]),
                secrets: BTreeSet::from(["password".to_owned(), "missing".to_owned()]),
                calls_when_ready: true,
            })
        }),
        secrets: Arc::new(|name| (name == "password").then(|| SecretString::from("canary-7fd1"))),
        listener: Arc::new(|_| {}),
        clock: Arc::new(Timestamp::now),
    }
}

impl Served {
    pub(crate) async fn start() -> Self {
        let loopback: SocketAddr = "127.0.0.1:0".parse().expect("an address");
        let door = Door::bind(loopback, Some(loopback)).await.expect("free ports");
        let (http, tftp) = (door.address, door.tftp_address.expect("it was asked for"));
        let files = tempfile::tempdir().expect("a directory");
        let told = Arc::new(Mutex::new(Vec::new()));
        let clock = Arc::new(AtomicI64::new(1_000_000));
        let (hears, says) = (Arc::clone(&told), Arc::clone(&clock));
        let service = Arc::new(Service::new(Settings {
            listener: Arc::new(move |event| {
                hears.lock().unwrap_or_else(PoisonError::into_inner).push(event.clone());
            }),
            clock: Arc::new(move || {
                Timestamp::from_second(says.load(Ordering::SeqCst)).expect("a moment")
            }),
            ..settings(&format!("http://{http}"), &files)
        }));
        let running = door.start(Arc::clone(&service));
        Self { service, http, tftp, files, told, clock, running }
    }

    pub(crate) async fn stop(self) {
        self.running.stop().await;
    }

    pub(crate) fn told(&self) -> Vec<Event> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn write(&self, name: &str, content: &[u8]) {
        let path = self.files.path().join(name);
        std::fs::create_dir_all(path.parent().expect("it has one")).expect("a directory");
        std::fs::write(path, content).expect("a file");
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask(&format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")).await
    }

    pub(crate) async fn post(&self, path: &str, body: &str) -> Answer {
        let length = body.len();
        self.ask(&format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
        ))
        .await
    }

    /// Sends bytes as they are: no client in between mends a path.
    pub(crate) async fn ask(&self, request: &str) -> Answer {
        let mut wire = TcpStream::connect(self.http).await.expect("it listens");
        wire.write_all(request.as_bytes()).await.expect("it reads");
        let mut bytes = Vec::new();
        wire.read_to_end(&mut bytes).await.expect("it answers");
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
        let body = bytes.split_off(end + 4);
        let head = String::from_utf8_lossy(&bytes).into_owned();
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
        Answer { status: status.expect("a status"), head, body }
    }

    /// The token in the script of an armed machine.
    pub(crate) async fn token(&self, mac: &str) -> String {
        let script = self.get(&format!("/ipxe?mac={mac}")).await.text();
        let Some(rest) = script.split_once("/install/").map(|(_, rest)| rest) else {
            panic!("it is not armed: {script}");
        };
        rest.split('/').next().unwrap_or_default().to_owned()
    }
}
