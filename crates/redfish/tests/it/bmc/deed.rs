//! What it does when it does what it should.

use axum::body::Body;
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use serde_json::{Value, json};

use super::{MANAGER, PASSWORD, SYSTEM, USER, World, refusal, reply};

const SUBSCRIPTIONS: &str = "/redfish/v1/EventService/Subscriptions";
const SESSIONS: &str = "/redfish/v1/SessionService/Sessions";

impl World {
    /// Whether who asks may.
    pub(super) fn admits(&mut self, headers: &HeaderMap) -> bool {
        if self.is_open {
            return true;
        }
        let header = |name: &str| Some(headers.get(name)?.to_str().ok()?.to_owned());
        if let Some(token) = header("x-auth-token") {
            let Some(left) = self.tokens.get_mut(&token) else { return false };
            *left = left.saturating_sub(1);
            if *left == 0 {
                self.tokens.remove(&token);
            }
            return true;
        }
        let Some(said) = header("authorization") else { return false };
        said == basic(USER, PASSWORD)
    }

    pub(super) fn act(
        &mut self,
        method: &Method,
        path: &str,
        headers: &HeaderMap,
        body: &Value,
    ) -> Response {
        match (method.as_str(), path) {
            ("GET", _) => self.show(path),
            ("POST", SESSIONS) => self.open(body),
            ("POST", SUBSCRIPTIONS) => self.subscribe(body),
            ("DELETE", _) => self.remove(path),
            ("PATCH", SYSTEM) => self.patch(headers, body),
            ("POST", _) if path.ends_with("/ComputerSystem.Reset") => self.reset(body),
            ("POST", _) if path.ends_with("Media") => self.media(path, body),
            _ => refusal(405, "Base.1.8.OperationNotAllowed", "Not allowed."),
        }
    }

    fn show(&mut self, path: &str) -> Response {
        if path == SYSTEM && self.was_reset && self.silence > 0 {
            self.silence -= 1;
            return refusal(503, "Base.1.8.ServiceTemporarilyUnavailable", "Busy.");
        }
        let Some(page) = self.pages.get_mut(path) else {
            return refusal(404, "Base.1.8.ResourceMissingAtURI", "There is nothing there.");
        };
        if path != SYSTEM {
            return reply(200, page);
        }
        if let Some(fields) = page.as_object_mut() {
            fields.insert("PowerState".to_owned(), json!(self.power[0]));
        }
        let mut response = reply(200, page);
        if self.power.len() > 1 {
            self.power.remove(0);
        }
        if let Some(etag) = &self.etag {
            let shown = if self.is_picky { format!("W/{etag}") } else { etag.clone() };
            response.headers_mut().insert("etag", shown.parse().expect("a header"));
        }
        response
    }

    fn open(&mut self, body: &Value) -> Response {
        if body["UserName"] != USER || body["Password"] != PASSWORD {
            return refusal(401, "Base.1.8.InsufficientPrivilege", "Who are you?");
        }
        self.opened += 1;
        let token = format!("token-{}", self.opened);
        self.tokens.insert(token.clone(), self.token_uses);
        let mut response = reply(201, &json!({ "@odata.id": format!("{SESSIONS}/{token}") }));
        let headers = response.headers_mut();
        headers.insert("x-auth-token", token.parse().expect("a header"));
        // Absolute, as DSP0266 allows, and with the one address that it knows.
        let place = format!("https://192.168.0.120{SESSIONS}/{token}");
        headers.insert("location", place.parse().expect("a header"));
        response
    }

    fn subscribe(&mut self, body: &Value) -> Response {
        let place = format!("{SUBSCRIPTIONS}/7");
        let mut page = body.clone();
        page["@odata.id"] = json!(place);
        self.pages.insert(place.clone(), page);
        self.pages.get_mut(SUBSCRIPTIONS).expect("a list")["Members"] =
            json!([{ "@odata.id": place }]);
        let mut response = reply(201, &Value::Null);
        response.headers_mut().insert("location", place.parse().expect("a header"));
        response
    }

    fn remove(&mut self, path: &str) -> Response {
        if let Some(token) = path.strip_prefix(&format!("{SESSIONS}/")) {
            self.tokens.remove(token);
            return nothing();
        }
        if self.pages.remove(path).is_none() {
            return refusal(404, "Base.1.8.ResourceMissingAtURI", "There is nothing there.");
        }
        self.pages.get_mut(SUBSCRIPTIONS).expect("a list")["Members"] = json!([]);
        nothing()
    }

    fn patch(&mut self, headers: &HeaderMap, body: &Value) -> Response {
        let said = headers.get("if-match").and_then(|etag| etag.to_str().ok());
        match (&self.etag, said) {
            (None, _) => {}
            (Some(_), None) => {
                return refusal(428, "Base.1.8.PreconditionRequired", "Which version?");
            }
            (Some(etag), Some(said)) if etag == said && !self.is_fickle => {}
            (Some(_), Some(_)) => {
                return refusal(412, "Base.1.8.PreconditionFailed", "It changed.");
            }
        }
        let boot = body["Boot"].as_object().cloned().unwrap_or_default();
        let page = self.pages.get_mut(SYSTEM).expect("the system");
        for (name, value) in boot {
            page["Boot"][name] = value;
        }
        nothing()
    }

    fn reset(&mut self, body: &Value) -> Response {
        self.was_reset = true;
        if !self.is_lying {
            let states: &[&str] = match body["ResetType"].as_str().unwrap_or_default() {
                "On" => &["PoweringOn", "On"],
                "ForceOff" => &["PoweringOff", "Off"],
                "ForceRestart" => &["Off", "On"],
                _ => return refusal(400, "Base.1.8.ActionParameterNotSupported", "No."),
            };
            self.power = states.iter().map(|&state| state.to_owned()).collect();
        }
        let mut response = reply(202, &Value::Null);
        let task = "/redfish/v1/TaskService/TaskMonitors/42".parse().expect("a header");
        response.headers_mut().insert("location", task);
        response
    }

    fn media(&mut self, path: &str, body: &Value) -> Response {
        let place = format!("{MANAGER}/VirtualMedia/CD");
        let page = self.pages.get_mut(&place).expect("a drive");
        let is_insert = path.ends_with("InsertMedia");
        page["Image"] = if is_insert { body["Image"].clone() } else { Value::Null };
        page["Inserted"] = json!(is_insert);
        nothing()
    }
}

fn nothing() -> Response {
    Response::builder().status(204).body(Body::empty()).expect("a response")
}

/// RFC 7617, by the client that is tested elsewhere.
pub(crate) fn basic(user: &str, password: &str) -> String {
    let request = super::plain()
        .build()
        .expect("a client")
        .get("http://localhost")
        .basic_auth(user, Some(password));
    let request = request.build().expect("a request");
    request.headers()["authorization"].to_str().expect("text").to_owned()
}
