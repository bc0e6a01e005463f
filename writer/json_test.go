package writer_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/model"
	"github.com/promfmt/promfmt/writer"
)

// members are those of a JSON object, in order.
type members[T any] []member[T]

type member[T any] struct {
	key   string
	value T
}

func (ms *members[T]) UnmarshalJSON(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	if _, err := d.Token(); err != nil {
		return err
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return err
		}
		m := member[T]{key: fmt.Sprint(key)}
		if err := d.Decode(&m.value); err != nil {
			return err
		}
		*ms = append(*ms, m)
	}
	_, err := d.Token()
	return err
}

// The schema of the JSON format as a reader would have it.
type (
	jsonFamily struct {
		Name         string       `json:"name"`
		Suffix       string       `json:"suffix"`
		Help         *string      `json:"help"`
		Type         *string      `json:"type"`
		Unit         *string      `json:"unit"`
		Continued    bool         `json:"continued"`
		HelpRepeated bool         `json:"help_repeated"`
		TypeRepeated bool         `json:"type_repeated"`
		Metrics      []jsonMetric `json:"metrics"`
		Loose        []jsonSample `json:"loose"`
	}
	jsonMetric struct {
		Labels          members[string] `json:"labels"`
		Timestamp       string          `json:"timestamp_ms"`
		Value           *string         `json:"value"`
		Quantiles       members[string] `json:"quantiles"`
		Buckets         members[string] `json:"buckets"`
		Count           *string         `json:"count"`
		Sum             *string         `json:"sum"`
		Created         string          `json:"created_ms"`
		Exemplars       []jsonExemplar  `json:"exemplars"`
		BucketExemplars []jsonExemplar  `json:"bucket_exemplars"`
		Native          *jsonNative     `json:"native"`
		States          members[bool]   `json:"states"`
	}
	jsonExemplar struct {
		Bucket    string          `json:"bucket"`
		Labels    members[string] `json:"labels"`
		Timestamp string          `json:"timestamp_ms"`
		Value     string          `json:"value"`
	}
	jsonSample struct {
		Name      string          `json:"name"`
		Labels    members[string] `json:"labels"`
		Timestamp string          `json:"timestamp_ms"`
		Value     string          `json:"value"`
		Exemplar  *jsonExemplar   `json:"exemplar"`
	}
	jsonNative struct {
		Schema         int32      `json:"schema,string"`
		Float          bool       `json:"float"`
		ZeroThreshold  string     `json:"zero_threshold"`
		ZeroCount      string     `json:"zero_count"`
		NegativeSpans  []jsonSpan `json:"negative_spans"`
		NegativeCounts []string   `json:"negative_counts"`
		PositiveSpans  []jsonSpan `json:"positive_spans"`
		PositiveCounts []string   `json:"positive_counts"`
		CustomBounds   []string   `json:"custom_bounds"`
	}
	jsonSpan struct {
		Offset int32  `json:"offset,string"`
		Length uint32 `json:"length,string"`
	}
)

func (f *jsonFamily) model(t *testing.T) *model.MetricFamily {
	family := &model.MetricFamily{
		Name: strings.TrimSuffix(f.Name, f.Suffix), Suffix: f.Suffix,
		Continued: f.Continued, HelpRepeated: f.HelpRepeated, TypeRepeated: f.TypeRepeated,
		HasHelp: f.Help != nil, HasType: f.Type != nil, HasUnit: f.Unit != nil,
	}
	if f.Help != nil {
		family.Help = *f.Help
	}
	if f.Unit != nil {
		family.Unit = *f.Unit
	}
	if f.Type != nil {
		types := map[string]model.Type{
			"UNTYPED": model.Unknown, "COUNTER": model.Counter, "GAUGE": model.Gauge, "HISTOGRAM": model.Histogram,
			"GAUGE_HISTOGRAM": model.GaugeHistogram, "SUMMARY": model.Summary, "INFO": model.Info, "STATE_SET": model.StateSet,
		}
		typ, ok := types[*f.Type]
		require.True(t, ok, *f.Type)
		family.Type = typ
	}
	for _, m := range f.Metrics {
		family.Metrics = append(family.Metrics, m.model(t, family.Type))
	}
	for _, s := range f.Loose {
		sample := model.Sample{
			Name: s.Name, Labels: labelsOf(s.Labels), Value: float(t, s.Value), Timestamp: millis(t, s.Timestamp),
		}
		if s.Exemplar != nil {
			e := s.Exemplar.model(t)
			sample.Exemplar = &e
		}
		family.Loose = append(family.Loose, sample)
	}
	return family
}

