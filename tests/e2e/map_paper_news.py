#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Papers that tell news: activity report, liaison statement, call for contributions, digest. Pages of two
days are made here; what the papers say has to be what was changed between them."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

from tap import finish, result

OMBUD = sys.argv[1]
ROOT = os.environ["OB_SOURCE_ROOT"]
# A group whose name does not speak of AI, so that the papers are about all of its study group
GROUP = ["--body", "cg-secapa"]
KINDS = {"activity-report": GROUP, "liaison": [*GROUP, "--to", "SG21"], "call": GROUP, "digest": GROUP}
EVIL = '</td><script>alert(1)</script> | `x` [y](javascript:z) **b**\u202e & "q"'


def run(*args):
    return subprocess.run([OMBUD, "map", *args, "--landscape", "own"], capture_output=True, check=False)


def page(name, title, status="Under study", timing="-", question="Q7/17", registered="2025-01-02", liaison="-"):
    return f"""[2025-2028] : [SG17] : [{question}]
Work item: {name}
Subject/title: {title}
Status: {status}
Approval process: TAP
Type of work item: Recommendation
Version: New
Equivalent number: -
Timing: {timing}
Liaison: {liaison}
Supporting members: Operator One, Operator Two
Summary: Made up for a test.
Comment: -
Reference(s):
First registration in the WP: {registered} 03:04:05
Last update: 2026-05-06 07:08:09
"""


def read_pages(day, pages):
    shutil.rmtree("pages", ignore_errors=True)
    os.mkdir("pages")
    for i, text in enumerate(pages):
        with open(f"pages/{i}.txt", "w", encoding="utf-8") as f:
            f.write(text)
    return run("import", "--store", "s.db", "--as-of", day, "pages")


def paper(kind, *args, form="markdown", as_of="2027-02-20", store="s.db"):
    rest = KINDS[kind][2:] if "--body" in args else KINDS[kind]
    return run("paper", kind, *rest, "--format", form, "--as-of", as_of, "--store", store, *args)


def said(kind, *args, **more):
    answer = paper(kind, *args, **more)
    return answer.stdout.decode() if answer.returncode == 0 else f"exit {answer.returncode}: {answer.stderr.decode()}"


work = tempfile.mkdtemp()
os.chdir(work)
shutil.copytree(os.path.join(ROOT, "landscape"), "own")
with open("own/meetings.yaml", "a", encoding="utf-8") as f:
    f.write("  - {id: sg17-2027-03, body: itu-t-sg17, kind: plenary, title: 'SG17 plenary, made up', "
            "start: 2027-03-31, end: 2027-04-09, status: announced, verified: false}\n")
with open("own/activities/made-up.yaml", "w", encoding="utf-8") as f:
    f.write("""# SPDX-License-Identifier: Apache-2.0
ombud: 1
activities:
  - {id: LS-made-up, body: ietf, title: An answer, kind: liaison statement, status: for information,
     date: 2026-02-20, topics: [governance], relations: {liaison-with: [itu-t-sg17]}, verified: false, evidence: none}
  - {id: X.made-up, body: itu-t-sg17, title: Security of AI agents of operators, kind: draft Recommendation,
     status: new, date: 2027-02-01, question: Q7/17, topics: [agent], verified: false, evidence: none}
""")

AIOT = "Security guidelines for Artificial Intelligence of Things on Devices"
before = read_pages("2026-11-24", [
    page("X.sgAIoT", AIOT, status="-"),
    page("X.rm-sup", "Risk management of software supply chains", timing="2026-09 (Medium priority)"),
    page("X.iot-dt", "Verification of IoT data security", timing="2027-01 (Medium priority)"),
    page("X.fic-a", "Fictional guidelines"),
    page("X.secadef", "Security capabilities definitions", timing="2027-01"),
    page("X.sreg-ICS", "Intelligent customer services", timing="2027-Q4", liaison="ITU-T SG21"),
    page("X.uc-zt-5g", "Zero trust use cases", timing="2027-09", question="Q2/17"),
])
after = read_pages("2027-02-10", [
    page("X.sgAIoT", AIOT, timing="2027-12 (Medium priority)"),
    page("X.rm-sup", "Risk management of software supply chains", timing="2027-09 (Medium priority)"),
    page("X.iot-dt", "Verification of IoT data security", status="Approved on 2027-01-20"),
    page("X.9001 (ex X.fic-a)", "Fictional guidelines", question="Q8/17"),
    page("X.secadef", "Security capabilities definitions", status="Discontinued", timing="2027-01"),
    page("X.sreg-ICS", "Intelligent customer services", status="Approved on 2027-02-01", liaison="ITU-T SG21"),
    page("X.brand-new", EVIL, status="-", registered="2027-01-15"),
])
result(before.returncode == 0 and after.returncode == 0, "pages of two days are read", (before.stderr + after.stderr).decode())

