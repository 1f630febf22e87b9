//! Signing in and out (DSP0266, "Redfish session login authentication").
//!
//! One session for all copies of a client. While it is opened the others wait: a controller has a dozen sessions or fewer,
//! and each that is opened in vain is one that somebody else lacks until it times out.

use reqwest::{Method, StatusCode};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;

use crate::client::{Access, Ask, Client};
use crate::error::RedfishError;
use crate::link::Link;
use crate::resource::{link, text};
use crate::service::ROOT;

/// What a request is sent with.
#[derive(Debug)]
pub(crate) enum Ticket {
    None,
    Basic(String, SecretString),
    Token(SecretString),
}

/// A session that is open.
#[derive(Debug)]
pub(crate) struct Session {
    token: SecretString,
    /// Where it is closed; some controllers do not say.
    place: Option<Link>,
}

impl Client {
    /// Gives the session back to the controller, if there is one. The next call opens another.
    ///
    /// # Errors
    /// When the controller does not answer or refuses; the session then ends by its own time-out. One that is gone already
    /// is no error.
    pub async fn close(&self) -> Result<(), RedfishError> {
        let Some(Session { token, place }) = self.0.session.lock().await.take() else {
            return Ok(());
        };
        let Some(place) = place else { return Ok(()) };
        let doing = "to close the session".to_owned();
        let ask = Ask {
            method: Method::DELETE,
            link: &place,
            body: None,
            etag: None,
            doing: doing.clone(),
        };
        let answer = self.exchange(&ask, &Ticket::Token(token)).await?;
        match answer.status {
            StatusCode::UNAUTHORIZED | StatusCode::NOT_FOUND => Ok(()),
            _ => self.judge(answer, doing).map(drop),
        }
    }

    /// What the next request is sent with; opens a session if one is wanted and there is none.
    pub(crate) async fn ticket(&self) -> Result<Ticket, RedfishError> {
        let (user, password) = match &self.0.access {
            Access::Open => return Ok(Ticket::None),
            Access::Basic { user, password } => {
                return Ok(Ticket::Basic(user.clone(), password.clone()));
            }
            Access::Session { user, password } => (user, password),
        };
        let mut held = self.0.session.lock().await;
        if let Some(session) = &*held {
            return Ok(Ticket::Token(session.token.clone()));
        }
        let session = self.sign_in(user, password).await?;
        let token = session.token.clone();
        *held = Some(session);
        Ok(Ticket::Token(token))
    }

    /// A token in place of one that was refused. Whoever comes second takes what the first one got.
    pub(crate) async fn renew(&self, stale: &SecretString) -> Result<SecretString, RedfishError> {
        let mut held = self.0.session.lock().await;
        if held
            .as_ref()
            .is_some_and(|session| session.token.expose_secret() == stale.expose_secret())
        {
            *held = None;
        }
        drop(held);
        match self.ticket().await? {
            Ticket::Token(token) => Ok(token),
            Ticket::None | Ticket::Basic(..) => Ok(stale.clone()),
        }
    }

    async fn sign_in(&self, user: &str, password: &SecretString) -> Result<Session, RedfishError> {
        let place = self.sessions().await?;
        let doing = "to open a session".to_owned();
        let body = json!({ "UserName": user, "Password": password.expose_secret() });
        let ask = Ask {
            method: Method::POST,
            link: &place,
            body: Some(&body),
            etag: None,
            doing: doing.clone(),
        };
        let answer = self.exchange(&ask, &Ticket::None).await?;
        let answer = self.judge(answer, doing.clone())?;
        let Some(token) = answer.header("x-auth-token") else {
            return Err(self.not_redfish(doing, "it opened a session without a token".to_owned()));
        };
        let place = answer.location().or_else(|| {
            let said = text(&answer.json(), "/@odata.id")?;
            Some(Link::new(&said))
        });
        Ok(Session { token: token.into(), place })
    }

    /// Where sessions are opened: the root says it to everybody.
    async fn sessions(&self) -> Result<Link, RedfishError> {
        let root = self.read_open(&Link::new(ROOT)).await?;
        if let Some(place) = link(&root.value, "/Links/Sessions") {
            return Ok(place);
        }
        let Some(service) = link(&root.value, "/SessionService") else {
            let basic = vec!["user and password with every request".to_owned()];
            return Err(self.unsupported("sessions", basic));
        };
        let service = self.read_open(&service).await?;
        link(&service.value, "/Sessions").ok_or_else(|| self.unsupported("sessions", Vec::new()))
    }
}
