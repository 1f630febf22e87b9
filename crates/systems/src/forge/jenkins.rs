//! Jenkins: starting a job, and how it goes.
//!
//! A trigger answers with a place in the queue; the queue says which build it became; the build says how it ended.
//! With an API token no crumb is needed.

use reqwest::Method;
use reqwest::header::LOCATION;
use serde::Deserialize;

use super::http::{Call, Connection, ForgeError};

/// A Jenkins server, as one of its users.
#[derive(Clone, Debug)]
pub struct Jenkins {
    connection: Connection,
    user: String,
}

/// A place in the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queued {
    /// The item's number.
    pub item: u64,
}

/// What became of a place in the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It waits, and Jenkins says why.
    Waiting(String),
    /// Somebody cancelled it.
    Cancelled,
    /// It runs, or ran, as the build of this number.
    Started(u64),
}

/// How a build goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Build {
    /// It still runs.
    Running,
    /// It succeeded.
    Succeeded,
    /// It did not, and Jenkins' word for it: `FAILURE`, `UNSTABLE`, `ABORTED`, `NOT_BUILT`.
    Failed(String),
}

impl Jenkins {
    /// The server at an address, such as `https://ci.example.org`; the connection's token is the user's API token.
    pub fn new(connection: Connection, user: &str) -> Self {
        Self { connection, user: user.to_owned() }
    }

    fn call(&self, method: Method, path: &str, doing: &str) -> Call {
        self.connection.call(method, path, doing).basic(&self.user, self.connection.token())
    }

    /// Starts a job, such as `infra/apply`, with parameters.
    ///
    /// # Errors
    /// When Jenkins cannot be reached, refuses, or gives no place in the queue.
    pub async fn trigger(
        &self,
        job: &str,
        parameters: &[(String, String)],
    ) -> Result<Queued, ForgeError> {
        let doing = "to start a job";
        let verb = if parameters.is_empty() { "build" } else { "buildWithParameters" };
        let call = self.call(Method::POST, &format!("{}/{verb}", path_of(job)), doing);
        let (headers, _) = call.form(parameters).headers().await?;
        let place = headers.get(LOCATION).and_then(|place| place.to_str().ok());
        let item = place.and_then(|place| place.trim_end_matches('/').rsplit('/').next());
        let item = item.and_then(|item| item.parse().ok()).ok_or_else(|| ForgeError::Garbage {
            doing: doing.to_owned(),
            why: "it names no place in the queue".to_owned(),
        })?;
        Ok(Queued { item })
    }

    /// Looks what became of a place in the queue.
    ///
    /// # Errors
    /// As [`Jenkins::trigger`].
    pub async fn turn(&self, queued: &Queued) -> Result<Turn, ForgeError> {
        #[derive(Deserialize)]
        struct Item {
            why: Option<String>,
            #[serde(default)]
            cancelled: bool,
            executable: Option<Executable>,
        }
        #[derive(Deserialize)]
        struct Executable {
            number: u64,
        }
        let path = format!("/queue/item/{}/api/json", queued.item);
        let item: Item = self.call(Method::GET, &path, "to read the queue").read().await?;
        Ok(match item {
            Item { executable: Some(build), .. } => Turn::Started(build.number),
            Item { cancelled: true, .. } => Turn::Cancelled,
            Item { why, .. } => Turn::Waiting(why.unwrap_or_default()),
        })
    }

    /// Looks how a build goes.
    ///
    /// # Errors
    /// As [`Jenkins::trigger`].
    pub async fn build(&self, job: &str, number: u64) -> Result<Build, ForgeError> {
        #[derive(Deserialize)]
        struct Answer {
            #[serde(default)]
            building: bool,
            result: Option<String>,
        }
        let path = format!("{}/{number}/api/json", path_of(job));
        let answer: Answer = self.call(Method::GET, &path, "to read a build").read().await?;
        Ok(match answer.result {
            // A result may stand before the last steps have ended.
            _ if answer.building => Build::Running,
            None => Build::Running,
            Some(result) if result == "SUCCESS" => Build::Succeeded,
            Some(result) => Build::Failed(result),
        })
    }
}

/// `infra/apply` is `/job/infra/job/apply`.
fn path_of(job: &str) -> String {
    job.split('/').filter(|part| !part.is_empty()).map(|part| format!("/job/{part}")).collect()
}
