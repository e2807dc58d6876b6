//! How a stream is encoded anew. Deprecated by the vendor: the service keeps the stream's own encoding.

use std::ops::RangeInclusive;

use crate::Problem;
use crate::cloud::Object;
use crate::problem::Problems;

/// `VideoEncodeParams`. What is `None` is not sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VideoEncodeParams {
    /// Width in pixels, up to 1920.
    pub width: Option<u32>,
    /// Height in pixels, up to 1080.
    pub height: Option<u32>,
    /// Frames per second, 1 to 60.
    pub fps: Option<u32>,
    /// In kbit/s, 1 to 10000.
    pub bit_rate: Option<u32>,
    /// Seconds between key frames, 1 to 2.
    pub gop: Option<u32>,
}

/// `AudioEncodeParams`. What is `None` is not sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AudioEncodeParams {
    /// In Hz: 48000 or 44100.
    pub sample_rate: Option<u32>,
    /// 1 (mono) or 2 (stereo).
    pub channel: Option<u32>,
    /// In kbit/s, 8 to 500.
    pub bit_rate: Option<u32>,
    /// In percent, 0 to 300.
    pub volume: Option<u32>,
}

struct Field {
    wire: &'static str,
    name: &'static str,
    value: Option<u32>,
    range: RangeInclusive<u32>,
}

impl VideoEncodeParams {
    fn fields(&self) -> [Field; 5] {
        [
            field("Width", "video_encode_params.width", self.width, 0..=1920),
            field(
                "Height",
                "video_encode_params.height",
                self.height,
                0..=1080,
            ),
            field("Fps", "video_encode_params.fps", self.fps, 1..=60),
            field(
                "BitRate",
                "video_encode_params.bit_rate",
                self.bit_rate,
                1..=10_000,
            ),
            field("Gop", "video_encode_params.gop", self.gop, 1..=2),
        ]
    }

    pub(super) fn check(&self, problems: &mut Problems) {
        check(&self.fields(), problems);
    }

    pub(super) fn json(&self) -> String {
        json(&self.fields())
    }
}

impl AudioEncodeParams {
    fn fields(&self) -> [Field; 4] {
        [
            field(
                "SampleRate",
                "audio_encode_params.sample_rate",
                self.sample_rate,
                44_100..=48_000,
            ),
            field(
                "Channel",
                "audio_encode_params.channel",
                self.channel,
                1..=2,
            ),
            field(
                "BitRate",
                "audio_encode_params.bit_rate",
                self.bit_rate,
                8..=500,
            ),
            field("Volume", "audio_encode_params.volume", self.volume, 0..=300),
        ]
    }

    pub(super) fn check(&self, problems: &mut Problems) {
        check(&self.fields(), problems);
        if self
            .sample_rate
            .is_some_and(|rate| (44_101..48_000).contains(&rate))
        {
            problems.push(Problem::new(
                "audio_encode_params.sample_rate",
                "must be 44100 or 48000",
                "use one of them, or leave it out",
            ));
        }
    }

    pub(super) fn json(&self) -> String {
        json(&self.fields())
    }
}

fn field(
    wire: &'static str,
    name: &'static str,
    value: Option<u32>,
    range: RangeInclusive<u32>,
) -> Field {
    Field {
        wire,
        name,
        value,
        range,
    }
}

fn check(fields: &[Field], problems: &mut Problems) {
    for field in fields {
        if field
            .value
            .is_some_and(|value| !field.range.contains(&value))
        {
            problems.push(Problem::new(
                field.name,
                format!(
                    "must be from {} to {}",
                    field.range.start(),
                    field.range.end()
                ),
                "use a number in that range, or leave it out",
            ));
        }
    }
}

fn json(fields: &[Field]) -> String {
    let mut object = Object::new();
    for field in fields {
        if let Some(value) = field.value {
            object.integer(field.wire, value.into());
        }
    }
    object.finish()
}
