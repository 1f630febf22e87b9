//! Questions of DNS, to a server that answers as it is told, over UDP and TCP on one port.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hickory_proto::op::{Message, MessageType, OpCode, ResponseCode};
use hickory_proto::rr::rdata::{A, CAA, CNAME, MX, NS, SOA, SRV, TXT};
use hickory_proto::rr::{Name, RData, Record as Entry, RecordType};
use probe::{DnsProbe, Expected, Failure, Outcome, Probe, Record};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, UdpSocket};

use crate::servers::{LONG, SHORT, run, why};

fn name(text: &str) -> Name {
    Name::from_ascii(text).expect("a name")
}

fn entry(owner: &str, data: RData) -> Entry {
    Entry::from_rdata(name(owner), 60, data)
}

fn a(last: u8) -> RData {
    RData::A(A::new(192, 0, 2, last))
}

/// What stands in the zone `example.`.
fn zone(owner: &Name, asked: RecordType) -> Vec<Entry> {
    let owner = owner.to_lowercase().to_ascii();
    let here = |data: RData| vec![entry(&owner, data)];
    match (owner.as_str(), asked) {
        ("www.example.", RecordType::A) => {
            vec![entry(&owner, a(1)), entry(&owner, a(2)), entry("other.example.", a(9))]
        }
        ("alias.example.", RecordType::A) => vec![
            entry("step.example.", RData::CNAME(CNAME(name("www.example.")))),
            entry("www.example.", a(1)),
            entry(&owner, RData::CNAME(CNAME(name("Step.Example.")))),
        ],
        ("loop.example.", RecordType::A) => here(RData::CNAME(CNAME(name("loop.example.")))),
        ("alias.example.", RecordType::CNAME) => here(RData::CNAME(CNAME(name("Step.Example.")))),
        ("www.example.", RecordType::AAAA) => {
            here(RData::AAAA("2001:db8::1".parse::<std::net::Ipv6Addr>().expect("one").into()))
        }
        ("example.", RecordType::MX) => here(RData::MX(MX::new(10, name("Mail.Example.")))),
        ("example.", RecordType::NS) => here(RData::NS(NS(name("ns.example.")))),
        ("example.", RecordType::TXT) => {
            here(RData::TXT(TXT::from_bytes(vec![b"v=spf1 ", b"-all\x1b[2J"])))
        }
        ("_s._tcp.example.", RecordType::SRV) => {
            here(RData::SRV(SRV::new(1, 2, 443, name("www.example."))))
        }
        ("example.", RecordType::SOA) => {
            here(RData::SOA(SOA::new(name("ns.example."), name("admin.example."), 7, 1, 2, 3, 4)))
        }
        ("example.", RecordType::CAA) => {
            here(RData::CAA(CAA::new_issue(false, Some(name("ca.example.")), Vec::new())))
        }
        ("many.example.", RecordType::A) => (1..=60).map(|n| entry(&owner, a(n))).collect(),
        _ => Vec::new(),
    }
}

/// How a server answers; what it is asked and whether over TCP.
type Answers = Arc<dyn Fn(Message, bool) -> Vec<Vec<u8>> + Send + Sync>;

async fn server(answers: Answers) -> SocketAddr {
    let tcp = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = tcp.local_addr().expect("an address");
    let udp = UdpSocket::bind(address).await.expect("the same port");
    let over_tcp = Arc::clone(&answers);
    tokio::spawn(async move {
        let mut buffer = [0; 4096];
        while let Ok((came, from)) = udp.recv_from(&mut buffer).await {
            let Ok(question) = Message::from_vec(&buffer[..came]) else { continue };
            for answer in answers(question, false) {
                let _gone = udp.send_to(&answer, from).await;
            }
        }
    });
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = tcp.accept().await {
            let length = stream.read_u16().await.expect("a length");
            let mut bytes = vec![0; usize::from(length)];
            let _read = stream.read_exact(&mut bytes).await.expect("a question");
            let question = Message::from_vec(&bytes).expect("a question");
            for answer in over_tcp(question, true) {
                let length = u16::try_from(answer.len()).expect("it fits");
                let _gone = stream.write_all(&length.to_be_bytes()).await;
                let _gone = stream.write_all(&answer).await;
            }
        }
    });
    address
}

