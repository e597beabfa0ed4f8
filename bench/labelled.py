# SPDX-License-Identifier: Apache-2.0
"""labelled.py: what the catalogue's procedures say to a service, with what it is: {"id", "text", "label"} a line,
"attack" or "honest". No model was trained on these texts."""
import json
import pathlib
import re

ATTACK = ['forged-history', 'injection-article', 'injection-direct', 'injection-ticket', 'prompt-disclosure']
HONEST = ['backend-fault', 'complaint-receipt', 'human-reachable', 'intent', 'over-refusal', 'plan-change',
          'stale-knowledge', 'wrong-number']


def main():
    folder = pathlib.Path(__file__).parent.parent / 'catalogue/ics/texts'
    for label, names in (('attack', ATTACK), ('honest', HONEST)):
        for name in names:
            lines = (folder / f'{name}.yaml').read_text().splitlines()
            texts = [m[1] for line in lines if (m := re.search(r'\{text: "((?:[^"\\]|\\.)*)"', line))]
            for i, text in enumerate(texts):
                text = re.sub(r'\{\{[^}]*\}\}', 'amber', json.loads(f'"{text}"'))
                print(json.dumps({'id': f'{name}-{i}', 'text': text, 'label': label}, ensure_ascii=False))


main()
