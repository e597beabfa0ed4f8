#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Papers: every kind twice gives the same bytes; every sentence and row cites ids, and each of them is known
to other commands; blanks are marked; the page loads nothing; mistakes of the command line are one line."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile

from tap import Page, finish, result

OMBUD = sys.argv[1]
ROOT = os.environ["OB_SOURCE_ROOT"]
SCHEMA = os.path.join(ROOT, "doc", "schema", "map-paper-1.json")
CHECK = os.path.join(ROOT, "tests", "e2e", "check_schema.py")
AS_OF = ["--as-of", "2026-11-26"]
# What a kind needs to be told, besides.
MORE = {"liaison": ["--to", "SG21"]}


def run(*args, env=None):
    return subprocess.run([OMBUD, "map", *args], capture_output=True, check=False, env=env)


def paper(kind, form, *args):
    done = run("paper", kind, "--format", form, *MORE.get(kind, []), *args, *([] if "--as-of" in args else AS_OF))
    return done.stdout.decode() if done.returncode == 0 else "failed: " + done.stderr.decode()


def plain(text):
    """Markdown without its backslashes."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)


def bears_out(ids):
    return len(ids) == len(set(ids)) and any(not i.startswith(("topic:", "rule:")) for i in ids)


def said(blocks):
    """Sentences, as (text, ids), and rows, as ids."""
    sentences = [(s["text"], s["ids"]) for b in blocks for s in b.get("sentences", [])]
    return sentences, [r["ids"] for b in blocks for r in b.get("rows", [])]


def read_markdown(text):
    """Every line that is a sentence, as (text, ids): what is cut is taken from its list."""
    body, _, annexes = text.partition("\n## Annex ")
    lists = {m[1]: plain(m[2]).split(", ") for m in re.finditer(r"^- List (\d+): \[(.*)\]$", annexes, re.M)}
    found, bare = [], []
    for line in body.split("\n## ", 1)[1].split("\n")[1:]:
        line = re.sub(r"^(> )?(- |  )?", "", line)
        if not line or line in (">", r"\_" * 8) or line.startswith(("|", "#", "**Table ", "**Blank ", "*Rule.*")):
            continue
        match = re.match(r"(.*[.?]) \[([^\]]*?)(?: and \d+ more: List (\d+))?\]$", line)
        if match is None:
            bare.append(line)
        else:
            found.append((plain(match[1]), lists[match[3]] if match[3] else plain(match[2]).split(", ")))
    return found, bare


work = tempfile.mkdtemp()
os.chdir(work)
EVIL = 'AI </p><script>x</script> [a](http://evil.example) | b `c`'
with open("evil.csv", "w", encoding="utf-8") as f:
    f.write('id,kind,title,status,group\nX.evil-AI,draft Recommendation,"' + EVIL + '",under study,SG17\n')
subprocess.run([OMBUD, "map", "import", "evil.csv", *AS_OF], capture_output=True, check=True)

with open(os.path.join(ROOT, "src", "map", "papers.def"), encoding="utf-8") as f:
    KINDS = [k.replace("_", "-") for k in re.findall(r"^OB_PAPER\((\w+)\)", f.read(), re.M)]
result({"strategy", "swot", "tor"} <= set(KINDS), "there are papers", str(KINDS))

whole = json.loads(run("export", "--format", "json", *AS_OF).stdout)
known = {a["id"] for a in whole["activities"]} | {b["id"] for b in whole["bodies"]}
known |= {m["id"] for m in whole["meetings"]} | {"topic:" + t["id"] for t in whole["topics"]}
known |= {r[end] for r in whole["relations"] if r["type"] in ("rests-on", "clause-of") for end in ("from", "to")}

for kind in KINDS:
    texts = {form: paper(kind, form) for form in ("markdown", "html", "json")}
    same = [form for form, text in texts.items() if paper(kind, form) != text or text.startswith("failed")]
    result(not same, f"{kind}: twice the same bytes", str(same) + texts["markdown"][:200])
    with open("paper.json", "w", encoding="utf-8") as f:
        f.write(texts["json"])
    checked = subprocess.run([sys.executable, CHECK, SCHEMA, "paper.json"], capture_output=True, check=False)
    result(checked.returncode == 0, f"{kind}: the JSON fits its schema", checked.stderr.decode()[-300:])
    made = json.loads(texts["json"])
    sentences, rows = said(made["blocks"])
    without = [s for s in sentences if not bears_out(s[1])] + [r for r in rows if not bears_out(r)]
    result(len(sentences) > 3 and not without, f"{kind}: every sentence and row cites ids", str(without[:3]))
    rules = {r["id"] for r in made["rules"]} | {b["id"] for b in made["blocks"] if b["kind"] == "rule"}
    cited = {i for _, ids in sentences for i in ids} | {i for ids in rows for i in ids}
    lost = sorted(i for i in cited if i not in known and i not in rules)
    result(not lost, f"{kind}: every id is known", str(lost[:5]))
    result({s["id"] for s in made["sources"]} == {i for i in cited if not i.startswith("rule:")},
           f"{kind}: its sources are what it cites")
    read, bare = read_markdown(texts["markdown"])
    result(not bare and [s for s in read] == [(t, i) for t, i in sentences],
           f"{kind}: Markdown has the same sentences with the same ids",
           str(bare[:3]) + str([s for s in zip(read, sentences) if s[0] != s[1]][:1]))
    blanks = [b for b in made["blocks"] if b["kind"] == "blank"]
    marks = re.findall(r"^> \*\*Blank (\d+)\.\*\*", texts["markdown"], re.M)
    result(made["blanks"] == len(blanks) == len(marks) == texts["html"].count('<div class="blank"') and
           marks == [str(i + 1) for i in range(len(marks))] and all(b["asked"][-1] in "?." for b in blanks),
           f"{kind}: its {len(blanks)} blanks are marked and numbered")
    page = Page(texts["html"])
    missing = [link for link in page.links if link[1:] not in page.ids]
    result(not page.open and not page.crossed and not missing and len(page.ids) == len(set(page.ids)),
           f"{kind}: the page is whole and its links lead to its own parts", f"{page.open} {page.crossed} {missing[:3]}")
    outside = re.findall(r"https?:|url\(|@import", re.sub(r"<(td|dd)>[^<]*</\1>", "", texts["html"]))
    result(not page.loads and page.scripts == 0 and not outside and "default-src 'none'" in texts["html"],
           f"{kind}: the page loads nothing", f"{page.loads} {outside}")

# Papers of bodies that nobody tuned them for: no lead, no plenary, no readings.
etsi = paper("strategy", "markdown", "--body", "etsi-tc-sai")
result("leads on none, is at work beside others on none" in etsi, "nobody leads on no topic")
result("| Keep | Keep up to date: ETSI EN 304 223" in etsi and "up to date: nothing is under way there" in etsi,
       "who has texts and no work keeps them")
sg20 = paper("activity-report", "markdown", "--body", "SG20")
result(sg20.startswith("# Activity report of SG20\n") and "SG20 reports to its plenary." in sg20 and "unknown day" not in sg20,
       "a body reports to its plenary")
result("Its period has no first day" in sg20, "and says that no plenary is known")
sg17 = paper("strategy", "markdown")
result("F.TCEF-FML" not in sg17.split("## Annex")[0], "work that went on as a text is not at work any more")
own = json.loads(paper("strategy", "json", "--body", "SG17"))
result(own["title"] == "Strategy of SG17" and own["group"] is None and
       json.loads(paper("strategy", "json"))["group"] == "cg-aisec-strat", "a body that is named writes for itself", own["title"])
adopt = re.search(r"- Refer to what others have published on (.*), where", sg17).group(1)
planned = re.search(r"- On (.*), SG17 is at work on standards and has none yet", sg17).group(1)
split = lambda text: set(re.split(", | and ", text))
result(split(adopt) and split(planned) and not split(adopt) & split(planned), "no topic is both at work on and left to others",
       f"{adopt} / {planned}")
result(re.search(r"SC 42 has four open work items on testing, .*; the records of ISO/IEC JTC 1/SC 42 are stale", sg17),
       "what stale records say of others is called so")
# Its answer is counted by hand in the files: thirteen titles of open work of SG17 speak of AI.
alone = subprocess.run([OMBUD, "map", "paper", "strategy", *AS_OF], capture_output=True, check=False, cwd="/").stdout.decode()
result("| SG17 | 13 | 2 |" in alone, "thirteen open work items of SG17 on AI")

texts = {form: paper("strategy", form) for form in ("markdown", "html", "json")}
made = json.loads(texts["json"])
result(any(s["title"] == EVIL for s in made["sources"]) and "<script>" not in texts["html"],
       "foreign markup stays text in the page")
row = [line for line in texts["markdown"].split("\n") if line.startswith("| X.evil-AI |")][-1]
result(len(re.findall(r"(?<!\\)\|", row)) == 7 and not re.search(r"(?<!\\)[<`\[]", row), "and in a table", row)
shown = [run("show", i, *AS_OF).returncode for i in ("X.evil-AI", "X.sgAIoT", "sg17-2026-06")]
result(shown == [0, 0, 0], "what is cited can be shown", str(shown))

stale = json.loads(paper("swot", "json", "--fresh", "30"))
result(not any("rule:gap" in ids and "neither" in text for text, ids in said(stale["blocks"])[0]) and
       any("neither a standard" in text for text, _ in said(json.loads(paper("swot", "json"))["blocks"])[0]),
       "no gap is claimed from stale records")
due = json.loads(paper("tor", "json", "--meeting", "2027-03-31"))
late = paper("tor", "markdown", "--meeting", "sg17-2026-06", "--as-of", "2026-05-20")
result(due["report_due"] == "2027-02-28" and due["meeting"] is None, "a report is due a month before", due["report_due"])
result("was due on 2026-05-01, 19 days ago" in late, "and late after that")
on_the_day = paper("tor", "markdown", "--as-of", "2026-06-01")
result("SG17 plenary, third" in on_the_day and "none is known" not in on_the_day and
       re.search(r"Meeting \| none is known from \S+ on \|", texts["markdown"]) is not None and
       re.search(r"has no plenary of SG17 from 2026-11-\d\d on; the last", texts["markdown"]) is not None,
       "a plenary of the day itself is one, and the text says so", texts["markdown"][:900])
result(made["meeting"] is None and made["meeting_start"] is None and "When does the next plenary begin?" in texts["markdown"],
       "a plenary that is not known is a blank")
pages = os.path.join(os.environ["OB_SOURCE_ROOT"], "tests/e2e/data/map")
run("import", "--store", "summary.db", "--as-of", "2026-12-10", os.path.join(pages, "meeting.txt"))
for kind in ("tor", "call", "activity-report"):
    announced = plain(paper(kind, "markdown", "--body", "SG20", "--store", "summary.db", "--as-of", "2026-12-10"))
    result("announces: 2nd meeting: 1-9 June 2027, Elsewhere." in announced, f"{kind}: what the last summary announced stands beside it",
           announced[:1500])
before = json.loads(paper("tor", "json", "--as-of", "2025-10-01"))
result(before["meeting"] == "sg17-2025-12" and before["report_due"] == "2025-11-03", "the next plenary is the default",
       str(before["meeting"]))

for args, says in ((["strateg"], "did you mean 'strategy'?"), (["zzz"], "there are "), (["swot", "--format", "pdf"], "markdown, html, json or docx"),
                   (["swot", "--meeting", "sg99"], "no meeting has the id 'sg99'"), (["tor", "--since", "2026-01-01"], "takes no --since"),
                   (["tor", "--body", "sg99"], "no body is called 'sg99'"), ([], "takes the kind of a paper")):
    done = run("paper", *args, *AS_OF)
    text = done.stderr.decode()
    result(done.returncode == 2 and says in text and text.count("\n") == 1 and not done.stdout, f"mistake: {says}", text)

nowhere = run("paper", "swot", "--format", "docx", "--out", "none.docx", *AS_OF, env={**os.environ, "PATH": work})
result(nowhere.returncode == 2 and nowhere.stderr.decode().count("\n") == 1 and b"needs pandoc" in nowhere.stderr and
       not os.path.exists("none.docx"), "without pandoc there is one line and no file", nowhere.stderr.decode())
if shutil.which("pandoc") is None:
    result(True, "a Word document # SKIP no pandoc here")
else:
    made = []
    for name in ("one.docx", "two.docx"):
        done = run("paper", "swot", "--format", "docx", "--out", name, *AS_OF)
        made.append(open(name, "rb").read() if done.returncode == 0 else done.stderr)
    words = zipfile.ZipFile("one.docx").read("word/document.xml").decode() if os.path.exists("one.docx") else ""
    result(made[0] == made[1] and "Strengths" in words and "rule:gap" in words, "a Word document, twice the same bytes",
           str(made[0][:200]))
os.chdir("/")
shutil.rmtree(work, ignore_errors=True)
finish()
