#!/usr/bin/env bash
# Sends the emulator what crates/emulator/openapi.json allows and what it forbids, and holds every reply to it.
#
# usage: schemathesis.sh PROGRAM COMMAND EXAMPLES
#
# PROGRAM is schemathesis in an environment of Python's, COMMAND is `trtc-call`, which has the emulator in it, and
# EXAMPLES how many requests are made up for each operation. The same checkout gives the same requests: the seed is fixed.
set -euo pipefail
schemathesis=$1 trtc_call=$2 examples=$3
tools=$(dirname "$schemathesis")
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
here=$root/crates/xtask/schemathesis

unset TRTC_SECRET_KEY_FILE TRTC_REGION TRTC_BASE_URL
export TRTC_SDKAPPID=1400000000 TRTC_ADMIN=administrator TRTC_SECRET_KEY=schemathesis

TRTC_USERSIG=$("$trtc_call" usersig gen --user "$TRTC_ADMIN" --expire 86400)
export TRTC_USERSIG
# The shell makes way for the emulator, so that it is what is stopped at the end.
coproc EMULATOR { exec "$trtc_call" emulator --json --listen 127.0.0.1:0 2>"$tools/../emulator.log"; }
emulator=$EMULATOR_PID
trap 'kill "$emulator" 2>/dev/null || true' EXIT
if ! read -r greeting <&"${EMULATOR[0]}"; then
    cat "$tools/../emulator.log" >&2
    exit 1
fi
base_url=$("$tools/python" -c 'import json, sys; print(json.loads(sys.argv[1])["baseUrl"])' "$greeting")

export SCHEMATHESIS_HOOKS=hooks PYTHONPATH=$here PYTHONDONTWRITEBYTECODE=1
# It leaves a folder behind in the current one.
cd "$tools/.."
# Excluded is what goes by the HTTP status, which is 200 for every request. hooks.py has a check in its place.
"$schemathesis" run "$root/crates/emulator/openapi.json" \
    --url "$base_url" \
    --phases coverage,fuzzing \
    --max-examples "$examples" \
    --seed 1 \
    --rate-limit 150/s \
    --generation-database none \
    --exclude-checks negative_data_rejection,positive_data_acceptance,unsupported_method,missing_required_header,ignored_auth \
    --continue-on-failure
