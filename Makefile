# Everything a newcomer, a developer and CI need. `make help` lists it.

SHELL := /bin/bash
BUILD := .build/debug
export PATH := $(PATH):/opt/swift/usr/bin:$(HOME)/.local/bin

.DEFAULT_GOAL := help
.PHONY: help dependencies test-dependencies build run test test-rig deb test-deb lint scenarios defects determinism fuzz fuzz-coverage bench clean

help:  ## List the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

dependencies:  ## Install the Debian packages that the build needs and that are missing
	@.ci/dependencies

test-dependencies:  ## The same with what only the tests need (an emulator, Python's Modbus slaves)
	@.ci/dependencies tests

build: dependencies  ## Build everything (debug; the rooms that simulate are optimised)
	swift build --build-tests

run: dependencies  ## Start a simulated post with its cloud unreachable and watch a listed driver charge
	@.ci/demonstrate

# All faults and reactions must be reached. Fewer seeds do not reach them: make test STORMS="1..300 --partial".
STORMS ?= 1..2000

test: test-dependencies  ## Lint, unit and black-box tests, every scenario in a debug and a release build, storms, the rig
	@.ci/timed "style" $(MAKE) --no-print-directory lint
	@.ci/timed "debug build" swift build --build-tests
	@.ci/timed "unit tests" swift test --skip-build --no-parallel --skip BlackBoxTests
	@.ci/timed "black box" swift test --skip-build --no-parallel --filter BlackBoxTests
	@.ci/timed "every scenario, in a debug and in a release build alike" .ci/determinism
	@.ci/timed "storms $(STORMS)" .build/release/holdfast storm --seeds $(STORMS)
	@.ci/timed "drivers and daemon on a kernel's lines" hardware/rig/test lines lines2 post

test-rig: test-dependencies  ## Drivers, daemon and bench on a real kernel's simulated chips (QEMU)
	hardware/rig/test

deb: dependencies  ## Build the Debian packages, with their pages and completions, into .build/deb
	hardware/debian/build

test-deb: deb  ## Install, upgrade, remove and purge the packages in a fresh Debian 12 (root)
	hardware/debian/test

lint:  ## Check the style of every source
	swift format lint --strict --parallel --recursive Sources Tests Package.swift

scenarios: dependencies  ## Replay every scenario
	swift build --product holdfast
	$(BUILD)/holdfast replay Simulations

defects: dependencies  ## Put ten defects into the post, one at a time: storms must find each, as soon as Documentation/Storm.md says
	swift build --product holdfast
	diff <($(BUILD)/holdfast storm defects) <(sed -n '/^| | defect/,/^$$/{/./p}' Documentation/Storm.md)

determinism: test-dependencies  ## Play every scenario in a debug and a release build: all pass, every event and action the same
	@.ci/determinism

fuzz: dependencies  ## A million operations against a model and ten million mutated lists, bundles, deltas and deny objects
	swift build --build-tests
	HOLDFAST_MODEL_OPERATIONS=500000 swift test --skip-build --no-parallel --filter FuzzTests/model
	$(BUILD)/holdfast allowlist fuzz --cases 10000000

fuzz-coverage: dependencies  ## Ten minutes of libFuzzer over the same objects, led by the code they reach
	swift build --product holdfast
	.ci/fuzz-coverage 600

bench: test-dependencies  ## Measure; reports, asserts nothing
	swift build -c release --product holdfast-benchmarks
	swift build -c release --product holdfastd-bench
	.build/release/holdfast-benchmarks
	hardware/rig/test latency

clean:  ## Remove what was built
	rm -rf .build .build-deb .build-chroot
