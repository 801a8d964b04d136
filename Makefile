# Every target is a command for people; `make help` lists them. Nothing has to be installed by hand but what the README says.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

BIN := node_modules/.bin
NODE := $(BIN)/node
# The tools run on the project's own Node, whatever the machine has.
export PATH := $(CURDIR)/$(BIN):$(PATH)

UNIT := "pkg/**/*.test.ts" "cmd/**/*.test.ts" "test/cluster/**/*.test.ts" "test/generate/**/*.test.ts" "test/checks/**/*.test.ts" "test/support/**/*.test.ts" "test/faults/*-histor*.test.ts"
INTEGRATION := "test/integration/**/*.test.ts"
E2E := "test/e2e/**/*.test.ts"
# A test that hangs is a failed test, not a build that never ends.
TEST = $(NODE) --test --test-reporter=spec --test-timeout=$(1)

.PHONY: help demo up down test check unit simulation simulate integration e2e faults tamper bench generate build format clean

help: ## What can be done here
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

demo: node_modules ## A broken workload, healed by a real Tekton run (starts everything that is needed)
	$(NODE) test/demo/demo.ts

up: node_modules ## Kubernetes, Tekton, PostgreSQL and the controller, left running; state in .cluster/
	$(NODE) test/demo/up.ts

down: node_modules ## Stops what `make up` or `make demo` started; nothing is left
	$(NODE) test/demo/down.ts

test: check unit simulation integration e2e ## Everything: checks, unit, simulation, integration (real API server), e2e (real Tekton)

check: node_modules ## Format, lint, types, boundaries, dead code, generated files
	prettier --check --log-level warn .
	eslint --max-warnings 0 .
	tsc -p tsconfig.json
	$(NODE) test/checks/boundaries.ts
	knip --no-progress
	$(NODE) test/generate/types.ts --check

unit: node_modules ## Unit tests: pure and fast, no processes but their own
	$(call TEST,300000) $(UNIT)

simulation: node_modules ## Every interleaving of the target lock within small bounds, on the product's own code (a minute and a half)
	$(call TEST,600000) --test-concurrency=1 "test/simulation/**/*.test.ts"

simulate: node_modules ## The same within larger bounds, and millions of random steps (half an hour)
	$(NODE) test/simulation/main.ts

integration: node_modules ## Tests on a real API server and a real PostgreSQL
	$(call TEST,1200000) --test-concurrency=1 $(INTEGRATION)

e2e: node_modules ## Tests on real Tekton, with pods (needs root)
	$(call TEST,1800000) --test-concurrency=1 $(E2E)

faults: node_modules ## Controllers and PostgreSQL stopped, killed and failed over, judged from etcd's history (minutes)
	$(call TEST,900000) --test-concurrency=1 "test/faults/bursts.test.ts"
	$(call TEST,900000) --test-concurrency=1 "test/faults/kills.test.ts" "test/faults/failover.test.ts"

tamper: node_modules ## 10 000 changes to a filled audit trail, each of which verification must find (minutes)
	$(NODE) test/audit/main.ts

bench: node_modules ## Latency, lock check, API requests per execution, memory; prints, asserts nothing
	$(NODE) test/bench/main.ts
	$(NODE) test/bench/audit.ts

generate: node_modules ## Types from the CRDs
	$(NODE) test/generate/types.ts

build: node_modules ## JavaScript for production images, in dist/
	rm -rf dist
	tsc -p tsconfig.build.json
	cp -r pkg/audit/migrations dist/pkg/audit/migrations

format: node_modules ## Formats everything
	prettier --write --log-level warn .

clean: ## Removes what was built and installed here
	rm -rf dist node_modules

node_modules: package.json package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	@touch node_modules
