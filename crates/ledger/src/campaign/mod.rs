//! Campaigns out of files: a row is a user to ring.
//!
//! [`CampaignFile`] reads CSV or NDJSON a row at a time, [`CampaignCalls`] makes a ring of each, and
//! [`Ledger::check_file`](crate::Ledger::check_file) and [`Ledger::load_file`](crate::Ledger::load_file) go through a
//! whole file: first to find every row that is wrong, before the first ring, and then to put them in. Memory stays the
//! same for any number of rows.

mod calls;
mod file;
mod load;
mod moment;
mod repeated;
mod template;

pub use calls::{COLUMNS, CampaignCalls, Push};
pub use file::{CampaignFile, FileFormat, FileRow, RowError};
pub use load::{CheckedFile, FileError, FileEvent, LoadedFile, RowProblem};
pub use moment::read_moment;
pub use template::Template;
