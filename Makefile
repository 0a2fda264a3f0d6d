# make all         build/zoneloom, optimised; installs nothing
# make deps        install what is missing (Debian packages; root or sudo)
# make demo        deps, all, and the main job on examples/manifests/whoami
# make test        deps, then every test that needs no more than deps.txt;
#                  ASan + UBSan; FULL=1 where a test takes a sample
# make e2e         deps, e2e-tools, then the tests that ask the real kustomize,
#                  helm, pre-commit, Terraform and ExternalDNS
# make e2e-tools   those tools, built once into build/tools (needs Go)
# make golden      golden cases only; UPDATE=1 rewrites what is expected
# make parity      compare with ExternalDNS: CASES=DIR
# make reality     real repositories: TREES='DIR...', folders of them; e2e-tools
# make faults      ends it at every system call, fails each: FAULTS='TEST...'
# make lint        format, tables, includes, clang-tidy, cppcheck
# make fuzz        libFuzzer, FUZZ_SECONDS each (needs clang)
# make fuzz-whole  the program on mutated repositories, FUZZ_SECONDS a kind
# make bench       ratios against git on a generated repository
# make tenfold     what ten times TREES='DIR...' needs: memory, --memory
# make bench-quick the same on a small one; prints, and never fails on time
# make cover       lines that make test reaches, in build/cover.txt
# make static      build/static/zoneloom, which needs no library where it runs
# make packages    Debian package, wheel, dist: each built, installed and tried
# make dist        build/dist: source, list of parts (SPDX), checksums
# make install, uninstall, clean
#
# Knobs: CC, CFLAGS, SAN=address,undefined|thread|none, V=1, PREFIX, DESTDIR.

PKGS	 = yaml-0.1 jansson libgit2 zlib libidn2 libpsl libpcre2-8 libcrypto libzscanner ldns
CFLAGS	?= -O2 -g
SAN	?= address,undefined
PREFIX	?= /usr/local
FUZZ_SECONDS ?= 60

# Asked once: an empty answer is reported by check-libs.
PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
PKG_LIBS   := $(shell pkg-config --libs $(PKGS) 2>/dev/null)
CPPFLAGS += -Igen -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE $(PKG_CFLAGS)
# It has no .pc file.
LDLIBS	 += $(PKG_LIBS) -lunistring -lm
STD	 = -std=c11 -fno-common -fstack-protector-strong
WARN	 = -Wall -Wextra -Wpedantic -Werror -Wshadow -Wconversion \
	   -Wcast-qual -Wcast-align -Wformat=2 -Wmissing-prototypes \
	   -Wstrict-prototypes -Wold-style-definition -Wpointer-arith \
	   -Wundef -Wvla -Wwrite-strings -Wnull-dereference
# What makes a fault of ours harder to use, where this compiler knows it:
# -fcf-protection is of x86, -mbranch-protection of ARM.  Not in the sanitised
# objects, whose reports it would blur.
takes	 = $(shell printf 'int main(void) { return 0; }' | $(CC) -Werror $(1) \
	   -x c - -o /dev/null 2>/dev/null && echo '$(1)')
HARD	:= -fPIE $(foreach f,-fstack-clash-protection -fcf-protection \
	   -mbranch-protection=standard,$(call takes,$(f)))
HARDLINK = -pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack
TESTFLAGS = -O1 -g -U_FORTIFY_SOURCE -fno-omit-frame-pointer \
	   $(if $(filter none,$(SAN)),,-fsanitize=$(SAN) \
	   -fno-sanitize-recover=all)

