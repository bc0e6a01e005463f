package writer_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	prommodel "github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/model"
	"github.com/promfmt/promfmt/writer"
)

func ExampleNew() {
	family := &model.MetricFamily{
		Name: "jobs_total", Type: model.Counter, HasType: true, HasHelp: true, Help: "Jobs done.",
		Metrics: []model.Metric{{Labels: model.NewLabels("queue", "fast"), Value: 17}},
	}
	for _, to := range []format.Format{format.Text, format.JSON} {
		encoder, err := writer.New(os.Stdout, to)
		if err != nil {
			panic(err)
		}
		if err := encoder.Encode(family); err != nil {
			panic(err)
		}
		if err := encoder.Close(); err != nil {
			panic(err)
		}
	}
	// Output:
	// # HELP jobs_total Jobs done.
	// # TYPE jobs_total counter
	// jobs_total{queue="fast"} 17
	// [
	// {"name":"jobs_total","help":"Jobs done.","type":"COUNTER","metrics":[{"labels":{"queue":"fast"},"value":"17"}]}
	// ]
}

func ExampleOnLoss() {
	family := &model.MetricFamily{Name: "x", Type: model.Info, HasType: true, HasUnit: true, Unit: "s"}
	encoder, err := writer.New(io.Discard, format.Text, writer.OnLoss(func(l writer.Loss) { fmt.Println(l) }))
	if err != nil {
		panic(err)
	}
	if err := encoder.Encode(family); err != nil {
		panic(err)
	}
	// Output:
	// family "x": the format has no units, or no place for this one [loss-unit]
	// family "x": the format does not have the type; the nearest is written (info becomes gauge) [loss-type]
}

func TestFormats(t *testing.T) {
	want := []format.Format{
		format.Text, format.Text1, format.OpenMetrics, format.OpenMetrics2, format.Protobuf, format.Prototext,
		format.OpenMetricsProtobuf, format.JSON, format.Graphite,
	}
	require.Equal(t, want, writer.Formats())
}

func TestFormatsThatHaveAFamilyInOnePlace(t *testing.T) {
	whole := slices.DeleteFunc(writer.Formats(), writer.TakesParts)
	require.Equal(t, []format.Format{format.OpenMetrics, format.OpenMetrics2, format.OpenMetricsProtobuf}, whole)
}

func TestAFormatThatIsNotWritten(t *testing.T) {
	for _, to := range []format.Format{0, format.CompactText, 255} {
		require.False(t, writer.Carries(to, writer.FeatureHelp))
		_, err := writer.New(io.Discard, to)
		require.EqualError(t, err, to.String()+" is not written")
	}
}

func TestOptionsThatDoNotFit(t *testing.T) {
	tests := map[string]struct {
		format format.Format
		opt    writer.Option
		want   string
	}{
		"text 0.0.4 cannot hold names as they are": {
			format.Text, writer.Escaping(prommodel.NoEscaping), "text has no quoted names and needs a scheme to escape them",
		},
		"an escaping scheme that is none": {
			format.Text1, writer.Escaping(7), "unknown escaping scheme 7",
		},
		"a Graphite prefix that would break the line": {
			format.Graphite, writer.GraphitePrefix("a b"),
			`the Graphite prefix "a b" holds white space, a semicolon or a control character`,
		},
		"a Graphite prefix that would begin the tags": {
			format.Graphite, writer.GraphitePrefix("a;b=c"),
			`the Graphite prefix "a;b=c" holds white space, a semicolon or a control character`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := writer.New(io.Discard, test.format, test.opt)
			require.EqualError(t, err, test.want)
		})
	}
}

func TestATypeOfAFamilyMadeByHandNeedNotBeSaid(t *testing.T) {
	f := &model.MetricFamily{Name: "x", Type: model.Counter, Metrics: []model.Metric{valued(1)}}
	require.Equal(t, "# TYPE x counter\nx 1\n", string(encode(t, format.Text, []*model.MetricFamily{f})))
	require.False(t, f.HasType, "the family is not changed")
}

