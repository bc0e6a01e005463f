package convert

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/corpus"
	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/model"
	"github.com/promfmt/promfmt/writer"
)

// asJSON writes families as JSON, and reports whether nothing was lost.
func asJSON(t testing.TB, families []*model.MetricFamily) (text []byte, whole bool) {
	t.Helper()
	var out bytes.Buffer
	whole = true
	encoder, err := writer.New(&out, format.JSON, writer.OnLoss(func(writer.Loss) { whole = false }))
	require.NoError(t, err)
	for _, f := range families {
		require.NoError(t, encoder.Encode(f))
	}
	require.NoError(t, encoder.Close())
	return out.Bytes(), whole
}

// readJSON reads a whole input.
func readJSON(t testing.TB, r io.Reader, opts ...Option) (families []*model.MetricFamily, found []*diag.Diagnostic) {
	t.Helper()
	opts = append(opts, OnDiagnostic(func(d *diag.Diagnostic) { found = append(found, d) }))
	for family, err := range NewJSONDecoder(r, opts...).Families() {
		if err == nil {
			families = append(families, family)
			continue
		}
		var d *diag.Diagnostic
		require.ErrorAs(t, err, &d)
		found = append(found, d)
	}
	return families, found
}

// ofJSON is what reading a text comes to, in a few words.
func ofJSON(t testing.TB, text string, opts ...Option) (got outcome) {
	t.Helper()
	families, found := readJSON(t, strings.NewReader(text), opts...)
	for _, f := range families {
		got.families = append(got.families, describe(f)...)
	}
	for _, d := range found {
		got.diagnose(d)
	}
	return got
}

var sameFamilies = cmp.Options{cmpopts.EquateNaNs(), cmpopts.IgnoreFields(model.MetricFamily{}, "Line")}

// TestJSONOfPagesComesBack holds that the families of every text of the corpus come back as they were.
func TestJSONOfPagesComesBack(t *testing.T) {
	t.Parallel()
	eachText(t, func(t *testing.T, file corpus.File) {
		want := transcribe(t, ofBytes(file.Data)).Families
		text, whole := asJSON(t, want)
		if !whole {
			require.Contains(t, []string{"invalid/series-duplicate-bucket.txt"}, file.Name)
			return
		}
		got, found := readJSON(t, bytes.NewReader(text))
		require.Empty(t, cmp.Diff(want, got, sameFamilies))
		for _, d := range found {
			require.Contains(t, []diag.Rule{diag.DuplicateSeries, diag.CountValue, diag.BoundOrder, diag.FallingCounts, diag.InfinityCount}, d.Rule, d.Error())
		}
	})
}

