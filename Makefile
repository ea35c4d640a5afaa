# power-tune: one Makefile, not recursive. `make help` lists what it does.
#
# CC, CFLAGS, CPPFLAGS, LDFLAGS, LDLIBS, PREFIX and DESTDIR belong to the user; the project's own flags are added to them.
# WERROR=1 makes warnings errors. SANITIZE=address,undefined builds with those sanitizers. FAST=no leaves the fast path through a
# log out, for comparison (src/logparse/fast.h). VARIANT names the folder under build/; the programs of "plain" are in bin/, those
# of every other variant in its own folder.

CC       ?= cc
CFLAGS   ?= -O2 -g
PREFIX   ?= /usr/local
DESTDIR  ?=
WERROR   ?=
SANITIZE ?=
FAST     ?= yes
VARIANT  ?= $(if $(SANITIZE),sanitize,plain)

programs := pt-init pt-invoke pt-logparse pt-stats pt-pick pt-advise pt-report pt-gate pt-apply pt-logs pt-local pt-console
functions := primes fetch thumbnail

build := build/$(VARIANT)
bin   := $(if $(filter plain,$(VARIANT)),bin,$(build)/bin)

# Constants are enumerators here, also where they are used in floating-point arithmetic; clang 19 would warn about that.
warnings := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wformat-security -Wno-enum-float-conversion $(if $(WERROR),-Werror)
sanitize := $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-omit-frame-pointer -fno-sanitize-recover=all)
# No program contains the path where it was built, so two builds of one commit are identical.
anywhere := "-ffile-prefix-map=$(CURDIR)=."
# Debian's hardening flags. They come before the user's flags, which can undo each of them. _FORTIFY_SOURCE needs optimization,
# and it hides errors from the sanitizers.
optimized := $(filter-out -O0,$(lastword $(filter -O%,$(CFLAGS))))
fortify   := $(if $(or $(SANITIZE),$(findstring _FORTIFY_SOURCE,$(CPPFLAGS) $(CFLAGS))),,$(if $(optimized),-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2))
hardened_compile := -fPIE -fstack-protector-strong $(fortify)
hardened_link    := -pie -Wl,-z,relro,-z,now
fast      = $(if $(filter no,$(FAST)),-DLOGPARSE_FAST=0)
compile   = $(CC) -std=c11 -D_GNU_SOURCE -Isrc $(warnings) $(anywhere) $(hardened_compile) $(CPPFLAGS) $(fast) $(CFLAGS) $(sanitize) -MMD -MP
link      = $(CC) $(hardened_link) $(CFLAGS) $(sanitize) $(LDFLAGS)

.DELETE_ON_ERROR:
.SECONDARY:
.SUFFIXES:

#: make all         build the programs and the example functions (the default)
all: programs functions
programs: $(programs:%=$(bin)/%) $(if $(filter plain,$(VARIANT)),,$(bin)/power-tune)

# A build in its own folder also gets the driver and share/, where its programs look for them.
$(build)/bin/power-tune: bin/power-tune
	@mkdir -p $(@D)
	ln -sfn ../../share $(build)/share
	cp $< $@

# ---- programs -------------------------------------------------------------------------------------------------------
# src/pt-NAME.c is a program. Here are the folders that it is made of, each before the folders that it includes (tests/rooms has
# the rule):

pt-init     := init tune aws util
pt-apply    := apply tune aws util
pt-invoke   := invoke tune aws util
pt-logs     := logparse tune aws util
pt-logparse := logparse tune util
pt-stats    := stats tune util
pt-pick     := pick stats model tune util
pt-advise   := advise pick stats model tune util
pt-gate     := gate pick stats model tune util
pt-report   := report pick stats model tune util
pt-local    := local serve aws util
pt-console  := console local serve aws util

