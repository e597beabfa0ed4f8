#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The page of the map: whole, loads nothing, runs one script that its policy names, shows foreign text as
text, counts what the list of activities counts. Where a browser is, its filters are tried, too."""
import base64
import hashlib
import html
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

from browser import Browser
from tap import Page, finish, result

OMBUD = sys.argv[1]
AS_OF = ["--as-of", "2026-11-26"]


def run(*args):
    return subprocess.run([OMBUD, "map", *args, *AS_OF], capture_output=True, check=False)


work = tempfile.mkdtemp()
os.chdir(work)
EVIL = '</script><b onload=x>"\'&'
with open("evil.csv", "w", encoding="utf-8") as f:
    f.write('id,title,status\nX.evil,"' + EVIL.replace('"', '""') + '",under study\n')
PAGE = """[2025-2028] : [SG17] : [Q7/17]
Work item: X.fic-a
Subject/title: A fiction
Status: {}
Approval process: TAP
Type of work item: Recommendation
Timing: 2027-01
Liaison: ITU-T SG21
Summary: Made up.
"""
subprocess.run([OMBUD, "map", "import", "evil.csv", *AS_OF], capture_output=True, check=True)
for day, status in (("2026-09-30", "Under study"), ("2026-10-31", "Determined on 2026-10-20")):
    with open("page.txt", "w", encoding="utf-8") as f:
        f.write(PAGE.format(status))
    subprocess.run([OMBUD, "map", "import", "--as-of", day, "page.txt"], capture_output=True, check=True)
result(run("report").returncode == 2, "it needs a file to write to")
result(run("report", "--out", "page.html").returncode == 0, "it is written")
text = open("page.html", encoding="utf-8").read()
run("report", "--out", "again.html")
result(open("again.html", encoding="utf-8").read() == text, "twice the same bytes")

page = Page(text)
result(not page.open and not page.crossed, "every element is closed in its turn", f"{page.open} {page.crossed}")
result(len(page.ids) == len(set(page.ids)), "no id twice")
missing = [link for link in page.inner_links() if link not in page.ids]
result(not missing, "every link leads to an entry", str(missing[:5]))
result(not page.loads and page.scripts == 1, "it loads nothing and has one script", str(page.loads))
script = re.search(r"<script>(.*?)</script>", text, re.S).group(1)
digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
result(f"script-src 'sha256-{digest}'" in text, "its policy names that script")
result("<b onload" not in text, "foreign text is text")
data = json.loads(re.search(r'id="data">(.*?)</script>', text, re.S).group(1))
result(any(a["title"] == EVIL for a in data["activities"]), "and is whole in the data")

listed = json.loads(run("list", "--json").stdout)["items"]
result(text.count('class="node s-') - 3 == len(listed), "each activity has its entry")
opened = json.loads(run("list", "--status", "open", "--json").stdout)["items"]
coloured = re.findall(r'<button[^>]* class="node s-(?:new|study|last-call|carried)"', text)
result(len(coloured) == len(opened), "what has the colour of open work is open", f"{len(coloured)} {len(opened)}")
topic = next(t for t in range(len(data["topics"])) if data["topics"][t] == "Internet of things")
here = [i for i in listed if "iot" in i["topics"] and i["body"] == "itu-t-sg17"]
work_here = [i for i in here if i in opened]
result(re.search(rf'data-topic="{topic}" data-body="\d+"><b>{len(here)}</b>/{len(work_here)}<', text) is not None,
       "a cell counts what the list counts", f"{len(here)}/{len(work_here)}")


def changed(text):
    rows = re.findall(r'<tr><th scope="row">(.*?)</th><td data-name="What">(.*?)</td><td data-name="Field">(.*?)</td>'
                      r'<td data-name="Before">(.*?)</td><td data-name="After">(.*?)</td>', text.split('id="changes"')[1], re.S)
    return [[html.unescape(re.sub("<.*?>", "", cell)) for cell in row] for row in rows]


def told(since):
    return [[c["id"], c["kind"], c["field"] or "title", c["before"] or ("not there" if c["kind"] == "new" else "nothing"),
             c["after"] or c["title"]] for c in json.loads(run("diff", "--json", "--since", since).stdout)["changes"]]


result(changed(text) == told("2026-10-31") == [["X.evil", "new", "title", "not there", EVIL]],
       "changes are those since the day before the last one with readings", str(changed(text)))
run("report", "--since", "2026-09-30", "--out", "since.html")
since = changed(open("since.html", encoding="utf-8").read())
result(since == told("2026-09-30") and ["X.fic-a", "advanced", "status", "Under study", "Determined on 2026-10-20"] in since,
       "with --since, those that diff tells", str(since))
result(run("report", "--since", "soon", "--out", "none.html").returncode == 2 and not os.path.exists("none.html"),
       "a day that is none is refused")

FOCUS = ("(e => e.id + ' ' + (getComputedStyle(e).outlineStyle !== 'none' && parseFloat(getComputedStyle(e).outlineWidth) >= 2))"
         "(document.activeElement)")


def by_keyboard(browser):
    """Everything that the page does, without a mouse."""
    browser.open("file://" + work + "/page.html")
    shown = browser.value("document.getElementById('shown').textContent")
    result(shown == f"{len(opened)} of {len(listed)} shown", "the script filters: open work at first", str(shown))
    seen, visible = [], True
    while len(seen) < 40 and not (seen and re.fullmatch(r"a\d+", seen[-1])):
        browser.press("Tab")
        identifier, outlined = browser.value(FOCUS).rsplit(" ", 1)
        seen.append(identifier)
        visible = visible and outlined == "true"
    result(all(f in seen for f in ("f-topic", "f-body", "f-state", "f-text")) and visible,
           "Tab reaches each filter and the entries, and the focus can be seen", str(seen))
    entries = browser.value("[...document.querySelectorAll('#boxes li:not([hidden]) button.node')].filter(e => "
                            "!e.closest('[hidden]')).map(e => e.id)")
    walked = []
    for key in ("ArrowDown", "ArrowRight", "ArrowUp", "ArrowLeft"):
        browser.press(key)
        walked.append(browser.value(FOCUS).split(" ")[0])
    result(walked == [entries[1], entries[2], entries[1], entries[0]], "arrows walk through the entries", str(walked))
    browser.press("Enter")
    chosen = browser.value("document.querySelector('#card h3').textContent")
    result(chosen == browser.value("document.activeElement.textContent"), "Enter chooses", str(chosen))
    browser.press("Escape")
    result(browser.value("document.querySelector('#card h3')") is None and browser.value(FOCUS).startswith(entries[0] + " "),
           "Escape lets go and keeps the place")
    browser.value("location.hash = '#a0'")
    result(browser.value("new Promise(done => setTimeout(() => done(document.activeElement.id), 200))", True) == "a0",
           "an address leads to its entry")
    for scheme, media in (("light", ""), ("dark", ""), ("light", "print")):
        browser.open("file://" + work + "/page.html", scheme=scheme, media=media)
        wide = browser.value("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        result(wide == 0, f"nothing stands outside of the page ({media or scheme})", str(wide))
    browser.open("file://" + work + "/page.html", width=718, media="print")
    heat = browser.value("document.querySelector('table.heat').scrollWidth - document.documentElement.clientWidth")
    result(heat <= 0, "the heat map fits on a sheet of A4", str(heat))


browser = Browser.start(work)
if browser is None:
    result(True, "the page by keyboard # SKIP no browser comes up here")
else:
    try:
        by_keyboard(browser)
    finally:
        browser.stop()
os.chdir("/")
shutil.rmtree(work, ignore_errors=True)
finish()
