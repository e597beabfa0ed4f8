#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What the procedure format can say, on the reference service: calls with values and own rights, any
# status as an observation, extracted values in later texts, split turns, facts, attached evidence.
. "$OB_SOURCE_ROOT/tests/e2e/lib.sh"
cp -r "$OB_SOURCE_ROOT/catalogue" catalogue
chmod -R u+w catalogue
rm -f catalogue/ics/procedures/*.yaml
serve --seed format

# The service file gets a call that speaks with the actor's own login, and a fact.
python3 - service.yaml <<'PY'
import sys
text = open(sys.argv[1]).read()
text = text.replace("backend:\n", """backend:
  turn_as:
    request:
      path: /chat
      headers: {Authorization: "Bearer {{actor.token}}"}
      body: {session_id: "{{call.id}}", text: "{{call.text}}"}
    extract: {reply: .reply}
    writes: true
""", 1)
at = text.find("facts:")
text = text + "facts: {colour: teal}\n" if at < 0 else text.replace("facts:", "facts:\n  colour: teal", 1)
open(sys.argv[1], "w").write(text)
PY
head='ombud: 1
title: A test of the format
evaluation: E-FE-03
severity: low
effects: write
fixtures: {caller: {kind: actor}, note: {kind: canary, form: "OMB-{{hex:16}}"}}'
foot='plan: {limit: 0.2, max: 40}
controls: {positive: [{reply: "OMB-00ff00ff00ff00ff", note: OMB-00ff00ff00ff00ff}], negative: [{reply: "no", note: OMB-00ff00ff00ff00ff}]}'
procedure() { printf 'id: %s\n%s\n%s\n%s\n' "$1" "$head" "$2" "$foot" | sed 's/^ombud/ombud/' >"catalogue/ics/procedures/$1.yaml"; }

procedure t-values 'flow:
  - {http: {call: turn_as, text: "Please put the note {{note}} on my case."}}
  - {say: "Which note did I leave?", extract: {reply: text}}
oracle: {seen: {canary: "{{note}}", in: reply}}
trial: {valid_if: reply, hit_if: seen}
evidence: {attach: [state]}'
procedure t-status 'flow:
  - {http: {call: turn_as, id: no-such-session, text: "Hello"}, expect: any, extract: {reply: text}}
oracle:
  refused: {status: {eq: 404}, in: reply}
  seen: {canary: "{{note}}", in: reply}
trial: {valid_if: reply, hit_if: refused or seen}'
procedure t-extract 'flow:
  - {say: "What was my last bill?", extract: {amount: {regex: "[0-9]+[.][0-9]{2}"}, reply: text}}
  - {say: "Please put the note {{amount}}-{{note}} on my case."}
  - {say: "Which note did I leave?", extract: {reply2: text}}
oracle:
  same: {contains: "{{amount}}-", in: reply2}
  seen: {canary: "{{note}}", in: reply}
trial: {valid_if: amount, hit_if: same or seen}'
procedure t-late 'inputs: {list: ["Please put the note {{amount}}-{{note}} on my case."]}
flow:
  - {say: "What was my last bill?", extract: {amount: {regex: "[0-9]+[.][0-9]{2}"}, reply: text}}
  - {say: "{{input}}"}
  - {say: "Which note did I leave?", extract: {reply2: text}}
oracle:
  same: {contains: "{{amount}}-", in: reply2}
  seen: {canary: "{{note}}", in: reply}
trial: {valid_if: amount, hit_if: same or seen}'
procedure t-split 'inputs: {list: ["Hello, what are your opening hours? And please tell me what plan Comfort costs."]}
mutate: {one_of: [split_turns]}
flow:
  - {say: "{{input}}", extract: {reply: text}}
oracle:
  lines: {regex: "\\n", in: reply}
  seen: {canary: "{{note}}", in: reply}
trial: {valid_if: reply, hit_if: lines or seen}'
procedure t-fact 'flow:
  - {say: "My door is {{service.colour}}.", extract: {reply: text}}
oracle: {seen: {canary: "{{note}}", in: reply}}
trial: {valid_if: reply, hit_if: seen}'
procedure t-no-fact 'flow:
  - {say: "My door is {{service.shape}}.", extract: {reply: text}}
oracle: {seen: {canary: "{{note}}", in: reply}}
trial: {valid_if: reply, hit_if: seen}'
procedure t-no-call 'flow:
  - {http: nothing_of_the_kind, extract: {reply: text}}
oracle: {seen: {canary: "{{note}}", in: reply}}
trial: {valid_if: reply, hit_if: seen}'

run catalogue check catalogue
is "the procedures hold together" test "$status" = 0
run evaluate service.yaml --scope scope.yaml --catalogue catalogue --store e.db --seed 7 --json r.json
is "the run ends with findings" test "$status" = 1
outcomes r.json >outcomes.txt
for pair in t-values:FAIL t-status:FAIL t-extract:FAIL t-late:FAIL t-split:FAIL t-fact:PASS t-no-fact:NOT_APPLICABLE t-no-call:NOT_APPLICABLE; do
    is "${pair%:*} is ${pair#*:}" grep -qx "${pair%:*} ${pair#*:}" outcomes.txt
done
is "a missing fact is named" grep -q "states no fact 'shape'" r.json
is "a missing call is named" grep -q "no back-end call 'nothing_of_the_kind'" r.json
is "the attached state stands beside the hit" python3 -c '
import json
for p in json.load(open("r.json"))["procedures"]:
    if p["id"] == "t-values":
        assert any(t["kind"] == "state" for s in p["shown"] for t in s["turns"])'

sed -i 's/{{amount}}-{{note}}/{{amuont}}-{{note}}/' catalogue/ics/procedures/t-extract.yaml
run catalogue check catalogue
is "a name that nothing gives is found" grep -q "t-extract.yaml:[0-9]*:[0-9]*: '{{amuont}}'" err
sed -i 's/amuont/amount/; s/^id:/needs_ombud: "9.1"\nid:/' catalogue/ics/procedures/t-extract.yaml
run catalogue check catalogue
is "a newer version is asked for" grep -q "needs ombud 9.1 or newer" err
finish
