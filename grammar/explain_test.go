package grammar_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/grammar"
	"github.com/promfmt/promfmt/lexer"
)

// firstFault reads a line by hand, the way the format is described, and gives the offset of the first token that does
// not fit, -1 if all do. It is the measure for the offsets of the grammar.
func firstFault(line []byte) int {
	r := reader{lexer: lexer.New(line)}
	r.next()
	if !r.line() {
		return r.token.Start
	}
	return -1
}

type reader struct {
	lexer *lexer.Lexer
	token lexer.Token
}

func (r *reader) next() {
	r.token = r.lexer.Next()
	for r.token.Kind == lexer.Blank {
		r.token = r.lexer.Next()
	}
}

func (r *reader) is(kinds ...lexer.Kind) bool {
	return slices.Contains(kinds, r.token.Kind)
}

func (r *reader) accept(kinds ...lexer.Kind) bool {
	if !r.is(kinds...) {
		return false
	}
	r.next()
	return true
}

func (r *reader) line() bool {
	if !r.is(lexer.Newline, lexer.EOF) && !r.metadata() && !r.sample() {
		return false
	}
	r.accept(lexer.Newline)
	return r.is(lexer.EOF)
}

func (r *reader) metadata() bool {
	if !r.accept(lexer.Hash) {
		return false
	}
	switch {
	case r.accept(lexer.Help):
		if r.accept(lexer.Name, lexer.String) {
			r.accept(lexer.Text)
		}
	case r.accept(lexer.Type):
		if r.accept(lexer.Name, lexer.String) {
			r.accept(lexer.Word)
		}
	default:
		r.accept(lexer.Comment)
	}
	return true
}

func (r *reader) sample() bool {
	named := r.accept(lexer.Name)
	if r.accept(lexer.LeftBrace) {
		r.accept(lexer.Comma)
		for !r.accept(lexer.RightBrace) {
			if !r.item() || !r.is(lexer.Comma, lexer.RightBrace) {
				return false
			}
			r.accept(lexer.Comma)
		}
	} else if !named {
		return false
	}
	if !r.accept(lexer.Integer, lexer.Float) {
		return false
	}
	r.accept(lexer.Integer)
	return true
}

func (r *reader) item() bool {
	if r.accept(lexer.String) {
		return !r.accept(lexer.Equal) || r.accept(lexer.String)
	}
	return r.accept(lexer.Name) && r.accept(lexer.Equal) && r.accept(lexer.String)
}

// requireSound holds what is true of every line: it prints back, and its fault, if any, is where a reading by hand has
// it and is explained.
func requireSound(t *testing.T, src []byte) {
	t.Helper()
	line := grammar.ParseLine(src)
	require.Equal(t, string(src), line.String())
	fault := firstFault(src)
	if line.Err == nil {
		require.Equal(t, -1, fault, "%q is accepted", src)
		return
	}
	require.Equal(t, fault, line.Err.Offset, "%q: %v", src, line.Err)
	require.LessOrEqual(t, line.Err.Offset, len(src))
	require.NotEqual(t, diag.UnknownRule, line.Err.Rule)
	require.NotEmpty(t, line.Err.Found)
	require.NotEmpty(t, line.Err.Expected, "%q: the table of places refuses an earlier token", src)
	require.Equal(t, line.Err, grammar.Explain(src, fault))
}

func TestEveryShortLineIsSound(t *testing.T) {
	beginnings := []string{"", "a{", `a{l="x"`, `{"x",`, "a 1 ", "# HELP ", "# TYPE a"}
	pieces := []string{"a", " ", "{", "}", ",", "=", `"x"`, `"`, "1", "2.5", "#", "HELP", "TYPE", "-", "\n", "\r"}
	for _, line := range beginnings {
		requireSound(t, []byte(line))
		for _, first := range pieces {
			requireSound(t, []byte(line+first))
			for _, second := range pieces {
				requireSound(t, []byte(line+first+second))
				for _, third := range pieces {
					requireSound(t, []byte(line+first+second+third))
				}
			}
		}
	}
}

func TestLinesOfTheTablesAreSound(t *testing.T) {
	for _, test := range goodLines {
		requireSound(t, []byte(test.line))
	}
	for _, test := range badLines {
		requireSound(t, []byte(test.line))
	}
}

func TestExplainTakesAnyOffset(t *testing.T) {
	tests := []struct {
		name, line string
		offset     int
		wantOffset int
		want       string
	}{
		{"the offset of a token is that token", `a{l="x" m="y"} 1`, 8, 8, `expected "," or "}", found "m"`},
		{"the offset of blanks is the token behind them", `a{l="x"  m="y"} 1`, 7, 9, `expected "," or "}", found "m"`},
		{"an offset inside a token is the token behind it", `{abc} 1`, 2, 4, `expected "=", found "}"`},
		{"an offset before the line is its first token", "9a", -5, 0, `expected a metric name, "{" or "#", found "9a"`},
		{"an offset behind the line is its end", "a", 99, 1, `expected "{" or a value, found end of line`},
		{"a token behind one that cannot stand there is merely unexpected", "a-b 1", 4, 4, `unexpected "1"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := grammar.Explain([]byte(test.line), test.offset)
			require.EqualError(t, got, test.want)
			require.Equal(t, test.wantOffset, got.Offset)
		})
	}
}

func FuzzLine(f *testing.F) {
	for _, test := range goodLines {
		f.Add([]byte(test.line))
	}
	for _, test := range badLines {
		f.Add([]byte(test.line))
	}
	f.Add([]byte("foo_total 17.0 # {trace_id=\"abc\"} 0.67 123\n"))
	f.Add([]byte("a{" + strings.Repeat(`l="x",`, 100) + "} 1\n"))
	f.Fuzz(requireSound)
}