// everything is a family of each type, with everything that it can have.
func everything() []*model.MetricFamily {
	noon := model.Timestamp{Seconds: 1750000000, Set: true}
	precise := model.Timestamp{Seconds: 1750000000, Nanos: 123_456_789, Set: true}
	exemplar := func(value float64) model.Exemplar {
		return model.Exemplar{Labels: model.NewLabels("trace_id", "4bf92f35"), Value: value, Timestamp: precise}
	}
	times := []model.Timestamp{
		{}, {Set: true}, noon, precise, {Nanos: 1, Set: true}, {Seconds: -1, Nanos: 999_999_999, Set: true}, {Seconds: -1, Set: true},
		{Seconds: -2, Nanos: 500_000_000, Set: true}, {Seconds: math.MaxInt64, Nanos: 999_999_999, Set: true},
		{Seconds: math.MinInt64, Set: true}, {Seconds: math.MinInt64, Nanos: 1, Set: true}, model.TimestampFromMillis(-1500),
	}
	numbers := []float64{0, math.Copysign(0, -1), 1, -12.5, 1e-7, 0.30000000000000004, 123456789012, 5e-324, math.MaxFloat64, math.Inf(1), math.Inf(-1), math.NaN()}
	at := &model.MetricFamily{Name: "at", Type: model.Gauge, HasType: true}
	for i, ts := range times {
		at.Metrics = append(at.Metrics, model.Metric{Value: float64(i), Timestamp: ts, Extra: &model.Extra{Created: noon}})
	}
	values := &model.MetricFamily{Name: "values"}
	for i, f := range numbers {
		values.Metrics = append(values.Metrics, model.Metric{Labels: model.NewLabels("i", fmt.Sprint(i)), Value: f})
	}
	return []*model.MetricFamily{
		at, values,
		{Name: "nothing"},
		{
			Name: "jobs", Suffix: "_total", Type: model.Counter, HasType: true, HasHelp: true, Help: "Jobs \"done\"\\\n\t\u0000\u2028🙂.",
			Metrics: []model.Metric{{
				Labels: model.NewLabels("queue", "fast", "empty", "", "na.me", "C:\\x \"y\"\n"), Value: 17,
				Extra: &model.Extra{Created: precise, Exemplars: []model.Exemplar{exemplar(1), {Value: 2}}},
			}},
		},
		{Name: "temperature_celsius", Type: model.Gauge, HasType: true, HasUnit: true, Unit: "celsius", Metrics: []model.Metric{{Value: 1}}},
		{Name: "empty", Type: model.Gauge, HasType: true, HasUnit: true, HasHelp: true},
		{Name: "stated", HasType: true, Metrics: []model.Metric{{Value: 1}}},
		{
			Name: "request_seconds", Type: model.Histogram, HasType: true,
			Metrics: []model.Metric{
				{
					Labels: model.NewLabels("verb", "GET"), Timestamp: noon,
					Extra: &model.Extra{Histogram: &model.HistogramValue{
						HasCount: true, HasSum: true, Count: 12, Sum: 3.75,
						Buckets: []model.Bucket{{UpperBound: 0.1, Count: 5}, {UpperBound: 0.5, Count: 9.5}, {UpperBound: math.Inf(1), Count: 12}},
						Exemplars: []model.BucketExemplar{
							{Bucket: 1, Exemplar: exemplar(0.3)}, {Bucket: 1, Exemplar: exemplar(0.4)}, {Bucket: 2, Exemplar: exemplar(7)},
						},
					}, Created: noon, Exemplars: []model.Exemplar{exemplar(3)}},
				},
				{Labels: model.NewLabels("verb", "PUT"), Extra: &model.Extra{Histogram: &model.HistogramValue{
					Buckets:    []model.Bucket{{UpperBound: 1, Count: 1}, {UpperBound: 2, Count: 2}, {UpperBound: 1, Count: 3}},
					BoundTexts: []string{"1.0", "2", "1"},
				}}},
				{Extra: &model.Extra{Histogram: &model.HistogramValue{}}},
			},
		},
		{
			Name: "native_seconds", Type: model.Histogram, HasType: true,
			Metrics: []model.Metric{
				{
					Labels: model.NewLabels("is", "whole"),
					Extra: &model.Extra{Histogram: &model.HistogramValue{
						HasCount: true, HasSum: true, Count: 8, Sum: -2,
						Native: &model.NativeHistogram{
							Schema: -4, ZeroThreshold: 2.938735877055719e-39, ZeroCount: 1,
							NegativeSpans: []model.Span{{Offset: -2147483648, Length: 1}}, NegativeCounts: []float64{2},
							PositiveSpans: []model.Span{{Offset: 0, Length: 2}, {Offset: 3, Length: 1}}, PositiveCounts: []float64{1, 3, 1},
						},
					}},
				},
				{
					Labels: model.NewLabels("is", "custom"),
					Extra: &model.Extra{Histogram: &model.HistogramValue{
						Native: &model.NativeHistogram{
							Schema: -53, Float: true, PositiveSpans: []model.Span{{Length: 2}}, PositiveCounts: []float64{1.5, 0.25},
							CustomBounds: []float64{0.5, 1},
						},
						Buckets: []model.Bucket{{UpperBound: math.Inf(1), Count: 1.75}},
					}},
				},
				{Extra: &model.Extra{Histogram: &model.HistogramValue{Native: &model.NativeHistogram{}}}},
			},
		},
		{
			Name: "queue_length", Type: model.GaugeHistogram, HasType: true, HasHelp: true,
			Metrics: []model.Metric{{Extra: &model.Extra{Histogram: &model.HistogramValue{
				HasCount: true, HasSum: true, Count: -4, Sum: math.NaN(), Buckets: []model.Bucket{{UpperBound: math.Inf(1), Count: 4}},
			}}}},
		},
		{
			Name: "rpc_seconds", Type: model.Summary, HasType: true,
			Metrics: []model.Metric{
				{
					Labels: model.NewLabels("service", "a"),
					Extra: &model.Extra{Summary: &model.SummaryValue{
						HasCount: true, HasSum: true, Count: 1 << 60, Sum: 17.25,
						Quantiles:     []model.Quantile{{Quantile: 0.5, Value: 0.25}, {Quantile: 0.99, Value: math.NaN()}},
						QuantileTexts: []string{"0.50", "0.99"},
					}, Created: noon},
				},
				{Extra: &model.Extra{Summary: &model.SummaryValue{}}},
			},
		},
		{Name: "build", Suffix: "_info", Type: model.Info, HasType: true, Metrics: []model.Metric{{Labels: model.NewLabels("version", "1"), Value: 1}}},
		{
			Name: "feature", Type: model.StateSet, HasType: true,
			Metrics: []model.Metric{
				{Labels: model.NewLabels("zone", "z1"), Extra: &model.Extra{States: []model.State{{Name: "a b", Enabled: true}, {Name: ""}}}},
				{},
			},
		},
		{
			Name: "lone", Type: model.Histogram, HasType: true,
			Loose: []model.Sample{
				{Name: "lone", Labels: model.NewLabels("le", "x"), Value: 1, Timestamp: precise},
				{Name: "lone_bucket", Value: math.Inf(-1), Exemplar: &model.Exemplar{Value: 1, Timestamp: noon}},
			},
		},
		{
			Name: "jobs", Suffix: "_total", Type: model.Counter, HasType: true, HasHelp: true, Help: "Jobs.",
			Continued: true, HelpRepeated: true, TypeRepeated: true, Metrics: []model.Metric{{Value: 18}},
		},
	}
}

