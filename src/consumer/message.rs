//! A message that the provider publishes and the consumer handles.
//!
//! Nothing is sent anywhere: the consumer's own handler is called with the contents.

use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, Location, catch_unwind};

use futures_util::FutureExt as _;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::draft::{About, Draft, Exchange, described};
use super::expectation::Expectation;
use super::failure::Failure;
use super::part::{Part, with_payload};
use super::session::Closing;
use super::text::Text;
use super::verdict::of_the_code;
use crate::contract::{self, Contents};

/// What travels beside the contents of a message: topic, content type, key.
pub type Metadata = Map<String, Value>;

/// A message that is being described.
///
/// # Examples
/// ```
/// use pactwright::consumer::{Metadata, Pact, matching};
/// use pactwright::consumer::matchers::regex;
/// use serde_json::json;
///
/// #[derive(Debug, serde::Deserialize)]
/// struct Published {
///     id: u32,
/// }
///
/// # let folder = tempfile::tempdir()?;
/// # let faq = Pact::between("billing", "faq").in_repository(folder.path());
/// let mut index = Vec::new();
/// faq.message("a FAQ was published")
///     .given("a FAQ exists")
///     .metadata("topic", "faqs")
///     .metadata("key", matching("7", regex(r"^\d+$")))
///     .json(json!({"id": 7}))
///     .handled_by(|published: Published, metadata: &Metadata| {
///         assert_eq!(metadata["topic"], "faqs");
///         index.push(published.id);
///     });
/// assert_eq!(index, [7]);
/// # Ok::<_, std::io::Error>(())
/// ```
#[must_use = "a message that nobody handles records nothing"]
#[derive(Debug, Clone)]
pub struct Message {
    about: About,
    part: Part,
}

impl Message {
    pub(super) fn new(about: About) -> Self {
        Self { about, part: Part::default() }
    }

    described!();

    fn part(&mut self) -> &mut Part {
        &mut self.part
    }

    /// An entry that travels beside the contents.
    ///
    /// ```
    /// # use pactwright::consumer::Pact;
    /// # let faq = Pact::between("billing", "faq");
    /// let published = faq.message("a FAQ was published").metadata("topic", "faqs");
    /// ```
    pub fn metadata(mut self, name: &str, value: impl Into<Text>) -> Self {
        self.part.named.push((name.to_owned(), value.into()));
        self
    }

    /// Contents of JSON of the same types as the example.
    ///
    /// ```
    /// # use pactwright::consumer::Pact;
    /// # let faq = Pact::between("billing", "faq");
    /// let published = faq.message("a FAQ was published").json(serde_json::json!({"id": 7}));
    /// ```
    pub fn json(self, example: impl serde::Serialize) -> Self {
        self.json_like(example)
    }

    with_payload!();

    /// Gives the message to the consumer's handler, and records it when the handler succeeded.
    ///
    /// What `T` does not read is left out of the contract, and named in it.
    ///
    /// ```
    /// # use pactwright::consumer::Pact;
    /// #[derive(Debug, serde::Deserialize)]
    /// struct Published {
    ///     id: u32,
    /// }
    ///
    /// # let folder = tempfile::tempdir()?;
    /// # let faq = Pact::between("billing", "faq").in_repository(folder.path());
    /// let published = faq.message("a FAQ was published").json(serde_json::json!({"id": 7}));
    /// published.handled_by(|published: Published, _: &_| assert_eq!(published.id, 7));
    /// # Ok::<_, std::io::Error>(())
    /// ```
    ///
    /// # Panics
    /// With an explanation, at the line of the caller, when the description is no sound contract,
    /// `T` cannot be read from it, or the handler failed.
    #[track_caller]
    pub fn handled_by<T: DeserializeOwned + Debug, R: Closing>(
        self,
        handler: impl FnOnce(T, &Metadata) -> R,
    ) -> R::Value {
        // No closure: it would hide the line of the caller.
        match self.try_handled_by(handler) {
            Ok(value) => value,
            Err(failure) => failure.raise(),
        }
    }

    /// As [`handled_by`](Self::handled_by), and returns what is wrong.
    ///
    /// ```
    /// # use pactwright::consumer::Pact;
    /// #[derive(Debug, serde::Deserialize)]
    /// struct Published {
    ///     id: u32,
    /// }
    ///
    /// # let folder = tempfile::tempdir()?;
    /// # let faq = Pact::between("billing", "faq").in_repository(folder.path());
    /// let published = faq.message("a FAQ was published").json(serde_json::json!({"id": 7}));
    /// let outcome = published.try_handled_by(|_: Published, _: &_| Err::<(), _>("it is full"));
    /// assert!(outcome.is_err());
    /// # Ok::<_, std::io::Error>(())
    /// ```
    ///
    /// # Errors
    /// See there.
    pub fn try_handled_by<T: DeserializeOwned + Debug, R: Closing>(
        mut self,
        handler: impl FnOnce(T, &Metadata) -> R,
    ) -> Result<R::Value, Failure> {
        self.part.reads::<T>();
        self.try_handled_as_bytes(|bytes, metadata| {
            serde_json::from_slice(bytes)
                .map_err(Into::into)
                .and_then(|value| handler(value, metadata).closing())
        })
    }

