package convert

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/corpus"
	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/grammar"
	"github.com/promfmt/promfmt/lexer"
	"github.com/promfmt/promfmt/model"
)

var kindNames = map[entryKind]string{
	blankLine: "blank", commentLine: "comment", helpLine: "help", typeLine: "type", sampleLine: "sample",
	unitLine: "unit", endLine: "end",
}

// describeEntry says all that an entry of OpenMetrics holds.
func describeEntry(e *entry) []string {
	said := []string{fmt.Sprintf("%s %q", kindNames[e.kind], e.name)}
	say := func(format string, args ...any) { said = append(said, fmt.Sprintf(format, args...)) }
	switch e.kind {
	case helpLine, typeLine, unitLine:
		say("%q at %d quoted %t %s", e.text, e.textAt, e.quoted, e.typ)
	case sampleLine:
		say("%s le %v quantile %v end %d", e.series(), e.le, e.quantile, e.labelsEnd)
		say("%s at %v", model.FormatFloat(e.value), e.valueAt)
		if e.timestamp.Set {
			say("timestamp %s at %v", describeTimestamp(e.timestamp), e.timestampAt)
		}
	}
	if e.more == nil {
		return said
	}
	if e.more.start.Set {
		say("start %s at %v", describeTimestamp(e.more.start), e.more.startAt)
	}
	for _, x := range e.more.exemplars {
		say("exemplar %s %s %s at %v", x.labels, model.FormatFloat(x.value), describeTimestamp(x.timestamp), x.span)
	}
	if c := e.more.composite; c != nil {
		say("composite at %v", c.span)
		for i, f := range c.fields {
			if f.end == 0 {
				continue
			}
			text := fmt.Sprintf("%s at %v %s at %v", fieldNames[i], f.span, model.FormatFloat(f.number.value), f.number.span)
			for _, entry := range f.entries {
				text += fmt.Sprintf(" %s at %v: %s at %v", model.FormatFloat(entry.key.value), entry.key.span,
					model.FormatFloat(entry.value.value), entry.value.span)
			}
			said = append(said, text)
		}
	}
	return said
}

func describeTimestamp(t model.Timestamp) string {
	if !t.Set {
		return "none"
	}
	return fmt.Sprintf("%d.%09d", t.Seconds, t.Nanos)
}

// describeFindings gives columns and rules, in the order of columns.
func describeFindings(e *entry) []string {
	var said []string
	slices.SortStableFunc(e.findings, func(a, b finding) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.rule, b.rule))
	})
	for _, f := range e.findings {
		said = append(said, fmt.Sprintf("%d %s", f.at+1, f.rule))
	}
	return said
}

func newEntry(d lexer.Dialect) *entry {
	e := new(entry)
	e.begin(d, DefaultLimits())
	return e
}

// readBoth reads a line with both readers of OpenMetrics, which must agree, and gives what it is.
func readBoth(t *testing.T, line []byte, e, other *entry) (failedAt int) {
	t.Helper()
	failedAt = readOpenMetrics(line, e)
	byTree := readOpenMetricsTree(line, other)
	require.Equal(t, byTree, failedAt, "the column of failure in %q", line)
	if failedAt != accepted {
		return failedAt
	}
	if diff := gocmp.Diff(describeEntry(other), describeEntry(e)); diff != "" {
		t.Fatalf("the readers disagree about %q (-tree +line):\n%s", line, diff)
	}
	if diff := gocmp.Diff(describeFindings(other), describeFindings(e)); diff != "" {
		t.Fatalf("the readers find different things in %q (-tree +line):\n%s", line, diff)
	}
	for i, f := range e.findings {
		g := other.findings[i]
		require.Equal(t, g, f, "a finding in %q", line)
		if f.rule == diag.Exemplar && f.message == "" {
			require.Equal(t, diag.Exemplar, grammar.Of(e.dialect).Explain(line, f.at).Rule, "why an exemplar is left out of %q", line)
		}
		require.True(t, 0 <= f.at && f.at <= f.end && f.end <= len(line), "columns of %s in %q", f.rule, line)
	}
	return failedAt
}

