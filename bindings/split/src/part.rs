//! Which part an export belongs to.

/// Parts of a program by their names, each with the words that its exports begin with. What a part uses is in it
/// or in one before it.
pub(crate) struct Parts(pub(crate) &'static [(&'static str, &'static [&'static str])]);

impl Parts {
    /// The part of an export.
    pub(crate) fn of_export(&self, name: &str) -> usize {
        // What frees the values of a class goes with the class.
        let name = name.strip_prefix("__wbg_").unwrap_or(name);
        let has = |words: &[&str]| words.iter().any(|word| name.starts_with(word));
        self.0
            .iter()
            .rposition(|(_, words)| has(words))
            .unwrap_or_default()
    }

    /// Every part's place, in order.
    pub(crate) fn all(&self) -> impl Iterator<Item = usize> + use<> {
        0..self.0.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_part_that_claims_an_export_has_it() {
        let parts = Parts(&[("main", &[""]), ("more", &["tc3", "timeline_"])]);
        for (export, part) in [
            ("memory", 0),
            ("signer_new", 0),
            ("tc3Stages", 1),
            ("timeline_add", 1),
            ("__wbg_timeline_free", 1),
            ("__wbg_signer_free", 0),
        ] {
            assert_eq!(parts.of_export(export), part, "{export}");
        }
    }
}
