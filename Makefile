# make demo      see it work: no Docker, no Kafka, no questions
# make test      every test (real Kafka where Java and Maven are there, the embedded broker always)
# make quick     tests without a broker and without those that take long, with an eighth of the examples: about a minute
# make check     format, lint, types, architecture, contracts, documents
# make bench     how fast the stream is on real Kafka, against a stock Faust agent (LIST=file, COUNT=n, ARGS="--mix trade")
# make fit-names  the weights of the name matcher anew, from the files of TORUGART_DATA: some minutes, the same bytes
# make chaos     workers stopped, killed and held in the middle of their work, on real Kafka (ROW=freeze|kill|proxy|calm, ROUNDS=n)
# make fuzz      messages made wrong, 100,000 of them, through the intake (COUNT=n, SEED=n; docs/hardening.md)
# make fresh     check, quick and demo in a fresh Debian 13 and in the one after it (needs root; CONTRIBUTING.md)
# make fuzz-kafka the same messages through real Kafka and a worker whose health is asked all the while (COUNT=n, SEED=n)
# make kafka     real Apache Kafka, resolved from its Maven artefacts into a cache
# make docs      the parts of docs/ and schemas/ that are made from the code
# make lock      requirements.lock anew from pyproject.toml
# make install   .venv with everything; the others call it

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
STAMP := .venv/.installed
PIP := $(BIN)/python -m pip install -q --disable-pip-version-check

# A virtual environment whose Python went with an upgrade of the system is made anew.
$(shell $(BIN)/python -c 'import pip' 2>/dev/null || rm -f $(STAMP))

# promtool, where it had to be unpacked (.ci/system-packages).
export PATH := $(PATH):$(CURDIR)/.cache/prometheus/usr/bin

.PHONY: install demo test quick check bench fit-names chaos fuzz fuzz-kafka fresh kafka docs lock clean

install: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "torugart: please install Python 3.11 to 3.14 (name of Debian: python3)" >&2; exit 1; }
	@PYTHON=$(PYTHON) .ci/system-packages needed
	@$(BIN)/python -c 'import pip' 2>/dev/null || $(PYTHON) -m venv --clear .venv
	@echo "torugart: installing into .venv (a minute or two)" >&2
	@$(PIP) -r requirements.lock && $(PIP) --no-deps --no-build-isolation -e . || \
		{ echo "torugart: not installed: pip says above why; a first install or a changed requirements.lock needs a package index" >&2; exit 1; }
	@touch $@

demo: install
	@$(BIN)/torugart demo $(ARGS)

# Two processes, each with brokers of its own; the tests of a file stay together. ARGS="-n0" for one.
test: install
	@.ci/system-packages optional
	$(BIN)/python -m pytest -q -n 2 --dist loadfile $(ARGS)

quick: install
	QUICK_TESTS=1 $(BIN)/python -m pytest -q -n 2 --dist worksteal -m "not integration and not load" $(ARGS)

check: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m pytest -q -m "not integration" tests/architecture tests/schemas tests/docs

bench: install
	@$(BIN)/python -m tests.bench $(if $(LIST),--list $(LIST)) $(if $(COUNT),--count $(COUNT)) $(ARGS)

DATA := $(or $(TORUGART_DATA),../shared/data)

fit-names: install
	$(BIN)/torugart bench fit-names --list $(DATA)/lists/us_csl_2026_names/us_csl_2026.targets.simple.csv \
		--persons $(DATA)/names/clean_persons_global.csv --clean $(DATA)/names/firms_gleif_sample.csv \
		--out streams/names/weights.toml $(ARGS)

chaos: install
	@$(BIN)/python -m tests.chaos $(or $(ROW),freeze) $(if $(ROUNDS),--rounds $(ROUNDS))

fuzz: install
	@$(BIN)/python -m tests.fuzz $(if $(COUNT),--count $(COUNT)) $(if $(SEED),--seed $(SEED))

fresh:
	@.ci/fresh $(TARGETS)

fuzz-kafka: install
	@$(BIN)/python -m tests.fuzz --kafka $(if $(COUNT),--count $(COUNT)) $(if $(SEED),--seed $(SEED))

kafka:
	@$(PYTHON) deploy/kafka/node.py resolve

docs: install
	$(BIN)/python -m tests.schemas.refresh
	$(BIN)/python -m tests.docs.generate

lock:
	rm -rf .cache/lock && $(PYTHON) -m venv .cache/lock
	.cache/lock/bin/python -m pip install -q --disable-pip-version-check -e '.[dev]'
	{ grep '^#' requirements.lock; .cache/lock/bin/python -m pip freeze --all --exclude pip --exclude-editable; } > .cache/requirements.lock
	mv .cache/requirements.lock requirements.lock

clean:
	rm -rf .venv .cache build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
