#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# ombud link cert: an authority for tests, certificates that it issues and revokes, the check of
# files and of live peers over TLS, DTLS and EDHOC, and EDHOC between nodes that trust an authority.
. "$OB_SOURCE_ROOT/tests/e2e/lib.sh"

skip() { n=$((n + 1)); echo "ok $n - $1 # SKIP $2"; }
# shellcheck disable=SC2317 # called by is
fits() { python3 "$OB_SOURCE_ROOT/tests/e2e/check_schema.py" "$OB_SOURCE_ROOT/doc/schema/$1" "$2"; }
# end_one PID
end_one() { kill "$1" 2>/dev/null && wait "$1" 2>/dev/null; }

# --- the authority ---
run link cert authority --out lab --name 'Test lab'
is "an authority is made" sh -c "[ $status = 0 ] && grep -q '^authority: lab/authority.crt' out && grep -q 'for tests only' err"
is "its key is for its owner only" [ "$(stat -c %a lab/authority.key)" = 600 ]
cp lab/authority.key kept
run link cert authority --out lab --name 'Test lab'
is "and is not overwritten" sh -c "[ $status = 2 ] && grep -q 'is there already' err && cmp -s kept lab/authority.key"
run link cert issue --authority lab --serial SN-42 --name meter --crl http://127.0.0.1/lab.crl --out meter
is "a certificate is issued, with a new key" sh -c "[ $status = 0 ] && [ \$(stat -c %a meter.key) = 600 ] && grep -q '^certificate: meter.crt' out"
run link cert issue --authority lab --serial SN-42 --out meter
is "what is there stays" sh -c "[ $status = 2 ] && grep -q 'meter.crt is there already' err"
run link keygen --out own.key --kid 2b --curve ed25519
run link cert issue --authority lab --serial SN-43 --key own.key --curve ed25519 --hardware 1.3.6.1.4.1.99999.1 --no-end --ocsp http://127.0.0.1/ --out own
is "for a key of keygen, for the life of the device" [ "$status" = 0 ]
chmod 640 own.key
run link cert issue --authority lab --serial SN-44 --key own.key --out late
is "a key that others may read is refused" sh -c "[ $status = 2 ] && grep -q 'chmod 600' err && [ ! -e late.crt ]"
chmod 600 own.key
run link cert authority --out edwards --name Edwards --curve ed25519 --days 100
run link cert issue --authority edwards --serial SN-9 --crl http://127.0.0.1/e.crl --days 10 --out short
is "an authority with Ed25519" [ "$status" = 0 ]

# --- files ---
run link cert check meter.crt --authority lab --revoked lab
is "it conforms" sh -c "[ $status = 0 ] && grep -q '^conforms at .*: 0 must, 0 should' out && ! grep -q 'not checked' out"
run link cert check own.crt short.crt --authority lab --authority edwards
is "so do the others" [ "$status" = 0 ]
run link cert check meter.crt --authority edwards
is "not under another authority" sh -c "[ $status = 1 ] && grep -q 'must    issuer-there' out"
run link cert check meter.crt --profile server --host a.example
is "nor as a server" sh -c "[ $status = 1 ] && grep -q 'server-name' out && grep -q 'server-host' out && grep -q 'mend    issue it with the name' out"
run link cert check meter.crt --authority lab --at 2001-01-01
is "nor before it begins" sh -c "[ $status = 1 ] && grep -q 'must    started' out"
run link cert check meter.crt --authority lab --at 2099-01-01T00:00:00Z
is "nor when it is over" sh -c "[ $status = 1 ] && grep -q 'must    ended' out"
run link cert check - --json <meter.crt
is "as JSON, from standard input" sh -c "[ $status = 0 ] && grep -q '\"device_serial\": \"SN-42\"' out"
is "which fits its schema" fits cert-1.json out
run link cert revoke --authority lab meter.crt
run link cert check meter.crt --authority lab --revoked lab/authority.crl --json
is "a revoked one is told" sh -c "[ $status = 1 ] && grep -q '\"rule\": \"revoked\"' out"
is "which fits the schema, too" fits cert-1.json out
run link cert revoke --authority lab meter.crt
is "it is revoked once" sh -c "[ $status = 2 ] && grep -q 'revoked already' err"
run link cert check own.crt --authority lab --revoked lab
is "the other one is not" [ "$status" = 0 ]

