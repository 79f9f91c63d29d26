# keysnap and verifier: one non-recursive Makefile (GNU make).
#
#   make            both programs into build/
#   make demo       install what is missing, build, show the tools at work
#   make check      install what tests need, build, run all tests
#   make fuzz       run every fuzz target for FUZZ_SECONDS each
#   make bench      CPU time per message beside the floor and libopendkim,
#                   wall time of two workers, memory (2.4 GB in BUILD/bench);
#                   the store at BENCH_KEYS observations (200000), of one
#                   name at BENCH_ONE_NAME (10000), with BENCH_EVIDENCE pieces
#                   of evidence (10000), audits of BENCH_AUDIT keys (2000)
#   make bundle     one tarball that runs on any x86-64 Linux
#   make fresh      all of this in a bare Debian 12 (root, debootstrap)
#   make install    DESTDIR= PREFIX=/usr/local;  make uninstall;  make clean
#
# BUILD names the folder that everything made lands in; VARIANT=asan builds
# with AddressSanitizer and UndefinedBehaviorSanitizer (needs clang).

VERSION := 0.2.0
PREFIX  ?= /usr/local
DESTDIR ?=
VARIANT ?=
BUILD   ?= build$(if $(VARIANT),-$(VARIANT))
FUZZ_SECONDS ?= 180
Q ?= @

# ---- tools and flags -------------------------------------------------------

PKGS_COMMON   := glib-2.0 openssl jansson lmdb libidn2 gmp
PKGS_KEYSNAP  := $(PKGS_COMMON) ldns libpcap zlib
PKGS_VERIFIER := $(PKGS_COMMON) gmime-3.0 libpsl libseccomp libarchive \
	zlib liblzma libzstd
PKG_CONFIG ?= pkg-config

ifeq ($(VARIANT),asan)
CC := clang
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all
OPTIMIZE ?= -O1 -fno-omit-frame-pointer
FORTIFY  :=
else ifeq ($(VARIANT),fuzz)
CC := clang
SANITIZE := -fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=all
OPTIMIZE ?= -O1 -fno-omit-frame-pointer
FORTIFY  :=
else ifeq ($(VARIANT),clang)
CC := clang
endif
OPTIMIZE ?= -O2
FORTIFY  ?= -D_FORTIFY_SOURCE=2

WARN := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wvla $(WERROR)
HARDEN := -fPIE -fstack-protector-strong $(FORTIFY)
CPPFLAGS += -D_GNU_SOURCE -I. -DPROGRAM_VERSION='"$(VERSION)"' \
	-DDATA_FOLDER='"$(PREFIX)/share/verifier"'
CFLAGS ?= -g
ALL_CFLAGS = -std=c11 $(OPTIMIZE) $(CFLAGS) $(WARN) $(HARDEN) $(SANITIZE) \
	-MMD -MP $(PKG_CFLAGS)
ALL_LDFLAGS = -pie -Wl,-z,relro,-z,now -Wl,--as-needed $(SANITIZE) $(LDFLAGS)

# Asked once, on first use: a machine without the packages can still run
# "make demo" and "make check", which install them first.
once = $(eval $(1) := $(2))$($(1))
PKG_CFLAGS    = $(call once,PKG_CFLAGS,$(shell $(PKG_CONFIG) --cflags $(PKGS_KEYSNAP) $(PKGS_VERIFIER)))
LIBS_KEYSNAP  = $(call once,LIBS_KEYSNAP,$(shell $(PKG_CONFIG) --libs $(PKGS_KEYSNAP)) -pthread)
LIBS_VERIFIER = $(call once,LIBS_VERIFIER,$(shell $(PKG_CONFIG) --libs $(PKGS_VERIFIER)) -lbz2 -pthread)

# ---- sources ---------------------------------------------------------------

objects = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))

