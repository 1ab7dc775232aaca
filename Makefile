# Every target says what it does: `make help`.
PORT ?= 8000
SERAI_DATA ?= $(CURDIR)/var
ALL ?=
export PORT SERAI_DATA ALL
PYTHON := .venv/bin/python
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help run dev serve test quick lint types bench vectors pack-check clean lock

help: ## lists the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

run: ## sets everything up and opens the living demo house (PORT=8000 SERAI_DATA=var)
	@scripts/setup.sh run
	@.venv/bin/serai open --demo
	@.venv/bin/serai serve --port $(PORT)

serve: ## opens the house as it is: no demo content (production: see docs/operators-guide.md)
	@scripts/setup.sh run
	@.venv/bin/serai open
	@.venv/bin/serai serve --port $(PORT)

dev: ## development server with reloading, on the demo content
	@scripts/setup.sh run
	@.venv/bin/serai open --demo
	@.venv/bin/serai dev --port $(PORT)

test: ## everything: linters, types, house rules, all tests on SQLite and PostgreSQL, journeys in Chromium
	@scripts/setup.sh test
	@scripts/test.sh

quick: ## the inner loop, under a minute: linters, house rules, tests beside what changed (ALL=1: the two lowest floors)
	@scripts/setup.sh test
	@scripts/quick.sh

lint: ## ruff, import contracts, templates
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/lint-imports --config .importlinter --no-cache

types: ## mypy
	@.venv/bin/mypy serai

bench: ## measures speed and size, writes docs/benchmarks.md (ONLY="near search": these parts, the others stay)
	@scripts/setup.sh bench
	@$(PYTHON) -m bench $(ONLY)

vectors: ## holds published test vectors against the house: make vectors DIR=folder (a line for each set)
	@scripts/setup.sh run
	@$(PYTHON) -m tests.vectors "$(DIR)"

pack-check: ## checks all packs of this folder
	@for pack in packs/*/; do .venv/bin/serai pack check $$pack || exit 1; done

lock: ## makes requirements/*.txt anew from *.in (needs uv)
	@uv pip compile -q --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements/base.txt requirements/base.in
	@uv pip compile -q --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -c requirements/base.txt -o requirements/dev.txt requirements/dev.in

clean: ## removes what was made, not your data
	@rm -rf .venv .cache .mypy_cache .ruff_cache tests/browser/node_modules
