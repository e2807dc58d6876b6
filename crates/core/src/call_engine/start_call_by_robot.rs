//! `POST /v4/call_engine_http_srv/start_call_by_robot`
//!
//! Rings the callees' phones on behalf of a robot account.
//! <https://trtc.io/document/74505>, <https://trtc.io/document/71845>
//!
//! ```
//! use std::time::Duration;
//! use trtc_call_core::{MediaType, call_engine::start_call_by_robot::Request};
//!
//! let request = Request::builder("robot", ["jack"], MediaType::Video)
//!     .room("roomid-test")
//!     .ring_timeout(Duration::from_secs(30))
//!     .build()?;
//! # Ok::<(), trtc_call_core::InvalidRequest>(())
//! ```

use std::time::Duration;

use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;

use super::{MediaType, SERVICE};
#[cfg(feature = "openapi")]
use crate::RoomNumber;
use crate::endpoint::{Command, Endpoint, PayloadError, Repeat, optional_payload};
use crate::error::{Error, ParseError, ParseErrorKind};
use crate::input::{FromInput, Given, Properties};
use crate::offline_push::{self, Advice, OfflinePushInfo};
use crate::outcome_unknown::RingAttempt;
use crate::problem::Problems;
use crate::quoted::quoted;
use crate::wire::{Integer, Text};
use crate::{CallId, Extra, InvalidRequest, Problem, ProblemCode, Reply, RoomId, UserId};

/// The shortest and the longest time to ring.
pub const RING_TIMEOUT: std::ops::RangeInclusive<Duration> =
    Duration::from_secs(10)..=Duration::from_secs(600);

/// How long phones ring unless told otherwise.
pub const DEFAULT_RING_TIMEOUT: Duration = Duration::from_secs(30);

/// The longest user data, in bytes of UTF-8.
pub const MAX_USER_DATA_BYTES: usize = 1000;

/// A call that follows every rule. Made by [`Request::builder`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(
    feature = "openapi",
    derive(schemars::JsonSchema),
    schemars(
        description = "Rings the callees' phones on behalf of a robot account. **Each time it is sent.**"
    )
)]
#[serde(rename_all = "PascalCase")]
pub struct Request {
    #[serde(rename = "Robot_Account")]
    robot: UserId,
    #[serde(rename = "CalleeList_Account")]
    #[cfg_attr(
        feature = "openapi",
        schemars(length(min = 1), extend("uniqueItems" = true))
    )]
    callees: Vec<UserId>,
    #[serde(rename = "Timeout", serialize_with = "whole_milliseconds")]
    #[cfg_attr(
        feature = "openapi",
        schemars(with = "u32", range(min = 10_000, max = 600_000))
    )]
    ring_timeout: Duration,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schemars(length(max = 1000)))]
    user_data: Option<String>,
    call_info: CallInfo,
    #[serde(rename = "OfflinePushInfo", skip_serializing_if = "Option::is_none")]
    offline_push: Option<Box<OfflinePushInfo>>,
    #[serde(flatten)]
    #[cfg_attr(feature = "openapi", schemars(skip))]
    extra: Extra,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct CallInfo {
    media_type: MediaType,
    #[serde(flatten, serialize_with = "room_and_type")]
    room: Option<RoomId>,
}

/// A number travels as its decimal string.
fn room_and_type<S: serde::Serializer>(
    room: &Option<RoomId>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    #[serde(rename_all = "PascalCase")]
    struct RoomAndType {
        room_id: String,
        room_id_type: u32,
    }

    let room = room.as_ref().map(|room| RoomAndType {
        room_id: room.to_string(),
        room_id_type: room.call_type_code(),
    });
    room.serialize(serializer)
}