# --- EDHOC between nodes that trust the authority ---
for who in node display late; do
    run link cert issue --authority lab --serial "SN-$who" --crl http://127.0.0.1/lab.crl --out $who
done
run link cert issue --authority lab --serial SN-past --crl http://127.0.0.1/l --at 2020-01-01 --days 5 --out past
cat >node.yaml <<END
ombud: 1
edhoc:
  key: node.key
  certificate: node.crt
  send-certificate: true
  authority: lab/authority.crt
  revoked: lab/authority.crl
  message-4: true
  peers:
  - {name: devices, serial: "*"}
rights:
- {who: devices, resource: /sensor, methods: [GET]}
END
for who in display late past; do
    printf 'ombud: 1\nedhoc: {key: %s.key, certificate: %s.crt, send-certificate: true, method: 0, authority: lab/authority.crt, peers: [{name: node, serial: SN-node}]}\n' $who $who >$who.yaml
done
run link cert revoke --authority lab late.crt
"$OMBUD" link serve --listen 127.0.0.1:0 --config node.yaml --verbose >link.out 2>link.err &
node=$!
pids="$pids $node"
await '^serving coap://' link.out
at=$(sed -n '1s/^serving //p' link.out)
run link request GET "$at/sensor" --edhoc display.yaml
is "a device of the authority is let in" sh -c "[ $status = 0 ] && grep -q celsius out"
run link request GET "$at/sensor" --edhoc past.yaml
is "one whose certificate is over is not" sh -c "[ $status = 3 ] && grep -q '4.00' err && grep -q 'has expired' link.err"
run link request GET "$at/sensor" --edhoc late.yaml
is "nor one that was revoked" sh -c "[ $status = 3 ] && grep -q 'certificate revoked' link.err"
sed 's/SN-node/SN-other/' display.yaml >other.yaml
run link request GET "$at/sensor" --edhoc other.yaml
is "a server with another serial number is refused" sh -c "[ $status = 3 ] && grep -q 'serial number' err"
sed 's#lab/authority.crt#edwards/authority.crt#' display.yaml >other.yaml
run link request GET "$at/sensor" --edhoc other.yaml
is "so is one of another authority" sh -c "[ $status = 3 ] && grep -q 'not trusted' err"
run link cert check "$at" --edhoc display.yaml --authority lab --revoked lab
is "the certificate of an EDHOC peer is checked" sh -c "[ $status = 0 ] && grep -q 'CN=\\|serialNumber=SN-node' out && grep -q 'the peer proved' out"
sed 's/send-certificate: true, //; s/{name: node, serial: SN-node}/{name: node, certificate: node.crt}/; s/authority: [^,]*, //' display.yaml >named.yaml
run link cert check "$at" --edhoc named.yaml --authority lab --json
is "also where the server does not know who asks" sh -c "[ $status = 0 ] && grep -q '\"proven\": true' out && grep -q 'refused EDHOC' err"
end_one $node
# Named by its hash: the file is the configuration's.
sed 's/  send-certificate: true//; s/\(- {name: devices.*\)/\1\n  - {name: display, certificate: display.crt}/' node.yaml >hash.yaml
rm -f link.out
"$OMBUD" link serve --listen 127.0.0.1:0 --config hash.yaml >link.out 2>link.err &
node=$!
pids="$pids $node"
await '^serving coap://' link.out
at=$(sed -n '1s/^serving //p' link.out)
run link cert check "$at" --edhoc named.yaml --authority lab
is "a certificate named by its hash is that of the file" sh -c "[ $status = 0 ] && grep -q SN-node out"
end_one $node

