#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# --dry-run sends nothing and shows the bytes; --try shows what is extracted; help is there.
. "$OB_SOURCE_ROOT/tests/e2e/lib.sh"
serve --seed dry
run evaluate service.yaml --scope scope.yaml --dry-run
is "--dry-run ends well" test "$status" = 0
is "it shows requests byte for byte" grep -q '^POST /admin/customers HTTP/1.1' out
is "with credentials masked" grep -q 'Authorization: Bearer sk-\.\.\.(27)' out
is "and no secret" sh -c '! grep -q test-admin-token out'
kill "$service_pid"
wait "$service_pid" 2>/dev/null
run evaluate service.yaml --scope scope.yaml --dry-run
is "it needs no running service" test "$status" = 0
serve --seed dry
run evaluate service.yaml --scope scope.yaml --try
is "--try ends well" test "$status" = 0
is "it shows the reply" grep -q 'reply .*open' out
is "it tries every reading call" grep -q 'desktop .*ok' out
is "but none that only a procedure can fill in" sh -c '! grep -q "^object " out'
is "and hides the token" sh -c 'grep -q "token .*sk-" out'
run --version
is "--version" grep -q '^ombud 0' out
for command in evaluate report demo catalogue; do
    run $command --help
    is "$command --help: status 0, at most 80 columns" \
        sh -c "[ $status = 0 ] && [ -s out ] && ! grep -qE '.{81}' out"
done
finish