func TestFamiliesThatContradictThemselves(t *testing.T) {
	histogram := func(h *model.HistogramValue) *model.MetricFamily {
		return &model.MetricFamily{
			Name: "x", Type: model.Histogram, Metrics: []model.Metric{{Extra: &model.Extra{Histogram: &model.HistogramValue{}}}, {Extra: &model.Extra{Histogram: h}}},
		}
	}
	tests := map[string]struct {
		family *model.MetricFamily
		want   string
	}{
		"no family":                   {nil, "no family given"},
		"no name":                     {&model.MetricFamily{}, `family "": it has no name`},
		"unknown type":                {&model.MetricFamily{Name: "x", Type: 8, Line: 7}, `family "x" (line 7): it is of no known type: 8`},
		"nanoseconds that are none":   {family(model.Gauge, "x", model.Metric{Timestamp: model.Timestamp{Nanos: -5, Set: true}}), `family "x": it has a timestamp whose nanoseconds are not 0 to 999,999,999`},
		"and those of a creation":     {family(model.Counter, "x", with(valued(1), model.Extra{Created: model.Timestamp{Nanos: 2e9, Set: true}})), `family "x": it has a timestamp whose nanoseconds are not 0 to 999,999,999`},
		"no histogram":                {histogram(nil), `family "x": metric 2 is not a histogram, which the family is`},
		"no summary":                  {&model.MetricFamily{Name: "x", Type: model.Summary, Metrics: []model.Metric{{}}}, `family "x": metric 1 is not a summary, which the family is`},
		"both of them":                {&model.MetricFamily{Name: "x", Type: model.Summary, Metrics: []model.Metric{{Extra: &model.Extra{Summary: &model.SummaryValue{}, Histogram: &model.HistogramValue{}}}}}, `family "x": metric 1 is not a summary, which the family is`},
		"a histogram and a summary":   {&model.MetricFamily{Name: "x", Type: model.Histogram, Metrics: []model.Metric{{Extra: &model.Extra{Summary: &model.SummaryValue{}, Histogram: &model.HistogramValue{}}}}}, `family "x": metric 1 is not a histogram, which the family is`},
		"a gauge that is a histogram": {&model.MetricFamily{Name: "x", Type: model.Gauge, Metrics: []model.Metric{{Extra: &model.Extra{Histogram: &model.HistogramValue{}}}}}, `family "x": metric 1 is a histogram or a summary, which the family is not`},
		"a texts too few":             {histogram(&model.HistogramValue{Buckets: buckets(1, 1), BoundTexts: []string{}}), `family "x": metric 2 has 1 buckets and the texts of 0 bounds`},
		"a text too many": {
			&model.MetricFamily{Name: "x", Type: model.Summary, Metrics: []model.Metric{{Extra: &model.Extra{Summary: &model.SummaryValue{QuantileTexts: []string{"1"}}}}}},
			`family "x": metric 1 has 0 quantiles and the texts of 1`,
		},
		"an exemplar of no bucket": {
			histogram(&model.HistogramValue{Buckets: buckets(1, 1), Exemplars: []model.BucketExemplar{{Bucket: 1}}}),
			`family "x": metric 2 has an exemplar of bucket 1, which does not exist or is out of order`,
		},
		"an exemplar before the first bucket": {
			histogram(&model.HistogramValue{Buckets: buckets(1, 1), Exemplars: []model.BucketExemplar{{Bucket: -1}}}),
			`family "x": metric 2 has an exemplar of bucket -1, which does not exist or is out of order`,
		},
		"exemplars out of order": {
			histogram(&model.HistogramValue{Buckets: buckets(1, 1, 2, 2), Exemplars: []model.BucketExemplar{{Bucket: 1}, {Bucket: 0}}}),
			`family "x": metric 2 has an exemplar of bucket 0, which does not exist or is out of order`,
		},
		"native buckets without a span": {
			histogram(&model.HistogramValue{Native: &model.NativeHistogram{PositiveCounts: []float64{1}}}),
			`family "x": metric 2 has spans that do not cover its native buckets`,
		},
		"a span of 4294967295 buckets": {
			histogram(&model.HistogramValue{Native: &model.NativeHistogram{NegativeSpans: spans(0, math.MaxUint32, 0, 1)}}),
			`family "x": metric 2 has spans that do not cover its native buckets`,
		},
		"a loose sample without a name": {
			&model.MetricFamily{Name: "x", Loose: []model.Sample{{Name: "y"}, {}}}, `family "x": loose sample 2 has no name`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			for _, to := range writer.Formats() {
				var out bytes.Buffer
				e, err := writer.New(&out, to, writer.GraphiteTime(atNoon))
				require.NoError(t, err)
				require.EqualError(t, e.Encode(test.family), test.want)
				require.NoError(t, e.Encode(&model.MetricFamily{Name: "good", Metrics: []model.Metric{{Value: 1}}}), "the next one is written")
				require.NoError(t, e.Close())
				require.Equal(t, encode(t, to, []*model.MetricFamily{{Name: "good", Metrics: []model.Metric{{Value: 1}}}}, writer.GraphiteTime(atNoon)),
					out.Bytes(), "nothing of the bad one is")
			}
		})
	}
}