# --- TLS and DTLS ---
if command -v openssl >/dev/null; then
    port() { python3 -c 'import socket, sys; s = socket.socket(type=getattr(socket, sys.argv[1]))
s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])' "$1"; }
    openssl ecparam -name prime256v1 -genkey -noout -out server.pem
    chmod 600 server.pem
    run link cert issue --authority lab --profile server --name server --host server.example --key server.pem --ocsp http://127.0.0.1/ --out server
    is "a certificate for a server, for a key in PEM" [ "$status" = 0 ]

    # What is encrypted is told, with what to do. Nobody is asked for a password, on standard input
    # (there is no terminal) or elsewhere, and nothing is written.
    (umask 077 && openssl pkcs8 -topk8 -in server.pem -passout pass:secret -out locked8.pem &&
        openssl ec -in server.pem -aes128 -passout pass:secret -out locked1.pem) 2>/dev/null
    for key in locked8.pem locked1.pem; do
        setsid -w "$OMBUD" link cert issue --authority lab --serial SN-l --key $key --out locked >out 2>err </dev/null
        status=$?
        is "an encrypted key is refused: $key" sh -c "[ $status = 2 ] && [ \$(wc -l <err) = 1 ] && grep -q 'is encrypted.*openssl pkey' err && [ ! -e locked.crt ]"
    done
    sed '1a Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n' display.crt >locked.crt
    for change in 's/display.crt/locked.crt/' 's/display.key/locked8.pem/'; do
        sed "$change" display.yaml >locked.yaml
        setsid -w "$OMBUD" link request GET coap://127.0.0.1:1/ --edhoc locked.yaml >out 2>err </dev/null
        status=$?
        is "no password for EDHOC: $change" sh -c "[ $status = 2 ] && [ \$(wc -l <err) = 1 ] && grep -q 'locked' err"
    done
    is "libcrypto's own check agrees" sh -c "openssl verify -x509_strict -purpose sslserver -CAfile lab/authority.crt server.crt display.crt >/dev/null"
    mkfifo open # standard input without an end: at its end the server goes
    exec 9<>open
    # serve_tls OPTIONS...: openssl's server on $at_port; its process in $server
    serve_tls() {
        rm -f tls.out
        openssl s_server -accept "127.0.0.1:$at_port" -cert server.crt -key server.pem "$@" <&9 >tls.out 2>&1 &
        server=$!
        pids="$pids $server"
        await ACCEPT tls.out
    }
    at_port=$(port SOCK_STREAM)
    serve_tls
    run link cert check "tls://127.0.0.1:$at_port" --host server.example --authority lab
    is "a TLS server conforms" sh -c "[ $status = 0 ] && grep -q '^1  server ' out && grep -q 'the peer proved' out"
    run link cert check "tls://127.0.0.1:$at_port" --host other.example --authority lab --json
    is "not under another name" sh -c "[ $status = 1 ] && grep -q server-host out"
    is "which fits the schema" fits cert-1.json out
    run link cert check "tls://127.0.0.1:$at_port" --authority edwards
    is "nor under another authority" [ "$status" = 1 ]
    # The owner's permission holds on loopback, too, where it is given.
    printf 'ombud: 1\nscope: test\nowner: test\naddresses: [127.0.0.1]\neffects: [read]\nfrom: 2020-01-01\nuntil: 2099-01-01\n' >scope.yaml
    run link cert check "tls://127.0.0.1:$at_port" --scope scope.yaml
    is "a scope that covers it lets it through" [ "$status" = 0 ]
    sed -i 's/2099/2021/' scope.yaml
    run link cert check "tls://127.0.0.1:$at_port" --scope scope.yaml
    is "one that is over does not" sh -c "[ $status = 2 ] && ! [ -s out ]"
    end_one $server
    at_port=$(port SOCK_STREAM)
    serve_tls -tls1_2 -Verify 1
    run link cert check "tls://127.0.0.1:$at_port" --authority lab
    is "one that wants a certificate of ours is looked at" sh -c "grep -q '^1  server ' out && [ $status = 0 ]"
    end_one $server
    at_port=$(port SOCK_DGRAM)
    serve_tls -dtls
    run link cert check "dtls://127.0.0.1:$at_port" --host server.example --authority lab
    is "a DTLS server conforms" sh -c "[ $status = 0 ] && grep -q 'the peer proved' out"
    end_one $server
    serve_tls -dtls -cipher ECDHE-ECDSA-AES128-CCM8:@SECLEVEL=0
    run link cert check "coaps://127.0.0.1:$at_port" --authority lab
    is "also with the cipher of constrained devices" [ "$status" = 0 ]
    end_one $server
    at_port=$(port SOCK_STREAM)
    openssl req -x509 -newkey rsa:1024 -nodes -keyout weak.pem -subj /CN=weak -days 2 -out weak.crt 2>/dev/null
    rm -f tls.out
    openssl s_server -accept "127.0.0.1:$at_port" -cert weak.crt -key weak.pem -cipher ALL:@SECLEVEL=0 <&9 >tls.out 2>&1 &
    server=$!
    pids="$pids $server"
    await ACCEPT tls.out
    run link cert check "tls://127.0.0.1:$at_port" --profile device
    is "a weak one is looked at, and told" sh -c "[ $status = 1 ] && grep -q 'must    key-strength' out && grep -q 'must    device-serial' out"
    end_one $server
    run link cert check "tls://127.0.0.1:$at_port"
    is "who is not there gives no answer" sh -c "[ $status = 3 ] && [ \$(wc -l <err) = 1 ]"
