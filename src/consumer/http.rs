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
#[must_use = "an interaction that is not run records nothing"]
#[derive(Debug, Clone)]
pub struct Http<Step> {
    about: About,
    http: draft::Http,
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
        Http { about: self.about, http: self.http, step: PhantomData }
    }
}

impl Http<Described> {
    pub(super) fn new(about: About) -> Self {
        let http = draft::Http {
            method: Text::from("GET"),
            path: Text::from("/"),
            request: Part::default(),
            status: 200,
            status_rule: None,
            response: Part::default(),
        };
        Self { about, http, step: PhantomData }
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
        self.http.method = method.into();
        self.http.path = path.into();
        self.next()
    }
}

impl<Step: Side> Http<Step> {
    fn part(&mut self) -> &mut Part {
        if Step::ANSWERS { &mut self.http.response } else { &mut self.http.request }
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
        self.http.status = status;
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
    pub fn reads<T: DeserializeOwned + Debug>(mut self) -> Self {
        self.http.response.reads::<T>();
        self
    }

    /// What [`reads`](Self::reads) has left out, as paths such as `$.items[*].price`.
    #[must_use]
    pub fn left_out(&self) -> &[String] {
        &self.http.response.left_out
    }

    /// What must hold for the status, instead of being equal.
    pub fn status_rule(mut self, matcher: Matcher) -> Self {
        self.http.status_rule = Some(matcher);
        self
    }
}

impl Http<Answered> {
    /// Runs the consumer's code against a mock that answers as described, and records the
    /// interaction when the code succeeded and used it.
    ///
    /// The code succeeds when the closure returns `()` or `Ok`.
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
    /// # Errors
    /// The description is no sound contract, the code failed, asked for something else or did not
    /// use the interaction, or what it recorded cannot be written.
    #[track_caller]
    pub fn try_run<R: Closing>(self, code: impl FnOnce(&Server) -> R) -> Result<R::Value, Failure> {
        Scenario::of(self).try_run(code)
    }

    /// As [`run`](Self::run), for code that waits. Any executor will do.
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
    pub fn and(self, other: Self) -> Scenario {
        Scenario::of(self).and(other)
    }

    pub(super) fn into_draft(self) -> Draft {
        Draft { about: self.about, exchange: Exchange::Http(self.http) }
    }
}
