# The commands of this project. `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

.PHONY: help
help: ## list the commands
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: build
build: ## build everything, warnings as errors
	swift build --build-tests

.PHONY: lint
lint: ## check the format of every Swift file and the length of every file
	swift format lint --strict -r Sources Tests Package.swift
	scripts/check-file-lengths

.PHONY: test
test: lint ## build, lint, run every test
	swift test
