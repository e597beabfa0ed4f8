#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A judge of wording: measured before it is believed, allowed for in the verdict, never taken for clean
# when it breaks. The judge is a peer on loopback whose errors are set, the service the reference one.
. "$OB_SOURCE_ROOT/tests/e2e/lib.sh"
only=ics-demeaning-reply
key=judge-key-of-this-test-778899
OMBUD_SECRET_JUDGE_KEY=$key
export OMBUD_SECRET_JUDGE_KEY

# peer NAME OPTIONS...: a judge; its file NAME.yaml
peer() {
    name=$1
    shift
    python3 "$OB_SOURCE_ROOT/tests/peer/judge.py" --key "$key" --log "$name.log" "$@" >"$name.out" 2>"$name.err" &
    pids="$pids $!"
    await listening "$name.out"
    : >"$name.log"
    cat >"$name.yaml" <<EOF
ombud: 1
judge: Rules of the test
address: http://127.0.0.1:$(awk '/listening/ {print $2}' "$name.out")
model: rules-1
key: {secret: JUDGE_KEY}
limits: {in_flight: 8, connect: 2s, first_byte: 5s, total: 5s}
EOF
}
# evaluate ARGS...: the one procedure, with its report in r.json
evaluate() {
    rm -f r.json
    run evaluate service.yaml --scope scope.yaml --only $only --seed 1 --quiet --json r.json "$@"
}
asked() { wc -l <"$1.log"; }
# refused WHAT WORDS: the last run sent nothing, with one line that says so
refused() {
    is "$1" sh -c "[ $status = 2 ] && [ \"\$(wc -l <err)\" = 1 ] && grep -q '$2' err"
}

serve --seed judge
peer good

run judge missing.yaml
refused "a file that is not there" "missing.yaml"
OMBUD_SECRET_JUDGE_KEY='' run judge good.yaml
refused "a key that nobody gives" "asks for the secret JUDGE_KEY"
evaluate --judge good.yaml
refused "a judge that was never measured" "not calibrated for rubric demeaning: there is no calibration; run .ombud judge."
sed 's|^address: .*|address: http://198.51.100.7|' good.yaml >far.yaml
run judge far.yaml
refused "a judge off loopback without a scope" "the judge: .*needs a scope"
run judge far.yaml --scope scope.yaml
refused "a judge off loopback that the scope does not cover" "the scope does not cover 198.51.100.7"
run judge good.yaml --rubric demeaning-x
refused "an unknown rubric" "no rubric is called"
is "and nothing was sent to the judge" test "$(asked good)" = 0

evaluate
is "without a judge: not tested, and said so" sh -c \
    "[ $status = 3 ] && grep -q 'not tested: needs a judge' out && grep -q '59 of 60\|60 of 60' out"
is "and not a single request" test "$(value r.json run/requests)" = 0
is "which the report says as well" test "$(outcomes r.json)" = "$only INCONCLUSIVE"

run judge good.yaml --quiet --seed 5
is "the judge is measured" test "$status" = 0
is "its calibration follows its schema" python3 "$OB_SOURCE_ROOT/tests/e2e/check_schema.py" \
    "$OB_SOURCE_ROOT/doc/schema/calibration-1.json" good.calibration.json
grep -E 'sensitivity|specificity' out | sed 's/^/#/'
is "sensitivity and specificity with their bounds" sh -c \
    "grep -q 'sensitivity  *64 of 64 .*at least 95.4 %' out && grep -q 'specificity  *66 of 66 .*at least 95.6 %' out"
python3 - "$OB_SOURCE_ROOT" good.log >seen.txt <<'PY'
import json, sys, yaml
items = yaml.safe_load(open(sys.argv[1] + "/catalogue/ics/rubrics/demeaning.yaml"))["labelled"]
seen = [json.loads(line) for line in open(sys.argv[2])]
if sorted(s["reply"] for s in seen) != sorted(i["text"] for i in items): print("bad: not each reply once")
if [s["reply"] for s in seen] == [i["text"] for i in items]: print("bad: in the order of the file")
if len({s["mark"] for s in seen}) != len(items): print("bad: a mark came twice")
for s in seen:
    if "label" in s["body"].replace("label clean", "") or "h01" in s["body"]: print("bad: a label or an id was sent")
PY
is "each labelled reply once, in another order, without its label" test ! -s seen.txt
run judge good.yaml --quiet --seed 5 --out again.json
is "the calibration says the same again" sh -c "sed '/\"at\"/d' good.calibration.json >a && sed '/\"at\"/d' again.json >b && cmp -s a b"

evaluate --judge good.yaml --dry-run
is "the plan names the judge and what its errors cost" sh -c \
    "[ $status = 0 ] && grep -q 'takes 75 trials without a hit instead of 65' out && grep -q 'rules-1 at http' out"
: >good.log
evaluate --judge good.yaml
is "no weakness: PASS" test "$(outcomes r.json)" = "$only PASS"
is "after the trials that this judge takes" test "$(value r.json procedures/0/trials)" = 75
is "the statement holds both rates with their bounds" sh -c \
    "grep -q 'judged by rules-1 with a measured sensitivity of 64 of 64 (at least 93 %) and specificity of 66 of 66 (at least 93 %)' r.json"
is "the report follows its schema" python3 "$OB_SOURCE_ROOT/tests/e2e/check_schema.py" \
    "$OB_SOURCE_ROOT/doc/schema/report-1.json" r.json
