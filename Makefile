# Two commands do everything on a fresh machine with Swift 6.3: `make demo` and `make test`.

SHELL := /bin/bash
SWIFT ?= swift
# Where SwiftPM puts what is built for debugging.
DEBUG := $(CURDIR)/.build/debug
VENV := .venv
PYTHON := $(VENV)/bin/python
# MPI=openmpi or MPI=mpich, or MPI=1 for what is installed: `make build` then makes a tool for the mpirun of this MPI, in a
# folder of its own. SwiftPM leaves out a flag of Debian's mpich.pc that packages may not pass on, and warns of it.
MPI ?=
ifneq ($(MPI),)
mpi := $(if $(filter 1,$(MPI)),$(shell pkg-config --exists mpich && ! pkg-config --exists ompi-c && echo mpich || echo openmpi),$(MPI))
$(if $(filter openmpi mpich,$(mpi)),,$(error MPI is openmpi, mpich, or 1 for what is installed, not $(MPI)))
export COPPICE_MPI := $(mpi)
endif
BUILT := .build$(addprefix /,$(mpi))
# Programs for people need no Swift runtime where they run; on macOS the system has it.
RELEASE := -c release $(if $(filter Linux,$(shell uname)),--static-swift-stdlib) $(if $(mpi),--traits MPI --scratch-path $(BUILT))
# Where `make install` puts them, below DESTDIR where a package is made.
prefix ?= /usr/local
bindir = $(DESTDIR)$(prefix)/bin
libexecdir = $(DESTDIR)$(prefix)/libexec/coppice
mandir = $(DESTDIR)$(prefix)/share/man/man1
docdir = $(DESTDIR)$(prefix)/share/doc/coppice
bash_completion = $(DESTDIR)$(prefix)/share/bash-completion/completions/coppice
zsh_completion = $(DESTDIR)$(prefix)/share/zsh/site-functions/_coppice
fish_completion = $(DESTDIR)$(prefix)/share/fish/vendor_completions.d/coppice.fish
# The generators of swift-argument-parser, which make manual pages and the command reference of the help's own texts.
GENERATOR := $(SWIFT) build --package-path $(BUILT)/checkouts/swift-argument-parser --scratch-path .build/generators --product
GENERATORS := .build/generators/debug
# Checkpoints with known content; where the larger corpus lies beside the project, it is used as well.
CASES := fixtures/foreign $(wildcard ../shared/corpus)
DEMO := fixtures/foreign/orbax-0.12/v1-trainstate/input/ckpt

APT_PACKAGES := libhdf5-dev libzstd-dev libxxhash-dev libsimdjson-dev zlib1g-dev libzip-dev libssl-dev libblosc-dev liblz4-dev pkg-config hdf5-tools python3-venv
BREW_PACKAGES := hdf5 zstd xxhash simdjson libzip openssl@3 c-blosc lz4 pkg-config
# Both can be installed beside each other on Debian; Homebrew has one at a time.
OPENMPI_APT_PACKAGES := libopenmpi-dev openmpi-bin
MPICH_APT_PACKAGES := libmpich-dev mpich
OPENMPI_BREW_PACKAGES := open-mpi
MPICH_BREW_PACKAGES := mpich

# simdjson's pkg-config file has flags that packages may not pass on; Homebrew's directory is named here.
ifeq ($(shell uname),Darwin)
export CPLUS_INCLUDE_PATH := $(shell brew --prefix)/include
export LIBRARY_PATH := $(shell brew --prefix)/lib
export PKG_CONFIG_PATH := $(shell brew --prefix openssl@3)/lib/pkgconfig
endif

.PHONY: all deps deps-openmpi deps-mpich test-mpi venv programs build tool manual reference install uninstall deb test-deb formula demo test lint unit client faults damage completion report conformance python readme corpus interop spec test-interop test-faults fuzz test-threads bench bench-ranks bench-conversions format docs clean

all: build

# The C libraries that the package links, and the tools that tests use as second opinions.
deps: $(addprefix deps-,$(mpi))
	$(call packages,$(APT_PACKAGES),$(BREW_PACKAGES))

deps-openmpi:
	$(call packages,$(OPENMPI_APT_PACKAGES),$(OPENMPI_BREW_PACKAGES))

