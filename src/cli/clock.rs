//! The only place that looks at the clock.

/// Now, in UTC, to the second, as RFC 3339 writes it.
pub(crate) fn now() -> String {
    let now = jiff::Timestamp::now();
    now.round(jiff::Unit::Second).unwrap_or(now).to_string()
}

/// The day in UTC.
pub(crate) fn today() -> jiff::civil::Date {
    jiff::tz::TimeZone::UTC.to_datetime(timestamp()).date()
}

/// Now, as exactly as the clock knows it.
pub(crate) fn timestamp() -> jiff::Timestamp {
    jiff::Timestamp::now()
}
