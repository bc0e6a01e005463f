package lexer_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/lexer"
)

// openMetricsTests are inputs with their tokens from one dialect on.
var openMetricsTests = []struct {
	name string
	from lexer.Dialect
	src  string
	want string
}{
	{"a unit line is a name and a word", lexer.OpenMetrics, `# UNIT a_seconds seconds`, `Hash"#" Blank" " Unit"UNIT" Blank" " Name"a_seconds" Blank" " Word"seconds"`},
	{"a unit may be missing, with a blank before it or without", lexer.OpenMetrics, "# UNIT a \n# UNIT a", `Hash"#" Blank" " Unit"UNIT" Blank" " Name"a" Blank" " Newline"\n" Hash"#" Blank" " Unit"UNIT" Blank" " Name"a"`},
	{"a unit line may have a quoted name", lexer.OpenMetrics, `# UNIT "m.x" x`, `Hash"#" Blank" " Unit"UNIT" Blank" " String"\"m.x\"" Blank" " Word"x"`},
	{"the end mark is a word", lexer.OpenMetrics, "# EOF\n", `Hash"#" Blank" " End"EOF" Newline"\n"`},
	{"the end mark needs no line end", lexer.OpenMetrics, "# EOF", `Hash"#" Blank" " End"EOF"`},
	{"blanks may surround the end mark", lexer.OpenMetrics, "#EOF\t ", `Hash"#" End"EOF" Blank"\t "`},
	{"a line that goes on behind EOF is a comment", lexer.OpenMetrics, "# EOF soon", `Hash"#" Blank" " Comment"EOF soon"`},
	{"EOF has capitals", lexer.OpenMetrics, "# eof", `Hash"#" Blank" " Comment"eof"`},
	{"any other line with # is a comment", lexer.OpenMetrics, "# a {b}", `Hash"#" Blank" " Comment"a {b}"`},

	{"a help text begins behind one blank", lexer.OpenMetrics, "# HELP a  b \n", `Hash"#" Blank" " Help"HELP" Blank" " Name"a" Blank" " Text" b " Newline"\n"`},
	{"a help text may consist of blanks", lexer.OpenMetrics, "# HELP a \t ", `Hash"#" Blank" " Help"HELP" Blank" " Name"a" Blank" " Text"\t "`},
	{"a help text may be missing", lexer.OpenMetrics, "# HELP a ", `Hash"#" Blank" " Help"HELP" Blank" " Name"a" Blank" "`},
	{"blanks before the name of a help line are one token", lexer.OpenMetrics, "#  HELP \ta b", `Hash"#" Blank"  " Help"HELP" Blank" \t" Name"a" Blank" " Text"b"`},

	{"a timestamp may have a fraction", lexer.OpenMetrics, "a 1 2.5", `Name"a" Blank" " Integer"1" Blank" " Float"2.5"`},
	{"an exemplar is a hash, a label block and numbers", lexer.OpenMetrics, `a 1 # {l="x"} 2 3.5`, `Name"a" Blank" " Integer"1" Blank" " Hash"#" Blank" " LeftBrace"{" Name"l" Equal"=" String"\"x\"" RightBrace"}" Blank" " Integer"2" Blank" " Float"3.5"`},
	{"an exemplar may follow a timestamp", lexer.OpenMetrics, `a 1 5 # {} 2`, `Name"a" Blank" " Integer"1" Blank" " Integer"5" Blank" " Hash"#" Blank" " LeftBrace"{" RightBrace"}" Blank" " Integer"2"`},
	{"an exemplar may follow an exemplar", lexer.OpenMetrics, `a 1 # {} 2 # {} 3`, `Name"a" Blank" " Integer"1" Blank" " Hash"#" Blank" " LeftBrace"{" RightBrace"}" Blank" " Integer"2" Blank" " Hash"#" Blank" " LeftBrace"{" RightBrace"}" Blank" " Integer"3"`},
	{"the parts of an exemplar may lack their blanks", lexer.OpenMetrics, `a{}1 #{}2`, `Name"a" LeftBrace"{" RightBrace"}" Integer"1" Blank" " Hash"#" LeftBrace"{" RightBrace"}" Integer"2"`},
	{"a word behind the hash of an exemplar loses the line", lexer.OpenMetrics, `a 1 # x {}`, `Name"a" Blank" " Integer"1" Blank" " Hash"#" Blank" " Invalid"x" Blank" " Invalid"{}"`},
	{"a hash directly behind a number is part of a bad number", lexer.OpenMetrics, `a 1# {} 2`, `Name"a" Blank" " Invalid"1#" Blank" " Invalid"{}" Blank" " Invalid"2"`},

	{"a CR before the line feed belongs to the line end", lexer.OpenMetrics, "a 1\r\n", `Name"a" Blank" " Integer"1" Newline"\r\n"`},
	{"blanks may stand anywhere and are tokens", lexer.OpenMetrics, " a { l = \"x\" }\t 1  # {} 2 \n", `Blank" " Name"a" Blank" " LeftBrace"{" Blank" " Name"l" Blank" " Equal"=" Blank" " String"\"x\"" Blank" " RightBrace"}" Blank"\t " Integer"1" Blank"  " Hash"#" Blank" " LeftBrace"{" RightBrace"}" Blank" " Integer"2" Blank" " Newline"\n"`},

	{"a start timestamp is a mark and a number", lexer.OpenMetrics2, "a 1 2 st@1.5", `Name"a" Blank" " Integer"1" Blank" " Integer"2" Blank" " StartAt"st@" Float"1.5"`},
	{"a start timestamp may lack its number", lexer.OpenMetrics2, "a 1 st@", `Name"a" Blank" " Integer"1" Blank" " StartAt"st@"`},
	{"a start timestamp may be followed by an exemplar", lexer.OpenMetrics2, "a 1 st@2 # {} 1 3", `Name"a" Blank" " Integer"1" Blank" " StartAt"st@" Integer"2" Blank" " Hash"#" Blank" " LeftBrace"{" RightBrace"}" Blank" " Integer"1" Blank" " Integer"3"`},
	{"a word that only begins like a start timestamp loses the line", lexer.OpenMetrics2, "a 1 stx 2", `Name"a" Blank" " Integer"1" Blank" " Invalid"stx" Blank" " Invalid"2"`},

	{"a composite value is fields, numbers and lists", lexer.OpenMetrics2, `a {count:1,bucket:[0.5:1,+Inf:1]} 3`, `Name"a" Blank" " CompositeOpen"{" NumberField"count" Colon":" Integer"1" Comma"," PairsField"bucket" Colon":" LeftBracket"[" Float"0.5" Colon":" Integer"1" Comma"," Float"+Inf" Colon":" Integer"1" RightBracket"]" CompositeClose"}" Blank" " Integer"3"`},
	{"fields are told apart by what they hold", lexer.OpenMetrics2, `a {schema:0,positive_spans:[-1:2],positive_buckets:[1,2],quantile:[]}`, `Name"a" Blank" " CompositeOpen"{" NumberField"schema" Colon":" Integer"0" Comma"," PairsField"positive_spans" Colon":" LeftBracket"[" Integer"-1" Colon":" Integer"2" RightBracket"]" Comma"," ListField"positive_buckets" Colon":" LeftBracket"[" Integer"1" Comma"," Integer"2" RightBracket"]" Comma"," PairsField"quantile" Colon":" LeftBracket"[" RightBracket"]" CompositeClose"}"`},
	{"a composite value may follow a label block", lexer.OpenMetrics2, `a{l="x"} {sum:1}`, `Name"a" LeftBrace"{" Name"l" Equal"=" String"\"x\"" RightBrace"}" Blank" " CompositeOpen"{" NumberField"sum" Colon":" Integer"1" CompositeClose"}"`},
	{"a composite value may follow a label block directly", lexer.OpenMetrics2, `a{}{sum:1}`, `Name"a" LeftBrace"{" RightBrace"}" CompositeOpen"{" NumberField"sum" Colon":" Integer"1" CompositeClose"}"`},
	{"braces behind a name and a blank are labels if they look like labels", lexer.OpenMetrics2, `a { l ="x"} 1`, `Name"a" Blank" " LeftBrace"{" Blank" " Name"l" Blank" " Equal"=" String"\"x\"" RightBrace"}" Blank" " Integer"1"`},
	{"empty braces behind a name and a blank are labels", lexer.OpenMetrics2, `a {} 1`, `Name"a" Blank" " LeftBrace"{" RightBrace"}" Blank" " Integer"1"`},
	{"braces with a quoted name behind a name and a blank are labels", lexer.OpenMetrics2, `a {"m.x"="y"} 1`, `Name"a" Blank" " LeftBrace"{" String"\"m.x\"" Equal"=" String"\"y\"" RightBrace"}" Blank" " Integer"1"`},
	{"braces with a leading comma behind a name and a blank are labels", lexer.OpenMetrics2, `a {,}`, `Name"a" Blank" " LeftBrace"{" Comma"," RightBrace"}"`},
	{"any other braces behind a name and a blank are a composite value", lexer.OpenMetrics2, `a {`, `Name"a" Blank" " CompositeOpen"{"`},
	{"blanks may stand within a composite value", lexer.OpenMetrics2, `a { count : 1 , bucket: [ 1 : 2 ] }`, `Name"a" Blank" " CompositeOpen"{" Blank" " NumberField"count" Blank" " Colon":" Blank" " Integer"1" Blank" " Comma"," Blank" " PairsField"bucket" Colon":" Blank" " LeftBracket"[" Blank" " Integer"1" Blank" " Colon":" Blank" " Integer"2" Blank" " RightBracket"]" Blank" " CompositeClose"}"`},
	{"a field that does not exist is an invalid token", lexer.OpenMetrics2, `a {counts:1,Sum:2}`, `Name"a" Blank" " CompositeOpen"{" Invalid"counts" Colon":" Integer"1" Comma"," Invalid"Sum" Colon":" Integer"2" CompositeClose"}"`},
	{"a number in a composite value ends at a sign", lexer.OpenMetrics2, `a {sum:1x,count:+Inf}`, `Name"a" Blank" " CompositeOpen"{" NumberField"sum" Colon":" Invalid"1x" Comma"," NumberField"count" Colon":" Float"+Inf" CompositeClose"}"`},
	{"a field within brackets is an invalid token", lexer.OpenMetrics2, `a {bucket:[count:1]`, `Name"a" Blank" " CompositeOpen"{" PairsField"bucket" Colon":" LeftBracket"[" Invalid"count" Colon":" Integer"1" RightBracket"]"`},
	{"signs may follow one another in a composite value", lexer.OpenMetrics2, `a {{::[[,,]]}`, `Name"a" Blank" " CompositeOpen"{" CompositeOpen"{" Colon":" Colon":" LeftBracket"[" LeftBracket"[" Comma"," Comma"," RightBracket"]" RightBracket"]" CompositeClose"}"`},
	{"a quote in a composite value is an invalid token", lexer.OpenMetrics2, `a {count:"1,2"}`, `Name"a" Blank" " CompositeOpen"{" NumberField"count" Colon":" Invalid"\"1" Comma"," Invalid"2\"" CompositeClose"}"`},
}

