#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Nothing of the environment changes where requests go or what they carry.
. "$OB_SOURCE_ROOT/tests/e2e/lib.sh"
serve --seed environment
python3 - >proxy.out 2>&1 <<'PY' &
import socket
s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen(5)
print('port', s.getsockname()[1], flush=True)
while True:
    s.accept(); print('contacted', flush=True)
PY
pids="$pids $!"
await port proxy.out
port=$(awk '/port/ {print $2}' proxy.out)
HOME=$work
http_proxy=http://127.0.0.1:$port
HTTP_PROXY=$http_proxy ALL_PROXY=$http_proxy all_proxy=$http_proxy https_proxy=$http_proxy
export HOME http_proxy HTTP_PROXY ALL_PROXY all_proxy https_proxy
printf 'machine 127.0.0.1 login netrc-user password netrc-password\ndefault login netrc-user password netrc-password\n' >.netrc
chmod 600 .netrc
run evaluate service.yaml --scope scope.yaml --only ics-injection-direct --store e.db --json e.json --quiet
is "the run goes through" test "$(value e.json procedures/0/outcome)" = PASS
is "no proxy of the environment was contacted" sh -c '! grep -q contacted proxy.out'
is "no netrc was sent" sh -c '! grep -aqi "basic \|netrc" e.db'
is "only the service was contacted" test "$(value e.json run/addresses)" = "['$address']"
finish
