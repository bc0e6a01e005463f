package grammar_test

import (
	"strings"
	"testing"

	"github.com/alecthomas/participle/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/grammar"
	"github.com/promfmt/promfmt/lexer"
)

const (
	om1 = lexer.OpenMetrics
	om2 = lexer.OpenMetrics2
)

// goodOpenMetricsLines are lines that the grammars accept from one dialect on, each with its tree as outline writes it.
var goodOpenMetricsLines = []struct {
	name string
	from lexer.Dialect
	line string
	want string
}{
	{"a sample is a name and a value", om1, "a 1\n", "Sample a@0 1@2"},
	{"a sample may have labels", om1, `a{l="x",m="y"} 1`, `Sample a@0 {@1 l@2="x"@4 m@8="y"@10 }@13 1@15`},
	{"braces may be empty", om1, "a{} 0", "Sample a@0 {@1 }@2 0@4"},
	{"a value may be NaN or infinite in any case", om1, "a -INFINITY", "Sample a@0 -INFINITY@2"},
	{"a timestamp may be whole", om1, "a 1 1520879607", "Sample a@0 1@2 1520879607@4"},
	{"a timestamp may have a fraction", om1, "a 1 1520879607.789", "Sample a@0 1@2 1520879607.789@4"},
	{"a timestamp may have an exponent", om1, "a 1 -1.5e+9", "Sample a@0 1@2 -1.5e+9@4"},
	{"a timestamp that is NaN is no matter of syntax", om1, "a 1 NaN", "Sample a@0 1@2 NaN@4"},
	{"the size of a timestamp is no matter of syntax", om1, "a 1 1e300", "Sample a@0 1@2 1e300@4"},
	{"a quoted metric name may stand first in the braces", om1, `{"m.x",l="y"} 1`, `Sample {@0 "m.x"@1 l@7="y"@9 }@12 1@14`},
	{"the place of a quoted metric name in the braces is no matter of syntax", om1, `{l="y","m.x"} 1`, `Sample {@0 l@1="y"@3 "m.x"@7 }@12 1@14`},
	{"a second or a missing metric name is no matter of syntax", om1, `{"a","b"} 1`, `Sample {@0 "a"@1 "b"@5 }@8 1@10`},
	{"a colon in a label name is no matter of syntax", om1, `a{b:c="x"} 1`, `Sample a@0 {@1 b:c@2="x"@6 }@9 1@11`},
	{"a comma before the first label is no matter of syntax", om1, `a{,l="x"} 1`, `Sample a@0 {@1 ,@2 l@3="x"@5 }@8 1@10`},
	{"a comma behind the last label is no matter of syntax", om1, `a{l="x",} 1`, `Sample a@0 {@1 l@2="x"@4 ,@7 }@8 1@10`},

	{"an exemplar is labels and a value", om1, `a_total 1 # {trace_id="x"} 0.67`, `Sample a_total@0 1@8 Exemplar #@10 {@12 trace_id@13="x"@22 }@25 0.67@27`},
	{"an exemplar may have a timestamp", om1, `a_total 1 2 # {t="x"} 3 4.5`, `Sample a_total@0 1@8 2@10 Exemplar #@12 {@14 t@15="x"@17 }@20 3@22 4.5@24`},
	{"an exemplar may have no labels", om1, `a 1 # {} 3`, `Sample a@0 1@2 Exemplar #@4 {@6 }@7 3@9`},
	{"a label name of an exemplar may be quoted", om1, `a 1 # {"t.x"="y"} 3`, `Sample a@0 1@2 Exemplar #@4 {@6 "t.x"@7="y"@13 }@16 3@18`},
	{"commas at the ends of an exemplar's labels are no matter of syntax", om1, `a 1 # {,t="y",} 3`, `Sample a@0 1@2 Exemplar #@4 {@6 ,@7 t@8="y"@10 ,@13 }@14 3@16`},
	{"the value and timestamp of an exemplar may be any number", om1, `a 1 # {} NaN -Inf`, `Sample a@0 1@2 Exemplar #@4 {@6 }@7 NaN@9 -Inf@13`},
	{"a string may hold what begins an exemplar", om1, `a{l=" # {} 1"} 1`, `Sample a@0 {@1 l@2=" # {} 1"@4 }@13 1@15`},

	{"blanks are no matter of syntax", om1, " a { l = \"x\" }\t1  2 #  { t = \"y\" } 3  4 \n", `Sample a@1 {@3 l@5="x"@9 }@13 1@15 2@18 Exemplar #@20 {@23 t@25="y"@29 }@33 3@35 4@38`},
	{"a missing blank behind braces or a hash is no matter of syntax", om1, `a{}1 #{}2`, `Sample a@0 {@1 }@2 1@3 Exemplar #@5 {@6 }@7 2@8`},
	{"a CR before the line feed is no matter of syntax", om1, "a 1\r\n", "Sample a@0 1@2"},
	{"nothing is a blank line", om1, "", ""},
	{"blanks are a blank line", om1, " \t\n", ""},

	{"a type line is a name and a type", om1, "# TYPE a gaugehistogram\n", "Type #@0 TYPE@2 a@7 gaugehistogram@9"},
	{"an unknown type is no matter of syntax", om1, `# TYPE "m.x" Untyped`, `Type #@0 TYPE@2 "m.x"@7 Untyped@13`},
	{"a unit line is a name and a unit", om1, "# UNIT a_seconds seconds\n", "Unit #@0 UNIT@2 a_seconds@7 seconds@17"},
	{"a unit line may name a quoted metric", om1, `# UNIT "m.x" x`, `Unit #@0 UNIT@2 "m.x"@7 x@13`},
	{"a unit may be missing", om1, "# UNIT a \n", "Unit #@0 UNIT@2 a@7 @9"},
	{"a unit is any word", om1, "#UNIT a m/s", "Unit #@0 UNIT@1 a@6 m/s@8"},
	{"a help text begins behind one blank", om1, "# HELP a  b \n", "Help #@0 HELP@2 a@7  b @9"},
	{"a help text may hold a quote", om1, `# HELP a "b" \"c\"`, `Help #@0 HELP@2 a@7 "b" \"c\"@9`},
	{"a help text may be missing", om1, "# HELP a ", "Help #@0 HELP@2 a@7 @9"},
	{"the end mark is a line", om1, "# EOF", "End #@0 EOF@2"},
	{"the blanks of the end mark are no matter of syntax", om1, "#  EOF \n", "End #@0 EOF@3"},
	{"a unit line without a name is incomplete", om1, "# UNIT \n", "Incomplete #@0 UNIT@2"},
	{"a type line without a type is incomplete", om1, "# TYPE a", "Incomplete #@0 TYPE@2 a@7"},
	{"a help line without a name is incomplete", om1, "# HELP", "Incomplete #@0 HELP@2"},
	{"any other line with # is a comment", om1, "# EOF is near", "Comment #@0 EOF is near@2"},
	{"a lone # is a comment", om1, "#", "Comment #@0 @1"},

	{"a start timestamp may follow the value", om2, "a 1 st@1520430000.123", "Sample a@0 1@2 Start 1520430000.123@7"},
	{"a start timestamp may follow the timestamp", om2, "a 1 5 st@-3", "Sample a@0 1@2 5@4 Start -3@9"},
	{"blanks behind st@ are no matter of syntax", om2, "a 1 st@  2", "Sample a@0 1@2 Start 2@9"},
	{"a start timestamp that is infinite is no matter of syntax", om2, "a 1 st@inf", "Sample a@0 1@2 Start inf@7"},
	{"a sample may have several exemplars", om2, `a 1 5 st@3 # {t="x"} 1 4 # {} 2 5 # {} 3`, `Sample a@0 1@2 5@4 Start 3@9 Exemplar #@11 {@13 t@14="x"@16 }@19 1@21 4@23 Exemplar #@25 {@27 }@28 2@30 5@32 Exemplar #@34 {@36 }@37 3@39`},
	{
		"a value may be a classic histogram", om2,
		`a {count:2,sum:1.5,bucket:[0.5:1,+Inf:2]}`,
		`Sample a@0 {@2 count@3: 2@9 sum@11: 1.5@15 bucket@19: [@26 0.5@27:1@31 +Inf@33:2@38 ]@39 }@40`,
	},
	{
		"a value may be a native histogram", om2,
		`a{l="x"} {gcount:1,gsum:2,schema:-1,zero_threshold:1e-4,zero_count:0,negative_spans:[1:2,3:4],negative_buckets:[5,6.5],positive_spans:[],positive_buckets:[]}`,
		`Sample a@0 {@1 l@2="x"@4 }@7 {@9 gcount@10: 1@17 gsum@19: 2@24 schema@26: -1@33 zero_threshold@36: 1e-4@51` +
			` zero_count@56: 0@67 negative_spans@69: [@84 1@85:2@87 3@89:4@91 ]@92 negative_buckets@94: [@111 5@112 6.5@114 ]@117` +
			` positive_spans@119: [@134 ]@135 positive_buckets@137: [@154 ]@155 }@156`,
	},
	{
		"a value may be a summary", om2, `{"m.x"} {count:0,sum:0,quantile:[]} 3 st@4 # {} 1 2`,
		`Sample {@0 "m.x"@1 }@6 {@8 count@9: 0@15 sum@17: 0@21 quantile@23: [@32 ]@33 }@34 3@36 Start 4@41 Exemplar #@43 {@45 }@46 1@48 2@50`,
	},
	{"the order of fields is no matter of syntax", om2, "a {sum:1,count:2}", "Sample a@0 {@2 sum@3: 1@7 count@9: 2@15 }@16"},
	{"a repeated field is no matter of syntax", om2, "a {sum:1,sum:2}", "Sample a@0 {@2 sum@3: 1@7 sum@9: 2@13 }@14"},
	{"blanks in a composite value are no matter of syntax", om2, "a { sum : 1 , bucket : [ 1 : 2 , 3 : 4 ] } ", "Sample a@0 {@2 sum@4: 1@10 bucket@14: [@23 1@25:2@29 3@33:4@37 ]@39 }@41"},
	{"the range of bounds, offsets and lengths is no matter of syntax", om2, "a {bucket:[NaN:-1],positive_spans:[1.5:-0.5]}", "Sample a@0 {@2 bucket@3: [@10 NaN@11:-1@15 ]@17 positive_spans@19: [@34 1.5@35:-0.5@39 ]@43 }@44"},
	{"a blank before the braces of labels is no matter of syntax", om2, `a {l="x"} {sum:1}`, `Sample a@0 {@2 l@3="x"@5 }@8 {@10 sum@11: 1@15 }@16`},
}

