#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Misbehaving peers: each is told apart, bounded in time and size, tried again only where that is
# harmless, and what may have had effects is never sent twice.
. "$OB_SOURCE_ROOT/tests/e2e/lib.sh"
# against MODE [LINES]: --try at a peer of that mode; LINES are added to the service file
against() {
    stop
    : >peer.out
    # shellcheck disable=SC2086 # a certificate and its key, or nothing
    python3 "$OB_SOURCE_ROOT/tests/peer/rude.py" "$1" $tls >peer.out 2>peer.err &
    pids=$!
    i=0
    while ! grep -q listening peer.out; do i=$((i + 1)); [ $i -lt 100 ] || break; sleep 0.1; done
    port=$(awk '/listening/ {print $2}' peer.out)
    cat >rude.yaml <<Y
ombud: 1
service: A rude service
profile: ics
driver: json
address: ${scheme:-http}://${name:-127.0.0.1}:$port
time_scale: 0.01
json: {request: {path: /chat, body: {text: "{{say}}"}}, reply: .reply}
limits: {connect: 2s, first_byte: 1s, total: 2s, reply_size: 1MiB, retries: 2}
$2
Y
    "$OMBUD" demo scope --listen "127.0.0.1:$port" >rude-scope.yaml
    run evaluate rude.yaml --scope rude-scope.yaml --try
}
count() { grep -c '^request' peer.out; }
# lost WHAT PATTERN REQUESTS
lost() {
    if [ "$status" = 3 ] && grep -q LOST out && grep -qE "$2" out && [ "$(count)" = "$3" ]; then ok "$1"; else
        echo "# status $status, $(count) requests, wanted $3 and '$2'"
        not_ok "$1"
    fi
}
against good
is "a good peer is understood" grep -q 'reply .*Monday' out
against half-chunk
lost "half a chunk" 'ended the reply early|broke' 1
against wrong-length
lost "a wrong length" 'ended the reply early' 1
against endless
lost "a stream that never ends" 'did not end its reply within 2000 ms' 1
against huge
lost "a reply of 1 GB" 'sent more than 1048576 bytes' 1
against headers
lost "a flood of headers" 'sent more than 65536 bytes|broke' 1
against silent
lost "no first byte, tried again" 'no byte within 1000 ms' 3
against reset
lost "a reset before the reply, tried again" 'broke the connection' 3
against redirect
lost "a redirect is not followed" 'status 302' 1
against throttle
lost "429, tried again as Retry-After says" 'status 429' 3
against cut-json
lost "JSON that is cut" 'ends early' 1
against not-json
lost "no JSON" 'not valid JSON' 1
against no-reply
lost "JSON without the reply" 'reply' 1
against reset "actors: {create: {request: {path: /make, body: {name: \"{{actor.name}}\"}}, extract: {id: .id}}}"
lost "what may have had effects is sent once" 'broke the connection' 1
# A re-used connection dies: curl sends again by itself, and that counts as an attempt.
against drop-second "backend: {one: {request: {path: /one}, extract: {id: .id}}, two: {request: {path: /two}, extract: {id: .id}}}"
is "requests on dying connections go through" test "$status" = 0
attempts=$(awk '$2 ~ /^(ok|LOST)/ {n += $NF == "attempts" ? $(NF - 1) : 1} END {print n}' out)
echo "# $attempts attempts, $(count) requests arrived"
is "every request that arrived is a counted attempt" test "$attempts" = "$(count)"
is "and there were more than exchanges" test "$(count)" -gt 3
against cookie "login: {request: {path: /login, body: {user: \"{{actor.name}}\"}}, extract: {token: .id}}"
is "a cookie of the login goes with the turn" test "$status" = 0
is "and is not shown" sh -c '! grep -q secret-cookie out'

# TLS: the name and the chain must fit
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost >/dev/null 2>&1
tls="$work/cert.pem $work/key.pem"
scheme=https
name=localhost
sed_scope() { sed -i 's/^addresses:.*/addresses: [localhost, 127.0.0.1, "::1"]/' rude-scope.yaml; }
against good
sed_scope
run evaluate rude.yaml --scope rude-scope.yaml --try
is "a certificate that nobody vouches for is refused" sh -c "[ $status = 3 ] && grep -q 'certificate' out err"
is "before anything was sent" test "$(count)" = 0
echo "tls: {ca_file: $work/cert.pem}" >>rude.yaml
run evaluate rude.yaml --scope rude-scope.yaml --try
is "with its CA file it is accepted" grep -q 'reply .*Monday' out
sed -i 's|^address: .*|address: https://127.0.0.1:'"$port"'|' rude.yaml
run evaluate rude.yaml --scope rude-scope.yaml --try
is "under a wrong name it is refused" sh -c "[ $status = 3 ] && grep -qi 'name\|certificate' out err"
finish
