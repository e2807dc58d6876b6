//! One key's ring: what is to be written, and when what is to be sent. JavaScript reads and writes the store, sends, and
//! waits; it decides nothing.

use std::num::NonZeroU32;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use trtc_call_core::call_engine::start_call_by_robot::{Request, Response};
use trtc_call_core::ring_ledger::table::{self, LimiterRow};
use trtc_call_core::ring_ledger::{
    Limiter, MARK_AHEAD, NewRing, Ring, RingEvent, RingKey, RingState, SendResult, TOLERANCE,
    Taking, Terms, Took, Verdict, schema, statements,
};
use trtc_call_core::{Endpoint as _, Error, Problem, Reply, RetryPolicy, SdkAppId, UnixMillis};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::Thrown;
use crate::commands::CommandRequest;
use crate::exact::to_js;
use crate::failure::{Failure, no_reply};
use crate::given;

/// How long the reply is waited for before anybody may call the outcome unknown: longer than any attempt takes.
const REPLY_LEASE: Duration = Duration::from_secs(60);

/// The statements for PostgreSQL: `{ migrate, load, write }`.
#[wasm_bindgen(js_name = ringStatements)]
pub fn ring_statements() -> Thrown<JsValue> {
    #[derive(Serialize)]
    struct Statements {
        migrate: String,
        load: &'static str,
        write: String,
        command: &'static str,
    }
    Ok(to_js(&Statements {
        migrate: statements::migrate(),
        load: statements::LOAD,
        write: statements::write(),
        command: Request::COMMAND.name,
    })?)
}

/// How late a ring may be sent, in milliseconds.
#[wasm_bindgen(js_name = ringTolerance)]
#[must_use]
pub fn ring_tolerance() -> f64 {
    TOLERANCE.as_secs_f64() * 1000.0
}

/// The ring that a store has read, or `null`.
#[wasm_bindgen(js_name = ringFound)]
pub fn ring_found(loaded: &str) -> Thrown<JsValue> {
    let ring = Loaded::read(loaded)?.ring()?;
    Ok(to_js(&ring)?)
}

/// A key that is asked for.
#[wasm_bindgen]
pub struct RingOnce {
    app: SdkAppId,
    wanted: NewRing,
    terms: Terms,
    ring: Option<Ring>,
    result: Option<SendResult>,
    attempt: u32,
    verdict: Verdict,
    repeated: bool,
}

/// What a store has read.
#[derive(Deserialize)]
struct Loaded<'a> {
    now: UnixMillis,
    #[serde(default)]
    schema: Option<i64>,
    #[serde(borrow)]
    ring: Option<&'a RawValue>,
    limiter: Option<LimiterRow>,
}

/// What comes next: `write` first, if the store is still as it was; then `next`, at the store's time `at`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Step {
    write: Option<Write>,
    /// `known`, `wait`, `mark`, `send`, `again`, `done`.
    next: &'static str,
    at: Option<UnixMillis>,
}

/// JSON texts; the ring's is put in where `version` is null.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Write {
    ring: String,
    version: Option<u64>,
    limiter: Option<String>,
    limiter_before: Option<String>,
}

#[wasm_bindgen]
impl RingOnce {
    /// A key, and the call it stands for. `owner` is a name that nobody else has.
    #[wasm_bindgen(constructor)]
    pub fn new(
        sdk_app_id: u32,
        key: &str,
        call: &JsValue,
        allow_any_user_id: bool,
        owner: &str,
        rate: Option<u32>,
    ) -> Result<RingOnce, Failure> {
        let app = SdkAppId::new(sdk_app_id)?;
        let key = RingKey::new(key)?;
        let call: Request = given::read(call, allow_any_user_id)?;
        let rate = match rate.map(NonZeroU32::new) {
            Some(None) => {
                let problem = Problem::new("rate", "must be at least 1", "leave it out for 190");
                return Err(problem.into());
            }
            Some(rate) => rate,
            None => Some(trtc_call_core::ring_ledger::DEFAULT_RATE),
        };
        Ok(RingOnce {
            app,
            wanted: NewRing::new(key, call),
            terms: Terms {
                owner: owner.to_owned(),
                lease: REPLY_LEASE,
                reply_lease: REPLY_LEASE,
                lead: Duration::ZERO,
                rate,
            },
            ring: None,
            result: None,
            attempt: 0,
            verdict: Verdict::InProgress,
            repeated: true,
        })
    }

