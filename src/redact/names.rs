//! Which names are secret, and how names are compared.

/// Names that are secret without being asked for, as [`normal`] spells them.
pub(super) const SECRET_NAMES: &[&str] = &[
    "accesstoken",
    "apikey",
    "authorization",
    "clientsecret",
    "cookie",
    "credentials",
    "idtoken",
    "passwd",
    "password",
    "privatekey",
    "proxyauthorization",
    "refreshtoken",
    "secret",
    "setcookie",
    "sig",
    "signature",
    "token",
    "xaccesstoken",
    "xamzcredential",
    "xamzsecuritytoken",
    "xamzsignature",
    "xapikey",
    "xauthtoken",
    "xcsrftoken",
    "xgitlabtoken",
    "xxsrftoken",
];

/// The names that a path in a body goes through.
pub(super) fn path_names(path: &str) -> impl Iterator<Item = &str> {
    path.split(|c: char| "$.[]'\"".contains(c)).filter(|name| !name.is_empty())
}

/// A name as all its spellings have it.
pub(super) fn normal(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '-' | '_')).flat_map(char::to_lowercase).collect()
}

/// True for what names are made of.
pub(super) fn is_name_char(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_')
}
