// Package results holds what benchmarks have measured, as go test prints it: medians of any number of runs, how sure they
// are, and what they are beside each other.
package results

import (
	"io"
	"math"
	"os"
	"slices"
	"strings"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchmath"
)

// Results are the measurements of any number of runs. The zero value has none.
type Results struct {
	// Config is what the runs say of themselves, such as the processor, in the order in which it was said first.
	Config []Setting
	// Keys are the benchmarks in the order in which they ran first.
	Keys   []Key
	values map[measure][]float64
}

// Setting is one thing that a run says of itself.
type Setting struct{ Key, Value string }

// Key is a benchmark: Benchmark<Kind>/page=<Page>/size=<Size>/format=<Format>/by=<By>/workers=<Workers>, of which any
// but the kind may be missing.
type Key struct{ Kind, Page, Size, Format, By, Workers string }

// measure is one of the figures of a benchmark.
type measure struct {
	Key
	unit string
}

// The units of figures, in the base form of package benchfmt.
const (
	Time           = "sec/op"
	Speed          = "B/s"
	TimePerByte    = "sec/byte"
	TimePerLine    = "sec/line"
	AllocatedBytes = "B/op"
	Allocations    = "allocs/op"
)

// Read adds what go test -bench has printed, which was found under that name. Lines that are no results are passed over.
func (r *Results) Read(in io.Reader, name string) error {
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

// ReadFile adds what a file has, as Read does.
func (r *Results) ReadFile(name string) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // it was only read
	return r.Read(file, name)
}

func (r *Results) add(result *benchfmt.Result) {
	for _, c := range result.Config {
		s := Setting{c.Key, string(c.Value)}
		if c.File && !slices.Contains(r.Config, s) {
			r.Config = append(r.Config, s)
		}
	}
	k := newKey(result.Name)
	if !slices.Contains(r.Keys, k) {
		r.Keys = append(r.Keys, k)
	}
	for _, v := range result.Values {
		m := measure{k, v.Unit}
		r.values[m] = append(r.values[m], v.Value)
	}
}

func newKey(name benchfmt.Name) Key {
	kind, parts := name.Parts()
	k := Key{Kind: string(kind)}
	fields := map[string]*string{
		"page": &k.Page, "size": &k.Size, "format": &k.Format, "by": &k.By, "workers": &k.Workers,
	}
	for _, part := range parts {
		what, value, _ := strings.Cut(strings.TrimPrefix(string(part), "/"), "=")
		if field := fields[what]; field != nil {
			*field = value
		}
	}
	return k
}

// summary is the median of the runs and how sure it is, both as benchstat has them; ok is false if there is none.
func (r *Results) summary(k Key, unit string) (summary benchmath.Summary, ok bool) {
	values := r.values[measure{k, unit}]
	if len(values) == 0 {
		return benchmath.Summary{}, false
	}
	sample := benchmath.NewSample(slices.Clone(values), &benchmath.DefaultThresholds)
	return benchmath.AssumeNothing.Summary(sample, 0.95), true
}

// Median is the median of a figure over all runs. It is not ok if the benchmark has no such figure.
func (r *Results) Median(k Key, unit string) (center float64, ok bool) {
	summary, ok := r.summary(k, unit)
	return summary.Center, ok
}

// Spread is the range in which the median lies with a probability of 95%, as text. It is empty if there are too few runs
// to tell.
func (r *Results) Spread(k Key, unit string) string {
	summary, ok := r.summary(k, unit)
	if !ok || math.IsInf(summary.Lo, -1) || math.IsInf(summary.Hi, +1) {
		return ""
	}
	return "±" + summary.PctRangeString()
}

// PerInputByte is a figure of one operation divided by the bytes that the operation took in.
func (r *Results) PerInputByte(k Key, unit string) (ratio float64, ok bool) {
	perOp, ok1 := r.Median(k, unit)
	seconds, ok2 := r.Median(k, Time)
	speed, ok3 := r.Median(k, Speed)
	return perOp / (seconds * speed), ok1 && ok2 && ok3
}

// Ratio is the median of a figure of k divided by that of another benchmark.
func (r *Results) Ratio(k, other Key, unit string) (ratio float64, ok bool) {
	mine, ok1 := r.Median(k, unit)
	theirs, ok2 := r.Median(other, unit)
	return mine / theirs, ok1 && ok2
}

// Runs is how often the benchmarks were run, the least often run counting.
func (r *Results) Runs() int {
	if len(r.Keys) == 0 {
		return 0
	}
	least := math.MaxInt
	for _, k := range r.Keys {
		least = min(least, len(r.values[measure{k, Time}]))
	}
	return least
}
