//! A small world around a session: the service with its phones and tasks, a network that loses, delays,
//! repeats and reorders, and a process that crashes and goes on from what it saved.

use std::time::Duration;

use trtc_call_core::call_engine::get_call_info::{Member, MemberStatus};
use trtc_call_core::call_engine::start_call_by_robot;
use trtc_call_core::call_session::{
    CallSession, Media, Outcome, Output, Phase, Plan, Request, SendId, SessionEvent, Watch,
};
use trtc_call_core::stream_ingest::{StreamUrl, TaskId};
use trtc_call_core::webhook::ingest::{IngestEvent, IngestEventKind};
use trtc_call_core::webhook::{
    CallEnded, CallStarted, Event, MemberAction, MemberChange, MembersChanged,
};
use trtc_call_core::{
    CallId, CallRecord, CallResult, MediaType, RoomId, TransportErrorKind, UnixMillis, UnixSeconds,
    UserId,
};

pub(crate) const START: u64 = 1_700_000_000_000;
pub(crate) const RING: u64 = 10_000;

/// What differs from world to world.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules {
    pub(crate) callees: usize,
    pub(crate) watch: Watch,
    pub(crate) end_with_media: bool,
    pub(crate) end_without_media: bool,
    /// How much may go wrong: requests, replies and webhooks lost, late or refused.
    pub(crate) faults: u32,
    /// How often the process may crash.
    pub(crate) crashes: u32,
    /// How many webhooks may come twice.
    pub(crate) repeats: u32,
    /// Whether the user may call `end`.
    pub(crate) may_end: bool,
    /// Whether a call without callees goes on until somebody ends it.
    pub(crate) empty_calls_go_on: bool,
    /// From that time on, counted from the start, nothing gets through.
    pub(crate) outage_from: Option<u64>,
    /// How long a call may last.
    pub(crate) max_duration: Duration,
    /// How long the session waits between two questions.
    pub(crate) poll_interval: Duration,
    /// Whether no time passes while something is on its way.
    pub(crate) is_instant: bool,
    /// Whether everything that can be taken from the session is taken at once.
    pub(crate) polls_at_once: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct World {
    rules: Rules,
    pub(crate) session: CallSession,
    disk: String,
    pub(crate) now: u64,
    faults_left: u32,
    crashes_left: u32,
    repeats_left: u32,
    may_end: bool,
    net: Vec<Message>,
    service: Service,
    pub(crate) events: Vec<SessionEvent>,
    calls_sent: u32,
    /// When the last thing went wrong.
    last_trouble: u64,
}

#[derive(Debug, Clone)]
struct Message {
    what: What,
    /// The latest time of its arrival.
    until: u64,
}

#[derive(Debug, Clone)]
enum What {
    Request(SendId, Wire),
    /// A request that nobody awaits a reply to any more.
    Straggler(Wire),
    Reply(SendId, Result<(u16, String), TransportErrorKind>),
    CallWebhook(Event),
    IngestWebhook(IngestEvent),
}

#[derive(Debug, Clone, PartialEq)]
enum Wire {
    StartCall,
    GetCallInfo,
    EndCall,
    GetRecord,
    StartIngest,
    Describe(String),
    Stop(String),
    Remove,
}

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Fine,
    NoConnection,
    Lost,
    ReplyLost,
    NoReportAtAll,
    ReportedLostThenArrives,
    ReplyVeryLate,
    RefusedForNow,
    BrokenBefore,
    BrokenAfter,
}

const MISFORTUNES: [Fate; 9] = [
    Fate::NoConnection,
    Fate::Lost,
    Fate::ReplyLost,
    Fate::NoReportAtAll,
    Fate::ReportedLostThenArrives,
    Fate::ReplyVeryLate,
    Fate::RefusedForNow,
    Fate::BrokenBefore,
    Fate::BrokenAfter,
];

#[derive(Debug, Clone, Copy)]
pub(crate) enum Action {
    Poll,
    Arrive(usize, Fate),
    Deliver(usize),
    Lose(usize),
    Repeat(usize),
    Answer(usize),
    Reject(usize),
    HangUp(usize),
    MediaEnds(usize),
    MediaFails(usize),
    MediaRestarts(usize),
    StrangersCall,
    End,
    Crash,
    Time,
}

