//! A specification as far as contracts can be compared with it.
//!
//! Nothing is copied out of the document: a place in it is a JSON pointer, and `$ref`s are followed when
//! a place is looked at. Only references inside the document are followed.

use serde_json::Value;

use super::document::{NotRead, Source};
use super::json_schema::{PERHAPS_NULL, as_json_schema};
use super::validate::{Validators, has_write_only};
use crate::compat::Template;
use crate::contract::{join_index, join_key};
use crate::finding::Location;

/// References that are followed one after the other.
/// More addresses of one server than this are not looked at.
const MOST_URLS: usize = 64;
const LONGEST_CHAIN: usize = 32;

/// A specification.
#[derive(Debug)]
pub struct Spec {
    source: Source,
    /// The document, with what is special to OpenAPI 3.0 and Swagger 2 written as JSON Schema has it.
    pub(super) value: Value,
    pub(super) dialect: Dialect,
    base_paths: Vec<String>,
    operations: Vec<Operation>,
    unsupported: Vec<Unsupported>,
    pub(super) validators: Validators,
    /// True when there is anything that is sent and never answered.
    pub(super) has_write_only: bool,
}

/// Which rules a document follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    Swagger2,
    OpenApi3,
}

/// Something in a specification that is not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsupported {
    /// The keyword or reference.
    pub keyword: String,
    /// Where it stands first.
    pub location: Location,
    /// How often it stands in the document.
    pub times: usize,
}

/// One method of one path.
#[derive(Debug, Clone)]
pub(super) struct Operation {
    pub(super) template: Template,
    pub(super) path: String,
    pub(super) method: String,
    pub(super) place: String,
    /// The path item, whose parameters hold for all methods.
    pub(super) item: String,
}

/// A place in the document with its value; references are followed.
#[derive(Debug, Clone)]
pub(super) struct Place<'a> {
    pub(super) value: &'a Value,
    pub(super) pointer: String,
}

pub(super) const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Keywords of schemas that are not compared as sets.
pub(super) const UNSUPPORTED: [&str; 15] = [
    "not",
    "if",
    "patternProperties",
    "propertyNames",
    "dependencies",
    "dependentSchemas",
    "dependentRequired",
    "prefixItems",
    "contains",
    "unevaluatedProperties",
    "unevaluatedItems",
    "minProperties",
    "maxProperties",
    "$dynamicRef",
    "$recursiveRef",
];

impl Place<'_> {
    /// True for a reference that could not be followed.
    pub(super) fn leads_nowhere(&self) -> bool {
        self.value.get("$ref").is_some_and(Value::is_string)
    }
}

impl Spec {
    /// Reads a specification; `name` is how positions call it.
    ///
    /// # Errors
    /// [`NotRead`], for what is neither JSON nor YAML, or no specification of a known version.
    pub fn read(name: &str, bytes: Vec<u8>) -> Result<Self, NotRead> {
        let source = Source::parse(name, bytes)?;
        let dialect = dialect(source.value())
            .map_err(|message| NotRead { message, location: source.location("/openapi") })?;
        let is_json_schema = source.value().get("openapi").is_some_and(|version| {
            version.as_str().map_or_else(|| version.to_string(), str::to_owned).starts_with("3.1")
        });
        let value = as_json_schema(source.value(), is_json_schema);
        let mut spec = Self {
            base_paths: base_paths(&value),
            has_write_only: has_write_only(&value),
            value,
            source,
            dialect,
            operations: Vec::new(),
            unsupported: Vec::new(),
            validators: Validators::default(),
        };
        spec.operations = spec.all_operations();
        spec.unsupported = spec.all_unsupported();
        let has_paths =
            spec.value.get("paths").and_then(Value::as_object).is_some_and(|paths| !paths.is_empty());
        if spec.operations.is_empty() && !has_paths {
            let message = "the specification has no operations".to_owned();
            return Err(NotRead { message, location: spec.location("/paths") });
        }
        Ok(spec)
    }

    /// The file or address it was read from.
    #[must_use]
    pub fn name(&self) -> String {
        self.location("").file
    }

    /// What is not understood, by where it stands first.
    #[must_use]
    pub fn unsupported(&self) -> &[Unsupported] {
        &self.unsupported
    }

    /// The paths, with what varies in braces.
    #[must_use]
    pub fn templates(&self) -> Vec<Template> {
        let bases = || self.base_paths.iter().map(String::as_str).chain([""]);
        let all =
            self.operations.iter().flat_map(|one| bases().map(move |base| format!("{base}{}", one.path)));
        let mut paths: Vec<_> = all.collect();
        paths.sort();
        paths.dedup();
        paths.iter().map(|path| Template::parse(path)).collect()
    }

    /// Each operation as `GET /faqs/{id}`, in the order of the document.
    #[must_use]
    pub fn operation_names(&self) -> Vec<String> {
        self.operations.iter().map(|one| format!("{} {}", one.method, one.path)).collect()
    }

    pub(super) fn location(&self, pointer: &str) -> Location {
        self.source.location(pointer)
    }

