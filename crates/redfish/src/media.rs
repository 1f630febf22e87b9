//! Virtual media: images that a machine takes for a disk in its drive (DSP2046, `VirtualMedia`).
//!
//! Newer controllers have them below the system, older ones below the manager; both places are looked at.

use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::client::{Ask, Client};
use crate::error::RedfishError;
use crate::link::Link;
use crate::resource::{Resource, link, links, text, texts, truth};
use crate::task::Accepted;

/// The actions of a virtual medium.
const INSERT: &str = "#VirtualMedia.InsertMedia";
const EJECT: &str = "#VirtualMedia.EjectMedia";

/// A drive that takes images.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VirtualMedia {
    /// Where it is.
    pub link: Link,
    /// Its id, such as `CD`.
    pub id: Option<String>,
    /// What it can pretend to be, such as `CD`, `USBStick`; `None` when it does not say.
    pub kinds: Option<Vec<String>>,
    /// The address of the image in it.
    pub image: Option<String>,
    /// Whether there is one in it.
    pub inserted: Option<bool>,
    /// Whether the machine cannot write to it.
    pub write_protected: Option<bool>,
    /// How the image got in, such as `URI`, `Applet`.
    pub connected_via: Option<String>,
}

/// A wish to insert an image.
#[derive(Clone, Debug)]
pub struct Insert {
    /// Where the controller fetches the image.
    pub image: String,
    /// The user that it fetches it as.
    pub user: Option<String>,
    /// The password that it fetches it with.
    pub password: Option<SecretString>,
    /// Such as `HTTPS`, `NFS`; only for controllers that do not see it from the address.
    pub protocol: Option<String>,
}

impl Client {
    /// Finds the virtual media of a system.
    ///
    /// # Errors
    /// [`RedfishError::Unsupported`] when neither the system nor its managers have any; and as every call.
    pub async fn virtual_media(&self, system: &Link) -> Result<Vec<VirtualMedia>, RedfishError> {
        let value = self.get(system).await?.value;
        let mut places: Vec<Link> = link(&value, "/VirtualMedia").into_iter().collect();
        if places.is_empty() {
            for manager in links(&value, "/Links/ManagedBy") {
                places.extend(link(&self.get(&manager).await?.value, "/VirtualMedia"));
            }
        }
        if places.is_empty() {
            return Err(self.unsupported("virtual media", Vec::new()));
        }
        let mut media = Vec::new();
        for place in places {
            media.extend(self.resources(&place).await?.iter().map(lower));
        }
        Ok(media)
    }

    /// Inserts an image, write-protected. Where another one is in, controllers refuse: eject it first.
    ///
    /// # Errors
    /// As every call. The controller fetches the image later: one that cannot be fetched may be accepted.
    pub async fn insert_media(
        &self,
        place: &Link,
        wish: &Insert,
    ) -> Result<Accepted, RedfishError> {
        let doing = format!("to insert an image into `{place}`");
        self.act(place, INSERT, &wish.fields(), doing).await
    }

    /// Ejects what is in; some controllers refuse when nothing is.
    ///
    /// # Errors
    /// As every call.
    pub async fn eject_media(&self, place: &Link) -> Result<Accepted, RedfishError> {
        let doing = format!("to eject what is in `{place}`");
        let nothing = json!({ "Image": null, "Inserted": false });
        self.act(place, EJECT, &nothing, doing).await
    }

    /// By the action; where there is none by changing the properties, as it was before the actions came (version 1.2).
    async fn act(
        &self,
        place: &Link,
        name: &str,
        fields: &Value,
        doing: String,
    ) -> Result<Accepted, RedfishError> {
        let seen = self.get(place).await?;
        let target = seen.value.get("Actions").and_then(|actions| actions.get(name));
        let target = target.and_then(|action| text(action, "/target"));
        let answer = match target {
            Some(target) => {
                let empty = json!({});
                let body = if name == EJECT { &empty } else { fields };
                self.post(&Link::new(&target), body, doing).await?
            }
            None => {
                let etag = seen.etag.as_deref();
                let (method, body) = (Method::PATCH, Some(fields));
                self.ask(Ask { method, link: place, body, etag, doing }).await?
            }
        };
        Ok(Accepted::of(&answer))
    }
}

impl Insert {
    fn fields(&self) -> Value {
        let mut fields = Map::new();
        fields.insert("Image".to_owned(), json!(self.image));
        fields.insert("Inserted".to_owned(), json!(true));
        fields.insert("WriteProtected".to_owned(), json!(true));
        let password = self.password.as_ref().map(ExposeSecret::expose_secret);
        let more = [
            ("UserName", self.user.as_deref()),
            ("Password", password),
            ("TransferProtocolType", self.protocol.as_deref()),
        ];
        for (name, value) in more {
            fields.extend(value.map(|value| (name.to_owned(), json!(value))));
        }
        Value::Object(fields)
    }
}

fn lower(resource: &Resource) -> VirtualMedia {
    let value = &resource.value;
    VirtualMedia {
        link: resource.link.clone(),
        id: text(value, "/Id"),
        kinds: texts(value, "/MediaTypes"),
        image: text(value, "/Image"),
        inserted: truth(value, "/Inserted"),
        write_protected: truth(value, "/WriteProtected"),
        connected_via: text(value, "/ConnectedVia"),
    }
}
