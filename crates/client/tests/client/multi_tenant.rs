//! The example with many tenants: one limit for an application, whoever rings for it.

#[path = "../../examples/multi_tenant/tenants.rs"]
mod tenants;

use std::num::NonZeroU32;
use std::time::Duration;

use tenants::{Tenant, Tenants};
use trtc_call::call_engine::end_call;
use trtc_call::{BaseUrl, CallId, SdkAppId, SecretKey, UserId};
use trtc_call_emulator::Config;
use trtc_call_emulator::server::Server;

#[tokio::test]
async fn tenants_of_one_application_share_its_limit_and_those_of_another_do_not() {
    let key = SecretKey::new("the key of the tenants").unwrap();
    let sdk_app_id = SdkAppId::new(1_400_000_001).unwrap();
    let server = Server::start(Config::new(sdk_app_id, key.clone()));
    let server = server.await.unwrap();
    let acme = Tenant {
        sdk_app_id,
        secret_key: key,
        admin: UserId::new("administrator").unwrap(),
        region: BaseUrl::new(&server.base_url()).unwrap().into(),
    };
    let globex = acme.clone();
    let mut elsewhere = acme.clone();
    elsewhere.sdk_app_id = SdkAppId::new(1_400_000_002).unwrap();
    // A second request within a second would have to wait.
    let tenants = Tenants::new(|builder| {
        let limit = NonZeroU32::new(1);
        builder
            .requests_per_second(limit)
            .max_wait(Duration::from_millis(10))
    });
    let request = end_call::Request::new(CallId::new("no-such-call").unwrap());
    let mut codes = Vec::new();
    for tenant in [&acme, &globex, &elsewhere] {
        let client = tenants.client(tenant).unwrap();
        codes.push(client.send(&request).await.unwrap_err().code());
    }
    assert_eq!(codes[..2], ["call_not_found", "rate_limit_wait"]);
    assert_ne!(codes[2], "rate_limit_wait");
}
