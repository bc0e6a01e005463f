package convert

import "testing"

func TestPointsLikeThoseBefore(t *testing.T) {
	rows := []row{
		{
			name: "a family has the bounds of the family before",
			text: lines(
				`# TYPE a histogram`, `a_bucket{le="0.5"} 1`, `a_bucket{le="+Inf"} 2`, `a_sum 3`, `a_count 2`,
				`# TYPE b histogram`, `b_bucket{le="0.5"} 4`, `b_bucket{le="+Inf"} 5`, `b_sum 6`, `b_count 5`,
			),
			families: []string{
				`histogram a`, `  a_bucket{le="0.5"} 1`, `  a_bucket{le="+Inf"} 2`, `  a_sum 3`, `  a_count 2`,
				`histogram b`, `  b_bucket{le="0.5"} 4`, `  b_bucket{le="+Inf"} 5`, `  b_sum 6`, `  b_count 5`,
			},
		},
		{
			name: "carriage returns are reported once, and one of them is no part of a value or timestamp",
			text: "# TYPE a gauge\r\na{b=\"1\"} 1\r\na{b=\"2\"} 2.5 3\r\na{b=\"3\"} 4\r\na{b=\"4\"} 5\r\r\n" +
				"# TYPE c histogram\r\nc_bucket{le=\"1\"} 1\r\nc_bucket{le=\"2\"} 1\r\nc_count 1\r\n",
			families: []string{
				`gauge a`, `  a{b="1"} 1`, `  a{b="2"} 2.5 @3`, `  a{b="3"} 4`, `  a{b="4"} 5`,
				`histogram c`, `  c_bucket{le="1"} 1`, `  c_bucket{le="2"} 1`, `  c_count 1`,
			},
			byDefault: []string{"1:15 warning carriage-return"},
			strict:    []string{"1:15 error carriage-return"},
		},
		{
			name: "a bound is written as in the family before, otherwise than the number is",
			text: lines(
				`# TYPE a histogram`, `a_bucket{le="0.5"} 1`, `a_bucket{le="1.0"} 1`, `a_bucket{le="2.0"} 1`,
				`# TYPE b histogram`, `b_bucket{le="0.5"} 1`, `b_bucket{le="1.0"} 1`, `b_bucket{le="2"} 1`,
			),
			families: []string{
				`histogram a`, `  a_bucket{le="0.5"} 1`, `  a_bucket{le="1.0"} 1`, `  a_bucket{le="2.0"} 1`,
				`histogram b`, `  b_bucket{le="0.5"} 1`, `  b_bucket{le="1.0"} 1`, `  b_bucket{le="2"} 1`,
			},
		},
		{
			name: "quantiles are those of the summary before, with a histogram between them",
			text: lines(
				`# TYPE a summary`, `a{quantile="0.5"} 1`, `a{quantile="0.9"} 2`,
				`# TYPE b histogram`, `b_bucket{le="0.5"} 1`, `b_bucket{le="0.9"} 2`,
				`# TYPE c summary`, `c{quantile="0.5"} 3`, `c{quantile="0.9"} 4`, `c_sum 5`, `c_count 6`,
			),
			families: []string{
				`summary a`, `  a{quantile="0.5"} 1`, `  a{quantile="0.9"} 2`,
				`histogram b`, `  b_bucket{le="0.5"} 1`, `  b_bucket{le="0.9"} 2`,
				`summary c`, `  c{quantile="0.5"} 3`, `  c{quantile="0.9"} 4`, `  c_sum 5`, `  c_count 6`,
			},
		},
		{
			name: "a sum and a count have the labels of the buckets before them",
			text: lines(
				`# TYPE a histogram`,
				`a_bucket{l="x,y",m="\"}",le="1"} 1`, `a_bucket{l="x,y",m="\"}",le="+Inf"} 2`,
				`a_sum{l="x,y",m="\"}"} 3`, `a_count{l="x,y",m="\"}"} 2`,
				`a_bucket{l="z",m="",le="1"} 1`, `a_bucket{l="z",m="",le="+Inf"} 2`, `a_sum{l="z",m=""} 4`, `a_count{l="z",m=""} 2`,
			),
			families: []string{
				`histogram a`,
				`  a_bucket{l="x,y",m="\"}",le="1"} 1`, `  a_bucket{l="x,y",m="\"}",le="+Inf"} 2`,
				`  a_sum{l="x,y",m="\"}"} 3`, `  a_count{l="x,y",m="\"}"} 2`,
				`  a_bucket{l="z",m="",le="1"} 1`, `  a_bucket{l="z",m="",le="+Inf"} 2`, `  a_sum{l="z",m=""} 4`, `  a_count{l="z",m=""} 2`,
			},
		},
		{
			name: "a sum that has other labels than the buckets before it belongs to another metric",
			text: lines(
				`# TYPE a histogram`, `a_bucket{l="x",le="+Inf"} 1`, `a_sum{l="xx"} 2`, `a_sum{l="x"} 3`, `a_sum 4`, `a_count{l="x"} 1`,
			),
			families: []string{
				`histogram a`, `  a_bucket{l="x",le="+Inf"} 1`, `  a_sum{l="x"} 3`, `  a_count{l="x"} 1`, `  a_sum{l="xx"} 2`, `  a_sum 4`,
			},
		},
		{
			name: "labels behind the bound are those of the sum too",
			text: lines(
				`# TYPE a histogram`, `a_bucket{l="x",le="+Inf",m="y"} 1`, `a_sum{l="x",m="y"} 2`, `a_sum{l="x"} 3`, `a_count{l="x",m="y"} 1`,
			),
			families: []string{
				`histogram a`, `  a_bucket{l="x",m="y",le="+Inf"} 1`, `  a_sum{l="x",m="y"} 2`, `  a_count{l="x",m="y"} 1`,
				`  a_sum{l="x"} 3`,
			},
		},
		{
			name: "a second sum is refused",
			text: lines(`# TYPE a histogram`, `a_bucket{le="+Inf"} 1`, `a_sum 2`, `a_sum 3`, `a_count 1`, `a_count 1`),
			families: []string{
				`histogram a`, `  a_bucket{le="+Inf"} 1`, `  a_sum 2`, `  a_count 1`, `  a_sum 3 (loose)`, `  a_count 1 (loose)`,
			},
			byDefault: []string{"4:1 warning duplicate-series", "6:1 warning duplicate-series"},
			strict:    []string{"4:1 error duplicate-series", "6:1 error duplicate-series"},
		},
		{
			name: "a count that is none is refused behind buckets",
			text: lines(`# TYPE a histogram`, `a_bucket{le="+Inf"} 1`, `a_count -1`, `a_count 1.5`, `a_count 1`),
			families: []string{
				`histogram a`, `  a_bucket{le="+Inf"} 1`, `  a_count -1`, `  a_count 1.5 (loose)`, `  a_count 1 (loose)`,
			},
			byDefault: []string{
				"3:1 warning count-value", "4:1 warning count-value", "4:1 warning duplicate-series", "5:1 warning duplicate-series",
			},
			strict: []string{"3:1 error count-value", "4:1 error count-value"},
		},
		{
			name: "a sum at another time belongs to another metric",
			text: lines(`# TYPE a summary`, `a{quantile="1"} 1 5`, `a_sum 2 6`, `a_sum 3 5`, `a_count 4 5`),
			families: []string{
				`summary a`, `  a{quantile="1"} 1 @5`, `  a_sum 3 @5`, `  a_count 4 @5`, `  a_sum 2 @6`,
			},
			byDefault: []string{"3:1 warning mixed-timestamps"},
			strict:    []string{"3:1 warning mixed-timestamps"},
		},
		{
			name: "a bucket behind the sum is one of the metric",
			text: lines(`# TYPE a histogram`, `a_bucket{le="1"} 1`, `a_sum 2`, `a_bucket{le="+Inf"} 1`, `a_count 1`),
			families: []string{
				`histogram a`, `  a_bucket{le="1"} 1`, `  a_bucket{le="+Inf"} 1`, `  a_sum 2`, `  a_count 1`,
			},
		},
		{
			name: "a count that has the name of a family of its own is reported",
			text: lines(
				`# TYPE a_count gauge`, `a_count 7`,
				`# TYPE a histogram`, `a_bucket{le="1"} 1`, `a_sum 2`, `a_count 1`,
			),
			families: []string{
				`gauge a_count`, `  a_count 7`, `histogram a`, `  a_bucket{le="1"} 1`, `  a_sum 2`, `  a_count 1`,
			},
			byDefault: []string{"6:1 warning name-clash"},
			strict:    []string{"6:1 warning name-clash"},
		},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			row.check(t)
		})
	}
}

