# power-tune: one Makefile, not recursive. `make help` lists what it does.
#
# CC, CFLAGS, CPPFLAGS, LDFLAGS, LDLIBS, PREFIX and DESTDIR belong to whoever builds; what the project needs is added to
# them. WERROR=1 makes warnings errors, SANITIZE=address,undefined builds with those sanitizers into a folder of its own.

CC       ?= cc
CFLAGS   ?= -O2 -g
PREFIX   ?= /usr/local
DESTDIR  ?=
WERROR   ?=
SANITIZE ?=

programs := pt-init pt-invoke pt-logparse pt-stats pt-pick pt-apply pt-local
functions := primes fetch thumbnail

build := build/$(if $(SANITIZE),sanitize,plain)
bin   := $(if $(SANITIZE),$(build)/bin,bin)

warnings := -Wall -Wextra -Wpedantic -Wshadow -Wconversion $(if $(WERROR),-Werror)
sanitize := $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-omit-frame-pointer -fno-sanitize-recover=all)
compile   = $(CC) -std=c11 -D_GNU_SOURCE -Isrc $(warnings) $(CPPFLAGS) $(CFLAGS) $(sanitize) -MMD -MP
link      = $(CC) $(CFLAGS) $(sanitize) $(LDFLAGS)

.DELETE_ON_ERROR:
.SECONDARY:
.SUFFIXES:

all: $(programs:%=$(bin)/%) functions

# ---- programs -------------------------------------------------------------------------------------------------------
# Each is its own file and what it takes from the layers below: tune, aws -> util. local is pt-local's alone.

objects = $(patsubst src/%.c,$(build)/%.o,$(sort $(wildcard src/$(1)/*.c)))
util  := $(build)/libutil.a
tune  := $(build)/libtune.a
aws   := $(build)/libaws.a
local := $(build)/liblocal.a

$(util): $(call objects,util)
$(tune): $(call objects,tune)
$(aws): $(call objects,aws)
$(local): $(call objects,local)
$(build)/lib%.a:
	rm -f $@
	$(AR) rcs $@ $^

aws_libraries := -lcurl -ljansson -lcrypto

$(bin)/pt-init:     $(build)/pt-init.o $(call objects,init) $(tune) $(aws) $(util)
$(bin)/pt-invoke:   $(build)/pt-invoke.o $(call objects,invoke) $(tune) $(aws) $(util)
$(bin)/pt-apply:    $(build)/pt-apply.o $(call objects,apply) $(tune) $(aws) $(util)
$(bin)/pt-logparse: $(build)/pt-logparse.o $(tune) $(util)
$(bin)/pt-stats:    $(build)/pt-stats.o $(tune) $(util)
$(bin)/pt-pick:     $(build)/pt-pick.o $(tune) $(util)
$(bin)/pt-local:    $(build)/pt-local.o $(local) $(aws) $(util)

$(bin)/pt-init $(bin)/pt-invoke $(bin)/pt-apply: libraries := $(aws_libraries)
$(bin)/pt-logparse: libraries := -lz -lzstd
$(bin)/pt-local: libraries := -lmicrohttpd $(aws_libraries)

$(programs:%=$(bin)/%):
	@mkdir -p $(@D)
	$(link) -o $@ $^ $(libraries) $(LDLIBS) -lm

$(build)/%.o: src/%.c
	@mkdir -p $(@D)
	$(compile) -c -o $@ $<

# ---- the functions to tune ----------------------------------------------------------------------------------------------

functions: $(functions:%=examples/functions/%/bootstrap)

examples/functions/%/bootstrap: examples/functions/%/main.c examples/functions/runtime.c examples/functions/runtime.h
	$(CC) -std=c11 -D_GNU_SOURCE $(warnings) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< examples/functions/runtime.c -lcurl $(LDLIBS) -lm

# ---- tests ----------------------------------------------------------------------------------------------------------

unit_tests := $(patsubst tests/unit/%.c,$(build)/unit/%,$(wildcard tests/unit/test-*.c))

$(build)/unit/%.o: tests/unit/%.c
	@mkdir -p $(@D)
	$(compile) -Itests -c -o $@ $<

$(build)/unit/%: $(build)/unit/%.o $(local) $(tune) $(aws) $(util)
	$(link) -o $@ $^ -lmicrohttpd $(aws_libraries) -lz -lzstd $(LDLIBS) -lm

# The tests' own programs: servers and the like.
test_programs := $(patsubst tests/programs/%.c,$(build)/programs/%,$(wildcard tests/programs/*.c))

$(build)/programs/%.o: tests/programs/%.c
	@mkdir -p $(@D)
	$(compile) -c -o $@ $<

$(build)/programs/%: $(build)/programs/%.o $(aws) $(util)
	$(link) -o $@ $^ -lmicrohttpd $(aws_libraries) $(LDLIBS) -lm

# A function that does what its event says; never sanitized, so that its memory is its own.
actor := build/functions/actor/bootstrap
actor_sources := tests/functions/actor/main.c $(addprefix src/util/,json.c text.c memory.c utf8.c files.c diagnostics.c)

$(actor): $(actor_sources)
	@mkdir -p $(@D)
	$(CC) -std=c11 -D_GNU_SOURCE -Isrc $(warnings) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lcurl $(LDLIBS) -lm -lpthread

tests: all $(unit_tests) $(test_programs) $(actor)

clean:
	rm -rf build $(programs:%=bin/%) $(functions:%=examples/functions/%/bootstrap)

help:
	@sed -n 's/^#: //p' Makefile

-include $(wildcard $(build)/*.d $(build)/*/*.d)

.PHONY: all functions tests clean help
