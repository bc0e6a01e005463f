package lexer_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/lexer"
)

func TestLineEnd(t *testing.T) {
	tests := []struct {
		name, src           string
		from, content, next int
	}{
		{"nothing is an empty last line", "", 0, 0, 0},
		{"a line without an end reaches to the end of the input", "ab", 0, 2, 2},
		{"LF ends a line", "ab\nc", 0, 2, 3},
		{"CR LF ends a line", "ab\r\nc", 0, 2, 4},
		{"a lone CR ends the last line", "ab\r", 0, 2, 3},
		{"a CR elsewhere is content", "a\rb\n", 0, 3, 4},
		{"of several CRs none is content", "a\r\r\n", 0, 1, 4},
		{"a line end alone is an empty line", "\n", 0, 0, 1},
		{"CR LF alone is an empty line", "\r\n", 0, 0, 2},
		{"a CR alone is an empty last line", "\r", 0, 0, 1},
		{"a line may begin anywhere", "ab\ncd\n", 3, 5, 6},
		{"the CR of the line before is not looked at", "a\r\n\nb", 3, 3, 4},
		{"behind the last line end there is nothing", "a\n", 2, 2, 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			content, next := lexer.LineEnd([]byte(test.src), test.from)
			require.Equal(t, []int{test.content, test.next}, []int{content, next})
		})
	}
}

func TestScanningPrimitives(t *testing.T) {
	tests := []struct {
		name string
		scan func(line []byte, i int) int
		line string
		from int
		want int
	}{
		{"blanks and tabs are skipped", lexer.SkipBlanks, "a \t b", 1, 4},
		{"no blanks are skipped where there is none", lexer.SkipBlanks, "a b", 0, 0},
		{"blanks may end the line", lexer.SkipBlanks, "a  ", 1, 3},
		{"there are no blanks at the end of the line", lexer.SkipBlanks, "a", 1, 1},
		{"a vertical tab is no blank", lexer.SkipBlanks, "\v", 0, 0},
		{"a name ends at a brace", lexer.NameEnd, "a_:Z9{", 0, 5},
		{"a name may end the line", lexer.NameEnd, "ab", 1, 2},
		{"a name may begin with a colon", lexer.NameEnd, ":a b", 0, 2},
		{"a name does not begin with a digit", lexer.NameEnd, "9a", 0, 0},
		{"a name holds ASCII letters only", lexer.NameEnd, "aé", 0, 1},
		{"there is no name at the end of the line", lexer.NameEnd, "a", 1, 1},
		{"a word ends at a blank", lexer.WordEnd, "-{\v} b", 0, 4},
		{"a word ends at a tab", lexer.WordEnd, "a\tb", 0, 1},
		{"a word may end the line", lexer.WordEnd, "a bc", 2, 4},
		{"there is no word at a blank", lexer.WordEnd, "a b", 1, 1},
		{"there is no word at the end of the line", lexer.WordEnd, "a", 1, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			require.Equal(t, test.want, test.scan([]byte(test.line), test.from))
		})
	}
}

func TestStringEnd(t *testing.T) {
	tests := []struct {
		name, line string
		from, end  int
		escaped    bool
	}{
		{"a string ends behind its closing quote", `="ab",`, 1, 5, false},
		{"a string may be empty", `""`, 0, 2, false},
		{"an escaped quote ends no string", `"a\"b"`, 0, 6, true},
		{"the quote behind an escaped backslash ends the string", `"\\"x"`, 0, 4, true},
		{"any character may be escaped", `"\q"`, 0, 4, true},
		{"a string that is not closed has no end", `"ab`, 0, -1, false},
		{"a string whose last quote is escaped has no end", `"ab\"`, 0, -1, true},
		{"a string that stops in a backslash has no end", `"ab\`, 0, -1, true},
		{"there is no string where there is no quote", `a"b"`, 0, -1, false},
		{"there is no string at the end of the line", `""`, 2, -1, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			end, escaped := lexer.StringEnd([]byte(test.line), test.from)
			require.Equal(t, test.end, end)
			require.Equal(t, test.escaped, escaped)
		})
	}
}

func TestEscapes(t *testing.T) {
	type result struct {
		Text    string
		Unknown int
	}
	tests := []struct {
		name, text   string
		quoted, help result
	}{
		{"nothing is nothing", ``, result{``, -1}, result{``, -1}},
		{"plain text stays", `a "b" é`, result{`a "b" é`, -1}, result{`a "b" é`, -1}},
		{"two backslashes are one", `C:\\D\\`, result{`C:\D\`, -1}, result{`C:\D\`, -1}},
		{"n stands for a line feed", `a\nb`, result{"a\nb", -1}, result{"a\nb", -1}},
		{"an escaped backslash before n is no line feed", `a\\nb`, result{`a\nb`, -1}, result{`a\nb`, -1}},
		{"an escaped quote is one only in a string", `a\"b`, result{`a"b`, -1}, result{`a\"b`, 1}},
		{"any other escape is kept", `a\tb\qc`, result{`a\tb\qc`, 1}, result{`a\tb\qc`, 1}},
		{"the first unknown escape is told", `\\\n\q\t`, result{"\\\n\\q\\t", 4}, result{"\\\n\\q\\t", 4}},
		{"a backslash at the end is kept", `ab\`, result{`ab\`, 2}, result{`ab\`, 2}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			out, unknown := lexer.AppendUnquoted([]byte("before "), []byte(test.text))
			require.Equal(t, result{"before " + test.quoted.Text, test.quoted.Unknown}, result{string(out), unknown})
			out, unknown = lexer.AppendHelp([]byte("before "), []byte(test.text))
			require.Equal(t, result{"before " + test.help.Text, test.help.Unknown}, result{string(out), unknown})
		})
	}
}

func TestPrimitivesDoNotAllocate(t *testing.T) {
	line := []byte(`name_1 "a\"b" -12.5e3`)
	text, dst := []byte(`a\nb\"c\qd`), make([]byte, 0, 64)
	require.Zero(t, testing.AllocsPerRun(100, func() {
		lexer.LineEnd(line, 0)
		lexer.SkipBlanks(line, 6)
		lexer.NameEnd(line, 0)
		lexer.StringEnd(line, 7)
		lexer.WordEnd(line, 14)
		lexer.NumberKind(line[14:])
		lexer.ParseFloat(line[14:])
		lexer.ParseInt(line[14:])
		lexer.AppendUnquoted(dst, text)
		lexer.AppendHelp(dst, text)
	}))
}

func TestValidUTF8End(t *testing.T) {
	tests := []struct {
		name, text string
		want       int
	}{
		{"nothing is valid", "", 0},
		{"ASCII is valid, NUL included", "a\x00\x7f", 3},
		{"characters of any length are valid", "é∞𝄞", 9},
		{"the replacement character is valid where it is written", "\ufffd", 3},
		{"a stray byte is not", "ab\xff", 2},
		{"a character that is cut off is not", "aé\xe2\x88", 3},
		{"an overlong form is not", "a\xc0\x80", 1},
		{"half of a surrogate pair is not", "\xed\xa0\x80", 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			require.Equal(t, test.want, lexer.ValidUTF8End([]byte(test.text)))
		})
	}
}

func TestNameEndSeesEveryByteAtEveryPlace(t *testing.T) {
	for c := range 256 {
		for i := 1; i < 24; i++ {
			line := []byte(strings.Repeat("x", 24))
			line[i] = byte(c)
			want := i
			if c == '_' || c == ':' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' {
				want = len(line)
			}
			require.Equal(t, want, lexer.NameEnd(line, 0), "%q", line)
		}
	}
}
