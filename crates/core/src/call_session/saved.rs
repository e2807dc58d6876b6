//! A session as text, so that another process can go on with it.

use std::cell::OnceCell;
use std::sync::Arc;
use std::time::Duration;

use trtc_call_json::Json;

use super::fields::{Fields, wrong};
use super::media::{Media, Times};
use super::plan::{Options, Plan, PlanBuilder, Watch};
use super::session::CallSession;
use super::state::{Ask, Ingest, MemberRecord, Slot, State};
use super::{EndReason, Failure, Phase};
use crate::call_engine::start_call_by_robot;
use crate::cloud::Object;
use crate::offline_push::OfflinePushInfo;
use crate::stream_ingest::{StreamUrl, TaskId, Tempo, Volume};
use crate::webhook::{self, CallEnded, Event, MemberState};
use crate::wire::{reported_room, text_of};
use crate::{CallId, CallRecord, Endpoint, Extra, InvalidRequest, Problem, UnixMillis, UserId};

/// Raised with every change of the form, fields added included.
const VERSION: i64 = 1;

impl CallSession {
    /// The session as JSON text, for [`resume`](Self::resume). Events that were not taken from
    /// [`poll`](Self::poll) yet are not in it.
    ///
    /// It holds no UserSig and no key, but whom you call, what you play, and the URL of it: a URL that gives
    /// access to something makes the text a secret.
    #[must_use]
    pub fn save(&self) -> String {
        let (plan, state) = (&self.plan, &self.state);
        let mut saved = Object::new();
        saved.integer("version", VERSION);
        saved.json("call", &plan.call.body());
        saved.json("media", &media_json(&plan.media));
        write_options(&mut saved, &plan.options);
        write_state(&mut saved, state);
        saved.finish()
    }

    /// Goes on with a session that was saved, in this process or another.
    ///
    /// Requests that were under way and do no harm when repeated are sent again. A call or an ingest whose
    /// start was under way may have been started: the start is not repeated, and the session does what it does
    /// where the outcome of a start is unknown.
    ///
    /// # Errors
    /// If the text was not made by [`save`](Self::save), or by another version of this library whose form it
    /// does not read.
    pub fn resume(saved: &str, now: UnixMillis) -> Result<CallSession, Problem> {
        let json = Json::parse(saved).map_err(|_| wrong("saved", "must be JSON"))?;
        let noted = OnceCell::new();
        let mut saved = Fields::of("saved", json, &noted);
        let version = saved.integer("version");
        if version != VERSION {
            saved.note(other_version(version));
        }
        let plan = read_plan(&mut saved);
        let state = read_state(&mut saved);
        saved.end();
        match (plan, noted.into_inner()) {
            (Some(plan), None) => {
                let mut session = CallSession::with_state(plan, state);
                session.pick_up(now);
                Ok(session)
            }
            (_, problem) => Err(problem.unwrap_or_else(not_saved)),
        }
    }
}

fn other_version(version: i64) -> Problem {
    let rule = [
        "is not ",
        &VERSION.to_string(),
        " but ",
        &version.to_string(),
    ];
    Problem::new(
        "version",
        rule.concat(),
        "resume it with the version of this library that saved it",
    )
}

fn media_json(media: &Media) -> String {
    let seconds = |duration: Duration| i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
    let mut object = Object::new();
    object.text("streamUrl", media.stream_url.as_str());
    object.optional_integer("seek", media.seek.map(seconds));
    object.optional_flag("autoPush", media.auto_push);
    let repeat = media.repeat.map(|times| match times {
        Times::Number(times) => times.into(),
        Times::ForEver => FOR_EVER,
    });
    object.optional_integer("repeat", repeat);
    object.optional_integer("maxDuration", media.max_duration.map(seconds));
    let volume = media.volume.map(|volume| volume.percent().into());
    object.optional_integer("volume", volume);
    object.optional_flag("enableProgress", media.enable_progress);
    optional_text(&mut object, "tempo", media.tempo.map(Tempo::as_str));
    object.optional_integer("idleTimeout", media.idle_timeout.map(seconds));
    object.finish()
}

/// As the service has it.
const FOR_EVER: i64 = -1;

fn write_options(saved: &mut Object, options: &Options) {
    saved.text("watch", options.watch.as_str());
    saved.integer("pollInterval", millis(options.poll_interval));
    saved.integer("maxDuration", millis(options.max_duration));
    saved.flag("endWithMedia", options.end_with_media);
    saved.flag("endWithoutMedia", options.end_without_media);
    saved.integer("ingestAttempts", options.ingest_attempts.into());
}

