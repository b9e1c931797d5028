//! What every code means, why it matters and what to do about it.
//!
//! `pactwright explain CODE` and `docs/codes.md` both come from here. The match has an arm for each
//! code, so a new one cannot be left unexplained.

use std::fmt::Write as _;

use super::code::{Code, Weight};

impl Weight {
    /// Every weight, heaviest first, which is the order in which codes are listed.
    pub const ALL: &'static [Self] = &[Self::Broken, Self::Error, Self::Defect, Self::Warning];

    /// What a code of this weight says about a run, as the heading of a list.
    #[must_use]
    pub fn heading(self) -> &'static str {
        match self {
            Self::Broken => "The contract is broken (exit status 1)",
            Self::Error => "It could not be found out (exit status 3)",
            Self::Defect => "The pact file has a defect (exit status 2)",
            Self::Warning => "Warnings (no influence, unless --strict is given)",
        }
    }
}

/// All explanations as one Markdown page.
#[must_use]
pub fn codes_page() -> String {
    let mut page = String::from(
        "# Codes\n\nEvery problem that Pactwright reports has a code, and a code never changes its meaning.\n\
         `pactwright explain CODE` prints the same text. This page is generated from `src/finding`.\n",
    );
    for weight in Weight::ALL {
        // Writing to a string cannot fail.
        let _ = write!(page, "\n## {}\n", weight.heading());
        for code in Code::ALL.iter().filter(|code| code.weight() == *weight) {
            let _ = write!(page, "\n### {code}\n\n{}\n\n", code.summary());
            for line in code.explanation().lines() {
                let _ = writeln!(page, "{line}");
            }
        }
    }
    page
}

