#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""callgrind.py OUT NAMES: of the files that callgrind wrote, OUT.1, OUT.2 and so on, what each counted:
NAME, all instructions, and those of functions whose names begin with outside_, what they call
included. NAMES has the names of the files in their order."""
import re
import sys


def count(path):
    """A file has the function that a line belongs to, lines with what it spent itself, and for each call
    a line with what the called one spent, all included."""
    names = {}

    def name(text):
        number, _, rest = text.partition(" ")
        return names.setdefault(number, rest) if rest else names.get(number, number)

    everything = outside = 0
    callee = None
    for line in open(path):
        line = line.rstrip("\n")
        if line.startswith("fn="):
            name(line[3:])
        elif line.startswith("cfn="):
            callee = name(line[4:])
        elif line.startswith("calls="):
            continue
        elif re.match(r"[0-9+*-]", line):
            spent = int(line.split()[1])
            if callee is None:
                everything += spent
            elif callee.startswith("outside_"):
                outside += spent
            callee = None
    return everything, outside


out, names = sys.argv[1:]
for number, title in enumerate(open(names).read().split(), 1):
    print(title, *count(f"{out}.{number}"))
