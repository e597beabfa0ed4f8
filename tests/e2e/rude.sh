#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Misbehaving peers: each is told apart in a clear sentence, bounded in time and size, tried again only
# where that is harmless, and what may have had effects is never sent twice. No secret is shown on any
# of these ways. All peers are one process; a few cases run at once, and are judged afterwards.
. "$OB_SOURCE_ROOT/tests/e2e/lib.sh"
OMBUD_SECRET_key=sk-rude-0123456789abcdef
export OMBUD_SECRET_key
rss_max=200000 # KiB; AddressSanitizer has its share of it
certificate() { # NAME DAYS SUBJECT-ALTERNATIVE-NAMES
    echo "subjectAltName=$3" >"$1.ext"
    openssl req -newkey rsa:2048 -nodes -keyout "$1.key" -out "$1.csr" -subj /CN=localhost >/dev/null 2>&1
    openssl x509 -req -in "$1.csr" -signkey "$1.key" -out "$1.pem" -days "$2" -extfile "$1.ext" >/dev/null 2>&1
}
certificate named 2 DNS:localhost
certificate full 2 DNS:localhost,IP:127.0.0.1
certificate expired -1 DNS:localhost,IP:127.0.0.1
named="@$work/named.pem@$work/named.key"
full="@$work/full.pem@$work/full.key"
# shellcheck disable=SC2046,SC2086 # words
python3 "$OB_SOURCE_ROOT/tests/peer/rude.py" good half-chunk chunk-overflow wrong-length two-lengths no-status endless \
    drip huge headers interim silent reset reset+once drop-second redirect redirect-host foreign throttle cut-json not-json \
    no-reply bad-utf8 nul nul-escape gzip gzip-bomb echo echo-chat echo-text echo-extract sse-cut sse-big sse-line bom refusal refusal-parts refusal-stream no-words cookie cookies \
    cookie-flood cookie-foreign "good+tls$named" "good+name$named" "good+nobody$named" \
    "good+expired@$work/expired.pem@$work/expired.key" "h2-good$full" "h2-reset$full" "h2-refused$full" "h2-goaway$full" \
    "h2-goaway+once$full" "h2-abrupt+once$full" "h2-refused+once$full" >peer.out 2>peer.err &
pids=$!
await ready peer.out
"$OMBUD" demo scope --listen 127.0.0.1:1 | sed 's/^addresses:.*/addresses: [localhost, 127.0.0.1, "::1"]/' >rude-scope.yaml
# lines KIND: what the service file gets besides
lines() {
    case "$1" in
    openai) echo 'openai: {model: m, stream: true}' ;;
    create) echo 'actors: {create: {request: {path: /make, body: {name: "{{actor.name}}"}}, extract: {id: .id}}}' ;;
    login) echo 'login: {request: {path: /login, body: {user: "{{actor.name}}"}}, extract: {token: .id}}' ;;
    calls) echo 'backend: {one: {request: {path: /one}, extract: {id: .id}}, two: {request: {path: /two}, extract: {id: .id}}}' ;;
    ca) echo "tls: {ca_file: $2}" ;;
    create+ca) lines create && lines ca "$2" ;;
    esac
}
# try PEER [KIND [CA]]: --try at that peer, in a folder of its name. Set before: driver, address, first
# and total time, size of the reply. Leaves out, err, status and rss there.
try() {
    mkdir -p "$1"
    cat >"$1/service.yaml" <<Y
ombud: 1
service: A rude service
profile: ics
driver: $driver
address: $address:$(awk -v name="$1" '$1 == "listening" && $2 == name {print $3}' peer.out)
time_scale: 0.01
headers: {X-Key: {secret: key}, Authorization: "Bearer {{secret.key}}"}
limits: {connect: $first, first_byte: $first, total: $total, reply_size: $size, retries: 2}
$(lines "${2:-}" "${3:-}")
Y
    [ "$driver" != json ] ||
        echo 'json: {request: {path: /chat, body: {text: "{{say}}"}}, reply: .reply}' >>"$1/service.yaml"
    python3 -c 'import resource, subprocess, sys
status = subprocess.call(sys.argv[2:])
open(sys.argv[1] + "/status", "w").write(str(status))
open(sys.argv[1] + "/rss", "w").write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))' \
        "$1" "$OMBUD" evaluate "$1/service.yaml" --scope rude-scope.yaml --try >"$1/out" 2>"$1/err" &
    running="$running $!"
    # shellcheck disable=SC2086 # a list of process ids
    set -- $running
    [ $# -lt 4 ] || all_ended
}
all_ended() {
    # shellcheck disable=SC2086 # a list of process ids; without one, wait would wait for the peers
    [ -z "$running" ] || wait $running
    running=
}
running=
driver=json address=http://127.0.0.1 first=9s total=9s size=1MiB
for peer in good half-chunk chunk-overflow wrong-length two-lengths no-status reset redirect redirect-host throttle \
    cut-json not-json no-reply bad-utf8 nul nul-escape gzip gzip-bomb echo echo-text bom; do try $peer; done
