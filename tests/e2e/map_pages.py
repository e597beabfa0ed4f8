#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Pages of all layouts are read field by field as people read them.

The table items.tsv and meetings.tsv are about a collection of real pages, which is not a part of this
tree: OB_CORPORA names its folder, with itu-work-items/ and itu-meetings/ below it. Without it that part is
skipped, and says so. The pages in data/map/ were made up, one a layout.
"""
import json
import os
import sqlite3
import subprocess
import sys
import tempfile

from tap import finish, result, skip

OMBUD = sys.argv[1]
DATA = os.path.join(os.environ["OB_SOURCE_ROOT"], "tests/e2e/data/map")
KEYS = ["id", "title", "status", "group", "question", "timing", "approval", "liaisons", "former_ids", "readings"]

MADE = {
    "X.fic-old": ["X.fic-one", "Fictional guidelines: the first of several | common text",
                  "Determined on 2026-02-03 [Issued from previous study period]", "SG17", "Q99/17",
                  "2027-Q2 (Low priority)", "TAP",
                  ["ITU-T SG13", "ITU-T SG20", "ITU-T SG21", "ITU-T TSAG", "IETF", "3GPP SA WG3", "3GPP SA WG5",
                   "ISO/IEC JTC 1/SC 27 WG4", "ISO/IEC JTC 1/SC 27 WG5", "ISO/IEC JTC 1/SC 42"],
                  ["X.fic-old", "X.fic-older"]],
    "y.fic-two": ["Y.fic-two", "Fictional framework between bars", None, None, None, None, "AAP", None, None],
    "H Suppl 99": ["H.Suppl.99", "Fictional supplement of an old layout", "Agreed on 2010-11-12", "SG16", "Q9/16",
                   None, "Agreement", None, ["H.fic", "H.fic2"]],
    "ITU-T Q.fic-four": ["Q.fic-four", "Fictional signalling in rows", "Under study", None, None,
                         "2028-12 (High priority)", "TAP", ["ITU-T SG11", "WP1/11"], None],
    "F.fic-five": ["F.fic-five", "Fictional short form", "[Carried to next study period]", None, None, None, "AAP",
                   ["ISO/IEC JTC 1", "ISO/IEC JTC 1/SC 42"], ["F.fic-4a"]],
    "X.fic-s7": ["X.fic-seven", "Fictional table with tabs", "Under study", "SG99", "Q9/99", "2028-06 (Medium priority)",
                 "AAP", ["ITU-T SG13", "ITU-T SG20"], ["X.fic-s7"]],
    "Y.fic-six": ["Y.fic-six", "Fictional requirements & café of things", "Consented on 2026-07-08", "SG20",
                  "Q3/20", None, "AAP", ["ITU-T SG17", "oneM2M"], ["Y.fic-s"]],
}


def run(*args):
    return subprocess.run([OMBUD, "map", *args], capture_output=True, text=True)


def show(identifier):
    shown = run("show", "--json", "--store", "s.db", identifier)
    return json.loads(shown.stdout) if shown.returncode == 0 else {}


def check_item(name, identifier, wanted, source):
    got = show(identifier)
    fields = [got.get(key) for key in KEYS[:9]]
    result(list(got)[:10] == KEYS and fields == wanted and got["readings"][-1]["source"].endswith(source),
           name, f"{fields} wanted {wanted}")


def rows(file):
    with open(os.path.join(DATA, file), encoding="utf-8") as lines:
        return [line.rstrip("\n").split("\t") for line in lines if not line.startswith("#")]


def check_collection(folder):
    items = rows("items.tsv")
    meetings = rows("meetings.tsv")
    done = run("import", "--store", "s.db", os.path.join(folder, "itu-work-items"), os.path.join(folder, "itu-meetings"))
    wanted = f"{len(items) + len(meetings)} files: {len(items) + len(meetings)} new readings, 0 known"
    result(done.returncode == 0 and done.stdout.startswith(wanted), "the whole collection is read", done.stderr + done.stdout)
    split = lambda text: [part for part in text.split(";") if part] or None
    for file, identifier, former, group, question, status, approval, timing, liaisons, title in items:
        check_item(f"{identifier}, every field", identifier,
                   [identifier, title, status or None, group or None, question or None, timing or None, approval or None,
                    split(liaisons), split(former)], file)
    found = {os.path.basename(source): json.loads(body) for source, body in sqlite3.connect("s.db").execute(
        "select source, body from reading where kind = 'meeting'")}
    for file, identifier, start, end, place, outputs, topics, groups, future in meetings:
        got = found.get(file, {})
        numbers = {key: int(value) for key, value in (part.split("=") for part in outputs.split(";"))}
        good = [got.get(key) for key in ("id", "start", "end", "place", "outputs")] == [identifier, start, end, place, numbers]
        good = good and [len(got[key]) for key in ("topics", "groups", "future")] == [int(topics), int(groups), int(future)]
        result(good, f"the meeting {identifier}", json.dumps(got)[:600])


with tempfile.TemporaryDirectory() as scratch:
    os.chdir(scratch)
    done = run("import", "--store", "s.db", DATA)
    result(done.returncode == 0 and "8 files: 8 new readings" in done.stdout, "pages of eight layouts are read", done.stderr)
    result(os.stat("s.db").st_mode & 0o777 == 0o600, "the store is private")
    for asked, wanted in MADE.items():
        check_item(f"{wanted[0]}, asked for as {asked}", asked, wanted, "")
    again = run("import", "--store", "s.db", DATA)
    result("0 new readings, 8 known already" in again.stdout, "a page that was read is known", again.stdout)
    corpora = os.environ.get("OB_CORPORA", "")
    if os.path.isdir(os.path.join(corpora, "itu-work-items")):
        check_collection(corpora)
    else:
        skip("the collection of real pages", "OB_CORPORA names no folder with itu-work-items")
finish()
