//! A provider for tests that is told by a table what to answer, and remembers every byte it was
//! asked.
//!
//! It speaks just enough HTTP/1.1 by hand: a server library would tidy up what it received, and
//! could not send the broken answers that a verifier has to survive.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// The first byte of a TLS connection.
const TLS_HANDSHAKE: u8 = 22;

/// A provider on a free loopback port; it stops listening when it is dropped.
pub(crate) struct Provider {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    answering: Box<dyn Fn(&Asked) -> Answer + Send + Sync>,
    asked: Mutex<Vec<Asked>>,
    connections: AtomicUsize,
    stopped: AtomicBool,
}

/// One request as it came over the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    /// Request line and headers with their line ends, without the empty line. Each byte is one
    /// character (Latin-1), so that nothing is lost.
    pub(crate) head: String,
    /// The body, without its transfer coding.
    pub(crate) body: Vec<u8>,
}

/// What to send back.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    /// These bytes; the connection stays open.
    Whole(Vec<u8>),
    /// These bytes, then the connection is closed.
    Broken(Vec<u8>),
    /// Nothing, until the other side gives up.
    Silence,
    /// Nothing: the whole process ends with this status, and says so.
    Exit(i32),
}

impl Provider {
    /// Starts a provider. A row is `GET /path?query`, exactly as it will be asked, with what to
    /// answer the first time, the second time, and so on; the last answer repeats. Anything else
    /// is answered with 404.
    pub(crate) fn start(table: &[(&str, &[Answer])]) -> Self {
        Self::start_on(("127.0.0.1", 0), table)
    }

    /// As [`Self::start`], where somebody else chose.
    pub(crate) fn start_on(place: (&str, u16), table: &[(&str, &[Answer])]) -> Self {
        Self::start_after(place, table, |_| {})
    }

    /// As [`Self::start_on`]; something is done before each answer.
    pub(crate) fn start_after(
        place: (&str, u16),
        table: &[(&str, &[Answer])],
        before: impl Fn(&Asked) + Send + Sync + 'static,
    ) -> Self {
        let table: Vec<_> =
            table.iter().map(|(row, answers)| ((*row).to_owned(), answers.to_vec())).collect();
        let table = Mutex::new(table);
        Self::answering_at(place, move |asked| {
            before(asked);
            from_table(&mut table.lock().expect("no thread panics with it"), asked)
        })
    }

    /// Starts a provider that asks a closure what to answer.
    pub(crate) fn answering(answering: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Self {
        Self::answering_at(("127.0.0.1", 0), answering)
    }

    fn answering_at(
        place: (&str, u16),
        answering: impl Fn(&Asked) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind(place).expect("the loopback port is free");
        let address = listener.local_addr().expect("it listens");
        let shared = Arc::new(Shared {
            answering: Box::new(answering),
            asked: Mutex::default(),
            connections: AtomicUsize::new(0),
            stopped: AtomicBool::new(false),
        });
        let accepting = Arc::clone(&shared);
        thread::spawn(move || accept(&listener, &accepting));
        Self { address, shared }
    }

    /// Its address, without a slash at the end.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many connections were made to it so far.
    pub(crate) fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// Everything it was asked so far, in order.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.shared.asked.lock().expect("no thread panics with it").clone()
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        // Wakes the thread that accepts.
        let _ = TcpStream::connect(self.address);
    }
}

impl Asked {
    /// `GET /path HTTP/1.1`.
    pub(crate) fn request_line(&self) -> &str {
        self.head.lines().next().unwrap_or_default()
    }

    /// `GET /path`: how tables call a request.
    pub(crate) fn row(&self) -> &str {
        self.request_line().trim_end_matches(" HTTP/1.1")
    }

    /// The values of a header, in the order in which they came.
    pub(crate) fn header(&self, name: &str) -> Vec<&str> {
        let headers = self.head.lines().skip(1).filter_map(|line| line.split_once(':'));
        headers.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).collect()
    }
}

impl Answer {
    /// A JSON body with a status.
    pub(crate) fn json(status: u16, body: &serde_json::Value) -> Self {
        Self::with(status, &[("Content-Type", "application/json")], body.to_string().as_bytes())
    }

    /// What a request gets that nobody has foreseen.
    pub(crate) fn unknown(row: &str) -> Self {
        Self::with(404, &[("Content-Type", "text/plain")], format!("no row `{row}`").as_bytes())
    }

