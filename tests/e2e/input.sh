#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Bad input gets one clear line and the documented status; nothing is sent, nothing half-written.
. "$OB_SOURCE_ROOT/tests/e2e/lib.sh"
one_line() { [ "$(grep -c '^ombud: ' err)" = 1 ]; }
# refused WHAT STATUS PATTERN: the last run ended so, with one line that says so
refused() {
    if [ "$status" = "$2" ] && one_line && grep -qE "$3" err; then ok "$1"; else
        echo "# status $status, wanted $2 and '$3'"
        not_ok "$1"
    fi
}
serve --seed input

run evaluate nothing.yaml
refused "a missing file" 2 'nothing.yaml.*No such file'
sed 's/^driver:/dirver:/' service.yaml >bad.yaml
run evaluate bad.yaml
refused "a wrong key, with its place and what was meant" 2 'bad.yaml:[0-9]+:[0-9]+: .*dirver.*driver'
sed 's/^address: .*/address: "{{secret.X}"/' service.yaml >bad.yaml
run evaluate bad.yaml
refused "a wrong address" 2 'bad.yaml:[0-9]+:[0-9]+'
printf 'a: 1\n%%\377\n' >bad.yaml
run evaluate bad.yaml
refused "bytes that are no text" 2 'byte'
: >bad.yaml
run evaluate bad.yaml
refused "an empty file" 2 'empty'
sed 's/extract: {token: .token}/extract: {token: "env.HOME"}/' service.yaml >bad.yaml
run evaluate bad.yaml
refused "jq that reads the environment" 2 'bad.yaml:[0-9]+:[0-9]+.*env'
run evaluate service.yaml --level 4
refused "a level that there is not" 2 'level'
run evaluate service.yaml --lvel 1
refused "an option that there is not" 2 "did you mean '--level'"
run evaluat service.yaml
refused "a command that there is not" 2 "did you mean 'evaluate'"
run evaluate service.yaml --scope scope.yaml --only nonsense
refused "a procedure that there is not" 2 'nonsense'
run evaluate service.yaml
refused "writing without a scope" 2 'scope'
is "nothing was stored about it" sh -c "! $OMBUD report --list 2>/dev/null | grep -q records"
sed 's/^until: .*/until: 2020-01-01/; s/^from: .*/from: 2019-01-01/' scope.yaml >old.yaml
run evaluate service.yaml --scope old.yaml
refused "a scope that has run out" 2 '2020-01-01'
sed 's/effects: .*/effects: [read]/' scope.yaml >read.yaml
run evaluate service.yaml --scope read.yaml
refused "a scope that allows reading only, at a service that makes accounts" 2 'write|fault'
unset OMBUD_SECRET_DEMO_ADMIN
run evaluate service.yaml --scope scope.yaml
refused "a secret without a value" 2 'DEMO_ADMIN'
OMBUD_SECRET_DEMO_ADMIN=test-admin-token-1234567890
export OMBUD_SECRET_DEMO_ADMIN

# An address that the scope does not name: a listener sees no connection.
python3 - >listener.out 2>&1 <<'PY' &
import socket
s = socket.socket(); s.bind(('127.0.0.2', 0)); s.listen(5)
print('port', s.getsockname()[1], flush=True)
while True:
    s.accept(); print('contacted', flush=True)
PY
pids="$pids $!"
await port listener.out
port=$(awk '/port/ {print $2}' listener.out)
sed "s|^address: .*|address: http://127.0.0.2:$port|" service.yaml >other.yaml
run evaluate other.yaml --scope scope.yaml
refused "an address that the scope does not name" 2 'scope'
is "and nobody was contacted" sh -c '! grep -q contacted listener.out'

sed 's|^address: .*|address: http://192.0.2.1:80|' service.yaml >far.yaml
run evaluate far.yaml --only ics-invented-policy
refused "an address off loopback without a scope" 2 'not loopback'
sed 's|^address: .*|address: http://service.invalid|' service.yaml >far.yaml
run evaluate far.yaml --only ics-invented-policy
refused "a name off loopback without a scope" 2 'not loopback'
sed "s|^address: .*|address: http://localhost:${address##*:}|" service.yaml >named.yaml
sed 's/^addresses: .*/addresses: ["10.0.0.0\/8"]/' scope.yaml >elsewhere.yaml
run evaluate named.yaml --scope elsewhere.yaml --store elsewhere.db
refused "a name that leads where the scope does not" 2 'scope'

# Services that are not there, or answer nonsense
sed 's|^address: .*|address: http://127.0.0.1:9|' service.yaml >gone.yaml
"$OMBUD" demo scope --listen 127.0.0.1:9 >gone-scope.yaml
run evaluate gone.yaml --scope gone-scope.yaml --store gone.db
refused "a service that is not there" 3 '127.0.0.1 cannot be reached'
python3 - >talker.out 2>&1 <<'PY' &
import http.server
class H(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    def answer(self):
        self.rfile.read(int(self.headers.get('content-length') or 0))
        self.send_response(200); self.send_header('content-length', '6'); self.end_headers(); self.wfile.write(b'<html>')
    do_GET = do_POST = do_DELETE = answer
    def log_message(self, *a): pass
s = http.server.ThreadingHTTPServer(('127.0.0.1', 0), H)
print('port', s.server_address[1], flush=True)
s.serve_forever()
PY
pids="$pids $!"
await port talker.out
port=$(awk '/port/ {print $2}' talker.out)
sed "s|^address: .*|address: http://127.0.0.1:$port|" service.yaml >nonsense.yaml
"$OMBUD" demo scope --listen "127.0.0.1:$port" >nonsense-scope.yaml
run evaluate nonsense.yaml --scope nonsense-scope.yaml --store nonsense.db --json nonsense.json
outcomes nonsense.json >nonsense.txt
is "a reply that is no JSON is an ERROR in all that is executed" sh -c '! grep -v "ERROR$" nonsense.txt | grep -v demeaning'
is "and the reason is told" grep -q 'not valid JSON' nonsense.json
is "and the status says not decided" test "$status" = 3

# Stores
sqlite3 newer.db "pragma application_id = $(printf '%d' 0x4f6d6275); pragma user_version = 99; create table x (y);"
run evaluate service.yaml --scope scope.yaml --store newer.db
refused "a store of a newer version" 2 'newer ombud'
sqlite3 foreign.db "create table x (y);"
run evaluate service.yaml --scope scope.yaml --store foreign.db
refused "a data base of somebody else" 2 'no evidence store'
run report --store missing.db
refused "a store that is not there" 2 'missing.db'
run evaluate service.yaml --scope scope.yaml --only ics-injection-direct --json /nonexistent/x.json --quiet --store ok.db
refused "a report that cannot be written" 2 '/nonexistent/x.json'

# A full disk: a small file system of our own where we may make one, else a limit on file size
if mkdir small && mount -t tmpfs -o size=300k none small 2>/dev/null; then
    run evaluate service.yaml --scope scope.yaml --store small/s.db --quiet
    umount_later=yes
else
    (ulimit -f 300; "$OMBUD" evaluate service.yaml --scope scope.yaml --store small/s.db --quiet >out 2>err)
    status=$?
    umount_later=
fi
refused "a full disk" 3 'full|No space|disk|too large'
cp small/s.db* . 2>/dev/null
run report --store s.db --list
is "what was stored before it was full can be read" grep -q running out
[ -z "$umount_later" ] || umount small
finish
