#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Questions over the shipped landscape and over readings: overlaps that are known come out, old data claim
# nothing, differences are the edits that were made, suggestions wait until somebody accepts them.
# shellcheck disable=SC2317 # functions are called through 'is'
. "$OB_SOURCE_ROOT/tests/e2e/lib.sh"
pages=$OB_SOURCE_ROOT/tests/e2e/data/map
day=2026-11-26
ask() { run map "$@" --as-of $day; }
fits() { python3 "$OB_SOURCE_ROOT/tests/e2e/check_schema.py" "$OB_SOURCE_ROOT/doc/schema/map-answer-1.json" out >/dev/null; }
# holds EXPRESSION: of the answer in out, as d
holds() { python3 -c 'import json, sys; d = json.load(open("out")); sys.exit(not eval(sys.argv[1]))' "$1"; }
says() { grep -q -- "$1" out; }

# Overlaps
ask overlaps --json
is "overlaps fits its schema" fits
is "SG17 and SG21 work on agents, and only one lists the other" holds \
    'any(s["topic"] == "agent" and s["first"]["body"] == "itu-t-sg17" and s["second"]["body"] == "itu-t-sg21" and "XSTR.sem-AIA" in s["first"]["work"] and "F.AAI" in s["second"]["work"] and s["first"]["lists_other"] and s["second"]["lists_other"] is False and not s["mutual"] for s in d["subjects"])'
near='lambda a, b: [p for p in d["pairs"] if {p["first"]["id"], p["second"]["id"]} == {a, b}]'
is "X.sgAIoT is near Y.4612 and Y.4618" holds "($near)('X.sgAIoT', 'Y.4612') and ($near)('X.sgAIoT', 'Y.4618')"
is "F.DEC-CFL went on as F.748.62" holds "'continued-as' in ($near)('F.DEC-CFL', 'F.748.62')[0]['relations']"
is "what went on as another is no work" holds \
    'not any("F.TCEF-FML" in s[k]["work"] or "F.DEC-CFL" in s[k]["work"] for s in d["subjects"] for k in ("first", "second"))'
is "what was published lists nobody" holds "($near)('X.sgAIoT', 'Y.4612')[0]['second']['lists_other'] is False"
is "where no list is known, nothing is claimed" holds \
    'any(s["second"]["body"] == "nist" and s["second"]["work"] and s["second"]["lists_other"] is None for s in d["subjects"])'
is "no body overlaps with a part of it" holds \
    'not any(s["first"]["body"] == "itu-t" and s["second"]["body"].startswith("itu-t-") for s in d["subjects"])'
ask overlaps --body SG17 --with SG20
is "two bodies only" sh -c 'grep -q "^ai-system-security  SG17, SG20" out && ! grep -q NIST out'
cp out first
ask overlaps --body SG17 --with SG20
is "the same answer twice" cmp -s first out
ask overlaps --body SG99
is "an unknown body is refused" [ "$status" = 2 ]
ask overlaps --body SG171
is "a body that is spelled wrong is asked for" grep -q "no body is called 'SG171'; did you mean 'SG17'" err
ask gaps --topic agnt
is "so is a topic" grep -q "no topic has the id 'agnt'; did you mean 'agent'" err
run map list --topic agnt
is "in a list, too" grep -q "no topic has the id 'agnt'; did you mean 'agent'" err

# Work that was carried into a period that is over
run map list --status open --body SG17 --as-of 2020-06-01
is "carried work is open in its period" says '^X.SRCaaS '
run map list --status open --body SG17 --as-of $day
is "and not years after it" sh -c '! grep -q "^X.SRCaaS " out && grep -q "^X.sgGenAI .*carried" out'
run map list --status unknown --body SG17 --as-of $day
is "what became of it is not known" says '^X.SRCaaS '

# A body that is gone
ask show itu-t-sg16
is "a body tells who took over" says '^  successor   itu-t-sg21;'
is "its work went on, and is open no more" says '2 documents and work items, 0 of them open'
ask show itu-t-sg21 --json
is "one that is there has no successor" holds 'd["successor"] is None'

ask partners --body SG16
is "it writes to nobody" grep -q 'itu-t-sg16 is gone; itu-t-sg21 took over' err
for end in "--to SG16" "--body SG16 --to nist"; do
    # shellcheck disable=SC2086 # options
    ask paper liaison $end
    is "no letter with $end" [ "$status" = 2 ]
done

# Gaps
ask gaps --json
is "gaps fits its schema" fits
is "each cell is there once" holds 'len({(c["topic"], c["kind"], c["body"]) for c in d["cells"]}) == len(d["cells"]) == sum(d["totals"].values())'
is "no gap and no cover from old data" holds \
    'all(c["state"] == "stale" for c in d["cells"] if c["age_days"] is None or c["age_days"] > d["fresh_days"])'
