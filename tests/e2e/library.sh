#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What another program needs of an installed tree: doc/examples/detect is compiled through pkg-config alone,
# with the shared library and with the static one, and finds what the command finds.
. "$OB_SOURCE_ROOT/tests/e2e/lib.sh"
build=$(dirname "$OMBUD")
if ! command -v pkg-config >/dev/null 2>&1 || ! command -v meson >/dev/null 2>&1; then
    echo "1..0 # SKIP there is no pkg-config or no meson here"
    exit 0
fi
meson install -C "$build" --no-rebuild --tags devel,runtime --destdir "$work/tree" >out 2>err
is "the library is installed" [ $? = 0 ]
config=$(find "$work/tree" -name ombud.pc)
is "pkg-config finds it by the name ombud" [ -n "$config" ]
# The prefix is where the file lies now, not where it is to lie.
prefix=$(sed -n 's/^prefix=//p' "$config")
sed "s,^prefix=.*,prefix=$work/tree$prefix," "$config" >ombud.pc
PKG_CONFIG_PATH=$work
export PKG_CONFIG_PATH
is "the version is the program's" [ "ombud $(pkg-config --modversion ombud)" = "$("$OMBUD" --version)" ]
lib=$(pkg-config --variable=libdir ombud)
# A library with sanitizers in it wants them in the program, too.
extra=
if nm "$lib/libombud.a" 2>/dev/null | grep -q __asan_init; then extra=-fsanitize=address,undefined; fi
example=$OB_SOURCE_ROOT/doc/examples/detect/detect.c

# shellcheck disable=SC2046,SC2086 # flags
cc -std=c17 -Wall -Wextra -Werror $extra -o shared "$example" $(pkg-config --cflags --libs ombud) >out 2>err
is "the example is compiled with the shared library" [ $? = 0 ]
readelf -d shared >out 2>err
is "it needs libombud.so.0" grep -q 'NEEDED.*libombud\.so\.0' out
# shellcheck disable=SC2046,SC2086 # flags
cc -std=c17 -Wall -Wextra -Werror $extra -o static "$example" \
    $(pkg-config --cflags --libs --static ombud | sed 's/-lombud/-l:libombud.a/') >out 2>err
is "the example is compiled with the static library" [ $? = 0 ]
readelf -d static >out 2>err
is "it does not need the shared one" sh -c '! grep -q libombud out'

printf 'my card is 4111 1111 1111 1111, thank you\nwrite to ada.example@example.com\n' >text
cat >expected <<'E'
11-30 pan
51-74 email
E
for form in shared static; do
    LD_LIBRARY_PATH=$lib ./$form <text >out 2>err
    status=$?
    is "the $form one runs" [ $status = 0 ]
    is "the $form one finds both values" sh -c 'cut -d " " -f 1-2 out | cmp -s - expected'
done
"$OMBUD" scan --json text >out 2>err
is "ombud scan says the same" sh -c \
    'python3 -c "import json; [print(\"%d-%d\" % (f[\"start\"], f[\"end\"]), f[\"kind\"]) for f in json.load(open(\"out\"))[\"findings\"]]" | cmp -s - expected'
finish
