#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Ground truth: with all weaknesses at their design rate every procedure says FAIL, with none it says
# PASS. dials.sh OMBUD SEED
. "$OB_SOURCE_ROOT/tests/e2e/lib.sh"
seed=$2
all=$("$OMBUD" demo dials | awk 'NR > 1 {print "--dial " $1 "=" $2}')
# shellcheck disable=SC2086 # a list of options
run demo --out bad --seed "$seed" $all
is "all dials at their design rate: the report is written" test "$status" = 0
outcomes bad/report.json >bad.txt
while read -r id outcome; do
    is "$id finds its weakness (seed $seed)" test "$outcome" = FAIL
done <bad.txt
is "six procedures were executed" test "$(wc -l <bad.txt)" -ge 6
is "the report follows its schema" python3 "$OB_SOURCE_ROOT/tests/e2e/check_schema.py" \
    "$OB_SOURCE_ROOT/doc/schema/report-1.json" bad/report.json
run report --store bad/evidence.db --verify bad/report.json
is "the evidence fits the report" test "$status" = 0

run demo --out good --seed "$seed" --dial leak.cross_session=0
is "all dials at 0: the report is written" test "$status" = 0
outcomes good/report.json >good.txt
while read -r id outcome; do
    is "$id has nothing to find (seed $seed)" test "$outcome" = PASS
done <good.txt
finish
