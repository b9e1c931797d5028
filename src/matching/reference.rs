//! An interaction as the reference implementation's model, and its values generated.
//!
//! The model is built from the original JSON of one interaction, never from a whole pact.

use std::collections::HashMap;
use std::panic::RefUnwindSafe;

use pact_matching::generate_request;
use pact_matching::generators::DefaultVariantMatcher;
use pact_models::PactSpecification;
use pact_models::bodies::OptionalBody;
use pact_models::content_types::ContentType;
use pact_models::generators::{
    GenerateValue as _, Generator as ReferenceGenerator, GeneratorCategory, GeneratorTestMode, Generators,
    VariantMatcher,
};
use pact_models::interaction::Interaction as _;
use pact_models::matchingrules::{MatchingRule, MatchingRules};
use pact_models::message::Message;
use pact_models::sync_interaction::RequestResponseInteraction;
use pact_models::v4::http_parts::HttpRequest;
use pact_models::v4::interaction::{V4Interaction, interaction_from_json};
use pact_models::v4::message_parts::MessageContents;
use pact_models::v4::sync_message::SynchronousMessage;
use pact_models::v4::synch_http::SynchronousHttp;
use serde_json::{Map, Value};

use super::guard::quietly;
use super::inject::path_with_values;
use crate::contract::{Body, Contents, Contract, Exchange, Interaction, SpecVersion};

/// An interaction in the reference implementation's own types.
#[derive(Debug, Clone)]
pub(crate) enum Reference {
    /// An HTTP request and its answer.
    Http(Box<SynchronousHttp>),
    /// The contents of a message.
    Message(Box<MessageContents>),
    /// A message and those that answer it.
    SyncMessage(Box<SynchronousMessage>),
}

type AnyInteraction = Box<dyn V4Interaction + Send + Sync + RefUnwindSafe>;

impl Reference {
    /// Builds the model; the strict reader has accepted the interaction, so a failure here is a
    /// difference between the two readers and is reported as it is.
    pub(crate) fn load(contract: &Contract, interaction: &Interaction) -> Result<Self, String> {
        let loaded = load(contract, interaction)?;
        let model = match &interaction.exchange {
            Exchange::Http { .. } => loaded.as_v4_http().map(|mut http| {
                understand_values(&mut http.response.matching_rules);
                Self::Http(Box::new(http))
            }),
            Exchange::Message(contents) => loaded.as_v4_async_message().map(|mut message| {
                repair(&mut message.contents, contents);
                Self::Message(Box::new(message.contents))
            }),
            Exchange::SyncMessage { responses, .. } => loaded.as_v4_sync_message().map(|mut message| {
                for (part, contents) in message.response.iter_mut().zip(responses) {
                    repair(part, contents);
                }
                Self::SyncMessage(Box::new(message))
            }),
        };
        model.ok_or_else(|| "the reference reader takes it for another kind of interaction".to_owned())
    }
}

/// Some writers spell the keys of a message in a way that our reader understands and the
/// reference's ignores; an ignored example would be satisfied by anything.
fn repair(part: &mut MessageContents, contents: &Contents) {
    understand_values(&mut part.matching_rules);
    if let (OptionalBody::Missing, Body::Present(content)) = (&part.contents, &contents.body) {
        let content_type = content.content_type.as_deref().and_then(|name| ContentType::parse(name).ok());
        part.contents = OptionalBody::Present(content.bytes.clone().into(), content_type, None);
    }
    part.metadata = contents.metadata.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
}

/// The JVM's writer calls equality `value`, which the reference takes for a plugin's matcher.
fn understand_values(rules: &mut MatchingRules) {
    let matchers = rules.rules.values_mut().flat_map(|category| category.rules.values_mut());
    for matcher in matchers.flat_map(|list| list.rules.iter_mut()) {
        if matches!(matcher, MatchingRule::Plugin { name, .. } if name == "value") {
            *matcher = MatchingRule::Equality;
        }
    }
}

