//! A request over HTTP and its answer, described step by step.
//!
//! The type says how far the description has come: what comes next is all that can be called, and
//! only a complete description can be run.

use std::fmt::Debug;
use std::marker::PhantomData;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::draft::{self, About, Draft, Exchange, described};
use super::failure::Failure;
use super::matchers::Matcher;
use super::multipart::FormPart;
use super::part::{Part, with_payload};
use super::scenario::Scenario;
use super::session::{Closing, Server};
use super::text::Text;

/// An interaction over HTTP that is being described.
///
/// # Examples
/// Everything that can be said about a request and its answer:
///
/// ```
/// use pactwright::consumer::generators::{DataType, datetime, provider_state};
/// use pactwright::consumer::matchers::{self, Status, at_least, regex, status};
/// use pactwright::consumer::{Pact, matching};
/// use serde_json::json;
///
/// let listed = Pact::between("billing", "faq")
///     .http("the questions about an invoice")
///     .given("no FAQ exists")
///     .given_with("a FAQ exists", json!({"source": "handbook"}))
///     .pending()
///     .comment("The FAQ team builds this in May.")
///     .reference("openapi", "operationId", "searchFaqs")
///     .method("SEARCH", matching("/faqs/of/7", regex(r"^/faqs/of/\d+$")).from_state("/faqs/of/${id}"))
///     .header("Accept", "application/json")
///     .query("page", matching("1", regex(r"^\d+$")))
///     .json_like(json!({"about": ["invoice"]}))
///     .rule("$.about", at_least(1))
///     .replies(200)
///     .status_rule(status(Status::Success))
///     .json(json!({"faqs": [{"id": 7, "at": "2026-03-01T09:30:00Z"}]}))
///     .rule("$.faqs[*].at", matchers::datetime("yyyy-MM-dd'T'HH:mm:ssX"))
///     .generate("$.faqs[0].at", datetime("yyyy-MM-dd'T'HH:mm:ssX", None))
///     .generate("$.faqs[0].id", provider_state("${id}", DataType::Integer));
/// ```
///
/// Bodies of other kinds:
///
/// ```
/// use pactwright::consumer::pact_consumer::{each_like, json_pattern, like, prelude::*};
/// use pactwright::consumer::{FormPart, Pact};
/// use serde_json::json;
///
/// let faq = Pact::between("billing", "faq");
/// let exact = faq.http("exact").put("/faqs/7").json(json!({"id": 7})).replies(200).json_exact(json!([]));
/// let form = faq.http("form").post("/v1/create").form([("question", "Why?")]).replies(201).text("made");
/// let xml = faq.http("xml").post("/import").xml("<faq><id>7</id></faq>").replies(202);
/// let bytes = faq.http("bytes").get("/faqs/7.png").replies(200).binary("image/png", b"\x89PNG\r\n\x1a\n");
/// let upload = faq
///     .http("upload")
///     .post("/pictures")
///     .multipart([FormPart::field("title", "a"), FormPart::file("file", "a.txt", "text/plain", b"a")])
///     .replies(201);
/// let pattern = faq
///     .http("a pattern of pact_consumer")
///     .patch("/faqs/7")
///     .json_pattern(json_pattern!({"tags": each_like!("a")}))
///     .replies(200)
///     .json_pattern(json_pattern!({"id": like!(7)}));
/// let nothing = faq.http("nothing").delete("/faqs/7").replies(204);
/// ```
#[must_use = "an interaction that is not run records nothing"]
#[derive(Debug, Clone)]
pub struct Http<Step> {
    about: About,
    exchange: draft::Http,
    step: PhantomData<Step>,
}

/// It has a name; the request comes next.
#[derive(Debug, Clone, Copy)]
pub enum Described {}
/// The request is being described.
#[derive(Debug, Clone, Copy)]
pub enum Asking {}
/// The answer is being described, and the interaction can be run.
#[derive(Debug, Clone, Copy)]
pub enum Answered {}

/// A step in which one side of an exchange is being described.
pub trait Side: sealed::Side {}
impl Side for Asking {}
impl Side for Answered {}

pub(super) mod sealed {
    pub trait Side {
        #[doc(hidden)]
        const ANSWERS: bool;
    }
    impl Side for super::Asking {
        const ANSWERS: bool = false;
    }
    impl Side for super::Answered {
        const ANSWERS: bool = true;
    }
}

impl<Step> Http<Step> {
    described!();

    fn next<Next>(self) -> Http<Next> {
        Http { about: self.about, exchange: self.exchange, step: PhantomData }
    }
}

