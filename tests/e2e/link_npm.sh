#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# CoAP with another implementation, the npm package "coap", as a client and as a server: methods, blocks
# both ways, Observe, responses on their own. Skipped where npm cannot get it.
for program in node npm; do
    if ! command -v $program >/dev/null 2>&1; then
        echo "1..0 # SKIP there is no $program here"
        exit 0
    fi
done
. "$OB_SOURCE_ROOT/tests/e2e/lib.sh"
export npm_config_fetch_retries=1 npm_config_fetch_timeout=20000 npm_config_audit=false npm_config_fund=false
if ! npm install --silent --no-save --no-package-lock --prefix "$work/npm" coap@1.5.0 >out 2>err ||
    [ ! -d npm/node_modules/coap ]; then
    echo "1..0 # SKIP npm cannot get the package coap"
    cd / && rm -rf "$work"
    exit 0
fi
# The package is looked for beside the program.
cp "$OB_SOURCE_ROOT/tests/peer/coap.cjs" npm/
peer() { node npm/coap.cjs "$@" >out 2>err; }
head -c 3000 /dev/urandom >big
printf on >on

# Its client, our server.
"$OMBUD" link serve --listen 127.0.0.1:0 >link.out 2>link.err &
pids="$pids $!"
await '^serving' link.out
at=$(sed -n '1s/^serving //p' link.out)
peer PUT "$at/actuator" body=on
is "its client: PUT" grep -q '^2.04' out
peer GET "$at/actuator"
is "its client: GET" grep -q '^on' out
peer GET "$at/none"
is "its client: what is not there" grep -q '^4.04' out
peer GET "$at/.well-known/core"
is "its client: what there is" grep -q '</sensor>' out
peer POST "$at/faults" body=big block1=2
is "its client: a body in blocks of 64 goes up" grep -q '^2.01' out
peer GET "$at/faults/1" out=got
is "and comes down in blocks" cmp -s got big
peer GET "$at/faults/1" block2=128 out=got
is "and in blocks of the size that it asks for" cmp -s got big
peer GET "$at/sensor" observe=3
is "its client: Observe" [ "$(grep -c reading out)" -ge 3 ]

# Our client, its server.
node npm/coap.cjs server >peer.out 2>peer.err &
pids="$pids $!"
await '^port' peer.out
at=coap://127.0.0.1:$(sed -n 's/^port //p' peer.out)
run link request PUT "$at/text" --payload big --block 4
is "its server: a body in blocks of 256 goes up" sh -c "[ $status = 0 ] && grep -q '^2.04' err"
run link request GET "$at/text"
is "and comes down in blocks" cmp -s out big
run link request GET "$at/text" --block 3
is "and in blocks of the size that we ask for" cmp -s out big
run link request DELETE "$at/text"
is "its server: DELETE" grep -q '^2.02' err
run link request GET "$at/none"
is "its server: what is not there" sh -c "[ $status = 1 ] && grep -q '^4.04' err"
run link request GET "$at/slow"
is "its server: a response on its own" sh -c "[ $status = 0 ] && grep -q '^later' out"
run link request GET "$at/ticks" --observe 3
is "its server: Observe" [ "$(grep -o tick out | wc -l)" = 4 ]
finish
