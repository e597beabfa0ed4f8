#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# EDHOC with chains of certificates that are longer than a datagram: its messages go in blocks, both
# ways, and message 3 goes before the request that it was to go along with.
. "$OB_SOURCE_ROOT/tests/e2e/lib.sh"

for device in meter gate; do
    [ -d lab ] || "$OMBUD" link cert authority --out lab --name "Test lab" >out 2>err
    "$OMBUD" link cert issue --authority lab --serial "SN-$device" --name "$device" \
        --crl http://crl.example/lab.crl --out "$device" >out 2>err
done
cat meter.crt lab/authority.crt gate.crt >meter-chain.crt
cat gate.crt lab/authority.crt meter.crt >gate-chain.crt
cat >gate.yaml <<END
ombud: 1
edhoc:
  key: gate.key
  certificate: gate-chain.crt
  send-certificate: true
  authority: lab/authority.crt
  message-4: true
  peers:
  - {name: meters, serial: "*"}
rights:
- {who: meters, resource: /sensor, methods: [GET]}
END
cat >meter.yaml <<END
ombud: 1
edhoc:
  key: meter.key
  certificate: meter-chain.crt
  send-certificate: true
  method: 0
  authority: lab/authority.crt
  peers:
  - {name: gate, serial: SN-gate}
END
"$OMBUD" link serve --listen 127.0.0.1:0 --config gate.yaml >link.out 2>link.err &
pids="$pids $!"
await '^serving coap://' link.out
at=$(sed -n '1s/^serving //p' link.out)
# Messages 2 and 3 in two blocks each, and an Echo value before: 6 exchanges with the request.
# shellcheck disable=SC2317 # called by is
long() { awk '/^EDHOC/ { exit !($4 > 1024 && $6 > 1024 && $12 == m) }' m="$1" err; }
run link request GET "$at/sensor" --edhoc meter.yaml --stats
is "long messages of EDHOC go in blocks" [ "$status" = 0 ]
is "they are longer than a block, and message 4 comes" long 9
is "it takes six exchanges" grep -q '^messages      6 sent, 6 received' err
run link request GET "$at/sensor" --edhoc meter.yaml --combined --stats
is "a message 3 that does not fit beside the request goes before it" [ "$status" = 0 ]
is "and takes no exchange more" grep -q '^messages      6 sent, 6 received' err
is "the response is protected" grep -q '^2.05 Content, protected' err
finish
