use anyhow::{Context as _, Result, ensure};

use super::steps::{STEPS, Step};
use super::{Depth, USAGE};

/// What is asked for on the command line.
#[derive(Debug)]
pub(super) struct Choice {
    pub(super) steps: Vec<&'static Step>,
    pub(super) depth: Depth,
    /// The options that made this depth, as they were given.
    pub(super) depth_options: Vec<String>,
}

impl Choice {
    pub(super) fn parse(arguments: &[String]) -> Result<Choice> {
        let is_full = arguments.iter().any(|argument| argument == "--full");
        let mut depth = Depth::new(is_full);
        let (mut named, mut from) = (Vec::new(), None);
        let mut depth_options: Vec<_> = is_full.then(|| "--full".to_owned()).into_iter().collect();
        let mut rest = arguments.iter().map(String::as_str);
        while let Some(argument) = rest.next() {
            let mut value = || {
                rest.next()
                    .with_context(|| format!("{argument} needs a value"))
            };
            match argument {
                "--full" => {}
                "--from" => from = Some(position(value()?)?),
                name if !name.starts_with('-') => named.push(position(name)?),
                option => {
                    let known = depth.number_of(option);
                    let known =
                        known.with_context(|| format!("no such option: {option}\n\n{USAGE}"))?;
                    let text = value()?;
                    *known = number(option, text)?;
                    depth_options.extend([option.to_owned(), text.to_owned()]);
                }
            }
        }
        ensure!(
            named.is_empty() || from.is_none(),
            "name steps, or one with --from, not both"
        );
        let is_chosen = |position: usize, step: &Step| {
            if named.is_empty() {
                position >= from.unwrap_or(0) && (is_full || !step.only_full)
            } else {
                named.contains(&position)
            }
        };
        let steps = STEPS.iter().enumerate();
        let steps = steps.filter(|(position, step)| is_chosen(*position, step));
        Ok(Choice {
            steps: steps.map(|(_, step)| step).collect(),
            depth,
            depth_options,
        })
    }
}

fn position(name: &str) -> Result<usize> {
    let position = STEPS.iter().position(|step| step.name == name);
    position
        .with_context(|| format!("no step is named {name}; `cargo xtask test --list` names them"))
}

fn number(option: &str, text: &str) -> Result<u32> {
    let number = text.parse().ok().filter(|number| *number > 0);
    number.with_context(|| format!("{option} must be a number from 1 on, not {text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Choice> {
        let arguments: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Choice::parse(&arguments)
    }

    fn names(line: &str) -> Vec<&'static str> {
        parse(line)
            .unwrap()
            .steps
            .iter()
            .map(|step| step.name)
            .collect()
    }

    #[test]
    fn without_arguments_every_step_runs_but_those_of_a_full_run() {
        let names = names("");
        assert_eq!(names[..4], ["format", "lints", "build", "tests"]);
        assert!(!names.contains(&"reproducible"));
    }

    #[test]
    fn a_full_run_is_every_step_in_depth() {
        assert_eq!(names("--full").len(), STEPS.len());
        assert_eq!(parse("--full").unwrap().depth, Depth::new(true));
        assert_ne!(Depth::new(true), Depth::new(false));
    }

    #[test]
    fn named_steps_run_in_the_order_of_the_list() {
        assert_eq!(names("tests format"), ["format", "tests"]);
        assert_eq!(names("reproducible"), ["reproducible"]);
    }

    #[test]
    fn from_a_step_on_all_that_follow_run() {
        assert_eq!(names("--from fuzz"), ["fuzz"]);
        let (all, from) = (names("--full"), names("--full --from tests"));
        assert_eq!(from, all[3..]);
    }

    #[test]
    fn depth_is_set_number_by_number() {
        let depth = parse("fuzz --fuzz-seconds 600").unwrap().depth;
        assert_eq!(depth.fuzz_seconds, 600);
        assert_eq!(depth.worlds, Depth::new(false).worlds);
    }

    #[test]
    fn what_runs_beside_is_as_thorough() {
        let choice = parse("--full --from lints --worlds 7").unwrap();
        assert_eq!(choice.depth_options, ["--full", "--worlds", "7"]);
        let beside = parse(&format!("npm {}", choice.depth_options.join(" "))).unwrap();
        assert_eq!(beside.depth, choice.depth);
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_what_to_do() {
        for (line, word) in [
            ("tset", "--list"),
            ("--from", "needs a value"),
            ("--from tests format", "not both"),
            ("--fuzz-seconds 0", "from 1 on"),
            ("--quick", "no such option: --quick"),
        ] {
            let error = parse(line).unwrap_err().to_string();
            assert!(error.contains(word), "{error}");
        }
    }
}
