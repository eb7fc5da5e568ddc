# selectorate: one command each. `make demo` is the shortest way to see what it does.
# SELECTORATE_DATA (ballots that are not part of the repository) and SELECTORATE_JUDGE (a belenios-tool)
# are read from the environment and passed on.

PYTHON ?= python3
DIR ?= demo
ARGS ?=
BIN := .venv/bin
RUST_MINIMUM := 1.85
KERNEL_SOURCES := $(shell find rust \( -path rust/target -o -path rust/fuzz \) -prune -o \( -name '*.rs' -o -name 'Cargo.*' -o -name '*.bin' \) -print 2>/dev/null)
PYTEST := PYTHONPATH=src $(BIN)/python -m pytest
export SELECTORATE_DATA SELECTORATE_JUDGE

SECONDS_EACH ?= 60
NIGHT := .tools/assurance/bin
PEERS := .tools/peers/bin
SPARK := .tools/spark/bin

.PHONY: setup demo test lint bench audit release all lock assurance peers bench-count bench-roll bench-checks bench-stacking spark fuzz fuzz-kernel nightly mutants
.DELETE_ON_ERROR:

setup: .venv/.kernel  ## virtual environment, pinned dependencies, Rust kernel; quick the second time
	@:

.venv/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "selectorate needs Python 3.11 or later: install it, or name one with make PYTHON=/path/to/python3.11."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Python lacks its venv module: install your system's package for it (on Debian: python3-venv)."; exit 1; }
	@echo "setup: virtual environment in .venv"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@touch $@

.venv/.packages: .venv/.python requirements-dev.txt
	@echo "setup: pinned dependencies, each checked against its hash"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

.venv/.kernel: .venv/.packages pyproject.toml $(KERNEL_SOURCES)
	@$(BIN)/python tests/house/rust_at_least.py $(RUST_MINIMUM)
	@echo "setup: Rust kernel (a minute or two the first time)"
	@VIRTUAL_ENV="$(CURDIR)/.venv" $(BIN)/maturin develop --release --locked --quiet >.venv/kernel.log 2>&1 || \
	  { cat .venv/kernel.log; echo "The kernel could not be built; the lines above say why."; exit 1; }
	@touch $@

demo: setup  ## one whole selection; make demo DIR=elsewhere ARGS="..." passes more on
	@$(BIN)/selectorate demo --dir $(DIR) $(ARGS)

test: setup  ## the fast tests, under five minutes
	@$(PYTEST) -n auto --dist loadfile -m "not slow and not interop" $(ARGS)

lint: setup  ## form, types, floors, Rust
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	MYPYPATH=src PYTHONPATH=src $(BIN)/python -m mypy.stubtest selectorate._kernel
	PYTHONPATH=src $(BIN)/lint-imports --no-cache
	cd rust && cargo fmt --all --check
	cd rust && cargo clippy --workspace --all-targets --locked --quiet -- -D warnings

bench: setup  ## per ballot, side by side with belenios-tool
	@PYTHONPATH=src:. $(BIN)/python bench/run.py $(ARGS)

audit:  ## the second verifier over the demo, whole; needs nothing but Python
	@$(PYTHON) auditor/verify.py $(DIR)/public

release: setup  ## foreign judges and our two verifiers in large numbers; goes on where it stopped
	@PYTHONPATH=src:. $(BIN)/python -m tests.interop.scale $(ARGS)

$(NIGHT)/.packages: .venv/.kernel requirements-assurance.txt
	@echo "setup: fuzzer and mutation tester, pinned, in .tools/assurance"
	@test -x $(NIGHT)/python || $(PYTHON) -m venv .tools/assurance
	@$(NIGHT)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-assurance.txt
	@touch $@

assurance: $(NIGHT)/.packages  ## what fuzzing and mutation testing need, apart from everything else
	@:

$(PEERS)/.packages: .venv/.python requirements-peers.txt
	@echo "setup: other programs that count, pinned, in .tools/peers"
	@test -x $(PEERS)/python || $(PYTHON) -m venv .tools/peers
	@$(PEERS)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-peers.txt
	@touch $@

peers: $(PEERS)/.packages  ## pyrankvote, VoteKit, pref_voting and abcvoting, apart from everything else
	@:

$(SPARK)/.packages: .venv/.kernel requirements-spark.txt
	@bash tests/spark/java.sh
	@echo "setup: Spark, pinned, in .tools/spark (half a gigabyte)"
	@test -x $(SPARK)/python || $(PYTHON) -m venv .tools/spark
	@$(SPARK)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-spark.txt
	@touch $@

spark: $(SPARK)/.packages  ## the same answers from a cluster of two workers on this computer; installs Java where it lacks
	@bash tests/spark/java.sh
	@PYTHONPATH=src SELECTORATE_SPARK_TESTS=1 $(SPARK)/python -m pytest -m spark -rs tests/spark $(ARGS)

bench-count: setup peers  ## a million papers and 200 wards, side by side with the peers
	@PYTHONPATH=src:. $(BIN)/python -m bench.count $(ARGS)

bench-roll: setup  ## possible duplicates on an invented roll: false links, recall by how names are built, time, memory
	@PYTHONPATH=src:. $(BIN)/python -m bench.roll $(ARGS)

bench-checks: setup  ## lists of 50,000 and 1,000,000 members looked at, imported, decided, frozen: seconds, memory
	@PYTHONPATH=src:. $(BIN)/python -m bench.roll.checks $(ARGS)

bench-stacking: setup  ## stacking on invented rolls: recall, fairness, quiet, cost to evade; time and memory
	@PYTHONPATH=src:. $(BIN)/python -m bench.roll.stacking $(ARGS)

fuzz: assurance  ## every parser, SECONDS_EACH=60 seconds each, two at a time
	@PYTHONPATH=src:. $(NIGHT)/python -m tests.fuzz.run --seconds $(SECONDS_EACH) $(ARGS)

fuzz-kernel: setup  ## the kernel's own readers, with cargo-fuzz
	@PYTHONPATH=src:. $(BIN)/python -m tests.fuzz.seeds
	@bash tests/fuzz/kernel.sh $(SECONDS_EACH)

nightly:  ## ten minutes of fuzzing for each parser
	@$(MAKE) --no-print-directory fuzz fuzz-kernel SECONDS_EACH=600

mutants: assurance  ## how many small changes to the checks the tests notice; SAMPLE=n tries so many of them
	@PYTHONPATH=src:. $(NIGHT)/python -m tests.mutants.run $(if $(SAMPLE),--sample $(SAMPLE)) $(ARGS)

all: test lint  ## everything that .ci/run does but installing packages
	cd rust && cargo test --release --workspace --locked --quiet
	@$(PYTEST) -n auto --dist loadfile -m "slow and not interop" || test $$? -eq 5
	@$(PYTEST) -m interop || test $$? -eq 5
	@$(MAKE) --no-print-directory demo audit

lock: .venv/.python  ## write the locks again from pyproject.toml
	@bash tests/house/lock.sh
