package lexer_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/lexer"
)

var tokenTests = []struct{ name, src, want string }{
	{"nothing has no tokens", ``, ``},
	{"a sample is a name and a number", `a 1`, `Name"a" Blank" " Integer"1"`},
	{"a timestamp is a second number", "a 1 2\n", `Name"a" Blank" " Integer"1" Blank" " Integer"2" Newline"\n"`},
	{"a run of blanks and tabs is one token", "a \t 1", `Name"a" Blank" \t " Integer"1"`},
	{"blanks may begin and end a line", " a 1 \n", `Blank" " Name"a" Blank" " Integer"1" Blank" " Newline"\n"`},
	{"a name may hold letters, digits, underscores and colons", `_aZ:9 1`, `Name"_aZ:9" Blank" " Integer"1"`},
	{"a number with a fraction or an exponent is a float", `a 1.5 -2e3`, `Name"a" Blank" " Float"1.5" Blank" " Float"-2e3"`},
	{"NaN and infinities are floats", `a NaN +Inf`, `Name"a" Blank" " Float"NaN" Blank" " Float"+Inf"`},

	{"a line may end in CR LF", "a 1\r\nb 2\r\n", `Name"a" Blank" " Integer"1" Newline"\r\n" Name"b" Blank" " Integer"2" Newline"\r\n"`},
	{"a lone CR ends the input", "a 1\r", `Name"a" Blank" " Integer"1" Newline"\r"`},
	{"a CR inside a line is no line end", "a 1\r 2\n", `Name"a" Blank" " Invalid"1\r" Blank" " Invalid"2" Newline"\n"`},
	{"all CRs before the line feed belong to the line end", "a\r\r\n", `Name"a" Newline"\r\r\n"`},
	{"blank lines are line ends", "\n\r\n \n", `Newline"\n" Newline"\r\n" Blank" " Newline"\n"`},
	{"every line begins anew", "a{\nb 2\n", `Name"a" LeftBrace"{" Newline"\n" Name"b" Blank" " Integer"2" Newline"\n"`},

	{"labels are names, signs and strings", `a{l="x",m="y"} 1`, `Name"a" LeftBrace"{" Name"l" Equal"=" String"\"x\"" Comma"," Name"m" Equal"=" String"\"y\"" RightBrace"}" Blank" " Integer"1"`},
	{"blanks may stand anywhere among labels", `a { l = "x" } 1`, `Name"a" Blank" " LeftBrace"{" Blank" " Name"l" Blank" " Equal"=" Blank" " String"\"x\"" Blank" " RightBrace"}" Blank" " Integer"1"`},
	{"a string holds what else is a sign", `{"},{=#"} 1`, `LeftBrace"{" String"\"},{=#\"" RightBrace"}" Blank" " Integer"1"`},
	{"a string holds escaped quotes and backslashes", `{l="\"\\"}1`, `LeftBrace"{" Name"l" Equal"=" String"\"\\\"\\\\\"" RightBrace"}" Integer"1"`},
	{"a string without an end takes the rest of the line", "{l=\"x} 1\na 1", `LeftBrace"{" Name"l" Equal"=" Invalid"\"x} 1" Newline"\n" Name"a" Blank" " Integer"1"`},
	{"a backslash at the end of the line ends no string", "{\"x\\\n", `LeftBrace"{" Invalid"\"x\\" Newline"\n"`},
	{"signs may follow one another among labels", `{{,,==}1`, `LeftBrace"{" LeftBrace"{" Comma"," Comma"," Equal"=" Equal"=" RightBrace"}" Integer"1"`},
	{"a stray character among labels ends at the next sign", `{-b="x",c-d="y"}1`, `LeftBrace"{" Invalid"-b" Equal"=" String"\"x\"" Comma"," Name"c" Invalid"-d" Equal"=" String"\"y\"" RightBrace"}" Integer"1"`},
	{"digits alone are no label name", `{9 a}`, `LeftBrace"{" Invalid"9" Blank" " Name"a" RightBrace"}"`},
	{"a string may begin a line", `"m.x" 1`, `String"\"m.x\"" Blank" " Integer"1"`},

	{"a stray character behind a name loses the line", "a-b 1 x\nb 2", `Name"a" Invalid"-b" Blank" " Invalid"1" Blank" " Invalid"x" Newline"\n" Name"b" Blank" " Integer"2"`},
	{"a digit at the beginning loses the line", `9a{l="x"} 1`, `Invalid"9a{l=\"x\"}" Blank" " Invalid"1"`},
	{"a word that is no number loses the line", `a{} 0x1 2`, `Name"a" LeftBrace"{" RightBrace"}" Blank" " Invalid"0x1" Blank" " Invalid"2"`},
	{"a second block of labels is no number", `a{}{} 1`, `Name"a" LeftBrace"{" RightBrace"}" Invalid"{}" Blank" " Invalid"1"`},
	{"a vertical tab is no blank", "a 1\v", `Name"a" Blank" " Invalid"1\v"`},
	{"NUL is an invalid token", "\x00 1", `Invalid"\x00" Blank" " Invalid"1"`},
	{"bad UTF-8 is an invalid token", "a\xff 1", `Name"a" Invalid"\xff" Blank" " Invalid"1"`},
	{"a byte order mark is an invalid token", "\ufeffa 1", `Invalid"\ufeffa" Blank" " Invalid"1"`},
	{"an exemplar is an invalid token", `a 1 # {x="y"} 2`, `Name"a" Blank" " Integer"1" Blank" " Invalid"#" Blank" " Invalid"{x=\"y\"}" Blank" " Invalid"2"`},

	{"a help line is a name and a text", `# HELP a b "c" `, `Hash"#" Blank" " Help"HELP" Blank" " Name"a" Blank" " Text"b \"c\" "`},
	{"a help line may lack its text", "# HELP a \n", `Hash"#" Blank" " Help"HELP" Blank" " Name"a" Blank" " Newline"\n"`},
	{"a help line may lack its name", `# HELP`, `Hash"#" Blank" " Help"HELP"`},
	{"a help line may have a quoted name", `#HELP "m.x" b`, `Hash"#" Help"HELP" Blank" " String"\"m.x\"" Blank" " Text"b"`},
	{"a stray character behind the name of a help line loses the line", `# HELP a-b c`, `Hash"#" Blank" " Help"HELP" Blank" " Name"a" Invalid"-b" Blank" " Invalid"c"`},
	{"a stray character before the name of a help line loses the line", `# HELP -b c`, `Hash"#" Blank" " Help"HELP" Blank" " Invalid"-b" Blank" " Invalid"c"`},
	{"text directly behind a quoted name loses the line", `# TYPE "b"c d`, `Hash"#" Blank" " Type"TYPE" Blank" " String"\"b\"" Invalid"c" Blank" " Invalid"d"`},
	{"a type line is a name and words", `# TYPE a counter {} `, `Hash"#" Blank" " Type"TYPE" Blank" " Name"a" Blank" " Word"counter" Blank" " Word"{}" Blank" "`},
	{"a quoted name without an end takes the rest of the line", `# TYPE "b c`, `Hash"#" Blank" " Type"TYPE" Blank" " Invalid"\"b c"`},
	{"a comment reaches to the end of the line", "#  a {b} \n", `Hash"#" Blank"  " Comment"a {b} " Newline"\n"`},
	{"a comment may be empty", "#\n# \n", `Hash"#" Newline"\n" Hash"#" Blank" " Newline"\n"`},
	{"only the whole words HELP and TYPE are keywords", `# TYPEa b`, `Hash"#" Blank" " Comment"TYPEa b"`},
	{"keywords have capitals", `# help a b`, `Hash"#" Blank" " Comment"help a b"`},
}

