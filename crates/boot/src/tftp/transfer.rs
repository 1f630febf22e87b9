//! One transfer: block after block, each sent again until the client has it.
//!
//! A block is not read from the file before the one before it has arrived, so a client that is slow holds one block. An
//! acknowledgement of an earlier block is passed over and never answered: answering it would double every packet that
//! follows ("sorcerer's apprentice", RFC 1123 §4.2.3.1).

use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncReadExt as _;
use tokio::net::UdpSocket;

use super::NOT_FOUND;
use super::packet::{self, Fault, Request, Said};
use crate::event::Event;
use crate::service::Service;
use crate::{directory, limits};

/// The block size of a client that wishes none (RFC 1350 §2).
const USUAL_BLOCK: u16 = 512;

/// How long is waited for a client that wishes nothing else.
const USUAL_WAIT: Duration = Duration::from_secs(1);

/// What is sent: a file, or the first script, which no directory holds.
pub(super) enum Source {
    File(directory::Found),
    Text(String),
}

/// The name under which the first script is there over TFTP, too, for firmware that is iPXE already.
const FIRST_SCRIPT: &str = "boot.ipxe";

/// Finds what a request is for.
pub(super) async fn open(service: &Arc<Service>, file: &str) -> Result<Source, Fault> {
    if file.trim_start_matches('/') == FIRST_SCRIPT {
        return Ok(Source::Text(service.settings.first.clone()));
    }
    let found = directory::open(&service.settings.files, file).await.map_err(|_| NOT_FOUND)?;
    if found.length > limits::TFTP_FILE {
        return Err(Fault { code: 0, words: "too large for TFTP; fetch it over HTTP" });
    }
    Ok(Source::File(found))
}

/// Sends it.
pub(super) async fn run(
    socket: &UdpSocket,
    source: Source,
    request: &Request,
    service: &Arc<Service>,
) {
    let block = request.block.map_or(USUAL_BLOCK, |wished| wished.min(limits::BLOCK));
    let wait = request.seconds.map_or(USUAL_WAIT, |seconds| Duration::from_secs(seconds.into()));
    let length = match &source {
        Source::File(found) => found.length,
        Source::Text(text) => u64::try_from(text.len()).unwrap_or(u64::MAX),
    };
    if let Some(options) = packet::options(request, block, length)
        && !deliver(socket, &options, 0, wait).await
    {
        return;
    }
    let is_sent = match source {
        Source::File(found) => send(socket, found.file, block, wait).await,
        Source::Text(text) => send(socket, text.as_bytes(), block, wait).await,
    };
    if is_sent {
        service.tell(&Event::Fetched { file: request.file.clone() });
    }
}

/// Sends blocks up to the first that is not full; says whether the client has them all.
async fn send(
    socket: &UdpSocket,
    mut source: impl tokio::io::AsyncRead + Unpin,
    block: u16,
    wait: Duration,
) -> bool {
    let mut buffer = Vec::with_capacity(block.into());
    let mut number: u16 = 0;
    loop {
        // Files of more than 65,535 blocks begin again at 0, as every client expects.
        number = number.wrapping_add(1);
        buffer.clear();
        if let Err(error) = (&mut source).take(block.into()).read_to_end(&mut buffer).await {
            tracing::warn!(%error, "a file could not be read for TFTP");
            let fault = Fault { code: 0, words: "the file could not be read" };
            drop(socket.send(&packet::error(fault)).await);
            return false;
        }
        if !deliver(socket, &packet::data(number, &buffer), number, wait).await {
            return false;
        }
        if buffer.len() < usize::from(block) {
            return true;
        }
    }
}

/// Sends a packet until the client says that it has it; `false` when it gives up or says nothing.
async fn deliver(socket: &UdpSocket, packet: &[u8], number: u16, wait: Duration) -> bool {
    // Only what the client says is read: a number, or an error with a few words.
    let mut answer = [0_u8; 128];
    for _ in 0..limits::TRIES {
        if socket.send(packet).await.is_err() {
            return false;
        }
        let heard = tokio::time::timeout(wait, async {
            loop {
                let length = socket.recv(&mut answer).await.ok()?;
                match packet::said(answer.get(..length).unwrap_or_default()) {
                    Said::Has(block) if block == number => return Some(true),
                    Said::GivesUp => return Some(false),
                    Said::Has(_) | Said::Noise => {}
                }
            }
        });
        match heard.await {
            Ok(Some(outcome)) => return outcome,
            // The client's port is closed.
            Ok(None) => return false,
            Err(_) => {}
        }
    }
    false
}
