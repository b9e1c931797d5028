//! The builder: which provider, which contracts, and the ways to run it.

use std::path::Path;

use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::oneshot;

use super::error::VerifierError;
use super::selecting::Selecting;
use super::shared_pacts::SharedPacts;
use super::sharing::FromStore;
use super::verified::Verified;
use crate::replay::{Options, Selection, StateHandlers, Stop};
use crate::source;
use crate::verification::{self, Occasion, Outcome, Planned, Setup, Subject};

/// How one interaction is verified again from a test that calls [`Verifier::verify`].
const AGAIN_IN_CODE: &str = "add .only_interaction(\"{key}\") to the verifier";

/// Verifies a provider against what its consumers expect.
///
/// Nothing is read, started or sent before [`verify`](Self::verify),
/// [`verify_async`](Self::verify_async) or `run_tests` is called, and what contradicts itself is
/// refused there. Of a setting that is made twice, the last one counts;
/// what can be named several times adds up.
#[derive(Debug, Clone)]
#[must_use = "a verifier does nothing until it is run"]
pub struct Verifier {
    provider: String,
    pub(super) strict: bool,
    pub(super) setup: Setup,
    pub(super) selecting: Selecting,
    pub(super) in_order: bool,
    pub(super) shared: Option<SharedPacts>,
}

/// What is ready to run.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) planned: Planned,
    pub(super) options: Options,
    pub(super) occasion: Occasion,
    from_store: Option<FromStore>,
}

impl Verifier {
    /// A verifier for the provider with this name in the pacts.
    pub fn of(provider: impl Into<String>) -> Self {
        Self {
            provider: provider.into(),
            strict: false,
            // Commands run where the test runs: in the directory of the package.
            setup: Setup { directory: ".".into(), ..Setup::default() },
            selecting: Selecting::default(),
            in_order: false,
            shared: None,
        }
    }

    /// Adds pacts: a file, a directory, a pattern such as `pacts/**/*.json` or an address. Without
    /// any, `pacts` is read.
    ///
    /// An `owners.toml` beside them says whom a failure names as the one to call.
    pub fn pacts(mut self, path: impl AsRef<Path>) -> Self {
        self.setup.paths.push(path.as_ref().display().to_string());
        self
    }

    /// Presents a bearer token where pacts are fetched from an address.
    pub fn pacts_token(mut self, token: impl Into<String>) -> Self {
        self.setup.credentials = source::Credentials::Token(token.into());
        self
    }

    /// Presents a name and a password where pacts are fetched from an address.
    pub fn pacts_user(mut self, name: impl Into<String>, password: impl Into<String>) -> Self {
        self.setup.credentials = source::Credentials::User(name.into(), Some(password.into()));
        self
    }

    /// Treats warnings about pacts as errors.
    pub fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    /// Verifies everything that was selected, and waits for it.
    ///
    /// Inside `#[tokio::test]`, [`verify_async`](Self::verify_async) is for you. This one works there
    /// only with `flavor = "multi_thread"`: the only thread of the usual runtime cannot both wait
    /// here and let a provider answer, so there it is refused.
    ///
    /// # Errors
    /// A [`VerifierError`] when the verification could not be tried. What was found out, also that
    /// nothing could be found out, is in the report.
    pub fn verify(self) -> Result<Verified, VerifierError> {
        match Handle::try_current().map(|handle| handle.runtime_flavor()) {
            Ok(RuntimeFlavor::CurrentThread) => Err(VerifierError::WouldBlock),
            Ok(_) => tokio::task::block_in_place(|| self.run(&Stop::new())),
            Err(_) => self.run(&Stop::new()),
        }
    }

