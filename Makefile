# What one does here. Each target prepares what it needs; `make help` lists them.

PYTHON := .venv/bin/python
MANAGE := $(PYTHON) manage.py
JOBS ?= logical
LOCK := .venv/bin/uv pip compile --quiet --universal --python-version 3.13 --generate-hashes \
	--custom-compile-command 'make lock'

# What carries types: the kernel, and the rooms that hold rules and queries.
TYPED := '^softfactory/kernel/|/(services|querysets|gateways|networks|text)(/|\.py$$)'

# A production start that belongs to nobody, for the checks that ask for one.
PRODUCTION = env -u SOFTFACTORY_DEMO DEBUG=0 SITE_URL=https://softfactory.example \
	ALLOWED_HOSTS=softfactory.example EMAIL_URL=smtp://mail.softfactory.example VAR_DIR="$$scratch" \
	SECRET_KEY=$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(50))') \
	FIELD_KEYS=$$(head -c 32 /dev/urandom | base64)
SCRATCH = scratch=$$(mktemp -d) && trap 'rm -rf "$$scratch"' EXIT

# Compiled code is kept, whatever the shell says: the second start is quick.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help bootstrap serve test check load bench growth lighthouse peers cluster-test assets lock messages clean \
	check-style check-types check-imports check-django check-schema check-locks check-messages

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "make %-10s %s\n", $$1, $$2}'

serve: ## the demo on http://localhost:8000 (PORT=…), from a fresh clone
	@bin/serve

test: bootstrap ## the whole suite, on SQLite or on DATABASE_URL and REDIS_URL (ARGS=…, JOBS=…)
	$(PYTHON) -m pytest -n $(JOBS) $(ARGS)

check: check-style check-types check-imports check-django check-schema check-locks check-messages ## lint, types, imports, settings, schema, locks, messages

load: bootstrap ## Locust on a site of its own (USERS=, RUN_TIME=, SHAPE=, SPAWN_RATE=, CHEFS=, BOOKINGS=, OUT=)
	@$(PYTHON) -m tests.load.run $(if $(USERS),--users $(USERS)) $(if $(RUN_TIME),--run-time $(RUN_TIME)) \
		$(if $(SPAWN_RATE),--spawn-rate $(SPAWN_RATE)) $(if $(SHAPE),--shape $(SHAPE)) \
		$(if $(CHEFS),--chefs $(CHEFS)) $(if $(BOOKINGS),--bookings $(BOOKINGS)) $(if $(OUT),--out $(OUT)) $(ARGS)

peers: bootstrap ## tests against real counterparts, installed here where they are missing: Prometheus, Stripe, Bluesky, WordPress, Radicale (ARGS=…)
	@bin/peers install
	@VENV=.venv-peers bin/bootstrap peers
	PEERS=1 $(PYTHON) -m pytest -m peer tests/peers $(ARGS)

bench: bootstrap ## what requests cost beside those of other frameworks, and the targets (ONLY=, ROUNDS=, OUT=, ARGS=)
	@VENV=.venv-peers bin/bootstrap peers
	@$(PYTHON) -m tests.load.bench $(ONLY) $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(OUT),--json $(OUT)) $(ARGS)

growth: bootstrap ## what requests cost as the tables grow a thousandfold, on SQLite or DATABASE_URL's server (ARGS=…)
	@$(PYTHON) -m tests.load.growth $(ARGS)

cluster-test: bootstrap ## two web machines, a replica and Redis in network namespaces; as root, on Linux (ARGS=…)
	@bin/cluster install
	@env -u DATABASE_URL -u DATABASE_REPLICA_URL -u REDIS_URL bin/cluster run \
		$(PYTHON) -m pytest -m cluster tests/cluster $(ARGS)

lighthouse: bootstrap tests/browser/lighthouse/node_modules/.package-lock.json ## Lighthouse on the main pages (RUNS=, ONLY=; needs Node, chromium)
	@$(PYTHON) -m tests.browser.lighthouse.run $(if $(RUNS),--runs $(RUNS)) $(if $(ONLY),--only $(ONLY))

assets: node_modules/.package-lock.json ## build static/src into static/built (needs Node)
	node bin/build-assets.mjs

lock: bootstrap ## resolve requirements/*.in into the locks (UPGRADE=--upgrade renews them)
	$(LOCK) $(UPGRADE) -o requirements/base.txt requirements/base.in
	$(LOCK) $(UPGRADE) -c requirements/base.txt -o requirements/dev.txt requirements/dev.in
	$(LOCK) $(UPGRADE) -c requirements/base.txt -o requirements/prod.txt requirements/prod.in
	$(LOCK) $(UPGRADE) -c requirements/base.txt -o requirements/peers.txt requirements/peers.in

messages: bootstrap ## collect what is to be translated, and compile the translations (needs gettext)
	$(MANAGE) makemessages --locale ko --no-location --no-obsolete --no-wrap \
		--ignore '.venv*' --ignore node_modules --ignore tests --ignore var
	$(MANAGE) compilemessages --ignore '.venv*' --ignore node_modules

clean: ## remove everything that is made here, and the demo's database
	rm -rf .venv .venv-uv .venv-peers .venv-peers-uv node_modules tests/browser/lighthouse/node_modules tests/peers/bluesky/node_modules var .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

bootstrap:
	@bin/bootstrap

node_modules/.package-lock.json: package-lock.json
	npm ci --silent
	@touch $@

tests/browser/lighthouse/node_modules/.package-lock.json: tests/browser/lighthouse/package-lock.json
	npm ci --silent --ignore-scripts --prefix tests/browser/lighthouse
	@touch $@

check-style: bootstrap
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m djlint --lint --quiet templates
	$(PYTHON) -m bandit --quiet --recursive --configfile pyproject.toml .

check-types: bootstrap
	$(PYTHON) -m mypy $$(git ls-files -co --exclude-standard '*.py' | grep -E $(TYPED) | grep -Ev '/migrations/|^tests/')

check-imports: bootstrap
	.venv/bin/lint-imports --no-logo

check-django: bootstrap
	$(SCRATCH); $(PRODUCTION) $(MANAGE) makemigrations --check --dry-run
	$(SCRATCH); $(PRODUCTION) $(MANAGE) check --deploy --fail-level WARNING

check-schema: bootstrap
	$(SCRATCH); $(PRODUCTION) $(MANAGE) spectacular --validate --fail-on-warn --file "$$scratch/openapi.yaml" \
		&& $(PYTHON) -m openapi_spec_validator "$$scratch/openapi.yaml"

check-locks: bootstrap
	$(SCRATCH); cp -r Makefile bin .python-version requirements "$$scratch" && ln -s "$(CURDIR)/.venv" "$$scratch/.venv" \
		&& $(MAKE) --silent -C "$$scratch" lock && diff -rq requirements "$$scratch/requirements"

check-messages: bootstrap
	$(SCRATCH); git ls-files -co --exclude-standard | tar -cf - -T - | tar -xf - -C "$$scratch" \
		&& ln -s "$(CURDIR)/.venv" "$$scratch/.venv" && $(MAKE) --silent -C "$$scratch" messages \
		&& diff -ru -x '*.mo' -I '^"POT-Creation-Date' locale "$$scratch/locale"
