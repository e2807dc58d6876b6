//! Which of an application's hosts requests go to.

use std::sync::atomic::{AtomicBool, Ordering};

use trtc_call_core::Region;

/// A region's host and its backup host. Whoever turned to one stays with it until it cannot be reached either.
pub(crate) struct Hosts {
    region: Region,
    backup: Option<Region>,
    is_on_backup: AtomicBool,
}

impl Hosts {
    pub(crate) fn new(region: Region, with_backup: bool) -> Hosts {
        Hosts {
            backup: with_backup.then(|| region.backup()).flatten(),
            region,
            is_on_backup: AtomicBool::new(false),
        }
    }

    /// The region by its name.
    pub(crate) fn region(&self) -> &Region {
        &self.region
    }

    /// Where requests go at present.
    pub(crate) fn current(&self) -> &Region {
        match &self.backup {
            Some(backup) if self.is_on_backup.load(Ordering::Relaxed) => backup,
            _ => &self.region,
        }
    }

    /// Turns from `host` to the other, unless another request has done so already; whether there is one.
    pub(crate) fn turn_from(&self, host: &str) -> bool {
        let Some(backup) = &self.backup else {
            return false;
        };
        let was_backup = backup.host() == host;
        self.is_on_backup.store(!was_backup, Ordering::Relaxed);
        true
    }
}
