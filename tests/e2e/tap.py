# SPDX-License-Identifier: Apache-2.0
"""Helpers of the suites in Python: tests in TAP, and a reader of pages."""
import html.parser
import sys

count = failed = 0


def result(good, name, shown=""):
    """A test. What is shown where it fails: a text, or anything that can be printed."""
    global count, failed
    count += 1
    failed += not good
    print(f"{'ok' if good else 'not ok'} {count} - {name}", flush=True)
    if not good:
        print("".join(f"# {line[:1500]}\n" for line in str(shown).splitlines()[:25]), end="", flush=True)


def skip(name, why):
    global count
    count += 1
    print(f"ok {count} - {name} # SKIP {why}", flush=True)


def finish():
    """Ends the suite. One that stops earlier has no plan, and Meson takes that for a failure."""
    print(f"1..{count}")
    sys.exit(failed > 0)


class Page(html.parser.HTMLParser):
    """What a page consists of: ids, links, what it would load, scripts; elements that cross each other."""
    VOID = ("meta", "input")

    def __init__(self, text):
        super().__init__()
        self.ids, self.links, self.loads, self.open, self.crossed, self.scripts = [], [], [], [], [], 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        values = {name: value or "" for name, value in attrs}
        self.ids += [values["id"]] if "id" in values else []
        self.links += [values["href"]] if "href" in values else []
        self.loads += [tag] if tag in ("img", "link", "iframe") or "src" in values else []
        self.scripts += tag == "script" and values.get("type") != "application/json"
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.crossed.append(tag)

    def inner_links(self):
        return [link[1:] for link in self.links if link.startswith("#")]
