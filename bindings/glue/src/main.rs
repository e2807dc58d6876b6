//! `trtc-call-wasm-glue MODULE.wasm DIRECTORY`: what `wasm-bindgen --target web` does, from the very
//! version in the lockfile, but for loading: the package's own code loads the parts of the module. A program of
//! its own, so that `cargo xtask` stays quick to compile.
#![forbid(unsafe_code)]

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use wasm_bindgen_cli_support::Bindgen;
use wasm_encoder::RawSection;
use wasmparser::{Parser, Payload};

const NAME: &str = "trtc_call_wasm";

fn main() -> Result<()> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let module = arguments.next().context("name the wasm module")?;
    let directory = arguments.next().context("name the directory to write to")?;
    let module = std::fs::read(&module).with_context(|| format!("no {}", module.display()))?;
    Bindgen::new()
        .input_bytes(NAME, without_relocations(&module)?)
        .web(true)?
        .omit_default_module_path(true)
        .typescript(true)
        .generate(&directory)?;
    let glue = directory.join(format!("{NAME}.js"));
    replace_end(&glue, LOADING, ATTACHING)?;
    replace_function(&glue, "passStringToWasm0", PASS_STRING)?;
    replace_all(&glue, REGISTRY, "new Registry(")?;
    replace_all(&glue, PASS_STRING_ARGUMENTS, ")")?;
    free_strings_in_one_place(&glue)?;
    let types = directory.join(format!("{NAME}.d.ts"));
    replace_end(&types, TYPES_OF_LOADING, TYPES_OF_ATTACHING)
}

/// The module without what `--emit-relocs` adds, which would not hold any more once the module is changed.
fn without_relocations(module: &[u8]) -> Result<Vec<u8>> {
    let mut without = wasm_encoder::Module::new();
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload?;
        if let Payload::CustomSection(custom) = &payload
            && (custom.name() == "linking" || custom.name().starts_with("reloc."))
        {
            continue;
        }
        if let Some((id, range)) = payload.as_section() {
            let range = usize::try_from(range.start)?..usize::try_from(range.end)?;
            let data = module.get(range).context("a section that is cut")?;
            without.section(&RawSection { id, data });
        }
    }
    Ok(without.finish())
}

/// Where the glue begins to load the module.
const LOADING: &str = "let wasmModule, wasmInstance, wasm;\n";

const ATTACHING: &str = "\
let wasm;
export { __wbg_get_imports as imports };
export function attach(exports) {
    const isFirst = wasm === undefined;
    wasm = exports;
    if (isFirst) wasm.__wbindgen_start();
}
";

const TYPES_OF_LOADING: &str = "export type InitInput =";

const TYPES_OF_ATTACHING: &str = "\
/**
 * What the module imports.
 */
export function imports(): WebAssembly.Imports;

/**
 * Everything above uses these exports from now on; the first time, they are also started.
 */
export function attach(exports: Record<string, unknown>): void;
";

/// wasm-bindgen writes a string's ASCII one by one, however long it is, which takes seven times as long for a request.
const PASS_STRING: &str = "\
function passStringToWasm0(arg) {
    const len = arg.length;
    let ptr = wasm.__wbindgen_malloc(len, 1) >>> 0;
    const bytes = getUint8ArrayMemory0().subarray(ptr, ptr + len);
    if (len < 32) {
        let index = 0;
        for (; index < len; index++) {
            const code = arg.charCodeAt(index);
            if (code > 0x7F) break;
            bytes[index] = code;
        }
        if (index === len) {
            WASM_VECTOR_LEN = len;
            return ptr;
        }
    }
    let { read, written } = cachedTextEncoder.encodeInto(arg, bytes);
    if (read !== len) {
        const most = written + (len - read) * 3;
        ptr = wasm.__wbindgen_realloc(ptr, len, most, 1) >>> 0;
        const rest = getUint8ArrayMemory0().subarray(ptr + written, ptr + most);
        written += cachedTextEncoder.encodeInto(arg.slice(read), rest).written;
        ptr = wasm.__wbindgen_realloc(ptr, most, written, 1) >>> 0;
    }
    WASM_VECTOR_LEN = written;
    return ptr;
}
";

/// The same for every string.
const PASS_STRING_ARGUMENTS: &str = ", wasm.__wbindgen_malloc, wasm.__wbindgen_realloc)";

/// What each class has of its own in the glue.
const REGISTRY: &str = "\
(typeof FinalizationRegistry === 'undefined')
    ? { register: () => {}, unregister: () => {} }
    : new FinalizationRegistry(";

/// What stands once in its place, and takes over the strings that functions return.
const SHARED: &str = "\
class NoRegistry {
    register() {}
    unregister() {}
}
const Registry = typeof FinalizationRegistry === 'undefined' ? NoRegistry : FinalizationRegistry;
function takeString(ptr, len) {
    try {
        return getStringFromWasm0(ptr, len);
    } finally {
        wasm.__wbindgen_free(ptr, len, 1);
    }
}
";

/// Every function that returns a string says how it is freed: `takeString` takes it over.
fn free_strings_in_one_place(path: &Path) -> Result<()> {
    let text = std::fs::read_to_string(path)?;
    let mut kept = String::from(SHARED);
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        match line.trim_start() {
            declaration if declaration.starts_with("let deferred") => {
                if declaration.ends_with("_1;") {
                    let next = lines.next().map(str::trim);
                    ensure!(next == Some("try {"), "{next:?} after {declaration}");
                }
            }
            assignment if assignment.starts_with("deferred") => {}
            "} finally {" => {
                let free = lines.next().unwrap_or_default().trim_start();
                let is_free = free.starts_with("wasm.__wbindgen_free(deferred");
                ensure!(is_free && lines.next().is_some(), "{free}");
            }
            returned if returned.starts_with("return getStringFromWasm0(") => {
                kept.push_str(&line.replace("getStringFromWasm0", "takeString"));
                kept.push('\n');
            }
            _ => {
                kept.push_str(line);
                kept.push('\n');
            }
        }
    }
    Ok(std::fs::write(path, kept)?)
}

fn replace_all(path: &Path, what: &str, by: &str) -> Result<()> {
    let text = std::fs::read_to_string(path)?;
    ensure!(text.contains(what), "{} has no {what}", path.display());
    Ok(std::fs::write(path, text.replace(what, by))?)
}

fn replace_function(path: &Path, name: &str, by: &str) -> Result<()> {
    let text = std::fs::read_to_string(path)?;
    let missing = || format!("{} has no function {name}", path.display());
    let start = text
        .find(&format!("function {name}("))
        .with_context(missing)?;
    let (before, rest) = text.split_at(start);
    let (_, after) = rest.split_once("\n}\n").with_context(missing)?;
    Ok(std::fs::write(path, [before, by, after].concat())?)
}

fn replace_end(path: &Path, start: &str, by: &str) -> Result<()> {
    let text = std::fs::read_to_string(path)?;
    let (kept, _) = text
        .split_once(start)
        .with_context(|| format!("{} has no line {start:?}", path.display()))?;
    Ok(std::fs::write(path, [kept, by].concat())?)
}