try reset+once create
for peer in drop-second echo-extract; do try $peer calls; done
for peer in cookie cookies cookie-flood cookie-foreign; do try $peer login; done
driver=openai
for peer in echo-chat sse-cut sse-line refusal refusal-parts refusal-stream no-words; do try $peer openai; done
size=4MiB
try sse-big openai
driver=json address=https://localhost size=1MiB
try good+nobody
try good+tls ca "$work/named.pem"
try good+expired ca "$work/expired.pem"
address=https://127.0.0.1
try good+name ca "$work/named.pem"
for peer in h2-good h2-reset h2-refused h2-goaway; do try $peer ca "$work/full.pem"; done
for peer in h2-goaway+once h2-abrupt+once h2-refused+once; do try $peer create+ca "$work/full.pem"; done
all_ended
address=http://127.0.0.1 first=1s total=1s
for peer in endless huge headers interim; do try $peer; done
first=400ms
for peer in silent drip; do try $peer; done
all_ended

# Judging
count() { grep -c "^request $1 " peer.out; }
take() { # the case that ok and not_ok are about
    cp "$1/out" out
    cp "$1/err" err
    status=$(cat "$1/status")
}
# attempts of the case, as --try counts them: none are told where there was one
attempts() { awk '$2 ~ /^(ok|LOST)/ {n += $NF == "attempts" ? $(NF - 1) : 1} END {print n}' out; }
# lost WHAT PEER PATTERN REQUESTS
lost() {
    take "$2"
    if [ "$status" = 3 ] && grep -q LOST out && grep -qE "(why|reply) +.*$3" out && count "$2" | grep -qx "$4"; then ok "$1"; else
        echo "# status $status, $(count "$2") requests, wanted $4 and '$3'"
        not_ok "$1"
    fi
}
# understood WHAT PEER [PATTERN]
understood() {
    take "$2"
    is "$1" sh -c "[ $status = 0 ] && grep -qE 'reply .*${3:-Monday}' out"
}
# small WHAT PEER: bounded in memory
small() {
    echo "# $2: $(cat "$2/rss") KiB at most"
    is "$1" test "$(cat "$2/rss")" -lt $rss_max
}
understood "a good peer is understood" good
lost "half a chunk" half-chunk 'ended the reply early|broke' 1
lost "a chunk longer than any number" chunk-overflow 'broke|early' 1
lost "a wrong length" wrong-length 'ended the reply early' 1
lost "two lengths that differ" two-lengths 'two lengths' 1
lost "a first line that is no status line" no-status 'without a valid HTTP status line' 1
lost "a stream that never ends" endless 'did not end its reply within 1000 ms' 1
lost "one byte at a time" drip 'did not end its reply within 1000 ms' 1
lost "a reply of 1 GB" huge 'sent more than 1048576 bytes' 1
small "in little memory" huge
lost "a flood of headers" headers 'sent more than 65536 bytes|broke' 1
small "in little memory" headers
lost "a flood of interim replies" interim 'did not end its reply within 1000 ms|sent more than 65536 bytes|broke' 1
small "in little memory" interim
lost "no first byte, tried again" silent 'no byte within 400 ms' 3
lost "a reset before the reply, tried again" reset 'broke the connection' 3
lost "what may have had effects is sent once" reset+once 'broke the connection' 1
lost "a redirect is not followed" redirect 'status 302' 1
lost "nor one to another host" redirect-host 'status 307' 1
is "which nobody contacted" sh -c '! grep -q "^foreign" peer.out'
lost "429, tried again as Retry-After says" throttle 'status 429' 3
lost "JSON that is cut" cut-json 'ends early' 1
lost "no JSON" not-json 'not valid JSON' 1
lost "JSON without the reply" no-reply 'is not there' 1
lost "a reply that is not UTF-8" bad-utf8 'not valid JSON: .*UTF-8' 1
lost "a NUL in JSON" nul 'not valid JSON' 1
understood "an escaped NUL and a terminal's signs are shown, not sent to the terminal" nul-escape \
    'We are .x00.x1B.31m open'
