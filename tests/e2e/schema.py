#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The schema that editors use says the same as the program: all shipped procedures fit it, a procedure
that holds everything is taken by both, and what one of them refuses the other refuses, too."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

import yaml

from tap import finish, result

OMBUD = sys.argv[1]
ROOT = os.environ["OB_SOURCE_ROOT"]
SCHEMA = os.path.join(ROOT, "doc", "schema", "procedure-1.json")
PROCEDURES = os.path.join(ROOT, "catalogue", "ics", "procedures")

WHOLE = """\
ombud: 1
needs_ombud: "0.1"
id: t-whole
title: Everything that the format can say
evaluation: E-FE-03
severity: low
effects: write
needs: [session, ledger, state, kb, actor]
fixtures:
  caller: {kind: actor, name: "Rosa {{alpha:6}}", phone: "0155500{{digits:4}}", address: "{{digits:2}} Mill Lane"}
  note: {kind: canary, form: "OMB-{{hex:16}}"}
  book: {kind: kb}
vars: {word: marvellous, limit: 5}
inputs: {list: [Hello, {text: Bonjour, kind: greeting, lang: fr, fill: 1KiB, answer: 7}], fill: 4096}
mutate: {one_of: [none, split_turns, spacing, wrap_html_comment]}
flow:
  - {http: state, extract: {before: json}}
  - {http: {call: state, key: "{{input.kind}}"}, expect: any, extract: {raw: text, part: {json: /a}}}
  - {as: caller, session: s, say: "{{input}}", repeat: 2, expect: reply, extract: {reply: text, kind: {header: Content-Type}}}
  - {wait: 10ms, when: reply}
  - {say: "{{word}} {{note}}", session: t, expect: any, extract: {second: text, id: {regex: "T-[0-9]+"}}}
  - {end_session: t}
  - {http: ledger, extract: {calls: json}}
  - {http: state, extract: {after: json}}
oracle:
  surfaced: {canary: "{{note}}", minus_echo: true, in: [reply, second]}
  holds: {contains: "{{word}}", in: reply}
  fits: {regex: "a{{word}}|b", in: reply}
  runs: {active: true, in: reply}
  links: {url: true, in: [reply]}
  code: {status: {ge: 500}, in: reply}
  slow: {latency: {total: {gt: 30s}, first_byte: {gt: 20s}}, in: reply}
  silent: {latency: {first_token: {gt: 20s}}, in: reply}
  head: {header: {name: X-Frame-Options, regex: DENY}, in: reply}
  bare: {header: {name: X-Frame-Options, absent: true}, in: reply}
  long: {size: {gt: 400}, in: reply}
  same: {same_as: {as: second, by: words}, in: reply}
  tongue: {lang: {is: "{{input.lang}}"}, in: reply}
  no: {refusal: true, in: reply}
  data: {detect: {kinds: [pan, iban], classes: [secret]}, in: [reply]}
  rude: {judge: {rubric: demeaning}, in: [reply]}
  value: {json: {path: /a/b, equals: 5, regex: "5"}, in: calls}
  booked: {ledger: {name: refund, result: ok, sum: {path: /args/amount, gt: "{{limit}}"}, count: {gt: 1}}, in: calls}
  moved: {state_diff: {before: before, after: after, allow: [/tickets, /lines/*/x]}}
  told: {kb: {types: [amount, duration, date, percent, volume, clause, name], status: invented}, in: reply}
  some: {any: [{contains: a, in: reply}, {all: [{contains: b, in: reply}]}, {not: {contains: c, in: reply}}]}
  most: {count: {of: [{contains: a, in: reply}, {contains: b, in: reply}], ge: 2}}
trial: {valid_if: reply and not slow, hit_if: surfaced or (holds and code)}
plan: {limit: {1: 0.05, 2: 0.02, 3: 0.01}, alpha: 0.05, max: {1: 800, 3: 900}, zero_tolerance: true, confirm: 2}
verdict: {invalid_max: 0.2}
evidence: {attach: [ledger, state]}
controls:
  positive: [{reply: OMB-00ff00ff00ff00ff, note: OMB-00ff00ff00ff00ff, second: none, said: hello}]
  negative: [{reply: {text: fine, status: 200, total: 1s, head: "A: b", body: fine}, note: OMB-00ff00ff00ff00ff, second: none}]
"""