#[cfg(feature = "openapi")]
impl schemars::JsonSchema for CallInfo {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "CallInfo".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let media_type = generator.subschema_for::<MediaType>();
        let in_a_room = |type_code: u32, pattern: String| {
            schemars::json_schema!({
                "type": "object",
                "required": ["MediaType", "RoomId", "RoomIdType"],
                "properties": {
                    "MediaType": media_type,
                    "RoomId": { "type": "string", "pattern": pattern },
                    "RoomIdType": { "type": "integer", "const": type_code },
                },
            })
        };
        let number = RoomId::Number(RoomNumber::MIN).call_type_code();
        let text = RoomId::reported_text("a").call_type_code();
        schemars::json_schema!({
            "description": "What the call carries and, unless the service is to choose one, its room: RoomIdType 1 is a numeric room, 2 a string room.",
            "oneOf": [
                {
                    "type": "object",
                    "required": ["MediaType"],
                    "properties": { "MediaType": media_type, "RoomId": false, "RoomIdType": false },
                },
                in_a_room(number, crate::room_id::number_pattern()),
                in_a_room(text, crate::room_id::text_pattern()),
            ],
        })
    }
}

/// Of a duration that is not far too long.
fn milliseconds(duration: Duration) -> u64 {
    let whole = duration.as_secs().saturating_mul(1000);
    whole.saturating_add(duration.subsec_millis().into())
}

fn whole_milliseconds<S: serde::Serializer>(
    duration: &Duration,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(milliseconds(*duration))
}

impl Request {
    /// A call from `robot` to `callees`: one callee makes a 1-to-1 call, more make a group call.
    ///
    /// Each name is anything that converts to a [`UserId`]: a string, which is held to the UserID rule,
    /// or a `UserId`.
    pub fn builder<R, C>(robot: R, callees: C, media_type: MediaType) -> Builder
    where
        R: TryInto<UserId, Error: Into<Problem>>,
        C: IntoIterator<Item: TryInto<UserId, Error: Into<Problem>>>,
    {
        let mut builder = Builder::of(media_type);
        builder.robot = builder.problems.check("robot", robot);
        for callee in callees {
            builder.add_callee(callee.try_into().map_err(Into::into));
        }
        builder
    }

    /// The caller.
    #[must_use]
    pub fn robot(&self) -> &UserId {
        &self.robot
    }

    /// The users to ring: at least one, none twice.
    #[must_use]
    pub fn callees(&self) -> &[UserId] {
        &self.callees
    }

    /// Audio or video.
    #[must_use]
    pub fn media_type(&self) -> &MediaType {
        &self.call_info.media_type
    }

    /// The room, unless the service is to choose one.
    #[must_use]
    pub fn room(&self) -> Option<&RoomId> {
        self.call_info.room.as_ref()
    }

    /// The same call in that room.
    #[must_use]
    pub fn with_room(mut self, room: RoomId) -> Request {
        self.call_info.room = Some(room);
        self
    }

    /// How long the phones ring.
    #[must_use]
    pub fn ring_timeout(&self) -> Duration {
        self.ring_timeout
    }

    /// Text that reaches the callee.
    #[must_use]
    pub fn user_data(&self) -> Option<&str> {
        self.user_data.as_deref()
    }

    /// The notification for callees who are offline.
    #[must_use]
    pub fn offline_push(&self) -> Option<&OfflinePushInfo> {
        self.offline_push.as_deref()
    }

    /// Further fields, which this release does not know.
    #[must_use]
    pub fn extra(&self) -> &Extra {
        &self.extra
    }

    /// What its sender should know before the call is sent: texts that phones will cut, more people than the
    /// call kits show. It never stands in the way.
    #[must_use]
    pub fn advice(&self) -> Vec<Advice> {
        let mut advice = Vec::new();
        advice.extend(offline_push::of_call(self.callees.len()));
        if let Some(push) = &self.offline_push {
            advice.append(&mut push.advice());
        }
        let fields = Request::COMMAND.fields;
        advice.extend(offline_push::unknown_fields("extra.", &self.extra, fields));
        advice
    }
}

/// Gathers a call's fields; [`build`](Self::build) reports all problems at once.
#[derive(Debug, Clone)]
#[must_use]
pub struct Builder {
    robot: Option<UserId>,
    callees: Vec<Option<UserId>>,
    media_type: MediaType,
    room: Option<RoomId>,
    ring_timeout: Duration,
    user_data: Option<String>,
    offline_push: Option<Box<OfflinePushInfo>>,
    extra: Extra,
    problems: Problems,
}

