// Package bench holds promfmt beside its peers: the same pages read and written by all of them in one run, and a check
// that they all see the same samples. It is a module of its own, so that the peers stay out of the module graph of those
// who use promfmt.
//
// There are tests and benchmarks only: reading and writing beside the peers (BenchmarkRead, BenchmarkWrite), several workers
// (BenchmarkParallel), pages of growing size (BenchmarkLinear) and pages that are made to be slow to read
// (BenchmarkHostile). Measure a part with
//
//	go run ./cmd/table -bench 'Read/page=node'
//
// which runs the benchmarks and prints their results as a table with the ratios to the peers. make bench, in the folder
// above, measures everything: results.txt is what go test printed, RESULTS.md and speed.svg are made of it.
package bench
