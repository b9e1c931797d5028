//! A provider that we start ourselves.
//!
//! It is ready when it says so, never because some time has passed, and it is stopped with all its
//! children on every way out. What it writes is kept and shown when it matters.

use std::collections::VecDeque;
use std::net::{Ipv4Addr, TcpListener};
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use process_wrap::tokio::ChildWrapper;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

use super::client::Client;
use super::hooks::OutgoingRequest;
use super::options::Start;
use super::process::shell;
use super::stop::Stop;
use crate::connect::{absolute, split};
use crate::finding::{Code, Finding, Place};

/// How many lines of the provider's output are kept.
const KEPT_LINES: usize = 200;
/// How long a provider may take to end after it was asked to.
const GRACE: Duration = Duration::from_secs(5);
/// The pause between two looks at a provider that is not ready yet.
const PAUSE: Duration = Duration::from_millis(20);

/// A running copy of the provider.
#[derive(Debug)]
pub(super) struct Instance {
    /// Its address, without a slash at the end.
    pub(super) url: String,
    child: Box<dyn ChildWrapper>,
    output: Output,
}

/// The last lines that a process wrote.
#[derive(Debug, Default)]
pub(super) struct Output {
    kept: Arc<Mutex<VecDeque<String>>>,
    readers: Vec<JoinHandle<()>>,
}

/// Runs the build command.
pub(super) async fn build(start: &Start, command: &str, stop: &Stop) -> Result<(), Box<Finding>> {
    let mut output = Output::default();
    let mut child = spawn(command, start, None, &mut output).map_err(|error| {
        not_ready(Code::BuildFailed, format!("`{command}` cannot be run: {error}"), &output)
    })?;
    let ended = tokio::select! {
        ended = child.wait() => ended,
        reason = stop.stopped() => {
            // Whether or not the group could be killed, the run is over.
            let _ = Box::into_pin(child.kill()).await;
            return Err(Box::new(Finding::new(Code::RunStopped, Place::Run, reason)));
        }
    };
    let status = ended
        .map_err(|error| not_ready(Code::BuildFailed, format!("`{command}` was lost: {error}"), &output))?;
    if status.success() {
        Ok(())
    } else {
        output.drained().await;
        Err(not_ready(Code::BuildFailed, format!("`{command}` ended with {status}"), &output))
    }
}

/// Starts one copy of the provider on a free port and waits until it is ready.
pub(super) async fn start(start: &Start, client: &Client, stop: &Stop) -> Result<Instance, Box<Finding>> {
    let mut output = Output::default();
    let port = free_port().map_err(|error| {
        not_ready(Code::ProviderNotReady, format!("there is no free port: {error}"), &output)
    })?;
    let command = start.command.replace("{port}", &port.to_string());
    let child = spawn(&command, start, Some(port), &mut output).map_err(|error| {
        not_ready(Code::ProviderNotReady, format!("`{command}` cannot be run: {error}"), &output)
    })?;
    let base_path = start.base_path.trim_end_matches('/');
    let url = format!("http://127.0.0.1:{port}{base_path}");
    let mut instance = Instance { url, child, output };
    match instance.wait_until_ready(start, (port, client), stop).await {
        Ok(()) => Ok(instance),
        Err(problem) => {
            instance.stop().await;
            Err(problem)
        }
    }
}

