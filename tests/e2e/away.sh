#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Off loopback: gentle by default, named in the User-Agent, stops at a service that mostly fails, and
# lists what it left behind. The address is off loopback but nothing leaves the machine: it belongs to
# a network namespace that this suite makes for itself.
if [ "${OB_AWAY:-}" != yes ]; then
    flags=-n
    [ "$(id -u)" = 0 ] || flags=-rn
    if ! command -v ip >/dev/null || ! unshare $flags true 2>/dev/null; then
        echo "1..0 # SKIP no network namespace can be made here"
        exit 0
    fi
    OB_AWAY=yes exec unshare $flags sh "$0" "$@"
fi
. "$OB_SOURCE_ROOT/tests/e2e/lib.sh"
host=192.0.2.2 # for documentation (RFC 5737); here on the namespace's own loopback device
ip link set lo up && ip addr add $host/32 dev lo
# peer STATUS: a plain peer; its port in $port
peer() {
    stop
    : >peer.out
    python3 "$OB_SOURCE_ROOT/tests/peer/plain.py" $host "$1" >peer.out 2>peer.err &
    pids=$!
    await listening peer.out
    port=$(awk '/listening/ {print $2}' peer.out)
    cat >away.yaml <<Y
ombud: 1
service: A service elsewhere
profile: ics
driver: json
address: http://$host:$port
json: {request: {path: /chat, body: {text: "{{say}}"}}, reply: .reply}
limits: {retries: 0}
Y
    "$OMBUD" demo scope --listen "$host:$port" | grep -v '^\(rate\|requests\|in_flight\):' >away-scope.yaml
}
evaluate() { run evaluate away.yaml --store away.db --seed 1 --json away.json --quiet "$@"; }
requests() { grep -c '^agent' peer.out; }

peer 200
evaluate --only ics-active-content
is "without a scope nothing is sent" sh -c "[ $status = 2 ] && grep -q 'not loopback' err && [ $(requests) = 0 ]"
run evaluate away.yaml --scope away-scope.yaml --dry-run
is "the plan counts its minutes at two requests a second" grep -q '^at 2.0 requests/s: .* minutes' out
run evaluate away.yaml --scope away-scope.yaml --level 3 --dry-run
is "and says that 5,000 requests end it early" grep -q '^The limit of 5000 requests ends the run before that' out
evaluate --only ics-active-content --scope away-scope.yaml --max-requests 6
id=$(value away.json run/id)
is "two requests a second, four in flight" test "$(value away.json run/rate) $(value away.json run/in_flight)" = "2 4"
python3 - >pace.txt <<'PY'
import sqlite3
rows = sqlite3.connect('away.db').execute('select kind, at_ms from record order by seq').fetchall()
sent = [at for kind, at in rows if kind == 3]
# The run begins before its first request leaves, and a request is recorded after it has left: so a
# slow machine makes this longer, never shorter.
took = sent[-1] - rows[0][1]
print('#', len(sent), 'requests,', took, 'ms from the begin to the last')
print('good' if len(sent) == 6 and took >= 2490 else 'bad')
PY
grep '^#' pace.txt
is "and not one sooner" grep -q good pace.txt
is "every request names Ombud and the run" sh -c "[ $(requests) = 6 ] && ! grep '^agent' peer.out | grep -qv '^agent ombud/[0-9.]* $id\$'"

# One request that goes elsewhere is enough to be gentle, whatever the address says.
peer 200
sed -i "s|^address: .*|address: http://127.0.0.1:1|; s|path: /chat|url: 'http://$host:$port/chat'|" away.yaml
sed -i 's|^addresses: .*|addresses: [127.0.0.1, '$host']|' away-scope.yaml
evaluate --only ics-active-content --scope away-scope.yaml --max-requests 6
is "a request off loopback is sent gently, too" test "$(value away.json run/rate) $(value away.json run/in_flight)" = "2 4"
is "and arrives" test "$(requests)" = 6

# Where the owner's files name a rate of their own, 5,000 requests are the end all the same.
limits() { sed -i "s/^limits: .*/limits: {rate: 5000, in_flight: 8, retries: 0}/" away.yaml; }
peer 200
limits
evaluate --scope away-scope.yaml --level 3
echo "# $(requests) requests"
is "the run ends at 5,000 requests" sh -c "[ $(requests) -le 5000 ] && [ $(requests) -gt 4900 ]"
is "and says so" grep -qE '5,?000' out err

peer 500
limits
evaluate --scope away-scope.yaml
echo "# $(requests) requests to a service that fails"
is "a service that fails is left alone" sh -c "[ $status = 3 ] && [ $(requests) -ge 40 ] && [ $(requests) -le 48 ]" # 8 in flight
is "and the run says why" grep -q 'of the last 40 requests failed' err

# What was made and could not be removed: the service file has no call that removes an account.
stop
OMBUD_SECRET_DEMO_ADMIN=test-admin-token-1234567890
export OMBUD_SECRET_DEMO_ADMIN
"$OMBUD" demo serve --listen $host:0 --quiet >serve.out 2>serve.err &
pids=$!
await http serve.out
address=$(sed -n 's/^serving http:\/\///p' serve.out)
"$OMBUD" demo scope --listen "$address" >scope.yaml
"$OMBUD" demo service-file --listen "$address" |
    sed '/^  remove:/,/^[a-z]/{/^[a-z]/!d}; s/^limits: .*/limits: {rate: 500}/' >service.yaml
run evaluate service.yaml --scope scope.yaml --only ics-session-leak --max-requests 60 --store left.db --json left.json
is "what is left behind is listed" sh -c "grep -q 'left behind' out && python3 -c 'import json; l = json.load(open(\"left.json\"))[\"run\"][\"left_behind\"]; assert l and all(\"account\" in x for x in l), l'"
finish
