//! Rings for two tenants of one application, by one client.
//!
//! ```sh
//! cargo run --example multi_tenant -- jack jill
//! ```

#![allow(clippy::print_stdout, reason = "it is what an example shows")]

#[path = "../settings/mod.rs"]
mod settings;
mod tenants;

use settings::{BoxError, Settings};
use tenants::{Tenant, Tenants};
use trtc_call::MediaType;
use trtc_call::call_engine::start_call_by_robot::Request;

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    let Settings {
        sdk_app_id,
        secret_key,
        admin,
        region,
    } = Settings::read()?;
    let acme = Tenant {
        sdk_app_id,
        secret_key,
        admin,
        region,
    };
    let globex = acme.clone();
    let tenants = Tenants::new(|builder| builder);
    for (tenant, callee) in [&acme, &globex].into_iter().zip(std::env::args().skip(1)) {
        let call = Request::builder("robot", [callee], MediaType::Audio).build()?;
        let reply = tenants.client(tenant)?.send(&call).await?;
        println!("{:?}", reply.response.call_id);
    }
    Ok(())
}
