//! A service of simulated users in this process, which nothing outside of it depends on.

use tokio::sync::mpsc;
use trtc_call::call_config::set_callback;
use trtc_call::webhook::CallbackCommand;
use trtc_call::{Client, CloudRegion, IngestRoomIdCoding, Problem, SdkAppId};
use trtc_call_emulator::server::Server;
use trtc_call_ledger::Ledger;

use super::hearing::{Heard, Hearing};
use super::metrics::Metrics;
use crate::account::{Account, Credentials, TrafficArgs, UserIdRule};
use crate::cloud::CloudAccount;
use crate::command_error::CommandError;
use crate::emulated;
use crate::service;
use crate::webhook_check::WebhookCheck;

pub(super) struct Stage {
    pub(super) server: Server,
    pub(super) client: Client,
}

impl Stage {
    /// A service for that application.
    pub(super) async fn begin(app: SdkAppId, user_ids: UserIdRule) -> Result<Stage, CommandError> {
        let invalid = |problem: Problem| CommandError::Invalid(vec![problem]);
        let credentials = Credentials {
            sdk_app_id: app,
            secret_key: emulated::demo_secret_key().map_err(invalid)?,
            admin: emulated::demo_admin().map_err(invalid)?,
        };
        let config = emulated::config(&credentials, user_ids);
        let server = emulated::start_with(config, emulated::ANY_PORT).await?;
        let base_url = emulated::base_url(server.address()).map_err(invalid)?;
        let account = Account {
            credentials,
            region: base_url.clone().into(),
            traffic: TrafficArgs::default(),
        };
        let cloud = CloudAccount {
            credential: emulated::demo_credential().map_err(invalid)?,
            host: base_url.into(),
            region: CloudRegion::default(),
            ingest_room_coding: IngestRoomIdCoding::default(),
            with_private_map_key: false,
        };
        let client = service::client_with_cloud(account, cloud)?;
        Ok(Stage { server, client })
    }

    /// Has it tell the ledger how calls end, as the service does. Gives what it tells.
    pub(super) async fn tell(
        &self,
        ledger: &Ledger,
        metrics: &Metrics,
    ) -> Result<mpsc::UnboundedReceiver<Heard>, CommandError> {
        let app = self.client.sdk_app_id();
        let check = WebhookCheck::AppAlone(app);
        let of = (ledger.clone(), app);
        let hearing = Hearing::begin(emulated::ANY_PORT, check, of, metrics.clone()).await?;
        let url = hearing.url.as_str();
        let request = set_callback::Request::builder(url, [CallbackCommand::AfterEndCall]).build();
        let request = request.map_err(|invalid| CommandError::Invalid(invalid.into_problems()))?;
        self.client
            .send(&request)
            .await
            .map_err(CommandError::service::<set_callback::Request>)?;
        Ok(hearing.heard)
    }
}
