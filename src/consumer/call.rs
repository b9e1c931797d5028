//! A message that the consumer sends, and the messages that answer it.
//!
//! Nothing is sent anywhere: a [`Channel`] takes what the consumer sends and hands back the answers.
//! There is nothing to wait for, so nothing can hang.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::fmt::Debug;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, Location, catch_unwind};

use futures_util::FutureExt as _;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::document::pact;
use super::draft::{About, Draft, Exchange, described};
use super::expectation::Expectation;
use super::failure::Failure;
use super::http::{Answered, Asking, Side};
use super::message::{Metadata, delivered};
use super::part::{Part, with_payload};
use super::scenario::Ending;
use super::session::Closing;
use super::text::Text;
use super::verdict::of_the_code;
use crate::contract::{self, Contract, SpecVersion};
use crate::matching::{Actual, Message, judge, quietly};
use crate::mock::difference;
use crate::redact::Redactor;

/// A message and its answers that are being described.
///
/// # Examples
/// ```
/// use pactwright::consumer::Pact;
/// use serde_json::{Value, json};
///
/// # let folder = tempfile::tempdir()?;
/// # let prices = Pact::between("billing", "prices").in_repository(folder.path());
/// let price = prices
///     .call("the price of an article")
///     .json(json!({"article": 7}))
///     .replies()
///     .json(json!({"cents": 250}))
///     .run(|channel| -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
///         let replies = channel.send(r#"{"article": 7}"#)?;
///         Ok(replies[0].json()?)
///     });
/// assert_eq!(price["cents"], 250);
/// # Ok::<_, std::io::Error>(())
/// ```
///
/// A call without an answer cannot be run:
///
/// ```compile_fail,E0599
/// # use pactwright::consumer::Pact;
/// Pact::between("billing", "prices").call("nothing comes back").json(7).run(|_| ());
/// ```
#[must_use = "a message that nobody sends records nothing"]
#[derive(Debug, Clone)]
pub struct Call<Step> {
    about: About,
    request: Part,
    responses: Vec<Part>,
    step: PhantomData<Step>,
}

impl<Step> Call<Step> {
    described!();

    /// One answer comes back; what follows describes it. May be called again for the next one.
    pub fn replies(mut self) -> Call<Answered> {
        self.responses.push(Part::default());
        Call { about: self.about, request: self.request, responses: self.responses, step: PhantomData }
    }
}

impl Call<Asking> {
    pub(super) fn new(about: About) -> Self {
        Self { about, request: Part::default(), responses: Vec::new(), step: PhantomData }
    }

    /// Contents of JSON that are equal to the example; what a consumer sends is known exactly.
    pub fn json(self, example: impl serde::Serialize) -> Self {
        self.json_exact(example)
    }
}

impl<Step: Side> Call<Step> {
    fn part(&mut self) -> &mut Part {
        self.responses.last_mut().unwrap_or(&mut self.request)
    }

    /// An entry that travels beside the contents.
    ///
    /// ```
    /// # use pactwright::consumer::Pact;
    /// # let prices = Pact::between("billing", "prices");
    /// let price = prices.call("a price").metadata("topic", "prices");
    /// ```
    pub fn metadata(mut self, name: &str, value: impl Into<Text>) -> Self {
        self.part().named.push((name.to_owned(), value.into()));
        self
    }

    with_payload!();
}

impl Call<Answered> {
    /// Contents of JSON of the same types as the example.
    pub fn json(self, example: impl serde::Serialize) -> Self {
        self.json_like(example)
    }

    /// Leaves out what the consumer's own type does not read of the answer, as
    /// [`Http::reads`](super::Http::reads) does.
    ///
    /// ```
    /// # use pactwright::consumer::Pact;
    /// #[derive(Debug, serde::Deserialize)]
    /// struct Price {
    ///     cents: u32,
    /// }
    ///
    /// # let prices = Pact::between("billing", "prices");
    /// let price = prices.call("a price").json(serde_json::json!({"article": 7})).replies().json(serde_json::json!({"cents": 250}));
    /// let price = price.reads::<Price>();
    /// ```
    pub fn reads<T: DeserializeOwned + Debug>(mut self) -> Self {
        self.part().reads::<T>();
        self
    }

