# The commands of this project. `make` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

LAB_ROOT ?= /tmp/ktrdr-lab
PREFIX ?= /usr/local
FILTER ?=
DEPLOYMENTS ?= 1000000
LEDGER ?=

# One set of flags for each kind of build: another one would compile everything again.
# A release says its commit, and has the same bytes wherever it is built.
RELEASE := KTRDR_COMMIT="$$(scripts/commit)" swift build -c release --static-swift-stdlib -Xswiftc -Osize \
  -Xswiftc -file-prefix-map -Xswiftc "$(CURDIR)=." -Xcc "-ffile-prefix-map=$(CURDIR)=."
RELEASED = "$$(swift build -c release --show-bin-path)/ktrdr"
DEBUG := swift build --build-tests --enable-code-coverage
TEST := scripts/run-tests

.PHONY: help
help: ## list the commands
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: setup
setup: ## install what a fresh Debian 12 with Swift lacks, as root or with sudo
	scripts/setup

.PHONY: ready
ready:
	@scripts/setup --check >/dev/null 2>&1 || scripts/setup

.PHONY: build
build: ready ## build everything, warnings as errors
	$(DEBUG)

.PHONY: lint
lint: ## check the format of every Swift file, every shell script, the length of every file, the folders, and the places of the mutants
	swift format lint --strict -r Sources Tests Package.swift
	scripts/check-shell
	scripts/check-file-lengths
	scripts/check-folders
	Tests/Model/mutants.py --places

.PHONY: unit
unit: ## run the tests that need neither root nor a lab: all, or those that match FILTER
	$(DEBUG)
	scripts/coverage --clean
	$(TEST) --filter '^(LedgerTests|DeployerTests|ktrdrTests)\..*$(FILTER)'
	$(if $(FILTER),,scripts/coverage 75)

.PHONY: thorough
thorough: ## the unit tests that damage, tamper and guess, with every byte, page and kind, from KTRDR_SEED or a random one
	$(DEBUG)
	THOROUGH=1 KTRDR_SEED=$${KTRDR_SEED:-$$RANDOM} $(TEST) --filter '^(LedgerTests\.|DeployerTests\.(RedactorTests|NeedleVariantsTests|HostileYAMLTests))'

.PHONY: lab-test
lab-test: ready ## run the tests on real hosts in a lab, and those that need the lab's programs, as root: all, or those that match FILTER
	$(DEBUG)
	$(TEST) --filter '^(LabTests|SystemTests)\..*$(FILTER)'

.PHONY: test
test: ready lint ## what CI runs: lint, build, the unit and lab tests, the coverage, 100,000 operations beside the model; or only the tests that match FILTER
	$(DEBUG)
	scripts/coverage --clean
	$(TEST) $(if $(FILTER),--filter '$(FILTER)')
	$(if $(FILTER),,scripts/coverage 90)
	$(if $(FILTER),,$(MAKE) --no-print-directory model-check MODEL_SEED=1)

.PHONY: bench-redaction
bench-redaction: ready ## how fast output is filtered, beside plain loops over the same bytes
	$(RELEASE) --product redaction-bench
	"$$(swift build -c release --show-bin-path)/redaction-bench"

OPERATIONS ?= 100000
HOST_OPERATIONS ?= 300
# Optimized, and not a test, so that it does not wait for all the others to be compiled.
.PHONY: model-check
model-check: ready ## compare deploy, rollback and status with their reference model, OPERATIONS times (100000), from MODEL_SEED or a random one
	swift build -c release --product model-check -Xswiftc -enable-testing --scratch-path .build-model
	MODEL_SEED=$${MODEL_SEED:-$$RANDOM} MODEL_OPERATIONS=$(OPERATIONS) .build-model/release/model-check

.PHONY: model
model: model-check ## the same, and HOST_OPERATIONS times (300) on a real host
	$(DEBUG)
	MODEL_SEED=$${MODEL_SEED:-$$RANDOM} MODEL_HOST_OPERATIONS=$(HOST_OPERATIONS) $(TEST) --filter '[./]ModelHostTests/'

.PHONY: model-mutants
model-mutants: ready ## show that random histories find faults that are put back, each in a build of its own: all, or those with a WORD
	Tests/Model/mutants.py $(WORD)

SECONDS_TO_FUZZ = $(if $(filter environment command,$(origin SECONDS)),$(SECONDS),60)
.PHONY: fuzz
fuzz: ready ## feed the parsers with damaged text for SECONDS (60), fail on a crash or a broken promise
	swift build --product fuzz
	"$$(swift build --show-bin-path)/fuzz" $(SECONDS_TO_FUZZ)

