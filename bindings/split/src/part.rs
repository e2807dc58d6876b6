//! Which part an export belongs to.

use anyhow::{Result, ensure};

/// Parts of a program by their names, each with the exports it has: a word that ends in `_` stands for all that begin
/// with it. A part without any has all that no other has.
///
/// What an export uses is in its own part or in one before it.
pub(crate) struct Parts(pub(crate) &'static [(&'static str, &'static [&'static str])]);

impl Parts {
    /// The part of an export.
    pub(crate) fn of_export(&self, name: &str) -> usize {
        let mut words = self.0.iter().map(|(_, words)| words);
        let named = words.position(|words| words.iter().any(|word| is_meant(word, name)));
        let rest = || self.0.iter().position(|(_, words)| words.is_empty());
        named.or_else(rest).unwrap_or_default()
    }

    /// # Errors
    /// If a word stands for none of the exports: they may have other names than this expects.
    pub(crate) fn check(&self, exports: &[(&str, u32)]) -> Result<()> {
        for word in self.0.iter().flat_map(|(_, words)| *words) {
            ensure!(
                exports.iter().any(|(name, _)| is_meant(word, name)),
                "nothing is exported as {word}"
            );
        }
        Ok(())
    }

    /// Every part's place, in order.
    pub(crate) fn all(&self) -> impl Iterator<Item = usize> + use<> {
        0..self.0.len()
    }
}

fn is_meant(word: &str, name: &str) -> bool {
    // What frees the values of a class goes with the class.
    let name = name.strip_prefix("__wbg_").unwrap_or(name);
    name == word || (word.ends_with('_') && name.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exports_belong_to_the_part_that_names_them_or_else_to_the_one_that_has_the_rest() {
        let parts = Parts(&[
            ("main", &["__", "signer_new", "signer_sign", "signer_free"]),
            ("more", &[]),
            ("testing", &["emulator_"]),
        ]);
        for (export, part) in [
            ("__wbindgen_malloc", 0),
            ("signer_sign", 0),
            ("signer_signPrivateMapKey", 1),
            ("__wbg_signer_free", 0),
            ("__wbg_timeline_free", 1),
            ("tc3Stages", 1),
            ("emulator_handle", 2),
            ("__wbg_emulator_free", 2),
        ] {
            assert_eq!(parts.of_export(export), part, "{export}");
        }
    }
}
