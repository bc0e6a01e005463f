package convert

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/diag"
)

func TestJSONDiagnostics(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name        string
		text        string
		families    []string
		diagnostics []string
	}{
		// Documents.
		{name: "nothing at all", text: ``},
		{name: "an empty array", text: `[]`},
		{name: "arrays and objects after each other", text: "[{\"name\":\"a\"}]\n{\"name\":\"b\"}{\"name\":\"c\"}[]", families: []string{"a", "b", "c"}},
		{
			name: "what is no family is left out", text: "1 \"x\" null [2, [{\"name\":\"x\"}], {\"name\":\"a\"}]", families: []string{"a"},
			diagnostics: []string{"1:1 error json-syntax", "1:3 error json-syntax", "1:7 error json-syntax", "1:13 error json-syntax", "1:16 error json-syntax"},
		},
		{name: "what is no JSON ends it", text: "[{\"name\":\"a\"},\n{\"name\":\"b\"},\n!{\"name\":\"c\"}]", families: []string{"a", "b"}, diagnostics: []string{"3:1 error json-syntax"}},
		{name: "and so does a comma at the end", text: `[{"name":"a"},]`, families: []string{"a"}, diagnostics: []string{"1:15 error json-syntax"}},
		{name: "and one too much", text: `{"name":"a"},{"name":"b"}`, families: []string{"a"}, diagnostics: []string{"1:13 error json-syntax"}},
		{name: "and none", text: `[{"name":"a"}{"name":"b"}]`, families: []string{"a"}, diagnostics: []string{"1:14 error json-syntax"}},
		{name: "what comes before it in a family is kept", text: `{"name":"a","metrics":[{"value":1},{"value":2}`, families: []string{"a", "  a 1", "  a 2"}, diagnostics: []string{"1:36 warning duplicate-series", "1:47 error json-syntax"}},
		{name: "unless the name does", text: `{"metrics":[{"value":1}],"na`, diagnostics: []string{"1:26 error json-syntax"}},
		{name: "a byte order mark", text: "\ufeff{\"name\":\"a\"} x", families: []string{"a"}, diagnostics: []string{"1:1 warning byte-order-mark", "1:17 error json-syntax"}},
		{name: "arrays that are too deep", text: strings.Repeat("[", 101), diagnostics: []string{
			"1:2 error json-syntax", "1:101 error json-syntax",
		}},

		// Families.
		{name: "no name", text: `[{"type":"GAUGE"},{"name":"b"}]`, families: []string{"b"}, diagnostics: []string{"1:2 error missing-name"}},
		{name: "an empty name", text: `[{"name":""},{"name":"b"}]`, families: []string{"b"}, diagnostics: []string{"1:10 error empty-name"}},
		{name: "a name that is no string", text: `[{"name":{"a":[1]},"help":2},{"name":"b"}]`, families: []string{"b"}, diagnostics: []string{"1:10 error json-syntax"}},
		{name: "a name that is nothing but a suffix", text: `{"name":"_total","suffix":"_total"}`, diagnostics: []string{"1:1 error empty-name"}},
		{name: "a suffix that the name does not have", text: `{"name":"a","suffix":"_total"}`, diagnostics: []string{"1:1 error json-syntax"}},
		{name: "a suffix that the type cannot have", text: `{"name":"a_total","suffix":"_total","type":"GAUGE"}`, families: []string{"gauge a_total"}, diagnostics: []string{"1:1 warning json-member"}},
		{name: "a suffix that the type can have", text: `{"name":"a_total","suffix":"_total","type":"COUNTER"}`, families: []string{"counter a +_total"}},
		{name: "a suffix that does not exist", text: `{"name":"a_x","suffix":"_x"}`, diagnostics: []string{"1:24 error json-syntax"}},
		{name: "a type that does not exist", text: `{"name":"a","type":"gauge"}`, diagnostics: []string{"1:20 error unknown-type"}},
		{name: "a help text that is none", text: `{"name":"a","help":[{}],"unit":1}`, families: []string{"a"}, diagnostics: []string{"1:20 error json-syntax", "1:32 error json-syntax"}},
		{
			name:     "a bucket of exemplars that are of none",
			text:     `{"name":"a","type":"COUNTER","metrics":[{"value":1,"exemplars":[{"bucket":"x","value":1}]}],"loose":[{"name":"b","value":1,"exemplar":{"bucket":"x","value":1}}]}`,
			families: []string{"counter a", "  a 1", "  b 1 (loose)"}, diagnostics: []string{"1:66 warning json-member", "1:136 warning json-member"},
		},
		{name: "members that are not known", text: `{"name":"a","x":{"y":[1,{}]},"z":null}`, families: []string{"a"}, diagnostics: []string{"1:13 warning json-member"}},
		{name: "members that occur twice", text: `{"name":"a","name":"b","metrics":[{"value":1,"value":2}]}`, families: []string{"a", "  a 1"}, diagnostics: []string{"1:13 warning json-duplicate", "1:46 warning json-duplicate"}},
		{name: "a name that is not UTF-8", text: "{\"name\":\"a\xff\"}", diagnostics: []string{"1:9 error invalid-utf8"}},
		{name: "half a surrogate pair", text: `{"name":"a\ud800"} {"name":"\ufffd\ud83d\ude42"}`, families: []string{"\ufffd🙂"}, diagnostics: []string{"1:9 error invalid-utf8"}},
		{name: "half a surrogate pair beside what looks like its replacement", text: `{"name":"a\\ufffd\ud800"}`, diagnostics: []string{"1:9 error invalid-utf8"}},

		// Families that come back.
		{
			name: "a family that comes back", text: `[{"name":"a","type":"GAUGE","metrics":[{"value":1}]},{"name":"b"},{"name":"a","type":"GAUGE","metrics":[{"value":2}]}]`,
			families: []string{"gauge a", "  a 1", "b", "gauge a (continued)", "  a 2"}, diagnostics: []string{"1:67 warning interleaved-family"},
		},
		{name: "one that is said to", text: `[{"name":"a"},{"name":"b"},{"name":"a","continued":true}]`, families: []string{"a", "b", "a (continued)"}},
		{name: "as another type", text: `[{"name":"a","type":"GAUGE"},{"name":"a","continued":true,"type":"COUNTER"}]`, families: []string{"gauge a"}, diagnostics: []string{"1:30 error type-conflict"}},
		{name: "as a histogram of what had no type", text: `[{"name":"a","metrics":[{"value":1}]},{"name":"a","type":"SUMMARY"}]`, families: []string{"a", "  a 1"}, diagnostics: []string{"1:39 warning interleaved-family", "1:39 error type-conflict"}},
		{
			name: "as something without a type", text: `[{"name":"a","type":"SUMMARY"},{"name":"a","metrics":[{"value":1}]}]`,
			families: []string{"summary a", "a (continued)", "  a 1 (loose)"}, diagnostics: []string{"1:32 warning interleaved-family", "1:32 warning loose-sample"},
		},

		// Metrics.
		{
			name: "one faulty metric leaves the others", text: `{"name":"a","metrics":[{"value":1},{"labels":{"l":[{"x":1}]},"value":2},7,{"labels":{"l":"y"},"value":3}]}`,
			families: []string{"a", "  a 1", `  a{l="y"} 3`}, diagnostics: []string{"1:51 error json-syntax", "1:73 error json-syntax"},
		},
		{name: "metrics that are no array", text: `{"name":"a","metrics":{"value":1}}`, diagnostics: []string{"1:23 error json-syntax"}},
		{name: "no value", text: `{"name":"a","metrics":[{}]}`, families: []string{"a"}, diagnostics: []string{"1:24 error json-syntax"}},
		{name: "a null for a value", text: `{"name":"a","metrics":[{"value":null}]}`, families: []string{"a"}, diagnostics: []string{"1:24 error json-syntax"}},
		{
			name: "numbers", families: []string{"a", "  a -1.5e+09", `  a{l="1"} NaN`, `  a{l="2"} -Inf`},
			text: `{"name":"a","metrics":[{"value":-1.5E9},{"labels":{"l":"1"},"value":"nan"},{"labels":{"l":"2"},"value":"-infinity"},{"value":"0x1"},{"value":""},{"value":1e400},{"value":true}]}`,
			diagnostics: []string{
				"1:126 error number", "1:142 error number", "1:155 error number", "1:171 error json-syntax",
			},
		},
		{name: "numbers that JSON does not have", text: `{"name":"a","metrics":[{"value":01}]}`, families: []string{"a"}, diagnostics: []string{"1:33 error json-syntax"}},
		{
			name: "timestamps", families: []string{"a", "  a 0 @1", "  a 0 @-2"},
			text: `{"name":"a","metrics":[{"value":0,"timestamp_ms":1.5},{"value":0,"timestamp_ms":"-1.000001"},{"value":0,"timestamp_ms":"1e3"},{"value":0,"timestamp_ms":"0.0000001"},{"value":0,"timestamp_ms":"9223372036854775808000"},{"value":0,"timestamp_ms":"-"},{"value":0,"timestamp_ms":"1."}]}`,
			diagnostics: []string{
				"1:120 error timestamp", "1:153 error timestamp", "1:192 error timestamp", "1:244 error timestamp", "1:275 error timestamp",
			},
		},
		{
			name: "labels", families: []string{"a"},
			text: `{"name":"a","metrics":[{"value":1,"labels":{"":"x"}},{"value":1,"labels":{"__name__":"x"}},{"value":1,"labels":{"l":"x","l":"y"}},{"value":1,"labels":["l"]}]}`,
			diagnostics: []string{
				"1:45 error empty-name", "1:75 error name-label", "1:121 error duplicate-label", "1:151 error json-syntax",
			},
		},
		{
			name: "members that do not fit the type", text: `{"name":"a","type":"HISTOGRAM","metrics":[{"value":"1","quantiles":{"1":"2"},"count":3}]}`,
			families: []string{"histogram a", "  a_count 3"}, diagnostics: []string{"1:43 warning json-member", "1:43 warning json-member"},
		},
		{
			name: "buckets", families: []string{"histogram a", `  a_bucket{le="2"} 2`, `  a_bucket{le="1.0"} 3`, `  a_bucket{le="0.5"} 4`},
			text:        `{"name":"a","type":"HISTOGRAM","metrics":[{"buckets":{"2":2,"1.0":3,"0.5":4,"2":5}},{"buckets":{"x":1}},{"buckets":{"1":{}}}]}`,
			diagnostics: []string{"1:77 warning json-duplicate", "1:43 warning bound-order", "1:97 error number", "1:121 error json-syntax"},
		},
		{
			name: "buckets in the order of their texts are sorted", families: []string{"histogram a", `  a_bucket{le="2"} 1`, `  a_bucket{le="10"} 2`, `  a_bucket{le="+Inf"} 3`},
			text: `{"name":"a","type":"HISTOGRAM","metrics":[{"buckets":{"+Inf":3,"10":2,"2":1}}]}`,
		},
		{
			name: "exemplars", families: []string{"histogram a", `  a_bucket{le="1"} 2`},
			text:        `{"name":"a","type":"HISTOGRAM","metrics":[{"bucket_exemplars":[{"bucket":"1","value":1},{"bucket":"2","value":1},{"bucket":"1"}],"buckets":{"1":2},"exemplars":[{"value":"x"}]}]}`,
			diagnostics: []string{"1:43 warning json-member", "1:127 error json-syntax", "1:170 error number"},
		},
		{
			name: "native buckets", families: []string{"histogram a"},
			text: `{"name":"a","type":"HISTOGRAM","metrics":[{"native":{"schema":"x"}},{"native":{"schema":1e3}},{"native":{"positive_spans":[{"length":4294967295}]}},{"native":{"negative_spans":[{"offset":0,"length":4294967296}]}},{"native":{"float":1}}]}`,
			diagnostics: []string{
				"1:63 error number", "1:89 error number", "1:95 error span-total", "1:199 error number", "1:233 error json-syntax",
			},
		},
		{
			name: "lists of native buckets", families: []string{"histogram a"},
			text: `{"name":"a","type":"HISTOGRAM","metrics":[{"buckets":[[0,"1","2"]]},{"buckets":[[2,"1","2","3"]]},{"buckets":[[0,"1","3","3"]]},{"buckets":[[0,"1","2","3"],[0,"4","16","3"]]},{"buckets":[[0,"2","4","3"],[0,"1","2","3"]]},{"buckets":[[0,"1","2","3",4]]}]}`,
			diagnostics: []string{
				"1:65 error json-syntax", "1:95 error json-syntax", "1:125 error native-schema", "1:172 error native-schema", "1:219 error json-syntax", "1:250 error json-syntax",
			},
		},
		{
			name: "states", families: []string{"stateset a", `  a{a="x"} 1`},
			text:        `{"name":"a","type":"STATE_SET","metrics":[{"states":{"x":true,"x":false}},{"states":{"x":1}}]}`,
			diagnostics: []string{"1:63 warning json-duplicate", "1:90 error json-syntax"},
		},
		{
			name: "loose samples", families: []string{"a", `  a 1 (loose)`, `  a 1 (loose)`},
			text:        `{"name":"a","loose":[{"name":"a","value":1},{"value":1},{"name":"a"},{"name":"a","value":1,"exemplar":{}},7]}`,
			diagnostics: []string{"1:45 error missing-name", "1:57 error json-syntax", "1:104 error json-syntax", "1:107 error json-syntax"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			want := outcome{test.families, test.diagnostics}
			got := ofJSON(t, test.text)
			require.Equal(t, want, got)
			// Whatever is an error by default is one when strict.
			strict := ofJSON(t, test.text, Strict())
			for _, d := range test.diagnostics {
				require.Contains(t, strict.diagnostics, strings.Replace(d, "warning", "error", 1))
			}
		})
	}
}

