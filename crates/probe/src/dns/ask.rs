//! One question and its answer: over UDP, sent again each second, and over TCP when the answer does not fit (RFC 7766, section 5).
//!
//! No EDNS is sent: answers of more than 512 bytes come over TCP, which every server must offer, and no server is too old. What
//! comes over UDP counts only from the server's address, with the number and the question that were sent (RFC 5452, section 9.1).

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use hickory_proto::op::{Message, MessageType, OpCode, Query, ResponseCode};
use hickory_proto::rr::{Name, RecordType};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpStream, UdpSocket};
use tokio::time::Instant;

use crate::connect::failed;
use crate::failure::Failure;
use crate::outcome::Phase;
use crate::progress::FirstByte;

/// After so long without an answer the question is sent again: a datagram was lost, which is not the service's fault.
const AGAIN: Duration = Duration::from_secs(1);

/// No datagram is longer (RFC 768); what was not announced may come all the same.
const MOST_DATAGRAM: usize = 65_535;

/// What is asked.
#[derive(Clone, Copy)]
pub(super) struct Question<'q> {
    pub(super) name: &'q Name,
    pub(super) record: RecordType,
}

/// What came back.
pub(super) struct Answer {
    pub(super) message: Message,
    /// When a connection by TCP stood, if one was needed.
    pub(super) connected: Option<Instant>,
}

/// Asks one server. That it is broken or unwilling is a failure, after which another may be asked; that the name is not there
/// is an answer.
pub(super) async fn ask(
    question: Question<'_>,
    server: SocketAddr,
    first_byte: &FirstByte,
) -> Result<Answer, Failure> {
    let id = number()?;
    let sent = question.bytes(id)?;
    let (message, connected) = match by_datagram(question, id, &sent, server).await? {
        Some(message) => (message, None),
        None => {
            let (message, connected) = by_connection(&sent, server).await?;
            if !question.is_answered_by(&message, id) {
                return Err(Failure::NotDns { why: "it answered another question".to_owned() });
            }
            (message, Some(connected))
        }
    };
    first_byte.get_or_init(Instant::now);
    match message.metadata.response_code {
        ResponseCode::NoError | ResponseCode::NXDomain => Ok(Answer { message, connected }),
        code => Err(refused(code)),
    }
}

/// What a response code other than "no error" means.
pub(super) fn refused(code: ResponseCode) -> Failure {
    let code = match code {
        ResponseCode::FormErr => "FORMERR (it did not understand the question)".to_owned(),
        ResponseCode::ServFail => "SERVFAIL (it could not find out)".to_owned(),
        ResponseCode::NXDomain => "NXDOMAIN (there is no such name)".to_owned(),
        ResponseCode::NotImp => "NOTIMP (it does not do such questions)".to_owned(),
        ResponseCode::Refused => "REFUSED (it does not answer that to us)".to_owned(),
        other => format!("code {}", u16::from(other)),
    };
    Failure::Response { code }
}

fn number() -> Result<u16, Failure> {
    let mut bytes = [0; 2];
    let filled = getrandom::fill(&mut bytes);
    filled
        .map_err(|_| Failure::Settings { why: "the machine has no random numbers".to_owned() })?;
    Ok(u16::from_ne_bytes(bytes))
}

impl Question<'_> {
    fn bytes(&self, id: u16) -> Result<Vec<u8>, Failure> {
        let mut message = Message::new(id, MessageType::Query, OpCode::Query);
        message.metadata.recursion_desired = true;
        message.add_query(Query::query(self.name.clone(), self.record));
        let bytes = message.to_vec();
        bytes.map_err(|_| Failure::Settings { why: "its name cannot be asked for".to_owned() })
    }

    fn is_answered_by(&self, message: &Message, id: u16) -> bool {
        message.metadata.id == id
            && message.metadata.message_type == MessageType::Response
            && match message.queries.as_slice() {
                [query] => query.name == *self.name && query.query_type == self.record,
                // Some servers leave the question out when they refuse it.
                [] => message.metadata.response_code != ResponseCode::NoError,
                _ => false,
            }
    }
}

/// The answer, or nothing when it did not fit.
async fn by_datagram(
    question: Question<'_>,
    id: u16,
    sent: &[u8],
    server: SocketAddr,
) -> Result<Option<Message>, Failure> {
    let waiting = |error| failed(&error, server, Phase::Waiting);
    let any: SocketAddr = match server {
        SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
        SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
    };
    let socket = UdpSocket::bind(any).await.map_err(waiting)?;
    socket.connect(server).await.map_err(waiting)?;
    let mut buffer = vec![0; MOST_DATAGRAM];
    loop {
        socket.send(sent).await.map_err(waiting)?;
        let again = Instant::now() + AGAIN;
        while let Ok(came) = tokio::time::timeout_at(again, socket.recv(&mut buffer)).await {
            let came = came.map_err(waiting)?;
            match read(&buffer[..came], id)? {
                Came::Cut => return Ok(None),
                Came::Whole(message) if question.is_answered_by(&message, id) => {
                    return Ok(Some(message));
                }
                Came::Whole(_) | Came::Stray => {}
            }
        }
    }
}

/// What a datagram is.
enum Came {
    Whole(Message),
    /// The answer to our number, cut short; where it was cut is the server's choice (RFC 2181, section 9), so only its head counts.
    Cut,
    /// Somebody else's, or nobody's.
    Stray,
}

fn read(bytes: &[u8], id: u16) -> Result<Came, Failure> {
    let [high, low, flags, ..] = bytes else { return Ok(Came::Stray) };
    let is_response = flags & 0b1000_0000 != 0;
    if u16::from_be_bytes([*high, *low]) != id || !is_response {
        return Ok(Came::Stray);
    }
    if flags & 0b10 != 0 {
        return Ok(Came::Cut);
    }
    whole(bytes).map(Came::Whole)
}

fn whole(bytes: &[u8]) -> Result<Message, Failure> {
    let unreadable = || Failure::NotDns { why: "its answer cannot be read".to_owned() };
    Message::from_vec(bytes).map_err(|_| unreadable())
}

async fn by_connection(sent: &[u8], server: SocketAddr) -> Result<(Message, Instant), Failure> {
    let failed = |error| failed(&error, server, Phase::Waiting);
    let broken = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::UnexpectedEof => {
            Failure::NotDns { why: "its answer over TCP broke off".to_owned() }
        }
        _ => failed(error),
    };
    let mut stream = TcpStream::connect(server).await.map_err(failed)?;
    let connected = Instant::now();
    let length = u16::try_from(sent.len()).unwrap_or(u16::MAX);
    let mut framed = length.to_be_bytes().to_vec();
    framed.extend_from_slice(sent);
    stream.write_all(&framed).await.map_err(failed)?;
    let length = stream.read_u16().await.map_err(broken)?;
    let mut bytes = vec![0; usize::from(length)];
    stream.read_exact(&mut bytes).await.map_err(broken)?;
    Ok((whole(&bytes)?, connected))
}
