//! The glue itself.

use anyhow::{Context as _, Result, ensure};

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

/// Each class has one.
const REGISTRY: &str = "\
(typeof FinalizationRegistry === 'undefined')
    ? { register: () => {}, unregister: () => {} }
    : new FinalizationRegistry(";

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

/// The glue as wasm-bindgen wrote it, but for how it loads the module, how strings cross, and what stands there for
/// each class and function but need stand there once.
pub(crate) fn rewritten(glue: &str) -> Result<String> {
    let (kept, _) = glue.split_once(LOADING).context(LOADING)?;
    let glue = [kept, ATTACHING].concat();
    let glue = with_function(&glue, "passStringToWasm0", PASS_STRING)?;
    let glue = with_all(&glue, PASS_STRING_ARGUMENTS, ")")?;
    let glue = with_all(&glue, REGISTRY, "new Registry(")?;
    Ok([SHARED, &with_strings_taken(&glue)?].concat())
}

fn with_function(glue: &str, name: &str, by: &str) -> Result<String> {
    let missing = || format!("no function {name}");
    let start = glue.find(&format!("function {name}("));
    let (before, rest) = glue.split_at(start.with_context(missing)?);
    let (_, after) = rest.split_once("\n}\n").with_context(missing)?;
    Ok([before, by, after].concat())
}

fn with_all(glue: &str, what: &str, by: &str) -> Result<String> {
    ensure!(glue.contains(what), "nowhere: {what}");
    Ok(glue.replace(what, by))
}

/// Every function that returns a string frees it in the end, by variables that it sets on the way: `takeString` takes
/// it over instead.
fn with_strings_taken(glue: &str) -> Result<String> {
    let mut kept = Vec::new();
    let mut lines = glue.lines();
    while let Some(line) = lines.next() {
        match line.trim_start() {
            variable if variable.starts_with("let deferred") => {
                if variable.ends_with("_1;") {
                    let next = lines.next().unwrap_or_default().trim_start();
                    ensure!(next == "try {", "{next} after {variable}");
                }
            }
            assignment if assignment.starts_with("deferred") => {}
            "} finally {" => {
                let free = lines.next().unwrap_or_default().trim_start();
                let is_free = free.starts_with("wasm.__wbindgen_free(deferred");
                ensure!(is_free && lines.next().is_some(), "{free} in the end");
            }
            returned if returned.starts_with("return getStringFromWasm0(") => {
                kept.push(line.replace("getStringFromWasm0", "takeString"));
            }
            _ => kept.push(line.to_owned()),
        }
    }
    Ok(kept.join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As wasm-bindgen writes functions that return a string.
    const FUNCTIONS: &str = "\
export function sure() {
    let deferred1_0;
    let deferred1_1;
    try {
        const ret = wasm.sure();
        deferred1_0 = ret[0];
        deferred1_1 = ret[1];
        return getStringFromWasm0(ret[0], ret[1]);
    } finally {
        wasm.__wbindgen_free(deferred1_0, deferred1_1, 1);
    }
}
export function may_throw(text) {
    let deferred2_0;
    let deferred2_1;
    try {
        let ptr0, len0;
        try {
            ptr0 = pass(text);
        } catch (e) {
            throw e;
        }
        const ret = wasm.may_throw(ptr0, len0);
        var ptr1 = ret[0];
        var len1 = ret[1];
        if (ret[3]) {
            ptr1 = 0; len1 = 0;
            throw take(ret[2]);
        }
        deferred2_0 = ptr1;
        deferred2_1 = len1;
        return getStringFromWasm0(ptr1, len1);
    } finally {
        wasm.__wbindgen_free(deferred2_0, deferred2_1, 1);
    }
}
";

    #[test]
    fn a_returned_string_is_taken_over() {
        let expected = "\
export function sure() {
        const ret = wasm.sure();
        return takeString(ret[0], ret[1]);
}
export function may_throw(text) {
        let ptr0, len0;
        try {
            ptr0 = pass(text);
        } catch (e) {
            throw e;
        }
        const ret = wasm.may_throw(ptr0, len0);
        var ptr1 = ret[0];
        var len1 = ret[1];
        if (ret[3]) {
            ptr1 = 0; len1 = 0;
            throw take(ret[2]);
        }
        return takeString(ptr1, len1);
}
";
        assert_eq!(with_strings_taken(FUNCTIONS).unwrap(), expected);
    }

    #[test]
    fn glue_that_is_written_otherwise_is_refused() {
        let otherwise = FUNCTIONS.replace("wasm.__wbindgen_free(", "wasm.free(");
        assert!(with_strings_taken(&otherwise).is_err());
        let otherwise = FUNCTIONS.replace("    try {\n        const", "    {\n        const");
        assert!(with_strings_taken(&otherwise).is_err());
        assert!(with_function("function other() {\n}\n", "one", "").is_err());
        assert!(with_all("nothing", REGISTRY, "").is_err());
    }

    #[test]
    fn a_function_is_replaced_whole() {
        let glue = "a\nfunction one(x) {\n    if (x) {\n    }\n}\nb\n";
        let expected = "a\nfunction one() {\n}\nb\n";
        assert_eq!(
            with_function(glue, "one", "function one() {\n}\n").unwrap(),
            expected
        );
    }
}