func TestStrictWritesNothingOfAFamilyThatLosesSomething(t *testing.T) {
	good := &model.MetricFamily{Name: "good", Type: model.Gauge, HasType: true, Metrics: []model.Metric{{Value: 1, Timestamp: noon}}}
	large := &model.MetricFamily{Name: "large", Type: model.Gauge, HasType: true, HasUnit: true}
	for i := range 20_000 {
		large.Metrics = append(large.Metrics, model.Metric{Labels: model.NewLabels("i", fmt.Sprint(i)), Timestamp: noon})
	}
	large.Metrics = append(large.Metrics, model.Metric{Labels: model.NewLabels("a.b", "c\xff"), Timestamp: noon, Value: math.NaN()})
	tests := map[format.Format][]diag.Rule{
		format.Text:     {diag.LossUnit, diag.LossName},
		format.Text1:    {diag.LossUnit},
		format.Graphite: {diag.LossNonFinite},
		format.JSON:     {diag.LossUTF8},
	}
	for to, want := range tests {
		t.Run(to.String(), func(t *testing.T) {
			var out bytes.Buffer
			e, err := writer.New(&out, to, writer.Strict(), writer.OnLoss(func(l writer.Loss) { t.Errorf("%v is an error", l) }))
			require.NoError(t, err)
			require.NoError(t, e.Encode(good))
			err = e.Encode(large)
			var loss writer.Loss
			require.ErrorAs(t, err, &loss)
			require.Equal(t, writer.Loss{Rule: want[0], Family: "large", Count: 1}, loss)
			for _, rule := range want {
				require.ErrorContains(t, err, "["+rule.ID()+"]")
			}
			require.NoError(t, e.Encode(good))
			require.NoError(t, e.Close())
			require.Equal(t, string(encode(t, to, []*model.MetricFamily{good, good})), out.String())
		})
	}
}

func TestSeveritiesSayWhatBecomesOfALoss(t *testing.T) {
	family := &model.MetricFamily{Name: "x", HasUnit: true, Type: model.Info, HasType: true, Line: 3}
	severities := diag.DefaultSeverities()
	severities[diag.LossUnit] = diag.Off
	var reported []writer.Loss
	onLoss := writer.OnLoss(func(l writer.Loss) { reported = append(reported, l) })
	encode(t, format.Text, []*model.MetricFamily{family}, writer.WithSeverities(severities), onLoss)
	require.Equal(t, []writer.Loss{{Rule: diag.LossType, Family: "x", Line: 3, Count: 1, Detail: "info becomes gauge"}}, reported)

	severities[diag.LossUnit] = diag.Error
	e, err := writer.New(io.Discard, format.Text, writer.WithSeverities(severities), onLoss)
	require.NoError(t, err)
	require.EqualError(t, e.Encode(family), `family "x" (line 3): the format has no units, or no place for this one [loss-unit]`)
	require.Len(t, reported, 1, "losses of a family that is not written are not reported")
}

// failing fails once a number of bytes has been written.
type failing struct{ left int }

var errFull = errors.New("no space left")

func (w *failing) Write(b []byte) (int, error) {
	if len(b) > w.left {
		n := w.left
		w.left = 0
		return n, errFull
	}
	w.left -= len(b)
	return len(b), nil
}

func TestAnErrorOfTheWriterStays(t *testing.T) {
	f := stateFamilies(rand.New(rand.NewPCG(1, 2)))[0]
	f.Metrics = f.Metrics[:2000]
	for _, to := range writer.Formats() {
		for _, opts := range [][]writer.Option{nil, {writer.Strict()}} {
			e, err := writer.New(&failing{left: 100_000}, to, opts...)
			require.NoError(t, err)
			require.ErrorIs(t, e.Encode(f), errFull, to)
			require.ErrorIs(t, e.Encode(f), errFull)
			require.ErrorIs(t, e.Close(), errFull)
			require.ErrorIs(t, e.Close(), errFull)
		}
		e, err := writer.New(&failing{}, to)
		require.NoError(t, err)
		require.NoError(t, e.Encode(&model.MetricFamily{Name: "x", Metrics: []model.Metric{{}}}), "it is still in the buffer")
		require.ErrorIs(t, e.Close(), errFull)
	}
}

type lazy struct{}

func (lazy) Write(b []byte) (int, error) { return len(b) / 2, nil }

func TestAShortWriteIsAnError(t *testing.T) {
	e, err := writer.New(lazy{}, format.JSON)
	require.NoError(t, err)
	require.ErrorIs(t, e.Close(), io.ErrShortWrite)
}

