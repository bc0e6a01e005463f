package grammar

import (
	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/lexer"
)

// Line is a line of an exposition. At most one of the pointers to nodes and Err is set, and none if the line is blank.
// It shares no memory with what it was read from.
type Line struct {
	// Number counts the lines of the document from 1, and Offset is the index in the document of the line's first byte.
	// All other offsets count from the beginning of the line.
	Number, Offset int
	// Tokens tile the line: every byte of it, blanks and the line end included, is in one of them. The last is EOF.
	Tokens []lexer.Token

	Sample     *Sample
	Help       *Help
	Type       *Type
	Comment    *Comment
	Incomplete *Incomplete
	// Err says why the line cannot be read.
	Err *Error

	text string
}

// Text is the text of a token of l.
func (l *Line) Text(t lexer.Token) string { return l.text[t.Start:t.End] }

// AppendTo appends to dst the line as it was read, byte for byte and with its line end if it had one.
func (l *Line) AppendTo(dst []byte) []byte {
	for _, t := range l.Tokens {
		dst = append(dst, l.Text(t)...)
	}
	return dst
}

// String is the line as it was read, byte for byte and with its line end if it had one.
func (l *Line) String() string { return string(l.AppendTo(nil)) }

// Leaf is a token with its text, as it is written: quotes and escapes are still there.
type Leaf struct {
	Kind   lexer.Kind
	Offset int
	Raw    string
}

// End is the offset behind the last byte.
func (l Leaf) End() int { return l.Offset + len(l.Raw) }

// Quoted reports whether the text stands in quotes, as a label value always does and a name may.
func (l Leaf) Quoted() bool { return l.Kind == lexer.String }

// Sample is a line with a value.
type Sample struct {
	// Name is the metric name before the braces, nil if there is none. It may then be one of the Labels.
	Name *Leaf
	// Labels is nil if there are no braces.
	Labels *Labels
	// Value is an Integer or a Float.
	Value Leaf
	// Timestamp is an Integer, nil if there is none.
	Timestamp *Leaf
}

// Labels is what stands in the braces of a sample.
type Labels struct {
	// Open and Close are the braces.
	Open, Close Leaf
	// LeadingComma is a comma before the first item, or alone in the braces, nil if there is none.
	LeadingComma *Leaf
	Items        []Item
}

// Item is a label, or a metric name inside the braces.
type Item struct {
	Name Leaf
	// Value is the value of a label in its quotes, and nil for a metric name, which is always quoted.
	Value *Leaf
}

// Help is a HELP line.
type Help struct {
	Hash, Keyword Leaf
	Name          Leaf
	// Text reaches from the first character after the name that is not a blank to the end of the line. It may be empty.
	Text Leaf
}

// Type is a TYPE line.
type Type struct {
	Hash, Keyword Leaf
	Name          Leaf
	// Word is the type, known or not.
	Word Leaf
}

// Comment is any other line that begins with #.
type Comment struct {
	Hash Leaf
	// Text reaches from the first character after the # that is not a blank to the end of the line. It may be empty.
	Text Leaf
}

// Incomplete is a HELP line without a name, or a TYPE line without a name or without a type.
type Incomplete struct {
	Hash, Keyword Leaf
	// Name is nil if there is none.
	Name *Leaf
}

// Error says why a line cannot be read.
type Error struct {
	// Offset is where in the line the first token begins that cannot stand there.
	Offset int
	Rule   diag.Rule
	// Found is that token, in quotes if it is text, and Expected what could have stood there.
	Found, Expected string
	// Message is "expected …, found …" with the two.
	Message string
	// Hint says what may help, empty if nothing in particular does.
	Hint string
}

// Error is the Message.
func (e *Error) Error() string { return e.Message }