func (m *jsonMetric) model(t *testing.T, typ model.Type) model.Metric {
	metric := model.Metric{Labels: labelsOf(m.Labels), Timestamp: millis(t, m.Timestamp)}
	if m.Value != nil {
		metric.Value = float(t, *m.Value)
	}
	extra := model.Extra{Created: millis(t, m.Created)}
	for _, e := range m.Exemplars {
		extra.Exemplars = append(extra.Exemplars, e.model(t))
	}
	for _, s := range m.States {
		extra.States = append(extra.States, model.State{Name: s.key, Enabled: s.value})
	}
	if extra.Created.Set || extra.Exemplars != nil || extra.States != nil {
		metric.Extra = &extra
	}
	var hasCount, hasSum bool
	var count, sum float64
	if m.Count != nil {
		hasCount, count = true, float(t, *m.Count)
	}
	if m.Sum != nil {
		hasSum, sum = true, float(t, *m.Sum)
	}
	switch typ {
	case model.Histogram, model.GaugeHistogram:
		h := &model.HistogramValue{HasCount: hasCount, Count: count, HasSum: hasSum, Sum: sum}
		texts, bounds, counts := rows(t, m.Buckets)
		h.BoundTexts = texts
		for i := range bounds {
			h.Buckets = append(h.Buckets, model.Bucket{UpperBound: bounds[i], Count: counts[i]})
		}
		for _, e := range m.BucketExemplars {
			for i, b := range m.Buckets {
				if b.key == e.Bucket {
					h.Exemplars = append(h.Exemplars, model.BucketExemplar{Bucket: i, Exemplar: e.model(t)})
				}
			}
		}
		if n := m.Native; n != nil {
			h.Native = &model.NativeHistogram{
				Schema: n.Schema, Float: n.Float, ZeroThreshold: float(t, n.ZeroThreshold), ZeroCount: float(t, n.ZeroCount),
				NegativeSpans: spansOf(n.NegativeSpans), NegativeCounts: floats(t, n.NegativeCounts),
				PositiveSpans: spansOf(n.PositiveSpans), PositiveCounts: floats(t, n.PositiveCounts),
				CustomBounds: floats(t, n.CustomBounds),
			}
		}
		metric.MakeExtra().Histogram = h
	case model.Summary:
		v := &model.SummaryValue{HasCount: hasCount, Count: count, HasSum: hasSum, Sum: sum}
		texts, numbers, values := rows(t, m.Quantiles)
		v.QuantileTexts = texts
		for i := range numbers {
			v.Quantiles = append(v.Quantiles, model.Quantile{Quantile: numbers[i], Value: values[i]})
		}
		metric.MakeExtra().Summary = v
	}
	return metric
}

func (e *jsonExemplar) model(t *testing.T) model.Exemplar {
	return model.Exemplar{Labels: labelsOf(e.Labels), Value: float(t, e.Value), Timestamp: millis(t, e.Timestamp)}
}

// rows are the bounds or quantiles of an object and their values. The texts are nil if all bounds are in shortest form.
func rows(t *testing.T, object members[string]) (texts []string, bounds, values []float64) {
	short := true
	for _, row := range object {
		bound := float(t, row.key)
		short = short && model.FormatFloat(bound) == row.key
		texts, bounds, values = append(texts, row.key), append(bounds, bound), append(values, float(t, row.value))
	}
	if short {
		texts = nil
	}
	return texts, bounds, values
}

func labelsOf(object members[string]) model.Labels {
	var labels []model.Label
	for _, l := range object {
		labels = append(labels, model.Label{Name: l.key, Value: l.value})
	}
	return model.LabelsOf(labels...)
}

func spansOf(spans []jsonSpan) (list []model.Span) {
	for _, s := range spans {
		list = append(list, model.Span{Offset: s.Offset, Length: s.Length})
	}
	return list
}

func float(t *testing.T, text string) float64 {
	f, err := strconv.ParseFloat(text, 64)
	require.NoError(t, err)
	return f
}

func floats(t *testing.T, texts []string) (list []float64) {
	for _, text := range texts {
		list = append(list, float(t, text))
	}
	return list
}

// millis reads a time in milliseconds with a fraction, without rounding.
func millis(t *testing.T, text string) model.Timestamp {
	if text == "" {
		return model.Timestamp{}
	}
	ms, ok := new(big.Rat).SetString(text)
	require.True(t, ok, text)
	nanos := new(big.Rat).Mul(ms, big.NewRat(1e6, 1))
	require.True(t, nanos.IsInt(), text)
	seconds, rest := new(big.Int).DivMod(nanos.Num(), big.NewInt(1e9), new(big.Int))
	return model.Timestamp{Seconds: seconds.Int64(), Nanos: int32(rest.Int64()), Set: true}
}

func TestJSONHoldsAllThereIsToAFamily(t *testing.T) {
	var lost []writer.Loss
	data := encode(t, format.JSON, allKinds(), writer.OnLoss(func(l writer.Loss) { lost = append(lost, l) }))
	require.Empty(t, lost)
	var read []jsonFamily
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	require.NoError(t, d.Decode(&read))
	_, err := d.Token()
	require.ErrorIs(t, err, io.EOF)
	var got []*model.MetricFamily
	for i := range read {
		got = append(got, read[i].model(t))
	}
	if diff := cmp.Diff(allKinds(), got, cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("(-written +read):\n%s", diff)
	}
}

