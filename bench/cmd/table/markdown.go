package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/promfmt/promfmt/bench/page"
	"github.com/promfmt/promfmt/bench/results"
)

// sections say what a kind of benchmark measures. One that does not stand here has a table without words.
var sections = []struct{ kind, title, text string }{
	{"Read", "Reading text", "One core. `promfmt` gives families to keep, with a decoder for each page, and `promfmt-reuse` families of which " +
		"the memory is taken again, with one decoder. Both read the page with its values and with others in turn, as something does that scrapes a server; so it is compared with the one " +
		"before. `promfmt-anew` reads each page as if it were the first one. " +
		"A `string` is read without copying names and help texts, a `stream` from an `io.Reader`, `promfmt-grammar` is the grammar that the fast reader is held against. " +
		"`expfmt` gives families as well, `textparse` raw series and `textparse-labels` series with their labels."},
	{"ReadOpenMetrics", "Reading OpenMetrics", "One core. The same families as in the pages, as OpenMetrics 1.0, each page as if it were the first one. MB/s are of the page in text, so " +
		"that the two formats compare: `promfmt-reuse-text` reads the page itself."},
	{"ReadProtobuf", "Reading protobuf", "One core. MB/s are of the length-delimited messages."},
	{"Write", "Writing", "One core. MB/s are of the page in text, whatever the format written, so that formats compare."},
	{"Parallel", "Workers", "All cores are there in each row, so that with one worker the garbage collector has another core " +
		"to itself. Each page is read as if it were the first one."},
	{"Linear", "Size", "Files of growing size, read with `Reuse()`, each as if it were the first one. Where there are several workers, they begin after the first " +
		"megabyte."},
	{"Hostile", "Hostile pages", "One core. Pages of 1 MB, or less if that takes too long, that are made to be slow to read. What " +
		"a byte costs is to be at most four times what it costs in a plain page, which is `ksm`, read in the same way: into families to keep, with " +
		"`Reuse()`, and with `OnDiagnostic`. The lines of plain pages have 190 bytes, those of most others between 8 and 30, and mostly it is the line " +
		"that costs: so what a line costs is told as well."},
}

// column is a column of a table. It is left out if none of its cells has anything to say.
type column struct {
	title string
	align string
	// cell is the text of the column for a benchmark, empty if there is none.
	cell func(*results.Results, results.Key) string
}

// Words stand on the left and numbers on the right.
const (
	left  = "---"
	right = "---:"
)

var columns = []column{
	{"page", left, func(_ *results.Results, k results.Key) string { return k.Page }},
	{"size", right, func(_ *results.Results, k results.Key) string { return k.Size }},
	{"format", left, func(_ *results.Results, k results.Key) string { return k.Format }},
	{"by", left, func(_ *results.Results, k results.Key) string { return k.By }},
	{"workers", right, func(_ *results.Results, k results.Key) string { return k.Workers }},
	{"MB/s", right, func(r *results.Results, k results.Key) string {
		return number(scaled(1e-6)(r.Median(k, results.Speed)))
	}},
	{"spread", right, func(r *results.Results, k results.Key) string { return r.Spread(k, results.Speed) }},
	{"ns/B", right, func(r *results.Results, k results.Key) string {
		return number(scaled(1e9)(r.Median(k, results.TimePerByte)))
	}},
	{"ns/line", right, func(r *results.Results, k results.Key) string {
		return number(scaled(1e9)(r.Median(k, results.TimePerLine)))
	}},
	{"B allocated per B of input", right, func(r *results.Results, k results.Key) string {
		return number(r.PerInputByte(k, results.AllocatedBytes))
	}},
	{"allocs/op", right, func(r *results.Results, k results.Key) string {
		n, ok := r.Median(k, results.Allocations)
		if !ok {
			return ""
		}
		return fmt.Sprintf("%.0f", n)
	}},
	{"× expfmt", right, ratio(results.Speed, func(k *results.Key) { k.By = "expfmt" })},
	{"× textparse-labels", right, ratio(results.Speed, func(k *results.Key) { k.By = "textparse-labels" })},
	{"× one worker", right, ratio(results.Speed, func(k *results.Key) { k.Workers = "1" })},
	{"ns/B × 1MB", right, ratio(results.TimePerByte, func(k *results.Key) { k.Size = "1MB" })},
	{"ns/B × plain", right, ratio(results.TimePerByte, func(k *results.Key) { k.Page = "plain" })},
	{"ns/line × plain", right, ratio(results.TimePerLine, func(k *results.Key) { k.Page = "plain" })},
	{"of what", left, func(_ *results.Results, k results.Key) string {
		h, _ := page.HostileByName(k.Page)
		return h.Sentence
	}},
}

// ratio is a figure of a benchmark divided by that of another one, which alter makes of its name.
func ratio(unit string, alter func(*results.Key)) func(*results.Results, results.Key) string {
	return func(r *results.Results, k results.Key) string {
		other := k
		alter(&other)
		return number(r.Ratio(k, other, unit))
	}
}

// scaled multiplies a figure.
func scaled(factor float64) func(f float64, ok bool) (float64, bool) {
	return func(f float64, ok bool) (float64, bool) { return factor * f, ok }
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
func markdown(r *results.Results) string {
	var b strings.Builder
	b.WriteString("# Benchmark results\n\nThe figures are medians over all runs. Only the ratios carry over to other machines. The spread is the range in which\n" +
		"the median lies with a probability of 95%; it takes at least six runs to tell.\n\n")
	for _, s := range r.Config {
		fmt.Fprintf(&b, "- %s: %s\n", s.Key, s.Value)
	}
	fmt.Fprintf(&b, "- runs: %d\n", r.Runs())
	var kinds []string
	for _, k := range r.Keys {
		if !slices.Contains(kinds, k.Kind) {
			kinds = append(kinds, k.Kind)
		}
	}
	for _, s := range sections {
		if i := slices.Index(kinds, s.kind); i >= 0 {
			kinds = slices.Delete(kinds, i, i+1)
			fmt.Fprintf(&b, "\n## %s\n\n%s\n\n", s.title, s.text)
			table(&b, r, s.kind)
		}
	}
	for _, kind := range kinds {
		fmt.Fprintf(&b, "\n## %s\n\n", kind)
		table(&b, r, kind)
	}
	return b.String()
}

func table(b *strings.Builder, r *results.Results, kind string) {
	keys := slices.DeleteFunc(slices.Clone(r.Keys), func(k results.Key) bool { return k.Kind != kind })
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
