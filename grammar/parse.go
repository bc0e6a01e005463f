package grammar

import (
	"errors"
	"fmt"
	"iter"

	"github.com/alecthomas/participle/v2"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/lexer"
)

// Lines reads a document line by line. The last line may lack its line end; behind the last line end there is no line.
func Lines(src []byte) iter.Seq[*Line] {
	return func(yield func(*Line) bool) {
		number := 0
		for start := 0; start < len(src); {
			_, next := lexer.LineEnd(src, start)
			number++
			line := ParseLine(src[start:next])
			line.Number, line.Offset = number, start
			if !yield(line) {
				return
			}
			start = next
		}
	}
}

// ParseLine reads a line, with or without its line end. Any input gives a Line; one that is not a line by the grammar,
// because it holds several or for any other reason, has Err set. So has a line with more than about two million labels.
//
// It takes time and memory in proportion to the length of the line.
func ParseLine(src []byte) *Line {
	l := &Line{Number: 1, Tokens: tokens(src), text: string(src)}
	root, err := parser().ParseString("", l.text)
	if err != nil {
		l.Err = explainError(src, err)
		return l
	}
	content, _ := lexer.LineEnd(src, 0)
	root.nodes(l, content)
	return l
}

func tokens(src []byte) []lexer.Token {
	var all []lexer.Token
	for lex := lexer.New(src); ; {
		t := lex.Next()
		all = append(all, t)
		if t.Kind == lexer.EOF {
			return all
		}
	}
}

// explainError takes from an error of participle only where it is. It is about an unexpected token or, failing that,
// about a repetition that is too long, and labels alone are repeated.
func explainError(src []byte, err error) *Error {
	var at participle.Error
	errors.As(err, &at)
	if unexpected := (*participle.UnexpectedTokenError)(nil); errors.As(err, &unexpected) {
		return Explain(src, at.Position().Offset)
	}
	return &Error{
		Offset:  at.Position().Offset,
		Rule:    diag.TooManyLabels,
		Message: fmt.Sprintf("more than %d labels on a line", maxLabels()),
	}
}

// nodes sets the node of a line whose content ends at end, where an empty text is said to stand.
func (r *line) nodes(l *Line, end int) {
	hash := leaf(r.Hash)
	switch {
	case r.Sample != nil:
		l.Sample = r.Sample.node()
	case r.Help != nil && present(r.Help.Name):
		l.Help = &Help{hash, leaf(r.Help.Keyword), leaf(r.Help.Name), text(r.Help.Text, lexer.Text, end)}
	case r.Help != nil:
		l.Incomplete = &Incomplete{hash, leaf(r.Help.Keyword), nil}
	case r.Type != nil && present(r.Type.Word):
		l.Type = &Type{hash, leaf(r.Type.Keyword), leaf(r.Type.Name), leaf(r.Type.Word)}
	case r.Type != nil:
		l.Incomplete = &Incomplete{hash, leaf(r.Type.Keyword), optional(r.Type.Name)}
	case present(r.Hash):
		l.Comment = &Comment{hash, text(r.Comment, lexer.Comment, end)}
	}
}

func (s *sample) node() *Sample {
	node := &Sample{Name: optional(s.Name), Value: leaf(s.Value), Timestamp: optional(s.Timestamp)}
	if s.Labels != nil {
		node.Labels = s.Labels.node()
	}
	return node
}

func (s *labels) node() *Labels {
	node := &Labels{Open: leaf(s.Open), Close: leaf(s.Close), LeadingComma: optional(s.LeadingComma)}
	for _, i := range s.Items {
		node.Items = append(node.Items, Item{leaf(i.Name), optional(i.Value)})
	}
	return node
}

func present(t token) bool { return t.Type != 0 }

func leaf(t token) Leaf { return Leaf{lexer.Kind(t.Type), t.Pos.Offset, t.Value} }

func optional(t token) *Leaf {
	if !present(t) {
		return nil
	}
	l := leaf(t)
	return &l
}

// text is t, or nothing at end if there is no t.
func text(t token, kind lexer.Kind, end int) Leaf {
	if !present(t) {
		return Leaf{Kind: kind, Offset: end}
	}
	return leaf(t)
}
