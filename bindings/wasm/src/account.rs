//! Who sends requests, and where to.

use std::str::FromStr;

use trtc_call_core::input::{Given, Properties};
use trtc_call_core::{Access, BaseUrl, Problem, Region, SdkAppId, UserId, UserSig};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::failure::Failure;
use crate::given::read_with;

/// Where requests go and on whose behalf: core's `Access`.
#[wasm_bindgen]
pub struct Account {
    sdk_app_id: SdkAppId,
    admin: UserId,
    region: Region,
    /// The region's other host, and whether requests go there.
    backup: Option<Region>,
    is_on_backup: bool,
    user_sig: UserSig,
}

#[wasm_bindgen]
impl Account {
    /// Out of `{ sdkAppId, admin, region | baseUrl, plainHttp?, allowAnyUserId? }`.
    #[wasm_bindgen(constructor)]
    pub fn new(given: &JsValue) -> Result<Account, Failure> {
        read_with("account", given, |input| {
            let allow_any_user_id = input.flag("allowAnyUserId");
            let sdk_app_id = input.required("sdkAppId", Given::sdk_app_id);
            let admin = input.required("admin", |name| {
                if allow_any_user_id {
                    Ok(UserId::any(name.text()?))
                } else {
                    name.user_id()
                }
            });
            let region = region(input);
            let region = region?;
            Some(Account {
                sdk_app_id: sdk_app_id?,
                admin: admin?,
                backup: region.backup(),
                is_on_backup: false,
                region,
                user_sig: UserSig::from_token(""),
            })
        })
    }

    /// Takes the admin's UserSig, for the requests that are built from now on.
    #[wasm_bindgen(js_name = setUserSig)]
    pub fn set_user_sig(&mut self, user_sig: String) {
        self.user_sig = UserSig::from_token(user_sig);
    }

    /// Turns to the other of the region's two hosts after no connection could be made to that of `url`, unless another
    /// request has done so already. Whether there is another.
    #[wasm_bindgen(js_name = turnFrom)]
    pub fn turn_from(&mut self, url: &str) -> bool {
        let Some(backup) = &self.backup else {
            return false;
        };
        self.is_on_backup = !url.starts_with(backup.base_url());
        true
    }
}

impl Account {
    pub(crate) fn access(&self) -> Access<'_> {
        Access {
            region: match &self.backup {
                Some(backup) if self.is_on_backup => backup,
                _ => &self.region,
            },
            sdk_app_id: self.sdk_app_id,
            admin: &self.admin,
            user_sig: &self.user_sig,
        }
    }
}

fn region(input: &mut Properties<'_>) -> Option<Region> {
    if !input.has("region") && !input.has("baseUrl") {
        input.note::<()>(Err(Problem::new(
            "region",
            "must be given",
            "name the region that the application was made in, or give a baseUrl",
        )));
    }
    site(input, "region")
}

/// Where requests go: the property of that `name`, or `baseUrl` with `plainHttp`.
pub(crate) fn site<T>(input: &mut Properties<'_>, name: &str) -> Option<T>
where
    T: From<BaseUrl> + FromStr<Err = Problem>,
{
    let plain_http = input.flag("plainHttp");
    if input.has(name) && input.has("baseUrl") {
        input.note::<()>(Err(Problem::new(
            name,
            "must not be given together with baseUrl",
            "remove one of the two",
        )));
    }
    let named = input.optional(name, |given| given.text()?.parse());
    let url = input.optional("baseUrl", |url| {
        let url = url.text()?;
        if plain_http {
            BaseUrl::plain_http(&url)
        } else {
            BaseUrl::new(&url)
        }
    });
    url.map(T::from).or(named)
}