fn load(contract: &Contract, interaction: &Interaction) -> Result<AnyInteraction, String> {
    let json = &contract.json(interaction);
    let version = match contract.version {
        _ if interaction.is_listed_as_message() => PactSpecification::V3,
        SpecVersion::V1 => PactSpecification::V1,
        SpecVersion::V1_1 => PactSpecification::V1_1,
        SpecVersion::V2 => PactSpecification::V2,
        SpecVersion::V3 => PactSpecification::V3,
        SpecVersion::V4 => {
            return interaction_from_json(contract.file(), 0, json).map_err(|error| error.to_string());
        }
    };
    let loaded = match &interaction.exchange {
        Exchange::Message(_) => {
            // Only the V3 reader knows messages, whatever the file calls itself.
            Message::from_json(0, json, &PactSpecification::V3).map(|message| message.as_v4())
        }
        Exchange::Http { .. } | Exchange::SyncMessage { .. } => {
            RequestResponseInteraction::from_json(0, json, &version).map(|http| http.as_v4())
        }
    };
    let loaded = loaded.map_err(|error| error.to_string())?;
    loaded.ok_or_else(|| "the reference reader cannot read it".to_owned())
}

/// The request with its generators applied, or why one of them has no value. A value that a state
/// should have returned may be missing when that is `tolerated`; the example is then kept, and
/// values are put into the path as they stand.
pub(crate) fn generated(
    request: &HttpRequest,
    values: &Map<String, Value>,
    tolerated: bool,
) -> Result<HttpRequest, String> {
    let mut request = request.clone();
    let context = context_of(values);
    let mode = GeneratorTestMode::Provider;
    prepare(&mut request.generators, mode, &context, tolerated)?;
    let in_path = request.generators.categories.get(&GeneratorCategory::PATH);
    let in_path: Vec<&ReferenceGenerator> = in_path.into_iter().flat_map(HashMap::values).collect();
    let path = if tolerated { None } else { path_with_values(&in_path, values) };
    let generate = generate_request(&request, &mode, &context);
    let mut filled = futures_util::FutureExt::now_or_never(generate).unwrap_or(request);
    if let Some(path) = path {
        filled.path = path;
    }
    Ok(filled)
}

/// Puts generators right and tries each: the reference implementation keeps the example when one
/// fails.
pub(crate) fn prepare(
    generators: &mut Generators,
    mode: GeneratorTestMode,
    context: &HashMap<&str, Value>,
    tolerated: bool,
) -> Result<(), String> {
    generators.categories.values_mut().flat_map(HashMap::values_mut).for_each(with_all_digits);
    let matcher: Box<dyn VariantMatcher + Send + Sync> = DefaultVariantMatcher.boxed();
    for (category, generators) in &generators.categories {
        for (path, generator) in generators {
            if !generator.corresponds_to_mode(&mode)
                || matches!(generator, ReferenceGenerator::ArrayContains(_))
                || (tolerated && matches!(generator, ReferenceGenerator::ProviderStateGenerator(..)))
            {
                continue;
            }
            // It panics when the value cannot be shown as the type that the pact names.
            let tried = quietly(|| -> Result<String, _> {
                generator.generate_value(&String::new(), context, &matcher)
            });
            let tried = tried.map_err(|_| anyhow::anyhow!("the value does not fit the type in the pact"));
            if let Err(error) = tried.and_then(|tried| tried) {
                let category: String = (*category).into();
                return Err(format!(
                    "the {} generator for {category} {path} failed: {error}",
                    generator.name()
                ));
            }
        }
    }
    Ok(())
}

/// The reference generator for hexadecimal digits never repeats one, so it gives at most 16.
fn with_all_digits(generator: &mut ReferenceGenerator) {
    if let ReferenceGenerator::RandomHexadecimal(digits) = generator {
        *generator = ReferenceGenerator::Regex(format!("[0-9A-F]{{{digits}}}"));
    }
}

/// True when there are generators for this part.
pub(crate) fn changes(generators: &Generators, category: GeneratorCategory) -> bool {
    generators.categories.get(&category).is_some_and(|generators| !generators.is_empty())
}

/// The values as the reference's generators take them.
pub(crate) fn context_of(values: &Map<String, Value>) -> HashMap<&str, Value> {
    values.iter().map(|(name, value)| (name.as_str(), value.clone())).collect()
}
