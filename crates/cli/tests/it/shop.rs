//! A checkout that fails, and the phone of whoever is on call: two real servers on loopback for the guide to an incident.
//!
//! Three of ten requests fail from the beginning on, until somebody lets the old connections go. Requests are counted by
//! the clock, because a shop has customers whether or not anybody looks.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// How many requests arrive each second, and how many of them fail before it is mended.
const REQUESTS: [u128; 2] = [20, 6];

/// After so long without a page, nobody will be paged. Prometheus evaluates the rules once a minute, and the alert
/// must hold for a minute.
const PATIENCE: Duration = Duration::from_secs(420);

/// The shop and the phone.
pub(crate) struct Shop {
    /// Such as `127.0.0.1:41234`.
    pub(crate) address: String,
    pages: Receiver<()>,
    heard: usize,
}

struct Inside {
    opened: Instant,
    mended: Mutex<Option<Instant>>,
    phone: PathBuf,
    pages: Mutex<(usize, Sender<()>)>,
}

impl Shop {
    /// Opens it; what reaches the phone is written into files below a directory, numbered from 1.
    pub(crate) fn open(phone: &Path) -> Self {
        std::fs::create_dir_all(phone).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (sender, pages) = channel();
        let inside = Arc::new(Inside {
            opened: Instant::now(),
            mended: Mutex::new(None),
            phone: phone.to_owned(),
            pages: Mutex::new((0, sender)),
        });
        std::thread::spawn(move || {
            for caller in listener.incoming().map_while(Result::ok) {
                let inside = Arc::clone(&inside);
                std::thread::spawn(move || inside.answer(caller));
            }
        });
        Self { address, pages, heard: 0 }
    }

    /// Waits until the phone has rung so many times.
    pub(crate) fn wait(&mut self, times: usize) {
        while self.heard < times {
            self.pages.recv_timeout(PATIENCE).expect("somebody is paged");
            self.heard += 1;
        }
    }
}

impl Inside {
    /// Answers one request; whoever hangs up has their answer.
    fn answer(&self, caller: TcpStream) -> Option<()> {
        let mut reader = BufReader::new(&caller);
        let mut first = String::new();
        reader.read_line(&mut first).ok()?;
        let mut length = 0;
        loop {
            let mut header = String::new();
            reader.read_line(&mut header).ok()?;
            let header = header.trim().to_ascii_lowercase();
            if header.is_empty() {
                break;
            }
            if let Some(found) = header.strip_prefix("content-length:") {
                length = found.trim().parse().ok()?;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        let mut words = first.split(' ');
        let said = match (words.next()?, words.next()?) {
            ("GET", "/metrics") => self.metrics(),
            ("POST", "/admin/connections/recycle") => {
                *self.mended.lock().unwrap() = Some(Instant::now());
                "40 connections were let go\n".to_owned()
            }
            ("POST", _) => self.ring(&body),
            _ => "ok\n".to_owned(),
        };
        let length = said.len();
        let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: text/plain";
        write!(&caller, "{head}\r\ncontent-length: {length}\r\n\r\n{said}").ok()
    }

    fn metrics(&self) -> String {
        let mended = *self.mended.lock().unwrap();
        let until = mended.unwrap_or_else(Instant::now);
        let queue = if mended.is_some() { 12 } else { 4_200 };
        let count = |rate: u128, until: Instant| {
            until.duration_since(self.opened).as_millis() * rate / 1_000
        };
        let [all, failing] = REQUESTS;
        let failed = count(failing, until);
        let good = count(all, Instant::now()) - failed;
        let line = "http_requests_total{service=\"checkout-api\",code=";
        format!("{line}\"200\"}} {good}\n{line}\"500\"}} {failed}\norders_queue_length {queue}\n")
    }

    /// Writes down what the phone shows: each line of the message that ntfy would show, and where its button leads.
    fn ring(&self, body: &[u8]) -> String {
        let message: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let mut shown = format!("{}\n\n{}\n", text(&message["title"]), text(&message["message"]));
        for action in message["actions"].as_array().into_iter().flatten() {
            shown += &format!("\n[{}] {}\n", text(&action["label"]), text(&action["url"]));
        }
        let mut pages = self.pages.lock().unwrap();
        pages.0 += 1;
        std::fs::write(self.phone.join(pages.0.to_string()), shown).unwrap();
        // Nobody may listen any more, once the test is over.
        let _listened = pages.1.send(()).is_ok();
        "{}".to_owned()
    }
}
