package conformance

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/corpus"
)

func familiesOf(t *testing.T, text string) []corpus.Family {
	t.Helper()
	var families []corpus.Family
	require.NoError(t, json.Unmarshal([]byte(text), &families))
	return families
}

func TestDifferencesOfFamilies(t *testing.T) {
	const pump = `{"name":"pump","type":"gauge","help":"Runs.","samples":[{"name":"pump","labels":{"site":"north"},"value":"1"}]}`
	tests := []struct {
		sentence  string
		want, got string
		families  string // what comparing families says
		samples   string // what comparing samples says
	}{
		{"the same is no difference", `[` + pump + `]`, `[` + pump + `]`, "", ""},
		{
			"numbers may be written as a language does",
			`[{"name":"a","samples":[{"name":"a","value":"1e+06","timestamp":"1.5"},{"name":"a","labels":{"l":"x"},"value":"+Inf"},{"name":"a","labels":{"l":"y"},"value":"NaN"}]}]`,
			`[{"name":"a","samples":[{"name":"a","value":"1000000.0","timestamp":"1.500000000"},{"name":"a","labels":{"l":"x"},"value":"inf"},{"name":"a","labels":{"l":"y"},"value":"nan"}]}]`,
			"", "",
		},
		{
			"zero has a sign",
			`[{"name":"a","samples":[{"name":"a","value":"-0"}]}]`, `[{"name":"a","samples":[{"name":"a","value":"0"}]}]`,
			"sample a -0 is missing in a; sample a 0 is there besides in a", "sample a -0 is missing; sample a 0 is there besides",
		},
		{
			"bounds and quantiles are numbers, other labels are text",
			`[{"name":"a","samples":[{"name":"a_bucket","labels":{"le":"1"},"value":"2"},{"name":"a","labels":{"quantile":"0.50","l":"1"},"value":"2"}]}]`,
			`[{"name":"a","samples":[{"name":"a_bucket","labels":{"le":"1.0"},"value":"2"},{"name":"a","labels":{"quantile":"0.5","l":"1.0"},"value":"2"}]}]`,
			`sample a{l="1",quantile="0.5"} 2 is missing in a; sample a{l="1.0",quantile="0.5"} 2 is there besides in a`,
			`sample a{l="1",quantile="0.5"} 2 is missing; sample a{l="1.0",quantile="0.5"} 2 is there besides`,
		},
		{
			"a label without a value is none",
			`[{"name":"a","samples":[{"name":"a","labels":{"l":"","m":"x"},"value":"1"}]}]`,
			`[{"name":"a","samples":[{"name":"a","labels":{"m":"x"},"value":"1"}]}]`,
			"", "",
		},
		{
			"the order of families and samples means nothing",
			`[{"name":"a","samples":[{"name":"a","value":"1"},{"name":"a","labels":{"l":"x"},"value":"2"}]},{"name":"b","samples":[]}]`,
			`[{"name":"b","samples":[]},{"name":"a","samples":[{"name":"a","labels":{"l":"x"},"value":"2"},{"name":"a","value":"1"}]}]`,
			"", "",
		},
		{
			"the parts of a family are one",
			`[{"name":"a","type":"gauge","samples":[{"name":"a","value":"1"}]},{"name":"b","samples":[]},{"name":"a","help":"Text.","samples":[{"name":"a","value":"2"}]}]`,
			`[{"name":"a","type":"gauge","help":"Text.","samples":[{"name":"a","value":"1"},{"name":"a","value":"2"}]},{"name":"b","samples":[]}]`,
			"", "",
		},
		{
			"no type, untyped and unknown are one",
			`[{"name":"a","samples":[]},{"name":"b","type":"unknown","samples":[]}]`,
			`[{"name":"a","type":"unknown","samples":[]},{"name":"b","type":"untyped","samples":[]}]`,
			"", "",
		},
		{
			"a sample that comes twice is missed once",
			`[{"name":"a","samples":[{"name":"a","value":"1"},{"name":"a","value":"1"}]}]`,
			`[{"name":"a","samples":[{"name":"a","value":"1"}]}]`,
			"sample a 1 is missing in a", "sample a 1 is missing",
		},
		{
			"metadata are of the family",
			`[` + pump + `]`,
			`[{"name":"pump","type":"counter","help":"Stands.","unit":"m","samples":[{"name":"pump","labels":{"site":"north"},"value":"1"}]}]`,
			`the type of pump is "counter" instead of "gauge"; the help of pump is "Stands." instead of "Runs."; the unit of pump is "m" instead of ""`,
			"",
		},
		{
			"a family is missing, and another is there besides",
			`[` + pump + `]`, `[{"name":"pump_total","samples":[{"name":"pump","labels":{"site":"north"},"value":"1"}]}]`,
			"family pump is missing; family pump_total is there besides", "",
		},
		{
			"long texts are cut around the difference",
			`[{"name":"a","help":"` + strings.Repeat("Words. ", 40) + `","samples":[]}]`,
			`[{"name":"a","help":"` + strings.TrimSpace(strings.Repeat("Words. ", 40)) + `","samples":[]}]`,
			`the help of a is "…ords. Words." instead of "…ords. Words. "`, "",
		},
		{
			"timestamps, starts and exemplars count",
			`[{"name":"a","samples":[{"name":"a","value":"1","timestamp":"2","start":"1","exemplars":[{"labels":{"t":"x"},"value":"1","timestamp":"3"}]}]}]`,
			`[{"name":"a","samples":[{"name":"a","value":"1"}]}]`,
			`sample a 1 @2 since 1 # {t="x"} 1 @3 is missing in a; sample a 1 is there besides in a`,
			`sample a 1 @2 since 1 # {t="x"} 1 @3 is missing; sample a 1 is there besides`,
		},
		{
			"native buckets count",
			`[{"name":"a","samples":[{"name":"a","native":{"schema":1,"zero_threshold":"0","zero_count":"2","positive":{"-1":"1","10":"2"}}}]}]`,
			`[{"name":"a","samples":[{"name":"a","native":{"schema":1,"zero_threshold":"0.0","zero_count":"2.0","positive":{"-1":"1","10":"3"}}}]}]`,
			`sample a schema 1, zero 2 up to 0, negative map[], positive map[-1:1 10:2], bounds [] is missing in a; ` +
				`sample a schema 1, zero 2 up to 0, negative map[], positive map[-1:1 10:3], bounds [] is there besides in a`,
			`sample a schema 1, zero 2 up to 0, negative map[], positive map[-1:1 10:2], bounds [] is missing; ` +
				`sample a schema 1, zero 2 up to 0, negative map[], positive map[-1:1 10:3], bounds [] is there besides`,
		},
		{
			"families are read in the schema of prom2json as well",
			`[{"name":"h","type":"histogram","samples":[{"name":"h_bucket","labels":{"l":"x","le":"1"},"value":"2"},{"name":"h_sum","labels":{"l":"x"},"value":"3"},{"name":"h_count","labels":{"l":"x"},"value":"2"}]}]`,
			`[{"name":"h","type":"HISTOGRAM","metrics":[{"labels":{"l":"x"},"buckets":{"1":"2"},"count":"2","sum":"3"}]}]`,
			"", "",
		},
		{
			"a reason names three differences",
			`[{"name":"a","samples":[]},{"name":"b","samples":[]},{"name":"c","samples":[]},{"name":"d","samples":[]},{"name":"e","samples":[]}]`, `[]`,
			"family a is missing; family b is missing; family c is missing; and 2 more", "",
		},
		{"nothing is no families", `[]`, ``, "", ""},
		{
			"numbers are text",
			`[]`, `[{"name":"a","samples":[{"name":"a","value":1}]}]`,
			"what it prints are no families: json: cannot unmarshal number into Go struct field Sample.samples.value of type string",
			"what it prints are no families: json: cannot unmarshal number into Go struct field Sample.samples.value of type string",
		},
		{
			"what is not known is not left out",
			`[]`, `[{"name":"a","samples":[{"name":"a","value":"1","time":"1"}]}]`,
			`what it prints are no families: json: unknown field "time"`,
			`what it prints are no families: json: unknown field "time"`,
		},
	}
	for _, test := range tests {
		t.Run(test.sentence, func(t *testing.T) {
			want := familiesOf(t, test.want)
			require.Empty(t, cmp.Diff(test.families, Families.difference(want, []byte(test.got))))
			require.Empty(t, cmp.Diff(test.samples, Samples.difference(want, []byte(test.got))))
			require.Empty(t, None.difference(want, []byte(test.got)))
		})
	}
}

func TestWhatIsNotJSONIsNoFamilies(t *testing.T) {
	for _, output := range []string{"ok", "[", `{"name":}`, `[{"name":"a","samples":[]}]]`} {
		require.Contains(t, Families.difference(nil, []byte(output)), "what it prints are no families: ", output)
	}
}

func TestWhatIsExpectedAgreesWithItself(t *testing.T) {
	for file := range corpus.Every() {
		want := file.Expected().Families
		printed, err := json.Marshal(want)
		require.NoError(t, err)
		require.Empty(t, Families.difference(want, printed), file.Name)
	}
}
