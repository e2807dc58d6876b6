//! What JavaScript gave, on its way into core's types.

use trtc_call_core::input::{FromInput, Input, Properties};
use trtc_call_core::{InvalidRequest, Problem};
use wasm_bindgen::JsValue;

use crate::failure::Failure;

/// An object, as the JSON that core's reader of input takes: JavaScript itself knows best what its values say in
/// JSON. What is `undefined` is left out.
pub(crate) fn json_of(given: &JsValue) -> Result<String, Failure> {
    match js_sys::JSON::stringify(given) {
        // There is no text of `undefined` and of functions.
        Ok(text) => Ok(JsValue::from(text).as_string().unwrap_or_default()),
        Err(_) => Err(Failure::from(Problem::new(
            "request",
            "must hold strings, numbers, booleans and arrays only",
            "remove what is none of them, such as a BigInt",
        ))),
    }
}

/// Reads a request, or something else that core knows how to read.
pub(crate) fn read<T: FromInput>(given: &JsValue, allow_any_user_id: bool) -> Result<T, Failure> {
    let json = json_of(given)?;
    Ok(T::read(
        Input::new(&json).allow_any_user_id(allow_any_user_id),
    )?)
}

/// Reads an object that only the bindings know, which `what` names.
pub(crate) fn read_with<T>(
    what: &str,
    given: &JsValue,
    read: impl FnOnce(&mut Properties<'_>) -> Option<T>,
) -> Result<T, Failure> {
    let json = json_of(given)?;
    let mut properties = Input::new(&json)
        .properties(what)
        .map_err(InvalidRequest::from)?;
    let value = read(&mut properties);
    Ok(properties.finish(value)?)
}