else
    skip "TLS and DTLS" "there is no openssl here"
fi

# A peer that is silent.
python3 -c 'import socket, sys, time
s = socket.socket(type=socket.SOCK_DGRAM)
s.bind(("127.0.0.1", 0))
print("at", s.getsockname()[1], flush=True)
time.sleep(30)' >silent.out &
silent=$!
pids="$pids $silent"
await at silent.out
run link cert check "dtls://127.0.0.1:$(sed -n 's/^at //p' silent.out)" --wait 1
is "who is silent gives no answer" sh -c "[ $status = 3 ] && grep -q 'does not answer' err"
end_one $silent

# Mistakes cost nothing: one line, and nothing is sent.
printf 'hello' >hello
printf -- '-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n' >broken
cat meter.crt own.key >mixed
cat lab/authority.crl edwards/authority.crt >both.pem
# shellcheck disable=SC2086 # words
while IFS='|' read -r words wanted; do
    run $words
    is "refused: $words" sh -c "[ $status = 2 ] && [ \$(wc -l <err) = 1 ] && grep -q -- \"$wanted\" err"
done <<ROWS
link cert|authority, issue, revoke or check
link cert isue|did you mean issue
link cert check|needs a file
link cert check hello|hello: byte 0
link cert check broken|broken:1: this is no base64
link cert check nothing.crt|nothing.crt
link cert check server.pem|private key
link cert check lab/authority.crl|no certificate to be checked
link cert check meter.crt --profile toaster|--profile takes
link cert check meter.crt --at soon|--at
link cert check meter.crt --authority hello|hello: byte 0
link cert check meter.crt --revoked meter.crt|no revocation list
link cert check meter.crt --revoked both.pem|has a certificate, too
link cert check meter.crt tls://127.0.0.1:1|one live peer
link cert check tls://127.0.0.1|needs a port
link cert check tls://127.0.0.1:1/x|host and port alone
link cert check tls://192.0.2.1:443|needs a scope file
link cert check dtls://192.0.2.1:443|needs a scope file
link cert check coap://127.0.0.1:1|needs --edhoc
link cert check coap://192.0.2.1:1 --edhoc display.yaml|needs a scope file
link cert authority --out x|needs --out DIR and --name
link cert authority --out x --name x --curve x25519|cannot sign
link cert issue --serial SN --out x|needs one --authority
link cert issue --authority lab --out x|needs its serial number
link cert issue --authority lab --serial a_b --out x|letters, digits
link cert issue --authority lab --serial S --crl http://a/b#c --out x|list is wrong from byte 10 on
link cert issue --authority lab --serial S --ocsp ocsp.example --out x|(OCSP) is wrong from byte 12 on
link cert issue --authority lab --profile server --name s --host a_b --out x|such as gate.example
link cert issue --authority lab --serial S --out x --days 1 --no-end|--days or --no-end
link cert issue --authority lab --serial S --profile authority --out x|device or server
link cert issue --authority lab --serial S --key hello --out x|chmod 600
link cert revoke --authority lab short.crt|another authority issued
ROWS
run link cert issue --authority lab --serial S --crl 'http://127.0.0.1/my list' --out x
is "refused: a URL with a blank" sh -c "[ $status = 2 ] && grep -q 'from byte 19 on.*%20 for a blank' err"
mkdir -p full && chmod 500 full
if [ "$(id -u)" != 0 ]; then
    run link cert issue --authority lab --serial S --out full/x
    is "refused: a folder that cannot be written" sh -c "[ $status = 2 ] && [ ! -e full/x.key ]"
else
    skip "a folder that cannot be written" "root writes everywhere"
fi
is "nothing half-written is left" sh -c "[ ! -e x ] && [ ! -e x.crt ] && [ ! -e x.key ]"

# Nothing secret stands anywhere but in its own file.
found=0
for file in lab/authority.key meter.key node.key display.key; do
    for other in ./* lab/*; do
        [ "$other" = "$file" ] || [ "$other" = "./$file" ] || [ "$other" = ./kept ] || {
            [ -f "$other" ] && grep -qF "$(cat $file)" "$other" && found=1; }
    done
done
is "no secret stands anywhere else" [ $found = 0 ]
finish
