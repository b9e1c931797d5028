//! Shell completions and manual pages, through the binary.

use std::fs;

use crate::support::command::Sandbox;

#[test]
fn every_shell_gets_completions_that_know_the_commands() {
    let sandbox = Sandbox::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let output = sandbox.run(&["completions", shell]);
        assert_eq!(output.status, 0, "{shell}: {output}");
        assert!(output.stdout.contains("init") && output.stdout.contains("force"), "{shell}");
    }
}

#[test]
fn an_unknown_shell_was_asked_wrongly() {
    assert_eq!(Sandbox::new().run(&["completions", "tcsh"]).status, 2);
}

#[test]
fn there_is_a_manual_page_for_every_command() {
    let sandbox = Sandbox::new();
    let output = sandbox.run(&["man", "--dir", "share/man"]);
    assert_eq!(output.to_string(), "status 0\n--- stdout\nwrote the manual pages to share/man\n");
    let pages = fs::read_dir(sandbox.path("share/man")).expect("the directory was made").count();
    let commands = sandbox.run(&["--help"]).stdout;
    let listed = commands.lines().skip_while(|line| *line != "Commands:").skip(1);
    let listed =
        listed.take_while(|line| !line.is_empty()).filter(|line| !line.trim_start().starts_with("help"));
    // What is said about a command may go on in the next line.
    let listed = listed.filter(|line| !line.starts_with("   "));
    assert_eq!(pages, listed.count() + 1, "{commands}");
    assert!(sandbox.read("share/man/pactwright-init.1").contains("CI step"));
}

#[test]
fn the_manual_page_is_printed_without_a_directory() {
    let output = Sandbox::new().run(&["man"]);
    assert_eq!(output.status, 0);
    assert!(output.stdout.contains(".TH pactwright 1"), "{output}");
}