// openMetricsLines are lines with what is found in them, by one dialect or both; "fails" is where a line cannot be read.
var openMetricsLines = []struct {
	name  string
	line  string
	want1 string
	want2 string
}{
	{"a sample", `a{l="x"} 1 2`, "", ""},
	{"an empty line", ``, "1 blank-line", "1 blank-line"},
	{"a line of blanks", " \t", "1 blank-line", "1 blank-line"},
	{"a comment", `# a  b `, "1 comment-line", "1 comment-line"},
	{"a comment behind blanks", ` #`, "2 comment-line", "2 comment-line"},
	{"an end mark in another word", `# EOFs`, "1 comment-line", "1 comment-line"},
	{"an end mark with blanks around it", ` #EOF `, "1 spacing", "1 spacing"},

	{"a help text may be empty", `# HELP a `, "", ""},
	{"a help text begins behind one blank", `# HELP a  b `, "", ""},
	{"a help text needs a blank before it even if it is empty", `# HELP a`, "9 spacing", "9 spacing"},
	{"a tab before a help text", "# HELP a\tb", "9 spacing", "9 spacing"},
	{"a help text with quotes, escaped and not", `# HELP a "b" \"c\" \n \\`, "", ""},
	{"only the first undefined escape of a text is found", `# HELP a \q \r`, "10 undefined-escape", "10 undefined-escape"},
	{"a backslash at the end of a help text", `# HELP a \q\`, "10 undefined-escape; 12 help-escape", "10 undefined-escape; 12 help-escape"},
	{"two backslashes at the end of a help text", `# HELP a \\`, "", ""},
	{"a help line without a name", `# HELP `, "1 incomplete-metadata", "1 incomplete-metadata"},
	{"an incomplete line has no other fault", ` #TYPE  a`, "2 incomplete-metadata", "2 incomplete-metadata"},
	{"a name joined to something", `# TYPE a-b gauge`, "fails 9", "fails 9"},
	{"a name in open quotes", `# UNIT "a b`, "fails 8", "fails 8"},
	{"an empty name", `# UNIT "" b`, "8 empty-name", "8 empty-name"},
	{"a type in capitals", `# TYPE a GaugeHistogram`, "10 type-case", "10 type-case"},
	{"a type of the Prometheus text format", `# TYPE a Untyped`, "10 type-untyped", "10 type-untyped"},
	{"a type that does not exist", `# TYPE a native`, "10 unknown-type", "10 unknown-type"},
	{"two types", `# TYPE a gauge counter`, "fails 16", "fails 16"},
	{"a unit may be empty", `# UNIT a `, "", ""},
	{"a unit needs a blank before it even if it is empty", `# UNIT a`, "9 spacing", "9 spacing"},
	{"an empty unit with two blanks before it", `# UNIT a  `, "9 spacing", "9 spacing"},
	{"a unit with a dash", `# UNIT a m-s`, "10 unit-characters", "10 unit-characters"},
	{"only the first blanks that are wrong are found", ` # TYPE  a  gauge `, "1 spacing", "1 spacing"},

	{"a name that begins with a digit", `1a 1`, "fails 1", "fails 1"},
	{"a name in quotes outside of braces", `"a" 1`, "fails 1", "fails 1"},
	{"a value that is missing", `a `, "fails 3", "fails 3"},
	{"no name at all", `{} 1`, "1 missing-name", "1 missing-name"},
	{"three names", `a{"b","c"} 1`, "3 second-name", "3 second-name"},
	{"a name behind a label", `{l="x","a"} 1`, "", "8 name-position"},
	{"a name behind a comma comes first", `{,"a"} 1`, "2 stray-comma", "2 stray-comma"},
	{"a comma behind the last label", `a{l="x",} 1`, "8 trailing-comma", "8 trailing-comma"},
	{"a comma alone is no trailing one", `a{,} 1`, "3 stray-comma", "3 stray-comma"},
	{"two commas", `a{l="x",,} 1`, "fails 9", "fails 9"},
	{"a label with one underscore", `a{_l="x"} 1`, "", "3 underscore-label"},
	{"a label with two underscores", `a{"__l"="x"} 1`, "3 underscore-label", "3 underscore-label"},
	{"labels that stand for metadata", `a{__type__="x",__unit__="y"} 1`, "3 underscore-label; 16 underscore-label", ""},
	{"a label that is the name", `a{__name__="x"} 1`, "3 name-label", "3 name-label"},
	{"a label with a colon, and one twice", `a{b:c="x",l="",l=""} 1`, "3 label-name; 16 duplicate-label", "3 label-name; 16 duplicate-label"},
	{"an undefined escape in a label value", `a{l="\q"} 1`, "6 undefined-escape", "6 undefined-escape"},
	{"blanks in braces", `a{ l = "x" , m="y" } 1`, "3 spacing", "3 spacing"},
	{"blanks before braces", `a {l="x"} 1`, "2 spacing", "2 spacing"},
	{"no blank behind braces", `a{}1`, "4 spacing", "4 spacing"},
	{"a number too large", `a 1e999`, "3 number", "3 number"},
	{"a timestamp in nanoseconds", `a 1 -1.5e-9`, "", ""},
	{"a timestamp that is not finite", `a 1 NaN`, "5 timestamp", "5 timestamp"},
	{"a timestamp that is none", `a 1 x`, "fails 5", "fails 5"},
	{"three numbers", `a 1 2 3`, "fails 7", "fails 7"},
	{"a tab behind the value", "a 1\t", "4 spacing", "4 spacing"},

	{"an exemplar", `a 1 2 # {l="x"} 3 4.5`, "", ""},
	{"an exemplar with nothing but a value", `a 1 # {} 3`, "", "5 exemplar-no-timestamp"},
	{"an exemplar without braces", `a 1 # 3`, "7 exemplar", "7 exemplar"},
	{"what is in an exemplar that cannot be read is not found", `a 1 #  {,l="\q" } x`, "19 exemplar", "19 exemplar"},
	{"what is before an exemplar that cannot be read is found", `a 1  # {`, "4 spacing; 9 exemplar", "4 spacing; 9 exemplar"},
	{"commas in an exemplar", `a 1 # {,l="x",} 3 4`, "8 stray-comma; 14 trailing-comma", "8 stray-comma; 14 trailing-comma"},
	{"labels of an exemplar that cannot be", `a 1 # {b:c="x",l="",l="",""=""} 3 4`, "8 exemplar; 21 exemplar; 26 exemplar", "8 exemplar; 21 exemplar; 26 exemplar"},
	{"labels of an exemplar with underscores", `a 1 # {__name__="x",_l="y"} 3 4`, "8 underscore-label", "8 underscore-label; 21 underscore-label"},
	{"a value of an exemplar that is too large", `a 1 # {} 1e999 4`, "10 exemplar", "10 exemplar"},
	{"a timestamp of an exemplar that is not finite", `a 1 # {} 3 +Inf`, "12 exemplar-timestamp", "12 exemplar-timestamp"},
	{"a third number in an exemplar", `a 1 # {} 3 4 5`, "14 exemplar", "14 exemplar"},
	{"two exemplars", `a 1 # {} 3 4 # {} 5 6`, "14 exemplar", ""},
	{"an exemplar within another", `a 1 # {} # {} 5 6`, "10 exemplar", "10 exemplar"},
	{"labels of an exemplar with 129 characters", `a 1 # {l="` + strings.Repeat("ö", 128) + `"} 3 4`, "7 exemplar-length", ""},

	{"a start timestamp", `a 1 2 st@1.5`, "fails 7", ""},
	{"a start timestamp at the timestamp, and one behind it", `a 1 2 st@2`, "fails 7", ""},
	{"a start timestamp behind the timestamp", `a 1 2 st@2.000000001`, "fails 7", "7 start-after-timestamp"},
	{"a start timestamp behind blanks", `a 1 st@ 2`, "fails 5", "8 spacing"},
	{"a start timestamp that is not finite", `a 1 st@-inf`, "fails 5", "8 timestamp"},
	{"a start timestamp that is none", `a 1 st@x`, "fails 5", "fails 8"},
	{"a start timestamp behind an exemplar", `a 1 # {} 1 2 st@1`, "14 exemplar", "14 exemplar"},

	{"a histogram", `a {count:1,sum:2,bucket:[-Inf:0,1:1,+Inf:1]} 3 st@2 # {} 1 2`, "fails 11", ""},
	{"a composite value looks like labels only directly behind a name", `a{count:1}`, "fails 10", "fails 10"},
	{"a composite value in an impossible place", `a 1 {count:1}`, "fails 5", "fails 5"},
	{"a composite value directly behind braces", `a{}{count:1,sum:2,quantile:[]}`, "fails 4", "4 spacing"},
	{"blanks in a composite value", `a { count:1,sum:2,quantile:[]}`, "fails 12", "4 spacing"},
	{"blanks behind a list", `a {count:1,sum:2,quantile:[] }`, "fails 11", "29 spacing"},
	{"an empty composite value", `a{} {}`, "fails 5", "fails 6"},
	{"a comma at the end of a composite value", `a {count:1,sum:2,quantile:[],}`, "fails 11", "fails 30"},
	{"a comma at the end of a list", `a {count:1,sum:2,quantile:[1:2,]}`, "fails 11", "fails 32"},
	{"a field that does not exist", `a {min:1}`, "fails 9", "fails 4"},
	{"a number for a list", `a {bucket:1}`, "fails 12", "fails 11"},
	{"a list for a number", `a {count:[1]}`, "fails 10", "fails 10"},
	{"numbers for pairs", `a {bucket:[1]}`, "fails 11", "fails 13"},
	{"fields in another order", `a {sum:1,count:1,bucket:[+Inf:1],schema:0,zero_threshold:0,zero_count:1}`, "fails 9", "10 field-order"},
	{"a field that occurs twice", `a {count:1,count:1,sum:2,bucket:[]}`, "fails 11", "12 duplicate-field"},
	{"nothing is found behind a field that occurs twice", `a {count:1,count:1e999,sum:1,gcount:1}`, "fails 11", "12 duplicate-field"},
	{"fields that are missing", `a {sum:1}`, "fails 9", "3 missing-field"},
	{"a summary without quantiles may as well be a histogram without buckets", `a {count:1,sum:1}`, "fails 11", "3 missing-field"},
	{"a gauge histogram without its count", `a {gsum:1,bucket:[+Inf:1]}`, "fails 10", "3 missing-field"},
	{"fields that do not belong together are not searched for missing ones", `a {gcount:1,quantile:[]}`, "fails 12", ""},
	{"spans without buckets", `a {count:0,sum:0,schema:0,zero_threshold:0,zero_count:0,negative_spans:[0:1]}`, "fails 11", "3 missing-field"},
	{"infinities in other words", `a {count:1,sum:2,bucket:[-inf:0,Inf:1,+INFINITY:1]}`, "fails 11", "26 infinity-text; 33 infinity-text; 39 infinity-text"},
	{"a native histogram", `a {count:6,sum:1,schema:-4,zero_threshold:0.5,zero_count:0,negative_spans:[-3:1,0:1],negative_buckets:[1,2],positive_spans:[2:1],positive_buckets:[3]}`, "fails 11", ""},
	{"a schema, a threshold, an offset and a length that cannot be", `a {count:0,sum:0,schema:9,zero_threshold:-1,zero_count:0,positive_spans:[1e1:1,-1:0],positive_buckets:[1]}`, "fails 11", "25 native-schema; 42 zero-threshold; 74 span-offset; 80 span-offset; 83 span-length"},
	{"spans with room for more buckets", `a {count:1,sum:0,schema:0,zero_threshold:0,zero_count:0,positive_spans:[0:1,4:1],positive_buckets:[1]}`, "fails 11", "82 span-total"},
	{"a number too large in a composite value", `a {count:1e999,sum:2,quantile:[1e999:2]}`, "fails 15", "10 number; 32 number"},
}

func TestOpenMetricsLinesAreRead(t *testing.T) {
	for _, test := range openMetricsLines {
		for d, want := range map[lexer.Dialect]string{lexer.OpenMetrics: test.want1, lexer.OpenMetrics2: test.want2} {
			t.Run(fmt.Sprintf("%s in %s", test.name, d), func(t *testing.T) {
				e := newEntry(d)
				failedAt := readBoth(t, []byte(test.line), e, newEntry(d))
				got := strings.Join(describeFindings(e), "; ")
				if failedAt != accepted {
					got = fmt.Sprintf("fails %d", failedAt+1)
				}
				require.Equal(t, want, got)
			})
		}
	}
}

func TestOpenMetricsEntriesHoldEverything(t *testing.T) {
	tests := []struct {
		name    string
		line    string
		dialect lexer.Dialect
		want    []string
	}{
		{"a label, its value and timestamp", `a_bucket{le="0.5",l="\n"} 1.5 -0.000000001`, lexer.OpenMetrics, []string{
			`sample "a_bucket"`, `{le="0.5",l="\n"} le {13 16} quantile {0 0} end 25`, `1.5 at {26 29}`,
			`timestamp -1.999999999 at {30 42}`,
		}},
		{"a quoted name, and a quantile with an escape", `{"a.b",quantile="\\"} NaN`, lexer.OpenMetrics, []string{
			`sample "a.b"`, `{quantile="\\"} le {0 0} quantile {0 0} end 21`, `NaN at {22 25}`,
		}},
		{"a help text", `# HELP "a\n" \"b\\`, lexer.OpenMetrics, []string{`help "a\n"`, `"\"b\\" at 13 quoted true unknown`}},
		{"a type", `# TYPE a stateset`, lexer.OpenMetrics, []string{`type "a"`, `"stateset" at 9 quoted false stateset`}},
		{"a unit", `# UNIT a_b b`, lexer.OpenMetrics, []string{`unit "a_b"`, `"b" at 11 quoted false unknown`}},
		{"the end", `# EOF`, lexer.OpenMetrics, []string{`end ""`}},
		{"an exemplar", `a 1 2 # {l="\"",m="y"} 3 4.25`, lexer.OpenMetrics, []string{
			`sample "a"`, `{} le {0 0} quantile {0 0} end 1`, `1 at {2 3}`, `timestamp 2.000000000 at {4 5}`,
			`exemplar {l="\"",m="y"} 3 4.250000000 at {6 29}`,
		}},
		{"an exemplar before one that cannot be read, and none that is at fault", `a 1 # {} 1e999 2 # {l="x"} 2 3 # {} 4 5 #`, lexer.OpenMetrics2, []string{
			`sample "a"`, `{} le {0 0} quantile {0 0} end 1`, `1 at {2 3}`,
			`exemplar {l="x"} 2 3.000000000 at {17 30}`, `exemplar {} 4 5.000000000 at {31 39}`,
		}},
		{"a composite value", `a{l="x"} {count:3,sum:4.5,schema:0,zero_threshold:1,zero_count:0,positive_spans:[-1:2],positive_buckets:[1,2],bucket:[+Inf:3]} 9 st@8`, lexer.OpenMetrics2, []string{
			`sample "a"`, `{l="x"} le {0 0} quantile {0 0} end 8`, `0 at {9 126}`, `timestamp 9.000000000 at {127 128}`,
			`start 8.000000000 at {129 133}`, `composite at {9 126}`,
			`count at {10 15} 3 at {16 17}`, `sum at {18 21} 4.5 at {22 25}`, `schema at {26 32} 0 at {33 34}`,
			`zero_threshold at {35 49} 1 at {50 51}`, `zero_count at {52 62} 0 at {63 64}`,
			`positive_spans at {65 79} 0 at {0 0} -1 at {81 83}: 2 at {84 85}`,
			`positive_buckets at {87 103} 0 at {0 0} 0 at {0 0}: 1 at {105 106} 0 at {0 0}: 2 at {107 108}`,
			`bucket at {110 116} 0 at {0 0} +Inf at {118 122}: 3 at {123 124}`,
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			e := newEntry(test.dialect)
			require.Equal(t, accepted, readBoth(t, []byte(test.line), e, newEntry(test.dialect)))
			if diff := gocmp.Diff(test.want, describeEntry(e)); diff != "" {
				t.Errorf("unexpected entry (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWhatIsSaidOfOpenMetricsLines(t *testing.T) {
	tests := []struct{ line, want string }{
		{` a 1`, `warning spacing: there is one space between the parts of a line and none elsewhere " "`},
		{`# TYPE a Gauge`, `warning type-case: type "Gauge" is not written in lower case "Gauge"`},
		{`# TYPE a native`, `error unknown-type: unknown type "native"; expected counter, gauge, histogram, gaugehistogram, summary, info, stateset or unknown "native"`},
		{`{l="x","a"} 1`, `warning name-position: metric name "a" is not the first thing in the braces "\"a\""`},
		{`a{l="\q"} 1`, `warning undefined-escape: "\\q" is no escape "\\q"`},
		{`a 1 Inf`, `error timestamp: timestamp "Inf" is not a number of seconds in the range of 64 bits "Inf"`},
		{`a 1 # {"l":"x"} 1`, `warning exemplar: expected "=", found ":" "\":\""`},
		{`a 1 # {l="",l=""} 1 2`, `warning exemplar: label "l" occurs twice "l"`},
		{`a 1 # {} 1e999 2`, `warning exemplar: number "1e999" is out of range "1e999"`},
		{`a {sum:1,count:1,quantile:[]}`, `warning field-order: field "count" stands too late "count"`},
		{`a {sum:1,quantile:[]}`, `warning missing-field: the composite value lacks count "{"`},
		{`a {gcount:1,gsum:1,schema:0,zero_threshold:0}`, `warning missing-field: the composite value lacks zero_count "{"`},
	}
	for _, test := range tests {
		var got []string
		say := func(d *diag.Diagnostic) {
			got = append(got, fmt.Sprintf("%s %s: %s %q", d.Severity, d.Rule, d.Message, d.Found))
		}
		o := newOptions([]Option{OnDiagnostic(say)})
		o.dialect = lexer.OpenMetrics2
		r := reporter{options: &o}
		e := newEntry(lexer.OpenMetrics2)
		r.advance([]byte(test.line), len(test.line))
		require.Equal(t, accepted, readOpenMetrics([]byte(test.line), e), "%q", test.line)
		refused := r.judge(e.findings)
		for err := r.nextError(); err != nil; err = r.nextError() {
			var d *diag.Diagnostic
			require.ErrorAs(t, err, &d)
			require.True(t, refused)
			say(d)
		}
		if diff := gocmp.Diff([]string{test.want}, got); diff != "" {
			t.Errorf("about %q (-want +got):\n%s", test.line, diff)
		}
	}
}

func TestEveryRuleOfOneLineHasItsMessage(t *testing.T) {
	byGrammar := []diag.Rule{
		diag.Exemplar, diag.Timestamp, diag.MissingField, diag.Syntax, diag.MetricName, diag.Composite, diag.FieldName,
	}
	for _, rule := range ofOneLine {
		require.True(t, messages[rule] != "" || slices.Contains(byGrammar, rule), "message of %s", rule)
	}
}

func TestPartsOfALineAreLimited(t *testing.T) {
	tests := []struct{ line, want string }{
		{`a 1 # {} 1 2 # {} 1 2 # {} 1 2 # {,} 1 2`, "23 too-many-parts"},
		{`a 1 # {} 1e999 # {} 1e999 # {} 1e999`, "10 exemplar; 21 exemplar; 27 too-many-parts"},
		{`a 1 # {a="",b="",c="",d="",} 1 2`, "18 too-many-parts"},
		{`a 1 # {a=""} 1 2 # {a="",b=""} 1 2`, "26 too-many-parts"},
		{`a {count:1,sum:1,quantile:[0:1,0.25:1,0.5:1,1:1]}`, "39 too-many-parts"},
		{`a {count:1,sum:1,bucket:[1:1,2:1,3:1,+Inf:1],quantile:[0:1,0.25:1]}`, "34 too-many-parts"},
	}
	for _, test := range tests {
		e, other := newEntry(lexer.OpenMetrics2), newEntry(lexer.OpenMetrics2)
		e.parts, other.parts = 2, 2
		require.Equal(t, accepted, readBoth(t, []byte(test.line), e, other))
		require.Equal(t, test.want, strings.Join(describeFindings(e), "; "), "of %q", test.line)
	}
}

// eachLine calls do for the lines of a file, without their ends.
func eachLine(file corpus.File, do func(number int, line []byte)) {
	number := 0
	for begin := 0; begin < len(file.Data); number++ {
		content, next := lexer.LineEnd(file.Data, begin)
		do(number+1, file.Data[begin:content])
		begin = next
	}
}

// ofOneLine are the rules that readers of lines judge.
var ofOneLine = []diag.Rule{
	diag.BlankLine, diag.CommentLine, diag.Spacing, diag.IncompleteMetadata, diag.EmptyName, diag.UndefinedEscape,
	diag.HelpEscape, diag.UnknownType, diag.TypeUntyped, diag.TypeCase, diag.UnitCharacters, diag.MissingName,
	diag.SecondName, diag.NamePosition, diag.StrayComma, diag.TrailingComma, diag.LabelName, diag.DuplicateLabel,
	diag.NameLabel, diag.UnderscoreLabel, diag.Number, diag.Timestamp, diag.StartAfterTimestamp, diag.Exemplar,
	diag.ExemplarLength, diag.ExemplarTimestamp, diag.ExemplarNoTimestamp, diag.FieldOrder, diag.DuplicateField,
	diag.MissingField, diag.InfinityText, diag.NativeSchema, diag.ZeroThreshold, diag.SpanOffset, diag.SpanLength,
	diag.SpanTotal, diag.Syntax, diag.MetricName, diag.Composite, diag.FieldName,
}

func TestPagesOfOpenMetricsLineByLine(t *testing.T) {
	for dir, d := range map[string]lexer.Dialect{
		corpus.OpenMetricsValid: lexer.OpenMetrics, corpus.OpenMetricsInvalid: lexer.OpenMetrics,
		corpus.OpenMetrics2Valid: lexer.OpenMetrics2, corpus.OpenMetrics2Invalid: lexer.OpenMetrics2,
	} {
		for file := range corpus.Files(dir) {
			var want, got []string
			for _, f := range file.Expected().Findings {
				rule, _ := diag.RuleByID(f.Rule)
				// The bounds of OpenMetrics 1.0 are labels of what may be a bucket.
				if f.Strict != diag.Off.String() && slices.Contains(ofOneLine, rule) && !(rule == diag.InfinityText && d == lexer.OpenMetrics) {
					want = append(want, fmt.Sprintf("%d:%d %s", f.Line, f.Column, rule))
				}
			}
			e, other := newEntry(d), newEntry(d)
			ended := false
			eachLine(file, func(number int, line []byte) {
				line = bytes.TrimPrefix(line, byteOrderMark)
				if failedAt := readBoth(t, line, e, other); failedAt != accepted {
					problem := grammar.Of(d).Explain(line, failedAt)
					got = append(got, fmt.Sprintf("%d:%d %s", number, failedAt+1, problem.Rule))
					return
				}
				if ended {
					return
				}
				ended = e.kind == endLine
				for _, f := range e.findings {
					got = append(got, fmt.Sprintf("%d:%d %s", number, f.at+1, f.rule))
				}
			})
			if diff := gocmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", file.Name, diff)
			}
		}
	}
}

// FuzzOpenMetricsLines has both readers of OpenMetrics read lines. They must agree, and also if the lines before have
// left something behind.
func FuzzOpenMetricsLines(f *testing.F) {
	for _, test := range openMetricsLines {
		f.Add([]byte(test.line))
	}
	for _, dir := range []string{
		corpus.OpenMetricsValid, corpus.OpenMetricsInvalid, corpus.OpenMetrics2Valid, corpus.OpenMetrics2Invalid,
	} {
		for file := range corpus.Files(dir) {
			f.Add(file.Data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, d := range []lexer.Dialect{lexer.OpenMetrics, lexer.OpenMetrics2} {
			e, other := newEntry(d), newEntry(d)
			eachLine(corpus.File{Data: data}, func(_ int, line []byte) { readBoth(t, line, e, other) })
		}
	})
}
