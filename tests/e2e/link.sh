#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# ombud link as programs: keys, a server and a client over UDP of loopback, a server that is killed,
# the commands of the manual, and other implementations of CoAP where they are installed.
. "$OB_SOURCE_ROOT/tests/e2e/lib.sh"

# begin OPTIONS...: a server; its address in $at
begin() {
    rm -f link.out
    "$OMBUD" link serve --listen 127.0.0.1:0 "$@" >link.out 2>link.err &
    server=$!
    pids="$pids $server"
    await '^serving coap://' link.out || { cat link.err; return 1; }
    at=$(sed -n '1s/^serving //p' link.out)
}
# shellcheck disable=SC2317 # called by is
body() { [ "$(cat out)" = "$1" ]; }
skip() { n=$((n + 1)); echo "ok $n - $1 # SKIP $2"; }

# The commands of the manual, as they stand there.
# shellcheck disable=SC2016 # fences of a page
sed -n '/^```sh$/,/^```$/p' "$OB_SOURCE_ROOT/doc/link.md" | grep -v '^```' >manual.sh
mkdir bin manual
ln -s "$OMBUD" bin/ombud
(cd manual && PATH="$work/bin:$PATH" sh -e ../manual.sh) >out 2>err
status=$?
is "the commands of the manual run" [ "$status" = 0 ]
is "and show what it says" sh -c "grep -q '\"celsius\":' out && grep -q '37 + 45 + 19 = 101 octets' err && grep -q '^on' out"

cd manual || exit 1
for file in server.key display.key meter.secret; do
    is "$file is for its owner only" [ "$(stat -c %a $file)" = 600 ]
done
run link keygen --out server.key
is "a key that is there is not overwritten" sh -c "[ $status = 2 ] && grep -q 'File exists' err"
begin --config server.yaml --verbose
run link request GET "$at/sensor"
is "without protection nothing is allowed" sh -c "[ $status = 1 ] && grep -q '^4.01' err"
run link request GET "$at/actuator" --oscore meter.yaml
is "with OSCORE it is" body off
run link request PUT "$at/actuator" --edhoc display.yaml --payload display.yaml
is "who has other rights is refused" sh -c "[ $status = 1 ] && grep -q '^4.03 Forbidden, protected' err"
run link request GET "$at/sensor" --edhoc display.yaml --combined --stats
is "message 3 may go along with the request" sh -c "[ $status = 0 ] && grep -q '^messages      2 sent, 2 received' err"
sed "s/^    credential: .*/    $(cat display.credential)/" display.yaml >stranger.yaml
run link request GET "$at/sensor" --edhoc stranger.yaml
is "a client that does not know the server says so" sh -c "[ $status = 3 ] && grep -q 'credential is not known' err && grep -q 'a peer ends EDHOC with error 3' link.err"
"$OMBUD" link keygen --out other.key --kid 0a >other.credential
sed "s/key: display.key/key: other.key/; s/^  credential: .*/  $(cat other.credential)/" display.yaml >other.yaml
run link request GET "$at/sensor" --edhoc other.yaml
is "one that the server does not know is told so" sh -c "[ $status = 3 ] && grep -q '4.00: it does not know who this is (error 3)' err"
run link request GET "$at/sensor" --edhoc other.yaml --combined
is "and where message 3 goes along, too" sh -c "[ $status = 1 ] && grep -q '^4.00 Bad Request: it does not know who this is (error 3)' err"
run link request GET "$at/sensor" --oscore meter.yaml --observe 2
is "who observes is notified" [ "$(wc -l <out)" = 3 ]
head -c 20000 /dev/urandom >big
run link request POST "$at/faults" --oscore meter.yaml --payload big --block 5
is "a large report goes up in blocks" grep -q 'at /faults/1' err
run link request GET "$at/faults/1" --oscore meter.yaml
is "and comes down in blocks" cmp -s out big
# A request that is as long as can be is answered (4.01), a longer one is not; then a ping (RFC 7252, 4.3).
python3 - "$at" <<'END' >out
import socket, sys
host, port = sys.argv[1].split("//")[1].split(":")
wire = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
wire.settimeout(5)
wire.connect((host, int(port)))
wire.send(b"\x40\x01\x12\x34\xff" + bytes(1276))
wire.send(b"\x40\x01\x12\x35\xff" + bytes(1275))
print(wire.recv(100)[:4].hex())
wire.send(b"\x40\x00\x12\x36")
print(wire.recv(100).hex())
END
is "a datagram that is too long is not read" [ "$(tr '\n' ' ' <out)" = "60811235 70001236 " ]
# The owner's permission holds on loopback, too, where it is given.
printf 'ombud: 1\nscope: test\nowner: test\naddresses: [127.0.0.1]\neffects: [read]\nrequests: 3\nfrom: 2020-01-01\nuntil: 2099-01-01\n' >scope.yaml
run link request GET "$at/sensor" --oscore meter.yaml --scope scope.yaml
is "a scope that covers it lets it through" [ "$status" = 0 ]
run link request GET "$at/faults/1" --oscore meter.yaml --scope scope.yaml
is "no more requests leave than it allows" sh -c "[ $status = 3 ] && grep -q 'allows 3 requests' err"
run link request PUT "$at/actuator" --oscore meter.yaml --scope scope.yaml --payload on
is "what it does not allow is not sent" sh -c "[ $status = 2 ] && grep -q write err"

