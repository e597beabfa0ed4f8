#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Evidence and reports changed by hand in many ways: report --verify sees each of them.
. "$OB_SOURCE_ROOT/tests/e2e/lib.sh"
serve --seed tamper
run evaluate service.yaml --scope scope.yaml --only ics-active-content --seed 7 --max-requests 120 \
    --store a.db --json r.json --quiet
run evaluate service.yaml --scope scope.yaml --only ics-active-content --seed 8 --max-requests 40 \
    --store a.db --json other.json --quiet
run report --store a.db --verify r.json
is "the report fits as it was written" test "$status" = 0
run report "$(value r.json run/id)" --store a.db --format json --out again.json
is "and written again it is the same" cmp -s r.json again.json

# Each case prints "WHAT<tab>STATUS<tab>ANSWER".
python3 - "$OMBUD" <<'PY' >cases
import copy, json, os, sqlite3, subprocess, sys
ombud = sys.argv[1]
report = json.load(open("r.json"))
run, other = report["run"]["id"], json.load(open("other.json"))["run"]["id"]

def copy_store():
    for name in os.listdir("."):
        if name.startswith("x.db"):
            os.remove(name)
    a, b = sqlite3.connect("a.db"), sqlite3.connect("x.db")
    a.backup(b)
    a.close()
    return b

def ask(what, *args):
    p = subprocess.run([ombud, "report", "--store", "x.db", *args], capture_output=True, text=True)
    print(what, p.returncode, (p.stdout + p.stderr).strip().replace("\n", " "), sep="\t")

def changed(what, statements, report_file="r.json"):
    db = copy_store()
    db.execute("PRAGMA writable_schema = ON")
    db.executescript(statements.replace(":run", f"'{run}'").replace(":other", f"'{other}'"))
    db.commit()
    db.close()
    ask(what, "--verify", report_file)

at = "WHERE run = :run AND seq"
changed("nothing", "")
changed("the last record gone", f"DELETE FROM record {at} = (SELECT max(seq) FROM record WHERE run = :run)")
changed("the last record gone and counted so", f"DELETE FROM record {at} = (SELECT max(seq) FROM record"
        " WHERE run = :run); UPDATE run SET records = records - 1, last = (SELECT hash FROM record"
        " WHERE run = :run ORDER BY seq DESC LIMIT 1) WHERE id = :run")
changed("the first record gone", f"DELETE FROM record {at} = 1")
changed("two records swapped", f"UPDATE record SET seq = -1 {at} = 10; UPDATE record SET seq = 10 {at} = 11;"
        f"UPDATE record SET seq = 11 {at} = -1")
changed("two runs swapped", "UPDATE record SET run = 'x' WHERE run = :run; UPDATE record SET run = :run"
        " WHERE run = :other; UPDATE record SET run = :other WHERE run = 'x'; UPDATE run SET id = 'x'"
        " WHERE id = :run; UPDATE run SET id = :run WHERE id = :other; UPDATE run SET id = :other WHERE id = 'x'")
for column in "kind", "trial", "attempt", "at_ms":
    changed(f"another {column}", f"UPDATE record SET {column} = {column} + 1 {at} = 20")
changed("another body", f"UPDATE record SET body = body || ' ' {at} = 20")
changed("other data", f"UPDATE record SET data = x'00' {at} = 20")
for seq in -5, 0, 2**63 - 1:
    changed(f"a record {seq} added", f"INSERT INTO record SELECT run, {seq}, kind, procedure, trial, attempt,"
            f" at_ms, body, data, hash FROM record {at} = 3")
loose = ("CREATE TABLE n (run, seq, kind, procedure, trial, attempt, at_ms, body, data, hash);"
         "INSERT INTO n SELECT * FROM record;")
strict = "(SELECT sql FROM sqlite_schema WHERE name = 'record')"
take = "DROP TABLE record; ALTER TABLE n RENAME TO record;"
changed("a view for a table", "ALTER TABLE record RENAME TO r0; CREATE VIEW record AS SELECT run, seq, kind,"
        " procedure, trial, attempt, at_ms, body, data, hash FROM r0")
changed("a table without types", loose + take)
changed("a trigger", "CREATE TRIGGER t AFTER INSERT ON record BEGIN DELETE FROM record WHERE seq < 0; END")
# Rows whose numbers are texts, in a table that is said to be strict again.
db = copy_store()
text = db.execute(strict[1:-1]).fetchone()[0]
db.executescript("CREATE TABLE n " + text.split("record", 1)[1].replace("STRICT, ", "").replace(
    "trial INTEGER", "trial") + "; INSERT INTO n SELECT * FROM record; DROP TABLE record;"
    "ALTER TABLE n RENAME TO record; UPDATE record SET trial = trial || 'x' WHERE kind = 5;")