func TestJSONDiagnosticsInWords(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`[{"name":"a"},}`: `page.json:1:15: error: expected a value, found "}" [json-syntax]
  [{"name":"a"},}
                ^
`,
		`{"name":"a",'x':1}`: `page.json:1:13: error: expected a member, found "'x'" [json-syntax]
  {"name":"a",'x':1}
              ^
`,
		`{"name":"a" "help":""}`: `page.json:1:13: error: expected a comma or the end of the array or object, found "\"help" [json-syntax]
  {"name":"a" "help":""}
              ^
`,
		`{"name":"a\x"}`: `page.json:1:9: error: the string has an escape that does not exist [json-syntax]
  {"name":"a\x"}
          ^
`,
		"{\"name\":\"a\tb\"}": `page.json:1:9: error: the string has the control character '\t', which has to be escaped [json-syntax]
  {"name":"a` + "\t" + `b"}
          ^
`,
		"[\n  {\"name\":\"a\",\n   \"metrics\":[{\"value\":\"many\"}]}]": `page.json:3:24: error: "many" is not a number, or out of range [number]
     "metrics":[{"value":"many"}]}]
                         ^
`,
	} {
		d := NewJSONDecoder(strings.NewReader(text), File("page.json"))
		_, err := d.Next()
		for err == nil {
			_, err = d.Next()
		}
		var got *diag.Diagnostic
		require.ErrorAs(t, err, &got)
		require.Equal(t, want, got.Error()+"\n"+got.Caret())
		require.Equal(t, int64(strings.LastIndexByte(text[:got.Pos.Offset], '\n')+got.Pos.Column), got.Pos.Offset)
	}
}

