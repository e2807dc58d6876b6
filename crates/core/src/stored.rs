//! How names are read back out of this library's own JSON, which users store: as they are. The service gave them, or they
//! were checked when they were made. By itself a name is [checked](crate::text_id) as if it were new.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

use crate::UserId;
use crate::webhook::MemberState;
use crate::wire::Text;

/// Any text.
pub(crate) fn text<'de, D: Deserializer<'de>, T: From<Text>>(
    deserializer: D,
) -> Result<T, D::Error> {
    String::deserialize(deserializer).map(read)
}

/// Any text, or none.
pub(crate) fn optional<'de, D: Deserializer<'de>, T: From<Text>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(text.map(read))
}

/// A list of texts.
pub(crate) fn list<'de, D: Deserializer<'de>, T: From<Text>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    let list = Vec::<String>::deserialize(deserializer)?;
    Ok(list.into_iter().map(read).collect())
}

/// How far each user got, as pairs.
pub(crate) fn members<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<(UserId, MemberState)>, D::Error> {
    let list = Vec::<(String, MemberState)>::deserialize(deserializer)?;
    let list = list.into_iter();
    Ok(list.map(|(user, state)| (read(user), state)).collect())
}

/// How far each user got, by name.
pub(crate) fn members_by_name<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<UserId, MemberState>, D::Error> {
    let map = BTreeMap::<String, MemberState>::deserialize(deserializer)?;
    let map = map.into_iter();
    Ok(map.map(|(user, state)| (read(user), state)).collect())
}