func TestJSONOfEverythingComesBack(t *testing.T) {
	t.Parallel()
	text, whole := asJSON(t, everything())
	require.True(t, whole)
	for name, r := range map[string]io.Reader{
		"whole":               bytes.NewReader(text),
		"a byte at a time":    iotest.OneByteReader(bytes.NewReader(text)),
		"data with the error": iotest.DataErrReader(bytes.NewReader(text)),
		"behind a mark":       io.MultiReader(bytes.NewReader(byteOrderMark), bytes.NewReader(text)),
		"family by family":    strings.NewReader(strings.NewReplacer("\n[\n", "", ",\n{", "\n{", "[\n{", "{", "\n]\n", "").Replace(string(text))),
		"in several arrays":   strings.NewReader(strings.ReplaceAll(string(text), ",\n{", "]\n[{")),
		"with null for what is not there": strings.NewReader(strings.ReplaceAll(string(text), `{"name":`,
			`{"exemplar":null,"unit":null,"loose":null,"name":`)),
	} {
		got, found := readJSON(t, r)
		require.Empty(t, cmp.Diff(everything(), got, sameFamilies), name)
		found = slices.DeleteFunc(found, func(d *diag.Diagnostic) bool {
			return d.Rule == diag.DuplicateSeries || // the first family has one at two times that are the same
				d.Rule == diag.ByteOrderMark ||
				d.Rule == diag.BoundOrder || // of bounds that are written in several ways
				d.Rule == diag.InfinityCount // of a gauge histogram
		})
		require.Empty(t, found, name)
	}
}

// TestJSONOrderOfMembers holds that it does not matter in which order the members of objects come, but for labels and the
// like.
func TestJSONOrderOfMembers(t *testing.T) {
	t.Parallel()
	want := outcome{families: []string{`histogram h "H"`, `  h_bucket{a="1",le="1"} 1 @5`, `  h_sum{a="1"} 2 @5`, `  h_count{a="1"} 3 @5`}}
	for _, text := range []string{
		`{"name":"h","help":"H","type":"HISTOGRAM","metrics":[{"labels":{"a":"1"},"timestamp_ms":"5","buckets":{"1":"1"},"count":"3","sum":"2"}]}`,
		`{"metrics":[{"sum":2,"count":3,"buckets":{"1":1},"timestamp_ms":5,"labels":{"a":"1"}}],"type":"HISTOGRAM","help":"H","name":"h"}`,
	} {
		require.Equal(t, want, ofJSON(t, text))
	}
}