deps-mpich:
	$(call packages,$(MPICH_APT_PACKAGES),$(MPICH_BREW_PACKAGES))

# Installs the packages of Debian, or of Homebrew, that are missing.
define packages
	@if command -v apt-get > /dev/null; then \
	  missing=$$(for p in $(1); do \
	    dpkg-query -W -f '$${Status}\n' $$p 2> /dev/null | grep -q 'install ok installed' || echo $$p; done); \
	  if [ -n "$$missing" ]; then \
	    sudo=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	    $$sudo apt-get update -q && \
	    $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q $$missing; \
	  fi; \
	elif command -v brew > /dev/null; then brew install -q $(2); \
	else echo "install these C libraries by hand: $(1)" >&2; fi
endef

# Python is a second reader in tests; the library and the tool never need it.
venv: $(VENV)/ready
$(VENV)/ready: Tests/requirements.txt
	python3 -m venv $(VENV)
	$(VENV)/bin/pip install -q --disable-pip-version-check -r Tests/requirements.txt
	touch $@

build: tool manual

tool: deps
	$(SWIFT) build $(RELEASE) --product coppice
	$(SWIFT) build $(RELEASE) --product coppice-hdf5-worker

# A manual page for each command. The generator names them coppice.ls.1; man looks for coppice-ls.1.
manual: tool
	$(GENERATOR) generate-manual
	@rm -rf $(BUILT)/manual && mkdir -p $(BUILT)/manual
	$(GENERATORS)/generate-manual $(BUILT)/release/coppice --multi-page --output-directory $(BUILT)/manual
	@cd $(BUILT)/manual && sed -i.bak 's/coppice\.\([a-z]\)/coppice-\1/g' *.1 && rm *.bak && \
	  for page in coppice.*.*; do mv $$page "coppice-$$(echo $${page#coppice.} | sed 's/\.\([a-z]\)/-\1/g')"; done

# The command reference says what the help says; `make reference RECORD=1` writes it anew.
reference: programs
	$(GENERATOR) generate-docc-reference
	@mkdir -p .build/reference
	$(GENERATORS)/generate-docc-reference $(DEBUG)/coppice --output-directory .build/reference
	$(if $(RECORD),cp,diff -u) .build/reference/coppice.md docs/commands.md