func TestAfterClose(t *testing.T) {
	var out bytes.Buffer
	e, err := writer.New(&out, format.JSON)
	require.NoError(t, err)
	require.NoError(t, e.Close())
	require.EqualError(t, e.Encode(&model.MetricFamily{Name: "x"}), "the encoder is closed")
	require.NoError(t, e.Close())
	require.Equal(t, "[]\n", out.String(), "the document is ended once")
}

// sizes notes how much is written at a time.
type sizes []int

func (s *sizes) Write(b []byte) (int, error) {
	*s = append(*s, len(b))
	return len(b), nil
}

func TestLargeFamiliesAreWrittenInPieces(t *testing.T) {
	family := stateFamilies(rand.New(rand.NewPCG(1, 2)))[0]
	for _, to := range []format.Format{
		format.Text, format.Text1, format.OpenMetrics, format.OpenMetrics2, format.Protobuf, format.OpenMetricsProtobuf,
		format.Graphite, format.JSON,
	} {
		var pieces sizes
		e, err := writer.New(&pieces, to)
		require.NoError(t, err)
		require.NoError(t, e.Encode(family))
		require.NoError(t, e.Close())
		require.Greater(t, len(pieces), 20, to)
		for _, n := range pieces {
			require.Less(t, n, 80<<10, to)
		}
	}
}

func TestALargeHistogramIsWrittenInPieces(t *testing.T) {
	h := &model.HistogramValue{HasCount: true, Count: 40_000, HasSum: true}
	for i := range 40_000 {
		h.Buckets = append(h.Buckets, model.Bucket{UpperBound: float64(i), Count: float64(i)})
	}
	family := &model.MetricFamily{Name: "x", Type: model.Histogram, Metrics: []model.Metric{{Extra: &model.Extra{Histogram: h}}}}
	for _, to := range []format.Format{format.Text, format.OpenMetrics, format.OpenMetrics2, format.Graphite} {
		var pieces sizes
		e, err := writer.New(&pieces, to)
		require.NoError(t, err)
		require.NoError(t, e.Encode(family))
		require.NoError(t, e.Close())
		require.Greater(t, len(pieces), 5, to)
		for _, n := range pieces {
			require.Less(t, n, 80<<10, to)
		}
	}
}

// TestALargeFamilyIsNotKept holds that what an encoder needs does not grow with the family.
func TestALargeFamilyIsNotKept(t *testing.T) {
	gauge := &model.MetricFamily{Name: "gauge", Type: model.Gauge, Metrics: make([]model.Metric, 100_000)}
	histogram := &model.MetricFamily{Name: "histogram", Type: model.Histogram, Metrics: make([]model.Metric, 20_000)}
	value := &model.HistogramValue{HasCount: true, Count: 3, Buckets: buckets(1, 1, 2, 3)}
	for i := range gauge.Metrics {
		gauge.Metrics[i] = model.Metric{Labels: model.NewLabels("i", fmt.Sprint(i)), Value: float64(i) / 7}
	}
	for i := range histogram.Metrics {
		histogram.Metrics[i] = model.Metric{Labels: gauge.Metrics[i].Labels, Extra: &model.Extra{Histogram: value}}
	}
	for _, to := range []format.Format{format.Text, format.Text1, format.Protobuf, format.Graphite, format.JSON} {
		t.Run(to.String(), func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			e, err := writer.New(io.Discard, to, writer.Escaping(prommodel.UnderscoreEscaping))
			require.NoError(t, err)
			require.NoError(t, e.Encode(gauge))
			require.NoError(t, e.Encode(histogram))
			require.NoError(t, e.Close())
			runtime.ReadMemStats(&after)
			require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(512<<10))
		})
	}
}

// TestEncodersSideBySide holds that what encoders leave to each other are not things that two of them use at a time.
func TestEncodersSideBySide(t *testing.T) {
	families := allKinds()
	for _, to := range writer.Formats() {
		want := encode(t, to, families, writer.GraphiteTime(atNoon))
		var outs [3]bytes.Buffer
		var encoders [3]writer.Encoder
		for i := range encoders {
			e, err := writer.New(&outs[i], to, writer.GraphiteTime(atNoon))
			require.NoError(t, err)
			encoders[i] = e
		}
		for _, f := range families {
			for _, e := range encoders {
				require.NoError(t, e.Encode(f))
			}
		}
		for i, e := range encoders {
			require.NoError(t, e.Close())
			require.NoError(t, e.Close(), "nothing is left twice")
			require.Equal(t, want, outs[i].Bytes(), to)
		}
	}
}