whole = json.loads(run("export", "--format", "json", "--store", "s.db", "--as-of", "2027-02-20").stdout)
known = {x["id"] for part in ("bodies", "activities", "meetings") for x in whole[part]}
# All kinds: the same bytes twice, no sentence without ids, all ids resolve
for kind in KINDS:
    first = {form: paper(kind, form=form) for form in ("markdown", "html", "json")}
    second = {form: paper(kind, form=form) for form in first}
    why = first["markdown"].stderr.decode()
    result(all(first[f].returncode == 0 and first[f].stdout == second[f].stdout for f in first),
           f"{kind}: the same bytes twice", why)
    result(b"<script>alert" not in first["html"].stdout and b"javascript:z)" not in first["html"].stdout.replace(b"](javascript:z)", b"")
           and "\u202e".encode() not in first["html"].stdout + first["markdown"].stdout
           and b"<script>alert" not in first["markdown"].stdout,
           f"{kind}: a hostile title is harmless")
    d = json.loads(first["json"].stdout or b"{}")
    text = first["markdown"].stdout.decode()
    bare = [line for line in text.split("## Annex")[0].splitlines()
            if re.match(r"(- |  )?[A-Z].*[.?]$", line) and not line.startswith(("Ids in brackets", "> **Blank"))]
    result(text and not bare, f"{kind}: no sentence without ids", repr(bare[:3]))
    ids = {s["id"] for s in d.get("sources", []) if not s["id"].startswith(("topic:", "rule:"))}
    wrong = sorted(i for i in ids if i not in known)
    result(ids and not wrong, f"{kind}: all ids resolve", repr(wrong))
    result(re.search(r"\b1 (items|days|pages|topics|bodies|standards)\b|\bone (items|pages)\b|\(\)|  \.| ,", text) is None,
           f"{kind}: singular and plural are right", "")
    shown = re.split(r"\n## Annex", text)[0]
    result(len(shown.splitlines()) < (200 if kind == "activity-report" else 115), f"{kind}: short", f"{len(shown.splitlines())} lines")

# The activity report
report = said("activity-report")
result("due on 2027-02-28" in report and "in time, with 8 days left" in report, "a month before 2027-03-31 is 2027-02-28", report[:1500])
result("late by 5 days" in said("activity-report", as_of="2027-03-05"), "five days later it is late")
result("late by 1 day;" in said("activity-report", as_of="2027-03-01") or "late by 1 day." in said("activity-report", as_of="2027-03-01")
       or "late by 1 day " in said("activity-report", as_of="2027-03-01"), "one day is singular")
result("today is the last day" in said("activity-report", as_of="2027-02-28"), "on the day itself it is in time")
for what, item in (("Approved or published", "X.iot-dt"), ("New work", "X.brand-new"), ("Put off", "X.rm-sup, from 2026-09 to 2027-09"),
                   ("Renamed", "X.9001, before X.fic-a"), ("Stopped or replaced", "X.secadef"), ("A stage further", "X.sgAIoT"), ("Moved", "X.9001, from Q7/17 to Q8/17")):
    result(re.search(rf"^- {what}: .*{re.escape(item)}", report, re.M) is not None, f"changes: {what.lower()}", report)
result(re.search(r"Not read again after 2026-11-24: X\.uc-zt-5g", report) is not None, "what was not read again is told")
result(re.search(r"^- Closed: X.sreg-ICS is the first standard on intelligent customer service", report, re.M | re.I) is not None,
       "a gap that was closed")
result(re.search(r"^- (Opened|Perhaps opened).*: X.secadef was the last standard, or work on one, on terminology", report, re.M | re.I) is not None, "a gap that was opened")
result("| Under study | 5 | 3 |" in report or re.search(r"\| Under study \| \d+ \| \d+ \|", report) is not None, "the trend has a table")
trend = dict((m[0].lower(), (int(m[1]), int(m[2]))) for m in re.findall(r"\| ([A-Z][a-z ]+) \| (\d+) \| (\d+) \|", report.split("Trend")[-1].split("## ")[0]))
result(trend == {"new": (1, 0), "under study": (5, 3), "approved": (0, 2), "stopped": (0, 1)}, "the trend counts what was read twice", repr(trend))
result("X.new" not in said("activity-report", store="none.db"), "a store that is not there is an error")
question = said("activity-report", "--body", "Q8/17")
result("Activity report of Q8/17 to SG17" in question and "X.9001" in question and "X.rm-sup" not in question.split("## Annex")[0].split("Overlaps")[0],
       "a Question reports its own work", question[:3000])
