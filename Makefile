# make demo and make test need Python 3.11 and nothing else: both build .venv from requirements.lock first.
# Where Python 3.11 is not found by itself: make setup PYTHON=/path/to/python3.11

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input -qq
PYTHON :=
ARGS :=

.DEFAULT_GOAL := help
.PHONY: help setup demo page site test test-page test-slow test-deep sbom lint docs bench mutants clean

help:  ## Show this list.
	@sed -n 's/^\([a-z-]*\):.*## /make \1 - /p' Makefile

setup: $(VENV)/installed.lock  ## Build .venv from requirements.lock (again only after a change).
	@:

# The last file written says which lock the environment holds: an interrupted or outdated one is built anew.
$(VENV)/installed.lock: requirements.lock pyproject.toml
	@python=; \
	for name in $(PYTHON) python3.11 python3 python; do \
	  if "$$name" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' >/dev/null 2>&1; then python=$$name; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
	  echo "Python 3.11 is needed and was not found; install it, or say where it is: make setup PYTHON=/path/to/python3.11" >&2; exit 1; \
	fi; \
	if ! cmp -s requirements.lock $@; then \
	  echo "[1/3] Making $(VENV) with $$($$python --version)"; \
	  "$$python" -m venv --clear $(VENV) || { echo "The environment could not be made; on Debian and Ubuntu install python3.11-venv first." >&2; exit 1; }; \
	  echo "[2/3] Installing the packages named in requirements.lock (about 1 GB; a few minutes)"; \
	  $(PIP) install --require-hashes -r requirements.lock || { echo "The packages could not be installed (see above); type the same line again once that is mended." >&2; exit 1; }; \
	fi; \
	echo "[3/3] Installing the toolkit itself into $(VENV)"; \
	$(PIP) install --no-deps --no-build-isolation -e . || exit 1; \
	cp requirements.lock $@

demo: setup  ## Run the town, the comparison and the quick ranking, and write the page.
	@$(PY) -m experiments.demo $(ARGS)

test: setup  ## Run the tests that take minutes (a part: make test ARGS="tests/sim -k hours").
	@$(PY) -m pytest -q -n 2 --dist loadfile -m "not slow and not page" $(ARGS)

page: setup  ## Write the town in a page: one HTML file with the model in it, results/town.html.
	@$(PY) -m experiments.page $(ARGS)

site: setup  ## Build the site: guide, cookbook, reference and results as pages without a network, results/site/index.html.
	@$(PY) -m mkdocs build --strict && echo "Site: results/site/index.html"

test-page: setup  ## Run the tests of that page and of the site in Chromium and Firefox (Debian: apt-get install -y chromium firefox-esr).
	@$(PY) -m pytest -q -s -m page tests/experiments/page tests/docs $(ARGS)

test-slow: setup  ## Run the other tests, which simulate for long (a part: as with make test).
	@$(PY) -m pytest -q -n 2 --dist loadfile -m "slow and not page" $(ARGS)

# What takes hours, one after the other; docs/reliability.md says what each shows and when it was last run.
test-deep: setup  ## Run what takes hours: 20,000 inputs, a million steps of a store, coverage of intervals, kills, soak.
	@$(PY) -m tests.bad_inputs count=20000
	@$(PY) -m tests.experiments.store_simulation steps=1000000
	@$(PY) -m tests.benchmarks.soak members=100000 minutes=10
	@$(PY) -m pytest -q --hypothesis-profile=deep -k "whatever_is_in or whatever_is_given" tests/sim
	@$(PY) -m tests.benchmarks.figures
	@$(PY) -m tests.benchmarks.coverage
	@$(PY) -m tests.benchmarks.rank_sets
	@$(PY) -m tests.benchmarks.shares
	@$(PY) -m tests.benchmarks.survival
	@$(PY) -m tests.benchmarks.survival kills=0 stops=100
	@$(PY) -m tests.benchmarks.relations
	@$(PY) -m tests.benchmarks.mutants
	@$(PY) -m tests.benchmarks.commands

sbom: setup  ## Write the bill of materials (CycloneDX) of requirements.lock, results/sbom.json.
	@$(PY) -m tools.sbom results/sbom.json

lint: setup  ## Check style, format, types and import rules.
	@echo "style";   $(PY) -m ruff check --quiet .
	@echo "format";  $(PY) -m ruff format --check --quiet .
	@echo "types";   $(PY) -m mypy --no-error-summary
	@echo "imports"; $(VENV)/bin/lint-imports --no-logo

docs: setup  ## Renew tables in docs/ from the code, and say on stale pages that they are.
	@$(PY) -m tools.tables && $(PY) -m tools.stale

bench: setup  ## Measure the model's speed beside a fixed kernel, and by size (three minutes; less: make bench ARGS=--quick).
	@$(PY) -m tests.benchmarks.bench $(ARGS)

mutants: setup  ## Plant 60 faults one at a time and count those that the tests notice (hours; fewer: make mutants ARGS=count=6).
	@$(PY) -m tests.benchmarks.mutants $(ARGS)

clean:  ## Remove .venv, caches and builds (results are kept).
	@rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