is "a gap tells its search" holds 'all(c["search"]["words"] and c["texts"] + c["work"] == 0 and not c["search"]["likely"] for c in d["cells"] if c["state"] == "gap")'
ask gaps --body SG17 --kind report
is "a gap of one body" says '^customer-service .*gap .*0 of 20; by title: none'
ask gaps --body SG17 --topic deepfake
is "an item of unknown status is no proof of a gap" says '^deepfake .*standard .*unsure .*status not known: X.ig-dw'
ask gaps --fresh 10
is "data older than allowed: nothing is claimed" says '0 covered, 0 planned, 0 unsure, 0 gaps'
ask gaps --kind sideways
is "an unknown kind is refused" [ "$status" = 2 ]

# Partners
ask partners --body SG17 --json
is "partners fits its schema" fits
is "SG21 should be reminded of agents" holds \
    'any(p["body"] == "itu-t-sg21" and any(r["kind"] == "remind" and r["topic"] == "agent" and "F.AAI" in r["theirs"] for r in p["reasons"]) for p in d["partners"])'
ask partners
is "partners needs a body" grep -q 'needs to know who writes' err

# Paths
ask path F.DEC-CFL F.748.62
is "both ways between the two are told" says '^2 ways of up to 4 steps; there are no longer ones'
ask path X.1051 ISO/IEC27011 --json
is "path fits its schema" fits
is "set relations prove" holds 'd["sets"] == ["equal"] and len(d["ways"]) >= 3'
ask path R-FE-02 itu-t-sg17 --steps 3
is "requirements and bodies are ends, too" [ "$status" = 0 ]
ask path X.1051 nowhere
is "an unknown end is told" grep -q "nothing has the id 'nowhere'" err

# Coverage
ask coverage --json
is "coverage fits its schema" fits
is "all requirements rest on something" holds 'd["without"] == [] and d["requirements"] > 50'
is "work that no requirement rests on" holds '"X.sgAIoT" in d["unused_work"] and "X.1452" not in d["unused_work"]'
run map coverage
is "a document that was replaced is called so" says '^OWASP-LLM-Top10-2025 was replaced by OWASP-LLM-Top10-2026; '
ask coverage OWASP-LLM-Top10-2025
is "one framework, clause by clause" says '^OWASP-LLM-Top10-2025#LLM01 .*R-'

cp -r "$OB_SOURCE_ROOT/landscape" own
echo '  - {from: GDPR, to: ISO/IEC 27091, set: superset, review: proposed}' >>own/relations.yaml
echo '  - {from: ISO/IEC 27091, to: X.1058, set: superset, review: proposed}' >>own/relations.yaml
ask coverage 'X.1058' --landscape own --json
is "by way of another document, as far as set relations compose" holds \
    'd["by_way_of"] and all(b["document"] == "GDPR" and b["sets"] == ["superset"] for b in d["by_way_of"]) and "R-FE-11" in [b["requirement"] for b in d["by_way_of"]]'


# Clauses that only set relations name are nodes as others are.
echo '  - {from: X.1452#99.A, to: R-FE-07, set: subset, review: proposed}' >>own/relations.yaml
echo '  - {from: Y.4612#7, to: x.1452#99.a, set: superset, review: proposed}' >>own/relations.yaml
ask show 'X.1452#99.a' --landscape own --json
is "such a clause can be shown" holds \
    'd["id"] == "X.1452#99.A" and d["document"] == "X.1452" and sorted((r["type"], r["direction"], r["id"]) for r in d["relations"]) == [("clause-of", "out", "X.1452"), ("set", "in", "Y.4612#7"), ("set", "out", "R-FE-07")]'
node_fits() { python3 "$OB_SOURCE_ROOT/tests/e2e/check_schema.py" "$OB_SOURCE_ROOT/doc/schema/map-node-1.json" out >/dev/null; }
is "and fits its schema" node_fits
ask path R-FE-07 'Y.4612#7' --steps 2 --landscape own --json
is "a path leads over it" holds 'len(d["ways"]) == 1 and [s["against"] for s in d["ways"][0]["steps"]] == [True, True]'
ask coverage Y.4612 --landscape own --json
is "it is a row of the coverage" holds \
    '[r["id"] for r in d["rows"]] == ["Y.4612#7"] and [(b["requirement"], b["reaches"], "none" in b["sets"]) for b in d["by_way_of"]] == [("R-FE-07", "Y.4612#7", False)]'
ask coverage X.1452 --landscape own --json
is "and requirements reach it by their own relations" holds \
    '("R-FE-07", None, "X.1452#99.A", ["superset"]) in [(b["requirement"], b["document"], b["reaches"], b["sets"]) for b in d["by_way_of"]] and "X.1452#99.A" in [r["id"] for r in d["rows"]]'
