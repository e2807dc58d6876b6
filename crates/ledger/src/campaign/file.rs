//! A file of users to ring: CSV with a line of names, or NDJSON with an object a line.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read};

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use trtc_call_core::Problem;

/// How a file writes its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileFormat {
    /// Comma-separated, the first line has the columns' names. Values in quotation marks may hold line breaks.
    Csv,
    /// A JSON object on each line.
    Ndjson,
}

/// One row of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRow {
    /// The line it begins on, from 1.
    pub line: u64,
    /// Its values by the columns' names. In NDJSON, what is no string is there as its JSON; `null` is not there.
    pub columns: BTreeMap<String, String>,
}

/// More than this is no row, but a quotation mark that nobody closed.
const MAX_ROW_BYTES: u64 = 1024 * 1024;

/// Reads a file's rows, one at a time. A byte order mark and CRLF are fine. Rows of CSV without any value are passed over,
/// and so are columns that have neither name nor value.
#[derive(Debug)]
pub struct CampaignFile<R>(Rows<R>);

#[derive(Debug)]
enum Rows<R> {
    Csv(Csv<R>),
    Ndjson(Ndjson<R>),
}

impl<R: Read> CampaignFile<R> {
    /// Reads a file's beginning.
    ///
    /// # Errors
    /// If its first line does not name the columns, or names one twice, or lines end with CR alone; those of reading.
    pub fn new(format: FileFormat, source: R) -> Result<CampaignFile<R>, RowError> {
        let rows = match format {
            FileFormat::Csv => Rows::Csv(Csv::new(source)?),
            FileFormat::Ndjson => Rows::Ndjson(Ndjson {
                source: BufReader::new(source),
                line: 0,
            }),
        };
        Ok(CampaignFile(rows))
    }

    /// The columns that the file names in its first line; those of NDJSON stand in each row.
    #[must_use]
    pub fn columns(&self) -> Option<&[String]> {
        match &self.0 {
            Rows::Csv(csv) => Some(&csv.names),
            Rows::Ndjson(_) => None,
        }
    }
}

/// A row that cannot be read, or a file.
#[derive(Debug)]
pub enum RowError {
    /// The row is wrong; the next may be fine.
    Row {
        /// The line it begins on.
        line: u64,
        /// What is wrong with it.
        problem: Problem,
    },
    /// The file ends here.
    File(io::Error),
}

impl<R: Read> Iterator for CampaignFile<R> {
    type Item = Result<FileRow, RowError>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.0 {
            Rows::Csv(csv) => csv.next(),
            Rows::Ndjson(ndjson) => ndjson.next(),
        }
    }
}

#[derive(Debug)]
struct Csv<R> {
    reader: csv::Reader<Counted<R>>,
    names: Vec<String>,
    record: csv::ByteRecord,
    has_ended: bool,
}

/// Reads so much until the next row is asked for, and ends with a line break: what is read up to the end all the same is
/// within quotation marks.
#[derive(Debug)]
struct Counted<R> {
    source: R,
    left: u64,
    has_ended: bool,
    /// More was asked for than there is.
    is_over: bool,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer)?;
        if read == 0 {
            self.is_over = std::mem::replace(&mut self.has_ended, true);
            return if self.is_over {
                Ok(0)
            } else {
                b"\n".as_slice().read(buffer)
            };
        }
        let count = u64::try_from(read).unwrap_or(u64::MAX);
        self.left = self.left.checked_sub(count).ok_or_else(|| {
            let message = "a row is larger than 1 MiB: a quotation mark may be missing, or its lines end with CR alone";
            io::Error::new(io::ErrorKind::InvalidData, message)
        })?;
        Ok(read)
    }
}

