//! What a pipeline says about the pull request that it runs for, by the variables of its system.
//!
//! GitHub Actions (and Forgejo's and Gitea's, which speak the same) hand over the event as a file; GitLab and
//! Jenkins say it in variables. GitLab cuts a long description off and says so; then it is not used.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::command_error::CommandError;
use crate::files;

/// The variables that are read.
pub(crate) const VARIABLES: [&str; 19] = [
    "CHANGE_AUTHOR",
    "CHANGE_BRANCH",
    "CHANGE_ID",
    "CHANGE_TARGET",
    "CI_API_V4_URL",
    "CI_COMMIT_SHA",
    "CI_MERGE_REQUEST_DESCRIPTION",
    "CI_MERGE_REQUEST_DESCRIPTION_IS_TRUNCATED",
    "CI_MERGE_REQUEST_DIFF_BASE_SHA",
    "CI_MERGE_REQUEST_IID",
    "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME",
    "CI_MERGE_REQUEST_TARGET_BRANCH_NAME",
    "CI_PROJECT_PATH",
    "GITEA_ACTIONS",
    "GITHUB_API_URL",
    "GITHUB_EVENT_PATH",
    "GITHUB_REPOSITORY",
    "GITLAB_USER_LOGIN",
    "FORGEJO_ACTIONS",
];

/// A pull request as a pipeline's system tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ci {
    /// The system, as in a person's `handles`.
    pub(crate) system: &'static str,
    /// Its API, when it says where that is.
    pub(crate) api: Option<String>,
    /// The project there: `owner/name`.
    pub(crate) project: Option<String>,
    /// The number of the pull request.
    pub(crate) number: Option<u64>,
    /// The branch to merge.
    pub(crate) branch: Option<String>,
    /// The newest commit of it.
    pub(crate) head: Option<String>,
    /// The branch, or commit, that it would be merged into.
    pub(crate) base: Option<String>,
    /// Who opened it.
    pub(crate) author: Option<String>,
    /// Its description.
    pub(crate) description: Option<String>,
}

impl Ci {
    /// Reads what there is; `None` outside of a pull request's pipeline.
    pub(crate) fn of(variables: &BTreeMap<String, String>) -> Result<Option<Self>, CommandError> {
        let of = |name: &str| variables.get(name).cloned();
        if let Some(path) = of("GITHUB_EVENT_PATH") {
            let text = files::read(Path::new(&path))?;
            return Ok(github(&text, variables));
        }
        if let Some(number) = of("CI_MERGE_REQUEST_IID") {
            let cut =
                of("CI_MERGE_REQUEST_DESCRIPTION_IS_TRUNCATED").is_some_and(|it| it == "true");
            return Ok(Some(Self {
                system: "gitlab",
                api: of("CI_API_V4_URL"),
                project: of("CI_PROJECT_PATH"),
                number: number.parse().ok(),
                branch: of("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME"),
                head: of("CI_COMMIT_SHA"),
                base: of("CI_MERGE_REQUEST_DIFF_BASE_SHA")
                    .or_else(|| of("CI_MERGE_REQUEST_TARGET_BRANCH_NAME")),
                author: of("GITLAB_USER_LOGIN"),
                description: of("CI_MERGE_REQUEST_DESCRIPTION").filter(|_| !cut),
            }));
        }
        Ok(of("CHANGE_ID").map(|number| Self {
            system: "jenkins",
            number: number.parse().ok(),
            branch: of("CHANGE_BRANCH"),
            base: of("CHANGE_TARGET"),
            author: of("CHANGE_AUTHOR"),
            ..Self::default()
        }))
    }
}

/// The event's file of GitHub Actions and those that speak the same.
fn github(text: &str, variables: &BTreeMap<String, String>) -> Option<Ci> {
    #[derive(Deserialize)]
    struct Event {
        pull_request: Option<Request>,
    }
    #[derive(Deserialize)]
    struct Request {
        number: u64,
        #[serde(default)]
        body: Option<String>,
        user: User,
        head: End,
        base: End,
    }
    #[derive(Deserialize)]
    struct User {
        login: String,
    }
    #[derive(Deserialize)]
    struct End {
        #[serde(rename = "ref")]
        branch: String,
        sha: String,
    }
    let request = serde_json::from_str::<Event>(text).ok()?.pull_request?;
    let of = |name: &str| variables.get(name).cloned();
    let system = match (of("FORGEJO_ACTIONS"), of("GITEA_ACTIONS")) {
        (Some(_), _) => "forgejo",
        (None, Some(_)) => "gitea",
        (None, None) => "github",
    };
    Some(Ci {
        system,
        api: of("GITHUB_API_URL"),
        project: of("GITHUB_REPOSITORY"),
        number: Some(request.number),
        branch: Some(request.head.branch),
        head: Some(request.head.sha),
        base: Some(request.base.sha),
        author: Some(request.user.login),
        description: Some(request.body.unwrap_or_default()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn outside_of_a_pipeline_there_is_nothing() {
        assert_eq!(Ci::of(&variables(&[])).unwrap(), None);
        assert_eq!(github(r#"{"ref": "refs/heads/main"}"#, &variables(&[])), None);
    }

    #[test]
    fn the_events_file_says_everything() {
        let text = r#"{"pull_request": {"number": 7, "body": null, "user": {"login": "eve"},
            "head": {"ref": "feat/a-b", "sha": "abc"}, "base": {"ref": "main", "sha": "def"}}}"#;
        let found = github(text, &variables(&[("GITEA_ACTIONS", "true")])).unwrap();
        assert_eq!((found.system, found.number), ("gitea", Some(7)));
        assert_eq!(found.branch.as_deref(), Some("feat/a-b"));
        assert_eq!(found.description.as_deref(), Some(""), "an empty description is known");
    }

    #[test]
    fn a_description_that_gitlab_cut_off_is_not_known() {
        let mut pairs = vec![
            ("CI_MERGE_REQUEST_IID", "3"),
            ("CI_MERGE_REQUEST_DESCRIPTION", "## Ri"),
            ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"),
        ];
        let whole = Ci::of(&variables(&pairs)).unwrap().unwrap();
        assert_eq!(whole.description.as_deref(), Some("## Ri"));
        pairs.push(("CI_MERGE_REQUEST_DESCRIPTION_IS_TRUNCATED", "true"));
        assert_eq!(Ci::of(&variables(&pairs)).unwrap().unwrap().description, None);
    }
}