func TestGoodLinesOfOpenMetrics(t *testing.T) {
	for _, test := range goodOpenMetricsLines {
		t.Run(test.name, func(t *testing.T) {
			for d := test.from; int(d) < lexer.Dialects; d++ {
				line := grammar.Of(d).ParseLine([]byte(test.line))
				require.Nil(t, line.Err, d)
				require.Equal(t, test.want, outline(line), d)
				require.Equal(t, test.line, line.String(), d)
			}
		})
	}
}

// badOpenMetricsLines are lines that one of the grammars refuses, each with the offset of the token at fault, the rule and
// the words.
var badOpenMetricsLines = []struct {
	name    string
	dialect lexer.Dialect
	line    string
	offset  int
	rule    diag.Rule
	message string
}{
	{"a value is missing", om1, "a", 1, diag.Syntax, `expected "{" or a value, found end of line`},
	{"a value is hexadecimal", om1, "a 0x1", 2, diag.Number, `expected "{" or a value, found "0x1"`},
	{"a value holds an underscore", om1, "a{} 1_000", 4, diag.Number, `expected a value, found "1_000"`},
	{"a value is a signed NaN", om2, "a -NaN", 2, diag.Number, `expected "{" or a value, found "-NaN"`},
	{"a value is composite in OpenMetrics 1.0", om1, "a{} {count:1}", 4, diag.Number, `expected a value, found "{count:1}"`},
	{"a timestamp is a word", om1, "a 1 now", 4, diag.Timestamp, `expected a timestamp, an exemplar or the end of the line, found "now"`},
	{"a start timestamp stands in OpenMetrics 1.0", om1, "a 1 st@2", 4, diag.Timestamp, `expected a timestamp, an exemplar or the end of the line, found "st@2"`},
	{"a third number follows", om1, "a 1 2 3", 6, diag.Syntax, `expected an exemplar or the end of the line, found "3"`},
	{"a metric name holds a dash", om1, "a-b 1", 1, diag.MetricName, `expected "{" or a value, found "-b"`},
	{"a metric name in the braces is not quoted", om1, "{a} 1", 2, diag.Syntax, `expected "=", found "}"`},
	{"a quoted metric name stands outside the braces", om2, `"m.x" 1`, 0, diag.Syntax, `expected a metric name, "{" or "#", found "\"m.x\""`},
	{"two commas follow a label", om1, `a{l="x",,m="y"} 1`, 8, diag.Syntax, `expected a label name or "}", found ","`},
	{"a comma is missing", om1, `a{l="x"m="y"} 1`, 7, diag.Syntax, `expected "," or "}", found "m"`},
	{"text follows a label value", om1, `a{l="x"X} 1`, 7, diag.Syntax, `expected "," or "}", found "X"`},
	{"text follows the braces", om1, `a{l="x"}X1`, 8, diag.Number, `expected a value, found "X1"`},
	{"a label value has no closing quote", om1, `a{l="x} 1`, 4, diag.Syntax, `expected a label value in quotes, found an unterminated string`},
	{"a label name holds a dash", om1, `a{b-c="x"} 1`, 3, diag.LabelName, `expected "=", found "-c"`},
	{"the name of a unit line holds a dash", om1, "# UNIT a-b b", 8, diag.MetricName, `expected a blank and the unit, found "-b"`},
	{"the name of a unit line has no closing quote", om1, `# UNIT "a b`, 7, diag.Syntax, `expected a metric name, found an unterminated string`},
	{"a word follows the unit", om1, "# UNIT a b c", 11, diag.Syntax, `expected the end of the line, found "c"`},
	{"a word follows the type", om1, "# TYPE a gauge b", 15, diag.Syntax, `expected the end of the line, found "b"`},
	{"a second line follows the end mark", om1, "# EOF\na 1", 6, diag.Syntax, `expected nothing behind the end of the line, found "a"`},

	{"a start timestamp stands before the timestamp", om2, "a 1 st@2 3", 9, diag.Syntax, `expected an exemplar or the end of the line, found "3"`},
	{"a start timestamp is missing", om2, "a 1 st@", 7, diag.Syntax, `expected a timestamp, found end of line`},
	{"a start timestamp is a word", om2, "a 1 st@now", 7, diag.Timestamp, `expected a timestamp, found "now"`},
	{"a start timestamp has a capital", om2, "a 1 ST@2", 4, diag.Timestamp, `expected a timestamp, a start timestamp, an exemplar or the end of the line, found "ST@2"`},
	{"a second composite value follows", om2, "a {sum:1} {sum:1}", 10, diag.Syntax, `expected a timestamp, a start timestamp, an exemplar or the end of the line, found "{"`},

	{"a composite value is empty", om2, "a{} {}", 5, diag.Composite, `expected a field, found "}"`},
	{"a composite value has a field that does not exist", om2, "a {counts:1}", 3, diag.FieldName, `expected a field, found "counts"`},
	{"a composite value has a field with a capital", om2, "a {Sum:1}", 3, diag.FieldName, `expected a field, found "Sum"`},
	{"a field has no colon", om2, "a {sum=1}", 7, diag.Syntax, `expected a label value in quotes, found "1"`},
	{"a field behind another has no colon", om2, "a {count:1,sum 1}", 15, diag.Composite, `expected ":", found "1"`},
	{"a field has no number", om2, "a {sum:}", 7, diag.Composite, `expected a number, found "}"`},
	{"a field has a bad number", om2, "a {sum:0x1}", 7, diag.Number, `expected a number, found "0x1"`},
	{"a field has a list for a number", om2, "a {sum:[1]}", 7, diag.Composite, `expected a number, found "["`},
	{"a field has a number for a list", om2, "a {bucket:1}", 10, diag.Composite, `expected "[", found "1"`},
	{"a field has a number for a list of numbers", om2, "a {positive_buckets:1}", 20, diag.Composite, `expected "[", found "1"`},
	{"a list of numbers has a pair", om2, "a {positive_buckets:[1:2]}", 22, diag.Composite, `expected "," or "]", found ":"`},
	{"a list of numbers ends in a comma", om2, "a {positive_buckets:[1,]}", 23, diag.Composite, `expected a number, found "]"`},
	{"a list of pairs has a number", om2, "a {bucket:[1,2]}", 12, diag.Composite, `expected ":", found ","`},
	{"a list of pairs ends in a comma", om2, "a {bucket:[1:2,]}", 15, diag.Composite, `expected a number, found "]"`},
	{"a list of pairs begins with a comma", om2, "a {bucket:[,1:2]}", 11, diag.Composite, `expected a number or "]", found ","`},
	{"a pair has no value", om2, "a {bucket:[1:]}", 13, diag.Composite, `expected a number, found "]"`},
	{"a bound is a word", om2, "a {bucket:[x:1]}", 11, diag.Number, `expected a number or "]", found "x"`},
	{"a bound is quoted", om2, `a {bucket:["1":1]}`, 11, diag.Number, `expected a number or "]", found "\"1\""`},
	{"a list does not end", om2, "a {bucket:[1:1}", 14, diag.Composite, `expected "," or "]", found "}"`},
	{"a composite value ends in a comma", om2, "a {sum:1,}", 9, diag.Composite, `expected a field, found "}"`},
	{"a composite value does not end", om2, "a {sum:1\n", 8, diag.Composite, `expected "," or "}", found end of line`},
	{"composite values are nested", om2, "a {sum:{sum:1}}", 7, diag.Composite, `expected a number, found "{"`},
	{"text follows a composite value", om2, "a {sum:1}x", 9, diag.Timestamp, `expected a timestamp, a start timestamp, an exemplar or the end of the line, found "x"`},
}