impl Http<Described> {
    pub(super) fn new(about: About) -> Self {
        let exchange = draft::Http {
            method: Text::from("GET"),
            path: Text::from("/"),
            request: Part::default(),
            status: 200,
            status_rule: None,
            response: Part::default(),
        };
        Self { about, exchange, step: PhantomData }
    }

    /// The consumer sends `GET`.
    pub fn get(self, path: impl Into<Text>) -> Http<Asking> {
        self.method("GET", path)
    }

    /// The consumer sends `POST`.
    pub fn post(self, path: impl Into<Text>) -> Http<Asking> {
        self.method("POST", path)
    }

    /// The consumer sends `PUT`.
    pub fn put(self, path: impl Into<Text>) -> Http<Asking> {
        self.method("PUT", path)
    }

    /// The consumer sends `PATCH`.
    pub fn patch(self, path: impl Into<Text>) -> Http<Asking> {
        self.method("PATCH", path)
    }

    /// The consumer sends `DELETE`.
    pub fn delete(self, path: impl Into<Text>) -> Http<Asking> {
        self.method("DELETE", path)
    }

    /// The consumer sends another method.
    pub fn method(mut self, method: impl Into<Text>, path: impl Into<Text>) -> Http<Asking> {
        self.exchange.method = method.into();
        self.exchange.path = path.into();
        self.next()
    }
}

impl<Step: Side> Http<Step> {
    fn part(&mut self) -> &mut Part {
        if Step::ANSWERS { &mut self.exchange.response } else { &mut self.exchange.request }
    }

    /// A header with one of its values.
    pub fn header(mut self, name: &str, value: impl Into<Text>) -> Self {
        self.part().named.push((name.to_owned(), value.into()));
        self
    }

    with_payload!();
}

impl Http<Asking> {
    /// A query parameter with one of its values.
    pub fn query(mut self, name: &str, value: impl Into<Text>) -> Self {
        self.part().query.push((name.to_owned(), value.into()));
        self
    }

    /// A body of JSON that is equal to the example; what a consumer sends is known exactly.
    pub fn json(self, example: impl Serialize) -> Self {
        self.json_exact(example)
    }

    /// A body as HTML forms send it.
    pub fn form<'a>(mut self, fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        self.part().form(fields);
        self
    }

    /// A body of several parts, as browsers upload files; any boundary will do.
    pub fn multipart(mut self, parts: impl IntoIterator<Item = FormPart>) -> Self {
        self.part().multipart(parts);
        self
    }

    /// The provider answers with this status.
    pub fn replies(mut self, status: u16) -> Http<Answered> {
        self.exchange.status = status;
        self.next()
    }
}

impl Http<Answered> {
    /// A body of JSON of the same types as the example: a provider may change what it says, not how.
    pub fn json(self, example: impl Serialize) -> Self {
        self.json_like(example)
    }

    /// Leaves out of the contract what the consumer's own type does not read from the example: fields
    /// it does not have, with the rules for them. What was left out is named in the contract.
    ///
    /// Give it after the body and its rules. The mock answers with what is left, so the test shows
    /// that it is enough.
    ///
    /// ```
    /// # use pactwright::consumer::Pact;
    /// # use serde_json::json;
    /// #[derive(Debug, serde::Deserialize)]
    /// struct Title {
    ///     question: String,
    /// }
    ///
    /// let interaction = Pact::between("billing", "faq")
    ///     .http("the title of a FAQ")
    ///     .get("/faqs/7")
    ///     .replies(200)
    ///     .json(json!({"id": 7, "question": "Why?", "author": {"name": "A"}}))
    ///     .reads::<Title>();
    /// assert_eq!(interaction.left_out(), ["$.id", "$.author"]);
    /// ```
    pub fn reads<T: DeserializeOwned + Debug>(mut self) -> Self {
        self.exchange.response.reads::<T>();
        self
    }

    /// What [`reads`](Self::reads) has left out, as paths such as `$.items[*].price`.
    ///
    /// ```
    /// # use pactwright::consumer::Pact;
    /// # let faq = Pact::between("billing", "faq");
    /// let one = faq.http("one FAQ").get("/faqs/7").replies(200).json(serde_json::json!({"id": 7}));
    /// assert!(one.left_out().is_empty());
    /// ```
    #[must_use]
    pub fn left_out(&self) -> &[String] {
        &self.exchange.response.left_out
    }

    /// What must hold for the status, instead of being equal.
    pub fn status_rule(mut self, matcher: Matcher) -> Self {
        self.exchange.status_rule = Some(matcher);
        self
    }
}

