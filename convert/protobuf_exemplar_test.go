package convert_test

import (
	"bytes"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/convert"
	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// TestProtobufJudgesLabelsOfExemplars holds that the names of the labels of an exemplar mean in every form of protobuf what
// they do in text: an exemplar whose labels are no set is left out and the metric kept, and strict refuses the metric.
func TestProtobufJudgesLabelsOfExemplars(t *testing.T) {
	var many strings.Builder
	for i := range 40 {
		many.WriteString(`label { name: "l` + strconv.Itoa(i) + `" } `)
	}
	for _, test := range []struct {
		name   string
		labels string
		kept   bool
		// What is said in io.prometheus.client by default, when strict, and of OpenMetrics, where both are the same.
		lenient, strict, openMetrics []diag.Rule
	}{
		{"names that metrics cannot have", `label { name: "le" } label { name: "é x" } label { name: "b:c" } label { name: "_a" }`, true, nil, nil, nil},
		{"many names", many.String(), true, nil, nil, nil},
		{"no name", `label { value: "x" }`, false, rules(diag.Exemplar), rules(diag.Exemplar), rules(diag.Exemplar)},
		{"no name behind others", `label { name: "a" } label {} label {}`, false, rules(diag.Exemplar), rules(diag.Exemplar), rules(diag.Exemplar)},
		{
			"a name twice", `label { name: "a" value: "x" } label { name: "b" } label { name: "a" value: "y" }`, false,
			rules(diag.Exemplar), rules(diag.Exemplar), rules(diag.Exemplar),
		},
		{"a name twice among many", many.String() + `label { name: "l7" }`, false, rules(diag.Exemplar), rules(diag.Exemplar), rules(diag.Exemplar)},
		{"a reserved name", `label { name: "__a" value: "x" }`, true, nil, rules(diag.ReservedLabel), rules(diag.UnderscoreLabel)},
		{"the name __name__", `label { name: "__name__" value: "x" }`, true, nil, rules(diag.ReservedLabel), rules(diag.UnderscoreLabel)},
	} {
		exemplar := `{ ` + test.labels + ` value: 0.5 }`
		for place, family := range map[string]string{
			"of a counter":   `name: "f" type: COUNTER metric { counter { value: 1 exemplar ` + exemplar + ` } }`,
			"of a bucket":    `name: "f" type: HISTOGRAM metric { histogram { bucket { upper_bound: inf exemplar ` + exemplar + ` } } }`,
			"of a histogram": `name: "f" type: HISTOGRAM metric { histogram { schema: 1 exemplars ` + exemplar + ` } }`,
		} {
			t.Run(test.name+", "+place, func(t *testing.T) {
				requireExemplar(t, test.kept, test.lenient, readMessages(t, [][]byte{encoded(t, family)}))
				requireExemplar(t, test.kept, test.strict, readMessages(t, [][]byte{encoded(t, family)}, convert.Strict()))
				got := readProtobuf(t, convert.NewPrototextDecoder, strings.NewReader(family))
				requireExemplar(t, test.kept, test.lenient, got)
				got = readProtobuf(t, convert.NewPrototextDecoder, strings.NewReader(family), convert.Strict())
				requireExemplar(t, test.kept, test.strict, got)
			})
		}
		for place, point := range map[string]string{
			"of a counter": `COUNTER metrics { metric_points { counter_value { int_value: 1 exemplar ` + exemplar + ` } } }`,
			"of a bucket":  `HISTOGRAM metrics { metric_points { histogram_value { buckets { upper_bound: inf exemplar ` + exemplar + ` } } } }`,
		} {
			t.Run(test.name+", "+place+" of OpenMetrics", func(t *testing.T) {
				page := openMetricsOf(t, `metric_families { name: "f" type: `+point+` }`)
				for _, opts := range [][]convert.Option{nil, {convert.Strict()}} {
					got := readProtobuf(t, convert.NewOpenMetricsProtobufDecoder, bytes.NewReader(page), opts...)
					requireExemplar(t, test.kept, test.openMetrics, got)
				}
			})
		}
	}
}

// requireExemplar checks that there is a metric, unless there is an error, and that it has its exemplar if that is kept.
func requireExemplar(t *testing.T, kept bool, want []diag.Rule, got protobufReading) {
	t.Helper()
	require.Equal(t, want, got.rules())
	require.Len(t, got.families, 1)
	for _, d := range got.diagnostics {
		if d.Severity == diag.Error {
			require.Empty(t, got.families[0].Metrics)
			return
		}
	}
	require.Len(t, got.families[0].Metrics, 1)
	m := got.families[0].Metrics[0]
	exemplars := m.Exemplars()
	if h := m.Histogram(); h != nil {
		for _, e := range h.Exemplars {
			exemplars = append(exemplars, e.Exemplar)
		}
	}
	if !kept {
		require.Empty(t, exemplars)
		return
	}
	require.Len(t, exemplars, 1)
	require.Equal(t, 0.5, exemplars[0].Value)
	require.NotEqual(t, model.Labels{}, exemplars[0].Labels)
}

// TestProtobufLeavesOutTheExemplarAtFault holds that the others of the same histogram stay with their buckets.
func TestProtobufLeavesOutTheExemplarAtFault(t *testing.T) {
	got := readMessages(t, [][]byte{encoded(t, `name: "f" type: HISTOGRAM metric { histogram {
		bucket { upper_bound: 1 exemplar { label { name: "a" value: "x" } value: 1 } }
		bucket { upper_bound: 2 exemplar { label { value: "y" } value: 2 } }
		bucket { upper_bound: inf exemplar { label { name: "a" value: "z" } value: 3 } }
		exemplars { label { value: "y" } value: 4 } exemplars { value: 5 } } }`)})
	require.Equal(t, rules(diag.Exemplar, diag.Exemplar), got.rules())
	m := got.families[0].Metrics[0]
	require.Equal(t, []model.BucketExemplar{
		{Bucket: 0, Exemplar: model.Exemplar{Labels: model.NewLabels("a", "x"), Value: 1}},
		{Bucket: 2, Exemplar: model.Exemplar{Labels: model.NewLabels("a", "z"), Value: 3}},
	}, m.Histogram().Exemplars)
	require.Equal(t, []model.Exemplar{{Value: 5}}, m.Exemplars())
}