func TestBadLinesOfOpenMetrics(t *testing.T) {
	for _, test := range badOpenMetricsLines {
		t.Run(test.name, func(t *testing.T) {
			line := grammar.Of(test.dialect).ParseLine([]byte(test.line))
			require.NotNil(t, line.Err)
			require.Empty(t, outline(line), "a bad line has no other node")
			require.EqualError(t, line.Err, test.message)
			require.Equal(t, test.offset, line.Err.Offset)
			require.Equal(t, test.rule, line.Err.Rule)
			require.Equal(t, test.line, line.String())
		})
	}
}

func TestSampleBeforeABadExemplar(t *testing.T) {
	tests := []struct {
		name    string
		dialect lexer.Dialect
		line    string
		want    string
		offset  int
		message string
	}{
		{"the braces are missing", om1, "a 1 # x 2", "Sample a@0 1@2", 6, `expected "{", found "x"`},
		{"there is nothing behind the hash", om1, "a 1 #\n", "Sample a@0 1@2", 5, `expected "{", found end of line`},
		{"the value is missing", om1, `a 1 # {t="x"}`, "Sample a@0 1@2", 13, `expected a value, found end of line`},
		{"a second hash stands in place of the value", om1, `a 1 # {} # {} 2`, "Sample a@0 1@2", 9, `expected a value, found "#"`},
		{"the value is a word", om1, `a 1 5 # {t="x"} y`, "Sample a@0 1@2 5@4", 16, `expected a value, found "y"`},
		{"the timestamp is a word", om1, `a 1 # {} 2 y`, "Sample a@0 1@2", 11, `expected a timestamp or the end of the line, found "y"`},
		{"a label has no value", om1, `a 1 # {t} 2`, "Sample a@0 1@2", 8, `expected "=", found "}"`},
		{"a label value is not quoted", om1, `a 1 # {t=x} 2`, "Sample a@0 1@2", 9, `expected a label value in quotes, found "x"`},
		{"a label value has no closing quote", om1, `a 1 # {t="x} 2`, "Sample a@0 1@2", 9, `expected a label value in quotes, found an unterminated string`},
		{"a metric name stands among the labels", om1, `a 1 # {"t"} 2`, "Sample a@0 1@2", 10, `expected "=", found "}"`},
		{"two commas follow a label", om1, `a 1 # {t="x",,} 2`, "Sample a@0 1@2", 13, `expected a label name or "}", found ","`},
		{"a comma is missing", om1, `a 1 # {t="x"u="y"} 2`, "Sample a@0 1@2", 12, `expected "," or "}", found "u"`},
		{"a number follows the timestamp", om1, `a 1 # {} 2 3 4`, "Sample a@0 1@2", 13, `expected the end of the line, found "4"`},
		{"a second exemplar follows the first", om1, `a 1 # {} 2 # {} 3`, "Sample a@0 1@2 Exemplar #@4 {@6 }@7 2@9", 11, `expected a timestamp or the end of the line, found "#"`},
		{"a second exemplar follows the timestamp of the first", om1, `a 1 # {} 2 3 # {} 3`, "Sample a@0 1@2 Exemplar #@4 {@6 }@7 2@9 3@11", 13, `expected the end of the line, found "#"`},
		{"a later exemplar is at fault", om2, `a 1 # {} 2 3 # {t} 3`, "Sample a@0 1@2 Exemplar #@4 {@6 }@7 2@9 3@11", 17, `expected "=", found "}"`},
		{"a start timestamp follows the exemplar", om2, `a 1 # {} 2 3 st@4`, "Sample a@0 1@2", 13, `expected an exemplar or the end of the line, found "st@"`},
		{"the value is composite", om2, `a {sum:1} # {} {sum:1}`, "Sample a@0 {@2 sum@3: 1@7 }@8", 15, `expected a value, found "{"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			line := grammar.Of(test.dialect).ParseLine([]byte(test.line))
			require.NotNil(t, line.Err)
			require.EqualError(t, line.Err, test.message)
			require.Equal(t, diag.Exemplar, line.Err.Rule)
			require.Equal(t, test.offset, line.Err.Offset)
			require.Equal(t, test.want, outline(line))
			require.Equal(t, test.line, line.String())
		})
	}
}

func TestHintsOfOpenMetrics(t *testing.T) {
	tests := []struct {
		name    string
		dialect lexer.Dialect
		line    string
		want    string
	}{
		{"a metric name that needs quotes", om1, "a.b 1", `other names stand in quotes, those of samples within the braces, as in {"a.b"}`},
		{"a label name that needs quotes", om2, `a{b-c="x"} 1`, `other names stand in quotes, as in {"a.b"="x"}`},
		{"an exemplar", om1, `a 1 # x`, "an exemplar is # {labels} value, and may have a timestamp in seconds"},
		{"an exemplar of OpenMetrics 2.0", om2, `a 1 # x`, "an exemplar is # {labels} value timestamp"},
		{"a composite value too early", om1, "a{} {sum:1}", "composite values belong to OpenMetrics 2.0"},
		{"a start timestamp too early", om1, "a 1 st@1", "start timestamps belong to OpenMetrics 2.0"},
		{"a timestamp that is no number", om2, "a 1 now", ""},
		{"a field", om2, "a {total:1}", "the fields are count, sum, gcount, gsum, quantile, bucket, schema, zero_threshold, zero_count, " +
			"negative_spans, negative_buckets, positive_spans and positive_buckets"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			require.Equal(t, test.want, grammar.Of(test.dialect).ParseLine([]byte(test.line)).Err.Hint)
		})
	}
}