# Killed without warning, it asks for a proof that a request is new, and goes on.
kill -9 "$server"
wait "$server" 2>/dev/null
begin --config server.yaml
run link request PUT "$at/actuator" --oscore meter.yaml --payload - --stats <<IN
on
IN
is "after a crash there is a challenge first" sh -c "grep -q '^4.00' err && grep -q '2 sent, 2 received' err"
printf on >on
run link request PUT "$at/actuator" --oscore meter.yaml --payload on --stats
is "and none the next time" sh -c "grep -q '^2.04' err && grep -q '1 sent, 1 received' err"
run link serve --listen 127.0.0.1:0 --config server.yaml
is "one server at a time has the numbers" sh -c "[ $status = 2 ] && grep -q 'in use by another process' err"
kill "$server"
wait "$server"
status=$?
is "it ends cleanly when it is told to" [ "$status" = 0 ]
: >server.state
run link serve --listen 127.0.0.1:0 --config server.yaml
is "a state file that is damaged is refused" sh -c "[ $status = 2 ] && grep -q 'new secrets' err"
chmod 640 meter.secret
run link request GET coap://127.0.0.1:9/sensor --oscore meter.yaml
is "so is a secret that others can read" sh -c "[ $status = 2 ] && grep -q 'chmod 600' err"
chmod 600 meter.secret

