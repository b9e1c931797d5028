//! Free ports for the instances of a provider.
//!
//! All ports of a run are held until the last one is chosen, and none is handed out a second time
//! while this process may still use it, whoever else verifies at the same time.

use std::collections::BTreeSet;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, TcpListener};
use std::sync::{Mutex, PoisonError};

/// The ports that this process has handed out and not taken back.
static HANDED_OUT: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());

/// A port on both loopback addresses that belongs to one instance until this is dropped.
#[derive(Debug)]
pub(super) struct Port {
    number: u16,
    held: Vec<TcpListener>,
}

/// Chooses so many different free ports and holds them.
pub(super) fn reserve(count: usize) -> io::Result<Vec<Port>> {
    (0..count).map(|_| one()).collect()
}

fn one() -> io::Result<Port> {
    let mut taken = Vec::new();
    loop {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let number = listener.local_addr()?.port();
        // A machine may know no such address; nobody can listen there then.
        let beside = TcpListener::bind((Ipv6Addr::LOCALHOST, number));
        let is_free = !beside.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::AddrInUse);
        if is_free && HANDED_OUT.lock().unwrap_or_else(PoisonError::into_inner).insert(number) {
            return Ok(Port { number, held: [Some(listener), beside.ok()].into_iter().flatten().collect() });
        }
        // Held, so that it is not chosen again.
        taken.push(listener);
    }
}

impl Port {
    /// The number.
    pub(super) fn number(&self) -> u16 {
        self.number
    }

    /// Makes room for the process that is going to listen. Another one may be faster; the provider
    /// then ends and says so, and what answers in its place is not taken for it.
    pub(super) fn make_room(&mut self) {
        self.held.clear();
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        HANDED_OUT.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_held_until_there_has_to_be_room() {
        let mut ports = reserve(20).expect("there are free ports");
        let numbers: BTreeSet<u16> = ports.iter().map(Port::number).collect();
        assert_eq!(numbers.len(), 20);
        let bind = |number| TcpListener::bind((Ipv4Addr::LOCALHOST, number));
        assert!(numbers.iter().all(|number| bind(*number).is_err()));
        ports[0].make_room();
        assert!(bind(ports[0].number()).is_ok());
    }

    #[test]
    fn a_port_is_handed_out_again_only_when_it_was_given_back() {
        let mut port = reserve(1).expect("there are free ports").remove(0);
        port.make_room();
        let number = port.number();
        let others = reserve(200).expect("there are free ports");
        assert!(others.iter().all(|other| other.number() != number));
        drop(port);
        assert!(!HANDED_OUT.lock().expect("no thread panics with it").contains(&number));
    }
}
