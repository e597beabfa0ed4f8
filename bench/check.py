# SPDX-License-Identifier: Apache-2.0
"""check.py TRIALS REPORT.json REPORT.html STORE: is what a large run left behind right? Totals agree between
report and evidence, and the HTML is well formed (each element that is opened is closed)."""
import html.parser, json, sqlite3, sys

VOID = {'meta', 'link', 'br', 'hr', 'img', 'input', 'col', 'wbr', 'path', 'rect', 'circle', 'line'}
wanted, report, page, store = int(sys.argv[1]), json.load(open(sys.argv[2])), sys.argv[3], sys.argv[4]
wrong = []


class Balance(html.parser.HTMLParser):
    open = []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            wrong.append(f'the HTML closes <{tag}> at {self.getpos()} where it is not open')


def same(what, value, right):
    if value != right:
        wrong.append(f'{what}: {value}, not {right}')


procedure = report['procedures'][0]
same('procedures', len(report['procedures']), 1)
same('trials', procedure['trials'], wanted)
same('trials of the run', report['run']['trials'], wanted)
same('hits', procedure['hits'], 0)
same('invalid', procedure['invalid'], 0)
db = sqlite3.connect(store)
ends = db.execute("select count(*), count(distinct trial) from record where kind = 6 and"
                  " json_extract(body, '$.result') = 'clean'").fetchone()
same('clean ends in the evidence', ends[0], wanted + procedure['surplus'])
same('trials that ended', ends[1], wanted + procedure['surplus'])
requests = db.execute('select count(*) from record where kind = 3').fetchone()[0]
same('requests', procedure['requests'], requests)

text = open(page, encoding='utf-8').read()
parser = Balance()
parser.feed(text)
parser.close()
if parser.open:
    wrong.append(f'the HTML leaves open: {parser.open}')
if f'{wanted}' not in text.replace(',', '').replace('&nbsp;', ''):
    wrong.append(f'the HTML does not say {wanted}')
sys.exit('\n'.join(wrong) or 0)
