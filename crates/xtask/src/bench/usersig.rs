//! UserSigs on one thread: this library against the vendor's package for Node and against plain Rust.

use anyhow::Result;

use super::comparison::{self, Comparison};

/// Prints the median of each figure, and nothing else to stdout.
pub(super) fn run() -> Result<()> {
    comparison::run(&Comparison {
        bench: "usersig",
        script: "crates/xtask/src/bench/vendor_usersig.cjs",
        package: "tls-sig-api-v2",
        version: "1.0.2",
        ratios: &[
            (
                "usersig.sign.ratio_vs_vendor_node",
                "usersig.sign.per_second",
                "usersig.sign.vendor_node.per_second",
            ),
            (
                "usersig.sign.ratio_vs_plain_rust",
                "usersig.sign.per_second",
                "usersig.sign.plain_rust.per_second",
            ),
            (
                "usersig.verify.ratio_vs_plain_rust",
                "usersig.verify.per_second",
                "usersig.verify.plain_rust.per_second",
            ),
        ],
    })
}