#[derive(Debug, Clone, Default)]
struct Service {
    rings: u32,
    call: Option<Call>,
    tasks: Vec<Task>,
    counter: u64,
}

#[derive(Debug, Clone)]
struct Call {
    callees: Vec<Callee>,
    began: u64,
    was_answered: bool,
    gone_at: Option<u64>,
    result: CallResult,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Callee {
    Ringing,
    InCall,
    Gone,
}

#[derive(Debug, Clone)]
struct Task {
    id: String,
    ended_at: Option<u64>,
    began: u64,
    webhook_told: bool,
}

fn robot() -> UserId {
    UserId::new("robot").unwrap()
}

fn callee(index: usize) -> UserId {
    UserId::new(["jack", "anna", "ben"][index]).unwrap()
}

fn call_id() -> CallId {
    CallId::new("call-1").unwrap()
}

pub(crate) fn room() -> RoomId {
    RoomId::text("123").unwrap()
}

pub(crate) fn plan(rules: Rules) -> Plan {
    let callees: Vec<UserId> = (0..rules.callees).map(callee).collect();
    let call = start_call_by_robot::Request::builder(robot(), callees, MediaType::Video)
        .room(room())
        .ring_timeout(Duration::from_millis(RING))
        .build()
        .unwrap();
    Plan::builder(
        call,
        Media::new(StreamUrl::new("https://example.com/hello.mp3").unwrap()),
    )
    .watch(rules.watch)
    .poll_interval(rules.poll_interval)
    .max_duration(rules.max_duration)
    .end_with_media(rules.end_with_media)
    .end_without_media(rules.end_without_media)
    .build()
    .unwrap()
}

impl World {
    pub(crate) fn new(rules: Rules) -> World {
        let session = CallSession::new(plan(rules), UnixMillis(START));
        let mut world = World {
            rules,
            disk: session.save(),
            session,
            now: START,
            faults_left: rules.faults,
            crashes_left: rules.crashes,
            repeats_left: rules.repeats,
            may_end: rules.may_end,
            net: Vec::new(),
            service: Service::default(),
            events: Vec::new(),
            calls_sent: 0,
            last_trouble: START,
        };
        world.poll_if_at_once();
        world
    }

    /// Nothing happens any more: the session is over, and everything has arrived.
    pub(crate) fn is_done(&self) -> bool {
        self.session.is_over() && self.net.is_empty() && !self.can_poll()
    }

    /// All that the future depends on.
    pub(crate) fn key(&self) -> String {
        let untold = World {
            events: Vec::new(),
            ..self.clone()
        };
        format!("{untold:?}")
    }

    /// Everything that can happen next.
    pub(crate) fn actions(&self) -> Vec<Action> {
        let mut actions = Vec::new();
        if self.can_poll() {
            actions.push(Action::Poll);
        }
        let is_outage = self.is_outage();
        for (index, message) in self.net.iter().enumerate() {
            match &message.what {
                What::Request(..) if is_outage => {
                    actions.push(Action::Arrive(index, Fate::Lost));
                }
                What::Request(..) => {
                    actions.push(Action::Arrive(index, Fate::Fine));
                    if self.faults_left > 0 {
                        let fates = MISFORTUNES.into_iter();
                        actions.extend(fates.map(|fate| Action::Arrive(index, fate)));
                    }
                }
                What::Straggler(_) | What::Reply(..) => actions.push(Action::Deliver(index)),
                What::CallWebhook(_) | What::IngestWebhook(_) if is_outage => {
                    actions.push(Action::Lose(index));
                }
                What::CallWebhook(_) | What::IngestWebhook(_) => {
                    actions.push(Action::Deliver(index));
                    if self.faults_left > 0 {
                        actions.push(Action::Lose(index));
                    }
                    if self.repeats_left > 0 {
                        actions.push(Action::Repeat(index));
                    }
                }
            }
        }
        if let Some(call) = self
            .service
            .call
            .as_ref()
            .filter(|call| call.gone_at.is_none())
        {
            for (index, callee) in call.callees.iter().enumerate() {
                match callee {
                    Callee::Ringing => {
                        actions.extend([Action::Answer(index), Action::Reject(index)]);
                    }
                    Callee::InCall => actions.push(Action::HangUp(index)),
                    Callee::Gone => {}
                }
            }
        }
        for (index, task) in self.service.tasks.iter().enumerate() {
            if task.ended_at.is_none() {
                actions.push(Action::MediaEnds(index));
                if !task.webhook_told && self.faults_left > 0 {
                    actions.extend([Action::MediaFails(index), Action::MediaRestarts(index)]);
                }
            }
        }
        if self.may_end {
            actions.push(Action::End);
        }
        if self.crashes_left > 0 {
            actions.push(Action::Crash);
        }
        if self.repeats_left > 0 && !is_outage {
            actions.push(Action::StrangersCall);
        }
        if !self.can_poll() && self.next_time().is_some_and(|time| time > self.now) {
            actions.push(Action::Time);
        }
        actions
    }