    /// Puts the key in for a queue that rings it later, or finds what is known.
    pub fn queue(&mut self, loaded: &str, not_before: f64) -> Thrown<JsValue> {
        let loaded = Loaded::read(loaded)?;
        let mut wanted = self.wanted.clone();
        wanted.not_before = Some(UnixMillis(not_before as u64));
        let took = Took::put_in(Ring::new(self.app, wanted, loaded.now), loaded.ring()?);
        if let Taking::Known(verdict) = took.taking {
            self.verdict = verdict;
        }
        self.repeated = !took.is_changed;
        let write = took.is_changed.then(|| Write {
            version: None,
            ..Write::of(&took.ring, 0)
        });
        self.ring = Some(took.ring);
        step(write, "done", None)
    }

    /// Takes the key, or finds what is known. `lead` is how many milliseconds writing took lately.
    pub fn take(&mut self, loaded: &str, lead: f64) -> Thrown<JsValue> {
        let loaded = Loaded::read(loaded)?;
        self.terms.lead = Duration::try_from_secs_f64(lead / 1000.0).unwrap_or_default();
        let found = loaded.ring()?;
        let version = found.as_ref().map(|ring| ring.version);
        let wanted = Ring::new(self.app, self.wanted.clone(), loaded.now);
        let took = self
            .terms
            .take_once(wanted, found, loaded.limiter(), loaded.now);
        let limiter = took.limiter.map(|limiter| self.limiter_text(&limiter));
        let write = took.is_changed.then(|| Write {
            ring: table::object(&took.ring),
            version,
            limiter_before: limiter
                .is_some()
                .then(|| self.limiter_text(&loaded.limiter())),
            limiter,
        });
        let (next, at) = match took.taking {
            Taking::Known(verdict) => {
                self.verdict = verdict;
                ("known", None)
            }
            Taking::NoSlot(until) => ("wait", Some(until)),
            Taking::Taken => next_of(&took.ring),
        };
        self.ring = Some(took.ring);
        step(write, next, at)
    }

    /// Marks the ring, whose slot comes soon. `again`: it was taken away.
    pub fn mark(&mut self, loaded: &str) -> Thrown<JsValue> {
        let loaded = Loaded::read(loaded)?;
        let found = loaded.ring()?;
        let marked = found
            .as_ref()
            .map(|ring| self.terms.mark(std::slice::from_ref(ring), loaded.now));
        match (found, marked.and_then(|marked| marked.into_iter().next())) {
            (Some(found), Some(marked)) => {
                let write = Write::of(&marked, found.version);
                let (next, at) = next_of(&marked);
                self.ring = Some(marked);
                step(Some(write), next, at)
            }
            _ => step(None, "again", Some(loaded.now)),
        }
    }

    /// The request, in the ring's room.
    #[must_use]
    pub fn request(&self) -> Option<CommandRequest> {
        let ring = self.ring.as_ref()?;
        Some(CommandRequest::of(ring.call.clone()))
    }

    /// A reply came.
    pub fn heard(&mut self, status: u16, body: &[u8]) {
        self.note(&Request::parse(status, body));
    }

    /// None came; `how` is the code of a transport error.
    pub fn lost(&mut self, how: &str, message: &str) {
        self.note(&Err(no_reply(how, message).into()));
    }

    /// It was not sent.
    pub fn dropped(&mut self) {
        self.result = Some(SendResult::Dropped);
    }

    /// What the result is, in a word, for who cannot write it.
    #[must_use]
    pub fn result(&self) -> String {
        let word = match self.result {
            Some(SendResult::Rang { .. }) => "rung",
            Some(SendResult::Refused { .. }) => "refused",
            Some(SendResult::Nothing { .. } | SendResult::Dropped) => "nothing sent",
            _ => "unknown",
        };
        word.to_owned()
    }