impl Builder {
    fn of(media_type: MediaType) -> Builder {
        Builder {
            robot: None,
            callees: Vec::new(),
            media_type,
            room: None,
            ring_timeout: DEFAULT_RING_TIMEOUT,
            user_data: None,
            offline_push: None,
            extra: Extra::new(),
            problems: Problems::default(),
        }
    }

    fn add_callee(&mut self, callee: Result<UserId, Problem>) {
        let index = self.callees.len();
        let callee = callee.map_err(|problem| problem.at(format!("callees[{index}]")));
        self.callees.push(self.problems.note(callee));
    }

    /// The room to use: a `u32` is the numeric room, a string is the string room, whatever it looks
    /// like. Without it, the service chooses.
    pub fn room<R: TryInto<RoomId, Error: Into<Problem>>>(mut self, room: R) -> Builder {
        self.room = self.problems.check("room", room);
        self
    }

    /// How long the phones ring: 10 s to 600 s, in whole milliseconds. Default 30 s.
    pub fn ring_timeout(mut self, ring_timeout: Duration) -> Builder {
        self.ring_timeout = ring_timeout;
        self
    }

    /// Text that reaches the callee's application: at most 1000 bytes of UTF-8.
    pub fn user_data(mut self, user_data: impl Into<String>) -> Builder {
        self.user_data = Some(user_data.into());
        self
    }

    /// The notification for callees who are offline. Without it, the service pushes as it likes.
    pub fn offline_push(mut self, offline_push: OfflinePushInfo) -> Builder {
        self.offline_push = Some(Box::new(offline_push));
        self
    }

    /// Fields that the service has and this release does not know: they travel as they are.
    pub fn extra(mut self, extra: Extra) -> Builder {
        self.extra = extra;
        self
    }

    /// The request, if it follows every rule.
    ///
    /// # Errors
    /// All problems: names outside the UserID rule, no callee, a callee twice, the robot among the
    /// callees, media other than audio and video, a room outside its rule, a ring timeout outside 10 s
    /// to 600 s or with a fraction of a millisecond, user data over 1000 bytes, what
    /// [`OfflinePushInfo::check`] finds, a further field that has a setter of its own.
    pub fn build(self) -> Result<Request, InvalidRequest> {
        let Builder {
            robot,
            callees,
            media_type,
            room,
            ring_timeout,
            user_data,
            offline_push,
            extra,
            mut problems,
        } = self;
        check_callees(robot.as_ref(), &callees, &mut problems);
        if let MediaType::Unknown(word) = &media_type {
            problems.push(
                Problem::new(
                    "media_type",
                    format!("must be audio or video, not {}", quoted(word)),
                    "choose one of the two",
                )
                .coded(ProblemCode::NotAChoice)
                .with("choices", "audio, video"),
            );
        }
        check_ring_timeout(ring_timeout, &mut problems);
        if let Some(bytes) = user_data.as_ref().map(String::len)
            && bytes > MAX_USER_DATA_BYTES
        {
            problems.push(
                Problem::new(
                    "user_data",
                    format!("must be at most {MAX_USER_DATA_BYTES} bytes of UTF-8, not {bytes}"),
                    "send a reference instead of the data itself",
                )
                .coded(ProblemCode::TooLong)
                .with("max", MAX_USER_DATA_BYTES)
                .with("found", bytes),
            );
        }
        if let Some(push) = &offline_push {
            push.note_problems(&mut problems);
        }
        let is_known = |name: &str| Request::COMMAND.fields.contains(&name);
        extra
            .check("", is_known)
            .for_each(|problem| problems.push(problem));
        problems.into_result()?;
        // Without a problem, every name was converted.
        let Some(robot) = robot else {
            return Err(
                Problem::new("robot", "must be given", "name the calling account")
                    .coded(ProblemCode::Missing)
                    .into(),
            );
        };
        Ok(Request {
            robot,
            callees: callees.into_iter().flatten().collect(),
            ring_timeout,
            user_data,
            call_info: CallInfo { media_type, room },
            offline_push,
            extra,
        })
    }
}