func TestJSONLimits(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		limits Limits
		text   string
		want   outcome
	}{
		{
			"a string", Limits{LineBytes: 20 << 10}, `[{"name":"a"},{"name":"` + strings.Repeat("x", 100<<10) + `"},{"name":"c"}]`,
			outcome{[]string{"a"}, []string{"1:23 error line-too-long"}},
		},
		{
			"blanks", Limits{LineBytes: 20 << 10}, `{"name":"a"}` + strings.Repeat(" ", 100<<10) + `{"name":"b"}`,
			outcome{[]string{"a", "b"}, nil},
		},
		{
			"the labels of a series", Limits{Labels: 2}, `{"name":"a","metrics":[{"value":1,"labels":{"a":"","b":"","c":""}},{"value":1,"labels":{"a":"","b":""}}]}`,
			outcome{[]string{"a", `  a{a="",b=""} 1`}, []string{"1:59 error too-many-labels"}},
		},
		{
			"the samples of a family", Limits{Samples: 2}, `[{"name":"a","metrics":[{"value":1},{"value":2},{"value":3},{"value":4}],"loose":[{"name":"a","value":1}]},{"name":"b"}]`,
			outcome{[]string{"a", "  a 1", "  a 2", "b"}, []string{"1:37 warning duplicate-series", "1:59 error too-many-samples"}},
		},
		{
			"the buckets of a histogram", Limits{Samples: 2}, `{"name":"a","type":"HISTOGRAM","metrics":[{"buckets":{"1":1,"2":2,"3":3}},{"buckets":{"1":1}}]}`,
			outcome{[]string{"histogram a"}, []string{"1:71 error too-many-samples"}},
		},
		{
			"the exemplars of a metric", Limits{Samples: 2}, `{"name":"a","metrics":[{"value":1,"exemplars":[{"value":1},{"value":1},{"value":1},{"value":1}]},{"value":1}]}`,
			outcome{[]string{"a"}, []string{"1:82 error too-many-samples"}},
		},
		{
			"the families that are remembered", Limits{Families: 1}, `[{"name":"a"},{"name":"b"},{"name":"b"},{"name":"a"}]`,
			outcome{[]string{"a", "b", "b", "a (continued)"}, []string{"1:15 warning too-many-families", "1:41 warning interleaved-family"}},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, test.want, ofJSON(t, test.text, WithLimits(test.limits)))
		})
	}
}

