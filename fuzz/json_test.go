package fuzz

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/convert"
	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/model"
	"github.com/promfmt/promfmt/writer"
)

// jsonTexts are families that have much in few bytes, and some that are faulty.
var jsonTexts = []string{
	`[{"name":"c_total","suffix":"_total","help":"\"\\\n\u0000\ud83d\ude42","type":"COUNTER","unit":"","metrics":[{"labels":{"a":"","b":"é"},"timestamp_ms":"-1.000001","value":"NaN","created_ms":1,"exemplars":[{"value":"1"},{"labels":{"t":"x"},"timestamp_ms":"5","value":2}]}]}]`,
	`{"name":"h","type":"HISTOGRAM","metrics":[{"buckets":{"0.1":"1","1.0":2.5,"+Inf":"3"},"count":"3","sum":"-1e+300","bucket_exemplars":[{"bucket":"1.0","value":"1"},{"bucket":"0.1","value":"0"}],"native":{"schema":"-4","float":true,"zero_threshold":"1e-9","zero_count":"1","negative_spans":[{"offset":"-1","length":"1"}],"negative_counts":["2"],"positive_spans":[{"length":1},{"offset":2,"length":1}],"positive_counts":[1,2],"custom_bounds":[0.5]}}]}`,
	`{"metrics":[{"quantiles":{"0.5":"1","0.50":"2","1e0":"3"},"count":"2.5"},{}],"type":"SUMMARY","name":"s"}{"name":"s","type":"SUMMARY"}`,
	`[{"name":"g","type":"GAUGE_HISTOGRAM","metrics":[{"buckets":{"+Inf":"3","10":"2","2":"1"}},{"buckets":[[1,"-2","-1","3"],[3,"-0.1","0.1","1"],[0,"1","2","0.5"],[0,"4","8",2]]}]}]`,
	`[{"name":"i_info","suffix":"_info","type":"INFO","metrics":[{"value":"1"}]},{"name":"e","type":"STATE_SET","metrics":[{"states":{"a":true,"":false}},{"states":{}}]}]`,
	`[{"name":"l","continued":true,"help_repeated":true,"type_repeated":false,"loose":[{"name":"l","labels":{"le":"x"},"timestamp_ms":"9223372036854775807999.999999","value":"+Inf","exemplar":{"value":"1"}}]}]`,
	`[{"name":"a","type":"COUNTER","metrics":[{"value":1,"exemplars":[{"bucket":"x","value":1}]}],"loose":[{"name":"b","value":1,"exemplar":{"bucket":"x","value":1}}]}]`,
	`[{"name":"a"},{"name":"a","type":"SUMMARY","metrics":[{}]},{"name":"a","metrics":[{"value":1},{"value":1}]},{"name":"a","type":"GAUGE"}]`,
	`[{"name":"x","y":null,"metrics":[{"value":{}},{"value":1,"value":2},7]},[{"name":"b"}],{"name":"\ud800"},{"name":"c","metrics":[{"value":1}`,
}

// FuzzJSON holds that what is read of any JSON is written without a loss, and read again as the same families without an
// error; and that nothing that encoding/json finds in a text is missing in what is written unless there is a diagnostic.
func FuzzJSON(f *testing.F) {
	for _, text := range seeds() {
		f.Add(asJSON(f, text))
		f.Add(text)
	}
	for _, input := range jsonTexts {
		f.Add([]byte(input))
	}
	for _, recipe := range Recipes() {
		f.Add(recipe)
	}
	f.Fuzz(func(t *testing.T, input []byte) { jsonComesBack(t, exposition(t, input, format.JSON)) })
}

// asJSON is what is good of a text, as JSON.
func asJSON(f *testing.F, text []byte) []byte {
	f.Helper()
	var b bytes.Buffer
	e, err := writer.New(&b, format.JSON)
	require.NoError(f, err)
	for family, err := range convert.NewBytesDecoder(text).Families() {
		if err == nil {
			require.NoError(f, e.Encode(family))
		}
	}
	require.NoError(f, e.Close())
	return b.Bytes()
}

func jsonComesBack(t *testing.T, text []byte) {
	r := readJSON(t, text)
	families := r.Families
	written, losses := write(t, format.JSON, families)
	require.Empty(t, losses)
	if len(r.Diagnostics) == 0 {
		for _, fact := range missing(t, text, written) {
			t.Errorf("%s is not in %s", fact, written)
		}
	}
	again := readJSON(t, written)
	require.Empty(t, again.errors())
	diff := cmp.Diff(families, again.Families, cmpopts.EquateNaNs(), cmpopts.IgnoreFields(model.MetricFamily{}, "Line"))
	require.Empty(t, diff, "(-read +read again)")
}

func readJSON(t *testing.T, text []byte) (r reading) {
	t.Helper()
	note := func(d *diag.Diagnostic) { r.Diagnostics = append(r.Diagnostics, d) }
	for f, err := range convert.NewJSONDecoder(bytes.NewReader(text), convert.OnDiagnostic(note)).Families() {
		if err == nil {
			r.Families = append(r.Families, f)
			continue
		}
		var d *diag.Diagnostic
		require.ErrorAs(t, err, &d)
		note(d)
	}
	return r
}

// missing are the facts of a text that another has not, or not as often.
func missing(t *testing.T, text, other []byte) (list []string) {
	t.Helper()
	theirs := facts(t, other)
	for fact, n := range facts(t, text) {
		if theirs[fact] < n {
			list = append(list, fact)
		}
	}
	return list
}

// facts counts the members of objects, and of arrays that are members, by their values, their keys, and the keys of what they
// are in. What may be left out is not
// counted: what is 0, false or null, and arrays in arrays, which are buckets as prom2json lists them.
func facts(t *testing.T, text []byte) map[string]int {
	t.Helper()
	all := make(map[string]int)
	var count func(key string, value any)
	count = func(key string, value any) {
		switch value := value.(type) {
		case map[string]any:
			parent := key[strings.LastIndexByte(key, '.')+1:]
			for key, value := range value {
				count(parent+"."+key, value)
			}
		case []any:
			for _, value := range value {
				if _, isList := value.([]any); !isList || key == "" {
					count(key, value)
				}
			}
		case string:
			if n, err := strconv.ParseFloat(value, 64); err == nil {
				count(key, n)
				break
			}
			all[key+" "+value]++
		case float64:
			if value != 0 {
				all[key+" "+model.FormatFloat(value)]++
			}
		case bool:
			if value {
				all[key+" true"]++
			}
		}
	}
	for d := json.NewDecoder(bytes.NewReader(text)); ; {
		var value any
		err := d.Decode(&value)
		if errors.Is(err, io.EOF) {
			return all
		}
		require.NoError(t, err, "we find it to be JSON")
		count("", value)
	}
}