    pub(crate) fn apply(&mut self, action: Action) {
        let now = UnixMillis(self.now);
        match action {
            Action::Poll => {
                self.poll();
            }
            Action::Arrive(index, fate) => self.arrive(index, fate),
            Action::Deliver(index) => {
                let message = self.net.remove(index);
                self.deliver(message.what);
            }
            Action::Lose(index) => {
                self.net.remove(index);
                self.spend_fault();
            }
            Action::Repeat(index) => {
                self.repeats_left -= 1;
                let what = self.net[index].what.clone();
                self.deliver(what);
            }
            Action::Answer(index) => self.phone(index, MemberAction::Answer),
            Action::Reject(index) => self.phone(index, MemberAction::Reject),
            Action::HangUp(index) => self.phone(index, MemberAction::HangUp),
            Action::MediaEnds(index) => self.end_task(index),
            Action::MediaFails(index) => {
                self.spend_fault();
                self.service.tasks[index].webhook_told = true;
                self.ingest_webhook(index, IngestEventKind::Failed);
                self.service.tasks[index].ended_at = Some(self.now);
            }
            Action::MediaRestarts(index) => {
                self.spend_fault();
                self.service.tasks[index].webhook_told = true;
                self.ingest_webhook(index, IngestEventKind::Restarting);
            }
            Action::StrangersCall => {
                self.repeats_left -= 1;
                self.strangers_call();
            }
            Action::End => {
                self.may_end = false;
                self.session.end(now);
            }
            Action::Crash => self.crash(),
            Action::Time => {
                self.now = self.next_time().unwrap_or(self.now);
                self.ring_out();
                let late = |message: &Message| message.until < self.now;
                assert!(!self.net.iter().any(late), "a message came too late");
                self.session.handle_time(UnixMillis(self.now));
            }
        }
        self.poll_if_at_once();
        if matches!(action, Action::Time) && !self.can_poll() && !self.session.is_over() {
            let next = self.session.next_wakeup();
            let is_later = next.is_some_and(|next| next.0 > self.now);
            assert!(is_later, "it spins at {}: {:?}", self.now, self.session);
        }
    }

    fn can_poll(&self) -> bool {
        !self.rules.polls_at_once && self.session.clone().poll().is_some()
    }

    fn poll_if_at_once(&mut self) {
        while self.rules.polls_at_once && self.poll() {}
    }

    /// As the documentation's loop does it: saved, then sent.
    fn poll(&mut self) -> bool {
        match self.session.poll() {
            Some(Output::Event(event)) => self.events.push(event),
            Some(Output::Send { id, request }) => {
                self.disk = self.session.save();
                let wire = wire(&request);
                self.check_sending(&wire);
                self.post(What::Request(id, wire), 8_000);
            }
            Some(_) => {}
            None => return false,
        }
        true
    }

    fn check_sending(&mut self, wire: &Wire) {
        match wire {
            Wire::StartCall => {
                self.calls_sent += 1;
                assert_eq!(self.calls_sent, 1, "the call is started once");
            }
            Wire::StartIngest => {
                let may_arrive = self.net.iter().any(|message| {
                    matches!(
                        &message.what,
                        What::Request(_, Wire::StartIngest) | What::Straggler(Wire::StartIngest)
                    )
                });
                assert!(!may_arrive, "another start of the ingest is on its way");
                let runs = self
                    .service
                    .tasks
                    .iter()
                    .any(|task| task.ended_at.is_none());
                assert!(!runs, "another ingest runs");
            }
            _ => {}
        }
    }