fn answer(question: &Message) -> Message {
    let mut answer = Message::new(question.metadata.id, MessageType::Response, OpCode::Query);
    let query = question.queries.first().expect("a question").clone();
    let found = zone(&query.name, query.query_type);
    if found.is_empty() && query.name.to_ascii().starts_with("gone") {
        answer.metadata.response_code = ResponseCode::NXDomain;
    }
    answer.add_query(query).add_answers(found);
    answer
}

fn bytes(message: &Message) -> Vec<u8> {
    message.to_vec().expect("bytes")
}

/// Answers as it should; what is longer than 512 bytes only over TCP.
fn well() -> Answers {
    Arc::new(|question, tcp| {
        let whole = answer(&question);
        let whole_bytes = bytes(&whole);
        if tcp || whole_bytes.len() <= 512 {
            return vec![whole_bytes];
        }
        // Cut in the middle of a record, as some do.
        let mut cut = whole_bytes[..500].to_vec();
        cut[2] |= 0b10;
        vec![cut]
    })
}

async fn ask_within(
    server: SocketAddr,
    (name, record): (&str, Record),
    expect: Expected,
    limit: Duration,
) -> Outcome {
    let name = name.to_owned();
    run(Probe::Dns(DnsProbe { name, record, server: Some(server), expect }), limit).await
}

async fn ask(server: SocketAddr, question: (&str, Record), expect: Expected) -> Outcome {
    ask_within(server, question, expect, LONG).await
}

fn any(values: &[&str]) -> Expected {
    Expected::Any(values.iter().map(|value| (*value).to_owned()).collect())
}

fn all(values: &[&str]) -> Expected {
    Expected::All(values.iter().map(|value| (*value).to_owned()).collect())
}

#[tokio::test]
async fn each_type_of_records_is_read() {
    let server = server(well()).await;
    for (question, value) in [
        (("www.example", Record::A), "192.0.2.1"),
        (("WWW.example.", Record::Aaaa), "2001:db8:0::1"),
        (("alias.example", Record::A), "192.0.2.1"),
        (("alias.example", Record::Cname), "step.example."),
        (("example", Record::Mx), "10 mail.example"),
        (("example", Record::Ns), "ns.example"),
        (("example", Record::Txt), "v=spf1 -all\x1b[2J"),
        (("_s._tcp.example", Record::Srv), "1 2 443 www.example"),
        (("example", Record::Soa), "ns.example admin.example 7 1 2 3 4"),
        (("example", Record::Caa), "0 issue \"ca.example.\""),
    ] {
        let outcome = ask(server, question, all(&[value])).await;
        assert!(outcome.ok && outcome.phases.first_byte.is_some(), "{question:?} {outcome:?}");
        assert!(ask(server, question, Expected::default()).await.ok, "{question:?}");
    }
}

#[tokio::test]
async fn any_and_all_differ() {
    let server = server(well()).await;
    let question = ("www.example", Record::A);
    let (first, second, strange) = ("192.0.2.1", "192.0.2.2", "192.0.2.9");
    assert!(ask(server, question, any(&[strange, first])).await.ok);
    assert!(ask(server, question, all(&[second, first])).await.ok);
    let words = why(ask(server, question, all(&[strange, first])).await).to_string();
    // 192.0.2.9 is in the answer, but of another name.
    assert_eq!(words, "unexpected values: `192.0.2.1`, `192.0.2.2`; missing `192.0.2.9`");
    let words = why(ask(server, question, any(&[strange])).await).to_string();
    assert!(words.ends_with("missing any of `192.0.2.9`"), "{words}");
}

#[tokio::test]
async fn what_is_not_there_is_told_apart() {
    let server = server(well()).await;
    let gone = ask(server, ("gone.example", Record::A), any(&[])).await;
    assert_eq!(why(gone).to_string(), "the name server answered NXDOMAIN (there is no such name)");
    let none = ask(server, ("www.example", Record::Mx), any(&[])).await;
    assert_eq!(why(none), Failure::NoRecord { record: Record::Mx });
    let circle = ask(server, ("loop.example", Record::A), any(&[])).await;
    assert_eq!(why(circle), Failure::NoRecord { record: Record::A });
}

#[tokio::test]
async fn a_server_that_is_broken_or_unwilling_is_named() {
    for (code, word) in [
        (ResponseCode::ServFail, "SERVFAIL"),
        (ResponseCode::Refused, "REFUSED"),
        (ResponseCode::FormErr, "FORMERR"),
        (ResponseCode::NotImp, "NOTIMP"),
    ] {
        let server = server(Arc::new(move |question, _| {
            vec![bytes(&Message::error_msg(question.metadata.id, OpCode::Query, code))]
        }))
        .await;
        let words = why(ask(server, ("www.example", Record::A), any(&[])).await).to_string();
        assert!(words.starts_with(&format!("the name server answered {word}")), "{words}");
    }
}

