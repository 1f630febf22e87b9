//! A connection by TCP, and what is said over it.

use memchr::memmem;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::connect::connect;
use crate::failure::Failure;
use crate::outcome::Phase;
use crate::probe::{MOST_BYTES, TcpProbe};
use crate::progress::Progress;
use crate::text::shown_bytes;
use crate::watch::Watched;

/// Carries the probe out.
pub(crate) async fn check(probe: &TcpProbe, progress: &mut Progress) -> Result<(), Failure> {
    let TcpProbe { host, port, send, expect } = probe;
    if expect.as_ref().is_some_and(|expect| expect.len() > MOST_BYTES) {
        let why = format!("it expects more than {MOST_BYTES} bytes");
        return Err(Failure::Settings { why });
    }
    let stream = connect(host, *port, progress).await?;
    let mut stream = Watched::new(stream, progress.first_byte());
    progress.enter(Phase::Waiting);
    let broken = |error: std::io::Error, progress: &Progress| Failure::Broken {
        phase: progress.phase(),
        why: error.kind().to_string(),
    };
    if let Some(send) = send {
        stream.write_all(send).await.map_err(|error| broken(error, progress))?;
    }
    let Some(expect) = expect else { return Ok(()) };
    let mut read = Vec::new();
    while memmem::find(&read, expect).is_none() {
        let room = MOST_BYTES - read.len();
        if room == 0 {
            return Err(Failure::BytesMissing { read: read.len(), seen: shown_bytes(&read) });
        }
        let came = (&mut stream).take(room as u64).read_buf(&mut read).await;
        if came.map_err(|error| broken(error, progress))? == 0 {
            return Err(Failure::TooShort { read: read.len() });
        }
    }
    Ok(())
}