fn check_callees(robot: Option<&UserId>, callees: &[Option<UserId>], problems: &mut Problems) {
    if callees.is_empty() {
        problems.push(
            Problem::new("callees", "must name at least one user", "add a callee")
                .coded(ProblemCode::Missing),
        );
    }
    for (index, callee) in callees.iter().enumerate() {
        let Some(callee) = callee else { continue };
        let problem = |rule: &str, fix: &str| {
            let rule = format!("{} is {rule}", quoted(callee.as_str()));
            Problem::new(format!("callees[{index}]"), rule, fix)
        };
        if Some(callee) == robot {
            let fix = "remove it, or call as another robot";
            let problem = problem("the robot, which cannot ring itself", fix);
            let problem = problem.coded(ProblemCode::CalleeIsRobot);
            problems.push(problem.with("user", callee.as_str()));
        }
        let mut earlier = callees.iter().take(index);
        if let Some(first) = earlier.position(|other| other.as_ref() == Some(callee)) {
            let rule = format!("callees[{first}] already");
            let problem = problem(&rule, "name each callee once");
            let problem = problem.coded(ProblemCode::GivenTwice);
            problems.push(problem.with("first", first));
        }
    }
}

fn check_ring_timeout(ring_timeout: Duration, problems: &mut Problems) {
    if !RING_TIMEOUT.contains(&ring_timeout) {
        problems.push(
            Problem::new(
                "ring_timeout",
                format!(
                    "must be from 10 s to 600 s, not {} ms",
                    milliseconds(ring_timeout)
                ),
                "choose a time in that range",
            )
            .coded(ProblemCode::OutOfRange)
            .with("from", milliseconds(*RING_TIMEOUT.start()))
            .with("to", milliseconds(*RING_TIMEOUT.end()))
            .with("found", milliseconds(ring_timeout))
            .with("unit", "ms"),
        );
    } else if !ring_timeout.subsec_nanos().is_multiple_of(1_000_000) {
        problems.push(
            Problem::new(
                "ring_timeout",
                format!(
                    "must be whole milliseconds, not {} s and {} ns",
                    ring_timeout.as_secs(),
                    ring_timeout.subsec_nanos()
                ),
                "round it",
            )
            .coded(ProblemCode::NotWhole)
            .with("unit", "ms"),
        );
    }
}

/// Whom the service rang.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Response {
    /// The call's name. The service's reference also shows replies without it.
    pub call_id: Option<CallId>,
    /// What became of each callee. **A call can ring some and fail for others.**
    pub callees: Vec<CalleeResult>,
}

/// Reads the reply, as [`Endpoint::parse`] does, for who has no use for a call without a name. The service sends one,
/// though its reference also shows replies without.
///
/// # Errors
///
/// Those of [`Endpoint::parse`]; and [`ParseErrorKind::Payload`] where the name is missing: the phones ring, and nobody
/// can tell in which call.
pub fn parse_named(status: u16, body: &[u8]) -> Result<Reply<Response>, Error> {
    let reply = Request::parse(status, body)?;
    if reply.response.call_id.is_some() {
        return Ok(reply);
    }
    let message = "Response.CallId is missing, and the call can neither be watched nor ended";
    let request_id = Some(reply.request_id);
    let kind = ParseErrorKind::Payload;
    Err(ParseError::new(kind, status, request_id, message.to_owned(), body).into())
}

/// What became of one callee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CalleeResult {
    /// The callee.
    pub user_id: UserId,
    /// 0 when the phone was rung.
    pub result_code: i64,
}

impl Response {
    /// Whether a phone rings. **A call for which nobody's does is no error**: all may be busy or offline. A reply that
    /// names no callee leaves it open, and counts as if one rings.
    #[must_use]
    pub fn was_rung(&self) -> bool {
        self.callees.is_empty() || self.callees.iter().any(CalleeResult::was_rung)
    }
}

impl CalleeResult {
    /// What became of `user_id`.
    #[must_use]
    pub fn new(user_id: UserId, result_code: i64) -> CalleeResult {
        CalleeResult {
            user_id,
            result_code,
        }
    }

    /// Whether the phone was rung.
    #[must_use]
    pub fn was_rung(&self) -> bool {
        self.result_code == 0
    }
}

#[derive(Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase")]
struct WireResponse {
    #[cfg_attr(feature = "openapi", schemars(with = "Option<String>"))]
    call_id: Option<Text>,
    call_result: Option<Vec<WireCalleeResult>>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
struct WireCalleeResult {
    #[serde(rename = "Callee_Account")]
    callee: Text,
    #[serde(rename = "ResultCode")]
    result_code: Integer,
}

impl Endpoint for Request {
    type Response = Response;

