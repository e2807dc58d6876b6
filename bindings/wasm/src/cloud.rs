//! The cloud API: who talks to it, the actions of core's list, and its signature.

use serde::Serialize;
use trtc_call_core::input::{FromInput, Given, Input, Properties};
use trtc_call_core::tc3::{Credential, Parts, Tc3Signer};
use trtc_call_core::{
    Action, CloudAccess, CloudEndpoint, CloudHost, CloudRegion, HttpRequest, IngestRoomIdCoding,
    InvalidRequest, Problem, SdkAppId, UnixSeconds, WithExtra, for_each_action,
};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::Thrown;
use crate::account::site;
use crate::commands::Reply;
use crate::exact::to_js;
use crate::failure::Failure;
use crate::{given, http};

/// All of core's `CloudAccess`.
#[wasm_bindgen]
pub struct CloudAccount {
    sdk_app_id: SdkAppId,
    host: CloudHost,
    region: CloudRegion,
    signer: Tc3Signer,
    coding: IngestRoomIdCoding,
}

#[wasm_bindgen]
impl CloudAccount {
    /// Out of `{ sdkAppId, secretId, secretKey, token?, host? | baseUrl?, plainHttp?, region?, ingestRoomIdCoding? }`.
    #[wasm_bindgen(constructor)]
    pub fn new(given: &JsValue) -> Result<CloudAccount, Failure> {
        given::read_with("cloud", given, |input| {
            let sdk_app_id = input.required("sdkAppId", Given::sdk_app_id);
            let credential = credential(input);
            let host: Option<CloudHost> = site(input, "host");
            let region = input.optional("region", |name| CloudRegion::new(name.text()?));
            let coding = input.optional("ingestRoomIdCoding", |name| name.text()?.parse());
            Some(CloudAccount {
                sdk_app_id: sdk_app_id?,
                host: host.unwrap_or_default(),
                region: region.unwrap_or_default(),
                signer: Tc3Signer::new(credential?),
                coding: coding.unwrap_or_default(),
            })
        })
    }
}

impl CloudAccount {
    pub(crate) fn access(&self) -> CloudAccess<'_> {
        CloudAccess {
            host: &self.host,
            region: &self.region,
            sdk_app_id: self.sdk_app_id,
            signer: &self.signer,
            ingest_room_id_coding: self.coding,
        }
    }
}

/// `secretId`, `secretKey` and, for a temporary one, `token`.
fn credential(input: &mut Properties<'_>) -> Option<Credential> {
    let secret_id = input.required("secretId", Given::text);
    let secret_key = input.required("secretKey", Given::text);
    let token = input.optional("token", Given::text);
    let made = Credential::new(secret_id?, secret_key?);
    let made = match (made, token) {
        (Ok(credential), Some(token)) => credential.with_token(token),
        (made, _) => made,
    };
    // Core tells these apart from the application's key; here they stand among the cloud's own.
    input.note(made.map_err(|problem| match problem.field.as_str() {
        "cloud_secret_key" => problem.at("secretKey"),
        "cloud_token" => problem.at("token"),
        _ => problem,
    }))
}

/// A request to an action that follows every rule.
#[wasm_bindgen]
pub struct ActionRequest(Box<dyn AnyAction>);

#[wasm_bindgen]
impl ActionRequest {
    /// Out of the properties that were given.
    #[wasm_bindgen(constructor)]
    pub fn new(
        action: &str,
        given: &JsValue,
        allow_any_user_id: bool,
    ) -> Result<ActionRequest, Failure> {
        let json = given::json_of(given)?;
        let input = Input::new(&json).allow_any_user_id(allow_any_user_id);
        Ok(ActionRequest((spoken(action)?.read)(input)?))
    }

    /// The HTTP request to send, signed at `now` (Unix seconds).
    pub fn build(&self, account: &CloudAccount, now: f64) -> Thrown<JsValue> {
        http::message(&self.0.http(&account.access(), UnixSeconds(now as u64)))
    }