    /// Verifies everything that was selected, without blocking the thread of an asynchronous test,
    /// whatever its runtime. When the future is dropped, the run ends early and a provider that it
    /// has started is stopped.
    ///
    /// ```
    /// # use pactwright::verify::Verifier;
    /// # let pacts = tempfile::tempdir()?;
    /// # std::fs::write(pacts.path().join("billing-faq.json"), r#"{
    /// #     "consumer": { "name": "billing" }, "provider": { "name": "faq" },
    /// #     "interactions": [{
    /// #         "description": "a request for one FAQ",
    /// #         "request": { "method": "GET", "path": "/faqs/7" }, "response": { "status": 200 }
    /// #     }],
    /// #     "metadata": { "pactSpecification": { "version": "3.0.0" } }
    /// # }"#)?;
    /// # let pacts = pacts.path();
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
    /// // Inside #[tokio::test]:
    /// let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    /// let address = listener.local_addr()?;
    /// let faq = axum::Router::new().route("/faqs/7", axum::routing::get(|| async { "a FAQ" }));
    /// tokio::spawn(async { axum::serve(listener, faq).await });
    ///
    /// let verifier = Verifier::of("faq").pacts(pacts).at(format!("http://{address}"));
    /// verifier.verify_async().await?.assert_yes();
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`verify`](Self::verify).
    pub async fn verify_async(self) -> Result<Verified, VerifierError> {
        let (sender, receiver) = oneshot::channel();
        let stop = Stop::new();
        let _ended = EndedWhenDropped(stop.clone());
        let work = move || {
            // Nobody waits for it any more when the test was dropped.
            let _ = sender.send(self.run(&stop));
        };
        std::thread::Builder::new().name("pactwright".to_owned()).spawn(work)?;
        receiver.await.map_err(std::io::Error::other)?
    }

    fn run(self, stop: &Stop) -> Result<Verified, VerifierError> {
        let selection = self.selecting.selection()?;
        let prepared = self.prepare(&selection, AGAIN_IN_CODE)?;
        Ok(Verified::of(prepared.run(stop)?.report))
    }

    /// What is going to happen; `again` says how one interaction is verified again.
    pub(super) fn prepare(&self, selection: &Selection, again: &str) -> Result<Prepared, VerifierError> {
        let mut setup = self.setup.clone();
        if setup.state_url.is_none() && setup.state_command.is_none() {
            setup.state_closures.get_or_insert_with(StateHandlers::default);
        }
        let (from_store, subject) = match &self.shared {
            Some(_) if !setup.paths.is_empty() => {
                return Err(VerifierError::Shared("call either `pacts` or `store`".to_owned()));
            }
            Some(pacts) => {
                let (store, subject) = FromStore::read(pacts, &self.provider, self.selecting.asked())?;
                (Some(store), subject)
            }
            None => (None, self.of_files(&mut setup)?),
        };
        let planned = subject.plan(selection, self.in_order);
        let occasion = Occasion {
            owners: match &from_store {
                Some(store) => store.owners.clone(),
                None => source::owners(&setup.paths, &setup.directory)?,
            },
            strict: self.strict,
            // A test has no use for the time, and a library does not look at the clock.
            started_at: String::new(),
            command: "cargo test".to_owned(),
            again: Some(again.to_owned()),
            specified: None,
        };
        let options = setup.options(planned.plan.selected() > 0)?;
        Ok(Prepared { planned, options, occasion, from_store })
    }

    /// The contracts of files; those in `pacts` when none are named.
    fn of_files(&self, setup: &mut Setup) -> Result<Subject, VerifierError> {
        if setup.paths.is_empty() {
            setup.paths.push("pacts".to_owned());
        }
        let gathered = verification::gather(&setup.paths, &setup.access()?)?;
        // The provider is named, so there is only one.
        Ok(verification::about(gathered, Some(&self.provider)).map_err(std::io::Error::other)?)
    }
}

impl Prepared {
    pub(super) fn run(self, stop: &Stop) -> Result<Outcome, VerifierError> {
        let outcome = self.planned.run(self.options, self.occasion, stop, |_| {})?;
        if let Some(store) = &self.from_store {
            store.publish(&outcome)?;
        }
        Ok(outcome)
    }
}

/// Ends a run for which nobody waits any more.
struct EndedWhenDropped(Stop);

impl Drop for EndedWhenDropped {
    fn drop(&mut self) {
        self.0.now("nobody waits for the run any more");
    }
}
