//! The places in an XML example at which the matcher looks for rules.
//!
//! As in the reference implementation: an element is named without its position, by its namespace and
//! local name; below it stand its attributes as `@name`, and its text as `#text`.

use std::collections::BTreeSet;

use quick_xml::NsReader;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{QName, ResolveResult};

use crate::contract::path::Step;

/// The ways to places in a document.
pub(super) type Places = BTreeSet<Vec<Step>>;

/// The deepest place that is noted. Each is noted with the whole way to it, so that a document that is
/// nested without end would take the square of its length.
const DEEPEST: usize = 256;

/// Every place of a document that a rule can be for; `None` when this is not XML, or nested too deeply.
pub(super) fn places(xml: &str) -> Option<Places> {
    let mut reader = NsReader::from_str(xml);
    let mut places = Places::new();
    let mut here = Vec::new();
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => enter(&reader, &start, &mut here, &mut places)?,
            Event::Empty(start) => {
                enter(&reader, &start, &mut here, &mut places)?;
                here.pop();
            }
            Event::End(_) => drop(here.pop()),
            Event::Eof => return Some(places),
            _ => {}
        }
    }
}

/// Goes into an element and notes it, its attributes and its text.
fn enter(
    reader: &NsReader<&[u8]>,
    start: &BytesStart<'_>,
    here: &mut Vec<Step>,
    places: &mut Places,
) -> Option<()> {
    let (namespace, _) = reader.resolver().resolve_element(start.name());
    here.push(Step::Key(named(&namespace, start.name())));
    if here.len() > DEEPEST {
        return None;
    }
    places.insert(here.clone());
    places.insert(with(here, "#text".to_owned()));
    for attribute in start.attributes() {
        let key = attribute.ok()?.key;
        if key.as_namespace_binding().is_none() {
            let (namespace, _) = reader.resolver().resolve_attribute(key);
            places.insert(with(here, format!("@{}", named(&namespace, key))));
        }
    }
    Some(())
}

fn with(here: &[Step], last: String) -> Vec<Step> {
    let mut place = here.to_vec();
    place.push(Step::Key(last));
    place
}

fn named(namespace: &ResolveResult<'_>, name: QName<'_>) -> String {
    let local = name.local_name();
    match namespace {
        ResolveResult::Bound(namespace) => format!("{}:{}", namespace.as_ref(), local.as_ref()),
        ResolveResult::Unbound | ResolveResult::Unknown(_) => local.as_ref().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::path::display_steps;

    fn shown(xml: &str) -> Option<String> {
        let lines = places(xml)?.iter().map(|steps| display_steps(steps)).collect::<Vec<_>>();
        Some(lines.join("\n"))
    }

    #[test]
    fn an_element_stands_with_its_attributes_and_text_and_a_second_one_of_its_name_with_it() {
        let xml = "<?xml version='1.0'?><faqs xmlns='urn:f' xmlns:o='urn:o'><faq id='1' o:a='2'/><faq>7</faq></faqs>";
        insta::assert_snapshot!(shown(xml).expect("XML"), @r"
        $.urn:f:faqs
        $.urn:f:faqs.#text
        $.urn:f:faqs.urn:f:faq
        $.urn:f:faqs.urn:f:faq.#text
        $.urn:f:faqs.urn:f:faq.@id
        $.urn:f:faqs.urn:f:faq.@urn:o:a
        ");
    }

    #[test]
    fn what_is_not_xml_has_no_places() {
        assert_eq!(shown("<a></b>"), None);
        assert_eq!(shown("<a b></a>"), None);
        assert_eq!(shown(&format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000))), None);
    }
}