folders  := init apply invoke logparse advise gate report pick stats console local serve model tune aws util
archives  = $(patsubst %,$(build)/lib%.a,$(1))
objects   = $(patsubst src/%.c,$(build)/%.o,$(sort $(wildcard src/$(1)/*.c src/$(1)/*/*.c)))

.SECONDEXPANSION:
$(call archives,$(folders)): $(build)/lib%.a: $$(call objects,%)
	rm -f $@
	$(AR) rcs $@ $^

$(programs:%=$(bin)/%): $(bin)/%: $(build)/%.o $$(call archives,$$($$*))

aws_libraries := -lcurl -lcrypto
$(bin)/pt-init $(bin)/pt-invoke $(bin)/pt-apply $(bin)/pt-logs: libraries := $(aws_libraries)
$(bin)/pt-report: libraries := -lcrypto
$(bin)/pt-report: | share/report/chart.js
$(bin)/pt-logparse $(bin)/pt-logs: libraries += -lz -lzstd
$(bin)/pt-local $(bin)/pt-console: libraries := -lmicrohttpd -lcrypto

$(programs:%=$(bin)/%):
	@mkdir -p $(@D)
	$(link) -o $@ $^ $(libraries) $(LDLIBS) -lm

# The system's copy of the library that draws the charts of a report.
CHART_JS ?= $(firstword $(wildcard /usr/share/javascript/chart.js/chart.min.js /usr/share/nodejs/chart.js/dist/chart.min.js))

share/report/chart.js: $(CHART_JS)
	@test -n "$<" || { echo "cannot find Chart.js (Debian: libjs-chart.js); to name it: make CHART_JS=.../chart.min.js" >&2; exit 1; }
	cp $< $@

# Objects depend on the Makefile, because of the flags above.
$(build)/%.o: src/%.c Makefile
	@mkdir -p $(@D)
	$(compile) -c -o $@ $<

# ---- the functions to tune ----------------------------------------------------------------------------------------------

functions: $(functions:%=examples/functions/%/bootstrap)

examples/functions/%/bootstrap: examples/functions/%/main.c examples/functions/runtime.c examples/functions/runtime.h
	$(CC) -std=c11 -D_GNU_SOURCE $(warnings) $(anywhere) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< examples/functions/runtime.c -lcurl $(LDLIBS) -lm

# ---- tests ----------------------------------------------------------------------------------------------------------