// TestSeriesInOrder has a series come again in families whose series have been in an order so far, which spares looking them up.
func TestSeriesInOrder(t *testing.T) {
	// The names of the labels are known from a family before.
	page := func(samples ...string) string {
		return lines(append([]string{`# TYPE known gauge`, `known{i="1"} 0`, `# TYPE a gauge`}, samples...)...)
	}
	families := func(samples ...string) []string {
		families := []string{`gauge known`, `  known{i="1"} 0`, `gauge a`}
		for _, sample := range samples {
			families = append(families, "  "+sample)
		}
		return families
	}
	rows := []row{{
		name:      "of an alphabet",
		text:      page(`a{i="1"} 1`, `a{i="10"} 2`, `a{i="2"} 3`, `a{i="10"} 4`),
		families:  families(`a{i="1"} 1`, `a{i="10"} 2`, `a{i="2"} 3`, `a{i="10"} 4`),
		byDefault: []string{"7:1 warning duplicate-series"},
		strict:    []string{"7:1 error duplicate-series"},
	}, {
		name:      "of numbers",
		text:      page(`a{i="8"} 1`, `a{i="9"} 2`, `a{i="10"} 3`, `a{i="11"} 4`, `a{i="9"} 5`),
		families:  families(`a{i="8"} 1`, `a{i="9"} 2`, `a{i="10"} 3`, `a{i="11"} 4`, `a{i="9"} 5`),
		byDefault: []string{"8:1 warning duplicate-series"},
		strict:    []string{"8:1 error duplicate-series"},
	}, {
		name:      "of numbers, and the last one comes again",
		text:      page(`a{i="9"} 1`, `a{i="10"} 2`, `a{i="10"} 3`),
		families:  families(`a{i="9"} 1`, `a{i="10"} 2`, `a{i="10"} 3`),
		byDefault: []string{"6:1 warning duplicate-series"},
		strict:    []string{"6:1 error duplicate-series"},
	}, {
		name:      "of numbers first and then of an alphabet",
		text:      page(`a{i="2"} 1`, `a{i="10"} 2`, `a{i="3"} 3`, `a{i="10"} 4`),
		families:  families(`a{i="2"} 1`, `a{i="10"} 2`, `a{i="3"} 3`, `a{i="10"} 4`),
		byDefault: []string{"7:1 warning duplicate-series"},
		strict:    []string{"7:1 error duplicate-series"},
	}, {
		name:      "of an alphabet first and then of numbers",
		text:      page(`a{i="10"} 1`, `a{i="2"} 2`, `a{i="30"} 3`, `a{i="2"} 4`),
		families:  families(`a{i="10"} 1`, `a{i="2"} 2`, `a{i="30"} 3`, `a{i="2"} 4`),
		byDefault: []string{"7:1 warning duplicate-series"},
		strict:    []string{"7:1 error duplicate-series"},
	}, {
		name:      "of time, with labels and without",
		text:      page(`a{i="1"} 1 5`, `a{i="1"} 2 6`, `a{i="1"} 3 7`, `a{i="2"} 4 5`, `a{i="1"} 5 6`),
		families:  families(`a{i="1"} 1 @5`, `a{i="1"} 2 @6`, `a{i="1"} 3 @7`, `a{i="2"} 4 @5`, `a{i="1"} 5 @6`),
		byDefault: []string{"8:1 warning duplicate-series"},
		strict:    []string{"8:1 error duplicate-series"},
	}, {
		name:      "of time, without labels",
		text:      page(`a 1 -5`, `a 2 0`, `a 3 7`, `a 4 0`),
		families:  families(`a 1 @-5`, `a 2 @0`, `a 3 @7`, `a 4 @0`),
		byDefault: []string{"7:1 warning duplicate-series"},
		strict:    []string{"7:1 error duplicate-series"},
	}, {
		name:     "of time, one of which is not said",
		text:     page(`a 1 -5`, `a 2`, `a 3 0`, `a 4 1`),
		families: families(`a 1 @-5`, `a 2`, `a 3 @0`, `a 4 @1`),
	}, {
		name:      "of time, one of which is not said, and that comes again",
		text:      page(`a 1`, `a 2 1`, `a 3`),
		families:  families(`a 1`, `a 2 @1`, `a 3`),
		byDefault: []string{"6:1 warning duplicate-series"},
		strict:    []string{"6:1 error duplicate-series"},
	}}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			row.check(t)
		})
	}
}

