//! What a fact is called, and with that its place in time.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, UNIX_EPOCH};

use jiff::Timestamp;
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use ulid::Ulid;

/// The name of a fact: a ULID, which begins with the time in milliseconds and ends at random. The order
/// of ids is the order of time, and every store agrees on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FactId(Ulid);

impl FactId {
    /// When the fact was recorded, to the millisecond.
    #[must_use]
    pub fn at(self) -> Timestamp {
        // 48 bits of milliseconds lead past the year 9999, where time ends for us.
        i64::try_from(self.0.timestamp_ms())
            .ok()
            .and_then(|millis| Timestamp::from_millisecond(millis).ok())
            .unwrap_or(Timestamp::MAX)
    }

    /// The same for people and reports: RFC 3339 in UTC, to the second.
    #[must_use]
    pub fn moment(self) -> String {
        self.at().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }

    /// The year and month in UTC, as `2026-11`.
    #[must_use]
    pub fn month(self) -> String {
        self.at().strftime("%Y-%m").to_string()
    }
}

impl fmt::Display for FactId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0.to_string())
    }
}

/// A text is not the 26 letters of a ULID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the id of a fact is a ULID, of 26 letters and digits in upper case")]
pub struct InvalidId;

impl FromStr for FactId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let id = Ulid::from_string(text).map_err(|_| InvalidId)?;
        // One spelling only: file names are compared as text.
        if id.to_string() == text { Ok(Self(id)) } else { Err(InvalidId) }
    }
}

/// As text where people read it, as a number elsewhere.
impl Serialize for FactId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            serializer.serialize_bytes(&self.0.to_bytes())
        }
    }
}

/// Reads all of them at once: serde reads an array byte by byte, which shows where there are many facts.
struct SixteenBytes;

impl Visitor<'_> for SixteenBytes {
    type Value = [u8; 16];

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("16 bytes")
    }

    fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<[u8; 16], E> {
        bytes.try_into().map_err(|_| E::invalid_length(bytes.len(), &self))
    }
}

impl<'de> Deserialize<'de> for FactId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
        } else {
            deserializer.deserialize_bytes(SixteenBytes).map(|bytes| Self(Ulid::from_bytes(bytes)))
        }
    }
}

/// Makes ids that grow: two that are made one after the other sort in this order.
#[derive(Debug, Default)]
pub struct Ids {
    last: Option<Ulid>,
}

impl Ids {
    /// Nothing was named yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What is named from now on comes after this, whatever the clock says: who has read a fact knows of it.
    pub fn follow(&mut self, known: FactId) {
        self.last = self.last.max(Some(known.0));
    }

    /// A new id for something that happens at `now`.
    ///
    /// When the clock has not moved on since the last one, or has gone back, the id follows the
    /// last one directly.
    pub fn next(&mut self, now: Timestamp) -> FactId {
        let millis = u64::try_from(now.as_millisecond()).unwrap_or_default();
        let fresh = Ulid::from_datetime(UNIX_EPOCH + Duration::from_millis(millis));
        let id = match self.last {
            Some(last) if fresh.timestamp_ms() <= last.timestamp_ms() => last.increment().unwrap_or(fresh),
            _ => fresh,
        };
        self.last = Some(id);
        FactId(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_grow_and_know_their_time() {
        let now: Timestamp = "2026-11-25T01:02:03.004Z".parse().expect("a time");
        let mut ids = Ids::new();
        let (one, two) = (ids.next(now), ids.next(now));
        let three = ids.next(now - jiff::SignedDuration::from_secs(60));
        assert!(one < two && two < three);
        let mut behind = Ids::new();
        behind.follow(three);
        assert!(behind.next(now - jiff::SignedDuration::from_hours(1)) > three);
        assert_eq!((one.at(), one.month().as_str()), (now, "2026-11"));
    }

    #[test]
    fn an_id_has_one_spelling() {
        let id = "01KAW3D0V8Q4T6Z9M2N5X7C1BE";
        assert_eq!(id.parse::<FactId>().map(|id| id.to_string()), Ok(id.to_owned()));
        assert_eq!(id.to_lowercase().parse::<FactId>(), Err(InvalidId));
        assert_eq!("1".parse::<FactId>(), Err(InvalidId));
    }
}
