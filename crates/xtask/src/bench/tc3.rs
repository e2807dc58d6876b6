//! Signatures of the cloud API on one thread: this library against the signer of the vendor's SDK for Node.

use anyhow::Result;

use super::comparison::{self, Comparison};

/// Prints the median of each figure, and nothing else to stdout.
pub(super) fn run() -> Result<()> {
    comparison::run(&Comparison {
        bench: "tc3",
        script: "crates/xtask/src/bench/vendor_tc3.cjs",
        // What `tencentcloud-sdk-nodejs` signs with, without the clients of all services.
        package: "tencentcloud-sdk-nodejs-common",
        version: "4.1.220",
        ratios: &[(
            "tc3.sign.ratio_vs_vendor_node",
            "tc3.sign.per_second",
            "tc3.sign.vendor_node.per_second",
        )],
    })
}
