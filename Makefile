# One command a task. What continuous integration does as well is written down once, in .ci/run.

.POSIX:
.PHONY: all build test race lint interop conformance fuzz campaign bench results corpus cover fmt ci

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

# What other parsers make of the corpus, anew, with the programs that interop installs.
conformance:
	go test -count 1 -tags interop ./interop -run '^TestConformance$$' -update

# Every fuzz target for FUZZTIME each.
FUZZTIME = 10s
fuzz:
	FUZZTIME=$(FUZZTIME) .ci/run fuzz

# Every fuzz target for CAMPAIGNTIME in each of ROUNDS rounds, in nobody's way, going on from where the log of the campaign
# before ends; fuzz/CAMPAIGN.md is made anew of all of the log. ROUNDS=0 fuzzes nothing, but measures what is covered.
CAMPAIGNTIME = 5m
ROUNDS = 1
campaign:
	GOMAXPROCS=1 nice -n 19 go run ./fuzz/campaign -time $(CAMPAIGNTIME) -rounds $(ROUNDS) -parallel 1 -cover \
		-log fuzz/campaign.jsonl -o fuzz/CAMPAIGN.md

# Measures throughput and memory beside the peers in COUNT runs, keeps what go test prints in bench/results.txt, and makes
# the results of it. It takes less than ten minutes and wants a quiet machine. For a part, see bench/cmd/table.
COUNT = 6
BENCHTIME = 100ms
bench:
	cd bench && go run ./cmd/table -count $(COUNT) -benchtime $(BENCHTIME) -results results.txt
	$(MAKE) results

# The tables and the picture of bench/results.txt.
results:
	cd bench && go run ./cmd/table -o RESULTS.md results.txt && go run ./cmd/plot -o speed.svg results.txt

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
