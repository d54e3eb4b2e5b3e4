# `make` lists the commands. Variables: PORT=8800 DATA=data DEMO=1 PYTHON=/path/to/python WORKERS=4 SINCE=HEAD

PORT ?= 8800
DATA ?= data
DEMO ?=
WORKERS ?= 4
SINCE ?= HEAD
VENV := .venv/bin
NPM := $(VENV)/python scripts/npm.py

.DEFAULT_GOAL := help
.PHONY: help up demo install ui test test-deep test-all test-changed test-services siege check format hooks bench bench-scale docs types clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

up: install ## install what is missing, then run the whole product (PORT=, DATA=, DEMO=1)
	@exec $(VENV)/heliograph up --data "$(DATA)" --port $(PORT) $(if $(filter-out 0 no,$(DEMO)),--demo)

demo: ## fill the running product with 50 people, 90 days of opens and three campaigns
	@$(VENV)/heliograph --data "$(DATA)" demo

install: ## virtual environment, packages and the built interface; nothing is started
	@python=$$(PYTHON="$(PYTHON)" sh scripts/find-python.sh) && "$$python" scripts/install.py

ui: install ## build the interface if its sources changed

test: install ## a proof of everything on the embedded stack
	@$(VENV)/pytest -n $(WORKERS) --costs

test-deep: install ## what `make test` leaves out: long sieges, every random question, every look of a page
	@$(VENV)/pytest -n $(WORKERS) --costs --depth full -m deep

test-all: test test-deep ## both

test-changed: install ## the tests that reach what changed since the last commit (SINCE=main)
	@$(VENV)/python -m tests.changed --since $(SINCE) -- -n $(WORKERS)

STORED := people campaigns identity audit signatures tracking_settings retention

test-services: install ## pipeline and kill tests on Apache Kafka, PostgreSQL and Redis; those of what PostgreSQL stores
	@$(VENV)/python -m tests.services run --only postgres -- \
		$(VENV)/pytest -n $(WORKERS) $(addprefix tests/,$(STORED))
	@$(VENV)/python -m tests.services run -- $(VENV)/pytest tests/services tests/store tests/pipeline tests/kill

MINUTES ?= 60
STACK ?= embedded

siege: install ## an hour of trouble under load, exact at the end (MINUTES=60 SEED= STACK=embedded|services ONLY=)
	@$(VENV)/python -m tests.siege --minutes $(MINUTES) --stack $(STACK) $(if $(SEED),--seed $(SEED)) $(if $(ONLY),--only $(ONLY))

check: install ## formatting, lint, types and layers; lint, types and unit tests of the interface
	$(VENV)/ruff format --check .
	$(VENV)/ruff check .
	$(VENV)/mypy
	$(VENV)/lint-imports
	$(NPM) run --silent lint
	$(NPM) exec -- tsc --noEmit
	$(NPM) run --silent test

format: install ## put the code into its format
	$(VENV)/ruff format .
	$(VENV)/ruff check --fix .

hooks: install ## Git runs the quick checks before each commit, make check before a push
	@$(VENV)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[hooks]'
	@$(VENV)/pre-commit install

bench: install ## benchmarks beside their baselines; results in benchmarks/results (BENCH=collector)
	@$(VENV)/python -m benchmarks.run $(BENCH)

bench-scale: install ## the pages with 10 and 100 million events, 25 minutes, 15 GB in SCALE (default: a temporary directory)
	@$(VENV)/python -m benchmarks.scale $(if $(SCALE),--data $(SCALE)) $(if $(EVENTS),--events $(EVENTS))

docs: install ## generate the reference pages from the code
	@$(VENV)/python -m docs.generate

types: install ## the interface's types from the API, after a change of it
	@$(NPM) run --silent types

clean: ## remove everything that was built or installed; your data stays
	rm -rf .venv .cache app/ui/node_modules app/ui/dist .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