fn write_state(saved: &mut Object, state: &State) {
    saved.text("phase", state.phase.as_str());
    optional_moment(saved, "phaseUntil", state.phase_until);
    saved.integer("now", signed(state.now.0));
    saved.integer("step", signed(state.step));
    optional_text(saved, "callId", state.call_id.as_ref().map(CallId::as_str));
    let candidate = state.candidate.as_ref();
    optional_text(saved, "candidate", candidate.map(CallId::as_str));
    saved.integer("dialedAt", signed(state.dialed_at.0));
    saved.flag("callIsGone", state.call_is_gone);
    saved.json("members", &members_json(&state.members));
    saved.flag("callWebhooksArrive", state.call_webhooks_arrive);
    saved.text("ingest", state.ingest.as_str());
    optional_text(saved, "taskId", state.task_id.as_ref().map(TaskId::as_str));
    saved.integer("taskEventTime", signed(state.task_event_time));
    saved.flag("ingestWebhooksArrive", state.ingest_webhooks_arrive);
    saved.integer("removalsLeft", state.removals_left.into());
    optional_text(saved, "end", state.end.map(EndReason::as_str));
    if let Some(Failure { code, message }) = &state.failure {
        saved.text("failureCode", code);
        saved.text("failureMessage", message);
    }
    if let Some(record) = &state.record {
        let event = CallEnded::new(record.clone(), UnixMillis(0)).into();
        saved.json("ended", &webhook::body_of(&event));
    }
    for (ask, slot) in Ask::ALL.into_iter().zip(&state.slots) {
        let mut object = Object::new();
        optional_moment(&mut object, "due", slot.due);
        object.integer("id", signed(slot.id));
        optional_moment(&mut object, "sentAt", slot.sent_at);
        object.integer("tries", slot.tries.into());
        saved.json(ask.as_str(), &object.finish());
    }
}

fn members_json(members: &[MemberRecord]) -> String {
    let mut list = "[".to_owned();
    for member in members {
        let mut object = Object::new();
        object.text("userId", member.user_id.as_str());
        object.text("state", member_word(&member.state));
        object.integer("eventTime", signed(member.event_time));
        object.integer("step", signed(member.step));
        if list.len() > 1 {
            list.push(',');
        }
        list.push_str(&object.finish());
    }
    list.push(']');
    list
}

fn optional_text(object: &mut Object, name: &str, text: Option<&str>) {
    if let Some(text) = text {
        object.text(name, text);
    }
}

