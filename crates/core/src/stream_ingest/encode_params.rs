//! How a stream is encoded anew. Deprecated by the vendor: the service keeps the stream's own encoding.

use std::ops::RangeInclusive;

use serde::Serialize;

use crate::input::Properties;
use crate::problem::Problems;
use crate::{Problem, ProblemCode};

/// `VideoEncodeParams`. What is `None` is not sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct VideoEncodeParams {
    /// Width in pixels, up to 1920.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Height in pixels, up to 1080.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// Frames per second, 1 to 60.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fps: Option<u32>,
    /// In kbit/s, 1 to 10000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bit_rate: Option<u32>,
    /// Seconds between key frames, 1 to 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gop: Option<u32>,
}

/// `AudioEncodeParams`. What is `None` is not sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct AudioEncodeParams {
    /// In Hz: 48000 or 44100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample_rate: Option<u32>,
    /// 1 (mono) or 2 (stereo).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<u32>,
    /// In kbit/s, 8 to 500.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bit_rate: Option<u32>,
    /// In percent, 0 to 300.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub volume: Option<u32>,
}

impl VideoEncodeParams {
    pub(super) fn check(&self, problems: &mut Problems) {
        for (field, value, range) in [
            ("width", self.width, 0..=1920),
            ("height", self.height, 0..=1080),
            ("fps", self.fps, 1..=60),
            ("bit_rate", self.bit_rate, 1..=10_000),
            ("gop", self.gop, 1..=2),
        ] {
            let field = format!("video_encode_params.{field}");
            check(field, value, &range, problems);
        }
    }
}

impl AudioEncodeParams {
    pub(super) fn check(&self, problems: &mut Problems) {
        for (field, value, range) in [
            ("sample_rate", self.sample_rate, 44_100..=48_000),
            ("channel", self.channel, 1..=2),
            ("bit_rate", self.bit_rate, 8..=500),
            ("volume", self.volume, 0..=300),
        ] {
            let field = format!("audio_encode_params.{field}");
            check(field, value, &range, problems);
        }
        if self
            .sample_rate
            .is_some_and(|rate| (44_101..48_000).contains(&rate))
        {
            problems.push(
                Problem::new(
                    "audio_encode_params.sample_rate",
                    "must be 44100 or 48000",
                    "use one of them, or leave it out",
                )
                .coded(ProblemCode::NotAChoice)
                .with("choices", "44100, 48000"),
            );
        }
    }
}

fn check(field: String, value: Option<u32>, range: &RangeInclusive<u32>, problems: &mut Problems) {
    if value.is_some_and(|value| !range.contains(&value)) {
        let (from, to) = (range.start(), range.end());
        problems.push(
            Problem::new(
                field,
                format!("must be from {from} to {to}"),
                "use a number in that range, or leave it out",
            )
            .coded(ProblemCode::OutOfRange)
            .with("from", *from)
            .with("to", *to)
            .with("found", value),
        );
    }
}

impl VideoEncodeParams {
    /// Takes `{ width?, height?, fps?, bitRate?, gop? }` out of an object.
    pub(super) fn take(input: &mut Properties<'_>) -> Option<VideoEncodeParams> {
        let mut number = |name| input.optional(name, |given| given.whole_32("units"));
        Some(VideoEncodeParams {
            width: number("width"),
            height: number("height"),
            fps: number("fps"),
            bit_rate: number("bitRate"),
            gop: number("gop"),
        })
    }
}

impl AudioEncodeParams {
    /// Takes `{ sampleRate?, channel?, bitRate?, volume? }` out of an object.
    pub(super) fn take(input: &mut Properties<'_>) -> Option<AudioEncodeParams> {
        let mut number = |name| input.optional(name, |given| given.whole_32("units"));
        Some(AudioEncodeParams {
            sample_rate: number("sampleRate"),
            channel: number("channel"),
            bit_rate: number("bitRate"),
            volume: number("volume"),
        })
    }
}