.PHONY: flood
flood: ready ## a host that says 1 GiB: how much memory the client takes
	$(RELEASE) --product ktrdr
	$(DEBUG)
	FLOOD_MIB=1024 KTRDR_BINARY="$$(swift build -c release --show-bin-path)/ktrdr" $(TEST) --filter FloodTests

.PHONY: ledger-writer
ledger-writer: ready ## build .build/release/ledger-writer, which appends events for tests
	$(RELEASE) --product ledger-writer

.PHONY: ledger-fixture
ledger-fixture: ready ## write a ledger of DEPLOYMENTS realistic deployments to LEDGER
	$(RELEASE) --product ledger-fixture
	.build/release/ledger-fixture --deployments "$(DEPLOYMENTS)" --ledger "$(LEDGER)"

.PHONY: faults
faults: ledger-writer ## kills, power cuts, I/O errors, a full disk, flipped bytes: what the ledger survives
	$(RELEASE) --product ledger-flipper
	Tests/faults/run

.PHONY: bench-ledger
bench-ledger: ready ## time the ledger on DEPLOYMENTS deployments (1,000,000) beside plain C and sqlite3
	for product in ledger-fixture ledger-bench ledger-writer; do $(RELEASE) --product $$product; done
	benchmarks/ledger/run.sh "$(DEPLOYMENTS)" $(LEDGER)

.PHONY: bench-start
bench-start: ready ## time ktrdr history as a whole process, on a terminal and into a pipe, on LEDGER
	$(RELEASE) --product ktrdr
	benchmarks/start/run.py $(RELEASED) "$(LEDGER)" $(RUNS)

.PHONY: bench-fanout
bench-fanout: ready ## time 1, 4, 16 and 32 hosts at once beside the bare ssh command and other tools
	$(RELEASE) --product ktrdr
	benchmarks/fanout/run.sh $(RUNS) $(HOSTS)

.PHONY: guide
guide: ready ## run the commands of the guides in a lab, write what they print into them
	$(DEBUG)
	for guide in deployment-homelab your-own-stack; do \
	  Tests/guide/guide.py docs/user-guides/$$guide.md --ktrdr "$$(swift build --show-bin-path)/ktrdr" --update; done

.PHONY: demo
demo: ready ## the main job, seen: a lab, deployments, one that fails, the history
	$(RELEASE) --product ktrdr
	scripts/demo

.PHONY: commands
commands: ## write docs/commands.md from what the commands say of themselves
	$(DEBUG)
	"$$(swift build --show-bin-path)/ktrdr" --experimental-dump-help | scripts/command-reference >docs/commands.md

.PHONY: screens
screens: ready ## write what ktrdr shows on terminals of 80 and 120 columns to docs/screens, in a lab, as root
	$(RELEASE) --product ktrdr
	scripts/screens $(RELEASED)

.PHONY: screens-report
screens-report: ready ## write the pictures of ktrdr report to docs/screens, from the ledger of a small team's quarter
	$(DEBUG)
	scripts/report-screenshots "$$(swift build --show-bin-path)"

.PHONY: lab-up
lab-up: ready ## start a lab to play with, under LAB_ROOT
	Tests/lab/lab up $(LAB_ROOT)

.PHONY: lab-down
lab-down: ## stop that lab and everything in it
	Tests/lab/lab down $(LAB_ROOT)

.PHONY: man
man: ## write the manual pages of every command to .build/man
	$(RELEASE) --product ktrdr
	$(RELEASED) --experimental-dump-help | scripts/man-pages \
	  "$$($(RELEASED) --version | cut -d' ' -f2)" "$$(date -u -d "@$$(scripts/commit --epoch)" +%F)" .build/man

INSTALLED = $(DESTDIR)$(PREFIX)/share/doc/ktrdr/installed-files
.PHONY: install
install: man ## install ktrdr, its completions and manual pages under PREFIX (/usr/local); it needs no Swift there
	install -d "$(dir $(INSTALLED))"
	scripts/install-files $(RELEASED) "$(DESTDIR)$(PREFIX)" >"$(INSTALLED)"

.PHONY: uninstall
uninstall: ## remove exactly what make install placed under PREFIX
	scripts/install-files --remove "$(INSTALLED)" "$(DESTDIR)$(PREFIX)"

.PHONY: dist
dist: man ## pack a tarball that needs nothing but libc, and a Debian package, with checksums, into .build/dist
	scripts/package deb $(RELEASED)
	scripts/archives .build/archives
	PKG_CONFIG_PATH="$(CURDIR)/.build/archives" $(RELEASE) --product ktrdr
	scripts/package tarball $(RELEASED)
	scripts/package sums

.PHONY: package-test
package-test: ready dist ## install the packages of make dist into a clean Debian, use and remove them, as root
	Tests/packages/run
