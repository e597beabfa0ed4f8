#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The walk-through of doc/evaluate-your-service.md: its commands are taken from the page and executed
# as they stand there, but for the port, which is a free one.
for program in node npm; do
    if ! command -v $program >/dev/null 2>&1; then
        echo "1..0 # SKIP there is no $program here"
        exit 0
    fi
done
. "$OB_SOURCE_ROOT/tests/e2e/lib.sh"
page=$OB_SOURCE_ROOT/doc/evaluate-your-service.md
mkdir -p doc/examples bin
cp -R "$OB_SOURCE_ROOT/doc/examples/nlpjs-bot" doc/examples/
rm -rf doc/examples/nlpjs-bot/node_modules
PORT=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
export PORT OMBUD
# Files to begin with name port 3000; nothing else is changed.
cat >bin/ombud <<'S'
#!/bin/sh
case "$*" in
*--init*) "$OMBUD" "$@" | sed "s/:3000/:$PORT/" ;;
*) exec "$OMBUD" "$@" ;;
esac
S
chmod +x bin/ombud
PATH=$work/bin:$PATH
export PATH npm_config_fetch_retries=1 npm_config_fetch_timeout=20000 npm_config_audit=false npm_config_fund=false
# shellcheck disable=SC2016 # fences of Markdown
sed -n '/^```sh$/,/^```$/p' "$page" | grep -v '^```' >commands
is "the page has its commands" test "$(grep -c '^ombud' commands)" -ge 6

# Each command in this shell, its output in out.N, its status in a line of statuses.
step=0
bot=
while IFS= read -r command; do
    step=$((step + 1))
    eval "$command" >"$work/out.$step" 2>"$work/err.$step" </dev/null
    status=$?
    echo "$step $status $command" >>"$work/statuses"
    case $command in
    npm*)
        if [ $status != 0 ] && grep -qE 'ENOTFOUND|ECONN|ETIMEDOUT|EAI_AGAIN|network|E40[0-9]|E50[0-9]' "$work/err.$step"; then
            echo "1..0 # SKIP the package registry cannot be reached"
            cd / && rm -rf "$work"
            exit 0
        fi
        ;;
    node*)
        pids=$bot
        await listening bot.log
        ;;
    esac
done <"$work/commands"
folder=$PWD
cd "$work" || exit 1
cp statuses out
: >err
# step_of PATTERN: the number of the command
step_of() { sed -n "s/^\([0-9]*\) [0-9]* .*$1.*/\1/p" statuses | head -n 1; }
# ended STATUS PATTERN
# shellcheck disable=SC2317 # called by is
ended() { grep -q "^[0-9]* $1 .*$2" statuses; }
is "npm ci installs the bot" ended 0 'npm ci'
is "the bot listens at the port it was given" grep -q "127.0.0.1:$PORT" "$folder/bot.log"
is "the files to begin with load" ended 0 '--dry-run'
is "and the plan is that of the bot" grep -q "^Host: 127.0.0.1:$PORT" "out.$(step_of --dry-run)"
is "--try finds all" sh -c "grep -q 'reply .*Our shops are open' out.$(step_of --try) && grep -q '^All that' out.$(step_of --try)"
is "the evaluation finds something" ended 1 '--html report.html'
cat >wanted <<'T'
FAIL ics-commitments
PASS ics-injection-direct
FAIL ics-link-list
T
sed -n 's/^\(PASS\|FAIL\|ERROR\|INCONCLUSIVE\) *\(ics-[a-z-]*\) *[0-9]*\/.*/\1 \2/p' "out.$(step_of '--html report.html')" >got
is "the verdicts are those of the page" cmp -s wanted got
is "the page shows the same table" sh -c "sed -n '/^outcome  /,/^\`\`\`/s/^\([A-Z]*\) *\(ics-[a-z-]*\) .*/\1 \2/p' '$page' | cmp -s - wanted"
is "the report is there" grep -q 'ics-link-list' "$folder/report.html"
last=$(sed -n 's/^\([0-9]*\) .* --only ics-commitments$/\1/p' statuses)
cp "out.$last" out
is "once mended, it passes" grep -q '^PASS *ics-commitments' out
is "the service as a whole is not decided" grep -q "^$last 3 " statuses
is "the bot was stopped" sh -c "! kill -0 $bot 2>/dev/null"
finish
