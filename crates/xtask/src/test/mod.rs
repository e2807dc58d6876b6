//! `cargo xtask test`: everything that must hold before a change goes in. What is missing is installed by the step
//! that needs it; nothing is skipped.

mod beside;
mod choice;
mod steps;

use anyhow::Result;

use crate::report::Report;
use crate::workspace::Workspace;

use beside::Beside;
use choice::Choice;
use steps::{STEPS, Step, Turn};

const USAGE: &str = "\
cargo xtask test                  every step but those of --full
cargo xtask test STEP...          these steps
cargo xtask test --from STEP      this step and those after it
cargo xtask test --full           everything, and in depth, as before a release
cargo xtask test --list           the steps

Options of depth, with what they are by themselves and with --full:
  --fuzz-seconds N                how long each fuzz target runs (1, 60)
  --examples N                    how many requests schemathesis makes up for each operation (5, 100)
  --worlds N                      how many courses of a call session are played (3000, 100000)
  --torture-seconds N             how long a ledger's workers are killed and stopped, on each store (5, 60)
";

/// Runs the chosen steps until one fails; ends with their durations.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    match arguments {
        [only] if only == "--list" => {
            print!("{}", list());
            return Ok(());
        }
        [only] if only == "--help" => {
            print!("{USAGE}");
            return Ok(());
        }
        _ => {}
    }
    let choice = Choice::parse(arguments)?;
    let workspace = Workspace::load()?;
    let mut report = Report::new();
    let result = run_steps(&choice, &workspace, &mut report);
    report.print();
    result
}

fn run_steps(choice: &Choice, workspace: &Workspace, report: &mut Report) -> Result<()> {
    let of = |turn: Turn| {
        choice
            .steps
            .iter()
            .copied()
            .filter(move |step| step.turn == turn)
    };
    let run = |report: &mut Report, step: &Step| {
        report.step(step.name, || (step.run)(workspace, &choice.depth))
    };
    of(Turn::First).try_for_each(|step| run(report, step))?;
    let beside: Vec<&str> = of(Turn::Beside).map(|step| step.name).collect();
    if beside.is_empty() || of(Turn::Then).next().is_none() {
        let mut others = of(Turn::Then).chain(of(Turn::Beside));
        return others.try_for_each(|step| run(report, step));
    }
    let mut beside = Beside::start(workspace, &beside, &choice.depth_options)?;
    // A step that fails here is told at once; what runs beside is awaited all the same, so that nothing goes on unseen.
    let result = of(Turn::Then).try_for_each(|step| {
        run(report, step)?;
        beside.check()
    });
    if let Err(error) = &result {
        println!("\nFAILED: {error:#}\nwaiting for what runs beside");
    }
    let beside = report.step("beside", || beside.end());
    result.and(beside)
}

fn list() -> String {
    let line = |step: &Step| {
        let mark = if step.only_full { " (--full)" } else { "" };
        format!("{:<15} {}{mark}\n", step.name, step.about)
    };
    STEPS.iter().map(line).collect()
}

/// How thorough the steps are.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Depth {
    /// Slow bundlers, all widths and themes.
    pub(crate) is_full: bool,
    fuzz_seconds: u32,
    examples: u32,
    worlds: u32,
    torture_seconds: u32,
}

impl Depth {
    fn new(is_full: bool) -> Depth {
        let by = |short, full| if is_full { full } else { short };
        Depth {
            is_full,
            fuzz_seconds: by(1, 60),
            examples: by(5, 100),
            worlds: by(3_000, 100_000),
            torture_seconds: by(5, 60),
        }
    }

    /// The number that an option of the command line sets.
    fn number_of(&mut self, option: &str) -> Option<&mut u32> {
        match option {
            "--fuzz-seconds" => Some(&mut self.fuzz_seconds),
            "--examples" => Some(&mut self.examples),
            "--worlds" => Some(&mut self.worlds),
            "--torture-seconds" => Some(&mut self.torture_seconds),
            _ => None,
        }
    }
}
