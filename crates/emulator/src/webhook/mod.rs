//! What the service tells the application's server: who is told, when, how often.

mod delivery;
mod ingest;
mod message;
mod settings;
mod signature;

use std::collections::BTreeMap;
use std::time::Duration;

use trtc_call_core::{SdkAppId, UnixMillis};

pub use delivery::{OutgoingWebhook, WebhookAttempt, WebhookDelivery, WebhookOutcome};
pub(crate) use ingest::IngestReport;
pub use ingest::IngestWebhooks;
pub(crate) use message::Subject;
pub use settings::{CallbackConfiguration, WebhookSettings};

use crate::agenda::Agenda;
use crate::clock::Clock;
use crate::latest::Latest;
use crate::random::Draws;
use crate::{Call, Ingest};

/// How many deliveries can be looked at afterwards.
const KEPT_DELIVERIES: usize = 1000;

/// The callback configuration, and the deliveries it causes.
#[derive(Debug, Default)]
pub(crate) struct Webhooks {
    configuration: Option<CallbackConfiguration>,
    settings: WebhookSettings,
    ingest: Option<IngestWebhooks>,
    /// The ids of deliveries to send.
    due: Agenda<u64>,
    deliveries: Latest<WebhookDelivery, KEPT_DELIVERIES>,
    /// The attempts that are not over, by delivery: when each was due, and the shell's time when it was taken to be made.
    under_way: BTreeMap<u64, (UnixMillis, UnixMillis)>,
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
        let delivery = WebhookDelivery {
            id: 0,
            command: subject.command(),
            call_id: call.call_id.clone(),
            task_id: None,
            happened_at: at,
            url: configuration.url.clone(),
            platform: subject.platform(),
            body: self.settings.alter(message::body(call, subject, at)),
            attempts: Vec::new(),
            is_over: false,
        };
        self.deliver(&delivery);
    }

    /// Whom to tell about ingest tasks.
    pub(crate) fn ingest(&self) -> Option<&IngestWebhooks> {
        self.ingest.as_ref()
    }

    /// `None`: nobody. What is already on its way goes on.
    pub(crate) fn set_ingest(&mut self, ingest: Option<IngestWebhooks>) {
        self.ingest = ingest;
    }

    /// Has the application's server told about what happened in a task, if it wants to know.
    pub(crate) fn tell_of_ingest(&mut self, ingest: &Ingest, report: IngestReport, at: UnixMillis) {
        let Some(receiver) = &self.ingest else {
            return;
        };
        let delivery = WebhookDelivery {
            id: 0,
            command: report.command(),
            call_id: ingest.call_id.clone().unwrap_or_default(),
            task_id: Some(ingest.task_id.clone()),
            happened_at: at,
            url: receiver.url.clone(),
            platform: "",
            body: report.body(&ingest.task_id, at, at),
            attempts: Vec::new(),
            is_over: false,
        };
        self.deliver(&delivery);
    }

    /// Schedules a delivery, as often and as untidily as the settings say.
    fn deliver(&mut self, delivery: &WebhookDelivery) {
        for _ in 0..=self.settings.repeats {
            self.last_id += 1;
            // Made from the id: the same run shuffles the same way.
            let late = Draws::new(0, self.last_id).up_to(self.settings.shuffle);
            let at = delivery.happened_at.after(late);
            self.due.schedule(at, self.last_id);
            let mut delivery = delivery.clone();
            delivery.id = self.last_id;
            self.deliveries.push(delivery);
        }
    }

    /// When the next delivery is due.
    pub(crate) fn next_due(&self) -> Option<UnixMillis> {
        self.due.next_due()
    }

    /// The delivery that was due first, if that was until now. The shell's time becomes its `RequestTime`.
    pub(crate) fn take_due(
        &mut self,
        sdk_app_id: SdkAppId,
        clock: &Clock,
    ) -> Option<OutgoingWebhook> {
        loop {
            let (due, id) = self.due.take(clock.now())?;
            // So many may have come after it that it was forgotten.
            let Some(delivery) = self.deliveries.iter().find(|delivery| delivery.id == id) else {
                continue;
            };
            self.under_way.insert(id, (due, clock.shell()));
            return Some(match delivery.task_id {
                Some(_) => delivery.outgoing_of_ingest(sdk_app_id, self.ingest.as_ref()),
                None => delivery.outgoing(sdk_app_id, &self.settings, clock.shell().seconds()),
            });
        }
    }

    /// Takes note of what became of an attempt; one that failed is followed by another.
    ///
    /// An attempt begins when it is due and takes as long as the shell's clock says, whatever the emulated one
    /// jumps over meanwhile: so that what follows in the same jump follows in order.
    pub(crate) fn note(&mut self, id: u64, outcome: WebhookOutcome, clock: &Clock) {
        let Some((due, taken)) = self.under_way.remove(&id) else {
            return;
        };
        let at = due.after(Duration::from_millis(
            clock.shell().0.saturating_sub(taken.0),
        ));
        let settings = &self.settings;
        let Some(delivery) = self.deliveries.find_mut(|delivery| delivery.id == id) else {
            return;
        };
        if delivery.is_over {
            return;
        }
        delivery.attempts.push(WebhookAttempt { at, outcome });
        let tried = u32::try_from(delivery.attempts.len()).unwrap_or(u32::MAX);
        let retry_after = match delivery.task_id {
            _ if outcome == WebhookOutcome::Acknowledged => None,
            Some(_) => ingest::retry_after(tried),
            None => (tried < settings.attempts).then_some(settings.retry_after),
        };
        delivery.is_over = retry_after.is_none();
        if let Some(retry_after) = retry_after {
            self.due.schedule(at.after(retry_after), id);
        }
    }

    /// The latest deliveries after the one of that id, oldest first.
    pub(crate) fn deliveries_since(&self, id: u64) -> impl Iterator<Item = &WebhookDelivery> {
        self.deliveries.behind(move |delivery| delivery.id <= id)
    }
}