# The tool, its worker, manual pages, and completions for three shells: `sudo make install`, `make install prefix=~/.local`.
# Nothing is built here, so that nothing in .build belongs to root: `make build` comes first.
install:
	@test -x $(BUILT)/release/coppice -a -x $(BUILT)/release/coppice-hdf5-worker -a -d $(BUILT)/manual || \
	  { echo "run make build first" >&2; exit 1; }
	install -d $(bindir) $(libexecdir) $(mandir) $(docdir) \
	  $(dir $(bash_completion)) $(dir $(zsh_completion)) $(dir $(fish_completion))
	install -s -m 755 $(BUILT)/release/coppice $(bindir)
	install -s -m 755 $(BUILT)/release/coppice-hdf5-worker $(libexecdir)
	install -m 644 $(BUILT)/manual/*.1 $(mandir)
	install -m 644 LICENSE $(docdir)
	$(BUILT)/release/coppice --generate-completion-script bash > $(bash_completion)
	$(BUILT)/release/coppice --generate-completion-script zsh > $(zsh_completion)
	$(BUILT)/release/coppice --generate-completion-script fish > $(fish_completion)

uninstall:
	rm -f $(bindir)/coppice $(mandir)/coppice.1 $(mandir)/coppice-*.1 \
	  $(bash_completion) $(zsh_completion) $(fish_completion)
	rm -rf $(libexecdir) $(docdir)

# A package for this Debian and this processor, in .build/deb: it installs where there is no Swift.
deb: build
	.ci/deb

# The same in a clean Debian without Swift: installed, used, removed. Needs root, for debootstrap.
test-deb: deb
	@if ! command -v debootstrap > /dev/null; then apt-get update -q && apt-get install -y -q debootstrap; fi
	Tests/Packaging/clean_root.sh .build/deb/coppice_*.deb

# A formula for Homebrew: `make formula URL=https://…/coppice-0.1.0.tar.gz` for the archive of a release.
formula:
	@test -n "$(URL)" || { echo "give the address of the release's archive: URL=…" >&2; exit 2; }
	.ci/formula "$(URL)" > .build/coppice.rb

# The main job: a real Orbax checkpoint converted, validated, listed and read back.
demo: tool
	@rm -rf .build/demo && mkdir -p .build/demo
	@tool=$$($(SWIFT) build $(RELEASE) --show-bin-path)/coppice; set -ex; \
	  $$tool info $(DEMO); \
	  $$tool convert $(DEMO) .build/demo/checkpoint; \
	  $$tool validate .build/demo/checkpoint; \
	  $$tool ls .build/demo/checkpoint; \
	  h5ls -r .build/demo/checkpoint/state/arrays.h5

test: deps venv lint unit docs reference client faults damage completion report spec conformance python readme corpus interop

lint:
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests

unit:
	$(SWIFT) build --build-tests --explicit-target-dependency-import-check error
	$(SWIFT) test --skip-build --parallel --skip CoppiceProcessGroupTests
	@# Ranks that wait for each other with limits need the threads that other tests hold.
	$(SWIFT) test --skip-build --parallel --filter CoppiceProcessGroupTests

# The tool, its worker and the clients for debugging: nothing is left to do after `unit`.
programs: deps
	$(SWIFT) build

# Programs that use the products as another package does; one holds the costs of saving and loading
# (bytes, system calls, allocations, memory) to bounds.
client: deps programs
	@rm -rf .build/walkthrough && mkdir -p .build/walkthrough
	$(DEBUG)/CoppiceClientWalkthrough $(DEMO) .build/walkthrough
	@rm -rf .build/upkeep && mkdir -p .build/upkeep
	$(DEBUG)/CoppiceClientUpkeep $(DEMO) .build/upkeep
	@rm -rf .build/costs && mkdir -p .build/costs
	$(DEBUG)/CoppiceClientCosts .build/costs

# Schemas, examples, rules and codes of the specification hold together.
spec: venv
	$(PYTHON) spec/check.py

# Every case of the suite, read by this library and by an independent reader in Python; the suite's own
# checkpoints, written anew.
conformance: venv programs
	@tool=$(DEBUG)/coppice; set -ex; \
	  $$tool fixtures verify; \
	  $(PYTHON) fixtures/make/expected_writer.py --check; \
	  $(PYTHON) fixtures/make/make_0.py --verify; \
	  $(PYTHON) fixtures/make/make_1_0.py --check; \
	  $$tool conformance; \
	  $$tool conformance --runner "$(PYTHON) python/conformance/adapter.py"

# The package for Python: its tests, its types and its form.
python: venv programs
	cd python/tests && PYTHONPATH=$(CURDIR)/python/src $(CURDIR)/$(PYTHON) -m unittest
	cd python && $(CURDIR)/$(PYTHON) -m mypy
	cd python && $(CURDIR)/$(PYTHON) -m ruff check && $(CURDIR)/$(PYTHON) -m ruff format --check src tests benchmarks

# What the READMEs say of Python is what Python says. A byte of the copy is another one.
readme: venv programs
	@rm -rf .build/readme && mkdir -p .build/readme
	$(DEBUG)/coppice convert $(DEMO) .build/readme/checkpoint
	cp -r .build/readme/checkpoint .build/readme/damaged
	printf X | dd of=.build/readme/damaged/state/arrays.h5 bs=1 seek=2048 conv=notrunc status=none
	cd .build/readme && for page in README.md python/README.md; do \
	  PYTHONPATH=$(CURDIR)/python/src $(CURDIR)/$(PYTHON) -m doctest $(CURDIR)/$$page || exit 1; done

# Each case: dumped directly, converted and dumped again, read by h5py; damaged ones refused.
corpus: venv programs
	$(PYTHON) fixtures/foreign/manifest.py --check
	$(PYTHON) Tests/Corpus/check.py $(DEBUG)/coppice $(CASES)

# What is written, read back by the real libraries that install in a moment; the target below has them all.
interop: venv programs
	@tool=$(DEBUG)/coppice; set -ex; \
	  for library in safetensors numpy h5py pickle; do \
	    $(PYTHON) Tests/Interop/$${library}_reads.py $$tool fixtures/foreign; done

# The real libraries of today, from PyPI, write checkpoints and read what is written here.
test-interop: venv programs
	Tests/Interop/run.sh $(DEBUG)/coppice

# A few of the faults below, in a minute.
faults: programs
	Tests/Faults/faults.py $(DEBUG)/coppice --trainer $(DEBUG)/CoppiceClientTrainer --rounds 10 --stride 25
	Tests/Faults/hdf5_fuzz.py $(DEBUG)/coppice $(DEBUG)/coppice-hdf5-worker --rounds 300 --seconds 30

# Each file of each checkpointable broken in one or two of four ways (`test-faults` has all): nothing else may suffer.
damage: venv programs
	$(PYTHON) Tests/Damage/matrix.py $(DEBUG)/coppice --every 3

# The completions that the tool generates, at the prompts of bash, zsh and fish. A shell that can't be installed is
# named and left out.
completion: programs
	@if command -v apt-get > /dev/null && ! { command -v zsh && command -v fish; } > /dev/null; then \
	  sudo=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	  $$sudo apt-get update -q && \
	  $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q zsh fish || true; fi
	Tests/Completion/completion.py $(DEBUG)/coppice

# Pages of `coppice report` in a real browser. Where none can be installed, the test says so.
report: venv programs
	@if command -v apt-get > /dev/null && ! command -v chromium > /dev/null; then \
	  sudo=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	  $$sudo apt-get update -q && \
	  $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends chromium || true; fi
	$(PYTHON) Tests/Report/report.py $(DEBUG)/coppice fixtures/foreign

# Saves that are killed or that the system fails, at every place: some minutes.
test-faults: deps venv
	@if command -v apt-get > /dev/null && ! command -v strace > /dev/null; then \
	  $$([ "$$(id -u)" = 0 ] || echo sudo) apt-get install -y -q strace; fi
	$(SWIFT) build $(RELEASE) --product coppice
	$(SWIFT) build $(RELEASE) --product coppice-hdf5-worker
	$(SWIFT) build $(RELEASE) --product CoppiceClientTrainer
	Tests/Faults/faults.py $$($(SWIFT) build $(RELEASE) --show-bin-path)/coppice \
	  --trainer .build/release/CoppiceClientTrainer
	$(SWIFT) build --build-tests
	COPPICE_EXHAUSTIVE=1 $(SWIFT) test --skip-build --filter FlipTests
	$(PYTHON) Tests/Damage/matrix.py $$($(SWIFT) build $(RELEASE) --show-bin-path)/coppice --all
	@tools=$$($(SWIFT) build $(RELEASE) --show-bin-path); set -ex; \
	  Tests/Faults/hdf5_fuzz.py $$tools/coppice $$tools/coppice-hdf5-worker --rounds 20000 --seconds 600 --hangs

# libFuzzer over every parser, SECONDS each, two at once; RUNS=1000000 instead counts, FUZZ="--target gguf" has options of
# fuzz.py. What is found is in .build/fuzz/work/findings. Linux only.
SECONDS ?= 60
RUNS ?=
FUZZ ?=
# Assertions stay in the optimized code.
FUZZ_FLAGS := -Xswiftc -sanitize=fuzzer,address -Xcc -fsanitize=fuzzer-no-link,address -Xcxx -fsanitize=fuzzer-no-link,address \
  -Xswiftc -use-ld=lld -Xswiftc -assert-config -Xswiftc Debug
fuzz: deps
	COPPICE_FUZZ=1 $(SWIFT) build -c release --scratch-path .build/fuzz --product CoppiceFuzz $(FUZZ_FLAGS)
	python3 Tests/Fuzz/fuzz.py .build/fuzz/release/CoppiceFuzz .build/fuzz/work \
	  $(if $(RUNS),--runs $(RUNS),--seconds $(SECONDS)) $(FUZZ)

# Concurrent saves and loads under the thread sanitizer. Its suppressions are those of Swift's own Mutex.
test-threads: deps
	$(SWIFT) build --build-tests --sanitize thread --scratch-path .build/threads
	TSAN_OPTIONS=suppressions=$(CURDIR)/Tests/Faults/threads.supp \
	  $(SWIFT) test --skip-build --sanitize thread --scratch-path .build/threads \
	  --filter 'SavingTests|CheckpointablesTests|Checkpointer.*Tests|AbstractLoadTests'

# Groups of processes under the mpirun of Open MPI and of MPICH: all operations, 4 and 64 ranks, and ranks that exit,
# stop, throw or come late, at all moments of saving, loading and deleting too. MPIS=openmpi runs one of them.
MPIS ?= openmpi mpich
test-mpi: deps venv $(addprefix deps-,$(MPIS))
	for mpi in $(MPIS); do \
	  for product in CoppiceClientMPI coppice coppice-hdf5-worker; do \
	    COPPICE_MPI=$$mpi $(SWIFT) build --traits MPI --scratch-path .build/$$mpi --product $$product || exit 1; \
	  done; \
	  $(PYTHON) Tests/MPI/mpi.py $$mpi .build/$$mpi/debug || exit 1; \
	done

# Saving and loading beside other libraries, from PyPI, on a quiet machine: half an hour. BENCH is for bench.py, such as
# BENCH="--workload W1 --rounds 1", or for everything BENCH="--compare --scale --convert .build/release/coppice".
BENCH ?=
bench: deps .build/bench-venv/ready .build/bench/limits
	$(SWIFT) build -c release --package-path Tests/Benchmarks --scratch-path .build/benchmarks
	.build/bench-venv/bin/python -W ignore Tests/Benchmarks/bench.py .build/benchmarks/release/CoppiceBenchmark \
	  --limits .build/bench/limits --json .build/bench/results.json --markdown .build/bench/results.md $(BENCH)

.build/bench-venv/ready: Tests/Benchmarks/requirements.txt
	python3 -m venv .build/bench-venv
	.build/bench-venv/bin/pip install -q --disable-pip-version-check -r Tests/Benchmarks/requirements.txt
	touch $@

# Saving and loading by the ranks that mpirun starts, beside Orbax and PyTorch, on a quiet machine: a quarter of an hour.
# BENCH is for ranks.py, such as BENCH="--parts peers --rounds 1".
bench-ranks: deps deps-openmpi .build/bench-ranks-venv/ready
	COPPICE_MPI=openmpi $(SWIFT) build -c release --package-path Tests/Benchmarks --scratch-path .build/benchmarks-openmpi \
	  --traits MPI --product CoppiceRanksBenchmark
	.build/bench-ranks-venv/bin/python -W ignore Tests/Benchmarks/ranks.py \
	  .build/benchmarks-openmpi/release/CoppiceRanksBenchmark --json .build/bench/ranks.json \
	  --markdown .build/bench/ranks.md $(BENCH)

.build/bench-ranks-venv/ready: Tests/Benchmarks/ranks-requirements.txt
	python3 -m venv .build/bench-ranks-venv
	.build/bench-ranks-venv/bin/pip install -q --disable-pip-version-check -r Tests/Benchmarks/ranks-requirements.txt
	touch $@

# Conversions of what PyTorch, GGUF and Orbax write beside cp and the obvious scripts, on a quiet machine: half an hour.
# BENCH is for formats.py, such as BENCH="--size 64 --rounds 1 --conversion gguf-safetensors".
bench-conversions: tool .build/bench-conversions-venv/ready .build/bench/limits
	@mkdir -p .build/bench
	.build/bench-conversions-venv/bin/python -W ignore Tests/Benchmarks/formats.py .build/release/coppice \
	  --limits .build/bench/limits --json .build/bench/formats.json --markdown .build/bench/formats.md $(BENCH)

.build/bench-conversions-venv/ready: Tests/Benchmarks/formats-requirements.txt
	python3 -m venv .build/bench-conversions-venv
	.build/bench-conversions-venv/bin/pip install -q --disable-pip-version-check -r Tests/Benchmarks/formats-requirements.txt
	touch $@

.build/bench/limits: Tests/Benchmarks/limits.c Tests/Benchmarks/limits.h
	@mkdir -p .build/bench
	$(CC) -O3 -pthread $< -o $@ -lzstd

format:
	$(SWIFT) format --in-place --recursive --parallel Package.swift Sources Tests

# The documentation of each library product, in .build/docs; a warning of DocC is an error.
docs: deps
	SWIFT="$(SWIFT)" .ci/docs

clean:
	rm -rf .build $(VENV)