impl<R: Read> Csv<R> {
    fn new(source: R) -> Result<Csv<R>, RowError> {
        let counted = Counted {
            source,
            left: MAX_ROW_BYTES,
            has_ended: false,
            is_over: false,
        };
        let mut reader = csv::ReaderBuilder::new()
            // Rows of another length are told with their line, by us.
            .flexible(true)
            // With CRLF too a row is over behind its line break, or the reader's lines are not the file's.
            .terminator(csv::Terminator::Any(b'\n'))
            .from_reader(counted);
        let header = reader.headers().map_err(|error| of_csv(error, 1))?;
        let names: Vec<String> = header.iter().map(|name| name.trim().to_owned()).collect();
        let first_line = |rule: String, fix: &str| RowError::Row {
            line: 1,
            problem: Problem::new("columns", rule, fix),
        };
        if names.is_empty() {
            let rule = "must be named by the first line, and the file is empty";
            return Err(first_line(
                rule.to_owned(),
                "begin it with a line such as user,key",
            ));
        }
        // A name in quotation marks may hold CRLF.
        if names
            .iter()
            .any(|name| name.replace("\r\n", "").contains('\r'))
        {
            let rule = "must be named by a line of their own, and lines end with CR alone";
            return Err(first_line(
                rule.to_owned(),
                "save the file with line ends LF or CRLF",
            ));
        }
        for (index, name) in names.iter().enumerate() {
            if !name.is_empty() && names.iter().take(index).any(|other| other == name) {
                let rule = format!("must have different names, and `{name}` is there twice");
                return Err(first_line(rule, "rename one of them"));
            }
        }
        Ok(Csv {
            reader,
            names,
            record: csv::ByteRecord::new(),
            has_ended: false,
        })
    }

    fn next(&mut self) -> Option<Result<FileRow, RowError>> {
        loop {
            if self.has_ended {
                return None;
            }
            self.reader.get_mut().left = MAX_ROW_BYTES;
            let behind = self.reader.position().line();
            match self.reader.read_byte_record(&mut self.record) {
                Ok(true) if self.reader.get_ref().is_over => {
                    self.has_ended = true;
                    let message = format!("line {behind}: a quotation mark is not closed");
                    return Some(Err(RowError::File(io::Error::new(
                        io::ErrorKind::InvalidData,
                        message,
                    ))));
                }
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => {
                    self.has_ended = true;
                    return Some(Err(of_csv(error, behind)));
                }
            }
            // Counted from its end, for blank lines may stand before it.
            let within = self
                .record
                .as_slice()
                .iter()
                .filter(|&&byte| byte == b'\n')
                .count();
            let lines = u64::try_from(within).unwrap_or(u64::MAX).saturating_add(1);
            let line = self.reader.position().line().saturating_sub(lines);
            // Spreadsheets leave rows behind that have columns and no values.
            let is_blank = self.record.as_slice().trim_ascii().is_empty();
            if !is_blank {
                return Some(self.row(line));
            }
        }
    }

    fn row(&self, line: u64) -> Result<FileRow, RowError> {
        let wrong = |field: &str, rule: String, fix: &str| RowError::Row {
            line,
            problem: Problem::new(field, rule, fix),
        };
        let (found, wanted) = (self.record.len(), self.names.len());
        if found != wanted {
            let rule = format!("must be {wanted}, as the first line names them, not {found}");
            return Err(wrong(
                "values",
                rule,
                "put values with commas or line breaks in quotation marks",
            ));
        }
        let mut columns = BTreeMap::new();
        for (index, (name, value)) in self.names.iter().zip(&self.record).enumerate() {
            let value = match value.strip_suffix(b"\r") {
                Some(value) if index + 1 == wanted => value,
                _ => value,
            };
            let value = str::from_utf8(value)
                .map_err(|_| wrong(name, "must be UTF-8".to_owned(), "save the file as UTF-8"))?;
            if name.is_empty() && value.trim().is_empty() {
                continue;
            }
            if columns.insert(name.clone(), value.to_owned()).is_some() {
                let rule = "has values in two columns without a name".to_owned();
                return Err(wrong("columns", rule, "name them in the first line"));
            }
        }
        Ok(FileRow { line, columns })
    }
}

