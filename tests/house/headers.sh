#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every public header stands alone, as C17 and as C++17.
cd "$OB_SOURCE_ROOT" || exit 1
set -- include/ombud/*.h
echo "1..$(($# * 2))"
n=0
bad=0
for header in "$@"; do
    for form in "gcc -x c -std=c17" "g++ -x c++ -std=c++17"; do
        n=$((n + 1))
        if $form -Wall -Wextra -Werror -Iinclude -fsyntax-only "$header" 2>/tmp/header.$$; then
            echo "ok $n - $header as ${form##*=}"
        else
            sed 's/^/# /' /tmp/header.$$
            echo "not ok $n - $header as ${form##*=}"
            bad=1
        fi
    done
done
rm -f /tmp/header.$$
exit $bad
