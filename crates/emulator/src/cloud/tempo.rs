use crate::field::{FieldError, Fields};

/// Every tempo there is, and its percent.
const TEMPOS: [(f64, u32); 7] = [
    (0.5, 50),
    (0.75, 75),
    (1.0, 100),
    (1.25, 125),
    (1.5, 150),
    (1.75, 175),
    (2.0, 200),
];

/// `Tempo` in percent, if it is there.
pub(super) fn read_percent(request: Fields<'_>) -> Result<Option<u32>, FieldError> {
    let Some(number) = request.optional_number("Tempo")? else {
        return Ok(None);
    };
    // Quarters are exact in binary, too.
    let found = TEMPOS.iter().find(|(tempo, _)| *tempo == number);
    found.map(|(_, percent)| Some(*percent)).ok_or_else(|| {
        let rule = "must be 0.5, 0.75, 1.0, 1.25, 1.5, 1.75 or 2.0";
        request.error("Tempo", rule)
    })
}
