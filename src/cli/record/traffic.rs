//! `--from-traffic`: the calls go to a real provider, and become the draft of a file.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use super::files::{refuse_variables, variable};
use super::{RecordArguments, command};
use crate::cli::{Failure, signals, stdio};
use crate::outcome::Answer;
use crate::record::{Between, Said, Seen, draft};
use crate::redact::Redactor;
use crate::relay::{Heard, Relay};
use crate::replay::Stop;

#[cfg(test)]
mod soundness;

/// Runs the command against the provider and writes the draft.
pub(super) fn run(arguments: &RecordArguments, provider_url: &str) -> Result<Answer, Failure> {
    let ([file], [provider], [env]) = (&*arguments.files, &*arguments.provider, &*arguments.env) else {
        return Err(Failure::asked_wrongly("a draft is about one provider")
            .hint("give one FILE to write, one --provider and one --env"));
    };
    let Some(consumer) = &arguments.consumer else {
        return Err(Failure::asked_wrongly("the consumer is not named").hint("give --consumer NAME"));
    };
    refuse_variables(&[env])?;
    refuse_bad(provider_url, file)?;
    let stop = Stop::new();
    signals::stop_on_signal(&stop)?;
    let port = arguments.port.first().copied().unwrap_or(0);
    let relay =
        Relay::start(SocketAddr::from((Ipv4Addr::LOCALHOST, port)), provider_url).map_err(|error| {
            Failure::could_not_find_out(format!("nothing can listen on port {port}")).because(&error)
        })?;
    let addresses: Vec<_> = variable(env, relay.url()).into_iter().collect();
    let ended = command::run(&arguments.command, &addresses, &stop);
    let (heard, failures) = relay.stop();
    let ended = ended?;
    for failure in &failures {
        stdio::note(failure);
    }
    if heard.is_empty() && !failures.is_empty() {
        return Err(Failure::could_not_find_out("no call was answered, so there is nothing to draft")
            .hint(format!("does the provider run at {provider_url}?")));
    }
    if heard.is_empty() {
        return Err(Failure::could_not_find_out("no call was seen, so there is nothing to draft").hint(
            format!("the address to call is in the variable {}", env.split('=').next().unwrap_or(env)),
        ));
    }
    if !ended.success() {
        stdio::note(&format!("the command failed ({ended}), so look twice at what was drafted"));
    }
    let seen: Vec<Seen> = heard.into_iter().map(seen).collect();
    let between = Between { consumer, provider, env, url: provider_url };
    let text = draft(between, &seen, &Redactor::default());
    std::fs::write(file, &text).map_err(|error| {
        Failure::could_not_find_out(format!("{} could not be written", file.display())).because(&error)
    })?;
    let calls = if seen.len() == 1 { "1 call".to_owned() } else { format!("{} calls", seen.len()) };
    stdio::say(&format!("Drafted {} from {calls}: review it before it is used\n", file.display()))?;
    Ok(if failures.is_empty() { Answer::Yes } else { Answer::CouldNotFindOut })
}

fn refuse_bad(provider_url: &str, file: &Path) -> Result<(), Failure> {
    let is_address = provider_url.starts_with("http://") || provider_url.starts_with("https://");
    if !is_address || provider_url.contains(['?', '#']) {
        return Err(Failure::asked_wrongly(format!("`{provider_url}` is no address of a provider"))
            .hint("an address starts with http:// or https:// and has no query"));
    }
    if !file.extension().is_some_and(|extension| extension == "yaml" || extension == "yml") {
        return Err(Failure::asked_wrongly(format!("{} is not named like YAML", file.display()))
            .hint("a draft is written as YAML, which has room for remarks"));
    }
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        return Err(Failure::asked_wrongly(format!("{} is no folder", folder.display()))
            .hint("the draft could not be written there"));
    }
    if file.exists() {
        return Err(Failure::asked_wrongly(format!("{} is there already", file.display()))
            .hint("a draft never replaces a file: name another one"));
    }
    Ok(())
}

fn seen(heard: Heard) -> Seen {
    let Heard { request, answer } = heard;
    Seen {
        method: request.method,
        path: request.path,
        query: request.query,
        request: Said { headers: request.headers, body: request.body },
        status: answer.status,
        response: Said { headers: answer.headers, body: answer.body },
    }
}
