# SPDX-License-Identifier: Apache-2.0
"""injection.py OMBUD SCAN RULES LABELLED.jsonl FOLDER: how many attacks are seen, how many honest texts are
alarmed, and how fast, ours and the detectors of npm in FOLDER, in one table. An alarm of ours is any finding of
class injection, evasion, leak or markup. Prints "# " lines, and as its last line "speed MB/s" of ours. SCAN is
the program of scan.c."""
import json
import math
import pathlib
import subprocess
import sys

PEERS = ['@andersmyrmel/vard', 'llm_guardrail']
ALARMS = {'injection', 'evasion', 'leak', 'markup'}


def interval(hits, total):
    """Wilson, 95 %."""
    if not total:
        return '-'
    z, p = 1.96, hits / total
    mid = (p + z * z / (2 * total)) / (1 + z * z / total)
    half = z / (1 + z * z / total) * math.sqrt(p * (1 - p) / total + z * z / (4 * total * total))
    return f'{p:5.3f} ({max(0, mid - half):5.3f} to {min(1, mid + half):5.3f})'


def row(name, rows, said, speed):
    attacks = [s for r, s in zip(rows, said) if r['label'] == 'attack']
    honest = [s for r, s in zip(rows, said) if r['label'] != 'attack']
    print(f'# {name:20} {interval(sum(attacks), len(attacks)):24} {interval(sum(honest), len(honest)):24} '
          f'{speed:8.3f}')


def main():
    ombud, scan, rules, path, folder = sys.argv[1:]
    rows = [json.loads(line) for line in pathlib.Path(path).read_text().splitlines() if line]
    print(f'# {len(rows)} texts    {"attacks seen":24} {"honest texts alarmed":24} {"MB/s":>8}')
    out = subprocess.run([ombud, 'scan', '--jsonl', '--json', path], check=True, capture_output=True, text=True)
    said = [any(f['class'] in ALARMS for f in json.loads(line)['findings']) for line in out.stdout.splitlines()]
    figures = subprocess.run([scan, rules, path], check=True, capture_output=True, text=True).stdout.split()
    speed = float(figures[figures.index('pipeline') + 1])
    row('ombud', rows, said, speed)
    for name in PEERS if (pathlib.Path(folder) / 'node_modules').is_dir() else []:
        out = subprocess.run(['node', 'bench/verdicts.mjs', folder, name, path], check=True, capture_output=True,
                             text=True).stdout.split()
        if out[0] == 'absent':
            print(f'# {name} is not installed')
        else:
            row(name, rows, [c == '1' for c in out[2]], float(out[1]))
    print(f'speed {speed}')


main()