// outline writes the tokens of src but for EOF as kinds and texts.
func outline(src string, d lexer.Dialect) string {
	var words []string
	for lex := lexer.NewDialect([]byte(src), d); ; {
		token := lex.Next()
		if token.Kind == lexer.EOF {
			return strings.Join(words, " ")
		}
		words = append(words, fmt.Sprintf("%v%q", token.Kind, src[token.Start:token.End]))
	}
}

func TestTokens(t *testing.T) {
	for _, test := range tokenTests {
		t.Run(test.name, func(t *testing.T) {
			require.Equal(t, test.want, outline(test.src, lexer.PrometheusText))
		})
	}
}

// requireTokens holds, for each dialect, that the tokens of src are those of the plain lexer, which lie side by side from
// its beginning to its end, and that LineEnd has the lines end where the tokens do.
func requireTokens(t *testing.T, src []byte) {
	t.Helper()
	for d := range lexer.Dialect(lexer.Dialects) {
		lex := lexer.NewDialect(src, d)
		line := 0
		for _, want := range plainTokens(t, src, d) {
			require.Equal(t, want, lex.Next(), "%v: %q", d, src)
			if want.Kind == lexer.Newline {
				content, next := lexer.LineEnd(src, line)
				require.Equal(t, want, lexer.Token{Kind: lexer.Newline, Start: content, End: next}, "%q", src)
				line = next
			}
		}
		require.Equal(t, lexer.Token{Kind: lexer.EOF, Start: len(src), End: len(src)}, lex.Next(), "EOF stays")
	}
}

