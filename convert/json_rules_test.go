package convert

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/diag"
)

// TestJSONIsJudgedLikeProtobuf holds that what histograms and summaries say is judged by the same rules, whether they come
// as JSON or as prototext.
func TestJSONIsJudgedLikeProtobuf(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		// json and prototext are the value of a metric; without a prototext there is no such value.
		kind, json, prototext string
		rules                 []diag.Rule
	}{
		{
			name: "nothing is wrong", kind: "HISTOGRAM",
			json:      `"count":3,"sum":4,"buckets":{"1":1,"2":2.5,"+Inf":3}`,
			prototext: `sample_count: 3 sample_sum: 4 bucket { upper_bound: 1 cumulative_count: 1 } bucket { upper_bound: 2 cumulative_count_float: 2.5 } bucket { upper_bound: inf cumulative_count: 3 }`,
		},
		{
			name: "a schema that does not exist", kind: "HISTOGRAM",
			json: `"native":{"schema":9}`, prototext: `schema: 9`, rules: []diag.Rule{diag.NativeSchema},
		},
		{
			name: "a zero threshold below 0", kind: "HISTOGRAM",
			json: `"native":{"zero_threshold":-1}`, prototext: `zero_threshold: -1`, rules: []diag.Rule{diag.ZeroThreshold},
		},
		{
			name: "an offset below 0", kind: "HISTOGRAM",
			json:      `"native":{"positive_spans":[{"offset":1,"length":1},{"offset":-1,"length":1}],"positive_counts":[1,1]}`,
			prototext: `positive_span { offset: 1 length: 1 } positive_span { offset: -1 length: 1 } positive_delta: [1, 0]`,
			rules:     []diag.Rule{diag.SpanOffset},
		},
		{
			name: "spans that cover more than there is", kind: "HISTOGRAM",
			json:      `"native":{"negative_spans":[{"length":3}],"negative_counts":[1]}`,
			prototext: `negative_span { length: 3 } negative_delta: 1`, rules: []diag.Rule{diag.SpanTotal},
		},
		{
			name: "counts that are none", kind: "HISTOGRAM",
			json:      `"count":-1,"buckets":{"1":"NaN"},"native":{"float":true,"zero_count":-2,"positive_spans":[{"length":2}],"positive_counts":[1,-3]}`,
			prototext: `sample_count_float: -1 bucket { upper_bound: 1 cumulative_count_float: nan } zero_count_float: -2 positive_span { length: 2 } positive_count: [1, -3]`,
			rules:     []diag.Rule{diag.CountValue, diag.CountValue, diag.CountValue, diag.CountValue},
		},
		{
			name: "counts that only a gauge histogram may have", kind: "GAUGE_HISTOGRAM",
			json:      `"count":-2,"buckets":{"1":-1,"+Inf":-2}`,
			prototext: `sample_count_float: -2 bucket { upper_bound: 1 cumulative_count_float: -1 } bucket { upper_bound: inf cumulative_count_float: -2 }`,
		},
		{
			name: "the count of a summary that is none", kind: "SUMMARY",
			json: `"count":-1`, rules: []diag.Rule{diag.CountValue},
		},
		{
			name: "counts that fall", kind: "HISTOGRAM",
			json:      `"buckets":{"1":3,"2":2}`,
			prototext: `bucket { upper_bound: 1 cumulative_count: 3 } bucket { upper_bound: 2 cumulative_count: 2 }`,
			rules:     []diag.Rule{diag.FallingCounts},
		},
		{
			name: "bounds that do not rise, and one that occurs twice", kind: "HISTOGRAM",
			json:      `"buckets":{"2":1,"1":2,"2.0":3}`,
			prototext: `bucket { upper_bound: 2 cumulative_count: 1 } bucket { upper_bound: 1 cumulative_count: 2 } bucket { upper_bound: 2 cumulative_count: 3 }`,
			rules:     []diag.Rule{diag.BoundOrder, diag.DuplicateSeries},
		},
		{
			name: "a bound that is no number", kind: "HISTOGRAM",
			json:      `"buckets":{"NaN":1}`,
			prototext: `bucket { upper_bound: nan cumulative_count: 1 }`, rules: []diag.Rule{diag.BucketBound},
		},
		{
			name: "a bucket +Inf that is not the count", kind: "HISTOGRAM",
			json:      `"count":2,"buckets":{"+Inf":1}`,
			prototext: `sample_count: 2 bucket { upper_bound: inf cumulative_count: 1 }`, rules: []diag.Rule{diag.InfinityCount},
		},
		{
			name: "native buckets that do not add up", kind: "HISTOGRAM",
			json:      `"count":2,"native":{"positive_spans":[{"length":1}],"positive_counts":[1]}`,
			prototext: `sample_count: 2 positive_span { length: 1 } positive_delta: 1`, rules: []diag.Rule{diag.NativeCount},
		},
		{
			name: "quantiles that are no number, and that occur twice", kind: "SUMMARY",
			json:      `"quantiles":{"NaN":1,"0.5":2,"0.50":3}`,
			prototext: `quantile { quantile: nan value: 1 } quantile { quantile: 0.5 value: 2 } quantile { quantile: 0.5 value: 3 }`,
			rules:     []diag.Rule{diag.QuantileLabel, diag.DuplicateSeries},
		},
		{
			name: "bounds of its own", kind: "HISTOGRAM",
			json: `"count":1,"native":{"schema":-53,"custom_bounds":[-1,2.5],"positive_spans":[{"length":1}],"positive_counts":[1]}`,
		},
		{
			name: "bounds of its own that do not rise, and one that is no number", kind: "HISTOGRAM",
			json: `"native":{"schema":-53,"custom_bounds":[2,2,1,"NaN"]}`, rules: []diag.Rule{diag.BoundOrder, diag.BoundOrder, diag.BucketBound},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			for name, opts := range map[string][]Option{"by default": nil, "strict": {Strict()}} {
				var found []*diag.Diagnostic
				said := func(d *diag.Diagnostic) { found = append(found, d) }
				kept := func(r FamilyReader) (metrics int) {
					found = nil
					for f, err := range r.Families() {
						if d, isDiagnostic := errors.AsType[*diag.Diagnostic](err); isDiagnostic {
							said(d)
							continue
						}
						require.NoError(t, err)
						metrics += len(f.Metrics)
					}
					return metrics
				}
				text := `{"name":"a","type":"` + test.kind + `","metrics":[{` + test.json + `}]}`
				metrics := kept(NewJSONDecoder(strings.NewReader(text), append(opts, OnDiagnostic(said))...))
				ofJSON := found

				// After an error there is nothing more to be said.
				want, refused := test.rules, 0
				if i := slices.IndexFunc(ofJSON, func(d *diag.Diagnostic) bool { return d.Severity == diag.Error }); i >= 0 {
					want, refused = want[:i+1], 1
				}
				var rules []diag.Rule
				for _, d := range ofJSON {
					rules = append(rules, d.Rule)
					require.Equal(t, strings.Index(text, "[{")+2, d.Pos.Column, "it stands where the metric does")
				}
				require.Equal(t, want, rules, name)
				require.Equal(t, 1-refused, metrics, name)
				if len(test.rules) > 0 && opts != nil {
					require.Equal(t, 1, refused)
				}
				if test.prototext == "" {
					continue
				}

				value := map[string]string{"SUMMARY": "summary"}[test.kind]
				if value == "" {
					value = "histogram"
				}
				text = `name: "a" type: ` + test.kind + ` metric { ` + value + ` { ` + test.prototext + ` } }`
				require.Equal(t, metrics, kept(NewPrototextDecoder(strings.NewReader(text), append(opts, OnDiagnostic(said))...)), name)
				require.Len(t, found, len(ofJSON), name)
				for i, d := range found {
					require.Equal(t, ofJSON[i].Rule, d.Rule, name)
					require.Equal(t, ofJSON[i].Severity, d.Severity, name)
					require.Equal(t, ofJSON[i].Message, d.Message, name)
				}
			}
		})
	}
}
