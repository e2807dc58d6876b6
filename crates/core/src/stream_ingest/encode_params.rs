//! How a stream is encoded anew. Deprecated by the vendor: the service keeps the stream's own encoding.

use std::ops::RangeInclusive;

use crate::Problem;
use crate::cloud::Object;
use crate::input::Properties;
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

/// A number: its name in the service's spelling, its path, and what it may be.
struct Field {
    wire: &'static str,
    name: &'static str,
    range: RangeInclusive<u32>,
}

const fn field(wire: &'static str, name: &'static str, range: RangeInclusive<u32>) -> Field {
    Field { wire, name, range }
}

static VIDEO: [Field; 5] = [
    field("Width", "video_encode_params.width", 0..=1920),
    field("Height", "video_encode_params.height", 0..=1080),
    field("Fps", "video_encode_params.fps", 1..=60),
    field("BitRate", "video_encode_params.bit_rate", 1..=10_000),
    field("Gop", "video_encode_params.gop", 1..=2),
];

static AUDIO: [Field; 4] = [
    field(
        "SampleRate",
        "audio_encode_params.sample_rate",
        44_100..=48_000,
    ),
    field("Channel", "audio_encode_params.channel", 1..=2),
    field("BitRate", "audio_encode_params.bit_rate", 8..=500),
    field("Volume", "audio_encode_params.volume", 0..=300),
];

impl VideoEncodeParams {
    /// In the order of [`VIDEO`].
    fn values(&self) -> [Option<u32>; 5] {
        [self.width, self.height, self.fps, self.bit_rate, self.gop]
    }

    pub(super) fn check(&self, problems: &mut Problems) {
        check(&VIDEO, &self.values(), problems);
    }

    pub(super) fn json(&self) -> String {
        json(&VIDEO, &self.values())
    }
}

impl AudioEncodeParams {
    /// In the order of [`AUDIO`].
    fn values(&self) -> [Option<u32>; 4] {
        [self.sample_rate, self.channel, self.bit_rate, self.volume]
    }

    pub(super) fn check(&self, problems: &mut Problems) {
        check(&AUDIO, &self.values(), problems);
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
        json(&AUDIO, &self.values())
    }
}

fn check(fields: &[Field], values: &[Option<u32>], problems: &mut Problems) {
    for (field, value) in fields.iter().zip(values) {
        if value.is_some_and(|value| !field.range.contains(&value)) {
            let (from, to) = (field.range.start(), field.range.end());
            problems.push(Problem::new(
                field.name,
                format!("must be from {from} to {to}"),
                "use a number in that range, or leave it out",
            ));
        }
    }
}

fn json(fields: &[Field], values: &[Option<u32>]) -> String {
    let mut object = Object::new();
    for (field, value) in fields.iter().zip(values) {
        object.optional_integer(field.wire, value.map(i64::from));
    }
    object.finish()
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