    /// Writes what became of it. `again`: it is to be taken again then.
    pub fn tell(&mut self, loaded: &str) -> Thrown<JsValue> {
        let loaded = Loaded::read(loaded)?;
        let found = loaded.ring()?;
        let (Some(mine), Some(result), Some(found)) = (&self.ring, &self.result, found) else {
            // Whoever forgot the row meanwhile has no use for what became of it.
            return step(None, "done", None);
        };
        let after = match result {
            SendResult::Nothing { after, .. } => Some(*after),
            _ => None,
        };
        let told = RingEvent::Told {
            holder: mine.holder(),
            result: result.clone(),
        };
        let (ring, write) = match found.apply(&told, loaded.now) {
            Ok(told) => {
                let write = Write::of(&told, found.version);
                (told, Some(write))
            }
            Err(_) => (found, None),
        };
        let is_queued = ring.state == RingState::Queued;
        self.verdict = if is_queued {
            Verdict::NotSent
        } else {
            Verdict::of_state(ring.state)
        };
        self.ring = Some(ring);
        self.repeated = false;
        self.attempt += u32::from(after.is_some());
        if !is_queued || self.attempt >= RetryPolicy::default().max_attempts {
            return step(write, "done", None);
        }
        step(
            write,
            "again",
            Some(loaded.now.after(after.unwrap_or_default())),
        )
    }

    /// What is known: `{ verdict, repeated, ring }`.
    pub fn outcome(&self) -> Thrown<JsValue> {
        #[derive(Serialize)]
        struct Outcome<'a> {
            verdict: Verdict,
            repeated: bool,
            ring: Option<&'a Ring>,
        }
        Ok(to_js(&Outcome {
            verdict: self.verdict,
            repeated: self.repeated,
            ring: self.ring.as_ref(),
        })?)
    }

    /// It waited for a slot for too long.
    #[wasm_bindgen(js_name = giveUp)]
    pub fn give_up(&mut self) {
        self.verdict = Verdict::NotSent;
        self.repeated = false;
    }
}

impl RingOnce {
    fn note(&mut self, reply: &Result<Reply<Response>, Error>) {
        let tries = self.ring.as_ref().map_or(0, |ring| ring.tries);
        let random = getrandom::u32().unwrap_or(u32::MAX);
        self.result = Some(SendResult::of(reply, tries, random));
    }

    fn limiter_text(&self, limiter: &Limiter) -> String {
        serde_json::to_string(&LimiterRow::new(self.app, limiter)).unwrap_or_default()
    }
}

impl Loaded<'_> {
    fn read(text: &str) -> Result<Loaded<'_>, Failure> {
        let unreadable = |rule: String| {
            Failure::from(Problem::new(
                "ledger",
                rule,
                "use another store, or a newer release",
            ))
        };
        let loaded: Loaded<'_> = serde_json::from_str(text)
            .map_err(|error| unreadable(format!("gave what cannot be read: {error}")))?;
        match loaded.schema {
            Some(found) if found > schema::VERSION => {
                let known = schema::VERSION;
                let rule =
                    format!("has schema {found}, and this release knows schemas up to {known}");
                Err(unreadable(rule))
            }
            _ => Ok(loaded),
        }
    }

    fn ring(&self) -> Result<Option<Ring>, Failure> {
        let ring = self
            .ring
            .map(|ring| table::read_object(ring.get()))
            .transpose();
        ring.map_err(|unreadable| {
            let rule = format!("holds a row that no ledger writes: {unreadable}");
            Problem::new("ledger", rule, "look at the row").into()
        })
    }

    fn limiter(&self) -> Limiter {
        self.limiter
            .as_ref()
            .map(LimiterRow::limiter)
            .unwrap_or_default()
    }
}

impl Write {
    fn of(ring: &Ring, version: u64) -> Write {
        Write {
            ring: table::object(ring),
            version: Some(version),
            limiter: None,
            limiter_before: None,
        }
    }
}

/// A ring that is in hand is marked just before its slot, and then sent in it.
fn next_of(ring: &Ring) -> (&'static str, Option<UnixMillis>) {
    let slot = ring.slot.unwrap_or_default();
    match ring.state {
        RingState::Sending => ("send", Some(slot)),
        _ => {
            let ahead = u64::try_from(MARK_AHEAD.as_millis()).unwrap_or(0);
            ("mark", Some(UnixMillis(slot.0.saturating_sub(ahead))))
        }
    }
}

fn step(write: Option<Write>, next: &'static str, at: Option<UnixMillis>) -> Thrown<JsValue> {
    Ok(to_js(&Step { write, next, at })?)
}
