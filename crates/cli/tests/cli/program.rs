//! Runs the binary.

use std::ffi::OsStr;
use std::io::{Read, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::Value;

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// The one JSON document on stdout.
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.stdout.matches('\n').count(), 1, "one line: {self:?}");
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Asserts the exit code, and hands the run back.
    #[track_caller]
    pub(crate) fn exits_with(self, code: i32) -> Run {
        assert_eq!(self.code, code, "{self:#?}");
        self
    }
}

/// A run to be.
pub(crate) struct Program {
    command: Command,
    stdin: Vec<u8>,
    stdout: Option<Stdio>,
}

/// The binary with these arguments and an empty environment.
pub(crate) fn trtc_call<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Program {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trtc-call"));
    command.env_clear().args(arguments);
    Program {
        command,
        stdin: Vec::new(),
        stdout: None,
    }
}

impl Program {
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Program {
        self.command.env(name, value);
        self
    }

    pub(crate) fn envs<'a>(mut self, variables: &[(&'a str, &'a str)]) -> Program {
        self.command.envs(variables.iter().copied());
        self
    }

    pub(crate) fn arg(mut self, argument: impl AsRef<OsStr>) -> Program {
        self.command.arg(argument);
        self
    }

    pub(crate) fn args(mut self, arguments: &[&str]) -> Program {
        self.command.args(arguments);
        self
    }

    pub(crate) fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Program {
        self.stdin = bytes.into();
        self
    }

    pub(crate) fn run(self) -> Run {
        self.start().wait()
    }

    /// Sends stdout there. The run's own is then empty.
    pub(crate) fn stdout(mut self, stdout: impl Into<Stdio>) -> Program {
        self.stdout = Some(stdout.into());
        self
    }

    /// Runs it through another program, such as `nohup`.
    pub(crate) fn through(self, program: &str, arguments: &[&str]) -> Program {
        let mut command = Command::new(program);
        command.args(arguments).arg(self.command.get_program());
        command.args(self.command.get_args()).env_clear();
        let variables = self.command.get_envs();
        command.envs(variables.filter_map(|(name, value)| Some((name, value?))));
        Program { command, ..self }
    }

    /// Has it told of a closed terminal, even where the tests run under `nohup`.
    pub(crate) fn heeds_hangups(self) -> Program {
        self.through("perl", &["-e", "$SIG{HUP} = 'DEFAULT'; exec @ARGV"])
    }

    /// Starts the program without waiting for its end.
    pub(crate) fn start(mut self) -> Running {
        let mut child = self
            .command
            .stdin(Stdio::piped())
            .stdout(self.stdout.take().unwrap_or_else(Stdio::piped))
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // Whoever does not read stdin closes it.
        let _ = child.stdin.take().unwrap().write_all(&self.stdin);
        Running(child)
    }
}

/// A program that runs.
pub(crate) struct Running(pub(crate) Child);

impl Running {
    /// Ctrl-C.
    pub(crate) fn interrupt(&self) {
        self.signal("INT");
    }

    /// Ctrl-C once more. Nobody presses it twice so fast that the second is taken for the first one's echo.
    pub(crate) fn interrupt_again(&self) {
        thread::sleep(Duration::from_millis(50));
        self.interrupt();
    }

    pub(crate) fn signal(&self, name: &str) {
        let kill = Command::new("kill")
            .args(["-s", name, &self.0.id().to_string()])
            .status();
        assert!(kill.unwrap().success());
    }

    /// Reads stdout up to the end of the line that holds `words`.
    pub(crate) fn read_until(&mut self, words: &str) -> String {
        read_until(self.0.stdout.as_mut().unwrap(), words)
    }

    /// The same of stderr.
    pub(crate) fn read_stderr_until(&mut self, words: &str) -> String {
        read_until(self.0.stderr.as_mut().unwrap(), words)
    }

    pub(crate) fn wait(mut self) -> Run {
        let mut stderr = self.0.stderr.take().unwrap();
        let reader = thread::spawn(move || {
            let mut text = String::new();
            stderr.read_to_string(&mut text).map(|_| text)
        });
        let mut stdout = String::new();
        if let Some(mut pipe) = self.0.stdout.take() {
            pipe.read_to_string(&mut stdout).unwrap();
        }
        Run {
            stdout,
            stderr: reader.join().unwrap().unwrap(),
            code: self.0.wait().unwrap().code().unwrap(),
        }
    }
}

fn read_until(pipe: &mut impl Read, words: &str) -> String {
    let mut text = Vec::new();
    loop {
        // One byte at a time leaves the rest to `wait`.
        let mut byte = [0];
        pipe.read_exact(&mut byte).unwrap();
        text.push(byte[0]);
        let so_far = String::from_utf8_lossy(&text);
        if so_far.ends_with('\n') && so_far.contains(words) {
            return so_far.into_owned();
        }
    }
}

/// A path of that name within the build's folder, for files that tests write.
pub(crate) fn scratch(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name)
}

/// A file of that name and content.
pub(crate) fn file(name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = scratch(name);
    std::fs::write(&path, content).unwrap();
    path
}