    fn post(&mut self, what: What, within: u64) {
        let is_webhook = matches!(what, What::CallWebhook(_) | What::IngestWebhook(_));
        if is_webhook && self.rules.watch == Watch::Polling {
            return; // Nobody has set them up.
        }
        let until = match self.rules.is_instant {
            true => self.now,
            false => self.now + within,
        };
        self.net.push(Message { what, until });
    }

    fn spend_fault(&mut self) {
        self.faults_left = self.faults_left.saturating_sub(1);
        self.last_trouble = self.now;
    }

    fn is_outage(&self) -> bool {
        let from = self.rules.outage_from;
        from.is_some_and(|from| self.now >= START + from)
    }

    /// The next moment at which something happens by itself, held up by what must arrive before.
    fn next_time(&self) -> Option<u64> {
        let wakeup = self.session.next_wakeup().map(|time| time.0);
        let messages = self.net.iter().map(|message| message.until);
        let ringing = self
            .service
            .call
            .iter()
            .filter(|call| call.gone_at.is_none() && call.callees.contains(&Callee::Ringing));
        let ringing = ringing.map(|call| call.began + RING);
        messages.chain(wakeup).chain(ringing).min()
    }

    fn arrive(&mut self, index: usize, fate: Fate) {
        let What::Request(id, wire) = self.net.remove(index).what else {
            unreachable!("only requests have a fate");
        };
        if fate != Fate::Fine {
            self.spend_fault();
        }
        let timeout = Err(TransportErrorKind::Timeout);
        let cloud = matches!(
            wire,
            Wire::StartIngest | Wire::Describe(_) | Wire::Stop(_) | Wire::Remove
        );
        let refusal = if cloud {
            cloud_error("RequestLimitExceeded")
        } else {
            call_error(60_007)
        };
        let broken = if cloud {
            cloud_error("InternalError")
        } else {
            call_error(101_001)
        };
        match fate {
            Fate::Fine => {
                let reply = self.execute(&wire);
                self.post(What::Reply(id, Ok(reply)), 2_000);
            }
            Fate::NoConnection => {
                self.post(What::Reply(id, Err(TransportErrorKind::Connect)), 2_000);
            }
            Fate::Lost => self.post(What::Reply(id, timeout), 5_000),
            Fate::ReplyLost => {
                self.execute(&wire);
                self.post(What::Reply(id, timeout), 5_000);
            }
            Fate::NoReportAtAll => {
                self.execute(&wire);
            }
            Fate::ReportedLostThenArrives => {
                self.post(What::Straggler(wire), 8_000);
                self.deliver(What::Reply(id, timeout));
            }
            Fate::ReplyVeryLate => {
                let reply = self.execute(&wire);
                self.post(What::Reply(id, Ok(reply)), 40_000);
            }
            Fate::RefusedForNow => self.post(What::Reply(id, Ok(refusal)), 2_000),
            Fate::BrokenBefore => self.post(What::Reply(id, Ok(broken)), 2_000),
            Fate::BrokenAfter => {
                self.execute(&wire);
                self.post(What::Reply(id, Ok(broken)), 2_000);
            }
        }
    }

    fn deliver(&mut self, what: What) {
        let now = UnixMillis(self.now);
        match what {
            What::Straggler(wire) => {
                self.execute(&wire);
            }
            What::Reply(id, Ok((status, body))) => {
                let reply = Ok((status, body.as_bytes()));
                self.session.handle_reply(id, reply, now);
            }
            What::Reply(id, Err(kind)) => self.session.handle_reply(id, Err(kind), now),
            What::CallWebhook(event) => self.session.handle_call_webhook(event, now),
            What::IngestWebhook(event) => self.session.handle_ingest_webhook(event, now),
            What::Request(..) => unreachable!("requests arrive at the service"),
        }
    }

    /// What was not saved is forgotten, and replies find nobody. Requests go on.
    fn crash(&mut self) {
        self.crashes_left -= 1;
        self.last_trouble = self.now;
        self.session = CallSession::resume(&self.disk, UnixMillis(self.now)).unwrap();
        let mut net = std::mem::take(&mut self.net);
        net.retain_mut(|message| {
            if let What::Request(_, wire) = &message.what {
                message.what = What::Straggler(wire.clone());
            }
            !matches!(message.what, What::Reply(..))
        });
        self.net = net;
    }

