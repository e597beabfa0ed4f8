#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A service with TLS behind a proxy: what the proxy says is no word of the service, and the proxy is
# asked for nothing that the scope does not cover.
. "$OB_SOURCE_ROOT/tests/e2e/lib.sh"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost -keyout key.pem -out cert.pem 2>/dev/null
start() {
    : >peer.out
    python3 "$OB_SOURCE_ROOT/tests/peer/tunnel.py" cert.pem key.pem >peer.out 2>peer.err &
    pids=$!
    await ports peer.out
    port=$(awk '/^ports/ {print $2}' peer.out)
    proxy=$(awk '/^ports/ {print $3}' peer.out)
}
# try_it HOST FIRST_BYTE [OPTIONS]
try_it() {
    cat >service.yaml <<Y
ombud: 1
service: A service behind a proxy
profile: ics
driver: json
address: https://$1:$port
proxy: http://127.0.0.1:$proxy
tls: {ca_file: $work/cert.pem}
json: {request: {path: /chat, body: {text: "{{say}}"}}, reply: .a}
limits: {retries: 0, first_byte: $2}
Y
    shift 2
    run evaluate service.yaml --try "$@"
}
scope() {
    cat >scope.yaml <<Y
ombud: 1
scope: a test
owner: the owner
addresses: [$1]
effects: [read]
from: 2020-01-01
until: 9999-01-01
Y
}

start
try_it localhost 5s
is "a service is reached through a proxy" sh -c "[ $status = 0 ] && grep -q 'ok, status 200' out"
is "through a tunnel to it" grep -q "^proxy CONNECT localhost:$port " peer.out
try_it localhost 300ms
is "the proxy's answer is no first byte of the service" grep -q 'no byte within 300 ms' out
grep -c . peer.out >before
scope '"127.0.0.0/8"'
try_it localhost 5s --scope scope.yaml
is "a network covers no name that a proxy resolves" sh -c \
    "[ $status = 2 ] && grep -q 'does not cover localhost:$port by its name' err"
is "and then nothing was asked" test "$(grep -c . peer.out)" = "$(cat before)"
scope '127.0.0.1, localhost'
try_it localhost 5s --scope scope.yaml
is "the name covers it" sh -c "[ $status = 0 ] && grep -q 'ok, status 200' out"

# What a peer puts into its certificate ends in a message, and must not command the terminal.
stop
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
    -subj "/CN=$(printf 'a\033[31mb')" -keyout key.pem -out cert.pem 2>/dev/null
start
sed -i "s|^address: .*|address: https://localhost:$port|; /^proxy: /d" service.yaml
run evaluate service.yaml --store s.db --quiet
is "a certificate commands no terminal" sh -c \
    "[ $status = 3 ] && grep -q 'subject name .a.x1B.31mb' err && ! grep -q \"$(printf '\033')\" err out"
finish
