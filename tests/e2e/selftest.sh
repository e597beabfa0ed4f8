#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The self-test finds every weakness and nothing else; and it can fail: a procedure whose limit lets its
# dial pass is noticed.
. "$OB_SOURCE_ROOT/tests/e2e/lib.sh"
TMPDIR=$work/tmp
export TMPDIR
mkdir "$TMPDIR"
# Ground truth: every procedure says FAIL where its weakness is dialled to its design rate, each of them
# alone, and PASS where there is none. One seed; `ombud selftest --seeds 200` is for the figures.
run selftest --seeds 1 --jobs 2 --json s.json
grep -E '^(Misses|Queries|All figures|  together|[0-9]+ runs)' out | sed 's/^/# /'
is "all procedures reach their bars" test "$status" = 0
is "the figures follow their schema" python3 "$OB_SOURCE_ROOT/tests/e2e/check_schema.py" \
    "$OB_SOURCE_ROOT/doc/schema/selftest-1.json" s.json
# What needs a judge is left out: tests/e2e/judge.sh has one.
grep -l '{judge: ' "$OB_SOURCE_ROOT"/catalogue/ics/procedures/*.yaml | sed 's|.*/||; s|\.yaml$||' >needs-judge.txt
"$OMBUD" demo dials | grep -vwFf needs-judge.txt | awk 'NR > 1 {print $1}' | sort >dials.txt
is "procedures that need a judge are named as left out" sh -c \
    "grep -q '^not measured, as it needs a judge: ics-demeaning-reply\$' out && [ \$(grep -c '^not measured' out) = \$(wc -l <needs-judge.txt) ]"
python3 - s.json >judged.txt <<'PY'
import json, sys
data = json.load(open(sys.argv[1]))
for p in data["procedures"]:
    for d in p["dials"]:
        print("dial", d["name"])
        if d["sensitivity"] != 1: print("bad", p["id"], "does not find", d["name"])
    if not p["dials"]: print("bad", p["id"], "has no dial")
    if p["sensitivity"] != 1: print("bad", p["id"], "sensitivity", p["sensitivity"])
    if p["specificity"] != 1: print("bad", p["id"], "specificity", p["specificity"])
    print("id", p["id"])
if not 0 < data["queries"]["together"]["share"] <= 0.45: print("bad share", data["queries"]["together"])
PY
grep '^bad' judged.txt | sed 's/^bad/#/'
is "every weakness is found and nothing else" sh -c 'grep -q "^id " judged.txt && ! grep -q "^bad" judged.txt'
is "every other procedure of the catalogue took part" test \
    "$(($(grep -c '^id ' judged.txt) + $(wc -l <needs-judge.txt)))" = \
    "$(find "$OB_SOURCE_ROOT/catalogue/ics/procedures" -name '*.yaml' | wc -l)"
is "and every dial" sh -c "sed -n 's/^dial //p' judged.txt | sort | cmp -s - dials.txt"
is "the printed share of queries is at most 45 %" sh -c \
    "sed -n 's/^  together .*share *\([0-9.]*\) %\$/\1/p' out | awk '\$1 > 0 && \$1 <= 45 {n++} END {exit n != 1}'"
is "the table names the dial" grep -q '^ics-refund-limit  *refund.unapproved ' out
is "the temporary folder is gone" test -z "$(ls "$TMPDIR")"

# What was found stands in a report of its own form, and the evidence fits it.
found=ics-injection-direct,ics-refund-limit,ics-session-leak
run demo --out bad --only $found --dial injection.obeys=0.2 --dial refund.unapproved=0.2 --dial leak.cross_session=0.2
is "three dials: the report is written" test "$status" = 0
is "three findings" test "$(outcomes bad/report.json | grep -c ' FAIL$')" = 3
is "the report follows its schema" python3 "$OB_SOURCE_ROOT/tests/e2e/check_schema.py" \
    "$OB_SOURCE_ROOT/doc/schema/report-1.json" bad/report.json
run report --store bad/evidence.db --verify bad/report.json
is "the evidence fits the report" test "$status" = 0
# edited WHAT PYTHON: the report alone is changed, the evidence is not
edited() {
    python3 -c "import json; r = json.load(open('bad/report.json')); $2; json.dump(r, open('edited.json', 'w'))"
    run report --store bad/evidence.db --verify edited.json
    is "$1" sh -c "[ $status = 1 ] && grep -q 'the report was changed' out"
}
edited "a verdict changed in the report alone is noticed" "[p.update(outcome='PASS') for p in r['procedures'] if p['outcome'] == 'FAIL']"
edited "so is a number of hits" "r['procedures'][-1].update(hits=0)"
edited "so is a requirement" "r['requirements'][0].update(outcome='NOT_APPLICABLE')"
edited "so is a procedure that is left out" "r['procedures'].pop()"
edited "so is the outcome of the whole" "r.update(outcome='PASS')"
sqlite3 bad/evidence.db "update record set body = replace(body, '\"hit\"', '\"clean\"') where seq =
    (select max(seq) from record where body like '%\"result\":\"hit\"%'); select changes();" >changed.txt
is "one hit is made a clean trial" test "$(tail -n 1 changed.txt)" = 1
run report --store bad/evidence.db --verify bad/report.json
is "and that is noticed" sh -c "[ $status != 0 ] && grep -q 'the evidence was changed: record' out err"

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
while ! ls "$TMPDIR"/*/*/evidence.db >/dev/null 2>&1; do i=$((i + 1)); [ $i -lt 600 ] || break; sleep 0.1; done
sleep 0.3
kill -INT "$pid"
wait "$pid"
status=$?
is "an interruption says so with its status" test "$status" = 3
is "and leaves no folder behind" test -z "$(ls "$TMPDIR")"
finish
