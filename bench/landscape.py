#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""landscape.py SHIPPED OUT [DOCUMENTS [RELATIONS]]: a landscape of made-up documents in OUT/landscape, with
the bodies and topics of the shipped one, and 1,000 pages of work items in OUT/pages. Same bytes each time."""
import os
import random
import re
import shutil
import sys

shipped, out = sys.argv[1:3]
documents = int(sys.argv[3]) if len(sys.argv) > 3 else 10000
relations = int(sys.argv[4]) if len(sys.argv) > 4 else 50000
words = ("security requirements framework guidelines agent network model data cloud identity trust privacy service edge "
         "testing evaluation vehicle sensor quantum ledger").split()
sets = ["subset", "superset", "equal", "intersects", "none"]
pick = random.Random(7)


def write(name, head, lines):
    path = os.path.join(out, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(head)
        file.writelines(lines)


def ids(name):
    with open(os.path.join(shipped, name), encoding="utf-8") as file:
        return re.findall(r"^  - \{?id: ([^,}\n]+)", file.read(), re.M)


for name in ("landscape", "topics", "bodies", "meetings"):
    os.makedirs(os.path.join(out, "landscape"), exist_ok=True)
    shutil.copy(os.path.join(shipped, name + ".yaml"), os.path.join(out, "landscape"))
# Each family of the catalogue's references is one document here.
families = ids("schemes.yaml")
write("landscape/schemes.yaml", "ombud: 1\nschemes:\n", [f"  - {{id: {name}, document: Family {name}}}\n" for name in families])
write("landscape/external.yaml", "ombud: 1\nexternal:\n",
      [f"  - {{id: Family {name}, title: Family {name}, verified: false}}\n" for name in families])
bodies, topics = ids("bodies.yaml"), ids("topics.yaml")
names = [f"Z.{number}" for number in range(documents)]
links = {name: {} for name in names}
made = 0
while made < relations // 2:
    one, other = pick.sample(names, 2)
    targets = links[one].setdefault(pick.choice(["references", "related", "complements"]), [])
    if other not in targets:
        targets.append(other)
        made += 1
for start in range(0, documents, 1000):
    entries = []
    for name in names[start:start + 1000]:
        title = " ".join(pick.choices(words, k=6))
        status = pick.choice(["published", "under study", "new"])
        two = ", ".join(pick.sample(topics, 2))
        entries.append(f"  - {{id: {name}, body: {pick.choice(bodies)}, title: {title} {name[2:]}, kind: standard, "
                       f"status: {status}, topics: [{two}], verified: true, relations: {{"
                       + ", ".join(f"{kind}: [{', '.join(targets)}]" for kind, targets in links[name].items()) + "}}\n")
    write(f"landscape/activities/{start:06}.yaml", "ombud: 1\nactivities:\n", entries)
pairs = []
for _ in range(relations - relations // 2):
    one, other = pick.sample(names, 2)
    pairs.append(f"  - {{from: {one}, to: {other}, set: {pick.choice(sets)}, review: proposed}}\n")
write("landscape/relations.yaml", "ombud: 1\nrelations:\n", pairs)
for number in range(1000):
    write(f"pages/{number:04}.txt", "ITU-T work programme\n\n[2025-2028] : [SG17] : [Q7/17]\n\n", [
        f"Work item: X.made-{number}\nSubject/title: {' '.join(pick.choices(words, k=8))}\nStatus: Under study\n",
        "Approval process: TAP\nType of work item: Recommendation\nVersion: New\nEquivalent number: -\n",
        "Timing: 2027-01 (Medium priority)\nLiaison: ITU-T SG13, SG20, ISO/IEC JTC 1/SC 27\nSupporting members: -\n",
        f"Summary: {' '.join(pick.choices(words, k=60))}\nComment: -\nFirst registration in the WP: 2025-01-01 00:00:00\n"])
