//! Work that may crash or never end, kept from taking the run with it.
//!
//! The pact crates panic or run for minutes on odd input. Such work runs on a thread of its own;
//! a crash or a timeout is data for the verdict of one interaction. A thread that does not end is
//! abandoned and dies with the process.

use std::any::Any;
use std::cell::Cell;
use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{LazyLock, Once};
use std::thread::available_parallelism;
use std::time::Duration;

use tokio::sync::Semaphore;

/// Stack of every thread that compares documents: enough for the deepest document that
/// [`super::depth`] lets through, in a debug build as well.
pub(crate) const STACK_BYTES: usize = 64 * 1024 * 1024;

/// Why guarded work gave no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Mishap {
    /// It panicked, with this message.
    Crashed(String),
    /// It did not end in time.
    TimedOut(Duration),
}

/// As [`guarded`], when it is its turn: as much of such work runs at a time as there are cores, in
/// the whole process, since more would only need more memory. Waiting does not count.
pub(crate) async fn guarded_in_turn<T: Send + 'static>(
    limit: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Mishap> {
    static TURNS: LazyLock<Semaphore> =
        LazyLock::new(|| Semaphore::new(available_parallelism().map_or(2, NonZero::get)));
    // Nobody closes the semaphore. Work that is left behind gives its turn to the next.
    let _turn = TURNS.acquire().await;
    guarded(limit, work).await
}

/// Runs work on a blocking thread, for at most `limit`.
pub(crate) async fn guarded<T: Send + 'static>(
    limit: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Mishap> {
    let task = tokio::task::spawn_blocking(move || quietly(work));
    match tokio::time::timeout(limit, task).await {
        Ok(Ok(outcome)) => outcome.map_err(Mishap::Crashed),
        Ok(Err(join)) => Err(Mishap::Crashed(join.to_string())),
        Err(_) => Err(Mishap::TimedOut(limit)),
    }
}

/// Runs work and turns a panic into its message, without the panic being printed.
pub(crate) fn quietly<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    silence_guarded_threads();
    let before = GUARDED.replace(true);
    let outcome = catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(before);
    outcome.map_err(|panic| message_of(panic.as_ref()))
}

/// What a panic said.
pub(crate) fn message_of(panic: &(dyn Any + Send)) -> String {
    panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
        .unwrap_or_else(|| "a panic without a message".to_owned())
}

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Panics in guarded work become findings; printing them as well would only confuse.
fn silence_guarded_threads() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let loud = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !GUARDED.get() {
                loud(info);
            }
        }));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_crash_is_data() {
        let outcome = guarded(Duration::from_secs(5), || panic!("odd input {}", 7)).await;
        assert_eq!(outcome, Err::<(), _>(Mishap::Crashed("odd input 7".to_owned())));
    }

    #[tokio::test]
    async fn work_that_does_not_end_is_left_behind() {
        let (finish, wait) = std::sync::mpsc::channel::<()>();
        let limit = Duration::from_millis(1);
        let outcome = guarded(limit, move || wait.recv()).await;
        assert_eq!(outcome.err(), Some(Mishap::TimedOut(limit)));
        drop(finish);
    }
}
