//! One client for each application: the vendor limits each application, and a client keeps to that.

use std::collections::HashMap;
use std::sync::Mutex;

use trtc_call::{Client, ClientBuilder, ConfigError, Region, SdkAppId, SecretKey, UserId};

/// A tenant's account.
#[derive(Debug, Clone)]
pub(crate) struct Tenant {
    pub(crate) sdk_app_id: SdkAppId,
    pub(crate) secret_key: SecretKey,
    pub(crate) admin: UserId,
    pub(crate) region: Region,
}

/// The clients of all tenants. Those of one application share one, and so its connections and its limit.
pub(crate) struct Tenants {
    clients: Mutex<HashMap<SdkAppId, Client>>,
    /// What all of them are told.
    settings: fn(ClientBuilder) -> ClientBuilder,
}

impl Tenants {
    pub(crate) fn new(settings: fn(ClientBuilder) -> ClientBuilder) -> Tenants {
        Tenants {
            clients: Mutex::default(),
            settings,
        }
    }

    /// The client that a tenant's calls go by.
    pub(crate) fn client(&self, tenant: &Tenant) -> Result<Client, ConfigError> {
        let mut clients = self
            .clients
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(client) = clients.get(&tenant.sdk_app_id) {
            return Ok(client.clone());
        }
        let Tenant {
            sdk_app_id,
            secret_key,
            admin,
            region,
        } = tenant.clone();
        let builder = Client::builder(sdk_app_id, secret_key, admin, region);
        let client = (self.settings)(builder).build()?;
        clients.insert(sdk_app_id, client.clone());
        Ok(client)
    }
}
