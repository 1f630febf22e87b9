//! Values of records as text, the same whether a person or a server wrote them.

use std::net::{Ipv4Addr, Ipv6Addr};

use hickory_proto::rr::{Name, RData};

use crate::failure::Failure;
use crate::probe::{Expected, Record};
use crate::text::shown;

/// Writes the value of a record in the shape that [`Record`] describes; nothing for other types.
pub(super) fn value(data: &RData) -> Option<String> {
    Some(match data {
        RData::A(address) => address.0.to_string(),
        RData::AAAA(address) => address.0.to_string(),
        RData::CNAME(name) => plain(&name.0),
        RData::NS(name) => plain(&name.0),
        RData::MX(mx) => format!("{} {}", mx.preference, plain(&mx.exchange)),
        RData::TXT(txt) => {
            let bytes: Vec<u8> =
                txt.txt_data.iter().flat_map(|part| part.iter().copied()).collect();
            String::from_utf8_lossy(&bytes).into_owned()
        }
        RData::SRV(srv) => {
            format!("{} {} {} {}", srv.priority, srv.weight, srv.port, plain(&srv.target))
        }
        RData::SOA(soa) => format!(
            "{} {} {} {} {} {} {}",
            plain(&soa.mname),
            plain(&soa.rname),
            soa.serial,
            soa.refresh,
            soa.retry,
            soa.expire,
            soa.minimum
        ),
        RData::CAA(caa) => {
            let value = String::from_utf8_lossy(&caa.value);
            format!("{} {} {value}", caa.flags(), caa.tag.to_lowercase())
        }
        _ => return None,
    })
}

/// What a name is an alias of.
pub(super) fn alias(data: &RData) -> Option<Name> {
    match data {
        RData::CNAME(name) => Some(name.0.clone()),
        _ => None,
    }
}

/// Reads what is expected into the same shape; says what could never be answered.
pub(super) fn wanted(record: Record, expected: &Expected) -> Result<Expected, Failure> {
    let read = |values: &[String]| -> Result<Vec<String>, Failure> {
        values.iter().map(|value| one(record, value)).collect()
    };
    Ok(match expected {
        Expected::Any(values) => Expected::Any(read(values)?),
        Expected::All(values) => Expected::All(read(values)?),
    })
}

fn one(record: Record, text: &str) -> Result<String, Failure> {
    let never =
        || Failure::Settings { why: format!("`{}` is no value of {record} records", shown(text)) };
    let words: Vec<&str> = text.split_whitespace().collect();
    let read = match (record, words.as_slice()) {
        (Record::Txt, _) => Some(text.to_owned()),
        (Record::A, [address]) => address.parse::<Ipv4Addr>().ok().map(|a| a.to_string()),
        (Record::Aaaa, [address]) => address.parse::<Ipv6Addr>().ok().map(|a| a.to_string()),
        (Record::Cname | Record::Ns, [name]) => name_of(name),
        (Record::Mx, [preference, name]) => numbers(&[preference]).zip(name_of(name)).map(joined),
        (Record::Srv, [priority, weight, port, name]) => {
            numbers(&[priority, weight, port]).zip(name_of(name)).map(joined)
        }
        (Record::Soa, [server, person, rest @ ..]) if rest.len() == 5 => {
            let names = name_of(server).zip(name_of(person)).map(joined);
            names.zip(numbers(rest)).map(joined)
        }
        (Record::Caa, [flags, tag, value @ ..]) if !value.is_empty() => {
            let value = value.join(" ");
            let value = value.trim_matches('"');
            numbers(&[flags]).map(|flags| format!("{flags} {} {value}", tag.to_lowercase()))
        }
        _ => None,
    };
    read.ok_or_else(never)
}

fn joined((left, right): (String, String)) -> String {
    format!("{left} {right}")
}

fn numbers(words: &[&str]) -> Option<String> {
    let read: Option<Vec<String>> =
        words.iter().map(|word| word.parse::<u32>().ok().map(|n| n.to_string())).collect();
    read.map(|numbers| numbers.join(" "))
}

fn name_of(text: &str) -> Option<String> {
    Name::from_utf8(text).ok().map(|name| plain(&name))
}

/// A name in lower case without the last dot; the root stays a dot.
fn plain(name: &Name) -> String {
    let text = name.to_lowercase().to_ascii();
    match text.strip_suffix('.') {
        Some("") | None => text,
        Some(short) => short.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(record: Record, text: &str, expect: Option<&str>) {
        assert_eq!(one(record, text).ok().as_deref(), expect, "{record} {text}");
    }

    #[test]
    fn what_people_write_takes_the_shape_of_what_servers_answer() {
        check(Record::A, "192.0.2.1", Some("192.0.2.1"));
        check(Record::Aaaa, "2001:DB8:0::1", Some("2001:db8::1"));
        check(Record::Cname, "WWW.Example.org.", Some("www.example.org"));
        check(Record::Cname, "bücher.example", Some("xn--bcher-kva.example"));
        check(Record::Mx, "010  Mail.example.org.", Some("10 mail.example.org"));
        check(Record::Mx, "0 .", Some("0 ."));
        check(Record::Txt, "v=spf1  -all ", Some("v=spf1  -all "));
        check(Record::Srv, "10 5 443 a.example.", Some("10 5 443 a.example"));
        check(Record::Soa, "a. b. 1 2 3 4 5", Some("a b 1 2 3 4 5"));
        check(Record::Caa, "0 ISSUE \"ca.example\"", Some("0 issue ca.example"));
    }

    #[test]
    fn what_can_never_be_answered_is_refused() {
        for (record, text) in [
            (Record::A, "2001:db8::1"),
            (Record::Aaaa, "192.0.2.1"),
            (Record::Mx, "mail.example.org"),
            (Record::Mx, "ten mail.example.org"),
            (Record::Srv, "1 2 a.example"),
            (Record::Soa, "a. b. 1"),
            (Record::Caa, "0 issue"),
            (Record::Cname, ""),
        ] {
            check(record, text, None);
        }
    }
}