impl Code {
    /// What it means, why it matters and how to put it right, in a few lines of plain text.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "a table with one independent entry for each code")]
    pub fn explanation(self) -> &'static str {
        match self {
            Self::MethodMismatch => {
                "\
A mock or stub was asked with a method that none of its interactions expects for this path.
Either the consumer does something else than its contract says, or the contract has to say
it as well."
            }
            Self::PathMismatch => {
                "\
A mock or stub was asked for a path that none of its interactions expects. The nearest one is
shown. Paths are compared exactly; where any number or name may stand in a path, it needs a
rule, such as a regex on the path."
            }
            Self::QueryMismatch => {
                "\
A request is only the expected one with exactly the expected query parameters: one more is
as wrong as one too few, since the provider would see it too. The order of different
parameters does not matter; the order of the values of one parameter does."
            }
            Self::StatusMismatch => {
                "\
The status is the first thing a consumer looks at; with another one it takes another branch.
If the provider is right, the consumer has to change its test and publish a new pact.
A status of 500 or above usually means that the provider itself failed: read the answer and
its log first. All other mismatches of such an answer follow from it and are folded."
            }
            Self::MissingHeader => {
                "\
The consumer's test relies on this header and the answer does not have it.
Names are compared without regard to upper and lower case.
Send the header again, or ask the consumer whether it still reads it."
            }
            Self::HeaderMismatch => {
                "\
The header is there with another value. Without a rule the whole value has to be the same;
spaces after commas do not count.
If the exact value does not matter, the consumer should use a rule, for example a regex."
            }
            Self::ContentTypeMismatch => {
                "\
The consumer would read the body with another reader than it expects, so the bodies are not
compared any further. A frequent cause is an error page in HTML in place of JSON: look at the
answer first. If the new type is meant, the consumer has to learn to read it."
            }
            Self::MissingBody => {
                "\
The contract has an example of the body and the answer is empty.
Check whether the provider answered from a cache, to a HEAD request, or with a status that
has no body."
            }
            Self::UnexpectedBody => {
                "\
The contract says explicitly that the body is empty. A pact without any `body` key accepts
every body; a `body` of null or \"\" does not.
If the consumer does not care, its test should not mention the body at all."
            }
            Self::MissingField => {
                "\
The consumer reads this field, so removing or renaming it breaks the consumer.
Bring the field back until no consumer needs it; add a new name beside the old one first.
Example: the pact has {\"id\": 1, \"question\": \"…\"} and the answer {\"id\": 1}."
            }
            Self::UnexpectedField => {
                "\
In an answer additional fields are fine and never reported. They are reported where a rule
closes the object, and in parts of a message or request where the specification is strict.
Remove the field, or let the consumer relax its rule."
            }
            Self::WrongType => {
                "\
The value is of another JSON type than the example: text in place of a number, null in place
of a list. With a `type` rule every value of the same type is accepted.
Example: the pact has {\"id\": 1} with a type rule and the answer {\"id\": \"1\"}."
            }
            Self::WrongValue => {
                "\
There is no rule for this value, or a rule that asks for equality, so it has to be the same
as in the contract. If the value is only an example, the consumer should say so with a rule
such as `type`; if it is meant, the provider has to answer with it.
Check the provider state too: it decides which data there are."
            }
            Self::WrongPattern => {
                "\
The text does not match the regular expression. The expression has to match the whole text,
from its first to its last character: `z` does not match `zzz`, and `z+` does.
A number is matched as the text it is written with, where the example is a number too."
            }
            Self::WrongFormat => {
                "\
The rule asks for a date, a time, a timestamp, a semantic version or another format, and the
value is not written like that. The format is shown beside the finding.
Example: the format yyyy-MM-dd refuses 04.05.2026."
            }
            Self::WrongLength => {
                "\
The list has fewer or more items than the rule allows; `at least 1` refuses an empty list.
An empty list often means that the provider state has set up no data.
A list without a rule has to be exactly as long as the example."
            }
            Self::MissingItem => {
                "\
The rule asks for items in any position, and no item of the answer satisfies this one.
Each item of the answer can satisfy only one of the contract."
            }
            Self::BodyMismatch => {
                "\
The bodies are compared as a whole: plain text, binary data, or a document that cannot be
read in its content type. The difference shows where they part.
For JSON that cannot be parsed, look at the answer for an error page or a cut-off text."
            }
            Self::MetadataMismatch => {
                "\
Consumers of messages use metadata such as the content type, a topic or a routing key.
The provider has to send the entry with the value in the contract, or with one that its rule
allows. Over HTTP it is taken from the header `Pact-Message-Metadata`."
            }
            Self::ConnectionRefused => {
                "\
Nothing accepts connections at this address, so no contract could be looked at.
Check host and port, and whether the provider is still starting; with --start Pactwright
starts it and waits until it is ready."
            }
            Self::UnknownHost => {
                "\
The name in the provider's address has no entry in the name service.
Check the spelling, and whether the name is known inside the container or the build job."
            }
            Self::ConnectionBroken => {
                "\
The provider closed the connection in the middle of an answer or before it.
This is often a crash while the request was handled: look at the provider's log.
A proxy with its own limits can do the same."
            }
            Self::TlsFailed => {
                "\
No secure connection could be agreed on. Common causes: the address says https and the
provider speaks plain http; the certificate is not signed by a known authority; it is for
another name or has expired; the provider asks for a client certificate.
The certificate of a private authority can be given in a file."
            }
            Self::RequestTimedOut => {
                "\
The answer did not come in time, which says nothing about the contract.
Find out why the provider is slow with this request, or raise --request-timeout."
            }
            Self::BadAnswer => {
                "\
What came back could not be read as HTTP. Often something other than the provider listens at
this port, or https was expected where http was spoken."
            }
            Self::AnswerTooLarge => {
                "\
The answer exceeds the limit up to which bodies are read, and was not compared.
Let the provider state set up less data, or raise the limit."
            }
            Self::UnsendableRequest => {
                "\
The request in the pact cannot be put on the wire: a method with a space, a header value with
a line end, an address that no client accepts. It is not changed silently.
Correct the consumer's test and write the pact again."
            }
            Self::ResultNotRecorded => {
                "\
What was found out was to be recorded in the shared directory and could not be written there.
Others cannot see it, so `can-i-deploy` does not know of it. Mend what the message says, often
a missing permission or a full disk, and run the verification again."
            }
            Self::RunStopped => {
                "\
The run ended before this interaction had its turn: it was interrupted, it reached its time
limit, or the process was killed. Whatever was found out until then is reported.
What was not verified is never counted as a success; run it again."
            }
            Self::ProviderNotReady => {
                "\
The start command ended, or the provider accepted no connection in time. Its last output is
shown. If it only needs longer, raise the time limit; if its port is open before it can
answer, give a --ready-url. Commands that build belong into `build`, which has no deadline."
            }
            Self::ProviderDied => {
                "\
The provider ended by itself, during an interaction or before the run was over. What answers
in its place does not count. Its last output is shown, -v shows all. The interaction that
was being replayed may be the cause: run it alone with --interaction."
            }
            Self::BuildFailed => {
                "\
The build command ended with a status other than 0, so the provider was not started.
Its output is shown. Run the same command in a shell."
            }
            Self::StateHandlerMissing => {
                "\
The consumer recorded this interaction under a provider state: data that have to be there.
Without a handler the answer would say nothing about the contract, so it is not replayed.
Give --state-url or --state-cmd, or register a handler in the library.
`pactwright states` lists all states with their consumers."
            }
            Self::StateSetupFailed => {
                "\
The state handler was asked to set up the state and did not answer with success. Its answer
is shown. Check whether the provider knows a state of exactly this name: consumer and
provider have to spell it alike."
            }
            Self::StateTeardownFailed => {
                "\
After the interaction the handler was asked to remove the state and failed. The verdict of
this interaction stands, and later ones may meet leftover data."
            }
            Self::StateValueMissing => {
                "\
A part of the request is made from a value that the state handler returns, such as the id of
the record it created. The handler's answer has to be a JSON object with this name.
Example: the expression /faqs/${id} needs the answer {\"id\": 17}."
            }
            Self::MessageEndpointFailed => {
                "\
Pactwright asked the message endpoint to produce the message, and it did not answer with
success. Its answer is shown. The endpoint gets the description and the states, and has to
know every description in the pacts."
            }
            Self::MessageMetadataUnreadable => {
                "\
The header `Pact-Message-Metadata` has to be a JSON object in Base64.
A frequent cause is JSON without encoding, or an encoding of another alphabet."
            }
            Self::UnverifiableAnswers => {
                "\
The contract lists more than one answer to a synchronous message. The protocol of message
endpoints carries one, so the others cannot be looked at, and what was not looked at has not
passed. Split the interaction into one for each answer."
            }
            Self::MessageHandlerMissing => {
                "\
The contract is about a message, and nobody says where messages come from: give the address
that answers with them (`--message-url`). In a test, register a handler for its description
that returns the message. Descriptions are compared exactly."
            }
            Self::TransportUnknown => {
                "\
The interaction names a transport of its own, for example a second port, and this run knows
no address for it. Give one for each transport."
            }
            Self::PluginNeeded => {
                "\
The interaction was recorded with a plugin, for example for gRPC or Protobuf, and can only be
verified with the same plugin. It is an error and not skipped, because skipping it would
count a contract as kept that nobody has looked at."
            }
            Self::GeneratorFailed => {
                "\
Parts of a request are generated while it is sent: dates, random texts, values of a state.
This one could not be produced; the message says why. Often its format or range is wrong."
            }
            Self::MatchingTimedOut => {
                "\
The comparison was given up, so there is no verdict. Very large bodies and regular
expressions with nested repetition are the usual causes.
Let the provider state set up less data, or simplify the pattern."
            }
            Self::MatchingCrashed => {
                "\
The comparison ended in a crash, which was caught: the other interactions are not touched.
This is a defect of the matching library or of Pactwright; please report it with the pact."
            }
            Self::TooDeep => {
                "\
Documents that are nested this deeply can exhaust the memory of the process that compares
them. The limit lies far beyond what people write; look for data that contain themselves."
            }
            Self::HookFailed => {
                "\
A closure of the provider's own test, a request filter or a handler, failed or panicked.
Its message is shown. The provider has not been judged."
            }
            Self::NothingVerified => {
                "\
A gate that looked at nothing must not say yes. Common causes: the directory has no pacts,
the provider's name is spelt differently in them, or a filter matches nothing.
`pactwright verify --dry-run` shows the plan and what was left out, with the reason."
            }
            Self::SecondOpinionDiffers => {
                "\
With --second-opinion each interaction is also verified by the reference verifier. The two
disagree, and none of the documented differences explains it.
Read both verdicts side by side; one of the two programs is wrong, so please report it."
            }
            Self::SpecificationContradicted => {
                "\
With --openapi, three things are compared two by two: the provider's answer, its OpenAPI
specification and the contract. The sentence says which of them is the odd one out, if one is;
that is usually the one to change. The single disagreements stand below it, with their places."
            }
            Self::SpecificationUndecided => {
                "\
The specification uses a keyword that is not understood, refers to another document, or
describes something of another kind: messages, bodies that are no JSON. What is not decided
never passes; --allow-undecidable lets it, for this question only."
            }
            Self::SpecificationNoted => {
                "\
The contract can ask for more than the specification promises: an answer that the
specification allows then still breaks it. Either the specification should promise it, or
the contract ask for less.
Keywords of the specification that are not understood are named as well."
            }
            Self::Unreadable => {
                "\
The file does not exist, may not be read, or the address did not answer with success.
A pact that was asked for and cannot be read is never left out silently.
Check the path; for an address also the credentials."
            }
            Self::InvalidJson => {
                "\
The text is not JSON at the position shown: a missing comma or bracket, a comment, a cut-off
file, a merge conflict. Nothing of the file was used."
            }
            Self::NotAPact => {
                "\
The file is JSON, and it is not clear that it is meant to be something else, but it has no
consumer, no provider or no interactions. If it is no pact, move it out of the directory."
            }
            Self::UnknownVersion => {
                "\
The metadata name a version of the Pact specification that this program does not know.
Known are 1.0.0, 1.1.0, 2.0.0, 3.0.0 and 4.0. Reading it as another one could drop rules."
            }
            Self::MissingKey => {
                "\
The specification asks for this key, and nothing can stand in for it.
Example: an interaction without a description, a request without a method."
            }
            Self::MisspeltKey => {
                "\
A reader that ignores unknown keys would ignore this one, and what it says would have no
effect: `reponse` for `response` leaves an interaction that expects nothing.
Correct the spelling in the test that writes the pact."
            }
            Self::DuplicateKey => {
                "\
In JSON only one of two equal keys survives reading, and which one depends on the program.
Remove one. A frequent cause is a file that was merged by hand."
            }
            Self::BadType => {
                "\
A value has a type that the specification does not allow at this place: a list in place of an
object, a text in place of a number. Guessing what was meant could lose a rule."
            }
            Self::OutOfRange => {
                "\
The number is not possible here: a status above 599, a negative length, a minimum above the
maximum. The expectation could never be met, or would always be."
            }
            Self::UnknownWord => {
                "\
Only certain words are allowed here, for example `AND` and `OR` where rules are combined.
The message lists them."
            }
            Self::UnknownMatcher => {
                "\
A rule of a type that is not known would check nothing, or would be taken for another one.
Often it is a spelling (`regexp` for `regex`), or a matcher of a plugin."
            }
            Self::UnknownGenerator => {
                "\
A generator of a type that is not known would leave the example in the request.
Check the spelling; known are for example RandomInt, Uuid, Date, Regex and ProviderState."
            }
            Self::EmptyRule => {
                "\
The rule says how to compare and not with what: a regex rule without a pattern, an empty list
of matchers. It would accept anything."
            }
            Self::BadRegex => {
                "\
The pattern cannot be compiled, so nothing could ever be compared with it. Patterns written
for another language may use something that is not known here; the message says what.
Backslashes have to be doubled in JSON."
            }
            Self::BadFormat => {
                "\
The format is not a valid one for a date or a time. Formats are written as in Java:
yyyy-MM-dd, HH:mm:ss, yyyy-MM-dd'T'HH:mm:ssXXX. Literal letters stand between apostrophes."
            }
            Self::BadPath => {
                "\
The path of a rule or a generator cannot be read, so it is not clear what it is about.
Paths begin with $: $.items[*].id, $['a key with spaces']."
            }
            Self::BadEncoding => {
                "\
The pact says that a body is encoded, mostly in Base64, and it cannot be decoded.
Without its bytes the request cannot be sent and the answer cannot be compared."
            }
            Self::VersionTooOld => {
                "\
Each version of the Pact specification knows more than the one before: version 2 has two
matchers, version 3 adds generators and more matchers, version 4 has all of them and remarks.
Nothing is left out in silence, so either a newer version is asked for or the expectation is
put in the words that the version has."
            }
            Self::ConflictingInteractions => {
                "\
Description, states and key are what an interaction is recognised by. Two that share them and
differ otherwise cannot be told apart in filters and results.
A frequent cause is two tests with the same description."
            }
            Self::UnknownKey => {
                "\
The specification does not know this key, and it resembles none that it knows. It has no
effect. Annotations of other tools look like this and do no harm."
            }
            Self::UnresolvedRule => {
                "\
The path of the rule points at nothing in the example, so the rule never applies and the
value that it was meant for is compared exactly or not at all.
Often a field was renamed in the example and not in the rule."
            }
            Self::EmptyExample => {
                "\
A type rule learns from its example what to ask for; an empty object or list teaches nothing.
Put into the example what the consumer reads."
            }
            Self::ExampleBreaksRule => {
                "\
The consumer's test ran against this example, and the provider is asked for something else.
Either the rule or the example is wrong. Example: the regex \\d+ with the example \"abc\"."
            }
            Self::AmbiguousRules => {
                "\
The most specific rule holds, and these two are equally specific. Other tools take either, and
not the same in each run; Pactwright takes the later one in the file. Write a more exact path.
Example: $.*.id and $.first.* for the value at $.first.id."
            }
            Self::NoInteractions => {
                "\
A pact without interactions expects nothing. If it is the only one, nothing can be verified.
A frequent cause is a test run that was filtered or failed before it wrote anything."
            }
            Self::DuplicatePact => {
                "\
The same content was given twice, for example by a directory and by a path inside it.
It is verified once and counts once."
            }
            Self::DuplicateInteraction => {
                "\
The same interaction stands in the pact more than once, word for word. It is replayed once.
Writers that append to a file without reading it first leave such copies behind."
            }
            Self::UnusableRegex => {
                "\
The matching engine reads a part of this expression as an extension of its own, so it means
something else than its author wrote, and no answer will ever satisfy it.
The engine is Oniguruma with Ruby syntax; escaping the part as a literal helps."
            }
            Self::SkippedFile => {
                "\
The file is JSON and plainly something else, such as a package manifest, so it was left out.
It is named so that a pact that looks like something else does not disappear unnoticed."
            }
            Self::DynamicValue => {
                "\
The example looks like a time, an identifier or a token, and without a rule the provider has
to answer with exactly this value. That fails sooner or later.
Let the consumer use a rule: a type, a format, a regex."
            }
            Self::WeakRule => {
                "\
The rule is satisfied by answers that no consumer can work with, so it protects nobody.
Example: a type rule on {} accepts every object. Name the fields that are read."
            }
            Self::ExpectsNothing => {
                "\
A message without contents and metadata is compared with nothing, so whatever is sent passes.
A frequent cause is a test that never says what it reads. Give the message its contents."
            }
            Self::SimilarStates => {
                "\
The provider has to handle both names, and probably only one of them was meant.
Agree on one spelling: `a FAQ exists` and `A faq exists` are two states."
            }
            Self::ContradictoryInteractions => {
                "\
No provider can give two different answers to one request in the same state, so one of the
two will fail. Use a provider state to tell the situations apart."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_explanation_is_short_says_more_than_the_summary_and_fits_the_screen() {
        for code in Code::ALL {
            let text = code.explanation();
            assert!((2..=10).contains(&text.lines().count()), "{code}");
            assert!(text.lines().all(|line| line.chars().count() <= 94), "{code}");
            assert!(text.ends_with('.'), "{code}");
            assert!(!text.contains(code.summary()), "{code}");
        }
    }

    #[test]
    fn every_weight_is_listed() {
        for code in Code::ALL {
            assert!(Weight::ALL.contains(&code.weight()), "{code}");
        }
    }
}