is "which fits its schema" fits
ask export --format graphml --landscape own
is "graphml has it" says '<data key="id">X.1452#99.A</data>'
ask show SG17 --json
is "a body can be shown" holds 'd["kind"] == "body" and d["activities"] > d["open"] > 0'
is "and fits the schema" node_fits
ask show R-FE-07 --json
is "a requirement can be shown" holds 'd["kind"] == "requirement" and any(r["id"] == "X.1452#10.2" for r in d["relations"])'

# Timeline
ask timeline --body SG17 --json --since 2026-01-01 --until 2026-12-31
is "timeline fits its schema" fits
is "by day, reports before their meeting" holds \
    '[e["date"] for e in d["events"]] == sorted(e["date"] for e in d["events"]) and any(e["kind"] == "report-due" and e["id"] == "sg17-2026-06" for e in d["events"])'
ask timeline --until soon
is "a day that is none is refused" [ "$status" = 2 ]

# Differences: two readings a month apart; what was edited is what comes out.
mkdir one two
cp "$pages"/layout-*.txt one
page() { printf '[2025-2028] : [SG17] : [Q7/17]\nWork item: %s\nSubject/title: %s\nStatus: %s\nApproval process: TAP\nType of work item: Recommendation\nTiming: %s (Medium priority)\nLiaison: ITU-T SG21\nSummary: Made up.\n' "$@"; }
page X.fic-a 'Fiction of agents' 'Under study' 2027-01 >one/a.txt
page X.fic-b 'Fiction of things' 'Under study' 2027-01 >one/b.txt
page X.fic-c 'Fiction of clouds' 'Under study' 2027-01 >one/c.txt
page X.fic-d 'Fiction of keys' 'Under study' 2026-10 >one/d.txt
cp one/* two
page 'X.9999 (ex X.fic-a)' 'Fiction of agents' 'Under study' 2027-01 >two/a.txt
page X.fic-b 'Fiction of things' 'Approved on 2026-10-20' 2027-01 >two/b.txt
page X.fic-c 'Fiction of clouds' 'Under study' 2027-12 | sed 's,Q7/17,Q8/17,' >two/c.txt
page X.fic-e 'Fiction of all' '-' 2028-01 >two/e.txt
run map import --store r.db --as-of 2026-09-30 one
run map import --store r.db --as-of 2026-10-31 two
ask diff --store r.db --since 2026-09-30 --json
is "diff fits its schema" fits
cat >wanted <<'TXT'
moved X.fic-c question Q7/17 Q8/17
new X.fic-e None None None
published X.fic-b status Under study Approved on 2026-10-20
renamed X.9999 id X.fic-a X.9999
stalled X.fic-c timing 2027-01 (Medium priority) 2027-12 (Medium priority)
TXT
python3 -c 'import json
for c in json.load(open("out"))["changes"]: print(c["kind"], c["id"], c["field"], c["before"], c["after"])' | sort >found
is "exactly the edits" cmp -s wanted found
is "what was due meanwhile and is open" holds '"X.fic-d" in d["overdue"]'
ask diff --store r.db --since 2026-09-30
is "as a table" says '^renamed .*X.9999 .*X.fic-a -> X.9999'
ask diff --store r.db --since 2026-10-31
is "nothing since the last reading" says '^0 changes against the readings up to 2026-10-31'
run map diff --store r.db --since 2026-09-30 --as-of 2026-10-15
is "looked at from before the second" says '^0 changes'
ask diff
is "diff needs a day" grep -q 'needs --since DATE' err

# Suggestions
ask suggest --body SG17 --most 5 --json
is "suggest fits its schema" fits
is "five suggestions" holds 'd["added"] == 5 and all(s["review"] == "suggested" for s in d["suggestions"])'
is "the most alike first" holds '[s["note"] for s in d["suggestions"]] == sorted((s["note"] for s in d["suggestions"]), reverse=True)'
id=$(value out suggestions/0/id)
from=$(value out suggestions/0/from)
to=$(value out suggestions/0/to)
other=$(value out suggestions/1/id)
ask path "$from" "$to" --json
is "a suggestion is in no answer" holds 'not any(s["type"] == "set" for w in d["ways"] for s in w["steps"])'
ask accept "$id"
is "nothing is accepted by nobody" grep -q 'who says so' err
ask accept "$id" --reviewer 'B. Reader' --set overlap
is "an unknown set is refused" [ "$status" = 2 ]
ask accept "$id" --reviewer 'B. Reader' --set subset --strength 6 --rationale semantic --json
is "accepted, and fits its schema" fits
ask path "$from" "$to" --json
is "what was accepted is in the answers" holds 'd["sets"] == ["subset"]'
ask reject "$other" --reviewer 'B. Reader' --note 'another subject'
is "rejected" [ "$status" = 0 ]
ask suggest --body SG17 --most 1 --json
is "neither is suggested again" holds "not {'$id', '$other'} & {s['id'] for s in d['suggestions']} and len(d['suggestions']) == 4"
ask accept S-00000000 --reviewer me
is "an unknown suggestion is told" grep -q "no suggestion 'S-00000000'" err

finish