KEYSNAP_MAIN  := $(wildcard keysnap/main.c keysnap/cmd_*.c keysnap/cmd.c)
VERIFIER_MAIN := $(wildcard verifier/main.c verifier/cmd_*.c verifier/cmd.c)
# What both programs share, and what is keysnap's or verifier's alone.
SHARED_SRC    := $(wildcard keysnap/base/*.c keysnap/key/*.c keysnap/store/*.c)
KEYSNAP_SRC   := $(wildcard keysnap/dnssec/*.c keysnap/import/*.c keysnap/capture/*.c)
VERIFIER_SRC  := $(wildcard verifier/archive/*.c verifier/message/*.c \
	verifier/dkim/*.c verifier/repair/*.c verifier/verdict/*.c \
	verifier/report/*.c verifier/run/*.c verifier/case/*.c verifier/web/*.c \
	verifier/sandbox.c)
UNIT_SRC      := $(wildcard tests/unit/test_*.c)
UNIT_HELP_SRC := $(filter-out $(UNIT_SRC),$(wildcard tests/unit/*.c))
FUZZ_SRC      := $(wildcard tests/fuzz/fuzz_*.c)
GEN_MAIN      := tests/gen/main.c tests/gen/make_bench.c \
	tests/gen/make_container.c tests/gen/make_keys.c \
	tests/gen/peer_getdns.c \
	tests/gen/make_moduli.c
GEN_SRC       := $(filter-out $(GEN_MAIN),$(wildcard tests/gen/*.c))

SHARED_LIB   := $(BUILD)/libshared.a
KEYSNAP_LIB  := $(BUILD)/libkeysnap.a
VERIFIER_LIB := $(BUILD)/libverifier.a
UNIT_TESTS   := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(UNIT_SRC))
FUZZERS      := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(FUZZ_SRC))

.PHONY: all programs unit fuzzers gen demo check fuzz bench bundle fresh \
	install uninstall clean deps-build deps-check
.DELETE_ON_ERROR:
.SECONDARY:

all: programs
programs: $(BUILD)/bin/keysnap $(BUILD)/bin/verifier
unit: $(UNIT_TESTS)
fuzzers: $(FUZZERS)

# ---- rules -----------------------------------------------------------------

# Anew with another version or other flags, too.
$(BUILD)/obj/%.o: %.c Makefile
	@mkdir -p $(@D)
	@echo "CC   $<"
	$(Q)$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -c -o $@ $<

$(SHARED_LIB): $(call objects,$(SHARED_SRC))
$(KEYSNAP_LIB): $(call objects,$(KEYSNAP_SRC))
$(VERIFIER_LIB): $(call objects,$(VERIFIER_SRC))
$(SHARED_LIB) $(KEYSNAP_LIB) $(VERIFIER_LIB):
	@echo "AR   $@"
	$(Q)rm -f $@ && ar rcs $@ $^

$(BUILD)/bin/keysnap: $(call objects,$(KEYSNAP_MAIN)) $(KEYSNAP_LIB) $(SHARED_LIB)
	@mkdir -p $(@D)
	@echo "LD   $@"
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS_KEYSNAP)

$(BUILD)/bin/verifier: $(call objects,$(VERIFIER_MAIN)) $(VERIFIER_LIB) $(SHARED_LIB)
	@mkdir -p $(@D)
	@echo "LD   $@"
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS_VERIFIER)

$(BUILD)/unit/%: $(BUILD)/obj/tests/unit/%.o $(call objects,$(UNIT_HELP_SRC)) \
    $(KEYSNAP_LIB) $(VERIFIER_LIB) $(SHARED_LIB)
	@mkdir -p $(@D)
	@echo "LD   $@"
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS_KEYSNAP) $(LIBS_VERIFIER)

$(BUILD)/fuzz/%: $(BUILD)/obj/tests/fuzz/%.o $(KEYSNAP_LIB) $(VERIFIER_LIB) $(SHARED_LIB)
	@mkdir -p $(@D)
	@echo "LD   $@"
	$(Q)$(CC) $(ALL_LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(LIBS_KEYSNAP) $(LIBS_VERIFIER)

GEN := $(BUILD)/gen/make_archive $(BUILD)/gen/make_bench \
	$(BUILD)/gen/make_container $(BUILD)/gen/make_keys \
	$(BUILD)/gen/make_moduli

gen: $(GEN)
$(BUILD)/gen/make_archive: $(call objects,tests/gen/main.c)
$(BUILD)/gen/make_bench: $(call objects,tests/gen/make_bench.c)
$(BUILD)/gen/make_container: $(call objects,tests/gen/make_container.c)
$(BUILD)/gen/make_keys: $(call objects,tests/gen/make_keys.c)
$(BUILD)/gen/make_moduli: $(call objects,tests/gen/make_moduli.c)
$(GEN): $(call objects,$(GEN_SRC)) $(SHARED_LIB)
	@mkdir -p $(@D)
	@echo "LD   $@"
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS_KEYSNAP) $(LIBS_VERIFIER)

# A second opinion on DNSSEC chains; only "make check" has libgetdns.
$(BUILD)/gen/peer_getdns: $(BUILD)/obj/tests/gen/peer_getdns.o
	@mkdir -p $(@D)
	@echo "LD   $@"
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ -lgetdns

# What make bench compares with; libopendkim (Debian: libopendkim-dev) may be
# missing.
BENCH_BIN := $(BUILD)/bench/bin
CORPUS_SRC := tests/bench/corpus.c tests/bench/corpus_read.c
$(BUILD)/obj/tests/bench/peer_opendkim.o: \
	CPPFLAGS += $(shell $(PKG_CONFIG) --cflags opendkim)

.PHONY: benches peers
benches: $(BENCH_BIN)/floor $(BENCH_BIN)/measure $(BENCH_BIN)/lookup
peers: $(BENCH_BIN)/peer_opendkim
$(BENCH_BIN)/floor $(BENCH_BIN)/peer_opendkim: $(call objects,$(CORPUS_SRC))
$(BENCH_BIN)/lookup: $(KEYSNAP_LIB) $(SHARED_LIB)
$(BENCH_BIN)/lookup: LIBS_PEER = $(KEYSNAP_LIB) $(SHARED_LIB)
$(BENCH_BIN)/peer_opendkim: LIBS_PEER = -lopendkim
$(BENCH_BIN)/%: $(BUILD)/obj/tests/bench/%.o
	@mkdir -p $(@D)
	@echo "LD   $@"
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS_PEER) $(LIBS_KEYSNAP)

# ---- packages --------------------------------------------------------------

DEPS_BUILD := gcc libc6-dev make pkg-config libglib2.0-dev libgmime-3.0-dev \
	libssl-dev libjansson-dev liblmdb-dev libidn2-dev libgmp-dev libldns-dev \
	libpcap-dev openssl \
	libpsl-dev libseccomp-dev libarchive-dev zlib1g-dev libbz2-dev \
	liblzma-dev libzstd-dev
DEPS_CHECK := $(DEPS_BUILD) clang libclang-rt-14-dev clang-format perl strace \
	mandoc locales binutils faketime minisign ldnsutils \
	libgetdns-dev nsd unbound libxml2-utils bind9-dnsutils

# Name servers are for the tests, which start them themselves: in runlevel 1,
# and where systemctl takes itself for offline, packages start no service.
# apt-get is asked only for what dpkg does not know as installed, so that a
# machine that has everything needs no network and no root.
install_missing = @missing=; for p in $(1); do \
	dpkg-query -W -f '$${Status}' $$p 2>/dev/null | \
	grep -q '^install ok installed' || missing="$$missing $$p"; done; \
	test -z "$$missing" || { \
	as=; test "$$(id -u)" = 0 || as=sudo; \
	echo "apt-get install$$missing"; \
	$$as apt-get -q update </dev/null && $$as env SYSTEMD_OFFLINE=1 \
	RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive \
	apt-get -qy --no-install-recommends install $$missing </dev/null; }

deps-build:
	$(call install_missing,$(DEPS_BUILD))
deps-check:
	$(call install_missing,$(DEPS_CHECK))

# ---- what people run -------------------------------------------------------

# The packages must be there before make asks pkg-config: hence sub-makes.
SUB := +$(Q)$(MAKE) --no-print-directory
JOBS ?= $(shell nproc)

demo: deps-build
	$(SUB) -j$(JOBS) all gen
	$(Q)tests/demo.sh $(BUILD)

check: deps-check
	$(SUB) -j$(JOBS) WERROR=-Werror VARIANT= BUILD=$(BUILD) all unit gen \
		benches
	$(SUB) -j$(JOBS) WERROR=-Werror VARIANT=clang BUILD=$(BUILD)-clang \
		all unit gen benches
	$(SUB) -j$(JOBS) WERROR=-Werror VARIANT=asan BUILD=$(BUILD)-asan \
		all unit
	$(SUB) -j$(JOBS) WERROR=-Werror VARIANT=fuzz BUILD=$(BUILD)-fuzz fuzzers
	$(SUB) VARIANT= BUILD=$(BUILD) check-run

# Tests run the installed programs, from the top folder.  "--tap" is for the
# programs made with GLib's test framework; scripts take no arguments.
CHECK_ROOT := $(CURDIR)/$(BUILD)/root
TESTS ?= $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(UNIT_SRC)) \
	$(patsubst tests/unit/%.c,$(BUILD)-asan/unit/%,$(UNIT_SRC)) \
	$(wildcard tests/check/*.t tests/e2e/*.t)

.PHONY: check-run
check-run: all gen $(BUILD)/gen/peer_getdns
	$(Q)rm -rf $(CHECK_ROOT)
	$(SUB) BUILD=$(BUILD) DESTDIR=$(CHECK_ROOT) PREFIX=/usr install
	$(Q)BUILD=$(BUILD) LC_ALL=C.UTF-8 PATH="$(CHECK_ROOT)/usr/bin:$$PATH" \
		prove -j2 $(TESTS) :: --tap </dev/null

fuzz: deps-check
	$(SUB) -j$(JOBS) VARIANT=fuzz BUILD=$(BUILD)-fuzz fuzzers
	$(Q)tests/fuzz/run.sh $(BUILD)-fuzz $(FUZZ_SECONDS)

bench: deps-build
	$(SUB) -j$(JOBS) all gen benches \
		$$($(PKG_CONFIG) --exists opendkim && echo peers)
	$(Q)tests/bench/bench.sh $(BUILD)
	$(Q)tests/bench/repairs.sh $(BUILD)
	$(Q)tests/bench/store.sh $(BUILD)
	$(Q)tests/bench/audit.sh $(BUILD)

# Both programs with their loader and libraries; nothing is left to install.
BUNDLE ?= $(BUILD)/verifier-$(VERSION)-x86_64-linux.tar.gz

bundle: deps-build
	$(SUB) -j$(JOBS) all
	$(Q)data/bundle/bundle.sh $(BUILD) $(VERSION) $(BUNDLE)

fresh:
	$(Q)tests/fresh.sh

# ---- installing ------------------------------------------------------------

ROOT := $(DESTDIR)$(PREFIX)
COMPLETIONS := $(ROOT)/share/bash-completion/completions
INSTALLED := $(ROOT)/bin/keysnap $(ROOT)/bin/verifier \
	$(ROOT)/share/man/man1/keysnap.1 $(ROOT)/share/man/man1/verifier.1 \
	$(ROOT)/share/man/man5/keysnap.5 $(ROOT)/share/man/man5/verifier.5 \
	$(COMPLETIONS)/keysnap $(COMPLETIONS)/verifier \
	$(ROOT)/share/verifier/public_suffix_list.dat \
	$(ROOT)/share/verifier/selectors.txt

# The vectors of "verifier self-test", made by the generator.
SELF_TEST := $(BUILD)/self-test/log.jsonl
$(SELF_TEST): data/self-test.sh data/rfc-keys.jsonl \
    data/rfc6376-appendix-a.eml data/rfc8463-appendix-a.eml \
    $(BUILD)/bin/keysnap $(BUILD)/gen/make_archive
	@echo "MAKE $(BUILD)/self-test"
	$(Q)data/self-test.sh $(BUILD)

install: all $(SELF_TEST)
	$(Q)install -d $(ROOT)/bin $(ROOT)/share/man/man1 \
		$(ROOT)/share/man/man5 $(COMPLETIONS) $(ROOT)/share/verifier
	$(Q)install -m 755 $(BUILD)/bin/keysnap $(BUILD)/bin/verifier $(ROOT)/bin
	$(Q)install -m 644 keysnap/keysnap.1 verifier/verifier.1 \
		$(ROOT)/share/man/man1
	$(Q)install -m 644 keysnap/keysnap.5 verifier/verifier.5 \
		$(ROOT)/share/man/man5
	$(Q)install -m 644 keysnap/keysnap.bash $(COMPLETIONS)/keysnap
	$(Q)install -m 644 verifier/verifier.bash $(COMPLETIONS)/verifier
	$(Q)install -m 644 data/public_suffix_list.dat data/selectors.txt \
		$(ROOT)/share/verifier
	$(Q)rm -rf $(ROOT)/share/verifier/self-test
	$(Q)install -d $(ROOT)/share/verifier/self-test
	$(Q)install -m 644 $(BUILD)/self-test/* \
		$(ROOT)/share/verifier/self-test

uninstall:
	$(Q)rm -f $(INSTALLED)
	$(Q)rm -rf $(ROOT)/share/verifier/self-test
	$(Q)rmdir $(ROOT)/share/verifier 2>/dev/null || true

clean:
	rm -rf build build-*

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)