fn optional_moment(object: &mut Object, name: &str, moment: Option<UnixMillis>) {
    if let Some(moment) = moment {
        object.integer(name, signed(moment.0));
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// The latest moment that JSON's integers hold here is 292 million years away.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn read_plan(saved: &mut Fields<'_>) -> Option<Plan> {
    let call = read_call(saved.object("call"));
    let media = read_media(saved.object("media"));
    let pause = |number: i64| Duration::from_millis(number.try_into().unwrap_or_default());
    let options = Options {
        watch: saved
            .word("watch", &Watch::ALL, Watch::as_str)
            .unwrap_or(Watch::Both),
        poll_interval: pause(saved.integer("pollInterval")),
        max_duration: pause(saved.integer("maxDuration")),
        end_with_media: saved.flag("endWithMedia"),
        end_without_media: saved.flag("endWithoutMedia"),
        ingest_attempts: saved.number("ingestAttempts"),
    };
    let plan = PlanBuilder {
        call: call?,
        media: media?,
        options,
    };
    saved.noting(plan.build().map_err(|invalid| first(&invalid)))
}

fn read_media(mut saved: Fields<'_>) -> Option<Media> {
    let stream_url = StreamUrl::new(saved.text("streamUrl"));
    let mut media = Media::new(saved.noting(stream_url)?);
    media.seek = saved.optional_natural("seek").map(Duration::from_secs);
    media.auto_push = saved.optional_flag("autoPush");
    media.repeat = saved.optional_integer("repeat").map(|times| match times {
        FOR_EVER => Times::ForEver,
        times => {
            let times = u32::try_from(times);
            saved.hold(times.is_ok(), "repeat", "must be a number");
            Times::Number(times.unwrap_or_default())
        }
    });
    let max_duration = saved.optional_natural("maxDuration");
    media.max_duration = max_duration.map(Duration::from_secs);
    media.volume = saved.optional_integer("volume").and_then(|volume| {
        let volume = u32::try_from(volume).unwrap_or(u32::MAX);
        saved.noting(Volume::new(volume))
    });
    media.enable_progress = saved.optional_flag("enableProgress");
    let tempo = saved.optional_text("tempo");
    media.tempo = tempo.and_then(|tempo| saved.noting(tempo.parse()));
    let idle_timeout = saved.optional_natural("idleTimeout");
    media.idle_timeout = idle_timeout.map(Duration::from_secs);
    saved.end();
    Some(media)
}

fn first(invalid: &InvalidRequest) -> Problem {
    let problem = invalid.problems().first().cloned();
    problem.unwrap_or_else(not_saved)
}

fn not_saved() -> Problem {
    wrong("saved", "is not what a session saved")
}

/// The call as it is sent.
fn read_call(mut call: Fields<'_>) -> Option<Arc<start_call_by_robot::Request>> {
    let robot = UserId::any(call.text("Robot_Account"));
    let mut callees = Vec::new();
    for callee in call.list("CalleeList_Account") {
        let callee = text_of(callee);
        call.hold(
            callee.is_some(),
            "CalleeList_Account",
            "must be a list of names",
        );
        callees.push(UserId::any(callee.unwrap_or_default()));
    }
    let mut info = call.object("CallInfo");
    let room = reported_room(&info.text("RoomId"), info.integer("RoomIdType"));
    let room = room.unwrap_or_default();
    call.hold(room.is_some(), "RoomId", "must name a room");
    let media_type = info.text("MediaType").as_str().into();
    let mut request = start_call_by_robot::Request::builder(robot, callees, media_type)
        .room(room?)
        .ring_timeout(Duration::from_millis(call.natural("Timeout")));
    if let Some(user_data) = call.optional_text("UserData") {
        request = request.user_data(user_data);
    }
    if let Some(push) = call.take("OfflinePushInfo") {
        let push = OfflinePushInfo::from_json(push.as_str());
        let push = call.noting(push.map_err(|invalid| first(&invalid)));
        request = request.offline_push(push?);
    }
    let mut extra = Extra::new();
    for (name, value) in call.take_rest() {
        // It was read as JSON already.
        if let Ok(value) = value.as_str().parse() {
            extra.insert(name, value);
        }
    }
    request = request.extra(extra);
    info.end();
    let request = request.build().map_err(|invalid| first(&invalid));
    call.noting(request).map(Arc::new)
}

fn read_state(saved: &mut Fields<'_>) -> State {
    let mut members = Vec::new();
    for member in saved.list("members") {
        let mut member = saved.nested("members", member);
        members.push(MemberRecord {
            user_id: UserId::any(member.text("userId")),
            state: member_state(&mut member),
            event_time: member.natural("eventTime"),
            step: member.natural("step"),
        });
        member.end();
    }
    let mut slots = [Slot::default(); Ask::ALL.len()];
    for (ask, slot) in Ask::ALL.into_iter().zip(&mut slots) {
        let mut object = saved.object(ask.as_str());
        *slot = Slot {
            due: object.optional_natural("due").map(UnixMillis),
            id: object.natural("id"),
            sent_at: object.optional_natural("sentAt").map(UnixMillis),
            tries: object.number("tries"),
        };
        object.end();
    }
    let failure = saved
        .optional_text("failureCode")
        .map(|code| Failure::new(&code, saved.text("failureMessage")));
    let end = match saved.has("end") {
        true => saved.word("end", &EndReason::ALL, EndReason::as_str),
        false => None,
    };
    State {
        phase: saved
            .word("phase", &Phase::ALL, Phase::as_str)
            .unwrap_or(Phase::Over),
        phase_until: saved.optional_natural("phaseUntil").map(UnixMillis),
        now: UnixMillis(saved.natural("now")),
        step: saved.natural("step"),
        call_id: saved.optional_text("callId").map(CallId::reported),
        candidate: saved.optional_text("candidate").map(CallId::reported),
        dialed_at: UnixMillis(saved.natural("dialedAt")),
        call_is_gone: saved.flag("callIsGone"),
        members,
        call_webhooks_arrive: saved.flag("callWebhooksArrive"),
        ingest: saved
            .word("ingest", &Ingest::ALL, Ingest::as_str)
            .unwrap_or(Ingest::None),
        task_id: saved.optional_text("taskId").map(TaskId::reported),
        task_event_time: saved.natural("taskEventTime"),
        ingest_webhooks_arrive: saved.flag("ingestWebhooksArrive"),
        removals_left: saved.number("removalsLeft"),
        end,
        failure,
        record: saved.take("ended").and_then(|ended| {
            let record = read_record(ended);
            saved.hold(record.is_some(), "ended", "must hold a call's record");
            record
        }),
        slots,
    }
}

fn read_record(ended: Json<'_>) -> Option<CallRecord> {
    match webhook::parse_body_unverified(ended.as_str().as_bytes()) {
        Ok(Event::CallEnded(ended)) => Some(ended.record),
        _ => None,
    }
}

const MEMBER_STATES: [(MemberState, &str); 10] = [
    (MemberState::Ringing, "ringing"),
    (MemberState::InCall, "in_call"),
    (MemberState::Rejected, "rejected"),
    (MemberState::NotAnswered, "not_answered"),
    (MemberState::Busy, "busy"),
    (MemberState::HungUp, "hung_up"),
    (MemberState::Offline, "offline"),
    (MemberState::Cancelled, "cancelled"),
    (MemberState::Ended, "ended"),
    (MemberState::Left, "left"),
];

fn member_word(state: &MemberState) -> &'static str {
    let mut words = MEMBER_STATES.iter();
    let word = words.find(|(known, _)| known == state);
    word.map_or("left", |(_, word)| word)
}

fn member_state(member: &mut Fields<'_>) -> MemberState {
    let word = member.text("state");
    let mut states = MEMBER_STATES.into_iter();
    let found = states.find(|(_, known)| *known == word);
    member.hold(
        found.is_some(),
        "state",
        "is a word this version does not know",
    );
    found.map_or(MemberState::Left, |(state, _)| state)
}