impl Instance {
    async fn wait_until_ready(
        &mut self,
        start: &Start,
        (port, client): (u16, &Client),
        stop: &Stop,
    ) -> Result<(), Box<Finding>> {
        let deadline = Instant::now() + start.ready_timeout;
        let ready_url = start
            .ready_url
            .as_ref()
            .map(|url| absolute(&self.url, &url.replace("{port}", &port.to_string())));
        let mut why = "it did not answer".to_owned();
        loop {
            if let Some(reason) = stop.reason() {
                return Err(Box::new(Finding::new(Code::RunStopped, Place::Run, reason)));
            }
            if let Some(status) = self.ended() {
                self.output.drained().await;
                let message = format!("`{}` ended with {status} before it was ready", start.command);
                return Err(not_ready(Code::ProviderNotReady, message, &self.output));
            }
            let looked_at = Instant::now();
            let look = async {
                match &ready_url {
                    Some(url) => is_ready(client, url).await,
                    None => accepts(port).await,
                }
            };
            tokio::select! {
                ready = look => match ready {
                    // What answers when the process has ended is somebody else.
                    Ok(()) if self.ended().is_none() => return Ok(()),
                    Ok(()) => continue,
                    Err(reason) => why = reason,
                },
                // The next round says why.
                _ = stop.stopped() => continue,
                () = tokio::time::sleep_until(deadline.into()) => {
                    if looked_at.elapsed() > 10 * PAUSE {
                        "it did not answer".clone_into(&mut why);
                    }
                }
            }
            if Instant::now() >= deadline {
                let limit = start.ready_timeout.as_secs();
                let message = format!("the provider was not ready after {limit} s: {why}");
                return Err(not_ready(Code::ProviderNotReady, message, &self.output));
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// How the process ended, when it has.
    pub(super) fn ended(&mut self) -> Option<String> {
        match self.child.try_wait() {
            Ok(None) => None,
            Ok(Some(status)) => Some(status.to_string()),
            Err(error) => Some(error.to_string()),
        }
    }

    /// How the process ended, when it has or is just about to: a connection breaks a moment before.
    pub(super) async fn ended_by_now(&mut self) -> Option<String> {
        let ended = tokio::time::timeout(10 * PAUSE, self.child.wait()).await.ok()?;
        self.output.drained().await;
        Some(ended.map_or_else(|error| error.to_string(), |status| status.to_string()))
    }

    /// The last lines it wrote.
    pub(super) fn output(&self) -> Vec<String> {
        self.output.lines()
    }

    /// Stops it with all its children: asked first, killed after a while.
    pub(super) async fn stop(mut self) {
        if self.ended().is_none() {
            ask_to_end(self.child.as_ref());
        }
        let ended = tokio::time::timeout(GRACE, self.child.wait()).await;
        // Children may outlive the process that was started. The group is gone when there are none.
        let _ = self.child.start_kill();
        if ended.is_err() {
            // Nothing more can be done about a process that survives this.
            let _ = tokio::time::timeout(GRACE, self.child.wait()).await;
        }
    }
}

#[cfg(unix)]
fn ask_to_end(child: &dyn ChildWrapper) {
    const SIGTERM: i32 = 15;
    // The process may have ended by itself in the meantime.
    let _ = child.signal(SIGTERM);
}

// Windows knows no gentle way to end a process without a window; `kill` follows.
#[cfg(not(unix))]
fn ask_to_end(_: &dyn ChildWrapper) {}

impl Output {
    /// The kept lines, oldest first.
    pub(super) fn lines(&self) -> Vec<String> {
        self.kept.lock().map(|lines| lines.iter().cloned().collect()).unwrap_or_default()
    }

    /// Waits until everything that was written is kept, but not for a child that lives on.
    pub(super) async fn drained(&mut self) {
        for reader in self.readers.drain(..) {
            let _ = tokio::time::timeout(GRACE / 10, reader).await;
        }
    }

    fn keep(&mut self, stream: impl AsyncRead + Unpin + Send + 'static) {
        let kept = Arc::clone(&self.kept);
        self.readers.push(tokio::spawn(async move {
            let mut reader = BufReader::new(stream);
            let mut line = Vec::new();
            while matches!(reader.read_until(b'\n', &mut line).await, Ok(read) if read > 0) {
                let text = String::from_utf8_lossy(&line).trim_end().to_owned();
                line.clear();
                if let Ok(mut lines) = kept.lock() {
                    if lines.len() == KEPT_LINES {
                        lines.pop_front();
                    }
                    lines.push_back(text);
                }
            }
        }));
    }
}

fn spawn(
    command: &str,
    start: &Start,
    port: Option<u16>,
    output: &mut Output,
) -> std::io::Result<Box<dyn ChildWrapper>> {
    let mut process = shell(command);
    process.current_dir(&start.directory).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    if let Some(port) = port {
        process.env("PORT", port.to_string());
    }
    let mut child = super::process::spawn(process)?;
    if let Some(stdout) = child.stdout().take() {
        output.keep(stdout);
    }
    if let Some(stderr) = child.stderr().take() {
        output.keep(stderr);
    }
    Ok(child)
}

/// A port that was free a moment ago. Another process may take it first; the provider then says so
/// and the run ends with that.
fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

async fn accepts(port: u16) -> Result<(), String> {
    match TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await {
        Ok(_) => Ok(()),
        Err(error) => Err(format!("nothing accepts connections on port {port}: {error}")),
    }
}

async fn is_ready(client: &Client, url: &str) -> Result<(), String> {
    let (base, target) = split(url);
    let request = OutgoingRequest {
        method: "GET".to_owned(),
        target: target.to_owned(),
        headers: Vec::new(),
        body: Vec::new(),
    };
    match client.send(base, request).await {
        Ok(answer) if answer.is_success() => Ok(()),
        Ok(answer) => Err(format!("{url} answered {}", answer.status)),
        Err(finding) => Err(finding.message),
    }
}

fn not_ready(code: Code, message: String, output: &Output) -> Box<Finding> {
    let lines = output.lines();
    let mut finding = Finding::new(code, Place::Provider, message);
    finding.actual = (!lines.is_empty()).then(|| lines.join("\n"));
    Box::new(finding)
}
