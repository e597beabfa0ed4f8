#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A run that is killed again and again, and resumed, comes to the totals of one that was not.
. "$OB_SOURCE_ROOT/tests/e2e/lib.sh"
serve --seed kill --dial injection.obeys=0.2 --dial policy.invented=0.12
# Time limits of procedures far above what a busy machine adds: the totals must not depend on it.
sed -i 's/^time_scale: .*/time_scale: 0.1/' service.yaml
run evaluate service.yaml --scope scope.yaml --only "$six" --seed 7 --store whole.db --json whole.json --quiet
totals whole.json >whole.txt
is "the uninterrupted run is decided" grep -q 'ics-injection-direct FAIL' whole.txt

kills=0
resume=
tries=0
while [ "$kills" -lt 20 ] && [ "$tries" -lt 60 ]; do
    tries=$((tries + 1))
    "$OMBUD" evaluate service.yaml --scope scope.yaml --only "$six" --seed 7 --store cut.db --json cut.json \
        --quiet $resume >out 2>err &
    pid=$!
    pids="$pids $pid"
    # Between 0.10 and 0.60 s, from the kernel's random numbers.
    sleep "0.$(( $(od -An -N1 -tu1 /dev/urandom) % 50 + 10 ))"
    if kill -9 "$pid" 2>/dev/null; then
        wait "$pid" 2>/dev/null
        kills=$((kills + 1))
        [ -s cut.db ] && "$OMBUD" report --store cut.db --list 2>/dev/null | grep -q running && resume=--resume
    else
        wait "$pid" 2>/dev/null
        break
    fi
done
i=0
while [ ! -s cut.json ] && [ "$i" -lt 5 ]; do
    i=$((i + 1))
    run evaluate service.yaml --scope scope.yaml --only "$six" --seed 7 --store cut.db --json cut.json --quiet $resume
done
echo "# killed $kills times"
is "it was killed at least 5 times before it ended" test "$kills" -ge 5
totals cut.json >cut.txt
diff whole.txt cut.txt | sed 's/^/# /'
is "outcome, trials, hits and invalid are equal" cmp -s whole.txt cut.txt
run report --store cut.db --verify cut.json
is "the chain of evidence is whole" test "$status" = 0
python3 - cut.json <<'PY' >attempts.txt
import json, sys
for p in json.load(open(sys.argv[1]))["procedures"]:
    if p["attempts"] > p["trials"] + p["invalid"]: print(p["id"], p["attempts"])
PY
is "broken attempts are kept and counted" test -s attempts.txt
finish
