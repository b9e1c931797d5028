//! What the processes of a provider write: the last lines are kept, and every line is told while it
//! is written, when somebody wants to know.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio::sync::mpsc::{UnboundedSender, WeakUnboundedSender};
use tokio::task::JoinHandle;

use crate::event::Event;
use crate::redact::Redactor;

/// How many lines are kept.
const KEPT_LINES: usize = 200;
/// The most of one line that is kept, in bytes.
const LINE_BYTES: usize = 8 * 1024;
/// How many lines may wait to be shown; what is written meanwhile is kept but not told.
const WAITING_LINES: usize = 2_000;
/// How long the end of the output is waited for when the process has ended.
const DRAIN: Duration = Duration::from_millis(500);

/// How many lines have been told and not been shown yet.
#[derive(Debug, Clone, Default)]
pub(super) struct Waiting(Arc<AtomicUsize>);

/// Tells lines as events. It does not keep the events open: a process may outlive the run.
#[derive(Debug, Clone)]
pub(super) struct Teller {
    events: WeakUnboundedSender<Event>,
    redactor: Redactor,
    waiting: Waiting,
}

/// The output of one process.
#[derive(Debug)]
pub(super) struct Output {
    /// Which instance, from 1; 0 is the command that builds the provider.
    instance: usize,
    teller: Option<Teller>,
    kept: Arc<Mutex<VecDeque<String>>>,
    readers: Vec<JoinHandle<()>>,
}

impl Waiting {
    /// One line has been shown.
    pub(super) fn shown(&self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }

    /// True when another line may wait.
    fn has_room(&self) -> bool {
        let taken = self.0.fetch_add(1, Ordering::Relaxed);
        if taken >= WAITING_LINES {
            self.shown();
        }
        taken < WAITING_LINES
    }
}

impl Teller {
    /// A teller that takes secrets out of what it tells.
    pub(super) fn new(events: &UnboundedSender<Event>, redactor: &Redactor, waiting: &Waiting) -> Self {
        Self { events: events.downgrade(), redactor: redactor.clone(), waiting: waiting.clone() }
    }

    fn tell(&self, instance: usize, line: &str) {
        let Some(events) = self.events.upgrade().filter(|_| self.waiting.has_room()) else { return };
        let said = Event::ProviderSaid { instance, line: line.to_owned() };
        // Nobody listens any more when the caller has gone.
        let _ = events.send(self.redactor.event(said));
    }
}

impl Output {
    /// The output of an instance that has written nothing.
    pub(super) fn of(instance: usize, teller: Option<Teller>) -> Self {
        Self { instance, teller, kept: Arc::default(), readers: Vec::new() }
    }

    /// The kept lines, oldest first.
    pub(super) fn lines(&self) -> Vec<String> {
        self.kept.lock().map(|lines| lines.iter().cloned().collect()).unwrap_or_default()
    }

    /// Waits until everything that was written is kept, but not for a child that lives on.
    pub(super) async fn drained(&mut self) {
        for reader in &mut self.readers {
            let _ = tokio::time::timeout(DRAIN, reader).await;
        }
        self.readers.clear();
    }

    /// Reads one of the streams to its end.
    pub(super) fn keep(&mut self, stream: impl AsyncRead + Unpin + Send + 'static) {
        let (instance, teller, kept) = (self.instance, self.teller.clone(), Arc::clone(&self.kept));
        self.readers.push(tokio::spawn(async move {
            let mut lines = Lines { stream: BufReader::new(stream) };
            while let Some(line) = lines.next().await {
                if let Some(teller) = &teller {
                    teller.tell(instance, &line);
                }
                if let Ok(mut kept) = kept.lock() {
                    if kept.len() == KEPT_LINES {
                        kept.pop_front();
                    }
                    kept.push_back(line);
                }
            }
        }));
    }
}

/// Nobody reads what is written after this.
impl Drop for Output {
    fn drop(&mut self) {
        self.readers.iter().for_each(JoinHandle::abort);
    }
}

/// Lines of bounded length, whatever is written without a line end.
struct Lines<R> {
    stream: BufReader<R>,
}

impl<R: AsyncRead + Unpin> Lines<R> {
    /// The next line without its end, or nothing when there is no more.
    async fn next(&mut self) -> Option<String> {
        let mut line = Vec::new();
        let mut is_cut = false;
        loop {
            let read = self.stream.fill_buf().await.unwrap_or_default();
            let end = read.iter().position(|byte| *byte == b'\n');
            let length = end.unwrap_or(read.len());
            let room = LINE_BYTES.saturating_sub(line.len()).min(length);
            line.extend_from_slice(&read[..room]);
            is_cut |= room < length;
            let is_over = read.is_empty();
            let consumed = end.map_or(read.len(), |end| end + 1);
            self.stream.consume(consumed);
            if end.is_some() || is_over && !line.is_empty() {
                let text = String::from_utf8_lossy(&line);
                return Some(format!("{}{}", text.trim_end(), if is_cut { "…" } else { "" }));
            }
            if is_over {
                return None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn lines(text: Vec<u8>) -> Vec<String> {
        let mut output = Output::of(1, None);
        output.keep(std::io::Cursor::new(text));
        output.drained().await;
        output.lines()
    }

    #[tokio::test]
    async fn lines_are_kept_whatever_they_end_with() {
        assert_eq!(lines(b"one\r\n\ntwo\xff".to_vec()).await, ["one", "", "two\u{fffd}"]);
        assert_eq!(lines(Vec::new()).await, [""; 0]);
    }

    #[tokio::test]
    async fn neither_long_lines_nor_many_fill_the_memory() {
        let mut text = vec![b'a'; 3 * LINE_BYTES];
        text.extend_from_slice(b"\nshort\n");
        let kept = lines(text).await;
        assert_eq!((kept[0].len(), kept[1].as_str()), (LINE_BYTES + "…".len(), "short"));
        assert_eq!(lines(b"x\n".repeat(10 * KEPT_LINES)).await.len(), KEPT_LINES);
    }

    #[tokio::test]
    async fn what_nobody_has_shown_yet_is_bounded_and_holds_no_secret() {
        let (sender, mut events) = tokio::sync::mpsc::unbounded_channel();
        let waiting = Waiting::default();
        let teller = Teller::new(&sender, &Redactor::default().knowing("hunter2"), &waiting);
        for _ in 0..WAITING_LINES + 5 {
            teller.tell(1, "got hunter2");
        }
        assert_eq!(events.len(), WAITING_LINES);
        let said = Event::ProviderSaid { instance: 1, line: "got REDACTED".to_owned() };
        assert_eq!(events.recv().await, Some(said));
        waiting.shown();
        teller.tell(1, "again");
        assert_eq!(events.len(), WAITING_LINES);
        drop(sender);
        assert!(teller.events.upgrade().is_none(), "a process that lives on keeps no run open");
    }
}