    /// Gives the contents as bytes, for a handler that reads them itself.
    ///
    /// ```
    /// # use pactwright::consumer::Pact;
    /// # let folder = tempfile::tempdir()?;
    /// # let faq = Pact::between("billing", "faq").in_repository(folder.path());
    /// let published = faq.message("a FAQ was published").json(serde_json::json!({"id": 7}));
    /// published.handled_as_bytes(|bytes, _| assert_eq!(bytes, br#"{"id":7}"#));
    /// # Ok::<_, std::io::Error>(())
    /// ```
    ///
    /// # Panics
    /// As [`handled_by`](Self::handled_by).
    #[track_caller]
    pub fn handled_as_bytes<R: Closing>(self, handler: impl FnOnce(&[u8], &Metadata) -> R) -> R::Value {
        match self.try_handled_as_bytes(handler) {
            Ok(value) => value,
            Err(failure) => failure.raise(),
        }
    }

    /// As [`handled_as_bytes`](Self::handled_as_bytes), and returns what is wrong.
    ///
    /// ```
    /// # use pactwright::consumer::Pact;
    /// # let folder = tempfile::tempdir()?;
    /// # let faq = Pact::between("billing", "faq").in_repository(folder.path());
    /// let published = faq.message("a FAQ was published").json(serde_json::json!({"id": 7}));
    /// assert!(published.try_handled_as_bytes(|_, _| Err::<(), _>("it is full")).is_err());
    /// # Ok::<_, std::io::Error>(())
    /// ```
    ///
    /// # Errors
    /// See there.
    pub fn try_handled_as_bytes<R: Closing>(
        self,
        handler: impl FnOnce(&[u8], &Metadata) -> R,
    ) -> Result<R::Value, Failure> {
        let delivery = Delivery::of(self)?;
        let ending = catch_unwind(AssertUnwindSafe(|| handler(&delivery.bytes, &delivery.metadata)));
        delivery.finish(ending)
    }

    /// As [`handled_by`](Self::handled_by), for a handler that waits.
    ///
    /// ```
    /// # use pactwright::consumer::Pact;
    /// #[derive(Debug, serde::Deserialize)]
    /// struct Published {
    ///     id: u32,
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let folder = tempfile::tempdir()?;
    /// # let faq = Pact::between("billing", "faq").in_repository(folder.path());
    /// let published = faq.message("a FAQ was published").json(serde_json::json!({"id": 7}));
    /// published.handled_by_async(async |published: Published, _: &_| assert_eq!(published.id, 7)).await;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    /// As [`handled_by`](Self::handled_by); the message begins with the line of the caller.
    #[track_caller]
    pub fn handled_by_async<T: DeserializeOwned + Debug, R: Closing, F: AsyncFnOnce(T, &Metadata) -> R>(
        self,
        handler: F,
    ) -> impl Future<Output = R::Value> {
        let at = Location::caller();
        async move {
            match self.try_handled_by_async(handler).await {
                Ok(value) => value,
                Err(failure) => failure.raise_for(at),
            }
        }
    }

    /// As [`try_handled_by`](Self::try_handled_by), for a handler that waits.
    ///
    /// ```
    /// # use pactwright::consumer::Pact;
    /// #[derive(Debug, serde::Deserialize)]
    /// struct Published {
    ///     id: u32,
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let folder = tempfile::tempdir()?;
    /// # let faq = Pact::between("billing", "faq").in_repository(folder.path());
    /// let published = faq.message("a FAQ was published").json(serde_json::json!({"id": 7}));
    /// let outcome = published.try_handled_by_async(async |_: Published, _: &_| Err::<(), _>("it is full"));
    /// assert!(outcome.await.is_err());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// See there.
    pub async fn try_handled_by_async<
        T: DeserializeOwned + Debug,
        R: Closing,
        F: AsyncFnOnce(T, &Metadata) -> R,
    >(
        mut self,
        handler: F,
    ) -> Result<R::Value, Failure> {
        self.part.reads::<T>();
        let delivery = Delivery::of(self)?;
        let handle = async {
            let value = serde_json::from_slice(&delivery.bytes)?;
            handler(value, &delivery.metadata).await.closing()
        };
        let ending = AssertUnwindSafe(handle).catch_unwind().await;
        delivery.finish(ending)
    }
}

/// A message on its way to the handler.
struct Delivery {
    expectation: Expectation,
    bytes: Vec<u8>,
    metadata: Metadata,
}

impl Delivery {
    fn of(message: Message) -> Result<Self, Failure> {
        let draft = Draft { about: message.about, exchange: Exchange::Message(message.part) };
        let expectation = Expectation::read(&draft)?;
        let (bytes, metadata) = match &expectation.interaction().exchange {
            contract::Exchange::Message(contents) => delivered(contents),
            contract::Exchange::Http { .. } | contract::Exchange::SyncMessage { .. } => Default::default(),
        };
        Ok(Self { expectation, bytes, metadata })
    }

    fn finish<R: Closing>(self, ending: super::scenario::Ending<R>) -> Result<R::Value, Failure> {
        let value = of_the_code(ending).map_err(|code| Failure::NotKept {
            misses: Vec::new(),
            unanswered: Vec::new(),
            unused: Vec::new(),
            code: Some(code),
        })?;
        self.expectation.record()?;
        Ok(value)
    }
}

/// The bytes and the metadata of contents.
pub(super) fn delivered(contents: &Contents) -> (Vec<u8>, Metadata) {
    let bytes = contents.body.content().map(|content| content.bytes.clone()).unwrap_or_default();
    (bytes, contents.metadata.clone())
}