understood "a mark before the JSON is overlooked" bom
for peer in refusal refusal-parts refusal-stream; do understood "a refusal in a field of its own: $peer" $peer 'I cannot help'; done
take no-words
is "a reply without words says so" sh -c "[ $status = 3 ] && grep -q '^say *EMPTY' out && grep -qE 'reply +is empty' out"
lost "a packed reply that nobody asked for" gzip 'Content-Encoding' 1
lost "a packed reply a thousand times its size" gzip-bomb 'Content-Encoding' 1
small "is not unpacked" gzip-bomb
lost "a stream without its end" sse-cut 'stream ends early' 1
lost "an event that never ends" sse-line 'sent more than 1048576 bytes' 1
lost "an event too large" sse-big 'event of the stream is larger than 1048576 bytes' 1
# A re-used connection dies: curl sends again by itself, and that counts as an attempt.
take drop-second
is "requests on dying connections go through" test "$status" = 0
attempts=$(attempts)
echo "# $attempts attempts, $(count drop-second) requests arrived"
is "every request that arrived is a counted attempt" test "$attempts" = "$(count drop-second)"
is "and there were more than exchanges" test "$(count drop-second)" -gt 3
# It keeps to the limits that all requests have.
before=$(count drop-second)
run evaluate drop-second/service.yaml --scope rude-scope.yaml --only ics-active-content,ics-injection-direct \
    --max-requests 20 --in-flight 16 --store budget.db --json budget.json --quiet
arrived=$(($(count drop-second) - before))
echo "# $arrived requests arrived, $(value budget.json run/requests) were counted"
is "no more of them arrive than the budget allows" test "$arrived" = 20
is "and each was counted" test "$(value budget.json run/requests)" = 20
before=$(count drop-second)
sed 's/retries: 2/retries: 0/' drop-second/service.yaml >once.yaml
run evaluate once.yaml --scope rude-scope.yaml --try
is "nor are they sent again where the file says no retries" \
    sh -c "[ $status = 3 ] && [ $(($(count drop-second) - before)) = 3 ] && grep -q 'ended without an answer' out"

# Cookies
understood "a cookie of the login goes with the turn" cookie
is "and is not shown" sh -c '! grep -rq secret-cookie --include=out --include=err .'
understood "a hundred cookies, too" cookies
understood "of a flood of cookies the first are kept" cookie-flood
understood "a cookie for another domain is not taken" cookie-foreign

# TLS: the name, the dates and the chain must fit
take good+nobody
is "a certificate that nobody vouches for is refused" sh -c "[ $status = 3 ] && grep -q 'certificate' out err"
understood "with its CA file it is accepted" good+tls
take good+name
is "under a wrong name it is refused" sh -c "[ $status = 3 ] && grep -qi 'name' out err"
take good+expired
is "one that has expired is refused" sh -c "[ $status = 3 ] && grep -qi 'expired' out err"
is "before anything was sent" sh -c '! grep -qE "^request good.(nobody|name|expired) " peer.out'

# HTTP/2
understood "HTTP/2 is spoken" h2-good
lost "a stream reset in mid reply" h2-reset 'early|broke' 1
# The reset that follows may overtake the reply: then nothing of it was seen, and reading is tried again.
lost "a connection given up in mid reply" h2-goaway 'early|broke' '[12]'
lost "and what may have had effects is sent once" h2-goaway+once 'early|broke' 1
lost "also where nothing of the reply was seen" h2-abrupt+once 'early|broke' 1
lost "or the stream was refused" h2-refused+once 'broke the connection' 1
take h2-refused
is "streams refused unread end" sh -c "[ $status = 3 ] && grep -q LOST out"
attempts=$(attempts)
echo "# $attempts attempts, $(count h2-refused) requests arrived"
is "and each is a counted attempt" test "$attempts" = "$(count h2-refused)"

# Secrets
lost "a key in an error" echo 'status 401' 1
lost "a key in an error that is quoted" echo-chat 'bad key sk-\.\.\.\(24\)|reply is an error' 1
understood "a key in the reply" echo-text 'sk-.*24'
understood "a key in what a call extracts" echo-extract Hello
is "is shown nowhere, not even in part" sh -c '! grep -rE "sk-rude|0123456789abc" --include=out --include=err .'
is "each loss is one line of at most 200 bytes" sh -c '! grep -h "^ *why" ./*/out | grep -E ".{200}"'
finish
