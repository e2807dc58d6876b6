use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::cloud::{Action, CloudAccess, CloudEndpoint};
use crate::endpoint::{Command, Endpoint, PayloadError};
use crate::input::{FromInput, Input};
use crate::members::Members;
use crate::offline_push::{Advice, unknown_fields};
use crate::{CallId, Extra, InvalidRequest, JsonText, Problem, RingAttempt};

/// A request with fields that this release does not know. Made by [`Endpoint::with_extra`] and
/// [`CloudEndpoint::with_extra`]; sent as the request itself is.
///
/// ```
/// use trtc_call_core::call_engine::end_call::Request;
/// use trtc_call_core::{CallId, Endpoint as _, Extra};
///
/// let extra = Extra::from_json(r#"{"Tomorrow":12345678901234567890}"#)?;
/// let request = Request::new(CallId::new("35fd577d")?).with_extra(extra).unwrap();
/// assert_eq!(request.body(), r#"{"CallId":"35fd577d","Tomorrow":12345678901234567890}"#);
/// # Ok::<(), trtc_call_core::Problem>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WithExtra<E> {
    #[serde(flatten)]
    request: E,
    #[serde(flatten)]
    extra: Extra,
    #[serde(skip)]
    known: &'static [&'static str],
}

impl<E> WithExtra<E> {
    pub(crate) fn new(
        request: E,
        known: &'static [&'static str],
        extra: Extra,
    ) -> Result<WithExtra<E>, InvalidRequest> {
        let problems: Vec<Problem> = extra.check("", |name| known.contains(&name)).collect();
        if problems.is_empty() {
            Ok(WithExtra {
                request,
                extra,
                known,
            })
        } else {
            Err(problems.into())
        }
    }

    /// Reads a request and `extra?`, an object of further fields, which `add` adds: the request's `with_extra`.
    ///
    /// # Errors
    /// All that is wrong with the object.
    pub fn read(
        input: Input<'_>,
        add: impl FnOnce(E, Extra) -> Result<WithExtra<E>, InvalidRequest>,
    ) -> Result<WithExtra<E>, InvalidRequest>
    where
        E: FromInput,
    {
        let mut input = input.properties(E::WHAT)?;
        let extra = input.optional("extra", |given| Extra::from_json(given.json()));
        let request = E::from_input(&mut input);
        let extra = extra.unwrap_or_default();
        let both = request.and_then(|request| input.note_all(add(request, extra)));
        input.finish(both)
    }

    /// The request without them.
    pub fn request(&self) -> &E {
        &self.request
    }

    /// The further fields.
    pub fn extra(&self) -> &Extra {
        &self.extra
    }

    /// Which of the further fields may be slips of which names.
    #[must_use]
    pub fn extra_advice(&self) -> Vec<Advice> {
        unknown_fields("extra.", &self.extra, self.known)
    }
}

impl<E: Endpoint> Endpoint for WithExtra<E> {
    type Response = E::Response;

    const COMMAND: Command = E::COMMAND;

    fn ring_attempt(&self) -> Option<RingAttempt> {
        self.request.ring_attempt()
    }

    fn call_id(response: &E::Response) -> Option<&CallId> {
        E::call_id(response)
    }

    fn read_payload(payload: Option<&RawValue>) -> Result<E::Response, PayloadError> {
        E::read_payload(payload)
    }

    fn show<S: Serializer>(response: &E::Response, serializer: S) -> Result<S::Ok, S::Error>
    where
        E::Response: Serialize,
    {
        E::show(response, serializer)
    }
}

impl<E: CloudEndpoint> CloudEndpoint for WithExtra<E> {
    type Response = E::Response;

    fn action(&self) -> Action {
        self.request.action()
    }

    fn body(&self, access: &CloudAccess<'_>) -> String {
        let body = self.request.body(access);
        // A body is an object always.
        let merged = serde_json::from_str(&body).and_then(|Members(members)| {
            let own = members
                .into_iter()
                .map(|(name, value)| (name, JsonText::from(value)));
            let extra = self.extra.iter();
            let extra = extra.map(|(name, value)| (name.into(), value.clone()));
            let mut merged = Vec::new();
            serde_json::Serializer::new(&mut merged).collect_map(own.chain(extra))?;
            Ok(merged)
        });
        let merged = merged.ok().and_then(|json| String::from_utf8(json).ok());
        merged.unwrap_or(body)
    }

    fn read_response(response: &RawValue) -> Result<E::Response, PayloadError> {
        E::read_response(response)
    }
}
