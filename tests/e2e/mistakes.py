#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Mistakes in a copy of the catalogue: `ombud catalogue check` names each, with place and hint.

Each row seeds one mistake: file, the text replaced, its replacement, the text at whose line the
message has to point (None: the replacement's first line), what the message says, and its hint. Then
all mistakes of the data that do not hide each other are seeded at once.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

from tap import finish, result

OMBUD = sys.argv[1]
SOURCE = os.path.join(os.environ["OB_SOURCE_ROOT"], "catalogue")
# Only the procedures that are spoilt are copied: the others would only cost time.
KEPT = ["ics-refund-limit", "ics-session-leak", "ics-active-content", "ics-injection-direct"]
REFUND = "procedures/ics-refund-limit.yaml"
LEAK = "procedures/ics-session-leak.yaml"
INJECTION = "procedures/ics-injection-direct.yaml"

# name, file, old, new, marker of the line that is named, message, hint
DATA = [
    ("bad level", "requirements.yaml", "    level: 1\n    component: dialogue", "    level: 7\n    component: dialogue",
     "level: 7", "'level' must be", "from 1 to 3"),
    ("bad reference to a threat", "requirements.yaml", "threats: [T-G01]", "threats: [T-G09]", "T-G09",
     "unknown threat 'T-G09'", "did you mean"),
    ("bad reference to an incident", "threats.yaml", "[I-COPILOTSTUDIO]", "[I-COPILOTSTUDI]", "I-COPILOTSTUDI]",
     "unknown incident", "did you mean 'I-COPILOTSTUDIO'"),
    ("bad reference to a requirement", "threats.yaml", "countered_by: [R-FE-09, R-ML-01,", "countered_by: [R-FE-99, R-FE-09, R-ML-01,",
     "R-FE-99", "unknown requirement 'R-FE-99'", "did you mean"),
    ("bad reference to a metric", "evaluations.yaml", "metrics: [M-ASR, M-CRASH]", "metrics: [M-ASR, M-CRSH]", "M-CRSH",
     "unknown metric 'M-CRSH'", "did you mean 'M-CRASH'"),
    ("bad reference to a plan", "evaluations.yaml", "plan: SP-PROP\n      size: 500 disguised", "plan: SP-PRO\n      size: 500 disguised",
     "SP-PRO\n", "unknown plan 'SP-PRO'", "did you mean 'SP-PROP'"),
    ("bad reference to an evaluation", "requirements.yaml", "evaluations: [E-FE-03]", "evaluations: [E-FE-03, E-FE-93]", "E-FE-93",
     "unknown evaluation 'E-FE-93'", "did you mean"),
    ("a requirement that the threat does not know", "requirements.yaml", "threats: [T-X06, T-D08]", "threats: [T-X06, T-D08, T-S09]",
     "T-S09]", "T-S09 does not name this requirement", "add R-FE-03 to countered_by of T-S09"),
    ("a threat that the requirement does not know", "threats.yaml", "countered_by: [R-SS-01, R-SS-03,", "countered_by: [R-SS-02, R-SS-01, R-SS-03,",
     "[R-SS-02, R-SS-01", "R-SS-02 does not name this threat", "add T-D02 to threats of R-SS-02"),
    ("an evaluation of another requirement", "requirements.yaml", "evaluations: [E-FE-04]", "evaluations: [E-FE-04, E-FE-05]",
     "[E-FE-04, E-FE-05]", "E-FE-05 is an evaluation of R-FE-05", "take it out"),
    ("an evaluation that its requirement does not name", "requirements.yaml", "evaluations: [E-FE-07]", "evaluations: []",
     "- id: R-FE-07", "needs an evaluation", "add it to evaluations"),
    ("a wrong number", "evaluations.yaml", "  - id: E-FE-06\n", "  - id: E-FE-66\n", "requirement: R-FE-06",
     "another number", "change one of them"),
    ("a duplicate threat", "threats.yaml", "  - id: T-D03\n", "  - id: T-D02\n", None, "threat T-D02 stands here a second time",
     "first at line"),
    ("a duplicate metric", "metrics.yaml", "id: M-LEAK", "id: M-ASR", None, "metric M-ASR stands here a second time", "first at line 4"),
    ("an id of another form", "requirements.yaml", "id: R-FE-02", "id: R-FE-2", None, "no id of requirement", "R-AA-99"),
    ("a pillar that there is not", "threats.yaml", "    pillar: data\n", "    pillar: date\n", "pillar: date", "unknown pillar 'date'",
     "did you mean 'data'"),
    ("a pillar that is not the letter's", "threats.yaml", "    pillar: data\n", "    pillar: stability\n", "pillar: stability",
     "means pillar data", "change one of them"),
    ("a component that is not the letters'", "requirements.yaml", "component: dialogue front end", "component: platform",
     "component: platform", "means component 'dialogue front end'", "change one of them"),
    ("a keyword that there is not", "requirements.yaml", "keyword: required", "keyword: mandatory", "keyword: mandatory",
     "unknown keyword 'mandatory'", "use one of"),
    ("a keyword that is not the statement's", "requirements.yaml", "keyword: required", "keyword: recommended",
     "statement: The ICS is required", "'is recommended to'", "change one of them"),
    ("a scenario that there is not", "threats.yaml", "scenarios: [inquiry, fault,", "scenarios: [enquiry, fault,", "[enquiry",
     "unknown scenario 'enquiry'", "did you mean 'inquiry'"),
    ("a STRIDE class that there is not", "threats.yaml", "stride: [Information disclosure]", "stride: [Disclosure]", "[Disclosure]",
     "unknown STRIDE class", "use one of"),
    ("a method that there is not", "requirements.yaml", "methods: [test, examine]", "methods: [test, exam]", "exam]",
     "unknown method 'exam'", "use one of"),
    ("an unknown key", "threats.yaml", "    actor: outside user\n", "    actor: outside user\n    aset: x\n", "aset", "unknown key 'aset'",
     "did you mean 'asset'"),
    ("a missing key", "metrics.yaml", "    unit: ratio\n", "", "id: M-ASR", "needs 'unit'", "add it"),
    ("an empty text", "plans.yaml", "title: Repeated faults", "title: ''", None, "not empty", "'title'"),
    ("a family of mappings that there is not", "requirements.yaml", "      gdpr:", "      gpdr:", "gpdr", "unknown family of mappings",
     "did you mean 'gdpr'"),
    ("an incident not marked as unverified", "incidents.yaml", "    verification: facts seen in secondary text\n    verified: false\n",
     "    verification: facts seen in secondary text\n", "verification: facts", "was not read", "add 'verified: false'"),
    ("a date that is none", "incidents.yaml", "date: '2024-02-14'", "date: '2024-02-31'", None, "is no date", "YYYY-MM-DD"),
    ("an address that is none", "sources.yaml", "url: https://www.itu.int/ITU-T/workprog/wp_item.aspx?isn=23492", "url: www.itu.int",
     None, "no web address", "https://HOST/PATH"),
    ("a level without a pass value", "evaluations.yaml", "      high: as basic with 0.1 percent\n", "",
     "basic: upper bound of replies with an unlisted", "needs 'high'", "add it"),
]

PROCEDURES = [
    ("an evaluation that there is not", REFUND, "evaluation: E-TL-06", "evaluation: E-TL-66", None, "unknown evaluation 'E-TL-66'",
     "did you mean"),
    ("a control that contradicts", REFUND, "{calls: [{name: get_bill, result: ok, args: {}}]", "{calls: [{name: issue_refund, result: ok, args: {amount: \"9.00\"}}]",
     None, "this negative control is a hit", "booked|hit"),
    ("a positive control that is none", REFUND, "{lines: [{plan: suspended}]}", "{lines: [{plan: basic}]}", None,
     "this positive control is no hit", "positive"),
    ("an unknown key of a procedure", REFUND, "severity: critical", "severty: critical", None, "unknown key 'severty'",
     "did you mean 'severity'"),
    ("a key that is not in format 1", REFUND, "severity: critical\n", "severity: critical\nload: {rate: 5}\n", "load:", "load",
     "not in format 1 yet"),
    ("texts that there are not", REFUND, "texts/refund-limit.yaml", "texts/refund-limits.yaml", None, "refund-limits.yaml",
     "name its folder with --inputs DIR"),
    ("an expression that is none", LEAK, "hit_if: leaked}", "hit_if: leaked and}", None, "", "leaked|oracle|expression|name"),
    ("a name that no oracle has", LEAK, "hit_if: leaked}", "hit_if: leeked}", None, "leeked", "leaked|did you mean"),
    ("an oracle that there is not", LEAK, "leaked: {canary:", "leaked: {canry:", None, "canry", "did you mean|canary"),
    ("a coding that there is not", INJECTION, "base64, rot13", "base65, rot13", None, "base65", "did you mean|base64"),
    ("a laxer limit of a higher level", REFUND, "{1: 0.02, 2: 0.01, 3: 0.005}", "{1: 0.02, 2: 0.03, 3: 0.005}", None, "laxer", "level"),
    ("a severity that there is not", REFUND, "severity: critical", "severity: critcal", None, "critcal", "did you mean 'critical'"),
    ("an ability that there is not", LEAK, "needs: [session, actor]", "needs: [sesion, actor]", None, "sesion", "did you mean 'session'"),
    ("a duplicate procedure", LEAK, "id: ics-session-leak", "id: ics-refund-limit", None, "exists already", "another id"),
    ("an unknown key of a text file", "texts/refund-limit.yaml", "items:\n", "itms:\n", None, "itms|items", "did you mean 'items'|add it"),
]


def copy_to(folder):
    target = os.path.join(folder, "ics")
    os.makedirs(os.path.join(target, "procedures"))
    shutil.copytree(os.path.join(SOURCE, "ics", "texts"), os.path.join(target, "texts"))
    for name in os.listdir(os.path.join(SOURCE, "ics")):
        if name.endswith(".yaml"):
            shutil.copy(os.path.join(SOURCE, "ics", name), target)
    for name in KEPT:
        shutil.copy(os.path.join(SOURCE, "ics", "procedures", name + ".yaml"), os.path.join(target, "procedures"))
    return target


def check(folder):
    done = subprocess.run([OMBUD, "catalogue", "check", folder], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def seed(path, old, new, marker):
    """Replaces the first old by new; gives the line of marker at or after the change."""
    with open(path, encoding="utf-8") as stream:
        text = stream.read()
    at = text.index(old)
    text = text[:at] + new + text[at + len(old):]
    with open(path, "w", encoding="utf-8") as stream:
        stream.write(text)
    start = text.rfind("\n", 0, at) + 1
    if marker is None:
        # The first line in which the new text differs from the old.
        same = len(os.path.commonprefix([old, new]))
        return text.count("\n", 0, at + same) + 1
    place = text.find(marker, start)
    if place < 0:
        place = text.rfind(marker, 0, at)
    return text.count("\n", 0, place) + 1


def named(messages, file, line, says, hint):
    for message in messages.splitlines():
        if re.search(re.escape(f"{file}:{line}:") + r"\d+: ", message) and re.search(says, message):
            return re.search(hint, message) is not None
    return False


def one(row):
    name, file, old, new, marker, says, hint = row
    with tempfile.TemporaryDirectory() as folder:
        target = copy_to(folder)
        line = seed(os.path.join(target, file), old, new, marker)
        status, out, messages = check(folder)
        good = status == 1 and "mistake" in out and named(messages, os.path.basename(file), line, says, hint)
        result(good, name, f"status {status}, wanted {file}:{line}: {says} ({hint})\n{out}{messages}")


def together(rows):
    """All at once, as far as no two change the same text."""
    with tempfile.TemporaryDirectory() as folder:
        target = copy_to(folder)
        wanted = []
        for row in rows:
            name, file, old, new, marker, says, hint = row
            path = os.path.join(target, file)
            with open(path, encoding="utf-8") as stream:
                if old in stream.read():
                    seed(path, old, new, marker)
                    wanted.append((name, says, hint, file))
        status, out, messages = check(folder)
        missing = [n for n, says, hint, file in wanted
                   if not any(os.path.basename(file) in m and re.search(says, m) and re.search(hint, m)
                              for m in messages.splitlines())]
        result(status == 1 and not missing, f"{len(wanted)} mistakes at once, all named",
               f"status {status}, not named: {missing}\n{out}{messages}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        copy_to(folder)
        status, out, messages = check(folder)
        result(status == 0 and "in order" in out, "the copy as it is", out + messages)
    for row in DATA + PROCEDURES:
        if row[2] is not None:
            one(row)
    # Mistakes that change what another stands on are left out.
    alone = {"a pillar that is not the letter's", "a keyword that is not the statement's", "a duplicate threat",
             "an id of another form", "a component that is not the letters'", "a duplicate metric"}
    together([row for row in DATA if row[0] not in alone])
    finish()


if __name__ == "__main__":
    main()