func TestJSONDocuments(t *testing.T) {
	gauge := func(name string, labels model.Labels) model.MetricFamily {
		return model.MetricFamily{Name: name, Type: model.Gauge, HasType: true, Metrics: []model.Metric{{Labels: labels, Value: 1}}}
	}
	tests := map[string]struct {
		families []model.MetricFamily
		want     string
		losses   []diag.Rule
	}{
		"no family": {
			want: "[]\n",
		},
		"one family": {
			families: []model.MetricFamily{gauge("x", model.Labels{})},
			want:     "[\n{\"name\":\"x\",\"type\":\"GAUGE\",\"metrics\":[{\"value\":\"1\"}]}\n]\n",
		},
		"families stand on lines of their own": {
			families: []model.MetricFamily{{Name: "x"}, {Name: "y"}},
			want:     "[\n{\"name\":\"x\"},\n{\"name\":\"y\"}\n]\n",
		},
		"counts have all their digits, as those of prom2json": {
			families: []model.MetricFamily{{Name: "x", Type: model.Summary, HasType: true, Metrics: []model.Metric{
				{Extra: &model.Extra{Summary: &model.SummaryValue{HasCount: true, HasSum: true, Count: 123456789, Sum: 123456789, Quantiles: quantiles(0.5, 1e6)}}},
			}}},
			want: `[
{"name":"x","type":"SUMMARY","metrics":[{"quantiles":{"0.5":"1e+06"},"count":"123456789","sum":"1.23456789e+08"}]}
]
`,
		},
		"empty summaries and state sets": {
			families: []model.MetricFamily{
				{Name: "x", Type: model.Summary, HasType: true, Metrics: []model.Metric{{Extra: &model.Extra{Summary: &model.SummaryValue{}}}, {Extra: &model.Extra{Summary: &model.SummaryValue{}}}}},
				{Name: "y", Type: model.StateSet, HasType: true, Metrics: []model.Metric{{}}},
			},
			want: `[
{"name":"x","type":"SUMMARY","metrics":[{},{}]},
{"name":"y","type":"STATE_SET","metrics":[{"states":{}}]}
]
`,
		},
		"characters that JSON escapes": {
			families: []model.MetricFamily{gauge("x", model.NewLabels("a", "\"\\\n\t\x00\x1f\x7f/<é🙂\u2028"))},
			want: "[\n{\"name\":\"x\",\"type\":\"GAUGE\",\"metrics\":[{\"labels\":{\"a\":" +
				"\"\\\"\\\\\\n\\u0009\\u0000\\u001f\x7f/<é🙂\u2028\"},\"value\":\"1\"}]}\n]\n",
		},
		"bytes that are not UTF-8 are replaced": {
			families: []model.MetricFamily{gauge("x\xff", model.NewLabels("a", "é\xc3\xef\uFFFD"))},
			want:     "[\n{\"name\":\"x\uFFFD\",\"type\":\"GAUGE\",\"metrics\":[{\"labels\":{\"a\":\"é\uFFFD\uFFFD\uFFFD\"},\"value\":\"1\"}]}\n]\n",
			losses:   []diag.Rule{diag.LossUTF8},
		},
		"of a bound that occurs twice the first is kept": {
			families: []model.MetricFamily{{Name: "x", Type: model.Histogram, HasType: true, Metrics: []model.Metric{
				{Extra: &model.Extra{Histogram: &model.HistogramValue{Buckets: buckets(2, 1, 1, 2, 2, 3)}}},
				{Extra: &model.Extra{Histogram: &model.HistogramValue{Buckets: buckets(1, 1, 1, 2), BoundTexts: []string{"1", "1.0"}}}},
			}}},
			want: `[
{"name":"x","type":"HISTOGRAM","metrics":[{"buckets":{"2":"1","1":"2"}},{"buckets":{"1":"1","1.0":"2"}}]}
]
`,
			losses: []diag.Rule{diag.LossDuplicate},
		},
		"of a quantile that occurs twice the first is kept": {
			families: []model.MetricFamily{{Name: "x", Type: model.Summary, HasType: true, Metrics: []model.Metric{
				{Extra: &model.Extra{Summary: &model.SummaryValue{Quantiles: quantiles(0.5, 1, 0.5, 2)}}},
			}}},
			want:   "[\n{\"name\":\"x\",\"type\":\"SUMMARY\",\"metrics\":[{\"quantiles\":{\"0.5\":\"1\"}}]}\n]\n",
			losses: []diag.Rule{diag.LossDuplicate},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var families []*model.MetricFamily
			for i := range test.families {
				families = append(families, &test.families[i])
			}
			var losses []diag.Rule
			got := encode(t, format.JSON, families, writer.OnLoss(func(l writer.Loss) { losses = append(losses, l.Rule) }))
			if diff := cmp.Diff(test.want, string(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			require.True(t, json.Valid(got))
			require.Equal(t, test.losses, losses)
		})
	}
}
