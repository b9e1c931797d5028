//! Where the provider is and how it is talked to.

use std::path::Path;
use std::time::Duration;

use super::verifier::Verifier;
use crate::replay::OutgoingRequest;

/// Where the provider is.
impl Verifier {
    /// Says where the provider runs, such as `http://127.0.0.1:8080`.
    pub fn at(mut self, url: impl Into<String>) -> Self {
        self.setup.provider_url = Some(url.into());
        self
    }

    /// Starts the provider with a command, in which `{port}` stands for a free port that is also
    /// given as `PORT`, and stops it afterwards.
    pub fn start(mut self, command: impl Into<String>) -> Self {
        self.setup.start = Some(command.into());
        self
    }

    /// Runs this command first, without a deadline, to build the provider that is started.
    pub fn build(mut self, command: impl Into<String>) -> Self {
        self.setup.build = Some(command.into());
        self
    }

    /// Runs the commands in this directory; otherwise where the test runs.
    pub fn directory(mut self, path: impl AsRef<Path>) -> Self {
        path.as_ref().clone_into(&mut self.setup.directory);
        self
    }

    /// Waits until this address answers 2xx before a started provider is asked anything; otherwise
    /// until its port accepts. A path alone is asked of the provider.
    pub fn ready_url(mut self, url: impl Into<String>) -> Self {
        self.setup.ready_url = Some(url.into());
        self
    }

    /// Limits the time that a started provider may take to become ready; 30 seconds otherwise.
    pub fn ready_timeout(mut self, limit: Duration) -> Self {
        self.setup.ready_timeout = Some(limit);
        self
    }

    /// Starts several copies of the provider and shares the work among them.
    pub fn instances(mut self, copies: usize) -> Self {
        self.setup.instances = Some(copies);
        self
    }

    /// Puts this in front of every path.
    pub fn base_path(mut self, path: impl Into<String>) -> Self {
        self.setup.base_path = Some(path.into());
        self
    }

    /// Says where interactions go whose pact names this transport; a path alone is at the provider.
    pub fn transport(mut self, name: impl Into<String>, url: impl Into<String>) -> Self {
        self.setup.transports.push((name.into(), url.into()));
        self
    }
}

/// How the provider is talked to.
impl Verifier {
    /// Changes every request before it is sent, for example to put a valid token into it.
    ///
    /// ```
    /// # use pactwright::verify::Verifier;
    /// # let token = || "fresh";
    /// let verifier = Verifier::of("faq")
    ///     .at("http://127.0.0.1:8080")
    ///     .request_filter(move |request| {
    ///         request.set_header("Authorization", format!("Bearer {}", token()));
    ///     });
    /// ```
    pub fn request_filter(mut self, filter: impl Fn(&mut OutgoingRequest) + Send + Sync + 'static) -> Self {
        self.setup.hooks.set_request_filter(filter);
        self
    }

    /// Sends a header with every request, instead of the pact's own of the same name. Several of one
    /// name are all sent.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.setup.headers.push((name.into(), value.into()));
        self
    }

    /// Trusts the certificates in this PEM file, besides those of the machine.
    pub fn ca_file(mut self, path: impl AsRef<Path>) -> Self {
        self.setup.trust.ca_file = Some(path.as_ref().to_owned());
        self
    }

    /// Presents the certificate and the key in this PEM file.
    pub fn client_certificate(mut self, path: impl AsRef<Path>) -> Self {
        self.setup.trust.client_certificate = Some(path.as_ref().to_owned());
        self
    }

    /// Accepts any certificate.
    pub fn insecure_tls(mut self) -> Self {
        self.setup.trust.insecure = true;
        self
    }

    /// Speaks HTTP/2 from the first byte.
    pub fn http2(mut self) -> Self {
        self.setup.http2 = true;
        self
    }

    /// Follows redirects instead of judging them.
    pub fn follow_redirects(mut self) -> Self {
        self.setup.follow_redirects = true;
        self
    }
}
