#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# An operator's rules: compiled, loaded, found; mistakes named with their places; damage told.
# shellcheck disable=SC2317 # functions are called through 'is'
. "$OB_SOURCE_ROOT/tests/e2e/lib.sh"

cat >rules.yaml <<'YAML'
ombud: 1
rules:
  - id: staff-number
    title: Staff number
    class: pii
    literal: "STF-"
    pattern: "STF-[0-9]{11}"
    validator: luhn
    cues: [staff]
    score: {alone: 30, cued: 95}
    examples: ["STF-79927398713"]
YAML
cat >more.yaml <<'YAML'
ombud: 1
rules:
  - {id: code-name, title: Code name, class: leak, literal: Blue Falcon, case: any}
YAML
echo 'Ask staff STF-79927398713 about blue falcon, not STF-79927398710.' >text
echo 'STF-79927398713' >alone

# starts FILE WHAT: text or bytes that FILE begins with
starts() { [ "$(head -c "${#2}" "$1")" = "$2" ]; }
# found: kinds of the findings in out
found() {
    python3 -c 'import json
print(*[f["kind"] for f in json.load(open("out"))["findings"]])'
}

run scan compile --rules rules.yaml --rules more.yaml --out rules.obr
is "two files of rules are compiled" [ "$status" = 0 ]
is "it says how many" grep -q "2 of yours" err
is "the file is one of rules" starts rules.obr OMBUDRUL
cp rules.obr first.obr
run scan compile --rules rules.yaml --rules more.yaml --out rules.obr --quiet
is "it is quiet when asked" [ ! -s err ]
is "compiled twice it is the same" cmp -s first.obr rules.obr

run scan --json --rules rules.obr text
is "both are found" [ "$(found)" = "staff-number code-name" ]
is "the score beside the cue" grep -q '"class":"pii","kind":"staff-number","score":0.95,"rule":"staff-number"' out
run scan --json --rules rules.obr alone
is "without the cue it is below what is told" [ "$(found)" = "" ]
run scan --json --min-score 0.3 --rules rules.obr alone
is "and is told when asked for" [ "$(found)" = "staff-number" ]
run scan --json --rules rules.obr --kinds code-name text
is "an own kind can be chosen" [ "$(found)" = "code-name" ]
run scan --redact --rules rules.obr text
is "and masked" grep -q '^Ask staff \[staff-number\] about \[code-name\], not STF-79927398710\.$' out

# The page's own example, and the schema for editors.
fits() { python3 "$OB_SOURCE_ROOT/tests/e2e/check_schema.py" "$OB_SOURCE_ROOT/doc/schema/detector-rules-1.json" "$1" >/dev/null; }
sed -n '/^ombud: 1$/,/^```$/p' "$OB_SOURCE_ROOT/doc/detector-rules.md" | sed '/^```$/d' >page.yaml
run scan compile --rules page.yaml --out page.obr
is "the example of the page is compiled" [ "$status" = 0 ]
echo 'staff STF-79927398713, blue falcon, PUK2=12345678' >page.txt
run scan --json --rules page.obr page.txt
is "and finds what it says" [ "$(found)" = "staff-number code-name puk" ]
is "it fits the schema" fits page.yaml
is "so do the others" fits more.yaml
sed 's/luhn/luhn\n    wrong: 1/' rules.yaml >bad.yaml
is "an unknown key does not fit" sh -c "! python3 '$OB_SOURCE_ROOT/tests/e2e/check_schema.py' '$OB_SOURCE_ROOT/doc/schema/detector-rules-1.json' bad.yaml >/dev/null 2>&1"
for key in id title class kind literal pattern validator cues score case examples; do
    is "the schema and the page know $key" sh -c "grep -q '\"$key\": {' '$OB_SOURCE_ROOT/doc/schema/detector-rules-1.json' &&
        grep -q '^| .$key. |' '$OB_SOURCE_ROOT/doc/detector-rules.md'"
done

sed 's/{11}/+/; s/luhn/lun/; s/class: pii/class: pi/' rules.yaml >bad.yaml
run scan compile --rules bad.yaml --out none.obr
is "a mistake is status 2" [ "$status" = 2 ]
is "with its place" grep -q '^ombud: bad.yaml:5:12: ' err
is "and nothing is written" [ ! -e none.obr ]
sed 's/{11}/+/' rules.yaml >bad.yaml
run scan compile --rules bad.yaml --rules more.yaml --rules more.yaml --out none.obr
is "an endless pattern has its place" grep -q '^ombud: bad.yaml:7:14: the pattern has no greatest length' err
is "an id that stands twice, too" grep -q '^ombud: more.yaml:3:10: the id code-name stands at more.yaml:3 already' err
is "mistakes are counted" grep -q '^ombud: 2 mistakes; nothing was written$' err
run scan compile --rules rules.yaml
is "compile needs --out" grep -q "needs --out FILE" err
run scan compile --out none.obr --json
is "an option of scan is refused" grep -q -- "--json is not for scan compile" err
run scan compile more.yaml --out none.obr
is "rules are no word" grep -q "takes its rules with --rules FILE" err

run scan --rules rules.yaml text
is "YAML is no compiled file" [ "$status" = 2 ]
is "and it says what to do" grep -q "rules.yaml: this is no file of compiled rules; make one with 'ombud scan compile'" err
head -c 3000 rules.obr >cut.obr
run scan --rules cut.obr text
is "a cut file is damaged" grep -q "^ombud: cut.obr: the file of compiled rules is damaged; write it again" err
is "which is status 2" [ "$status" = 2 ]
: >empty.obr
run scan --rules empty.obr text
is "an empty file is told" grep -q "^ombud: empty.obr is empty" err
python3 - <<'PY'
import hashlib
b = bytearray(open("rules.obr", "rb").read())
b[12] += 1  # of another Vectorscan
b[92:124] = hashlib.sha256(b[:92] + b[124:]).digest()
open("old.obr", "wb").write(b)
PY
run scan --json --rules old.obr text
is "a file of another version is compiled anew" [ "$(found)" = "staff-number code-name" ]
is "with one warning" [ "$(grep -c . err)" = 1 ]
is "which says why" grep -q "old.obr was made by another version" err
finish
