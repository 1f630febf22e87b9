//! A question of DNS (RFC 1035), asked of a resolver or of the name's own server.

mod ask;
mod machine;
mod values;

use std::net::SocketAddr;
use std::time::Duration;

use hickory_proto::op::{Message, ResponseCode};
use hickory_proto::rr::{Name, RecordType};

use crate::connect::staggered;
use crate::failure::Failure;
use crate::outcome::Phase;
use crate::probe::{DnsProbe, Expected, Record};
use crate::progress::Progress;
use crate::text::shown;
use ask::Question;

/// After so long the next resolver of the machine is asked beside the last one.
const NEXT_SERVER: Duration = Duration::from_secs(1);

/// So many aliases are followed within an answer: chains of more are loops, or as good as.
const MOST_ALIASES: usize = 16;

/// Carries the probe out.
pub(crate) async fn check(probe: &DnsProbe, progress: &mut Progress) -> Result<(), Failure> {
    let DnsProbe { name, record, server, expect } = probe;
    let expect = values::wanted(*record, expect)?;
    let mut name = Name::from_utf8(name)
        .map_err(|_| Failure::Settings { why: format!("`{}` is no name of DNS", shown(name)) })?;
    name.set_fqdn(true);
    progress.enter(Phase::Waiting);
    let servers: Vec<SocketAddr> = match server {
        Some(server) => vec![*server],
        None => machine::servers().await?,
    };
    let question = Question { name: &name, record: record_type(*record) };
    let first_byte = progress.first_byte();
    let asked = staggered(servers, NEXT_SERVER, |server| ask::ask(question, server, &first_byte));
    let answer = asked.await?;
    if let Some(after) = answer.connected {
        progress.connected_at(after);
    }
    judge(*record, &name, &answer.message, &expect)
}

fn judge(record: Record, name: &Name, message: &Message, expect: &Expected) -> Result<(), Failure> {
    if message.metadata.response_code != ResponseCode::NoError {
        return Err(ask::refused(message.metadata.response_code));
    }
    let seen = found(record, name, message);
    if seen.is_empty() {
        return Err(Failure::NoRecord { record });
    }
    let (wanted, all) = match expect {
        Expected::Any(wanted) => (wanted, false),
        Expected::All(wanted) => (wanted, true),
    };
    let missing: Vec<String> =
        wanted.iter().filter(|value| !seen.contains(value)).map(|value| shown(value)).collect();
    let right = missing.is_empty() || (!all && missing.len() < wanted.len());
    if right {
        return Ok(());
    }
    Err(Failure::Values { seen: seen.iter().map(|value| shown(value)).collect(), missing, all })
}

/// The values of the records of a type that the name has, or what it is an alias of (RFC 1034, section 3.6.2). What else stands in
/// an answer is not ours.
fn found(record: Record, name: &Name, message: &Message) -> Vec<String> {
    let wanted = record_type(record);
    let mut owner = name.clone();
    for _ in 0..MOST_ALIASES {
        let ours = || message.answers.iter().filter(|answer| answer.name == owner);
        let values: Vec<String> = ours()
            .filter(|answer| answer.record_type() == wanted)
            .filter_map(|answer| values::value(&answer.data))
            .collect();
        if !values.is_empty() {
            return values;
        }
        let Some(alias) = ours().find_map(|answer| values::alias(&answer.data)) else { break };
        owner = alias;
    }
    Vec::new()
}

fn record_type(record: Record) -> RecordType {
    match record {
        Record::A => RecordType::A,
        Record::Aaaa => RecordType::AAAA,
        Record::Cname => RecordType::CNAME,
        Record::Mx => RecordType::MX,
        Record::Txt => RecordType::TXT,
        Record::Ns => RecordType::NS,
        Record::Srv => RecordType::SRV,
        Record::Soa => RecordType::SOA,
        Record::Caa => RecordType::CAA,
    }
}