    /// A status, headers and a body.
    pub(crate) fn with(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Self {
        let headers: Vec<_> = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let length = body.len();
        let head =
            format!("HTTP/1.1 {status} Status\r\n{}Content-Length: {length}\r\n\r\n", headers.concat());
        Self::Whole([head.as_bytes(), body].concat())
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        if shared.stopped.load(Ordering::SeqCst) {
            return;
        }
        shared.connections.fetch_add(1, Ordering::SeqCst);
        let (Ok(stream), shared) = (stream, Arc::clone(shared)) else { return };
        thread::spawn(move || serve(stream, &shared));
    }
}

/// Answers on one connection until either side closes it.
fn serve(mut stream: TcpStream, shared: &Shared) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    loop {
        if reader.fill_buf().ok()?.first() == Some(&TLS_HANDSHAKE) {
            // What an ordinary server says to somebody who speaks TLS to it.
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
            return None;
        }
        let asked = read_request(&mut reader)?;
        let answer = shared.answer(asked);
        match answer {
            Answer::Whole(bytes) => stream.write_all(&bytes).ok()?,
            Answer::Broken(bytes) => {
                stream.write_all(&bytes).ok()?;
                return None;
            }
            Answer::Exit(status) => {
                // Nobody may be listening any more.
                let _ = writeln!(std::io::stderr(), "the provider gives up");
                exit(status);
            }
            Answer::Silence => {
                // Ends when the other side closes.
                let _ = reader.read(&mut [0]);
                return None;
            }
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    clippy::exit,
    reason = "a provider that dies is what some tests are about"
)]
fn exit(status: i32) -> ! {
    std::process::exit(status)
}

impl Shared {
    fn answer(&self, asked: Asked) -> Answer {
        let answer = (self.answering)(&asked);
        self.asked.lock().expect("no thread panics with it").push(asked);
        answer
    }
}

fn from_table(table: &mut [(String, Vec<Answer>)], asked: &Asked) -> Answer {
    let row = asked.row();
    match table.iter_mut().find(|(wanted, answers)| wanted == row && !answers.is_empty()) {
        Some((_, answers)) if answers.len() > 1 => answers.remove(0),
        Some((_, answers)) => answers[0].clone(),
        None => Answer::unknown(row),
    }
}

fn read_request(reader: &mut impl BufRead) -> Option<Asked> {
    let mut head = String::new();
    loop {
        let mut line = Vec::new();
        reader.read_until(b'\n', &mut line).ok()?;
        match line.as_slice() {
            [] => return None,
            b"\r\n" => break,
            line => head.extend(line.iter().copied().map(char::from)),
        }
    }
    let mut asked = Asked { head, body: Vec::new() };
    asked.body = if asked.header("Transfer-Encoding").contains(&"chunked") {
        read_chunks(reader)?
    } else {
        let length = asked.header("Content-Length").first().and_then(|length| length.parse().ok());
        read_exactly(reader, length.unwrap_or(0))?
    };
    Some(asked)
}

fn read_chunks(reader: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let length = usize::from_str_radix(line.trim(), 16).ok()?;
        body.extend(read_exactly(reader, length)?);
        reader.read_line(&mut line).ok()?;
        if length == 0 {
            return Some(body);
        }
    }
}

fn read_exactly(reader: &mut impl BufRead, length: usize) -> Option<Vec<u8>> {
    let mut bytes = vec![0; length];
    reader.read_exact(&mut bytes).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Sends each text over one connection and returns everything that comes back.
    fn exchange(provider: &Provider, requests: &[&str]) -> String {
        let mut stream = TcpStream::connect(provider.address).expect("it listens");
        for request in requests {
            stream.write_all(request.as_bytes()).expect("it can be sent");
        }
        stream.shutdown(std::net::Shutdown::Write).expect("it can be closed");
        let mut answers = String::new();
        stream.read_to_string(&mut answers).expect("it answers");
        answers
    }

    #[test]
    fn it_answers_as_the_table_says_and_the_last_answer_repeats() {
        let answers = [Answer::json(500, &json!({})), Answer::with(204, &[("X-A", "b")], b"")];
        let provider = Provider::start(&[("GET /a?b=1", &answers)]);
        let request = "GET /a?b=1 HTTP/1.1\r\n\r\n";
        insta::assert_snapshot!(exchange(&provider, &[request, request, request]).replace('\r', ""), @"
        HTTP/1.1 500 Status
        Content-Type: application/json
        Content-Length: 2

        {}HTTP/1.1 204 Status
        X-A: b
        Content-Length: 0

        HTTP/1.1 204 Status
        X-A: b
        Content-Length: 0
        ");
        insta::assert_snapshot!(exchange(&provider, &["GET /a HTTP/1.1\r\n\r\n"]).replace('\r', ""), @"
        HTTP/1.1 404 Status
        Content-Type: text/plain
        Content-Length: 15

        no row `GET /a`
        ");
    }

    #[test]
    fn it_remembers_every_byte_it_was_asked() {
        let provider = Provider::start(&[]);
        let chunked = "PUT /%7E?b&a HTTP/1.1\r\nx-Odd:  \u{e9} \r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
        let _ = exchange(&provider, &[chunked, "POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi"]);
        let asked = provider.asked();
        assert_eq!(asked[0].request_line(), "PUT /%7E?b&a HTTP/1.1");
        assert_eq!(
            asked[0].head,
            "PUT /%7E?b&a HTTP/1.1\r\nx-Odd:  \u{c3}\u{a9} \r\nTransfer-Encoding: chunked\r\n"
        );
        assert_eq!(asked[0].header("X-Odd"), ["\u{c3}\u{a9}"]);
        assert_eq!(asked.iter().map(|asked| asked.body.as_slice()).collect::<Vec<_>>(), [&b"abc"[..], b"hi"]);
        assert_eq!(provider.url(), format!("http://{}", provider.address));
    }

    #[test]
    fn it_can_break_off_and_say_nothing() {
        let broken = Answer::Broken(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf".to_vec());
        let provider = Provider::start(&[("GET /half", &[broken]), ("GET /never", &[Answer::Silence])]);
        let mut stream = TcpStream::connect(provider.address).expect("it listens");
        stream.write_all(b"GET /half HTTP/1.1\r\n\r\n").expect("it can be sent");
        let mut half = String::new();
        stream.read_to_string(&mut half).expect("the provider closes the connection");
        assert!(half.ends_with("\r\n\r\nhalf"), "{half}");
        assert_eq!(exchange(&provider, &["GET /never HTTP/1.1\r\n\r\n"]), "");
    }
}
