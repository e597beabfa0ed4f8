#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# One interrupt ends the exchanges, marks the run and reports; it can be resumed. Budgets do the same.
. "$OB_SOURCE_ROOT/tests/e2e/lib.sh"
serve --seed interrupt
"$OMBUD" evaluate service.yaml --scope scope.yaml --only "$six" --seed 5 --store i.db --json i.json >out 2>err &
pid=$!
pids="$pids $pid"
await evaluating err
sleep 0.3
kill -INT "$pid"
wait "$pid"
status=$?
is "an interrupted run says so with its status" test "$status" = 3
is "the report was written" test -s i.json
is "the run is marked" test "$(value i.json run/state)" = interrupted
run evaluate service.yaml --scope scope.yaml --only "$six" --seed 5 --store i.db --json i.json --resume --quiet
is "it can be resumed to its end" test "$(value i.json run/state)" = finished
run evaluate service.yaml --scope scope.yaml --only "$six" --seed 5 --store b.db --json b.json --max-requests 200 --quiet
is "a request budget ends a run undecided" test "$status" = 3
is "and is kept" test "$(value b.json run/requests)" -le 200
run evaluate service.yaml --scope scope.yaml --resume --store b.db --json b.json --quiet
is "a run out of budget can be resumed" test "$(value b.json run/state)" = finished
is "and does what it was begun for, not more" test "$(sqlite3 b.db \
    "select group_concat(distinct procedure) from record where kind = 3 and procedure <> ''" | tr , '\n' | sort)" = \
    "$(echo "$six" | tr , '\n')"
sed 's/^service: .*/service: Another title/' service.yaml >service2.yaml
run evaluate service.yaml --scope scope.yaml --only "$six" --seed 5 --store c.db --max-requests 100 --quiet
cp service2.yaml service.yaml
run evaluate service.yaml --scope scope.yaml --resume --store c.db --quiet
is "a changed service file is refused" sh -c "[ $status = 2 ] && grep -q 'service file changed' err"
finish
