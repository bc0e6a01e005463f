package grammar

import (
	"cmp"
	"strconv"
	"unicode/utf8"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/lexer"
)

// place is where on a line a token stands, told by the tokens before it.
type place uint8

const (
	nowhere place = iota // behind a token that cannot stand where it does
	atStart
	afterHash
	afterHELP
	afterHelpName
	afterTYPE
	afterTypeName
	afterName
	afterBrace
	afterComma
	afterLabelName
	afterQuotedName
	afterEqual
	afterLabelValue
	afterLabels
	afterValue
	afterTimestamp
	afterText // of a HELP, TYPE or comment line
	afterNewline
)

// places says of every place what may stand there.
var places = [...]struct {
	expected string
	// invalid is the rule that an unreadable token breaks here, and joined the one if it stands directly behind a name.
	// The zero rule stands for diag.Syntax.
	invalid, joined diag.Rule
	// next is where the acceptable tokens lead.
	next [lexer.Kinds]place
}{
	atStart: {
		expected: `a metric name, "{" or "#"`,
		invalid:  diag.MetricName,
		next: [lexer.Kinds]place{
			lexer.Name: afterName, lexer.LeftBrace: afterBrace, lexer.Hash: afterHash, lexer.Newline: afterNewline,
		},
	},
	afterHash: {
		expected: "a comment, HELP or TYPE",
		next: [lexer.Kinds]place{
			lexer.Help: afterHELP, lexer.Type: afterTYPE, lexer.Comment: afterText, lexer.Newline: afterNewline,
		},
	},
	afterHELP: {
		expected: "a metric name",
		invalid:  diag.MetricName,
		next: [lexer.Kinds]place{
			lexer.Name: afterHelpName, lexer.String: afterHelpName, lexer.Newline: afterNewline,
		},
	},
	afterHelpName: {
		expected: "a blank and the help text",
		joined:   diag.MetricName,
		next:     [lexer.Kinds]place{lexer.Text: afterText, lexer.Newline: afterNewline},
	},
	afterTYPE: {
		expected: "a metric name",
		invalid:  diag.MetricName,
		next: [lexer.Kinds]place{
			lexer.Name: afterTypeName, lexer.String: afterTypeName, lexer.Newline: afterNewline,
		},
	},
	afterTypeName: {
		expected: "a blank and the type",
		joined:   diag.MetricName,
		next:     [lexer.Kinds]place{lexer.Word: afterText, lexer.Newline: afterNewline},
	},
	afterName: {
		expected: `"{" or a value`,
		invalid:  diag.Number,
		joined:   diag.MetricName,
		next: [lexer.Kinds]place{
			lexer.LeftBrace: afterBrace, lexer.Integer: afterValue, lexer.Float: afterValue,
		},
	},
	afterBrace: {
		expected: `a label name or "}"`,
		invalid:  diag.LabelName,
		next: [lexer.Kinds]place{
			lexer.Name: afterLabelName, lexer.String: afterQuotedName, lexer.Comma: afterComma, lexer.RightBrace: afterLabels,
		},
	},
	afterComma: {
		expected: `a label name or "}"`,
		invalid:  diag.LabelName,
		next: [lexer.Kinds]place{
			lexer.Name: afterLabelName, lexer.String: afterQuotedName, lexer.RightBrace: afterLabels,
		},
	},
	afterLabelName: {
		expected: `"="`,
		joined:   diag.LabelName,
		next:     [lexer.Kinds]place{lexer.Equal: afterEqual},
	},
	afterQuotedName: {
		expected: `"=", "," or "}"`,
		next: [lexer.Kinds]place{
			lexer.Equal: afterEqual, lexer.Comma: afterComma, lexer.RightBrace: afterLabels,
		},
	},
	afterEqual: {
		expected: "a label value in quotes",
		next:     [lexer.Kinds]place{lexer.String: afterLabelValue},
	},
	afterLabelValue: {
		expected: `"," or "}"`,
		next:     [lexer.Kinds]place{lexer.Comma: afterComma, lexer.RightBrace: afterLabels},
	},
	afterLabels: {
		expected: "a value",
		invalid:  diag.Number,
		next:     [lexer.Kinds]place{lexer.Integer: afterValue, lexer.Float: afterValue},
	},
	afterValue: {
		expected: "a timestamp or the end of the line",
		invalid:  diag.Timestamp,
		next:     [lexer.Kinds]place{lexer.Integer: afterTimestamp, lexer.Newline: afterNewline},
	},
	afterTimestamp: {
		expected: "the end of the line",
		next:     [lexer.Kinds]place{lexer.Newline: afterNewline},
	},
	afterText: {
		expected: "the end of the line",
		next:     [lexer.Kinds]place{lexer.Newline: afterNewline},
	},
	afterNewline: {expected: "nothing behind the end of the line"},
}

// hints says what may help against breaking a rule.
var hints = map[diag.Rule]string{
	diag.MetricName:     `other names stand in quotes, those of samples within the braces, as in {"a.b"}`,
	diag.LabelName:      `other names stand in quotes, as in {"a.b"="x"}`,
	diag.Timestamp:      "a timestamp is a whole number of milliseconds; in OpenMetrics it is in seconds",
	diag.ExemplarInText: "exemplars belong to OpenMetrics",
}

// stringHint is what may help against a string without its closing quote, whichever rule that breaks.
const stringHint = `a string ends on its own line; \n stands for a line feed in it, \" for a quote and \\ for a backslash`

// Explain says what is wrong with a line, given the offset of the first token that cannot stand where it does, which
// the caller knows. It reads the tokens up to that one, once, and is as cheap as that.
//
// An offset at which no token begins stands for the token behind it, at the latest for the end of the line.
func Explain(line []byte, offset int) *Error {
	lex := lexer.New(line)
	at, last, t := atStart, lexer.Token{}, lex.Next()
	for t.Kind != lexer.EOF && (t.Start < offset || t.Kind == lexer.Blank) {
		if t.Kind != lexer.Blank {
			at = places[at].next[t.Kind]
		}
		last, t = t, lex.Next()
	}
	e := &Error{Offset: t.Start, Expected: places[at].expected}
	unterminated := isUnterminated(line, t)
	var broken diag.Rule
	switch {
	case (at == afterValue || at == afterTimestamp) && startsWith(line, t, '#'):
		broken = diag.ExemplarInText
	case t.Kind == lexer.Invalid && last.Kind == lexer.Name:
		broken = places[at].joined
	case t.Kind == lexer.Invalid && !unterminated, t.Kind == lexer.Float:
		broken = places[at].invalid
	}
	e.Rule = cmp.Or(broken, diag.Syntax)
	switch {
	case unterminated:
		e.Found, e.Hint = "an unterminated string", stringHint
	case t.Kind == lexer.Newline, t.Kind == lexer.EOF:
		e.Found = "end of line"
	default:
		e.Found, e.Hint = quote(line[t.Start:t.End]), hint(e.Rule, at, t.Kind)
	}
	e.Message = "unexpected " + e.Found
	if e.Expected != "" {
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

func hint(rule diag.Rule, at place, kind lexer.Kind) string {
	switch {
	case at == atStart && kind == lexer.String:
		return hints[diag.MetricName]
	case rule == diag.Timestamp && kind != lexer.Float:
		return ""
	}
	return hints[rule]
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