fn read<T: From<Text>>(text: String) -> T {
    Text(text).into()
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use proptest::collection::vec;
    use proptest::option;
    use proptest::prelude::*;
    use serde::de::DeserializeOwned;
    use serde::{Deserialize, Serialize};

    use super::*;
    use crate::call_engine::get_call_info::{Member, MemberStatus};
    use crate::call_session::{EndReason, Failure, Outcome};
    use crate::webhook::{
        CallEnded, CallStarted, CallbackCommand, Delivery, Event, MemberAction, MemberChange,
        MembersChanged, OptPlatform, UnknownEvent,
    };
    use crate::{
        BaseUrl, CallId, CallRecord, CallResult, CallType, Error, ErrorCode, JsonText, MediaType,
        OutcomeUnknown, ParseError, ParseErrorKind, Region, ReportedRoom, RingAttempt, RoomId,
        SdkAppId, ServerError, TaskId, TransportError, TransportErrorKind, UnixMillis, UnixSeconds,
        UntoldRoom,
    };

    fn word<T: for<'a> From<&'a str> + Debug>(known: &'static [&str]) -> impl Strategy<Value = T> {
        let known = prop::sample::select(known).prop_map(str::to_owned);
        prop_oneof![known, ".*"].prop_map(|word| word.as_str().into())
    }

    fn media_type() -> impl Strategy<Value = MediaType> {
        word(MediaType::WORDS)
    }

    fn user() -> impl Strategy<Value = UserId> {
        ".*".prop_map(UserId::any)
    }

    fn call_id() -> impl Strategy<Value = CallId> {
        ".*".prop_map(CallId::reported)
    }

    fn seconds() -> impl Strategy<Value = UnixSeconds> {
        any::<u64>().prop_map(UnixSeconds)
    }

    fn json() -> impl Strategy<Value = JsonText> {
        let texts = [
            "1.50",
            "12345678901234567890123",
            "null",
            r#"{"b":[ 1],"a":"\u0031"}"#,
        ];
        prop::sample::select(texts.to_vec()).prop_map(|text| text.parse().unwrap())
    }

    fn other_fields() -> impl Strategy<Value = BTreeMap<String, JsonText>> {
        prop::collection::btree_map(".*", json(), 0..3)
    }

    fn room_id() -> impl Strategy<Value = RoomId> {
        prop_oneof![
            (1..=RoomId::MAX_NUMBER).prop_map(|number| RoomId::number(number).unwrap()),
            "[a-z0-9 !#$]{1,64}".prop_map(|text| RoomId::text(text).unwrap()),
        ]
    }

    fn reported_room() -> impl Strategy<Value = ReportedRoom> {
        prop_oneof![
            room_id().prop_map(ReportedRoom::Known),
            ".+".prop_map(|text| RoomId::reported_text(text).into()),
            (json(), json()).prop_map(|(room_id, room_id_type)| {
                // `null` is a type that is not said.
                let room_id_type = Some(room_id_type).filter(|json| json.as_str() != "null");
                ReportedRoom::Untold(UntoldRoom {
                    room_id,
                    room_id_type,
                })
            }),
        ]
    }

    prop_compose! {
        fn record()(
            (call_id, caller, members) in (call_id(), user(), vec(user(), 0..4)),
            (media_type, call_type) in (media_type(), word(CallType::WORDS)),
            (start_time, end_time) in (seconds(), seconds()),
            accept_time in option::of(seconds()),
            result in word(CallResult::WORDS),
            room in option::of(reported_room()),
        ) -> CallRecord {
            CallRecord {
                call_id, caller, media_type, call_type, start_time, end_time, accept_time, result, members, room,
            }
        }
    }

    fn members_of_a_call() -> impl Strategy<Value = Vec<Member>> {
        let member = (user(), word(MemberStatus::WORDS));
        vec(
            member.prop_map(|(user, status)| Member::new(user, status)),
            0..4,
        )
    }

    fn event() -> impl Strategy<Value = Event> {
        let time = || any::<u64>().prop_map(UnixMillis);
        let started = (
            (call_id(), media_type(), members_of_a_call(), time()),
            (
                option::of(".*"),
                option::of(reported_room()),
                other_fields(),
            ),
        );
        let change = (user(), word(MemberAction::WORDS));
        let changes = vec(
            change.prop_map(|(user, action)| MemberChange::new(user, action)),
            0..4,
        );
        let changed = (
            call_id(),
            members_of_a_call(),
            changes,
            time(),
            other_fields(),
        );
        let ended = (record(), time(), other_fields());
        prop_oneof![
            started.prop_map(
                |((call, media, members, time), (chat_group_id, room, other_fields))| {
                    let started = CallStarted::new(call, media, members, time);
                    Event::CallStarted(CallStarted {
                        chat_group_id,
                        room,
                        other_fields,
                        ..started
                    })
                }
            ),
            changed.prop_map(|(call, members, changes, time, other_fields)| {
                let changed = MembersChanged::new(call, members, changes, time);
                Event::MembersChanged(MembersChanged {
                    other_fields,
                    ..changed
                })
            }),
            ended.prop_map(|(record, time, other_fields)| {
                let ended = CallEnded::new(record, time);
                Event::CallEnded(CallEnded {
                    other_fields,
                    ..ended
                })
            }),
            ("Later\\..*", other_fields()).prop_map(|(command, other_fields)| {
                Event::Unknown(UnknownEvent {
                    command: CallbackCommand::Unknown(command),
                    other_fields,
                })
            }),
        ]
    }

    prop_compose! {
        fn delivery()(
            event in event(),
            sdk_app_id in option::of((1..u32::MAX).prop_map(|id| SdkAppId::new(id).unwrap())),
            client_ip in option::of(".*"),
            platform in option::of(word(OptPlatform::WORDS)),
            request_time in option::of(seconds()),
            other_parameters in prop::collection::btree_map(".*", ".*", 0..3),
        ) -> Delivery {
            Delivery { event, sdk_app_id, client_ip, platform, request_time, other_parameters }
        }
    }

    prop_compose! {
        fn ring_attempt()(
            robot in user(),
            callees in vec(user(), 0..4),
            room in option::of(room_id()),
        ) -> RingAttempt {
            RingAttempt { robot, callees, room }
        }
    }

    fn cause() -> impl Strategy<Value = Error> {
        let transport = prop::sample::select(
            &[
                TransportErrorKind::Connect,
                TransportErrorKind::Timeout,
                TransportErrorKind::Interrupted,
                TransportErrorKind::Cancelled,
                TransportErrorKind::RateLimit,
            ][..],
        );
        let parse = prop::sample::select(
            &[
                ParseErrorKind::HttpStatus,
                ParseErrorKind::NotJson,
                ParseErrorKind::Envelope,
                ParseErrorKind::Payload,
            ][..],
        );
        prop_oneof![
            (transport, ".*").prop_map(|(kind, message)| TransportError::new(kind, message).into()),
            (any::<i64>(), ".*", option::of(".*"), ".*").prop_map(
                |(code, info, request_id, body)| {
                    Error::Server(ServerError {
                        code: ErrorCode(code),
                        info,
                        request_id,
                        body,
                        sent_to: None,
                    })
                }
            ),
            (
                parse,
                any::<u16>(),
                option::of(".*"),
                option::of(call_id()),
                ".*",
                ".*"
            )
                .prop_map(|(kind, status, text, call_id, message, first_bytes)| {
                    Error::Parse(ParseError {
                        kind,
                        status,
                        location: text.clone(),
                        request_id: text,
                        call_id: call_id.map(Box::new),
                        message,
                        first_bytes,
                    })
                }),
        ]
    }

    prop_compose! {
        fn outcome_unknown()(
            attempt in ring_attempt(),
            (sent_at, failed_at) in (seconds(), seconds()),
            cause in cause(),
        ) -> OutcomeUnknown {
            OutcomeUnknown::new(attempt, sent_at, failed_at, cause)
        }
    }

    prop_compose! {
        fn outcome()(
            reason in prop::sample::select(&EndReason::ALL[..]),
            call_id in option::of(call_id()),
            record in option::of(record()),
            members in vec((user(), Just(MemberState::HungUp)), 0..4),
            failure in option::of((".*", ".*").prop_map(|(code, message)| Failure { code, message })),
            (call_may_be_up, ingest_may_run) in any::<(bool, bool)>(),
            task_id in option::of(".*".prop_map(TaskId::reported)),
        ) -> Outcome {
            Outcome { reason, call_id, record, members, failure, call_may_be_up, ingest_may_run, task_id }
        }
    }

    fn stored<T: Serialize + DeserializeOwned>(value: &T) -> T {
        let json = serde_json::to_string(value).unwrap();
        serde_json::from_str(&json).unwrap_or_else(|error| panic!("{error} in {json}"))
    }

    proptest! {
        #[test]
        fn what_was_stored_is_read_back_whatever_it_holds(
            record in record(),
            delivery in delivery(),
            outcome in outcome(),
            unknown in outcome_unknown(),
        ) {
            prop_assert_eq!(stored(&record), record);
            prop_assert_eq!(stored(&delivery.event), delivery.event.clone());
            prop_assert_eq!(stored(&delivery), delivery);
            prop_assert_eq!(stored(&outcome), outcome);
            prop_assert_eq!(stored(&unknown.attempt), unknown.attempt.clone());
            prop_assert_eq!(stored(&unknown), unknown);
        }
    }

    #[test]
    fn a_region_is_read_back_by_its_name_or_url_and_checked() {
        let url = BaseUrl::new("http://127.0.0.1:8080").unwrap();
        for region in Region::VENDOR.into_iter().chain([Region::Custom(url)]) {
            assert_eq!(stored(&region), region);
        }
        for bad in ["\"mars\"", "\"http://example.com\"", "7"] {
            assert!(serde_json::from_str::<Region>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_media_type_by_itself_is_checked_and_a_users_name_need_not_be() {
        #[derive(Deserialize)]
        struct Setting {
            media: MediaType,
            #[serde(deserialize_with = "UserId::deserialize_any")]
            robot: UserId,
        }

        let read = serde_json::from_str::<Setting>;
        let setting = read(r#"{"media":"video","robot":"用户 1"}"#).unwrap();
        assert_eq!(
            (setting.media, &*setting.robot.to_string()),
            (MediaType::Video, "用户 1")
        );
        let error = read(r#"{"media":"Vidoe","robot":""}"#).err().unwrap();
        assert!(
            error.to_string().contains("must be Audio or Video"),
            "{error}"
        );
    }

    /// As whoever stores several kinds of things in one place does.
    #[test]
    fn what_was_stored_may_stand_in_an_enum_with_tags() {
        #[derive(Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "type")]
        enum Job {
            Record(CallRecord),
            Delivery(Delivery),
            Unknown(OutcomeUnknown),
        }

        let member = |name| UserId::new(name).unwrap();
        let members = vec![member("robot"), member("jack")];
        let call_id = CallId::new("c-1").unwrap();
        let mut record = CallRecord::new(
            call_id,
            member("robot"),
            members.clone(),
            CallResult::NormalEnd,
            UnixSeconds(1),
            UnixSeconds(2),
        );
        record.room = Some(RoomId::number(7).unwrap().into());
        let attempt = RingAttempt::new(member("robot"), members, None);
        let cause = TransportError::new(TransportErrorKind::Timeout, "late").into();
        let unknown = OutcomeUnknown::new(attempt, UnixSeconds(1), UnixSeconds(2), cause);
        let delivery = Delivery {
            event: CallEnded::new(record.clone(), UnixMillis(3)).into(),
            sdk_app_id: None,
            client_ip: None,
            platform: None,
            request_time: None,
            other_parameters: BTreeMap::new(),
        };
        for job in [
            Job::Record(record),
            Job::Delivery(delivery),
            Job::Unknown(unknown),
        ] {
            assert_eq!(stored(&job), job);
        }
    }
}