    /// The operation for a path as it is sent, with the path without what is in front of all paths.
    /// Where two templates fit, the one with fewer variables is meant.
    pub(super) fn operation<'a>(&self, method: &str, path: &'a str) -> Option<(&Operation, &'a str)> {
        self.cut(path).find_map(|path| {
            let fitting =
                self.operations.iter().filter(|one| one.method == method && one.template.matches(path));
            fitting.min_by_key(|one| one.path.matches('{').count()).map(|operation| (operation, path))
        })
    }

    /// The path without what is in front of all paths, in every way there is, and as it is. What is only
    /// known as a template comes last.
    fn cut<'a>(&self, path: &'a str) -> impl Iterator<Item = &'a str> {
        let (templates, known): (Vec<_>, Vec<_>) =
            self.base_paths.iter().partition(|base| base.contains('{'));
        let behind = |bases: Vec<&String>| bases.into_iter().filter_map(|base| behind(base, path)).collect();
        let [known, templates]: [Vec<_>; 2] = [known, templates].map(behind);
        known.into_iter().chain([path]).chain(templates)
    }

    /// The methods that a path has, when it is known.
    pub(super) fn methods(&self, path: &str) -> Vec<&str> {
        let paths: Vec<_> = self.cut(path).collect();
        let is_known = |one: &&Operation| paths.iter().any(|path| one.template.matches(path));
        self.operations.iter().filter(is_known).map(|one| one.method.as_str()).collect()
    }

    pub(super) fn root(&self) -> Place<'_> {
        Place { value: &self.value, pointer: String::new() }
    }

    /// The place at a pointer, if there is one, with its reference followed.
    pub(super) fn place(&self, pointer: &str) -> Option<Place<'_>> {
        let value = self.value.pointer(pointer)?;
        Some(self.followed_or_left(Place { value, pointer: pointer.to_owned() }))
    }

    /// As [`Self::followed`]; a reference that leads nowhere is left in its place, so that nobody takes
    /// it for something that is not there.
    fn followed_or_left<'a>(&'a self, place: Place<'a>) -> Place<'a> {
        self.followed(place.clone()).unwrap_or(place)
    }

    /// What stands under a key.
    pub(super) fn get<'a>(&'a self, place: &Place<'a>, key: &str) -> Option<Place<'a>> {
        let value = place.value.get(key)?;
        Some(self.followed_or_left(Place { value, pointer: join_key(&place.pointer, key) }))
    }

    /// The items of a list.
    pub(super) fn items<'a>(&'a self, place: &Place<'a>) -> Vec<Place<'a>> {
        let items = place.value.as_array().into_iter().flatten().enumerate();
        let item = |(index, value)| Place { value, pointer: join_index(&place.pointer, index) };
        items.map(|one| self.followed_or_left(item(one))).collect()
    }

    /// The entries of an object.
    pub(super) fn entries<'a>(&'a self, place: &Place<'a>) -> Vec<(&'a str, Place<'a>)> {
        let entries = place.value.as_object().into_iter().flatten();
        let entry = |(key, value): (&'a String, &'a Value)| {
            let place = Place { value, pointer: join_key(&place.pointer, key) };
            (key.as_str(), self.followed_or_left(place))
        };
        entries.map(entry).collect()
    }

    /// True for a path that stands in another document.
    pub(super) fn is_elsewhere(&self, path: &str) -> bool {
        let wanted: Vec<_> = self.cut(path).collect();
        let paths = self.get(&self.root(), "paths");
        let mut entries = paths.iter().flat_map(|paths| self.entries(paths));
        entries.any(|(path, item)| {
            item.leads_nowhere() && wanted.iter().any(|wanted| Template::parse(path).matches(wanted))
        })
    }

    /// Follows references, as long as they lead somewhere in this document.
    pub(super) fn followed<'a>(&'a self, mut place: Place<'a>) -> Option<Place<'a>> {
        for _ in 0..LONGEST_CHAIN {
            let Some(reference) = place.value.get("$ref").and_then(Value::as_str) else { return Some(place) };
            let pointer = decoded(reference.strip_prefix('#')?);
            place = Place { value: self.value.pointer(&pointer)?, pointer };
        }
        None
    }

    fn all_operations(&self) -> Vec<Operation> {
        let mut operations = Vec::new();
        let paths = self.get(&self.root(), "paths");
        for (path, item) in paths.iter().flat_map(|paths| self.entries(paths)) {
            for method in METHODS {
                if let Some(place) = self.get(&item, method) {
                    operations.push(Operation {
                        template: Template::parse(path),
                        path: path.to_owned(),
                        method: method.to_uppercase(),
                        place: place.pointer,
                        item: item.pointer.clone(),
                    });
                }
            }
        }
        operations
    }

    fn all_unsupported(&self) -> Vec<Unsupported> {
        let mut found: Vec<(String, String)> = Vec::new();
        collect(&self.value, "", &mut |keyword, pointer| found.push((keyword, pointer)));
        let mut unsupported: Vec<Unsupported> = Vec::new();
        for (keyword, pointer) in found {
            if let Some(known) = unsupported.iter_mut().find(|known| known.keyword == keyword) {
                known.times += 1;
            } else {
                unsupported.push(Unsupported { keyword, location: self.location(&pointer), times: 1 });
            }
        }
        unsupported
    }
}

