//! A provider that we start ourselves.
//!
//! It is ready when it says so, never because some time has passed, and it is stopped with all its
//! children on every way out. What it writes is kept and shown when it matters.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::process::Stdio;
use std::time::{Duration, Instant};

use process_wrap::tokio::ChildWrapper;
use tokio::net::TcpStream;

use super::client::{Client, shown};
use super::hooks::OutgoingRequest;
use super::options::Start;
use super::ports::Port;
use super::process::{end_gently, shell};
use super::said::{Output, Teller};
use super::stop::Stop;
use crate::connect::{absolute, split};
use crate::finding::{Code, Finding, Place};

/// The pause between two looks at a provider that is not ready yet.
const PAUSE: Duration = Duration::from_millis(20);

/// Where a provider that was started is looked for; some listen at the second only.
const HOSTS: [IpAddr; 2] = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];

/// How the instances of a provider are launched.
#[derive(Debug)]
pub(super) struct Launch<'a> {
    /// What was asked for.
    pub(super) start: &'a Start,
    /// Asks whether they are ready.
    pub(super) client: &'a Client,
    /// Ends the wait for them.
    pub(super) stop: &'a Stop,
    /// Tells what they write, when somebody wants to know.
    pub(super) teller: Option<Teller>,
}

/// A running copy of the provider.
#[derive(Debug)]
pub(super) struct Instance {
    /// Its address, without a slash at the end.
    pub(super) url: String,
    child: Box<dyn ChildWrapper>,
    output: Output,
    port: Port,
}

impl Launch<'_> {
    /// Runs the build command.
    pub(super) async fn build(&self, command: &str) -> Result<(), Box<Finding>> {
        let mut output = Output::of(0, self.teller.clone());
        let mut child = spawn(command, self.start, None, &mut output).map_err(|error| {
            not_ready(Code::BuildFailed, format!("`{command}` cannot be run: {error}"), &output)
        })?;
        let ended = tokio::select! {
            ended = child.wait() => ended,
            reason = self.stop.stopped() => {
                end_gently(&mut child).await;
                return Err(Box::new(Finding::new(Code::RunStopped, Place::Run, reason)));
            }
        };
        output.drained().await;
        match ended {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => {
                Err(not_ready(Code::BuildFailed, format!("`{command}` ended with {status}"), &output))
            }
            Err(error) => {
                Err(not_ready(Code::BuildFailed, format!("`{command}` was lost: {error}"), &output))
            }
        }
    }

    /// Starts every instance and waits until all are ready; when one is not, none is left.
    pub(super) async fn all(&self) -> Result<Vec<Instance>, Box<Finding>> {
        let ports = super::ports::reserve(self.start.instances.max(1)).map_err(|error| {
            let message = format!("there is no free port: {error}");
            Box::new(Finding::new(Code::ProviderNotReady, Place::Provider, message))
        })?;
        let starting = ports.into_iter().enumerate().map(|(index, port)| self.one(index + 1, port));
        let mut instances = Vec::new();
        let mut problem = None;
        for started in futures_util::future::join_all(starting).await {
            match started {
                Ok(instance) => instances.push(instance),
                Err(why) => problem = problem.or(Some(why)),
            }
        }
        match problem {
            None => Ok(instances),
            Some(problem) => {
                futures_util::future::join_all(instances.into_iter().map(Instance::stop)).await;
                Err(problem)
            }
        }
    }

    /// Starts one copy of the provider on its port and waits until it is ready.
    async fn one(&self, instance: usize, mut port: Port) -> Result<Instance, Box<Finding>> {
        let mut output = Output::of(instance, self.teller.clone());
        let number = port.number();
        let command = self.start.command.replace("{port}", &number.to_string());
        port.make_room();
        let child = spawn(&command, self.start, Some(number), &mut output).map_err(|error| {
            not_ready(Code::ProviderNotReady, format!("`{command}` cannot be run: {error}"), &output)
        })?;
        let mut instance = Instance { url: String::new(), child, output, port };
        match instance.wait_until_ready(self).await {
            Ok(()) => Ok(instance),
            Err(problem) => {
                instance.stop().await;
                Err(problem)
            }
        }
    }
}

