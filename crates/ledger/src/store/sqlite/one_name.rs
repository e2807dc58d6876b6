//! That a ledger's file has one name. What is written stands beside the name first (`-wal`, `-shm`): whoever opened it by
//! another would not see what others have rung. A symbolic link is no other name: SQLite follows it.

use std::path::Path;

use trtc_call_core::Problem;

#[cfg(unix)]
pub(super) fn check(path: &Path) -> Result<(), Problem> {
    use std::os::unix::fs::MetadataExt as _;

    let (Ok(path), Ok(file)) = (path.canonicalize(), path.metadata()) else {
        // It is not there yet, or opening it tells why not.
        return Ok(());
    };
    if file.nlink() > 1 {
        let rule = format!(
            "has {} names (hard links): who opens it by one does not see what is rung by another",
            file.nlink()
        );
        return Err(Problem::new(
            "store",
            rule,
            "keep one name and remove the others",
        ));
    }
    // Only Linux has it, and mounts single files.
    let mounts = std::fs::read("/proc/self/mountinfo").unwrap_or_default();
    if is_mount_point(&mounts, &path) {
        let rule = "is a mounted file: who opens it here does not see what is rung elsewhere";
        let fix = "mount its folder, not the file";
        return Err(Problem::new("store", rule, fix));
    }
    Ok(())
}

#[cfg(not(unix))]
pub(super) fn check(_: &Path) -> Result<(), Problem> {
    Ok(())
}

/// See proc_pid_mountinfo(5): the fifth field is where it is mounted, with spaces and the like written as `\040`.
#[cfg(unix)]
fn is_mount_point(mounts: &[u8], path: &Path) -> bool {
    use std::os::unix::ffi::OsStrExt as _;

    let mut written = Vec::new();
    for byte in path.as_os_str().as_bytes() {
        match byte {
            b' ' | b'\t' | b'\n' | b'\\' => written.extend(format!("\\{byte:03o}").bytes()),
            byte => written.push(*byte),
        }
    }
    mounts
        .split(|byte| *byte == b'\n')
        .filter_map(|line| line.split(|byte| *byte == b' ').nth(4))
        .any(|mounted| mounted == written)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::Ledger;

    #[tokio::test]
    async fn a_ledger_with_two_names_is_refused_and_a_symbolic_link_to_it_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        let [file, symbolic, hard] = ["rings.db", "symbolic.db", "hard.db"].map(path);
        Ledger::open(&file).await.unwrap();
        std::os::unix::fs::symlink(&file, &symbolic).unwrap();
        let ledger = Ledger::open(&symbolic).await.unwrap();
        assert!(Path::new(&format!("{file}-wal")).exists());
        assert!(!Path::new(&format!("{symbolic}-wal")).exists());
        drop(ledger);
        std::fs::hard_link(&file, &hard).unwrap();
        for name in [&file, &symbolic, &hard] {
            let error = Ledger::open(name).await.unwrap_err();
            assert!(error.to_string().contains("2 names"), "{error}");
        }
    }

    #[test]
    fn a_file_that_is_mounted_is_told_from_its_folder() {
        let mounts = b"\
            29 1 254:0 / / rw - ext4 /dev/vda rw\n\
            80 29 254:0 /srv/rings.db /data/my\\040rings.db rw shared:1 - ext4 /dev/vda rw\n\
            81 29 254:0 /srv/calls /calls rw - ext4 /dev/vda rw\n";
        let is_mounted = |path| is_mount_point(mounts, Path::new(path));
        assert!(is_mounted("/data/my rings.db"));
        assert!(!is_mounted("/calls/rings.db"));
        assert!(!is_mounted("/srv/rings.db"));
    }
}
