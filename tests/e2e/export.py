#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The catalogue as a document: whole in both forms and languages, every link leads to an entry, nothing is
loaded, and the words that a reader needs stand there."""
import re
import subprocess
import sys

from tap import Page, finish, result

OMBUD = sys.argv[1]
WORDS = {
    "en": ["is required to", "is recommended to", "can optionally", "A fixed plan would have used", "unverified",
           "added by this project", "of the draft Recommendation", "Data security", "Fault report and repair"],
    "zh": ["安全威胁、安全要求与评估指南", "数据安全、系统稳定性、算法可靠性（建议书草案）", "业务咨询、故障申告与维修、投诉（建议书草案）",
           "（本项目增补）", "未核实", "若按固定样本，需用", "等级（3 高级）", "测试程序"],
}
ORDER = ['id="T-D01"', 'id="R-FE-01"', 'id="E-FE-01"', 'id="ics-', 'id="M-ASR"', 'id="SP-ZERO"', 'id="I-', 'id="S-']


def export(form, language):
    done = subprocess.run([OMBUD, "catalogue", "export", "--format", form, "--lang", language], capture_output=True, check=False)
    return done.stdout.decode() if done.returncode == 0 else ""


for lang, words in WORDS.items():
    pages = {form: export(form, lang) for form in ("html", "markdown")}
    for form, text in pages.items():
        missing = [word for word in words if word not in text]
        result(not missing, f"{form}, {lang}: what a reader needs stands there", str(missing))
        places = [text.find(word) for word in ORDER]
        result(places == sorted(places) and places[0] > 0, f"{form}, {lang}: the order is kept", str(places))
    page = Page(pages["html"])
    lost = sorted(set(page.inner_links()) - set(page.ids))
    result(len(page.inner_links()) > 500 and not lost, f"html, {lang}: every link leads somewhere", str(lost[:5]))
    result(len(set(page.ids)) == len(page.ids), f"html, {lang}: no anchor stands twice")
    result(not page.open and not page.crossed, f"html, {lang}: what is opened is closed", str(page.crossed[:5]))
    result(not page.loads and page.scripts == 0, f"html, {lang}: nothing is loaded", str(page.loads[:5]))
    anchors = set(re.findall(r'<a id="([^"]+)">', pages["markdown"]))
    lost = sorted(set(re.findall(r"\]\(#([^)]+)\)", pages["markdown"])) - anchors)
    result(anchors == set(page.ids) and not lost, f"markdown, {lang}: the same entries, no link is lost", str(lost[:5]))
finish()
