//! Ingest tasks: what they do in rooms, and how they end.

use serde_json::{Value, json};
use trtc_call_core::IngestRoomIdCoding;
use trtc_call_emulator::{IngestEndReason, StreamScript};

use super::Line;
use super::caller::{SDK_APP_ID, START, call_of, config, start_of};

const NO_CHANGE: &Value = &Value::Null;

fn task(task_id: &str) -> Value {
    json!({ "SdkAppId": SDK_APP_ID, "TaskId": task_id })
}

fn task_with(task_id: &str, fields: &Value) -> Value {
    let mut body = task(task_id);
    let own = body.as_object_mut().unwrap();
    own.extend(fields.as_object().unwrap().clone());
    body
}

impl Line {
    fn play_default(&mut self) -> String {
        self.play(&json!({}))
    }

    fn status(&mut self, task_id: &str) -> String {
        let reply = self.act("DescribeStreamIngest", &task(task_id)).unwrap();
        reply["Status"].as_str().unwrap().to_owned()
    }

    /// How long after now the task ends by itself, and why. Looks every 100 ms, for two hours.
    fn end_of(&mut self, task_id: &str) -> (u64, IngestEndReason) {
        let begin = self.now.0;
        for _ in 0..72_000 {
            if let Some(end) = self.emulator.ingest(task_id).unwrap().end {
                return (end.at.0 - begin, end.reason);
            }
            self.wait(100);
        }
        panic!("the task goes on");
    }
}