ai = said("activity-report", "--body", "cg-aisec-strat").split("## Annex")[0]
result("X.sgAIoT" in ai and "It is about the work of SG17 on AI" in ai and "X.rm-sup" not in ai and "X.9001" not in ai,
       "a group whose name speaks of AI reports on AI", ai[:3000])
result("first standard on intelligent customer service" in ai and "first standard on testing" not in ai,
       "texts that do not speak of AI close a gap, too", ai)
result("the landscape knows no plenary" in said("activity-report", as_of="2027-05-01").lower(), "no plenary is known: a blank")
result("due on 2026-05-01" in said("activity-report", "--meeting", "sg17-2026-06", as_of="2026-04-20"), "the landscape's own day counts")
stale = said("activity-report", "--fresh", "5")
result("too old to claim a gap" in stale and "has neither" not in stale.split("## Annex")[0], "old data claim no gap")
other = said("activity-report", "--since", "2027-02-15")
result("Approved or published" not in other, "behind the last reading nothing changed")

result("two statements of SG17 and one statement to it" in report, "liaison statements are counted by direction", report)
result(re.search(r"^\| 2026-01-30 \| LS-2106 .*\| LS-made-up \|", report, re.M) is not None, "one is answered")
result(re.search(r"^\| 2026-02-02 \| LS-2108 .*\| - \|$", report.replace("\\-", "-"), re.M) is not None, "what is for information wants no answer", report)
result(re.search(r"^\| 2027-02-01 \| X\.made-up \|", report, re.M) is not None, "what the landscape dates in the period")

# The liaison statement
letter = said("liaison")
result("liaisons of F.AAI" in letter and "| For | Action |" in letter, "SG21 is asked to list SG17 for F.AAI", letter[:3000])
result("X.sg-eAI is related to F.748.66" in letter, "related documents are told")
KINDS["liaison"] = GROUP
none = paper("liaison")
result(none.returncode == 2 and b"--to ID; the weightiest first: " in none.stderr and none.stderr.count(b"\n") == 1 and not none.stdout,
       "without a receiver: who there is", none.stderr.decode())
for to, name in (("SG17", "not to itself"), ("nobody", "a body that is not there")):
    answer = paper("liaison", "--to", to)
    result(answer.returncode == 2 and not answer.stdout and answer.stderr.count(b"\n") == 1, f"liaison: {name}", answer.stderr.decode())
one = said("liaison", "--to", "SG21", "--topic", "embodied-ai")
result("On embodied AI" in one and "customer service" not in one.split("## Annex")[0], "liaison: one topic", one[:2000])
KINDS["liaison"] = [*GROUP, "--to", "SG21"]

# The call
call = said("call")
result("due on 2027-03-18, so that 12 calendar days lie between" in call and "26 days are left" in call,
       "contributions: twelve days between", call[:2000])
# The day that the invitation to a meeting from 2017-08-29 on named.
result("due on 2017-08-16," in said("call", "--meeting", "2017-08-29"), "contributions: as an invitation counted")
result("what is sent now is late by 3 days" in said("call", as_of="2027-03-21"), "contributions: the day is over")
result(re.search(r"X\.rm-sup .*Operator One", call) is not None, "the call tells who supports an item")
result("| Federated learning | Gap |" in said("call", "--fresh", "400"), "the call asks for what is a gap")

# The digest
digest = said("digest", "--since", "2026-12-01")
result("X.iot-dt" in digest and "X.brand-new" in digest, "the digest has the changes", digest[:2000])
result("X.iot-dt" not in said("digest", "--since", "2027-02-11").split("## Annex")[0].split("Due and late")[0], "the digest has nothing from before")
result(re.search(r"^\| AI agents \| SG21 \| X\.made-up \|.*F\.AAI", digest, re.M) is not None, "the digest has the new overlap", digest)
result("X.made-up" not in said("digest", "--since", "2027-02-11").split("## Annex")[0].split("New overlaps")[1].split("##")[0],
       "and no older one")
result(said("digest", as_of="2027-03-05").count("2027-02-05") > 0, "by default a month back")
shutil.rmtree(work)
finish()
