package grammar

import (
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/alecthomas/participle/v2"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/lexer"
)

// Grammar reads the lines of one dialect.
type Grammar struct {
	dialect lexer.Dialect
	syntax  syntax
	places  *places
	hints   map[diag.Rule]string
}

var grammars = [lexer.Dialects]Grammar{
	lexer.PrometheusText: {
		lexer.PrometheusText, syntaxOf[line](lexer.PrometheusText), &textPlaces, textHints,
	},
	lexer.OpenMetrics: {
		lexer.OpenMetrics, syntaxOf[line1](lexer.OpenMetrics), &openMetricsPlaces, openMetricsHints,
	},
	lexer.OpenMetrics2: {
		lexer.OpenMetrics2, syntaxOf[line2](lexer.OpenMetrics2), &openMetrics2Places, openMetrics2Hints,
	},
}

// Of is the grammar of a dialect; that of PrometheusText if there is no such dialect.
func Of(d lexer.Dialect) *Grammar {
	if int(d) < len(grammars) {
		return &grammars[d]
	}
	return &grammars[lexer.PrometheusText]
}

// Lines is Grammar.Lines for the Prometheus text formats.
func Lines(src []byte) iter.Seq[*Line] { return Of(lexer.PrometheusText).Lines(src) }

// ParseLine is Grammar.ParseLine for the Prometheus text formats.
func ParseLine(src []byte) *Line { return Of(lexer.PrometheusText).ParseLine(src) }

// EBNF is Grammar.EBNF for the Prometheus text formats.
func EBNF() string { return Of(lexer.PrometheusText).EBNF() }

// EBNF is the grammar of a line in the notation of participle: what stands in angle brackets is a kind of token of the
// package lexer, in small letters, and (?= …) looks ahead without reading.
func (g *Grammar) EBNF() string { return g.syntax.ebnf() }

// Lines reads a document line by line. The last line may lack its line end; behind the last line end there is no line.
func (g *Grammar) Lines(src []byte) iter.Seq[*Line] {
	return func(yield func(*Line) bool) {
		number := 0
		for start := 0; start < len(src); {
			_, next := lexer.LineEnd(src, start)
			number++
			line := g.ParseLine(src[start:next])
			line.Number, line.Offset = number, start
			if !yield(line) {
				return
			}
			start = next
		}
	}
}

// ParseLine reads a line, with or without its line end. Any input gives a Line; one that is not a line by the grammar,
// because it holds several or for any other reason, has Err set. So has a line with more than about two million labels,
// or more than about a million of anything else.
//
// It takes time and memory in proportion to the length of the line.
func (g *Grammar) ParseLine(src []byte) *Line {
	l := &Line{Number: 1, Tokens: g.tokens(src), text: string(src)}
	content, _ := lexer.LineEnd(src, 0)
	root, err := g.syntax.parse(l.text)
	if err == nil {
		root.nodes(l, content)
		return l
	}
	l.Err = g.explainError(l, err)
	if l.Err.Rule == diag.Exemplar {
		g.parseSample(l, content)
	}
	return l
}

// parseSample reads the sample of a line whose Err is about an exemplar: what stands before the Hash of that exemplar,
// which is the last one up to the error, or the one before if the error is about a Hash where a value is expected.
func (g *Grammar) parseSample(l *Line, content int) {
	for _, t := range slices.Backward(l.Tokens) {
		if t.Kind != lexer.Hash || t.Start > l.Err.Offset {
			continue
		}
		if root, err := g.syntax.parse(l.text[:t.Start]); err == nil {
			root.nodes(l, content)
			return
		}
	}
}

func (g *Grammar) tokens(src []byte) []lexer.Token {
	var all []lexer.Token
	for lex := lexer.NewDialect(src, g.dialect); ; {
		t := lex.Next()
		all = append(all, t)
		if t.Kind == lexer.EOF {
			return all
		}
	}
}

// explainError takes from an error of participle only where it is. It is about an unexpected token or, failing that,
// about a repetition that is too long.
func (g *Grammar) explainError(l *Line, err error) *Error {
	var at participle.Error
	errors.As(err, &at)
	offset := at.Position().Offset
	if unexpected := (*participle.UnexpectedTokenError)(nil); errors.As(err, &unexpected) {
		return g.Explain([]byte(l.text), offset)
	}
	if hasValue(l.Tokens, offset) {
		return &Error{
			Offset:  offset,
			Rule:    diag.TooManyParts,
			Message: fmt.Sprintf("more than %d exemplars, labels of one, or entries of a composite value on a line", maxRepeated()),
		}
	}
	return &Error{
		Offset:  offset,
		Rule:    diag.TooManyLabels,
		Message: fmt.Sprintf("more than %d labels on a line", maxLabels()),
	}
}

// hasValue reports whether a value begins before the offset, so that what is there is none of the sample's labels.
func hasValue(tokens []lexer.Token, offset int) bool {
	for _, t := range tokens {
		if t.Start > offset {
			break
		}
		switch t.Kind {
		case lexer.Integer, lexer.Float, lexer.CompositeOpen:
			return true
		}
	}
	return false
}