    /// Reads the reply: what it says, the `requestId` among it.
    pub fn read(&self, status: u16, body: &[u8]) -> Thrown<JsValue> {
        self.0.reply(status, body)
    }

    /// The failure that no reply came; `how` is the code of a transport error.
    #[must_use]
    pub fn lost(&self, how: &str, message: &str) -> Failure {
        Failure::no_reply(self.0.named().repeat, how, message)
    }
}

/// Reads the reply to an action: what it says, the `requestId` among it.
#[wasm_bindgen(js_name = readActionReply)]
pub fn read_action_reply(action: &str, status: u16, body: &[u8]) -> Thrown<JsValue> {
    let spoken = spoken(action)?;
    (spoken.reply)(spoken.action, status, body)
}

/// What the requests to all actions have in common.
trait AnyAction {
    fn named(&self) -> Action;
    fn http(&self, access: &CloudAccess<'_>, now: UnixSeconds) -> HttpRequest;
    fn reply(&self, status: u16, body: &[u8]) -> Thrown<JsValue>;
}

impl<E: CloudEndpoint<Response: Serialize>> AnyAction for E {
    fn named(&self) -> Action {
        self.action()
    }

    fn http(&self, access: &CloudAccess<'_>, now: UnixSeconds) -> HttpRequest {
        self.http_request(access, now)
    }

    fn reply(&self, status: u16, body: &[u8]) -> Thrown<JsValue> {
        reply::<E>(self.action(), status, body)
    }
}

/// An action and how its requests and replies are read.
struct Spoken {
    action: Action,
    read: fn(Input<'_>) -> Result<Box<dyn AnyAction>, InvalidRequest>,
    reply: fn(Action, u16, &[u8]) -> Thrown<JsValue>,
}

fn spoken_as<E: CloudEndpoint<Response: Serialize> + FromInput + 'static>(
    action: Action,
) -> Spoken {
    Spoken {
        action,
        read: |input| Ok(Box::new(WithExtra::<E>::read(input, E::with_extra)?)),
        reply: reply::<E>,
    }
}

fn spoken(name: &str) -> Result<Spoken, Failure> {
    let mut all = for_each_action!(spoken_as()).into_iter();
    let found = all.find(|spoken| spoken.action.name == name);
    found.ok_or_else(|| Problem::new("action", "is not known", "name one of the list").into())
}

fn reply<E: CloudEndpoint<Response: Serialize>>(
    action: Action,
    status: u16,
    body: &[u8],
) -> Thrown<JsValue> {
    match E::parse(status, body) {
        Ok(reply) => Ok(to_js(&Reply {
            response: reply.response,
            request_id: &reply.request_id,
        })?),
        Err(error) => Err(Failure::new(action.repeat, error).into()),
    }
}

/// Signs `{ host, action, timestamp, body, secretId, secretKey, region?, token?, service?, version? }` and gives all
/// stages.
#[wasm_bindgen(js_name = tc3Stages)]
pub fn tc3_stages(given: &JsValue) -> Thrown<JsValue> {
    let stages = given::read_with("request", given, |input| {
        let host = input.required("host", Given::text);
        let action = input.required("action", Given::text);
        let body = input.required("body", Given::text);
        let region = input.optional("region", Given::text);
        let service = input.optional("service", Given::text);
        let version = input.optional("version", Given::text);
        let timestamp = input.required("timestamp", Given::unix_seconds);
        let credential = credential(input);
        let (host, action, body) = (host?, action?, body?);
        let parts = || {
            let parts = Parts::new(&host, &action, body.as_bytes())?.service(
                service.as_deref().unwrap_or(Parts::DEFAULT_SERVICE),
                version.as_deref().unwrap_or(Parts::DEFAULT_VERSION),
            )?;
            match region.as_deref() {
                None | Some("") => Ok(parts),
                Some(region) => parts.region(region),
            }
        };
        let parts = input.note(parts())?;
        Some(Tc3Signer::new(credential?).stages(&parts, timestamp?))
    })?;
    Ok(to_js(&stages)?)
}