impl Http<Answered> {
    /// Runs the consumer's code against a mock that answers as described, and records the
    /// interaction when the code succeeded and used it.
    ///
    /// The code succeeds when the closure returns `()` or `Ok`.
    ///
    /// ```
    /// # use pactwright::consumer::Pact;
    /// # let folder = tempfile::tempdir()?;
    /// # let faq = Pact::between("billing", "faq").in_repository(folder.path());
    /// let health = faq.http("a sign of life").get("/health").replies(200).text("ok");
    /// let said = health.run(|server| {
    ///     ureq::get(format!("{}/health", server.url())).call()?.body_mut().read_to_string()
    /// });
    /// assert_eq!(said, "ok");
    /// # Ok::<_, std::io::Error>(())
    /// ```
    ///
    /// # Panics
    /// With an explanation, at the line of the caller, when it did not; see
    /// [`try_run`](Self::try_run).
    #[track_caller]
    pub fn run<R: Closing>(self, code: impl FnOnce(&Server) -> R) -> R::Value {
        Scenario::of(self).run(code)
    }

    /// As [`run`](Self::run), and returns what is wrong.
    ///
    /// ```
    /// # use pactwright::consumer::{Failure, Pact};
    /// # let folder = tempfile::tempdir()?;
    /// # let faq = Pact::between("billing", "faq").in_repository(folder.path());
    /// let health = faq.http("a sign of life").get("/health").replies(200);
    /// let unused = health.try_run(|_| ()).expect_err("nobody asked");
    /// assert!(matches!(unused, Failure::NotKept { .. }));
    /// # Ok::<_, std::io::Error>(())
    /// ```
    ///
    /// # Errors
    /// The description is no sound contract, the code failed, asked for something else or did not
    /// use the interaction, or what it recorded cannot be written.
    #[track_caller]
    pub fn try_run<R: Closing>(self, code: impl FnOnce(&Server) -> R) -> Result<R::Value, Failure> {
        Scenario::of(self).try_run(code)
    }

    /// As [`run`](Self::run), for code that waits. Any executor will do.
    ///
    /// ```
    /// # use pactwright::consumer::Pact;
    /// # async fn fetch(url: String) -> Result<String, ureq::Error> { ureq::get(url).call()?.body_mut().read_to_string() }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let folder = tempfile::tempdir()?;
    /// # let faq = Pact::between("billing", "faq").in_repository(folder.path());
    /// let health = faq.http("a sign of life").get("/health").replies(200).text("ok");
    /// let said = health.run_async(async |server| fetch(format!("{}/health", server.url())).await).await;
    /// assert_eq!(said, "ok");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    /// As [`run`](Self::run); the message begins with the line of the caller.
    #[track_caller]
    pub fn run_async<R: Closing, F: AsyncFnOnce(&Server) -> R>(
        self,
        code: F,
    ) -> impl Future<Output = R::Value> {
        Scenario::of(self).run_async(code)
    }

    /// As [`try_run`](Self::try_run), for code that waits.
    ///
    /// ```
    /// # use pactwright::consumer::Pact;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let folder = tempfile::tempdir()?;
    /// # let faq = Pact::between("billing", "faq").in_repository(folder.path());
    /// let health = faq.http("a sign of life").get("/health").replies(200);
    /// assert!(health.try_run_async(async |_| ()).await.is_err());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`try_run`](Self::try_run).
    #[track_caller]
    pub fn try_run_async<R: Closing, F: AsyncFnOnce(&Server) -> R>(
        self,
        code: F,
    ) -> impl Future<Output = Result<R::Value, Failure>> {
        Scenario::of(self).try_run_async(code)
    }

    /// Another interaction that the same code uses; all of them have to be used.
    ///
    /// ```
    /// # use pactwright::consumer::Pact;
    /// # let folder = tempfile::tempdir()?;
    /// # let faq = Pact::between("billing", "faq").in_repository(folder.path());
    /// let first = faq.http("the first page").get("/faqs").query("page", "1").replies(200).text("1");
    /// let second = faq.http("the second page").get("/faqs").query("page", "2").replies(200).text("2");
    /// first.and(second).run(|server| -> Result<(), ureq::Error> {
    ///     ureq::get(format!("{}/faqs?page=1", server.url())).call()?;
    ///     ureq::get(format!("{}/faqs?page=2", server.url())).call()?;
    ///     Ok(())
    /// });
    /// # Ok::<_, std::io::Error>(())
    /// ```
    pub fn and(self, other: Self) -> Scenario {
        Scenario::of(self).and(other)
    }

    pub(super) fn into_draft(self) -> Draft {
        Draft { about: self.about, exchange: Exchange::Http(self.exchange) }
    }
}
