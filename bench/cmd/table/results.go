package main

import (
	"io"
	"math"
	"slices"
	"strings"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchmath"
)

// results are the measurements of any number of runs.
type results struct {
	// config is what the runs say of themselves, such as the processor, in the order in which it was said first.
	config []setting
	// keys are the benchmarks in the order in which they ran first.
	keys   []key
	values map[measure][]float64
}

type setting struct{ key, value string }

// key is a benchmark: Benchmark<kind>/page=<page>/format=<format>/by=<by>, of which format may be missing.
type key struct{ kind, page, format, by string }

// measure is one of the figures of a benchmark. Its unit is in the base form of package benchfmt: sec/op, B/s, B/op.
type measure struct {
	key
	unit string
}

// read adds what go test -bench has printed. Lines that are no results are passed over.
func (r *results) read(in io.Reader, name string) error {
	if r.values == nil {
		r.values = make(map[measure][]float64)
	}
	reader := benchfmt.NewReader(in, name)
	for reader.Scan() {
		switch record := reader.Result().(type) {
		case *benchfmt.SyntaxError:
			return record
		case *benchfmt.Result:
			r.add(record)
		}
	}
	return reader.Err()
}

func (r *results) add(result *benchfmt.Result) {
	for _, c := range result.Config {
		s := setting{c.Key, string(c.Value)}
		if c.File && !slices.Contains(r.config, s) {
			r.config = append(r.config, s)
		}
	}
	k := newKey(result.Name)
	if !slices.Contains(r.keys, k) {
		r.keys = append(r.keys, k)
	}
	for _, v := range result.Values {
		m := measure{k, v.Unit}
		r.values[m] = append(r.values[m], v.Value)
	}
}

func newKey(name benchfmt.Name) key {
	kind, parts := name.Parts()
	k := key{kind: string(kind)}
	for _, part := range parts {
		what, value, _ := strings.Cut(strings.TrimPrefix(string(part), "/"), "=")
		switch what {
		case "page":
			k.page = value
		case "format":
			k.format = value
		case "by":
			k.by = value
		}
	}
	return k
}

// summary is the median of the runs and how sure it is; ok is false if there is none.
func (r *results) summary(k key, unit string) (summary benchmath.Summary, ok bool) {
	values := r.values[measure{k, unit}]
	if len(values) == 0 {
		return benchmath.Summary{}, false
	}
	sample := benchmath.NewSample(slices.Clone(values), &benchmath.DefaultThresholds)
	return benchmath.AssumeNothing.Summary(sample, 0.95), true
}

func (r *results) median(k key, unit string) (center float64, ok bool) {
	summary, ok := r.summary(k, unit)
	return summary.Center, ok
}

// spread is the range in which the median lies with a probability of 95%, empty if there are too few runs to tell.
func (r *results) spread(k key, unit string) string {
	summary, ok := r.summary(k, unit)
	if !ok || math.IsInf(summary.Lo, -1) || math.IsInf(summary.Hi, +1) {
		return ""
	}
	return "±" + summary.PctRangeString()
}

// perInputByte is a figure of one operation divided by the bytes that the operation took in.
func (r *results) perInputByte(k key, unit string) (ratio float64, ok bool) {
	perOp, ok1 := r.median(k, unit)
	seconds, ok2 := r.median(k, "sec/op")
	speed, ok3 := r.median(k, "B/s")
	return perOp / (seconds * speed), ok1 && ok2 && ok3
}

// speedup is how many times as fast k is as the same work done by a peer.
func (r *results) speedup(k key, peer string) (ratio float64, ok bool) {
	other := k
	other.by = peer
	mine, ok1 := r.median(k, "B/s")
	theirs, ok2 := r.median(other, "B/s")
	return mine / theirs, ok1 && ok2
}
