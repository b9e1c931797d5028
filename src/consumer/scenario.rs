//! One or several interactions that the same code uses, run against one mock.

use std::any::Any;
use std::panic::{AssertUnwindSafe, Location, catch_unwind};
use std::sync::Arc;

use futures_util::FutureExt as _;

use super::expectation::Expectation;
use super::failure::Failure;
use super::http::{Answered, Http};
use super::session::{Closing, Server};
use super::verdict::verdict;
use crate::contract::Contract;
use crate::mock::{Mock, Options};

/// Interactions that are run together; each has to be used at least once.
///
/// Two interactions whose requests cannot be told apart are refused, for the mock could not say
/// which of them was used.
#[must_use = "interactions that are not run record nothing"]
#[derive(Debug, Clone)]
pub struct Scenario {
    interactions: Vec<Http<Answered>>,
}

/// What the code came to: its result, or its panic.
pub(super) type Ending<R> = Result<R, Box<dyn Any + Send>>;

impl Scenario {
    pub(super) fn of(interaction: Http<Answered>) -> Self {
        Self { interactions: vec![interaction] }
    }

    /// One more interaction.
    ///
    /// ```
    /// # use pactwright::consumer::Pact;
    /// # let faq = Pact::between("billing", "faq");
    /// let first = faq.http("the first page").get("/faqs").query("page", "1").replies(200);
    /// let second = faq.http("the second page").get("/faqs").query("page", "2").replies(200);
    /// let third = faq.http("the third page").get("/faqs").query("page", "3").replies(404);
    /// let all = first.and(second).and(third);
    /// ```
    pub fn and(mut self, interaction: Http<Answered>) -> Self {
        self.interactions.push(interaction);
        self
    }

    /// Runs the consumer's code, as [`Http::run`] does.
    ///
    /// ```
    /// # use pactwright::consumer::Pact;
    /// # let folder = tempfile::tempdir()?;
    /// # let faq = Pact::between("billing", "faq").in_repository(folder.path());
    /// let first = faq.http("the first page").get("/faqs").query("page", "1").replies(200);
    /// let second = faq.http("the second page").get("/faqs").query("page", "2").replies(200);
    /// first.and(second).run(|server| -> Result<(), ureq::Error> {
    ///     ureq::get(format!("{}/faqs?page=1", server.url())).call()?;
    ///     ureq::get(format!("{}/faqs?page=2", server.url())).call()?;
    ///     Ok(())
    /// });
    /// # Ok::<_, std::io::Error>(())
    /// ```
    ///
    /// # Panics
    /// As [`Http::run`].
    #[track_caller]
    pub fn run<R: Closing>(self, code: impl FnOnce(&Server) -> R) -> R::Value {
        match self.try_run(code) {
            Ok(value) => value,
            Err(failure) => failure.raise(),
        }
    }

    /// Runs the consumer's code, as [`Http::try_run`] does.
    ///
    /// ```
    /// # use pactwright::consumer::Pact;
    /// # let folder = tempfile::tempdir()?;
    /// # let faq = Pact::between("billing", "faq").in_repository(folder.path());
    /// let first = faq.http("the first page").get("/faqs").query("page", "1").replies(200);
    /// let second = faq.http("the second page").get("/faqs").query("page", "2").replies(200);
    /// assert!(first.and(second).try_run(|_| ()).is_err(), "nobody asked");
    /// # Ok::<_, std::io::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Http::try_run`].
    pub fn try_run<R: Closing>(self, code: impl FnOnce(&Server) -> R) -> Result<R::Value, Failure> {
        let session = Session::start(self.interactions)?;
        let ending = catch_unwind(AssertUnwindSafe(|| code(&session.server)));
        let record = session.mock.stop();
        let value = verdict(&session.expectations, &record, ending)?;
        session.expectations.iter().try_for_each(Expectation::record)?;
        Ok(value)
    }

    /// Runs the consumer's code, as [`Http::run_async`] does.
    ///
    /// ```
    /// # use pactwright::consumer::Pact;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let folder = tempfile::tempdir()?;
    /// # let faq = Pact::between("billing", "faq").in_repository(folder.path());
    /// let first = faq.http("the first page").get("/faqs").query("page", "1").replies(200);
    /// let second = faq.http("the second page").get("/faqs").query("page", "2").replies(200);
    /// first.and(second).run_async(async |server| -> Result<(), ureq::Error> {
    ///     ureq::get(format!("{}/faqs?page=1", server.url())).call()?;
    ///     ureq::get(format!("{}/faqs?page=2", server.url())).call()?;
    ///     Ok(())
    /// }).await;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    /// As [`Http::run_async`].
    #[track_caller]
    pub fn run_async<R: Closing, F: AsyncFnOnce(&Server) -> R>(
        self,
        code: F,
    ) -> impl Future<Output = R::Value> {
        let at = Location::caller();
        let outcome = self.try_run_async(code);
        async move {
            match outcome.await {
                Ok(value) => value,
                Err(failure) => failure.raise_for(at),
            }
        }
    }

    /// Runs the consumer's code, as [`Http::try_run_async`] does.
    ///
    /// ```
    /// # use pactwright::consumer::Pact;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let folder = tempfile::tempdir()?;
    /// # let faq = Pact::between("billing", "faq").in_repository(folder.path());
    /// let first = faq.http("the first page").get("/faqs").query("page", "1").replies(200);
    /// let second = faq.http("the second page").get("/faqs").query("page", "2").replies(200);
    /// assert!(first.and(second).try_run_async(async |_| ()).await.is_err(), "nobody asked");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Http::try_run`].
    pub async fn try_run_async<R: Closing, F: AsyncFnOnce(&Server) -> R>(
        self,
        code: F,
    ) -> Result<R::Value, Failure> {
        let session = Session::start(self.interactions)?;
        let ending = AssertUnwindSafe(code(&session.server)).catch_unwind().await;
        let record = session.mock.stopped().await;
        let value = verdict(&session.expectations, &record, ending)?;
        session.expectations.iter().try_for_each(Expectation::record)?;
        Ok(value)
    }
}

/// Refuses interactions whose requests cannot be told apart: the one's example meets the other.
fn refuse_twins(expectations: &[Expectation]) -> Result<(), Failure> {
    for (index, second) in expectations.iter().enumerate() {
        let is_twin = |first: &&Expectation| first.is_met_by(second) && second.is_met_by(first);
        if let Some(first) = expectations[..index].iter().find(is_twin) {
            return Err(Failure::Indistinguishable { first: first.named(), second: second.named() });
        }
    }
    Ok(())
}

/// A mock with what it expects.
struct Session {
    expectations: Vec<Expectation>,
    mock: Mock,
    server: Server,
}

impl Session {
    fn start(interactions: Vec<Http<Answered>>) -> Result<Self, Failure> {
        let drafts = interactions.into_iter().map(Http::into_draft);
        let expectations: Vec<Expectation> =
            drafts.map(|draft| Expectation::read(&draft)).collect::<Result<_, _>>()?;
        refuse_twins(&expectations)?;
        let contracts: Vec<Arc<Contract>> =
            expectations.iter().map(|expectation| Arc::clone(&expectation.contract)).collect();
        let mock = Mock::start(&contracts, Options::default()).map_err(Failure::NoMock)?;
        let server = Server { url: mock.url().to_owned() };
        Ok(Self { expectations, mock, server })
    }
}
