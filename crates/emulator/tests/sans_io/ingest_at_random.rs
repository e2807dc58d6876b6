//! Whatever happens in whatever order, rooms hold exactly who is there, and tasks end.

use proptest::prelude::*;
use serde_json::{Value, json};
use trtc_call_core::UnixMillis;
use trtc_call_emulator::CalleeStatus;

use super::Line;
use super::caller::{END, SDK_APP_ID, START, call_of, start_of};

#[derive(Debug, Clone)]
enum Step {
    Ring {
        room: &'static str,
        callee: &'static str,
    },
    End(usize),
    Play {
        room: &'static str,
        url: &'static str,
        repeat: i64,
        idle: Option<u32>,
    },
    Stop(usize),
    Update(usize, Value),
    Dismiss(&'static str),
    Remove(&'static str, &'static str),
    Wait(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let room = || prop::sample::select(vec!["a", "b"]);
    let callee = prop::sample::select(vec!["answer-0", "answer-700-hangup-900", "busy", "reject"]);
    let url = prop::sample::select(vec![
        "https://a.example/live",
        "https://a.example/plays-1000-restarts-1",
        "https://a.example/fails",
        "rtmp://a.example/plays-0",
    ]);
    let change = prop::sample::select(vec![
        json!({ "IsPause": true }),
        json!({ "IsPause": false, "Tempo": 2 }),
        json!({ "StreamUrl": "https://a.example/plays-100" }),
        json!({ "StreamUrl": "https://a.example/fails", "Volume": 1 }),
    ]);
    let repeat = prop::sample::select(vec![-1, 1, 7]);
    prop_oneof![
        (room(), callee).prop_map(|(room, callee)| Step::Ring { room, callee }),
        any::<usize>().prop_map(Step::End),
        (room(), url, repeat, prop::option::of(0u32..=600)).prop_map(
            |(room, url, repeat, idle)| Step::Play {
                room,
                url,
                repeat,
                idle
            }
        ),
        any::<usize>().prop_map(Step::Stop),
        (any::<usize>(), change).prop_map(|(which, change)| Step::Update(which, change)),
        room().prop_map(Step::Dismiss),
        (room(), prop::sample::select(vec!["robot", "answer-0"]))
            .prop_map(|(room, user)| Step::Remove(room, user)),
        prop_oneof![0u64..2000, 0u64..100_000].prop_map(Step::Wait),
    ]
}

fn take(line: &mut Line, step: Step) {
    let task = |line: &Line, which: usize| {
        let ingests = line.emulator.ingests();
        let ingest = ingests.get(which % ingests.len().max(1))?;
        Some(ingest.task_id.clone())
    };
    match step {
        Step::Ring { room, callee } => {
            let mut call = call_of(&[callee]);
            call["CallInfo"]["RoomId"] = json!(room);
            line.send(START, &call);
        }
        Step::End(which) => {
            let calls = line.emulator.calls();
            let call = calls.get(which % calls.len().max(1));
            if let Some(call_id) = call.map(|call| call.call_id.clone()) {
                line.send(END, &json!({ "CallId": call_id }));
            }
        }
        Step::Play {
            room,
            url,
            repeat,
            idle,
        } => {
            let with = json!({
                "RoomId": room, "StreamUrl": url, "RepeatNum": repeat, "IdleTimeout": idle,
            });
            let _ = line.act("StartStreamIngest", &start_of(&with));
        }
        Step::Stop(which) => {
            if let Some(task_id) = task(line, which) {
                let body = json!({ "SdkAppId": SDK_APP_ID, "TaskId": task_id });
                let _ = line.act("StopStreamIngest", &body);
            }
        }
        Step::Update(which, mut body) => {
            if let Some(task_id) = task(line, which) {
                body["SdkAppId"] = json!(SDK_APP_ID);
                body["TaskId"] = json!(task_id);
                line.act("UpdateStreamIngest", &body).unwrap();
            }
        }
        Step::Dismiss(room) => {
            let body = json!({ "SdkAppId": SDK_APP_ID, "RoomId": room });
            let _ = line.act("DismissRoomByStrRoomId", &body);
        }
        Step::Remove(room, user) => {
            let body = json!({ "SdkAppId": SDK_APP_ID, "RoomId": room, "UserIds": [user] });
            let _ = line.act("RemoveUserByStrRoomId", &body);
        }
        Step::Wait(milliseconds) => line.wait(milliseconds),
    }
}

/// Who ought to be in the rooms, by the calls and the tasks.
fn expected(line: &Line) -> Vec<String> {
    let in_calls = line.emulator.calls().into_iter().flat_map(|call| {
        let room = call.room.as_ref().unwrap().id.clone();
        let present = call.callees.iter();
        let present = present.filter(|callee| callee.status == CalleeStatus::InCall);
        present
            .map(move |callee| format!("{room} {}", callee.user))
            .collect::<Vec<_>>()
    });
    let ingests = line.emulator.ingests().into_iter();
    let playing = ingests.filter(|ingest| ingest.playing_since.is_some() && ingest.end.is_none());
    let playing = playing.map(|ingest| format!("{} {}", ingest.room.id, ingest.user));
    let mut all: Vec<String> = in_calls.chain(playing).collect();
    all.sort();
    all
}

fn present(line: &Line) -> Vec<String> {
    let rooms = line.emulator.rooms().iter();
    let mut all: Vec<String> = rooms
        .flat_map(|occupied| {
            let users = occupied.users.iter();
            let id = &occupied.room.id;
            users.map(move |occupant| format!("{id} {}", occupant.user))
        })
        .collect();
    all.sort();
    all
}

proptest! {
    #[test]
    fn rooms_hold_who_is_there_and_no_task_outlives_its_listeners_for_long(
        steps in prop::collection::vec(step(), 0..40),
    ) {
        let mut line = Line::new();
        for step in steps {
            take(&mut line, step);
            prop_assert_eq!(present(&line), expected(&line));
        }
        // Whoever stays in a call stays for ever: end them all.
        let calls = line.emulator.calls();
        let ids: Vec<String> = calls.iter().map(|call| call.call_id.clone()).collect();
        for call_id in ids {
            line.send(END, &json!({ "CallId": call_id }));
        }
        line.wait(600_200);
        prop_assert_eq!(present(&line), Vec::<String>::new());
        prop_assert!(line.emulator.ingests().iter().all(|ingest| ingest.end.is_some()));
        line.emulator.advance_to(UnixMillis(u64::MAX));
    }

    #[test]
    fn it_makes_no_difference_how_often_the_shell_looks(
        steps in prop::collection::vec(step(), 0..25),
    ) {
        let (mut rare, mut often) = (Line::new(), Line::new());
        for step in steps {
            if let Step::Wait(milliseconds) = step {
                for _ in 0..milliseconds / 7 {
                    often.wait(7);
                }
                often.wait(milliseconds % 7);
                rare.wait(milliseconds);
            } else {
                take(&mut often, step.clone());
                take(&mut rare, step);
            }
        }
        prop_assert_eq!(often.happened(), rare.happened());
        prop_assert_eq!(often.rooms(), rare.rooms());
    }
}