    const COMMAND: Command = Command {
        service: SERVICE,
        name: "start_call_by_robot",
        repeat: Repeat::RingsAgain,
        vendor_page: 74505,
        fields: &[
            "Robot_Account",
            "CalleeList_Account",
            "Timeout",
            "UserData",
            "CallInfo",
            "OfflinePushInfo",
        ],
    };

    fn ring_attempt(&self) -> Option<RingAttempt> {
        Some(RingAttempt::new(
            self.robot.clone(),
            self.callees.clone(),
            self.call_info.room.clone(),
        ))
    }

    fn call_id(response: &Response) -> Option<&CallId> {
        response.call_id.as_ref()
    }

    fn show<S: Serializer>(response: &Response, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Shown<'a> {
            call_id: Option<&'a CallId>,
            callees: Vec<ShownCallee<'a>>,
        }
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct ShownCallee<'a> {
            user_id: &'a UserId,
            result_code: i64,
            was_rung: bool,
        }
        let callees = response.callees.iter().map(|callee| ShownCallee {
            user_id: &callee.user_id,
            result_code: callee.result_code,
            was_rung: callee.was_rung(),
        });
        let shown = Shown {
            call_id: response.call_id.as_ref(),
            callees: callees.collect(),
        };
        shown.serialize(serializer)
    }

    fn read_payload(payload: Option<&RawValue>) -> Result<Response, PayloadError> {
        let wire: WireResponse = optional_payload(payload)?.unwrap_or_default();
        let callees = wire.call_result.unwrap_or_default().into_iter();
        Ok(Response {
            call_id: wire.call_id.map(CallId::from),
            callees: callees
                .map(|wire| CalleeResult {
                    user_id: wire.callee.into(),
                    result_code: wire.result_code.0,
                })
                .collect(),
        })
    }
}

/// `{ robot, callees, media, room?, ringTimeout?, userData?, offlinePush? }`
impl FromInput for Request {
    const WHAT: &'static str = "call";

    fn from_input(input: &mut Properties<'_>) -> Option<Request> {
        let robot = input.required("robot", Given::user_id);
        let callees = input.required("callees", Given::list);
        let media = input.required("media", Given::text);
        // What is missing was noted. Something valid stands in for it, so that the rest is judged.
        let mut builder = Builder::of(media.map_or(MediaType::Video, |word| word.as_str().into()));
        builder.robot = robot;
        for callee in callees.into_iter().flatten() {
            builder.add_callee(callee.user_id());
        }
        if let Some(room) = input.take("room") {
            let room = room.room().map_err(|problem| problem.at("room"));
            builder.room = builder.problems.note(room);
        }
        builder.ring_timeout = input
            .optional("ringTimeout", Given::milliseconds)
            .unwrap_or(DEFAULT_RING_TIMEOUT);
        builder.user_data = input.optional("userData", Given::text);
        let push = input
            .take("offlinePush")
            .map(|push| OfflinePushInfo::from_json(push.json()));
        let push = push.and_then(|push| input.note_all(push));
        builder.offline_push = push.map(Box::new);
        let extra = input.optional("extra", |given| Extra::from_json(given.json()));
        builder.extra = extra.unwrap_or_default();
        input.note_all(builder.build())
    }
}

