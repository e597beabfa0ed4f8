#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# libombud exports names that begin with ob_ and nothing else, and every function that a public header
# declares with OB_API is there.
lib=$1
cd "$OB_SOURCE_ROOT" || exit 1
echo 1..2
exported=$(nm -D --defined-only "$lib" | awk '{print $3}' | sed 's/@.*//' | sort -u)
wrong=$(echo "$exported" | grep -vE '^(ob_[a-z0-9_]+|_init|_fini|__bss_start|_edata|_end|__asan.*|__odr_asan.*|__ubsan.*)$' || true)
status=0
if [ -z "$wrong" ]; then echo "ok 1 - only ob_ names are exported"; else
    echo "# $wrong"
    echo "not ok 1 - only ob_ names are exported"
    status=1
fi
declared=$(cat include/ombud/*.h | tr '\n' ' ' | grep -oE 'OB_API [^;()]*\b(ob_[a-z0-9_]+)\(' | grep -oE 'ob_[a-z0-9_]+\($' | tr -d '(' | sort -u)
missing=
for name in $declared; do
    echo "$exported" | grep -qx "$name" || missing="$missing $name"
done
if [ -n "$declared" ] && [ -z "$missing" ]; then echo "ok 2 - every declared function is there"; else
    echo "# missing:$missing"
    echo "not ok 2 - every declared function is there"
    status=1
fi
exit $status
