//! What the code under test gets, and how it says that it has succeeded.

use std::error::Error;

/// The mock that stands in for the provider.
#[derive(Debug)]
pub struct Server {
    pub(super) url: String,
}

impl Server {
    /// Its base address, without a slash at the end: `http://127.0.0.1:41234`.
    ///
    /// ```
    /// # use pactwright::consumer::Pact;
    /// # let folder = tempfile::tempdir()?;
    /// # let faq = Pact::between("billing", "faq").in_repository(folder.path());
    /// faq.http("a sign of life").get("/health").replies(204).run(|server| {
    ///     ureq::get(format!("{}/health", server.url())).call().map(drop)
    /// });
    /// # Ok::<_, std::io::Error>(())
    /// ```
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

/// What a test may return: `()`, or a `Result` whose `Ok` is handed on.
#[diagnostic::on_unimplemented(
    message = "the code of a test returns `()` or a `Result`, and this returns `{Self}`",
    label = "this closure has to end with `;`, or with the `Result` itself instead of `unwrap`",
    note = "the value of an `Ok` is what `run` returns"
)]
pub trait Closing {
    /// What is handed on.
    type Value;

    /// The value, or why the code has failed.
    ///
    /// # Errors
    /// The code's own error.
    fn closing(self) -> Result<Self::Value, Box<dyn Error + Send + Sync>>;
}

impl Closing for () {
    type Value = ();

    fn closing(self) -> Result<(), Box<dyn Error + Send + Sync>> {
        Ok(())
    }
}

/// What a closure returns that ends in `todo!()` or `panic!()`. The type has no stable name of its own yet,
/// but it is what such a function returns.
type Never = <fn() -> ! as Returns>::Value;

/// What a function returns.
pub trait Returns {
    /// The type of it.
    type Value;
}

impl<T> Returns for fn() -> T {
    type Value = T;
}

impl Closing for Never {
    type Value = ();

    fn closing(self) -> Result<(), Box<dyn Error + Send + Sync>> {
        self
    }
}

impl<T, E: Into<Box<dyn Error + Send + Sync>>> Closing for Result<T, E> {
    type Value = T;

    fn closing(self) -> Result<T, Box<dyn Error + Send + Sync>> {
        self.map_err(Into::into)
    }
}
