#!/usr/bin/env bash
# Puts the source of the standard library where cargo looks for it (`rustup component add rust-src`):
#   1. if it is there already, there is nothing to do;
#   2. else rustup installs it, within two minutes;
#   3. else, on Debian, it is taken from the package rust-src of the very same version. This needs apt-get, dpkg-deb
#      and a toolchain that the user may write to. apt's own sources and packages stay as they are.
# RUST_SRC_SKIP_RUSTUP=1 leaves out 2.
set -euo pipefail

# Where rust-src of a recent rustc is found, the likeliest first.
suites="trixie-backports forky sid trixie bookworm-backports"

say() { printf 'rust-src: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

sysroot=$(rustc --print sysroot)
version=$("$sysroot/bin/rustc" -vV | sed -n 's/^release: //p')
library=$sysroot/lib/rustlib/src/rust/library
work=$(mktemp -d -t rust-src.XXXXXX)
trap 'rm -rf "$work"' EXIT

with_rustup() {
  [ -z "${RUST_SRC_SKIP_RUSTUP:-}" ] && command -v rustup >/dev/null || return 1
  timeout 120 rustup component add rust-src >"$work/rustup.log" 2>&1 && [ -e "$library/Cargo.lock" ] && return 0
  say "rustup cannot: $( (grep -m1 -i error "$work/rustup.log" || echo 'no answer in time') | cut -c1-160)"
  return 1
}

# Downloads rust-src of rustc's version, without touching the system's own apt lists; sets `deb`.
download_source() {
  local apt=$work/apt mirror suite package
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -m1 '/debian/$') ||
    die "apt knows no Debian mirror"
  mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
  local options=(
    -o Dir::Etc::SourceList="$apt/sources.list" -o Dir::Etc::SourceParts=/dev/null
    -o Dir::State::Lists="$apt/lists" -o Dir::Cache="$apt/cache"
    -o APT::Sandbox::User=root -o Acquire::Languages=none -o Acquire::Retries=3
  )
  local keys=/usr/share/keyrings/debian-archive-trixie-automatic.gpg,/usr/share/keyrings/debian-archive-keyring.gpg
  for suite in $suites; do
    echo "deb [signed-by=$keys] $mirror $suite main" >"$apt/sources.list"
    if ! timeout 180 apt-get "${options[@]}" -qq update >"$apt/log" 2>&1; then
      say "apt-get update ($suite): $(tail -n1 "$apt/log")"
      continue
    fi
    package=$(apt-cache "${options[@]}" madison rust-src |
      awk -F' *[|] *' -v version="$version+dfsg" 'index($2, version) == 1 { print $2; exit }')
    [ -n "$package" ] || continue
    say "rust-src $package from $suite"
    if (cd "$apt" && timeout 300 apt-get "${options[@]}" -qq download "rust-src=$package" >>"$apt/log" 2>&1); then
      deb=$(echo "$apt"/rust-src_*.deb)
      return 0
    fi
    say "apt-get download ($suite): $(tail -n1 "$apt/log")"
  done
  die "no rust-src $version in: $suites"
}

[ ! -e "$library/Cargo.lock" ] || exit 0
say "installing it: std is built out of it"
exec 9>"$sysroot/lib/rustlib/.rust-src.lock"
timeout 300 flock 9 || die "another installation holds the lock"
[ ! -e "$library/Cargo.lock" ] || exit 0
with_rustup && { say "installed by rustup"; exit 0; }
download_source
mkdir -p "$work/src"
dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$work/src" --strip-components=4 "./usr/src/rustc-$version/library"
[ -f "$work/src/library/Cargo.lock" ] || die "no library/Cargo.lock in $(basename "$deb")"
rm -rf "$library"
mkdir -p "$(dirname "$library")"
mv "$work/src/library" "$library"
say "installed from $(basename "$deb")"
