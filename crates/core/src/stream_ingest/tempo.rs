use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::input::Given;
use crate::{Problem, ProblemCode};

/// How fast a stream is played: 0.5, 0.75, 1 (as it is), 1.25, 1.5, 1.75 or 2 times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Tempo {
    /// 0.5
    Half,
    /// 0.75
    ThreeQuarters,
    /// 1: as it is.
    #[default]
    Normal,
    /// 1.25
    OneAndAQuarter,
    /// 1.5
    OneAndAHalf,
    /// 1.75
    OneAndThreeQuarters,
    /// 2
    Double,
}

impl Tempo {
    /// From the slowest to the fastest.
    pub const ALL: [Tempo; 7] = [
        Tempo::Half,
        Tempo::ThreeQuarters,
        Tempo::Normal,
        Tempo::OneAndAQuarter,
        Tempo::OneAndAHalf,
        Tempo::OneAndThreeQuarters,
        Tempo::Double,
    ];

    /// As a decimal number, such as `1.25`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Tempo::Half => "0.5",
            Tempo::ThreeQuarters => "0.75",
            Tempo::Normal => "1",
            Tempo::OneAndAQuarter => "1.25",
            Tempo::OneAndAHalf => "1.5",
            Tempo::OneAndThreeQuarters => "1.75",
            Tempo::Double => "2",
        }
    }

    /// The number as a user gave it, such as `1.25`, or text that holds one.
    pub(crate) fn given(given: Given<'_>) -> Result<Tempo, Problem> {
        given.json().trim_matches('"').parse()
    }
}

/// One of the seven numbers, with or without zeros at the end: `1.5`, `2`, `2.0`.
impl FromStr for Tempo {
    type Err = Problem;

    fn from_str(number: &str) -> Result<Tempo, Problem> {
        let shortest = match number.split_once('.') {
            Some((_, fraction)) if !fraction.is_empty() => {
                number.trim_end_matches('0').trim_end_matches('.')
            }
            _ => number,
        };
        let mut all = Tempo::ALL.into_iter();
        all.find(|tempo| tempo.as_str() == shortest).ok_or_else(|| {
            Problem::new(
                "tempo",
                "must be 0.5, 0.75, 1, 1.25, 1.5, 1.75 or 2",
                "use 1 for the speed as it is",
            )
            .coded(ProblemCode::NotAChoice)
            .with("choices", Tempo::ALL.map(Tempo::as_str).join(", "))
        })
    }
}

impl TryFrom<&str> for Tempo {
    type Error = Problem;

    fn try_from(number: &str) -> Result<Tempo, Problem> {
        number.parse()
    }
}

/// As a number; whole ones without a fraction.
impl Serialize for Tempo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Tempo::Half => serializer.serialize_f32(0.5),
            Tempo::ThreeQuarters => serializer.serialize_f32(0.75),
            Tempo::Normal => serializer.serialize_u32(1),
            Tempo::OneAndAQuarter => serializer.serialize_f32(1.25),
            Tempo::OneAndAHalf => serializer.serialize_f32(1.5),
            Tempo::OneAndThreeQuarters => serializer.serialize_f32(1.75),
            Tempo::Double => serializer.serialize_u32(2),
        }
    }
}

impl<'de> Deserialize<'de> for Tempo {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Tempo, D::Error> {
        let number = f64::deserialize(deserializer)?.to_string();
        number
            .parse()
            .map_err(|problem: Problem| D::Error::custom(problem.rule))
    }
}

impl fmt::Display for Tempo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_the_seven_numbers_are_taken() {
        for tempo in Tempo::ALL {
            assert_eq!(tempo.as_str().parse(), Ok(tempo));
            let number: f64 = tempo.as_str().parse().unwrap();
            assert_eq!(format!("{number:.3}").parse(), Ok(tempo));
        }
        for other in [
            "", "0", "1.", "10", "1.1", "2.5", "-1", "+1", "fast", ".5", "1.0.0", "1e0",
        ] {
            assert_eq!(
                other.parse::<Tempo>().unwrap_err().field,
                "tempo",
                "{other}"
            );
        }
    }
}
