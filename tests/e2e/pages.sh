#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What is generated from the rows of commands and options: completion, as bash really completes, and
# manual pages. Whatever --help names must be there.
. "$OB_SOURCE_ROOT/tests/e2e/lib.sh"
commands=$("$OMBUD" help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' | grep -v '^help$')
for shell in bash zsh fish; do
    run completion $shell
    cp out ombud.$shell
    is "completion for $shell is printed" sh -c "[ $status = 0 ] && [ -s out ]"
    if command -v $shell >/dev/null 2>&1; then
        is "$shell reads it" $shell -n ombud.$shell
    else
        n=$((n + 1))
        echo "ok $n - $shell reads it # SKIP there is no $shell here"
    fi
done
run completion tcsh
is "another shell is refused" sh -c "[ $status = 2 ] && grep -q 'bash, zsh or fish' err"

# words WORD...: what bash offers for the last word, one a line, in the file offered
words() {
    bash --norc --noprofile -c '
        . ./ombud.bash
        COMP_WORDS=("$@")
        COMP_CWORD=$(($# - 1))
        "$(complete -p ombud | sed "s/.*-F \([^ ]*\) .*/\1/")"
        printf "%s\n" "${COMPREPLY[@]}"' bash "$@" >offered 2>offered.err
    [ ! -s offered.err ] || { cat offered.err >offered; }
    sort -o offered offered
}
# offers WHAT EXPECTED WORD...
offers() {
    what=$1
    printf '%s\n' "$2" | tr ' ' '\n' | sort >expected
    shift 2
    words "$@"
    cp offered out
    cp expected err
    is "bash offers $what" cmp -s offered expected
}
touch service.yaml
mkdir folder
offers "the commands" "$commands help --help --version" ombud ''
offers "a command that was begun" evaluate ombud ev
offers "the known values of --format" "text terminal html json junit markdown verdict" ombud report --format ''
offers "one that was begun" html ombud report --format h
offers "known values behind =" "1 2 3" ombud evaluate --level = ''
offers "and where = is the last word" "low medium high critical" ombud evaluate --fail-on =
offers "what --init knows" "openai json command scope" ombud evaluate --init ''
offers "an option that was begun" "--max-minutes --max-requests" ombud evaluate service.yaml --max
offers "the words of demo" "serve dials service-file scope" ombud demo ''
offers "the words of catalogue" "list show check coverage export" ombud catalogue ''
offers "the shells" "bash zsh fish" ombud completion ''
offers "a service file" service.yaml ombud evaluate se
offers "a file for --scope" service.yaml ombud evaluate --scope se
offers "a folder, and no file, for --catalogue" folder ombud evaluate --catalogue ''
offers "nothing where anything goes" '' ombud evaluate --seed ''
offers "commands behind help" "$commands" ombud help ''

for name in $commands; do
    "$OMBUD" "$name" --help | sed -n 's/^  \(--[a-z-]*\).*/\1/p' | sort >named
    words ombud "$name" --
    cp offered out
    cp named err
    is "every option of $name is offered" cmp -s named offered
    for file in ombud.zsh ombud.fish; do
        missing=
        while read -r option; do
            grep -q -e "${option}[=[]" -e "from $name' -l ${option#--}\( \|\$\)" $file || missing="$missing $option"
        done <named
        echo "$missing" >out
        is "and in $file" test -z "$missing"
    done
    "$OMBUD" "$name" --help | awk 'length > 80' >out
    is "no line of its help is longer than a terminal" [ ! -s out ]
    "$OMBUD" help "$name" --format man >page.1
    sed -n 's/^\.It Fl \\-\([a-z-]*\).*/--\1/p' page.1 | sort >paged
    cp page.1 out
    is "the manual page of $name names them" cmp -s named paged
    if command -v mandoc >/dev/null 2>&1; then
        mandoc -Tlint page.1 | grep -v 'referenced manual not found: Xr ombud' >out
        is "and is clean" test ! -s out
    fi
done
"$OMBUD" --help >all
for word in --help help; do
    run help $word
    is "help $word is the help of all" cmp -s out all
done
run catalogue list nothing
kinds=$(sed 's/.* takes \(.*\); try .*/\1/; s/,//g; s/ or / /' err)
"$OMBUD" catalogue --help | sed -n '/^KIND is/,/\./p' >out
missing=
for kind in $kinds; do grep -qw "$kind" out || missing="$missing $kind"; done
is "the help of catalogue names what list takes" test "$(echo "$kinds" | wc -w)$missing" = 9
run scan --help
is "a long row goes on below its beginning" grep -q '^ \{26\}device, tool \[unknown\]$' out
run help evaluate --format pdf
is "help has one other format" sh -c "[ $status = 2 ] && grep -q 'format man' err"
finish