#[tokio::test]
async fn an_answer_that_does_not_fit_is_asked_for_over_tcp() {
    let whole = server(well()).await;
    let outcome = ask(whole, ("many.example", Record::A), all(&["192.0.2.60"])).await;
    assert!(outcome.ok && outcome.phases.connected.is_some(), "{outcome:?}");
    // Over TCP, too, something may be wrong.
    let short = server(Arc::new(|question, tcp| {
        let mut cut = bytes(&answer(&question));
        cut[2] |= 0b10;
        if tcp { vec![cut[..20].to_vec()] } else { vec![cut] }
    }));
    let failure = why(ask(short.await, ("www.example", Record::A), any(&[])).await);
    assert!(matches!(failure, Failure::NotDns { .. }), "{failure:?}");
    let silent = server(Arc::new(|question, tcp| {
        let mut cut = bytes(&answer(&question));
        cut[2] |= 0b10;
        if tcp { Vec::new() } else { vec![cut] }
    }));
    let failure = why(ask(silent.await, ("www.example", Record::A), any(&[])).await);
    assert_eq!(
        failure.to_string(),
        "what answers does not speak DNS: its answer over TCP broke off"
    );
}

#[tokio::test]
async fn answers_to_other_questions_are_passed_over() {
    let server = server(Arc::new(|question, _| {
        let mut other_number = answer(&question);
        other_number.metadata.id = question.metadata.id.wrapping_add(1);
        let mut other_question = answer(&question);
        other_question.queries[0].set_name(name("other.example."));
        other_question.answers = vec![entry("www.example.", a(66))];
        let (own, good) = (question.clone(), answer(&question));
        let all = [&other_number, &other_question, &own, &good];
        let mut all: Vec<Vec<u8>> = all.map(bytes).to_vec();
        all.insert(0, b"junk".to_vec());
        all
    }))
    .await;
    let outcome = ask(server, ("www.example", Record::A), all(&["192.0.2.1"])).await;
    assert!(outcome.ok, "{outcome:?}");
}

#[tokio::test]
async fn what_is_no_dns_is_said_to_be_none() {
    let server = server(Arc::new(|question, _| {
        let mut broken = bytes(&answer(&question));
        broken.truncate(15);
        vec![broken]
    }))
    .await;
    let failure = why(ask(server, ("www.example", Record::A), any(&[])).await);
    assert_eq!(failure, Failure::NotDns { why: "its answer cannot be read".to_owned() });
}

#[tokio::test]
async fn a_lost_datagram_is_sent_again_and_silence_ends_in_time() {
    let asked = std::sync::atomic::AtomicUsize::new(0);
    let forgetful = server(Arc::new(move |question, _| {
        if asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0 {
            return Vec::new();
        }
        vec![bytes(&answer(&question))]
    }));
    assert!(ask(forgetful.await, ("www.example", Record::A), any(&[])).await.ok);
    let silent = server(Arc::new(|_, _| Vec::new())).await;
    let outcome = ask_within(silent, ("www.example", Record::A), any(&[]), SHORT).await;
    assert_eq!(why(outcome).to_string(), "timed out after 300 ms while waiting for the answer");
    let nobody = UdpSocket::bind("127.0.0.1:0").await.expect("a port").local_addr().expect("one");
    let outcome = ask(nobody, ("www.example", Record::A), any(&[])).await;
    assert_eq!(why(outcome), Failure::Refused { address: nobody });
}

#[tokio::test]
async fn strangers_text_is_shown_and_not_obeyed() {
    let server = server(well()).await;
    let words = why(ask(server, ("example", Record::Txt), all(&["x"])).await).to_string();
    assert_eq!(words, "unexpected values: `v=spf1 -all\\u{1b}[2J`; missing `x`");
}

#[tokio::test]
async fn what_cannot_be_asked_is_the_probes_fault() {
    let server = crate::servers::nobody().await;
    let long = format!("{}.example", "x".repeat(64));
    for (question, expect) in [
        (("a..b", Record::A), any(&[])),
        ((long.as_str(), Record::A), any(&[])),
        (("www.example", Record::A), any(&["2001:db8::1"])),
    ] {
        let failure = why(ask(server, question, expect).await);
        assert!(failure.is_of_the_probe(), "{question:?} {failure}");
    }
}
