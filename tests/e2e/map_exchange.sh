#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The map goes out and comes back: every form, the same bytes; the mapping collection is valid; records of
# documents are read and stay secondary; what was added is a contribution that check accepts.
# shellcheck disable=SC2317 # functions are called through 'is'
. "$OB_SOURCE_ROOT/tests/e2e/lib.sh"
# The schema of OSCAL 1.2.1 is not ours to ship; where it is, it is used.
oscal=${OB_SCHEMAS:-$OB_SOURCE_ROOT/../shared/schemas}/oscal_mapping_schema.json
day=--as-of=2026-11-26
fits() { python3 "$OB_SOURCE_ROOT/tests/e2e/check_schema.py" "$OB_SOURCE_ROOT/doc/schema/$1" "$2" >/dev/null; }

cat >in.csv <<'CSV'
from,to,set,rationale,strength,review,author,reviewer,date,note
X.1051,ISO/IEC 27011,subset,semantic,7,accepted,A. One,B. Two,2026-10-01,"with ""quotes"", commas
and a line"
ITU-T X.1452#10.2,R-FE-07,intersects,,,proposed,C,,2026-10,
Somewhere Else 5#ac-2,X.1051,none,functional,,proposed,A,,,
CSV
cat >page.txt <<'TXT'
[2025-2028] : [SG17] : [Q7/17]
Work item: X.fic-a
Subject/title: A fiction's title
Status: Under study
Approval process: TAP
Type of work item: Recommendation
Timing: 2027-01 (Medium priority)
Liaison: ITU-T SG21
Summary: Made up.
TXT
cat >records.ris <<'RIS'
TY  - STAND
TI  - A title that goes
on here
M1  - X.9001
PB  - ITU-T SG17
PY  - 2024/05/31/
ER  - 
TY  - STAND
TI  - Another title for it
M1  - X.1051
PY  - 2030
ER  - 
RIS
printf '@techreport{k, title = {The {Big} Thing}, number = {TR.77}, year = 2025}\n' >records.bib

run map import "$day" in.csv page.txt records.ris records.bib
is "what others wrote is read" grep -q '^4 files: 7 new readings' out
run map import "$day" in.csv
is "and not twice" grep -q '0 new readings, 3 known' out
run map show --json "$day" X.9001
is "a record is shown" [ "$(value out id) $(value out title) $(value out group)" = "X.9001 A title that goes on here ITU-T SG17" ]
is "as what others report" [ "$(value out evidence) $(value out verified)" = "secondary False" ]
is "and fits the schema" fits map-show-1.json out
run map show --json "$day" X.1051
is "it takes back nothing that was seen" [ "$(value out verified) $(value out state)" = "True published" ]

for form in csv olir sssom oscal-mapping json; do
    case $form in sssom) end=tsv ;; csv | olir) end=csv ;; *) end=json ;; esac
    run map export "$day" --format $form --out one.$form.$end
    is "$form: export" [ "$status" = 0 ]
    run map import "$day" --store $form.db one.$form.$end
    is "$form: import" [ "$status" = 0 ]
    run map export "$day" --store $form.db --format $form --out two.$form.$end
    is "$form: the same bytes again" cmp one.$form.$end two.$form.$end
done
is "json has its schema" fits map-export-1.json one.json.json
run map export "$day" --store oscal-mapping.db --format csv
is "OSCAL loses nothing" cmp out one.csv.csv
run map export "$day" --store json.db --format csv
is "nor does JSON" cmp out one.csv.csv
same_readings() { run map show --json "$day" "$@"; cp out first; run map show --json "$day" --store json.db "$@"; cmp out first; }
is "readings come back with their days and hashes" same_readings X.fic-a
is "ends that nobody knows are kept" grep -q '^Somewhere Else 5#ac-2,' one.csv.csv
is "spellings become ours" grep -q '^X.1452#10.2,R-FE-07,' one.csv.csv
is "subset is broader on the other side" sh -c 'grep "^doc:X.1051" one.sssom.tsv | grep -q "skos:broadMatch"'

cat >valid.py <<'PY'
import json, re, sys
try:
    import jsonschema
except ImportError:
    sys.exit(77)
def plain(o):  # Python's patterns know no \p{L}
    if isinstance(o, dict):
        return {k: v.replace('(\\p{L}|_)', '[A-Za-z_]').replace('(\\p{L}|\\p{N}|[.\\-_])', '[A-Za-z0-9.\\-_]')
                if k == 'pattern' and isinstance(v, str) else plain(v) for k, v in o.items()}
    return [plain(x) for x in o] if isinstance(o, list) else o
jsonschema.Draft7Validator(plain(json.load(open(sys.argv[1])))).validate(json.load(open(sys.argv[2])))
PY
if [ -f "$oscal" ] && python3 -c 'import jsonschema' 2>/dev/null; then
    is "the mapping collection is valid OSCAL 1.2.1" python3 valid.py "$oscal" one.oscal-mapping.json
else
    ok "the mapping collection is valid OSCAL 1.2.1 # SKIP no schema here"
fi
run map export "$day" --format graphml --out graph.xml
whole() { python3 - <<'PY'
import xml.etree.ElementTree as tree
ns = {'g': 'http://graphml.graphdrawing.org/xmlns'}
root = tree.parse('graph.xml').getroot()
nodes = {n.get('id') for n in root.iterfind('.//g:node', ns)}
edges = root.findall('.//g:edge', ns)
assert len(nodes) > 500 and len(edges) > 500
assert all(e.get('source') in nodes and e.get('target') in nodes for e in edges)
PY
}
is "the graph is whole" whole

# A contribution: files in the form of the landscape.
run map export "$day" --format yaml
is "yaml needs a folder" grep -q 'yaml needs --out DIR' err
run map export "$day" --format yaml --out mine
is "yaml says what it wrote" grep -q '^3 files in mine$' out
cp -r "$OB_SOURCE_ROOT/landscape" own
cp mine/activities/itu-t-sg17.yaml own/activities/mine.yaml
run map check own
is "topics are left to a person" grep -q 'mine.yaml:[0-9]*:[0-9]*: topics is a list of at least one topic' err
sed -i 's/topics: \[\]/topics: [iot]/' own/activities/mine.yaml
sed -n '/from: .X.1051/,/note:/p' mine/relations.yaml >>own/relations.yaml
run map check own
is "the landscape takes them" grep -q ' in order$' out
run map show --json --landscape own --store csv.db "$day" X.fic-a
is "and they say the same" [ "$(value out title) $(value out timing)" = "A fiction's title 2027-01 (Medium priority)" ]

# What cannot be read, or written, is told.
printf 'id;title\nX.fic-semi;"Semicolons; between"\n' >semi.csv
printf 'id\ttitle\nX.fic-tab\tTabs, between\n' >tabs.csv
run map import --store semi.db semi.csv tabs.csv
is "cells between semicolons or tabs are read" grep -q '^2 files: 2 new readings' out
run map show --store semi.db --json X.fic-semi
is "a quoted semicolon is text" grep -q '"title": "Semicolons; between"' out
printf 'from,to,set\na,b,equal\na,b,alike\n' >bad.csv
run map import --store bad.db bad.csv
is "a mistake has its line" grep -q '^ombud: bad.csv:3: set is subset' err
is "and nothing of the file is kept" [ ! -e bad.db ]
run map export --format docx
is "a form that is none" [ "$status" = 2 ]
is "the forms are named" grep -q 'needs --format csv, graphml, json, olir, oscal-mapping, sssom or yaml' err
run map export "$day" --format csv
cp out first
run map export "$day" --format csv
is "twice the same" cmp out first
finish
