package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// column is a column of a table. It is left out if none of its cells has anything to say.
type column struct {
	title string
	align string
	// cell is the text of the column for a benchmark, empty if there is none.
	cell func(*results, key) string
}

// Words stand on the left and numbers on the right.
const (
	left  = "---"
	right = "---:"
)

var columns = []column{
	{"page", left, func(_ *results, k key) string { return k.page }},
	{"format", left, func(_ *results, k key) string { return k.format }},
	{"by", left, func(_ *results, k key) string { return k.by }},
	{"MB/s", right, func(r *results, k key) string {
		speed, ok := r.median(k, "B/s")
		return number(speed/1e6, ok)
	}},
	{"spread", right, func(r *results, k key) string { return r.spread(k, "B/s") }},
	{"B allocated per B of input", right, func(r *results, k key) string {
		ratio, ok := r.perInputByte(k, "B/op")
		return number(ratio, ok)
	}},
	{"allocs/op", right, func(r *results, k key) string {
		n, ok := r.median(k, "allocs/op")
		if !ok {
			return ""
		}
		return fmt.Sprintf("%.0f", n)
	}},
	{"× expfmt", right, versus("expfmt")},
	{"× textparse-labels", right, versus("textparse-labels")},
}

func versus(peer string) func(*results, key) string {
	return func(r *results, k key) string {
		ratio, ok := r.speedup(k, peer)
		return number(ratio, ok)
	}
}

// number has three significant digits, all of those before the point.
func number(f float64, ok bool) string {
	switch {
	case !ok:
		return ""
	case f >= 100:
		return fmt.Sprintf("%.0f", f)
	case f >= 10:
		return fmt.Sprintf("%.1f", f)
	}
	return fmt.Sprintf("%.2f", f)
}

// markdown is what the runs say of themselves, and then a table for each kind of benchmark.
func (r *results) markdown() string {
	var b strings.Builder
	b.WriteString("# Benchmark results\n\n")
	for _, s := range r.config {
		fmt.Fprintf(&b, "- %s: %s\n", s.key, s.value)
	}
	fmt.Fprintf(&b, "- runs: %d\n", r.runs())
	var kinds []string
	for _, k := range r.keys {
		if !slices.Contains(kinds, k.kind) {
			kinds = append(kinds, k.kind)
		}
	}
	for _, kind := range kinds {
		fmt.Fprintf(&b, "\n## %s\n\n", kind)
		r.table(&b, kind)
	}
	return b.String()
}

func (r *results) table(b *strings.Builder, kind string) {
	keys := slices.DeleteFunc(slices.Clone(r.keys), func(k key) bool { return k.kind != kind })
	var titles, rules []string
	rows := make([][]string, len(keys))
	for _, c := range columns {
		empty := true
		cells := make([]string, len(keys))
		for i, k := range keys {
			cells[i] = c.cell(r, k)
			empty = empty && cells[i] == ""
		}
		if empty {
			continue
		}
		titles = append(titles, c.title)
		rules = append(rules, c.align)
		for i := range rows {
			rows[i] = append(rows[i], cmp.Or(cells[i], "–"))
		}
	}
	for _, cells := range append([][]string{titles, rules}, rows...) {
		fmt.Fprintf(b, "| %s |\n", strings.Join(cells, " | "))
	}
}

// runs is how often the benchmarks were run, the least often run counting.
func (r *results) runs() int {
	if len(r.keys) == 0 {
		return 0
	}
	least := len(r.values[measure{r.keys[0], "sec/op"}])
	for _, k := range r.keys {
		least = min(least, len(r.values[measure{k, "sec/op"}]))
	}
	return least
}
