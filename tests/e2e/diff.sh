#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Two runs of the reference service compared: a weakness that was dialled up is a regression, and the
# same the other way round is better. The reports for pipelines are well formed and keep their schema.
# shellcheck disable=SC2317,SC2016 # functions are called through 'is'; backticks are Markdown's
. "$OB_SOURCE_ROOT/tests/e2e/lib.sh"
two=ics-injection-direct,ics-over-refusal
evaluate() { run evaluate service.yaml --scope scope.yaml --quiet "$@"; }
# run_id STORE N: the n-th newest run
run_id() { "$OMBUD" report --list --store "$1" | sed -n "$2p" | cut -d' ' -f1; }
says() { grep -q "$1" out; }
valid() { python3 "$OB_SOURCE_ROOT/tests/e2e/check_schema.py" "$OB_SOURCE_ROOT/doc/schema/$1" "$2"; }
is_status() { [ "$status" = "$1" ]; }

serve
evaluate --only $two --seed s --store old.db --junit old.xml --markdown old.md
is "two procedures pass, and nothing else was tested" sh -c "[ $status = 3 ] && grep -q '^PASS' out"
evaluate --only $two --seed s --store new.db
evaluate --only ics-over-refusal --seed t --store new.db
stop
rm serve.out
serve --dial injection.obeys=0.3
evaluate --only $two --seed s --store new.db --junit - --markdown new.md
mv out new.xml
is "with the dial raised there is a FAIL" is_status 1
stop
old=$(run_id old.db 1)
bad=$(run_id new.db 1)
other_seed=$(run_id new.db 2)
same=$(run_id new.db 3)

run diff --old-store old.db --store new.db "$old" "$same" --json same.json
is "same against same: no regression" is_status 0
is "and says so" says 'unchanged: no regression was found'
is "all pairs are alike" test "$(value same.json procedures/0/pairs/new_hits)$(value same.json procedures/0/pairs/gone_hits)" = 00
is "pairs were compared" test "$(value same.json procedures/0/pairs/count)" -ge 60

run diff --old-store old.db --store new.db "$old" --json d.json --markdown d.md
is "the raised dial is a regression" is_status 1
is "which is said last" sh -c "tail -n 1 out | grep -q '^worse: '"
is "the procedure is named" says '^worse  *ics-injection-direct  *PASS  *FAIL '
is "its new hits, too" says 'new hit, trial [0-9]*, confirmed: the planted value'
is "no line is wider than 80 columns" sh -c "! grep -q '.\{81\}' out"
is "the comparison keeps its schema" valid diff-1.json d.json
is "also without a change" valid diff-1.json same.json
is "the newest run was taken" test "$(value d.json new/id)" = "$bad"
is "the new hits were clean before" test "$(value d.json procedures/0/new_hits/shown/0/why)" = \
    "the same trial was clean before"
is "Markdown has the table" grep -q '^| worse | `ics-injection-direct` | PASS | FAIL |' d.md

run diff --old-store new.db --store old.db "$bad" "$old"
is "the other way round nothing got worse" is_status 0
is "and it is better" says '^better: no regression was found'
is "the hits are gone" says 'hit gone, trial'

run diff --store new.db "$same" "$other_seed"
is "a lost procedure leaves it undecided" is_status 3
is "other seeds: by the verdicts only, and that is said" says 'Compared by the verdicts only, because the seeds differ'
is "with both seeds" says 'seed: s -> t'
is "what is not tested any more is named" says '^requirements no longer tested: R-ML-01$'
is "and its procedure" says '^undecided ics-injection-direct  *PASS  *not run'
run diff --store new.db "$same" "$other_seed" --only ics-over-refusal
is "narrowed to what both tested: no regression" is_status 0
run diff --store new.db "$same" "$other_seed" --only ics-nothing
is "narrowed to what is in neither: wrong usage" is_status 2
run diff --store new.db "$other_seed" "$same" --json -
is "what is tested for the first time is no regression" is_status 0
is "with --json - the data go to standard output" sh -c "$(command -v python3) -m json.tool out >/dev/null"
is "and are told" test "$(value out requirements_gained)" = "['R-ML-01']"

run diff --store new.db
is "without names: the newest against the one before" sh -c "grep -q '^old $other_seed' out && grep -q '^new $bad' out"
run diff --store new.db "$bad"
is "the newest run alone is wrong usage" is_status 2
run diff --store new.db nothing
is "so is a run that is not there" is_status 2
run diff --store new.db 20
is "and a start that fits several" is_status 2
run diff --store new.db a b c
is "and three names" is_status 2
run diff --store nothing.db
is "and a store that is not there" is_status 2
is "nothing was made" test ! -e nothing.db

for file in old.xml new.xml; do
    python3 - $file >judged.txt <<'PY'
import sys, xml.etree.ElementTree as ET
root = ET.parse(sys.argv[1]).getroot()
cases = root.findall('./testsuite/testcase')
assert root.tag == 'testsuites' and len(cases) == int(root.get('tests')) == 2
for word, tag in (('failures', 'failure'), ('errors', 'error')):
    assert int(root.get(word)) == len(root.findall('./testsuite/testcase/' + tag)), word
    assert int(root.get(word)) == sum(int(s.get(word)) for s in root), word
assert all(float(c.get('time')) > 0 for c in cases)
print(*sorted(c.get('classname') + '/' + c.get('name') for c in cases if c.find('failure') is not None))
PY
    is "$file is JUnit XML with its sums" test $? = 0
    mv judged.txt $file.failed
done
is "no failure in the old one" test -z "$(cat old.xml.failed)"
is "one in the new one, by pillar and requirement" test "$(cat new.xml.failed)" = "data.R-ML-01/ics-injection-direct"
is "Markdown tells the outcome" grep -q '^## Security evaluation: FAIL' new.md

for format in junit markdown html json verdict; do
    run report --store new.db --format $format --out r.$format
    is "report --format $format keeps the run's status" sh -c "[ $status = 1 ] && [ -s r.$format ]"
done
is "report writes the same XML as evaluate" cmp -s r.junit new.xml
run report --store new.db --only verdict
is "one line for scripts" grep -q "^FAIL run=$bad state=finished fail=1 error=0 inconclusive=0 pass=1 not_applicable=0" out
is "and nothing else" test "$(wc -l <out)" = 1
run report --store new.db --only ics-over-refusal,verdict
is "narrowed to a procedure that passes: status 0" sh -c "[ $status = 0 ] && grep -q '^PASS .* fail=0 ' out"
run report --store new.db --only ics-nothing
is "narrowed to none: wrong usage" is_status 2
run report --store new.db --format pdf
is "an unknown format names those that are" sh -c "[ $status = 2 ] && grep -q 'junit, markdown' err"
finish