impl Instance {
    async fn wait_until_ready(&mut self, launch: &Launch<'_>) -> Result<(), Box<Finding>> {
        let start = launch.start;
        let deadline = Instant::now() + start.ready_timeout;
        let mut why = "it did not answer".to_owned();
        loop {
            if let Some(reason) = launch.stop.reason() {
                return Err(Box::new(Finding::new(Code::RunStopped, Place::Run, reason)));
            }
            if let Some(status) = self.ended() {
                self.output.drained().await;
                let message = format!("`{}` ended with {status} before it was ready", start.command);
                return Err(not_ready(Code::ProviderNotReady, message, &self.output));
            }
            let looked_at = Instant::now();
            tokio::select! {
                found = look(launch, self.port.number()) => match found {
                    // What answers when the process has ended is somebody else.
                    Ok(url) if self.ended().is_none() => {
                        self.url = url;
                        return Ok(());
                    }
                    Ok(_) => continue,
                    Err(reason) => why = reason,
                },
                // The next round says why.
                _ = launch.stop.stopped() => continue,
                () = tokio::time::sleep_until(deadline.into()) => {
                    if looked_at.elapsed() > 10 * PAUSE {
                        "it did not answer".clone_into(&mut why);
                    }
                }
            }
            if Instant::now() >= deadline {
                let limit = shown(start.ready_timeout);
                let message = format!("the provider was not ready after {limit}: {why}");
                return Err(not_ready(Code::ProviderNotReady, message, &self.output));
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// How the process ended, when it has.
    fn ended(&mut self) -> Option<String> {
        match self.child.try_wait() {
            Ok(None) => None,
            Ok(Some(status)) => Some(status.to_string()),
            Err(error) => Some(error.to_string()),
        }
    }

    /// Says that it has ended although nobody asked it to, when it has.
    pub(super) async fn death(&mut self) -> Option<Box<Finding>> {
        let status = self.ended()?;
        self.output.drained().await;
        Some(self.died(&status))
    }

    /// The same, for when it may be just about to: a connection breaks a moment before.
    pub(super) async fn death_by_now(&mut self) -> Option<Box<Finding>> {
        let ended = tokio::time::timeout(10 * PAUSE, self.child.wait()).await.ok()?;
        self.output.drained().await;
        let status = ended.map_or_else(|error| error.to_string(), |status| status.to_string());
        Some(self.died(&status))
    }

    fn died(&self, status: &str) -> Box<Finding> {
        not_ready(Code::ProviderDied, format!("the provider ended with {status}"), &self.output)
    }

    /// Stops it with all its children: asked first, killed after a while.
    pub(super) async fn stop(mut self) {
        end_gently(&mut self.child).await;
        self.output.drained().await;
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

/// The address at which the provider is ready, or why it is ready at none.
async fn look(launch: &Launch<'_>, port: u16) -> Result<String, String> {
    let base_path = launch.start.base_path.trim_end_matches('/');
    let base = |host: IpAddr| format!("http://{}{base_path}", SocketAddr::new(host, port));
    let ready_url = launch.start.ready_url.as_ref().map(|url| url.replace("{port}", &port.to_string()));
    // What is ready at an address of its own may listen for requests a moment later.
    if let Some(url) = ready_url.as_ref().filter(|url| !url.starts_with('/')) {
        is_ready(launch.client, url).await?;
    }
    let mut why = None;
    for host in HOSTS {
        let ready = match (accepts(SocketAddr::new(host, port)).await, &ready_url) {
            (Ok(()), Some(path)) if path.starts_with('/') => {
                is_ready(launch.client, &absolute(&base(host), path)).await
            }
            (accepts, _) => accepts,
        };
        match ready {
            Ok(()) => return Ok(base(host)),
            Err(reason) => why = why.or(Some(reason)),
        }
    }
    match ready_url {
        Some(url) if !url.starts_with('/') => Ok(base(HOSTS[0])),
        _ => Err(why.unwrap_or_default()),
    }
}

async fn accepts(address: SocketAddr) -> Result<(), String> {
    match TcpStream::connect(address).await {
        Ok(_) => Ok(()),
        Err(error) => Err(format!("nothing accepts connections on port {}: {error}", address.port())),
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
