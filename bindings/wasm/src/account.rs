//! Who sends requests, and where to.

use trtc_call_core::{Access, BaseUrl, Problem, Region, SdkAppId, UserId, UserSig};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::Failure;
use crate::given::{Given, Object};
use crate::problems::Problems;
use crate::usersig::user as user_id;

/// Where requests go and on whose behalf: core's `Access`.
#[wasm_bindgen]
pub struct Account {
    sdk_app_id: SdkAppId,
    admin: UserId,
    region: Region,
    pub(crate) allow_any_user_id: bool,
    user_sig: UserSig,
}

#[wasm_bindgen]
impl Account {
    /// Out of `{ sdkAppId, admin, region | baseUrl, plainHttp?, allowAnyUserId? }` as JSON text.
    #[wasm_bindgen(constructor)]
    pub fn new(json: &str) -> Result<Account, Failure> {
        let mut object = Object::read("account", json)?;
        let mut problems = Problems::default();
        let allow_any_user_id = problems.note(object.flag("allowAnyUserId"));
        let number = object.required("sdkAppId");
        let sdk_app_id = problems.note(number.and_then(Given::sdk_app_id));
        let admin = object.required("admin").and_then(|given| {
            let user = given.text("userId");
            let user = user.and_then(|name| user_id(name, allow_any_user_id == Some(true)));
            user.map_err(|problem| problem.at("admin"))
        });
        let admin = problems.note(admin);
        let plain_http = problems.note(object.flag("plainHttp"));
        let region = region(
            object.take("region"),
            object.take("baseUrl"),
            plain_http == Some(true),
        );
        let region = problems.note(region);
        problems.extend(object.leftovers());
        let values = sdk_app_id.zip(admin).zip(region);
        let ((sdk_app_id, admin), region) = problems.unless_any(values)?;
        Ok(Account {
            sdk_app_id,
            admin,
            region,
            allow_any_user_id: allow_any_user_id == Some(true),
            user_sig: UserSig::from_token(""),
        })
    }

    /// Takes the admin's UserSig, for the requests that are built from now on.
    #[wasm_bindgen(js_name = setUserSig)]
    pub fn set_user_sig(&mut self, user_sig: String) {
        self.user_sig = UserSig::from_token(user_sig);
    }
}

impl Account {
    pub(crate) fn access(&self) -> Access<'_> {
        Access {
            region: &self.region,
            sdk_app_id: self.sdk_app_id,
            admin: &self.admin,
            user_sig: &self.user_sig,
        }
    }
}

fn region(
    name: Option<Given<'_>>,
    base_url: Option<Given<'_>>,
    plain_http: bool,
) -> Result<Region, Problem> {
    match (name, base_url) {
        (Some(name), None) => name.text("region")?.parse(),
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
            "region",
            "must not be given together with baseUrl",
            "remove one of the two",
        )),
        (None, None) => Err(Problem::new(
            "region",
            "must be given",
            "name the region that the application was made in, or give a baseUrl",
        )),
    }
}