func TestTokensAreThoseOfThePlainLexer(t *testing.T) {
	for _, test := range tokenTests {
		requireTokens(t, []byte(test.src))
	}
	for _, test := range openMetricsTests {
		requireTokens(t, []byte(test.src))
	}
	pieces := []string{
		"a", " ", "\t", "{", "}", ",", "=", `"`, `\`, "1", "-", "#", "# HELP ", "# TYPE ", "# EOF", "a {count:", "[", "\n", "\r", "\x00",
	}
	for _, a := range pieces {
		for _, b := range pieces {
			for _, c := range pieces {
				requireTokens(t, []byte(a+b+c))
			}
		}
	}
}

const page = `# HELP http_requests_total The total number of HTTP requests.
# TYPE http_requests_total counter
http_requests_total{method="post",code="200"} 1027 1395066363000
http_requests_total{method="post",code="400"}    3 1395066363000

# Escaping in label values:
msdos_file_access_time_seconds{path="C:\\DIR\\FILE.TXT",error="Cannot find file:\n\"FILE.TXT\""} 1.458255915e9
metric_without_timestamp_and_labels 12.47
something_weird{problem="division by zero"} +Inf -3982045
{"quoted.name","label.name"="x"} NaN
bad-name 1
bad{label="no end
`

// requireNoAllocation holds that the tokens of src cost no memory in any dialect.
func requireNoAllocation(t *testing.T, src []byte) {
	t.Helper()
	for d := range lexer.Dialect(lexer.Dialects) {
		lex := lexer.NewDialect(nil, d)
		require.Zero(t, testing.AllocsPerRun(10, func() {
			lex.Reset(src)
			for lex.Next().Kind != lexer.EOF {
			}
		}), "%v: %q", d, src)
	}
}

func TestLexingDoesNotAllocate(t *testing.T) {
	requireNoAllocation(t, []byte(page+openMetricsPage))
}

func TestLexerWithoutInput(t *testing.T) {
	var lex lexer.Lexer
	require.Equal(t, lexer.Token{}, lex.Next())
}

func TestResetBeginsAnewInTheSameDialect(t *testing.T) {
	lex := lexer.NewDialect([]byte("a{"), lexer.OpenMetrics)
	lex.Next()
	lex.Next()
	lex.Reset([]byte("#EOF"))
	require.Equal(t, lexer.Token{Kind: lexer.Hash, Start: 0, End: 1}, lex.Next())
	require.Equal(t, lexer.Token{Kind: lexer.End, Start: 1, End: 4}, lex.Next())
}

func TestKindsHaveNames(t *testing.T) {
	seen := map[string]lexer.Kind{}
	for kind := range lexer.Kind(lexer.Kinds) {
		require.NotEmpty(t, kind.String())
		require.NotContains(t, seen, kind.String())
		seen[kind.String()] = kind
	}
	require.Equal(t, "Kind(200)", lexer.Kind(200).String())
}

func FuzzLexer(f *testing.F) {
	for _, test := range tokenTests {
		f.Add([]byte(test.src))
	}
	for _, test := range openMetricsTests {
		f.Add([]byte(test.src))
	}
	f.Add([]byte(page))
	f.Add([]byte(openMetricsPage))
	f.Add([]byte("a_name_of_more_than_eight_bytes;and_more{another_long_name=\"12345678\"} 1\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		requireTokens(t, src)
		requirePlainNames(t, src)
		requireNoAllocation(t, src)
	})
}

func ExampleLexer() {
	src := []byte(`up{job="node"} 1`)
	for lex := lexer.New(src); ; {
		token := lex.Next()
		fmt.Printf("%v %q\n", token.Kind, src[token.Start:token.End])
		if token.Kind == lexer.EOF {
			break
		}
	}
	// Output:
	// Name "up"
	// LeftBrace "{"
	// Name "job"
	// Equal "="
	// String "\"node\""
	// RightBrace "}"
	// Blank " "
	// Integer "1"
	// EOF ""
}

func BenchmarkLexer(b *testing.B) {
	src := []byte(strings.Repeat(page, 100))
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	var lex lexer.Lexer
	for b.Loop() {
		lex.Reset(src)
		for lex.Next().Kind != lexer.EOF {
		}
	}
}
