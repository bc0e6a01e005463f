package writer_test

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/convert"
	"github.com/promfmt/promfmt/corpus"
	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/fuzz"
	"github.com/promfmt/promfmt/model"
	"github.com/promfmt/promfmt/writer"
)

// bothWays are the formats that can be both written and read.
func bothWays() []format.Format {
	return slices.DeleteFunc(writer.Formats(), func(f format.Format) bool { return !convert.CanRead(f) })
}

// exposition is something that is to be converted.
type exposition struct {
	name     string
	families func() []*model.MetricFamily
	// text is nil of one that is made by hand.
	text   []byte
	format format.Format
}

// largeExposition is from what length on an exposition is converted into each format, but not from each into each.
const largeExposition = 4 << 10

// expositions are the files of the corpus, in the parts as which their families come, and families made by hand.
func expositions() iter.Seq[exposition] {
	return func(yield func(exposition) bool) {
		for _, dir := range []string{
			corpus.Pages, corpus.Valid, corpus.Invalid, corpus.Regress, corpus.OpenMetricsValid, corpus.OpenMetrics2Valid,
		} {
			for file := range corpus.Files(dir) {
				read, err := format.Parse(file.Format)
				if err != nil || !convert.CanRead(read) || len(file.Data) > longestText {
					continue
				}
				families := func() []*model.MetricFamily { return good(file.Data, read) }
				if !yield(exposition{file.Name, families, file.Data, read}) {
					return
				}
			}
		}
		byHand := map[string]func() []*model.MetricFamily{
			"every kind": allKinds,
			"state sets whose names labels cannot have, beside labels of their names": func() []*model.MetricFamily {
				states := model.Extra{States: []model.State{{Name: "on", Enabled: true}, {Name: "off"}}}
				return []*model.MetricFamily{
					family(model.StateSet, "a:b", with(valued(0), states), with(valued(0, "c", "d"), states)),
					family(model.StateSet, "e.f", with(valued(0, "e.f", "g"), states), with(valued(0, "e_f", "h", "i", ""), states)),
				}
			},
			"names that underscores make one": func() []*model.MetricFamily {
				return []*model.MetricFamily{
					family(model.Gauge, "a.b", valued(1, "c.d", "1", "c_d", "2"), valued(2)), family(model.Gauge, "a_b", valued(3, "c:d", "4")),
				}
			},
			"names that underscores make one, and nothing is said of the first": func() []*model.MetricFamily {
				return []*model.MetricFamily{
					{Name: "a.b", Metrics: []model.Metric{valued(1)}},
					{Name: "a_b", Type: model.Gauge, HasType: true, HasHelp: true, Help: "h", Metrics: []model.Metric{valued(2, "c", "d")}},
				}
			},
			"labels that underscores make one": func() []*model.MetricFamily {
				one, other := summary(1, 2, 0.5, 3), summary(4, 5, 0.5, 6)
				one.Labels, other.Labels = model.NewLabels("a.b", "1"), model.NewLabels("a-b", "1")
				return []*model.MetricFamily{family(model.Summary, "x", one, other)}
			},
			"bounds and quantiles that fall, whose texts rise": func() []*model.MetricFamily {
				return []*model.MetricFamily{
					family(model.Histogram, "x", histogram(3, 4, inf, 3, 10, 2, 2.5, 1)), family(model.Summary, "y", summary(1, 2, 1, 3, 0.5, 4)),
					family(model.Summary, "z", summary(1, 2, 1e3, 3, 2, 4)),
				}
			},
			"labels that buckets have, in a histogram that text makes three families of": func() []*model.MetricFamily {
				odd := histogram(3, 4, inf, 3)
				odd.Labels = model.NewLabels("le", "1", "a", "b")
				return []*model.MetricFamily{family(model.GaugeHistogram, "x", odd)}
			},
			"exemplars whose labels are no set": func() []*model.MetricFamily {
				return []*model.MetricFamily{oddExemplars(model.Counter), oddExemplars(model.Histogram), oddExemplars(model.Gauge)}
			},
			"native buckets of nothing, and a count that is not that of the bucket +Inf": func() []*model.MetricFamily {
				m := histogram(-1.5, 2, inf, 3)
				m.Histogram().Native = &model.NativeHistogram{Schema: 1, ZeroCount: 3, PositiveSpans: []model.Span{{}}}
				return []*model.MetricFamily{family(model.GaugeHistogram, "x", m)}
			},
		}
		byHand["names of several types that underscores make one"] = func() []*model.MetricFamily {
			return []*model.MetricFamily{
				family(model.Gauge, "a.b", valued(1)), family(model.Counter, "a_b", valued(2, "c", "d")), family(model.Unknown, "x"),
				family(model.Info, "a-b", valued(1, "c", "e")),
				family(model.StateSet, "a/b", with(valued(0, "c", "e"), model.Extra{States: []model.State{{Name: "on"}}})),
			}
		}
		for name := range plain() {
			byHand[name] = func() []*model.MetricFamily { return []*model.MetricFamily{plain()[name]} }
		}
		for _, tests := range []func() []openMetricsTest{bothVersions, onlyVersion1, onlyVersion2} {
			for i, test := range tests() {
				byHand[test.name] = func() []*model.MetricFamily { return tests()[i].families }
			}
		}
		for _, name := range slices.Sorted(maps.Keys(byHand)) {
			if !yield(exposition{name: "made by hand: " + name, families: byHand[name]}) {
				return
			}
		}
	}
}

