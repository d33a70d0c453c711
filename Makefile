# make run   plans the made example city and serves it: nothing but Go and a C compiler is needed;
#            RUN_FOR=5s make run ends by itself
# make test  installs what it needs and passes the tests
SHELL := /bin/bash
GO ?= go
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LDFLAGS := -X main.version=$(VERSION)
OUT := build
FUZZTIME ?= 20000x
LISTEN ?= 127.0.0.1:8480
BENCH ?= .

.PHONY: build run test race lint fmt fuzz bench clean

build:
	@.ci/need gcc
	$(GO) build -trimpath -ldflags '$(LDFLAGS)' -o $(OUT)/stint ./cmd/stint

run: build
	@rm -rf $(OUT)/example $(OUT)/plan
	$(OUT)/stint example $(OUT)/example
	$(OUT)/stint plan $(OUT)/example/city.yaml -o $(OUT)/plan
	$(OUT)/stint verify $(OUT)/plan --data $(OUT)/example
	@rm -rf $(OUT)/state
	$(OUT)/stint serve $(OUT)/plan --state $(OUT)/state --listen $(LISTEN) $(if $(RUN_FOR),--for $(RUN_FOR))

# Tests of Redis need redis-server; where it can't be installed they are skipped, and say so.
test:
	@.ci/need gcc
	@.ci/need redis-server || echo "WITHOUT redis-server: the tests of engine/rdb are SKIPPED" >&2
	$(GO) vet ./...
	$(GO) test -timeout 15m $(TESTFLAGS) ./...

# Only packages with goroutines can race: those that start one, or import sync.
race:
	@.ci/need gcc
	$(GO) test -race -short -timeout 15m $$(git grep -lE '"sync|^\s*go (func|[a-z])|\.Go\(func' -- '*.go' | \
		xargs -n1 dirname | sort -u | sed 's|^|./|')

# The linter and the formatter live in their own mod file, away from the product's dependencies.
lint:
	@.ci/need gcc
	$(GO) tool -modfile=.ci/lint/go.mod golangci-lint run ./...
	@.ci/sizes

fmt:
	$(GO) tool -modfile=.ci/lint/go.mod golangci-lint fmt ./...

fuzz:
	@FUZZTIME=$(FUZZTIME) GO=$(GO) .ci/fuzz

# benchstat-ready: make bench > new.txt
bench:
	$(GO) test -run '^$$' -bench '$(BENCH)' -benchmem -count $${COUNT:-1} ./...

clean:
	rm -rf $(OUT)
