use crate::field::{FieldError, Fields};

/// In quarters of normal speed: 0.5 to 2.
const QUARTERS: [u32; 7] = [2, 3, 4, 5, 6, 7, 8];

/// `Tempo` in percent, if it is there.
pub(super) fn read_percent(request: Fields<'_>) -> Result<Option<u32>, FieldError> {
    let Some(tempo) = request.optional_number("Tempo")? else {
        return Ok(None);
    };
    let quarters = QUARTERS.into_iter();
    let mut percent = quarters.map(|quarters| quarters * 25);
    // Quarters are exact in binary.
    let found = percent.find(|percent| tempo * 100.0 == f64::from(*percent));
    found.map(Some).ok_or_else(|| {
        let rule = "must be 0.5, 0.75, 1.0, 1.25, 1.5, 1.75 or 2.0";
        request.error("Tempo", rule)
    })
}