    /// Runs the consumer's code with a channel, and records the exchange when the code succeeded and
    /// has sent the message.
    ///
    /// # Panics
    /// With an explanation, at the line of the caller, when it did not.
    #[track_caller]
    pub fn run<R: Closing>(self, code: impl FnOnce(&Channel) -> R) -> R::Value {
        match self.try_run(code) {
            Ok(value) => value,
            Err(failure) => failure.raise(),
        }
    }

    /// As [`run`](Self::run), and returns what is wrong.
    ///
    /// ```
    /// # use pactwright::consumer::Pact;
    /// # let folder = tempfile::tempdir()?;
    /// # let prices = Pact::between("billing", "prices").in_repository(folder.path());
    /// let price = prices.call("a price").json(serde_json::json!({"article": 7})).replies().json(serde_json::json!({"cents": 250}));
    /// assert!(price.try_run(|_| ()).is_err(), "nobody has sent it");
    /// # Ok::<_, std::io::Error>(())
    /// ```
    ///
    /// # Errors
    /// See there.
    pub fn try_run<R: Closing>(self, code: impl FnOnce(&Channel) -> R) -> Result<R::Value, Failure> {
        let channel = Channel::open(self)?;
        let ending = catch_unwind(AssertUnwindSafe(|| code(&channel)));
        channel.close(ending)
    }

    /// As [`run`](Self::run), for code that waits.
    ///
    /// ```
    /// # use pactwright::consumer::Pact;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let folder = tempfile::tempdir()?;
    /// # let prices = Pact::between("billing", "prices").in_repository(folder.path());
    /// let price = prices.call("a price").json(serde_json::json!({"article": 7})).replies().json(serde_json::json!({"cents": 250}));
    /// price.run_async(async |channel| channel.send(r#"{"article": 7}"#).map(drop)).await;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    /// As [`run`](Self::run); the message begins with the line of the caller.
    #[track_caller]
    pub fn run_async<R: Closing, F: AsyncFnOnce(&Channel) -> R>(
        self,
        code: F,
    ) -> impl Future<Output = R::Value> {
        let at = Location::caller();
        async move {
            match self.try_run_async(code).await {
                Ok(value) => value,
                Err(failure) => failure.raise_for(at),
            }
        }
    }

    /// As [`try_run`](Self::try_run), for code that waits.
    ///
    /// ```
    /// # use pactwright::consumer::Pact;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let folder = tempfile::tempdir()?;
    /// # let prices = Pact::between("billing", "prices").in_repository(folder.path());
    /// let price = prices.call("a price").json(serde_json::json!({"article": 7})).replies().json(serde_json::json!({"cents": 250}));
    /// assert!(price.try_run_async(async |_| ()).await.is_err(), "nobody has sent it");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// See there.
    pub async fn try_run_async<R: Closing, F: AsyncFnOnce(&Channel) -> R>(
        self,
        code: F,
    ) -> Result<R::Value, Failure> {
        let channel = Channel::open(self)?;
        let ending = AssertUnwindSafe(code(&channel)).catch_unwind().await;
        channel.close(ending)
    }
}

/// Stands in for the queue between consumer and provider.
#[derive(Debug)]
pub struct Channel {
    expectation: Expectation,
    /// The message that is expected, as one that a provider would publish.
    request: Contract,
    replies: Vec<Reply>,
    sent: Cell<usize>,
    misses: RefCell<Vec<String>>,
}

/// An answer to a message.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// The payload.
    pub contents: Vec<u8>,
    /// What travels beside it.
    pub metadata: Metadata,
}

/// What was sent is not what was expected; the test will fail and say why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unexpected(String);

impl Channel {
    /// Sends a message and returns the answers to it.
    ///
    /// # Errors
    /// The message is not the one that the contract describes.
    pub fn send(&self, contents: impl AsRef<[u8]>) -> Result<Vec<Reply>, Unexpected> {
        self.send_with(contents, &Metadata::new())
    }

    /// As [`send`](Self::send), with what travels beside the message.
    ///
    /// # Errors
    /// See there.
    pub fn send_with(
        &self,
        contents: impl AsRef<[u8]>,
        metadata: &Metadata,
    ) -> Result<Vec<Reply>, Unexpected> {
        let differences = self.differences(contents.as_ref(), metadata);
        if differences.is_empty() {
            self.sent.set(self.sent.get() + 1);
            return Ok(self.replies.clone());
        }
        let mut miss = format!("the message is not the one of {}", self.expectation.named());
        for difference in &differences {
            miss.push_str("\n  ");
            miss.push_str(difference);
        }
        self.misses.borrow_mut().push(miss.clone());
        Err(Unexpected(miss))
    }

