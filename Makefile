# SPDX-License-Identifier: Apache-2.0
# Thin: Meson does the work in out/VARIANT; scripts/need installs what is missing, by package name.
MESON_RELEASE = --buildtype=release -Dtests=false
MESON_ASAN    = --buildtype=debug -Db_sanitize=address,undefined -Db_lundef=false -Dwerror=true

.PHONY: all demo test test-all lint bench soak fuzz model install clean

all: out/release/build.ninja
	@ninja -C out/release --quiet

out/release/build.ninja:
	@scripts/need build
	@meson setup out/release $(MESON_RELEASE) >/dev/null

out/asan/build.ninja:
	@scripts/need build test
	@meson setup out/asan $(MESON_ASAN) >/dev/null

demo: all
	@out/release/ombud demo --out out/demo

test: out/asan/build.ninja
	@scripts/need build test
	@scripts/test out/asan

lint: out/asan/build.ninja
	@scripts/need build lint
	@scripts/lint changed

# Before a release: both compilers, all files through clang-tidy, coverage, fuzzing for a minute each.
test-all: test
	@scripts/need build test lint
	@scripts/lint all
	@scripts/test-all

bench: all
	@scripts/need build bench
	@scripts/bench out/release

# The server of the link, killed 1,000 times at the writes of its state file.
soak: out/asan/build.ninja
	@ninja -C out/asan --quiet tests/test_node_crash
	@OB_KILLS=1000 out/asan/tests/test_node_crash

# make fuzz T=yaml S=600
fuzz:
	@scripts/need build fuzz
	@scripts/fuzz "$(T)" "$(or $(S),60)"

# The model of injections that is part of the library, from the texts in training/. The same texts
# give the same file. The cost was found by "ombud scan train" without --cost.
model: all
	@scripts/model out/release src/detect/model.obm

install: all
	@meson install -C out/release --no-rebuild $(if $(DESTDIR),--destdir $(DESTDIR))

clean:
	@rm -rf out
