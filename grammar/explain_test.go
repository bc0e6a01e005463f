package grammar_test

import (
	"regexp"
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
func firstFault(line []byte, d lexer.Dialect) int {
	r := reader{lexer: lexer.NewDialect(line, d), dialect: d}
	r.next()
	if !r.line() {
		return r.token.Start
	}
	return -1
}

type reader struct {
	lexer   *lexer.Lexer
	dialect lexer.Dialect
	token   lexer.Token
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
	case r.accept(lexer.Type, lexer.Unit):
		if r.accept(lexer.Name, lexer.String) {
			r.accept(lexer.Word)
		}
	default:
		r.accept(lexer.Comment, lexer.End)
	}
	return true
}

func (r *reader) number() bool { return r.accept(lexer.Integer, lexer.Float) }

func (r *reader) sample() bool {
	named := r.accept(lexer.Name)
	if r.is(lexer.LeftBrace) {
		if !r.labels(r.item) {
			return false
		}
	} else if !named {
		return false
	}
	if !r.number() && (r.dialect != lexer.OpenMetrics2 || !r.composite()) {
		return false
	}
	if r.dialect == lexer.PrometheusText {
		r.accept(lexer.Integer)
		return true
	}
	r.number()
	if r.accept(lexer.StartAt) && !r.number() {
		return false
	}
	for r.accept(lexer.Hash) {
		if !r.labels(r.label) || !r.number() {
			return false
		}
		r.number()
		if r.dialect == lexer.OpenMetrics {
			break
		}
	}
	return true
}

func (r *reader) labels(item func() bool) bool {
	if !r.accept(lexer.LeftBrace) {
		return false
	}
	r.accept(lexer.Comma)
	for !r.accept(lexer.RightBrace) {
		if !item() || !r.is(lexer.Comma, lexer.RightBrace) {
			return false
		}
		r.accept(lexer.Comma)
	}
	return true
}

func (r *reader) item() bool {
	if r.accept(lexer.String) {
		return !r.accept(lexer.Equal) || r.accept(lexer.String)
	}
	return r.label()
}

func (r *reader) label() bool {
	return r.accept(lexer.Name, lexer.String) && r.accept(lexer.Equal) && r.accept(lexer.String)
}

func (r *reader) composite() bool {
	return r.list(lexer.CompositeOpen, r.field, lexer.CompositeClose)
}

func (r *reader) field() bool {
	kind := r.token.Kind
	if !r.accept(lexer.NumberField, lexer.ListField, lexer.PairsField) || !r.accept(lexer.Colon) {
		return false
	}
	if kind == lexer.NumberField {
		return r.number()
	}
	entry := r.number
	if kind == lexer.PairsField {
		entry = func() bool { return r.number() && r.accept(lexer.Colon) && r.number() }
	}
	return r.list(lexer.LeftBracket, entry, lexer.RightBracket)
}

// list reads entries with commas between them. Only brackets may be empty.
func (r *reader) list(first lexer.Kind, entry func() bool, last lexer.Kind) bool {
	if !r.accept(first) {
		return false
	}
	if first == lexer.LeftBracket && r.accept(last) {
		return true
	}
	for {
		if !entry() {
			return false
		}
		if r.accept(last) {
			return true
		}
		if !r.accept(lexer.Comma) {
			return false
		}
	}
}

// shapes are what tokens look like that have much to choose from, and what follows them.
var shapes = map[lexer.Kind]struct{ text, rest *regexp.Regexp }{
	lexer.Blank:   {regexp.MustCompile(`^[ \t]+$`), regexp.MustCompile(``)},
	lexer.Name:    {regexp.MustCompile(`^[a-zA-Z_:][a-zA-Z0-9_:]*$`), regexp.MustCompile(`^(?:$|[^a-zA-Z0-9_:])`)},
	lexer.String:  {regexp.MustCompile(`^"(?:[^"\\\n]|\\.)*"$`), regexp.MustCompile(``)},
	lexer.Integer: {regexp.MustCompile(`^[+-]?\d+$`), behindNumber},
	lexer.Float:   {regexp.MustCompile(`^(?:[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?|[+-]?(?i:inf|infinity)|(?i:nan))$`), behindNumber},
}

var behindNumber = regexp.MustCompile(`^(?:\r*(?:$|\n)|[ \t{}\[\],:])`)