// good is what is kept of an exposition, in parts where a family comes back.
func good(exposition []byte, f format.Format) (families []*model.MetricFamily) {
	r, _ := convert.NewReader(bytes.NewReader(exposition), f)
	for family, err := range r.Families() {
		if err == nil {
			families = append(families, family)
		}
	}
	return families
}

// TestEveryPairConverts holds that what comes back from a format is what went in, minus exactly the losses that were
// reported, and but for what is the nature of the format; and that the same goes for what is then written in any other.
func TestEveryPairConverts(t *testing.T) {
	t.Parallel()
	for e := range expositions() {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			var between [][]*model.MetricFamily
			for _, first := range bothWays() {
				families := requireConverts(t, first, e.families())
				same := func(others []*model.MetricFamily) bool { return reflect.DeepEqual(families, others) }
				if len(e.text) > largeExposition || slices.ContainsFunc(between, same) {
					continue
				}
				between = append(between, families)
				for _, second := range bothWays() {
					requireConverts(t, second, families)
				}
			}
		})
	}
}

// requireConverts writes families in a format, and gives back what is read of that.
func requireConverts(t *testing.T, f format.Format, families []*model.MetricFamily) (back []*model.MetricFamily) {
	t.Helper()
	c := converted(t, f, families)
	if c.problem == "" {
		return c.back
	}
	odd := slices.IndexFunc(oddities, func(o oddity) bool { return o.applies(f, families) })
	if odd < 0 {
		t.Fatalf("%s: %s\n%s", f, c.problem, c.written)
	}
	if oddities[odd].sameSeries {
		require.Equal(t, series(c.want), series(c.back), "%s, although %s\n%s", f, oddities[odd].what, c.written)
	}
	return c.back
}

// conversion is families written in a format, what is expected to come back of them, and what does.
type conversion struct {
	written    []byte
	want, back []*model.MetricFamily
	// problem says what is wrong, if anything.
	problem string
}

func converted(t *testing.T, f format.Format, families []*model.MetricFamily) (c conversion) {
	t.Helper()
	written, losses := encodeEach(t, f, families)
	c.written = written
	c.want, c.problem = expected(f, families, losses)
	var err error
	if c.back, err = readBack(f, written); err != nil {
		c.problem += err.Error()
	}
	if c.problem != "" {
		return c
	}
	want, got := c.want, c.back
	if f != format.JSON { // which says itself what comes back
		want, got = whole(want), whole(got)
	}
	if reflect.DeepEqual(want, got) { // as mostly, and found out fast
		return c
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateNaNs(), cmpopts.EquateEmpty()); diff != "" {
		c.problem = fmt.Sprintf("without the losses %v (-before +after):\n%s", losses, diff)
	}
	return c
}

// encodeEach encodes families and gives the losses of each.
func encodeEach(t *testing.T, f format.Format, families []*model.MetricFamily) (out []byte, losses [][]writer.Loss) {
	t.Helper()
	severities := diag.DefaultSeverities()
	severities[diag.LossBoundText] = diag.Warning
	losses = make([][]writer.Loss, len(families))
	var b bytes.Buffer
	var lossy func(writer.Loss)
	e, err := writer.New(&b, f, writer.WithSeverities(severities), writer.OnLoss(func(l writer.Loss) { lossy(l) }))
	require.NoError(t, err)
	for i, family := range families {
		lossy = func(l writer.Loss) { losses[i] = append(losses[i], l) }
		require.NoError(t, e.Encode(family))
	}
	require.NoError(t, e.Close())
	return b.Bytes(), losses
}

