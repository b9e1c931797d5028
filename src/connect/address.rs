//! Addresses as text: `http://host:port/path?query`.

/// An address as the part that names the server and the part that names what is asked of it.
///
/// ```
/// # use pactwright::connect::split;
/// assert_eq!(split("http://[::1]:1/b/c?d"), ("http://[::1]:1", "/b/c?d"));
/// ```
#[must_use]
pub fn split(url: &str) -> (&str, &str) {
    let start = url.find("://").map_or(0, |scheme| scheme + 3);
    match url[start..].find(['/', '?']) {
        Some(path) => url.split_at(start + path),
        None => (url, "/"),
    }
}

/// An address that may start at another one, which has no slash at its end.
#[must_use]
pub fn absolute(base: &str, url: &str) -> String {
    if url.starts_with('/') { format!("{base}{url}") } else { url.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_split_where_its_path_starts() {
        assert_eq!(split("http://a:1/b/c?d"), ("http://a:1", "/b/c?d"));
        assert_eq!(split("http://a:1?d"), ("http://a:1", "?d"));
        assert_eq!(split("http://a:1"), ("http://a:1", "/"));
    }

    #[test]
    fn a_path_starts_at_the_provider() {
        assert_eq!(absolute("http://a:1/base", "/states"), "http://a:1/base/states");
        assert_eq!(absolute("http://a:1", "http://b/states"), "http://b/states");
    }
}
