#!/usr/bin/env bash
# Makes `cargo build --target wasm32-unknown-unknown` work for the active toolchain:
#   1. if the target links a program already, there is nothing to do;
#   2. else rustup installs it, within a minute;
#   3. else std is built once from its source, which install-rust-src.sh gets, and goes into the toolchain. This
#      needs a reachable crate registry and a toolchain that the user may write to.
# WASM_TARGET_SKIP_RUSTUP=1 leaves out 2.
set -euo pipefail

target=wasm32-unknown-unknown
say() { printf '%s: %s\n' "$target" "$*" >&2; }
die() { say "$*"; exit 1; }

sysroot=$(rustc --print sysroot)
rustc=$sysroot/bin/rustc
cargo=$sysroot/bin/cargo
version=$("$rustc" -vV | sed -n 's/^release: //p')
commit=$("$rustc" -vV | sed -n 's/^commit-hash: //p')
installed=$sysroot/lib/rustlib/$target
marker=$installed/.built-from-source
work=$(mktemp -d -t wasm-target.XXXXXX)
trap 'rm -rf "$work"' EXIT

# Links a library that uses std; arguments are further flags of rustc.
works() {
  printf '%s\n' '#[unsafe(no_mangle)] pub extern "C" fn f(n: usize) -> usize { format!("{n}").len() }' |
    env -u RUSTFLAGS "$rustc" --edition 2024 --target $target --crate-type cdylib "$@" \
      -o "$work/probe.wasm" - >"$work/probe.log" 2>&1
}

with_rustup() {
  [ -z "${WASM_TARGET_SKIP_RUSTUP:-}" ] && command -v rustup >/dev/null || return 1
  if timeout 60 rustup target add $target >"$work/rustup.log" 2>&1 && works; then
    return 0
  fi
  say "rustup cannot: $( (grep -m1 -i error "$work/rustup.log" || echo 'no answer in time') | cut -c1-160)"
  return 1
}

# As rustc's own bootstrap builds it: bitcode for LTO, its private crates hidden, upstream's paths in panics.
build_std() {
  local library=$work/library
  cp -r "$sysroot/lib/rustlib/src/rust/library" "$library"
  [ -f "$library/sysroot/Cargo.toml" ] || die "no library/sysroot in rust-src"
  (
    cd "$library"
    unset RUSTFLAGS CARGO_BUILD_TARGET CARGO_BUILD_RUSTFLAGS RUSTC_WRAPPER RUSTC_WORKSPACE_WRAPPER
    export RUSTC=$rustc RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR=$work/target __CARGO_DEFAULT_LIB_METADATA=stablestd
    CARGO_ENCODED_RUSTFLAGS=$(printf '%s\x1f' -Zforce-unstable-if-unmarked -Cembed-bitcode=yes -Cdebuginfo=0)
    export CARGO_ENCODED_RUSTFLAGS+=--remap-path-prefix=$library=/rustc/$commit/library
    export CARGO_PROFILE_RELEASE_CODEGEN_UNITS=1
    timeout 900 "$cargo" build --locked --release --target $target --manifest-path sysroot/Cargo.toml \
      --features "panic-unwind backtrace" >"$work/build.log" 2>&1
  ) || { tail -n 30 "$work/build.log" >&2; die "std did not build"; }
}

install_std() {
  local staged=$sysroot/lib/rustlib/.$target.new
  rm -rf "$staged"
  mkdir -p "$staged/lib"
  cp "$work/target/$target/release/deps/"*.rlib "$staged/lib/"
  echo "$version $commit" >"$staged/.built-from-source"
  mv "$staged" "$installed"
  if ! works -Copt-level=z -Clto=fat -Cpanic=abort -Ccodegen-units=1; then
    cat "$work/probe.log" >&2
    rm -rf "$installed"
    die "the std that was built does not link"
  fi
}

works && exit 0
say "installing it: a test compiles the core for it, to prove that the core asks nothing of its surroundings"
exec 9>"$sysroot/lib/rustlib/.$target.lock"
timeout 900 flock 9 || die "another installation holds the lock"
works && exit 0
# Ours, but of another rustc.
[ ! -e "$marker" ] || rm -rf "$installed"
with_rustup && { say "installed by rustup"; exit 0; }
[ ! -e "$installed" ] || die "$installed is there but does not work; remove it first"
"$(dirname "${BASH_SOURCE[0]}")/install-rust-src.sh"
say "building std $version from its source (less than a minute)"
build_std
install_std
say "installed std $version"
