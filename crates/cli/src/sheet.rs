use std::fmt;

use anstyle::Style;

use crate::printable::Printable;
use crate::style::{FAINT, TITLE};

/// A result for people: a title, and under it labels with values. Values may come from anywhere: they
/// are made printable here.
#[derive(Debug)]
pub(crate) struct Sheet {
    title: String,
    style: Style,
    rows: Vec<(String, String)>,
}

impl Sheet {
    pub(crate) fn new(title: impl fmt::Display) -> Sheet {
        Sheet {
            title: Printable(title).to_string(),
            style: TITLE,
            rows: Vec::new(),
        }
    }

    /// The title in another style.
    pub(crate) fn styled(mut self, style: Style) -> Sheet {
        self.style = style;
        self
    }

    pub(crate) fn row(mut self, label: impl fmt::Display, value: impl fmt::Display) -> Sheet {
        self.rows
            .push((Printable(label).to_string(), Printable(value).to_string()));
        self
    }

    /// A row where there is something to say.
    pub(crate) fn row_if(
        self,
        label: impl fmt::Display,
        value: Option<impl fmt::Display>,
    ) -> Sheet {
        match value {
            Some(value) => self.row(label, value),
            None => self,
        }
    }
}

impl fmt::Display for Sheet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Sheet { title, style, rows } = self;
        write!(f, "{style}{title}{style:#}")?;
        let width = rows
            .iter()
            .map(|(label, _)| label.chars().count())
            .max()
            .unwrap_or(0);
        rows.iter().try_for_each(|(label, value)| {
            write!(f, "\n  {FAINT}{label:<width$}{FAINT:#}  {value}")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_aligned_and_cannot_forge_rows() {
        let sheet = Sheet::new("t")
            .row("a", "x\ny")
            .row("bcd", 1)
            .row_if("none", None::<u8>);
        let text = anstream::adapter::strip_str(&sheet.to_string()).to_string();
        assert_eq!(text, "t\n  a    x\\ny\n  bcd  1");
    }
}
