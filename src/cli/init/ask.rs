//! The questions of `pactwright init`, asked on a terminal.

use dialoguer::{Input, Result, Select};

use super::template::Reach;
use super::{Ci, Role};

/// Which side of the contract.
pub(super) fn role() -> Result<Role> {
    let chosen = Select::new()
        .with_prompt("This repository is a")
        .items([
            "consumer: it has expectations of other applications",
            "provider: others expect things of it",
        ])
        .default(0)
        .interact()?;
    Ok(if chosen == 0 { Role::Consumer } else { Role::Provider })
}

/// The name of the application.
pub(super) fn name() -> Result<String> {
    Input::new().with_prompt("Its name in pacts").interact_text()
}

/// How to reach the provider.
pub(super) fn reach() -> Result<Reach> {
    let chosen = Select::new()
        .with_prompt("For a verification the provider is")
        .items(["started by a command", "running already"])
        .default(0)
        .interact()?;
    if chosen == 0 {
        let prompt = "The command, with {port} where the port goes";
        Ok(Reach::Start(Input::new().with_prompt(prompt).interact_text()?))
    } else {
        Ok(Reach::Url(Input::new().with_prompt("Its address").interact_text()?))
    }
}

/// For which CI service to write a step.
pub(super) fn ci(detected: Ci) -> Result<Ci> {
    let services = [Ci::Github, Ci::Gitlab, Ci::None];
    let default = services.iter().position(|service| *service == detected).unwrap_or_default();
    let chosen = Select::new()
        .with_prompt("Write a CI step for")
        .items(["GitHub Actions", "GitLab", "neither"])
        .default(default)
        .interact()?;
    Ok(services[chosen])
}
