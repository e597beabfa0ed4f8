# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2034 # the suites use what is set here
# Helpers of the end-to-end suites. Each suite has a scratch folder of its own, speaks TAP, starts what
# it needs on free ports of loopback, and stops it by process id.
OMBUD=$1
n=0
failed=0
# Six procedures that between them use every kind of step: enough where a suite is about the engine.
six=ics-active-content,ics-backend-fault,ics-injection-direct,ics-invented-policy,ics-refund-limit,ics-session-leak
work=$(mktemp -d)
pids=
cd "$work" || exit 1

ok() { n=$((n + 1)); echo "ok $n - $1"; }
not_ok() {
    n=$((n + 1))
    failed=1
    echo "not ok $n - $1"
    for file in out err; do [ -f "$work/$file" ] && sed "s/^/# $file: /" "$work/$file" | head -n 12; done
}
# is WHAT CONDITION...: a test
is() {
    what=$1
    shift
    if "$@"; then ok "$what"; else not_ok "$what"; fi
}
stop() {
    for pid in $pids; do kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null; done
    pids=
}
finish() {
    stop
    cd / && rm -rf "$work"
    echo "1..$n"
    exit $failed
}
trap 'stop; rm -rf "$work"' INT TERM

# await PATTERN FILE: until a line of FILE fits; a minute at most, because machines may be slow
await() {
    i=0
    while ! grep -q "$1" "$2" 2>/dev/null; do
        i=$((i + 1))
        [ "$i" -lt 600 ] || { echo "# no '$1' in $2 after a minute"; return 1; }
        sleep 0.1
    done
}
# serve [OPTIONS]: the reference service; its address in $address, its files beside
serve() {
    OMBUD_SECRET_DEMO_ADMIN=test-admin-token-1234567890
    export OMBUD_SECRET_DEMO_ADMIN
    rm -f serve.out # an earlier service's address must not be taken for this one's
    "$OMBUD" demo serve --listen 127.0.0.1:0 --quiet "$@" >serve.out 2>serve.err &
    pids="$pids $!"
    service_pid=$!
    await http serve.out || { cat serve.err; return 1; }
    address=$(sed -n 's/^serving http:\/\///p' serve.out)
    "$OMBUD" demo service-file --listen "$address" >service.yaml
    "$OMBUD" demo scope --listen "$address" >scope.yaml
}
# run ARGS...: ombud with its output in out and err; its status in $status
run() {
    "$OMBUD" "$@" >out 2>err
    status=$?
}
# value FILE PATH: a value of a JSON file, such as procedures/0/outcome
value() {
    python3 - "$1" "$2" <<'PY'
import json, sys
at = json.load(open(sys.argv[1]))
for step in sys.argv[2].split('/'):
    at = at[int(step)] if isinstance(at, list) else at[step]
print(at)
PY
}
# outcomes FILE: "id OUTCOME" a line
outcomes() {
    python3 -c 'import json,sys
for p in json.load(open(sys.argv[1]))["procedures"]: print(p["id"], p["outcome"])' "$1"
}
# totals FILE: what must not depend on interruptions
totals() {
    python3 -c 'import json,sys
for p in json.load(open(sys.argv[1]))["procedures"]: print(p["id"], p["outcome"], p["trials"], p["hits"], p["invalid"])' "$1"
}
