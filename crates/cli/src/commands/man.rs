use std::io;
use std::path::{Path, PathBuf};

use clap::CommandFactory as _;
use clap_mangen::Man;
use serde_json::json;

use crate::cli::Cli;
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::screen::Screen;

/// Print the man page, or write all of them into a folder
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Folder to write one page for each command into; it is made if need be
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        match &self.out {
            Some(folder) => {
                let pages = write_all(folder).map_err(|error| {
                    CommandError::file("the man pages cannot be written", error)
                })?;
                screen.show(pages.join("\n"), &json!({ "pages": pages }))?;
            }
            None => {
                let page = main_page()
                    .map_err(|error| CommandError::file("the man page cannot be made", error))?;
                screen.show(page.trim_end(), &json!({ "page": page }))?;
            }
        }
        Ok(Exit::Ok)
    }
}

fn main_page() -> io::Result<String> {
    let mut page = Vec::new();
    Man::new(Cli::command()).render(&mut page)?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}

/// Writes every page, and returns the names of their files.
fn write_all(folder: &Path) -> io::Result<Vec<String>> {
    std::fs::create_dir_all(folder)?;
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    let mut names = Vec::new();
    write_page(&command, folder, &mut names)?;
    Ok(names)
}

fn write_page(command: &clap::Command, folder: &Path, names: &mut Vec<String>) -> io::Result<()> {
    for subcommand in command.get_subcommands() {
        write_page(subcommand, folder, names)?;
    }
    let page = Man::new(command.clone());
    let path = page.generate_to(folder)?;
    names.extend(
        path.file_name()
            .map(|name| name.to_string_lossy().into_owned()),
    );
    Ok(())
}
