//! Mail by SMTP: `smtps://host` speaks TLS from the start, `smtp://host` switches to it where the server can.

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use reqwest::Url;
use secrecy::ExposeSecret as _;

use super::{Message, NotifyError, TIMEOUT, Way};

/// The port of mail that is handed in with TLS from the start (RFC 8314).
const SUBMISSIONS: u16 = 465;

/// The port of mail that is handed in (RFC 6409).
const SUBMISSION: u16 = 587;

pub(super) async fn send(way: &Way, message: &Message) -> Result<(), NotifyError> {
    let mail = mail(way, message)?;
    let transport = transport(way)?;
    match transport.send(mail).await {
        Ok(_) => Ok(()),
        Err(error) if error.is_permanent() => {
            Err(NotifyError::never(format!("the mail server refused it: {}", said(&error))))
        }
        Err(error) => {
            Err(NotifyError::later(format!("the mail server did not take it: {}", said(&error))))
        }
    }
}

/// The error with its causes, in one line.
fn said(error: &lettre::transport::smtp::Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

fn mail(way: &Way, message: &Message) -> Result<lettre::Message, NotifyError> {
    let mailbox = |address: &str| {
        address
            .parse::<Mailbox>()
            .map_err(|_| NotifyError::never(format!("`{address}` is no mail address")))
    };
    let from = mailbox(&way.from)?;
    let domain = from.email.domain().to_owned();
    let subject: String = message.subject.chars().filter(|one| !one.is_control()).collect();
    lettre::Message::builder()
        .from(from)
        .to(mailbox(&way.to)?)
        .subject(subject)
        // The same attempt has the same id, so that a mailbox that gets it twice shows it once.
        .message_id(Some(format!("<{}@{domain}>", message.key)))
        .header(ContentType::TEXT_PLAIN)
        .body(message.plain())
        .map_err(|error| NotifyError::never(format!("no mail can be made of it: {error}")))
}

fn transport(way: &Way) -> Result<AsyncSmtpTransport<Tokio1Executor>, NotifyError> {
    let never = || NotifyError::never("the channel's `url` is not `smtp://host` or `smtps://host`");
    let url = Url::parse(&way.url).map_err(|_| never())?;
    let host = url.host_str().ok_or_else(never)?;
    let parameters = || {
        TlsParameters::new(host.to_owned())
            .map_err(|error| NotifyError::never(format!("no TLS to `{host}`: {error}")))
    };
    let local = matches!(host, "127.0.0.1" | "localhost" | "[::1]");
    let (tls, port) = match url.scheme() {
        "smtps" => (Tls::Wrapper(parameters()?), SUBMISSIONS),
        // Within one machine nobody listens; to everywhere else mail goes encrypted or not at all.
        "smtp" if local => (Tls::None, SUBMISSION),
        "smtp" => (Tls::Required(parameters()?), SUBMISSION),
        _ => return Err(never()),
    };
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
        .port(url.port().unwrap_or(port))
        .tls(tls)
        .timeout(Some(TIMEOUT));
    if let Some(secret) = way.secret.as_ref().filter(|_| !way.user.is_empty()) {
        let password = secret.expose_secret().to_owned();
        builder = builder.credentials(Credentials::new(way.user.clone(), password));
    }
    Ok(builder.build())
}
