#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The map as a delegate uses it: the shipped landscape is in order, ids are found in any spelling, lists
# and searches answer, readings add up over days, broken input is told with its place.
# shellcheck disable=SC2317 # functions are called through 'is'
. "$OB_SOURCE_ROOT/tests/e2e/lib.sh"
pages=$OB_SOURCE_ROOT/tests/e2e/data/map
fits() { python3 "$OB_SOURCE_ROOT/tests/e2e/check_schema.py" "$OB_SOURCE_ROOT/doc/schema/$1" "$2" >/dev/null; }

run map check
is "the shipped landscape is in order" [ "$status" = 0 ]
is "it says what there is" grep -q '422 activities, .*: in order$' out

all_fit() { for file in "$OB_SOURCE_ROOT"/landscape/*.yaml "$OB_SOURCE_ROOT"/landscape/activities/*.yaml; do fits landscape-1.json "$file" || return 1; done; }
is "its files fit their schema" all_fit

for name in X.1051 'ITU-T X.1051' 'Rec. ITU-T X.1051 (2023)' 'x.1051 (06/2023)' 'X.mt-integrity' 'ISO/IEC FDIS 27090' 'X Suppl 16'; do
    run map show "$name"
    is "found: $name" [ "$status" = 0 ]
done
run map show 'X.1051 (04/2016)'
is "an older edition is another document" grep -q 'outside the landscape' out
run map show 'X.1051 (2011)'
is "an edition that nobody declared is not found" [ "$status" = 2 ]
run map show X.sgAIOT2
is "an unknown id is told with a near one" grep -q "did you mean 'X.sgAIoT'" err
run map show --as-of 2026-11-24 X.sgAIoT
is "the day is told" grep -q '^as of 2026-11-24; landscape of 2026-11-23$' out
run map show --as-of 2020-01-01 X.sgAIoT
is "a day before the landscape is told, too" grep -q 'which is later' out
run map show --as-of 2020-13-01 X.sgAIoT
is "a day that is none is refused" [ "$status" = 2 ]

run map show sg17-2025-04
is "a meeting is shown" grep -q '^  output      40 new work items$' out
run map show --json SG17-2026-06
is "with the day reports are due" [ "$(value out report_due) $(value out outputs)" = "2026-05-01 {}" ]

run map list --body SG17 --status open --topic agent
is "list: all filters hold" grep -q '^XSTR.sem-AIA ' out
is "list: and leave out" sh -c '! grep -q X.1051 out'
run map list --question Q16/17
is "list by Question" grep -q '^1 of 422; ' out
run map list --kind standard --body 'ISO/IEC JTC 1' --json
is "list below a body" sh -c 'python3 -c "import json; d=json.load(open(\"out\")); assert len(d[\"items\"]) > 20 and all(i[\"body\"].startswith(\"iso-iec\") for i in d[\"items\"])"'
is "and fits its schema" fits map-list-1.json out
run map search 'intelligent customer service' --json
is "so does search" fits map-list-1.json out
is "which has scores" grep -q '"score": [0-9]' out
run map list --body SG99
is "an unknown body is refused" [ "$status" = 2 ]
run map list --status sideways
is "a status that nothing has gives an empty list" grep -q '^0 of 422' out
run map search 'intelligent customer service'
is "search: the best first" sh -c 'head -n 3 out | grep -q X.sreg-ICS'
# at_width COLUMNS ARGUMENT...: on a terminal of that width; fails where a line is wider, or words are lost
at_width() {
    python3 - "$OMBUD" "$@" <<'PY'
import fcntl, os, pty, struct, subprocess, sys, termios
program, width, *words = sys.argv[1:]
def run(columns):
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    process = subprocess.Popen([program, "map", *words, "--as-of", "2026-11-26"], stdout=slave, stdin=subprocess.DEVNULL)
    os.close(slave)
    text = b""
    try:
        while more := os.read(master, 65536):
            text += more
    except OSError:
        pass
    process.wait()
    return text.decode().replace("\r", "")
text, whole = run(int(width)), run(1000)
assert text.split() == whole.split() and len(whole) > 500, "words are lost"
assert max(map(len, text.split("\n"))) <= int(width), "a line is too wide"
PY
}
is "a table fits a narrow terminal" at_width 80 list --body SG17 --status open
is "or a wide one" at_width 160 list --body SG17 --status open
is "even where little room is left" at_width 64 overlaps --body SG17 --with SG20
run map search '"*' 'AND('
is "search: signs are no syntax" [ "$status" = 0 ]
is "nothing left a store behind" [ ! -e ombud.db ]

# Two readings, a month apart, of an item that is renamed between them.
mkdir one two
cat >one/a.txt <<'TXT'
[2025-2028] : [SG17] : [Q7/17]
Work item: X.fic-a
Subject/title: A fiction of agents
Status: Under study
Approval process: TAP
Type of work item: Recommendation
Timing: 2027-01 (Medium priority)
Liaison: ITU-T SG21
Summary: Made up.
TXT
sed 's/^Work item: .*/Work item: X.9999 (ex X.fic-a)/; s/^Status: .*/Status: Determined on 2026-10-20/' one/a.txt >two/a.txt
run map import --as-of 2026-09-30 one
is "a first reading" grep -q '^1 file: 1 new reading, 0 known' out
run map import --as-of 2026-10-31 --json two
is "import fits its schema" fits map-import-1.json out
is "a second" grep -q '"added":1,"known":0,"unread":0' out
run map import --as-of 2026-10-31 two
is "which is not added twice" grep -q '0 new readings, 1 known' out
run map show --json X.fic-a
is "the former name is followed" [ "$(value out id) $(value out former_ids)" = "X.9999 ['X.fic-a']" ]
is "both readings are kept, by day" [ "$(value out readings/0/date) $(value out readings/1/date)" = "2026-09-30 2026-10-31" ]
is "the last one holds" [ "$(value out status)" = "Determined on 2026-10-20" ]
is "the stage follows" [ "$(value out state)" = last-call ]
is "liaisons are relations" grep -q '"id": "itu-t-sg21"' out
is "show fits its schema" fits map-show-1.json out
run map show --json --as-of 2026-10-15 X.fic-a
is "looked at from before, it has its old name" [ "$(value out id) $(value out status)" = "X.fic-a Under study" ]
run map list --status last-call --body SG17 --as-of 2026-11-01
is "list knows readings" grep -q '^X.9999 ' out
run map search fiction
is "search, too" grep -q '^X.9999 ' out
run map show --json X.1051
is "an item of the landscape fits the schema" fits map-show-1.json out
is "what is silent is null" [ "$(value out timing) $(value out liaisons)" = "None None" ]

run map import "$pages/meeting.txt"
run map show sg20-2026-11
is "what a summary says is shown" grep -q '^  announced   2nd meeting: 1-9 June 2027, Elsewhere$' out

# What cannot be read says why, and leaves the rest alone.
head -n 12 "$pages/layout-a.txt" >half.txt
run map import --store new.db half.txt
is "a half page is refused" [ "$status" = 2 ]
is "with its name and line" grep -q "half.txt:12: the page ends without 'Status:'" err
is "and no store is made for it" [ ! -e new.db ]
run map import --store new.db half.txt "$pages/page.html"
is "a good page beside it is read" grep -q '2 files: 1 new reading, 0 known already, 1 file could not be read' out
is "the status tells that one was not" [ "$status" = 2 ]
run map import --store more.db --json half.txt "$pages/page.html"
is "for programs, too, with the reason" sh -c 'grep -q "\"unread\":1,.*\"problems\":\[\"half.txt:[0-9]*: the page ends without" out'
is "in the form of the schema" fits map-import-1.json out
run map import --store new.db nowhere
is "a file that is not there" grep -q 'nowhere: No such file' err
mkdir empty && : >empty/picture.png
run map import empty
is "a folder without pages" grep -q 'no page among' err
run map show --store nowhere.db X.1051
is "a store that is named has to be there" [ "$status" = 2 ]
run map
is "a verb is needed" grep -q 'map takes a verb' err
run map show
is "show takes an id" grep -q 'map show takes one id' err

# A landscape with mistakes: each is told, with its place.
cp -r "$OB_SOURCE_ROOT/landscape" own
sed -i '0,/topics: \[/s//topics: [nothing, /' own/activities/etsi.yaml
sed -i 's/document: AIUC-1/document: AIUC-9/' own/schemes.yaml
run map check own
is "check finds both" [ "$status" = 1 ]
is "the topic" grep -q 'own/activities/etsi.yaml:[0-9]*:[0-9]*: no topic has the id .nothing.' err
is "the family" grep -q "own/schemes.yaml:[0-9]*:[0-9]*: no activity and nothing external has the id 'AIUC-9'" err
cp -r "$OB_SOURCE_ROOT/landscape" titled
sed -i '0,/{from: X.1051, to: ISO.IEC 27011,/s//{from: X.1051, to: ISO\/IEC 27011, to_title: Something else,/' titled/relations.yaml
run map check titled
is "a title that is another text's" grep -q "relations.yaml:6:49: the title of ISO/IEC 27011 is '" err
printf 'TY  - STAND\nM1  - X.1051\nTI  - Another title\nER  -\n' >other.ris
run map import --store titles.db other.ris
run map check --store titles.db
is "a reading with another title" grep -q "activities/.*.yaml:[0-9]*:[0-9]*: reading 1, other.ris, has another title for X.1051: 'Another title'" err
is "is a mistake" [ "$status" = 1 ]
run map show --landscape own X.1051
is "other commands end at the first" [ "$status" = 2 ]
run map compile --out own.pack --landscape "$OB_SOURCE_ROOT/landscape"
is "compile writes a pack" [ "$(head -c 8 own.pack)" = OMBUDYP1 ]
cp own.pack first.pack
run map compile --out own.pack --landscape "$OB_SOURCE_ROOT/landscape"
is "twice the same" cmp -s own.pack first.pack
finish