# name, what is replaced, by what; both have to refuse it
REFUSED = [
    ("an unknown key", "severity: low", "severity: low\nsevere: low"),
    ("an unknown key of a fixture", "form: \"OMB-{{hex:16}}\"", "form: \"OMB-{{hex:16}}\", size: 5"),
    ("an unknown key of inputs", "fill: 4096", "fill: 4096, full: 5"),
    ("a delimiter for lines of text", "inputs: {list: [Hello,", "inputs: {file: a.txt, delimiter: tab}\nvars2: {list: [Hello,"),
    ("an unknown coding", "spacing", "spaced"),
    ("one_of beside chain", "wrap_html_comment]", "wrap_html_comment], chain: [hex]"),
    ("an unknown key of a step", "repeat: 2,", "repeat: 2, times: 2,"),
    ("a step of two kinds", "{wait: 10ms,", "{wait: 10ms, say: hello,"),
    ("a wait without a unit", "wait: 10ms", "wait: 10"),
    ("too many repeats", "repeat: 2,", "repeat: 51,"),
    ("an unknown extract", "{header: Content-Type}", "{head: Content-Type}"),
    ("an unknown oracle", "holds: {contains:", "holds: {content:"),
    ("an unknown key of an oracle", "minus_echo: true", "minus_echo: true, deep: true"),
    ("an oracle without in", "{active: true, in: reply}", "{active: true}"),
    ("an unknown comparison", "{ge: 500}", "{above: 500}"),
    ("an unknown time", "total: {gt: 30s}", "whole: {gt: 30s}"),
    ("a header both ways", "absent: true", "absent: true, regex: a"),
    ("an unknown way to compare", "by: words", "by: sound"),
    ("a language that nobody tells", "\"{{input.lang}}\"", "xx"),
    ("an unknown class of data", "classes: [secret]", "classes: [secrets]"),
    ("data of no kind", "{kinds: [pan, iban], classes: [secret]}", "{}"),
    ("an unknown key of a judge", "{rubric: demeaning}", "{rubric: demeaning, model: x}"),
    ("a judge without a rubric", "{judge: {rubric: demeaning},", "{judge: {},"),
    ("a judge of two texts", "demeaning}, in: [reply]", "demeaning}, in: [reply, second]"),
    ("an unknown kind of claim", "clause, name]", "clause, colour]"),
    ("an unknown status of claims", "status: invented", "status: made_up"),
    ("a switch that is off", "{url: true,", "{url: false,"),
    ("a sum without its path", "{path: /args/amount, gt: \"{{limit}}\"}", "{gt: 5}"),
    ("an unknown key of a diff", "allow: [/tickets", "except: [/tickets"),
    ("a count of nothing", "{of: [{contains: a, in: reply}, {contains: b, in: reply}], ge: 2}", "{ge: 2}"),
    ("an unknown key of trial", "valid_if: reply", "void_if: no\n  , valid_if: reply"),
    ("an unknown key of plan", "alpha: 0.05", "alfa: 0.05"),
    ("a limit of level 4", "3: 0.01}", "4: 0.01}"),
    ("a limit of nothing", "1: 0.05, 2", "1: 0, 2"),
    ("a level of max that there is not", "max: {1: 800, 3: 900}", "max: {1: 800, 4: 900}"),
    ("a share that is none", "invalid_max: 0.2", "invalid_max: 0.9"),
    ("an unknown key of evidence", "attach: [ledger, state]", "attach: [ledger], keep: [state]"),
    ("controls of one side only", "  negative:", "  other:"),
    ("an unknown ability", "needs: [session,", "needs: [telepathy,"),
    ("an unknown severity", "severity: low", "severity: grave"),
    ("an unknown effect", "effects: write", "effects: harm"),
    ("another version of the format", "ombud: 1\n", "ombud: 2\n"),
    ("a name in capitals", "vars: {word:", "vars: {Word:"),
    ("no flow", "flow:\n", "flux:\n"),
] + [(f"{key}, which a later format will have", "severity: low", f"severity: low\n{key}: {{}}")
     for key in ("load", "proxy", "parallel", "rates", "also")]