func TestTokensOfOpenMetrics(t *testing.T) {
	for _, test := range openMetricsTests {
		t.Run(test.name, func(t *testing.T) {
			for d := test.from; int(d) < lexer.Dialects; d++ {
				require.Equal(t, test.want, outline(test.src, d), d)
			}
		})
	}
}

func TestTokensThatAnEarlierDialectDoesNotHave(t *testing.T) {
	tests := []struct {
		name    string
		dialect lexer.Dialect
		src     string
		want    string
	}{
		{"a unit line is a comment", lexer.PrometheusText, "# UNIT a b", `Hash"#" Blank" " Comment"UNIT a b"`},
		{"the end mark is a comment", lexer.PrometheusText, "# EOF", `Hash"#" Blank" " Comment"EOF"`},
		{"a help text does not begin with blanks", lexer.PrometheusText, "# HELP a  b", `Hash"#" Blank" " Help"HELP" Blank" " Name"a" Blank"  " Text"b"`},
		{"a composite value is no label block", lexer.OpenMetrics, "a {count:1} 2", `Name"a" Blank" " LeftBrace"{" Name"count:1" RightBrace"}" Blank" " Integer"2"`},
		{"a composite value behind labels is no number", lexer.OpenMetrics, "a{} {count:1}", `Name"a" LeftBrace"{" RightBrace"}" Blank" " Invalid"{count:1}"`},
		{"a start timestamp is no number", lexer.OpenMetrics, "a 1 st@2", `Name"a" Blank" " Integer"1" Blank" " Invalid"st@2"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			require.Equal(t, test.want, outline(test.src, test.dialect))
		})
	}
}

func TestDialectsHaveNames(t *testing.T) {
	require.Equal(t, "Prometheus text", lexer.PrometheusText.String())
	require.Equal(t, "OpenMetrics 1.0", lexer.OpenMetrics.String())
	require.Equal(t, "OpenMetrics 2.0", lexer.OpenMetrics2.String())
	require.Equal(t, "Dialect(9)", lexer.Dialect(9).String())
}

const openMetricsPage = `# TYPE rpc_seconds histogram
# UNIT rpc_seconds seconds
# HELP rpc_seconds  Time it took.
rpc_seconds_bucket{le="0.1"} 8 # {trace_id="KOO5S4vxi0o"} 0.067 1520879607.789
rpc_seconds_bucket{le="+Inf"} 17 1520879607.789
rpc_seconds{path="/"} {count:2,sum:1.2e2,schema:0,zero_threshold:1e-4,zero_count:0,positive_spans:[1:2],positive_buckets:[1,1],bucket:[0.5:1,+Inf:2]} 1520879608 st@1520430000.123 # {} 0.5 1520879607 # {a="b"} 0.7 1520879607
{"m.x",l="y"} NaN
bad {counts:1,"x
# EOF
`

func BenchmarkLexerOfOpenMetrics(b *testing.B) {
	src := []byte(strings.Repeat(openMetricsPage, 100))
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	lex := lexer.NewDialect(nil, lexer.OpenMetrics2)
	for b.Loop() {
		lex.Reset(src)
		for lex.Next().Kind != lexer.EOF {
		}
	}
}

func TestBehindLabelsGoesOnWithTheTokensOfTheLine(t *testing.T) {
	tests := []struct {
		line string
		i    int
	}{
		{`a{l="x"} 1 2`, len(`a{l="x"}`)},
		{`a 1 2 st@3 # {l="#"} 4 5`, len(`a 1`)},
		{`a {count:1,bucket:[1:2,+Inf:3]} 4`, len(`a`)},
		{`a{} x 1`, len(`a{}`)},
		{`a 1`, len(`a 1`)},
	}
	for _, test := range tests {
		var want, got []lexer.Token
		line := []byte(test.line)
		whole := lexer.NewDialect(line, lexer.OpenMetrics2)
		for token := whole.Next(); token.Kind != lexer.EOF; token = whole.Next() {
			if token.Start >= test.i {
				want = append(want, token)
			}
		}
		rest := lexer.BehindLabels(line, test.i, lexer.OpenMetrics2)
		for token := rest.Next(); token.Kind != lexer.EOF; token = rest.Next() {
			got = append(got, token)
		}
		require.Equal(t, want, got, "behind %q of %q", test.line[:test.i], test.line)
	}
}

func TestBeginsLabels(t *testing.T) {
	for text, want := range map[string]bool{
		`{}`: true, `{ l = "x"}`: true, `{"a"}`: true, `{,`: true, `{count:1}`: false, `{`: false, `{l`: false, `{=`: true,
	} {
		require.Equal(t, want, lexer.BeginsLabels([]byte(text), 0, lexer.OpenMetrics2), text)
		require.True(t, lexer.BeginsLabels([]byte(text), 0, lexer.OpenMetrics), "%s in OpenMetrics 1.0", text)
	}
}

func TestIsUnit(t *testing.T) {
	for word, want := range map[string]bool{"": true, "seconds": true, "9_a:B": true, "m/s": false, "é": false, "a b": false} {
		require.Equal(t, want, lexer.IsUnit([]byte(word)), word)
	}
}
