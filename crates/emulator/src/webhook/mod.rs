//! What the service tells the application's server: who is told, when, how often.

mod delivery;
mod message;
mod settings;
mod signature;

use std::collections::{BTreeMap, VecDeque};

use trtc_call_core::{SdkAppId, UnixSeconds};

pub use delivery::{OutgoingWebhook, WebhookAttempt, WebhookDelivery, WebhookOutcome};
pub(crate) use message::Subject;
pub use settings::{CallbackConfiguration, WebhookSettings};

use crate::random::Draws;
use crate::{Call, UnixMillis};

/// How many deliveries can be looked at afterwards.
const KEPT_DELIVERIES: usize = 1000;

/// The callback configuration, and the deliveries it causes.
#[derive(Debug, Default)]
pub(crate) struct Webhooks {
    configuration: Option<CallbackConfiguration>,
    settings: WebhookSettings,
    /// By when, then by the order of scheduling: the ids of deliveries to send.
    due: BTreeMap<(UnixMillis, u64), u64>,
    scheduled: u64,
    deliveries: VecDeque<WebhookDelivery>,
    last_id: u64,
}

impl Webhooks {
    /// The application's callback configuration, which `set_callback` replaces as a whole.
    pub(crate) fn configuration(&self) -> Option<&CallbackConfiguration> {
        self.configuration.as_ref()
    }

    /// `None` deletes it. What is already on its way goes on.
    pub(crate) fn configure(&mut self, configuration: Option<CallbackConfiguration>) {
        self.configuration = configuration;
    }

    pub(crate) fn settings(&self) -> &WebhookSettings {
        &self.settings
    }

    pub(crate) fn set(&mut self, settings: WebhookSettings) {
        self.settings = settings;
    }

    /// Has the application's server told about what happened in a call, if it wants to know.
    pub(crate) fn tell(&mut self, call: &Call, subject: &Subject, at: UnixMillis) {
        let Some(configuration) = &self.configuration else {
            return;
        };
        if !configuration.asks_for(subject.command()) {
            return;
        }
        let url = configuration.url.clone();
        for _ in 0..=self.settings.repeats {
            self.last_id += 1;
            let delivery = WebhookDelivery {
                id: self.last_id,
                command: subject.command(),
                call_id: call.call_id.clone(),
                happened_at: at,
                url: url.clone(),
                platform: subject.platform(),
                body: message::body(call, subject, at),
                attempts: Vec::new(),
                is_over: false,
            };
            // Made from the id: the same run shuffles the same way.
            let late = Draws::new(0, self.last_id).up_to(self.settings.shuffle);
            self.schedule(at.after(late), self.last_id);
            if self.deliveries.len() == KEPT_DELIVERIES {
                self.deliveries.pop_front();
            }
            self.deliveries.push_back(delivery);
        }
    }

    fn schedule(&mut self, at: UnixMillis, id: u64) {
        self.scheduled += 1;
        self.due.insert((at, self.scheduled), id);
    }

    /// When the next delivery is due.
    pub(crate) fn next_due(&self) -> Option<UnixMillis> {
        self.due.first_key_value().map(|((at, _), _)| *at)
    }

    /// The deliveries that are due until `now`, in order. `signed_at` becomes their `RequestTime`.
    pub(crate) fn take_due(
        &mut self,
        sdk_app_id: SdkAppId,
        now: UnixMillis,
        signed_at: UnixSeconds,
    ) -> Vec<OutgoingWebhook> {
        let mut outgoing = Vec::new();
        while let Some(entry) = self.due.first_entry()
            && entry.key().0 <= now
        {
            let id = entry.remove();
            let settings = &self.settings;
            let Some(delivery) = self.deliveries.iter().find(|delivery| delivery.id == id) else {
                continue; // So many came after it that it was forgotten.
            };
            outgoing.push(delivery.outgoing(sdk_app_id, settings, signed_at));
        }
        outgoing
    }

    /// Takes note of what became of an attempt; one that failed is followed by another.
    pub(crate) fn note(&mut self, id: u64, outcome: WebhookOutcome, now: UnixMillis) {
        let attempts = self.settings.attempts;
        let retry_at = now.after(self.settings.retry_after);
        let mut deliveries = self.deliveries.iter_mut();
        let Some(delivery) = deliveries.find(|delivery| delivery.id == id) else {
            return;
        };
        if delivery.is_over {
            return;
        }
        delivery.attempts.push(WebhookAttempt { at: now, outcome });
        let tried = u32::try_from(delivery.attempts.len()).unwrap_or(u32::MAX);
        delivery.is_over = outcome == WebhookOutcome::Acknowledged || tried >= attempts;
        if !delivery.is_over {
            self.schedule(retry_at, id);
        }
    }

    /// The latest deliveries after the one of that id, oldest first.
    pub(crate) fn deliveries_since(&self, id: u64) -> impl Iterator<Item = &WebhookDelivery> {
        let deliveries = self.deliveries.iter();
        deliveries.skip_while(move |delivery| delivery.id <= id)
    }
}
