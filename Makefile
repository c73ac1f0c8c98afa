# The commands of this project. `make` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

LAB_ROOT ?= /tmp/ktrdr-lab
PREFIX ?= /usr/local

.PHONY: help
help: ## list the commands
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: setup
setup: ## install what a fresh Debian 12 with Swift lacks, as root or with sudo
	scripts/setup

.PHONY: ready
ready:
	@scripts/setup --check >/dev/null 2>&1 || scripts/setup

.PHONY: build
build: ready ## build everything, warnings as errors
	swift build --build-tests

.PHONY: lint
lint: ## check the format of every Swift file and the length of every file
	swift format lint --strict -r Sources Tests Package.swift
	scripts/check-file-lengths

.PHONY: test
test: ready lint ## build, lint, run the unit and lab tests, print the coverage
	swift build --build-tests --enable-code-coverage
	scripts/coverage --clean
	swift test --skip-build --enable-code-coverage
	scripts/coverage

.PHONY: demo
demo: ready ## the main job, seen: a lab, deployments, one that fails, the history
	swift build -c release --product ktrdr
	scripts/demo

.PHONY: lab-up
lab-up: ready ## start a lab to play with, under LAB_ROOT
	Tests/lab/lab up $(LAB_ROOT)

.PHONY: lab-down
lab-down: ## stop that lab and everything in it
	Tests/lab/lab down $(LAB_ROOT)

.PHONY: install
install: ## install ktrdr, linked statically, under PREFIX/bin
	swift build -c release --product ktrdr --static-swift-stdlib
	install -d $(DESTDIR)$(PREFIX)/bin
	install -m 0755 "$$(swift build -c release --product ktrdr --static-swift-stdlib --show-bin-path)/ktrdr" $(DESTDIR)$(PREFIX)/bin/ktrdr