// readBack reads what we wrote, in which there can be no error. A document of OpenMetrics has to be without any fault but
// for the names of its labels, which are written as they are.
func readBack(f format.Format, written []byte) (families []*model.MetricFamily, err error) {
	var opts []convert.Option
	if isOpenMetrics(f) {
		severities := diag.StrictSeverities()
		severities[diag.UnderscoreLabel] = diag.Off
		opts = append(opts, convert.WithSeverities(severities))
	}
	r, err := convert.NewReader(bytes.NewReader(written), f, opts...)
	if err != nil {
		return nil, err
	}
	var errs []error
	for family, err := range r.Families() {
		if err == nil {
			family.Line = 0
			families = append(families, family)
		}
		errs = append(errs, err)
	}
	return families, errors.Join(errs...)
}

// isOpenMetrics reports whether a format is one of OpenMetrics, in which a document has each family once.
func isOpenMetrics(f format.Format) bool {
	return f == format.OpenMetrics || f == format.OpenMetrics2 || f == format.OpenMetricsProtobuf
}

// expected is what comes back of families that were written in a format with the losses of each, and what of the losses
// is not true.
func expected(f format.Format, families []*model.MetricFamily, losses [][]writer.Loss) (want []*model.MetricFamily, untrue string) {
	d := newDocument()
	for i, family := range families {
		reported, found := make(map[diag.Rule]int), make(map[diag.Rule]int)
		for _, l := range losses[i] {
			reported[l.Rule] = l.Count
		}
		p := &part{MetricFamily: cloned(family)}
		p.Line = 0
		for _, c := range slices.Concat(changesOfAll, changesOf[f]) {
			if c.rule == diag.UnknownRule || reported[c.rule] > 0 {
				found[c.rule] += c.make(d, p)
			}
		}
		delete(found, diag.UnknownRule)
		if !maps.Equal(found, reported) {
			untrue += fmt.Sprintf("the losses of %s (-true +reported):\n%s", family.Name, cmp.Diff(found, reported))
		}
		want = append(want, p.apart[:p.behind]...)
		if !p.gone {
			want = append(want, p.MetricFamily)
		}
		want = append(want, p.apart[p.behind:]...)
	}
	return want, untrue
}

// whole puts the parts of families together, which are left as they are.
func whole(parts []*model.MetricFamily) []*model.MetricFamily {
	known := make(map[string]bool)
	families, _ := convert.Collect(func(yield func(*model.MetricFamily, error) bool) {
		for _, part := range parts {
			f := cloned(part)
			f.Continued, f.HelpRepeated, f.TypeRepeated = known[f.Name], false, false
			known[f.Name] = true
			yield(f, nil)
		}
	})
	return families
}

// cloned is a copy of f that shares no memory with it that could be altered.
func cloned(f *model.MetricFamily) *model.MetricFamily {
	c := *f
	c.Metrics, c.Loose = slices.Clone(f.Metrics), slices.Clone(f.Loose)
	for i := range c.Metrics {
		m := &c.Metrics[i]
		if m.Extra == nil {
			continue
		}
		x := *m.Extra
		m.Extra = &x
		x.Exemplars, x.States = slices.Clone(x.Exemplars), slices.Clone(x.States)
		if x.Histogram != nil {
			h := *x.Histogram
			h.Buckets, h.BoundTexts, h.Exemplars = slices.Clone(h.Buckets), slices.Clone(h.BoundTexts), slices.Clone(h.Exemplars)
			if h.Native != nil {
				n := *h.Native
				h.Native = &n
			}
			x.Histogram = &h
		}
		if x.Summary != nil {
			s := *x.Summary
			s.Quantiles, s.QuantileTexts = slices.Clone(s.Quantiles), slices.Clone(s.QuantileTexts)
			x.Summary = &s
		}
	}
	return &c
}

// FuzzPairs holds of any input what TestEveryPairConverts does: of what is kept of it in one format, written in each other
// one, and of what comes back of that, written in a third.
func FuzzPairs(f *testing.F) {
	formats := bothWays()
	for e := range expositions() {
		if e.text == nil {
			f.Add(byte(slices.Index(formats, format.JSON)), byte(0),
				encode(f, format.JSON, e.families()))
		} else if len(e.text) <= longestSeed {
			f.Add(byte(slices.Index(formats, e.format)), byte(len(e.text)), e.text)
		}
	}
	for i, recipe := range fuzz.Recipes() {
		f.Add(byte(i), byte(i/len(formats)), recipe)
	}
	f.Fuzz(func(t *testing.T, from, to byte, input []byte) {
		first := formats[int(from)%len(formats)]
		made := fuzz.Exposition(input, first)
		t.Cleanup(func() {
			if t.Failed() { // the input alone may be a recipe
				t.Logf("the exposition in %s: %q", first, made)
			}
		})
		families := good(made, first)
		for _, p := range formats {
			requireConverts(t, formats[int(to)%len(formats)], requireConverts(t, p, families))
		}
	})
}

// longestSeed is how long a text may be for the fuzzer to begin with it.
const longestSeed = 1 << 10
