//! `/api/settings`: whose console it is, what is set up, and what is missing.

use std::num::NonZeroU32;
use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use serde::Serialize;
use trtc_call::input::Input;
use trtc_call::{CloudHost, Command, IngestRoomIdCoding, Region, SdkAppId, UserId};

use crate::api_error::ApiError;
use crate::play::{self, CLOUD_FIX};
use crate::{Running, Shared, WebhookCheck, receive};

/// All but the secrets.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Settings {
    mode: &'static str,
    sdk_app_id: SdkAppId,
    admin: UserId,
    robot: Option<UserId>,
    allow_any_user_id: bool,
    /// `None` where a base URL or an emulator takes its place.
    region: Option<&'static str>,
    base_url: Option<String>,
    /// Whether the region's backup host is turned to; `None` where there is none.
    backup_host: Option<bool>,
    /// The most requests per second of each command.
    requests_per_second: u32,
    ingest_room_id_coding: &'static str,
    cloud: Cloud,
    webhooks: Webhooks,
    /// Whether there is a ledger of campaigns. Never its URL, which may hold a password.
    ledger: bool,
    missing: Vec<Missing>,
    /// The emulator's key, where it is no secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    demo_key: Option<&'static str>,
    version: &'static str,
}

#[derive(Serialize)]
struct Cloud {
    configured: bool,
    region: Option<String>,
    /// `None` where a base URL takes its place.
    site: Option<&'static str>,
    #[serde(rename = "baseUrl")]
    base_url: Option<String>,
}

#[derive(Serialize)]
struct Webhooks {
    configured: bool,
    /// Whether they are signed.
    signed: bool,
    /// Whether one has come.
    receiving: bool,
    /// Where this console takes them, as seen from this machine.
    url: Option<String>,
    /// Where it takes those about streams.
    #[serde(rename = "ingestUrl")]
    ingest_url: Option<String>,
}

#[derive(Serialize)]
struct Missing {
    what: &'static str,
    /// What the page words.
    code: &'static str,
    fix: String,
}

pub(super) async fn get(State(shared): State<Arc<Shared>>) -> Json<Settings> {
    Json(view(&shared))
}

pub(super) async fn change(
    State(shared): State<Arc<Shared>>,
    body: Bytes,
) -> Result<Json<Settings>, ApiError> {
    let mut input = Input::new(&body).properties("settings")?;
    let coding = input.optional("ingestRoomIdCoding", |word| {
        word.text()?.parse::<IngestRoomIdCoding>()
    });
    if coding.is_some() && shared.cloud.is_none() {
        input.note::<()>(Err(play::not_configured().at("ingestRoomIdCoding")));
    }
    if let Some(coding) = input.finish(Some(coding))? {
        shared.set_ingest_room_id_coding(coding).map_err(|error| {
            let status = axum::http::StatusCode::INTERNAL_SERVER_ERROR;
            ApiError::refused(status, "internal", error.to_string())
        })?;
        shared.board().note_settings();
    }
    Ok(Json(view(&shared)))
}

pub(crate) fn view(shared: &Shared) -> Settings {
    let is_receiving = shared.board().has_received();
    let (mode, region, base_url) = match &shared.service {
        Running::Emulator(server) => ("emulator", None, Some(server.base_url())),
        Running::Account(Region::Custom(url)) => ("account", None, Some(url.as_str().to_owned())),
        Running::Account(region) => ("account", Some(region.name()), None),
    };
    let cloud = shared.cloud().map(|cloud| cloud.clone());
    let takes_webhooks = !matches!(shared.webhooks, WebhookCheck::Off);
    Settings {
        mode,
        sdk_app_id: shared.account.sdk_app_id,
        admin: shared.account.admin.clone(),
        robot: shared.account.robot.clone(),
        allow_any_user_id: shared.account.allow_any_user_id,
        region,
        base_url,
        backup_host: region.map(|_| shared.account.backup_host),
        requests_per_second: shared
            .account
            .requests_per_second
            .map_or(Command::REQUESTS_PER_SECOND, NonZeroU32::get),
        ingest_room_id_coding: cloud
            .as_ref()
            .map_or_else(IngestRoomIdCoding::default, |it| it.ingest_room_id_coding)
            .name(),
        cloud: Cloud {
            configured: cloud.is_some(),
            site: cloud.as_ref().and_then(|cloud| match cloud.host {
                CloudHost::Mainland => Some("mainland"),
                CloudHost::International => Some("international"),
                _ => None,
            }),
            base_url: cloud.as_ref().and_then(|cloud| match &cloud.host {
                CloudHost::Custom(url) => Some(url.as_str().to_owned()),
                _ => None,
            }),
            region: cloud
                .filter(|_| shared.emulator().is_none())
                .map(|cloud| cloud.region.as_str().to_owned()),
        },
        ledger: shared.ledger.is_some(),
        webhooks: Webhooks {
            configured: takes_webhooks,
            signed: matches!(shared.webhooks, WebhookCheck::Token(_)),
            receiving: is_receiving,
            url: takes_webhooks.then(|| receive::url(shared.address)),
            ingest_url: shared
                .ingest_webhooks
                .is_some()
                .then(|| receive::ingest_url(shared.address)),
        },
        missing: missing(shared, is_receiving),
        demo_key: shared.demo_key.filter(|_| shared.emulator().is_some()),
        version: env!("CARGO_PKG_VERSION"),
    }
}

fn missing(shared: &Shared, is_receiving: bool) -> Vec<Missing> {
    let url = receive::url(shared.address);
    let webhooks = match &shared.webhooks {
        WebhookCheck::Off => Some((
            "webhooks_off",
            "start the console with the webhooks' token (TRTC_WEBHOOK_TOKEN, or --token-file); until then \
             it asks the service about each call once a second"
                .to_owned(),
        )),
        _ if is_receiving || shared.emulator().is_some() => None,
        _ => Some((
            "webhooks_not_received",
            format!(
                "no webhook has come yet: have a public https address lead to {url}, and set it under Webhooks"
            ),
        )),
    };
    let cloud = shared
        .cloud
        .is_none()
        .then(|| ("cloud_off", CLOUD_FIX.to_owned()));
    [("webhooks", webhooks), ("cloud", cloud)]
        .into_iter()
        .filter_map(|(what, missing)| {
            let (code, fix) = missing?;
            Some(Missing { what, code, fix })
        })
        .collect()
}