#[cfg(feature = "openapi")]
impl crate::openapi::OnTheWire for Request {
    fn payload() -> crate::openapi::Payload {
        crate::openapi::Payload::optional::<WireResponse>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;

    fn fields(error: &InvalidRequest) -> Vec<&str> {
        error
            .problems()
            .iter()
            .map(|problem| problem.field.as_str())
            .collect()
    }

    #[test]
    fn the_body_is_the_vendors_sample() {
        let request = Request::builder("robot", ["jack"], MediaType::Video)
            .ring_timeout(Duration::from_secs(300))
            .user_data("userdata-12345687")
            .room("roomid-test")
            .build()
            .unwrap();
        let expected = serde_json::json!({
            "Robot_Account": "robot",
            "CalleeList_Account": ["jack"],
            "Timeout": 300_000,
            "UserData": "userdata-12345687",
            "CallInfo": { "MediaType": "Video", "RoomId": "roomid-test", "RoomIdType": 2 },
        });
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&request.body()).unwrap(),
            expected
        );
    }

    #[test]
    fn a_reply_without_the_calls_name_is_read_unless_it_must_hold_one() {
        let reply = br#"{"ErrorCode":0,"ErrorInfo":"","ActionStatus":"OK","RequestId":"Id-1"}"#;
        let read = Request::parse(200, reply).unwrap();
        assert_eq!(read.response.call_id, None);
        let error = parse_named(200, reply).unwrap_err();
        assert_eq!(
            (error.code(), error.request_id()),
            ("reply_payload", Some("Id-1"))
        );
        assert!(error.to_string().contains("CallId"), "{error}");
        assert!(error.outcome_is_unknown());
    }

    #[test]
    fn a_numeric_room_travels_as_its_decimal_string_with_type_1() {
        let request = Request::builder("robot", ["jack"], MediaType::Audio)
            .room(123)
            .build()
            .unwrap();
        assert!(
            request.body().contains(r#""RoomId":"123","RoomIdType":1"#),
            "{}",
            request.body()
        );
    }

    #[test]
    fn without_a_room_neither_room_field_is_sent() {
        let request = Request::builder("robot", ["jack"], MediaType::Audio)
            .build()
            .unwrap();
        assert!(!request.body().contains("Room"), "{}", request.body());
    }

    #[test]
    fn all_problems_are_reported_at_once() {
        let error = Request::builder("ro bot", ["jack", "jack", "", "x y"], "holo".into())
            .room(0)
            .ring_timeout(Duration::from_secs(9))
            .user_data("é".repeat(501))
            .build()
            .unwrap_err();
        assert_eq!(
            fields(&error),
            [
                "robot",
                "callees[2]",
                "callees[3]",
                "room",
                "callees[1]",
                "media_type",
                "ring_timeout",
                "user_data"
            ]
        );
    }

    #[test]
    fn the_robot_cannot_ring_itself_and_somebody_must_be_rung() {
        let error = Request::builder("robot", ["robot"], MediaType::Video)
            .build()
            .unwrap_err();
        assert_eq!(fields(&error), ["callees[0]"]);
        let nobody: [&str; 0] = [];
        let error = Request::builder("robot", nobody, MediaType::Video)
            .build()
            .unwrap_err();
        assert_eq!(fields(&error), ["callees"]);
    }

    #[test]
    fn names_outside_the_rule_need_the_opt_out() {
        let jack = UserId::any("jack.smith@example");
        assert!(
            Request::builder("robot", [jack], MediaType::Video)
                .build()
                .is_ok()
        );
    }

    #[test]
    fn the_ring_timeout_is_10_to_600_s_in_whole_milliseconds() {
        for (timeout, valid) in [
            (Duration::from_millis(9_999), false),
            (Duration::from_millis(10_000), true),
            (Duration::from_millis(600_000), true),
            (Duration::from_millis(600_001), false),
            (Duration::from_micros(20_000_500), false),
        ] {
            let call = Request::builder("robot", ["jack"], MediaType::Video).ring_timeout(timeout);
            assert_eq!(call.build().is_ok(), valid, "{timeout:?}");
        }
    }

    #[test]
    fn a_reply_tells_who_was_rung() {
        let body =
            br#"{"ErrorCode":0,"ErrorInfo":"","ActionStatus":"OK","RequestId":"Id-1","Response":
            {"CallId":"35fd577d","CallResult":[{"Callee_Account":"jack","ResultCode":0},
            {"Callee_Account":9007199254740993,"ResultCode":60001}]}}"#;
        let reply = Request::parse(200, body).unwrap();
        assert_eq!(reply.request_id, "Id-1");
        assert!(reply.response.was_rung());
        assert_eq!(reply.response.call_id.unwrap().as_str(), "35fd577d");
        let [jack, other] = reply.response.callees.try_into().unwrap();
        assert!(jack.was_rung());
        assert!(!other.was_rung());
        assert_eq!(other.user_id.as_str(), "9007199254740993");
    }

    #[test]
    fn a_call_whose_callees_are_all_busy_or_offline_is_no_error_and_rings_nobody() {
        let body =
            br#"{"ErrorCode":0,"ErrorInfo":"","ActionStatus":"OK","RequestId":"Id-1","Response":
            {"CallId":"35fd577d","CallResult":[{"Callee_Account":"jack","ResultCode":60001},
            {"Callee_Account":"jane","ResultCode":60002}]}}"#;
        assert!(!Request::parse(200, body).unwrap().response.was_rung());
    }

    #[test]
    fn a_reply_without_payload_is_a_success_without_call_id() {
        let body = br#"{"ErrorCode":0,"ErrorInfo":"","ActionStatus":"OK","RequestId":"Id-1"}"#;
        assert_eq!(Request::parse(200, body).unwrap().response.call_id, None);
    }

    #[test]
    fn a_call_that_was_started_is_named_whatever_is_wrong_with_the_rest_of_the_reply() {
        let envelope = r#""ErrorCode":0,"ErrorInfo":"","ActionStatus":"OK","RequestId":"Id-1""#;
        let call = r#""Response":{"CallId":"35fd577d"}"#;
        let good = format!("{{{envelope},{call}}}");
        let replies = [
            (200, good.replace(r#","RequestId":"Id-1""#, "")),
            (200, good.replace(r#","ErrorInfo":"""#, "")),
            (200, good.replace(r#""Id-1""#, "{}")),
            (200, good.replace(r#""OK""#, "\"CallId\"")),
            (200, good.replace(r#""ErrorCode":0"#, r#""ErrorCode":"0""#)),
            (
                200,
                good.replace(r#""35fd577d""#, r#""35fd577d","CallResult":{}"#),
            ),
            (
                200,
                good.replace(r#""35fd577d""#, r#""35fd577d","CallResult":[[]]"#),
            ),
            (
                200,
                good.replace(
                    r#""35fd577d""#,
                    r#""35fd577d","CallResult":[{"ResultCode":0}]"#,
                ),
            ),
            (200, good.replace(r#""35fd577d"}}"#, "\"35fd577d\",")),
            (499, good.clone()),
        ];
        for (status, body) in replies {
            assert!(status != 200 || body != good, "{body}");
            let error = Request::parse(status, body.as_bytes()).unwrap_err();
            assert_eq!(
                error.call_id().map(CallId::as_str),
                Some("35fd577d"),
                "{body}"
            );
            assert!(error.to_string().contains("35fd577d"), "{error}");
        }
        let number = good.replace(r#""35fd577d""#, r#"9007199254740993,"CallResult":{}"#);
        let error = Request::parse(200, number.as_bytes()).unwrap_err();
        assert_eq!(
            error.call_id().map(CallId::as_str),
            Some("9007199254740993")
        );
        let number = good.replace(r#""35fd577d""#, "9007199254740993");
        let response = Request::parse(200, number.as_bytes()).unwrap().response;
        assert_eq!(response.call_id.unwrap().as_str(), "9007199254740993");
        let response = Request::parse(200, good.as_bytes()).unwrap().response;
        assert_eq!(response.call_id.unwrap().as_str(), "35fd577d");
        for body in [
            r#"{"CallId":"#,
            r#"{"CallId":"a b"}"#,
            r#"{"CallId":""}"#,
            "{}",
        ] {
            assert_eq!(
                Request::parse(200, body.as_bytes()).unwrap_err().call_id(),
                None,
                "{body}"
            );
        }
    }

    #[test]
    fn a_payload_of_another_form_is_an_error_with_the_request_id() {
        for response in [
            "[]",
            "1",
            "\"x\"",
            r#"{"CallId":[5]}"#,
            r#"{"CallResult":[[]]}"#,
        ] {
            let body = format!(
                r#"{{"ErrorCode":0,"ErrorInfo":"","ActionStatus":"OK","RequestId":"Id-1","Response":{response}}}"#
            );
            let error = Request::parse(200, body.as_bytes()).unwrap_err();
            assert!(matches!(&error, Error::Parse(_)), "{response}: {error:?}");
            assert_eq!(error.request_id(), Some("Id-1"));
        }
    }
}
