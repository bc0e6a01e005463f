package conformance

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/promfmt/promfmt/convert"
	"github.com/promfmt/promfmt/corpus"
	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/model"
)

// Comparison says what of the families that a parser prints is compared.
type Comparison string

// The comparisons.
const (
	// None of what is printed is looked at.
	None Comparison = "none"
	// Samples compares the samples, whatever family they are in.
	Samples Comparison = "samples"
	// Families compares the families: names, types, help texts, units and samples.
	Families Comparison = "families"
)

// difference says in what the families that a program has printed are not those that are expected; it is empty if they are.
func (c Comparison) difference(want []corpus.Family, output []byte) string {
	if c == None {
		return ""
	}
	got, err := parseFamilies(output)
	if err != nil {
		return fmt.Sprintf("what it prints are no families: %v", err)
	}
	if c == Samples {
		return short(compareSamples("", linesOf(want), linesOf(got)))
	}
	return short(compareFamilies(want, got))
}

// parseFamilies reads what a program has printed: an array of families as the corpus has them, or families in the schema of
// prom2json and of our writer of JSON.
func parseFamilies(output []byte) ([]corpus.Family, error) {
	var families []corpus.Family
	var objects []struct{ Samples json.RawMessage }
	hasSamples := func(o struct{ Samples json.RawMessage }) bool { return o.Samples != nil }
	if json.Unmarshal(output, &objects) == nil && slices.ContainsFunc(objects, hasSamples) {
		decoder := json.NewDecoder(bytes.NewReader(output))
		decoder.DisallowUnknownFields()
		err := decoder.Decode(&families)
		return families, err
	}
	reader, err := convert.NewReader(bytes.NewReader(output), format.JSON)
	if err != nil {
		return nil, err
	}
	for f, err := range reader.Families() {
		if err != nil {
			return nil, err
		}
		families = append(families, Flat(f))
	}
	return families, nil
}

// compareFamilies lists the differences of families, whose order does not matter. Parts of a family are one.
func compareFamilies(want, got []corpus.Family) []string {
	var list []string
	wanted, found := byName(want), byName(got)
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		w := wanted[name]
		g, ok := found[name]
		if !ok {
			list = append(list, fmt.Sprintf("family %s is missing", name))
			continue
		}
		for _, field := range []struct{ what, want, got string }{
			{"type", w.Type, g.Type}, {"help", w.Help, g.Help}, {"unit", w.Unit, g.Unit},
		} {
			if field.want != field.got {
				g, w := apart(field.got, field.want)
				list = append(list, fmt.Sprintf("the %s of %s is %q instead of %q", field.what, name, g, w))
			}
		}
		list = append(list, compareSamples(" in "+name, linesOf([]corpus.Family{w}), linesOf([]corpus.Family{g}))...)
	}
	for _, name := range slices.Sorted(maps.Keys(found)) {
		if _, ok := wanted[name]; !ok {
			list = append(list, fmt.Sprintf("family %s is there besides", name))
		}
	}
	return list
}

// byName are the families by their names, the parts of each put together.
func byName(families []corpus.Family) map[string]corpus.Family {
	named := make(map[string]corpus.Family)
	for _, part := range families {
		f := named[part.Name]
		f.Name = part.Name
		f.Help, f.Unit = cmp.Or(f.Help, part.Help), cmp.Or(f.Unit, part.Unit)
		if f.Type == "" || f.Type == model.Unknown.String() { // which parsers give to a family without a type as well
			f.Type = cmp.Or(part.Type, model.Unknown.String())
		}
		if f.Type == "untyped" {
			f.Type = model.Unknown.String()
		}
		f.Samples = append(f.Samples, part.Samples...)
		named[part.Name] = f
	}
	return named
}

