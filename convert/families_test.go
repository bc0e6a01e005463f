package convert

import "testing"

// TestFamilies holds how samples are put together to families, metrics and points.
func TestFamilies(t *testing.T) {
	t.Parallel()
	for _, test := range []row{
		{
			name:     `samples of one name without metadata are one family`,
			text:     lines(`a 1`, `a{l="x"} 2`, `b 3`),
			families: []string{`a`, `  a 1`, `  a{l="x"} 2`, `b`, `  b 3`},
		},
		{
			name: `a family that comes back is continued with its metadata`,
			text: lines(`# HELP a text`, `# TYPE a counter`, `a{l="x"} 1`, `b 2`, `a{l="y"} 3`),
			families: []string{`counter a "text"`, `  a{l="x"} 1`, `b`, `  b 2`,
				`counter a "text" (continued)`, `  a{l="y"} 3`},
			byDefault: []string{"5:1 warning interleaved-family"},
			strict:    []string{"5:1 error interleaved-family"},
		},
		{
			name: `a histogram that comes back is known by its samples' suffixes`,
			text: lines(`# TYPE a histogram`, `a_bucket{le="1"} 1`, `b 2`, `a_sum 3`),
			families: []string{`histogram a`, `  a_bucket{le="1"} 1`, `b`, `  b 2`,
				`histogram a (continued)`, `  a_sum 3`},
			byDefault: []string{"4:1 warning interleaved-family"},
			strict:    []string{"4:1 error interleaved-family"},
		},
		{
			name: `metadata before all samples`,
			text: lines(`# TYPE a counter`, `# TYPE b gauge`, `a_total 1`, `b 2`),
			families: []string{`counter a`, `gauge b`, `counter a +_total (continued)`, `  a_total 1`,
				`gauge b (continued)`, `  b 2`},
			byDefault: []string{"3:1 warning interleaved-family", "3:1 warning counter-suffix", "4:1 warning interleaved-family"},
			strict:    []string{"3:1 error interleaved-family", "3:1 error counter-suffix", "4:1 error interleaved-family"},
		},
		{
			name:      `TYPE behind the samples of an earlier part`,
			text:      lines(`a 1`, `b 2`, `# TYPE a counter`, `a{l="x"} 3`),
			families:  []string{`a`, `  a 1`, `b`, `  b 2`, `counter a (continued)`, `  a{l="x"} 3`},
			byDefault: []string{"3:8 warning interleaved-family", "3:10 warning type-after-samples"},
			strict:    []string{"3:8 error interleaved-family", "3:10 error type-after-samples"},
		},
		{
			name:     `metadata without samples are a family of their own`,
			text:     lines(`# HELP a text`, `# TYPE b counter`, `c 1`),
			families: []string{`a "text"`, `counter b`, `c`, `  c 1`},
		},
		{
			name:      `a series that occurs twice`,
			text:      lines(`a{l="x",m="y"} 1`, `a{l="x",m="y"} 2`, `a{m="y",l="x"} 3`, `a{l="x",m="y"} 4 1000`),
			families:  []string{`a`, `  a{l="x",m="y"} 1`, `  a{l="x",m="y"} 2`, `  a{m="y",l="x"} 3`, `  a{l="x",m="y"} 4 @1000`},
			byDefault: []string{"2:1 warning duplicate-series", "3:1 warning duplicate-series"},
			strict:    []string{"2:1 error duplicate-series", "3:1 error duplicate-series"},
		},
		{
			name: `a series that occurs twice among many`,
			text: lines(`a{l="1"} 1`, `a{l="2"} 1`, `a{l="3"} 1`, `a{l="4"} 1`, `a{l="5"} 1`, `a{l="6"} 1`, `a{l="7"} 1`,
				`a{l="8"} 1`, `a{l="9"} 1`, `a{l="1"} 2`, `a{m="1"} 1`, `a{l="2"} 2`),
			families: []string{`a`, `  a{l="1"} 1`, `  a{l="2"} 1`, `  a{l="3"} 1`, `  a{l="4"} 1`, `  a{l="5"} 1`,
				`  a{l="6"} 1`, `  a{l="7"} 1`, `  a{l="8"} 1`, `  a{l="9"} 1`, `  a{l="1"} 2`, `  a{m="1"} 1`, `  a{l="2"} 2`},
			byDefault: []string{"10:1 warning duplicate-series", "12:1 warning duplicate-series"},
			strict:    []string{"10:1 error duplicate-series", "12:1 error duplicate-series"},
		},
		{
			name:     `a counter's samples have the name in its TYPE line`,
			text:     lines(`# TYPE a counter`, `a 1`, `# TYPE b_total counter`, `b_total 2`),
			families: []string{`counter a`, `  a 1`, `counter b_total`, `  b_total 2`},
		},
		{
			name:      `a counter's samples have a suffix that its TYPE line lacks`,
			text:      lines(`# TYPE a counter`, `a_total{l="x"} 1`, `a_total{l="y"} 2`),
			families:  []string{`counter a +_total`, `  a_total{l="x"} 1`, `  a_total{l="y"} 2`},
			byDefault: []string{"2:1 warning counter-suffix"},
			strict:    []string{"2:1 error counter-suffix", "3:1 error counter-suffix"},
		},
		{
			name:      `some of a counter's samples have a suffix`,
			text:      lines(`# TYPE a counter`, `a{l="x"} 1`, `a_total{l="y"} 2`),
			families:  []string{`counter a`, `  a{l="x"} 1`, `  a_total{l="y"} 2 (loose)`},
			byDefault: []string{"3:1 warning loose-sample"},
			strict:    []string{"3:1 error loose-sample"},
		},
		{
			name: `the points of a histogram in the usual order`,
			text: lines(`# TYPE a histogram`,
				`a_bucket{l="x",le="1"} 1`, `a_bucket{l="x",le="+Inf"} 2`, `a_sum{l="x"} 3`, `a_count{l="x"} 2`,
				`a_bucket{l="y",le="1"} 4`, `a_bucket{l="y",le="+Inf"} 5`, `a_sum{l="y"} 6`, `a_count{l="y"} 5`),
			families: []string{`histogram a`,
				`  a_bucket{l="x",le="1"} 1`, `  a_bucket{l="x",le="+Inf"} 2`, `  a_sum{l="x"} 3`, `  a_count{l="x"} 2`,
				`  a_bucket{l="y",le="1"} 4`, `  a_bucket{l="y",le="+Inf"} 5`, `  a_sum{l="y"} 6`, `  a_count{l="y"} 5`},
		},
		{
			name: `the points of a histogram by suffix, with the bound among the other labels`,
			text: lines(`# TYPE a histogram`,
				`a_bucket{k="1",le="1",m="x"} 1`, `a_bucket{k="1",le="1",m="y"} 4`,
				`a_bucket{k="1",le="+Inf",m="x"} 2`, `a_bucket{k="1",le="+Inf",m="y"} 5`,
				`a_sum{k="1",m="x"} 3`, `a_sum{m="y",k="1"} 6`, `a_count{k="1",m="x"} 2`, `a_count{k="1",m="y"} 5`),
			families: []string{`histogram a`,
				`  a_bucket{k="1",m="x",le="1"} 1`, `  a_bucket{k="1",m="x",le="+Inf"} 2`, `  a_sum{k="1",m="x"} 3`, `  a_count{k="1",m="x"} 2`,
				`  a_bucket{k="1",m="y",le="1"} 4`, `  a_bucket{k="1",m="y",le="+Inf"} 5`, `  a_sum{k="1",m="y"} 6`, `  a_count{k="1",m="y"} 5`},
		},
		{
			name: `a histogram with a label quantile, and a summary with a label le`,
			text: lines(`# TYPE a histogram`, `a_bucket{l="\n",le="1",quantile="1"} 1`, `a_bucket{l="\n",le="2",quantile="1"} 2`,
				`a_bucket{l="\n",le="1",quantile="2"} 3`, `a_bucket{l="\n",le="2",quantile="2"} 4`,
				`# TYPE b summary`, `b{l="\n",quantile="1",le="1"} 1`, `b{l="\n",quantile="1",le="2"} 2`),
			families: []string{`histogram a`, `  a_bucket{l="\n",quantile="1",le="1"} 1`, `  a_bucket{l="\n",quantile="1",le="2"} 2`,
				`  a_bucket{l="\n",quantile="2",le="1"} 3`, `  a_bucket{l="\n",quantile="2",le="2"} 4`,
				`summary b`, `  b{l="\n",le="1",quantile="1"} 1`, `  b{l="\n",le="2",quantile="1"} 2`},
		},
		{
			name: `bounds and quantiles keep the text that they were written as`,
			text: lines(`# TYPE a histogram`, `a_bucket{le="0.5"} 1`, `a_bucket{le="1.0"} 1`, `a_bucket{le="1e3"} 1`, `a_bucket{le="inf"} 1`,
				`# TYPE b summary`, `b{quantile="0.50"} 1`, `b{quantile="0.9"} 2`),
			families: []string{`histogram a`, `  a_bucket{le="0.5"} 1`, `  a_bucket{le="1.0"} 1`, `  a_bucket{le="1e3"} 1`, `  a_bucket{le="inf"} 1`,
				`summary b`, `  b{quantile="0.50"} 1`, `  b{quantile="0.9"} 2`},
		},
		{
			name:      `a sample of just a histogram's name`,
			text:      lines(`# TYPE a histogram`, `a_count 1`, `a 2`),
			families:  []string{`histogram a`, `  a_count 1`, `  a 2 (loose)`},
			byDefault: []string{"3:1 warning loose-sample"},
			strict:    []string{"3:1 error loose-sample"},
		},
		{
			name:     `buckets without a bound, or with one that is no number`,
			text:     lines(`# TYPE a histogram`, `a_bucket 1`, `a_bucket{le="NaN"} 2`, `a_bucket{l="x",le="foo"} 3`, `a_bucket{le="1"} 4`),
			families: []string{`histogram a`, `  a_bucket{le="1"} 4`, `  a_bucket 1 (loose)`, `  a_bucket{le="NaN"} 2 (loose)`, `  a_bucket{l="x",le="foo"} 3 (loose)`},
			byDefault: []string{"2:1 warning bucket-bound", "3:10 warning bucket-bound",
				"4:16 warning bucket-bound"},
			strict: []string{"2:1 error bucket-bound", "3:10 error bucket-bound", "4:16 error bucket-bound"},
		},
		{
			name:      `a summary's sample without a quantile, or with one that is no number`,
			text:      lines(`# TYPE a summary`, `a 1`, `a{quantile="x"} 2`, `a{quantile="0.5"} 3`),
			families:  []string{`summary a`, `  a{quantile="0.5"} 3`, `  a 1 (loose)`, `  a{quantile="x"} 2 (loose)`},
			byDefault: []string{"2:1 warning loose-sample", "3:3 warning quantile-label"},
			strict:    []string{"2:1 error loose-sample", "3:3 error quantile-label"},
		},
		{
			name:      `a gauge of the name of a histogram's count`,
			text:      lines(`# TYPE a_count gauge`, `a_count 1`, `# TYPE a histogram`, `a_sum 2`, `a_count 3`, `a_count{l="x"} 4`),
			families:  []string{`gauge a_count`, `  a_count 1`, `histogram a`, `  a_sum 2`, `  a_count 3`, `  a_count{l="x"} 4`},
			byDefault: []string{"5:1 warning name-clash"},
			strict:    []string{"5:1 warning name-clash"},
		},
		{
			name: `counts that are none`,
			text: lines(`# TYPE a summary`, `a_count{l="1"} 2.7`, `a_count{l="2"} -2`, `a_count{l="3"} NaN`,
				`# TYPE b histogram`, `b_bucket{le="1"} 0.5`, `b_count +Inf`),
			families: []string{`summary a`, `  a_count{l="1"} 2.7`, `  a_count{l="2"} -2`, `  a_count{l="3"} NaN`,
				`histogram b`, `  b_bucket{le="1"} 0.5`, `  b_count +Inf`},
			byDefault: []string{"2:1 warning count-value", "3:1 warning count-value", "4:1 warning count-value",
				"6:1 warning count-value", "7:1 warning count-value"},
			strict: []string{"2:1 error count-value", "3:1 error count-value", "4:1 error count-value",
				"6:1 error count-value", "7:1 error count-value"},
		},
		{
			name: `different timestamps in a histogram make different points`,
			text: lines(`# TYPE a histogram`, `a_bucket{le="1"} 1 100`, `a_bucket{le="+Inf"} 2 200`, `a_count 2 200`, `a_sum 3 100`),
			families: []string{`histogram a`, `  a_bucket{le="1"} 1 @100`, `  a_sum 3 @100`,
				`  a_bucket{le="+Inf"} 2 @200`, `  a_count 2 @200`},
			byDefault: []string{"3:1 warning mixed-timestamps"},
			strict:    []string{"3:1 warning mixed-timestamps"},
		},
		{
			name: `what a point has had already is kept beside it`,
			text: lines(`# TYPE a histogram`, `a_bucket{le="1"} 1`, `a_bucket{le="+Inf"} 2`, `a_bucket{le="1.0"} 3`, `a_sum 1`, `a_sum 2`),
			families: []string{`histogram a`, `  a_bucket{le="1"} 1`, `  a_bucket{le="+Inf"} 2`, `  a_sum 1`,
				`  a_bucket{le="1.0"} 3 (loose)`, `  a_sum 2 (loose)`},
			byDefault: []string{"4:1 warning duplicate-series", "6:1 warning duplicate-series"},
			strict:    []string{"4:1 error duplicate-series", "6:1 error duplicate-series"},
		},
		{
			name: `names in quotes`,
			text: lines(`# HELP "m.x" text`, `# TYPE "m.x" gauge`, `{"m.x"} 1`, `{"m.x",l="1"} 2`, `{l="2","m.x"} 3`,
				`{"m.x","l.x"="3"} 4`, `{"b",l="x"} 5`, `b{l="y"} 6`, `{"\"q\"\n\\"} 7`),
			families: []string{`gauge m.x "text"`, `  m.x 1`, `  m.x{l="1"} 2`, `  m.x{l="2"} 3`, `  m.x{l.x="3"} 4`,
				`b`, `  b{l="x"} 5`, `  b{l="y"} 6`, "\"q\"\n\\", "  \"q\"\n\\ 7"},
		},
		{
			name: `names in quotes where they may not be`,
			text: lines(`{"a","b"} 1`, `a{"m"} 1`, `{""} 1`, `"m.x" 1`, `{a} 1`, `# TYPE "" gauge`),
			byDefault: []string{"1:6 error second-name", "2:3 error second-name", "3:2 error empty-name", "4:1 error syntax",
				"5:3 error syntax", "6:8 error empty-name"},
			strict: []string{"1:6 error second-name", "2:3 error second-name", "3:2 error empty-name", "4:1 error syntax",
				"5:3 error syntax", "6:8 error empty-name"},
		},
		{
			name:      `a name that needs quotes is none without them`,
			text:      lines(`# TYPE "m.x" gauge`, `m.x 1`, `# TYPE "m x" gauge`, `# TYPE m x gauge`, `{"m.x"} 2`),
			families:  []string{`gauge m.x`, `gauge m x`, `gauge m.x (continued)`, `  m.x 2`},
			byDefault: []string{"2:2 error metric-name", "4:12 error syntax", "5:2 warning interleaved-family"},
			strict:    []string{"2:2 error metric-name", "4:12 error syntax", "5:2 error interleaved-family"},
		},
		{
			name:     `text that is not UTF-8`,
			text:     lines("{\"a\xff\"} 1", "a{l=\"x\xff\"} 1", "# HELP a x\xff", "# comment \xff", `b 1`),
			families: []string{`b`, `  b 1`},
			byDefault: []string{"1:4 error invalid-utf8", "2:7 error invalid-utf8", "3:11 error invalid-utf8",
				"4:11 warning comment-utf8"},
			strict: []string{"1:4 error invalid-utf8", "2:7 error invalid-utf8", "3:11 error invalid-utf8",
				"4:11 error comment-utf8"},
		},
		{
			name:      `NUL in strings and comments, and elsewhere`,
			text:      lines("a{l=\"x\x00y\"} 1", "# HELP b x\x00", "# \x00", "\x00c 1", `b 2`),
			families:  []string{`a`, `  a{l="x\x00y"} 1`, "b \"x\\x00\"", `  b 2`},
			byDefault: []string{"4:1 error metric-name"},
			strict:    []string{"4:1 error metric-name"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.check(t)
		})
	}
}

func TestBoundThatOccursTwiceAmongFallingOnes(t *testing.T) {
	t.Parallel()
	row{
		text: lines("# TYPE h histogram", `h_bucket{le="5"} 1`, `h_bucket{le="3"} 1`, `h_bucket{le="5"} 2`, `h_bucket{le="7"} 2`),
		families: []string{"histogram h", `  h_bucket{le="5"} 1`, `  h_bucket{le="3"} 1`, `  h_bucket{le="7"} 2`,
			`  h_bucket{le="5"} 2 (loose)`},
		byDefault: []string{"4:1 warning duplicate-series"},
		strict:    []string{"4:1 error duplicate-series"},
	}.check(t)
}