    fn execute(&mut self, wire: &Wire) -> (u16, String) {
        match wire {
            Wire::StartCall => self.start_call(),
            Wire::GetCallInfo => self.call_info(),
            Wire::EndCall => match &self.service.call {
                Some(call) if call.gone_at.is_none() => {
                    let was_answered = call.was_answered;
                    self.end_call(match was_answered {
                        true => CallResult::NormalEnd,
                        false => CallResult::Cancel,
                    });
                    call_reply("")
                }
                _ => call_error(101_004),
            },
            Wire::GetRecord => self.record(),
            Wire::StartIngest => {
                let id = format!("task-{}", self.service.tasks.len() + 1);
                let reply = cloud_reply(&format!(r#""TaskId":"{id}","#));
                self.service.tasks.push(Task {
                    id,
                    ended_at: None,
                    began: self.now,
                    webhook_told: false,
                });
                reply
            }
            Wire::Describe(id) => match self.running(id) {
                Some(_) => cloud_reply(r#""Status":"InProgress","#),
                None => cloud_reply(r#""Status":"NotExist","#),
            },
            Wire::Stop(id) => match self.running(id) {
                Some(index) => {
                    self.end_task(index);
                    cloud_reply("")
                }
                None => cloud_error("FailedOperation.TaskNotExist"),
            },
            Wire::Remove => {
                let tasks = self.service.tasks.iter().enumerate();
                let running: Vec<usize> = tasks
                    .filter(|(_, task)| task.ended_at.is_none())
                    .map(|(index, _)| index)
                    .collect();
                if running.is_empty() {
                    return cloud_error("FailedOperation.UserNotExist");
                }
                for index in running {
                    self.end_task(index);
                }
                cloud_reply("")
            }
        }
    }

    fn running(&self, id: &str) -> Option<usize> {
        let mut tasks = self.service.tasks.iter();
        tasks.position(|task| task.id == id && task.ended_at.is_none())
    }

    /// Later than the last one, in the millisecond or so of what it tells.
    fn event_time(&mut self) -> UnixMillis {
        self.service.counter += 1;
        UnixMillis(self.now + self.service.counter)
    }

    fn start_call(&mut self) -> (u16, String) {
        self.service.rings += 1;
        assert_eq!(self.service.rings, 1, "the phones rang twice");
        self.service.call = Some(Call {
            callees: vec![Callee::Ringing; self.rules.callees],
            began: self.now,
            was_answered: false,
            gone_at: None,
            result: CallResult::NotAnswer,
        });
        let event_time = self.event_time();
        let mut started = CallStarted::new(call_id(), MediaType::Video, self.members(), event_time);
        started.room = Some(room().into());
        self.post(What::CallWebhook(started.into()), 6_000);
        let results: Vec<String> = (0..self.rules.callees)
            .map(|index| format!(r#"{{"Callee_Account":"{}","ResultCode":0}}"#, callee(index)))
            .collect();
        call_reply(&format!(
            r#","Response":{{"CallId":"{}","CallResult":[{}]}}"#,
            call_id(),
            results.join(",")
        ))
    }

    fn members(&self) -> Vec<Member> {
        let callees = self.service.call.iter().flat_map(|call| &call.callees);
        let callees = callees
            .enumerate()
            .filter_map(|(index, state)| match state {
                Callee::Ringing => Some(Member::new(callee(index), MemberStatus::Waiting)),
                Callee::InCall => Some(Member::new(callee(index), MemberStatus::Calling)),
                Callee::Gone => None,
            });
        let robot = Member::new(robot(), MemberStatus::Calling);
        std::iter::once(robot).chain(callees).collect()
    }

    fn call_info(&self) -> (u16, String) {
        match &self.service.call {
            Some(call) if call.gone_at.is_none() => {
                let members: Vec<String> = self
                    .members()
                    .iter()
                    .map(|member| {
                        format!(
                            r#"{{"User_Account":"{}","Status":"{}"}}"#,
                            member.user_id, member.status
                        )
                    })
                    .collect();
                call_reply(&format!(
                    r#","Response":{{"CallInfo":{{"CallId":"{}","MediaType":"Video","ChatGroupId":"","RoomId":"123","RoomIdType":2}},"UserList":[{}]}}"#,
                    call_id(),
                    members.join(",")
                ))
            }
            _ => call_error(101_004),
        }
    }

    fn record(&self) -> (u16, String) {
        let gone = self.service.call.as_ref().and_then(|call| call.gone_at);
        match (&self.service.call, gone) {
            (Some(call), Some(gone_at)) if self.now >= gone_at + 5_000 => call_reply(&format!(
                r#","Response":{{"CallRecord":{{"CallId":"{}","Caller_Account":"robot","MediaType":"Video","CallType":"SingleCall","StartTime":{},"EndTime":{},"AcceptTime":0,"CallResult":"{}","CalleeList_Account":["robot","jack"],"RoomId":"123","RoomIdType":2}}}}"#,
                call_id(),
                call.began / 1000,
                gone_at / 1000,
                call.result
            )),
            _ => call_error(101_050),
        }
    }

    fn phone(&mut self, index: usize, action: MemberAction) {
        let Some(call) = &mut self.service.call else {
            return;
        };
        call.callees[index] = match action {
            MemberAction::Answer => Callee::InCall,
            _ => Callee::Gone,
        };
        call.was_answered |= action == MemberAction::Answer;
        let is_empty = call.callees.iter().all(|callee| *callee == Callee::Gone);
        let result = match (call.was_answered, &action) {
            (true, _) => CallResult::NormalEnd,
            (false, MemberAction::Reject) => CallResult::Reject,
            (false, _) => CallResult::NotAnswer,
        };
        let changes = vec![MemberChange::new(callee(index), action)];
        let event_time = self.event_time();
        let changed = MembersChanged::new(call_id(), self.members(), changes, event_time);
        self.post(What::CallWebhook(changed.into()), 6_000);
        if is_empty && !self.rules.empty_calls_go_on {
            self.end_call(result);
        }
    }

    fn ring_out(&mut self) {
        let call = self.service.call.iter();
        let ringing: Vec<usize> = call
            .filter(|call| call.gone_at.is_none() && self.now >= call.began + RING)
            .flat_map(|call| call.callees.iter().enumerate())
            .filter(|(_, callee)| **callee == Callee::Ringing)
            .map(|(index, _)| index)
            .collect();
        for index in ringing {
            self.phone(index, MemberAction::NotAnswer);
        }
    }

    fn end_call(&mut self, result: CallResult) {
        let Some(call) = &mut self.service.call else {
            return;
        };
        if call.gone_at.is_some() {
            return;
        }
        call.gone_at = Some(self.now);
        call.result = result.clone();
        call.callees.fill(Callee::Gone);
        let (began, ended) = (UnixSeconds(call.began / 1000), UnixSeconds(self.now / 1000));
        let members = (0..self.rules.callees).map(callee);
        let members = std::iter::once(robot()).chain(members).collect();
        let mut record = CallRecord::new(call_id(), robot(), members, result, began, ended);
        record.room = Some(room().into());
        let event_time = self.event_time();
        self.post(
            What::CallWebhook(CallEnded::new(record, event_time).into()),
            6_000,
        );
    }

    fn end_task(&mut self, index: usize) {
        self.ingest_webhook(index, IngestEventKind::Stopped);
        self.service.tasks[index].ended_at = Some(self.now);
    }

    fn ingest_webhook(&mut self, index: usize, kind: IngestEventKind) {
        let task_id = TaskId::new(self.service.tasks[index].id.clone()).unwrap();
        let event = IngestEvent::new(kind, task_id, self.event_time());
        self.post(What::IngestWebhook(event), 6_000);
    }

    /// Somebody else's call and task, which tell this session nothing.
    fn strangers_call(&mut self) {
        let stranger = CallId::new("call-2").unwrap();
        let event_time = self.event_time();
        let members = vec![Member::new(callee(0), MemberStatus::Calling)];
        let mut started = CallStarted::new(stranger.clone(), MediaType::Video, members, event_time);
        started.room = Some(RoomId::number(123).unwrap().into());
        let record = CallRecord::new(
            stranger,
            UserId::new("other").unwrap(),
            vec![callee(0)],
            CallResult::NormalEnd,
            UnixSeconds(1),
            UnixSeconds(2),
        );
        let ended = CallEnded::new(record, event_time);
        let task_id = TaskId::new("task-of-others").unwrap();
        let stopped = IngestEvent::new(IngestEventKind::Stopped, task_id, event_time);
        self.post(What::CallWebhook(started.into()), 6_000);
        self.post(What::CallWebhook(ended.into()), 6_000);
        self.post(What::IngestWebhook(stopped), 6_000);
    }

    /// What must be true once nothing happens any more.
    pub(crate) fn check_end(&self) -> Outcome {
        let outcome = self.session.outcome().expect("it is over");
        let runs = self
            .service
            .tasks
            .iter()
            .any(|task| task.ended_at.is_none());
        let call = self.service.call.as_ref();
        let is_up = call.is_some_and(|call| call.gone_at.is_none());
        // Whatever happened, the outcome is honest.
        assert!(
            !runs || outcome.ingest_may_run,
            "an ingest runs, and nobody says so"
        );
        let never_named = outcome.call_id.is_none() && outcome.failure.is_some();
        assert!(
            !is_up || outcome.call_may_be_up || never_named,
            "the call is up, and nobody says so"
        );
        if self.rules.outage_from.is_none() {
            assert!(!outcome.ingest_may_run, "the ingest is ended for certain");
            assert!(
                !outcome.call_may_be_up || outcome.call_id.is_none(),
                "a call whose name is known is ended for certain"
            );
            self.check_that_no_ingest_outlives_its_call();
        }
        let ended = self.events.iter().filter(
            |event| matches!(event, SessionEvent::Ended { outcome: told } if **told == outcome),
        );
        assert!(
            ended.count() >= 1,
            "the end is told: {outcome:?}, {:?}",
            self.events
        );
        assert_eq!(self.session.next_wakeup(), None);
        assert_eq!(self.session.phase(), Phase::Over);
        outcome
    }

    /// From the call's end, or from the last trouble if that came later, it takes until the session notices
    /// and has stopped it.
    fn check_that_no_ingest_outlives_its_call(&self) {
        let gone_at = self.service.call.as_ref().and_then(|call| call.gone_at);
        let to_notice = match self.rules.watch {
            Watch::Webhooks if self.rules.faults > 0 || self.rules.crashes > 0 => {
                self.rules.max_duration.as_secs() * 1000
            }
            _ => 60_000,
        };
        for task in &self.service.tasks {
            let Some(gone_at) = gone_at else {
                panic!("an ingest without a call that ended")
            };
            let from = gone_at.max(self.last_trouble).max(task.began);
            let ended_at = task.ended_at.expect("checked before");
            assert!(
                ended_at <= from + to_notice + 60_000,
                "{task:?} outlives the call, which ended at {gone_at}"
            );
        }
    }

    pub(crate) fn tasks(&self) -> usize {
        self.service.tasks.len()
    }

    pub(crate) fn was_answered(&self) -> bool {
        self.service
            .call
            .as_ref()
            .is_some_and(|call| call.was_answered)
    }
}

fn wire(request: &Request) -> Wire {
    match request {
        Request::StartCall(_) => Wire::StartCall,
        Request::GetCallInfo(_) => Wire::GetCallInfo,
        Request::EndCall(_) => Wire::EndCall,
        Request::GetRecord(_) => Wire::GetRecord,
        Request::StartIngest(start) => {
            assert_eq!((start.room(), start.robot()), (&room(), &robot()));
            Wire::StartIngest
        }
        Request::DescribeIngest(request) => Wire::Describe(request.task_id().to_string()),
        Request::StopIngest(request) => Wire::Stop(request.task_id().to_string()),
        Request::RemoveRobot(_) => Wire::Remove,
    }
}

fn call_reply(response: &str) -> (u16, String) {
    let body = format!(
        r#"{{"ErrorCode":0,"ErrorInfo":"","ActionStatus":"OK","RequestId":"Id-1"{response}}}"#
    );
    (200, body)
}

fn call_error(code: i64) -> (u16, String) {
    let body = format!(
        r#"{{"ErrorCode":{code},"ErrorInfo":"no","ActionStatus":"FAIL","RequestId":"Id-1"}}"#
    );
    (200, body)
}

fn cloud_reply(fields: &str) -> (u16, String) {
    (
        200,
        format!(r#"{{"Response":{{{fields}"RequestId":"r"}}}}"#),
    )
}

fn cloud_error(code: &str) -> (u16, String) {
    let body =
        format!(r#"{{"Response":{{"Error":{{"Code":"{code}","Message":"no"}},"RequestId":"r"}}}}"#);
    (200, body)
}
