//! Who talks to the cloud API, and where it is.

use trtc_call_core::tc3::{Credential, Tc3Signer};
use trtc_call_core::{
    BaseUrl, CloudAccess, CloudHost, CloudRegion, IngestRoomIdCoding, Problem, SdkAppId,
};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::Failure;
use crate::given::{Given, Object};
use crate::problems::Problems;

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
    /// Out of `{ sdkAppId, secretId, secretKey, token?, host? | baseUrl?, plainHttp?, region?,
    /// ingestRoomIdCoding? }` as JSON text.
    #[wasm_bindgen(constructor)]
    pub fn new(json: &str) -> Result<CloudAccount, Failure> {
        let mut object = Object::read("cloud", json)?;
        let mut problems = Problems::default();
        let sdk_app_id = object.required("sdkAppId").and_then(Given::sdk_app_id);
        let sdk_app_id = problems.note(sdk_app_id);
        let credential = problems.note(credential(&mut object));
        // The defaults stand in for what is wrong, too, which is noted.
        let host = problems.note(host(&mut object));
        let region = object.take("region");
        let region = region.and_then(|name| problems.note(region_of(name)));
        let coding = object.take("ingestRoomIdCoding");
        let coding = coding.and_then(|name| problems.note(coding_of(name)));
        problems.extend(object.leftovers());
        let account = match (sdk_app_id, credential) {
            (Some(sdk_app_id), Some(credential)) => Some(CloudAccount {
                sdk_app_id,
                host: host.unwrap_or_default(),
                region: region.unwrap_or_default(),
                signer: Tc3Signer::new(credential),
                coding: coding.unwrap_or_default(),
            }),
            _ => None,
        };
        problems.unless_any(account)
    }
}

impl CloudAccount {
    pub(super) fn access(&self) -> CloudAccess<'_> {
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
pub(super) fn credential(object: &mut Object<'_>) -> Result<Credential, Problem> {
    let secret_id = object.required("secretId");
    let secret_key = object.required("secretKey");
    let token = object.take("token");
    let made = Credential::new(secret_id?.text("secretId")?, secret_key?.text("secretKey")?);
    let made = match (made, token) {
        (Ok(credential), Some(token)) => credential.with_token(token.text("token")?),
        (made, _) => made,
    };
    // Core tells these apart from the application's key; here they stand among the cloud's own.
    made.map_err(|problem| match problem.field.as_str() {
        "cloud_secret_key" => problem.at("secretKey"),
        "cloud_token" => problem.at("token"),
        _ => problem,
    })
}

fn region_of(name: Given<'_>) -> Result<CloudRegion, Problem> {
    CloudRegion::new(name.text("region")?).map_err(|problem| problem.at("region"))
}

fn coding_of(name: Given<'_>) -> Result<IngestRoomIdCoding, Problem> {
    name.text("ingestRoomIdCoding")?.parse()
}

fn host(object: &mut Object<'_>) -> Result<CloudHost, Problem> {
    let name = object.take("host");
    let base_url = object.take("baseUrl");
    let plain_http = object.flag("plainHttp")?;
    match (name, base_url) {
        (None, None) => Ok(CloudHost::default()),
        (Some(name), None) => {
            let host = name.text("host")?.parse();
            host.map_err(|problem: Problem| problem.at("host"))
        }
        (None, Some(url)) => {
            let url = url.text("baseUrl")?;
            let url = if plain_http {
                BaseUrl::plain_http(&url)?
            } else {
                BaseUrl::new(&url)?
            };
            Ok(url.into())
        }
        (Some(_), Some(_)) => Err(Problem::new(
            "host",
            "must not be given together with baseUrl",
            "remove one of the two",
        )),
    }
}
