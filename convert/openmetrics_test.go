package convert

import (
	"testing"

	"github.com/stretchr/testify/require"
)

var openMetricsRows = []openMetricsRow{
	{
		name: "a counter is called without its suffix, and its creation time becomes that of the metric",
		text: lines("# TYPE a_seconds counter", "# UNIT a_seconds seconds", "# HELP a_seconds Text.",
			`a_seconds_total{l="x"} 1.5 5 # {t="y"} 0.5 4.25`, `a_seconds_created{l="x"} 1520430000.123456789 5`),
		families: []string{
			`counter a_seconds +_total "Text." in "seconds"`, `  a_seconds_total{l="x"} 1.5 @5000`,
			`  a_seconds_created{l="x"} 1.5204300001234567e+09 @5000`,
			`  of {l="x"}: at 5 s + 0 ns`, `  of {l="x"}: since 1520430000 s + 123456789 ns`,
			`  of {l="x"}: exemplar {t="y"} 0.5 at 4 s + 250000000 ns`,
		},
	},
	{
		name: "a creation time may come before the total",
		text: lines("# TYPE a counter", "a_created 1", "a_total 2", `a_created{l="x"} 3`, `a_total{l="x"} 4`),
		families: []string{
			"counter a +_total", "  a_total 2", "  a_created 1", `  a_total{l="x"} 4`, `  a_created{l="x"} 3`,
			"  of {}: since 1 s + 0 ns", `  of {l="x"}: since 3 s + 0 ns`,
		},
	},
	{
		name:      "a creation time without a total is kept as it is",
		text:      lines("# TYPE a counter", `a_created{l="x"} 1`, "a_total 2", `a_created{l="y"} 3`),
		families:  []string{"counter a +_total", "  a_total 2", `  a_created{l="x"} 1 (loose)`, `  a_created{l="y"} 3 (loose)`},
		byDefault: []string{"2:1 warning loose-sample", "4:1 warning loose-sample"},
		strict:    []string{"2:1 error loose-sample", "4:1 error loose-sample"},
	},
	{
		name: "creation times behind all totals find their metrics, in whatever order",
		text: lines("# TYPE a counter", `a_total{l="x",m="z"} 1`, `a_total{l="y",m="z"} 2`,
			`a_created{m="z",l="x"} 3`, `a_created{l="y",m="z"} 4`),
		families: []string{
			"counter a +_total", `  a_total{l="x",m="z"} 1`, `  a_created{l="x",m="z"} 3`,
			`  a_total{l="y",m="z"} 2`, `  a_created{l="y",m="z"} 4`,
			`  of {l="x",m="z"}: since 3 s + 0 ns`, `  of {l="y",m="z"}: since 4 s + 0 ns`,
		},
		byDefault: []string{"4:1 warning interleaved-metric"},
		strict:    []string{"4:1 error interleaved-metric"},
	},
	{
		name:      "a second creation time is a repetition",
		text:      lines("# TYPE a counter", "a_total 1", "a_created 2", "a_created 3"),
		families:  []string{"counter a +_total", "  a_total 1", "  a_created 2", "  a_created 3 (loose)", "  of {}: since 2 s + 0 ns"},
		byDefault: []string{"4:1 warning duplicate-series"},
		strict:    []string{"4:1 error duplicate-series"},
	},
	{
		name:      "a creation time that is none is kept as it is",
		text:      lines("# TYPE a counter", "a_total 1", "a_created +Inf", "# TYPE b summary", "b_created NaN"),
		families:  []string{"counter a +_total", "  a_total 1", "  a_created +Inf (loose)", "summary b", "  b_created NaN (loose)"},
		byDefault: []string{"3:11 warning created-value", "5:11 warning created-value"},
		strict:    []string{"3:11 error created-value", "5:11 error created-value"},
	},
	{
		name: "counters without the suffix are counters of that name, told once",
		text: lines("# TYPE a counter", `a{l="x"} 1`, `a{l="y"} 2`, `a{l="z"} -3`, `a_total{l="z"} 4`),
		families: []string{
			"counter a", `  a{l="x"} 1`, `  a{l="y"} 2`, `  a{l="z"} -3`, `  a_total{l="z"} 4 (loose)`,
		},
		byDefault: []string{"2:1 warning missing-suffix", "4:10 warning negative-value", "5:1 warning loose-sample"},
		strict: []string{
			"2:1 error missing-suffix", "3:1 error missing-suffix", "4:1 error missing-suffix",
		},
	},
	{
		name: "a counter without the suffix among others with it is kept as it is",
		text: lines("# TYPE a counter", `a_total{l="x"} 1`, `a{l="y"} 2`, "# TYPE b info", `b_info{l="x"} 1`, `b{l="y"} 1`),
		families: []string{
			"counter a +_total", `  a_total{l="x"} 1`, `  a{l="y"} 2 (loose)`,
			"info b +_info", `  b_info{l="x"} 1`, `  b{l="y"} 1 (loose)`,
		},
		byDefault: []string{"3:1 warning missing-suffix", "6:1 warning missing-suffix"},
		strict:    []string{"3:1 error missing-suffix", "6:1 error missing-suffix"},
	},
	{
		name:     "a family without samples has its suffix",
		text:     lines("# TYPE a counter", "# TYPE b info", "# TYPE c gauge"),
		families: []string{"counter a +_total", "info b +_info", "gauge c"},
	},
	{
		name: "a histogram has its buckets with their exemplars, sum, count and creation time",
		text: lines("# TYPE a histogram", `a_bucket{le="0.5"} 1 # {t="x"} 0.25`, `a_bucket{le="1.0"} 1`,
			`a_bucket{le="+Inf"} 2 # {} 3 4`, "a_count 2", "a_sum 3.25", "a_created 1.5"),
		families: []string{
			"histogram a", `  a_bucket{le="0.5"} 1`, `  a_bucket{le="1.0"} 1`, `  a_bucket{le="+Inf"} 2`,
			"  a_sum 3.25", "  a_count 2", "  a_created 1.5",
			"  of {}: since 1 s + 500000000 ns",
			`  of {}: bucket 0 exemplar {t="x"} 0.25`, "  of {}: bucket 2 exemplar {} 3 at 4 s + 0 ns",
			"  of {}: bounds 0.5 1.0 +Inf",
		},
	},
	{
		name: "a gauge histogram may have a negative sum, and a summary all samples",
		text: lines("# TYPE a gaugehistogram", `a_bucket{le="-0.5"} 1`, `a_bucket{le="+Inf"} 1`, "a_gcount 1", "a_gsum -1",
			"# TYPE b summary", `b{quantile="0.5"} NaN`, "b_sum 0", "b_count 0", "b_created 7"),
		families: []string{
			"gaugehistogram a", `  a_bucket{le="-0.5"} 1`, `  a_bucket{le="+Inf"} 1`, "  a_gsum -1", "  a_gcount 1",
			"summary b", `  b{quantile="0.5"} NaN`, "  b_sum 0", "  b_count 0", "  b_created 7", "  of {}: since 7 s + 0 ns",
		},
	},
	{
		name: "an info, a state set and a unit that is empty",
		text: lines("# TYPE a info", "# UNIT a ", `a_info{v="1"} 1`, "# TYPE b stateset", `b{l="x",b="on"} 1`, `b{l="x",b="off"} 0`),
		families: []string{
			`info a +_info in ""`, `  a_info{v="1"} 1`, "stateset b", `  b{l="x",b="on"} 1`, `  b{l="x",b="off"} 0`,
		},
	},
	{
		name: "a histogram that lacks something is refused as a whole when strict, and those beside it are not",
		text: lines("# TYPE a histogram", `a_bucket{l="x",le="+Inf"} 1`, `a_bucket{l="y",le="1.0"} 1`, `a_bucket{l="z",le="+Inf"} 3`,
			`a_count{l="z"} 2`),
		families: []string{
			"histogram a", `  a_bucket{l="x",le="+Inf"} 1`, `  a_bucket{l="y",le="1.0"} 1`, `  a_bucket{l="z",le="+Inf"} 3`,
			`  a_count{l="z"} 2`, `  of {l="y"}: bounds 1.0`,
		},
		byDefault: []string{
			"3:1 warning missing-infinity", "4:1 warning infinity-count", "4:1 warning count-without-sum",
		},
		strict: []string{"3:1 error missing-infinity", "4:1 error infinity-count", "4:1 error count-without-sum"},
		kept:   []string{"histogram a", `  a_bucket{l="x",le="+Inf"} 1`},
	},
	{
		name: "a histogram that comes in parts is put together",
		text: lines("# TYPE a histogram", `a_bucket{l="x",le="+Inf"} 1`, `a_bucket{l="y",le="+Inf"} 2`,
			`a_count{l="x"} 1`, `a_sum{l="x"} 1`, `a_count{l="y"} 2`, `a_sum{l="y"} 2`),
		families: []string{
			"histogram a", `  a_bucket{l="x",le="+Inf"} 1`, `  a_sum{l="x"} 1`, `  a_count{l="x"} 1`,
			`  a_bucket{l="y",le="+Inf"} 2`, `  a_sum{l="y"} 2`, `  a_count{l="y"} 2`,
		},
		byDefault: []string{"4:1 warning interleaved-metric"},
		strict: []string{
			"4:1 error interleaved-metric", "5:1 error interleaved-metric",
		},
	},
	{
		name:      "buckets whose bounds or counts fall are kept",
		text:      lines("# TYPE a histogram", `a_bucket{le="2.0"} 5`, `a_bucket{le="1.0"} 1`, `a_bucket{le="3.0"} 0`, `a_bucket{le="+Inf"} 5`),
		families:  []string{"histogram a", `  a_bucket{le="2.0"} 5`, `  a_bucket{le="1.0"} 1`, `  a_bucket{le="3.0"} 0`, `  a_bucket{le="+Inf"} 5`, "  of {}: bounds 2.0 1.0 3.0 +Inf"},
		byDefault: []string{"3:10 warning bound-order", "4:20 warning falling-counts"},
		strict:    []string{"3:10 error bound-order", "4:20 error falling-counts"},
	},
	{
		name: "bounds and quantiles keep the way in which they are written",
		text: lines("# TYPE a histogram", `a_bucket{le=".0"} 0`, `a_bucket{le="1"} 1`, `a_bucket{le="+inf"} 1`,
			"# TYPE b summary", `b{quantile="-.0"} 1`, `b{quantile="0.50"} 1`, `b{quantile="1.0"} 1`),
		families: []string{
			"histogram a", `  a_bucket{le=".0"} 0`, `  a_bucket{le="1"} 1`, `  a_bucket{le="+inf"} 1`,
			"  of {}: bounds .0 1 +inf",
			"summary b", `  b{quantile="-.0"} 1`, `  b{quantile="0.50"} 1`, `  b{quantile="1.0"} 1`,
		},
		byDefault: []string{"4:10 warning infinity-text"},
		strict:    []string{"2:10 warning canonical-number", "4:10 error infinity-text", "6:3 warning canonical-number"},
	},
	{
		name: "the points of a metric are metrics of their own",
		text: lines("# TYPE a summary", "a_count 1 1", "a_sum 1 1", "a_count 2 2.5", "a_sum 2 2.5", "b 1 -0.5", "b 2 1e3"),
		families: []string{
			"summary a", "  a_sum 1 @1000", "  a_count 1 @1000", "  a_sum 2 @2500", "  a_count 2 @2500",
			"  of {}: at 1 s + 0 ns", "  of {}: at 2 s + 500000000 ns",
			"b", "  b 1 @-500", "  b 2 @1000000", "  of {}: at -1 s + 500000000 ns", "  of {}: at 1000 s + 0 ns",
		},
	},
	{
		name: "points that come back, fall or lack a timestamp are kept and told once a family",
		text: lines(`a{l="x"} 1 1`, `a{l="y"} 1 1`, `a{l="x"} 1 2`, `a{l="x"} 1`, `a{l="y"} 1 3`, `a{l="y"} 1 2`, `a{l="z"} 1`, `a{l="z"} 1 1`),
		families: []string{
			"a", `  a{l="x"} 1 @1000`, `  a{l="y"} 1 @1000`, `  a{l="x"} 1 @2000`, `  a{l="x"} 1`, `  a{l="y"} 1 @3000`, `  a{l="y"} 1 @2000`,
			`  a{l="z"} 1`, `  a{l="z"} 1 @1000`,
			`  of {l="x"}: at 1 s + 0 ns`, `  of {l="y"}: at 1 s + 0 ns`, `  of {l="x"}: at 2 s + 0 ns`,
			`  of {l="y"}: at 3 s + 0 ns`, `  of {l="y"}: at 2 s + 0 ns`, `  of {l="z"}: at 1 s + 0 ns`,
		},
		byDefault: []string{"3:1 warning interleaved-metric", "4:1 warning partial-timestamps", "6:12 warning falling-timestamp"},
		strict: []string{
			"3:1 error interleaved-metric", "4:1 error interleaved-metric", "6:12 error falling-timestamp",
			"8:1 error partial-timestamps",
		},
	},
	{
		name: "exemplars stay where they do not belong",
		text: lines("# TYPE a gauge", `a 1 # {t="x"} 2`, "# TYPE b summary", `b_count 1 # {t="y"} 2`, `c 1 # {} 3`, "# TYPE d histogram", "d 1 # {} 4"),
		families: []string{
			"gauge a", "  a 1", `  of {}: exemplar {t="x"} 2`, "summary b", "  b_count 1", `  of {}: exemplar {t="y"} 2`,
			"c", "  c 1", "  of {}: exemplar {} 3", "histogram d", "  d 1 (loose)", "  loose exemplar {} 4",
		},
		byDefault: []string{
			"2:5 warning exemplar-place", "4:11 warning exemplar-place", "5:5 warning exemplar-place",
			"7:5 warning exemplar-place", "7:1 warning loose-sample",
		},
		strict: []string{
			"2:5 error exemplar-place", "4:11 error exemplar-place", "5:5 error exemplar-place", "7:5 error exemplar-place",
		},
	},
	{
		name:      "an exemplar that is malformed is left out",
		text:      lines("# TYPE a counter", "a_total 1 # {} 2 3 4"),
		families:  []string{"counter a +_total", "  a_total 1"},
		byDefault: []string{"2:20 warning exemplar"},
		strict:    []string{"2:20 error exemplar"},
	},
	{
		name: "names that clash are told where the second family begins",
		text: lines("# TYPE a counter", "a_total 1", "# HELP a_created Text.", "a_created 2", "# TYPE b_count gauge", "b_count 1",
			"# TYPE b histogram", `b_bucket{le="+Inf"} 1`),
		families: []string{
			"counter a +_total", "  a_total 1", `a_created "Text."`, "  a_created 2",
			"gauge b_count", "  b_count 1", "histogram b", `  b_bucket{le="+Inf"} 1`,
		},
		byDefault: []string{"3:8 warning family-clash", "7:8 warning family-clash"},
		strict:    []string{"3:8 error family-clash", "7:8 error family-clash"},
	},
	{
		name: "a unit is told from another, stays with a family that comes back, and belongs to the end of the name",
		text: lines("# TYPE a_x gauge", "# UNIT a_x x", "# UNIT a_x y", "a_x 1", "# UNIT b y", "# TYPE c_x info", "# UNIT c_x x",
			"# TYPE a_x gauge", "# UNIT a_x x"),
		families: []string{
			`gauge a_x in "x"`, "  a_x 1", `b in "y"`, `info c_x +_info in "x"`, `gauge a_x (continued) in "x"`,
		},
		byDefault: []string{
			"3:12 error unit-conflict", "5:10 warning unit-suffix", "7:12 warning unit-not-allowed",
			"8:8 warning interleaved-family", "8:12 warning duplicate-type", "9:12 warning duplicate-unit",
		},
		strict: []string{
			"3:12 error unit-conflict", "5:10 error unit-suffix", "7:12 error unit-not-allowed",
			"8:8 error interleaved-family", "8:12 error duplicate-type", "9:12 error duplicate-unit",
		},
	},
	{
		name: "states that are none are kept as they are",
		text: lines("# TYPE a stateset", `a{a="on"} 2`, `a{b="on"} 1`, `a{a="off"} 0`, `a{a="off"} 1`),
		families: []string{
			"stateset a", `  a{a="off"} 0`, `  a{a="on"} 2 (loose)`, `  a{b="on"} 1 (loose)`, `  a{a="off"} 1 (loose)`,
		},
		byDefault: []string{"2:11 warning state-value", "3:1 warning state-label", "5:1 warning duplicate-series"},
		strict:    []string{"2:11 error state-value", "3:1 error state-label", "5:1 error duplicate-series"},
	},
	{
		name: "values that a type does not have are kept by default",
		text: lines("# TYPE a counter", "a_total NaN", `a_total{l="x"} -1`, "# TYPE b info", "b_info 0", "# TYPE c summary",
			`c{quantile="2.0"} -1`, "c_count 0.5", "c_sum -1"),
		families: []string{
			"counter a +_total", "  a_total NaN", `  a_total{l="x"} -1`, "info b +_info", "  b_info 0",
			"summary c", `  c{quantile="2.0"} -1`, "  c_sum -1", "  c_count 0.5",
		},
		byDefault: []string{
			"2:9 warning nan-value", "3:16 warning negative-value", "5:8 warning info-value",
			"7:3 warning quantile-range", "7:19 warning quantile-value", "8:1 warning count-value", "9:7 warning negative-value",
		},
		strict: []string{
			"2:9 error nan-value", "3:16 error negative-value", "5:8 error info-value",
			"7:3 error quantile-range", "8:1 error count-value", "9:7 error negative-value",
		},
	},
}

func TestOpenMetrics(t *testing.T) {
	t.Parallel()
	for _, row := range openMetricsRows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			row.check(t, OpenMetrics())
		})
	}
}

// TestBoundsAreJudgedInTheFormatTheyAreReadIn holds that memory which has been in use for another format says nothing of what
// is wrong with a bound in this one.
func TestBoundsAreJudgedInTheFormatTheyAreReadIn(t *testing.T) {
	page := "# TYPE h histogram\nh_bucket{le=\"Inf\"} 1\nh_sum 1\nh_count 1\n"
	for range 10 {
		require.Empty(t, read(t, page).diagnostics)
		require.Equal(t, []string{"2:10 warning infinity-text"}, read(t, page+"# EOF\n", OpenMetrics()).diagnostics)
	}
}
