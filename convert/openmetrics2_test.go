package convert

import "testing"

var openMetrics2Rows = []openMetricsRow{
	{
		name: "a counter has its whole name, and its start timestamp is its creation time",
		text: lines("# TYPE a_x_total counter", "# UNIT a_x_total x", `a_x_total{l="x"} 1 5 st@1.5 # {} 2 3 # {t="y"} 3 4.5`),
		families: []string{
			`counter a_x_total in "x"`, `  a_x_total{l="x"} 1 @5000`,
			`  of {l="x"}: at 5 s + 0 ns`, `  of {l="x"}: since 1 s + 500000000 ns`,
			`  of {l="x"}: exemplar {} 2 at 3 s + 0 ns`, `  of {l="x"}: exemplar {t="y"} 3 at 4 s + 500000000 ns`,
		},
	},
	{
		name: "a histogram of classic buckets shares its exemplars among them",
		text: lines("# TYPE a histogram", `a{l="x"} {count:3,sum:4.5,bucket:[0.5:1,1:1,+Inf:3]} st@7 # {} 8 1 # {t="y"} 0.5 2 # {} NaN 3`),
		families: []string{
			"histogram a", `  a_bucket{l="x",le="0.5"} 1`, `  a_bucket{l="x",le="1"} 1`, `  a_bucket{l="x",le="+Inf"} 3`,
			`  a_sum{l="x"} 4.5`, `  a_count{l="x"} 3`, `  a_created{l="x"} 7`, `  of {l="x"}: since 7 s + 0 ns`,
			`  of {l="x"}: bucket 0 exemplar {t="y"} 0.5 at 2 s + 0 ns`,
			`  of {l="x"}: bucket 2 exemplar {} 8 at 1 s + 0 ns`, `  of {l="x"}: bucket 2 exemplar {} NaN at 3 s + 0 ns`,
		},
	},
	{
		name: "a native histogram keeps its spans, its counts and all exemplars",
		text: lines("# TYPE a histogram", "a {count:6,sum:1,schema:3,zero_threshold:1e-4,zero_count:1,negative_spans:[-2:1],"+
			"negative_buckets:[2],positive_spans:[0:1,2:1],positive_buckets:[1,2]} # {} 1 2"),
		families: []string{
			"histogram a", "  a_sum 1", "  a_count 6", "  of {}: exemplar {} 1 at 2 s + 0 ns",
			"  of {}: native {3 0.0001 1 false [{-2 1}] [2] [{0 1} {2 1}] [1 2] []}",
		},
	},
	{
		name: "a gauge histogram and a summary",
		text: lines("# TYPE a gaugehistogram", "a {gcount:-1,gsum:2,schema:0,zero_threshold:0,zero_count:-1.0,bucket:[1:2,+Inf:-1]}",
			"# TYPE b summary", "b {count:1,sum:2,quantile:[0.5:NaN,1:3]} 4 st@3", "b {count:2,sum:3,quantile:[]} 5"),
		families: []string{
			"gaugehistogram a", `  a_bucket{le="1"} 2`, `  a_bucket{le="+Inf"} -1`, "  a_gsum 2", "  a_gcount -1",
			"  of {}: native {0 0 -1 true [] [] [] [] []}",
			"summary b", `  b{quantile="0.5"} NaN @4000`, `  b{quantile="1"} 3 @4000`, "  b_sum 2 @4000", "  b_count 1 @4000",
			"  b_created 3 @4000", "  b_sum 3 @5000", "  b_count 2 @5000",
			"  of {}: at 4 s + 0 ns", "  of {}: since 3 s + 0 ns", "  of {}: at 5 s + 0 ns",
		},
	},
	{
		name: "a family of unknown type is of the type that its composite values show",
		text: lines("# TYPE a unknown", "a {count:1,sum:2,quantile:[]}", "b {gcount:1,gsum:2,bucket:[+Inf:1]}", "c 1"),
		families: []string{
			"summary a", "  a_sum 2", "  a_count 1", "gaugehistogram b", `  b_bucket{le="+Inf"} 1`, "  b_gsum 2", "  b_gcount 1", "c", "  c 1",
		},
	},
	{
		name:      "values of the wrong kind",
		text:      lines("# TYPE a gauge", "a {count:1,sum:2,quantile:[]}", "a 1", "# TYPE b histogram", "b 1", "b {count:1,sum:2,quantile:[]}"),
		families:  []string{"gauge a", "  a 1", "histogram b", "  b 1 (loose)"},
		byDefault: []string{"2:3 error composite-place", "5:3 warning plain-value", "6:18 error field-place"},
		strict:    []string{"2:3 error composite-place", "5:3 error plain-value", "6:18 error field-place"},
	},
	{
		name: "the values of a family of unknown type may be of all kinds, but only those of the first composite one are more than samples",
		text: lines("# TYPE a unknown", "a 1", `a{l="x"} 2 3 # {} 4 5`, `a{l="x"} {count:1,sum:2,quantile:[0.5:NaN]} 6 st@3`,
			`a{l="y"} {gcount:-1,gsum:2,bucket:[+Inf:-1]}`, `a{l="z"} {count:1,sum:2,quantile:[]}`,
			`a{l="0"} {count:1,sum:2,schema:0,zero_threshold:0,zero_count:1}`, "# TYPE b gauge", "b 1", "c {gcount:1,gsum:2,bucket:[+Inf:1]}", `c{l="x"} 1`),
		families: []string{
			"summary a", `  a{l="x",quantile="0.5"} NaN @6000`, `  a_sum{l="x"} 2 @6000`, `  a_count{l="x"} 1 @6000`, `  a_created{l="x"} 3 @6000`,
			`  a_sum{l="z"} 2`, `  a_count{l="z"} 1`, "  a 1 (loose)", `  a{l="x"} 2 @3000 (loose)`,
			`  a_bucket{l="y",le="+Inf"} -1 (loose)`, `  a_gsum{l="y"} 2 (loose)`, `  a_gcount{l="y"} -1 (loose)`,
			`  a_sum{l="0"} 2 (loose)`, `  a_count{l="0"} 1 (loose)`,
			`  of {l="x"}: at 6 s + 0 ns`, `  of {l="x"}: since 3 s + 0 ns`, "  loose exemplar {} 4 at 5 s + 0 ns",
			"gauge b", "  b 1", "gaugehistogram c", `  c_bucket{le="+Inf"} 1`, "  c_gsum 2", "  c_gcount 1", `  c{l="x"} 1 (loose)`,
		},
		byDefault: []string{"4:10 warning mixed-values", "11:10 warning mixed-values"},
		strict:    []string{"4:10 warning mixed-values", "11:10 warning mixed-values"},
	},
	{
		name: "and no more is allowed in it than in others",
		text: lines("a 1", "a {count:1,sum:2,quantile:[]}", `a{l="x"} {count:1,sum:2}`, "# TYPE a gauge", `a{l="y"} {count:1,gsum:2}`, `a{l="z"} {count:1,sum:2,quantile:[2:1]}`,
			"a 2 3"),
		families: []string{
			"summary a", "  a_sum 2", "  a_count 1", `  a{l="z",quantile="2"} 1`, `  a_sum{l="z"} 2`, `  a_count{l="z"} 1`,
			"  a 1 (loose)", `  a_sum{l="x"} 2 (loose)`, `  a_count{l="x"} 1 (loose)`, "  a 2 @3000 (loose)",
		},
		byDefault: []string{
			"2:3 warning mixed-values", "2:1 warning duplicate-series", "3:10 warning missing-field", "4:10 error type-conflict",
			"5:11 error field-place", "6:35 warning quantile-range", "7:1 warning interleaved-metric",
		},
		strict: []string{
			"2:3 warning mixed-values", "2:1 error duplicate-series", "3:10 error missing-field", "4:10 error type-after-samples",
			"5:11 error field-place", "6:35 error quantile-range", "7:1 error partial-timestamps",
		},
	},
	{
		name: "a composite value is kept by default whatever its numbers are",
		text: lines("# TYPE a histogram", "a {count:2,sum:1,bucket:[1:3,0.5:1]}", `a{l="x",le="y"} {count:2,sum:1,bucket:[+Inf:1]}`,
			"# TYPE b summary", "b {count:NaN,sum:-1,quantile:[2:-3,1:4]}"),
		families: []string{
			"histogram a", `  a_bucket{le="1"} 3`, `  a_bucket{le="0.5"} 1`, "  a_sum 1", "  a_count 2",
			`  a_bucket{l="x",le="+Inf"} 1`, `  a_sum{l="x",le="y"} 1`, `  a_count{l="x",le="y"} 2`,
			"summary b", `  b{quantile="2"} -3`, `  b{quantile="1"} 4`, "  b_sum -1", "  b_count NaN",
		},
		byDefault: []string{
			"2:30 warning bound-order", "2:18 warning missing-infinity", "3:9 warning bound-label", "3:45 warning infinity-count",
			"5:10 warning nan-value", "5:18 warning negative-value", "5:31 warning quantile-range", "5:33 warning quantile-value",
			"5:36 warning bound-order",
		},
		strict: []string{"2:30 error bound-order", "3:9 error bound-label", "5:10 error nan-value"},
	},
	{
		name:      "a repeated histogram, and one that comes back at another time",
		text:      lines("# TYPE a summary", "a {count:1,sum:2,quantile:[]}", "a {count:1,sum:2,quantile:[]}", `a{l="x"} {count:1,sum:2,quantile:[]} 1`, "a {count:1,sum:2,quantile:[]} 2"),
		families:  []string{"summary a", "  a_sum 2", "  a_count 1", "  a_sum 2", "  a_count 1", `  a_sum{l="x"} 2 @1000`, `  a_count{l="x"} 1 @1000`, "  a_sum 2 @2000", "  a_count 1 @2000", `  of {l="x"}: at 1 s + 0 ns`, "  of {}: at 2 s + 0 ns"},
		byDefault: []string{"3:1 warning duplicate-series", "5:1 warning interleaved-metric"},
		strict:    []string{"3:1 error duplicate-series", "5:1 error interleaved-metric"},
	},
	{
		name: "the samples of a state stand together, and the states of a set",
		text: lines("# TYPE a stateset", `a{l="x",a="on"} 1 1`, `a{l="x",a="on"} 0 2`, `a{l="x",a="off"} 0 1`, `a{l="x",a="off"} 1 2`,
			`a{l="y",a="on"} 1`, `a{l="y",a="off"} 0`),
		families: []string{
			"stateset a", `  a{l="x",a="on"} 1 @1000`, `  a{l="x",a="off"} 0 @1000`, `  a{l="x",a="on"} 0 @2000`, `  a{l="x",a="off"} 1 @2000`,
			`  a{l="y",a="on"} 1`, `  a{l="y",a="off"} 0`,
			`  of {l="x"}: at 1 s + 0 ns`, `  of {l="x"}: at 2 s + 0 ns`,
		},
	},
	{
		name: "a state that comes back, and one whose time falls",
		text: lines("# TYPE a stateset", `a{a="on"} 1 1`, `a{a="off"} 0 1`, `a{a="on"} 0 2`, `a{a="off"} 1 3`, `a{a="off"} 1 2`),
		families: []string{
			"stateset a", `  a{a="on"} 1 @1000`, `  a{a="off"} 0 @1000`, `  a{a="on"} 0 @2000`, `  a{a="off"} 1 @2000`, `  a{a="off"} 1 @3000`,
			"  of {}: at 1 s + 0 ns", "  of {}: at 2 s + 0 ns", "  of {}: at 3 s + 0 ns",
		},
		byDefault: []string{"4:1 warning interleaved-metric", "6:14 warning falling-timestamp"},
		strict:    []string{"4:1 error interleaved-metric", "5:1 error interleaved-metric", "6:14 error falling-timestamp"},
	},
	{
		name: "what is advised",
		text: lines("# TYPE a counter", "# UNIT a x", "a 1", "# TYPE b info", "b 1", "# TYPE c_x_total gauge", "# UNIT c_x_total x", "d_bucket 1"),
		families: []string{
			`counter a in "x"`, "  a 1", "info b", "  b 1", `gauge c_x_total in "x"`, "d_bucket", "  d_bucket 1",
		},
		byDefault: []string{"1:8 warning total-suffix-advised", "2:10 warning unit-suffix-advised", "4:8 warning missing-suffix"},
		strict: []string{
			"1:8 warning total-suffix-advised", "2:10 warning unit-suffix-advised", "4:8 error missing-suffix",
			"8:1 warning suffix-discouraged",
		},
	},
	{
		name: "one count in the form of a float, or a negative one, makes floats of all counts of a native histogram",
		text: lines("# TYPE a histogram", "a {count:3,sum:2.0,schema:0,zero_threshold:0.0,zero_count:3,bucket:[+Inf:3.0]}",
			"# TYPE b histogram", "b {count:3.0,sum:2,schema:0,zero_threshold:0,zero_count:3}",
			"# TYPE c histogram", "c {count:3,sum:2,schema:0,zero_threshold:0,zero_count:2,negative_spans:[0:1],negative_buckets:[1e0]}",
			"# TYPE d gaugehistogram", "d {gcount:-3,gsum:2,schema:0,zero_threshold:0,zero_count:-3}"),
		families: []string{
			"histogram a", `  a_bucket{le="+Inf"} 3`, "  a_sum 2", "  a_count 3", "  of {}: native {0 0 3 false [] [] [] [] []}",
			"histogram b", "  b_sum 2", "  b_count 3", "  of {}: native {0 0 3 true [] [] [] [] []}",
			"histogram c", "  c_sum 2", "  c_count 3", "  of {}: native {0 0 2 true [{0 1}] [1] [] [] []}",
			"gaugehistogram d", "  d_gsum 2", "  d_gcount -3", "  of {}: native {0 0 -3 true [] [] [] [] []}",
		},
	},
	{
		name:     "counts that are not whole may be the sum of their buckets all the same",
		text:     lines("# TYPE a gaugehistogram", "a {gcount:0.3,gsum:2,schema:0,zero_threshold:0,zero_count:0.1,positive_spans:[0:1],positive_buckets:[0.2]}"),
		families: []string{"gaugehistogram a", "  a_gsum 2", "  a_gcount 0.3", "  of {}: native {0 0 0.1 true [] [] [{0 1}] [0.2] []}"},
		strict:   []string{"2:11 warning fractional-count", "2:59 warning fractional-count", "2:102 warning fractional-count"},
	},
}

func TestOpenMetrics2(t *testing.T) {
	t.Parallel()
	for _, row := range openMetrics2Rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			row.check(t, OpenMetrics2())
		})
	}
}