db.execute("PRAGMA writable_schema = ON")
db.execute("UPDATE sqlite_schema SET sql = ? WHERE name = 'record'", (text,))
db.commit()
db.close()
ask("a number that is a text", "--verify", "r.json")
# No way to a report, a comparison or more trials of what was changed, in whatever form.
db = copy_store()
db.execute(f"UPDATE record SET body = replace(body, '\"clean\"', '\"hit\"')"
           " WHERE run = ? AND kind = 6 AND body LIKE '%\"clean\"%'", (run,))
print("records forged", db.execute("SELECT changes()").fetchone()[0], sep="\t")
db.commit()
db.close()
for form in "text", "html", "json", "junit", "markdown", "verdict":
    ask("broken: " + form, run, "--format", form, "--out", "broken.out")
ask("broken: narrowed", run, "--only", "ics-active-content")
ask("whole: the other run", other, "--only", "verdict")
# What the run's row says beside the chain reaches no report.
db = copy_store()
db.execute("UPDATE run SET state = 'running', started_ms = 1, ended_ms = 2, service = 'x' WHERE id = ?", (run,))
db.commit()
db.close()
ask("the run's row", run, "--format", "json", "--out", "row.json")

def edited(what, *path, value):
    made = copy.deepcopy(report)
    item = made
    for step in path[:-1]:
        item = item[step]
    item[path[-1]] = value
    json.dump(made, open("e.json", "w"))
    changed("report: " + what, "", "e.json")

p = ("procedures", 0)
edited("nothing", "version", value=1)
edited("outcome", "outcome", value="PASS" if report["outcome"] != "PASS" else "FAIL")
edited("hits", *p, "hits", value=1)
for what, old in (("limit", 0.5), ("upper", 1e-6), ("alpha", 0.2), ("statement", "all is well"), ("reason", "x"),
                  ("requirement", "X"), ("severity", "low"), ("zero_tolerance", None), ("lost", [{}]), ("needs", 7)):
    edited(what, *p, what, value=old)
for what, old in (("service", "x"), ("address", "http://x"), ("started", "2020-01-01T00:00:00Z"), ("level", 3),
                  ("operator", "x"), ("seed", "8"), ("deviations", ["x"]), ("state", "running"), ("rate", 1)):
    edited(what, "run", what, value=old)
edited("a reply", *p, "shown", 0, "turns", 0, "reply", value="forged")
edited("a digest", "run", "digests", "catalogue", value="0" * 64)
edited("a key of its own", *p, "approved", value=True)
edited("a count", "pillars", 0, "counts", "PASS", value=99)
json.dump(report, open("e.json", "w"), indent=7, ensure_ascii=True)
changed("report: written by another program", "", "e.json")
PY
diff_broken() {
    run diff --store x.db "$@"
    echo "broken: diff $*	$status	$(cat out err)"
}
a=$(value r.json run/id) b=$(value other.json run/id)
python3 - "$a" "$b" <<'PY'
import os, sqlite3, sys
os.remove("x.db")
a, b = sqlite3.connect("a.db"), sqlite3.connect("x.db")
a.backup(b)
b.execute("UPDATE record SET data = x'00' WHERE run = ? AND seq = 20", (sys.argv[1],))
b.commit()
PY
{
    diff_broken "$a" "$b"
    diff_broken "$b" "$a"
    python3 - "$b" <<'PY'
import sqlite3, sys
b = sqlite3.connect("x.db")
b.execute("DELETE FROM run WHERE id = ?", (sys.argv[1],))
b.execute("UPDATE run SET state = 'interrupted'")
b.commit()
PY
    run evaluate service.yaml --scope scope.yaml --only ics-active-content --store x.db --resume --quiet
    echo "broken: resume	$status	$(cat out err)"
} >>cases
cut -f 1,2 cases | sed 's/^/# /'
is "what is as it was fits" test "$(grep -cP '^(nothing|report: nothing|report: written by another program)\t0\t' cases)" = 3
is "every change is found" test "$(grep -vP '^(nothing|report: nothing|report: written|the run|whole|records)' cases | grep -vcP '\t[12]\t')" = 0
is "and there were many" test "$(wc -l <cases)" -ge 45
is "a report's change is told by its place" grep -qP '^report: a reply\t1\t.*procedures\.0\.shown\.0\.turns\.0\.reply is forged' cases
is "clean trials were made hits" test "$(grep -cP '^records forged\t[1-9]' cases)" = 1
is "what was changed gives no report, no comparison and goes not on" \
    test "$(grep -P '^broken: ' cases | grep -cP '\t2\t.*evidence of run .* was changed: record \d+ does not fit')" = 10
is "nor a file" test ! -e broken.out
is "the other run of the store is reported" grep -qP '^whole: the other run\t[013]\t(PASS|FAIL|INCONCLUSIVE) ' cases
is "other tables are refused" test "$(grep -cP '^a (view|table|trigger).*\t2\t.*its tables are not those' cases)" = 3
is "a number that only reads like one does not fit" grep -qP '^a number that is a text\t1\tthe evidence was changed: record \d+' cases
is "the run's row reaches no report" cmp -s r.json row.json
finish
