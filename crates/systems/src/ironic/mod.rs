//! Ironic (API version 1): its nodes, and what it may be told to do with them.
//!
//! The microversion is negotiated: the newest that both sides know, and a server that is too old or too new says so in a
//! sentence. Without an identity service there is no sign-in; with Keystone it is a password and a token of system scope, because
//! a token of a project is answered with "500 InvalidScope".
//!
//! Absent on purpose: waiting. A state change is asked for, and whether it came is observed.

mod node;
mod session;

use reqwest::{Client, Method};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::metal::{Call, MetalError};
pub use node::Node;
use session::Session;

/// The newest microversion whose answers these types were written for (release 2026.2).
const NEWEST: (u32, u32) = (1, 115);

/// The oldest whose answers have everything that is read: 1.21 brought names, faults and resource classes together.
const OLDEST: (u32, u32) = (1, 21);

/// Nodes of one page; Ironic cuts at a thousand whatever is asked.
const PAGE: usize = 500;

/// Pages that are read: a hundred thousand nodes.
const MOST_PAGES: usize = 200;

const WHO: &str = "Ironic";

/// An Ironic.
#[derive(Clone, Debug)]
pub struct Ironic {
    base: String,
    access: Access,
    client: Client,
}

/// How one signs in at an Ironic.
#[derive(Clone, Debug)]
pub enum Access {
    /// It wants nobody to.
    Open,
    /// By name and password at a Keystone.
    Keystone {
        /// Its address, with `/v3`.
        url: String,
        /// The user, of the default domain.
        user: String,
        /// The password.
        password: SecretString,
    },
}

#[derive(Deserialize)]
struct Nodes {
    nodes: Vec<Node>,
    #[serde(default)]
    next: Option<String>,
}

#[derive(Deserialize)]
struct Ports {
    ports: Vec<Port>,
    #[serde(default)]
    next: Option<String>,
}

#[derive(Deserialize)]
struct Port {
    uuid: String,
    address: String,
    node_uuid: String,
}

impl Ironic {
    /// Names an Ironic by the root of its API, such as `http://ironic.example.org:6385`.
    #[must_use]
    pub fn new(base: &str, access: Access, client: Client) -> Self {
        Self { base: base.trim_end_matches('/').to_owned(), access, client }
    }

    /// All nodes, with the MAC addresses of their ports.
    ///
    /// # Errors
    /// When it does not answer, refuses, or answers what nobody understands. Half a list is an error: a node that is missing
    /// from it would look as if it were gone.
    pub async fn nodes(&self) -> Result<Vec<Node>, MetalError> {
        let session = self.session().await?;
        let mut nodes: Vec<Node> = Vec::new();
        for _ in 0..MOST_PAGES {
            let marker = nodes.last().map(|node| node.uuid.clone());
            let call = session.list("nodes/detail", marker, "to list its nodes");
            let page: Nodes = call.read().await?;
            nodes.extend(page.nodes);
            if page.next.is_none() {
                break;
            }
        }
        let mut ports: Vec<Port> = Vec::new();
        for _ in 0..MOST_PAGES {
            let marker = ports.last().map(|port| port.uuid.clone());
            let call = session.list("ports/detail", marker, "to list its ports");
            let page: Ports = call.read().await?;
            ports.extend(page.ports);
            if page.next.is_none() {
                break;
            }
        }
        node::join(&mut nodes, ports.into_iter().map(|port| (port.node_uuid, port.address)));
        Ok(nodes)
    }

    /// One node, by name or UUID.
    ///
    /// # Errors
    /// As [`Ironic::nodes`].
    pub async fn node(&self, id: &str) -> Result<Node, MetalError> {
        let session = self.session().await?;
        session.call(Method::GET, &format!("nodes/{id}"), format!("to show `{id}`")).read().await
    }

    /// Makes a node; returns it as `enroll`.
    ///
    /// # Errors
    /// As [`Ironic::nodes`], and when a node of the name is there already.
    pub async fn enrol(&self, name: &str, driver: &str, more: Value) -> Result<Node, MetalError> {
        let mut body = more;
        if let Value::Object(fields) = &mut body {
            fields.insert("name".to_owned(), json!(name));
            fields.insert("driver".to_owned(), json!(driver));
        }
        let session = self.session().await?;
        let call = session.call(Method::POST, "nodes", format!("to enrol `{name}`"));
        Call { request: call.request.json(&body), ..call }.read().await
    }

    /// Gives a node a port, by its MAC address.
    ///
    /// # Errors
    /// As [`Ironic::nodes`], and when another node has a port with the address.
    pub async fn add_port(&self, node: &str, address: &str) -> Result<(), MetalError> {
        let session = self.session().await?;
        let call = session.call(Method::POST, "ports", format!("to add the port `{address}`"));
        let body = json!({ "node_uuid": node, "address": address });
        Call { request: call.request.json(&body), ..call }.send().await.map(drop)
    }

    /// Changes fields of a node, by JSON patch (RFC 6902).
    ///
    /// # Errors
    /// As [`Ironic::nodes`].
    pub async fn patch(&self, id: &str, changes: &Value) -> Result<(), MetalError> {
        let session = self.session().await?;
        let path = format!("nodes/{id}");
        let call = session.call(Method::PATCH, &path, format!("to change `{id}`"));
        Call { request: call.request.json(changes), ..call }.send().await.map(drop)
    }

    /// Forgets a node; what is on its disks stays.
    ///
    /// # Errors
    /// As [`Ironic::nodes`], and when something is installed on it.
    pub async fn forget(&self, id: &str) -> Result<(), MetalError> {
        let session = self.session().await?;
        let path = format!("nodes/{id}");
        let call = session.call(Method::DELETE, &path, format!("to forget `{id}`"));
        call.send().await.map(drop)
    }

    /// Asks for a change of the provision state: `manage`, `inspect`, `provide`, `active`, `deleted`, `abort`, …
    ///
    /// # Errors
    /// As [`Ironic::nodes`], and when the state machine does not allow it now.
    pub async fn provision(&self, id: &str, target: &str) -> Result<(), MetalError> {
        self.put(id, "states/provision", target).await
    }

    /// Asks for power: `power on`, `power off`, `rebooting`, `soft power off`.
    ///
    /// # Errors
    /// As [`Ironic::nodes`].
    pub async fn power(&self, id: &str, target: &str) -> Result<(), MetalError> {
        self.put(id, "states/power", target).await
    }

    /// Keeps a node out of work, or lets it work again.
    ///
    /// # Errors
    /// As [`Ironic::nodes`].
    pub async fn maintain(&self, id: &str, why: Option<&str>) -> Result<(), MetalError> {
        let session = self.session().await?;
        let path = format!("nodes/{id}/maintenance");
        let method = if why.is_some() { Method::PUT } else { Method::DELETE };
        let call = session.call(method, &path, format!("to set the maintenance of `{id}`"));
        let request = match why {
            Some(why) => call.request.json(&json!({ "reason": why })),
            None => call.request,
        };
        Call { request, ..call }.send().await.map(drop)
    }

    async fn put(&self, id: &str, path: &str, target: &str) -> Result<(), MetalError> {
        let session = self.session().await?;
        let doing = format!("to set `{id}` to `{target}`");
        let call = session.call(Method::PUT, &format!("nodes/{id}/{path}"), doing);
        Call { request: call.request.json(&json!({ "target": target })), ..call }
            .send()
            .await
            .map(drop)
    }

    async fn session(&self) -> Result<Session<'_>, MetalError> {
        Session::open(self).await
    }
}