func TestGrammarOfADialectThatIsNone(t *testing.T) {
	require.Same(t, grammar.Of(lexer.PrometheusText), grammar.Of(200))
}

func TestLinesOfOpenMetrics(t *testing.T) {
	document := "# TYPE a counter\na_total 1\nbad-name 2\n# EOF"
	var got []string
	for line := range grammar.Of(om1).Lines([]byte(document)) {
		got = append(got, outline(line))
	}
	require.Empty(t, cmp.Diff([]string{"Type #@0 TYPE@2 a@7 counter@9", "Sample a_total@0 1@8", "", "End #@0 EOF@2"}, got))
}

func TestManyParts(t *testing.T) {
	repetitions := participle.MaxIterations
	t.Cleanup(func() { participle.MaxIterations = repetitions })
	participle.MaxIterations = 10
	tests := []struct{ name, line, want string }{
		{"labels", "a{" + strings.Repeat(`l="x",`, 20) + "} 1", "more than 18 labels on a line"},
		{"labels of an exemplar", "a 1 # {" + strings.Repeat(`l="x",`, 20) + "} 1", "more than 9 exemplars, labels of one, or entries of a composite value on a line"},
		{"exemplars", "a 1" + strings.Repeat(" # {} 1", 20), "more than 9 exemplars, labels of one, or entries of a composite value on a line"},
		{"buckets", "a {bucket:[1:1" + strings.Repeat(",1:1", 20) + "]}", "more than 9 exemplars, labels of one, or entries of a composite value on a line"},
		{"fields", "a {sum:1" + strings.Repeat(",sum:1", 20) + "}", "more than 9 exemplars, labels of one, or entries of a composite value on a line"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			line := grammar.Of(om2).ParseLine([]byte(test.line))
			require.NotNil(t, line.Err)
			require.EqualError(t, line.Err, test.want)
			require.Equal(t, test.line, line.String())
		})
	}
}