// TestJSONOfProm2json holds that what prom2json writes is read as it was meant.
func TestJSONOfProm2json(t *testing.T) {
	t.Parallel()
	got, found := readJSON(t, strings.NewReader(`[{"name":"c","help":"","type":"COUNTER","metrics":[`+
		`{"labels":{"tag1":"abc"},"value":"1"},{"timestamp_ms":"123456","value":"4.2e+07"},{"labels":{"inf":"pos"},"value":"+Inf"}]},`+
		`{"name":"s","help":"S","type":"SUMMARY","metrics":[{"quantiles":{"0.5":"3","0.9":"4","0.99":"NaN"},"count":"1","sum":"2"}]},`+
		`{"name":"h","help":"H","type":"HISTOGRAM","metrics":[{"buckets":{"+Inf":"6","0.5":"1","1":"2","1e+06":"5","250000":"3","500000":"4"},"count":"6","sum":"2"}]},`+
		`{"name":"n","help":"N","type":"HISTOGRAM","metrics":[{"buckets":[`+
		`[1,"-2","-1.414213562373095","3"],[1,"-1","-0.7071067811865475","2"],[3,"-0.001","0.001","5"],`+
		`[0,"0.7071067811865475","1","1"],[0,"1","1.414213562373095","3"],[0,"1.414213562373095","2","6"],[0,"2.82842712474619","4","10"]`+
		`],"count":"30","sum":"123.45"},{"buckets":[[0,"1","2","0.5"]],"count":"0.5","sum":"1"},{"buckets":[],"count":"0","sum":"0"}]}]`))
	require.Equal(t, []diag.Rule{diag.DuplicateSeries, diag.DuplicateSeries}, rulesOf(found))
	want := []*model.MetricFamily{
		{Name: "c", Type: model.Counter, HasType: true, HasHelp: true, Metrics: []model.Metric{
			{Labels: model.NewLabels("tag1", "abc"), Value: 1},
			{Value: 4.2e7, Timestamp: model.TimestampFromMillis(123456)},
			{Labels: model.NewLabels("inf", "pos"), Value: math.Inf(1)},
		}},
		{Name: "s", Type: model.Summary, HasType: true, HasHelp: true, Help: "S", Metrics: []model.Metric{{Extra: &model.Extra{Summary: &model.SummaryValue{
			HasCount: true, Count: 1, HasSum: true, Sum: 2,
			Quantiles: []model.Quantile{{Quantile: 0.5, Value: 3}, {Quantile: 0.9, Value: 4}, {Quantile: 0.99, Value: math.NaN()}},
		}}}}},
		{Name: "h", Type: model.Histogram, HasType: true, HasHelp: true, Help: "H", Metrics: []model.Metric{{Extra: &model.Extra{Histogram: &model.HistogramValue{
			HasCount: true, Count: 6, HasSum: true, Sum: 2,
			Buckets: []model.Bucket{
				{UpperBound: 0.5, Count: 1}, {UpperBound: 1, Count: 2}, {UpperBound: 250000, Count: 3}, {UpperBound: 500000, Count: 4},
				{UpperBound: 1e6, Count: 5}, {UpperBound: math.Inf(1), Count: 6},
			},
		}}}}},
		{Name: "n", Type: model.Histogram, HasType: true, HasHelp: true, Help: "N", Metrics: []model.Metric{
			{Extra: &model.Extra{Histogram: &model.HistogramValue{HasCount: true, Count: 30, HasSum: true, Sum: 123.45, Native: &model.NativeHistogram{
				Schema: 1, ZeroThreshold: 0.001, ZeroCount: 5,
				NegativeSpans: []model.Span{{Offset: 0, Length: 1}, {Offset: 1, Length: 1}}, NegativeCounts: []float64{2, 3},
				PositiveSpans: []model.Span{{Offset: 0, Length: 3}, {Offset: 1, Length: 1}}, PositiveCounts: []float64{1, 3, 6, 10},
			}}}},
			{Extra: &model.Extra{Histogram: &model.HistogramValue{HasCount: true, Count: 0.5, HasSum: true, Sum: 1, Native: &model.NativeHistogram{
				Float: true, PositiveSpans: []model.Span{{Offset: 1, Length: 1}}, PositiveCounts: []float64{0.5},
			}}}},
			{Extra: &model.Extra{Histogram: &model.HistogramValue{HasCount: true, HasSum: true, Native: &model.NativeHistogram{}}}},
		}},
	}
	require.Empty(t, cmp.Diff(want, got, sameFamilies))
}

func rulesOf(found []*diag.Diagnostic) (rules []diag.Rule) {
	for _, d := range found {
		rules = append(rules, d.Rule)
	}
	return rules
}

