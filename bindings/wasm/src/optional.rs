//! Properties that need not be given, on their way to a builder.

use trtc_call_core::Problem;

use crate::given::{Given, Object};
use crate::problems::Problems;

/// An object whose properties are read where they were given, and noted where they cannot be.
pub(crate) struct Optional<'n, 'a> {
    pub(crate) object: &'n mut Object<'a>,
    pub(crate) problems: &'n mut Problems,
}

impl<'a> Optional<'_, 'a> {
    /// The value of that name, if it was given and can be read.
    pub(crate) fn of<T>(
        &mut self,
        name: &str,
        read: fn(Given<'a>, &str) -> Result<T, Problem>,
    ) -> Option<T> {
        let given = self.object.take(name)?;
        self.problems.note(read(given, name))
    }
}

/// The builder, with the value set if there is one.
pub(crate) fn with<B, T>(builder: B, value: Option<T>, set: fn(B, T) -> B) -> B {
    match value {
        Some(value) => set(builder, value),
        None => builder,
    }
}