// compareSamples lists the differences of samples, each as often as it occurs.
func compareSamples(where string, want, got []string) []string {
	left := make(map[string]int)
	for _, line := range got {
		left[line]++
	}
	var missing, besides []string
	for _, line := range want {
		if left[line]--; left[line] < 0 {
			missing = append(missing, fmt.Sprintf("sample %s is missing%s", line, where))
		}
	}
	for _, line := range slices.Sorted(maps.Keys(left)) {
		for range left[line] {
			besides = append(besides, fmt.Sprintf("sample %s is there besides%s", line, where))
		}
	}
	return slices.Concat(missing, besides)
}

// linesOf are all samples of families as comparable lines.
func linesOf(families []corpus.Family) []string {
	var lines []string
	for _, f := range families {
		for _, s := range f.Samples {
			lines = append(lines, line(s))
		}
	}
	return lines
}

// line is a sample in one form of many: numbers as Go writes them, labels in order and without those that have no value,
// which are no labels to Prometheus.
func line(s corpus.Sample) string {
	var b strings.Builder
	b.WriteString(s.Name)
	writeLabels(&b, s.Labels)
	b.WriteString(" ")
	if n := s.Native; n != nil {
		fmt.Fprintf(&b, "schema %d, zero %s up to %s, negative %v, positive %v, bounds %v",
			n.Schema, number(n.ZeroCount), number(n.ZeroThreshold), numbers(n.Negative), numbers(n.Positive), n.CustomBounds)
	} else {
		b.WriteString(number(s.Value))
	}
	writeTime(&b, " @", s.Timestamp)
	writeTime(&b, " since ", s.Start)
	exemplars := make([]string, len(s.Exemplars))
	for i, e := range s.Exemplars {
		var b strings.Builder
		b.WriteString(" # ")
		writeLabels(&b, e.Labels)
		b.WriteString(" " + number(e.Value))
		writeTime(&b, " @", e.Timestamp)
		exemplars[i] = b.String()
	}
	slices.Sort(exemplars)
	b.WriteString(strings.Join(exemplars, ""))
	return b.String()
}

func writeLabels(b *strings.Builder, labels map[string]string) {
	separator := "{"
	for _, name := range slices.Sorted(maps.Keys(labels)) {
		value := labels[name]
		if name == "le" || name == "quantile" { // numbers, which many parsers keep as such
			value = number(value)
		}
		if value != "" {
			b.WriteString(separator + name + "=" + strconv.Quote(value))
			separator = ","
		}
	}
	if separator == "," {
		b.WriteString("}")
	}
}

func writeTime(b *strings.Builder, before, seconds string) {
	if seconds != "" {
		b.WriteString(before + number(seconds))
	}
}

// number is a text in the one form for its number, or as it is if it is none.
func number(text string) string {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return text
	}
	return model.FormatFloat(f)
}

func numbers(counts map[int]string) map[int]string {
	changed := make(map[int]string, len(counts))
	for index, text := range counts {
		changed[index] = number(text)
	}
	return changed
}

// apart cuts two texts to what is around the place from which on they differ.
func apart(a, b string) (string, string) {
	const before, length = 12, 60
	same := 0
	for same < min(len(a), len(b)) && a[same] == b[same] {
		same++
	}
	cut := func(s string) string {
		if same > 2*before {
			s = "…" + strings.ToValidUTF8(s[same-before:], "")
		}
		return shortened(s, length)
	}
	return cut(a), cut(b)
}

// shortened is a text without what makes it longer than so many characters.
func shortened(s string, characters int) string {
	if runes := []rune(s); len(runes) > characters {
		return string(runes[:characters]) + "…"
	}
	return s
}

// mentioned is how many differences of a file a reason names, and longest how many characters of each.
const (
	mentioned = 3
	longest   = 300
)

// short is a list of differences as a reason.
func short(list []string) string {
	if more := len(list) - mentioned; more > 0 {
		list = append(list[:mentioned:mentioned], fmt.Sprintf("and %d more", more))
	}
	for i, text := range list {
		list[i] = shortened(text, longest)
	}
	return strings.Join(list, "; ")
}
