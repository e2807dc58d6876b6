//! Rings, plays into the call, and goes on with it where the last process was killed: nobody is rung twice, and no stream
//! plays on.
//!
//! ```sh
//! cargo run --example resume_after_crash -- session.json jack
//! ```
//!
//! `TRTC_CLOUD_SECRET_ID` and `TRTC_CLOUD_SECRET_KEY` are an access key of the cloud account.

#![allow(clippy::print_stdout, reason = "it is what an example shows")]

#[path = "../settings/mod.rs"]
mod settings;

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use settings::{BoxError, Settings, variable};
use tokio::task::spawn_blocking;
use trtc_call::call_engine::start_call_by_robot;
use trtc_call::call_session::{Media, Plan, SessionEvent, Watch};
use trtc_call::stream_ingest::StreamUrl;
use trtc_call::tc3::Credential;
use trtc_call::{BaseUrl, CloudConfig, MediaType};

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    tracing_subscriber::fmt().with_writer(io::stderr).init();
    let mut arguments = std::env::args().skip(1);
    let file = PathBuf::from(arguments.next().ok_or("say in which file to save")?);
    let callee = arguments.next().ok_or("say whom to ring")?;
    let key = variable("TRTC_CLOUD_SECRET_KEY")?;
    let mut cloud = CloudConfig::new(Credential::new(variable("TRTC_CLOUD_SECRET_ID")?, key)?);
    if let Ok(url) = variable("TRTC_BASE_URL") {
        cloud = cloud.host(BaseUrl::new(&url)?); // the emulator has both
    }
    let client = Settings::read()?.client().cloud(cloud).build()?;

    let session = match fs::read_to_string(&file) {
        Ok(saved) => {
            println!("going on");
            client.resume_session(&saved)?
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => client.session(plan(&callee)?),
        Err(error) => return Err(error.into()),
    };
    let saved = file.clone();
    let mut session = session
        .save(move |text| {
            let file = saved.clone();
            async move { spawn_blocking(move || write(&file, &text)).await? }
        })
        .start()?;
    while let Some(event) = session.next().await {
        match event {
            SessionEvent::Ringing { call_id } => println!("rings: {call_id}"),
            SessionEvent::Playing { task_id } => println!("plays: {task_id}"),
            SessionEvent::Ended { outcome } => println!("ended: {}", outcome.reason),
            _ => {}
        }
    }
    fs::remove_file(file)?;
    Ok(())
}

fn plan(callee: &str) -> Result<Plan, BoxError> {
    let call = start_call_by_robot::Request::builder("robot", [callee], MediaType::Audio)
        .room("call-4711")
        .build()?;
    let media = Media::new(StreamUrl::new("https://media.example/live")?);
    let plan = Plan::builder(call, media)
        .watch(Watch::Polling)
        .poll_interval(Duration::from_millis(500));
    Ok(plan.build()?)
}

/// So that a crash in the middle leaves what was there before: another file, on the disk, in the place of the last.
fn write(file: &Path, text: &str) -> io::Result<()> {
    let new = file.with_extension("new");
    let mut writing = File::create(&new)?;
    writing.write_all(text.as_bytes())?;
    writing.sync_all()?;
    fs::rename(new, file)?;
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => File::open(folder)?.sync_all(),
        _ => File::open(".")?.sync_all(),
    }
}