fn of_csv(error: csv::Error, line: u64) -> RowError {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => {
            let message = format!("line {line}: {error}");
            RowError::File(io::Error::new(error.kind(), message))
        }
        csv::ErrorKind::Utf8 { .. } => RowError::Row {
            line,
            problem: Problem::new("columns", "must be UTF-8", "save the file as UTF-8"),
        },
        other => RowError::File(io::Error::other(format!("line {line}: {other:?}"))),
    }
}

#[derive(Debug)]
struct Ndjson<R> {
    source: BufReader<R>,
    line: u64,
}

impl<R: Read> Ndjson<R> {
    fn next(&mut self) -> Option<Result<FileRow, RowError>> {
        loop {
            let mut bytes = Vec::new();
            let mut row = self.source.by_ref().take(MAX_ROW_BYTES + 1);
            if let Err(error) = row.read_until(b'\n', &mut bytes) {
                return Some(Err(RowError::File(error)));
            }
            if bytes.is_empty() {
                return None;
            }
            self.line += 1;
            let line = self.line;
            if bytes.len() as u64 > MAX_ROW_BYTES {
                let message = format!("line {line}: it is larger than 1 MiB");
                return Some(Err(RowError::File(io::Error::new(
                    io::ErrorKind::InvalidData,
                    message,
                ))));
            }
            let text = bytes.trim_ascii();
            let text = match line {
                1 => text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text),
                _ => text,
            };
            if text.is_empty() {
                continue;
            }
            let columns = serde_json::from_slice::<Columns>(text);
            return Some(match columns {
                Ok(Columns(columns)) => Ok(FileRow { line, columns }),
                Err(error) => Err(RowError::Row {
                    line,
                    problem: Problem::new(
                        "row",
                        format!("must be a JSON object: {error}"),
                        "write one object a line",
                    ),
                }),
            });
        }
    }
}

/// An object's values. Numbers stay as they are written: user names are longer than what a double holds.
struct Columns(BTreeMap<String, String>);

impl<'de> Deserialize<'de> for Columns {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Columns, D::Error> {
        struct Reading;

        impl<'de> Visitor<'de> for Reading {
            type Value = Columns;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Columns, A::Error> {
                let mut columns = BTreeMap::new();
                while let Some((name, value)) = map.next_entry::<String, &RawValue>()? {
                    let value = match value.get() {
                        "null" => continue,
                        json if json.starts_with('"') => {
                            serde_json::from_str(json).map_err(serde::de::Error::custom)?
                        }
                        json => json.to_owned(),
                    };
                    if columns.contains_key(&name) {
                        let message = format!("`{name}` is there twice");
                        return Err(serde::de::Error::custom(message));
                    }
                    columns.insert(name, value);
                }
                Ok(Columns(columns))
            }
        }