// TestJSONNativeBucketsOfAnySchema holds that the bounds of buckets tell their schema and number, over the whole range of
// a float64.
func TestJSONNativeBucketsOfAnySchema(t *testing.T) {
	t.Parallel()
	bound := func(schema int32, index int) float64 { return math.Exp2(math.Ldexp(float64(index), -int(schema))) }
	for schema := int32(-4); schema <= 8; schema++ {
		last := int(math.Ldexp(1000, int(schema)))
		for _, index := range []int{-last, -1, 0, 1, last / 3, last} {
			lower, upper := bound(schema, index-1), bound(schema, index)
			text := fmt.Sprintf(`{"name":"n","type":"HISTOGRAM","metrics":[{"buckets":[[0,"%v","%v","1"]]}]}`, lower, upper)
			families, found := readJSON(t, strings.NewReader(text))
			if lower == 0 {
				continue // it is below all floats
			}
			require.Empty(t, found)
			want := &model.NativeHistogram{Schema: schema, PositiveSpans: []model.Span{{Offset: int32(index), Length: 1}}, PositiveCounts: []float64{1}}
			require.Empty(t, cmp.Diff(want, families[0].Metrics[0].Histogram().Native))
		}
	}
	families, found := readJSON(t, strings.NewReader(
		`{"name":"n","type":"HISTOGRAM","metrics":[{"buckets":[[0,"8.98846567431158e+307","1.7976931348623157e+308",1],[0,"1.7976931348623157e+308","+Inf",2]]}]}`))
	require.Empty(t, found)
	require.Equal(t, []model.Span{{Offset: 1024, Length: 2}}, families[0].Metrics[0].Histogram().Native.PositiveSpans)
}

func TestJSONEndsInAnErrorOfTheReader(t *testing.T) {
	t.Parallel()
	broken := errors.New("connection reset")
	text := `[{"name":"a","metrics":[{"value":"1"}]},{"name":"b","metrics":[{"value":"1"},{"val`
	d := NewJSONDecoder(io.MultiReader(strings.NewReader(text), iotest.ErrReader(broken)))
	var got []string
	var errs []error
	for family, err := range d.Families() {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		got = append(got, describe(family)...)
	}
	require.Equal(t, []string{"a", "  a 1", "b", "  b 1"}, got)
	require.Equal(t, []error{broken}, errs)
	_, err := d.Next()
	require.Equal(t, broken, err)

	for cut := range len(text) {
		d := NewJSONDecoder(io.MultiReader(strings.NewReader(text[:cut]), iotest.ErrReader(io.ErrUnexpectedEOF)))
		errs = nil
		for _, err := range d.Families() {
			if err != nil {
				errs = append(errs, err)
			}
		}
		require.Equal(t, []error{io.ErrUnexpectedEOF}, errs, "as of compressed data that are cut, %q", text[:cut])
	}

	for _, r := range []io.Reader{countReader(-1), countReader(1 << 20)} {
		_, err := NewJSONDecoder(r).Next()
		require.ErrorIs(t, err, errImpossibleCount)
	}
	_, err = NewJSONDecoder(countReader(0)).Next()
	require.Equal(t, io.ErrNoProgress, err)
}

// countReader says that it has read that many bytes.
type countReader int

func (r countReader) Read([]byte) (int, error) { return int(r), nil }

// TestJSONCutAnywhere holds that JSON which is broken off anywhere gives the metrics before that, one error and no panic.
func TestJSONCutAnywhere(t *testing.T) {
	t.Parallel()
	text, _ := asJSON(t, everything())
	whole := 0
	for n := 0; n < len(text); n += 3 {
		families, found := readJSON(t, bytes.NewReader(text[:n]))
		require.GreaterOrEqual(t, len(families), whole)
		whole = len(families)
		if n >= len(text)-1 || n == 0 {
			continue // there is nothing, or all but the line feed at the end
		}
		found = slices.DeleteFunc(found, func(d *diag.Diagnostic) bool { return d.Severity != diag.Error })
		require.Len(t, found, 1, "%s", text[:n])
	}
}

func BenchmarkJSON(b *testing.B) {
	for file := range corpus.Files(corpus.Pages) {
		if file.Name != "pages/node-exporter.txt" {
			continue
		}
		text, _ := asJSON(b, transcribe(b, ofBytes(file.Data)).Families)
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		for b.Loop() {
			for _, err := range NewJSONDecoder(bytes.NewReader(text)).Families() {
				require.NoError(b, err)
			}
		}
	}
}
