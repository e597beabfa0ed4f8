#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Dependencies point one way. Each folder may include what stands before it in the order; what is
# listed on one level must not include each other unless the row says so.
cd "$OB_SOURCE_ROOT" || exit 1
n=0
bad=0
ok() { n=$((n + 1)); echo "ok $n - $1"; }
not_ok() { n=$((n + 1)); bad=1; echo "not ok $n - $1"; }

# folder: folders of src/ whose headers it may include, besides its own
check() {
    folder=$1
    allowed=" $2 "
    wrong=$(grep -Hn '^#include "[a-z]*/' "src/$folder"/*.[ch] "src/$folder"/*.def 2>/dev/null |
        sed -E 's/^([^:]+:[0-9]+):#include "([a-z]+)\/.*/\1 \2/' |
        while read -r where what; do
            case "$what" in
            "$folder") ;;
            *) case "$allowed" in *" $what "*) ;; *) echo "$where includes $what" ;; esac ;;
            esac
        done)
    if [ -z "$wrong" ]; then ok "src/$folder"; else
        echo "# $wrong"
        not_ok "src/$folder"
    fi
}
# public: headers of include/ombud/ by folder
base="buf defs err limits mem span sys text"
wire="coap exchange json sse"
stats="stats"
detect="decode detect look"
link="link"
public() {
    folder=$1
    allowed=" $2 "
    wrong=$(grep -Hon '#include <ombud/[a-z]*\.h>' "$folder"/*.[ch] 2>/dev/null |
        sed -E 's/^([^:]+:[0-9]+):#include <ombud\/([a-z]+)\.h>/\1 \2/' |
        while read -r where what; do
            case "$allowed" in *" $what "*) ;; *) echo "$where includes <ombud/$what.h>" ;; esac
        done)
    if [ -z "$wrong" ]; then ok "$folder and the public headers"; else
        echo "# $wrong"
        not_ok "$folder and the public headers"
    fi
}
echo 1..22
check base ""
check wire "base"
check stats "base"
check detect "base wire stats"
check link "base wire"
check input "base wire stats detect"
check catalogue "base wire stats detect input"
check evidence "base wire stats detect input catalogue"
check drive "base wire stats detect input catalogue"
check node "base wire stats detect link input"
check evaluate "base wire stats detect input catalogue evidence drive"
check map "base wire stats detect input catalogue evidence"
check report "base wire stats detect input catalogue evidence drive evaluate map"
check cli "base wire stats detect link input catalogue evidence drive node evaluate map report"
public src/base "$base"
public src/wire "$base $wire"
public src/stats "$base $stats"
public src/detect "$base $wire $stats $detect"
public src/link "$base $wire $link"
public demo "$base $wire $stats"

# The demonstration service measures the rest, so it shares no code with it.
wrong=$(grep -Hn '#include "' demo/*.[ch] /dev/null | grep '/' | grep -E '#include "[a-z]+/' || true)
if [ -z "$wrong" ]; then ok "demo includes nothing of src"; else echo "# $wrong"; not_ok "demo includes nothing of src"; fi
# Only mem.c asks the system for memory.
wrong=$(grep -nE '[^_a-z](malloc|calloc|realloc|free|strdup)\(' src/*/*.c demo/*.c 2>/dev/null | grep -v '^src/base/mem.c:' || true)
if [ -z "$wrong" ]; then ok "only src/base/mem.c allocates"; else echo "# $wrong"; not_ok "only src/base/mem.c allocates"; fi
exit $bad
