//! Compares what is exchanged: requests, answers and messages, part by part.

use std::collections::BTreeMap;

use super::change::Part;
use super::generated;
use super::parts::{self, BodyDemand};
use super::rules::Rule;
use super::values::Relation;
use super::walk::{
    QUERY, REQUEST_BODY, REQUEST_HEADERS, RESPONSE_BODY, RESPONSE_HEADERS, Rules, Seen, words,
};
use crate::contract::{
    Body, Category, Contents, Exchange, Generator, Interaction, PlacedGenerator, Request, Response, join_key,
};

/// What the exchange is about, in words.
pub(super) fn subject(interaction: &Interaction) -> String {
    match &interaction.exchange {
        Exchange::Http { request, response } => {
            format!("the answer {} to {} {}", response.status, request.method, request.path)
        }
        Exchange::Message(_) => "the message".to_owned(),
        Exchange::SyncMessage { .. } => "the answer to the message".to_owned(),
    }
}

/// Every difference between two exchanges of one kind.
pub(super) fn compared(old: &Exchange, new: &Exchange) -> Vec<Seen> {
    match (old, new) {
        (
            Exchange::Http { request: old_request, response: old_response },
            Exchange::Http { request, response },
        ) => [requests(old_request, request), responses(old_response, response)].concat(),
        (Exchange::Message(old), Exchange::Message(new)) => contents(RECEIVED, old, new),
        (
            Exchange::SyncMessage { request: old_request, responses: old_responses },
            Exchange::SyncMessage { request, responses },
        ) => [contents(SENT, old_request, request), answers(old_responses, responses)].concat(),
        // Interactions of different kinds are never paired.
        _ => Vec::new(),
    }
}

/// The rules for the parts of one side.
#[derive(Clone, Copy)]
struct Side {
    headers: Rules,
    body: Rules,
    body_added: Rule,
    body_removed: Rule,
    content_type: Rule,
    generator: Rule,
}

/// What the consumer sends.
const SENT: Side = Side {
    headers: REQUEST_HEADERS,
    body: REQUEST_BODY,
    body_added: Rule::RequestBodyAdded,
    body_removed: Rule::RequestBodyRemoved,
    content_type: Rule::RequestContentTypeChanged,
    generator: Rule::RequestGeneratorChanged,
};

/// What the consumer receives.
const RECEIVED: Side = Side {
    headers: RESPONSE_HEADERS,
    body: RESPONSE_BODY,
    body_added: Rule::ResponseBodyAdded,
    body_removed: Rule::ResponseBodyRemoved,
    content_type: Rule::ResponseContentTypeChanged,
    generator: Rule::ResponseGeneratorChanged,
};

fn requests(old: &Request, new: &Request) -> Vec<Seen> {
    let mut seen = Vec::new();
    let at = |name: &str| (join_key(&old.pointer, name), join_key(&new.pointer, name));
    let method = |request: &Request| parts::text(&request.method, Category::Method, &request.rules);
    let (before, after) = (method(old), method(new));
    if before.relation(&after) != Relation::Same {
        let sentence = format!("the method was {} and is {}", before.words(), after.words());
        seen.push(placed((Rule::RequestMethodChanged, Part::Method), "", sentence, at("method")));
    }
    let path = |request: &Request| parts::text(&request.path, Category::Path, &request.rules);
    let (before, after) = (path(old), path(new));
    let rule = match before.relation(&after) {
        Relation::Same => None,
        Relation::Narrower => Some(Rule::RequestPathTightened),
        Relation::Wider => Some(Rule::RequestPathRelaxed),
        Relation::Other => Some(Rule::RequestPathChanged),
    };
    if before.example != after.example && rule != Some(Rule::RequestPathChanged) {
        let sentence = format!("the example of the path was {} and is {}", before.example, after.example);
        seen.push(placed((Rule::RequestSentChanged, Part::Path), "", sentence, at("path")));
    }
    if let Some(rule) = rule {
        let sentence = format!("the path was {} and is {}", before.words(), after.words());
        seen.push(placed((rule, Part::Path), "", sentence, at("path")));
    }
    let query = |request: &Request| parts::query(&request.query, &request.rules, &request.pointer);
    seen.extend(QUERY.compare_named(&query(old), &query(new)));
    let headers = |request: &Request| parts::headers(&request.headers, &request.rules, &request.pointer);
    seen.extend(REQUEST_HEADERS.compare_named(&headers(old), &headers(new)));
    let body = |request: &Request| parts::body(&request.body, &request.rules, &request.pointer);
    seen.extend(bodies(SENT, (&old.body, &new.body), (&body(old), &body(new))));
    let mut seen = generated::freed(&seen, &[&old.generators, &new.generators]);
    seen.extend(generators(SENT, (&old.generators, &old.pointer), (&new.generators, &new.pointer)));
    seen
}

