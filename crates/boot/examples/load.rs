//! Measures the script endpoint: as many requests as the machine gives, over a few kept connections, on loopback.
//!
//! `cargo run --release -p council-boot --example load [REQUESTS] [CONNECTIONS]`
//!
//! Service and clients share the machine, as a rack of machines does not: the service alone does better than this says.
#![expect(clippy::print_stdout, reason = "an example shows what it measured")]

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use boot::{Bootable, Documents, Door, Service, Settings};
use jiff::Timestamp;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// As many machines as a large site has.
const MACHINES: usize = 5_000;

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let number = |place: usize, otherwise: usize| {
        std::env::args().nth(place).and_then(|word| word.parse().ok()).unwrap_or(otherwise)
    };
    let (requests, connections) = (number(1, 200_000), number(2, 64));
    let (address, running) = serve().await?;
    let each = requests / connections.max(1);
    let began = Instant::now();
    let clients: Vec<_> =
        (0..connections).map(|client| tokio::spawn(ask(address, client, each))).collect();
    let mut waited = Vec::with_capacity(requests);
    for client in clients {
        waited.extend(client.await??);
    }
    let took = began.elapsed();
    running.stop().await;
    waited.sort_unstable();
    let at =
        |per_mille: usize| waited.get(waited.len() * per_mille / 1000).copied().unwrap_or_default();
    let rate = u128::try_from(waited.len())? * 1_000_000 / took.as_micros().max(1);
    println!(
        "{} scripts over {connections} connections in {took:.2?}: {rate} a second",
        waited.len()
    );
    println!("p50 {:.2?}, p99 {:.2?}, p99.9 {:.2?}", at(500), at(990), at(999));
    Ok(())
}

/// Starts a service with many machines, every second one of them armed.
async fn serve() -> Result<(SocketAddr, boot::Running), Failure> {
    let door = Door::bind(SocketAddr::from(([127, 0, 0, 1], 0)), None).await?;
    let address = door.address;
    let bootable = |number: usize| Bootable {
        name: format!("machine-{number}"),
        macs: vec![mac(number)],
        uuid: None,
        from_disk: "#!ipxe\nexit\n".to_owned(),
    };
    let service = Arc::new(Service::new(Settings {
        base: format!("http://{address}"),
        files: std::env::temp_dir(),
        bootables: (0..MACHINES).map(bootable).collect(),
        first: String::new(),
        unknown: String::new(),
        first_stages: BTreeMap::new(),
        render: Arc::new(|_, ticket| {
            let script =
                format!("#!ipxe\nkernel {}/files/linux url={}\nboot\n", ticket.base, ticket.token);
            Ok(Documents { script, ..Documents::default() })
        }),
        secrets: Arc::new(|_| None),
        listener: Arc::new(|_| {}),
        clock: Arc::new(Timestamp::now),
    }));
    for number in (0..MACHINES).step_by(2) {
        service.arm(&format!("machine-{number}"))?;
    }
    Ok((address, door.start(service)))
}

fn mac(number: usize) -> String {
    let [.., high, low] = number.to_be_bytes();
    format!("52:54:00:00:{high:02x}:{low:02x}")
}

/// Asks one after the other on one connection; returns how long each answer took.
async fn ask(address: SocketAddr, client: usize, count: usize) -> Result<Vec<Duration>, Failure> {
    let mut wire = TcpStream::connect(address).await?;
    wire.set_nodelay(true)?;
    let mut waited = Vec::with_capacity(count);
    let mut buffer = Vec::with_capacity(2048);
    for turn in 0..count {
        let mac = mac((client * count + turn) % MACHINES);
        let request = format!("GET /ipxe?mac={mac}&uuid= HTTP/1.1\r\nHost: boot\r\n\r\n");
        let began = Instant::now();
        wire.write_all(request.as_bytes()).await?;
        buffer.clear();
        while !is_whole(&buffer) {
            if wire.read_buf(&mut buffer).await? == 0 {
                return Err("the service hung up".into());
            }
        }
        waited.push(began.elapsed());
        if !buffer.starts_with(b"HTTP/1.1 200") {
            return Err(String::from_utf8_lossy(&buffer).into_owned().into());
        }
    }
    Ok(waited)
}

/// Says whether a response has arrived with as many bytes as it said.
fn is_whole(response: &[u8]) -> bool {
    let text = String::from_utf8_lossy(response);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    length.and_then(|length| length.parse().ok()).is_some_and(|length: usize| body.len() >= length)
}