fn dialect(value: &Value) -> Result<Dialect, String> {
    let version = |key: &str| {
        value.get(key).map(|version| version.as_str().map_or_else(|| version.to_string(), str::to_owned))
    };
    match (version("openapi"), version("swagger")) {
        (Some(version), _) if version.starts_with("3.0") || version.starts_with("3.1") => {
            Ok(Dialect::OpenApi3)
        }
        (Some(version), _) => Err(format!("OpenAPI {version} is not known; 3.0, 3.1 and Swagger 2.0 are")),
        (None, Some(version)) if version.starts_with('2') => Ok(Dialect::Swagger2),
        (None, Some(version)) => Err(format!("Swagger {version} is not known; 2.0 and OpenAPI 3 are")),
        (None, None) => Err("this is no specification: neither `openapi` nor `swagger` is there".to_owned()),
    }
}

/// What stands in front of all paths. A variable stands for each of its values; one that may have any
/// stays in braces as well.
fn base_paths(value: &Value) -> Vec<String> {
    let servers = value.get("servers").and_then(Value::as_array).into_iter().flatten();
    let urls = servers.flat_map(urls);
    let paths = urls.map(|url| match url.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("", |at| &rest[at..]).to_owned(),
        // The variable is the host.
        None if url.starts_with('{') => url.find('/').map_or("", |at| &url[at..]).to_owned(),
        None => url,
    });
    let base = value.get("basePath").and_then(Value::as_str).map(str::to_owned);
    let all = paths.chain(base).map(|path| path.trim_end_matches('/').to_owned());
    all.filter(|path| !path.is_empty()).collect()
}

/// The addresses of a server, with the values of its variables put in.
fn urls(server: &Value) -> Vec<String> {
    let Some(url) = server.get("url").and_then(Value::as_str) else { return Vec::new() };
    let mut urls = vec![url.to_owned()];
    for (name, variable) in server.get("variables").and_then(Value::as_object).into_iter().flatten() {
        let listed = variable.get("enum").and_then(Value::as_array);
        let values = variable.get("default").into_iter().chain(listed.into_iter().flatten());
        let values: Vec<_> = values.filter_map(Value::as_str).collect();
        let (named, may_be_any) = (format!("{{{name}}}"), listed.is_none_or(Vec::is_empty));
        let filled = urls.iter().flat_map(|url| values.iter().map(|value| url.replace(&named, value)));
        let filled: Vec<_> = filled.take(MOST_URLS).collect();
        urls = if may_be_any { filled.into_iter().chain(urls).collect() } else { filled };
    }
    urls
}

/// The path behind what stands in front of all paths; `/apix` is not behind `/api`.
fn behind<'a>(base: &str, path: &'a str) -> Option<&'a str> {
    let rest = if base.contains('{') {
        let ends = path.match_indices('/').map(|(at, _)| at).filter(|at| *at > 0);
        let template = Template::parse(base);
        ends.map(|at| path.split_at(at)).find(|(front, _)| template.matches(front))?.1
    } else {
        path.strip_prefix(base)?
    };
    rest.starts_with('/').then_some(rest)
}

/// A pointer in a reference is part of an address, and is encoded like one.
fn decoded(pointer: &str) -> String {
    percent_encoding::percent_decode_str(pointer).decode_utf8_lossy().into_owned()
}

/// Visits keywords and references that are not understood. Examples and defaults hold no keywords.
fn collect(value: &Value, pointer: &str, found: &mut impl FnMut(String, String)) {
    match value {
        Value::Object(map) => {
            let is_names = ["/properties", "/paths", "/schemas", "/definitions", "/headers", "/responses"]
                .iter()
                .any(|end| pointer.ends_with(end));
            for (key, value) in map {
                let below = join_key(pointer, key);
                if is_names {
                    collect(value, &below, found);
                    continue;
                }
                match (key.as_str(), value) {
                    ("example" | "examples" | "default" | "enum" | "const", _) => {}
                    (key, _) if UNSUPPORTED.contains(&key) => found(key.to_owned(), below),
                    // Only in OpenAPI 3.1 is it still there.
                    ("nullable", Value::Bool(_)) => found("nullable".to_owned(), below),
                    ("$ref", Value::String(target)) if !target.starts_with('#') => {
                        found(format!("$ref to {target}"), below);
                    }
                    (PERHAPS_NULL, _) => found("nullable beside no type".to_owned(), pointer.to_owned()),
                    ("encoding", Value::Object(_)) => found("encoding".to_owned(), below),
                    _ => collect(value, &below, found),
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, &join_index(pointer, index), found);
            }
        }
        _ => {}
    }
}