func TestOpenMetricsPointsLikeThoseBefore(t *testing.T) {
	rows := []openMetricsRow{
		{
			name: "a bound that is not written as it should be is reported of each family",
			text: lines(
				`# TYPE a histogram`, `a_bucket{le="0.5"} 1`, `a_bucket{le="1"} 1`, `a_bucket{le="+Inf"} 1`,
				`# TYPE b histogram`, `b_bucket{le="0.5"} 1`, `b_bucket{le="1"} 1`, `b_bucket{le="+Inf"} 1`,
			),
			families: []string{
				`histogram a`, `  a_bucket{le="0.5"} 1`, `  a_bucket{le="1"} 1`, `  a_bucket{le="+Inf"} 1`,
				`histogram b`, `  b_bucket{le="0.5"} 1`, `  b_bucket{le="1"} 1`, `  b_bucket{le="+Inf"} 1`,
			},
			strict: []string{"3:10 warning canonical-number", "7:10 warning canonical-number"},
		},
		{
			name: "a quantile that is none is reported of each family",
			text: lines(
				`# TYPE a summary`, `a{quantile="0.5"} 1`, `a{quantile="2.0"} 1`,
				`# TYPE b summary`, `b{quantile="0.5"} 1`, `b{quantile="2.0"} 1`,
			),
			families: []string{
				`summary a`, `  a{quantile="0.5"} 1`, `  a{quantile="2.0"} 1`, `summary b`, `  b{quantile="0.5"} 1`, `  b{quantile="2.0"} 1`,
			},
			byDefault: []string{"3:3 warning quantile-range", "6:3 warning quantile-range"},
			strict:    []string{"3:3 error quantile-range", "6:3 error quantile-range"},
		},
		{
			name: "a point that has a timestamp and stands behind one that has none is reported",
			text: lines(`# TYPE a gauge`, `a{i="1"} 1.0`, `a{i="2"} 1.0`, `a{i="2"} 2.0 5.0`),
			families: []string{
				`gauge a`, `  a{i="1"} 1`, `  a{i="2"} 1`, `  a{i="2"} 2 @5000`,
				`  of {i="2"}: at 5 s + 0 ns`,
			},
			byDefault: []string{"4:1 warning partial-timestamps"},
			strict:    []string{"4:1 error partial-timestamps"},
		},
		{
			name: "a negative sum behind its buckets is reported",
			text: lines(`# TYPE a histogram`, `a_bucket{le="1.0"} 1`, `a_bucket{le="+Inf"} 1`, `a_sum -1.0`, `a_count 1`),
			families: []string{
				`histogram a`, `  a_bucket{le="1.0"} 1`, `  a_bucket{le="+Inf"} 1`, `  a_sum -1`, `  a_count 1`, `  of {}: bounds 1.0 +Inf`,
			},
			byDefault: []string{"4:7 warning negative-value"},
			strict:    []string{"4:7 error negative-value"},
		},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			row.check(t, OpenMetrics())
		})
	}
}

