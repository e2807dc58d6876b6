use std::num::NonZeroU32;

use trtc_call::tc3::Credential;
use trtc_call::webhook::WebhookToken;
use trtc_call::webhook::ingest::IngestWebhookKey;
use trtc_call::{
    CloudConfig, CloudHost, CloudRegion, IngestRoomIdCoding, Region, SdkAppId, SecretKey, UserId,
};
use trtc_call_emulator::server::Server;
use trtc_call_ledger::Ledger;

use crate::{Page, SessionToken};

/// Whose console it is, and what is behind it.
#[derive(Debug)]
pub struct Config {
    pub(crate) account: Account,
    pub(crate) service: Service,
    pub(crate) webhooks: WebhookCheck,
    pub(crate) cloud: Option<CloudAccount>,
    pub(crate) ingest_webhooks: Option<IngestWebhookKey>,
    pub(crate) ledger: Option<Ledger>,
    pub(crate) page: Page,
    pub(crate) session_token: Option<SessionToken>,
    pub(crate) demo_key: Option<&'static str>,
}

/// What answers the console's requests.
#[derive(Debug)]
#[non_exhaustive]
pub enum Service {
    /// The real service: **real phones ring**.
    Account(Region),
    /// An emulator of the same application. The console has its webhooks sent to itself.
    Emulator(Server),
}

/// Which webhooks are taken.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub enum WebhookCheck {
    /// None.
    #[default]
    Off,
    /// Those that are signed with this token.
    Token(WebhookToken),
    /// Every one that says it is for the application, **whoever sent it**: where the webhooks'
    /// authentication is off.
    Unsigned,
}

#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) sdk_app_id: SdkAppId,
    pub(crate) secret_key: SecretKey,
    pub(crate) admin: UserId,
    pub(crate) robot: Option<UserId>,
    pub(crate) allow_any_user_id: bool,
    pub(crate) backup_host: bool,
    /// Other than the client's default.
    pub(crate) requests_per_second: Option<NonZeroU32>,
}

/// The cloud account that streams are played with.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CloudAccount {
    /// An access key of the account that the application belongs to.
    pub credential: Credential,
    /// The site that the account was made on. Default: mainland. An emulator takes its place.
    pub host: CloudHost,
    /// The region that pulls the streams. Default: `ap-singapore`.
    pub region: CloudRegion,
    /// How stream ingest codes the kinds of room, until the page's user says otherwise.
    pub ingest_room_id_coding: IngestRoomIdCoding,
    /// Whether robots bring a PrivateMapKey for their room. Default: they do not.
    pub private_map_keys: bool,
}

impl CloudAccount {
    /// The account of that access key, with the defaults.
    #[must_use]
    pub fn new(credential: Credential) -> CloudAccount {
        CloudAccount {
            credential,
            host: CloudHost::default(),
            region: CloudRegion::default(),
            ingest_room_id_coding: IngestRoomIdCoding::default(),
            private_map_keys: false,
        }
    }

    pub(crate) fn config(&self) -> CloudConfig {
        CloudConfig::new(self.credential.clone())
            .host(self.host.clone())
            .region(self.region.clone())
            .ingest_room_id_coding(self.ingest_room_id_coding)
            .private_map_keys(self.private_map_keys)
    }
}

impl Config {
    /// A console of the application, without webhooks, with the embedded page and a token that nobody
    /// knows yet.
    #[must_use]
    pub fn new(
        sdk_app_id: SdkAppId,
        secret_key: SecretKey,
        admin: UserId,
        service: Service,
    ) -> Config {
        Config {
            account: Account {
                sdk_app_id,
                secret_key,
                admin,
                robot: None,
                allow_any_user_id: false,
                backup_host: true,
                requests_per_second: None,
            },
            service,
            webhooks: WebhookCheck::Off,
            cloud: None,
            ingest_webhooks: None,
            ledger: None,
            page: Page::Embedded,
            session_token: None,
            demo_key: None,
        }
    }

    /// The account that calls unless the page's user names another.
    #[must_use]
    pub fn robot(mut self, robot: UserId) -> Config {
        self.account.robot = Some(robot);
        self
    }

    /// Takes user names outside the UserID rule too, as older tenants hold them.
    #[must_use]
    pub fn allow_any_user_id(mut self, allow: bool) -> Config {
        self.account.allow_any_user_id = allow;
        self
    }

    /// Whether to turn to the region's backup host when no connection can be made to the other. Default: `true`.
    #[must_use]
    pub fn backup_host(mut self, backup_host: bool) -> Config {
        self.account.backup_host = backup_host;
        self
    }

    /// The most requests per second of each command, where it is not the vendor's 200.
    #[must_use]
    pub fn requests_per_second(mut self, requests: NonZeroU32) -> Config {
        self.account.requests_per_second = Some(requests);
        self
    }

    /// Which webhooks are taken. An emulator signs with the token that is given, else with one that is made up.
    #[must_use]
    pub fn webhooks(mut self, webhooks: WebhookCheck) -> Config {
        self.webhooks = webhooks;
        self
    }

    /// The cloud account, without which nothing can be played into calls. An emulator has one by itself.
    #[must_use]
    pub fn cloud(mut self, cloud: CloudAccount) -> Config {
        self.cloud = Some(cloud);
        self
    }

    /// Takes webhooks about streams that are signed with this key. An emulator signs with the key that is
    /// given, else with one that is made up.
    #[must_use]
    pub fn ingest_webhooks(mut self, key: IngestWebhookKey) -> Config {
        self.ingest_webhooks = Some(key);
        self
    }

    /// Shows the application's campaigns that stand in this ledger. Webhooks that are signed are told to it.
    #[must_use]
    pub fn ledger(mut self, ledger: Ledger) -> Config {
        self.ledger = Some(ledger);
        self
    }

    /// Where the page comes from.
    #[must_use]
    pub fn page(mut self, page: Page) -> Config {
        self.page = page;
        self
    }

    /// The emulator's key, where it is one that is no secret: the page shows it with the code that needs it. **Never a
    /// key of an account.**
    #[must_use]
    pub fn demo_key(mut self, key: &'static str) -> Config {
        self.demo_key = Some(key);
        self
    }

    /// A session token that is known beforehand, so that browsers stay signed in over a restart.
    #[must_use]
    pub fn session_token(mut self, token: SessionToken) -> Config {
        self.session_token = Some(token);
        self
    }
}
