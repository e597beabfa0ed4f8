#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A service that is a local program: lines of JSON, and programs that misbehave in every way. What is
# asked is asked once, whose answer a line is stays certain, no process stays behind, no secret shows.
. "$OB_SOURCE_ROOT/tests/e2e/lib.sh"
OMBUD_SECRET_BOT_KEY=very-secret-key-0042
NOT_FOR_THE_BOT=stays-here
export OMBUD_SECRET_BOT_KEY NOT_FOR_THE_BOT
mkdir bots
cp "$OB_SOURCE_ROOT/tests/peer/lines.py" bots/bot.py
log=$work/log
python=$(python3 -c 'import sys; print(sys.executable)') # what stands in PATH may be a script around it
# bot MODE [LINES]: the service file of a bot of that mode; LINES are added
bot() {
    rm -f "$log" ./*.db ./*.json
    cat >bot.yaml <<Y
ombud: 1
service: A local bot
profile: ics
driver: command
command: {run: [$python, -S, bot.py, $1, $log], folder: bots, environment: {BOT_KEY: {secret: BOT_KEY}}, tools: .tools$3}
time_scale: 0.01
limits: {connect: ${connect:-3s}, first_byte: 300ms, total: 2s, reply_size: 1MiB}
$2
Y
}
try() {
    bot "$1" "$2"
    run evaluate bot.yaml --try
}
count() { grep -c "^$1" "$log"; }
# evaluate ARGS...: a run of one procedure that only reads
evaluate() { run evaluate bot.yaml --only ics-active-content --seed 3 --store r.db --json r.json --quiet "$@"; }
# Every stored answer to a turn that counts holds the number of its request.
# shellcheck disable=SC2317 # called through is
fits() {
    python3 - "$@" <<'PY'
import json, sqlite3, sys
asked, answered, bad = {}, 0, 0
for kind, body, data in sqlite3.connect('r.db').execute('select kind, body, data from record order by seq'):
    body = json.loads(body)
    if kind == 3:
        asked[body['attempt_id']] = json.loads(data)
    if kind == 4 and data and body['lost'] == 'none':
        answered += 1
        bad += ('[%d] ' % asked[body['attempt_id']]['id']) not in data.decode()
print('#', len(asked), 'asked,', answered, 'answered,', bad, 'mixed up')
sys.exit(bad > 0 or answered < int(sys.argv[1]))
PY
}
once() { [ "$(grep ^request "$log" | awk '{print $2}' | sort | uniq -d)" = "" ]; }
# shellcheck disable=SC2013 # process ids
gone() { for p in $(awk '/^start/ {print $2}' "$log"); do kill -0 "$p" 2>/dev/null && return 1; done; return 0; }
# lost WHAT PATTERN: the turn was lost for that reason, was asked at most once, and nobody is left
lost() {
    if [ "$status" = 3 ] && grep -q '^say *LOST' out && grep -qE "$2" out && once && gone; then ok "$1"; else
        echo "# status $status, wanted '$2'"
        not_ok "$1"
    fi
}

# The example of the documentation works as it stands.
page=$OB_SOURCE_ROOT/doc/service-file.md
# block LANGUAGE: that of the page's last chapter
# shellcheck disable=SC2016 # the back quotes are the page's
block() { sed '1,/^## A local/d' "$page" | awk -v mark='```' '$0 == mark {on = 0} on {print} $0 == mark lang {on = 1}' lang="$1"; }
block python >bot.py
block yaml >example.yaml
OMBUD_SECRET_MODEL_KEY=some-key-of-a-model
export OMBUD_SECRET_MODEL_KEY
run evaluate example.yaml --try
is "the documented example works" sh -c "[ $status = 0 ] && grep -q 'reply *You said: Hello' out"

# So does the file that --init writes, once it names a program that is there.
"$OMBUD" evaluate --init command | sed "s|node, bot.js|$python, -S, bots/bot.py, good|" >init.yaml
run evaluate init.yaml --try
is "a file to begin with works" sh -c "[ $status = 0 ] && grep -q 'reply .*Monday' out"

# Looking before sending
bot good
run evaluate bot.yaml --dry-run --only ics-active-content
is "--dry-run shows the first line byte for byte" \
    grep -qE '^\{"id":1,"say":"Hello, what are your opening hours\?","actor":\{\},"session":"[0-9a-f]{32}"\}$' out
is "and starts nothing" test ! -e "$log"
try good 'login: {request: {body: {user: "{{actor.name}}", key: {secret: BOT_KEY}}}, extract: {token: .token}}
session: {open: {request: {}, extract: {id: .session}}}
backend: {state: {request: {body: {key: {secret: BOT_KEY}}}, extract: {state: .}}}'
is "a good program is understood" sh -c "[ $status = 0 ] && grep -q 'reply .*Monday' out && grep -q 'tools .*hours' out"
is "an expression sees the answer without its id" grep -q 'state .*{"state":{"calls":1},"seen"' out
is "the session is the one it opened" grep -q 'say opened-by-the-bot' "$log"
is "token and key are hidden" sh -c 'grep -q "token .*sk-" out && ! grep -qE "tok-Test|very-secret" out err'
try environment
is "few variables of ours reach it, and those named" sh -c "grep -q 'has BOT_KEY .*PATH' out && ! grep -q NOT_FOR out"
outer=$($python -S -c 'import os; print(len(os.listdir("/proc/self/fd")) - 1)') # what everybody has here
is "no descriptor of ours besides its three" grep -q "; $outer descriptors;" out
is "it runs in its folder" grep -q '; in bots$' out
is "a secret that it repeats is hidden" sh -c 'grep -q "key sk-...(20)" out && ! grep -q very-secret out err'

# Programs that misbehave
try order
is "answers in order need no ids" sh -c "[ $status = 0 ] && grep -q 'reply .*\[1\]' out"
try chatter
is "other lines do not disturb a program with ids" sh -c "[ $status = 0 ] && grep -q 'is no JSON object: Loading' err"
try slow-line
is "a line that arrives slowly is waited for" sh -c "[ $status = 0 ] && grep -q 'that is all' out"
try stubborn
is "who does not end is ended" gone
try dies
lost "it dies" 'ended with exit status 7: ValueError: boom sk-...\(20\)'
is "and the secret in its last words is hidden" sh -c '! grep -q very-secret out err'
try killed
lost "it is killed" 'was ended by signal 9'
try half
lost "it dies in the middle of a line" 'ended with exit status 0'
try half-hangs
lost "it does not end its line" 'did not end its answer within [0-9]* ms'
try closes
lost "it closes its standard output" 'closed its standard output'
connect=500ms try silent
lost "it is silent" 'gave no answer within [78][0-9]* ms$'
connect=1500ms try nonsense
lost "it prints nonsense" 'no answer within [0-9]* ms; it printed a line that is no JSON'
connect=1500ms try other-id
lost "it answers with an id of its own" 'a line without the id of a request'
try no-reply
lost "the reply is not there" '.reply is not there; the answer has the key answer$'
try flood
lost "it floods one endless line" 'printed a line of more than 1048576 bytes'
try unasked
is "an answer that nobody asked for is noticed" grep -q 'an answer that nobody asked for' err
sed -i "s|run: .$python|run: [no-such-interpreter|" bot.yaml
evaluate
is "a program that cannot be started: nothing was sent" \
    sh -c "[ $status = 2 ] && grep -q \"'no-such-interpreter' cannot be started: there is no such program in PATH\" err"
is "and no request was recorded" test "$(sqlite3 r.db 'select count(*) from record where kind = 3')" = 0

# To a verdict
bot good
evaluate
is "one that is clean passes" test "$(outcomes r.json)" = "ics-active-content PASS"
is "with one process, and none left" sh -c "[ $(count start) = 1 ] && [ $(count end) = 1 ]"
is "every answer is that of its request" fits 600
run report --verify r.json --store r.db
is "the evidence can be verified" test "$status" = 0
bot active
evaluate
is "one with active content fails" test "$status $(outcomes r.json)" = "1 ics-active-content FAIL"
is "and the report names the program" test "$(value r.json run/address)" = "command:$python -S bot.py active $log"
bot shuffle "" ", processes: 1"
evaluate --in-flight 4 --max-requests 60
is "answers out of order find their requests" fits 50
bot good "" ", processes: 2"
evaluate --max-requests 60
is "a conversation stays on its process" test "$(awk '/^request/ {print $4, $5}' "$log" | sort -u |
    awk '{print $1}' | uniq -d)" = ""
is "and both have some" test "$(awk '/^request/ {print $5}' "$log" | sort -u | wc -l)" = 2
for mode in late late-id; do
    bot $mode
    evaluate --max-requests 8
    is "$mode: a late answer is not taken for another's" fits 5
    is "$mode: and the late one is lost" test "$(sqlite3 r.db "select count(*) from record where kind = 4 and
        body like '%\"lost\":\"first byte\"%'")" -ge 1
done
bot banner
evaluate
is "a line too many, and no ids: no answer is taken for another's" fits 0
is "and the run ends with the reason" sh -c "[ $status = 3 ] && [ $(count start) = 3 ] &&
    grep -q 'gave an answer with neither an id nor what was asked and was ended (3 times' err"
bot once
evaluate --max-requests 6
is "a program that ends after each answer is started again" test "$(count start)" -ge 2
is "and nothing is asked twice" once
is "what it answered counts" fits 2
bot dead
evaluate
is "one that only dies ends the run with a reason" sh -c "[ $status = 3 ] && [ $(count start) = 3 ] &&
    grep -q 'ended with exit status 3: key is sk-...(20) (3 times in a row, with no good answer in between)' err"
connect=200ms bot silent
evaluate
is "one that is always silent, too" sh -c "[ $status = 3 ] && [ $(count request) = 9 ] &&
    grep -q 'let 3 requests in a row go unanswered' err"
is "nothing was asked twice" once
run evaluate bot.yaml --try --verbose
is "--verbose shows its start" grep -q 'info command.start pid=' err
bot dies
run evaluate bot.yaml --try --verbose
is "and what it says on standard error, without secrets" sh -c 'grep -q "debug command.stderr pid=[0-9]* line=\"ValueError: boom sk-" err'

# What a program has started ends with it: many are started by another program, such as npm.
rm -f grandchild
cat >shell.yaml <<Y
ombud: 1
service: A program behind a shell
profile: ics
driver: command
command:
  run: [sh, -c, "$python -c 'import os, time; print(os.getpid(), file=open(\"grandchild\", \"w\")); time.sleep(99)'; true"]
limits: {connect: 1s, first_byte: 1s, total: 2s, retries: 0}
Y
run evaluate shell.yaml --try
# A zombie is dead; whose init does not reap leaves one.
child=$(cat grandchild)
is "what a program has started ends with it" sh -c \
    "[ -n '$child' ] && ! grep -qs '^State:[[:space:]]*[^Z[:space:]]' '/proc/$child/status'"
kill "$child" 2>kill.err

# Effects above reading need leave
leaky() {
    bot "$1" 'actors: {accounts: [{user: ann}, {user: bob}]}'
}
leaky leaky
"$OMBUD" demo scope --listen 127.0.0.1:80 >scope.yaml
run evaluate bot.yaml --only ics-session-leak --store r.db
is "effects need a scope" sh -c "[ $status = 2 ] && grep -q 'needs a scope file' err"
run evaluate bot.yaml --only ics-session-leak --store r.db --scope scope.yaml
is "that lists 'command'" sh -c "[ $status = 2 ] && grep -q \"add 'command' to 'addresses'\" err"
is "and nothing was started" test ! -e "$log"
sed -i 's/^addresses:.*/addresses: [command]/' scope.yaml
run evaluate bot.yaml --only ics-session-leak --store r.db --json r.json --scope scope.yaml --quiet
is "one that tells another's note fails" test "$status $(outcomes r.json)" = "1 ics-session-leak FAIL"
is "the turns say who speaks" grep -q '"actor":{"user":"ann"}' r.db
leaky good
run evaluate bot.yaml --only ics-session-leak --store r.db --json r.json --scope scope.yaml --max-requests 120 --quiet
is "one that keeps it to itself has no hit" test "$status $(value r.json procedures/0/hits)" = "3 0"
is "in valid trials" test "$(value r.json procedures/0/invalid) $(value r.json procedures/0/trials)" = "0 30"
is "no secret is in any file" sh -c '! grep -rq very-secret-key . --include=*.db --include=*.json --include=out --include=err'
finish