fn responses(old: &Response, new: &Response) -> Vec<Seen> {
    let mut seen = Vec::new();
    seen.extend(statuses(old, new));
    let headers = |response: &Response| parts::headers(&response.headers, &response.rules, &response.pointer);
    seen.extend(RESPONSE_HEADERS.compare_named(&headers(old), &headers(new)));
    let body = |response: &Response| parts::body(&response.body, &response.rules, &response.pointer);
    seen.extend(bodies(RECEIVED, (&old.body, &new.body), (&body(old), &body(new))));
    seen.extend(generators(RECEIVED, (&old.generators, &old.pointer), (&new.generators, &new.pointer)));
    seen
}

fn statuses(old: &Response, new: &Response) -> Option<Seen> {
    let before = parts::statuses(old.status, &old.rules);
    let after = parts::statuses(new.status, &new.rules);
    let rule = |response: &Response| {
        response.rules.iter().find(|rule| rule.category == Category::Status).map(ToString::to_string)
    };
    let within = |some: &Option<Vec<u16>>, others: &Option<Vec<u16>>| {
        Some(some.as_ref()?.iter().all(|status| others.as_ref().is_some_and(|all| all.contains(status))))
    };
    let relation = match (&before, &after) {
        (None, None) if (old.status, rule(old)) == (new.status, rule(new)) => Relation::Same,
        (None, _) | (_, None) => Relation::Other,
        _ => Relation::of(within(&after, &before), within(&before, &after)),
    };
    let kind = match relation {
        Relation::Same => return None,
        Relation::Narrower => Rule::ResponseStatusTightened,
        Relation::Wider => Rule::ResponseStatusRelaxed,
        Relation::Other => Rule::ResponseStatusChanged,
    };
    let words = |response: &Response| rule(response).unwrap_or_else(|| response.status.to_string());
    let sentence = format!("the status was {} and is {}", words(old), words(new));
    let at = |response: &Response| join_key(&response.pointer, "status");
    Some(placed((kind, Part::Status), "", sentence, (at(old), at(new))))
}

fn contents(side: Side, old: &Contents, new: &Contents) -> Vec<Seen> {
    let metadata = |one: &Contents| parts::metadata(&one.metadata, &one.rules, &one.pointer);
    let body = |one: &Contents| parts::body(&one.body, &one.rules, &one.pointer);
    let mut seen = side.headers.compare_named(&metadata(old), &metadata(new));
    seen.extend(bodies(side, (&old.body, &new.body), (&body(old), &body(new))));
    let mut seen = generated::freed(&seen, &[&old.generators, &new.generators]);
    seen.extend(generators(side, (&old.generators, &old.pointer), (&new.generators, &new.pointer)));
    seen
}

fn answers(old: &[Contents], new: &[Contents]) -> Vec<Seen> {
    let mut seen: Vec<_> =
        old.iter().zip(new).flat_map(|(before, after)| contents(RECEIVED, before, after)).collect();
    let both = old.len().min(new.len());
    let whole = |rule, sentence: String, old, new| Seen {
        rule,
        part: Part::Interaction,
        path: String::new(),
        sentence,
        old,
        new,
    };
    let number = |index: usize| both + index + 1;
    seen.extend(new[both..].iter().enumerate().map(|(index, added)| {
        let sentence = format!("answer {} is expected as well", number(index));
        whole(Rule::AnswerAdded, sentence, None, Some(added.pointer.clone()))
    }));
    seen.extend(old[both..].iter().enumerate().map(|(index, gone)| {
        let sentence = format!("answer {} is no longer expected", number(index));
        whole(Rule::AnswerRemoved, sentence, Some(gone.pointer.clone()), None)
    }));
    seen
}

