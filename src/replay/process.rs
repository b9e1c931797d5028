//! Commands of the user, each in a process group of its own, so that whatever it starts can be
//! ended with it.

use std::io;
use std::process::ExitStatus;
use std::time::Duration;

use process_wrap::tokio::{ChildWrapper, CommandWrap, KillOnDrop};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::Command;

/// What a command that ran to its end has left.
pub(super) struct Finished {
    /// How it ended.
    pub(super) status: ExitStatus,
    /// What it wrote to standard output.
    pub(super) stdout: Vec<u8>,
    /// What it wrote to standard error.
    pub(super) stderr: Vec<u8>,
}

/// How long a command may take to end after it was asked to.
const GRACE: Duration = Duration::from_secs(5);

/// The platform's shell, and the argument before a command line.
const SHELL: (&str, &str) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };

/// A command line as the platform's shell reads it.
pub(super) fn shell(command: &str) -> Command {
    let mut shell = Command::new(SHELL.0);
    shell.arg(SHELL.1).arg(command);
    shell
}

/// Starts a shell's command as the leader of a group.
pub(super) fn spawn(command: Command) -> io::Result<Box<dyn ChildWrapper>> {
    start(command, true).map_err(without_shell)
}

/// Starts a command, which is the leader of a group when it is to be one. Only a command that is none can
/// read from the terminal.
pub(crate) fn start(command: Command, leads_group: bool) -> io::Result<Box<dyn ChildWrapper>> {
    let mut wrapped = CommandWrap::from(command);
    wrapped.wrap(KillOnDrop);
    #[cfg(unix)]
    if leads_group {
        wrapped.wrap(process_wrap::tokio::ProcessGroup::leader());
    }
    #[cfg(windows)]
    wrapped.wrap(process_wrap::tokio::JobObject);
    #[cfg(windows)]
    let _ = leads_group;
    wrapped.spawn()
}

/// Ends a command with its whole group: asked first, killed after a while.
pub(crate) async fn end_gently(child: &mut Box<dyn ChildWrapper>) {
    if matches!(child.try_wait(), Ok(None)) {
        ask_to_end(child.as_ref());
    }
    let ended = tokio::time::timeout(GRACE, child.wait()).await;
    // Children may outlive the process that was started. The group is gone when there are none.
    let _ = child.start_kill();
    if ended.is_err() {
        // Nothing more can be done about a process that survives this.
        let _ = tokio::time::timeout(GRACE, child.wait()).await;
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

/// Says that it is the shell that is missing, as it is in the smallest containers.
fn without_shell(error: io::Error) -> io::Error {
    if error.kind() != io::ErrorKind::NotFound {
        return error;
    }
    io::Error::new(error.kind(), format!("there is no shell: `{}` is not found here", SHELL.0))
}

/// Runs a command, whose three streams are pipes, to its end. When this is given up before, the
/// command is ended with everything that it has started.
pub(super) async fn run(command: Command, input: &[u8]) -> io::Result<Finished> {
    let mut group = Group { child: spawn(command)?, ended: false };
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    if let Some(mut stdin) = group.child.stdin().take() {
        // A command that does not read its input is none of our business.
        let _ = stdin.write_all(input).await;
    }
    let (out, err) = (group.child.stdout().take(), group.child.stderr().take());
    let read_out = async {
        match out {
            Some(mut out) => out.read_to_end(&mut stdout).await,
            None => Ok(0),
        }
    };
    let read_err = async {
        match err {
            Some(mut err) => err.read_to_end(&mut stderr).await,
            None => Ok(0),
        }
    };
    let (read_out, read_err) = futures_util::future::join(read_out, read_err).await;
    read_out?;
    read_err?;
    let status = group.child.wait().await?;
    group.ended = true;
    Ok(Finished { status, stdout, stderr })
}

/// Ends a group that nobody waits for any more.
struct Group {
    child: Box<dyn ChildWrapper>,
    ended: bool,
}

impl Drop for Group {
    fn drop(&mut self) {
        if !self.ended {
            // It may have ended by itself in the meantime.
            let _ = self.child.start_kill();
        }
    }
}