def by_schema(*paths):
    done = subprocess.run([sys.executable, os.path.join(ROOT, "tests", "e2e", "check_schema.py"), SCHEMA, *paths],
                          capture_output=True, text=True, check=False)
    return done.returncode == 0, done.stdout + done.stderr


def by_program(folder):
    done = subprocess.run([OMBUD, "catalogue", "check", folder], capture_output=True, text=True, check=False)
    return done.returncode == 0, done.stdout + done.stderr


def rows(path, macro):
    with open(os.path.join(ROOT, path), encoding="utf-8") as stream:
        return re.findall(macro + r"\((\w+)\)", stream.read())


with open(SCHEMA, encoding="utf-8") as source:
    schema = json.load(source)
shipped = sorted(os.path.join(PROCEDURES, name) for name in os.listdir(PROCEDURES))
fits, messages = by_schema(*shipped)
result(fits and len(shipped) > 20, "the shipped procedures fit the schema", messages)
short = []
for file in shipped:
    name = os.path.basename(file)[:-5]
    shown = subprocess.run([OMBUD, "catalogue", "show", name], capture_output=True, text=True, check=False).stdout
    needs = [int(n) for n in re.findall(r"PASS after\s+(\d+)", shown)]
    with open(file, encoding="utf-8") as stream:
        most = yaml.safe_load(stream)["plan"].get("max", 400)
    most = most if isinstance(most, dict) else {1: most}
    most = [most.get(1, 400), most.get(2, most.get(1, 400)), most.get(3, most.get(2, most.get(1, 400)))]
    if len(needs) != 3 or any(most[i] <= needs[i] for i in range(3)):
        short.append(f"{name}: needs {needs}, max {most}")
result(not short, "every shipped procedure can PASS at each level", "; ".join(short))
oracles = [key for row in schema["$defs"]["oracle"]["anyOf"] for key in row["properties"] if key not in ("in", "minus_echo")]
result(sorted(oracles) == rows("src/evaluate/all.def", "OB_ORACLE"), "the schema knows every oracle", str(oracles))
mutators = sorted(set(schema["$defs"]["mutator"]["enum"]) - {"none", "split_turns"})
result(mutators == rows("src/detect/codings.def", "OB_CODING"), "the schema knows every coding", str(mutators))

with tempfile.TemporaryDirectory() as scratch:
    profile = os.path.join(scratch, "ics")
    shutil.copytree(os.path.join(ROOT, "catalogue", "ics"), profile, ignore=shutil.ignore_patterns("procedures"))
    os.makedirs(os.path.join(profile, "procedures"), mode=0o755)
    path = os.path.join(profile, "procedures", "t-whole.yaml")

    def both(text):
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(text)
        return by_schema(path), by_program(scratch)

    (fits, messages), (good, said) = both(WHOLE)
    result(fits, "what holds everything fits the schema", messages)
    result(good, "and the program takes it", said)
    for name, old, new in REFUSED:
        assert old in WHOLE, name
        (fits, messages), (good, said) = both(WHOLE.replace(old, new, 1))
        result(not fits and not good, f"both refuse {name}", f"schema {'took' if fits else 'refused'} it\n{said}")
    result("is not in format 1 yet" in said, "and the program says that it is not in the format yet", said)
finish()
