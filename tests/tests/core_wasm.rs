//! The core's line, enforced: built for wasm32, where everything from outside must be imported, it
//! imports nothing.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

use wasmparser::{KnownCustom, Name, Parser, Payload};

#[test]
fn the_core_imports_nothing_from_its_environment() -> Result<(), Box<dyn Error>> {
    let module = Module::read(&std::fs::read(build_core()?)?)?;
    // Were the linker to leave out what nobody calls, the test would prove nothing.
    for function in ["start_call_by_robot", "end_call", "UserSig"] {
        assert!(module.has_function(function), "no function of {function}");
    }
    assert_eq!(module.imports, [""; 0]);
    Ok(())
}

#[test]
fn an_import_is_seen() -> Result<(), Box<dyn Error>> {
    let clock = b"\0asm\x01\0\0\0\
        \x01\x04\x01\x60\0\0\
        \x02\x0b\x01\x03env\x03now\0\0";
    assert_eq!(Module::read(clock)?.imports, ["env.now"]);
    Ok(())
}

/// Builds the core with every function of it, called or not.
fn build_core() -> Result<PathBuf, Box<dyn Error>> {
    // The directory that this test was built in: what it shares with the module is not built again.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("..");
    let status = Command::new(env!("CARGO"))
        .args(["rustc", "--locked", "--package", "trtc-call-core", "--lib"])
        .args([
            "--target",
            "wasm32-unknown-unknown",
            "--crate-type",
            "cdylib",
        ])
        .arg("--target-dir")
        .arg(&target)
        .args(["--", "-Clink-dead-code", "-Clink-arg=--no-gc-sections"])
        .status()?;
    if !status.success() {
        return Err(
            "the core did not build for wasm32-unknown-unknown; if the target is missing, \
            crates/xtask/scripts/install-wasm-target.sh installs it"
                .into(),
        );
    }
    Ok(target.join("wasm32-unknown-unknown/debug/trtc_call_core.wasm"))
}

/// What a WebAssembly module asks for, and what is in it.
#[derive(Default)]
struct Module {
    imports: Vec<String>,
    functions: Vec<String>,
}

impl Module {
    fn read(bytes: &[u8]) -> wasmparser::Result<Module> {
        let mut module = Module::default();
        for payload in Parser::new(0).parse_all(bytes) {
            match payload? {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        let import = import?;
                        module
                            .imports
                            .push(format!("{}.{}", import.module, import.name));
                    }
                }
                Payload::CustomSection(section) => {
                    if let KnownCustom::Name(names) = section.as_known() {
                        for name in names {
                            if let Name::Function(functions) = name? {
                                for function in functions {
                                    module.functions.push(function?.name.to_owned());
                                }
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(module)
    }

    fn has_function(&self, part_of_name: &str) -> bool {
        self.functions
            .iter()
            .any(|name| name.contains(part_of_name))
    }
}
