# One command a task. What continuous integration does as well is written down once, in .ci/run.

.POSIX:
.PHONY: all build test race lint interop fuzz bench corpus cover fmt ci

all: build test

build:
	go build ./...

test:
	go test ./...

race:
	.ci/run race

lint:
	.ci/run lint

# With the real programs, on Debian 12.
interop:
	.ci/run interop

# Every fuzz target for FUZZTIME each.
FUZZTIME = 10s
fuzz:
	FUZZTIME=$(FUZZTIME) .ci/run fuzz

# The tables of throughput and memory beside the peers. BENCH has the flags of bench/cmd/table, such as BENCH="-count 6".
BENCH =
bench:
	cd bench && go run ./cmd/table $(BENCH)

# The captured pages anew, on Debian 12; see corpus/README.md.
corpus:
	./corpus/capture.sh

cover:
	go test -coverpkg=./... -coverprofile=cover.out ./...
	go tool cover -func=cover.out

fmt:
	gofmt -w .

ci:
	.ci/run