fn bodies(side: Side, bodies: (&Body, &Body), (old, new): (&BodyDemand, &BodyDemand)) -> Vec<Seen> {
    let part = side.body.part;
    let pointers = (old.pointer().map(str::to_owned), new.pointer().map(str::to_owned));
    let one = |rule: Rule, sentence: String| {
        let (old, new) = pointers.clone();
        vec![Seen { rule, part, path: String::new(), sentence, old, new }]
    };
    match (old, new) {
        (BodyDemand::Nothing, BodyDemand::Nothing) | (BodyDemand::Empty { .. }, BodyDemand::Empty { .. }) => {
            Vec::new()
        }
        (BodyDemand::Nothing, added) => {
            one(side.body_added, format!("there is a body now: {}", described(added)))
        }
        (gone, BodyDemand::Nothing) => one(
            side.body_removed,
            format!("nothing is said of the body any more; it was {}", described(gone)),
        ),
        (BodyDemand::Tree(before), BodyDemand::Tree(after)) => {
            let mut seen: Vec<_> = content_types(side, bodies).into_iter().collect();
            seen.extend(side.body.compare("$", before, after));
            seen
        }
        (
            BodyDemand::Opaque { bytes: before, rules: old_rules, .. },
            BodyDemand::Opaque { bytes: after, rules: new_rules, .. },
        ) if before == after && old_rules == new_rules => content_types(side, bodies).into_iter().collect(),
        (before, after) => {
            one(side.body.changed, format!("it was {} and is {}", described(before), described(after)))
        }
    }
}

fn content_types(side: Side, (old, new): (&Body, &Body)) -> Option<Seen> {
    let (old, new) = (old.content()?, new.content()?);
    let (before, after) = (parts::essence(old), parts::essence(new));
    let pointers = (old.pointer.clone(), new.pointer.clone());
    let words = |kind: Option<String>| kind.unwrap_or_else(|| "not said".to_owned());
    (before != after).then(|| {
        let sentence = format!("the content type was {} and is {}", words(before), words(after));
        placed((side.content_type, side.body.part), "", sentence, pointers)
    })
}

fn described(body: &BodyDemand) -> String {
    match body {
        BodyDemand::Nothing => "not said".to_owned(),
        BodyDemand::Empty { .. } => "empty".to_owned(),
        BodyDemand::Tree(node) => words(&node.form),
        BodyDemand::Opaque { bytes, rules, .. } if rules.is_empty() => format!("{} bytes", bytes.len()),
        BodyDemand::Opaque { bytes, rules, .. } => {
            format!("{} bytes with rules: {}", bytes.len(), rules.join("; "))
        }
    }
}

/// The generators that change what is sent; of an answer, those that take the expected value from
/// the provider state.
fn generators(
    side: Side,
    (old, old_pointer): (&[PlacedGenerator], &str),
    (new, new_pointer): (&[PlacedGenerator], &str),
) -> Vec<Seen> {
    let counts = |placed: &&PlacedGenerator| {
        side.generator == Rule::RequestGeneratorChanged
            || matches!(placed.generator, Generator::ProviderState { .. })
    };
    let by_place = |generators: &'_ [PlacedGenerator]| -> BTreeMap<(Category, String), (String, String)> {
        let key = |placed: &PlacedGenerator| (placed.category, placed.path.to_string());
        let value = |placed: &PlacedGenerator| (format!("{:?}", placed.generator), placed.pointer.clone());
        generators.iter().filter(counts).map(|placed| (key(placed), value(placed))).collect()
    };
    let (before, after) = (by_place(old), by_place(new));
    let places: std::collections::BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let differs = |place: &&&(Category, String)| {
        before.get(**place).map(|(generator, _)| generator)
            != after.get(**place).map(|(generator, _)| generator)
    };
    places
        .iter()
        .filter(differs)
        .map(|place| {
            let (category, path) = *place;
            let (old, new) = (before.get(*place), after.get(*place));
            let what = match (old, new) {
                (None, _) => "is generated now",
                (_, None) => "is no longer generated",
                _ => "is generated in another way",
            };
            let pointer = |known: Option<&(String, String)>, part: &str| {
                known.map_or_else(|| part.to_owned(), |(_, pointer)| pointer.clone())
            };
            let subject =
                if path.is_empty() { format!("the {}", category.word()) } else { format!("`{path}`") };
            let pointers = (pointer(old, old_pointer), pointer(new, new_pointer));
            let part = generated_part(side, *category);
            placed((side.generator, part), path, format!("{subject} {what}"), pointers)
        })
        .collect()
}

fn generated_part(side: Side, category: Category) -> Part {
    match category {
        Category::Method => Part::Method,
        Category::Path => Part::Path,
        Category::Query => Part::Query,
        Category::Status => Part::Status,
        Category::Header | Category::Metadata => side.headers.part,
        Category::Body => side.body.part,
    }
}

fn placed((rule, part): (Rule, Part), path: &str, sentence: String, (old, new): (String, String)) -> Seen {
    Seen { rule, part, path: path.to_owned(), sentence, old: Some(old), new: Some(new) }
}
