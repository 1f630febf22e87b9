//! One browser: chromedriver on a free port, Chromium without a window, a fresh profile.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use thirtyfour::prelude::*;

/// How a browser differs from the usual one.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Look {
    /// Width of the window; a phone below 500.
    pub(crate) width: Option<u32>,
    /// Whether the system prefers dark.
    pub(crate) dark: bool,
    /// Whether scripts are switched off.
    pub(crate) without_script: bool,
}

/// A running browser.
#[derive(Debug)]
pub(crate) struct Browser {
    pub(crate) driver: WebDriver,
    chromedriver: Child,
    _profile: tempfile::TempDir,
}

/// One line of a page's console or network log.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) level: String,
    pub(crate) message: String,
}

impl Browser {
    /// Starts one, or says what is missing.
    pub(crate) async fn start(look: Look) -> Result<Self, String> {
        // Whoever comes first installs it; the others find it installed.
        drop(rustls::crypto::ring::default_provider().install_default());
        let mut chromedriver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("chromedriver does not start ({error})"))?;
        let port = port_of(&mut chromedriver)?;
        let profile = tempfile::tempdir().map_err(|error| error.to_string())?;
        let capabilities = capabilities(look, &profile).map_err(|error| error.to_string())?;
        let address = format!("http://127.0.0.1:{port}");
        match WebDriver::new(&address, capabilities).await {
            Ok(driver) => Ok(Self { driver, chromedriver, _profile: profile }),
            Err(error) => {
                stop(&mut chromedriver);
                Err(format!("Chromium does not start ({error})"))
            }
        }
    }

    /// Everything the page's console said since the last call.
    pub(crate) async fn console(&self) -> Vec<Said> {
        self.log("browser").await
    }

    /// The addresses of all requests since the last call.
    pub(crate) async fn requests(&self) -> Vec<String> {
        let log = self.log("performance").await;
        let events =
            log.iter().filter_map(|said| serde_json::from_str::<Value>(&said.message).ok());
        let sent = events.filter(|event| event["message"]["method"] == "Network.requestWillBeSent");
        sent.filter_map(|event| {
            event["message"]["params"]["request"]["url"].as_str().map(str::to_owned)
        })
        .collect()
    }

    async fn log(&self, name: &str) -> Vec<Said> {
        let entries = self.driver.get_log(name).await.unwrap();
        let said =
            entries.into_iter().map(|entry| Said { level: entry.level, message: entry.message });
        said.collect()
    }

    /// Sends one command of the browser's own protocol.
    pub(crate) async fn command(&self, name: &str, arguments: Value) -> Value {
        self.driver.cdp().send_raw(name, arguments).await.unwrap()
    }

    /// Runs a script in the page and returns what it returns.
    pub(crate) async fn evaluate(&self, script: &str) -> Value {
        self.driver.execute(script, Vec::new()).await.unwrap().json().clone()
    }

    /// Presses keys, one after the other, wherever the focus is.
    pub(crate) async fn press(&self, keys: impl Into<TypingData>) {
        self.driver.action_chain().send_keys(keys.into()).perform().await.unwrap();
    }

    /// Ends it.
    pub(crate) async fn close(mut self) {
        let quit = self.driver.clone().quit().await;
        stop(&mut self.chromedriver);
        quit.unwrap();
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        stop(&mut self.chromedriver);
    }
}

fn stop(chromedriver: &mut Child) {
    // Either may fail when it has ended by itself already, which is as well.
    drop(chromedriver.kill());
    drop(chromedriver.wait());
}

/// The port that chromedriver chose, from the line in which it says so.
fn port_of(chromedriver: &mut Child) -> Result<u16, String> {
    let out = chromedriver.stdout.take().ok_or("chromedriver says nothing")?;
    for line in BufReader::new(out).lines() {
        let line = line.map_err(|error| error.to_string())?;
        if let Some((_, port)) = line.split_once("started successfully on port ") {
            return port.trim_end_matches('.').parse().map_err(|_| format!("no port in `{line}`"));
        }
    }
    Err("chromedriver ended at once".to_owned())
}

fn capabilities(
    look: Look,
    profile: &tempfile::TempDir,
) -> WebDriverResult<thirtyfour::ChromeCapabilities> {
    let mut capabilities = DesiredCapabilities::chrome();
    let width = look.width.unwrap_or(1280);
    for argument in [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--hide-scrollbars",
    ] {
        capabilities.add_arg(argument)?;
    }
    capabilities.add_arg(&format!("--user-data-dir={}", profile.path().display()))?;
    capabilities.add_arg(&format!("--window-size={},900", width.max(500)))?;
    if look.dark {
        capabilities.add_arg("--blink-settings=preferredColorScheme=0")?;
    }
    if look.without_script {
        let settings = json!({"profile.managed_default_content_settings.javascript": 2});
        capabilities.add_experimental_option("prefs", settings)?;
    }
    if width < 500 {
        let phone = json!({"deviceMetrics": {"width": width, "height": 844, "pixelRatio": 2.0}});
        capabilities.add_experimental_option("mobileEmulation", phone)?;
    }
    capabilities.set("goog:loggingPrefs", json!({"browser": "ALL", "performance": "ALL"}))?;
    Ok(capabilities)
}