        deserializer.deserialize_map(Reading)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(format: FileFormat, text: &str) -> Vec<(u64, Vec<(String, String)>)> {
        let file = CampaignFile::new(format, text.as_bytes()).unwrap();
        let rows = file.map(|row| row.unwrap());
        rows.map(|row| (row.line, row.columns.into_iter().collect()))
            .collect()
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn csv_may_have_a_mark_crlf_blank_lines_and_line_breaks_in_values() {
        let text = "\u{feff}user,note\r\njack,\"two\r\nlines, \"\"so\"\"\"\r\n\r\njill,\r\n";
        let expected = [
            (
                2,
                vec![pair("note", "two\r\nlines, \"so\""), pair("user", "jack")],
            ),
            (5, vec![pair("note", ""), pair("user", "jill")]),
        ];
        assert_eq!(rows(FileFormat::Csv, text), expected);
    }

    #[test]
    fn what_spreadsheets_leave_behind_is_passed_over() {
        let text = "user,key,,\r\njack,a,,\r\n,,,\r\n , ,,\r\njill,b, ,\r\n,\r\n";
        let expected = [
            (2, vec![pair("key", "a"), pair("user", "jack")]),
            (5, vec![pair("key", "b"), pair("user", "jill")]),
        ];
        assert_eq!(rows(FileFormat::Csv, text), expected);
        let one = rows(FileFormat::Csv, ",user,\n0,jack,\n");
        assert_eq!(one, [(2, vec![pair("", "0"), pair("user", "jack")])]);
        let mut two = CampaignFile::new(FileFormat::Csv, ",user,\n0,jack,x\n".as_bytes()).unwrap();
        let Some(Err(RowError::Row { line: 2, problem })) = two.next() else {
            panic!("one of the two is lost");
        };
        assert!(problem.rule.contains("without a name"), "{problem}");
    }

    #[test]
    fn numbers_of_ndjson_stay_as_they_are_written() {
        let text = "\u{feff}{\"user\":9007199254740993,\"vip\":true,\"none\":null}\r\n\n{\"user\":\"j\\u00fcrgen\"}";
        let expected = [
            (
                1,
                vec![pair("user", "9007199254740993"), pair("vip", "true")],
            ),
            (3, vec![pair("user", "jürgen")]),
        ];
        assert_eq!(rows(FileFormat::Ndjson, text), expected);
    }

    #[test]
    fn a_bad_row_is_told_with_its_line_and_the_next_is_read() {
        let told = |format, text: &[u8]| -> Vec<Result<u64, (u64, String)>> {
            let file = CampaignFile::new(format, text).unwrap();
            let rows = file.map(|row| match row {
                Ok(row) => Ok(row.line),
                Err(RowError::Row { line, problem }) => Err((line, problem.to_string())),
                Err(RowError::File(error)) => panic!("{error}"),
            });
            rows.collect()
        };
        let csv = told(FileFormat::Csv, b"user,key\njack,1,2\njill,\xff\njoe,3\n");
        assert!(
            csv[0].as_ref().unwrap_err().1.contains("must be 2"),
            "{csv:?}"
        );
        assert!(csv[1].as_ref().unwrap_err().1.contains("UTF-8"), "{csv:?}");
        assert_eq!((csv[1].as_ref().unwrap_err().0, &csv[2]), (3, &Ok(4)));
        let ndjson = told(FileFormat::Ndjson, b"[1]\n{\"a\":1,\"a\":2}\n{}\n");
        assert!(
            ndjson[0].as_ref().unwrap_err().1.contains("an object"),
            "{ndjson:?}"
        );
        assert!(
            ndjson[1].as_ref().unwrap_err().1.contains("twice"),
            "{ndjson:?}"
        );
        assert_eq!(ndjson[2], Ok(3));
    }

    #[test]
    fn a_first_line_that_names_no_columns_or_one_twice_is_refused() {
        for (text, words) in [
            ("", "empty"),
            ("user,user\n", "twice"),
            ("user\rjack\rjill\r", "CR alone"),
            ("user,key\rjack,a\rjill,b\r", "CR alone"),
        ] {
            let error = CampaignFile::new(FileFormat::Csv, text.as_bytes()).unwrap_err();
            let RowError::Row { line: 1, problem } = error else {
                panic!("{error:?}");
            };
            assert!(problem.rule.contains(words), "{problem}");
        }
    }

    #[test]
    fn a_quotation_mark_that_nobody_closes_does_not_fill_the_memory() {
        let endless = b"user\nok\n\"jack\n".chain(io::repeat(b'x'));
        let mut file = CampaignFile::new(FileFormat::Csv, endless).unwrap();
        assert!(file.next().unwrap().is_ok());
        let Some(Err(RowError::File(error))) = file.next() else {
            panic!("it is read");
        };
        assert!(
            error.to_string().contains("line 3: a row is larger"),
            "{error}"
        );
        assert!(file.next().is_none());
        let mut file = CampaignFile::new(FileFormat::Csv, "user\n\"jack\njill".as_bytes()).unwrap();
        let Some(Err(RowError::File(error))) = file.next() else {
            panic!("it is read");
        };
        assert!(
            error.to_string().contains("line 2: a quotation mark"),
            "{error}"
        );
        let mut file = CampaignFile::new(FileFormat::Ndjson, io::repeat(b'{')).unwrap();
        assert!(matches!(file.next(), Some(Err(RowError::File(_)))));
    }
}
