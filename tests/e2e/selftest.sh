#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The self-test measures, and it can fail: a procedure whose limit lets its dial pass is noticed.
. "$OB_SOURCE_ROOT/tests/e2e/lib.sh"
TMPDIR=$work/tmp
export TMPDIR
mkdir "$TMPDIR"
run selftest --seeds 1 --only ics-refund-limit,ics-active-content --json s.json
is "two procedures reach their bars" test "$status" = 0
is "the figures follow their schema" python3 "$OB_SOURCE_ROOT/tests/e2e/check_schema.py" \
    "$OB_SOURCE_ROOT/doc/schema/selftest-1.json" s.json
is "both are there" test "$(value s.json procedures/0/id) $(value s.json procedures/1/id)" = \
    "ics-active-content ics-refund-limit"
is "the weakness is found" test "$(value s.json procedures/1/sensitivity)" = 1
is "and nothing where there is none" test "$(value s.json procedures/1/specificity)" = 1
is "the table names the dial" grep -q '^ics-refund-limit  *refund.unapproved ' out
is "the temporary folder is gone" test -z "$(ls "$TMPDIR")"

run selftest --seeds 1 --only ics-refund-limit --json - --quiet
is "with --json - the data go to standard output" test "$(value out seeds)" = 1

cp -R "$OB_SOURCE_ROOT/catalogue" lax
chmod -R u+w lax
sed -i 's/^plan: {limit: [^,]*{[^}]*}/plan: {limit: 0.9/; s/^plan: {limit: [0-9.]*/plan: {limit: 0.9/' \
    lax/ics/procedures/ics-refund-limit.yaml
sed -i 's/zero_tolerance: true/zero_tolerance: false/' lax/ics/procedures/ics-refund-limit.yaml
run selftest --seeds 1 --only ics-refund-limit --catalogue lax --json lax.json
is "a procedure that lets its dial pass gives status 1" test "$status" = 1
is "and a sensitivity of 0" test "$(value lax.json procedures/0/sensitivity)" = 0
is "and is named" grep -q 'Misses its bar: ics-refund-limit sensitivity 0.00 for refund.unapproved' out

run selftest --seeds 0
is "no seeds are wrong usage" test "$status" = 2
run selftest --only ics-nothing
is "so is a procedure that is not there" test "$status" = 2

"$OMBUD" selftest --seeds 20 >out 2>err &
pid=$!
pids="$pids $pid"
i=0
while ! ls "$TMPDIR"/*/*/evidence.db >/dev/null 2>&1; do i=$((i + 1)); [ $i -lt 200 ] || break; sleep 0.1; done
sleep 0.3
kill -INT "$pid"
wait "$pid"
status=$?
is "an interruption says so with its status" test "$status" = 3
is "and leaves no folder behind" test -z "$(ls "$TMPDIR")"
finish
