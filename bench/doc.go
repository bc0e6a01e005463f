// Package bench holds promfmt beside its peers: the same pages read and written by all of them in one run, and a check
// that they all see the same samples. It is a module of its own, so that the peers stay out of the module graph of those
// who use promfmt.
//
// There are tests and benchmarks only. Measure with
//
//	go run ./cmd/table
//
// which runs the benchmarks and prints their results as a table with the ratios to the peers.
package bench
