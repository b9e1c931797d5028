//! A provider over TLS that answers every request with 200 and always the same body.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

/// A certificate or key made for these tests.
pub(crate) fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/tls").join(name)
}

/// Starts a provider on a free port and returns its address; with `asks_who`, it talks only to those
/// who present the client's certificate.
pub(crate) fn provider(asks_who: bool) -> String {
    answering(asks_who, "")
}

/// The same with this body in each answer.
pub(crate) fn answering(asks_who: bool, body: &str) -> String {
    let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback port is free");
    let port = listener.local_addr().expect("it has an address").port();
    let config = Arc::new(config(asks_who));
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let (config, answer) = (Arc::clone(&config), answer.clone());
            thread::spawn(move || serve(stream, config, &answer));
        }
    });
    format!("https://localhost:{port}")
}

fn config(asks_who: bool) -> ServerConfig {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .expect("the provider supports the usual versions");
    let builder = if asks_who {
        let mut roots = RootCertStore::empty();
        roots.add(certificate("ca.pem")).expect("the certificate can be trusted");
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
        builder.with_client_cert_verifier(verifier.build().expect("there is a root"))
    } else {
        builder.with_no_client_auth()
    };
    let key = PrivateKeyDer::from_pem_file(file("server.key")).expect("the key can be read");
    builder
        .with_single_cert(vec![certificate("server.pem")], key)
        .expect("key and certificate belong together")
}

fn certificate(name: &str) -> CertificateDer<'static> {
    CertificateDer::from_pem_file(file(name)).expect("the certificate can be read")
}

/// Answers until the other side goes away or cannot be talked to.
fn serve(stream: TcpStream, config: Arc<ServerConfig>, answer: &str) -> Option<()> {
    let connection = ServerConnection::new(config).ok()?;
    let mut stream = BufReader::new(StreamOwned::new(connection, stream));
    loop {
        let mut line = String::new();
        while line != "\r\n" {
            line.clear();
            stream.read_line(&mut line).ok().filter(|read| *read > 0)?;
        }
        stream.get_mut().write_all(answer.as_bytes()).ok()?;
    }
}