    fn differences(&self, contents: &[u8], metadata: &Metadata) -> Vec<String> {
        let shown = Redactor::default();
        let interaction = &self.request.interactions[0];
        let expected = match &interaction.exchange {
            contract::Exchange::Message(contents) => contents.metadata.get("contentType"),
            contract::Exchange::Http { .. } | contract::Exchange::SyncMessage { .. } => None,
        };
        let content_type = metadata.get("contentType").or(expected).and_then(Value::as_str);
        let message = Message {
            contents: contents.to_vec(),
            content_type: content_type.unwrap_or_default().to_owned(),
            metadata: metadata.clone(),
        };
        let judged = quietly(|| {
            judge(&self.request, interaction, &Actual::Message(message), &Metadata::new(), &BTreeSet::new())
        });
        match judged {
            Ok(Ok(judgement)) => {
                judgement.judged.into_iter().map(|one| difference(&shown.finding(one.finding))).collect()
            }
            Ok(Err(finding)) => vec![difference(&shown.finding(*finding))],
            Err(panic) => vec![format!("comparing the message crashed: {panic}")],
        }
    }

    fn open(call: Call<Answered>) -> Result<Self, Failure> {
        let exchange = Exchange::Call { request: call.request, responses: call.responses };
        let expectation = Expectation::read(&Draft { about: call.about, exchange })?;
        let replies = match &expectation.interaction().exchange {
            contract::Exchange::SyncMessage { responses, .. } => responses.iter().map(Reply::of).collect(),
            contract::Exchange::Http { .. } | contract::Exchange::Message(_) => Vec::new(),
        };
        let request = alone(&expectation)?;
        Ok(Self { expectation, request, replies, sent: Cell::new(0), misses: RefCell::default() })
    }

    fn close<R: Closing>(self, ending: Ending<R>) -> Result<R::Value, Failure> {
        let misses = self.misses.into_inner();
        let unused = if self.sent.get() == 0 { vec![self.expectation.named()] } else { Vec::new() };
        match of_the_code(ending) {
            Ok(value) if misses.is_empty() && unused.is_empty() => {
                self.expectation.record()?;
                Ok(value)
            }
            code => Err(Failure::NotKept { misses, unanswered: Vec::new(), unused, code: code.err() }),
        }
    }
}

impl Reply {
    fn of(contents: &contract::Contents) -> Self {
        let (contents, metadata) = delivered(contents);
        Self { contents, metadata }
    }

    /// The payload as the consumer's own type.
    ///
    /// ```
    /// # use pactwright::consumer::Pact;
    /// # let folder = tempfile::tempdir()?;
    /// # let prices = Pact::between("billing", "prices").in_repository(folder.path());
    /// let price = prices.call("a price").json(serde_json::json!({"article": 7})).replies().json(serde_json::json!({"cents": 250}));
    /// let price = price.run(|channel| channel.send(r#"{"article": 7}"#));
    /// assert_eq!(price[0].json::<serde_json::Value>()?["cents"], 250);
    /// # Ok::<_, std::io::Error>(())
    /// ```
    ///
    /// # Errors
    /// It is not JSON, or not of that type.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_slice(&self.contents)
    }
}

/// The message that the consumer sends, as a contract of its own that it can be judged by.
fn alone(expectation: &Expectation) -> Result<Contract, Failure> {
    let description = &expectation.interaction().description;
    let mut interaction = expectation.document["interactions"][0]["request"].clone();
    interaction["type"] = json!("Asynchronous/Messages");
    interaction["description"] = description.as_str().into();
    let document = pact("consumer", "provider", SpecVersion::V4, &[("interactions", vec![interaction])]);
    let reading = contract::read(&expectation.source.file, document.to_string().into_bytes());
    reading.contract.ok_or_else(|| Failure::Unsound {
        description: description.clone(),
        at: expectation.source.to_string(),
        problems: reading.findings.iter().map(|finding| finding.message.clone()).collect(),
    })
}