#[test]
fn the_robot_plays_in_the_room_of_the_call() {
    let mut line = Line::new();
    let call_id = line.ring(&["answer-100-hangup-5000"]);
    line.wait(100);
    assert_eq!(line.rooms(), [r#""roomid-test": answer-100-hangup-5000"#]);
    let task_id = line.play_default();
    assert_eq!(line.status(&task_id), "InProgress");
    assert_eq!(line.rooms().len(), 1, "the robot is not there yet");
    line.wait(200);
    assert_eq!(
        line.rooms(),
        [r#""roomid-test": answer-100-hangup-5000 robot"#]
    );
    let ingest = line.emulator.ingest(&task_id).unwrap();
    assert_eq!(ingest.call_id.as_deref(), Some(call_id.as_str()));
    assert_eq!(
        line.act("StopStreamIngest", &task(&task_id)).unwrap()["Error"],
        *NO_CHANGE
    );
    assert_eq!(line.rooms(), [r#""roomid-test": answer-100-hangup-5000"#]);
    assert_eq!(line.status(&task_id), "NotExist");
    line.wait(10_000);
    assert_eq!(line.rooms(), Vec::<String>::new());
    assert_eq!(
        line.happened(),
        [
            "0: started robot",
            "0: ringing answer-100-hangup-5000",
            "100: answered answer-100-hangup-5000",
            "300: ingest_started robot",
            "300: ingest_ended stopped",
            "5100: hung_up answer-100-hangup-5000",
            "5100: ended NormalEnd",
            "10100: record_ready",
        ]
    );
}

#[test]
fn a_wrong_room_type_code_puts_the_robot_into_another_room() {
    use IngestRoomIdCoding::{NumericOne, NumericZero};
    for (coding, code, room) in [
        (NumericZero, 0, vec!["123: jack robot"]),
        (NumericZero, 1, vec!["123: jack", r#""123": robot"#]),
        (NumericOne, 1, vec!["123: jack robot"]),
        (NumericOne, 0, vec!["123: jack", r#""123": robot"#]),
    ] {
        let mut config = config();
        config.ingest_room_id_coding = coding;
        let mut line = Line::with(&config);
        let mut call = call_of(&["jack"]);
        call["CallInfo"]["RoomId"] = json!("123");
        call["CallInfo"]["RoomIdType"] = json!(1);
        assert_eq!(line.send(START, &call)["ErrorCode"], 0);
        line.wait(1500);
        line.play(&json!({ "RoomId": "123", "RoomIdType": code }));
        line.wait(200);
        assert_eq!(line.rooms(), room, "{coding:?} {code}");
    }
}

#[test]
fn a_task_ends_when_its_media_do() {
    for (with, lasts) in [
        (json!({}), 30_000),
        (json!({ "RepeatNum": 3 }), 90_000),
        (json!({ "SeekSecond": 10 }), 20_000),
        (json!({ "Tempo": 2.0 }), 15_000),
        (json!({ "Tempo": 0.5, "RepeatNum": 2 }), 120_000),
        (
            json!({ "StreamUrl": "https://a.example/plays-700.mp3" }),
            700,
        ),
    ] {
        let mut line = Line::new();
        line.ring(&["answer-0"]);
        let task_id = line.play(&with);
        let end = line.end_of(&task_id);
        assert_eq!(end, (200 + lasts, IngestEndReason::MediaEnded), "{with}");
    }
}

#[test]
fn an_endless_task_ends_at_its_longest() {
    let mut line = Line::new();
    line.ring(&["answer-0"]);
    let with = json!({ "RepeatNum": -1, "MaxDuration": 60 });
    let task_id = line.play(&with);
    let end = line.end_of(&task_id);
    assert_eq!(end, (3_600_000, IngestEndReason::MaxDuration));
}

#[test]
fn a_task_that_nobody_hears_ends() {
    for (idle_timeout, lasts) in [
        (json!({ "IdleTimeout": 0 }), 0),
        (json!({ "IdleTimeout": 3 }), 3_000),
        (json!({}), 60_000),
    ] {
        let mut line = Line::new();
        line.ring(&["answer-0-hangup-1000"]);
        let mut with = idle_timeout;
        with["StreamUrl"] = json!("https://a.example/live");
        let task_id = line.play(&with);
        let end = line.end_of(&task_id);
        assert_eq!(end, (1000 + lasts, IngestEndReason::Idle), "{with}");
    }
}

#[test]
fn a_listener_who_comes_in_time_keeps_the_task_going() {
    let mut line = Line::new();
    let with = json!({ "IdleTimeout": 3, "StreamUrl": "https://a.example/live" });
    let task_id = line.play(&with);
    line.wait(3_100);
    line.ring(&["answer-0-hangup-10000"]);
    let end = line.end_of(&task_id);
    assert_eq!(end, (13_000, IngestEndReason::Idle));
}

#[test]
fn a_pause_holds_the_media_and_ends_the_task_after_12_hours() {
    let mut line = Line::new();
    line.ring(&["answer-0"]);
    let task_id = line.play_default();
    line.wait(10_200);
    let pause = |is_pause| json!({ "IsPause": is_pause });
    let update = |line: &mut Line, fields: &Value| {
        let body = task_with(&task_id, fields);
        assert_eq!(
            line.act("UpdateStreamIngest", &body).unwrap()["Status"],
            "InProgress"
        );
    };
    update(&mut line, &pause(true));
    line.wait(3_600_000);
    update(&mut line, &pause(false));
    update(
        &mut line,
        &json!({ "Volume": 20, "EnableProgress": true, "Tempo": 0.5 }),
    );
    let ingest = line.emulator.ingest(&task_id).unwrap();
    assert_eq!((ingest.volume, ingest.tempo_percent), (20, 50));
    assert!(ingest.enable_progress && !ingest.is_paused);
    line.wait(39_900);
    update(&mut line, &pause(true));
    line.wait(12 * 3_600_000 - 1);
    assert_eq!(line.status(&task_id), "InProgress");
    line.wait(1);
    let end = line.emulator.ingest(&task_id).unwrap().end.unwrap();
    assert_eq!(end.reason, IngestEndReason::PausedTooLong);
}

#[test]
fn another_stream_begins_from_its_start() {
    let mut line = Line::new();
    line.ring(&["answer-0"]);
    let task_id = line.play(&json!({ "SeekSecond": 5 }));
    line.wait(10_000);
    let url = json!({ "StreamUrl": "https://a.example/plays-9000-restarts-1000" });
    line.act("UpdateStreamIngest", &task_with(&task_id, &url))
        .unwrap();
    assert_eq!(line.end_of(&task_id), (9_000, IngestEndReason::MediaEnded));
    assert!(
        line.happened()
            .contains(&"11000: ingest_restarted robot".to_owned())
    );

    let task_id = line.play_default();
    line.wait(200);
    let url = json!({ "StreamUrl": "https://a.example/fails" });
    let reply = line.act("UpdateStreamIngest", &task_with(&task_id, &url));
    assert_eq!(reply.unwrap()["Status"], "NotExist");
    assert_eq!(line.end_of(&task_id).1, IngestEndReason::Failed);
}

#[test]
fn a_stream_that_cannot_be_played_fails_after_its_task_was_named() {
    let mut line = Line::new();
    let url = "https://a.example/secret.mp3";
    line.emulator.set_stream_script(url, StreamScript::Fails);
    let task_id = line.play(&json!({ "StreamUrl": url }));
    assert_eq!(line.status(&task_id), "InProgress");
    assert_eq!(line.end_of(&task_id), (200, IngestEndReason::Failed));
    assert_eq!(line.status(&task_id), "NotExist");
    assert_eq!(line.happened(), ["200: ingest_failed robot"]);
    line.emulator.clear_stream_scripts();
    line.play(&json!({ "StreamUrl": url }));
    line.wait(200);
    assert_eq!(line.rooms(), [r#""roomid-test": robot"#]);
}

#[test]
fn a_task_that_is_gone_is_stopped_and_changed_in_vain() {
    let mut line = Line::new();
    let task_id = line.play_default();
    line.act("StopStreamIngest", &task(&task_id)).unwrap();
    for gone in [task_id.as_str(), "no-such-task"] {
        assert_eq!(
            line.act("StopStreamIngest", &task(gone)).unwrap_err(),
            "FailedOperation.TaskNotExist"
        );
        let reply = line.act("UpdateStreamIngest", &task(gone)).unwrap();
        assert_eq!(reply["Status"], "NotExist");
    }
    line.wait(1000);
    assert_eq!(line.rooms(), Vec::<String>::new(), "it never entered");
}

#[test]
fn a_robot_plays_once_in_a_room() {
    let mut line = Line::new();
    let task_id = line.play_default();
    let start = |line: &mut Line, with| line.act("StartStreamIngest", &start_of(&with));
    assert_eq!(
        start(&mut line, json!({})).unwrap_err(),
        "FailedOperation.TaskExist"
    );
    start(&mut line, json!({ "UserId": "robot-2" })).unwrap();
    start(&mut line, json!({ "RoomId": "another" })).unwrap();
    line.act("StopStreamIngest", &task(&task_id)).unwrap();
    start(&mut line, json!({})).unwrap();
}

fn room(id: &Value) -> Value {
    json!({ "SdkAppId": SDK_APP_ID, "RoomId": id })
}

#[test]
fn a_dismissed_room_is_left_by_everybody() {
    let mut line = Line::new();
    let mut call = call_of(&["answer-0"]);
    call["CallInfo"]["RoomId"] = json!("123");
    line.send(START, &call);
    call["CallInfo"]["RoomIdType"] = json!(1);
    line.send(START, &call);
    let task_id = line.play(&json!({ "RoomId": "123", "RoomIdType": 0 }));
    line.wait(200);
    assert_eq!(line.rooms(), ["123: answer-0 robot", r#""123": answer-0"#]);

    line.act("DismissRoom", &room(&json!(123))).unwrap();
    assert_eq!(line.rooms(), [r#""123": answer-0"#]);
    assert_eq!(line.end_of(&task_id), (0, IngestEndReason::RoomDismissed));
    let results: Vec<_> = line.emulator.calls().iter().map(|call| call.end).collect();
    assert_eq!(results[0], None);
    let result = serde_json::to_value(results[1].unwrap().result).unwrap();
    assert_eq!(result, "Interrupt");

    assert_eq!(
        line.act("DismissRoom", &room(&json!(123))).unwrap_err(),
        "FailedOperation.RoomNotExist"
    );
    line.act("DismissRoomByStrRoomId", &room(&json!("123")))
        .unwrap();
    assert_eq!(line.rooms(), Vec::<String>::new());
}

#[test]
fn a_removed_user_leaves_one_room() {
    let mut line = Line::new();
    line.ring(&["answer-0", "answer-0-2"]);
    line.play_default();
    let elsewhere = line.play(&json!({ "RoomId": "elsewhere" }));
    line.wait(200);
    let remove =
        |users: Value| json!({ "SdkAppId": SDK_APP_ID, "RoomId": "roomid-test", "UserIds": users });
    let action = "RemoveUserByStrRoomId";
    line.act(action, &remove(json!(["robot", "nobody"])))
        .unwrap();
    assert_eq!(line.rooms()[1], r#""roomid-test": answer-0 answer-0-2"#);
    assert_eq!(line.status(&elsewhere), "InProgress");
    line.act(action, &remove(json!(["answer-0"]))).unwrap();
    assert_eq!(line.rooms()[1], r#""roomid-test": answer-0-2"#);
    assert!(
        line.happened()
            .contains(&"200: dropped answer-0".to_owned())
    );
    let numeric = json!({ "SdkAppId": SDK_APP_ID, "RoomId": 7, "UserIds": ["robot"] });
    assert_eq!(
        line.act("RemoveUser", &numeric).unwrap_err(),
        "FailedOperation.RoomNotExist"
    );
}

#[test]
fn a_call_that_the_caller_ends_empties_its_room() {
    let mut line = Line::new();
    let call_id = line.ring(&["answer-0"]);
    let with = json!({ "IdleTimeout": 0, "StreamUrl": "https://a.example/live" });
    let task_id = line.play(&with);
    line.wait(1000);
    line.send(super::caller::END, &json!({ "CallId": call_id }));
    assert_eq!(line.rooms(), [r#""roomid-test": robot"#]);
    assert_eq!(line.end_of(&task_id).1, IngestEndReason::Idle);
}

#[test]
fn the_control_api_shows_rooms_and_tasks() {
    let mut line = Line::new();
    line.ring(&["answer-0"]);
    let task_id = line.play_default();
    line.wait(200);
    let get = |line: &mut Line, path: &str| -> Value {
        let answer = line.handle("GET", path, b"");
        assert_eq!(answer.status, 200);
        serde_json::from_slice(&answer.body).unwrap()
    };
    let rooms = get(&mut line, "/emulator/rooms");
    assert_eq!(rooms[0]["id"], "roomid-test");
    assert_eq!(rooms[0]["type"], 2);
    assert_eq!(
        rooms[0]["users"][1],
        json!({ "user": "robot", "taskId": task_id })
    );
    let ingests = get(&mut line, "/emulator/ingests");
    let one = get(&mut line, &format!("/emulator/ingests/{task_id}"));
    assert_eq!(ingests, json!([one]));
    assert_eq!(one["streamUrl"], "https://media.example/welcome.mp3");
    assert_eq!(one["room"], json!({ "id": "roomid-test", "type": 2 }));
    assert!(!one.to_string().to_lowercase().contains("sig\""));
    let body =
        br#"{"url":"https://a.example/x","script":"plays","durationMs":5,"restartAfterMs":1}"#;
    assert_eq!(line.handle("PUT", "/emulator/streams", body).status, 200);
    assert_eq!(
        get(&mut line, "/emulator/streams"),
        json!({ "https://a.example/x": { "script": "plays", "durationMs": 5, "restartAfterMs": 1 } })
    );
    assert_eq!(line.handle("DELETE", "/emulator/streams", b"").status, 200);
    assert_eq!(get(&mut line, "/emulator/streams"), json!({}));
}