func TestNoAllocationsInTheSteadyState(t *testing.T) {
	var kinds []*model.MetricFamily
	for _, input := range inputs {
		for _, f := range input.families(rand.New(rand.NewPCG(1, 2))) {
			f.Metrics = f.Metrics[:min(len(f.Metrics), 50)]
			kinds = append(kinds, f)
		}
	}
	kinds = kinds[len(kinds)-20:]
	kinds = append(kinds,
		&model.MetricFamily{Name: "a", Suffix: "_total", Type: model.Counter, HasType: true, Metrics: []model.Metric{
			{Labels: model.NewLabels("path", `C:\x/y`, "Zürich", `"1"`), Value: 0.1, Timestamp: noonHalf},
		}},
		&model.MetricFamily{Name: "a", Type: model.Summary, HasType: true, Metrics: []model.Metric{
			{Labels: model.NewLabels("z", "1", "a", "2"), Extra: &model.Extra{Summary: &model.SummaryValue{
				HasCount: true, HasSum: true, Quantiles: quantiles(0.5, math.Pi, 0.75, math.Inf(1)), QuantileTexts: []string{".5", ".75"},
			}}},
		}},
	)
	for _, f := range kinds {
		f.Continued = true // as they are each time but the first
	}
	for _, to := range []format.Format{format.Text1, format.Protobuf, format.Graphite, format.JSON} {
		t.Run(to.String(), func(t *testing.T) {
			e, err := writer.New(io.Discard, to, writer.GraphiteNonFinite())
			require.NoError(t, err)
			allocs := testing.AllocsPerRun(100, func() {
				for _, f := range kinds {
					if err := e.Encode(f); err != nil {
						t.Fatal(err)
					}
				}
			})
			require.Zero(t, allocs)
		})
	}
	t.Run("text", func(t *testing.T) {
		e, err := writer.New(io.Discard, format.Text)
		require.NoError(t, err)
		legacy := kinds[:20] // names that have to be escaped allocate
		require.Zero(t, testing.AllocsPerRun(100, func() {
			for _, f := range legacy {
				if err := e.Encode(f); err != nil {
					t.Fatal(err)
				}
			}
		}))
	})
}

// TestHostileStrings holds that no string breaks a document or an encoder.
func TestHostileStrings(t *testing.T) {
	for _, s := range []string{"\n", "\r\n", `"`, `\`, "{", "}", ",", "#", " ", "\x00", "\xff", "é", "0", "le", "__name__", ";", "=", strings.Repeat("x", 70_000)} {
		family := &model.MetricFamily{
			Name: s, Suffix: s, Type: model.StateSet, HasType: true, HasHelp: true, Help: s, HasUnit: true, Unit: s,
			Metrics: []model.Metric{{Labels: model.NewLabels(s, s, s+s, s), Extra: &model.Extra{States: []model.State{{Name: s}, {Name: s}}}}},
			Loose:   []model.Sample{{Name: s, Labels: model.NewLabels(s, s), Exemplar: &model.Exemplar{Labels: model.NewLabels(s, s)}}},
		}
		for _, to := range writer.Formats() {
			for _, scheme := range schemes {
				if to == format.Text && scheme == prommodel.NoEscaping {
					continue
				}
				out := encode(t, to, []*model.MetricFamily{family}, writer.Escaping(scheme), writer.GraphiteTime(atNoon))
				switch to {
				case format.Text, format.Text1:
					require.Equal(t, 2+2+1, bytes.Count(out, []byte("\n")), "%q in %s", s, to)
				case format.OpenMetrics, format.OpenMetrics2: // a state set has no unit
					require.Equal(t, 2+2+1+1, bytes.Count(out, []byte("\n")), "%q in %s", s, to)
				case format.Graphite:
					require.Equal(t, 2+1, bytes.Count(out, []byte("\n")), "%q in %s", s, to)
					require.Equal(t, 2*(2+1), bytes.Count(out, []byte(" ")), "%q in %s", s, to)
				case format.JSON:
					require.Equal(t, 1+1+1, bytes.Count(out, []byte("\n")), "%q in %s", s, to)
				case format.Protobuf:
					require.Len(t, decodeProtobuf(t, out), 2)
				case format.OpenMetricsProtobuf:
					require.Equal(t, 2, fieldsIn(t, out), "%q", s)
				}
			}
		}
	}
}

// fieldsIn counts the fields of a message.
func fieldsIn(t *testing.T, message []byte) (n int) {
	t.Helper()
	for ; len(message) > 0; n++ {
		_, _, size := protowire.ConsumeField(message)
		require.Positive(t, size)
		message = message[size:]
	}
	return n
}
