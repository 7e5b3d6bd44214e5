# Every target sets up what it needs first; a second call finds its stamps and does nothing twice.
# PORT and every LMS_ variable of the environment reach the site: `LMS_SITE_NAME=… PORT=9000 make run`.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PORT ?= 8000
PYTHON ?= python3
export PYTHON
# Whoever runs without byte code would wait two seconds more at every start.
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv
BIN := $(VENV)/bin
# Hashes are checked, nothing is compiled here, and a mirror set in pip.conf is honored.
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: --no-compile

CATALOGS := $(wildcard lms/translations/en/*.po)
MESSAGES := lms/translations/en/LC_MESSAGES/messages.mo
ASSET_SOURCES := $(shell find static -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null)
ASSETS := static/dist/manifest.json
UV_VERSION := 0.13.9

# Tests that need no browser. Two processes: one for each core that a small machine has.
PYTEST := $(BIN)/python -m pytest
UNIT := $(PYTEST) tests --ignore=tests/browser --ignore=tests/bench --ignore=tests/faults --ignore=tests/wheel -n 2 --dist loadfile -q

.PHONY: help setup run demo test lint format types layers unit postgres browser bench bench-province bench-search faults screenshots messages assets lock wheel wheel-check clean

help: ## Explain each target (this text)
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# --- setting up ------------------------------------------------------------------------------------------------------

setup: $(VENV)/.dev $(ASSETS) $(MESSAGES) ## Set up everything for working on the code, with `.venv/bin/lms` in place

$(VENV)/.venv:
	@.ci/system-needs python venv
	@echo "Making the virtual environment $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.runtime: requirements.txt $(VENV)/.venv
	@echo "Installing the locked packages that run the site"
	@$(PIP_INSTALL) -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt pyproject.toml $(VENV)/.runtime
	@echo "Installing the locked packages that check the site"
	@$(PIP_INSTALL) -r requirements-dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@

messages: $(MESSAGES) ## Compile the English catalogs
$(MESSAGES): $(CATALOGS) lms/translations/build.py $(VENV)/.runtime
	@$(BIN)/python -m lms.translations.build

assets: $(ASSETS) ## Build style sheets, scripts and pictures into static/dist
static/node_modules/.installed: static/package.json static/package-lock.json $(VENV)/.venv
	@echo "Installing the locked front-end packages"
	@cd static && ../.ci/npm ci --no-audit --no-fund --no-update-notifier --ignore-scripts --loglevel=error
	@touch $@
$(ASSETS): $(ASSET_SOURCES) static/node_modules/.installed
	@cd static && ../.ci/npm --node build.mjs
	@touch $@

# --- using it --------------------------------------------------------------------------------------------------------

run: $(VENV)/.runtime $(ASSETS) $(MESSAGES) ## Serve the site with a demonstration county on http://127.0.0.1:8000 (PORT changes it)
	@exec $(BIN)/python -m lms demo --serve $(PORT)

demo: $(VENV)/.runtime $(ASSETS) $(MESSAGES) ## Load the demonstration county and print its sign-ins
	@$(BIN)/python -m lms demo

screenshots: $(VENV)/.dev $(ASSETS) $(MESSAGES) ## Take the README's pictures anew, into docs/screenshots
	@.ci/system-needs chromium fonts
	@$(BIN)/python -m tests.browser.screenshots

wheel: $(VENV)/.dev $(ASSETS) $(MESSAGES) ## Build a wheel that carries pages, assets, translations, migrations and courses
	@rm -rf dist build/lib
	@$(BIN)/python -m build --wheel --no-isolation --outdir dist . >/dev/null
	@ls dist/*.whl

# --- checking it -----------------------------------------------------------------------------------------------------

test: checks unit postgres browser ## Run every check: lint, types, layers, tests on both databases, browser journeys

# Two at once: types and house rules take one core ten seconds each. Newer makes keep what each says together.
.PHONY: checks
checks: $(VENV)/.dev
	@$(MAKE) --no-print-directory --jobs=2 $(if $(filter output-sync,$(.FEATURES)),--output-sync=target) types lint layers

lint: $(VENV)/.dev ## Check style of Python and templates, and the house rules
	$(BIN)/ruff check --quiet
	$(BIN)/ruff format --check --quiet
	$(BIN)/djlint lms --lint --quiet
	$(PYTEST) tests/whole/test_house_rules.py -q

format: $(VENV)/.dev ## Bring Python files into the house's format, and mend what ruff can mend
	$(BIN)/ruff check --quiet --fix
	$(BIN)/ruff format --quiet

types: $(VENV)/.dev ## Check types, strictly
	$(BIN)/mypy

layers: $(VENV)/.dev ## Check that imports go down only
	$(BIN)/lint-imports

unit: $(VENV)/.dev $(ASSETS) $(MESSAGES) ## Run unit and HTTP tests on SQLite
	@.ci/system-needs libreoffice
	$(UNIT) --database sqlite

postgres: $(VENV)/.dev $(ASSETS) $(MESSAGES) ## Run unit and HTTP tests on a throw-away PostgreSQL server
	@.ci/system-needs postgresql
	$(UNIT) --database postgresql

browser: $(VENV)/.dev $(ASSETS) $(MESSAGES) tests/browser/node_modules/.installed ## Walk the journeys in Chromium, on both databases
	@.ci/system-needs chromium fonts postgresql
	$(PYTEST) tests/browser -n 2 --dist worksteal -q

tests/browser/node_modules/.installed: tests/browser/package.json tests/browser/package-lock.json $(VENV)/.venv
	@cd tests/browser && ../../.ci/npm ci --no-audit --no-fund --no-update-notifier --ignore-scripts --loglevel=error
	@touch $@

bench: $(VENV)/.dev $(ASSETS) $(MESSAGES) ## Measure pages against a bare Flask floor: CPU, statements, page weight
	@.ci/system-needs postgresql
	$(BIN)/python -m tests.bench
	$(BIN)/python -m tests.bench.pairing

bench-province: $(VENV)/.dev $(ASSETS) $(MESSAGES) ## Measure the coverage of a made province of 500,000 people (PEOPLE=25000 is smaller)
	@.ci/system-needs postgresql
	$(BIN)/python -m tests.bench.coverage --people $(or $(PEOPLE),500000)

bench-search: $(VENV)/.dev $(ASSETS) $(MESSAGES) ## Find cases and near-duplicates among 20,000 on both databases, against a plain scan (CASES=4000 is quicker)
	@.ci/system-needs postgresql
	$(BIN)/python -m tests.bench.search $(or $(CASES),20000)

faults: $(VENV)/.dev $(ASSETS) $(MESSAGES) ## Break things below a site at work, and compare what clients were told with what is there (FAULT=clock for one)
	@.ci/system-needs postgresql
	$(BIN)/python -m tests.faults $(FAULT)

wheel-check: wheel ## Install the wheel into an empty environment in another folder, and see it serve
	$(PYTEST) tests/wheel -q

# --- keeping it ------------------------------------------------------------------------------------------------------

lock: build/uv/bin/uv ## Write the locked requirements anew from pyproject.toml (UPGRADE=1 takes newer versions)
	@$(LOCK) pyproject.toml --output-file requirements.txt
	@$(LOCK) pyproject.toml --group dev --constraint requirements.txt --output-file requirements-dev.txt
	@$(LOCK) --group node --output-file requirements-node.txt
LOCK = build/uv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' $(if $(UPGRADE),--upgrade)

build/uv/bin/uv: Makefile
	@.ci/system-needs python venv
	@$(PYTHON) -m venv build/uv
	@build/uv/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

clean: ## Remove everything that was built or installed here; the data folder stays
	rm -rf $(VENV) build dist static/dist static/node_modules tests/browser/node_modules lms/translations/en/LC_MESSAGES \
		.pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
