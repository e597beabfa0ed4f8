#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The protocol core of src/link fits a constrained device: it asks nobody for memory, time or random
# numbers, needs little stack, and is small. Compiled for size, as a device would have it.
cd "$OB_SOURCE_ROOT" || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo 1..4
bad=0
n=0
for file in src/link/*.c src/wire/coap*.c src/base/span.c; do
    case $file in *libcrypto* | *x509*) continue ;; esac
    n=$((n + 1))
    cc -w -std=gnu17 -D_GNU_SOURCE -Os -ffunction-sections -fdata-sections -fstack-usage -Iinclude -Isrc \
        -c "$file" -o "$work/$n.o" || exit 1
done
say() { if [ "$2" -eq 0 ]; then echo "ok $1 - $3"; else echo "not ok $1 - $3"; bad=1; fi; }

# Only what the core itself needs counts: everything that a session and a context can reach.
roots=$(nm --defined-only "$work"/*.o | awk '$2 == "T" && $3 ~ /^(ob_edhoc|ob_oscore|ob_coap|obi_cose|ob_link_(aead|hash|coord))/ { print $3 }')
# shellcheck disable=SC2046 # one option a name
ld -r --gc-sections $(for r in $roots; do printf ' -u %s' "$r"; done) -e ob_oscore_init -o "$work/core.o" "$work"/*.o 2>"$work/ld" ||
    { sed 's/^/# /' "$work/ld"; }
needs=$(nm -u "$work/core.o" | awk '{ print $2 }')
wrong=$(echo "$needs" | grep -E '^(malloc|calloc|realloc|free|time|clock|clock_gettime|getrandom|rand|open|read|write|socket|send|recv)$' || true)
[ -z "$wrong" ]; say 1 $? "no memory, clock, random number or file is asked for${wrong:+: $wrong}"
# What it does need is named here, so that something new is noticed.
known='ob_fail_at|ob_wipe|ob_link_libcrypto|mem(cpy|move|set|cmp|chr|mem|rchr)|strlen|strcmp|__stack_chk_fail|_GLOBAL_OFFSET_TABLE_|__memcpy_chk|__errno_location|strto[a-z_]*|__strto[a-z_]*|.*locale.*|bcmp|strncasecmp|__ctype.*'
more=$(echo "$needs" | grep -vE "^($known)$" | tr '\n' ' ')
[ -z "$more" ]; say 2 $? "nothing but memory functions, errors and the table of cryptography is needed${more:+: $more}"
# The deepest chain is an exchange: the sum of the three largest frames is more than any of them has.
stack=$(cat "$work"/*.su | awk -F'\t' '{ print $2 }' | sort -nr | head -n 3 | awk '{ s += $1 } END { print s }')
[ "$stack" -le 6144 ]; say 3 $? "the three largest frames have $stack of 6144 bytes of stack"
text=$(size "$work/core.o" | awk 'NR == 2 { print $1 }')
[ "$text" -le 60000 ]; say 4 $? "$text of 60000 bytes of code and constants"
exit $bad