func requireShapes(t *testing.T, line *grammar.Line) {
	t.Helper()
	for _, token := range line.Tokens {
		if shape, ok := shapes[token.Kind]; ok {
			require.Regexp(t, shape.text, line.Text(token), "%v", token)
			require.Regexp(t, shape.rest, line.String()[token.End:], "%v", token)
		}
	}
}

// requireSound holds, in every dialect, what is true of every line: it prints back, its tokens look like what they are,
// and its fault, if any, is where a reading by hand has it and is explained.
func requireSound(t *testing.T, src []byte) {
	t.Helper()
	for d := range lexer.Dialect(lexer.Dialects) {
		requireSoundIn(t, src, d)
	}
}

func requireSoundIn(t *testing.T, src []byte, d lexer.Dialect) {
	t.Helper()
	line := grammar.Of(d).ParseLine(src)
	require.Equal(t, string(src), line.String())
	requireShapes(t, line)
	fault := firstFault(src, d)
	if line.Err == nil {
		require.Equal(t, -1, fault, "%v: %q is accepted", d, src)
		return
	}
	require.Equal(t, fault, line.Err.Offset, "%v: %q: %v", d, src, line.Err)
	require.LessOrEqual(t, line.Err.Offset, len(src))
	require.NotEqual(t, diag.UnknownRule, line.Err.Rule)
	require.NotEmpty(t, line.Err.Found)
	require.NotEmpty(t, line.Err.Expected, "%v: %q: the table of places refuses an earlier token", d, src)
	require.Equal(t, line.Err, grammar.Of(d).Explain(src, fault))
	require.Equal(t, line.Sample != nil, line.Err.Rule == diag.Exemplar, "%v: %q: the sample before a bad exemplar", d, src)
}

func TestEveryShortLineIsSound(t *testing.T) {
	beginnings := []string{"", "a{", `a{l="x"`, `{"x",`, "a 1 ", "# HELP ", "# TYPE a"}
	pieces := []string{"a", " ", "{", "}", ",", "=", `"x"`, `"`, "1", "2.5", "#", "HELP", "TYPE", "-", "\n", "\r"}
	requireSoundCompositions(t, []lexer.Dialect{lexer.PrometheusText}, beginnings, pieces)
}

func TestEveryShortLineOfOpenMetricsIsSound(t *testing.T) {
	openMetrics := []lexer.Dialect{lexer.OpenMetrics, lexer.OpenMetrics2}
	beginnings := []string{"a 1 # {", `a 1 # {l="x"} 1`, "a 1 ", "#"}
	pieces := []string{"a", " ", "{", "}", ",", "=", `"x"`, "1", " 2.5", "#", "UNIT ", "EOF", "st@", "\n"}
	requireSoundCompositions(t, openMetrics, beginnings, pieces)

	beginnings = []string{"a {", "a {count:1", "a {bucket:[1:2", "a{} {positive_buckets:["}
	pieces = []string{"count", "bucket", "positive_buckets", "sums", ":", ",", "[", "]", "}", "1", "-2.5", "NaN", " "}
	requireSoundCompositions(t, []lexer.Dialect{lexer.OpenMetrics2}, beginnings, pieces)
}

// requireSoundCompositions holds that every beginning is sound, with up to three of the pieces behind it.
func requireSoundCompositions(t *testing.T, dialects []lexer.Dialect, beginnings, pieces []string) {
	t.Helper()
	const most = 3
	var compose func(line string, more int)
	compose = func(line string, more int) {
		for _, d := range dialects {
			requireSoundIn(t, []byte(line), d)
		}
		if more == 0 {
			return
		}
		for _, piece := range pieces {
			compose(line+piece, more-1)
		}
	}
	for _, line := range beginnings {
		compose(line, most)
	}
}

func TestLinesOfTheTablesAreSound(t *testing.T) {
	for _, test := range goodLines {
		requireSound(t, []byte(test.line))
	}
	for _, test := range badLines {
		requireSound(t, []byte(test.line))
	}
	for _, test := range goodOpenMetricsLines {
		requireSound(t, []byte(test.line))
	}
	for _, test := range badOpenMetricsLines {
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
	for _, test := range goodOpenMetricsLines {
		f.Add([]byte(test.line))
	}
	for _, test := range badOpenMetricsLines {
		f.Add([]byte(test.line))
	}
	f.Add([]byte("foo_total 17.0 # {trace_id=\"abc\"} 0.67 123\n"))
	f.Add([]byte("a{" + strings.Repeat(`l="x",`, 100) + "} 1\n"))
	f.Fuzz(requireSound)
}