# Each choice of sanitizers has its own objects.
comma	:= ,
T	 = build/$(subst $(comma),-,$(SAN))
SRC	 = $(sort $(wildcard gen/*/*.c gen/*/*/*.c))
UNIT	 = $(sort $(wildcard tests/unit/test_*.c))
FUZZ	 = $(sort $(wildcard tests/fuzz/fuzz_*.c))
OBJ	 = $(SRC:%.c=build/o/%.o)
TOBJ	 = $(SRC:%.c=$(T)/%.o)

# The first paragraph of deps.txt: what building needs.
BUILD_DEPS = $(shell sed -n '/^. To build/,/^. To test/{/^\#/!p}' deps.txt)

.DELETE_ON_ERROR:
.SUFFIXES:
.SECONDARY:
.PHONY: all deps demo test e2e e2e-tools sanitised golden parity reality faults fuzz fuzz-whole \
	bench bench-quick tenfold lint cover static packages install uninstall \
	dist clean check-libs
ifndef V
Q = @
endif

all: check-libs
	$(Q)$(MAKE) --no-print-directory build/zoneloom

check-libs:
	$(Q)pkg-config --exists $(PKGS) 2>/dev/null && \
	  echo '#include <unictype.h>' | $(CC) $(CPPFLAGS) -fsyntax-only -xc - \
	    2>/dev/null || { \
	  echo 'zoneloom: libraries are missing; make deps, or:' >&2; \
	  echo '  apt-get install $(BUILD_DEPS)' >&2; \
	  exit 1; }

build/zoneloom: $(OBJ) build/o/gen/main.o
	$(Q)$(CC) $(HARD) $(CFLAGS) $(HARDLINK) $(LDFLAGS) -o $@ $^ $(LDLIBS)

build/o/%.o: %.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(STD) $(WARN) $(CPPFLAGS) -D_FORTIFY_SOURCE=2 $(HARD) \
	  $(CFLAGS) -MMD -MP -c -o $@ $<

$(T)/%.o: %.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(STD) $(WARN) $(CPPFLAGS) $(TESTFLAGS) -MMD -MP -c -o $@ $<

$(T)/zoneloom: $(TOBJ) $(T)/gen/main.o
	$(Q)$(CC) $(TESTFLAGS) -o $@ $^ $(LDLIBS)

# An archive: a test is linked with what it reaches.
$(T)/zoneloom.a: $(TOBJ)
	$(Q)rm -f $@ && ar rcsT $@ $^

$(T)/test_%: $(T)/tests/unit/test_%.o $(T)/zoneloom.a
	$(Q)$(CC) $(TESTFLAGS) -o $@ $^ $(LDLIBS) -lcmocka

$(T)/fill_%: $(T)/tests/e2e/fill_%.o $(T)/zoneloom.a
	$(Q)$(CC) $(TESTFLAGS) -o $@ $^ $(LDLIBS)

$(T)/replay_%: $(T)/tests/fuzz/fuzz_%.o $(T)/tests/fuzz/driver.o $(T)/zoneloom.a
	$(Q)$(CC) $(TESTFLAGS) -o $@ $^ $(LDLIBS)

deps:
	$(Q)scripts/deps.sh

# A make of its own: the libraries may only just have come.
demo: deps
	$(Q)$(MAKE) --no-print-directory all
	$(Q)scripts/demo.sh build/zoneloom

test: deps
	$(Q)$(MAKE) --no-print-directory sanitised
	$(Q)tests/run.sh test $(T)

e2e-tools: deps
	$(Q)scripts/e2e-tools.sh

e2e: e2e-tools
	$(Q)$(MAKE) --no-print-directory sanitised all build/faults/faultat build/faults/nomem.so \
	  $(T)/fill_appsets $(T)/fill_envsubst $(T)/fill_template
	$(Q)tests/run.sh e2e $(T)

sanitised: $(T)/zoneloom $(UNIT:tests/unit/%.c=$(T)/%) \
	   $(FUZZ:tests/fuzz/fuzz_%.c=$(T)/replay_%)

parity: all
	$(Q)bash tests/parity/run.sh build/zoneloom $(or $(CASES),tests/parity)

golden: $(T)/zoneloom
	$(Q)ZONELOOM=$(T)/zoneloom tests/golden/run.sh $(CASES)

# libFuzzer wants objects of its own.  A crash is kept as build/f/crash-*.
FOBJ	 = $(SRC:%.c=build/f/%.o)
FUZZFLAGS = -g -O1 -U_FORTIFY_SOURCE -fno-omit-frame-pointer \
	   -fsanitize=address,undefined -fno-sanitize-recover=all

build/f/%.o: %.c
	@mkdir -p $(@D)
	$(Q)clang $(STD) $(CPPFLAGS) $(FUZZFLAGS) -fsanitize=fuzzer-no-link \
	  -MMD -MP -c -o $@ $<

build/f/fuzz_%: build/f/tests/fuzz/fuzz_%.o $(FOBJ)
	$(Q)clang $(FUZZFLAGS) -fsanitize=fuzzer -o $@ $^ $(LDLIBS)

fuzz: $(FUZZ:tests/fuzz/%.c=build/f/%)
	$(Q)tests/fuzz/run.sh $(FUZZ_SECONDS) $^

fuzz-whole: $(T)/zoneloom
	$(Q)for kind in manifests config outputs git; do \
	  python3 tests/fuzz/whole.py $$kind $(FUZZ_SECONDS) || exit 1; \
	done

# Not sanitised: LeakSanitizer does not work under ptrace(2).
build/faults/%: tests/faults/%.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(STD) $(WARN) -O1 -o $@ $<

build/faults/%.so: tests/faults/%.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(STD) $(WARN) -O1 -shared -fPIC -o $@ $<

faults: all build/faults/faultat build/faults/nomem.so
	$(Q)python3 tests/faults/faults.py $(FAULTS)

lint:
	$(Q)tests/lint/run.sh $(CPPFLAGS)

reality: e2e-tools
	$(Q)[ -n '$(TREES)' ] || { \
	  echo "reality: no repositories: make reality TREES='DIR...'" >&2; \
	  exit 2; }
	$(Q)$(MAKE) --no-print-directory sanitised
	$(Q)V=1 SUITE_SECONDS=3600 TREES='$(TREES)' tests/run.sh reality $(T)

bench: all
	$(Q)python3 tests/bench/bench.py build/zoneloom
	$(Q)python3 tests/bench/kustomizations.py build/zoneloom

tenfold: all
	$(Q)python3 tests/bench/tenfold.py build/zoneloom $(TREES)

bench-quick: all
	$(Q)tests/bench/quick.sh build/zoneloom

# What the tests reach, in build/cover.txt.  The counters are written beside the
# objects, which the sandbox would refuse.
cover:
	$(Q)find build/cover -name '*.gcda' -delete 2>/dev/null || true
	$(Q)ZONELOOM_SANDBOX=off \
	  $(MAKE) --no-print-directory test SAN=none T=build/cover \
	  TESTFLAGS='-O0 -g --coverage'
	$(Q)gcovr -r . --object-directory build/cover -f gen/ -s \
	  -o build/cover.txt

# Ours stand in for libc's malloc(3) by ld's --wrap: see gen/base/nomem.c.
WRAP	 = -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc \
	   -Wl,--wrap=aligned_alloc,--wrap=posix_memalign
STATIC_LIBS = -lyaml -ljansson build/static/libgit2.a -lhttp_parser -lz \
	   -lldns -lpsl -lidn2 -lunistring -lpcre2-8 -lzscanner -lcrypto -lm

build/static/libgit2.a: scripts/static.sh
	$(Q)scripts/static.sh && touch $@

build/static/nomem.o: gen/base/nomem.c gen/base/nomem.h
	@mkdir -p $(@D)
	$(Q)$(CC) $(STD) $(WARN) $(CPPFLAGS) -D_FORTIFY_SOURCE=2 $(HARD) \
	  $(CFLAGS) -DNOMEM_WRAP -c -o $@ $<

# ld warns of ldns, which looks up a protocol's number for a WKS record: where
# there is no such list, the record is refused.
build/static/zoneloom: $(filter-out build/o/gen/base/nomem.o,$(OBJ)) \
	   build/o/gen/main.o build/static/nomem.o build/static/libgit2.a
	$(Q)$(CC) $(HARD) $(CFLAGS) $(filter-out -pie,$(HARDLINK)) -static-pie \
	  -s $(LDFLAGS) -Wl,--no-warnings $(WRAP) -o $@ $(filter %.o,$^) \
	  $(STATIC_LIBS)

static: check-libs
	$(Q)$(MAKE) --no-print-directory build/static/zoneloom

packages:
	$(Q)scripts/deps.sh && scripts/deps.sh packages
	$(Q)$(MAKE) --no-print-directory all
	$(Q)for t in e2e/release packages/debian packages/docker; do \
	  V=1 PATH="$$PATH:$(CURDIR)/build/tools" bash tests/$$t.sh || exit 1; \
	done

SHARE	 = $(DESTDIR)$(PREFIX)/share
ZSHDIR	 = $(PREFIX)/share/zsh/site-functions
BASHFILE = $(SHARE)/bash-completion/completions/zoneloom
FISHFILE = $(SHARE)/fish/vendor_completions.d/zoneloom.fish

install: all
	install -D -m 755 build/zoneloom $(DESTDIR)$(PREFIX)/bin/zoneloom
	install -D -m 644 man/zoneloom.1 $(SHARE)/man/man1/zoneloom.1
	install -D -m 644 man/zoneloom.yaml.5 $(SHARE)/man/man5/zoneloom.yaml.5
	install -D -m 644 zoneloom.schema.json $(SHARE)/zoneloom/zoneloom.schema.json
	install -D -m 755 -t $(SHARE)/zoneloom integrations/gate.sh \
	  integrations/review-branch.sh
	install -D -m 755 -t $(SHARE)/zoneloom/gitlab integrations/gitlab/note.sh
	install -D -m 644 README.md $(SHARE)/doc/zoneloom/README.md
	install -D -m 644 -t $(SHARE)/doc/zoneloom/docs docs/*.md
	find integrations examples -type f -exec install -D -m 644 '{}' \
	  '$(SHARE)/doc/zoneloom/{}' ';'
	build/zoneloom completion bash | install -D -m 644 /dev/stdin $(BASHFILE)
	build/zoneloom completion fish | install -D -m 644 /dev/stdin $(FISHFILE)
	build/zoneloom completion zsh | \
	  install -D -m 644 /dev/stdin $(DESTDIR)$(ZSHDIR)/_zoneloom

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/zoneloom $(SHARE)/man/man1/zoneloom.1 \
	  $(SHARE)/man/man5/zoneloom.yaml.5 $(BASHFILE) $(FISHFILE) \
	  $(DESTDIR)$(ZSHDIR)/_zoneloom
	rm -rf $(SHARE)/zoneloom $(SHARE)/doc/zoneloom

dist:
	$(Q)scripts/dist.sh

# The template is part of the object: .incbin, which -MMD does not see.
build/o/gen/pipeline/commit_message.o $(T)/gen/pipeline/commit_message.o: templates/commit-message
build/o/gen/report/html.o $(T)/gen/report/html.o: $(wildcard templates/report*.html)

clean:
	rm -rf build

-include $(shell find build -name '*.d' -type f 2>/dev/null)