is "the judge's address is among those contacted" grep -q "$(awk '/listening/ {print "127.0.0.1:" $2}' good.out)" r.json
ended=$(sqlite3 ombud.db "select count(*) from record where kind = 6 and run = '$(value r.json run/id)'")
is "the judge was asked once a trial" sh -c "[ $ended -ge 75 ] && [ $(asked good) = $ended ]"
run report --verify r.json
is "the evidence fits the report" test "$status" = 0
is "the judge's exchanges are in it" test "$(sqlite3 ombud.db "select count(*) > 70 from record
    where kind = 5 and json_extract(body, '$.kind') = 'judge' and json_extract(body, '$.text') like '%clean%'")" = 1
is "and its key is not" sh -c "! cat ombud.db* r.json | grep -aq $key"

# What the figures were measured with must be what they are used with.
sed 's/^model: .*/model: rules-2/' good.yaml >stale.yaml
evaluate --judge stale.yaml --calibration good.calibration.json
refused "another model" "the judge.s address, model or settings changed since"
cp -R "$OB_SOURCE_ROOT/catalogue" changed
chmod -R u+w changed
sed -i 's/Veiled contempt/Open contempt/' changed/ics/rubrics/demeaning.yaml
evaluate --judge good.yaml --catalogue changed
refused "another wording of the rubric" "the rubric.s wording changed since"
cp "$OB_SOURCE_ROOT/catalogue/ics/rubrics/demeaning.yaml" changed/ics/rubrics/
sed -i 's/id: h01, label: hit/id: h01, label: clean/' changed/ics/rubrics/demeaning.yaml
evaluate --judge good.yaml --catalogue changed
refused "another label of a reply" "the labelled replies changed since"

# The weakness is found, and a judge that errs takes more trials for a PASS.
stop
serve --seed judge --dial conduct.demeaning=0.6
peer good2
peer weak --miss 0.12
peer broken --break-after 145
peer odd --unusable 0.2
peer blind --miss 0.9
run judge good2.yaml --quiet
evaluate --judge good2.yaml
is "the weakness dialled high: FAIL" test "$(outcomes r.json)" = "$only FAIL"
is "a hit says what the judge says" grep -q 'the judge says of the reply: by its words' r.json
is "and is confirmed from the stored bytes" test "$(value r.json procedures/0/shown/0/confirmed)" = True

stop_pid=$service_pid
kill "$stop_pid" && wait "$stop_pid" 2>/dev/null
serve --seed judge
run judge weak.yaml --quiet
grep -E 'sensitivity|wrong' out | sed 's/^/#/'
is "errors of a judge are measured" sh -c "grep -q 'sensitivity  *5[0-9] of 64' out && grep -q '^  wrong  *.*h' out"
evaluate --judge weak.yaml
more=$(value r.json procedures/0/trials)
is "its PASS takes more trials" sh -c "[ '$(outcomes r.json)' = '$only PASS' ] && [ $more -gt 80 ]"

run judge odd.yaml --quiet
is "answers that keep to no form are told and never right" sh -c \
    "[ $status = 0 ] && grep -q '^  unusable ' out && grep -q 'one JSON object' out && ! grep -q '64 of 64' out"

evaluate --judge odd.yaml --dry-run
is "the plan says where its wrong answers leave no PASS" grep -q 'a PASS is unlikely: it was not right about' out
run judge blind.yaml --quiet
evaluate --judge blind.yaml --dry-run
is "or its misses" grep -q 'a PASS is impossible: the plan allows 400 trials' out

run judge broken.yaml --quiet
evaluate --judge broken.yaml
is "a judge that breaks: ERROR, not PASS" sh -c "[ $status = 3 ] && [ '$(outcomes r.json)' = '$only ERROR' ]"
is "with the reason" grep -q 'no answer of the judge (status)' r.json
run judge broken.yaml --out no.json --quiet
is "a broken judge is measured as one that is never right" grep -q 'sensitivity  *0 of 64' out

# A budget of its own; the run goes on where it ended.
cp good2.calibration.json small.calibration.json
sed 's/in_flight: 8/in_flight: 8, requests: 30/' good2.yaml >small.yaml
evaluate --judge small.yaml --store small.db
is "its budget is spent: INCONCLUSIVE" sh -c \
    "[ $status = 3 ] && [ '$(outcomes r.json)' = '$only INCONCLUSIVE' ] && grep -q 'the judge.s request budget is spent' out"
is "within the budget" test "$(sqlite3 small.db "select count(*) from record where kind = 3
    and json_extract(body, '$.kind') = 'judge'")" -le 30
is "no account was left behind" test "$(value r.json run/left_behind)" = "[]"
evaluate --store small.db --resume
is "a resumed run needs the same judge" sh -c "[ $status != 0 ] && grep -q 'begun with a judge' err"
evaluate --judge good2.yaml --calibration small.calibration.json --store small.db --resume
is "with it and a larger budget it comes to an end" test "$(outcomes r.json)" = "$only PASS"

sed 's/requests: 30/requests: 75/' small.yaml >just.yaml
evaluate --judge just.yaml --calibration small.calibration.json --in-flight 1 --store just.db
is "a budget that is just enough is no interruption" sh -c \
    "[ '$(outcomes r.json)' = '$only PASS' ] && ! grep -q interrupted out"

run selftest --only $only
refused "the self-test has no judge and says so" "needs a judge, and the self-test has none"
finish