unit_tests := $(patsubst tests/unit/%.c,$(build)/unit/%,$(wildcard tests/unit/*/test-*.c))

$(build)/unit/%.o: tests/unit/%.c
	@mkdir -p $(@D)
	$(compile) -Itests -c -o $@ $<

# Simulated functions and tunings.
quality := $(build)/libquality.a
$(quality): $(patsubst tests/quality/%.c,$(build)/quality/%.o,$(filter-out %/quality.c %/real.c,$(wildcard tests/quality/*.c)))
	rm -f $@
	$(AR) rcs $@ $^

$(build)/quality/%.o: tests/quality/%.c
	@mkdir -p $(@D)
	$(compile) -Itests -c -o $@ $<

$(build)/quality/quality $(build)/quality/real: %: %.o $(quality) $(call archives,pick stats model tune util)
	$(link) -o $@ $^ $(LDLIBS) -lm

$(build)/unit/%: $(build)/unit/%.o $(quality) $(call archives,$(folders))
	$(link) -o $@ $^ -lmicrohttpd $(aws_libraries) -lz -lzstd $(LDLIBS) -lm

# The tests' own programs, such as servers.
test_programs := $(patsubst tests/programs/%.c,$(build)/programs/%,$(wildcard tests/programs/*.c))

$(build)/programs/%.o: tests/programs/%.c
	@mkdir -p $(@D)
	$(compile) -Itests -c -o $@ $<

$(build)/programs/%: $(build)/programs/%.o $(call archives,init invoke apply tune aws util)
	$(link) -o $@ $^ -lmicrohttpd $(aws_libraries) -lssl $(LDLIBS) -lm

$(build)/proxy/%.o: tests/proxy/%.c
	@mkdir -p $(@D)
	$(compile) -Itests -c -o $@ $<

$(build)/programs/proxy: $(patsubst tests/%.c,$(build)/%.o,$(wildcard tests/proxy/*.c))

# pt-logparse without its fast path, to compare with: these objects come before those of the archive.
general := $(patsubst %,$(build)/general/logparse/%.o,fast blocks)
$(general): FAST := no

$(build)/general/%.o: src/%.c
	@mkdir -p $(@D)
	$(compile) -c -o $@ $<

$(build)/programs/pt-logparse-general: $(build)/pt-logparse.o $(general) $(call archives,$(pt-logparse))
	$(link) -o $@ $^ -lz -lzstd $(LDLIBS) -lm

# Libraries that the tests load before the C library; never sanitized.
preloads := $(patsubst tests/preload/%.c,$(build)/programs/%.so,$(wildcard tests/preload/*.c))

$(build)/programs/%.so: tests/preload/%.c
	@mkdir -p $(@D)
	$(CC) -std=c11 -D_GNU_SOURCE $(warnings) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -fPIC -shared -o $@ $< $(LDLIBS)

# A function that does what its event says. It is never sanitized, because that would change its memory use.
actor := build/functions/actor/bootstrap
actor_sources := tests/functions/actor/main.c $(addprefix src/util/,json.c json-check.c json-write.c text.c memory.c utf8.c files.c diagnostics.c)

$(actor): $(actor_sources)
	@mkdir -p $(@D)
	$(CC) -std=c11 -D_GNU_SOURCE -Isrc $(warnings) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lcurl $(LDLIBS) -lm -lpthread

# Fuzzers of everything that reads bytes from elsewhere, one in each file. With the tests they are built as programs that read
# their inputs from files.
fuzzers := $(patsubst tests/fuzz/%.c,$(build)/fuzz/%,$(filter-out %/replay.c,$(wildcard tests/fuzz/*.c)))
engine  := $(if $(filter fuzz,$(VARIANT)),,$(build)/fuzz/replay.o)

$(build)/fuzz/%.o: tests/fuzz/%.c
	@mkdir -p $(@D)
	$(compile) -Itests -c -o $@ $<

$(build)/fuzz/%: $(build)/fuzz/%.o $(engine) $(call archives,$(folders))
	$(link) $(if $(engine),,-fsanitize=fuzzer) -o $@ $^ -lmicrohttpd $(aws_libraries) -lz -lzstd $(LDLIBS) -lm

fuzzers: $(fuzzers)

tests: all $(unit_tests) $(test_programs) $(build)/programs/pt-logparse-general $(preloads) $(actor) fuzzers

# Runs the tests against a build: $(call run_tests,VARIANT,FOLDER OF ITS PROGRAMS)
run_tests = PT_BUILD=$(CURDIR)/build/$(1) PT_BIN=$(CURDIR)/$(2) tests/run $(TESTS)

# Two jobs at a time, unless the user has set a number.
two = $(if $(findstring -j,$(MAKEFLAGS)),,-j 2)

#: make check       install missing packages, build, and run all tests (some: TESTS="tests/pick.bats ...")
check: deps-check
	$(MAKE) --no-print-directory $(two) tests
	@$(call run_tests,$(VARIANT),$(bin))

#: make sanitize    run the tests under AddressSanitizer and UndefinedBehaviorSanitizer
sanitize: deps-check
	$(MAKE) --no-print-directory $(two) SANITIZE=address,undefined CFLAGS="-O1 -g" tests
	@$(call run_tests,sanitize,build/sanitize/bin)

#: make fuzz        run each fuzzer of tests/fuzz with clang's libFuzzer, for FUZZ_SECONDS each (default 60)
FUZZ_SECONDS ?= 60
fuzz: deps-check
	@.ci/dependencies fuzz
	$(MAKE) --no-print-directory $(two) CC=clang VARIANT=fuzz SANITIZE=address,undefined CFLAGS="-O1 -g -fsanitize=fuzzer-no-link" fuzzers
	@tests/fuzz/run build/fuzz/fuzz $(FUZZ_SECONDS)

#: make coverage    measure with gcov which lines the tests run; fail below 90 % of a folder
covering = $(patsubst %,tests/%.bats,advise apply check config credentials endpoint faults filters init invoke logparse logparse-endings logparse-fast logparse-forms logparse-tools logparse-function-lines logparse-invocations logparse-large logparse-origins logparse-packed logparse-prefixes logparse-stored logs parity \
	pick power-tune s3 stats report-driver report terminal transport until-sure)
coverage: deps-check
	$(MAKE) --no-print-directory --silent $(two) VARIANT=coverage CFLAGS="-O0 -g --coverage" tests
	@find build/coverage -name '*.gcda' -delete
	@$(MAKE) --no-print-directory --silent VARIANT=coverage CFLAGS="-O0 -g --coverage" run-covering
	@tests/coverage build/coverage

run-covering:
	@PT_BUILD=$(CURDIR)/build/coverage PT_BIN=$(CURDIR)/build/coverage/bin tests/run \
		$(or $(TESTS),$(unit_tests) $(covering)) >build/coverage/tests.log || echo "tests failed: see build/coverage/tests.log"

#: make mutate FILES="src/stats/sample.c ..."  put small faults into files and print those that no test notices
#:                  (options of tests/mutate: MUTATE="--faults 60")
mutate: deps-check
	$(MAKE) --no-print-directory $(two) tests
	@tests/mutate $(MUTATE) $(FILES)

#: make lint        run all static checks: C, includes, shell, words, man pages, JSON and YAML
lint: deps-lint
	@$(MAKE) --no-print-directory $(two) lint-clang lint-tidy lint-cppcheck lint-rooms lint-words lint-shell lint-format lint-documents

c_files      := $(wildcard src/*.c src/*/*.c src/*/*/*.c)
c_all        := $(wildcard src/*.c src/*/*.[ch] src/*/*/*.[ch] tests/unit/*.[ch] tests/unit/*/*.[ch] tests/programs/*.c tests/proxy/*.[ch] tests/preload/*.c tests/quality/*.[ch] tests/fuzz/*.[ch])
# The driver: what runs, and the parts that it sources.
drivers      := bin/power-tune $(wildcard share/driver/power-tune-*)
driver_parts := $(wildcard share/driver/*.sh)
sh_files     := .ci/run .ci/dependencies .debian/build tests/run tests/mutate tests/fuzz/run tests/coverage tests/rooms tests/words tests/lengths tests/recovery.tap tests/recovery/case tests/distributions/run \
	$(wildcard share/completions/*.sh examples/*/*.sh tests/bench/*.sh) tests/bench/run
bash_files   := $(wildcard tests/*.bats tests/*.bash share/completions/*.bash)
json_files    = $(shell find share examples -name '*.json' ! -path '*/node_modules/*')
yaml_files    = $(shell find share examples -name '*.yml' -o -name '*.yaml')

# Not reported for bats: each test is a subshell, and "run" sets variables.
bats_habits  := SC2016,SC2030,SC2031,SC2034,SC2119,SC2120,SC2154,SC2164,SC2317

lint-clang:
	@$(MAKE) --no-print-directory --silent CC=clang VARIANT=clang WERROR=1 programs

lint-tidy:
	@! clang-tidy --quiet $(c_files) -- -std=c11 -D_GNU_SOURCE -Isrc 2>&1 | grep -vE '^[0-9]+ warnings? generated'

lint-cppcheck:
	@cppcheck --quiet --std=c11 --language=c --enable=warning,performance,portability --inline-suppr -D_GNU_SOURCE -Isrc --error-exitcode=1 src

# Which folder may include which.
lint-rooms:
	@tests/rooms

# Plain English.
lint-words:
	@tests/words

lint-format:
	@if clang-format --version | grep -q 'version 14\.'; then clang-format --dry-run --Werror $(c_all); \
	else echo "clang-format 14 is not installed: the formatting was not checked"; fi
	@shfmt -d -i 4 $(drivers) $(driver_parts) $(sh_files) && shfmt -d -i 4 -ln bats $(bash_files)

# The rules of share/driver/words.sh: nothing may evaluate a word, or use it as a format or a program. The driver is checked as
# one program, with every part where it is sourced: a name that no part sets, or none uses, is then found.
evaluating = (^|[^[:alnum:]_])eval |sh -c|awk.* -v|printf +("[^"]*)?[$$]|trap +"
lint-shell:
	@! grep -nE '$(evaluating)' $(drivers) $(driver_parts) | grep -v '^[^:]*:[0-9]*: *#'
	@tests/lengths
	@{ echo 'case $$1 in'; printf '%s) . ./%s ;;\n' $(foreach file,$(drivers),$(file) $(file)); echo esac; } | shellcheck -P share/driver -x -a -s sh -
	@shellcheck -x $(sh_files)
	@shellcheck -x -e $(bats_habits) $(bash_files)

lint-documents:
	@mandoc -Tlint -Wwarning $(manuals)
	@for file in $(json_files); do jq empty "$$file" || exit; done
	$(if $(yaml_files),@yamllint --strict $(yaml_files))

#: make bench       measure speed and memory, as ratios of two commands that run alternately
#: make bench-logs  the same for stored logs only
bench: deps-check
	$(MAKE) --no-print-directory tests build/plain/bench/instant-server build/plain/bench/make-log
	tests/bench/run

bench-logs: bin/pt-logparse bin/pt-stats build/plain/bench/make-log
	tests/bench/logs.sh bin build/plain/bench/make-log

#: make bench-local measure how exact the embedded Lambda is: CPU shares, side effects, throughput
bench-local: deps-check
	$(MAKE) --no-print-directory tests build/plain/bench/local-load
	tests/bench/local.sh

build/plain/bench/%: tests/bench/%.c
	@mkdir -p $(@D)
	$(CC) -std=c11 -D_GNU_SOURCE -Isrc $(warnings) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $<

#: make bench-quality  count the invocations needed to be as good as the original, on simulated functions (ten minutes)
#: make bench-quality QUICK=--quick   the same in one minute
bench-quality: build/plain/quality/quality
	$< $(QUICK)

#: make bench-real    compare the stated confidence and regret with the truth, on real functions (ten minutes)
#: make bench-real QUICK=--quick      the same in one minute
bench-real: build/plain/quality/real
	$< $(QUICK) tests/quality/data

#: make demo        install missing packages, build, and tune an example function on the embedded Lambda
demo: deps
	@$(MAKE) --no-print-directory all >&2
	@bin/power-tune --local examples/functions/primes --num 10

# ---- installing ---------------------------------------------------------------------------------------------------------

#: make deps        install the packages needed to build and run
deps:
	@.ci/dependencies build
deps-check:
	@.ci/dependencies check
deps-lint:
	@.ci/dependencies lint

# share/ is installed as share/power-tune, where the programs look for it. The exceptions are manual pages, documents, and
# completions, which each shell looks for in its own folder, under the name of the command. Distributions may have other folders:
# bashcompdir=... .
bashcompdir = $(PREFIX)/share/bash-completion/completions
zshcompdir  = $(PREFIX)/share/zsh/site-functions
fishcompdir = $(PREFIX)/share/fish/vendor_completions.d
prefix    = $(DESTDIR)$(PREFIX)
manuals   = $(wildcard share/man/man1/*.1 share/man/man7/*.7)
completer = share/completions/power-tune
shared    = $(filter-out $(completer).%,$(shell find $(filter-out share/man share/doc,$(wildcard share/*)) -type f))
documents = $(wildcard share/doc/*.md)
examples  = $(shell find examples -type f ! -name bootstrap ! -path '*/__pycache__/*')

#: make install     install under PREFIX (default /usr/local), in DESTDIR
install: all
	install -d "$(prefix)/bin"
	install -m 755 $(bin)/power-tune $(programs:%=$(bin)/%) "$(prefix)/bin"
	set -e; \
	for file in $(manuals); do install -D -m 644 $$file "$(prefix)/$$file"; done; \
	for file in $(shared); do install -D -m $$([ -x $$file ] && echo 755 || echo 644) $$file "$(prefix)/share/power-tune/$${file#share/}"; done; \
	install -D -m 644 $(completer).bash "$(DESTDIR)$(bashcompdir)/power-tune"; \
	install -D -m 644 $(completer).zsh "$(DESTDIR)$(zshcompdir)/_power-tune"; \
	install -D -m 644 $(completer).fish "$(DESTDIR)$(fishcompdir)/power-tune.fish"; \
	for program in $(programs); do \
		ln -sf power-tune "$(DESTDIR)$(bashcompdir)/$$program"; \
		ln -sf power-tune.fish "$(DESTDIR)$(fishcompdir)/$$program.fish"; \
	done; \
	for file in $(documents); do install -D -m 644 $$file "$(prefix)/share/doc/power-tune/$${file##*/}"; done; \
	for file in $(examples); do \
		mode=644; [ ! -x $$file ] || mode=755; \
		install -D -m $$mode $$file "$(prefix)/share/doc/power-tune/$$file"; \
	done

#: make uninstall   remove the installed files
uninstall:
	rm -f $(patsubst %,"$(prefix)/bin/%",power-tune $(programs)) $(patsubst %,"$(prefix)/%",$(manuals))
	rm -f $(patsubst %,"$(DESTDIR)$(bashcompdir)/%",power-tune $(programs)) "$(DESTDIR)$(zshcompdir)/_power-tune" \
		$(patsubst %,"$(DESTDIR)$(fishcompdir)/%.fish",power-tune $(programs))
	rm -rf "$(prefix)/share/power-tune" "$(prefix)/share/doc/power-tune"

#: make deb         make a Debian package in build/deb (needs dpkg-dev)
debian_flags = $(shell dpkg-buildflags --get $(1) | sed 's/-ffile-prefix-map=[^ ]* //')
deb:
	@rm -rf build/deb/root
	@$(MAKE) --no-print-directory --silent VARIANT=deb PREFIX=/usr DESTDIR="$(CURDIR)/build/deb/root" \
		zshcompdir=/usr/share/zsh/vendor-completions CFLAGS="$(call debian_flags,CFLAGS)" \
		CPPFLAGS="$(call debian_flags,CPPFLAGS)" LDFLAGS="$(call debian_flags,LDFLAGS)" install
	@.debian/build "$(CURDIR)/build/deb/root"

#: make clean       remove all built files
clean:
	rm -rf build share/report/chart.js $(programs:%=bin/%) $(functions:%=examples/functions/%/bootstrap)

#: make help        print this list
help:
	@echo "targets:"
	@sed -n 's/^#: /  /p' Makefile
	@echo "variables: CC, CFLAGS, CPPFLAGS, LDFLAGS, LDLIBS, PREFIX, DESTDIR, WERROR=1, SANITIZE=address,undefined"

-include $(wildcard $(build)/*.d $(build)/*/*.d $(build)/*/*/*.d)

.PHONY: all programs functions tests fuzzers check mutate sanitize fuzz coverage run-covering lint lint-clang lint-tidy lint-cppcheck lint-rooms lint-words lint-format lint-shell lint-documents bench bench-logs bench-quality bench-real demo deps deps-check deps-lint install uninstall deb clean help