// TestJSONMemoryIsBounded holds that neither a string nor an array without end takes more memory than the limits allow.
func TestJSONMemoryIsBounded(t *testing.T) {
	for name, input := range map[string]io.Reader{
		"a string":                     io.MultiReader(strings.NewReader(`[{"name":"`), &repeated{text: strings.Repeat("x", 1<<16), n: 1 << 8}),
		"a number":                     io.MultiReader(strings.NewReader(`[{"name":1`), &repeated{text: strings.Repeat("0", 1<<16), n: 1 << 8}),
		"blanks":                       &repeated{text: strings.Repeat(" ", 1<<16), n: 1 << 8},
		"arrays in each other":         &repeated{text: strings.Repeat("[", 1<<16), n: 1 << 8},
		"members that are not known":   io.MultiReader(strings.NewReader(`[{"x":[`), &repeated{text: strings.Repeat("1,", 1<<15), n: 1 << 5}),
		"metrics":                      io.MultiReader(strings.NewReader(`[{"name":"a","metrics":[`), &repeated{text: strings.Repeat(`{"value":"1"},`, 1<<12), n: 1 << 5}),
		"metrics that wait for a type": io.MultiReader(strings.NewReader(`[{"metrics":[`), &repeated{text: strings.Repeat(`{"value":"1"},`, 1<<12), n: 1 << 5}),
		"native buckets":               io.MultiReader(strings.NewReader(`[{"metrics":[{"native":{"positive_counts":[`), &repeated{text: strings.Repeat(`1,`, 1<<15), n: 1 << 5}),
		"labels":                       io.MultiReader(strings.NewReader(`[{"metrics":[{"labels":{`), &repeated{text: strings.Repeat(`"x":"",`, 1<<13), n: 1 << 5}),
		"keys that are all different":  io.MultiReader(strings.NewReader(`[{`), &countingKeys{n: 1 << 17}),
	} {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		d := NewJSONDecoder(input, WithLimits(Limits{LineBytes: 1 << 20, Labels: 100, Samples: 10_000, Families: 100}))
		for _, err := range d.Families() {
			require.NotEqual(t, io.EOF, err)
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		require.Less(t, int64(after.HeapAlloc)-int64(before.HeapAlloc), int64(16<<20), name)
		runtime.KeepAlive(d)
	}
}

// TestErrorsOfOneFamilyAreNotAllKept holds that an endless family of faults does not fill memory.
func TestErrorsOfOneFamilyAreNotAllKept(t *testing.T) {
	t.Parallel()
	var page strings.Builder
	page.WriteString("[\n{\"name\":\"a\",\"metrics\":[{\"value\":1}")
	for range 5000 {
		page.WriteString(",\n{\"value\":\"x\"}")
	}
	page.WriteString("]},\n{\"name\":\"b\"}]")
	var errs, families []string
	for family, err := range NewJSONDecoder(strings.NewReader(page.String())).Families() {
		if err != nil {
			errs = append(errs, strings.SplitN(err.Error(), "\n", 2)[0])
			continue
		}
		families = append(families, fmt.Sprintf("%s with %d metrics", family.Name, len(family.Metrics)))
	}
	require.Len(t, errs, 1001)
	require.Equal(t, `-:3:10: error: "x" is not a number, or out of range [number]`, errs[0])
	require.Equal(t, "-:1003:10: error: 4000 more errors, the first of which is here (limit 1000) [too-many-errors]", errs[1000])
	require.Equal(t, []string{"a with 1 metrics", "b with 0 metrics"}, families)
}

// countingKeys are members of an object, all with other names.
type countingKeys struct {
	n    int
	rest string
}

func (r *countingKeys) Read(b []byte) (int, error) {
	if r.rest == "" {
		if r.n == 0 {
			return 0, io.EOF
		}
		r.n--
		r.rest = fmt.Sprintf(`"k%d":1,`, r.n)
	}
	n := copy(b, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}
