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

/// Why a text is no address of a server, or `None` when it is one.
#[must_use]
pub fn objection(url: &str) -> Option<String> {
    let scheme = url.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    if !matches!(scheme.as_deref(), Some("http" | "https")) {
        return Some("an address starts with http:// or https://".to_owned());
    }
    reqwest::Url::parse(url).err().map(|error| match error.to_string() {
        why if url.matches(':').count() > 2 && !url.contains('[') => {
            format!("{why}; an IPv6 address stands in brackets: http://[::1]:8080")
        }
        why => why,
    })
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
    fn a_text_that_is_no_address_is_told_why() {
        for address in ["http://a", "HTTPS://a:1/b?c", "http://[::1]:8080", "http://u:p@a"] {
            assert_eq!(objection(address), None, "{address}");
        }
        assert_eq!(objection("localhost:80").as_deref(), Some("an address starts with http:// or https://"));
        let brackets = objection("http://::1:80").unwrap_or_default();
        assert!(brackets.contains("stands in brackets"), "{brackets}");
        assert!(objection("http://a b").is_some());
        assert!(objection("http://").is_some());
    }

    #[test]
    fn a_path_starts_at_the_provider() {
        assert_eq!(absolute("http://a:1/base", "/states"), "http://a:1/base/states");
        assert_eq!(absolute("http://a:1", "http://b/states"), "http://b/states");
    }
}
