package grammar

import (
	"bytes"
	"cmp"
	"strconv"
	"unicode/utf8"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/lexer"
)

// Hints say what may help against breaking a rule.
const (
	metricNameHint = `other names stand in quotes, those of samples within the braces, as in {"a.b"}`
	labelNameHint  = `other names stand in quotes, as in {"a.b"="x"}`
)

var textHints = map[diag.Rule]string{
	diag.MetricName:     metricNameHint,
	diag.LabelName:      labelNameHint,
	diag.Timestamp:      "a timestamp is a whole number of milliseconds; in OpenMetrics it is in seconds",
	diag.ExemplarInText: "exemplars belong to OpenMetrics",
}

var openMetricsHints = map[diag.Rule]string{
	diag.MetricName: metricNameHint,
	diag.LabelName:  labelNameHint,
	diag.Exemplar:   `an exemplar is # {labels} value, and may have a timestamp in seconds`,
}

var openMetrics2Hints = map[diag.Rule]string{
	diag.MetricName: metricNameHint,
	diag.LabelName:  labelNameHint,
	diag.Exemplar:   `an exemplar is # {labels} value timestamp`,
	diag.FieldName: "the fields are count, sum, gcount, gsum, quantile, bucket, schema, zero_threshold, zero_count, " +
		"negative_spans, negative_buckets, positive_spans and positive_buckets",
}

// What OpenMetrics 1.0 lacks and 2.0 has.
const (
	startHint     = "start timestamps belong to OpenMetrics 2.0"
	compositeHint = "composite values belong to OpenMetrics 2.0"
)

// stringHint is what may help against a string without its closing quote, whichever rule that breaks.
const stringHint = `a string ends on its own line; \n stands for a line feed in it, \" for a quote and \\ for a backslash`

// Explain is Grammar.Explain for the Prometheus text formats.
func Explain(line []byte, offset int) *Error { return Of(lexer.PrometheusText).Explain(line, offset) }

// Explain says what is wrong with a line, given the offset of the first token that cannot stand where it does, which
// the caller knows. It reads the tokens up to that one, once, and is as cheap as that.
//
// An offset at which no token begins stands for the token behind it, at the latest for the end of the line.
func (g *Grammar) Explain(line []byte, offset int) *Error {
	lex := lexer.NewDialect(line, g.dialect)
	at, last, t := atStart, lexer.Token{}, lex.Next()
	for t.Kind != lexer.EOF && (t.Start < offset || t.Kind == lexer.Blank) {
		if t.Kind != lexer.Blank {
			at = g.places[at].next[t.Kind]
		}
		last, t = t, lex.Next()
	}
	here := &g.places[at]
	e := &Error{Offset: t.Start, Expected: here.expected}
	unterminated := isUnterminated(line, t)
	var broken diag.Rule
	switch {
	case (at == afterValue || at == afterTimestamp) && startsWith(line, t, '#'):
		broken = diag.ExemplarInText
	case t.Kind == lexer.Invalid && last.Kind == lexer.Name:
		broken = here.joined
	case t.Kind == lexer.Invalid && !unterminated, t.Kind == lexer.Float:
		broken = here.invalid
	}
	e.Rule = cmp.Or(broken, here.rule, diag.Syntax)
	switch {
	case unterminated:
		e.Found, e.Hint = "an unterminated string", stringHint
	case t.Kind == lexer.Newline, t.Kind == lexer.EOF:
		e.Found = "end of line"
	default:
		e.Found, e.Hint = quote(line[t.Start:t.End]), g.hint(e.Rule, at, line[t.Start:t.End], t.Kind)
	}
	if e.Expected == "" {
		e.Message = "unexpected " + e.Found
	} else {
		e.Message = "expected " + e.Expected + ", found " + e.Found
	}
	return e
}

// isUnterminated reports whether t begins a string that its line does not end.
func isUnterminated(line []byte, t lexer.Token) bool {
	if t.Kind != lexer.Invalid || !startsWith(line, t, '"') {
		return false
	}
	content, _ := lexer.LineEnd(line, t.Start)
	end, _ := lexer.StringEnd(line[:content], t.Start)
	return end < 0
}

func startsWith(line []byte, t lexer.Token, c byte) bool {
	return t.Start < t.End && line[t.Start] == c
}

func (g *Grammar) hint(rule diag.Rule, at place, found []byte, kind lexer.Kind) string {
	switch {
	case at == atStart && kind == lexer.String:
		return g.hints[diag.MetricName]
	case g.dialect == lexer.OpenMetrics && rule == diag.Timestamp && bytes.HasPrefix(found, []byte("st@")):
		return startHint
	case g.dialect == lexer.OpenMetrics && rule == diag.Number && bytes.HasPrefix(found, []byte("{")):
		return compositeHint
	case rule == diag.Timestamp && kind != lexer.Float:
		return ""
	}
	return g.hints[rule]
}

// longestQuote is how many bytes of a token are shown.
const longestQuote = 40

// quote puts text in quotes and cuts it off where it is long, if possible not within a character.
func quote(text []byte) string {
	if len(text) <= longestQuote {
		return strconv.Quote(string(text))
	}
	end := longestQuote
	for end > longestQuote-utf8.UTFMax && !utf8.RuneStart(text[end]) {
		end--
	}
	return strconv.Quote(string(text[:end])) + "…"
}