func TestFamiliesWithoutMetadata(t *testing.T) {
	rows := []row{
		{
			name:     "each name is a family",
			text:     lines(`a 1`, `b{l="x"} 2`, `b{l="y"} 3`, `c 4`, `c{l="x"} 5`),
			families: []string{`a`, `  a 1`, `b`, `  b{l="x"} 2`, `  b{l="y"} 3`, `c`, `  c 4`, `  c{l="x"} 5`},
		},
		{
			name: "a line that is refused does not end the family before it",
			text: lines(`a{l="x"} 1`, `b x`, `a{l="y"} 2`, `b{l="x" 3`, `a{l="z"} 4`),
			families: []string{
				`a`, `  a{l="x"} 1`, `  a{l="y"} 2`, `  a{l="z"} 4`,
			},
			byDefault: []string{"2:3 error number", "4:9 error syntax"},
			strict:    []string{"2:3 error number", "4:9 error syntax"},
		},
		{
			name: "a family that comes back is continued",
			text: lines(`a 1`, `b 2`, `a 3`, `c 4`),
			families: []string{
				`a`, `  a 1`, `b`, `  b 2`, `a (continued)`, `  a 3`, `c`, `  c 4`,
			},
			byDefault: []string{"3:1 warning interleaved-family"},
			strict:    []string{"3:1 error interleaved-family"},
		},
		{
			name: "a sample that a family before may have is one of it",
			text: lines(`# TYPE a histogram`, `a_bucket{le="+Inf"} 1`, `b 2`, `a_count 1`, `a_other 3`),
			families: []string{
				`histogram a`, `  a_bucket{le="+Inf"} 1`, `b`, `  b 2`, `histogram a (continued)`, `  a_count 1`, `a_other`, `  a_other 3`,
			},
			byDefault: []string{"4:1 warning interleaved-family"},
			strict:    []string{"4:1 error interleaved-family"},
		},
		{
			name: "labels may have a blank behind each comma, behind some or behind none",
			text: lines(
				`a{l="1", m="x", n="\\"} 1`, `a{l="2", m="x", n="\""} 2`, `a{l="3", m="y",n=" "} 3`, `a{l="4",m="y",n=", "} 4`, `a{l="5", m="", n=""} 5`,
			),
			families: []string{
				`a`, `  a{l="1",m="x",n="\\"} 1`, `  a{l="2",m="x",n="\""} 2`, `  a{l="3",m="y",n=" "} 3`, `  a{l="4",m="y",n=", "} 4`,
				`  a{l="5",m="",n=""} 5`,
			},
		},
		{
			name:      "a blank behind a comma makes no other series",
			text:      lines(`a{l="1", m="x"} 1`, `a{l="1",m="x"} 2`, `b{l="1",m="x"} 1`, `b{l="1", m="x"} 2`),
			families:  []string{`a`, `  a{l="1",m="x"} 1`, `  a{l="1",m="x"} 2`, `b`, `  b{l="1",m="x"} 1`, `  b{l="1",m="x"} 2`},
			byDefault: []string{"2:1 warning duplicate-series", "4:1 warning duplicate-series"},
			strict:    []string{"2:1 error duplicate-series", "4:1 error duplicate-series"},
		},
		{
			name: "a bound has blanks before and behind it",
			text: lines(
				`# TYPE a histogram`,
				`a_bucket{l="x", le="1", m="y"} 1`, `a_bucket{l="x", le="2", m="y"} 2`, `a_bucket{l="x", le="+Inf", m="y"} 3`,
				`# TYPE b histogram`,
				`b_bucket{l="x", le="1"} 1`, `b_bucket{l="x", le="2"} 2`, `b_bucket{l="x", le="+Inf"} 3`, `b_sum{l="x"} 4`, `b_count{l="x"} 3`,
			),
			families: []string{
				`histogram a`,
				`  a_bucket{l="x",m="y",le="1"} 1`, `  a_bucket{l="x",m="y",le="2"} 2`, `  a_bucket{l="x",m="y",le="+Inf"} 3`,
				`histogram b`,
				`  b_bucket{l="x",le="1"} 1`, `  b_bucket{l="x",le="2"} 2`, `  b_bucket{l="x",le="+Inf"} 3`,
				`  b_sum{l="x"} 4`, `  b_count{l="x"} 3`,
			},
		},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			row.check(t)
		})
	}
}
