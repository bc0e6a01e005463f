package fuzz

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/convert"
	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/model"
	"github.com/promfmt/promfmt/writer"
)

// FuzzTextRoundTrip holds that writing text never changes the series that Prometheus would ingest, unless it reports that
// names are altered; and that where it reports no loss at all the families come back as they were, without an error, and
// the text settles, but for what is known not to.
func FuzzTextRoundTrip(f *testing.F) {
	var examples []string
	for _, change := range changes {
		examples = append(examples, change.example)
	}
	fuzzTexts(f, textComesBack, examples...)
}

func textComesBack(t *testing.T, text []byte) {
	r := readText(t, text)
	for _, to := range []format.Format{format.Text, format.Text1} {
		written, losses := write(t, to, r.Families)
		if slices.ContainsFunc(losses, func(l writer.Loss) bool { return l.Rule == diag.LossName }) {
			require.Equal(t, format.Text, to, "text 1.0.0 has all names")
			continue
		}
		requireSame(t, series(r.Families), series(readText(t, written).Families), "series, before and after %s", to)
		if len(losses) > 0 || slices.ContainsFunc(changes, func(c change) bool { return c.is(r) }) {
			continue
		}
		require.Empty(t, changeOf(t, text, to), "%s", to)
	}
}

// change is a kind of text whose families do not come back as they were although no loss is reported. The series do.
type change struct {
	reason string
	// example is a text of this kind and no other.
	example string
	is      func(reading) bool
}

var changes = []change{
	{
		"a family has the name of a sample of another, and the line that tells to which of them a sample belongs is one that " +
			"is not written a second time",
		"# TYPE a_sum gauge\na_sum 1\n# TYPE a histogram\n# TYPE a_sum gauge\na_sum 2\n",
		func(r reading) bool {
			names := make(map[string]bool)
			for _, f := range r.Families {
				names[f.Name] = true
			}
			return slices.ContainsFunc(r.Families, func(f *model.MetricFamily) bool {
				return f.Type.IsComplex() && slices.ContainsFunc(samplesOfComplex, func(suffix string) bool { return names[f.Name+suffix] })
			})
		},
	},
	{
		"text has the suffix of a counter in the name of the family, and so makes one of two families or two of one",
		"# TYPE a counter\na_total 1\na 1\n",
		func(r reading) bool {
			families, loose := make(map[string]bool), make(map[string]bool)
			for _, f := range r.Families {
				families[f.Name] = true
				for _, s := range f.Loose {
					loose[s.Name] = true
				}
			}
			return slices.ContainsFunc(r.Families, func(f *model.MetricFamily) bool {
				late := f.Continued && (f.HasHelp && !f.HelpRepeated || f.HasType && !f.TypeRepeated)
				return f.Suffix != "" && (families[f.SampleName()] || loose[f.Name] || late)
			})
		},
	},
}

var samplesOfComplex = []string{"_bucket", "_sum", "_count", "_gsum", "_gcount"}

// TestKnownChanges holds that each known change still occurs, in its example and alone.
func TestKnownChanges(t *testing.T) {
	for _, c := range changes {
		r := readText(t, []byte(c.example))
		for _, other := range changes {
			require.Equal(t, other.reason == c.reason, other.is(r), "%q: %s", c.example, other.reason)
		}
		require.NotEmpty(t, changeOf(t, []byte(c.example), format.Text1), c.reason)
	}
}

// changeOf says what changes when the families of a text are written and read again.
func changeOf(t *testing.T, text []byte, to format.Format) string {
	t.Helper()
	written, _ := write(t, to, readText(t, text).Families)
	back := readText(t, written)
	if errs := back.errors(); len(errs) > 0 {
		return fmt.Sprintf("what was written has errors: %v", errs)
	}
	// The second time may put metadata in order that come late: what stood between the parts of a family is gone.
	twice, _ := write(t, to, back.Families)
	thrice, _ := write(t, to, readText(t, twice).Families)
	if diff := cmp.Diff(string(twice), string(thrice)); diff != "" {
		return "the text does not settle (-twice +thrice):\n" + diff
	}
	diff := cmp.Diff(wholes(t, readText(t, text).Families), wholes(t, back.Families),
		cmpopts.EquateNaNs(), cmpopts.IgnoreFields(model.MetricFamily{}, "Line"))
	if diff != "" {
		return "families (-before +after):\n" + diff
	}
	return ""
}

// wholes puts the parts of families together, which alters them, and their suffixes to their names, where text has them.
func wholes(t *testing.T, parts []*model.MetricFamily) []*model.MetricFamily {
	t.Helper()
	families, err := convert.Collect(func(yield func(*model.MetricFamily, error) bool) {
		for _, f := range parts {
			if !yield(f, nil) {
				return
			}
		}
	})
	require.NoError(t, err)
	for _, f := range families {
		f.Name, f.Suffix = f.SampleName(), ""
	}
	return families
}

// series are the samples of families as text, sorted.
func series(families []*model.MetricFamily) []string {
	var list []string
	for _, f := range families {
		for s := range f.Samples() {
			line := s.Name + s.Labels.Sorted().String() + " " + model.FormatFloat(s.Value)
			if s.Timestamp.Set {
				line += " " + s.Timestamp.Time().String()
			}
			list = append(list, line)
		}
	}
	slices.Sort(list)
	return list
}