# Nothing secret is printed or kept anywhere but in its own file.
found=0
for file in server.key display.key meter.secret; do
    for other in ./* ../out ../err ../link.out ../link.err; do
        [ "$other" = "./$file" ] || { [ -f "$other" ] && grep -qF "$(cat $file)" "$other" && found=1; }
    done
done
is "no secret stands anywhere else" [ $found = 0 ]

# A key that no suite can use is told before anything is sent.
"$OMBUD" link keygen --out edwards.key --curve ed25519 >edwards.credential
printf 'ombud: 1\nedhoc:\n  key: edwards.key\n  %s\n  peers:\n  - {name: x, %s}\n' "$(cat edwards.credential)" \
    "$(cat edwards.credential)" >edwards.yaml
run link request GET "$at/sensor" --edhoc edwards.yaml
is "a key of another curve is told" sh -c "[ $status = 2 ] && grep -q 'is of Ed25519, which no suite' err"

# Certificates, named by their hash; both sides sign.
if command -v openssl >/dev/null; then
    for who in node display; do
        openssl ecparam -name prime256v1 -genkey -noout -out $who.pem 2>/dev/null
        openssl req -x509 -new -key $who.pem -subj "/serialNumber=$who-1" -days 2 -out $who.crt 2>/dev/null
        openssl ec -in $who.pem -outform DER 2>/dev/null | head -c 39 | tail -c 32 | od -An -v -tx1 | tr -d ' \n' >$who.hex
        chmod 600 $who.hex
    done
    openssl x509 -in display.crt -outform DER -out display.der
    printf 'ombud: 1\nedhoc: {key: node.hex, certificate: node.crt, suites: [2], message-4: true, peers: [{name: display, certificate: display.der}]}\n' >node.yaml
    printf 'ombud: 1\nedhoc: {key: display.hex, certificate: display.crt, method: 0, peers: [{name: node, certificate: node.crt}]}\n' >signs.yaml
    begin --config node.yaml
    run link request GET "$at/sensor" --edhoc signs.yaml --stats
    is "certificates by their hash, both sides sign" sh -c "[ $status = 0 ] && grep -q '37 + 115 + 90 = 242 octets, message 4: 9' err"
    sed 's/display.hex/node.hex/' signs.yaml >other.yaml
    run link request GET "$at/sensor" --edhoc other.yaml
    is "a key of another certificate is noticed" sh -c "[ $status = 2 ] && grep -q 'does not belong' err"
    openssl req -x509 -new -key display.pem -subj /CN=stranger -days 2 -out display.crt 2>/dev/null
    run link request GET "$at/sensor" --edhoc signs.yaml
    is "a certificate that is not named is not trusted" sh -c "[ $status = 3 ] && grep -q '4.00' err"
else
    skip "certificates" "there is no openssl here"
fi

# Mistakes cost nothing: one line, and nothing is sent.
printf 'ombud: 1\nstate: s\ncontexts:\n- {name: a, sender-id: "01", recipient-id: "", secret: k}\nedhoc: {key: k, certificate: c, peers: [{name: a, certificate: d}]}\n' >shared.yaml
printf 'ombud: 1\nrights: [{who: anyone, resource: /sensor/, methods: [GET]}]\n' >slash.yaml
# shellcheck disable=SC2086 # words
while IFS='|' read -r words wanted; do
    run $words
    is "refused: $words" sh -c "[ $status = 2 ] && [ \$(wc -l <err) = 1 ] && grep -q -- \"$wanted\" err"
done <<ROWS
link|serve, request, keygen, cert or vectors
link serv|did you mean serve
link request GET|method and a URI
link request LOOK coap://127.0.0.1/|no method 'LOOK'
link request GET http://127.0.0.1/|coap://
link request GET coap://127.0.0.1:99999/|coap://
link request GET coap://192.0.2.1/sensor|needs a scope file
link request GET coap://127.0.0.1/x%2|two digits
link request PUT coap://127.0.0.1/ --observe 1|goes with GET
link request GET coap://127.0.0.1/ --oscore meter.yaml --edhoc display.yaml|--oscore or --edhoc
link request GET coap://127.0.0.1/ --edhoc meter.yaml|with 'edhoc'
link request GET coap://127.0.0.1/ --combined|goes with --edhoc
link serve --listen localhost:0|no name
link serve --config big|big:
link keygen|needs --out FILE
link keygen --out x --curve p-384|--curve takes
link keygen --out x --secret --kid 2b|without --kid and --curve
link keygen --out x --secret --curve p-256|without --kid and --curve
link request GET coap://127.0.0.1/{id}|a URI has no
link serve --config shared.yaml|shared.yaml:5:48: a context has this name
link serve --config slash.yaml|slash.yaml:2:34: no resource here has an empty segment
ROWS
cd "$work" || exit 1

# Other implementations.
tool() {
    for name in "coap-$1" "coap-$1-notls" "coap-$1-openssl" "coap-$1-gnutls"; do
        command -v "$name" 2>/dev/null && return
    done
}
client=$(tool client)
if [ -n "$client" ]; then
    begin
    head -c 3000 /dev/zero | tr '\0' q >text
    "$client" -m put -e on "$at/actuator" >out 2>err
    "$client" -m get "$at/actuator" >out 2>err
    is "libcoap's client: PUT and GET" body on
    "$client" -m post -f text -b 64 "$at/faults" >out 2>err
    "$client" -m get -b 128 -o got "$at/faults/1" >out 2>err
    is "libcoap's client: blocks, both ways" cmp -s got text
    timeout 20 "$client" -m get -s 3 "$at/sensor" >out 2>err
    is "libcoap's client: Observe" [ "$(grep -o reading out | wc -l)" -ge 2 ]
else
    skip "libcoap's client" "there is none here"
fi
peer=$(tool server)
if [ -n "$peer" ]; then
    port=$(python3 -c 'import socket; s = socket.socket(type=socket.SOCK_DGRAM)
s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    "$peer" -A 127.0.0.1 -p "$port" -d 10 >peer.out 2>&1 &
    pids="$pids $!"
    sleep 0.5
    at=coap://127.0.0.1:$port
    run link request PUT "$at/new" --payload text --block 4
    run link request GET "$at/new" --block 3
    is "libcoap's server: blocks, both ways" cmp -s out text
    run link request GET "$at/time" --observe 1
    is "libcoap's server: Observe" [ "$(wc -l <out)" = 2 ]
    run link request GET "$at/async?1"
    is "libcoap's server: a response on its own" sh -c "[ $status = 0 ] && [ -s out ]"
    run link request DELETE "$at/new"
    is "libcoap's server: DELETE" grep -q '^2.02' err
else
    skip "libcoap's server" "there is none here"
fi
finish
