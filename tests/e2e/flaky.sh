#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A service that loses requests never turns a lost measurement into a PASS.
. "$OB_SOURCE_ROOT/tests/e2e/lib.sh"
serve --seed flaky
for share in 0.2 0.6; do
    rm -f gate.out
    python3 "$OB_SOURCE_ROOT/tests/peer/flaky.py" "$address" "$share" 11 >gate.out 2>gate.err &
    pids="$pids $!"
    await listening gate.out
    port=$(awk '/listening/ {print $2}' gate.out)
    sed "s|^address: .*|address: http://127.0.0.1:$port|; s|^limits: .*|limits: {in_flight: 16, connect: 1s, first_byte: 1s, total: 3s}|" \
        service.yaml >flaky.yaml
    "$OMBUD" demo scope --listen "127.0.0.1:$port" >flaky-scope.yaml
    rm -f flaky.json
    run evaluate flaky.yaml --scope flaky-scope.yaml --only "$six" --seed 3 --store "flaky$share.db" --json flaky.json --quiet
    is "at $share lost the run ends with a report" test -s flaky.json
    python3 - flaky.json <<'PY' >judged.txt
import json, sys
bad = []
report = json.load(open(sys.argv[1]))
for p in report["procedures"]:
    ended = p["trials"] + p["invalid"]
    share = p["invalid"] / ended if ended else 0
    if p["outcome"] == "PASS" and share > p["invalid_max"]:
        bad.append(f'{p["id"]}: PASS with {share:.0%} lost')
    # A gateway that answers 500 is what the procedure on failing back ends looks for.
    if p["outcome"] == "FAIL" and p["id"] != "ics-backend-fault":
        bad.append(f'{p["id"]}: FAIL at a service without weakness')
    if p["attempts"] < ended:
        bad.append(f'{p["id"]}: {p["attempts"]} attempts for {ended} trials')
    if sum(l["count"] for l in p["lost"]) < p["invalid"]:
        bad.append(f'{p["id"]}: lost trials without a reason')
    print("#", p["id"], p["outcome"], p["trials"], "valid", p["invalid"], "lost")
print("\n".join("bad " + b for b in bad))
PY
    grep '^#' judged.txt
    is "at $share lost nothing lost became a PASS" sh -c '! grep -q "^bad" judged.txt'
    is "at $share lost some trials were lost and said so" grep -qE '[1-9][0-9]* lost' judged.txt
    retries=$(sqlite3 "flaky$share.db" "select count(*) from record where kind = 3 and json_extract(body, '$.why') <> ''")
    is "at $share lost retries are in the evidence" test "$retries" -gt 0
done
finish
